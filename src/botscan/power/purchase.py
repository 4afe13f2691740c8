"""A made-up purchase, spliced into what is known of a list in follow order: pure arrays, no search."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.blocks.order_evidence import UNKNOWN_TIME, OrderEvidence
from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.evidence.histogram import N_BINS, STEPS_PER_LOG_ODDS
from botscan.power.question import PurchaseKind
from botscan.power.timeline import Timeline
from botscan.simulate.follow_order import BATCH_REST

#: Days within which the accounts of a batch were made.
BAND_DAYS = 20.0
#: Aged accounts have the ages of followers at most so many places away, or twice the size of the purchase.
_NEIGHBOURS = 1_000
_UNKNOWN_CODE = -1
_HALF_BINS = N_BINS // 2
#: Bins of the score that are one unit of log-odds.
_BINS_PER_LOG_ODDS = 32


@dataclass(frozen=True, eq=False)
class Ground:
    """A list that purchases are put into.

    Attributes
    ----------
    evidence
        What is known of its followers, oldest first; nothing of those that stand in its own blocks.
    is_taken
        Which of them do, shape (n,).
    timeline
        When they came.
    dated_share, scored_share
        Share of bought accounts whose creation date and whose score would be known.
    """

    evidence: OrderEvidence
    is_taken: NDArray[np.bool_]
    timeline: Timeline
    dated_share: float
    scored_share: float


@dataclass(frozen=True)
class Delivery:
    """What is bought: accounts, how they were made, days that delivery lasts."""

    n: int
    kind: PurchaseKind
    spread_days: float


@dataclass(frozen=True, eq=False)
class SplicedList:
    """A list with a purchase in it.

    Attributes
    ----------
    evidence
        Of all followers, oldest first.
    is_bought
        Which of them were bought, shape (n,).
    moments
        When the bought ones followed, microseconds, rising, shape (n_bought,).
    """

    evidence: OrderEvidence
    is_bought: NDArray[np.bool_]
    moments: NDArray[np.float64]


def without(evidence: OrderEvidence, places: NDArray[np.bool_]) -> OrderEvidence:
    """Return the evidence with nothing known of some accounts but when they followed."""
    return replace(
        evidence,
        created_at=np.where(places, UNKNOWN_TIME, evidence.created_at),
        log_odds=np.where(places, np.nan, evidence.log_odds),
        handle_shape=np.where(places, np.int32(_UNKNOWN_CODE), evidence.handle_shape),
        handle_start=np.where(places, np.int32(_UNKNOWN_CODE), evidence.handle_start),
        is_inactive=np.where(places, np.int8(_UNKNOWN_CODE), evidence.is_inactive),
    )


def splice(
    ground: Ground, delivery: Delivery, score_counts: NDArray[np.uint64] | None, random: np.random.Generator
) -> SplicedList:
    """Put a purchase into a list, at a place drawn at random behind its warm-up and outside its blocks.

    The accounts follow evenly through the delivery and stand between the followers of their time. A batch was made
    within 20 days, 5 to 60 days before delivery begins; aged accounts are as old as followers nearby. What the list
    knows of a share of its followers only is known of the same share of them. Handles and activity are unknown.

    Parameters
    ----------
    ground
        The list.
    delivery
        What is bought, n >= 1.
    score_counts
        How such accounts score: counts on the 1,024 bins of `ScoreHistogram`, with mass; None for no scores.
    random
        Source of all chance; only uniform draws are taken. A larger purchase from the same source begins at the same
        place and repeats the accounts of a smaller one.

    Returns
    -------
    spliced
        The followers of the list in their order, and the bought ones between them.
    """
    where, rest = random.random(2)
    draws = random.random((delivery.n, 5))
    spread = delivery.spread_days * MICROSECONDS_PER_DAY
    begin, end = ground.timeline.window(spread, float(where), ground.is_taken)
    draws = draws[np.argsort(draws[:, 0], kind="stable")]
    moments = begin + (end - begin) * draws[:, 0]
    at = np.searchsorted(ground.timeline.moments, moments, side="right")
    is_bought = np.zeros(len(ground.evidence) + delivery.n, dtype=bool)
    is_bought[at + np.arange(delivery.n)] = True
    created = (
        _aged(ground, at, moments, draws[:, 1])
        if delivery.kind == "aged"
        else _batch(ground, begin, draws[:, 1], float(rest))
    )
    created = np.where(draws[:, 2] < ground.dated_share, created, UNKNOWN_TIME)
    log_odds = np.full(delivery.n, np.nan)
    if score_counts is not None:
        log_odds = np.where(draws[:, 4] < ground.scored_share, drawn_scores(score_counts, draws[:, 3]), np.nan)
    own, unknown = ground.evidence, np.full(delivery.n, _UNKNOWN_CODE)
    own_places = np.append(np.flatnonzero(~is_bought), len(is_bought))
    merged = OrderEvidence(
        created_at=_merged(own.created_at, created, is_bought),
        followed_after=_followed_after(own.followed_after, created, at, is_bought),
        log_odds=_merged(own.log_odds, log_odds, is_bought),
        handle_shape=_merged(own.handle_shape, unknown, is_bought),
        handle_start=_merged(own.handle_start, unknown, is_bought),
        is_inactive=_merged(own.is_inactive, unknown, is_bought),
        caught_up_from=int(own_places[own.caught_up_from]),
    )
    return SplicedList(merged, is_bought, moments)


def drawn_scores(counts: NDArray[np.uint64], draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draw log-odds from counts on the 1,024 bins; whole steps, as scores are.

    Examples
    --------
    >>> counts = np.zeros(1024)
    >>> counts[[512, 515]] = 3, 1
    >>> drawn_scores(counts, np.array([0.0, 0.7, 0.8])).tolist()
    [0.0, 0.0, 0.1]
    """
    cumulated = np.cumsum(counts, dtype=np.float64)
    bins = np.searchsorted(cumulated, draws * cumulated[-1], side="right")
    # The lowest step of a bin: `histogram_bins` backwards.
    steps = -((_HALF_BINS - bins) * STEPS_PER_LOG_ODDS // _BINS_PER_LOG_ODDS)
    return np.asarray(steps / STEPS_PER_LOG_ODDS)


def _batch(ground: Ground, begin: float, draws: NDArray[np.float64], rest: float) -> NDArray[np.int64]:
    """Return creation times within one band before delivery begins; unknown where the list has no dates."""
    dates = ground.evidence.created_at
    dates = dates[dates != UNKNOWN_TIME]
    if not ground.timeline.is_dated or not len(dates):
        return np.full(len(draws), UNKNOWN_TIME)
    shortest, longest = BATCH_REST
    days = shortest + (longest - shortest - BAND_DAYS) * rest
    # Nobody opened an account before the platform began; the oldest account tells when that was at the latest.
    earliest = min(float(dates.min()), begin)
    youngest = max(begin - days * MICROSECONDS_PER_DAY, earliest)
    return _whole(youngest - min(BAND_DAYS * MICROSECONDS_PER_DAY, youngest - earliest) * draws)


def _aged(
    ground: Ground, at: NDArray[np.int64], moments: NDArray[np.float64], draws: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return creation times as those of the followers nearby; unknown where their ages are."""
    ages = _ages_near(ground.evidence, int(at[0]), int(at[-1]), max(_NEIGHBOURS, 2 * len(at)))
    if not ground.timeline.is_dated or not len(ages):
        return np.full(len(at), UNKNOWN_TIME)
    return _whole(moments - ages[(draws * len(ages)).astype(np.int64)] * MICROSECONDS_PER_DAY)


def _whole(times: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.asarray(np.floor(times), dtype=np.int64)


def _ages_near(evidence: OrderEvidence, first: int, last: int, reach: int) -> NDArray[np.float64]:
    """Return the known ages, in days, at which followers around some places followed; of all where none is near."""
    ages = evidence.age_days
    near = ages[max(first - reach, 0) : last + reach]
    near = near[~np.isnan(near)]
    return near if len(near) else ages[~np.isnan(ages)]


def _merged(own: NDArray[Any], bought: NDArray[Any], is_bought: NDArray[np.bool_]) -> NDArray[Any]:
    values = np.empty(len(is_bought), dtype=own.dtype)
    values[~is_bought], values[is_bought] = own, bought
    return values


def _followed_after(
    own: NDArray[np.int64], created: NDArray[np.int64], at: NDArray[np.int64], is_bought: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the lower bounds of all follow times: a bought account that is new raises those behind it."""
    so_far = np.maximum.accumulate(np.concatenate([[UNKNOWN_TIME], own]))[at]
    merged = _merged(own, so_far, is_bought)
    of_bought = _merged(np.full(len(own), UNKNOWN_TIME), created, is_bought)
    return np.maximum(merged, np.maximum.accumulate(of_bought))
