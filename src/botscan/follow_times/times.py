"""Follow times of a list: what its order, creation dates and known follow times say about each account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from botscan.accounts import AccountTable
from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.cells.instants import to_microseconds
from botscan.display import Displayed, plain
from botscan.follow_times.bounds import FollowTimeBounds, not_after
from botscan.follow_times.dates import lower_bounds, to_times
from botscan.follow_times.order import FEWEST_JUDGED, OrderJudgement, judge_order
from botscan.follow_times.places import Places
from botscan.follow_times.records import UNKNOWN_TIME, Mask, Times
from botscan.notes import Note
from botscan.wording import number, say, say_note

if TYPE_CHECKING:
    import pandas as pd

_INSTANT = pa.timestamp("us", tz="UTC")
#: A warm-up of more than this share of the followers is worth a note.
_LONG_WARM_UP = 0.01
#: Orders along which nothing is bounded.
_WITHOUT_TIME = frozenset({"seems_reversed", "not_by_time"})
_AGAINST_ORDER = frozenset({"order_seems_reversed", "order_not_by_time"})


@dataclass(frozen=True, eq=False, repr=False)
class FollowTimes(Displayed):
    """When the accounts of a list followed, as bounds.

    Attributes
    ----------
    table
        Arrow table, one row an account, in the order of the accounts: ``account_id``, ``follow_rank``,
        ``followed_after``, ``followed_before`` (UTC; equal where the follow time is known) and ``slack_days``, how far
        the first may lag behind the follow time (`FollowTimeBounds`). Null = unknown.
    n_accounts, n_ranked, n_dated
        Accounts; of these with a place in the follow order; of these with a creation date or follow time to go by.
    n_impossible
        Creation dates that do not fit where their accounts stand, and were set aside.
    warm_up_rank
        Follow rank from which the lower bound has caught up with time; None when it never does.
    notes
        What a reader must know.
    """

    table: pa.Table
    n_accounts: int
    n_ranked: int
    n_dated: int
    n_impossible: int
    warm_up_rank: int | None
    notes: tuple[Note, ...]

    def __len__(self) -> int:
        return self.n_accounts

    def __repr__(self) -> str:
        return f"FollowTimes({self.n_accounts} accounts, {self.n_bounded} with a lower bound)"

    @property
    def is_by_time(self) -> bool:
        """Whether neighbours in the order came one after the other, as far as dates can tell."""
        return not any(note.code in _AGAINST_ORDER for note in self.notes)

    @property
    def n_bounded(self) -> int:
        """Accounts with a lower bound."""
        return self.n_accounts - int(self.table["followed_after"].null_count)

    def to_dict(self) -> dict[str, Any]:
        """Return counts and notes as plain data, never an account."""
        names = ("n_accounts", "n_ranked", "n_dated", "n_bounded", "n_impossible", "warm_up_rank", "notes")
        return {name: plain(getattr(self, name)) for name in names}

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame, one row an account, in the order of the accounts; unknown cells are missing."""
        import pandas as pd

        nullable = {pa.int64(): pd.Int64Dtype(), pa.large_string(): pd.StringDtype()}
        return self.table.to_pandas(types_mapper=nullable.get)

    def _title(self, language: str) -> str:
        return say("follow_times_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        return [
            (say("audit_accounts", language), number(self.n_accounts, language)),
            (say("follow_times_ranked", language), number(self.n_ranked, language)),
            (say("follow_times_dated", language), number(self.n_dated, language)),
            (say("follow_times_bounded", language), number(self.n_bounded, language)),
            *((say("share_note", language), say_note(note, language)) for note in self.notes),
        ]


def infer_follow_times(accounts: AccountTable) -> FollowTimes:
    """Bound when each account of a list followed, from the follow order and the creation dates.

    See `bound_follow_times` for the method and its reference. Accounts without a place in the order have no bounds, and
    those that share one say nothing about each other. In a list that seems to stand newest first, or whose order does
    not go by time (`judge_order`), only accounts whose own follow time is known have bounds, and a note says so. With
    fewer than 50 different dates the order cannot be judged and is believed. Where the list was seen at midnight, that
    stands for the whole day.

    Parameters
    ----------
    accounts
        With ``follow_rank``, and ``created_at`` (or ids that carry it) or ``followed_at``.

    Examples
    --------
    >>> rows = [
    ...     {"account_id": name, "follow_rank": rank, "created_at": f"20{year}-05-04T10:00:00Z"}
    ...     for name, rank, year in (("a1", 2, 21), ("a2", 0, 20), ("a3", 1, 12))
    ... ]
    >>> times = infer_follow_times(AccountTable.from_frame(rows, platform="github"))
    >>> times.to_frame()["followed_after"].dt.year.tolist()  # the oldest account followed after one of 2020
    [2021, 2020, 2020]
    """
    table = accounts.table
    n = len(accounts)
    observed_at = last_moment(accounts.observed_at)
    lower = lower_bounds(accounts)
    followed_at = to_times(table["followed_at"]) if "followed_at" in table.column_names else np.full(n, UNKNOWN_TIME)
    followed_at, _ = not_after(followed_at, observed_at)
    is_exact = followed_at != UNKNOWN_TIME
    dates = np.where(is_exact, followed_at, lower.times)
    places = Places.of_table(table)
    order = judge_order(places.latest(dates[places.rows]))
    found = _bounds(places, lower.times, followed_at, observed_at, order)
    slack = _with_allowance(found, lower.allowance_days[places.rows])
    columns = {
        "account_id": table["account_id"],
        "follow_rank": table["follow_rank"] if "follow_rank" in table.column_names else pa.nulls(n, pa.int64()),
        "followed_after": _instants(_by_row(places, found.followed_after, followed_at, is_exact)),
        "followed_before": _instants(_by_row(places, found.followed_before, followed_at, is_exact)),
        "slack_days": pa.array(_by_row(places, slack, np.where(is_exact, 0.0, np.nan), is_exact), from_pandas=True),
    }
    times = FollowTimes(
        pa.table(columns),
        n,
        len(places.rows),
        int(np.count_nonzero(dates[places.rows] != UNKNOWN_TIME)),
        int(np.count_nonzero(found.is_impossible)),
        int(places.ranks[found.warm_up]) if found.warm_up < len(places.rows) else None,
        lower.notes,
    )
    return replace(times, notes=(*lower.notes, *_notes(times, places, found, order, observed_at)))


