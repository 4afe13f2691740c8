import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.training.bin_table import BinTable
from botscan.training.folds import Fold
from botscan.training.thresholds import LeftOut, left_out_rates, quantile_line, rates_at, set_thresholds


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(-100, 100), min_size=1, max_size=200), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_the_line_is_the_smallest_that_keeps_the_rate(scores, quantile):
    steps = np.array(scores, dtype=np.int32)
    line = quantile_line(steps, quantile)
    allowed = 1 - quantile + 1e-9
    assert (steps >= line).mean() <= allowed
    assert (steps >= line - 1).mean() > allowed


class Given:
    """A model whose score is the bin itself."""

    def score(self, bins, features):
        return bins[features[0]].astype(np.int32) - 100


def left_out(name, organic, suspicious=(), dataset=None):
    scores = np.array([*organic, *suspicious], dtype=np.int64) + 100
    n = len(scores)
    rows = BinTable(
        platform=np.full(n, "twitter"),
        dataset=np.full(n, dataset or name),
        source=np.full(n, name),
        label=np.array([0] * len(organic) + [1] * len(suspicious), dtype=np.int8),
        bins={"followers_count": scores.astype(np.uint8)},
    )
    return LeftOut(Fold(name, np.ones(n, bool), np.zeros(0, np.int64)), Given(), rows)


def test_the_largest_line_is_for_suspicious_and_the_median_for_review():
    folds = [
        left_out("a", range(10, 30)),
        left_out("b", range(40, 60)),
        left_out("c", range(20)),
        left_out("sellers", [], range(150)),
    ]
    lines = set_thresholds(folds, ["followers_count"], 0.95)
    assert (lines.suspicious, lines.review) == (59, 29)


@pytest.mark.parametrize("seed", range(5))
def test_no_left_out_source_has_more_false_alarms_than_stated(seed):
    rng = np.random.Generator(np.random.Philox(seed))
    folds = [left_out(name, rng.integers(-60, 100, size=200)) for name in "abcd"]
    lines = set_thresholds(folds, ["followers_count"], 0.95)
    rates = left_out_rates(folds, ["followers_count"], lines)
    assert all(
        item["suspicious_rate"] <= 0.05 <= item["review_rate"] or item["suspicious_rate"] <= 0.05 for item in rates
    )
    assert max(item["suspicious_rate"] for item in rates) > 0.03
    assert lines.review <= lines.suspicious


def test_no_line_is_below_zero():
    lines = set_thresholds([left_out("quiet", range(-90, -50))], ["followers_count"], 0.95)
    assert (lines.suspicious, lines.review) == (0, 0)


def test_rates_are_told_by_data_set_and_kind():
    folds = [left_out("a", [0, 0, 50, 50], [60, 70], dataset="a/one")]
    lines = set_thresholds(folds, ["followers_count"], 0.5)
    assert (lines.suspicious, lines.review) == (1, 1)
    assert left_out_rates(folds, ["followers_count"], lines) == [
        {"dataset": "a/one", "fold": "a", "kind": "organic", "n": 4, "review_rate": 0.5, "suspicious_rate": 0.5},
        {"dataset": "a/one", "fold": "a", "kind": "suspicious", "n": 2, "review_rate": 1.0, "suspicious_rate": 1.0},
    ]
    assert rates_at(np.array([0, 1, 2]), lines)["suspicious_rate"] == 0.6667
