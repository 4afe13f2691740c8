"""Excel workbooks: the sheet with the followers, found by its header row; stored values as text, never formulas.

The parts of the workbook are read with the standard library as a stream. Readers that load a whole sheet take memory
by its far corner, and two cells of a file of two kilobytes can make that hundreds of gigabytes.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.errors import FormatError
from botscan.notes import Note
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits, Source
from botscan.readers.raw import BATCH_ROWS, Piece, RawBatch, regroup, text_table
from botscan.readers.tables.repeated_headers import without_headers
from botscan.readers.tables.title_rows import HEAD_ROWS, KNOWN_OF_A_HEADER, is_header_itself
from botscan.readers.tables.workbook_cells import CellFormat
from botscan.readers.tables.workbook_rows import SharedStrings, SheetRow, read_rows, read_strings
from botscan.readers.tables.workbook_xml import XmlError, elements, read_formats
from botscan.readers.tables.workbook_zip import WorkbookZip
from botscan.readers.words.headers import count_known, kind_of_header, shown, suggest
from botscan.schema import ACCOUNT_COLUMN

#: Characters of a header that are looked at.
_LONGEST_HEADER = 200
#: Sheets that are looked at, and those that a message names; names a message gives of each.
_MOST_SHEETS = 256
_SHOWN_SHEETS = 5
_SHOWN_HEADERS = 10
#: What stands in a column of names for a number, a day or a flag; read as a handle that cannot be one.
_NO_NAME = "/"
#: Rows that go into a piece.
_PIECE_ROWS = 4_096


@dataclass(frozen=True)
class _Sheet:
    """One sheet of the list in the workbook."""

    name: str
    part: str
    is_visible: bool


@dataclass(frozen=True)
class _Head:
    """What the first rows of a sheet show; `row` is the header's number, 0 when there is none."""

    sheet: _Sheet
    widest: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    row: int = 0
    n_known: int = 0


