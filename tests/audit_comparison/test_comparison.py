"""The value: stable keys, one sentence on top in both languages, and nothing hidden on any surface."""

import json

import pytest

from botscan.audit_comparison import compare_audits
from botscan.audit_comparison.comparison import COMPARISON_SCHEMA_VERSION
from botscan.audit_comparison.sentences import in_points, signed

KEYS = [
    "schema_version", "botscan_version", "before", "after", "days_between", "is_same_list", "confidence_level",
    "validated", "difference", "difference_ci_lower", "difference_ci_upper", "organic_count_difference",
    "organic_count_difference_ci_lower", "organic_count_difference_ci_upper", "segments", "segments_comparable",
    "follow_blocks", "new_warnings", "gone_warnings", "common_accounts", "reasons", "notes",
]  # fmt: skip
SUMMARY_KEYS = [
    "source", "platform", "observed_at", "botscan_version", "model", "n_accounts", "n_followers", "organic_share",
]  # fmt: skip


def pair(audit_of, before, after, **more):
    first, second = (
        audit_of(
            share=dict(zip(("organic_share", "organic_share_ci_lower", "organic_share_ci_upper"), share, strict=True)),
            observed_at=observed_at,
            **more,
        )
        for share, observed_at in ((before, "2026-05-01T00:00:00Z"), (after, "2026-06-01T00:00:00Z"))
    )
    return compare_audits(first, second)


def test_the_json_has_exactly_these_keys(audit_of):
    found = json.loads(pair(audit_of, (0.71, 0.64, 0.78), (0.68, 0.62, 0.72)).to_json())
    assert list(found) == KEYS
    assert found["schema_version"] == COMPARISON_SCHEMA_VERSION == 1
    for name in ("before", "after"):
        assert list(found[name]) == SUMMARY_KEYS
        assert found[name]["organic_share"]["organic_share_ci_lower"] in (0.64, 0.62)
        assert "notes" not in found[name]["organic_share"]
    assert found["before"]["observed_at"] == "2026-05-01T00:00:00Z"
    assert list(found["segments"]) == ["active", "dormant", "mass_follower", "suspicious", "declared_bot", "unknown"]
    assert list(found["segments"]["active"]) == ["before", "after", "difference", "share_difference"]
    for note in found["notes"]:
        assert list(note) == ["code", "column", "count", "text"]


def test_words_follow_the_language_and_nothing_else_does(audit_of):
    comparison = pair(audit_of, (0.71, 0.64, 0.78), (0.68, 0.62, 0.72))
    english, indonesian = comparison.to_dict(), comparison.to_dict("id")
    assert english["notes"][0]["text"] != indonesian["notes"][0]["text"]
    for found in (english, indonesian):
        for note in found["notes"]:
            del note["text"]
    assert english == indonesian


HEADLINES = [
    (
        (0.71, 0.64, 0.78),
        (0.68, 0.62, 0.72),
        (
            "The organic share went from 71 % to 68 %; the difference of -3 points (range -12 to +5) cannot be told from no"
            " change."
        ),
        (
            "Porsi organik bergeser dari 71 % ke 68 %; selisih -3 poin (rentang -12 sampai +5) tidak dapat dibedakan dari"
            " keadaan tanpa perubahan."
        ),
    ),
    (
        (0.50, 0.46, 0.54),
        (0.68, 0.64, 0.72),
        "The organic share rose from 50 % to 68 %, a difference of +18 points (range +12 to +24).",
        "Porsi organik naik dari 50 % ke 68 %, dengan selisih +18 poin (rentang +12 sampai +24).",
    ),
    (
        (0.68, 0.64, 0.72),
        (0.50, 0.46, 0.54),
        "The organic share fell from 68 % to 50 %, a difference of -18 points (range -24 to -12).",
        "Porsi organik turun dari 68 % ke 50 %, dengan selisih -18 poin (rentang -24 sampai -12).",
    ),
    (
        (0.70, 0.64, 0.76),
        (0.71, 0.65, 0.77),
        (
            "The organic share went from 70 % to 71 %; the difference of +1 point (range -7 to +9) cannot be told from no"
            " change."
        ),
        (
            "Porsi organik bergeser dari 70 % ke 71 %; selisih +1 poin (rentang -7 sampai +9) tidak dapat dibedakan dari"
            " keadaan tanpa perubahan."
        ),
    ),
    (
        (0.71, 0.71, 0.71),
        (0.71, 0.71, 0.71),
        "The organic share is 71 % in both audits.",
        "Porsi organik pada kedua audit sama, yaitu 71 %.",
    ),
    # Whole percents would not add up.
    (
        (0.714, 0.64, 0.78),
        (0.686, 0.62, 0.72),
        (
            "The organic share went from 71.4 % to 68.6 %; the difference of -2.8 points (range -12.1 to +5.3) cannot be"
            " told from no change."
        ),
        (
            "Porsi organik bergeser dari 71,4 % ke 68,6 %; selisih -2,8 poin (rentang -12,1 sampai +5,3) tidak dapat"
            " dibedakan dari keadaan tanpa perubahan."
        ),
    ),
    # A small change that is sure may not read as none.
    (
        (0.700, 0.699, 0.701),
        (0.702, 0.701, 0.703),
        "The organic share rose from 70.0 % to 70.2 %, a difference of +0.2 points (range +0.1 to +0.3).",
        "Porsi organik naik dari 70,0 % ke 70,2 %, dengan selisih +0,2 poin (rentang +0,1 sampai +0,3).",
    ),
]


