import itertools
import json

import pytest

from botscan.errors import BotscanError
from botscan.notes import Note
from botscan.prevalence.frame import FRAMES
from botscan.prevalence.share import OrganicShare, cannot_say, rounded_interval

KEYS = [
    "organic_share", "organic_share_ci_lower", "organic_share_ci_upper", "confidence_level", "method", "validated",
    "estimand", "share_of", "frame", "population", "n_accounts", "n_scored", "n_labeled", "suspicious_share_lower_bound", "notes",
]  # fmt: skip


def share_of(lower, share, upper, **changes):
    values = {
        "confidence_level": 0.95,
        "method": "ppi_wilson",
        "validated": True,
        "estimand": "not_suspicious_to_raters",
        "share_of": "list",
        "frame": "full",
        "n_accounts": 1000,
        "n_scored": 900,
        "n_labeled": 100,
    }
    return OrganicShare(share, lower, upper, **{**values, **changes})


NO_SHARE = {"method": "none", "validated": False, "estimand": "none"}


@pytest.mark.parametrize("values", [(0.1, 0.2, 0.3), (0, 0, 0), (1, 1, 1), (0, 0.5, 1)])
def test_an_interval_in_order(values):
    share = share_of(*values)
    assert (share.organic_share_ci_lower, share.organic_share, share.organic_share_ci_upper) == values


def test_or_none_at_all():
    assert share_of(None, None, None, **NO_SHARE).organic_share is None


@pytest.mark.parametrize(
    ("values", "change"),
    [
        ((None, None, None), {"validated": False}),
        ((None, None, None), {**NO_SHARE, "validated": True}),
        ((0.1, 0.2, 0.3), NO_SHARE),
        ((0.1, 0.2, 0.3), {"n_labeled": 0}),
    ],
)
def test_no_share_has_no_method_and_no_labels_no_validation(values, change):
    with pytest.raises(ValueError, match=r"by the method|can be validated"):
        share_of(*values, **change)


@pytest.mark.parametrize(
    "values",
    [
        (0.2, 0.1, 0.3),
        (0.1, 0.4, 0.3),
        (-0.1, 0.1, 0.2),
        (0.1, 0.2, 1.1),
        (0.1, float("nan"), 0.3),
        (float("nan"), 0.2, 0.3),
        *[order for order in itertools.product((None, 0.5), repeat=3) if len(set(order)) == 2],
    ],
)
def test_anything_else_is_refused(values):
    with pytest.raises(ValueError, match=r"wanted 0 <=|stands with its interval"):
        share_of(*values)


@pytest.mark.parametrize(
    "change",
    [
        {"method": "guess"},
        {"estimand": "truth"},
        {"share_of": "world"},
        {"frame": "all"},
        {"n_scored": 1001},
        {"n_labeled": 1001},
        {"n_scored": -1},
    ],
)
def test_fields_outside_their_vocabulary_are_refused(change):
    with pytest.raises(ValueError, match=r"wanted one of|labelled of"):
        share_of(0.1, 0.2, 0.3, **change)


def test_counts_stand_beside_the_share():
    of_list = share_of(0.25, 0.5, 0.75)
    assert (of_list.organic_count_ci_lower, of_list.organic_count, of_list.organic_count_ci_upper) == (250, 500, 750)
    assert share_of(0.25, 0.5, 0.75, share_of="scored").organic_count == 450
    assert share_of(None, None, None, **NO_SHARE).organic_count is None


def test_the_object_has_the_keys_of_the_contract():
    share = share_of(0.1, 0.2, 0.3, notes=(Note("labels_foreign", count=2),))
    found = json.loads(share.to_json())
    assert list(found) == KEYS
    assert found["suspicious_share_lower_bound"] is None
    assert found["notes"] == [{"code": "labels_foreign", "count": 2}]


@pytest.mark.parametrize("language", ["en", "id"])
def test_it_shows_itself_in_words(language, histogram_of):
    for share in (share_of(0.1, 0.2, 0.3), cannot_say(histogram_of({500: 40})), cannot_say(histogram_of({}))):
        text = share.to_text(language)
        assert str(share.n_accounts) in text.replace(",", "").replace(".", "")
        assert "{" not in text
    assert ("20.0 %" if language == "en" else "20,0 %") in share_of(0.1, 0.2, 0.3).to_text(language)


def test_every_code_has_words():
    from botscan.prevalence import share as module
    from botscan.wording import has_words

    codes = [f"share_method_{code}" for code in module.METHODS]
    codes += [f"share_estimand_{code}" for code in module.ESTIMANDS]
    codes += [f"share_of_{code}" for code in module.SHARE_OF]
    codes += [f"share_frame_{code}" for code in FRAMES]
    assert [code for code in codes if not has_words(code)] == []


