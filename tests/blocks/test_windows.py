"""Windows of all scales against a scan that looks at each of them in turn."""

import numpy as np
import pytest
from scipy.stats import binom, norm

from botscan.blocks.marks import FEWEST, MarkColumn
from botscan.blocks.scales import half_lengths
from botscan.blocks.windows import Crowds, find_crowds, weigh_stretches


def test_stretches_without_places_give_no_crowds():
    nothing = np.zeros(0, dtype=np.int64)
    column = MarkColumn("inactive", np.zeros(100, dtype=np.int32), 0.1, 2.0)
    assert len(weigh_stretches(column, nothing, nothing, nothing).start) == 0


def all_windows(n):
    for half in half_lengths(n):
        for start in range(0, max(n - half, 0), half):
            yield half, start, min(start + 2 * half, n)


def widened(length, inflation):
    """The excess variance of a list grows with the length of a window."""
    return (1 + (inflation**2 - 1) * max(length / 50, 1)) ** 0.5


@pytest.mark.parametrize("seed", range(3))
def test_crowds_are_those_of_a_scan_of_every_window_and_category(seed):
    rng = np.random.default_rng(seed)
    n, inflation = 430, 1.3
    codes = rng.choice([-1, 0, 1, 2, 3], n, p=[0.1, 0.6, 0.2, 0.07, 0.03])
    codes[rng.integers(0, n - 60) + np.arange(60)] = rng.choice([0, 2, 3], 60)
    column = MarkColumn("inactive", codes.astype(np.int32), 0.05, 1.5, variation=((50, inflation),))
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
                wanted[category, start, stop] = norm.sf(norm.isf(p_value) / widened(stop - start, inflation))
    found = find_crowds(column)
    places = zip(found.category.tolist(), found.start.tolist(), found.stop.tolist(), strict=True)
    assert dict(zip(places, found.p_value.tolist(), strict=True)) == pytest.approx(wanted)
    assert len(found.start) == len(wanted) >= 2


def test_crowds_join_and_are_taken_in_order():
    one = Crowds(*(np.array([value]) for value in (1, 0, 50, 0.1)))
    other = Crowds(*(np.array([value]) for value in (2, 50, 100, 0.2)))
    both = Crowds.joined([one, other])
    assert both.start.tolist() == [0, 50]
    assert both.take(np.array([False, True])).p_value.tolist() == [0.2]
