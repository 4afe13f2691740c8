import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from botscan.errors import BotscanError
from botscan.prevalence.intervals import (
    difference_interval,
    exact_interval,
    highest_density_interval,
    normal_quantile,
    product_interval,
    wilson_half_width,
    wilson_interval,
)

shares = st.floats(0, 1)
sizes = st.floats(0.5, 1e9)
levels = st.floats(0.5, 0.999)


def slow_wilson(proportion, n, level):
    """Widen from the proportion until the score test rejects."""
    z = stats.norm.ppf((1 + level) / 2)

    def last_accepted(end):
        inside, outside = proportion, end
        for _ in range(200):
            middle = (inside + outside) / 2
            accepted = (proportion - middle) ** 2 <= z**2 * middle * (1 - middle) / n
            inside, outside = (middle, outside) if accepted else (inside, middle)
        return inside

    return last_accepted(0.0), last_accepted(1.0)


@settings(deadline=None)
@given(st.floats(0.001, 0.999), st.floats(1, 1e6), levels)
def test_wilson_inverts_the_score_test(proportion, n, level):
    assert wilson_interval(proportion, n, level) == pytest.approx(slow_wilson(proportion, n, level), abs=1e-6)


@settings(deadline=None)
@given(shares, sizes, levels)
def test_wilson_holds_the_proportion_inside_the_unit_interval(proportion, n, level):
    lower, upper = wilson_interval(proportion, n, level)
    assert 0 <= lower <= proportion <= upper <= 1


@settings(deadline=None)
@given(st.integers(1, 400), shares, st.integers(0, 10**9) | st.just(math.inf), levels)
def test_exact_holds_the_proportion_inside_the_unit_interval(n, proportion, more, level):
    events = proportion * n
    lower, upper = exact_interval(events, n, n + more, level)
    assert 0 <= lower <= events / n <= upper <= 1


def test_wilson_of_known_numbers():
    # Brown, Cai, DasGupta (2001) use the same formula; 0 of 20 gives z^2 / (n + z^2).
    z2 = stats.norm.ppf(0.975) ** 2
    assert wilson_interval(0.0, 20) == pytest.approx((0.0, z2 / (20 + z2)))
    assert wilson_interval(0.3, math.inf) == (0.3, 0.3)


@given(shares, sizes, levels)
def test_half_width_is_half_the_width(proportion, n, level):
    z2 = normal_quantile(level) ** 2
    centre = (n * proportion + z2 / 2) / (n + z2)
    half = wilson_half_width(proportion, n, level)
    lower, upper = wilson_interval(proportion, n, level)
    assert lower == pytest.approx(min(max(0, centre - half), proportion), abs=1e-12)
    assert upper == pytest.approx(max(min(1, centre + half), proportion), abs=1e-12)


def test_exact_interval_is_clopper_pearson():
    for events, n in [(0, 30), (1, 30), (7, 30), (29, 30), (30, 30)]:
        expected = stats.binomtest(events, n).proportion_ci(0.9, method="exact")
        assert exact_interval(events, n, confidence_level=0.9) == pytest.approx((expected.low, expected.high), abs=1e-9)


@pytest.mark.parametrize(("n", "size"), [(1, 1), (5, 30), (40, 50), (30, 31), (25, 25), (30, 400)])
def test_exact_interval_of_a_finite_list_holds_every_number_that_the_sample_does_not_refute(n, size):
    in_list = np.arange(size + 1)
    for events in range(n + 1):
        as_many = stats.hypergeom.sf(events - 1, size, in_list, n)
        as_few = stats.hypergeom.cdf(events, size, in_list, n)
        held = in_list[(as_many > 0.025) & (as_few > 0.025)] / size
        assert exact_interval(events, n, size) == pytest.approx(
            (min(held.min(), events / n), max(held.max(), events / n)), abs=1e-12
        )