def test_a_new_audience_has_no_number_but_a_way_out(histogram_of):
    share = cannot_say(histogram_of({100: 3000, 900: 2000}, n_unscored=20))
    assert (share.organic_share, share.organic_share_ci_lower, share.organic_share_ci_upper) == (None, None, None)
    assert (share.method, share.estimand, share.validated) == ("none", "none", False)
    assert share.notes[0].code == "new_audience"
    assert share.notes[0].numbers["n_labels"] == share.n_labels_needed == 354
    assert {"unscored_outside", "frame_unknown"} <= {note.code for note in share.notes}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "no_accounts"),
        ({"n_unscored": 9}, "not_enough_evidence"),
        ({"n_unscored": 9, "n_declared_bots": 4}, "not_enough_evidence"),
    ],
)
def test_without_scores_it_says_why(histogram_of, values, code):
    share = cannot_say(histogram_of({}, **values))
    assert share.notes[0].code == code
    # Labels need no scores: they are the way out for a list of bare ids too.
    assert share.n_labels_needed == (9 if values else None)


def test_a_random_sample_needs_as_many_labels_as_its_followers(histogram_of):
    share = cannot_say(histogram_of({100: 1000}), frame="random")
    assert share.notes[0].numbers["n_labels"] == share.n_labels_needed == 381
    # All of it is the most that can be labelled.
    assert cannot_say(histogram_of({100: 200}), frame="random").n_labels_needed == 200


def test_no_labels_are_needed_where_there_is_a_share():
    assert share_of(0.1, 0.2, 0.3).n_labels_needed is None


def test_repeated_accounts_are_said(histogram_of):
    share = cannot_say(histogram_of({100: 5}, has_duplicates=True))
    assert "duplicates_counted" in {note.code for note in share.notes}


@pytest.mark.parametrize("frame", FRAMES)
def test_every_frame_is_taken_and_others_are_refused(histogram_of, frame):
    assert cannot_say(histogram_of({100: 5}), frame=frame).frame == frame
    with pytest.raises(BotscanError, match="full, random, newest, unknown"):
        cannot_say(histogram_of({100: 5}), frame=frame.upper())


def test_a_population_smaller_than_the_list_is_refused(histogram_of):
    with pytest.raises(BotscanError, match="population of 4"):
        cannot_say(histogram_of({100: 5}), frame="random", population=4)


@pytest.mark.parametrize(
    ("frame", "code"),
    [("full", "frame_full_incomplete"), ("newest", "frame_newest_population"), ("unknown", "frame_unknown_population")],
)
def test_a_population_is_said_beside_a_list_that_speaks_of_itself_alone(histogram_of, frame, code):
    share = cannot_say(histogram_of({100: 5}), frame=frame, population=1_000_000)
    note = next(note for note in share.notes if note.code == code)
    assert (share.population, note.numbers["n_others"]) == (1_000_000, 999_995)
    assert share.n_labels_needed == 5
    assert "1,000,000" in share.to_text()


def test_only_a_random_sample_of_a_known_number_counts_all_followers():
    sample = {"frame": "random", "population": 20_000, "n_scored": 1000}
    of_all = share_of(0.25, 0.5, 0.75, **sample)
    found = of_all.population_organic_count_ci_lower, of_all.population_organic_count
    assert (*found, of_all.population_organic_count_ci_upper) == (5_000, 10_000, 15_000)
    assert of_all.organic_count is of_all.organic_count_ci_lower is of_all.organic_count_ci_upper is None
    assert "500 (between 250" not in of_all.to_text()
    assert "10,000 (between 5,000 and 15,000)" in of_all.to_text()
    for change in (
        {**sample, "frame": "newest"},
        {**sample, "frame": "unknown"},
        {**sample, "frame": "full"},
        {**sample, "population": None},
        {**sample, "share_of": "scored", "n_scored": 900},
    ):
        assert share_of(0.25, 0.5, 0.75, **change).population_organic_count is None
    assert share_of(0.25, 0.5, 0.75, **sample, share_of="scored").population_organic_count == 10_000
    assert share_of(None, None, None, **{**sample, **NO_SHARE}).population_organic_count is None


def test_the_interval_of_followers_who_were_not_seen_counts_nobody_of_the_list():
    endless = share_of(0.25, 0.5, 0.75, frame="random")
    assert endless.organic_count is endless.organic_count_ci_lower is endless.organic_count_ci_upper is None
    assert endless.organic_share == 0.5
    assert endless.to_text()
    whole = share_of(0.25, 0.5, 0.75, frame="random", population=1_000)
    assert (whole.organic_count_ci_lower, whole.organic_count, whole.organic_count_ci_upper) == (250, 500, 750)


