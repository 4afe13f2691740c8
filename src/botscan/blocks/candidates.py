"""Crowds that stay improbable among everything that was looked at, the least probable first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botscan.blocks.change_points import score_stretches
from botscan.blocks.marks import FEWEST, MarkColumn
from botscan.blocks.order_evidence import OrderEvidence
from botscan.blocks.windows import SHORTEST, Crowds, find_crowds, n_windows, test_stretches

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
    inflation: float
    q_value: float
    n_tests: float


def strongest_crowds(evidence: OrderEvidence, columns: Sequence[MarkColumn]) -> Iterator[Crowd]:
    """Yield single crowds, the least probable first; of equals the longest."""
    parts = list(_tested(evidence, columns))
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
            float(one.crowds.inflation[at]),
            float(one.q_value[at]),
            float(one.n_tests[at]),
        )


def _tested(evidence: OrderEvidence, columns: Sequence[MarkColumn]) -> Iterator[_Tested]:
    """Yield the crowds of each column that stay improbable among all that were looked at."""
    stretches = [one for one in score_stretches(evidence.log_odds) if one[1] - one[0] >= SHORTEST]
    for column in columns:
        crowds = find_crowds(column)
        inflation = float(crowds.inflation.max(initial=1.0))
        changed = test_stretches(column, *categories_in(column, stretches), inflation)
        n_tests = np.repeat(_numbers_of_tests(column, columns), [len(crowds.start), len(changed.start)])
        crowds = Crowds.joined([crowds, changed])
        q_values = np.minimum(crowds.p_value * n_tests, 1.0)
        chosen = q_values < LEVEL
        yield _Tested(column, crowds.take(chosen), q_values[chosen], n_tests[chosen])


def _numbers_of_tests(column: MarkColumn, columns: Sequence[MarkColumn]) -> tuple[float, float]:
    """Return how many tests stand behind a window and behind a stretch between change points.

    Half of the error rate is for windows; a change point may stand anywhere, so every pair was a candidate.
    """
    kinds = len({other.evidence for other in columns})
    columns_of_kind = sum(other.evidence == column.evidence for other in columns)
    tests = kinds * columns_of_kind * column.n_categories
    n_points = len(column) // SHORTEST
    return 2.0 * tests * n_windows(len(column)), tests * n_points * (n_points + 1.0)


def categories_in(
    column: MarkColumn, stretches: Sequence[tuple[int, int]]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return category, start and stop of every category that is no rarity in a stretch."""
    parts = []
    for start, stop in stretches:
        codes = column.codes[start:stop]
        counts = np.bincount(codes[codes > 0], minlength=1)
        parts += [(int(category), start, stop) for category in np.flatnonzero(counts >= FEWEST)]
    rows = np.array(parts, dtype=np.int64).reshape(-1, 3)
    return rows[:, 0], rows[:, 1], rows[:, 2]
