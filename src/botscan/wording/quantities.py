"""Numbers, percentages and dates as each language writes them; no locale of the machine plays a part."""

from __future__ import annotations

import datetime as dt
import math

from botscan.errors import BotscanError

LANGUAGES: tuple[str, ...] = ("en", "id")

#: Thousands separator and decimal mark.
_MARKS = {"en": (",", "."), "id": (".", ",")}
_UNKNOWN = {"en": "not known", "id": "tidak diketahui"}
_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),  # noqa: SIM905
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),  # noqa: SIM905
}


def check_language(language: str) -> str:
    """Return the language, or raise BotscanError naming those that there are."""
    if language not in LANGUAGES:
        raise BotscanError(
            f"Found language {language!r}, wanted one of {', '.join(LANGUAGES)}.", remedy='Choose "en" or "id".'
        )
    return language


def number(value: float | None, language: str = "en", digits: int = 0) -> str:
    """Write a number with separators.

    Parameters
    ----------
    value
        The number; None and NaN are written as not known.
    language
        ``en`` or ``id``.
    digits
        Digits after the decimal mark.

    Examples
    --------
    >>> number(1234.5, "en", 1), number(1234.5, "id", 1), number(None, "id")
    ('1,234.5', '1.234,5', 'tidak diketahui')
    """
    thousands, decimal = _MARKS[check_language(language)]
    if value is None or math.isnan(value):
        return _UNKNOWN[language]
    text = f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.removeprefix("-")  # what rounds to nothing has no sign
    return text.translate({ord(","): thousands, ord("."): decimal})


def figure(value: float, language: str = "en") -> str:
    """Write a whole number as it is, any other with two digits after the mark, a small one with four.

    Examples
    --------
    >>> figure(1200.0), figure(2.5), figure(0.0123, "id")
    ('1,200', '2.50', '0,0123')
    """
    return number(value, language, 0 if value.is_integer() else 2 if abs(value) >= 0.1 else 4)


def percent(value: float | None, language: str = "en", digits: int = 0) -> str:
    """Write a share in [0, 1] as a percentage.

    Examples
    --------
    >>> percent(0.712), percent(0.0345, "id", 1)
    ('71 %', '3,5 %')
    """
    text = number(None if value is None else 100 * value, language, digits)
    return text if value is None or math.isnan(value) else f"{text} %"


def date(value: dt.datetime | dt.date | str | None, language: str = "en") -> str:
    """Write a date in words, in UTC; text is read as ISO 8601.

    Examples
    --------
    >>> date(dt.datetime(2026, 6, 30, tzinfo=dt.UTC)), date("2026-05-01", "id")
    ('30 June 2026', '1 Mei 2026')
    """
    months = _MONTHS[check_language(language)]
    if value is None:
        return _UNKNOWN[language]
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.astimezone(dt.UTC)
    return f"{value.day} {months[value.month - 1]} {value.year}"


def rounded(value: float) -> int:
    """Round a count that is only estimated to three figures.

    Examples
    --------
    >>> rounded(17_783.2), rounded(412.6), rounded(1_234_567)
    (17800, 413, 1230000)
    """
    if abs(value) < 1000:
        return round(value)
    unit: int = 10 ** (math.floor(math.log10(abs(value))) - 2)
    return round(value / unit) * unit
