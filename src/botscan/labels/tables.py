"""Small tables of people, such as label sheets, from a file or a frame, as columns of text cells."""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from botscan.accounts.frames import open_frame
from botscan.errors import FormatError, SchemaError
from botscan.readers.containers.encodings import find_encoding, text_blocks
from botscan.readers.containers.files import Source, open_source
from botscan.readers.tables.workbook import WorkbookReader

#: Columns that say how the accounts were drawn.
DESIGN_COLUMNS = (
    "draw",
    "stratum",
    "stratum_size",
    "inclusion_probability",
    "design",
    "list_digest",
    "list_size",
    "random_state",
)
RATER_COLUMN = re.compile(r"rater_[0-9]+")

_DELIMITERS = (",", ";", "\t", "|")
_LARGEST_FILE = 100 << 20
#: How files begin that hold no text: Parquet, gzip.
_BINARY = (b"PAR1", b"\x1f\x8b")
#: How workbooks begin: zip archives, and old ones, which their reader refuses with a remedy.
_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
#: What stands in a cell for an error such as ``#N/A``: no answer, no id and no number.
_ERROR_CELL = "#error"


@dataclass(frozen=True)
class TableWanted:
    """What kind of table is opened.

    Attributes
    ----------
    what
        Its name with the article, for messages.
    is_known
        Whether a column of this name, lower case, matters; it may stand there once.
    also
        Columns that are read where they are; of several of one name the first.
    frame, reader
        Name of a table in memory, and of the public function that takes it, for messages.
    """

    what: str
    is_known: Callable[[str], bool]
    also: frozenset[str] = frozenset()
    frame: str = "labels"
    reader: str = "read_labels"

    def is_read(self, name: str) -> bool:
        """Return whether the cells of a column are wanted."""
        return name in self.also or self.is_known(name)


def _is_label_column(name: str) -> bool:
    return (
        name in {"account_id", "is_suspicious", "source", *DESIGN_COLUMNS} or RATER_COLUMN.fullmatch(name) is not None
    )


_LABELS = TableWanted("a filled label sheet", _is_label_column, frozenset({"handle", "link"}))


@dataclass(frozen=True)
class LabelCells:
    """Text cells of the columns that matter.

    Attributes
    ----------
    columns
        Column name, lower case, to its cells; all of one length.
    source
        Name of the file or frame.
    row_numbers
        Number of each row: of a file as a spreadsheet shows it, where the header is row 1; of a table in memory
        counted from 1.
    ragged_rows
        Numbers of rows with too few or too many cells; they are in no column.
    headers
        Names of all columns, lower case.
    lines
        Number and first cell of each row of a text file of one column, the first row among them; empty of others.
    """

    columns: Mapping[str, Sequence[str]]
    source: str
    row_numbers: Sequence[int]
    ragged_rows: Sequence[int] = ()
    headers: Sequence[str] = ()
    lines: Sequence[tuple[int, str]] = ()


def open_labels(source: Any) -> LabelCells:
    """Open labels: a path (CSV, or an Excel workbook), a pandas, polars or Arrow table, or a list of dicts.

    Raises
    ------
    FormatError
        The file is missing, is neither text nor a workbook, or cannot be cut into cells.
    SchemaError
        A column that matters stands twice, or the source is of another kind.
    """
    return open_table(source, _LABELS)


def open_table(source: Any, wanted: TableWanted) -> LabelCells:
    """Open a small table as `open_labels` does; only the columns that are wanted are kept."""
    if isinstance(source, str) and not source:
        raise FormatError("The path of the table is empty.", remedy=f"Give the path of {wanted.what}.")
    is_file = isinstance(source, str | os.PathLike)
    return _from_file(source, wanted) if is_file else _from_frame(source, wanted)


def _from_file(path: str | os.PathLike[str], wanted: TableWanted) -> LabelCells:
    with open_source(path) as opened:
        if opened.first_bytes(4).startswith(_WORKBOOKS):
            return _from_workbook(opened, wanted)
        return _from_text(_whole_text(opened, wanted), opened.name, wanted)


def _whole_text(opened: Source, wanted: TableWanted) -> str:
    """Return all that a file holds, decoded as the readers of lists do; a file without text is refused."""
    data = b"".join(_limited(opened.chunks(), opened.name, wanted))
    encoding = find_encoding(data[:4096], None, source=opened.name)
    text = b"".join(block.data for block in text_blocks([data], encoding, source=opened.name)).decode("utf-8")
    if not text.strip():
        raise FormatError("The file is empty.", source=opened.name, remedy=f"Give {wanted.what}.")
    return text


