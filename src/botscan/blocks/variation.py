"""How much more the windows of a list vary than chance: what one list takes for usual, at each length of window.

Followers come in families, classes and waves, and neighbours are alike. So the tests widen chance by what the list
itself shows: the middle half of the z-values of all windows of a length, which a few blocks hardly reach (Efron 2004,
the empirical null). Only windows that hold enough to tell are looked at. Likeness of neighbours makes the excess
variance grow with the length, so each length is at least as wide as the others imply. Rare marks leave most windows
empty: there pairs of neighbours tell of families and households.

References
----------
.. [1] Efron, B. (2004). Large-scale simultaneous hypothesis testing: the choice of a null hypothesis. Journal of the
   American Statistical Association 99(465), 96-104. https://doi.org/10.1198/016214504000000089
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from botscan.blocks.flanks import Flanks, Positions, inflation_of, z_values
from botscan.blocks.marks import MarkColumn
from botscan.blocks.scales import SHORTEST, half_lengths, starts_of

#: Windows needed to see how much a list varies at one length.
_ENOUGH_WINDOWS = 60
#: Fewer do at the shortest length, of which a block holds few, where a list is short or mostly unknown.
_FEWEST_WINDOWS = 30
#: Common categories that are looked at.
_MOST_COMMON = 12
#: Marks that a window must lead one to expect, so that its z-value is no step of a few.
_COMMON = 5.0
#: The same by the rate of the whole list, at the shortest length: a block alone must not decide which windows tell.
_COMMON_OVERALL = 3.0
#: Families: no larger in a window than this; so many of the fullest are left out, which may be blocks; marks needed.
_LARGEST_FAMILY, _MAY_BE_BLOCKS, _ENOUGH_MARKS = 20, 12, 60


def with_variation(column: MarkColumn) -> MarkColumn:
    """Return the column with how much its windows vary, by length; see `MarkColumn.inflation`."""
    halves = half_lengths(len(column))
    totals = np.bincount(column.codes[column.codes > 0], minlength=1)
    common = np.argsort(-totals, kind="stable")[:_MOST_COMMON]
    seen = [_inflation(column, common[totals[common] > 0], half) for half in halves]
    families = _of_families(column)
    factors = [max(one, families) for one in reconciled(seen)]
    return replace(column, variation=tuple(zip((2 * half for half in halves), factors, strict=True)))


def reconciled(seen: list[float | None]) -> list[float]:
    """Return an inflation for each length, each twice the one before, from those that could be seen.

    Examples
    --------
    >>> [round(value, 2) for value in reconciled([None, 1.0, 2.0, None])]
    [1.32, 1.58, 2.0, 2.65]
    """
    values = [1.0 if value is None else value for value in seen]
    for place in range(len(values) - 2, -1, -1):
        values[place] = max(values[place], math.sqrt(1.0 + (values[place + 1] ** 2 - 1.0) / 2.0))
    for place in range(1, len(values)):
        grown = math.sqrt(1.0 + 2.0 * (values[place - 1] ** 2 - 1.0))
        values[place] = max(values[place], values[place - 1], grown if seen[place] is None else 1.0)
    return values


def _inflation(column: MarkColumn, categories: Positions, half: int) -> float | None:
    """Return how much wider than chance the z-values of one length are; None where too few windows can tell."""
    n = len(column)
    start = starts_of(n, half)
    stop = np.minimum(start + 2 * half, n)
    flanks = Flanks.around(start, stop, n)
    n_inside, n_outside = column.n_known(start, stop), flanks.n_known(column)
    found = []
    for category in categories:
        inside, outside = column.count(category, start, stop), flanks.count(column, category)
        has_room = n_outside >= n_inside
        expected = (inside + outside) * n_inside / np.maximum(n_inside + n_outside, 1)
        tells, enough = has_room & (expected >= _COMMON), _ENOUGH_WINDOWS
        if half == SHORTEST // 2 and np.count_nonzero(tells) < enough:
            rate = int(column.count(category, 0, n)) / max(int(column.n_known(0, n)), 1)
            tells, enough = has_room & (n_inside * rate >= _COMMON_OVERALL), _FEWEST_WINDOWS
        if np.count_nonzero(tells) >= enough:
            found.append(z_values(inside[tells], outside[tells], n_inside[tells], n_outside[tells]))
    return inflation_of(np.concatenate(found)) if found else None


def _of_families(column: MarkColumn) -> float:
    """Return how much wider than chance rare marks vary that stand in families: by the pairs in one short window."""
    n = len(column)
    # Windows of known accounts: where many are unknown, families stand no less close.
    window = column.n_known(0, np.arange(n)) // SHORTEST
    n_cells = int(window.max(initial=0)) + 1
    category, place = np.divmod(column.keys, max(n, 1))
    cells, counts = np.unique(category * n_cells + window[place], return_counts=True)
    by_chance = np.bincount(category, minlength=1)[cells // n_cells] / n_cells
    is_rare = by_chance < _COMMON
    counts, by_chance = np.minimum(counts[is_rare], _LARGEST_FAMILY), by_chance[is_rare]
    kept = np.argsort(counts, kind="stable")[:-_MAY_BE_BLOCKS]
    counts, by_chance = counts[kept], by_chance[kept]
    if counts.sum() < _ENOUGH_MARKS:
        return 1.0
    # The variance of a sum of families is that of chance times one and the further members that a member meets.
    return math.sqrt(1.0 + max(0.0, float((counts * (counts - 1 - by_chance)).sum() / counts.sum())))
