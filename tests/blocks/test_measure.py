"""One category in one stretch: prediction, lower bound of the excess, and what organic change explains."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from botscan.blocks.columns import creation_bands, high_scores, inactive
from botscan.blocks.marks import MarkColumn
from botscan.blocks.measure import measure

PLACE = (500, 600)


def drawn(rng, share, n=1_100):
    return (rng.random(n) < share).astype(np.int32)


def test_the_prediction_is_the_share_of_the_flanks_and_the_excess_what_is_beyond_it(evidence_of):
    codes = np.zeros(1_100, dtype=np.int32)
    codes[::10] = 1
    codes[500:550] = 1
    found = measure(evidence_of(1_100), MarkColumn("inactive", codes, 0.15, 2.0), 1, PLACE)
    assert (found.n_marked, found.is_crowd) == (55, True)
    assert found.expected == pytest.approx(10, abs=0.2)
    assert 55 - 10 - 12 < found.n_excess_lower < 55 - 10
    assert found.p_value < 1e-15


def test_unknown_accounts_count_nowhere(evidence_of):
    codes = np.zeros(1_100, dtype=np.int32)
    codes[::10] = 1
    codes[500:540], codes[540:600] = 1, -1
    found = measure(evidence_of(1_100), MarkColumn("inactive", codes, 0.15, 2.0), 1, PLACE)
    assert (found.n_marked, round(found.expected)) == (40, 4)


def test_the_bound_stays_below_what_was_added_in_99_of_100(evidence_of):
    evidence, added, n_runs, too_high = evidence_of(1_100), 20, 400, 0
    for seed in range(n_runs):
        codes = drawn(np.random.default_rng([1, seed]), 0.1)
        plain = np.flatnonzero(codes[500:600] == 0)[:added]
        codes[500 + plain] = 1
        # Of those that were added none was there by chance: the excess is theirs and the sampling error of the rest.
        too_high += measure(evidence, MarkColumn("inactive", codes, 0.1, 2.0), 1, PLACE).n_excess_lower > added
    assert too_high <= binom.ppf(0.999, n_runs, 0.01)


def test_a_wider_spread_of_the_list_lowers_the_bound_and_raises_the_p_value(evidence_of):
    codes = drawn(np.random.default_rng(1), 0.1)
    codes[500:540] = 1
    column = MarkColumn("inactive", codes, 0.1, 2.0)
    one, two = (measure(evidence_of(1_100), replace(column, variation=((100, by),)), 1, PLACE) for by in (1.0, 2.0))
    assert one.n_excess_lower > two.n_excess_lower
    assert one.p_value < two.p_value
    assert one.expected == two.expected


@pytest.mark.parametrize(
    ("n_marked", "least_excess", "least_ratio", "is_crowd"),
    [(14, 0.0, 1.0, False), (15, 0.0, 1.0, True), (15, 0.2, 1.0, False), (30, 0.1, 1.0, True), (30, 0.1, 9.0, False)],
)
def test_a_crowd_is_many_enough_and_many_times_as_many(evidence_of, n_marked, least_excess, least_ratio, is_crowd):
    codes = np.zeros(1_100, dtype=np.int32)
    codes[:400:20], codes[700::20] = 1, 1
    codes[500 : 500 + n_marked] = 1
    column = MarkColumn("inactive", codes, least_excess, least_ratio)
    assert measure(evidence_of(1_100), column, 1, PLACE).is_crowd == is_crowd


def test_without_neighbours_nothing_is_a_crowd(evidence_of):
    column = MarkColumn("inactive", np.ones(100, dtype=np.int32), 0.1, 2.0)
    found = measure(evidence_of(100), column, 1, (0, 100))
    assert (found.is_crowd, found.n_excess_lower) == (False, 0)


def test_scores_of_a_crowd_that_leans_as_a_whole_are_predicted_and_those_of_a_second_group_are_not(evidence_of):
    rng = np.random.default_rng(2)
    scores = rng.normal(-2.0, 1.5, 4_400)
    leaning, joined = scores.copy(), scores.copy()
    leaning[2_000:2_400] += 0.3 * 1.5**2
    joined[2_000:2_080] = rng.normal(2.5, 0.5, 80)
    found = []
    for values in (leaning, joined):
        evidence = evidence_of(4_400, log_odds=values)
        column = list(high_scores(evidence))[1]
        found.append(measure(evidence, column, 1, (2_000, 2_400)))
    assert found[0].n_marked == pytest.approx(found[0].expected, rel=0.25)
    assert not found[0].is_crowd
    assert found[1].is_crowd
    assert 40 <= found[1].n_excess_lower <= 80


def test_young_accounts_in_step_with_the_follow_time_are_predicted(evidence_of):
    n = 4_400
    rng = np.random.default_rng(3)
    followed = np.linspace(2_000, 3_000, n)
    evidence = evidence_of(n, created=followed - rng.uniform(30, 130, n), followed=followed)
    column = list(creation_bands(evidence))[4]
    category = int(np.bincount(column.codes[2_000:2_200]).argmax())
    found = measure(evidence, column, category, (2_000, 2_200))
    assert found.n_marked > 40
    assert found.expected == pytest.approx(found.n_marked, rel=0.35)
    assert not found.is_crowd


@pytest.mark.parametrize(("first", "last"), [(0.05, 0.4), (0.4, 0.05)])
@pytest.mark.parametrize("place", [(0, 1_000), (3_000, 4_000)])
def test_near_an_end_the_nearest_neighbours_tell_so_that_slow_drift_is_no_crowd(evidence_of, place, first, last):
    codes = (np.random.default_rng(4).random(4_000) < np.linspace(first, last, 4_000)).astype(np.int8)
    evidence = evidence_of(4_000, inactive=codes)
    found = measure(evidence, next(inactive(evidence)), 1, place)
    assert not found.is_crowd
    if (first < last) == (place[0] > 0):
        assert found.expected > 0.55 * found.n_marked


@pytest.mark.parametrize(("spread", "is_crowd"), [(150, False), (10, True)])
def test_a_wave_of_sign_ups_after_the_neighbours_came_is_no_crowd_and_a_batch_is(spread, is_crowd, evidence_of):
    rng = np.random.default_rng(3)
    n = 1_200
    followed = 3_000.0 + np.arange(n)
    created = followed - rng.uniform(400, 2_000, n)
    # The last 300 came within two months; a third of them signed up in the months or days before that.
    followed[900:] = 4_000 + np.arange(300) / 5
    created[900:1_000] = rng.uniform(3_900 - spread, 3_900, 100)
    evidence = evidence_of(n, created=created, followed=followed)
    found = [
        measure(evidence, column, int(category), (900, n))
        for column in creation_bands(evidence)
        for category in np.unique(column.codes[900:][column.codes[900:] > 0])
    ]
    assert any(one.is_crowd for one in found) == is_crowd
