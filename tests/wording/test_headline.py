"""The headline says the share with its interval, or that it cannot be said; never a bare point."""

from types import SimpleNamespace

import pytest

from botscan.wording import headline


def share(**changes):
    values = {
        "organic_share": 0.712,
        "organic_share_ci_lower": 0.64,
        "organic_share_ci_upper": 0.78,
        "share_of": "list",
        "n_accounts": 25_000,
        "n_scored": 20_000,
        "n_labels_needed": 200,
        "is_rough": False,
    }
    values |= changes
    values.setdefault("n_spoken_of", values["n_accounts"] if values["share_of"] == "list" else values["n_scored"])
    return SimpleNamespace(**values)


def test_both_languages():
    assert headline(share()) == "Of 25,000 followers, about 17,800 (71 %, range 64-78 %) are organic."
    assert headline(share(), "id") == "Dari 25.000 pengikut, sekitar 17.800 (71 %, rentang 64-78 %) organik."


def test_a_share_of_the_scored_counts_the_scored():
    text = headline(share(share_of="scored"))
    assert "20,000" in text
    assert "14,200" in text
    assert "25,000" not in text


@pytest.mark.parametrize("field", ["organic_share", "organic_share_ci_lower", "organic_share_ci_upper"])
def test_without_share_or_interval_nothing_is_claimed(field):
    text = headline(share(**{field: None}))
    assert "cannot be said" in text
    assert "200" in text
    assert "%" not in text
    assert "belum dapat" in headline(share(**{field: None}), "id")


def test_without_a_label_count_and_without_accounts():
    assert headline(share(organic_share=None, n_labels_needed=None)).endswith("cannot be said.")
    assert "no accounts" in headline(share(n_accounts=0, organic_share=None))


def test_one_is_no_plural_and_all_is_no_sample():
    small = share(organic_share=None, n_accounts=3, n_labels_needed=3)
    assert headline(small).endswith("cannot be said yet; label all 3 to know it.")
    one = share(organic_share=None, n_accounts=1, n_labels_needed=1)
    for text in (headline(one), headline(share(organic_share=None, n_accounts=1, n_labels_needed=None))):
        assert "the 1 follower in this list" in text
    for kind in ("list", "scored"):
        text = headline(share(n_accounts=1, n_scored=1, share_of=kind))
        assert "1 follower" in text
        assert "1 followers" not in text


def test_rejected_rows_are_told_only_where_nothing_else_is_there():
    empty = share(n_accounts=0, organic_share=None)
    assert "All 7 rows" in headline(empty, n_rejected=7)
    assert "Semua 7 baris" in headline(empty, "id", n_rejected=7)
    assert headline(share(), n_rejected=7) == headline(share())


def test_where_only_other_audiences_speak_the_range_stands_alone_and_labels_are_asked_for():
    rough = share(organic_share=0.71, is_rough=True, n_labels_needed=370)
    for language, words in (("en", "label 370 of them"), ("id", "beri label pada 370")):
        text = headline(rough, language)
        assert words in text
        assert "71 %" not in text
        assert "64 %" in text
        assert "78 %" in text


def test_what_is_known_exactly_is_not_about():
    none = share(organic_share=0.0, organic_share_ci_lower=0.0, organic_share_ci_upper=0.0, n_accounts=40)
    assert headline(none) == "Of 40 followers, 0 (0 %) are organic."
    assert headline(none, "id") == "Dari 40 pengikut, 0 (0 %) organik."
    exact = dict.fromkeys(("organic_share", "organic_share_ci_lower", "organic_share_ci_upper"), 0.75)
    some = share(**exact, n_scored=20_004, share_of="scored")
    assert headline(some) == "Of 20,004 followers that could be scored, 15,003 (75 %) are organic."


@pytest.mark.parametrize(("is_rough", "shows_point"), [(False, True), (True, False)])
@pytest.mark.parametrize("language", ["en", "id"])
def test_a_sample_of_an_unknown_number_of_followers_counts_nobody(language, is_rough, shows_point):
    text = headline(share(n_spoken_of=None, is_rough=is_rough), language)
    assert "17" not in text
    assert ("71 %" in text) == shows_point
    assert "64 %" in text
    assert "78 %" in text
