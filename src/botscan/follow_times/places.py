"""Places of accounts in the follow order, some of which hold several accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.cells.parsed import is_known
from botscan.follow_times.bounds import FollowTimeBounds, bound_follow_times
from botscan.follow_times.records import UNKNOWN_TIME, Times

#: The order of accounts that share a place is drawn, the same every time.
_SEED = 0


@dataclass(frozen=True, eq=False)
class Places:
    """The accounts of a list that have a follow rank, oldest follower first.

    Attributes
    ----------
    rows
        Rows of the accounts in the list, by rising rank, shape (n,). Those of one rank stand in an order that means
        nothing: that of the file may be by name or by date.
    ranks
        Their ranks, shape (n,).
    starts
        Where each rank begins in `rows`, shape (k,); k < n where accounts share one.
    """

    rows: NDArray[np.int64]
    ranks: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def of_table(cls, table: pa.Table) -> Self:
        """Read the places from the column ``follow_rank``; none without it."""
        if "follow_rank" not in table.column_names:
            nothing = np.zeros(0, np.int64)
            return cls(nothing, nothing, nothing)
        column = table["follow_rank"].combine_chunks()
        rows = np.flatnonzero(is_known(column))
        ranks = np.asarray(pc.drop_null(column).to_numpy(zero_copy_only=False), dtype=np.int64)
        order = np.argsort(ranks, kind="stable")
        if (np.diff(ranks[order]) == 0).any():
            order = np.lexsort((np.random.Generator(np.random.Philox(_SEED)).permutation(len(ranks)), ranks))
        rows, ranks = rows[order], ranks[order]
        return cls(rows, ranks, np.flatnonzero(np.concatenate([[True], ranks[1:] != ranks[:-1]])[: len(ranks)]))

    @property
    def are_shared(self) -> bool:
        """Whether some accounts share a place."""
        return len(self.starts) < len(self.rows)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Accounts at each place, shape (k,)."""
        return np.diff(self.starts, append=len(self.rows))

    def latest(self, times: Times) -> Times:
        """Return the latest time at each place, shape (k,), of times in the order of `rows`."""
        return np.maximum.reduceat(times, self.starts) if self.are_shared else times

    def bounds(self, created_at: Times, followed_at: Times, observed_at: int) -> FollowTimeBounds:
        """Bound follow times as `bound_follow_times` does; accounts of one place say nothing about each other.

        Parameters
        ----------
        created_at, followed_at
            In the order of `rows`, shape (n,).
        observed_at
            When the list was seen.

        Returns
        -------
        FollowTimeBounds
            In the order of `rows`; `warm_up` counts accounts as well.
        """
        if not self.are_shared:
            return bound_follow_times(created_at, followed_at, observed_at)
        sizes = self.sizes
        place = np.repeat(np.arange(len(sizes)), sizes)
        is_alone = sizes[place] == 1
        dates = np.maximum(created_at, np.where(is_alone, UNKNOWN_TIME, followed_at))
        latest = self.latest(dates)
        of_places = bound_follow_times(
            latest, np.where(sizes == 1, followed_at[self.starts], UNKNOWN_TIME), observed_at
        )
        after = of_places.followed_after[place]
        ahead = np.concatenate([[UNKNOWN_TIME], of_places.followed_after[:-1]])[place]
        own = np.where(is_alone, after, np.minimum(after, np.maximum(ahead, dates)))
        is_bounded = own != UNKNOWN_TIME
        lag = np.where(is_bounded, np.where(is_bounded, after, 0) - np.where(is_bounded, own, 0), 0)
        return FollowTimeBounds(
            own,
            of_places.followed_before[place],
            of_places.is_impossible[place] & (dates == latest[place]),
            np.where(is_bounded, of_places.slack_days[place] + lag / MICROSECONDS_PER_DAY, np.nan),
            int(np.append(self.starts, len(place))[of_places.warm_up]),
        )