@pytest.mark.parametrize(("n", "size"), [(10, 20), (40, 50), (45, 50), (100, 200), (180, 200)])
def test_exact_interval_covers_every_finite_list(n, size):
    ends = np.array([exact_interval(events, n, size) for events in range(n + 1)])
    for in_list in range(size + 1):
        chance = stats.hypergeom.pmf(np.arange(n + 1), size, in_list, n)
        held = (ends[:, 0] <= in_list / size + 1e-9) & (in_list / size - 1e-9 <= ends[:, 1])
        assert chance[held].sum() >= 0.95 - 1e-9


def test_a_long_list_is_as_good_as_endless():
    assert exact_interval(2, 100, 10**10) == pytest.approx(exact_interval(2, 100), abs=1e-6)


def test_half_an_event_widens_to_either_side():
    assert exact_interval(2.5, 40, 500) == (exact_interval(2, 40, 500)[0], exact_interval(3, 40, 500)[1])


def test_a_product_with_a_known_share_is_scaled_and_otherwise_wider():
    assert product_interval((0.4, 0.3, 0.6), (0.5, 0.5, 0.5)) == pytest.approx((0.2, 0.15, 0.3))
    # 0.5 * 0.1 and 0.4 * 0.2 below, 0.5 * 0.2 and 0.4 * 0.1 above.
    assert product_interval((0.4, 0.3, 0.6), (0.5, 0.3, 0.6)) == pytest.approx(
        (0.2, 0.2 - math.hypot(0.05, 0.08), 0.2 + math.hypot(0.1, 0.04))
    )


def test_exact_interval_covers_at_every_share_where_wilson_does_not():
    n = 100
    intervals = {"exact": exact_interval, "wilson": lambda events, n: wilson_interval(events / n, n)}
    for name, interval in intervals.items():
        ends = [interval(events, n) for events in range(n + 1)]
        coverage = [
            sum(stats.binom.pmf(events, n, share) for events, (low, high) in enumerate(ends) if low <= share <= high)
            for share in np.linspace(0.005, 0.05, 40)
        ]
        assert (min(coverage) >= 0.95) == (name == "exact")


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0, 2.0, float("nan"), 0.9999999999999999])
def test_a_level_outside_is_refused(level):
    with pytest.raises(BotscanError, match="confidence level"):
        normal_quantile(level)


@settings(deadline=None)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=12).filter(any), st.sampled_from([0.5, 0.8, 0.95]))
def test_highest_density_holds_the_level_with_the_heaviest_points(weights, level):
    mass = np.array(weights, dtype=float)
    points = np.linspace(0, 1, len(mass))
    lower, upper = highest_density_interval(points, mass, level)
    inside = (points >= lower) & (points <= upper)
    assert mass[inside].sum() >= level * mass.sum() * (1 - 1e-9)
    # The ends are needed: the points at least as heavy as both do not reach the level without them.
    heavier = mass > min(mass[points == lower][0], mass[points == upper][0])
    assert mass[heavier].sum() < level * mass.sum()


def test_highest_density_reaches_both_ends_of_the_scale():
    points = np.linspace(0, 1, 101)
    assert highest_density_interval(points, np.exp(-40 * points))[0] == 0.0
    assert highest_density_interval(points, np.exp(40 * (points - 1)))[1] == 1.0


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_points_that_are_equally_probable_stand_inside_together(level):
    points = np.linspace(0, 1, 1001)
    assert highest_density_interval(points, np.full(1001, 1 / 1001), level) == (0.0, 1.0)
    uneven = np.full(1001, 1.0) + np.random.default_rng(1).normal(0, 1e-14, 1001)
    assert highest_density_interval(points, uneven, level) == (0.0, 1.0)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=15).filter(any), levels)
def test_a_symmetric_posterior_has_a_symmetric_interval(half, level):
    mass = np.array(half + half[::-1], dtype=float)
    points = np.arange(len(mass)) - (len(mass) - 1) / 2
    lower, upper = highest_density_interval(points, mass / mass.sum(), level)
    assert lower == -upper


