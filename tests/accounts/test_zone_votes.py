"""Local times that pass for UTC, seen by the ids beside them."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts.zone_votes import ZoneVotes, count_differences, zone_votes

START = datetime(2019, 1, 1, tzinfo=UTC)
INSTANT = pa.timestamp("us", tz="UTC")


def snowflakes(instants):
    return [str((int(instant.timestamp() * 1000) - 1_288_834_974_657) << 22) for instant in instants]


def votes(offsets, **more):
    """Votes of accounts made three days apart whose stated dates are off by so many hours."""
    true = [START + timedelta(days=3 * row) for row in range(len(offsets))]
    stated = [f"{date + timedelta(hours=off):%Y-%m-%d %H:%M:%S}" for date, off in zip(true, offsets, strict=True)]
    return zone_votes(pa.array(snowflakes(true)), pa.array(stated), platform="twitter", **more)


@pytest.mark.parametrize("hours", [-11, -1, 1, 2, 7, 14])
def test_whole_hours_are_a_fault(hours):
    assert votes([hours] * 50).decision == hours
    assert votes([hours + 30 / 3600] * 60).decision == hours


@pytest.mark.parametrize(
    "offsets",
    [[7] * 49, [0] * 80, [5.5] * 80, [7.03] * 80, [15] * 80, [-400] * 80, [2] * 40 + [0.4, 3.3, 1.7, 2.6] * 11, []],
    ids=["too few", "utc", "half hours", "two minutes off", "no zone", "another date", "scattered", "nobody"],
)
def test_other_differences_are_none(offsets):
    assert votes(offsets).decision is None


def test_summer_time_is_a_fault_too():
    assert votes([2, 3] * 40).decision in (2, 3)
    assert votes([2] * 45 + [3] * 35).decision == 2
    assert votes([2] * 35 + [3] * 45).decision == 3
    assert votes([-5] * 45 + [-4] * 35).decision == -5
    assert votes([14] * 45 + [13] * 35).decision == 14
    assert votes([-14] * 45 + [-13] * 35).decision == -14


def test_some_other_gaps_do_not_hide_it():
    assert votes([7] * 60 + [-3_000, 900, 0.3, 5.1] * 5).decision == 7


def test_a_stated_zone_is_heeded():
    assert votes([7] * 60, tz="WIB").decision is None


def test_only_exact_ids_and_exact_dates_vote():
    days = zone_votes(pa.array(snowflakes([START] * 60)), pa.array(["2019-01-01"] * 60), platform="twitter")
    early = zone_votes(pa.array(["1000000"] * 60), pa.array(["2007-03-12 08:03:00"] * 60), platform="twitter")
    elsewhere = zone_votes(
        pa.array(snowflakes([START] * 60)), pa.array(["2019-01-01 07:00:00"] * 60), platform="instagram"
    )
    damaged = zone_votes(pa.array([None, "1.1E+18"] * 30), pa.array(["2019-01-01 07:00:00"] * 60), platform="twitter")
    assert days == early == elsewhere == damaged == ZoneVotes()
    unread = zone_votes(pa.array(snowflakes([START] * 60)), pa.array(["soon", None] * 30), platform="twitter")
    assert sum(unread.nearest) == 0


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(-(10**12), 10**12), max_size=80), st.integers(0, 80))
def test_parts_add_up(gaps, cut):
    stated = pa.array([gap * 60 + 10**15 for gap in gaps], pa.int64()).cast(INSTANT)
    exact = pa.array([10**15] * len(gaps), pa.int64()).cast(INSTANT)
    rows = np.ones(len(gaps), np.bool_)
    whole = count_differences(stated, exact, rows)
    parts = count_differences(stated[:cut], exact[:cut], rows[:cut]) + count_differences(
        stated[cut:], exact[cut:], rows[cut:]
    )
    assert whole == parts
    assert sum(whole.nearest) == len(gaps) >= sum(whole.close)
    assert whole.decision is None or -14 <= whole.decision <= 14
