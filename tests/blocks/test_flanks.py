"""Flanks of a stretch, and how improbable what it holds is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom, norm

from botscan.blocks.flanks import FLANK_LENGTH, GUARD_LENGTH, Flanks, inflated, inflation_of, tail, z_values
from botscan.blocks.marks import MarkColumn


@st.composite
def stretches(draw):
    n = draw(st.integers(1, 400))
    start = draw(st.integers(0, n - 1))
    return n, start, draw(st.integers(start + 1, n))


@given(stretches())
def test_flanks_stand_inside_the_list_beside_the_stretch_and_have_the_right_sizes(drawn):
    n, start, stop = drawn
    found = Flanks.around(np.array([start]), np.array([stop]), n)
    left, left_end, right, right_end = (
        int(part[0]) for part in (found.left, found.left_end, found.right, found.right_end)
    )
    size = stop - start
    guard = int(GUARD_LENGTH * size)
    assert 0 <= left <= left_end <= start
    assert stop <= right <= right_end <= n
    assert left_end == max(start - guard, 0)
    assert right == min(stop + guard, n)
    room = left_end, n - right
    assert (left_end - left) + (right_end - right) == min(2 * FLANK_LENGTH * size, sum(room))
    if min(room) >= FLANK_LENGTH * size:
        assert left_end - left == right_end - right == FLANK_LENGTH * size
    places = found.places().tolist()
    assert places == [*range(left, left_end), *range(right, right_end)]


def test_at_an_end_one_side_has_the_length_of_both():
    found = Flanks.around(np.array([0, 950]), np.array([50, 1_000]), 1_000)
    assert (found.left_end - found.left).tolist() == [0, 200]
    assert (found.right_end - found.right).tolist() == [200, 0]
    assert (int(found.right[0]), int(found.left_end[1])) == (75, 925)


def test_a_stretch_of_the_whole_list_has_no_flanks():
    found = Flanks.around(np.array([0]), np.array([100]), 100)
    assert found.places().size == 0


def test_of_huge_flanks_evenly_as_many_places_as_matter_are_looked_at():
    found = Flanks.around(np.array([400_000]), np.array([500_000]), 1_000_000)
    places = found.places()
    assert 9_000 < len(places) <= 10_200
    assert len(np.unique(np.diff(places))) == 2
    assert 150_000 <= places.min() < places.max() < 750_000


@given(st.lists(st.integers(-1, 2), min_size=1, max_size=60), st.data())
def test_counts_in_flanks_are_those_of_a_loop(codes, data):
    n = len(codes)
    start = data.draw(st.integers(0, n - 1))
    stop = data.draw(st.integers(start + 1, n))
    column = MarkColumn("inactive", np.array(codes, dtype=np.int32), 0.1, 2.0)
    found = Flanks.around(np.array([start]), np.array([stop]), n)
    around = [codes[place] for place in found.places()]
    assert int(found.n_known(column)[0]) == sum(code >= 0 for code in around)
    assert [int(found.count(column, category)[0]) for category in (1, 2)] == [around.count(1), around.count(2)]


COUNTS = [(inside, outside) for inside in (5, 10, 50, 100) for outside in (5, 20, 100, 400)]


@pytest.mark.parametrize(("n_inside", "n_outside"), COUNTS)
def test_the_tail_is_binomial_and_bounds_the_hypergeometric_from_one_above_the_mean_on(n_inside, n_outside):
    size = n_inside + n_outside
    for total in range(1, size + 1, max(1, size // 25)):
        inside = np.arange(max(1, total - n_outside), min(total, n_inside) + 1)
        whole = np.full(len(inside), n_inside), np.full(len(inside), n_outside)
        found = tail(inside, total - inside, *whole)
        assert found == pytest.approx(binom.sf(inside - 1, total, n_inside / size), rel=1e-9)
        above = inside >= total * n_inside / size + 1
        exact = hypergeom.sf(inside - 1, size, total, n_inside)
        assert (found[above] >= exact[above] * (1 - 1e-9)).all()
        # Nearer to the mean it may fall below, where nothing is rejected.
        is_below = found < exact * (1 - 1e-9)
        assert (found[is_below] > 0.1).all()


def test_nothing_inside_or_nobody_outside_is_no_sign():
    zero, one = np.array([0, 4]), np.array([3, 0])
    assert tail(zero, one, np.array([10, 10]), np.array([10, 0])).tolist() == [1.0, 1.0]
    assert tail(np.array([0]), np.array([0]), np.array([0]), np.array([0])).tolist() == [1.0]


def test_the_tail_takes_a_prediction_that_is_no_whole_number_between_its_neighbours():
    found = tail(np.full(3, 12), np.array([20, 20.5, 21]), np.full(3, 100), np.full(3, 400))
    assert found[0] < found[1] < found[2]


def test_z_values_have_the_mean_and_the_variance_of_the_hypergeometric_law():
    n_inside, n_outside, total = 60, 240, 90
    law = hypergeom(n_inside + n_outside, total, n_inside)
    inside = np.arange(5, 40)
    found = z_values(inside, total - inside, np.full(35, n_inside), np.full(35, n_outside))
    assert found == pytest.approx((inside - law.mean()) / law.std())


@pytest.mark.parametrize("spread", [1.0, 1.5, 3.0])
def test_inflation_is_the_spread_of_the_middle_and_crowds_do_not_raise_it(spread):
    z = np.random.default_rng(1).normal(0.0, spread, 20_000)
    assert inflation_of(z) == pytest.approx(spread, abs=0.06)
    z[:1_000] = 40.0
    assert inflation_of(z) == pytest.approx(spread * 1.06, rel=0.06)


def test_inflation_is_never_below_one():
    assert inflation_of(np.random.default_rng(2).normal(0.0, 0.3, 5_000)) == 1.0


def test_inflated_p_values_are_those_of_a_wider_normal_law_and_never_smaller():
    p_values = np.array([1e-30, 1e-6, 0.01, 0.4, 0.5, 0.9, 1.0])
    assert inflated(p_values, 1.0) == pytest.approx(p_values)
    found = inflated(p_values, 2.0)
    assert found[:4] == pytest.approx(norm.sf(norm.isf(p_values[:4]) / 2.0))
    assert (found[4:] == p_values[4:]).all()
    assert (found >= p_values).all()
    assert 0 < inflated(np.array([0.0]), 1.0)[0] < 1e-200
