"""Windows of all scales against a scan that looks at each of them in turn."""

import numpy as np
import pytest
from scipy.stats import binom, norm

from botscan.blocks import windows
from botscan.blocks.marks import FEWEST, MarkColumn
from botscan.blocks.windows import SHORTEST, Crowds, find_crowds, half_lengths, n_windows


def test_stretches_without_places_give_no_crowds():
    nothing = np.zeros(0, dtype=np.int64)
    column = MarkColumn("inactive", np.zeros(100, dtype=np.int32), 0.1, 2.0)
    assert len(windows.test_stretches(column, nothing, nothing, nothing, 1.0).start) == 0


def all_windows(n):
    for half in half_lengths(n):
        for start in range(0, max(n - half, 0), half):
            yield half, start, min(start + 2 * half, n)


@pytest.mark.parametrize("n", [0, 1, 199, 200, 201, 399, 1_000, 1_001, 5_432])
def test_windows_of_a_scale_overlap_by_half_and_cover_the_list(n):
    found = list(all_windows(n))
    assert n_windows(n) == len(found)
    assert bool(found) == (n >= 4 * SHORTEST)
    for half in half_lengths(n):
        of_scale = [range(start, stop) for own, start, stop in found if own == half]
        assert set().union(*of_scale) == set(range(n))
        assert all(len(places) == 2 * half for places in of_scale[:-1])
        assert 2 * half <= n / 4


@pytest.mark.parametrize("seed", range(3))
def test_crowds_are_those_of_a_scan_of_every_window_and_category(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    n, inflation = 430, 1.3
    monkeypatch.setattr(windows, "_inflation", lambda *_: inflation)
    codes = rng.choice([-1, 0, 1, 2, 3], n, p=[0.1, 0.6, 0.2, 0.07, 0.03])
    codes[rng.integers(0, n - 60) + np.arange(60)] = rng.choice([0, 2, 3], 60)
    column = MarkColumn("inactive", codes.astype(np.int32), 0.05, 1.5)
    wanted = {}
    for _, start, stop in all_windows(n):
        size, whole = stop - start, codes.tolist()
        room_left, room_right = max(start - size // 2, 0), n - min(stop + size // 2, n)
        left = min(room_left, max(2 * size, 4 * size - min(room_right, 2 * size)))
        right = min(room_right, max(2 * size, 4 * size - min(room_left, 2 * size)))
        flanks = [*whole[room_left - left : room_left], *whole[n - room_right : n - room_right + right]]
        n_inside = sum(code >= 0 for code in whole[start:stop])
        n_outside = sum(code >= 0 for code in flanks)
        for category in (1, 2, 3):
            inside, outside = whole[start:stop].count(category), flanks.count(category)
            expected = n_inside * (outside + 0.5) / (n_outside + 1)
            if (
                inside >= FEWEST
                and n_outside >= n_inside
                and inside - expected >= 0.05 * n_inside
                and inside >= 1.5 * expected
            ):
                p_value = binom.sf(inside - 1, inside + outside, n_inside / (n_inside + n_outside))
                wanted[category, start, stop] = norm.sf(norm.isf(p_value) / inflation)
    found = find_crowds(column)
    places = zip(found.category.tolist(), found.start.tolist(), found.stop.tolist(), strict=True)
    assert dict(zip(places, found.p_value.tolist(), strict=True)) == pytest.approx(wanted)
    assert len(found.start) == len(wanted) >= 2
    assert (found.inflation == inflation).all()


def inflation_by_length(codes):
    codes = codes.astype(np.int32)
    codes[800:1_200] = 1
    found = find_crowds(MarkColumn("inactive", codes, 0.1, 2.0))
    return {
        int(stop - start): float(by) for start, stop, by in zip(found.start, found.stop, found.inflation, strict=True)
    }


def test_a_list_that_varies_no_more_than_chance_is_not_inflated_and_one_of_families_is():
    rng = np.random.default_rng(4)
    n = 20_000
    by_chance = inflation_by_length(rng.random(n) < 0.2)
    families = inflation_by_length(np.repeat(rng.random(n // 25) < 0.2, 25))
    assert by_chance[50] == pytest.approx(1.0, abs=0.1)
    assert families[50] > 2.0


def test_where_too_few_windows_can_tell_the_inflation_grows_with_the_length():
    found = inflation_by_length(np.repeat(np.random.default_rng(5).random(320) < 0.2, 10))
    assert set(found) >= {200, 400, 800}
    assert found[200] > 1.0
    # Thirty windows are enough: 3200 accounts have 31 of 200 and 15 of 400.
    assert found[400] == pytest.approx((1 + 2 * (found[200] ** 2 - 1)) ** 0.5)
    assert found[800] == pytest.approx((1 + 2 * (found[400] ** 2 - 1)) ** 0.5)


def test_crowds_join_and_are_taken_in_order():
    one = Crowds(*(np.array([value]) for value in (1, 0, 50, 0.1, 1.0)))
    other = Crowds(*(np.array([value]) for value in (2, 50, 100, 0.2, 1.5)))
    both = Crowds.joined([one, other])
    assert both.start.tolist() == [0, 50]
    assert both.take(np.array([False, True])).p_value.tolist() == [0.2]
