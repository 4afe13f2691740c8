"""Frames in memory, of whatever library, as batches of records."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts.creation_dates import midnight_votes
from botscan.accounts.identity import COUNT_COLUMNS
from botscan.accounts.records import AccountRecords, make_records
from botscan.accounts.settings import (
    CellSettings,
    check_observed_at,
    check_platform,
    count_platforms,
    one_platform,
    platform_named,
)
from botscan.accounts.zone_votes import zone_votes
from botscan.cells.dates import DateOrder
from botscan.cells.instants import date_order_votes
from botscan.cells.parsed import Mask, flatten, is_known
from botscan.cells.values import cells_from_values, repair_text
from botscan.errors import Fault, SchemaError
from botscan.notes import Note
from botscan.schema import ACCOUNT_COLUMN, ACCOUNT_COLUMNS, PLATFORMS, Kind

#: Rows typed at a time: few enough for flat memory, many enough that distinct texts repeat.
_BATCH_ROWS = 262_144
_MILLISECONDS_PER_DAY = 86_400_000
#: Days of 20,000 years, more than any date; microseconds of them still are a number of 64 bits.
_MOST_DAYS = 7_305_000
#: Header names that a message lists, and characters of each.
MOST_LISTED = 20
MOST_HEADER_CHARACTERS = 60

#: What the cells of a kind of column may hold, for messages.
WANTED: dict[Kind, str] = {
    "id": "text or whole numbers",
    "handle": "text",
    "text": "text",
    "word": "text",
    "instant": "dates, date-times or text",
    "count": "whole numbers or text",
    "change": "whole numbers or text",
    "ratio": "numbers in [0, 1] or text",
    "flag": "true and false, or text",
}

#: An Arrow array, or a list of Python objects; pyarrow carries no types.
_Cells: TypeAlias = Any


@dataclass(frozen=True)
class FrameReading:
    """A frame on its way to an AccountTable.

    Attributes
    ----------
    batches
        Records, in order.
    platform
        Platform of the list.
    ignored_columns
        Column names that no canonical column stands for.
    """

    batches: Iterator[AccountRecords]
    platform: str | None
    ignored_columns: tuple[str, ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a reader must know beside what the cells say."""
        if not self.ignored_columns:
            return ()
        names = ", ".join(name[:MOST_HEADER_CHARACTERS] for name in self.ignored_columns[:MOST_LISTED])
        return (Note("columns_ignored", count=len(self.ignored_columns), numbers={"names": names}),)


@dataclass(frozen=True)
class Frame:
    """What every library's frame comes down to: headers, and the cells below each.

    Attributes
    ----------
    headers
        Names of the columns, of any kind.
    cells_at
        From the position of a column to its cells: an Arrow array, or a list of Python objects.
    n_rows
        Number of rows.
    is_object
        Which records of a list are dicts, shape (n_rows,); None for tables.
    """

    headers: list[object]
    cells_at: Callable[[int], _Cells]
    n_rows: int
    is_object: Mask | None = None


def read_frame(frame: Any, *, platform: str | None, observed_at: datetime | None, source: str) -> FrameReading:
    """Open a pandas, polars or Arrow table or a list of dicts, and settle what holds for all of its rows.

    Raises
    ------
    SchemaError
        The frame cannot be used as a whole; lists every fault at once.
    """
    observed_at = check_observed_at(observed_at, source=source)
    opened = open_frame(frame, source)
    positions, ignored = _match(opened.headers)
    cells = {name: opened.cells_at(places[0]) for name, places in positions.items()}
    _refuse_unusable(opened, positions, cells, platform, source)
    columns, faults = _as_text_cells(cells)
    named = count_platforms(columns["platform"]) if "platform" in columns else {}
    if platform is None and not named:
        raise _unusable([_platform_missing(opened.n_rows)], source)
    chosen = None if platform is None else _chosen(platform, named, source)
    platform = one_platform(named, chosen, source=source, n_rows=opened.n_rows)
    orders = {
        name: order
        for name in columns
        if ACCOUNT_COLUMN[name].kind == "instant" and (order := date_order_votes(columns[name]).decision)
    }
    settings = CellSettings(
        platform,
        observed_at,
        orders,
        zone_fault_hours=_zone_fault(columns, platform, orders),
        has_creation_days="created_at" in columns
        and midnight_votes(columns["created_at"], platform=platform, date_order=orders.get("created_at")).says_days,
    )
    return FrameReading(_batches(opened, columns, faults, settings), settings.platform, ignored)


def _zone_fault(columns: Mapping[str, pa.Array], platform: str | None, orders: Mapping[str, DateOrder]) -> int:
    """Return by how many hours creation dates run ahead of UTC, as the ids beside them show; 0 where nothing does."""
    if "account_id" not in columns or "created_at" not in columns:
        return 0
    votes = zone_votes(
        columns["account_id"], columns["created_at"], platform=platform, date_order=orders.get("created_at")
    )
    return votes.decision or 0


