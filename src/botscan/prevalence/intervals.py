"""Intervals of a sampled proportion, of a posterior, and of what is made of two shares: a product, a difference."""

from __future__ import annotations

import math
from numbers import Real
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from botscan.errors import BotscanError

#: Masses that differ by no more than this part are equal but for rounding.
_TIED = 1e-9


def normal_quantile(confidence_level: float) -> float:
    """Return z so that a standard normal lies in [-z, z] with this probability.

    Raises
    ------
    BotscanError
        The level is not strictly between 0 and 1, or so near 1 that its tail is lost to rounding.

    Examples
    --------
    >>> round(normal_quantile(0.95), 3)
    1.96
    """
    given: object = confidence_level  # whatever a caller in Python wrote
    if isinstance(given, bool) or not isinstance(given, Real) or not 0.0 < confidence_level < 1.0:
        raise BotscanError(
            f"Found a confidence level of {str(confidence_level)[:40]}, wanted a number between 0 and 1.",
            remedy="Write 0.95 for 95 %.",
        )
    quantile = (1.0 + float(confidence_level)) / 2.0
    if quantile >= 1.0:
        raise BotscanError(
            f"Found a confidence level of {confidence_level}, which leaves no tail.",
            remedy="Write 0.999 for 99.9 %.",
        )
    return NormalDist().inv_cdf(quantile)


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
        First and last of the fewest points that hold the level, and of all that are as probable as the last of these;
        where the mass has two humps, what lies between them is inside.

    Examples
    --------
    >>> highest_density_interval(np.array([0.0, 0.1, 0.2, 0.3]), np.array([0.9, 0.08, 0.01, 0.01]))
    (0.0, 0.1)
    >>> highest_density_interval(np.array([0.0, 0.1, 0.2, 0.3]), np.full(4, 0.25), 0.5)  # none is less probable
    (0.0, 0.3)
    """
    falling = np.sort(mass)[::-1]
    cumulated = np.cumsum(falling)
    needed = int(np.searchsorted(cumulated, confidence_level * cumulated[-1] * (1.0 - 1e-12)))
    # Equally probable points stand inside together, but for rounding: no side is left out by the order of the points.
    kept = np.flatnonzero(mass >= (1.0 - _TIED) * falling[needed])
    return float(points[kept[0]]), float(points[kept[-1]])


def exact_interval(
    events: float, n: int, size: float = math.inf, confidence_level: float = 0.95
) -> tuple[float, float]:
    """Return the interval of Clopper and Pearson, which covers at least its level however rare the event.

    Wilson's interval dips to a coverage of 0.92 where a sample holds one to three events; this one never does. Of a
    finite list the tails are hypergeometric: what was not drawn may hold the one event that the sample missed.

    Parameters
    ----------
    events
        Events in the sample, in [0, n]; where not whole, either end takes the next whole number on its side.
    n
        Accounts drawn without replacement, at least 1.
    size
        Accounts they were drawn from, at least n.
    confidence_level
        In (0, 1).

    Returns
    -------
    lower, upper
        0 <= lower <= events / n <= upper <= 1.

    References
    ----------
    .. [1] Clopper, C., Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the
       binomial. Biometrika 26(4), 404-413. https://doi.org/10.1093/biomet/26.4.404
    .. [2] Buonaccorsi, J. P. (1987). A note on confidence intervals for proportions in finite populations. The
       American Statistician 41(3), 215-218. https://doi.org/10.1080/00031305.1987.10475484

    Examples
    --------
    >>> lower, upper = exact_interval(1, 100)
    >>> round(lower, 4), round(upper, 4)
    (0.0003, 0.0545)
    >>> round(exact_interval(0, 40, size=50)[1], 4)  # two of the ten that were not drawn may be events
    0.04
    """
    normal_quantile(confidence_level)
    tail = (1.0 - confidence_level) / 2.0
    lower = _lower_exact(math.floor(events), n, size, tail)
    upper = 1.0 - _lower_exact(math.floor(n - events), n, size, tail)
    return min(lower, events / n), max(upper, events / n)


def _lower_exact(events: int, n: int, size: float, tail: float) -> float:
    """Return the smallest share at which so many events, or more, are no rarer than the tail."""
    if events == 0:
        return 0.0
    if math.isinf(size):
        from scipy.special import betaincinv

        return float(betaincinv(events, n - events + 1, tail))
    size = round(size)
    # The chance rises with the events in the list, so the smallest number of them is found by halving.
    too_few, enough = events - 1, size - (n - events)
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if _chance_of_more(events, n, middle, size) > tail:
            enough = middle
        else:
            too_few = middle
    return enough / size


def _chance_of_more(events: int, n: int, in_list: int, size: int) -> float:
    """Return the probability of `events` or more among n drawn from a list that holds `in_list` of them."""
    from scipy.special import betaln

    def log_choose(of: float, some: NDArray[np.int64]) -> NDArray[np.float64]:
        chosen: NDArray[np.float64] = -np.log1p(of) - betaln(some + 1.0, of - some + 1.0)
        return chosen

    fewest, most = max(0, n - (size - in_list)), min(n, in_list)
    is_lower_part_shorter = events - fewest < most - events
    drawn = np.arange(fewest, events) if is_lower_part_shorter else np.arange(events, most + 1)
    log_chance = log_choose(in_list, drawn) + log_choose(size - in_list, n - drawn) - log_choose(size, np.array([n]))
    chance = float(np.exp(log_chance).sum())
    return 1.0 - chance if is_lower_part_shorter else chance


def product_interval(
    first: tuple[float, float, float], second: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Return the product of two independent shares, with an interval.

    Parameters
    ----------
    first, second
        Share, lower and upper end. Towards either side the distances of the ends add up in squares.

    Examples
    --------
    >>> product_interval((0.5, 0.25, 0.75), (0.5, 0.5, 0.5))
    (0.25, 0.125, 0.375)
    """
    (a, *a_ends), (b, *b_ends) = first, second
    below, above = (math.hypot(b * (a - a_end), a * (b - b_end)) for a_end, b_end in zip(a_ends, b_ends, strict=True))
    return a * b, max(0.0, a * b - below), min(1.0, a * b + above)