@pytest.mark.parametrize(("before", "after", "english", "indonesian"), HEADLINES)
def test_one_sentence_says_what_changed(audit_of, before, after, english, indonesian):
    comparison = pair(audit_of, before, after)
    assert comparison.headline() == english
    assert comparison.headline("id") == indonesian
    assert str(comparison).startswith(english)


def test_of_one_list_the_sentence_speaks_of_estimates(audit_of):
    other = audit_of(model={"name": "new", "sha256": "b" * 64, "pattern": "twitter/full"})
    comparison = compare_audits(audit_of(), other)
    assert "lies in the estimates, not in the audience" in comparison.headline()
    assert "terletak pada perkiraan, bukan pada audiens" in comparison.headline("id")


def test_every_surface_shows_the_interval_beside_the_difference(audit_of):
    comparison = pair(audit_of, (0.71, 0.64, 0.78), (0.68, 0.62, 0.72))
    for shown in (str(comparison), comparison.to_markdown(), comparison._repr_html_()):
        flat = " ".join(shown.replace("\\", "").split())
        assert "-3.0 points (between -12.2 and +5.1, 95 % interval)" in flat
        assert "-30 (between -122 and +51)" in flat
        assert "600, then 600 (0.0 points of the list)" in flat
    assert "-3,0 poin (antara -12,2 dan +5,1, rentang 95 %)" in comparison.to_text("id")


def test_a_name_of_a_file_cannot_write_on_any_surface(audit_of):
    comparison = compare_audits(audit_of(source="<script>\x1b[2J|x.csv"), audit_of())
    assert "<script>" not in comparison._repr_html_()
    assert "\x1b" not in comparison.to_text()
    assert "<script>" not in comparison.to_markdown()


def told(audit_of, code, text, count=None):
    warned = {"code": code, "column": None, "count": count, "text": text}
    return compare_audits(audit_of(), audit_of(warnings=[warned]))


def test_a_warning_is_said_in_the_language_asked_for_where_it_can_be(audit_of):
    comparison = told(audit_of, "blocks_not_examined", "Blok pengikut bayaran belum diperiksa.")
    assert "Blok pengikut" not in str(comparison)
    assert "New warning" in str(comparison)
    assert comparison.to_dict()["new_warnings"][0]["text"].startswith("Blocks of bought followers")


@pytest.mark.parametrize("code", ["frame_random_population", "of_a_later_version"])
def test_a_warning_whose_numbers_are_not_known_keeps_its_text(audit_of, code):
    comparison = told(audit_of, code, "Der alte Satz.\x07")
    assert "Der alte Satz." in str(comparison)
    assert "\x07" not in str(comparison)


def test_only_the_most_frequent_moves_are_told_and_all_are_in_the_json(audit_of, scores_of):
    verdicts = ["active", "dormant", "mass_follower", "suspicious", "unknown", "declared_bot", "active"]
    ids = [str(number) for number in range(7)]
    before = scores_of(ids, verdicts, [0.0] * 7)
    after = scores_of(ids, [*verdicts[1:], "active"], [1.0] * 7)
    audits = [audit_of(n=7, share={"n_scored": 7, "n_labeled": 7}, source=name) for name in "ab"]
    comparison = compare_audits(*audits, scores_before=before, scores_after=after)
    assert str(comparison).count("Judged otherwise") == 5
    assert len(comparison.common_accounts.moves()) == 6
    moved = comparison.to_dict()["common_accounts"]["transitions"]
    assert moved["active"]["dormant"] == moved["declared_bot"]["active"] == moved["active"]["active"] == 1
    assert "Mean change of log-odds" in str(comparison)
    assert "+1.00" in str(comparison)


@pytest.mark.parametrize(
    ("value", "digits", "english", "indonesian"),
    [(0, 0, "0", "0"), (0.04, 1, "0.0", "0,0"), (-0.04, 1, "0.0", "0,0"), (0.05001, 1, "+0.1", "+0,1"),
     (-1234.5, 1, "-1,234.5", "-1.234,5"), (1234, 0, "+1,234", "+1.234")],
)  # fmt: skip
def test_signs(value, digits, english, indonesian):
    assert signed(value, digits=digits) == english
    assert signed(value, "id", digits) == indonesian
    assert in_points(value / 100, digits=digits) == english


@pytest.mark.parametrize(
    ("after", "told"), [((0.6, 0.5, 0.7), "(range 0 to +20)"), ((0.4, 0.3, 0.5), "(range -20 to 0)")]
)
def test_a_range_that_only_touches_zero_shows_no_change(audit_of, after, told):
    headline = pair(audit_of, (0.5, 0.5, 0.5), after).headline()
    assert "cannot be told from no change" in headline
    assert told in headline
