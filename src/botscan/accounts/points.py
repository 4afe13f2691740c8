"""PointRecords: one batch of counts over time, typed, one row a record, nothing sorted or dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts.identity import BY_HANDLE
from botscan.accounts.rows import (
    Faults,
    RowRecords,
    fill_owner,
    name_owner,
    rows_with_reason,
    type_cells,
    unreadable_ids,
)
from botscan.accounts.settings import CellSettings
from botscan.cells.changes import parse_changes
from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.cells.handles import handle_keys
from botscan.cells.parsed import as_mask, flatten, is_known, is_text
from botscan.cells.zones import zone_named
from botscan.schema import SERIES_COLUMNS

#: Columns of `PointRecords.table`.
RECORD_SCHEMA = pa.schema(
    [
        *(pa.field(column.name, column.arrow_type) for column in SERIES_COLUMNS),
        pa.field("total_half_width", pa.int64()),
        pa.field("change_half_width", pa.int64()),
        pa.field("is_day", pa.bool_()),
        pa.field("day", pa.int64()),
    ]
)


@dataclass(frozen=True, eq=False)
class PointRecords(RowRecords):
    """One batch of counts, in the order of the source.

    Its table holds every canonical column of a series (``account_id`` is ``@handle`` for an account known by its handle
    only, null where the source names none), the half-widths of rounded counts, ``is_day``, whether a date names no time
    and nobody named its zone, and ``day``, counted from 1970-01-01 in the zone of the settings, else in UTC.
    """


#: First cell of a row that sums up the others.
_TOTALS = pa.array(["total", "jumlah", "grand total", "sum"], pa.large_string())
#: Zones differ from UTC, and change their clocks, by whole quarters of an hour.
_QUARTER = 15 * 60 * 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def holds_changes(parts: Iterable[tuple[pa.ChunkedArray, pa.ChunkedArray | None]]) -> bool:
    """Whether a column of follower counts holds what was gained and lost: it goes below 0, or a last row sums it up.

    Parameters
    ----------
    parts
        Counts and their dates, as the source has them, in parts of one list.

    Examples
    --------
    >>> days = pa.chunked_array([["2024-01-01", "2024-01-02", "Total"]])
    >>> [holds_changes([(pa.chunked_array([cells]), days)]) for cells in (["5", "-6", ""], ["5", "6", "11"])]
    [True, True]
    >>> holds_changes([(pa.chunked_array([["5", "6", "7"]]), days)])
    False
    """
    total, others, n_others = None, 0, 0
    for cells, dates in parts:
        values = parse_changes(cells).values
        if as_mask(pc.less(values, 0)).any():
            return True
        is_total = np.zeros(len(values), dtype=np.bool_)
        if dates is not None and is_text(dates.type):
            words = pc.utf8_lower(pc.utf8_trim_whitespace(flatten(dates).cast(pa.large_string())))
            is_total = as_mask(pc.is_in(words, value_set=_TOTALS))
        known = is_known(values)
        numbers = np.asarray(pc.fill_null(values, 0).to_numpy(zero_copy_only=False))
        if (is_total & known).any():
            total = int(numbers[is_total & known][0])
        others += int(numbers[~is_total].sum())
        n_others += int(np.count_nonzero(known & ~is_total & (numbers != 0)))
    return total is not None and n_others > 1 and total == others


def _local_days(counted_at: pa.Array, is_day: pa.Array, tz: str | None) -> pa.Array:
    """Return the day of each instant in a zone; a date without a time is that day itself."""
    instants = np.asarray(pc.fill_null(counted_at.cast(pa.int64()), 0).to_numpy(zero_copy_only=False))
    if tz is not None:
        quarters, which = np.unique(instants // _QUARTER, return_inverse=True)
        zone = zone_named(tz)
        offsets = np.array([_offset(zone, int(quarter)) for quarter in quarters], dtype=np.int64)
        instants = np.where(as_mask(is_day), instants, instants + offsets[which])
    return pa.array(instants // MICROSECONDS_PER_DAY, mask=~is_known(counted_at))


def _offset(zone: tzinfo, quarter: int) -> int:
    """Return the offset of a zone from UTC, in microseconds, at a quarter of an hour since 1970."""
    try:
        offset = (_EPOCH + timedelta(microseconds=quarter * _QUARTER)).astimezone(zone).utcoffset()
    except OverflowError:  # at the very ends of the calendar
        return 0
    return 0 if offset is None else round(offset.total_seconds() * 1_000_000)


def make_points(
    raw: pa.Table,
    *,
    row_numbers: NDArray[np.int64],
    settings: CellSettings,
    reject_reasons: pa.Array | None = None,
    faults: Faults | None = None,
    lines: NDArray[np.int64] | None = None,
    account_id: str | None = None,
) -> PointRecords:
    """Type the cells of one batch of counts over time.

    A row without a readable date is rejected as ``no_date``, one without any count as ``no_count``, one whose account
    cannot be read as ``id_damaged`` or ``no_identity``.

    Parameters
    ----------
    raw
        Canonical series columns (others are refused); cells text or typed.
    row_numbers
        Record number in the source, counted from 1, shape (n,).
    settings
        What the first pass decided.
    reject_reasons
        Why the reader already rejected a record; null = fine.
    faults
        Faults that the reader saw itself: a number of cells, or the rows (bool, shape (n,)).
    lines
        Line of the file where each record begins.
    account_id
        Account that is counted where rows name none, id or handle.

    Raises
    ------
    SchemaError
        A column of `raw` is not canonical.

    Examples
    --------
    >>> raw = pa.table({"counted_at": ["1 Mei 2024", "2 Mei 2024"], "followers_count": ["27,9 rb", ""]})
    >>> records = make_points(raw, row_numbers=np.array([1, 2]), settings=CellSettings())
    >>> records.table["followers_count"].to_pylist(), records.reject_reasons.to_pylist()
    ([27900, None], [None, 'no_count'])
    """
    n = raw.num_rows
    typed = type_cells(raw, "series", settings)
    columns = typed.columns
    is_unreadable = unreadable_ids(typed, n, faults)
    if "handle" in columns:
        by_handle = pc.binary_join_element_wise(
            pa.scalar(BY_HANDLE, pa.large_string()), handle_keys(columns["handle"]), pa.scalar("", pa.large_string())
        )
        columns["account_id"] = pc.coalesce(columns.get("account_id", pa.nulls(n, pa.large_string())), by_handle)
    fill_owner(typed, n, name_owner(account_id, settings.platform), faults)
    for column in SERIES_COLUMNS:
        columns.setdefault(column.name, pa.nulls(n, column.arrow_type))

    is_damaged = typed.masks.get(("account_id", "id_damaged"), np.zeros(n, dtype=np.bool_))
    has_no_name = is_unreadable & ~is_known(columns["account_id"])
    if is_damaged.any():
        typed.masks["account_id", "id_damaged"] = (
            is_damaged & ~has_no_name
        )  # those without a handle are rejected for it
    given = pa.nulls(n, pa.string()) if reject_reasons is None else reject_reasons.cast(pa.string())
    reasons = pc.coalesce(
        given,
        rows_with_reason("id_damaged", has_no_name & is_damaged),
        rows_with_reason("no_identity", has_no_name),
        rows_with_reason("no_date", ~is_known(columns["counted_at"])),
        rows_with_reason("no_count", ~is_known(columns["followers_count"]) & ~is_known(columns["followers_gained"])),
    )
    nothing = np.zeros(n, dtype=np.int64)
    is_day = pc.equal(typed.precision.get("counted_at", pa.nulls(n, pa.large_string())), "day")
    extra = {
        "total_half_width": pa.array(typed.half_widths.get("followers_count", nothing)),
        "change_half_width": pa.array(typed.half_widths.get("followers_gained", nothing)),
        "is_day": is_day if settings.tz is None else pc.and_(is_day, False),
        "day": _local_days(columns["counted_at"], is_day, settings.tz),
    }
    # A count that could not be read is why its row is rejected: its fault is told all the same.
    was_read = ~is_known(given)
    return PointRecords(
        table=pa.table({**columns, **extra}).select(RECORD_SCHEMA.names),
        row_numbers=np.asarray(row_numbers, dtype=np.int64),
        reject_reasons=reasons,
        faults=typed.count_faults(was_read, faults),
        widest_rounding=typed.widest_rounding(was_read),
        lines=lines,
        platform=settings.platform,
    )
