"""What scores are worth, against information matrices, simulation and published sizes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.prevalence.from_labels.prediction_powered import LabeledSample, estimate_suspicious_share
from botscan.prevalence.intervals import wilson_half_width
from botscan.prevalence.planning.score_worth import KnownDomain, variance_ratio_of
from botscan.prevalence.planning.two_phase_plan import TwoPhases


@pytest.mark.parametrize(
    ("auc", "share", "n"),
    [
        (0.85, 0.1, 1_662),
        (0.85, 0.3, 2_610),
        (0.95, 0.1, 737),
        (0.95, 0.3, 1_430),
        (0.99, 0.1, 491),
        (0.99, 0.3, 1_066),
    ],
)
def test_three_points_from_scores_alone_need_so_many(auc, share, n):
    # These are sizes of the unbinned maximum likelihood with known score densities; twelve bins lose next to nothing.
    half_width = KnownDomain.of_auc(auc).half_width(share, n)
    assert half_width == pytest.approx(0.03, rel=0.015)
    assert half_width > 0.0299  # binning never gains


def variance_of_everything(domain, share, n):
    """Return the variance of the share from the Fisher information of the share and both profiles together."""
    p, q = domain.suspicious, domain.organic
    k = len(p)
    mixture = share * p + (1 - share) * q
    # Free parameters: the share, the first k - 1 of p, the first k - 1 of q.
    simplex = np.vstack([np.eye(k - 1), -np.ones(k - 1)])
    of_mixture = np.column_stack([p - q, share * simplex, (1 - share) * simplex])
    of_p = np.column_stack([np.zeros(k), simplex, np.zeros((k, k - 1))])
    of_q = np.column_stack([np.zeros(k), np.zeros((k, k - 1)), simplex])
    information = sum(
        size * part.T @ (part / probability[:, None])
        for size, part, probability in (
            (n, of_mixture, mixture),
            (domain.n_suspicious, of_p, p),
            (domain.n_organic, of_q, q),
        )
    )
    return np.linalg.inv(information)[0, 0]


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.9])
@pytest.mark.parametrize(("auc", "n_p", "n_q"), [(0.85, 150, 1_000), (0.95, 1_000, 1_000), (0.97, 4_000, 200)])
def test_the_variance_is_that_of_maximum_likelihood(auc, share, n_p, n_q):
    known = KnownDomain.of_auc(auc)
    domain = KnownDomain(known.suspicious, known.organic, n_p, n_q)
    n = 2_000
    everything = variance_of_everything(domain, share, n)
    # The list is a random sample of an endless audience there; of the list alone its sampling is left out.
    assert domain.variance(share, n) + share * (1 - share) / n == pytest.approx(everything, rel=1e-6)


def test_two_bins_give_the_variance_of_the_corrected_count():
    # Rogan and Gladen: counting above a line, corrected by known rates.
    true_rate, false_rate, share, n = 0.8, 0.1, 0.3, 500
    domain = KnownDomain(np.array([1 - true_rate, true_rate]), np.array([1 - false_rate, false_rate]))
    seen = share * true_rate + (1 - share) * false_rate
    expected = seen * (1 - seen) / n / (true_rate - false_rate) ** 2
    assert domain.variance(share, n) + share * (1 - share) / n == pytest.approx(expected)


def test_scores_that_separate_leave_the_sampling_of_the_followers_alone():
    domain = KnownDomain.of_auc(0.9999999)
    assert domain.half_width(0.3, 500) == pytest.approx(wilson_half_width(0.3, 500), rel=1e-3)
    assert domain.half_width(0.3, 500, 500) < 1e-3


def test_scores_that_tell_nothing_tell_nothing():
    domain = KnownDomain.of_auc(0.5)
    assert domain.variance(0.3, 10**6) == math.inf
    assert domain.domain_floor(0.3) == 0.5


@settings(deadline=None, max_examples=60)
@given(
    st.floats(0.6, 0.99),
    st.floats(0, 1),
    st.integers(50, 20_000),
    st.sampled_from([100, 1_000, math.inf]),
    st.floats(1, 50),
)
def test_more_followers_more_validation_accounts_and_better_scores_never_widen(auc, share, n, n_validation, times):
    population = 50 * n
    width = KnownDomain.of_auc(auc, n_validation).half_width(share, n, population)
    slack = 1 + 1e-6
    assert KnownDomain.of_auc(auc, n_validation).half_width(share, round(n * times), population) <= width * slack
    assert KnownDomain.of_auc(auc, 2 * n_validation).half_width(share, n, population) <= width * slack
    assert KnownDomain.of_auc(min(0.995, auc + 0.05), n_validation).half_width(share, n, population) <= width * slack
    assert KnownDomain.of_auc(auc, n_validation).half_width(share, n, n) <= width * slack


def test_validation_accounts_set_a_floor():
    domain = KnownDomain.of_auc(0.95, 300)
    assert domain.half_width(0.3, 10**9) == pytest.approx(domain.half_width(0.3, 10**12), rel=1e-3)
    assert domain.half_width(0.3, 10**9) > 0.03


def test_a_profile_of_other_audiences_leaves_seven_or_eight_points():
    found = [100 * KnownDomain.of_auc(0.95).domain_floor(share) for share in (0.1, 0.3, 0.5)]
    assert all(6.5 <= points <= 8.0 for points in found), found


@pytest.mark.parametrize("auc", [0.6, 0.75, 0.85, 0.95])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.5])
def test_a_label_is_worth_what_the_scores_explain(auc, share):
    rng = np.random.Generator(np.random.Philox(1))
    distance = {0.6: 0.358, 0.75: 0.954, 0.85: 1.466, 0.95: 2.326}[auc]
    y = rng.random(400_000) < share
    prediction = 1 / (1 + np.exp(-distance * (rng.normal(y * distance, 1.0) - distance / 2)))
    explained = np.corrcoef(y, prediction)[0, 1] ** 2
    assert variance_ratio_of(auc, share) == pytest.approx(1 / (1 - explained), rel=0.015)


def test_few_labels_trust_scores_less_and_no_label_counts_for_more_than_four():
    found = [variance_ratio_of(0.95, 0.3, n) for n in (20, 100, 1_000, math.inf)]
    assert found == sorted(found)
    assert found[0] < 0.7 * found[-1]
    assert variance_ratio_of(0.999, 0.5) == 4.0
    assert variance_ratio_of(0.5, 0.3) == variance_ratio_of(0.9, 0.0) == variance_ratio_of(0.9, 1.0) == 1.0


@pytest.mark.parametrize(("auc", "share", "n", "fetched"), [(0.85, 0.3, 100, 1_000), (0.97, 0.2, 150, 2_000)])
def test_the_estimator_reaches_the_width_that_is_planned(auc, share, n, fetched):
    rng = np.random.Generator(np.random.Philox(2))
    distance = {0.85: 1.4657, 0.97: 2.6599}[auc]
    widths = []
    for _ in range(150):
        y = (rng.random(fetched) < share).astype(float)
        prediction = 1 / (1 + np.exp(-distance * (rng.normal(y * distance, 1.0) - distance / 2)))
        sample = LabeledSample(y[:n], prediction[:n], prediction.mean(), (prediction**2).mean(), fetched, math.inf)
        _, lower, upper, _ = estimate_suspicious_share(sample, 0.95)
        widths.append((upper - lower) / 2)
    planned = TwoPhases(share, 0.95, variance_ratio_of(auc, share, n)).half_width(n, fetched)
    assert np.mean(widths) == pytest.approx(planned, rel=0.04)
