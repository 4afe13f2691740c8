"""Two intervals: Wilson's for a proportion that was sampled, the highest-density one for a posterior."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from botscan.errors import BotscanError


def normal_quantile(confidence_level: float) -> float:
    """Return z so that a standard normal lies in [-z, z] with this probability.

    Raises
    ------
    BotscanError
        The level is not strictly between 0 and 1.

    Examples
    --------
    >>> round(normal_quantile(0.95), 3)
    1.96
    """
    if not 0.0 < confidence_level < 1.0:
        raise BotscanError(
            f"Found a confidence level of {confidence_level:g}, wanted a number between 0 and 1.",
            remedy="Write 0.95 for 95 %.",
        )
    return NormalDist().inv_cdf((1.0 + confidence_level) / 2.0)


def wilson_interval(proportion: float, n_effective: float, confidence_level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval of a proportion.

    It inverts the test whose variance is taken at the hypothesis, so it stays inside [0, 1] and is sound near 0 and 1,
    where the textbook interval collapses.

    Parameters
    ----------
    proportion
        Observed or estimated proportion, in [0, 1].
    n_effective
        Size of the simple random sample that would be as precise, > 0; need not be whole; infinite gives the point.
    confidence_level
        In (0, 1).

    Returns
    -------
    lower, upper
        0 <= lower <= proportion <= upper <= 1.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. JASA 22(158),
       209-212. https://doi.org/10.1080/01621459.1927.10502953
    .. [2] Brown, L., Cai, T., DasGupta, A. (2001). Interval estimation for a binomial proportion. Statistical Science
       16(2), 101-133. https://doi.org/10.1214/ss/1009213286

    Examples
    --------
    >>> lower, upper = wilson_interval(0.0, 100)
    >>> lower, round(upper, 3)
    (0.0, 0.037)
    """
    if math.isinf(n_effective):
        return proportion, proportion
    z2 = normal_quantile(confidence_level) ** 2
    centre = (n_effective * proportion + z2 / 2) / (n_effective + z2)
    half_width = wilson_half_width(proportion, n_effective, confidence_level)
    # At 0 and 1 the bound equals the proportion; rounding must not push it past.
    return min(max(0.0, centre - half_width), proportion), max(min(1.0, centre + half_width), proportion)


def wilson_half_width(proportion: float, n_effective: float, confidence_level: float = 0.95) -> float:
    """Return half the width of `wilson_interval`.

    Examples
    --------
    >>> round(wilson_half_width(0.5, 381), 4)
    0.05
    """
    if math.isinf(n_effective):
        return 0.0
    z2 = normal_quantile(confidence_level) ** 2
    spread = n_effective * proportion * (1.0 - proportion) + z2 / 4
    return math.sqrt(z2 * spread) / (n_effective + z2)


def highest_density_interval(
    points: NDArray[np.float64], mass: NDArray[np.float64], confidence_level: float = 0.95
) -> tuple[float, float]:
    """Return the interval of the most probable points.

    Unlike an interval with equal tails it can reach the ends of the scale, so a share of exactly 0 or 1 is not
    excluded by construction.

    Parameters
    ----------
    points
        Rising, shape (n,).
    mass
        Probability of each point, >= 0, not all 0, shape (n,).
    confidence_level
        Probability the interval holds at least, in (0, 1).

    Returns
    -------
    lower, upper
        First and last of the fewest points that hold the level; where the mass has two humps, what lies between them
        is inside.

    Examples
    --------
    >>> highest_density_interval(np.array([0.0, 0.1, 0.2, 0.3]), np.array([0.9, 0.08, 0.01, 0.01]))
    (0.0, 0.1)
    """
    # Stable, so that ties go to the lower point on every machine.
    order = np.argsort(-mass, kind="stable")
    cumulated = np.cumsum(mass[order])
    needed = int(np.searchsorted(cumulated, confidence_level * cumulated[-1] * (1.0 - 1e-12))) + 1
    kept = order[:needed]
    return float(points[kept.min()]), float(points[kept.max()])


def exact_interval(proportion: float, n_effective: float, confidence_level: float = 0.95) -> tuple[float, float]:
    """Return the interval of Clopper and Pearson, which covers at least its level however rare the event.

    Wilson's interval dips to a coverage of 0.92 where a sample holds one to three events; this one never does.

    Parameters
    ----------
    proportion, n_effective, confidence_level
        As in `wilson_interval`; neither the sample size nor the number of events need be whole.

    References
    ----------
    .. [1] Clopper, C., Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the
       binomial. Biometrika 26(4), 404-413. https://doi.org/10.1093/biomet/26.4.404

    Examples
    --------
    >>> lower, upper = exact_interval(0.01, 100)
    >>> round(lower, 4), round(upper, 4)
    (0.0003, 0.0545)
    """
    if math.isinf(n_effective):
        return proportion, proportion
    from scipy.special import betaincinv

    normal_quantile(confidence_level)
    tail = (1.0 - confidence_level) / 2.0
    events = proportion * n_effective
    others = n_effective - events
    lower = float(betaincinv(events, others + 1.0, tail)) if events > 0 else 0.0
    upper = float(betaincinv(events + 1.0, others, 1.0 - tail)) if others > 0 else 1.0
    return min(lower, proportion), max(upper, proportion)
