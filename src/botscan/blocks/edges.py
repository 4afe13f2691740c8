"""Where a block begins and ends: the stretch around a crowd that is most likely to be of the crowd's rate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from botscan.blocks.marks import UNKNOWN, MarkColumn

#: How far to look beyond a crowd, in its lengths.
_REACH = 2
_ROUNDS = 3


def refine_edges(column: MarkColumn, category: int, start: int, stop: int) -> tuple[int, int]:
    """Return the stretch [start, stop) near a crowd with the highest likelihood ratio of its rate to that around.

    The likelihood ratio of a stretch is a sum over its accounts, so the best stretch is a maximal sum of neighbours;
    the rates are then taken anew from inside and outside, three times.

    Examples
    --------
    >>> codes = np.zeros(1_000, dtype=np.int32)
    >>> codes[::40], codes[430:520] = 1, 1
    >>> refine_edges(MarkColumn("inactive", codes, 0.1, 2.0), 1, 400, 500)
    (430, 521)
    """
    n = len(column)
    for _ in range(_ROUNDS):
        size = stop - start
        low, high = max(start - _REACH * size, 0), min(stop + _REACH * size, n)
        codes = column.codes[low:high]
        known, marked = codes != UNKNOWN, codes == category
        inside = np.zeros(high - low, dtype=bool)
        inside[start - low : stop - low] = True
        rates = [_rate(marked[part], known[part]) for part in (inside, ~inside)]
        if rates[0] <= rates[1]:
            break
        weights = np.where(marked, np.log(rates[0] / rates[1]), np.log((1 - rates[0]) / (1 - rates[1])))
        found = heaviest_stretch(np.where(known, weights, 0.0))
        if found == (start - low, stop - low):
            break
        start, stop = low + found[0], low + found[1]
    return start, stop


def heaviest_stretch(weights: NDArray[np.float64]) -> tuple[int, int]:
    """Return [start, stop) of the neighbours with the largest sum; the first of equals.

    Examples
    --------
    >>> heaviest_stretch(np.array([1.0, -2.0, 3.0, -1.0, 2.0, -5.0]))
    (2, 5)
    """
    sums = np.concatenate([[0.0], np.cumsum(weights)])
    lowest = np.minimum.accumulate(sums)
    stop = int(np.argmax(sums - lowest))
    start = int(np.flatnonzero(sums[: stop + 1] == lowest[stop])[-1])
    return start, stop


def _rate(marked: NDArray[np.bool_], known: NDArray[np.bool_]) -> float:
    return float((marked.sum() + 0.5) / (known.sum() + 1.0))