def _batches(
    opened: Frame, columns: Mapping[str, pa.Array], faults: Mapping[tuple[str, str], Mask], settings: CellSettings
) -> Iterator[AccountRecords]:
    reasons = None
    if opened.is_object is not None and not opened.is_object.all():
        reasons = pa.array(np.full(opened.n_rows, "not_an_object"), pa.string(), mask=opened.is_object)
    # A list without rows has no columns either: it still is a list of accounts.
    raw = pa.table(dict(columns) or {"account_id": pa.nulls(0, pa.large_string())})
    for start in range(0, max(opened.n_rows, 1), _BATCH_ROWS):
        stop = min(start + _BATCH_ROWS, opened.n_rows)
        yield make_records(
            raw.slice(start, stop - start),
            row_numbers=np.arange(start + 1, stop + 1),
            settings=settings,
            reject_reasons=None if reasons is None else reasons.slice(start, stop - start),
            faults={key: rows[start:stop] for key, rows in faults.items()},
        )


def _match(headers: Sequence[object]) -> tuple[dict[str, list[int]], tuple[str, ...]]:
    """Return the positions of each canonical column, in schema order, and the names of the others."""
    positions: dict[str, list[int]] = {}
    ignored = []
    for position, header in enumerate(headers):
        name = header.strip().casefold() if isinstance(header, str) else ""
        if name in ACCOUNT_COLUMN:
            positions.setdefault(name, []).append(position)
        else:
            ignored.append(str(header))
    return {column.name: positions[column.name] for column in ACCOUNT_COLUMNS if column.name in positions}, tuple(
        ignored
    )


def _chosen(platform: str, named: Mapping[str, int], source: str) -> str:
    """Return the canonical name of a platform that the frame names itself, or that botscan knows."""
    name = platform_named(str(platform))
    return name if name in named else check_platform(platform, source=source)


def _refuse_unusable(
    opened: Frame,
    positions: Mapping[str, Sequence[int]],
    cells: Mapping[str, _Cells],
    platform: str | None,
    source: str,
) -> None:
    """Raise one SchemaError with everything that keeps the frame as a whole from being read."""
    if not positions and (opened.headers or opened.n_rows):
        found = f"None of the {len(opened.headers)} columns has a canonical name. {_headers_listed(opened.headers)}"
        raise SchemaError(
            found if opened.headers else f"The frame of {opened.n_rows} rows has no columns.",
            source=source,
            remedy="Name the columns; `botscan columns` lists the canonical names.",
        )
    n = opened.n_rows
    faults = [
        Fault(name, "column_twice", n, None, "one column of this name")
        for name, places in positions.items()
        if len(places) > 1
    ]
    for name, column in cells.items():
        if not isinstance(column, list) and not _is_flat(column.type):
            faults.append(Fault(name, "wrong_type", n, None, WANTED[ACCOUNT_COLUMN[name].kind]))
    if positions and not any(name in positions for name in ("account_id", "handle", *COUNT_COLUMNS)):
        faults.append(Fault("account_id", "no_identity", n, None, "account_id or handle, or at least one count"))
    if "platform" not in positions and platform is None:
        faults.append(_platform_missing(n))
    if faults:
        raise _unusable(faults, source)


def _platform_missing(n_rows: int) -> Fault:
    return Fault("platform", "platform_missing", n_rows, None, f"one of {', '.join(PLATFORMS)}")


def _unusable(faults: Sequence[Fault], source: str) -> SchemaError:
    what = "1 thing keeps" if len(faults) == 1 else f"{len(faults)} things keep"
    remedy = "Change these columns and try again."
    if any(fault.code == "platform_missing" for fault in faults):
        remedy = 'Say which platform the list is from: platform="twitter", or a column named platform.'
    return SchemaError(
        f"{what} this frame from being read as a list of accounts.", source=source, faults=faults, remedy=remedy
    )


def _headers_listed(headers: Sequence[object]) -> str:
    """List headers, those nearest to a canonical name first."""
    names = [str(header)[:MOST_HEADER_CHARACTERS] for header in headers]

    def likeness(name: str) -> float:
        word = name.strip().casefold()
        return max(difflib.SequenceMatcher(None, word, known).ratio() for known in ACCOUNT_COLUMN)

    # Thousands of headers would take long to compare; the first hundred are enough to see what happened.
    nearest = sorted(names[:100], key=likeness, reverse=True)[:MOST_LISTED]
    more = len(names) - len(nearest)
    return f"Found {', '.join(map(repr, nearest))}{f' and {more} more' if more else ''}."


def _is_flat(arrow_type: pa.DataType) -> bool:
    kind = arrow_type.value_type if pa.types.is_dictionary(arrow_type) else arrow_type
    is_bytes = pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    return not (pa.types.is_nested(kind) or is_bytes)


