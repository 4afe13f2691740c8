"""How likely a weighted share of few events is, when strata hold so many: sums of hypergeometric counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: The weighted share is added up in so many steps up to the one observed.
_STEPS = 512


def chances_of_point(
    shares: Floats, n: Integers, populations: Floats, each: Floats, observed: float
) -> tuple[float, float]:
    """Return the probability that the weighted share is below the one observed, and that it is at most that.

    Sums within half a step a stratum of the one observed count as equal to it.

    Parameters
    ----------
    shares
        Of the class within each stratum, in [0, 1], shape (n_strata,).
    n
        Accounts drawn from each, shape (n_strata,).
    populations
        Accounts in each, shape (n_strata,); all finite, or all infinite.
    each
        What one account of the class adds to the weighted share, > 0, shape (n_strata,).
    observed
        Weighted share observed.

    Examples
    --------
    >>> halves, endless = np.full(2, 0.5), np.full(2, np.inf)
    >>> below, up_to = chances_of_point(np.array([0.5, 0.1]), np.array([1, 1]), endless, halves, 0.5)
    >>> round(below, 3), round(up_to, 3)  # none: .5 * .9; both: .5 * .1
    (0.45, 0.95)
    """
    if observed <= 0.0:
        return 0.0, float(_chances(shares, n, populations, 0).prod())
    tolerance = len(n) // 2 + 1
    n_cells = _STEPS + tolerance + 1
    most = np.minimum(n, (n_cells * observed / _STEPS / each).astype(np.int64) + 1)
    chances = _chances(shares, n, populations, int(most.max()))
    # Cell of each count of each stratum; what lies beyond the share observed is not needed.
    cells = np.rint(np.arange(chances.shape[1]) * (each * _STEPS / observed)[:, None]).astype(np.int64)
    total = np.zeros(n_cells)
    total[0] = 1.0
    for of_stratum, at in zip(chances, cells, strict=True):
        summed = np.zeros(n_cells)
        for chance, cell in zip(of_stratum.tolist(), at.tolist(), strict=True):
            if cell < n_cells and chance > 0.0:
                summed[cell:] += chance * total[: n_cells - cell]
        total = summed
    return float(total[: _STEPS - tolerance].sum()), float(total.sum())


def _chances(shares: Floats, n: Integers, populations: Floats, most: int) -> Floats:
    """Return the probability of 0, 1, ..., `most` events among those drawn, shape (n_strata, most + 1).

    Between two whole numbers of events in a finite stratum, the two distributions are mixed.
    """
    k = np.arange(most + 1.0)
    drawn = n[:, None].astype(np.float64)
    if np.isinf(populations).all():
        return _binomial(shares[:, None], drawn, k)
    size = np.rint(populations)[:, None]
    whole = np.minimum(np.floor(shares[:, None] * size + 1e-9), size)
    part = np.clip(shares[:, None] * size - whole, 0.0, 1.0)
    more = np.minimum(whole + 1.0, size)
    return (1.0 - part) * _hypergeometric(whole, drawn, size, k) + part * _hypergeometric(more, drawn, size, k)


def _binomial(shares: Floats, n: Floats, k: Floats) -> Floats:
    from scipy.special import xlog1py, xlogy

    left = np.maximum(n - k, 0.0)
    log_chance = _log_choose(n, np.minimum(k, n)) + xlogy(k, shares) + xlog1py(left, -shares)
    return np.where(k <= n, np.exp(log_chance), 0.0)


def _hypergeometric(in_list: Floats, n: Floats, size: Floats, k: Floats) -> Floats:
    others = size - in_list
    is_possible = (k <= n) & (k <= in_list) & (n - k <= others)
    events, rest = np.clip(k, 0.0, in_list), np.clip(n - k, 0.0, others)
    log_chance = _log_choose(in_list, events) + _log_choose(others, rest) - _log_choose(size, n)
    return np.where(is_possible, np.exp(np.minimum(log_chance, 0.0)), 0.0)


def _log_choose(of: Floats, some: Floats) -> Floats:
    from scipy.special import betaln

    chosen: Floats = -np.log1p(of) - betaln(some + 1.0, of - some + 1.0)
    return chosen