class WorkbookReader:
    """One Excel workbook (.xlsx), read as often as wanted; close it when done.

    Parameters
    ----------
    source
        The file.
    limits
        How much it may expand to; longest record.
    count
        Counts the known names in a row of headers; one that also counts the names of a column map finds such a header.

    Attributes
    ----------
    headers
        Cells of the header row, without empty ones at the end.
    header_row
        Its number in the sheet, counted from 1.
    sheet
        Name of the sheet.
    is_1904
        Whether the workbook counts days from 1904 (for `from_day_count`).

    Raises
    ------
    FormatError
        The file is no .xlsx workbook, is damaged, encrypted, holds macros, breaks a limit, or has no known header.
    """

    def __init__(
        self,
        source: Source,
        *,
        limits: Limits = DEFAULT_LIMITS,
        count: Callable[[Sequence[str]], int] = count_known,
    ) -> None:
        self._name = source.name
        self._limits = limits
        self._zip = WorkbookZip(source, limits=limits)
        try:
            self._open(count)
        except XmlError as error:
            raise self._zip.damaged(str(error)) from error

    def _open(self, count: Callable[[Sequence[str]], int]) -> None:
        sheets, styles, strings, self.is_1904 = self._contents()
        self._formats: tuple[CellFormat, ...] = read_formats(self._zip.chunks(styles))
        self._strings: SharedStrings = read_strings(self._zip.chunks(strings))
        heads = [self._head(sheet, count) for sheet in sheets[:_MOST_SHEETS]]
        best = max(heads, key=_rank, default=None)
        if best is None or not best.row:
            raise _no_header(heads, self._name)
        self._sheet = best.sheet
        self._others = [head.sheet for head in heads if head is not best and head.widest]
        self.headers = list(best.headers)
        self.header_row = best.row
        self.sheet = best.sheet.name

    def close(self) -> None:
        """Do nothing: the file is open only while it is read. Here so that all readers are used alike."""

    @property
    def notes(self) -> tuple[Note, ...]:
        """Which other sheets hold something and are not read."""
        if not self._others:
            return ()
        names = ", ".join(shown(sheet.name) for sheet in self._others[:_SHOWN_SHEETS])
        numbers = {"sheet": shown(self.sheet), "names": names}
        return (Note("sheets_ignored", count=len(self._others), numbers=numbers),)

    def unreadable(self, names: Sequence[str]) -> list[str]:  # noqa: ARG002  as other readers have it
        """Return the columns that hold no cells: none, a sheet has nothing else."""
        return []

    def batches(self, wanted: Sequence[str], batch_rows: int = BATCH_ROWS) -> Iterator[RawBatch]:
        """Yield all rows below the header, `batch_rows` at a time, blank ones left out.

        Cells are text in the form that the parsers read exactly; "" = empty, null = an error such as ``#N/A``.

        Raises
        ------
        FormatError
            The sheet is damaged, or its texts unfold to more than a workbook can mean.
        """
        yield from regroup(self._pieces(wanted), batch_rows)

    def _pieces(self, wanted: Sequence[str]) -> Iterator[Piece]:
        texts = _Texts(self._strings, self._zip)
        waiting: list[SheetRow] = []
        try:
            for row in self._rows(self._sheet):
                if row.number > self.header_row:
                    waiting.append(row)
                if len(waiting) >= _PIECE_ROWS:
                    yield without_headers(self._piece(waiting, wanted, texts), len(self.headers))
                    waiting = []
        except XmlError as error:
            raise self._zip.damaged(str(error)) from error
        if waiting:
            yield without_headers(self._piece(waiting, wanted, texts), len(self.headers))

    def _rows(self, sheet: _Sheet) -> Iterator[SheetRow]:
        chunks = self._zip.chunks(sheet.part)
        return read_rows(chunks, self._strings, self._formats, longest=self._limits.record_bytes, is_1904=self.is_1904)

    def _piece(self, rows: list[SheetRow], wanted: Sequence[str], texts: _Texts) -> Piece:
        n_columns = len(self.headers)
        reasons = [
            "too_long" if row.is_too_long else "wrong_cell_count" if max(row.cells) >= n_columns else None
            for row in rows
        ]
        columns: dict[str, list[str | None]] = {}
        for name in wanted:
            position = self.headers.index(name) if name in self.headers else -1
            cells = [
                row.cells.get(position, "") if reason is None and position >= 0 else None
                for row, reason in zip(rows, reasons, strict=True)
            ]
            if kind_of_header(name) == "handle":
                cells = [
                    _NO_NAME if cell is not None and position in row.no_names else cell
                    for cell, row in zip(cells, rows, strict=True)
                ]
            columns[name] = texts.resolve(cells)
        n_repaired = sum(row.n_repaired > 0 for row in rows)
        return Piece(
            text_table(columns, len(rows)),
            pa.array(reasons, pa.string()),
            np.array([row.number for row in rows], dtype=np.int64),
            {"text_repaired": n_repaired} if n_repaired else {},
        )

    def _contents(self) -> tuple[list[_Sheet], str, str, bool]:
        """Return the sheets, the parts of styles and shared strings, and whether days count from 1904."""
        parts: dict[str, tuple[str, str]] = {}
        for one in elements(self._zip.chunks("xl/_rels/workbook.xml.rels")):
            if one.name == "Relationship" and one.attributes.get("TargetMode") != "External":
                kind = one.attributes.get("Type", "").rpartition("/")[2]
                parts[one.attributes.get("Id", "")] = (kind, _path(one.attributes.get("Target", "")))
        sheets = []
        is_1904 = False
        for one in elements(self._zip.chunks("xl/workbook.xml")):
            if one.name == "workbookPr":
                is_1904 = one.attributes.get("date1904") in {"1", "true"}
            elif one.name == "sheet":
                kind, part = parts.get(one.attributes.get("id", ""), ("", ""))
                if kind == "worksheet" and part in self._zip:
                    is_visible = one.attributes.get("state", "visible") == "visible"
                    sheets.append(_Sheet(one.attributes.get("name", ""), part, is_visible))
        by_kind = dict(parts.values())
        styles = by_kind.get("styles", "xl/styles.xml")
        return sheets, styles, by_kind.get("sharedStrings", "xl/sharedStrings.xml"), is_1904

    def _head(self, sheet: _Sheet, count: Callable[[Sequence[str]], int]) -> _Head:
        """Look for the header row: the first one with two known names, else a first row with one."""
        widest: tuple[str, ...] = ()
        fallback: _Head | None = None
        wider_than = 0
        for position, row in enumerate(self._rows(sheet)):
            if position == HEAD_ROWS:
                break
            headers = self._header_cells(row)
            n_known = count(headers)
            if n_known >= KNOWN_OF_A_HEADER and len(headers) > wider_than:
                return _Head(sheet, headers, headers, row.number, n_known)
            if n_known and position == 0:
                wider_than = len(headers) if is_header_itself(n_known, len(headers)) else 0
                fallback = _Head(sheet, headers, headers, row.number, n_known)
            if len(headers) > len(widest):
                widest = headers
        return fallback or _Head(sheet, widest)

    def _header_cells(self, row: SheetRow) -> tuple[str, ...]:
        texts = self._strings.texts
        cells = {
            column: (texts[cell].as_py() if isinstance(cell, int) else cell or "")[:_LONGEST_HEADER]
            for column, cell in row.cells.items()
        }
        return tuple(cells.get(column, "") for column in range(max(cells, default=-1) + 1))


