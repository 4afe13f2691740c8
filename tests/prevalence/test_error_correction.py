import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from botscan.errors import BotscanError, SchemaError
from botscan.prevalence.error_correction import ErrorRates, correct_share, corrected_suspicious_share
from botscan.prevalence.intervals import wilson_interval
from botscan.wording import say_note

#: A Swiss broadcaster's tool, on accounts of known truth.
SWISS = ErrorRates(24, 31, 10, 270)


def suspicious(share):
    return 1 - share.organic_share, 1 - share.organic_share_ci_upper, 1 - share.organic_share_ci_lower


def rogan_gladen(flagged, rates):
    return (flagged - rates.false_alarm_rate) / (rates.sensitivity - rates.false_alarm_rate)


def codes(share):
    return [note.code for note in share.notes]


@pytest.mark.parametrize(("n", "wanted"), [(1_000_000, (0.30, 0.25, 0.39)), (500, (0.30, 0.23, 0.40))])
def test_the_example_of_the_swiss_broadcaster(n, wanted):
    # 25.8 % flagged; Jeffreys' priors on both rates, every share equally probable. Millions were judged: only the rates
    # are uncertain. Among 500 drawn at random the flags are as well.
    share = correct_share(round(0.258 * n), n, SWISS, frame="random")
    assert suspicious(share) == pytest.approx(wanted, abs=0.015)
    assert suspicious(share)[0] == pytest.approx(rogan_gladen(0.258, SWISS), abs=0.01)
    assert (share.method, share.estimand, share.share_of) == ("error_corrected", "not_suspicious_corrected", "list")
    assert (share.n_accounts, share.n_scored, share.n_labeled, share.validated) == (n, 0, n, False)
    assert codes(share) == ["includes_dormant", "error_rates_stated", "frame_random"]


def test_the_point_is_that_of_rogan_and_gladen_where_the_rates_are_well_known():
    rates = ErrorRates(8_000, 10_000, 500, 10_000)
    for flagged in (0.1, 0.4, 0.7):
        found = correct_share(round(2_000 * flagged), 2_000, rates)
        assert suspicious(found)[0] == pytest.approx(rogan_gladen(flagged, rates), abs=0.01)


@pytest.mark.parametrize("n_flagged", [0, 5, 18])
def test_fewer_flags_than_false_alarms_reach_zero(n_flagged):
    share = correct_share(n_flagged, 500, SWISS)
    assert suspicious(share)[1] == 0
    assert share.organic_share_ci_upper == 1
    assert suspicious(share)[2] < 0.05
    assert "error_rates_explain_all" in codes(share)


def test_more_flags_than_are_ever_found_reach_one():
    share = correct_share(450, 500, SWISS)
    assert suspicious(share)[2] == 1
    assert "error_rates_explain_all" not in codes(share)
    note = next(note for note in share.notes if note.code == "error_rates_exceeded")
    assert (note.count, note.numbers) == (450, {"flagged_share": 0.9, "sensitivity": 0.774194})
    for language, words in (("en", "77.4 %"), ("id", "77,4 %")):
        assert words in say_note(note, language)


def test_what_the_sensitivity_allows_for_is_not_too_much():
    rates = ErrorRates(30, 40, 1, 40)
    assert "error_rates_exceeded" not in codes(correct_share(375, 500, rates))
    assert "error_rates_exceeded" in codes(correct_share(376, 500, rates))
    assert "error_rates_exceeded" not in codes(correct_share(500, 500, ErrorRates(40, 40, 1, 40)))


@pytest.mark.parametrize("rates", [None, (24, 31, 10, 270), "24/31"])
def test_what_are_no_rates_is_refused_with_what_is_wanted(rates):
    with pytest.raises(SchemaError, match=r"rates is of type .*, wanted ErrorRates"):
        correct_share(5, 10, rates)


def test_counts_of_numpy_become_plain():
    rates = ErrorRates(*np.array([24, 31, 10, 270]))
    assert {type(value) for value in (rates.n_suspicious_flagged, rates.n_suspicious, rates.n_organic)} == {int}
    assert rates == SWISS
    share = correct_share(np.int64(5), np.int64(500), rates)
    assert (type(share.n_accounts), type(share.notes[2].count)) == (int, int)


@pytest.mark.parametrize("rates", [ErrorRates(3, 30, 20, 200), ErrorRates(1, 40, 50, 200), ErrorRates(0, 9, 0, 9)])
def test_flags_that_tell_nothing_give_no_share(rates):
    share = correct_share(100, 500, rates)
    assert share.organic_share is None
    assert codes(share)[0] == "error_rates_tell_nothing"
    assert share.n_labels_needed > 100


