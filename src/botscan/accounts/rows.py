"""Rows of posts and of counts over time: typed cell by cell, put together, and accounted for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts.identity import BY_HANDLE
from botscan.accounts.settings import CellSettings
from botscan.cells.changes import parse_changes
from botscan.cells.flags import parse_flags
from botscan.cells.handles import handle_key, parse_handles, read_handle
from botscan.cells.ids import has_numeric_ids, parse_ids, read_id
from botscan.cells.instants import ParsedInstants, parse_instants
from botscan.cells.numbers import ParsedCounts, parse_counts
from botscan.cells.parsed import Mask, Parsed, as_mask, is_known
from botscan.cells.texts import MOST_TEXT_CHARACTERS, parse_texts, parse_words
from botscan.cells.values import cells_from_values
from botscan.errors import Fault, SchemaError
from botscan.notes import Note
from botscan.reading_report import REJECT_REASONS, RejectedRow
from botscan.schema import COLUMNS_OF, Column, RecordKind

#: Rejected rows that a report lists one by one.
MOST_REJECTED_LISTED = 100
#: Why a row is no point of a series.
SERIES_REASONS: tuple[str, ...] = ("no_date", "no_count")
#: Column that speaks for a reason; the other reasons are about the record as a whole.
_COLUMN_OF_REASON: dict[RecordKind, dict[str, str]] = {
    "posts": {"no_identity": "post_id", "id_damaged": "post_id"},
    "series": {
        "no_identity": "account_id",
        "id_damaged": "account_id",
        "no_date": "counted_at",
        "no_count": "followers_count",
    },
}
#: Platforms whose post ids are positive whole numbers; elsewhere they are words, or numbers with a mark between.
_NUMERIC_POST_IDS = frozenset({"twitter", "tiktok"})

#: Cells with a fault, by column and code: how many, or which rows (bool, shape (n,)).
Faults = Mapping[tuple[str, str], int | Mask]


@dataclass(frozen=True, eq=False)
class RowRecords:
    """Records of one kind, typed, in the order of the source; nothing merged.

    Attributes
    ----------
    table
        Typed columns, shape (n,) each. Cells of rejected rows mean nothing.
    row_numbers
        Record number in the source, counted from 1, shape (n,).
    reject_reasons
        Why a record is none, null where it is one; string, shape (n,).
    faults
        (column, code) to the number of cells; the column is empty where the fault is of the whole record.
    widest_rounding
        Column to the largest half-width of a rounded count.
    lines
        Line of the file where each record begins, shape (n,), 0 = not known; None when none is known.
    platform
        Platform of the source, as the settings say.
    """

    table: pa.Table
    row_numbers: NDArray[np.int64]
    reject_reasons: pa.Array
    faults: Mapping[tuple[str, str], int] = field(default_factory=dict)
    widest_rounding: Mapping[str, int] = field(default_factory=dict)
    lines: NDArray[np.int64] | None = None
    platform: str | None = None

    def __post_init__(self) -> None:
        n = self.table.num_rows
        if not len(self.row_numbers) == len(self.reject_reasons) == n:
            raise ValueError(f"{n} records, {len(self.row_numbers)} row numbers, {len(self.reject_reasons)} reasons")

    def __len__(self) -> int:
        return int(self.table.num_rows)


@dataclass(frozen=True, eq=False)
class TypedCells:
    """Columns of one batch after typing.

    Attributes
    ----------
    columns
        Canonical column to its values, shape (n,); only columns that the source carries.
    masks
        (column, code) to the rows with that fault, bool, shape (n,).
    half_widths
        Column of counts to the half-width of each, int64, shape (n,), 0 = exact.
    precision
        Column of instants to the precision of each: ``second``, ``day`` or null.
    """

    columns: dict[str, pa.Array]
    masks: dict[tuple[str, str], Mask]
    half_widths: dict[str, NDArray[np.int64]]
    precision: dict[str, pa.Array]

    def count_faults(self, alive: Mask, seen: Faults | None) -> dict[tuple[str, str], int]:
        """Count the cells with each fault in living rows, with those that the reader saw itself."""
        counted: dict[tuple[str, str], int] = {}
        both: list[tuple[tuple[str, str], int | Mask]] = [*(seen or {}).items(), *self.masks.items()]
        for key, cells in both:
            count = int(np.count_nonzero(cells & alive)) if isinstance(cells, np.ndarray) else cells
            if count:
                counted[key] = counted.get(key, 0) + count
        return counted

    def widest_rounding(self, alive: Mask) -> dict[str, int]:
        """Return the largest half-width of each column that holds rounded counts in living rows."""
        return {
            name: int(halves[alive].max(initial=0)) for name, halves in self.half_widths.items() if halves[alive].any()
        }


def type_cells(raw: pa.Table, kind: RecordKind, settings: CellSettings) -> TypedCells:
    """Type every column of a batch.

    Raises
    ------
    SchemaError
        A column of `raw` is none of the canonical ones of its kind.
    """
    canonical = COLUMNS_OF[kind]
    others = [name for name in raw.column_names if name not in canonical]
    if others:
        raise SchemaError(
            f"{len(others)} columns are not canonical.",
            faults=[Fault(name, "not_canonical", raw.num_rows, None, "a canonical column name") for name in others],
            remedy=f"Columns of {kind} are {', '.join(canonical)}.",
        )
    typed = TypedCells({}, {}, {}, {})
    for column in canonical.values():
        if column.name not in raw.column_names:
            continue
        parsed = _parse(column, raw[column.name], settings)
        typed.columns[column.name] = parsed.values
        typed.masks.update({(column.name, code): rows for code, rows in parsed.faults.items()})
        if isinstance(parsed, ParsedCounts):
            typed.half_widths[column.name] = parsed.half_widths
        if isinstance(parsed, ParsedInstants):
            typed.precision[column.name] = parsed.precision
    return typed


def _parse(column: Column, cells: pa.ChunkedArray, settings: CellSettings) -> Parsed:
    if column.kind == "id":
        is_strict = column.name != "post_id" or settings.platform in _NUMERIC_POST_IDS
        return parse_ids(cells, platform=settings.platform if is_strict else None)
    if column.kind == "handle":
        return parse_handles(cells)
    if column.kind == "text":
        return parse_texts(cells, most=MOST_TEXT_CHARACTERS)
    if column.kind == "count":
        return parse_counts(cells)
    if column.kind == "change":
        return parse_changes(cells)
    if column.kind == "flag":
        return parse_flags(cells)
    if column.kind == "instant":
        return parse_instants(
            cells,
            platform=settings.platform,
            observed_at=settings.observed_at,
            date_order=settings.date_orders.get(column.name),
            tz=settings.tz,
        )
    return parse_words(cells)


def name_owner(account_id: str | None, platform: str | None) -> str | None:
    """Return the id of the account that a whole source belongs to, given as id or handle; None when it is neither.

    Examples
    --------
    >>> name_owner("12", "twitter"), name_owner("@Budi", "twitter"), name_owner("Budi", "twitter")
    ('12', '@budi', '@budi')
    """
    text = cells_from_values([account_id], "id").values[0].as_py()
    if text is None:
        return None
    cell = read_id(text, is_numeric=has_numeric_ids(platform))
    if cell.code != "bad_id":
        return cell.value
    key = handle_key(read_handle(text).value)
    return None if key is None else BY_HANDLE + key


def fill_owner(typed: TypedCells, n: int, owner: str | None, seen: Faults | None = None) -> Mask:
    """Set the account of the rows that name none, and return those rows.

    A cell that names an account but cannot be read may name some other one: it stays unknown.
    """
    ids = typed.columns.get("account_id", pa.nulls(n, pa.large_string()))
    is_empty = ~is_known(ids) & ~unreadable_ids(typed, n, seen)
    if owner is None:
        return np.zeros(n, dtype=np.bool_)
    typed.columns["account_id"] = pc.if_else(pa.array(is_empty), pa.scalar(owner, pa.large_string()), ids)
    return is_empty


def unreadable_ids(typed: TypedCells, n: int, seen: Faults | None = None) -> Mask:
    """Return the rows whose account id was there and could not be read, shape (n,)."""
    rows = np.zeros(n, dtype=np.bool_)
    for code in ("id_damaged", "bad_id", "key_too_long", "wrong_type"):
        rows |= typed.masks.get(("account_id", code), False)
    seen_by_reader = (seen or {}).get(("account_id", "wrong_type"))
    return rows | seen_by_reader if isinstance(seen_by_reader, np.ndarray) else rows


def rows_with_reason(reason: str, rows: Mask) -> pa.Array:
    """Return a reason for some rows, null for the others; string, shape (n,)."""
    return pa.array(np.full(len(rows), reason), pa.string(), mask=~rows)


def join_records(batches: Iterable[RowRecords], schema: pa.Schema) -> RowRecords:
    """Put the batches of one source together; columns that none of them has are not in the result.

    Parameters
    ----------
    batches
        In the order of the source.
    schema
        Every column that there may be, in order.
    """
    listed = list(batches)
    names = {name for batch in listed for name in batch.table.column_names}
    wanted = pa.schema([one for one in schema if one.name in names])
    tables = [wanted.empty_table(), *(batch.table for batch in listed)]
    faults: dict[tuple[str, str], int] = {}
    widest: dict[str, int] = {}
    for batch in listed:
        for key, count in batch.faults.items():
            faults[key] = faults.get(key, 0) + count
        for column, half_width in batch.widest_rounding.items():
            widest[column] = max(widest.get(column, 0), half_width)
    return RowRecords(
        table=pa.concat_tables(tables, promote_options="default").select(wanted.names).combine_chunks(),
        row_numbers=np.concatenate([np.zeros(0, np.int64), *(batch.row_numbers for batch in listed)]),
        reject_reasons=pa.concat_arrays([pa.nulls(0, pa.string()), *(batch.reject_reasons for batch in listed)]),
        faults=faults,
        widest_rounding=widest,
        lines=_join_lines(listed),
        platform=next((batch.platform for batch in reversed(listed) if batch.platform is not None), None),
    )


def _join_lines(batches: Sequence[RowRecords]) -> NDArray[np.int64] | None:
    if all(batch.lines is None for batch in batches):
        return None
    return np.concatenate([np.zeros(len(one), np.int64) if one.lines is None else one.lines for one in batches])


@dataclass(frozen=True)
class Accounting:
    """What became of the records of a source.

    Attributes
    ----------
    reject_reasons
        Rejected rows by reason.
    rejected
        The first rejected rows.
    notes
        Faults of cells, by column in schema order, then by code.
    """

    reject_reasons: dict[str, int]
    rejected: tuple[RejectedRow, ...]
    notes: tuple[Note, ...]

    @property
    def rows_rejected(self) -> int:
        """Records that are rejected."""
        return sum(self.reject_reasons.values())


def account_for(records: RowRecords, kind: RecordKind, parts: Sequence[tuple[int, str]] = ()) -> Accounting:
    """Write the account of the records of a whole source.

    Parameters
    ----------
    records
        The joined records, with the last word on every reason.
    kind
        Their kind.
    parts
        First record number and name of each file, for a source in several files.

    Raises
    ------
    ValueError
        A reason is none of those that there are.
    """
    reasons = records.reject_reasons
    counts = {one["values"]: int(one["counts"]) for one in reasons.drop_null().value_counts().to_pylist()}
    order = tuple(dict.fromkeys((*REJECT_REASONS, *SERIES_REASONS)))
    unknown = sorted(set(counts) - set(order))
    if unknown:
        raise ValueError(f"reject reasons {unknown} are not among {order}")
    first = np.flatnonzero(as_mask(reasons.is_valid()))[:MOST_REJECTED_LISTED].tolist()
    return Accounting(
        {reason: counts[reason] for reason in order if reason in counts},
        tuple(_rejected_row(records, place, kind, parts) for place in first),
        _fault_notes(records, kind),
    )


def _rejected_row(records: RowRecords, place: int, kind: RecordKind, parts: Sequence[tuple[int, str]]) -> RejectedRow:
    row, reason = int(records.row_numbers[place]), records.reject_reasons[place].as_py()
    line = None if records.lines is None else int(records.lines[place]) or None
    part = bisect_right(parts, row, key=lambda one: one[0]) - 1
    return RejectedRow(row, reason, line, _COLUMN_OF_REASON[kind].get(reason), parts[part][1] if part >= 0 else None)


def _fault_notes(records: RowRecords, kind: RecordKind) -> tuple[Note, ...]:
    places = {name: place for place, name in enumerate(COLUMNS_OF[kind])}
    notes = []
    for column, code in sorted(records.faults, key=lambda key: (places.get(key[0], len(places)), key)):
        numbers: dict[str, int | float | str] = {}
        if code == "count_rounded":
            numbers["half_width"] = records.widest_rounding.get(column, 0)
        notes.append(Note(code, column=column or None, count=records.faults[column, code], numbers=numbers))
    return tuple(notes)
