import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.prevalence import mixture
from botscan.prevalence.intervals import highest_density_interval
from botscan.prevalence.mixture import Posterior, log_likelihood, population_posterior, share_posterior

counts = st.lists(st.integers(0, 400), min_size=3, max_size=12)


def log_beta_binomial(drawn, n, a, b):
    chosen = math.lgamma(n + 1) - math.lgamma(drawn + 1) - math.lgamma(n - drawn + 1)
    beta = [math.lgamma(x) + math.lgamma(y) - math.lgamma(x + y) for x, y in ((a + drawn, b + n - drawn), (a, b))]
    return chosen + beta[0] - beta[1]


def log_tree(drawn, known, strength, side=None):
    """Log-probability that so many accounts fall into each bin, halves of halves, the outer half the larger."""
    if len(drawn) == 1:
        return 0.0
    middle = (len(drawn) + (side == "lower")) // 2
    a, b = sum(known[:middle]) + strength, sum(known[middle:]) + strength
    of_split = log_beta_binomial(sum(drawn[:middle]), sum(drawn), a, b)
    return (
        of_split
        + log_tree(drawn[:middle], known[:middle], strength, side or "lower")
        + log_tree(drawn[middle:], known[middle:], strength, side or "upper")
    )


def slow_likelihood(audience, suspicious, organic, strength):
    """Sum over every way to split every bin."""
    found = np.zeros(sum(audience) + 1)
    for split in itertools.product(*(range(n + 1) for n in audience)):
        rest = [n - m for n, m in zip(audience, split, strict=True)]
        found[sum(split)] += math.exp(log_tree(split, suspicious, strength) + log_tree(rest, organic, strength))
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
        ([2, 0, 1, 2, 1, 1], [0, 1, 0, 3, 4, 6], [5, 4, 4, 2, 0, 1]),
        ([0, 0, 1], [10, 0, 0], [0, 10, 0]),
    ],
)
@pytest.mark.parametrize("strength", [0.25, 2.0])
def test_exact_equals_the_sum_over_every_split(audience, suspicious, organic, strength):
    expected = slow_likelihood(audience, suspicious, organic, strength)
    arrays = [np.array(part, dtype=float) for part in (audience, suspicious, organic)]
    found = np.exp(log_likelihood(*arrays, strength))
    assert found == pytest.approx(expected, rel=1e-9)


def test_strengths_are_averaged_by_how_well_they_foretell_the_validation_accounts():
    audience, suspicious, organic = [2, 0, 3], [0, 0, 5], [7, 2, 1]
    strengths = (0.25, 2.0)
    expected = np.zeros(6)
    for strength in strengths:
        evidence = sum(log_tree(known, [0, 0, 0], strength) for known in (suspicious, organic))
        expected += math.exp(evidence) * slow_likelihood(audience, suspicious, organic, strength)
    arrays = [np.array(part, dtype=float) for part in (audience, suspicious, organic)]
    assert share_posterior(*arrays, strengths).mass == pytest.approx(expected / expected.sum(), rel=1e-9)


def log_convolve_without_limits(left, right):
    result = np.full(len(left) + len(right) - 1, -np.inf)
    for shift, value in enumerate(right):
        part = result[shift : shift + len(left)]
        np.logaddexp(part, left + value, out=part)
    return result


@pytest.mark.parametrize(("n_validation", "distance", "share"), [(10**6, 0.1, 0.3), (1000, 2.3, 0.0), (100, 0.3, 1.0)])
def test_the_range_of_a_double_hides_nothing(monkeypatch, n_validation, distance, share):
    parts = simulate(2500, n_validation, distance, share)
    found = log_likelihood(*parts, 0.5)
    monkeypatch.setattr(mixture, "_log_convolve", log_convolve_without_limits)
    expected = log_likelihood(*parts, 0.5)
    likely = expected > expected.max() - 15
    assert found[likely] == pytest.approx(expected[likely], abs=1e-6)


@pytest.mark.parametrize(("n_validation", "distance", "share"), [(2000, 2.3, 0.3), (300, 1.5, 0.9), (2000, 3.3, 0.0)])
def test_a_long_list_counts_as_a_shorter_one_without_harm(monkeypatch, n_validation, distance, share):
    parts = simulate(12_000, n_validation, distance, share)
    intervals = []
    for longest in (6_000, 12_000):
        monkeypatch.setattr(mixture, "LONGEST_LIST", longest)
        posterior = share_posterior(*parts, (0.5,))
        intervals.append(highest_density_interval(posterior.suspicious_share, posterior.mass))
    assert intervals[0] == pytest.approx(intervals[1], abs=0.005)
    widths = [upper - lower for lower, upper in intervals]
    assert widths[0] == pytest.approx(widths[1], rel=0.15, abs=0.001)


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
@given(counts.filter(any))
def test_the_kinds_mirror_each_other(audience):
    k = len(audience)
    suspicious, organic = np.arange(k) * 3.0, np.arange(k)[::-1] * 2.0
    audience = np.array(audience, float)
    plain = share_posterior(audience, suspicious, organic)
    mirrored = share_posterior(audience, organic, suspicious)
    assert mirrored.mass[::-1] == pytest.approx(plain.mass, abs=1e-9)
    if k % 2 == 0:
        turned = share_posterior(audience[::-1], suspicious[::-1], organic[::-1])
        assert turned.mass == pytest.approx(plain.mass, abs=1e-9)


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


def test_a_narrow_step_to_the_population_keeps_the_mass():
    # Next to nothing is unseen: the Beta of each share is narrower than the points lie apart.
    of_list = share_posterior(*simulate(4000, 300, 2.0, 0.3))
    of_all = population_posterior(of_list, 4000, 1e-5)
    intervals = [highest_density_interval(one.suspicious_share, one.mass) for one in (of_list, of_all)]
    assert intervals[1] == pytest.approx(intervals[0], abs=0.001)
