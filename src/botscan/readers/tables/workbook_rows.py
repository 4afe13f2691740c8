"""Shared strings and rows of a sheet: cells as text that the parsers of cells read, in memory that does not grow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.readers.tables.workbook_cells import CellFormat, date_as_text, number_as_text
from botscan.readers.tables.workbook_xml import MOST_DEPTH, XmlError, XmlReading, whole_number

#: Characters of a cell that are kept; a spreadsheet itself holds 32,767.
_LONGEST_CELL = 1 << 20
#: Columns and rows of the largest sheet.
_MOST_COLUMNS = 16_384
_MOST_ROWS = 1_048_576

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_WHITE_SPACE = "^[ \t\r\n]*$"
_STRINGS_OF_A_CHUNK = 65_536


def unescape(text: str) -> tuple[str, bool]:
    r"""Undo ``_x000D_`` and its kin; whether half of a surrogate pair had to be replaced by U+FFFD.

    Examples
    --------
    >>> unescape("two_x000A_lines"), unescape("a_x005F_x0041_"), unescape("_xD83D_")
    (('two\nlines', False), ('a_x0041_', False), ('\ufffd', True))
    """
    if "_x" not in text:
        return text, False
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    whole = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole, whole.count("\ufffd") > plain.count("\ufffd")


@dataclass(frozen=True, eq=False)
class SharedStrings:
    """Texts that cells point to by number.

    Attributes
    ----------
    texts
        large_string, shape (n,).
    is_blank
        Whether a text is empty or white space, one byte each.
    repaired
        Numbers of texts with a replaced character.
    """

    texts: pa.Array = field(default_factory=lambda: pa.array([], pa.large_string()))
    is_blank: bytes = b""
    repaired: frozenset[int] = frozenset()


class _Strings(XmlReading):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.repaired: set[int] = set()
        self.n = 0
        self._depth = 0
        self._phonetic_at = 0
        self._parts: list[str] = []
        self._size = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise XmlError("unreasonable XML")
        plain = name.rpartition(" ")[2]
        if plain == "rPh":  # how to say it, not what is said
            self._phonetic_at = self._phonetic_at or self._depth
        elif plain == "t" and not self._phonetic_at:
            self.parser.CharacterDataHandler = self._take
        elif plain == "si":
            self._parts, self._size = [], 0

    def _take(self, data: str) -> None:
        self._size += len(data)
        if self._size <= _LONGEST_CELL:
            self._parts.append(data)

    def end(self, name: str) -> None:
        self.parser.CharacterDataHandler = None
        if self._phonetic_at == self._depth:
            self._phonetic_at = 0
        self._depth -= 1
        if name.rpartition(" ")[2] == "si":
            text, is_repaired = unescape("".join(self._parts))
            if is_repaired:
                self.repaired.add(self.n)
            self.texts.append(text)
            self.n += 1


def read_strings(chunks: Iterable[bytes]) -> SharedStrings:
    """Return the shared strings of a workbook, from the part that holds them."""
    reading = _Strings()
    arrays: list[pa.Array] = []
    is_empty = True
    for chunk in chunks:
        is_empty = False
        reading.feed(chunk)
        if len(reading.texts) >= _STRINGS_OF_A_CHUNK:
            arrays.append(pa.array(reading.texts, pa.large_string()))
            reading.texts.clear()
    if is_empty:
        return SharedStrings()
    reading.feed(b"", is_last=True)
    arrays.append(pa.array(reading.texts, pa.large_string()))
    texts = pa.concat_arrays(arrays)
    blank = pc.match_substring_regex(texts, _WHITE_SPACE).to_numpy(zero_copy_only=False)
    return SharedStrings(texts, np.asarray(blank, dtype=np.uint8).tobytes(), frozenset(reading.repaired))


@dataclass(slots=True)
class SheetRow:
    """One row that is not blank.

    Attributes
    ----------
    number
        Row number in the sheet, counted from 1.
    cells
        Column, counted from 0, to text, number of a shared string, or None for an error such as ``#N/A``; cells that
        are not there or empty are left out.
    n_repaired
        Cells in which a character had to be replaced.
    no_names
        Columns whose cell is a fraction, a day or a flag: nobody is called so, whatever its text looks like.
    is_too_long
        Whether its text is longer than a record may be; it has no cells then.
    """

    number: int
    cells: dict[int, str | int | None]
    n_repaired: int = 0
    is_too_long: bool = False
    no_names: set[int] = field(default_factory=set)


class _Rows(XmlReading):
    """Rows of a sheet; a tag inside a tag of its own kind is refused, so that depth stays small."""

    def __init__(self, strings: SharedStrings, formats: tuple[CellFormat, ...], longest: int, *, is_1904: bool) -> None:
        super().__init__()
        self.rows: list[SheetRow] = []
        self.is_over = False
        self._strings = strings
        self._formats = formats
        self._longest = longest
        self._is_1904 = is_1904
        self._columns: dict[str, int] = {}
        self._c = self._v = self._t = self._row = ""
        self._depth = 0
        self._row_number = 0
        self._column = -1
        self._kind = ""
        self._format = CellFormat.NUMBER
        self._parts: list[str] = []
        self._size = self._row_size = 0
        self._is_in_cell = False
        self._phonetic_at = 0
        self._current: SheetRow | None = None
        self.parser.StartElementHandler = self._first

    def _first(self, name: str, attributes: dict[str, str]) -> None:
        space, blank, plain = name.rpartition(" ")
        if plain != "worksheet":
            raise XmlError("no worksheet")
        self._c, self._v, self._t, self._row = (f"{space}{blank}{tag}" for tag in ("c", "v", "t", "row"))
        self.parser.StartElementHandler = self.start
        self.start(name, attributes)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self._c:
            self._start_cell(attributes)
        elif name == self._v or (name == self._t and self._is_in_cell and not self._phonetic_at):
            self.parser.CharacterDataHandler = self._take
        elif name == self._row:
            if self._current is not None:
                raise XmlError("row inside row")
            self._row_number = whole_number(attributes.get("r"), self._row_number + 1)
            if self._row_number > _MOST_ROWS:
                raise XmlError("too many rows")
            self._current = SheetRow(self._row_number, {})
            self._column, self._row_size = -1, 0
        else:
            self._depth += 1
            if self._depth > MOST_DEPTH:
                raise XmlError("unreasonable XML")
            if name.endswith(" rPh") and self._is_in_cell:
                self._phonetic_at = self._phonetic_at or self._depth

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if self._is_in_cell or self._current is None:
            raise XmlError("cell inside cell")
        self._is_in_cell = True
        place = attributes.get("r")
        if place is None:
            self._column += 1
        else:
            letters = place.rstrip("0123456789")
            column = self._columns.get(letters)
            self._column = self._column_of(letters) if column is None else column
        self._kind = attributes.get("t", "n")
        style = attributes.get("s")
        if style is None:
            self._format = CellFormat.NUMBER
        else:
            number = whole_number(style)
            self._format = self._formats[number] if number < len(self._formats) else CellFormat.NUMBER
        self._size = 0

    def _column_of(self, letters: str) -> int:
        column = 0
        for letter in letters[:4].upper():
            if not "A" <= letter <= "Z":
                raise XmlError("unknown column")
            column = column * 26 + ord(letter) - 64
        if not 1 <= column <= _MOST_COLUMNS:
            raise XmlError("unknown column")
        self._columns[letters] = column - 1
        return column - 1

    def _take(self, data: str) -> None:
        self._size += len(data)
        if self._size <= _LONGEST_CELL:
            self._parts.append(data)

    def end(self, name: str) -> None:
        if name in (self._v, self._t):
            self.parser.CharacterDataHandler = None
        elif name == self._c:
            self._end_cell()
        elif name == self._row:
            assert self._current is not None
            row, self._current = self._current, None
            if row.cells or row.is_too_long:
                self.rows.append(row)
        else:
            if self._phonetic_at == self._depth:
                self._phonetic_at = 0
            self._depth -= 1
            if name.endswith(" sheetData") or name == "sheetData":
                self.is_over = True

    def _end_cell(self) -> None:
        self._is_in_cell = False
        row = self._current
        assert row is not None
        self._row_size += self._size
        if not self._parts:
            return
        text = "".join(self._parts)
        self._parts.clear()
        if self._row_size > self._longest:
            row.is_too_long = True
            row.cells.clear()
        elif self._column < _MOST_COLUMNS:
            self._keep(row, text)

    def _keep(self, row: SheetRow, text: str) -> None:
        kind = self._kind
        if kind == "s":
            number = whole_number(text.strip(), -1)
            if not 0 <= number < len(self._strings.is_blank):
                raise XmlError("unknown string")
            if not self._strings.is_blank[number]:
                row.cells[self._column] = number
                row.n_repaired += number in self._strings.repaired
        elif kind == "n":
            text = text.strip()
            if text and self._format is CellFormat.NUMBER:
                written = number_as_text(text)
                row.cells[self._column] = written
                if not written.isdecimal():
                    row.no_names.add(self._column)
            elif text:
                row.cells[self._column] = date_as_text(text, self._format, is_1904=self._is_1904)
                row.no_names.add(self._column)
        elif kind == "b":
            row.cells[self._column] = {"1": "true", "0": "false"}.get(text.strip(), text)
            row.no_names.add(self._column)
        elif kind == "e":
            row.cells[self._column] = None
        else:  # text in the cell, the text of a formula, a date in words of ISO 8601
            text, is_repaired = unescape(text)
            if text.strip():
                row.cells[self._column] = text
                row.n_repaired += is_repaired
                if kind == "d":
                    row.no_names.add(self._column)


def read_rows(
    chunks: Iterable[bytes],
    strings: SharedStrings,
    formats: tuple[CellFormat, ...],
    *,
    longest: int,
    is_1904: bool = False,
) -> Iterator[SheetRow]:
    """Yield the rows of a sheet that are not blank, as the sheet has them.

    Parameters
    ----------
    chunks
        The part with the sheet.
    strings, formats
        From `read_strings` and `read_formats`.
    longest
        Characters of the longest record.
    is_1904
        Whether the workbook counts days from 1904.

    Raises
    ------
    XmlError
        It is no XML, or XML that no workbook holds.
    """
    reading = _Rows(strings, formats, longest, is_1904=is_1904)
    chunks = iter(chunks)
    for chunk in chunks:
        reading.feed(chunk)
        yield from reading.rows
        reading.rows.clear()
        if reading.is_over:  # what stands behind the cells is about looks, but tells whether the part is whole
            for _ in chunks:
                pass
            return
    reading.feed(b"", is_last=True)
    yield from reading.rows
