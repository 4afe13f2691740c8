"""An interval that holds whatever the undecided accounts are: Imbens and Manski's ends of a worst-case band."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

from botscan.prevalence.intervals import normal_quantile

Interval = tuple[float, float, float]

_HALVINGS = 60


def worst_case_interval(
    lowest: Callable[[float], Interval], highest: Callable[[float], Interval], confidence_level: float
) -> tuple[float, float]:
    """Return the ends of an interval for a share that is known up to a band.

    Accounts that nobody could decide may all be of one kind, and mostly are: those who look suspicious and cannot be
    proven to be. So the share lies anywhere between that with all of them counted in and that with none, and each of
    the two is estimated. The interval holds the true share, wherever in the band it lies, at the level [1]_: where the
    band is wide only one end can miss it at a time, so each end is one-sided; as the band vanishes they become the
    usual two-sided ends.

    Parameters
    ----------
    lowest, highest
        Estimate the share, its lower and its upper end at a level, with all undecided accounts counted in such a way
        that the share is lowest, or highest.
    confidence_level
        In (0, 1).

    References
    ----------
    .. [1] Imbens, G. W., Manski, C. F. (2004). Confidence intervals for partially identified parameters. Econometrica
       72(6), 1845-1857. https://doi.org/10.1111/j.1468-0262.2004.00555.x

    Examples
    --------
    >>> def around(share):
    ...     return lambda level: (share, share - 0.05 * normal_quantile(level), share + 0.05 * normal_quantile(level))
    >>> [round(end, 3) for end in worst_case_interval(around(0.5), around(0.5), 0.95)]
    [0.402, 0.598]
    >>> [round(end, 3) for end in worst_case_interval(around(0.4), around(0.6), 0.95)]  # 1.645 errors to each side
    [0.318, 0.682]
    """
    z = normal_quantile(confidence_level)
    low, high = lowest(confidence_level), highest(confidence_level)
    spread = max(low[0] - low[1], high[2] - high[0]) / z
    band = max(0.0, high[0] - low[0])
    level = 2.0 * NormalDist().cdf(_ends_at(band, spread, confidence_level)) - 1.0
    return lowest(level)[1], highest(level)[2]


def _ends_at(band: float, spread: float, confidence_level: float) -> float:
    """Return how many standard errors beyond the band the ends lie: between the one-sided and the two-sided number."""
    normal = NormalDist()
    one_sided, two_sided = normal.inv_cdf(confidence_level), normal_quantile(confidence_level)
    if spread <= 0.0 or math.isinf(band / spread):
        return max(one_sided, 1e-9)
    few, many = max(one_sided, 1e-9), two_sided
    for _ in range(_HALVINGS):
        middle = (few + many) / 2.0
        if normal.cdf(middle + band / spread) - normal.cdf(-middle) < confidence_level:
            few = middle
        else:
            many = middle
    return many
