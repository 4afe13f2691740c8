"""One category in one stretch: how many there are, and how many flanks and organic change along the order predict."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from botscan.blocks.creation_ages import predicted_by_ages, share_before
from botscan.blocks.flanks import FLANK_LENGTH, GUARD_LENGTH, Flanks, inflated, tail
from botscan.blocks.marks import MarkColumn
from botscan.blocks.order_evidence import OrderEvidence
from botscan.blocks.score_tilt import predicted_by_tilt

#: Level of the bound on an excess.
_EXCESS_LEVEL = 0.99
#: Where so many of the neighbours came before a creation band was over, they do not tell how full it is.
_MOSTLY = 0.75
#: Length of each nearest flank of a stretch near an end of the list, in lengths of the stretch.
_NEAR_LENGTH = 0.5


@dataclass(frozen=True)
class Measured:
    """What a stretch holds of a category: accounts, prediction, lower bound of the excess; whether it is a crowd.

    `n_around` is what the neighbours alone predict, `expected` what they and organic change do.
    """

    n_marked: int
    n_around: float
    expected: float
    n_excess_lower: int
    p_value: float
    is_crowd: bool


def measure(evidence: OrderEvidence, column: MarkColumn, category: int, place: tuple[int, int]) -> Measured:
    """Measure one category in one stretch against its flanks, and against what organic change explains."""
    start, stop = place
    flanks = Flanks.around(np.array([start]), np.array([stop]), len(column))
    n_inside = int(column.n_known(start, stop))
    n_outside = int(flanks.n_known(column)[0])
    n_marked = int(column.count(category, start, stop))
    outside = float(flanks.count(column, category)[0])
    n_around = n_inside * outside / max(n_outside, 1)
    natural = _natural_share(evidence, column, category, place, flanks)
    outside = max(outside, n_outside * max(natural, _share_near_end(column, category, place)))
    expected = n_inside * (outside + 0.5) / max(n_outside + 1.0, 1.0)
    inflation = float(column.inflation(np.array([stop - start]))[0])
    counts = (np.array([count]) for count in (n_marked, outside, n_inside, n_outside))
    p_value = float(inflated(tail(*counts), inflation)[0])
    is_crowd = (
        n_marked >= column.fewest
        and n_outside >= n_inside / 2
        and n_marked - expected >= column.least_excess * n_inside
        and n_marked >= column.least_ratio * expected
    )
    most = _most_expected(outside, n_inside, n_outside, inflation)
    return Measured(n_marked, n_around, expected, max(0, n_marked - most), p_value, is_crowd)


def _natural_share(
    evidence: OrderEvidence, column: MarkColumn, category: int, place: tuple[int, int], flanks: Flanks
) -> float:
    """Return which share of a stretch organic change along the order would put into the category; 0 where none."""
    band = column.band(category)
    if band is None and math.isnan(column.threshold):
        return 0.0
    start, stop = place
    places = flanks.places()
    places = places[column.codes[places] >= 0]
    known = column.codes[start:stop] >= 0
    if band is not None:
        by_ages = predicted_by_ages(evidence, places, start + np.flatnonzero(known), band)
        if share_before(evidence, places, band) < _MOSTLY:
            return by_ages
        # A wave of sign-ups that the neighbours came too early to show fills the months beside the band as well.
        beside = max(int(column.count(max(category + step, 0), start, stop)) for step in (-1, 1))
        return max(by_ages, beside / max(int(known.sum()), 1))
    return predicted_by_tilt(evidence.log_odds[start:stop][known], evidence.log_odds[places], column.threshold)


def _share_near_end(column: MarkColumn, category: int, place: tuple[int, int]) -> float:
    """Return the share among the nearest neighbours of a stretch near an end of the list; 0 elsewhere.

    Slow drift cancels between two flanks of one length; with one flank, only the nearest part is like the stretch.
    """
    start, stop = place
    if min(start, len(column) - stop) >= (FLANK_LENGTH + GUARD_LENGTH) * (stop - start):
        return 0.0
    near = Flanks.around(np.array([start]), np.array([stop]), len(column), length=_NEAR_LENGTH)
    return float(near.count(column, category)[0]) / max(int(near.n_known(column)[0]), 1)


def _most_expected(outside: float, n_inside: int, n_outside: int, inflation: float) -> int:
    """Return an upper bound of how many the neighbours predict: a negative binomial quantile, widened."""
    shape, odds = outside + 0.5, n_inside / max(n_outside, 1)
    mean = shape * odds
    return math.ceil(mean + inflation * (negative_binomial_quantile(_EXCESS_LEVEL, shape, odds) - mean))


def negative_binomial_quantile(level: float, shape: float, odds: float) -> int:
    """Return the count that a gamma-Poisson count of mean ``shape * odds`` does not exceed with this probability.

    Examples
    --------
    >>> negative_binomial_quantile(0.99, 10.5, 0.5)
    13
    """
    from scipy.special import betainc

    low, high = -1, 1
    while betainc(shape, high + 1.0, 1.0 / (1.0 + odds)) < level:
        low, high = high, 2 * high + 1
    while high - low > 1:
        middle = (low + high) // 2
        if betainc(shape, middle + 1.0, 1.0 / (1.0 + odds)) < level:
            low = middle
        else:
            high = middle
    return high
