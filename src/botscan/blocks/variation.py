"""How much more the windows of a list vary than chance: what one list takes for usual, at each length of window.

Followers come in families, classes and waves, and neighbours are alike. So the tests widen chance by what the list
itself shows: the middle half of the z-values of all windows of a length, which a few blocks hardly reach (Efron 2004,
the empirical null). Only windows that hold enough to tell are looked at. Likeness of neighbours makes the excess
variance grow with the length, so each length is at least as wide as the others imply.

References
----------
.. [1] Efron, B. (2004). Large-scale simultaneous hypothesis testing: the choice of a null hypothesis. Journal of the
   American Statistical Association 99(465), 96-104. https://doi.org/10.1198/016214504000000089
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from botscan.blocks.flanks import Flanks, Places, inflation_of, z_values
from botscan.blocks.marks import MarkColumn
from botscan.blocks.scales import half_lengths, starts_of

#: Windows needed to see how much a list varies at one length.
_ENOUGH_WINDOWS = 60
#: Common categories that are looked at.
_MOST_COMMON = 12
#: Marks that a window must lead one to expect, so that its z-value is no step of a few.
_COMMON = 5.0


def with_variation(column: MarkColumn) -> MarkColumn:
    """Return the column with how much its windows vary, by length; see `MarkColumn.inflation`."""
    halves = half_lengths(len(column))
    totals = np.bincount(column.codes[column.codes > 0], minlength=1)
    common = np.argsort(-totals, kind="stable")[:_MOST_COMMON]
    seen = [_inflation(column, common[totals[common] > 0], half) for half in halves]
    return replace(column, variation=tuple(zip((2 * half for half in halves), reconciled(seen), strict=True)))


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


def _inflation(column: MarkColumn, categories: Places, half: int) -> float | None:
    """Return how much wider than chance the z-values of one length are; None where too few windows can tell."""
    n = len(column)
    start = starts_of(n, half)
    stop = np.minimum(start + 2 * half, n)
    flanks = Flanks.around(start, stop, n)
    n_inside, n_outside = column.n_known(start, stop), flanks.n_known(column)
    found = []
    for category in categories:
        inside, outside = column.count(category, start, stop), flanks.count(column, category)
        expected = (inside + outside) * n_inside / np.maximum(n_inside + n_outside, 1)
        tells = (n_outside >= n_inside) & (expected >= _COMMON)
        if np.count_nonzero(tells) >= _ENOUGH_WINDOWS:
            found.append(z_values(inside[tells], outside[tells], n_inside[tells], n_outside[tells]))
    return inflation_of(np.concatenate(found)) if found else None
