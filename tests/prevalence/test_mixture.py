import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.prevalence import mixture
from botscan.prevalence.intervals import highest_density_interval
from botscan.prevalence.mixture import (
    PRIOR,
    Posterior,
    exact_log_likelihood,
    population_posterior,
    share_posterior,
    smooth_log_likelihood,
)

counts = st.lists(st.integers(0, 400), min_size=3, max_size=12)


def log_dirichlet_multinomial(drawn, alpha):
    total = math.lgamma(sum(alpha)) - math.lgamma(sum(alpha) + sum(drawn)) + math.lgamma(sum(drawn) + 1)
    return total + sum(
        math.lgamma(a + m) - math.lgamma(a) - math.lgamma(m + 1) for a, m in zip(alpha, drawn, strict=True)
    )


def slow_likelihood(audience, suspicious, organic):
    """Sum over every way to split every bin."""
    a, b = [s + 0.5 for s in suspicious], [o + 0.5 for o in organic]
    found = np.zeros(sum(audience) + 1)
    for split in itertools.product(*(range(n + 1) for n in audience)):
        rest = [n - m for n, m in zip(audience, split, strict=True)]
        found[sum(split)] += math.exp(log_dirichlet_multinomial(split, a) + log_dirichlet_multinomial(rest, b))
    return found


def simulate(n, n_validation, distance, share, seed=0):
    """Gaussian scores in twelve bins that hold equal mass of the validation accounts."""
    rng = np.random.default_rng(seed)
    known = rng.normal(distance, 1, n_validation), rng.normal(0, 1, n_validation)
    edges = np.quantile(np.concatenate(known), np.arange(1, 12) / 12)
    k = round(n * share)
    audience = np.concatenate([rng.normal(distance, 1, k), rng.normal(0, 1, n - k)])
    return [np.bincount(np.searchsorted(edges, part), minlength=12).astype(float) for part in (audience, *known)]


@pytest.mark.parametrize(
    ("audience", "suspicious", "organic"),
    [
        ([3, 2], [1, 4], [6, 0]),
        ([2, 0, 3], [0, 0, 5], [7, 2, 1]),
        ([1, 1, 1, 1], [0, 3, 1, 0], [2, 0, 0, 9]),
        ([5], [3], [4]),
        ([0, 0, 1], [10, 0, 0], [0, 10, 0]),
    ],
)
def test_exact_equals_the_sum_over_every_split(audience, suspicious, organic):
    expected = slow_likelihood(audience, suspicious, organic)
    a, b = np.array(suspicious) + PRIOR, np.array(organic) + PRIOR
    found = np.exp(exact_log_likelihood(np.array(audience, dtype=float), a, b))
    assert found / found.sum() == pytest.approx(expected / expected.sum(), rel=1e-9)


@pytest.mark.parametrize(
    ("n_validation", "distance", "share"),
    [
        (1000, 2.3, 0.2),
        (1000, 2.3, 0.0),
        (1000, 0.4, 0.3),
        (10_000, 3.3, 0.01),
        (100, 1.2, 0.5),
        (20, 0.4, 0.9),
        (500_000, 4.4, 0.0),
        (500_000, 4.4, 1.0),
    ],
)
def test_smooth_agrees_with_exact(n_validation, distance, share):
    n = 2500
    audience, suspicious, organic = simulate(n, n_validation, distance, share)
    a, b = mixture._with_prior(suspicious), mixture._with_prior(organic)
    exact = exact_log_likelihood(audience, a, b)
    points, smooth = smooth_log_likelihood(audience, a, b)
    at_points = np.interp(points * n, np.arange(n + 1), exact)
    likely = smooth > smooth.max() - 7
    assert smooth[likely] - smooth.max() == pytest.approx(at_points[likely] - exact.max(), abs=0.05)
    intervals = [
        highest_density_interval(found, mixture._normalised(log_mass))
        for found, log_mass in ((np.arange(n + 1) / n, exact), (points, smooth))
    ]
    assert intervals[1] == pytest.approx(intervals[0], abs=1.5 / n + 5e-4)


