import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.prevalence.score_slope import fit_slope, logistic, slope_from_labels


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(-320, 320), st.sampled_from([0.0, 0.5, 1.0])), min_size=2, max_size=40))
def test_the_slope_is_a_number_that_is_never_negative(pairs):
    log_odds, labels = np.array(pairs, dtype=float).T
    if not 0 < labels.mean() < 1:
        return
    slope = fit_slope(log_odds / 20, labels)
    assert 0.0 <= slope < 4.0


def test_scores_that_point_the_wrong_way_say_nothing():
    log_odds = np.r_[np.full(50, 3.0), np.full(50, -3.0)]
    assert fit_slope(log_odds, np.r_[np.zeros(50), np.ones(50)]) == 0.0


def test_many_labels_give_the_slope_that_made_them_and_few_are_drawn_towards_one():
    rng = np.random.default_rng(2)
    log_odds = rng.normal(0, 3, 20_000)
    labels = (rng.random(20_000) < logistic(0.4 * log_odds - 1)).astype(float)
    many, few = fit_slope(log_odds, labels), fit_slope(log_odds[:40], labels[:40])
    assert 0.37 < many < 0.43
    free = np.abs(fit_slope(np.tile(log_odds[:40], 1_000), np.tile(labels[:40], 1_000)) - 1)
    assert np.abs(few - 1) < free  # the same labels, counted a thousand times, outweigh the prior


def test_labels_that_raters_split_count_half(scores_of, labels_of):
    scores = scores_of(np.linspace(-3, 3, 61).round(2))
    split = labels_of({f"a{row}": [int(row > 20), int(row > 40)] for row in range(61)})
    slope, n_labels = slope_from_labels(scores, split)
    assert n_labels == 61
    sharp, _ = slope_from_labels(scores, labels_of({f"a{row}": int(row > 30) for row in range(61)}))
    assert slope < sharp


def test_extreme_log_odds_are_no_trouble():
    assert logistic(np.array([-1e4, 0.0, 1e4])).tolist() == [np.exp(-700) / (1 + np.exp(-700)), 0.5, 1.0]
