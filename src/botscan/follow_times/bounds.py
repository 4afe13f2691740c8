"""Bounds of follow times along a follow order: mathematics on arrays.

References
----------
.. [1] Meeder, B., Karrer, B., Sayedi, A., Ravi, R., Borgs, C., Chayes, J. (2011). We know who you followed last
   summer: inferring social link creation times in Twitter. Proceedings of the 20th International Conference on World
   Wide Web, 517-526. https://doi.org/10.1145/1963405.1963479
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.follow_times.records import UNKNOWN_TIME, Mask, Times, record_places, too_late

#: A date may lie this much after a time before which it must lie: clocks and zones differ.
_TOLERANCE = MICROSECONDS_PER_DAY
#: The slack reaches to the bound so many records on.
_RECORDS_AHEAD = 3
#: The bound has caught up with time where its slack is at most so many times the usual one.
_CAUGHT_UP = 2.0


@dataclass(frozen=True, eq=False)
class FollowTimeBounds:
    """Bounds of follow times, in follow order, oldest follower first.

    Attributes
    ----------
    followed_after, followed_before
        Microseconds since 1970 UTC, shape (n,); `UNKNOWN_TIME` where there is no bound. After <= before where both are
        known.
    is_impossible
        Creation dates that were set aside because they lie after the following, shape (n,).
    slack_days
        How far the lower bound may lag behind the follow time, shape (n,), >= 0, NaN where unknown: the time to the
        bound three records on, at the end of the list to `followed_before`. On simulated histories (steady,
        growing and wave-like arrivals, with and without viral days, 0.3 to 30 % of followers newly made accounts)
        `followed_after` + slack lay above the true follow time for 98 % of the followers behind the warm-up, for 85 %
        in the worst of 540 (`benchmarks/follow_times.py`); nothing shows the lag where no follower is newly made.
    warm_up
        First place whose slack is at most twice the median slack, with three records behind it: from here on the lower
        bound has caught up with time. Before it, it tells how old the first followers' accounts are, and little about
        when they followed. The length of the list when there is no such place.
    """

    followed_after: Times
    followed_before: Times
    is_impossible: Mask
    slack_days: NDArray[np.float64]
    warm_up: int


def bound_follow_times(created_at: Times, followed_at: Times, observed_at: int) -> FollowTimeBounds:
    """Bound when each follower followed.

    Nobody follows before the account exists, nor before the followers ahead in the order followed: the latest creation
    date so far is a lower bound [1]_, and so is the latest known follow time so far. The earliest known follow time of
    the accounts behind is an upper bound, as is `observed_at`. Where the follow time itself is known, both are that.

    A creation date is set aside when it lies more than a day after the upper bound, or when at least 25 later dates
    would each have set a new latest date without it while staying more than a day below (`records.too_late`; follow
    times are checked likewise, from both ends). A date that is wrong by less than that takes, or with fewer followers
    behind it, stays. Where known follow times contradict the order by more than a day, accounts between them have no
    bounds.

    Parameters
    ----------
    created_at, followed_at
        In follow order, oldest follower first; microseconds since 1970 UTC, `UNKNOWN_TIME` where not known; int64,
        shape (n,).
    observed_at
        When the list was seen, in microseconds; `UNKNOWN_TIME` where not known.

    Returns
    -------
    FollowTimeBounds

    Raises
    ------
    ValueError
        The arrays are not int64 of one length.

    Examples
    --------
    >>> unknown = np.full(4, UNKNOWN_TIME)
    >>> bounds = bound_follow_times(np.array([20, 50, 10, 70]), unknown, 100)
    >>> bounds.followed_after, bounds.followed_before
    (array([20, 50, 50, 70]), array([100, 100, 100, 100]))
    """
    created_at, followed_at = np.asarray(created_at), np.asarray(followed_at)
    if created_at.dtype != np.int64 or followed_at.dtype != np.int64:
        raise ValueError(f"wanted int64 microseconds, found {created_at.dtype} and {followed_at.dtype}")
    if created_at.ndim != 1 or created_at.shape != followed_at.shape:
        raise ValueError(f"wanted two arrays of one length, found shapes {created_at.shape} and {followed_at.shape}")
    if not len(created_at):
        return FollowTimeBounds(created_at, followed_at, created_at != 0, created_at.astype(np.float64), 0)
    followed_at, _ = not_after(followed_at, observed_at)
    before = _earliest_behind(followed_at, observed_at)
    created, is_impossible = not_after(created_at, before)
    is_exact = followed_at != UNKNOWN_TIME
    if is_exact.any():
        created, is_later = not_after(created, np.where(is_exact, followed_at, UNKNOWN_TIME))
        is_impossible |= is_later
    dates = np.where(is_exact, followed_at, created)
    is_late = too_late(dates)
    is_impossible |= is_late & ~is_exact
    dates[is_late] = UNKNOWN_TIME
    after = np.maximum.accumulate(dates)
    after, is_contradicted = not_after(after, before)
    slack = _slack(dates, after, before)
    after = np.where(is_exact, followed_at, after)
    before = np.where(is_exact, followed_at, np.where(is_contradicted, UNKNOWN_TIME, before))
    slack[is_exact] = 0.0
    return FollowTimeBounds(after, before, is_impossible, slack, _warm_up(dates, slack, is_exact))


def not_after(times: Times, latest: Times | int) -> tuple[Times, Mask]:
    """Set aside times that lie more than a day after the latest they can be; those within the day become the latest.

    Parameters
    ----------
    times
        Microseconds, `UNKNOWN_TIME` where not known, shape (n,).
    latest
        The same, or one for all; where it is not known every time is possible.

    Returns
    -------
    times, is_set_aside
        Both of shape (n,).

    Examples
    --------
    >>> not_after(np.array([10, 90, 200_000_000_000]), 50)[0] == np.array([10, 50, UNKNOWN_TIME])
    array([ True,  True,  True])
    """
    most = np.where(latest == UNKNOWN_TIME, np.iinfo(np.int64).max, latest)
    is_after = times > most
    if not is_after.any():
        return times, is_after
    is_wrong = is_after & (times - np.where(is_after, most, times) > _TOLERANCE)
    return np.where(is_wrong, UNKNOWN_TIME, np.minimum(times, most)), is_wrong


def _earliest_behind(followed_at: Times, observed_at: int) -> Times:
    """Return the earliest follow time from each place to the end of the list, at latest `observed_at`; shape (n,)."""
    if (followed_at == UNKNOWN_TIME).all():
        return np.full(len(followed_at), observed_at)
    # What is too early seen from the end is too late seen backwards, with times counted backwards.
    backwards = np.where(followed_at == UNKNOWN_TIME, UNKNOWN_TIME, -followed_at)[::-1]
    backwards = np.where(too_late(backwards), UNKNOWN_TIME, backwards)
    if observed_at != UNKNOWN_TIME:
        backwards[0] = max(int(backwards[0]), -observed_at)
    latest = np.maximum.accumulate(backwards)[::-1]
    return np.where(latest == UNKNOWN_TIME, UNKNOWN_TIME, -latest)


def _slack(dates: Times, after: Times, before: Times) -> NDArray[np.float64]:
    """Return the days from each bound to the one three records on, or to the upper bound if that is nearer."""
    ahead = _records_ahead(dates)
    ends = np.where(before == UNKNOWN_TIME, ahead, np.where(ahead == UNKNOWN_TIME, before, np.minimum(ahead, before)))
    is_known = (after != UNKNOWN_TIME) & (ends != UNKNOWN_TIME)
    days = np.where(is_known, ends - np.where(is_known, after, 0), 0) / MICROSECONDS_PER_DAY
    return np.where(is_known, np.maximum(days, 0.0), np.nan)


def _records_ahead(dates: Times) -> Times:
    """Return the bound three records on from each place, `UNKNOWN_TIME` near the end; shape (n,)."""
    records = record_places(dates)
    reached = np.full(len(records) + 1, UNKNOWN_TIME)  # one more for the places before the first record
    reached[1:-_RECORDS_AHEAD] = dates[records[_RECORDS_AHEAD:]]
    return np.repeat(reached, np.diff(records, prepend=0, append=len(dates)))


def _warm_up(dates: Times, slack: NDArray[np.float64], is_exact: Mask) -> int:
    """Return the first place from which the lower bound has caught up with time, the length of the list when never."""
    inferred = slack[~np.isnan(slack) & ~is_exact]
    usual = np.median(inferred) if len(inferred) else 0.0
    may_have = is_exact | (_records_ahead(dates) != UNKNOWN_TIME)
    caught_up = np.flatnonzero(may_have & (slack <= _CAUGHT_UP * usual))
    return int(caught_up[0]) if len(caught_up) else len(slack)
