"""Stretches between change points of the score along the follow order, for blocks longer than any window.

References
----------
.. [1] Killick, R., Fearnhead, P., Eckley, I. A. (2012). Optimal detection of changepoints with a linear computational
   cost. Journal of the American Statistical Association 107(500), 1590-1598.
   https://doi.org/10.1080/01621459.2012.737745
.. [2] Truong, C., Oudre, L., Vayatis, N. (2020). Selective review of offline change point detection methods. Signal
   Processing 167, 107299. https://doi.org/10.1016/j.sigpro.2019.107299
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

#: Neighbours whose mean is one point; more in long lists, so that there are never more points than `_MOST_POINTS`.
NEIGHBOURS = 50
_MOST_POINTS = 20_000
#: Where more of the scores are unknown, points would say nothing.
_MOST_UNKNOWN = 0.5
#: The penalty of a change point, in variances of a point and logarithms of their number (BIC has 2 to 3).
_PENALTY = 3.0


def score_stretches(log_odds: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return the stretches [start, stop) between change points of the mean score.

    Parameters
    ----------
    log_odds
        In follow order, NaN where unknown, shape (n,).

    Returns
    -------
    stretches
        They cover the list; one when nothing changes. None of fewer than four points, of a list of which most scores
        are unknown, or whose points mostly are equal.

    Examples
    --------
    >>> scores = np.random.Generator(np.random.Philox(0)).normal(size=2_000)
    >>> scores[600:900] += 2.0
    >>> score_stretches(scores)
    [(0, 600), (600, 900), (900, 2000)]
    """
    n = len(log_odds)
    size = max(NEIGHBOURS, -(-n // _MOST_POINTS))
    n_points = n // size
    if n_points < 4:
        return []
    if np.isnan(log_odds).mean() > _MOST_UNKNOWN:
        return []
    points = _means(log_odds[: n_points * size].reshape(n_points, size))
    variance = float(np.median(np.abs(np.diff(points))) / 0.6745) ** 2 / 2.0
    if variance == 0.0:
        return []
    import ruptures

    penalty = _PENALTY * np.log(n_points) * variance
    ends = ruptures.KernelCPD(kernel="linear", min_size=2).fit(points[:, None]).predict(pen=penalty)
    places = [0, *(int(end) * size for end in ends[:-1]), n]
    return list(pairwise(places))


def _means(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean rank of each row's known values; the middle where none is known."""
    known = ~np.isnan(rows)
    ordered = np.sort(rows[known])
    values = np.zeros(rows.shape)
    # Equal scores share their middle rank: any other would follow the order of the list.
    ranks = np.searchsorted(ordered, rows[known]) + np.searchsorted(ordered, rows[known], side="right")
    values[known] = ranks / (2.0 * max(len(ordered), 1))
    n_known = known.sum(axis=1)
    return np.where(n_known > 0, values.sum(axis=1) / np.maximum(n_known, 1), 0.5)
