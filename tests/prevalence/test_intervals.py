import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from botscan.errors import BotscanError
from botscan.prevalence.intervals import (
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


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0, 2.0, float("nan")])
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
