"""Tables of labels, from a file or a frame, as columns of text cells."""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botscan.accounts.frames import open_frame
from botscan.errors import FormatError, SchemaError
from botscan.readers.containers.encodings import find_encoding, text_blocks
from botscan.readers.containers.files import open_source

#: Columns that say how the accounts were drawn.
DESIGN_COLUMNS = ("inclusion_probability", "design", "list_digest", "list_size", "random_state")
RATER_COLUMN = re.compile(r"rater_[0-9]+")

_DELIMITERS = (",", ";", "\t", "|")
_LARGEST_FILE = 100 << 20
#: How files begin that hold no text: zip (and Excel), Parquet, gzip, old Excel.
_BINARY = (b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")


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
        Record number of each row, counted from 1.
    ragged_rows
        Record numbers of rows with too few or too many cells; they are in no column.
    """

    columns: Mapping[str, Sequence[str]]
    source: str
    row_numbers: Sequence[int]
    ragged_rows: Sequence[int] = ()


def open_labels(source: Any) -> LabelCells:
    """Open a path, a pandas, polars or Arrow table, or a list of dicts.

    Raises
    ------
    FormatError
        The file is missing, is no text, or cannot be cut into cells.
    SchemaError
        A column that matters stands twice, or the source is of another kind.
    """
    if isinstance(source, str) and not source:
        raise FormatError("The path of the labels is empty.", remedy="Give the path of a filled label sheet.")
    return _from_file(source) if isinstance(source, str | os.PathLike) else _from_frame(source)


def _from_file(path: str | os.PathLike[str]) -> LabelCells:
    with open_source(path) as opened:
        data = b"".join(_limited(opened.chunks(), opened.name))
        encoding = find_encoding(data[:4096], None, source=opened.name)
        text = b"".join(block.data for block in text_blocks([data], encoding, source=opened.name)).decode("utf-8")
        if not text.strip():
            raise FormatError("The file is empty.", source=opened.name, remedy="Give a filled label sheet.")
        return _from_text(text, opened.name)


def _limited(chunks: Iterator[bytes], source: str) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        if size == 0 and (chunk.startswith(_BINARY) or b"\0\0\0" in chunk[:64]):
            raise FormatError(
                "Found a binary file, wanted a table in text.", source=source, remedy="Save it as CSV UTF-8."
            )
        size += len(chunk)
        if size > _LARGEST_FILE:
            raise FormatError(
                f"Found more than {_LARGEST_FILE:,} bytes, too many for a label sheet.",
                source=source,
                remedy="Give the labels alone, not the list they were drawn from.",
            )
        yield chunk


def _from_text(text: str, source: str) -> LabelCells:
    first_line = text.strip().splitlines()[0]
    delimiter = max(_DELIMITERS, key=lambda mark: sum(map(_is_known, map(_header, first_line.split(mark)))))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        records = [record for record in reader if any(cell.strip() for cell in record)]
    except csv.Error as error:
        raise FormatError(
            f"The file cannot be cut into cells near line {reader.line_num} ({error}).",
            source=source,
            remedy="Close every quote, then save the sheet again as CSV.",
        ) from error
    headers = [_header(cell) for cell in records[0]] if records else []
    _refuse_headers(headers, source)
    rows, numbers, ragged = [], [], []
    for number, record in enumerate(records[1:], start=1):
        while len(record) > len(headers) and not record[-1].strip():
            record.pop()
        if len(record) == len(headers):
            rows.append(record)
            numbers.append(number)
        else:
            ragged.append(number)
    columns = {
        name: [row[position] for row in rows] for position, name in enumerate(headers) if name and _is_known(name)
    }
    return LabelCells(columns, source, numbers, ragged)


def _from_frame(frame: Any) -> LabelCells:
    opened = open_frame(frame, "labels", "read_labels")
    if opened.is_object is not None and not opened.is_object.all():
        raise SchemaError("Wanted a dict for every labelled account.", source="labels", remedy="Give a list of dicts.")
    headers = [_header(str(header)) for header in opened.headers]
    _refuse_headers(headers, "labels")
    columns = {
        name: [_cell_text(value) for value in _values(opened.cells_at(position))]
        for position, name in enumerate(headers)
        if _is_known(name)
    }
    return LabelCells(columns, "labels", range(1, opened.n_rows + 1))


def _values(cells: Any) -> list[object]:
    return cells if isinstance(cells, list) else cells.to_pylist()


def _cell_text(value: object) -> str:
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return ""
    return "" if isinstance(value, float) and math.isnan(value) else str(value)


def _header(cell: str) -> str:
    return cell.strip("\ufeff\u200b \t\"'").casefold()


def _is_known(name: str) -> bool:
    return (
        name in {"account_id", "is_suspicious", "source", *DESIGN_COLUMNS} or RATER_COLUMN.fullmatch(name) is not None
    )


def _refuse_headers(headers: Sequence[str], source: str) -> None:
    for position, name in enumerate(headers):
        if _is_known(name) and name in headers[:position]:
            raise SchemaError(
                f"The column stands twice, at positions {headers.index(name) + 1} and {position + 1}.",
                source=source,
                column=name,
                remedy="Leave one of them out.",
            )
