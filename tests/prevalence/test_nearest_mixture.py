import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.prevalence.nearest_mixture import expected_noise, nearest_mixture, sampling_error, squared_distance

seeds = st.integers(0, 10_000)


def families(seed, n_families=4, sizes=(8, 5, 2)):
    rng = np.random.Generator(np.random.Philox(seed))
    return [rng.dirichlet(np.full(size, 0.5), n_families) for size in sizes]


def mean_square(audience, tables, weights):
    return float(np.mean([squared_distance(one, weights @ table) for one, table in zip(audience, tables, strict=True)]))


@settings(deadline=None, max_examples=40)
@given(seeds)
def test_a_mixture_of_the_families_is_found_again(seed):
    tables = families(seed)
    truth = np.random.Generator(np.random.Philox(seed + 1)).dirichlet(np.ones(4))
    audience = [truth @ table for table in tables]
    weights = nearest_mixture(audience, tables)
    assert weights.sum() == pytest.approx(1.0)
    assert (weights >= 0).all()
    assert mean_square(audience, tables, weights) < 3e-6


@settings(deadline=None, max_examples=40)
@given(seeds)
def test_no_other_mixture_is_nearer(seed):
    tables = families(seed)
    audience = [table[0] for table in families(seed + 20_000, n_families=1)]
    found = mean_square(audience, tables, nearest_mixture(audience, tables))
    rng = np.random.Generator(np.random.Philox(seed))
    others = [*np.eye(4), *rng.dirichlet(np.full(4, 0.5), 300)]
    assert all(found <= mean_square(audience, tables, other) + 2e-6 for other in others)


@settings(deadline=None, max_examples=20)
@given(seeds)
def test_the_order_of_families_and_features_says_nothing(seed):
    tables = families(seed)
    audience = [table[0] for table in families(seed + 20_000, n_families=1)]
    weights = nearest_mixture(audience, tables)
    order = np.random.Generator(np.random.Philox(seed)).permutation(4)
    again = nearest_mixture(audience[::-1], [table[order] for table in tables[::-1]])
    assert mean_square(audience, tables, weights) == pytest.approx(
        mean_square(audience, [table[order] for table in tables], again), abs=1e-9
    )


def test_an_audience_that_shares_no_bin_with_any_family_is_as_far_as_can_be():
    weights = nearest_mixture([np.array([0.0, 0.0, 1.0])], [np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])])
    assert weights.tolist() == [0.5, 0.5]
    assert squared_distance(np.array([0.0, 0.0, 1.0]), np.array([0.75, 0.25, 0.0])) == 1.0


@pytest.mark.parametrize("n", [5, 30, 100, 1_000, 20_000])
@pytest.mark.parametrize("shares", [[0.5, 0.5], [0.9, 0.07, 0.02, 0.01], [1 / 25] * 25, [0.97, *[0.001] * 30]])
def test_expected_noise_is_the_mean_over_many_samples(n, shares):
    rng = np.random.Generator(np.random.Philox(n))
    mixture = np.array(shares) / np.sum(shares)
    samples = rng.multinomial(n, mixture, size=4_000) / n
    squares = 1.0 - np.sqrt(samples * mixture).sum(axis=1)
    error = squares.std() / np.sqrt(len(squares))
    # Poisson counts stand for those of a sample of fixed size.
    assert expected_noise(mixture, n) == pytest.approx(squares.mean(), rel=0.12, abs=4 * error)


def test_expected_noise_of_bins_that_hold_nothing_is_nothing():
    assert expected_noise(np.array([1.0, 0.0, 1e-300]), 100) == pytest.approx(0.0, abs=1e-12)
    assert expected_noise(np.array([0.5, 0.5, 0.0]), 100) == expected_noise(np.array([0.5, 0.5]), 100)


def test_sampling_error_is_the_spread_of_samples():
    rng = np.random.Generator(np.random.Philox(2))
    truth, mixture = np.array([0.3, 0.5, 0.2]), np.array([0.6, 0.3, 0.1])
    samples = rng.multinomial(400, truth, size=4_000) / 400
    squares = 1.0 - np.sqrt(samples * mixture).sum(axis=1)
    assert sampling_error(truth, mixture, 400) == pytest.approx(squares.std(), rel=0.04)
