"""The width of a plan against the estimator itself."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from botscan.prevalence import estimate_from_labels
from botscan.prevalence.from_labels.prediction_powered import LabeledSample, estimate_suspicious_share
from botscan.prevalence.planning.expected_width import expected_half_width
from botscan.prevalence.planning.score_worth import variance_ratio_of
from botscan.prevalence.planning.two_phase_plan import TwoPhases


@pytest.mark.parametrize(("share", "n", "size"), [(0.05, 83, math.inf), (0.9, 60, 300), (0.01, 150, 2_000)])
def test_the_mean_width_is_that_of_the_estimator(share, n, size):
    # Predictions that tell nothing: the estimator is asked for every number of suspicious accounts.
    expected = 0.0
    for events in range(n + 1):
        y = np.repeat([1.0, 0.0], [events, n - events])
        sample = LabeledSample(y, np.full(n, 0.5), 0.5, 0.25, n if math.isinf(size) else size, size)
        _, lower, upper, _ = estimate_suspicious_share(sample, 0.95)
        expected += binom.pmf(events, n, share) * (upper - lower) / 2.0
    design = TwoPhases(share, 0.95, population=size)
    found = expected_half_width(design, n, n if math.isinf(size) else size)
    assert found == pytest.approx(expected, rel=2e-3)
    assert found > design.half_width(n, n if math.isinf(size) else size) * 0.97


def test_where_nothing_is_rare_the_mean_width_is_wilsons():
    design = TwoPhases(0.3, 0.95, 2.0)
    assert expected_half_width(design, 400, 1_000) == design.half_width(400, 1_000)
    # Just above and just below that line it is nearly the same.
    near = TwoPhases(0.3, 0.95)
    assert expected_half_width(near, 83, 83) == pytest.approx(near.half_width(83, 83), rel=0.01)


def test_of_none_in_n_the_exact_interval_is_expected():
    assert expected_half_width(TwoPhases(0.0, 0.95), 40, 40) == pytest.approx((1 - 0.025 ** (1 / 40)) / 2)


def test_everybody_labelled_leaves_the_undecided():
    design = TwoPhases(0.3, 0.95, population=200)
    assert expected_half_width(design, 200, 200) == 0.0
    assert expected_half_width(design, 200, 200, 0.1) == pytest.approx(0.05, abs=1e-3)


def test_the_undecided_widen_by_at_least_their_share_and_vanish_with_it():
    design = TwoPhases(0.3, 0.95, 1.5)
    widths = [expected_half_width(design, 300, 2_000, undecided) for undecided in (0.0, 1e-6, 0.05, 0.1, 0.3)]
    assert widths[1] == pytest.approx(widths[0], rel=1e-3)
    assert widths == sorted(widths)
    # Imbens and Manski: the ends of a wide band are one-sided.
    wide = 0.15 + 1.645 / 2 * sum(math.sqrt(p * (1 - p) / 10_000) for p in (0.21, 0.51))
    assert expected_half_width(TwoPhases(0.3, 0.95), 10_000, 10_000, 0.3) == pytest.approx(wide, rel=2e-3)


@pytest.mark.parametrize(("share", "undecided", "n"), [(0.3, 0.1, 150), (0.5, 0.05, 300), (0.05, 0.1, 90)])
def test_the_width_with_undecided_accounts_is_that_of_the_estimator(share, undecided, n, scores_of, labels_of):
    rng = np.random.Generator(np.random.Philox(5))
    distance, n_accounts, widths = 1.4657, 1_000, []
    for _ in range(60):
        truth = rng.random(n_accounts) < share
        scores = scores_of(distance * (rng.normal(truth * distance, 1.0) - distance / 2))
        answers = np.where(rng.random(n) < undecided, -1, truth[:n])
        labels = labels_of({f"a{row}": int(answer) for row, answer in enumerate(answers)})
        found = estimate_from_labels(scores, labels, frame="full")
        widths.append((found.organic_share_ci_upper - found.organic_share_ci_lower) / 2)
    design = TwoPhases(1 - share, 0.95, variance_ratio_of(0.85, share, n), population=n_accounts)
    assert expected_half_width(design, n, n_accounts, undecided) == pytest.approx(np.mean(widths), rel=0.05)
