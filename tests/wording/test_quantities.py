"""Numbers, percentages and dates in two languages, whatever the machine's locale and time zone."""

import datetime as dt
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import BotscanError
from botscan.wording import date, number, percent, rounded


@pytest.mark.parametrize(
    ("value", "digits", "english", "indonesian"),
    [
        (0, 0, "0", "0"),
        (999, 0, "999", "999"),
        (1000, 0, "1,000", "1.000"),
        (1234.5, 1, "1,234.5", "1.234,5"),
        (-1234567.891, 2, "-1,234,567.89", "-1.234.567,89"),
        (-0.0, 0, "0", "0"),
        (-0.04, 1, "0.0", "0,0"),
        (10**12, 0, "1,000,000,000,000", "1.000.000.000.000"),
        (None, 0, "not known", "tidak diketahui"),
        (math.nan, 2, "not known", "tidak diketahui"),
    ],
)
def test_numbers(value, digits, english, indonesian):
    assert number(value, "en", digits) == english
    assert number(value, "id", digits) == indonesian


@settings(deadline=None, max_examples=100)
@given(st.floats(-1e12, 1e12), st.integers(0, 6))
def test_numbers_read_back_in_both_languages(value, digits):
    expected = float(f"{value:.{digits}f}")
    assert float(number(value, "en", digits).replace(",", "")) == expected
    assert float(number(value, "id", digits).replace(".", "").replace(",", ".")) == expected


def test_percentages():
    assert percent(0.712) == "71 %"
    assert percent(0.7125, "id", 1) == "71,2 %"
    assert percent(0.7126, "id", 1) == "71,3 %"
    assert percent(1) == "100 %"
    assert percent(None, "en") == "not known"


MONTHS = """January Januari
February Februari
March Maret
April April
May Mei
June Juni
July Juli
August Agustus
September September
October Oktober
November November
December Desember"""


@pytest.mark.parametrize(("month", "names"), [*enumerate(MONTHS.split("\n"), start=1)])
def test_dates_name_every_month_in_both_languages(month, names):
    english, indonesian = names.split()
    assert date(dt.date(2026, month, 3)) == f"3 {english} 2026"
    assert date(dt.date(2026, month, 3), "id") == f"3 {indonesian} 2026"


def test_instants_are_shown_in_utc(monkeypatch):
    jakarta = dt.timezone(dt.timedelta(hours=7))
    assert date(dt.datetime(2026, 7, 1, 3, tzinfo=jakarta)) == "30 June 2026"
    assert date("2026-07-01T03:00:00+07:00", "id") == "30 Juni 2026"
    assert date("2026-07-01") == "1 July 2026"
    assert date(None, "id") == "tidak diketahui"


@pytest.mark.parametrize("function", [number, percent, date])
def test_unknown_language_is_refused_with_the_known_ones(function):
    with pytest.raises(BotscanError, match="en, id"):
        function(None, "fr")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0), (0.4, 0), (999.4, 999), (999.6, 1000), (1234, 1230), (17783.2, 17800), (-1234, -1230), (99950, 100000)],
)
def test_rounded_keeps_three_figures(value, expected):
    assert rounded(value) == expected
