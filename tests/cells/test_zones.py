"""Zones: offsets, names in dates, names that people type."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from botscan.cells.zones import fixed_minutes, read_offset, zone_named
from botscan.errors import SchemaError


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Z", 0), ("z", 0), ("UTC", 0), ("gmt", 0), ("WIB", 420), ("wita", 480), ("WIT", 540), ("+07:00", 420),
        ("+0700", 420), ("-03:30", -210), ("+14:00", 840), ("-14:00", -840), ("+00:00", 0), ("-00:00", 0), ("+07", 420),
        ("UTC+7", 420), ("gmt -5", -300),
    ],
)  # fmt: skip
def test_offsets(text, minutes):
    assert read_offset(text) == minutes


@pytest.mark.parametrize(
    "text", ["+14:01", "+15:00", "-99:00", "+07:60", "EST", "WIBX", "", "07:00", "+", "+7:0", "++07:00"]
)
def test_no_offsets(text):
    assert read_offset(text) is None


def test_typed_names():
    assert zone_named("UTC") is UTC
    assert zone_named(" WIB ").utcoffset(None) == timedelta(hours=7)
    assert zone_named("Asia/Jakarta") == ZoneInfo("Asia/Jakarta")
    assert fixed_minutes(zone_named("-03:30")) == -210
    assert fixed_minutes(ZoneInfo("Asia/Jakarta")) is None
    assert datetime(2020, 1, 1, tzinfo=zone_named("WITA")).utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Asia", "+25:00", "a\x00b"])
def test_unknown_names_are_refused(name):
    with pytest.raises(SchemaError, match="Asia/Jakarta"):
        zone_named(name)
