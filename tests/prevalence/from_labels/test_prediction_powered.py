import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom, norm

from botscan.prevalence.from_labels import prediction_powered
from botscan.prevalence.from_labels.prediction_powered import LabeledSample, estimate_suspicious_share
from botscan.prevalence.intervals import exact_interval, wilson_interval
from botscan.prevalence.planning.sample_size import effective_size


def sample_of(y, f, whole=None, list_size=10**6, population=None):
    whole = f if whole is None else whole
    return LabeledSample(
        np.asarray(y, dtype=float),
        np.asarray(f, dtype=float),
        float(np.mean(whole)),
        float(np.mean(np.square(whole))),
        list_size,
        list_size if population is None else population,
    )


def width(sample, level=0.95):
    _, lower, upper, _ = estimate_suspicious_share(sample, level)
    return upper - lower


@settings(deadline=None)
@given(st.integers(4, 96), st.floats(0, 1), st.sampled_from([200, 5000, 10**8]), st.sampled_from([0.8, 0.95]))
def test_constant_predictions_give_wilsons_interval(n_yes, constant, list_size, level):
    y = np.arange(100) < n_yes
    share, lower, upper, method = estimate_suspicious_share(
        sample_of(y, np.full(100, constant), list_size=list_size), level
    )
    assert method == "ppi_wilson"
    expected = wilson_interval(n_yes / 100, effective_size(100, list_size), level)
    assert (share, lower, upper) == pytest.approx((n_yes / 100, *expected), abs=1e-9)


@pytest.mark.parametrize("n_yes", [0, 1, 3, 97, 100])
def test_few_labels_of_a_kind_give_the_exact_interval_of_the_labels(n_yes):
    y = np.arange(100) < n_yes
    *found, method = estimate_suspicious_share(sample_of(y, y.astype(float), list_size=1000), 0.95)
    assert method == "exact"
    assert found == pytest.approx([n_yes / 100, *exact_interval(n_yes, 100, 1000)], abs=1e-12)


@pytest.mark.parametrize(("n", "size"), [(20, 50), (40, 50), (45, 50), (50, 100), (90, 100), (100, 200), (180, 200)])
def test_a_short_list_is_covered_whatever_it_holds(n, size):
    ends = np.array(
        [
            estimate_suspicious_share(sample_of(np.arange(n) < n_yes, np.full(n, 0.5), list_size=size), 0.95)[1:3]
            for n_yes in range(n + 1)
        ]
    )
    for in_list in range(size + 1):
        chance = hypergeom.pmf(np.arange(n + 1), size, in_list, n)
        held = (ends[:, 0] <= in_list / size + 1e-9) & (in_list / size - 1e-9 <= ends[:, 1])
        assert chance[held].sum() > 0.9, in_list


def test_no_share_contradicts_the_labels():
    y = np.arange(400) < 40
    # The list scores lower than the labelled accounts by so much that the point alone would fall below them.
    share, lower, upper, _ = estimate_suspicious_share(sample_of(y, y * 0.9, whole=[0.0, 0.05], list_size=500), 0.95)
    assert (share, lower) == (0.08, 0.08)
    share, lower, upper, _ = estimate_suspicious_share(sample_of(~y, 0.9 - y * 0.9, whole=[0.9], list_size=500), 0.95)
    assert (share, upper) == pytest.approx((0.92, 0.92))
    assert lower < share


def test_predictions_that_point_the_wrong_way_are_left_aside():
    y = np.arange(100) < 40
    found = estimate_suspicious_share(sample_of(y, np.where(y, 0.1, 0.9), whole=[0.1, 0.9]), 0.95)
    assert found[:3] == pytest.approx((0.4, *wilson_interval(0.4, effective_size(100, 10**6))), abs=1e-9)


def test_good_predictions_narrow_the_interval_but_never_beyond_the_cap():
    rng = np.random.default_rng(0)
    y = np.arange(400) < 160
    widths = [
        width(sample_of(y, np.clip(0.5 + signal * (y - 0.5) + 0.1 * rng.random(400), 0, 1)))
        for signal in (0, 0.1, 0.3, 0.9)
    ]
    assert widths == sorted(widths, reverse=True)
    lower, upper = wilson_interval(0.4, 400 * prediction_powered.LARGEST_GAIN)
    assert widths[-1] >= (upper - lower) * 0.99


def test_the_point_moves_towards_what_the_list_scores():
    y = np.arange(100) < 40
    f = np.where(y, 0.9, 0.1)
    shares = [estimate_suspicious_share(sample_of(y, f, whole=[mean]), 0.95)[0] for mean in (0.3, float(f.mean()), 0.6)]
    assert shares[0] < shares[1] == pytest.approx(0.4)
    assert shares[2] > 0.4


