"""One date: the table of accepted forms, and one instant written in every way."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.cells.dates import MONTH_NAMES, read_instant

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(*parts: int, **zone: int) -> int:
    return (datetime(*parts, tzinfo=timezone(timedelta(**zone))) - EPOCH) // timedelta(microseconds=1)


MOMENT = micros(2019, 8, 8, 2, 16, 23)
DAY = micros(2019, 8, 8)

#: One instant, 2019-08-08 02:16:23 UTC, in every accepted form with a zone.
SAME_INSTANT = [
    "2019-08-08T02:16:23Z", "2019-08-08 02:16:23Z", "2019-08-08t02:16:23z", "2019-08-08T02:16:23+00:00",
    "2019-08-08T09:16:23+07:00", "2019-08-08T09:16:23+0700", "2019-08-08 09:16:23+07", "2019-08-07T22:46:23-03:30",
    "2019-08-08T16:16:23+14:00", "2019-08-07T12:16:23-14:00", "2019-08-08 09:16:23 WIB", "2019-08-08 10:16:23 WITA",
    "2019-08-08 11:16:23 WIT", "2019-08-08 02:16:23 UTC", "2019-08-08 02:16:23 GMT", "2019-08-08T02:16:23.000Z",
    "2019-08-08 09:16:23 UTC+7", "2019-08-08T02:16:23.000000000Z",
    "Thu Aug 08 02:16:23 +0000 2019", "Thu Aug 08 09:16:23 +0700 2019", "Thu Aug 08 02:16:23 UTC 2019",
    "Thu, 08 Aug 2019 02:16:23 +0000", "Thu, 8 Aug 2019 02:16:23 GMT", "Kamis, 8 Agustus 2019 pukul 09.16.23 WIB",
    "8 Agt 2019 09:16:23 WIB", "Aug 8, 2019, 2:16:23 AM UTC", "August 8, 2019 at 2:16:23 am UTC",
    "1565230583", "1565230583000", "1565230583000000", "1565230583000000000", "1565230583.0",
    "  2019-08-08T02:16:23Z\u00a0", "\ufeff2019-08-08T02:16:23Z", "2019-08-08  02:16:23Z", "2019/08/08 02:16:23Z",
]  # fmt: skip
SAME_DAY = [
    "2019-08-08", "20190808", "20190808.0", "8 Agustus 2019", "08 Agustus 2019", "Kamis, 8 Agustus 2019", "8 Agt 2019",
    "8 agu 2019", "Aug 8, 2019", "August 8, 2019", "Aug. 8, 2019", "Thursday, August 8, 2019", "8 Aug 2019",
    "8-Aug-2019", "8th August 2019", "August 8th, 2019", "Thu Aug 8 2019", "2019/08/08", "2019.08.08", "2019-8-8",
]  # fmt: skip
TOO_COARSE = ["2019", "2019-08", "08/2019", "8-2019", "Agustus 2019", "Aug 2019", "Mei 2024", "2019 Agustus", "201908"]
RELATIVE = [
    "2 jam lalu", "last week", "2 days ago", "kemarin", "yesterday", "just now", "2h", "3d", "5 menit yang lalu",
    "hari ini", "today", "a month ago", "baru saja", "1 tahun",
]  # fmt: skip
MISSING = ["", " ", "NaT", "nan", "null", "None", "-", "–", "n/a", "\\N", "nat", "\u200b", "tidak ada"]
BAD = [
    "2019-02-30", "2019-13-01", "2019-00-10", "31 Februari 2019", "Foo 8, 2019", "20190230", "12345", "123456789",
    "-1565230583", "0", "2019-08-08T25:00:00Z", "2019-08-08T24:00:01Z", "2019-08-08T10:60:00Z", "2019-08-08T10:00:61Z",
    "2019-08-08T10:00:00+14:01", "2019-08-08T10:00:00+15:00", "2019-08-08T10:00:00+07:60", "2019-08-08T10:00:00 EST",
    "2019-08-08T10:00:00 WIBB", "13:00", "soon", "Jumat", "13/13/2019", "1/2/19", "2019-08-08T", "2019-W32",
    "Aug 32, 2019", "13:00 PM 2019-08-08", "2019-08-08 13:00 pm", "2019-08-08 0:30 am", "01/02/2019/03",
    "x" * 200, "9" * 5000, "0000-01-01", "1565230583.5", "0x5d4b8c37", "٢٠١٩-٠٨-٠٨",
]  # fmt: skip


@pytest.mark.parametrize("text", SAME_INSTANT)
def test_one_instant_in_every_form(text):
    cell = read_instant(text)
    assert (cell.microseconds, cell.precision, cell.code) == (MOMENT, "second", None)


@pytest.mark.parametrize("text", SAME_DAY)
def test_one_day_in_every_form(text):
    cell = read_instant(text)
    assert (cell.microseconds, cell.precision, cell.code) == (DAY, "day", None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, "date_too_coarse") for text in TOO_COARSE),
        *((text, "relative_date") for text in RELATIVE),
        *((text, None) for text in MISSING),
        *((text, "bad_date") for text in BAD),
    ],
)
def test_no_date(text, code):
    cell = read_instant(text)
    assert (cell.microseconds, cell.precision, cell.code) == (None, None, code)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2019-08-08T24:00:00Z", micros(2019, 8, 9)),
        ("2019-12-31T24:00:00Z", micros(2020, 1, 1)),
        ("2016-12-31T23:59:60Z", micros(2017, 1, 1)),
        ("2016-12-31T23:59:60.999Z", micros(2017, 1, 1)),
        ("Sat Dec 31 23:59:60 +0000 2016", micros(2017, 1, 1)),
        ("2019-08-08T02:16:23.9999999Z", MOMENT + 999_999),
        ("2019-08-08T02:16:23,5Z", MOMENT + 500_000),
        ("2019-08-08T02:16Z", MOMENT - 23_000_000),
        ("May 01, 2024 12:01 am UTC", micros(2024, 5, 1, 0, 1)),
        ("May 01, 2024 12:01 p.m. UTC", micros(2024, 5, 1, 12, 1)),
        ("2020-02-29", micros(2020, 2, 29)),
    ],
)
def test_edges_of_the_clock(text, instant):
    assert read_instant(text).microseconds == instant


NAIVE = [
    "2019-08-08 02:16:23",
    "2019-08-08T02:16:23",
    "2019-08-08T02:16:23.000",
    "8 Aug 2019 02:16:23",
    "Aug 8, 2019 2:16:23 am",
]


@pytest.mark.parametrize("text", NAIVE)
def test_without_zone_it_is_utc_and_counted_or_the_zone_given(text):
    assert read_instant(text) == read_instant(text, zone=None)
    assert (read_instant(text).microseconds, read_instant(text).code) == (MOMENT, "timezone_assumed")
    jakarta = read_instant(text, zone=ZoneInfo("Asia/Jakarta"))
    assert (jakarta.microseconds, jakarta.code) == (MOMENT - 7 * 3600 * 10**6, None)


def test_a_zone_that_is_written_beats_the_zone_given():
    assert read_instant("2019-08-08T02:16:23Z", zone=ZoneInfo("Asia/Jakarta")).microseconds == MOMENT
    assert read_instant("2019-08-08", zone=ZoneInfo("Asia/Jakarta")).microseconds == DAY


def test_clocks_put_forward_and_back():
    zone = ZoneInfo("America/New_York")
    back = read_instant("2019-11-03 01:30:00", zone=zone).microseconds
    assert back == micros(2019, 11, 3, 5, 30)  # the earlier of the two
    assert read_instant("2019-07-01 00:00:00", zone=zone).microseconds == micros(2019, 7, 1, 4)
    assert read_instant("9999-12-31 24:00:00", zone=zone).microseconds is not None


@pytest.mark.parametrize("separator", ["/", "-", "."])
def test_day_and_month_order_is_not_guessed(separator):
    text = f"3{separator}4{separator}2020"
    assert read_instant(text).code == "date_order_unknown"
    assert read_instant(text, date_order="dmy").microseconds == micros(2020, 4, 3)
    assert read_instant(text, date_order="mdy").microseconds == micros(2020, 3, 4)


def test_order_given_and_impossible():
    assert read_instant("25/12/2019").code == "date_order_unknown"
    assert read_instant("25/12/2019", date_order="mdy").code == "bad_date"
    assert read_instant("25/12/2019 09:01 WIB", date_order="dmy").microseconds == micros(2019, 12, 25, 2, 1)
    assert read_instant("25/12/2019 99:01", date_order="dmy").code == "bad_date"


def test_month_names_are_apart():
    assert len(MONTH_NAMES) == 12
    names = [name for names in MONTH_NAMES for name in names]
    assert len(names) == len(set(names))


INSTANTS = st.datetimes(datetime(2006, 4, 1), datetime(2030, 1, 1)).map(lambda one: one.replace(microsecond=0))  # noqa: DTZ001  hypothesis wants bounds without a zone
FORMS = [
    "{0:%Y-%m-%d %H:%M:%S}Z", "{0:%Y-%m-%dT%H:%M:%S}.123456+00:00", "{day} {0:%d} {english} {0:%Y} {0:%H:%M:%S} GMT",
    "{0:%d} {indonesian} {0:%Y} pukul {0:%H.%M.%S} UTC", "{short} {0:%d}, {0:%Y} {0:%H:%M:%S} UTC",
    "{day} {short} {0:%d} {0:%H:%M:%S} +0000 {0:%Y}",
]  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(instant=INSTANTS, form=st.sampled_from(FORMS))
def test_every_printed_form_is_read_back(instant, form):
    names = MONTH_NAMES[instant.month - 1]
    text = form.format(
        instant,
        english=names[0].title(),
        indonesian=names[-1],
        short=names[0][:3].title(),
        day=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[instant.weekday()],
    )
    wanted = (instant.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
    assert read_instant(text).microseconds == wanted + (123_456 if ".123456" in form else 0)


@settings(deadline=None, max_examples=100)
@given(st.one_of(st.text(max_size=30), st.text("0123456789-/:.TZ +,aAgustWIB", max_size=25)))
def test_any_text_gives_an_instant_or_a_reason(text):
    cell = read_instant(text)
    assert (cell.microseconds is None) == (cell.precision is None)
    if cell.microseconds is None:
        assert cell.code != "timezone_assumed"
