"""Which creation dates of a list may bound a follow time, and how much earlier than stated an account may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts import AccountTable
from botscan.accounts.id_dates import dates_from_ids, has_datable_ids
from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.cells.parsed import as_mask, is_known
from botscan.follow_times.records import UNKNOWN_TIME, Mask, Times
from botscan.notes import Note

#: Platforms on which the client writes the creation date, and may write any.
_CLIENT_SET = frozenset({"bluesky"})
#: Dates drawn from the table of round Twitter ids are at most 39 days later than the true ones (121,000 accounts).
ID_DATE_ALLOWANCE_DAYS = 40
_ALLOWANCE = ID_DATE_ALLOWANCE_DAYS * MICROSECONDS_PER_DAY


@dataclass(frozen=True, eq=False)
class LowerBounds:
    """Moments before which accounts did not exist.

    Attributes
    ----------
    times
        Microseconds since 1970 UTC, `UNKNOWN_TIME` where there is none, shape (n,).
    allowance_days
        How much later the account may have been made because its date is known no better, shape (n,).
    notes
        Dates that were not used, or used with an allowance.
    """

    times: Times
    allowance_days: NDArray[np.float64]
    notes: tuple[Note, ...]


def to_times(column: pa.ChunkedArray) -> Times:
    """Return instants as microseconds, `UNKNOWN_TIME` where null, shape (n,)."""
    numbers = pc.fill_null(column.combine_chunks().cast(pa.int64()), UNKNOWN_TIME)
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.int64)


def lower_bounds(accounts: AccountTable) -> LowerBounds:
    """Return the moment before which each account did not exist.

    By precision of the creation date:

    - second: the date.
    - day: the start of that day in UTC, since nobody knows at which hour the account was made.
    - unknown: only dates that the id carries. TikTok ids hold the moment itself. Dates drawn from older Twitter ids
      were later than the true ones by at most 39 days, 99 % of them by at most 9 to 26, and the latest date so far
      picks out the worst: 40 days are taken off. Months, and dates of unknown making, bound nothing.

    Dates that the client sets (Bluesky) are never used, whatever their precision.
    """
    n = len(accounts)
    names = accounts.table.column_names
    times = to_times(accounts.table["created_at"]) if "created_at" in names else np.full(n, UNKNOWN_TIME)
    allowance = np.zeros(n)
    has_date = times != UNKNOWN_TIME
    if not has_date.any():
        return LowerBounds(times, allowance, ())
    if accounts.platform in _CLIENT_SET:
        unused = Note("follow_dates_client_set", count=int(np.count_nonzero(has_date)))
        return LowerBounds(np.full(n, UNKNOWN_TIME), allowance, (unused,))
    is_second, is_day = _precisions(accounts.table)
    if is_day.any():
        times = np.where(is_day & has_date, times - times % MICROSECONDS_PER_DAY, times)
        allowance[is_day] = 1.0
    is_vague = has_date & ~is_second & ~is_day
    if not is_vague.any():
        return LowerBounds(times, allowance, ())
    is_of_id = _are_of_ids(accounts, times, is_vague)
    times = np.where(is_vague & ~is_of_id, UNKNOWN_TIME, times)
    notes = _vague_note(int(np.count_nonzero(is_vague & ~is_of_id)))
    if accounts.platform == "twitter" and is_of_id.any():
        times[is_of_id] -= _ALLOWANCE
        allowance[is_of_id] = ID_DATE_ALLOWANCE_DAYS
        numbers: dict[str, int | float | str] = {"days": ID_DATE_ALLOWANCE_DAYS}
        notes += (Note("follow_dates_from_ids", count=int(np.count_nonzero(is_of_id)), numbers=numbers),)
    return LowerBounds(times, allowance, notes)


def _precisions(table: pa.Table) -> tuple[Mask, Mask]:
    """Return which creation dates are known to the second and which to the day; without the column none is."""
    if "created_at_precision" not in table.column_names:
        nothing = np.zeros(table.num_rows, np.bool_)
        return nothing, nothing
    precision = table["created_at_precision"].combine_chunks()
    return as_mask(pc.equal(precision, "second")), as_mask(pc.equal(precision, "day"))


def _are_of_ids(accounts: AccountTable, times: Times, rows: Mask) -> Mask:
    """Return which of some rows have the very date that their id carries."""
    is_of_id = np.zeros(len(times), np.bool_)
    if has_datable_ids(accounts.platform):
        ids = accounts.table["account_id"].combine_chunks().filter(pa.array(rows))
        found = dates_from_ids(ids, accounts.platform).values
        moments = np.asarray(pc.fill_null(found.cast(pa.int64()), UNKNOWN_TIME).to_numpy(zero_copy_only=False))
        is_of_id[rows] = is_known(found) & (moments == times[rows])
    return is_of_id


def _vague_note(count: int) -> tuple[Note, ...]:
    return (Note("follow_dates_vague", count=count),) if count else ()
