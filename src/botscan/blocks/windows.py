"""Windows along the follow order, from fifty accounts to a quarter of the list, each against its flanks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from botscan.blocks.flanks import Flanks, Positions, inflated, tail
from botscan.blocks.marks import FEWEST, MarkColumn
from botscan.blocks.scales import SHORTEST, half_lengths, starts_of


@dataclass(frozen=True, eq=False)
class Crowds:
    """Windows that hold more of a category than their flanks predict, shape (n,) each.

    `p_value` is of one window and category alone, widened by the list's own variation.
    """

    category: Positions
    start: Positions
    stop: Positions
    p_value: NDArray[np.float64]

    @classmethod
    def joined(cls, parts: Sequence[Crowds]) -> Crowds:
        """Return all crowds of several scales."""
        return cls(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)))

    def take(self, chosen: NDArray[np.bool_] | Positions) -> Crowds:
        """Return some of the crowds."""
        return Crowds(*(getattr(self, one.name)[chosen] for one in fields(self)))


@dataclass(frozen=True, eq=False)
class _Halves:
    """How many of each category stand in each half window of a scale, shape (k,); empty ones are left out.

    A cell is ``category << shift | number of the half``; cells rise. There are fewer than ``2 ** (shift - 1)`` halves,
    so that the last of a category and the first of the next are no neighbours.
    """

    cells: Positions
    sizes: Positions
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

    def windows(self, n_windows: int) -> tuple[Positions, Positions, Positions]:
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


def _merged(cells: Positions, sizes: Positions) -> tuple[Positions, Positions]:
    """Return rising cells with their sizes, equal ones as one."""
    first = np.flatnonzero(np.diff(cells, prepend=-1))
    return cells[first], np.add.reduceat(sizes, first) if len(first) else sizes


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
    parts = []
    halves = _Halves.of(column, SHORTEST // 2)
    for half in half_lengths(n):
        category, number, inside = halves.windows(len(starts_of(n, half)))
        start = number * half
        parts.append(_weighed(column, category, start, np.minimum(start + 2 * half, n), inside=inside))
        halves = halves.doubled()
    return Crowds.joined(parts) if parts else _none()


def weigh_stretches(column: MarkColumn, category: Positions, start: Positions, stop: Positions) -> Crowds:
    """Weigh stretches against their flanks; those below the column's limits are left out."""
    return _weighed(column, category, start, stop, inside=column.count(category, start, stop))


def _weighed(
    column: MarkColumn, category: Positions, start: Positions, stop: Positions, *, inside: Positions
) -> Crowds:
    n_inside = column.n_known(start, stop)
    # An excess is never more than there are: most stretches need no look at their flanks.
    many = (inside >= column.fewest) & (inside >= column.least_excess * n_inside)
    category, start, stop, inside, n_inside = (part[many] for part in (category, start, stop, inside, n_inside))
    flanks = Flanks.around(start, stop, len(column))
    outside, n_outside = flanks.count(column, category), flanks.n_known(column)
    expected = n_inside * (outside + 0.5) / np.maximum(n_outside + 1.0, 1.0)
    chosen = (
        (n_outside >= n_inside)
        & (inside - expected >= column.least_excess * n_inside)
        & (inside >= column.least_ratio * expected)
    )
    category, start, stop = category[chosen], start[chosen], stop[chosen]
    p_values = tail(inside[chosen], outside[chosen], n_inside[chosen], n_outside[chosen])
    return Crowds(category, start, stop, inflated(p_values, column.inflation(stop - start)))


def _none() -> Crowds:
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Crowds(whole, whole, whole, real)
