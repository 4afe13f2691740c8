"""PointRecords: one batch of counts over time, typed, one row a record, nothing sorted or dropped."""

from __future__ import annotations

from dataclasses import dataclass

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
from botscan.cells.handles import handle_keys
from botscan.cells.parsed import is_known
from botscan.schema import SERIES_COLUMNS

#: Columns of `PointRecords.table`.
RECORD_SCHEMA = pa.schema(
    [
        *(pa.field(column.name, column.arrow_type) for column in SERIES_COLUMNS),
        pa.field("total_half_width", pa.int64()),
        pa.field("change_half_width", pa.int64()),
        pa.field("is_day", pa.bool_()),
    ]
)


@dataclass(frozen=True, eq=False)
class PointRecords(RowRecords):
    """One batch of counts, in the order of the source.

    Its table holds every canonical column of a series (``account_id`` is ``@handle`` for an account known by its handle
    only, null where the source names none), the half-widths of rounded counts, and whether a date names no time.
    """


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
    extra = {
        "total_half_width": pa.array(typed.half_widths.get("followers_count", nothing)),
        "change_half_width": pa.array(typed.half_widths.get("followers_gained", nothing)),
        "is_day": pc.equal(typed.precision.get("counted_at", pa.nulls(n, pa.large_string())), "day"),
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
