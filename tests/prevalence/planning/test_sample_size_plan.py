"""A plan in words: one sentence first, in both languages, and stable keys."""

import pytest

from botscan.prevalence.planning.sample_size import plan_sample_size

COSTS = {"cost_per_fetch": 1.0, "cost_per_label": 50.0}


@pytest.mark.parametrize(
    ("options", "english", "indonesian"),
    [
        ({}, "Fetch 381 followers at random and label all of them: the organic share", "Ambil 381 pengikut"),
        (
            {"auc": 0.95, **COSTS},
            "Fetch 1,562 followers at random and label 171 of them, also drawn at random: the organic share",
            "Ambil 1.562 pengikut secara acak dan labeli 171 di antaranya",
        ),
        ({"list_size": 5_000}, "Label 354 accounts, drawn at random from the list: ", "Labeli 354 akun"),
        ({"variance_ratio": 2.0}, "Label 191 accounts, drawn at random from the list: ", "Labeli 191 akun"),
        ({"list_size": 12}, "Label all 12 accounts of the list: ", "Labeli seluruh 12 akun"),
        ({"list_size": 1}, "Label the 1 account of the list: ", "Labeli seluruh 1 akun"),
        ({"auc": 0.95, "n_validation": 2_000, "list_size": 5_000}, "Score the list; with the profile", "Hitung skor"),
    ],
    ids=str,
)
def test_one_sentence_says_what_to_do(options, english, indonesian):
    plan = plan_sample_size(0.05, **options)
    assert plan.advice().startswith(english)
    assert plan.advice("id").startswith(indonesian)
    for language in ("en", "id"):
        assert plan.to_text(language).startswith(plan.advice(language))


def test_the_width_is_said_as_it_is():
    assert "±5.0 points." in plan_sample_size(0.05).advice()
    assert "±5,0 poin." in plan_sample_size(0.05).advice("id")
    assert "±0.50 points." in plan_sample_size(0.005).advice()
    assert "no interval is left" in plan_sample_size(0.05, list_size=12).advice()


def test_a_plan_without_labels_counts_those_who_are_fetched():
    plan = plan_sample_size(0.05, auc=0.95, n_validation=2_000)
    assert plan.advice().startswith(f"Fetch {plan.n_fetch} followers at random and score them; with the profile")


def test_keys_are_stable():
    assert list(plan_sample_size(0.05).to_dict()) == [
        "n_fetch",
        "n_drawn",
        "n_labels",
        "margin",
        "expected_margin",
        "organic_share",
        "confidence_level",
        "list_size",
        "population",
        "variance_ratio",
        "n_raters",
        "cost",
        "notes",
    ]


def test_the_plan_says_what_it_assumed():
    def codes(**options):
        return [note.code for note in plan_sample_size(0.05, **options).notes]

    assert codes(list_size=25_000) == ["plan_worst_case", "plan_simple_random", "plan_raters_opinion"]
    assert codes(list_size=12) == ["plan_worst_case", "plan_raters_opinion"]
    assert codes(organic_share=0.7)[0] == "plan_share_assumed"
    assert "plan_fetch_random" in codes()
    assert "plan_auc_assumed" in codes(auc=0.9)
    assert "plan_fetch_free" in codes(auc=0.9)
    assert "plan_fetch_free" not in codes(auc=0.9, **COSTS)
    assert "plan_ratio_assumed" in codes(variance_ratio=2.0)
    assert "plan_undecided" in codes(undecided_share=0.04)
    known = codes(auc=0.95, n_validation=2_000)
    assert "plan_domain_floor" in known
    assert "plan_profile_of_this_audience" in known
    assert "plan_raters_opinion" not in known


@pytest.mark.parametrize("language", ["en", "id"])
def test_it_shows_what_was_given_and_nothing_else(language):
    plain = dict(plan_sample_size(0.05)._rows(language))
    full = dict(
        plan_sample_size(0.05, population=9_000, auc=0.9, n_raters=2, undecided_share=0.04, **COSTS)._rows(language)
    )
    assert len(full) > len(plain)
    text = plan_sample_size(0.05, population=9_000, auc=0.9, undecided_share=0.04).to_text(language)
    assert {"en": "9,000", "id": "9.000"}[language] in text
    assert {"en": "many, or not known", "id": "banyak, atau tidak diketahui"}[language] in plain.values()
