"""Crowds that stay improbable among everything that was looked at, the least probable first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botscan.blocks.marks import MarkColumn
from botscan.blocks.scales import SHORTEST, n_windows
from botscan.blocks.windows import Crowds, find_crowds, weigh_stretches

#: Error rate of a block.
LEVEL = 0.05


@dataclass(frozen=True, eq=False)
class _Tested:
    """Crowds of one column, with their q-values and the number of tests behind each."""

    column: MarkColumn
    crowds: Crowds
    q_value: NDArray[np.float64]
    n_tests: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Crowd:
    """One crowd: a category in a window [start, stop); `q_value` is its p-value times `n_tests`."""

    column: MarkColumn
    category: int
    start: int
    stop: int
    q_value: float
    n_tests: float


def strongest_crowds(
    columns: Sequence[MarkColumn],
    n_tests: Mapping[int, tuple[float, float]],
    stretches: Sequence[tuple[int, int]],
) -> Iterator[Crowd]:
    """Yield single crowds that stay improbable, the least probable first; of equals the longest.

    Parameters
    ----------
    columns
        Marks in follow order; those without any category are left out.
    n_tests
        See `numbers_of_tests`, by the place of the column.
    stretches
        Further candidates, between change points.
    """
    parts = [_tested(column, n_tests[at], stretches) for at, column in enumerate(columns) if column.n_categories]
    if not parts:
        return
    column = np.concatenate([np.full(len(one.q_value), index) for index, one in enumerate(parts)])
    place = np.concatenate([np.arange(len(one.q_value)) for one in parts])
    q_value = np.concatenate([one.q_value for one in parts])
    length = np.concatenate([one.crowds.stop - one.crowds.start for one in parts])
    for row in np.lexsort((place, column, -length, q_value)):
        one, at = parts[int(column[row])], int(place[row])
        yield Crowd(
            one.column,
            int(one.crowds.category[at]),
            int(one.crowds.start[at]),
            int(one.crowds.stop[at]),
            float(one.q_value[at]),
            float(one.n_tests[at]),
        )


def numbers_of_tests(columns: Sequence[MarkColumn], search: int = 0) -> dict[int, tuple[float, float]]:
    """Return for each column how many tests stand behind a window and behind a stretch between change points.

    The error rate is shared out: evenly among kinds of evidence, the columns of a kind and their categories; half to
    windows, half to stretches, for which every pair of points was a candidate; and half of it to the first search, a
    quarter to the second, and so on.
    """
    kinds = len({column.evidence for column in columns})
    found = {}
    for at, column in enumerate(columns):
        columns_of_kind = sum(other.evidence == column.evidence for other in columns)
        tests = 2.0 ** (search + 1) * kinds * columns_of_kind * column.n_categories
        n_points = len(column) // SHORTEST
        found[at] = 2.0 * tests * n_windows(len(column)), tests * n_points * (n_points + 1.0)
    return found


def _tested(column: MarkColumn, n_tests: tuple[float, float], stretches: Sequence[tuple[int, int]]) -> _Tested:
    """Return the crowds of a column that stay improbable among all that were looked at."""
    crowds = find_crowds(column)
    changed = weigh_stretches(column, *categories_in(column, stretches))
    of_each = np.repeat(n_tests, [len(crowds.start), len(changed.start)])
    crowds = Crowds.joined([crowds, changed])
    q_values = np.minimum(crowds.p_value * of_each, 1.0)
    chosen = q_values < LEVEL
    return _Tested(column, crowds.take(chosen), q_values[chosen], of_each[chosen])


def categories_in(
    column: MarkColumn, stretches: Sequence[tuple[int, int]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return category, start and stop of every category that is no rarity in a stretch."""
    parts = []
    for start, stop in stretches:
        codes = column.codes[start:stop]
        counts = np.bincount(codes[codes > 0], minlength=1)
        parts += [(int(category), start, stop) for category in np.flatnonzero(counts >= column.fewest)]
    rows = np.array(parts, dtype=np.int64).reshape(-1, 3)
    return rows[:, 0], rows[:, 1], rows[:, 2]
