"""Delimited text, exactly: where a record ends and what its cells are, by RFC 4180.

Rules that differ from the csv module: a carriage return ends a line like a newline does; a quote that is still open at
the end is an error with the line where it opened; no cell is too long; a record may be skipped without being kept.
A quote counts only at the start of a cell; text behind a closing quote belongs to the cell as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

DELIMITERS = (",", ";", "\t", "|")
_QUOTE = b'"'
_LINE_END = re.compile(rb"\r\n?|\n")


class Inside(Enum):
    """Where in a record a scan stopped."""

    START = "at the start of a cell"
    CELL = "in a cell without quotes"
    QUOTES = "between quotes"
    CLOSED = "right behind a quote that may be the closing one"


@dataclass(frozen=True)
class Scan:
    """Result of `find_record_end`.

    Attributes
    ----------
    end
        Offset of the line end that closes the record, or of the end of the data.
    next_start
        Offset behind that line end; -1 when the record goes on behind the data.
    inside
        Where the scan stopped, to go on from there.
    quote_at
        Offset of the quote that is open, -1 when none is or it lies before the data.
    """

    end: int
    next_start: int
    inside: Inside = Inside.START
    quote_at: int = -1


def find_record_end(data: bytes, start: int, delimiter: bytes, *, inside: Inside = Inside.START) -> Scan:
    r"""Find the end of the record that begins (or goes on) at `start`.

    Examples
    --------
    >>> find_record_end(b'1,"a\nb"\n2', 0, b",").next_start
    8
    """
    line_end = _LINE_END.search(data, start)
    stop = len(data) if line_end is None else line_end.start()
    quote = data.find(_QUOTE, start, stop)
    if quote < 0 and inside in (Inside.START, Inside.CELL):
        if line_end is None:
            last = data[-1:] if len(data) > start else b""
            return Scan(stop, -1, Inside.START if last == delimiter else Inside.CELL if last else inside)
        return Scan(stop, line_end.end())
    return _walk(data, start, delimiter, inside)


def _walk(data: bytes, position: int, delimiter: bytes, inside: Inside) -> Scan:
    """Go from cell to cell; needed only where there are quotes."""
    stops = re.compile(rb"\r\n?|\n|" + re.escape(delimiter))
    quote_at = -1
    while position < len(data):
        if inside is Inside.QUOTES:
            closing = data.find(_QUOTE, position)
            if closing < 0:
                return Scan(len(data), -1, inside, quote_at)
            inside, position = Inside.CLOSED, closing + 1
        elif inside is Inside.CLOSED and data[position : position + 1] == _QUOTE:
            inside, position = Inside.QUOTES, position + 1
        elif inside is Inside.START and data[position : position + 1] == _QUOTE:
            inside, quote_at, position = Inside.QUOTES, position, position + 1
        else:
            found = stops.search(data, position)
            if found is None:
                return Scan(len(data), -1, Inside.CELL)
            if found.group() != delimiter:
                return Scan(found.start(), found.end())
            inside, quote_at, position = Inside.START, -1, found.end()
    return Scan(len(data), -1, inside, quote_at)


def split_cells(record: str, delimiter: str) -> list[str]:
    """Split one whole record, without its line end, into cells.

    Examples
    --------
    >>> split_cells('1,"a ""b"", c",', ",")
    ['1', 'a "b", c', '']
    """
    if '"' not in record:
        return record.split(delimiter)
    cells = []
    position = 0
    while True:
        text = ""
        if record.startswith('"', position):
            text, position = _quoted(record, position + 1)
        end = record.find(delimiter, position)
        if end < 0:
            cells.append(text + record[position:])
            return cells
        cells.append(text + record[position:end])
        position = end + len(delimiter)


def _quoted(record: str, position: int) -> tuple[str, int]:
    """Return the text between quotes and the offset behind the closing one."""
    parts = []
    while True:
        quote = record.find('"', position)
        if quote < 0:  # still open: only in a record that was cut
            parts.append(record[position:])
            return "".join(parts), len(record)
        parts.append(record[position:quote])
        if not record.startswith('"', quote + 1):
            return "".join(parts), quote + 1
        parts.append('"')
        position = quote + 2


def is_blank(record: bytes, delimiter: bytes) -> bool:
    """Whether a line holds no cell at all: nothing, or white space that is not the delimiter."""
    return not record.strip(b" \t\v\f".replace(delimiter, b""))