def _as_text_cells(cells: Mapping[str, _Cells]) -> tuple[dict[str, pa.Array], dict[tuple[str, str], Mask]]:
    """Return one Arrow array a column; Python objects become text, with what was wrong with them."""
    columns: dict[str, pa.Array] = {}
    faults: dict[tuple[str, str], Mask] = {}
    for name, column in cells.items():
        is_list = isinstance(column, list)
        parsed = cells_from_values(column, ACCOUNT_COLUMN[name].kind) if is_list else repair_text(column)
        columns[name] = parsed.values
        faults.update({(name, code): rows for code, rows in parsed.faults.items()})
    return columns, faults


def open_frame(frame: Any, source: str, reader: str = "read_accounts") -> Frame:
    """Open a pandas, polars or Arrow table, or a list of dicts, whatever its columns are called.

    Parameters
    ----------
    frame
        What is to be opened.
    source
        Name for messages.
    reader
        Public function that takes such frames and the paths of files as well.

    Raises
    ------
    SchemaError
        It is something else.
    """
    library = type(frame).__module__.partition(".")[0]
    if isinstance(frame, (list, tuple)):
        return _open_dicts(frame)
    if library == "pandas" and hasattr(frame, "columns"):
        return _open_pandas(frame)
    if library == "polars" and hasattr(frame, "get_columns"):
        return Frame(
            list(frame.columns), lambda position: whole_days(_polars_cells(frame.to_series(position))), frame.height
        )
    table = _as_arrow(frame)
    if table is not None:
        return Frame(list(table.column_names), lambda position: whole_days(table.column(position)), table.num_rows)
    raise SchemaError(
        f"Wanted a pandas, polars or Arrow table, or a list of dicts, found {library}.{type(frame).__name__}.",
        source=source,
        remedy=_way_to_a_table(frame, reader),
    )


def _way_to_a_table(frame: Any, reader: str) -> str:
    if hasattr(frame, "collect"):
        return "Call .collect() first."
    if isinstance(frame, Mapping):
        return "One record alone goes into a list; columns become a table with pandas.DataFrame(...)."
    if hasattr(frame, "to_frame"):
        return "Give the whole table, not a column or a result of it."
    return f"Give one of these; {reader} also takes the path of a file."


def _as_arrow(frame: Any) -> Any:
    """Return the Arrow table that an object is or can export, None where it cannot."""
    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, pa.RecordBatchReader):
        return frame.read_all()
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    if not hasattr(frame, "__arrow_c_stream__"):
        return None
    try:
        return pa.table(frame)
    except (pa.ArrowException, TypeError, ValueError):  # a stream of something else than records
        return None


def whole_days(cells: _Cells) -> _Cells:
    """Return Arrow dates as whole days, those beyond all calendars as the ends of 20,000 years; others as they are.

    A date counted in milliseconds may hold a time of day, which the type forbids and Arrow refuses to convert.

    Examples
    --------
    >>> whole_days(pa.array([1_577_880_000_000, None], pa.date64())).to_pylist()
    [datetime.date(2020, 1, 1), None]
    """
    if isinstance(cells, list):
        return cells
    held = cells.type.value_type if pa.types.is_dictionary(cells.type) else cells.type
    if not pa.types.is_date(held):
        return cells
    per_day, ticks = (_MILLISECONDS_PER_DAY, pa.int64()) if pa.types.is_date64(held) else (1, pa.int32())
    counted = flatten(cells).cast(ticks)
    days = pc.fill_null(counted, 0).to_numpy(zero_copy_only=False) // per_day
    in_range = np.clip(days, -_MOST_DAYS, _MOST_DAYS).astype(np.int32)
    return pa.array(in_range, mask=~is_known(counted)).cast(pa.date32())


def _open_dicts(records: Sequence[object]) -> Frame:
    is_object = np.array([isinstance(record, Mapping) for record in records], dtype=np.bool_)
    found = [record if isinstance(record, Mapping) else {} for record in records]
    headers = list(dict.fromkeys(header for record in found for header in record))
    return Frame(headers, lambda position: [one.get(headers[position]) for one in found], len(found), is_object)


def _open_pandas(frame: Any) -> Frame:
    known = [name for name in frame.index.names if isinstance(name, str) and name.strip().casefold() in ACCOUNT_COLUMN]
    if known and not any(name in frame.columns for name in known):
        frame = frame.reset_index(level=known)
    return Frame(list(frame.columns), lambda position: whole_days(_pandas_cells(frame.iloc[:, position])), len(frame))


def _pandas_cells(series: Any) -> _Cells:
    if series.dtype == object:
        return list(series)
    try:
        return pa.array(series, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError):  # a type that Arrow does not know
        return list(series)


def _polars_cells(series: Any) -> _Cells:
    if str(series.dtype) == "Object":
        return list(series)
    try:
        return series.to_arrow()
    except (pa.ArrowException, TypeError, ValueError):  # a type that Arrow does not know
        return list(series)
