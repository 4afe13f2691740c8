import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.errors import BotscanError
from botscan.prevalence.frame import FRAMES, check_frame, frame_notes, undeclared_share, unseen_share
from botscan.wording import LANGUAGES, say_note

INTERVAL = (0.8, 0.7, 0.9)


def codes(*arguments, **values):
    return [note.code for note in frame_notes(*arguments, **values)]


@pytest.mark.parametrize("frame", FRAMES)
def test_a_list_may_be_longer_than_a_rounded_count_but_no_more(frame):
    check_frame(frame, 10_000, 10_100)  # shown as 10.0K
    with pytest.raises(BotscanError, match="population of 10000"):
        check_frame(frame, 10_000, 10_101)
    with pytest.raises(BotscanError, match="population of 4"):
        check_frame(frame, 4, 5)


@pytest.mark.parametrize("population", ["29.1K", 1e4, True, -1, float("nan")])
def test_a_population_is_a_whole_number(population):
    with pytest.raises(BotscanError, match="whole number of followers"):
        check_frame("random", population, 0)


def test_whole_numbers_of_other_libraries_are_taken():
    check_frame("random", np.int64(10), 5)


def test_only_a_random_sample_has_an_unseen_part_in_its_interval():
    for frame in ("full", "newest", "unknown"):
        assert unseen_share(frame, 10_000, 100) == 0.0
    assert unseen_share("random", 10_000, 100) == 0.99
    assert unseen_share("random", 100, 101) == 0.0  # a rounded count
    assert unseen_share("random", None, 100) == 1.0


def test_what_is_known_of_the_list_is_estimated_of_the_followers():
    assert undeclared_share(90, 100, 0.0, 0.95) == (0.9, 0.9, 0.9)
    share, lower, upper = undeclared_share(90, 100, 0.5, 0.95)
    _, lowest, highest = undeclared_share(90, 100, 1.0, 0.95)
    assert lowest < lower < share == 0.9 < upper < highest


def test_nothing_is_carried_over_from_a_head():
    (note,) = frame_notes("newest", 20_000, INTERVAL, n_accounts=2_000)
    assert note.code == "frame_newest_population"
    assert dict(note.numbers) == {"n_accounts": 2_000, "population": 20_000, "n_others": 18_000, "seen": 0.1}
    assert "2,000" in say_note(note)
    assert "10.0 %" in say_note(note)


@pytest.mark.parametrize(
    ("frame", "n_accounts", "expected"),
    [
        ("full", 10_000, []),
        ("full", 9_800, []),
        ("full", 9_799, ["frame_full_incomplete", "frame_worst_case"]),
        ("full", 10_050, ["frame_population_rounded"]),
        ("newest", 9_900, ["frame_newest_nearly_all"]),
        ("newest", 10_050, ["frame_newest_nearly_all", "frame_population_rounded"]),
        ("newest", 5_000, ["frame_newest_population"]),
        ("unknown", 9_900, ["frame_unknown_nearly_all"]),
        ("unknown", 100, ["frame_unknown_population"]),
        ("random", 100, ["frame_random_population"]),
        ("random", 10_050, ["frame_random_population", "frame_population_rounded"]),
    ],
)
def test_what_is_said_of_10000_followers(frame, n_accounts, expected):
    assert codes(frame, 10_000, INTERVAL, n_accounts=n_accounts) == expected


@pytest.mark.parametrize(
    ("frame", "expected"), [("full", []), ("newest", ["frame_newest"]), ("random", ["frame_random"])]
)
def test_without_a_population_the_frame_alone_is_said(frame, expected):
    assert codes(frame) == codes(frame, n_accounts=100) == codes(frame, None, INTERVAL, n_accounts=100) == expected


def test_a_random_sample_that_was_judged_in_part_counts_no_followers():
    (note,) = frame_notes("random", 10_000, INTERVAL, n_accounts=1_000, n_judged=900)
    assert (note.code, note.numbers["judged"]) == ("frame_random_judged", 0.9)


@given(st.integers(1, 5_000), st.integers(1, 5_000), st.tuples(*[st.floats(0, 1)] * 3).map(sorted), st.floats(0, 1))
def test_the_worst_case_holds_whatever_the_others_are(n_judged, n_others, ends, others):
    lower, share, upper = ends
    population = n_judged + n_others
    for note in frame_notes("unknown", population, (share, lower, upper), n_accounts=n_judged):
        if note.code == "frame_worst_case":
            for of_list in (lower, share, upper):
                truth = (of_list * n_judged + others * n_others) / population
                assert note.numbers["lower"] - 1e-6 <= truth <= note.numbers["upper"] + 1e-6
            break
    else:
        assert n_others >= 0.5 * population or n_others <= 0.02 * population


def test_accounts_that_were_not_judged_count_as_unseen_in_the_worst_case():
    _, bounds = frame_notes("unknown", 1_000, (1.0, 1.0, 1.0), n_accounts=900, n_judged=600)
    assert bounds.numbers["n_others"] == 400
    assert bounds.numbers["lower"] == 0.6


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("n_accounts", [10, 700, 990, 1_000, 1_005])
@pytest.mark.parametrize("interval", [None, INTERVAL])
def test_every_note_has_words(frame, language, n_accounts, interval):
    for n_judged in (n_accounts, n_accounts - 5):
        for note in frame_notes(frame, 1_000, interval, n_accounts=n_accounts, n_judged=n_judged):
            assert "{" not in say_note(note, language)


def test_an_empty_audience_is_no_error():
    check_frame("full", 0, 0)
    assert codes("full", 0, n_accounts=0) == []
    assert codes("unknown", 0, n_accounts=0) == ["frame_unknown_nearly_all"]
