"""Frames of posts and of counts over time, of whatever library, as one batch of text cells and typed columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts.frames import MOST_HEADER_CHARACTERS, MOST_LISTED, WANTED, Frame, open_frame
from botscan.accounts.settings import (
    CellSettings,
    check_observed_at,
    check_platform,
    count_platforms,
    one_platform,
    platform_named,
)
from botscan.cells.instants import date_order_votes
from botscan.cells.parsed import Mask, as_mask
from botscan.cells.texts import parse_words
from botscan.cells.values import cells_from_values, repair_text
from botscan.errors import Fault, SchemaError
from botscan.notes import Note
from botscan.schema import COLUMNS_OF, Kind, RecordKind

_PLATFORM = "platform"

_CALLED: dict[RecordKind, str] = {"accounts": "accounts", "posts": "posts", "series": "counts over time"}


@dataclass(frozen=True, eq=False)
class RowFrame:
    """A frame on its way to a table of posts or a series.

    Attributes
    ----------
    raw
        Canonical columns; cells text, or typed as the frame has them.
    reject_reasons
        Why a row is no record, null = fine; string, shape (n,).
    faults
        (column, code) to rows, bool, shape (n,).
    settings
        What holds for all rows.
    ignored_columns
        Column names that no canonical column stands for.
    """

    raw: pa.Table
    reject_reasons: pa.Array
    faults: Mapping[tuple[str, str], Mask]
    settings: CellSettings
    ignored_columns: tuple[str, ...]

    @property
    def row_numbers(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Row numbers, counted from 1, shape (n,)."""
        return np.arange(1, self.raw.num_rows + 1)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a reader must know beside what the cells say."""
        if not self.ignored_columns:
            return ()
        names = ", ".join(name[:MOST_HEADER_CHARACTERS] for name in self.ignored_columns[:MOST_LISTED])
        return (Note("columns_ignored", count=len(self.ignored_columns), numbers={"names": names}),)


def read_row_frame(
    frame: Any,
    kind: RecordKind,
    *,
    needs: Sequence[tuple[str, ...]],
    platform: str | None,
    observed_at: datetime | None,
    source: str,
) -> RowFrame:
    """Open a pandas, polars or Arrow table or a list of dicts, and settle what holds for all of its rows.

    Parameters
    ----------
    frame
        Column names are canonical, in any case; a column ``platform`` may stand beside them.
    kind
        Kind of its rows.
    needs
        Groups of columns, of each of which the frame must have one.
    platform, observed_at, source
        As for `AccountTable.from_frame`; the platform may stay unknown.

    Raises
    ------
    SchemaError
        The frame cannot be used as a whole; lists every fault at once.
    """
    observed_at = check_observed_at(observed_at, source=source)
    opened = open_frame(_with_index(frame, kind), source, f"read_{kind}")
    positions, ignored = _match(opened.headers, kind)
    _refuse_unusable(opened, positions, kind, needs, source)
    cells = {name: opened.cells_at(places[0]) for name, places in positions.items()}
    _refuse_wrong_types(cells, opened.n_rows, kind, source)
    columns, faults = _as_text_cells(cells, kind)
    platforms = columns.pop(_PLATFORM, None)
    named = {} if platforms is None else count_platforms(platforms)
    chosen = None if platform is None else _chosen(platform, named, source)
    settled = one_platform(named, chosen, source=source, n_rows=opened.n_rows)
    orders = {
        name: order
        for name in columns
        if COLUMNS_OF[kind][name].kind == "instant" and (order := date_order_votes(columns[name]).decision)
    }
    # A list without rows has no columns either: it still is a list.
    raw = pa.table(columns or {next(iter(COLUMNS_OF[kind])): pa.nulls(opened.n_rows, pa.large_string())})
    return RowFrame(
        raw,
        _reasons(opened, platforms, settled),
        faults,
        CellSettings(platform=settled, observed_at=observed_at, date_orders=orders),
        ignored,
    )


def _with_index(frame: Any, kind: RecordKind) -> Any:
    """Turn canonical names of a pandas index into columns: a series often has its dates there."""
    if type(frame).__module__.partition(".")[0] != "pandas" or not hasattr(frame, "columns"):
        return frame
    known = [
        name for name in frame.index.names if isinstance(name, str) and name.strip().casefold() in COLUMNS_OF[kind]
    ]
    return frame.reset_index(level=known) if known and not any(name in frame.columns for name in known) else frame


def _match(headers: Sequence[object], kind: RecordKind) -> tuple[dict[str, list[int]], tuple[str, ...]]:
    """Return the positions of each canonical column, in schema order, the platform last, and the other names."""
    order = (*COLUMNS_OF[kind], _PLATFORM)
    positions: dict[str, list[int]] = {}
    ignored = []
    for position, header in enumerate(headers):
        name = header.strip().casefold() if isinstance(header, str) else ""
        if name in order:
            positions.setdefault(name, []).append(position)
        else:
            ignored.append(str(header))
    return {name: positions[name] for name in order if name in positions}, tuple(ignored)


def _refuse_unusable(
    opened: Frame,
    positions: Mapping[str, Sequence[int]],
    kind: RecordKind,
    needs: Sequence[tuple[str, ...]],
    source: str,
) -> None:
    """Raise one SchemaError when columns are missing or there twice."""
    n = opened.n_rows
    if not opened.headers and not n:
        return
    missing = [Fault(group[0], "column_missing", n, None, " or ".join(group)) for group in needs]
    faults = [
        Fault(name, "column_twice", n, None, "one column of this name")
        for name, places in positions.items()
        if len(places) > 1
    ]
    faults += [
        fault for group, fault in zip(needs, missing, strict=True) if not any(name in positions for name in group)
    ]
    if faults:
        headers = [str(header)[:MOST_HEADER_CHARACTERS] for header in opened.headers[:MOST_LISTED]]
        more = len(opened.headers) - len(headers)
        found = f"Found columns {', '.join(map(repr, headers))}{f' and {more} more' if more else ''}."
        raise _unusable(faults, kind, source, f"{found} Canonical names are {', '.join(COLUMNS_OF[kind])}.")


def _refuse_wrong_types(cells: Mapping[str, Any], n: int, kind: RecordKind, source: str) -> None:
    faults = [
        Fault(name, "wrong_type", n, None, WANTED[_kind_of(name, kind)])
        for name, column in cells.items()
        if not isinstance(column, list) and not _is_flat(column.type)
    ]
    if faults:
        raise _unusable(faults, kind, source, "Change these columns and try again.")


def _unusable(faults: Sequence[Fault], kind: RecordKind, source: str, remedy: str) -> SchemaError:
    what = "1 thing keeps" if len(faults) == 1 else f"{len(faults)} things keep"
    return SchemaError(
        f"{what} this frame from being read as a list of {_CALLED[kind]}.",
        source=source,
        faults=faults,
        remedy=remedy,
    )


def _kind_of(name: str, kind: RecordKind) -> Kind:
    return "word" if name == _PLATFORM else COLUMNS_OF[kind][name].kind


def _is_flat(arrow_type: pa.DataType) -> bool:
    held = arrow_type.value_type if pa.types.is_dictionary(arrow_type) else arrow_type
    is_bytes = pa.types.is_binary(held) or pa.types.is_large_binary(held) or pa.types.is_fixed_size_binary(held)
    return not (pa.types.is_nested(held) or is_bytes)


def _as_text_cells(
    cells: Mapping[str, Any], kind: RecordKind
) -> tuple[dict[str, pa.Array], dict[tuple[str, str], Mask]]:
    """Return one Arrow array a column; Python objects become text, with what was wrong with them."""
    columns: dict[str, pa.Array] = {}
    faults: dict[tuple[str, str], Mask] = {}
    for name, column in cells.items():
        # A change is written like a count: the sign makes no difference here.
        written_as: Kind = "count" if _kind_of(name, kind) == "change" else _kind_of(name, kind)
        parsed = cells_from_values(column, written_as) if isinstance(column, list) else repair_text(column)
        columns[name] = parsed.values
        faults.update({(name, code): rows for code, rows in parsed.faults.items()})
    return columns, faults


def _chosen(platform: str, named: Mapping[str, int], source: str) -> str:
    """Return the canonical name of a platform that the frame names itself, or that botscan knows."""
    name = platform_named(str(platform))
    return name if name in named else check_platform(platform, source=source)


def _reasons(opened: Frame, platforms: pa.Array | None, platform: str | None) -> pa.Array:
    reasons = pa.nulls(opened.n_rows, pa.string())
    if opened.is_object is not None:
        reasons = pa.array(np.full(opened.n_rows, "not_an_object"), pa.string(), mask=opened.is_object)
    if platforms is None or platform is None:
        return reasons
    words = parse_words(platforms).values.dictionary_encode()
    names = pa.array([platform_named(word) for word in words.dictionary.to_pylist()], pa.large_string())
    is_other = as_mask(pc.not_equal(names.take(words.indices), platform))
    return pc.coalesce(reasons, pa.array(np.full(opened.n_rows, "other_platform"), pa.string(), mask=~is_other))
