"""Windows along the follow order, from fifty accounts to a quarter of the list, each against its flanks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botscan.blocks.flanks import Flanks, Places, inflated, inflation_of, tail, z_values
from botscan.blocks.marks import FEWEST, MarkColumn

#: The shortest window; half of it is the step.
SHORTEST = 50
#: The longest window as a share of the list: its flanks need room.
LONGEST_SHARE = 0.25
#: Windows needed to see how much a list varies at one scale.
_ENOUGH_WINDOWS = 30
#: Common categories that are looked at.
_MOST_COMMON = 12
#: A category is common at a scale when a window holds so many on average.
_COMMON = 5.0


@dataclass(frozen=True, eq=False)
class Crowds:
    """Windows that hold more of a category than their flanks predict, shape (n,) each.

    `p_value` is of one window and category alone, with the list's own variation taken in; `inflation` is that
    variation, as a factor of the standard deviation.
    """

    category: Places
    start: Places
    stop: Places
    p_value: NDArray[np.float64]
    inflation: NDArray[np.float64]

    @classmethod
    def joined(cls, parts: Sequence[Crowds]) -> Crowds:
        """Return all crowds of several scales."""
        names = ("category", "start", "stop", "p_value", "inflation")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def take(self, chosen: NDArray[np.bool_] | Places) -> Crowds:
        """Return some of the crowds."""
        return Crowds(*(getattr(self, name)[chosen] for name in ("category", "start", "stop", "p_value", "inflation")))


@dataclass(frozen=True, eq=False)
class _Halves:
    """How many of each category stand in each half window of a scale, shape (k,); empty ones are left out.

    A cell is ``category << shift | number of the half``; cells rise. There are fewer than ``2 ** (shift - 1)`` halves,
    so that the last of a category and the first of the next are no neighbours.
    """

    cells: Places
    sizes: Places
    shift: int

    @classmethod
    def of(cls, column: MarkColumn, half: int) -> _Halves:
        """Count the marks of a column in halves of so many accounts."""
        n = len(column)
        category = column.keys // n
        shift = (n // half + 1).bit_length() + 1
        cells = (category << shift) + (column.keys - category * n) // half
        return cls(*_merged(cells, np.ones(len(cells), dtype=np.int64)), shift)

    def doubled(self) -> _Halves:
        """Return the counts in halves of twice the length."""
        return _Halves(*_merged(self.cells >> 1, self.sizes), self.shift - 1)

    def windows(self, n_windows: int) -> tuple[Places, Places, Places]:
        """Return category, number and count of the windows that hold enough of a category; a window is two halves."""
        number = self.cells & ((1 << self.shift) - 1)
        is_next = np.diff(self.cells) == 1
        counts = self.sizes.copy()
        counts[:-1] += np.where(is_next, self.sizes[1:], 0)
        # A half is the right one of a window too: of one that is not yet there where the half to its left is empty.
        is_right = (self.sizes >= FEWEST) & (number > 0)
        is_right[1:] &= ~is_next
        is_left = (counts >= FEWEST) & (number < n_windows)
        chosen = np.flatnonzero(np.stack([is_right, is_left], axis=1))
        cell, is_of_left = chosen // 2, chosen % 2 == 1
        inside = np.where(is_of_left, counts[cell], self.sizes[cell])
        return self.cells[cell] >> self.shift, number[cell] - 1 + is_of_left, inside


def _merged(cells: Places, sizes: Places) -> tuple[Places, Places]:
    """Return rising cells with their sizes, equal ones as one."""
    first = np.flatnonzero(np.diff(cells, prepend=-1))
    return cells[first], np.add.reduceat(sizes, first) if len(first) else sizes


def half_lengths(n: int) -> list[int]:
    """Return half the length of the windows of each scale.

    Examples
    --------
    >>> half_lengths(1_000)
    [25, 50, 100]
    """
    halves, half = [], SHORTEST // 2
    while 2 * half <= LONGEST_SHARE * n:
        halves.append(half)
        half *= 2
    return halves


def n_windows(n: int) -> int:
    """Return how many windows of all scales a list of n has."""
    return sum(max(-(-n // half) - 1, 0) for half in half_lengths(n))


def find_crowds(column: MarkColumn) -> Crowds:
    """Return the windows that hold at least so many more of a category as the column asks for.

    Parameters
    ----------
    column
        Marks in follow order.

    Returns
    -------
    crowds
        Windows of all scales; overlapping ones too.
    """
    n = len(column)
    parts, inflation = [], 1.0
    totals = np.bincount(column.codes[column.codes > 0], minlength=1)
    halves = _Halves.of(column, SHORTEST // 2)
    for half, windows in _scales(n):
        inflation = _inflation(column, totals, windows, inflation)
        category, number, inside = halves.windows(len(windows[0]))
        start = number * half
        parts.append(_tested(column, category, start, np.minimum(start + 2 * half, n), inflation, inside=inside))
        halves = halves.doubled()
    return Crowds.joined(parts) if parts else _none()


def test_stretches(column: MarkColumn, category: Places, start: Places, stop: Places, inflation: float) -> Crowds:
    """Test stretches against their flanks; those below the column's limits are left out."""
    return _tested(column, category, start, stop, inflation, inside=column.count(category, start, stop))