def last_moment(observed_at: datetime | None) -> int:
    """Return the last moment at which a list can have been seen, in microseconds; `UNKNOWN_TIME` when not known.

    Midnight stands for a day of which nobody wrote the hour: its end is returned.

    Examples
    --------
    >>> last_moment(datetime(1970, 1, 1, 12)), last_moment(datetime(1970, 1, 1))
    (43200000000, 86399999999)
    """
    if observed_at is None:
        return UNKNOWN_TIME
    moment = to_microseconds(observed_at)
    return moment if moment % MICROSECONDS_PER_DAY else moment + MICROSECONDS_PER_DAY - 1


def _bounds(
    places: Places, created_at: Times, followed_at: Times, observed_at: int, order: OrderJudgement
) -> FollowTimeBounds:
    """Return the bounds in follow order; none where the order does not go by time."""
    if order.verdict not in _WITHOUT_TIME:
        return places.bounds(created_at[places.rows], followed_at[places.rows], observed_at)
    n = len(places.rows)
    unknown = np.full(n, UNKNOWN_TIME)
    return FollowTimeBounds(unknown, unknown, np.zeros(n, np.bool_), np.full(n, np.nan), n)


def _with_allowance(found: FollowTimeBounds, allowance_days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the slack in days with what dates are known no better to; it never reaches over the upper bound."""
    after, before = found.followed_after, found.followed_before
    if not allowance_days.any():
        return found.slack_days
    holds = np.concatenate([[True], after[1:] > after[:-1]])  # whose date is the bound from here on
    holder = np.maximum.accumulate(np.where(holds, np.arange(len(after)), 0))
    is_between = (after != UNKNOWN_TIME) & (before != UNKNOWN_TIME)
    room = np.where(is_between, before, 0) - np.where(is_between, after, 0)
    most = np.where(is_between, room / MICROSECONDS_PER_DAY, np.inf)
    return np.minimum(found.slack_days + allowance_days[holder], most)


def _by_row(places: Places, in_order: NDArray[Any], of_row: NDArray[Any], is_exact: Mask) -> NDArray[Any]:
    """Bring values from the follow order to the order of the list; where the follow time is known its own stand."""
    values = np.full(len(of_row), UNKNOWN_TIME if in_order.dtype == np.int64 else np.nan, dtype=in_order.dtype)
    values[places.rows] = in_order
    return np.where(is_exact, of_row, values)


def _instants(times: Times) -> pa.Array:
    return pa.array(times, mask=times == UNKNOWN_TIME).cast(_INSTANT)


def _notes(
    times: FollowTimes, places: Places, found: FollowTimeBounds, order: OrderJudgement, observed_at: int
) -> tuple[Note, ...]:
    """Return what a reader must know, the most weighty first."""
    if not times.n_accounts:
        return (Note("no_accounts"),)
    if not times.n_ranked:
        return (Note("follow_order_missing"),)
    if not times.n_dated:
        return (Note("follow_dates_missing"),)
    n_unranked = times.n_accounts - times.n_ranked
    n_shared = int(places.sizes[places.sizes > 1].sum())
    is_bounded = order.verdict not in _WITHOUT_TIME
    notes = [
        *_order_notes(order, times.n_dated),
        Note("follow_ranks_missing", count=n_unranked) if n_unranked else None,
        Note("follow_ranks_shared", count=n_shared) if n_shared else None,
        Note("follow_dates_impossible", count=times.n_impossible) if times.n_impossible else None,
        *(_bound_notes(found, observed_at) if is_bounded else ()),
    ]
    return tuple(note for note in notes if note is not None)


def _order_notes(order: OrderJudgement, n_dated: int) -> tuple[Note, ...]:
    numbers: dict[str, int | float | str] = {
        "n_records": order.n_records,
        "n_records_reversed": order.n_records_reversed,
    }
    if order.verdict == "seems_reversed":
        return (Note("order_seems_reversed", numbers=numbers),)
    if order.verdict == "not_by_time":
        return (Note("order_not_by_time", numbers=numbers),)
    if order.verdict == "same_date":
        return (Note("follow_dates_same", count=n_dated),)
    if order.verdict == "too_few":
        return (Note("follow_order_unchecked", numbers={"fewest": FEWEST_JUDGED}),)
    return ()


def _bound_notes(found: FollowTimeBounds, observed_at: int) -> tuple[Note, ...]:
    """Return notes about contradictions, the warm-up and the end."""
    is_bounded = found.followed_after != UNKNOWN_TIME
    first = int(np.argmax(is_bounded))
    n_contradicted = int(np.count_nonzero(~is_bounded[first:])) if is_bounded.any() else 0
    n = len(is_bounded)
    notes = []
    if n_contradicted:
        notes.append(Note("follow_times_contradict", count=n_contradicted))
    if found.warm_up == n:
        notes.append(Note("follow_bound_lags"))
    elif found.warm_up > _LONG_WARM_UP * n:
        notes.append(Note("follow_bound_warms_up", count=found.warm_up))
    if observed_at == UNKNOWN_TIME:
        notes.append(Note("follow_end_unknown"))
    return tuple(notes)
