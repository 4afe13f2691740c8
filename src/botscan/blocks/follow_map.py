"""Follower map: follow order against creation date as counts in cells, in which followers who came together show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil, isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.accounts import AccountTable
from botscan.blocks.follow_blocks import FollowBlocks
from botscan.blocks.order_evidence import UNKNOWN_TIME
from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.display import Displayed, plain
from botscan.errors import SchemaError
from botscan.follow_times import infer_follow_times
from botscan.follow_times.dates import lower_bounds, to_times
from botscan.follow_times.places import Places
from botscan.wording import date, number, say

Times = NDArray[np.int64]

#: Cells of a map, at most.
WIDTH, HEIGHT = 480, 240
#: Short lists get fewer cells, about so many an account.
_CELLS_PER_ACCOUNT = 10
#: The order is dated at its ends and at so many steps between them.
_STEPS = 12
#: Part of the dates at each end that may lie off the axis.
_ODD_SHARE = 0.001
#: They do where they would make the axis longer by more than this part of it.
_STRETCH = 0.05
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class FollowMoment:
    """One place of the follow order with its date.

    Attributes
    ----------
    rank
        Follow rank of the account there.
    place
        Where on the map, from 0 at the oldest follower to 1 at the newest.
    followed_after
        It followed no earlier; None where unknown.
    """

    rank: int
    place: float
    followed_after: datetime | None


@dataclass(frozen=True, eq=False, repr=False)
class FollowMap(Displayed):
    """How many accounts stand at each stretch of the follow order and each stretch of creation dates.

    A column is a stretch of the order with equally many accounts in each, so that gaps between ranks take no room; a
    row is a stretch of time.

    Attributes
    ----------
    counts
        Accounts in each cell, uint32, shape (height, width), at most 240 x 480; row 0 is the earliest creation,
        column 0 the oldest follower.
    n_marked
        Of these, accounts that show the signs of a block; the same shape.
    column_ranks
        Follow rank of the first account of each column, int64, shape (width,).
    latest
        Lower bound of the follow time at the end of each column, datetime64[us] in UTC, shape (width,); NaT where
        unknown.
    first_rank, last_rank
        Ends of the follow order.
    first_created_at, last_created_at
        Ends of the axis of creation dates.
    n_accounts
        Accounts on the map.
    n_outside
        Accounts whose creation date lies off the axis: single dates far from all others.
    n_undated
        Accounts in the follow order without a creation date to go by; those set aside as impossible are among them.
    followed_after
        Thirteen evenly spaced places of the order with their dates, from its first account to its last; fewer in a
        shorter list.
    """

    counts: NDArray[np.uint32]
    n_marked: NDArray[np.uint32]
    column_ranks: NDArray[np.int64]
    latest: NDArray[np.datetime64]
    first_rank: int
    last_rank: int
    first_created_at: datetime
    last_created_at: datetime
    n_accounts: int
    n_outside: int
    n_undated: int
    followed_after: tuple[FollowMoment, ...] = field(default=())

    def __repr__(self) -> str:
        height, width = self.counts.shape
        return f"FollowMap({width} x {height} cells, {self.n_accounts:,} accounts)"

    def columns_of(self, first_rank: int, last_rank: int) -> tuple[int, int]:
        """Return the first column that holds a stretch of ranks, and the one behind the last.

        Examples
        --------
        >>> rows = [{"account_id": f"a{n}", "follow_rank": n, "created_at": f"20{n}-03-01"} for n in range(10, 18)]
        >>> make_follow_map(AccountTable.from_frame(rows, platform="github")).columns_of(11, 13)
        (1, 4)
        """
        first = int(np.searchsorted(self.column_ranks, first_rank, side="left"))
        if first == len(self.column_ranks) or self.column_ranks[first] != first_rank:
            first = max(0, first - 1)
        return first, max(first + 1, int(np.searchsorted(self.column_ranks, last_rank, side="right")))

    def to_dict(self) -> dict[str, Any]:
        """Return axes and sizes as plain data, without the cells."""
        height, width = self.counts.shape
        names = (
            *("first_rank", "last_rank", "first_created_at", "last_created_at"),
            *("n_accounts", "n_outside", "n_undated", "followed_after"),
        )
        return {"width": width, "height": height} | {name: plain(getattr(self, name)) for name in names}

    def _title(self, language: str) -> str:
        return say("follow_map_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        ends = {"after": date(self.first_created_at, language), "before": date(self.last_created_at, language)}
        return [
            (say("follow_map_accounts", language), number(self.n_accounts, language)),
            (say("follow_map_y", language), say("follow_map_range", language, **ends)),
            (say("follow_map_outside_label", language), number(self.n_outside, language)),
            (say("follow_map_undated_label", language), number(self.n_undated, language)),
        ]


def make_follow_map(accounts: AccountTable, blocks: FollowBlocks | None = None) -> FollowMap | None:
    """Count the accounts of a list by follow order and creation date.

    The axis of creation dates goes from the earliest to the latest; one date in a thousand at either end may lie off
    it, where it would make the axis longer by more than a twentieth.

    Parameters
    ----------
    accounts
        With ``follow_rank`` and ``created_at``. Dates that bound no follow time, such as those that the client sets,
        are not used.
    blocks
        Blocks of this very list; accounts that show their signs are counted apart.

    Returns
    -------
    follow_map
        Counts and axes, of no single account; None where the list has no follow order or no date to go by.

    Raises
    ------
    SchemaError
        The blocks are of another list.

    Examples
    --------
    >>> rows = [
    ...     {"account_id": f"a{n}", "follow_rank": n, "created_at": datetime(2010 + n % (2 + n // 60), 1 + n % 11, 9)}
    ...     for n in range(500)
    ... ]
    >>> follow_map = make_follow_map(AccountTable.from_frame(rows, platform="github"))
    >>> follow_map, int(follow_map.counts.sum()), follow_map.first_created_at.year
    (FollowMap(100 x 50 cells, 500 accounts), 500, 2010)
    """
    if blocks is not None and len(blocks.block_of) != len(accounts):
        raise SchemaError(
            f"The blocks are of {len(blocks.block_of):,} accounts, the list has {len(accounts):,}.",
            remedy="Look for the blocks of this very list, and pass its accounts unchanged.",
        )
    places = Places.of_table(accounts.table)
    created_at = lower_bounds(accounts).times[places.rows]
    if not (created_at != UNKNOWN_TIME).any():
        return None
    times = infer_follow_times(accounts)
    if not times.is_by_time:
        return None
    followed_after = to_times(times.table["followed_after"])[places.rows]
    # A date behind the follow time was set aside there, and is none here.
    created_at = np.where((followed_after != UNKNOWN_TIME) & (created_at > followed_after), UNKNOWN_TIME, created_at)
    is_dated = created_at != UNKNOWN_TIME
    if not is_dated.any():
        return None
    is_marked = np.zeros(len(places.rows), np.bool_) if blocks is None else blocks.block_of[places.rows] >= 0
    first, last = _axis(created_at[is_dated], followed_after[is_dated])
    is_inside = is_dated & (created_at >= first) & (created_at <= last)
    width, height = _shape(len(places.rows))
    cells = _cells(created_at, first, last, width, height)
    counts, n_marked = (_counted(cells[kept], width, height) for kept in (is_inside, is_inside & is_marked))
    starts = _column_starts(len(places.rows), width)
    ends = np.append(starts[1:], len(places.rows)) - 1
    return FollowMap(
        counts,
        n_marked,
        places.ranks[starts],
        _moments(followed_after[ends]),
        int(places.ranks[0]),
        int(places.ranks[-1]),
        _instant(first),
        _instant(last),
        int(np.count_nonzero(is_inside)),
        int(np.count_nonzero(is_dated & ~is_inside)),
        int(np.count_nonzero(~is_dated)),
        _dated_places(places.ranks, followed_after),
    )


def _shape(n: int) -> tuple[int, int]:
    """Return how many columns and rows a list of so many accounts in order gets; columns are twice the rows."""
    wanted = isqrt(2 * _CELLS_PER_ACCOUNT * n)
    return min(WIDTH, n, wanted), min(HEIGHT, max(1, wanted // 2))


def _axis(created_at: Times, followed_after: Times) -> tuple[int, int]:
    """Return the ends of the axis of dates: no account was made after it followed, so the order has the last word."""
    n = len(created_at)
    rank = min(ceil(_ODD_SHARE * n), (n - 1) // 4)
    latest = np.maximum(created_at, followed_after)
    low, high = (np.partition(times, places) for times, places in ((created_at, [0, rank]), (latest, [-1 - rank, -1])))
    first, last = int(low[rank]), int(high[-1 - rank])
    room = _STRETCH * (last - first)
    first = int(low[0]) if first - low[0] <= room else first
    last = int(high[-1]) if high[-1] - last <= room else last
    return first, max(last, first + MICROSECONDS_PER_DAY)


def _cells(created_at: Times, first: int, last: int, width: int, height: int) -> NDArray[np.int64]:
    """Return the number of each account's cell, row by row, shape (n,)."""
    n = len(created_at)
    columns = np.arange(n) * width // n
    # A date that is not known would be beyond any number once the axis is taken off.
    share = (np.clip(created_at, first, last) - first) / (last - first)
    return np.minimum((share * height).astype(np.int64), height - 1) * width + columns


def _counted(cells: NDArray[np.int64], width: int, height: int) -> NDArray[np.uint32]:
    return np.bincount(cells, minlength=width * height).reshape(height, width).astype(np.uint32)


def _column_starts(n: int, width: int) -> NDArray[np.int64]:
    """Return the place of the first account of each column, shape (width,)."""
    return -(-np.arange(width) * n // width)


def _dated_places(ranks: NDArray[np.int64], followed_after: Times) -> tuple[FollowMoment, ...]:
    n = len(ranks)
    chosen = np.unique(np.arange(_STEPS + 1) * (n - 1) // _STEPS)
    return tuple(
        FollowMoment(
            int(ranks[place]),
            round((float(place) + 0.5) / n, 6),
            _instant(int(followed_after[place])) if followed_after[place] != UNKNOWN_TIME else None,
        )
        for place in chosen
    )


def _moments(times: Times) -> NDArray[np.datetime64]:
    moments = times.astype("datetime64[us]")
    moments[times == UNKNOWN_TIME] = np.datetime64("NaT")
    return moments


def _instant(time: int) -> datetime:
    return _EPOCH + timedelta(microseconds=time)
