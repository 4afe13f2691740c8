"""Columns of dates: fast held to slow, believable dates only, one order a column, typed arrays like text."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.cells.dates import read_instant
from botscan.cells.instants import DateOrderVotes, date_order_votes, parse_instants, to_microseconds
from botscan.errors import SchemaError
from botscan.schema import PLATFORMS

SEEN = datetime(2024, 6, 1, 12, tzinfo=UTC)
EARLIEST, LATEST = to_microseconds(datetime(1970, 1, 2, tzinfo=UTC)), to_microseconds(datetime(2101, 1, 1, tzinfo=UTC))

LAYOUTS = [
    "2019-08-08", "2019-08-08T02:16:23", "2019-08-08 02:16:23", "2019-08-08T02:16:23Z", "2019-08-08T02:16:23+07:00",
    "2019-08-08T02:16:23-0730", "2019-08-08T02:16:23.123", "2019-08-08T02:16:23.123Z", "2019-08-08T02:16:23.123+07:00",
    "2019-08-08T02:16:23.123456", "2019-08-08T02:16:23.123456Z", "2019-08-08T02:16:23.123456-14:00",
    "2019-08-08T02:16:23.123456+1400", "Thu Aug 08 02:16:23 +0000 2019", "Thu Aug 08 02:16:23 -1130 2019",
    "1565230583", "1565230583000", "1565230583000000", "1565230583000000000", "9999999999", "0000000001",
    "2020-02-29", "2019-02-29", "2100-02-29", "2000-02-29", "2019-04-31", "1900-01-01", "9999-12-31", "0001-01-01",
    "2019-08-08T24:00:00Z", "2019-08-08T23:59:60Z", "2019-08-08T02:16:23+14:01", "2019-08-08T02:16:23+07:60",
    "Xyz Aug 08 02:16:23 +0000 2019", "Thu Xyz 08 02:16:23 +0000 2019", "thu aug 08 02:16:23 +0000 2019",
    "Thu Feb 30 02:16:23 +0000 2019", "2019-08-0８", "2019:08-08", "2019-08-08X02:16:23", "2019-08-08T02:16:23*07:00",
    "20190808", "3/4/2020", "8 Agustus 2019", "2 jam lalu", "2019", "", "soon", "é", "9999999999999999999",
]  # fmt: skip


def check_like_slow(texts, *, date_order=None, tz=None, zone=None):
    """Every row of the fast column says what the slow function and the limits say."""
    parsed = parse_instants(pa.array(texts, pa.string()), date_order=date_order, tz=tz)
    values = parsed.values.cast(pa.int64()).to_pylist()
    precision = parsed.precision.to_pylist()
    for row, text in enumerate(texts):
        slow = read_instant(text or "", date_order=date_order, zone=zone)
        instant, code = slow.microseconds, slow.code
        if instant is not None and not EARLIEST <= instant < LATEST:
            code = "date_before_platform" if instant < EARLIEST else "date_in_future"
            instant = None
        assert values[row] == instant, text
        assert precision[row] == (slow.precision if instant is not None else None), text
        assert [name for name, rows in parsed.faults.items() if rows[row]] == ([code] if code else []), text


@pytest.mark.parametrize(
    ("tz", "zone"),
    [(None, None), ("+07:00", ZoneInfo("Asia/Jakarta")), ("America/New_York", ZoneInfo("America/New_York"))],
)
def test_columns_are_read_like_single_cells(tz, zone):
    check_like_slow([*LAYOUTS, None, *reversed(LAYOUTS)], tz=tz, zone=zone)


def _mutate(text: str, position: int, character: str) -> str:
    position %= max(len(text), 1)
    return text[:position] + character + text[position + 1 :]


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.builds(
            _mutate, st.sampled_from(LAYOUTS), st.integers(0, 40), st.sampled_from([*"0123456789 -+:TZz.,/é", ""])
        ),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(["dmy", "mdy", None]),
)
def test_damaged_layouts_are_read_like_single_cells(texts, date_order):
    check_like_slow(texts, date_order=date_order)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=10))
def test_any_text(texts):
    check_like_slow(texts)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.datetimes(datetime(1970, 1, 3), datetime(2100, 1, 1)), min_size=1, max_size=20))  # noqa: DTZ001  hypothesis wants it so
def test_typed_timestamps_equal_their_text(instants):
    seconds = [one.replace(microsecond=0) for one in instants]
    text = parse_instants(pa.array([one.isoformat() for one in seconds]))
    for unit in ("s", "ms", "us", "ns"):
        typed = parse_instants(pa.array(seconds, pa.timestamp(unit)))
        assert typed.values.equals(text.values)
        assert set(typed.faults) == {"timezone_assumed"}
        aware = parse_instants(pa.array(seconds, pa.timestamp(unit, tz="Asia/Jakarta")))
        assert aware.values.equals(text.values)
        assert aware.faults == {}


def test_typed_dates_are_days():
    for kind in (pa.date32(), pa.date64()):
        parsed = parse_instants(pa.array([date(2019, 8, 8), None], kind))
        assert parsed.values.to_pylist() == [datetime(2019, 8, 8, tzinfo=UTC), None]
        assert parsed.precision.to_pylist() == ["day", None]


def test_typed_numbers_are_read_by_their_length():
    wanted = [datetime(2019, 8, 8, 2, 16, 23, tzinfo=UTC), datetime(2019, 8, 8, tzinfo=UTC), None, None, None]
    numbers = [1565230583, 20190808, -5, 0, None]
    for kind in (pa.int64(), pa.float64()):
        parsed = parse_instants(pa.array(numbers, kind))
        assert parsed.values.to_pylist() == wanted
        assert parsed.faults["bad_date"].tolist() == [False, False, True, True, False]
    broken = parse_instants(pa.array([1.5, np.inf, np.nan, 1565230583000.0]))
    assert broken.values.null_count == 3
    assert broken.faults["bad_date"].tolist() == [True, True, False, False]
    assert parse_instants(pa.array([1565230583], pa.uint64())).values.null_count == 0


def test_other_types_are_no_dates():
    parsed = parse_instants(pa.array([True, None]))
    assert parsed.faults["bad_date"].tolist() == [True, False]
    assert parse_instants(pa.nulls(3)).faults == {}
    assert len(parse_instants(pa.array([], pa.string())).values) == 0


def test_timestamps_beyond_all_range_are_null():
    far = pa.array([2**62, -(2**62)], pa.int64()).cast(pa.timestamp("s"))
    parsed = parse_instants(far)
    assert parsed.values.null_count == 2
    assert parsed.faults["date_in_future"].tolist() == [True, False]
    assert parsed.faults["date_before_platform"].tolist() == [False, True]


@pytest.mark.parametrize("platform", [*PLATFORMS, None, "elsewhere"])
def test_no_account_is_older_than_its_platform(platform):
    first = PLATFORMS[platform].first_day if platform in PLATFORMS else datetime(1970, 1, 2, tzinfo=UTC)
    texts = [first.isoformat(), (first - timedelta(seconds=1)).isoformat(), "1970-01-01T00:00:00Z", "1970-01-01"]
    parsed = parse_instants(pa.array(texts), platform=platform)
    assert parsed.values.to_pylist() == [first, None, None, None]
    assert parsed.faults["date_before_platform"].tolist() == [False, True, True, True]


def test_no_date_is_later_than_a_day_after_it_was_seen():
    texts = [(SEEN + timedelta(hours=24)).isoformat(), (SEEN + timedelta(hours=24, seconds=1)).isoformat()]
    parsed = parse_instants(pa.array(texts), observed_at=SEEN)
    assert parsed.values.is_valid().to_pylist() == [True, False]
    assert parsed.faults["date_in_future"].tolist() == [False, True]


def test_each_row_may_have_been_seen_at_another_time():
    seen = pa.array([SEEN, datetime(2019, 1, 1, tzinfo=UTC), None], pa.timestamp("us", tz="UTC"))
    parsed = parse_instants(pa.array(["2024-01-01"] * 3), observed_at=seen)
    assert parsed.values.is_valid().to_pylist() == [True, False, True]
    far = parse_instants(pa.array(["2100-12-31", "2101-01-01"]))
    assert far.values.is_valid().to_pylist() == [True, False]


def test_a_date_has_one_fault_at_most():
    parsed = parse_instants(pa.array(["1990-01-01 00:00:00", "2020-01-01 00:00:00"]), platform="twitter")
    assert {code: rows.tolist() for code, rows in parsed.faults.items()} == {
        "timezone_assumed": [False, True],
        "date_before_platform": [True, False],
    }


@pytest.mark.parametrize(
    ("texts", "votes", "decision"),
    [
        (["3/4/2020", "25/12/2019"], (1, 0, 1), "dmy"),
        (["3/4/2020", "12-25-2019", "12-26-2019"], (0, 2, 1), "mdy"),
        (["13/1/2020", "1/13/2020"], (1, 1, 0), None),
        (["3/4/2020", "5/5/2020"], (0, 0, 2), None),
        (["32/4/2020", "2020-01-31", "20/20/2020", None, "", "x 13/1/2020"], (0, 0, 0), None),
        (["25.12.2019 10:00 WIB"] * 3, (3, 0, 0), "dmy"),
    ],
)
def test_one_decision_a_column(texts, votes, decision):
    counted = date_order_votes(pa.array(texts))
    assert counted == DateOrderVotes(*votes)
    assert counted.decision == decision
    parts = DateOrderVotes()
    for text in texts:
        parts += date_order_votes(pa.array([text], pa.string()))
    assert parts == counted


def test_votes_of_typed_columns():
    assert date_order_votes(pa.array([1, 2])) == DateOrderVotes()
    assert date_order_votes(pa.nulls(2)) == DateOrderVotes()


def test_undecided_column_is_null_and_counted():
    parsed = parse_instants(pa.array(["3/4/2020", "13/4/2020", "2020-01-01"]))
    assert parsed.values.is_valid().to_pylist() == [False, False, True]
    assert parsed.faults["date_order_unknown"].tolist() == [True, True, False]


def test_an_unknown_zone_is_refused_with_what_to_type():
    with pytest.raises(SchemaError, match=r"\+07:00.*WIB.*Asia/Jakarta"):
        parse_instants(pa.array(["2020-01-01 00:00:00"]), tz="Mars/Olympus")


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system has no tzset")
@pytest.mark.parametrize("zone", ["Asia/Jakarta", "UTC", "America/New_York"])
def test_the_zone_of_the_machine_plays_no_part(zone, monkeypatch):
    wanted = parse_instants(pa.array(LAYOUTS), tz="America/New_York")
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        found = parse_instants(pa.array(LAYOUTS), tz="America/New_York")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found.values.equals(wanted.values)


def test_many_rows_cross_the_border_of_chunks():
    texts = ["2019-08-08T02:16:23Z", "Thu Aug 08 02:16:23 +0000 2019", "soon"] * 30_000
    parsed = parse_instants(pa.array(texts))
    assert parsed.values.value_counts().to_pylist()[0]["counts"] == 60_000
    assert parsed.faults["bad_date"].sum() == 30_000
