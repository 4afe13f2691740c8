"""One date read from text: the slow and exact definition.

Locale never plays a part: month and day names come from the tables below. Nothing is guessed cell by cell: what
3/4/2020 means is decided once for the column, and without that decision it is null.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from botscan.cells.blanks import NULL_DATES, trim
from botscan.cells.zones import read_offset

DateOrder = Literal["dmy", "mdy"]

MICROSECONDS_PER_DAY = 86_400_000_000
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  local time is counted without a zone
#: Longest text that can be a date; also keeps the patterns below from long work.
_MOST_CHARACTERS = 100

#: Names of each month, English and Indonesian, with abbreviations.
MONTH_NAMES: tuple[tuple[str, ...], ...] = (
    ("january", "januari", "jan"),
    ("february", "februari", "pebruari", "feb", "peb"),
    ("march", "maret", "mar", "mrt"),
    ("april", "apr"),
    ("may", "mei"),
    ("june", "juni", "jun"),
    ("july", "juli", "jul"),
    ("august", "agustus", "aug", "agu", "agt", "ags", "agust"),
    ("september", "sept", "sep"),
    ("october", "oktober", "oct", "okt"),
    ("november", "nopember", "nov", "nop"),
    ("december", "desember", "dec", "des"),
)
_MONTH: dict[str, int] = {name: i for i, names in enumerate(MONTH_NAMES, start=1) for name in names}

_DAY_NAMES = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues|tue|wed|thurs|thur|thu|fri|sat|sun"
    "|senin|selasa|rabu|kamis|jum'?at|jum\u2019at|sabtu|minggu|ahad|sen|sel|rab|kam|jum|sab|min"
)
_DAY_NAME = rf"(?:(?:{_DAY_NAMES})[.,]? ?)?"
_CLOCK = (
    r"(?:(?:pukul|pkl\.?|jam|at) )?([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:[.,]([0-9]+))?)?"
    r"(?: ?(am|pm|a\.m\.|p\.m\.))?(?: ?((?:utc|gmt) ?[+-].*|[a-z]+|[+-].*))?"
)
_MONTH_WORD = r"([a-z]+)\.?"
_ORDINAL_DAY = r"([0-9]{1,2})(?:st|nd|rd|th)?"

_CLOCK_FORM = re.compile(_CLOCK)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:(?:t|,? )(.+))?")
_V11 = re.compile(rf"(?:{_DAY_NAMES}) ([a-z]{{3}}) ([0-9]{{1,2}}) ([0-9:]+) ([a-z]+|[+-][0-9:]+) ([0-9]{{4}})")
_DAY_MONTH_NAME = re.compile(rf"{_DAY_NAME}{_ORDINAL_DAY}[- /.]?{_MONTH_WORD}[- /,.] ?([0-9]{{4}})(?:(?:,| ) ?(.+))?")
_MONTH_NAME_DAY = re.compile(rf"{_DAY_NAME}{_MONTH_WORD} ?{_ORDINAL_DAY}(?:,| ) ?([0-9]{{4}})(?:(?:,| ) ?(.+))?")
_DAY_OR_MONTH = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})(?:(?:t|,? )(.+))?")
_YEAR_MONTH = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})|([0-9]{1,2})[-/. ]([0-9]{4})")
_NAMED_MONTH = re.compile(rf"{_MONTH_WORD},?[- /]?([0-9]{{4}})|([0-9]{{4}})[- /]?{_MONTH_WORD}")
_EPOCH_FLOAT = re.compile(r"([0-9]+)\.0+")
_RELATIVE = re.compile(
    r"\b(?:ago|yesterday|today|tomorrow|now|last|past|next|lalu|kemarin|kemaren|tadi|barusan|baru saja|sekarang"
    r"|hari ini|besok|lusa|seconds?|minutes?|hours?|days?|weeks?|months?|years?|detik|menit|jam|hari|pekan|bulan"
    r"|tahun)\b"
)
_SHORT_RELATIVE = re.compile(
    r"[0-9]+ ?(?:s|sec|m|min|mins|h|hr|hrs|d|w|wk|mo|y|yr|yrs|dtk|mnt|j|mgg|minggu|bln|thn)\.?"
)


@dataclass(frozen=True)
class InstantCell:
    """One instant read from text.

    Attributes
    ----------
    microseconds
        Since 1970-01-01 UTC, or None.
    precision
        ``second`` or ``day``, or None.
    code
        ``bad_date``, ``date_too_coarse``, ``relative_date``, ``date_order_unknown``, ``timezone_assumed`` (with a
        value), or None.
    """

    microseconds: int | None = None
    precision: str | None = None
    code: str | None = None


_BAD = InstantCell(code="bad_date")
_TOO_COARSE = InstantCell(code="date_too_coarse")


def read_instant(text: str, *, date_order: DateOrder | None = None, zone: tzinfo | None = None) -> InstantCell:
    """Read one date or date-time; whether it can be true is asked later (`botscan.cells.instants`).

    Parameters
    ----------
    text
        As it stands in the cell.
    date_order
        What 3/4/2020 means in this column; None: nobody knows.
    zone
        Zone of date-times that name none; None: UTC, with the code ``timezone_assumed``.

    Examples
    --------
    >>> read_instant("8 Agustus 2019")
    InstantCell(microseconds=1565222400000000, precision='day', code=None)
    >>> read_instant("Thu Aug 08 00:00:00 +0000 2019").microseconds
    1565222400000000
    >>> read_instant("3/4/2020").code, read_instant("2 jam lalu").code, read_instant("2019").code
    ('date_order_unknown', 'relative_date', 'date_too_coarse')
    """
    text = " ".join(trim(text).lower().split())
    if text in NULL_DATES:
        return InstantCell()
    if len(text) > _MOST_CHARACTERS:
        return _BAD
    if text.isascii() and (text.isdigit() or _EPOCH_FLOAT.fullmatch(text)):
        return _read_digits(text.partition(".")[0])
    if found := _YEAR_FIRST.fullmatch(text):
        return _day_and_clock(int(found[1]), int(found[3]), int(found[4]), found[5], zone)
    if found := _V11.fullmatch(text):
        clock = f"{found[3]} {found[4]}"
        return _day_and_clock(int(found[5]), _MONTH.get(found[1], 0), int(found[2]), clock, zone)
    if found := _DAY_MONTH_NAME.fullmatch(text):
        return _day_and_clock(int(found[3]), _MONTH.get(found[2], 0), int(found[1]), found[4], zone)
    if found := _MONTH_NAME_DAY.fullmatch(text):
        return _day_and_clock(int(found[3]), _MONTH.get(found[1], 0), int(found[2]), found[4], zone)
    if found := _DAY_OR_MONTH.fullmatch(text):
        return _read_day_or_month(found, date_order, zone)
    if _is_month_of_year(text):
        return _TOO_COARSE
    if _RELATIVE.search(text) or _SHORT_RELATIVE.fullmatch(text):
        return InstantCell(code="relative_date")
    return _BAD


def _read_digits(digits: str) -> InstantCell:
    """Read a number by its length: a year, a month, a day, or seconds to nanoseconds since 1970."""
    n = len(digits)
    if n == 4:
        return _TOO_COARSE
    if n == 6:
        return _TOO_COARSE if digits[:2] in {"19", "20"} and 1 <= int(digits[4:]) <= 12 else _BAD
    if n == 8:
        return _day_and_clock(int(digits[:4]), int(digits[4:6]), int(digits[6:]), None, None)
    if n not in {10, 13, 16, 19}:
        return _BAD
    microseconds = int(digits) * 1000 // 10 ** (n - 13) if n > 13 else int(digits) * 10 ** (16 - n)
    return InstantCell(microseconds, "second")


def _is_month_of_year(text: str) -> bool:
    if found := _YEAR_MONTH.fullmatch(text):
        return 1 <= int(found[2] or found[3]) <= 12
    found = _NAMED_MONTH.fullmatch(text)
    return found is not None and (found[1] or found[4]) in _MONTH


def _read_day_or_month(found: re.Match[str], date_order: DateOrder | None, zone: tzinfo | None) -> InstantCell:
    first, second, year, clock = int(found[1]), int(found[3]), int(found[4]), found[5]
    day_first = _day_and_clock(year, second, first, clock, zone)
    month_first = _day_and_clock(year, first, second, clock, zone)
    if date_order is not None:
        return day_first if date_order == "dmy" else month_first
    can_be_read = day_first.microseconds is not None or month_first.microseconds is not None
    return InstantCell(code="date_order_unknown") if can_be_read else _BAD


def _day_and_clock(year: int, month: int, day: int, clock: str | None, zone: tzinfo | None) -> InstantCell:
    """Join a day and the text of a time of day; without one the precision is a day."""
    try:
        days = date(year, month, day).toordinal() - _EPOCH_ORDINAL
    except ValueError:
        return _BAD
    if clock is None:
        return InstantCell(days * MICROSECONDS_PER_DAY, "day")
    found = _CLOCK_FORM.fullmatch(clock)
    time_of_day = _time_of_day(found) if found else None
    if found is None or time_of_day is None:
        return _BAD
    local = days * MICROSECONDS_PER_DAY + time_of_day
    if found[6] is not None:
        minutes = read_offset(found[6])
        return _BAD if minutes is None else InstantCell(local - minutes * 60_000_000, "second")
    if zone is None:
        return InstantCell(local, "second", "timezone_assumed")
    return InstantCell(local - offset_at(zone, local), "second")


def _time_of_day(found: re.Match[str]) -> int | None:
    """Return microseconds since midnight; 24:00:00 and second 60 are the next instant."""
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    fraction = int((found[4] or "")[:6].ljust(6, "0"))
    if found[5] is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[5].startswith("p") else 0)
    is_midnight = hour == 24 and minute == second == fraction == 0
    if not ((hour <= 23 or is_midnight) and minute <= 59 and second <= 60):
        return None
    if second == 60:
        fraction = 0  # the leap second is counted as the start of the next minute
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction


def offset_at(zone: tzinfo, local: int) -> int:
    """Return the offset of a zone, in microseconds, at a local time in microseconds since 1970.

    Where clocks were put back the earlier reading is taken.
    """
    try:
        offset = (_EPOCH + timedelta(microseconds=local)).replace(tzinfo=zone).utcoffset()
    except OverflowError:  # beyond the year 9999; refused later as not believable
        return 0
    return 0 if offset is None else round(offset.total_seconds() * 1_000_000)
