"""The common date layouts read by position, all rows at once: ISO 8601 and the Twitter v1.1 form.

Rows that fit no layout exactly, or name an impossible day or time, are left to `botscan.cells.dates`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from botscan.arrow_text import TextColumn
from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.cells.parsed import Mask
from botscan.cells.zones import MOST_MINUTES

#: Rows worked on at a time, so that the table of characters stays small.
_ROWS_AT_A_TIME = 65_536

_DATE = "YYYY-MM-DD"
_TIME = "YYYY-MM-DDThh:mm:ss"
_V11 = "aaa bbb DD hh:mm:ss +OOoo YYYY"
#: Letters stand for digits of a field, ``T`` for T or a space, ``+`` for a sign, a and b for names of days and months.
_LAYOUTS = (
    _DATE,
    *(_TIME + fraction + zone for fraction in ("", ".fff", ".ffffff") for zone in ("", "Z", "+OO:oo", "+OOoo")),
    _V11,
)
_LAYOUTS_BY_LENGTH: dict[int, list[str]] = {}
for _layout in _LAYOUTS:
    _LAYOUTS_BY_LENGTH.setdefault(len(_layout), []).append(_layout)

_FIELDS = "YMDhmsfOo"


def _code(word: str) -> int:
    first, second, third = word.encode()
    return first << 16 | second << 8 | third


_MONTH_CODES = np.array(
    [_code(word) for word in ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")],
    dtype=np.int64,
)
_DAY_CODES = np.array([_code(word) for word in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class ReadLayouts:
    """What the layouts gave.

    Attributes
    ----------
    microseconds
        Since 1970-01-01, in UTC or, where `is_naive`, in local time; int64, shape (n,).
    is_read
        Rows that a layout fits; the others stay 0.
    is_day
        Rows with a date only.
    is_naive
        Rows with a time of day and no zone.
    """

    microseconds: NDArray[np.int64]
    is_read: Mask
    is_day: Mask
    is_naive: Mask


def read_layouts(texts: pa.Array) -> ReadLayouts:
    """Read the rows of a text column that fit one of the layouts.

    Examples
    --------
    >>> read_layouts(pa.array(["2019-08-08", "Thu Aug 08 00:00:01 +0000 2019", "soon"])).microseconds.tolist()
    [1565222400000000, 1565222401000000, 0]
    """
    text = TextColumn.from_arrow(texts)
    n = len(text)
    result = ReadLayouts(np.zeros(n, np.int64), np.zeros(n, np.bool_), np.zeros(n, np.bool_), np.zeros(n, np.bool_))
    for start in range(0, n, _ROWS_AT_A_TIME):
        stop = min(start + _ROWS_AT_A_TIME, n)
        lengths = np.diff(text.offsets[start : stop + 1])
        for length, layouts in _LAYOUTS_BY_LENGTH.items():
            rows = start + np.flatnonzero(lengths == length)
            for layout in layouts:
                if rows.size:
                    rows = rows[~_read_layout(text, rows, layout, result)]
    return result


def _read_layout(text: TextColumn, rows: NDArray[np.int64], layout: str, result: ReadLayouts) -> Mask:
    """Read the rows that fit one layout into `result`; return which of `rows` did."""
    characters = text.data[text.offsets[rows][:, None] + np.arange(len(layout))]
    fits = _fits(characters, layout)
    fields = {letter: _number(characters, layout, letter) for letter in _FIELDS if letter in layout}
    month = fields["M"] if "M" in fields else _month_by_name(characters)
    fits &= _is_day(fields["Y"], month, fields["D"])
    microseconds = _days_since_1970(fields["Y"], np.maximum(month, 1), fields["D"]) * MICROSECONDS_PER_DAY
    if "h" in fields:
        fits &= (fields["h"] <= 23) & (fields["m"] <= 59) & (fields["s"] <= 59)
        microseconds += ((fields["h"] * 60 + fields["m"]) * 60 + fields["s"]) * 1_000_000
    if "f" in fields:
        microseconds += fields["f"] * 10 ** (6 - layout.count("f"))
    if "O" in fields:
        minutes = fields["O"] * 60 + fields["o"]
        fits &= (minutes <= MOST_MINUTES) & (fields["o"] <= 59)
        is_west = characters[:, layout.index("+")] == ord("-")
        microseconds -= np.where(is_west, -minutes, minutes) * 60_000_000
    done = rows[fits]
    result.microseconds[done] = microseconds[fits]
    result.is_read[done] = True
    result.is_day[done] = "h" not in fields
    result.is_naive[done] = "h" in fields and "O" not in fields and not layout.endswith("Z")
    return fits


def _fits(characters: NDArray[np.uint8], layout: str) -> Mask:
    fits = np.ones(len(characters), dtype=np.bool_)
    for position, letter in enumerate(layout):
        column = characters[:, position]
        if letter in _FIELDS:
            fits &= (column - np.uint8(ord("0"))) < 10  # bytes below "0" wrap round to large values
        elif letter == "T":
            fits &= (column == ord("T")) | (column == ord(" "))
        elif letter == "+":
            fits &= (column == ord("+")) | (column == ord("-"))
        elif letter not in "ab":
            fits &= column == ord(letter)
    if layout == _V11:
        fits &= np.isin(_codes(characters[:, 0:3]), _DAY_CODES)
    return fits


def _number(characters: NDArray[np.uint8], layout: str, letter: str) -> NDArray[np.int64]:
    number = np.zeros(len(characters), dtype=np.int64)
    for position, found in enumerate(layout):
        if found == letter:
            number = number * 10 + (characters[:, position].astype(np.int64) - ord("0"))
    return number


def _codes(words: NDArray[np.uint8]) -> NDArray[np.int64]:
    wide = words.astype(np.int64)
    return wide[:, 0] << 16 | wide[:, 1] << 8 | wide[:, 2]


def _month_by_name(characters: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the month that stands at place 4 of the v1.1 form, 0 where it is none."""
    is_month = _codes(characters[:, 4:7])[:, None] == _MONTH_CODES
    return np.where(is_month.any(axis=1), is_month.argmax(axis=1) + 1, 0).astype(np.int64)


def _is_day(year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64]) -> Mask:
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[np.clip(month, 0, 12)]
    last = lengths + ((month == 2) & is_leap)
    return (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= last)


def _days_since_1970(year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count days in the Gregorian calendar.

    The year is taken to begin in March, so that the leap day is its last; 306 is the count of days from March to
    December, and (153 m + 2) / 5 the days before month m counted so (H. Fliegel, T. Van Flandern, 1968,
    https://doi.org/10.1145/364096.364097).
    """
    march_month = (month + 9) % 12
    march_year = year - march_month // 10
    days = march_year * 365 + march_year // 4 - march_year // 100 + march_year // 400
    return days + (153 * march_month + 2) // 5 + day - 1 - 719_468
