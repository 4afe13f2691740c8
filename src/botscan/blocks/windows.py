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
    for half, windows in _scales(n):
        inflation = _inflation(column, windows, inflation)
        parts.append(test_stretches(column, *_pairs(column, half, len(windows[0])), inflation))
    return Crowds.joined(parts) if parts else _none()


def test_stretches(column: MarkColumn, category: Places, start: Places, stop: Places, inflation: float) -> Crowds:
    """Test stretches against their flanks; those below the column's limits are left out."""
    inside, n_inside = column.count(category, start, stop), column.n_known(start, stop)
    many = inside >= FEWEST
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


def _pairs(column: MarkColumn, half: int, n_windows_of_scale: int) -> tuple[Places, Places, Places]:
    """Return category, start and stop of the windows of a scale that may hold enough of a category."""
    n = len(column)
    category, place = column.keys // n, column.keys % n
    n_halves = n_windows_of_scale + 1
    cells = category * n_halves + place // half
    # The keys are sorted, so equal cells stand together.
    first = np.flatnonzero(np.diff(cells, prepend=-1))
    sizes = np.diff(first, append=len(cells))
    cells = cells[first[sizes >= FEWEST // 2]]
    windows = np.unique(np.concatenate([cells, cells[cells % n_halves > 0] - 1]))
    windows = windows[windows % n_halves < n_windows_of_scale]
    start = windows % n_halves * half
    return windows // n_halves, start, np.minimum(start + 2 * half, n)


def _inflation(column: MarkColumn, windows: tuple[Places, Places], of_finer_scale: float) -> float:
    """Return how much more the windows of a scale vary than chance; from the finer scale where too few can tell.

    Accounts that are alike because they stand near one another make the excess variance grow with the length.
    """
    start, stop = windows
    grown = float(np.sqrt(1.0 + 2.0 * (of_finer_scale**2 - 1.0)))
    if len(start) < _ENOUGH_WINDOWS:
        return grown
    n_known = max(int(column.n_known(0, len(column))), 1)
    totals = np.bincount(column.codes[column.codes > 0]) if column.n_categories else np.zeros(1, dtype=np.int64)
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
