import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.evidence.histogram import N_BINS, STEPS_PER_LOG_ODDS, ScoreHistogram, histogram_bins

step_lists = st.lists(st.integers(-10_000, 10_000), max_size=50)


def histogram(steps, **changes):
    settings_ = {"n_unscored": 0, "model": "m", "pattern": "p"} | changes
    return ScoreHistogram.from_steps(np.array(steps, dtype=np.int32), **settings_)


@given(st.integers(-10_000, 10_000))
def test_bin_is_the_one_whose_limits_hold_the_score(steps):
    log_odds = steps / STEPS_PER_LOG_ODDS
    found = int(histogram_bins(np.array([steps], dtype=np.int32))[0])
    low, high = -16 + found / 32, -16 + (found + 1) / 32
    if log_odds < -16:
        assert found == 0
    elif log_odds >= 16:
        assert found == N_BINS - 1
    else:
        assert low <= log_odds < high


@settings(deadline=None)
@given(step_lists, step_lists)
def test_sum_is_the_histogram_of_the_union(first, second):
    together = histogram(first + second, n_unscored=5, n_declared_bots=3)
    added = histogram(first, n_unscored=2, n_declared_bots=3) + histogram(second, n_unscored=3)
    assert added == together
    assert added.n_scored == len(first) + len(second)
    assert added.n_accounts == added.n_scored + 8


@pytest.mark.parametrize("change", [{"model": "other"}, {"pattern": "other"}])
def test_histograms_of_different_models_or_patterns_do_not_add(change):
    with pytest.raises(ValueError, match="cannot be added"):
        histogram([0]) + histogram([0], **change)


def test_duplicates_mark_survives_addition():
    assert (histogram([0]) + histogram([1], has_duplicates=True)).has_duplicates


@given(step_lists)
def test_dict_round_trip_through_json(steps):
    original = histogram(steps, n_unscored=4, n_declared_bots=1, has_duplicates=True)
    assert ScoreHistogram.from_dict(json.loads(json.dumps(original.to_dict()))) == original


def test_counts_are_frozen_and_not_shared():
    counts = np.zeros(N_BINS, dtype=np.uint64)
    made = ScoreHistogram(counts, 0, "m", "p")
    counts[0] = 9
    assert made.n_scored == 0
    with pytest.raises(ValueError, match="read-only"):
        made.counts[0] = 1


def test_wrong_shape_is_refused():
    with pytest.raises(ValueError, match="wanted"):
        ScoreHistogram(np.zeros(3, dtype=np.uint64), 0, "m", "p")
