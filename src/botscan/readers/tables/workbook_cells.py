"""Cells of a workbook as text: numbers and day counts in the form that the parsers of cells read exactly."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

import pyarrow as pa
import pyarrow.compute as pc

from botscan.cells.parsed import as_mask, flatten, is_text

#: A spreadsheet keeps 15 digits of a number.
_MOST_EXACT = 10**15
#: Longest text of a number, and what stands for one that is too large in every column.
_MOST_DIGITS = 400
_TOO_LARGE = "1E+99"
_PLAIN_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
#: A fraction that reads like a number with groups of three.
_LIKE_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")

#: Day zero: the one of 1900 counts a 29 February that never was, so that it holds from March 1900 on.
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet knows no zones
_DAY_ZERO_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_DAYS_UNTIL_1904 = (_DAY_ZERO_1904 - _DAY_ZERO).days
#: Last day that a spreadsheet knows, 9999-12-31, counted from 1899-12-30.
_LAST_DAY = 2_958_465
_DAY_COUNT = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
#: Plain numbers are taken for days from 1990-01-01 to the end of 2100 only.
_FIRST_COUNTED, _LAST_COUNTED = 32_874, 73_415


class CellFormat(Enum):
    """What the format of a cell makes of its number."""

    NUMBER = "a number"
    DATE = "a date"
    DATE_TIME = "a date with a time of day"
    TIME = "a time of day"


#: Formats that every spreadsheet knows by number; those of East Asia included.
_KNOWN_FORMATS: dict[int, CellFormat] = {
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 59)), CellFormat.DATE),
    **dict.fromkeys((*range(18, 22), *range(32, 36), 45, 47), CellFormat.TIME),
    22: CellFormat.DATE_TIME,
}
#: Parts of a format code that are no placeholders: quoted text, escaped, padding and filling characters, brackets.
_NO_PLACEHOLDER = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|am/pm|a/p', re.IGNORECASE | re.DOTALL)
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)


def format_of(number: int, code: str | None = None) -> CellFormat:
    """Return what a number format shows.

    Parameters
    ----------
    number
        Its number in the workbook.
    code
        Its code, for formats that the workbook declares itself.

    Examples
    --------
    >>> format_of(14), format_of(165, "dd/mm/yyyy hh:mm"), format_of(166, '#,##0 "days"')
    (<CellFormat.DATE: 'a date'>, <CellFormat.DATE_TIME: 'a date with a time of day'>, <CellFormat.NUMBER: 'a number'>)
    """
    if code is None:
        return _KNOWN_FORMATS.get(number, CellFormat.NUMBER)
    first = code[:1000]
    if _ELAPSED.search(first):
        return CellFormat.NUMBER
    letters = set(_NO_PLACEHOLDER.sub("", first).partition(";")[0].lower())
    has_time = bool(letters & {"h", "s"})
    if letters & {"y", "d"} or ("m" in letters and not has_time):
        return CellFormat.DATE_TIME if has_time else CellFormat.DATE
    return CellFormat.TIME if has_time else CellFormat.NUMBER


def number_as_text(text: str) -> str:
    """Write a number of a workbook without loss and without a second reading.

    Whole numbers have no ``.0``; from 10^15 on, where digits are lost, they are in scientific notation, which no id
    survives; a fraction never looks like thousands. Text that is no number is returned as it is.

    Examples
    --------
    >>> number_as_text("12300"), number_as_text("7.0"), number_as_text("1135441326322264600"), number_as_text("4.567")
    ('12300', '7', '1.1354413263222646E+18', '4.567e0')
    """
    if _PLAIN_NUMBER.fullmatch(text):
        return text
    if not _NUMBER.fullmatch(text):
        return text
    number = float(text) if len(text) <= _MOST_DIGITS else math.inf
    if abs(number) < _MOST_EXACT:
        if number == int(number):
            return str(int(number))
        shortest = repr(number)
        # As scientific notation: as a decimal, 4.567 would be taken for four thousand.
        return f"{shortest}e0" if _LIKE_THOUSANDS.fullmatch(shortest) else shortest
    return f"{Decimal(repr(number)).normalize():E}" if math.isfinite(number) else _TOO_LARGE


def date_as_text(text: str, cell_format: CellFormat, *, is_1904: bool = False) -> str:
    """Write a number under a date format as ISO 8601 without a zone; a number that is no day is written as number.

    Examples
    --------
    >>> date_as_text("45413", CellFormat.DATE), date_as_text("45413.375", CellFormat.DATE_TIME)
    ('2024-05-01', '2024-05-01 09:00:00')
    """
    if not _NUMBER.fullmatch(text):
        return text
    days = float(text) if len(text) <= _MOST_DIGITS else math.inf
    if not 0 <= days < _LAST_DAY + 1:
        return number_as_text(text)
    # Whole milliseconds: a double holds no more of a day, and programs round so.
    milliseconds = round(days * 86_400_000)
    day, clock = divmod(milliseconds, 86_400_000)
    if day == 0 and not is_1904:
        return _clock(clock)
    try:
        instant = (_DAY_ZERO_1904 if is_1904 else _DAY_ZERO) + timedelta(days=day)
    except OverflowError:
        return number_as_text(text)
    date = instant.date().isoformat()
    return date if clock == 0 and cell_format is CellFormat.DATE else f"{date} {_clock(clock)}"


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    fraction = f".{rest:03d}" if rest else ""
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}{fraction}"


def from_day_count(text: str, *, is_1904: bool = False) -> str | None:
    """Return the date that a plain number stands for in a column of dates, None when it stands for none.

    Only numbers from 1990 to 2100 are taken; years, eight-digit days and clocks of computers have other lengths.

    Parameters
    ----------
    text
        As `number_as_text` wrote it.
    is_1904
        Whether the workbook counts days from 1904.

    Examples
    --------
    >>> from_day_count("45413"), from_day_count("45413.375"), from_day_count("20240501"), from_day_count("Mei 2024")
    ('2024-05-01', '2024-05-01 09:00:00', None, None)
    """
    if not _DAY_COUNT.fullmatch(text):
        return None
    days = float(text)
    since_1899 = days + _DAYS_UNTIL_1904 if is_1904 else days
    if not _FIRST_COUNTED <= since_1899 < _LAST_COUNTED + 1:
        return None
    return date_as_text(text, CellFormat.DATE, is_1904=is_1904)


def dates_from_day_counts(cells: pa.Array | pa.ChunkedArray, *, is_1904: bool = False) -> pa.Array:
    """Return a column of dates in which plain day counts stand as ISO dates, all else as it was; shape (n,).

    Examples
    --------
    >>> dates_from_day_counts(pa.array(["45413", "Mei 2024", None])).to_pylist()
    ['2024-05-01', 'Mei 2024', None]
    """
    array = flatten(cells)
    if not is_text(array.type) or not as_mask(pc.match_substring_regex(array, r"^[0-9]{5}(\.[0-9]+)?$")).any():
        return array
    known: dict[str, str] = {}
    texts: list[str | None] = []
    for text in array.to_pylist():
        if text is not None and text not in known:
            known[text] = from_day_count(text, is_1904=is_1904) or text
        texts.append(None if text is None else known[text])
    return pa.array(texts, pa.large_string())