def difference_interval(
    first: tuple[float, float, float], second: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Return the difference of two independent estimates, first minus second, with an interval.

    It is made of the two intervals alone (method of variance estimates recovery, MOVER): towards either side the
    distances of the ends concerned add up in squares. So it takes intervals of any kind, lopsided ones too, and gives
    Newcombe's when both are Wilson's. Where the errors of the two go together it is wider than needed, so it covers
    more; where they go against each other it would cover less.

    Parameters
    ----------
    first, second
        Estimate, lower and upper end, lower <= estimate <= upper, at one level; shares, or counts.

    Returns
    -------
    difference, lower, upper
        lower <= difference <= upper, inside [first lower - second upper, first upper - second lower].

    References
    ----------
    .. [1] Zou, G. Y., Donner, A. (2008). Construction of confidence limits about effect measures: a general approach.
       Statistics in Medicine 27(10), 1693-1702. https://doi.org/10.1002/sim.3095
    .. [2] Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions: comparison
       of eleven methods. Statistics in Medicine 17(8), 873-890.
       https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I

    Examples
    --------
    >>> first, second = (56 / 70, *wilson_interval(56 / 70, 70)), (48 / 80, *wilson_interval(48 / 80, 80))
    >>> [round(value, 4) for value in difference_interval(first, second)]
    [0.2, 0.0524, 0.3339]
    """
    (a, a_lower, a_upper), (b, b_lower, b_upper) = first, second
    difference = a - b
    lower = difference - math.hypot(a - a_lower, b_upper - b)
    upper = difference + math.hypot(a_upper - a, b - b_lower)
    return difference, lower, upper