def test_the_point_is_ppi_plus_plus_with_the_tuned_weight():
    # With many labels the imaginary accounts no longer count, and lambda = cov(y, f) / var(f).
    rng = np.random.default_rng(1)
    y = rng.random(50_000) < 0.3
    f = np.clip(0.3 + 0.3 * y + 0.2 * rng.standard_normal(50_000), 0, 1)
    weight = np.cov(y, f)[0, 1] / f.var()
    expected = y.mean() + weight * (0.45 - f.mean())
    found = estimate_suspicious_share(sample_of(y, f, whole=[0.45], list_size=10**9), 0.95)[0]
    assert found == pytest.approx(expected, abs=2e-4)


def slow_estimate(y, f, list_size):
    """Invert the score test on a fine grid; the list scores 0 and 1 half each, so two imaginary accounts are one of each.

    Written out from the page of the method with its settings: two imaginary accounts a class, a gain of at most 4.
    """
    of_suspicious, of_organic = (np.append(f[y == kind], [0.0, 1.0]) for kind in (1, 0))
    n = len(y)

    def moments(t, values_of):
        """Mean and variance of something over accounts of which a share t is suspicious."""
        parts = [values_of(1, of_suspicious), values_of(0, of_organic)]
        mean = t * parts[0].mean() + (1 - t) * parts[1].mean()
        return mean, t * np.mean((parts[0] - mean) ** 2) + (1 - t) * np.mean((parts[1] - mean) ** 2)

    expected = (y.sum() + 0.5) / (n + 1)
    covariance = expected * (1 - expected) * (of_suspicious.mean() - of_organic.mean())
    weight = covariance / moments(expected, lambda _, scores: scores)[1]
    point = y.mean() + weight * (0.5 - f.mean())
    grid = np.linspace(0, 1, 20_001)
    variance = np.array([moments(t, lambda kind, scores: kind - weight * scores)[1] for t in grid])
    variance = np.clip(variance, grid * (1 - grid) / 4, grid * (1 - grid))
    accepted = grid[(point - grid) ** 2 <= norm.ppf(0.975) ** 2 * (1 / n - 1 / list_size) * variance]
    return point, accepted.min(), accepted.max()


@pytest.mark.parametrize("n_right", [6, 8, 9, 10])
def test_the_interval_inverts_the_score_test_of_the_rectifier(n_right):
    y = np.arange(60) < 20
    f = np.where(np.arange(60) % 10 < n_right, y, ~y) * 0.8 + 0.1
    *found, method = estimate_suspicious_share(sample_of(y, f, whole=[0.0, 1.0], list_size=900), 0.95)
    assert method == "ppi_wilson"
    assert found == pytest.approx(slow_estimate(y.astype(float), f, 900), abs=1e-4)


def test_everything_labelled_leaves_nothing_unsure():
    for n_yes in (2, 40):
        y = np.arange(100) < n_yes
        found = estimate_suspicious_share(sample_of(y, y * 0.5, list_size=100), 0.95)
        assert found[:3] == pytest.approx((n_yes / 100,) * 3, abs=1e-9)


def test_a_list_that_is_a_sample_leaves_its_own_spread():
    y = np.arange(100) < 40
    whole = sample_of(y, np.full(100, 0.5), list_size=100, population=math.inf)
    assert estimate_suspicious_share(whole, 0.95)[1:3] == pytest.approx(wilson_interval(0.4, 100), abs=1e-9)
    widths = [width(sample_of(y, np.full(100, 0.5), list_size=200, population=p)) for p in (200, 400, 10**5, math.inf)]
    assert widths == sorted(widths)
    assert len(set(widths)) == 4


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 1)), min_size=1, max_size=60),
    st.floats(0, 1),
    st.integers(0, 1000),
    st.sampled_from([1.0, 1.5, math.inf]),
)
def test_any_labels_give_an_interval_in_order(pairs, list_mean, more, factor):
    y, f = np.array(pairs).T
    size = len(y) + more
    sample = LabeledSample(y, f, list_mean, min(1.0, list_mean**2 + 0.01), size, size * factor)
    share, lower, upper, _ = estimate_suspicious_share(sample, 0.95)
    assert 0 <= lower <= share <= upper <= 1


def test_half_labels_never_claim_more_than_whole_ones():
    # The same mean from raters who disagree: the interval is Wilson's of whole labels, which is wider than theirs.
    halves = np.concatenate([np.full(40, 0.5), np.ones(20), np.zeros(40)])
    wholes = np.arange(100) < 40
    constant = np.full(100, 0.5)
    assert width(sample_of(halves, constant)) == pytest.approx(width(sample_of(wholes, constant)), abs=1e-9)