class _Texts:
    """Looks up shared strings for whole columns, as long as they stay within what a workbook can mean."""

    def __init__(self, strings: SharedStrings, parts: WorkbookZip) -> None:
        self._strings = strings.texts
        self._lengths = np.asarray(pc.binary_length(strings.texts).to_numpy(zero_copy_only=False), dtype=np.int64)
        self._parts = parts
        self._n_bytes = 0

    def resolve(self, cells: list[str | int | None]) -> list[str | None]:
        numbers = np.array([cell for cell in cells if isinstance(cell, int)], dtype=np.int64)
        self._n_bytes += int(self._lengths[numbers].sum())
        self._parts.refuse_bomb(self._n_bytes)
        found = iter(self._strings.take(pa.array(numbers)).to_pylist())
        return [next(found) if isinstance(cell, int) else cell for cell in cells]


def _rank(head: _Head) -> tuple[bool, int]:
    """Visible sheets first, then by known names; of equals the first one is the maximum."""
    return (head.sheet.is_visible and head.row > 0, head.n_known)


def _path(target: str) -> str:
    """Return the part that a relation of the workbook points to."""
    return posixpath.normpath(posixpath.join("/xl", target.replace("\\", "/"))).lstrip("/").lower()


def _shown_cell(cell: str) -> str:
    """Return a cell of a row that may be somebody's: what it holds only where that is like a known name."""
    is_name = kind_of_header(cell) is not None or suggest(cell) is not None
    return shown(cell) if is_name else f"text of {len(cell)} characters"


def _no_header(heads: Sequence[_Head], source: str) -> FormatError:
    seen = []
    known: dict[str, None] = {}
    for head in heads[:_SHOWN_SHEETS]:
        cells = [cell for cell in head.widest if cell]
        known.update(dict.fromkeys(near for cell in cells[:_SHOWN_HEADERS] if (near := suggest(cell)) is not None))
        names = ", ".join(_shown_cell(cell) for cell in cells[:_SHOWN_HEADERS]) or "nothing"
        more = f" and {len(cells) - _SHOWN_HEADERS} more" if len(cells) > _SHOWN_HEADERS else ""
        seen.append(f"Seen in sheet {shown(head.sheet.name)!r}: {names}{more}.")
    if len(heads) > _SHOWN_SHEETS:
        seen.append(f"And {len(heads) - _SHOWN_SHEETS} more sheets.")
    known.update(dict.fromkeys(ACCOUNT_COLUMN))
    return FormatError(
        " ".join(
            [
                f"Found no row with names of columns that botscan knows in the first {HEAD_ROWS} rows of any sheet.",
                *(seen or ["The workbook has no sheet with cells."]),
                f"Known columns: {', '.join(known)}.",
            ]
        ),
        source=source,
        remedy="Give the sheet a header row with such names, or name the columns with a column map"
        " (--map followers_count=HEADER).",
    )