def _tested(
    column: MarkColumn, category: Places, start: Places, stop: Places, inflation: float, *, inside: Places
) -> Crowds:
    n_inside = column.n_known(start, stop)
    # An excess is never more than there are: most stretches need no look at their flanks.
    many = (inside >= FEWEST) & (inside >= column.least_excess * n_inside)
    category, start, stop, inside, n_inside = (part[many] for part in (category, start, stop, inside, n_inside))
    flanks = Flanks.around(start, stop, len(column))
    outside, n_outside = flanks.count(column, category), flanks.n_known(column)
    expected = n_inside * (outside + 0.5) / np.maximum(n_outside + 1.0, 1.0)
    chosen = (
        (n_outside >= n_inside)
        & (inside - expected >= column.least_excess * n_inside)
        & (inside >= column.least_ratio * expected)
    )
    p_values = tail(inside[chosen], outside[chosen], n_inside[chosen], n_outside[chosen])
    return Crowds(
        category[chosen],
        start[chosen],
        stop[chosen],
        inflated(p_values, inflation),
        np.full(int(chosen.sum()), inflation),
    )


def _scales(n: int) -> Iterator[tuple[int, tuple[Places, Places]]]:
    for half in half_lengths(n):
        start = np.arange(max(-(-n // half) - 1, 0), dtype=np.int64) * half
        yield half, (start, np.minimum(start + 2 * half, n))


def _inflation(column: MarkColumn, totals: Places, windows: tuple[Places, Places], of_finer_scale: float) -> float:
    """Return how much more the windows of a scale vary than chance; from the finer scale where too few can tell.

    Accounts that are alike because they stand near one another make the excess variance grow with the length.
    """
    start, stop = windows
    grown = float(np.sqrt(1.0 + 2.0 * (of_finer_scale**2 - 1.0)))
    if len(start) < _ENOUGH_WINDOWS:
        return grown
    n_known = max(int(column.n_known(0, len(column))), 1)
    common = np.argsort(-totals, kind="stable")[:_MOST_COMMON]
    common = common[totals[common] * float((stop - start).mean()) / n_known >= _COMMON]
    if not len(common):
        return grown
    flanks = Flanks.around(start, stop, len(column))
    n_inside, n_outside = column.n_known(start, stop), flanks.n_known(column)
    found = [
        z_values(column.count(category, start, stop), flanks.count(column, category), n_inside, n_outside)
        for category in common
    ]
    return inflation_of(np.concatenate(found))


def _none() -> Crowds:
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Crowds(whole, whole, whole, real, real)