@settings(deadline=None, max_examples=40)
@given(counts.filter(any), st.sampled_from([1.0, 1e3, 1e6]), st.data())
def test_any_counts_give_a_posterior(audience, factor, data):
    k = len(audience)
    profiles = [np.array(data.draw(st.lists(st.integers(0, 10**4), min_size=k, max_size=k)), float) for _ in range(2)]
    posterior = share_posterior(np.array(audience, float) * factor, *profiles)
    assert posterior.mass.sum() == pytest.approx(1)
    assert np.isfinite(posterior.mass).all()
    assert (posterior.mass >= 0).all()
    assert 0 <= posterior.suspicious_share[0] <= posterior.suspicious_share[-1] <= 1
    assert (np.diff(posterior.suspicious_share) >= 0).all()


@settings(deadline=None, max_examples=25)
@given(counts.filter(any), st.randoms(use_true_random=False))
def test_the_order_of_bins_does_not_matter_and_the_kinds_mirror_each_other(audience, random):
    k = len(audience)
    suspicious, organic = np.arange(k) * 3.0, np.arange(k)[::-1] * 2.0
    order = random.sample(range(k), k)
    audience = np.array(audience, float)
    plain = share_posterior(audience, suspicious, organic)
    shuffled = share_posterior(audience[order], suspicious[order], organic[order])
    assert shuffled.mass == pytest.approx(plain.mass, abs=1e-9)
    mirrored = share_posterior(audience, organic, suspicious)
    assert mirrored.mass[::-1] == pytest.approx(plain.mass, abs=1e-9)


@pytest.mark.filterwarnings("ignore")  # importing the oracle warns
def test_the_mode_is_the_maximum_likelihood_of_quapy():
    quapy = pytest.importorskip("quapy.method.aggregative", exc_type=ImportError)
    audience, suspicious, organic = simulate(4000, 400_000, 1.5, 0.3)
    profiles = np.stack([organic / organic.sum(), suspicious / suspicious.sum()])
    posterior_by_bin = (profiles / profiles.sum(axis=0)).T
    by_account = np.repeat(posterior_by_bin, audience.astype(int), axis=0)
    prevalence, _ = quapy.EMQ.EM(np.array([0.5, 0.5]), by_account, epsilon=1e-9)
    assert share_posterior(audience, suspicious, organic).mode == pytest.approx(prevalence[1], abs=2e-3)


def test_a_profile_beyond_the_cap_counts_as_the_cap():
    audience = np.array([60.0, 40.0])
    small = share_posterior(audience, np.array([0.2e6, 0.8e6]), np.array([0.9e6, 0.1e6]))
    large = share_posterior(audience, np.array([0.2e9, 0.8e9]), np.array([0.9e9, 0.1e9]))
    assert large.mass == pytest.approx(small.mass, abs=1e-6)


@pytest.mark.parametrize("n", [10**6, 10**9])
def test_a_billion_accounts_are_no_trouble(n):
    audience, suspicious, organic = simulate(100_000, 1000, 2.3, 0.3)
    large = share_posterior(np.rint(audience * (n / 100_000)), suspicious, organic)
    small = share_posterior(audience, suspicious, organic)
    assert large.mode == pytest.approx(small.mode, abs=0.002)


def test_a_random_sample_says_less_about_the_population_than_about_itself():
    audience, suspicious, organic = simulate(1000, 5000, 3.0, 0.2)
    of_list = share_posterior(audience, suspicious, organic)

    def width(posterior):
        lower, upper = highest_density_interval(posterior.suspicious_share, posterior.mass)
        return upper - lower

    widths = [width(population_posterior(of_list, 1000, unseen)) for unseen in (0.0, 0.1, 0.5, 0.9999, 1.0)]
    assert widths == sorted(widths)
    assert widths[0] == width(of_list)
    assert widths[-1] == pytest.approx(widths[-2], abs=1e-4)
    # About the population a perfect classifier leaves the binomial spread of the sample.
    perfect = Posterior(np.arange(1001) / 1000, np.eye(1001)[200])
    assert width(population_posterior(perfect, 1000, 1.0)) == pytest.approx(2 * 1.96 * math.sqrt(0.16 / 1000), rel=0.02)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_population_can_be_all_of_one_kind(share):
    whole = Posterior(np.array([share]), np.array([1.0]))
    assert population_posterior(whole, 50, 1.0).mode == share