def _limited(chunks: Iterator[bytes], source: str, wanted: TableWanted) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        if size == 0 and (chunk.startswith(_BINARY) or b"\0\0\0" in chunk[:64]):
            raise FormatError(
                "Found a binary file, wanted a table in text.", source=source, remedy="Save it as CSV UTF-8."
            )
        size += len(chunk)
        if size > _LARGEST_FILE:
            raise FormatError(
                f"Found more than {_LARGEST_FILE:,} bytes, too many for {wanted.what}.",
                source=source,
                remedy="Give a table of the columns that matter alone.",
            )
        yield chunk


def _from_workbook(source: Source, wanted: TableWanted) -> LabelCells:
    reader = WorkbookReader(source, count=partial(_count_of_a_row, wanted))
    try:
        headers = [_header(header) for header in reader.headers]
        _refuse_headers(headers, source.name, wanted)
        raw_names = {name: reader.headers[headers.index(name)] for name in headers if wanted.is_read(name)}
        columns: dict[str, list[str]] = {name: [] for name in raw_names}
        numbers: list[int] = []
        ragged: list[int] = []
        for batch in reader.batches(list(dict.fromkeys(raw_names.values()))):
            reasons = [None] * len(batch) if batch.reasons is None else batch.reasons.to_pylist()
            places = batch.row_numbers + 1 if batch.lines is None else batch.lines
            for number, reason in zip(places.tolist(), reasons, strict=True):
                (numbers if reason is None else ragged).append(number)
            for name, raw_name in raw_names.items():
                cells = batch.table[raw_name].to_pylist()
                columns[name] += [
                    _ERROR_CELL if cell is None else cell
                    for cell, reason in zip(cells, reasons, strict=True)
                    if reason is None
                ]
    finally:
        reader.close()
    return LabelCells(columns, source.name, numbers, ragged, headers)


def _count_of_a_row(wanted: TableWanted, cells: Sequence[str]) -> int:
    """Count the names of columns in a row, and one for the row: the first one is the header where no other fits."""
    return 1 + sum(wanted.is_known(_header(cell)) for cell in cells)


def _from_text(text: str, source: str, wanted: TableWanted) -> LabelCells:
    first_line = text.strip().splitlines()[0]
    delimiter = max(_DELIMITERS, key=lambda mark: sum(map(wanted.is_known, map(_header, first_line.split(mark)))))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        numbered = [
            (number, record) for number, record in enumerate(reader, start=1) if any(cell.strip() for cell in record)
        ]
    except csv.Error as error:
        raise FormatError(
            f"The file cannot be cut into cells near line {reader.line_num} ({error}).",
            source=source,
            remedy="Close every quote, then save the sheet again as CSV.",
        ) from error
    headers = [_header(cell) for cell in numbered[0][1]] if numbered else []
    _refuse_headers(headers, source, wanted)
    rows, numbers, ragged = [], [], []
    for number, record in numbered[1:]:
        while len(record) > len(headers) and not record[-1].strip():
            record.pop()
        if len(record) == len(headers):
            rows.append(record)
            numbers.append(number)
        else:
            ragged.append(number)
    columns = {
        name: [row[headers.index(name)] for row in rows] for name in dict.fromkeys(headers) if wanted.is_read(name)
    }
    lines = [(number, record[0]) for number, record in numbered] if len(headers) == 1 else []
    return LabelCells(columns, source, numbers, ragged, headers, lines)


def _from_frame(frame: Any, wanted: TableWanted) -> LabelCells:
    opened = open_frame(frame, wanted.frame, wanted.reader)
    if opened.is_object is not None and not opened.is_object.all():
        raise SchemaError("Wanted a dict for every account.", source=wanted.frame, remedy="Give a list of dicts.")
    headers = [_header(str(header)) for header in opened.headers]
    _refuse_headers(headers, wanted.frame, wanted)
    columns = {
        name: [_cell_text(value) for value in _values(opened.cells_at(headers.index(name)))]
        for name in dict.fromkeys(headers)
        if wanted.is_read(name)
    }
    return LabelCells(columns, wanted.frame, range(1, opened.n_rows + 1), headers=headers)


def _values(cells: Any) -> list[object]:
    return cells if isinstance(cells, list) else cells.to_pylist()


def _cell_text(value: object) -> str:
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return ""
    return "" if isinstance(value, float) and math.isnan(value) else str(value)


def _header(cell: str) -> str:
    return cell.strip("\ufeff\u200b \t\"'").casefold()


def _refuse_headers(headers: Sequence[str], source: str, wanted: TableWanted) -> None:
    for position, name in enumerate(headers):
        if wanted.is_known(name) and name in headers[:position]:
            raise SchemaError(
                f"The column stands twice, at positions {headers.index(name) + 1} and {position + 1}.",
                source=source,
                column=name,
                remedy="Leave one of them out.",
            )