def test_a_rounded_population_counts_no_less_than_the_list():
    assert share_of(0.25, 0.5, 0.75, frame="random", population=996).population_organic_count == 500
    with pytest.raises(BotscanError, match="population of 900"):
        share_of(0.25, 0.5, 0.75, frame="random", population=900)


def test_a_random_sample_of_few_followers_needs_fewer_labels(histogram_of):
    share = cannot_say(histogram_of({100: 1000}), frame="random", population=1_200)
    assert share.n_labels_needed < cannot_say(histogram_of({100: 1000}), frame="random").n_labels_needed
    assert share.n_labels_needed == share.notes[0].numbers["n_labels"]


def test_rounding_keeps_the_order():
    assert rounded_interval(0.12345678, 0.12345612, 0.1234569) == (0.123457, 0.123456, 0.123457)
    assert rounded_interval(1.0000000001, 1.0, 1.0) == (1.0, 1.0, 1.0)
    assert rounded_interval(-1e-12, -1e-12, 0.2) == (0.0, 0.0, 0.2)


def test_a_list_that_is_to_be_labelled_whole_is_promised_no_margin(histogram_of):
    note = cannot_say(histogram_of({100: 3})).notes[0]
    assert (note.code, note.count) == ("new_audience_small", 3)
    assert cannot_say(histogram_of({100: 3000})).notes[0].code == "new_audience"


def test_a_full_list_may_name_its_own_size_as_the_population(histogram_of):
    share = cannot_say(histogram_of({100: 5}), frame="full", population=5)
    assert [note.code for note in share.notes if note.code.startswith("frame_")] == []


def test_of_a_list_of_declared_bots_alone_the_share_is_known(histogram_of):
    share = cannot_say(histogram_of({}, n_declared_bots=9))
    assert (share.organic_share, share.organic_share_ci_lower, share.organic_share_ci_upper) == (0, 0, 0)
    assert (share.method, share.estimand, share.share_of) == ("declared", "not_declared_automated", "list")
    assert (share.n_scored, share.n_labeled, share.n_labels_needed, share.validated) == (9, 0, None, False)
    assert [note.code for note in share.notes] == ["declared_bots_not_organic", "frame_unknown"]


def test_a_random_sample_of_declared_bots_leaves_room_for_others_among_the_followers(histogram_of):
    share = cannot_say(histogram_of({}, n_declared_bots=100), frame="random", population=5_000)
    assert (share.organic_share, share.organic_share_ci_lower) == (0, 0)
    assert 0.03 < share.organic_share_ci_upper < 0.04
    whole = cannot_say(histogram_of({}, n_declared_bots=100), frame="random", population=100)
    assert whole.organic_share_ci_upper == 0


def test_labels_of_declared_bots_change_nothing_and_are_counted(histogram_of):
    given = (Note("labels_none"), Note("labels_assumed_random"), Note("labels_of_declared_bots", count=3))
    share = cannot_say(histogram_of({}, n_declared_bots=9), reasons=given)
    codes = [note.code for note in share.notes]
    assert codes == ["declared_bots_not_organic", "labels_of_declared_bots", "frame_unknown"]


def test_declared_bots_are_not_to_be_labelled(histogram_of):
    share = cannot_say(histogram_of({100: 200, 900: 100}, n_declared_bots=4_700))
    assert share.n_labels_needed == cannot_say(histogram_of({100: 300})).n_labels_needed < 300
    assert share.notes[0].numbers["n_labels"] == share.n_labels_needed
    few = cannot_say(histogram_of({100: 6}, n_unscored=2, n_declared_bots=90))
    assert (few.notes[0].code, few.notes[0].count, few.n_labels_needed) == ("new_audience_rest", 8, 8)
    assert cannot_say(histogram_of({}, n_unscored=2, n_declared_bots=90)).n_labels_needed == 2


@pytest.mark.parametrize(
    ("frame", "population", "share_of", "n_spoken_of"),
    [
        ("full", None, "list", 1_000), ("newest", 5_000, "list", 1_000), ("unknown", None, "scored", 900),
        ("random", 5_000, "list", 5_000), ("random", None, "list", None), ("random", 5_000, "scored", None),
        ("random", 1_000, "list", 1_000),
    ],
)  # fmt: skip
def test_a_share_knows_how_many_followers_it_speaks_of(frame, population, share_of, n_spoken_of):
    share = OrganicShare(
        0.7, 0.6, 0.8, 0.95, "ppi_wilson", False, "not_suspicious_to_raters", share_of, frame, 1_000, 900, 100,
        population=population,
    )  # fmt: skip
    assert share.n_spoken_of == n_spoken_of
