"""Timeline: a moment for every place of a follow order, so that a purchase of some day finds its place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.follow_times import UNKNOWN_TIME

#: Where no date is known, the list is taken to have grown evenly for so many days.
ASSUMED_DAYS = 1_500.0


@dataclass(frozen=True, eq=False)
class Timeline:
    """When the followers of a list came, place by place.

    Attributes
    ----------
    moments
        Microseconds along the order, oldest follower first, never falling, float64, shape (n,).
    first
        The first place whose moment can be relied on, in [0, n).
    is_dated
        Whether moments are since 1970, UTC; otherwise they only count on from the first follower.

    Examples
    --------
    >>> line = Timeline.of_bounds(np.array([100, 100, 100, 130]), first=0, end=150)
    >>> line.moments.tolist(), line.is_dated
    ([100.0, 110.0, 120.0, 130.0], True)
    """

    moments: NDArray[np.float64]
    first: int
    is_dated: bool

    @classmethod
    def of_bounds(cls, followed_after: NDArray[np.int64], first: int, end: int) -> Timeline:
        """Make one from lower bounds of follow times.

        Each date that is later than all before it is taken for the follow time of its account; between two such places
        followers came evenly, and behind the last until the list was seen.

        Parameters
        ----------
        followed_after
            In follow order, microseconds, `UNKNOWN_TIME` where not known, shape (n,), n >= 1.
        first
            The first place whose bound has caught up with time.
        end
            When the list was seen; `UNKNOWN_TIME` where not known.

        Returns
        -------
        timeline
            That of `of_places` where bounds tell no two moments behind `first`.
        """
        n = len(followed_after)
        latest = np.maximum.accumulate(followed_after)
        records = np.flatnonzero(np.concatenate([latest[:1] != UNKNOWN_TIME, latest[1:] > latest[:-1]]))
        if not len(records):
            return cls.of_places(n)
        first = min(max(first, int(records[0])), n - 1)
        places, times = records.astype(np.float64), latest[records].astype(np.float64)
        if end > latest[-1]:
            places, times = np.append(places, n), np.append(times, float(end))
        moments = np.interp(np.arange(n), places, times)
        return cls(moments, first, True) if moments[-1] > moments[first] else cls.of_places(n)

    @classmethod
    def of_places(cls, n: int) -> Timeline:
        """Make one of places alone: n followers who came evenly for 1,500 days."""
        step = ASSUMED_DAYS * MICROSECONDS_PER_DAY / max(n, 1)
        return cls(np.arange(n, dtype=np.float64) * step, 0, False)

    @property
    def span(self) -> float:
        """Microseconds from the first place that can be relied on to the last."""
        return float(self.moments[-1] - self.moments[self.first])

    def window(self, spread: float, draw: float, is_taken: NDArray[np.bool_] | None = None) -> tuple[float, float]:
        """Return begin and end of a delivery that lasts so many microseconds and ends within the list.

        Parameters
        ----------
        spread
            Length wanted; cut to what the list spans.
        draw
            In [0, 1): which place the delivery begins at; all are equally likely.
        is_taken
            Places at which none begins, shape (n,), unless there is no other.
        """
        spread = min(spread, self.span)
        stop = int(np.searchsorted(self.moments, self.moments[-1] - spread, side="right"))
        places = np.arange(self.first, max(stop, self.first + 1))
        if is_taken is not None and not is_taken[places].all():
            places = places[~is_taken[places]]
        begin = float(self.moments[places[int(draw * len(places))]])
        return begin, begin + spread