ends = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted).map(lambda three: (three[1], three[0], three[2]))


@given(ends, ends)
def test_a_difference_changes_its_sign_with_the_order_and_stays_between_the_ends(first, second):
    difference, lower, upper = difference_interval(first, second)
    assert (-difference, -upper, -lower) == pytest.approx(difference_interval(second, first), abs=1e-12)
    assert lower <= difference <= upper
    assert first[1] - second[2] - 1e-12 <= lower
    assert upper <= first[2] - second[1] + 1e-12


@given(ends, shares)
def test_from_a_known_share_a_difference_is_only_shifted(first, known):
    difference = difference_interval(first, (known, known, known))
    assert difference == pytest.approx([value - known for value in first], abs=1e-12)


@pytest.mark.parametrize(
    ("first", "second", "lower", "upper"),
    # Table II of Newcombe (1998), method 10, of which nothing but the two Wilson intervals is needed.
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0)],
)
def test_a_difference_of_wilson_intervals_is_newcombes(first, second, lower, upper):
    one, other = ((events / n, *wilson_interval(events / n, n)) for events, n in (first, second))
    assert difference_interval(one, other)[1:] == pytest.approx((lower, upper), abs=5e-5)


def coverage_of_difference(interval, sizes, chances):
    """Add up the chances of all pairs of samples whose interval holds the true difference."""
    events = [np.arange(n + 1) for n in sizes]
    intervals = [
        np.array([(k / n, *interval(int(k), n)) for k in one]) for one, n in zip(events, sizes, strict=True)
    ]  # fmt: skip
    (p, p_lower, p_upper), (q, q_lower, q_upper) = intervals[0].T[:, :, None], intervals[1].T[:, None, :]
    lower = p - q - np.hypot(p - p_lower, q_upper - q)
    upper = p - q + np.hypot(p_upper - p, q - q_lower)
    chance = np.outer(*(stats.binom.pmf(one, n, c) for one, n, c in zip(events, sizes, chances, strict=True)))
    truth = chances[0] - chances[1]
    return chance[(lower - 1e-12 <= truth) & (truth <= upper + 1e-12)].sum()


@pytest.mark.parametrize(("sizes", "worst"), [((30, 30), 0.9), ((50, 120), 0.935), ((200, 60), 0.94)])
def test_a_difference_of_independent_samples_covers(sizes, worst):
    grid = [0.005, 0.03, 0.1, 0.3, 0.5, 0.8, 0.97]
    pairs = [(p, q) for p in grid for q in grid]
    exact = [coverage_of_difference(exact_interval, sizes, pair) for pair in pairs]
    wilson = [coverage_of_difference(lambda k, n: wilson_interval(k / n, n), sizes, pair) for pair in pairs]
    assert min(exact) >= 0.95
    assert np.mean(wilson) >= 0.95
    assert min(wilson) >= worst


def test_a_difference_covers_more_where_errors_go_together_and_less_where_they_go_against_each_other():
    rng = np.random.Generator(np.random.Philox(8))
    runs, held = 4000, {}
    for name, sign in (("together", 1), ("apart", 0), ("against", -1)):
        shared = rng.normal(size=runs)
        noise = rng.normal(size=runs)
        first = shared
        second = sign * 0.8 * shared + math.sqrt(1 - 0.64 * sign**2) * noise
        half = normal_quantile(0.95)
        found = [
            difference_interval((a, a - half, a + half), (b, b - half, b + half))
            for a, b in zip(first, second, strict=True)
        ]
        held[name] = sum(lower <= 0 <= upper for _, lower, upper in found) / runs
    assert held["together"] >= 0.999
    assert stats.binomtest(round(held["apart"] * runs), runs, 0.95).pvalue > 0.01
    assert held["against"] < 0.9