def test_no_accounts_give_no_share():
    share = correct_share(0, 0, SWISS)
    assert share.organic_share is None
    assert codes(share)[0] == "no_accounts"


@pytest.mark.parametrize(
    "counts", [(5, 4, 1, 9), (1, 4, 10, 9), (-1, 4, 1, 9), (0, 0, 1, 9), (0.5, 4, 1, 9), (True, 4, 1, 9), (1, 4, 0, 0)]
)
def test_rates_are_parts_of_whole_numbers(counts):
    with pytest.raises(BotscanError, match="flagged of"):
        ErrorRates(*counts)


@pytest.mark.parametrize(("n_flagged", "n"), [(6, 5), (-1, 5), (0.5, 5), (math.nan, 5)])
def test_counts_are_parts_of_whole_numbers(n_flagged, n):
    with pytest.raises(BotscanError, match="flagged of"):
        correct_share(n_flagged, n, SWISS)


@pytest.mark.parametrize("options", [{"frame": "all"}, {"frame": "random", "population": 3}, {"confidence_level": 1.0}])
def test_options_outside_their_range_are_refused(options):
    with pytest.raises(BotscanError):
        correct_share(50, 500, SWISS, **options)


def test_a_sample_of_a_larger_population_is_less_certain():
    widths = []
    for options in ({"frame": "full"}, {"frame": "random", "population": 600}, {"frame": "random"}):
        _, lower, upper = suspicious(correct_share(150, 500, ErrorRates(950, 1000, 30, 1000), **options))
        widths.append(upper - lower)
    assert widths == sorted(widths)
    assert widths[2] > 1.5 * widths[0]


def test_raters_without_errors_leave_what_the_sample_leaves():
    perfect = ErrorRates(10**6, 10**6, 0, 10**6)
    _, lower, upper = corrected_suspicious_share(90, 300, perfect, size=math.inf)
    assert (lower, upper) == pytest.approx(wilson_interval(0.3, 300), abs=0.005)
    _, lower, upper = corrected_suspicious_share(90, 300, perfect, size=300)
    assert (lower, upper) == (0.3, 0.3)


def test_rates_known_from_few_accounts_make_it_wider():
    widths = []
    for n in (10_000, 1_000, 100, 20):
        rates = ErrorRates(round(0.8 * n), n, round(0.1 * n), n)
        _, lower, upper = corrected_suspicious_share(150, 400, rates, size=5_000)
        widths.append(upper - lower)
    assert widths == sorted(widths)
    assert widths[-1] > 2 * widths[0]


counts = st.integers(1, 300).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@settings(deadline=None, max_examples=80)
@given(counts, counts, counts, st.sampled_from(["full", "random", "newest"]))
def test_any_counts_give_an_interval_or_a_reason(flagged, of_suspicious, of_organic, frame):
    share = correct_share(*flagged, ErrorRates(*of_suspicious, *of_organic), frame=frame)
    if share.organic_share is None:
        assert of_suspicious[0] / of_suspicious[1] <= of_organic[0] / of_organic[1]
    else:
        assert 0 <= share.organic_share_ci_lower <= share.organic_share <= share.organic_share_ci_upper <= 1


@settings(deadline=None, max_examples=40)
@given(counts, counts, st.integers(2, 300), st.data())
def test_more_flags_never_mean_more_organic_accounts(of_suspicious, of_organic, n, data):
    rates = ErrorRates(*of_suspicious, *of_organic)
    # Where the two rates may as well be equal every share is as likely as the next, and the likeliest means nothing.
    known = [(flagged + 0.5) / (n_known + 1.0) for flagged, n_known in (of_suspicious, of_organic)]
    spread = sum(
        (rate * (1.0 - rate) / (n_known + 2.0))
        for rate, (_, n_known) in zip(known, (of_suspicious, of_organic), strict=True)
    )
    assume(known[0] - known[1] > 3.0 * spread**0.5)
    fewer = data.draw(st.integers(0, n - 1))
    found = [correct_share(n_flagged, n, rates) for n_flagged in (fewer, fewer + 1)]
    if found[0].organic_share is not None:
        assert found[1].organic_share <= found[0].organic_share + 1e-6


@pytest.mark.parametrize("language", ["en", "id"])
def test_notes_have_words(language):
    for share in (correct_share(5, 500, SWISS), correct_share(5, 500, ErrorRates(1, 9, 3, 9))):
        for note in share.notes:
            assert "{" not in say_note(note, language)
