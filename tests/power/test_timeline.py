"""Moments along an order: exact at new accounts, even between them; a delivery lies within the list."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.follow_times import UNKNOWN_TIME
from botscan.power.timeline import ASSUMED_DAYS, Timeline

DAY = 86_400_000_000
bounds = st.lists(st.one_of(st.just(UNKNOWN_TIME), st.integers(0, 10**15)), min_size=1, max_size=30)


@given(bounds, st.integers(0, 30), st.one_of(st.just(UNKNOWN_TIME), st.integers(0, 2 * 10**15)))
def test_moments_never_fall_and_agree_with_every_date_that_is_later_than_all_before(after, first, end):
    after = np.array(after, dtype=np.int64)
    line = Timeline.of_bounds(after, first, end)
    assert len(line.moments) == len(after)
    assert (np.diff(line.moments) >= 0).all()
    assert 0 <= line.first < len(after)
    if line.is_dated:
        latest = np.maximum.accumulate(after)
        records = [
            place for place in range(len(after)) if latest[place] > (latest[place - 1] if place else UNKNOWN_TIME)
        ]
        assert line.moments[records].tolist() == latest[records].tolist()
        assert line.moments[-1] > line.moments[line.first]


def test_followers_between_two_dates_came_evenly_and_the_last_before_the_list_was_seen():
    line = Timeline.of_bounds(np.array([UNKNOWN_TIME, 10, 10, 30, 30]), first=0, end=40)
    assert line.moments.tolist() == [10, 10, 20, 30, 35]
    assert line.first == 1


@pytest.mark.parametrize("after", [[UNKNOWN_TIME] * 4, [7] * 4, [7]])
def test_without_two_moments_places_alone_are_counted(after):
    line = Timeline.of_bounds(np.array(after), first=0, end=UNKNOWN_TIME)
    assert not line.is_dated
    assert line.moments.tolist() == [ASSUMED_DAYS * DAY * place / len(after) for place in range(len(after))]


@given(st.floats(0, 1, exclude_max=True), st.floats(0.001, 500))
def test_a_delivery_begins_behind_the_warm_up_and_ends_within_the_list(draw, spread):
    line = Timeline(np.arange(100.0) ** 2, 20, True)
    begin, end = line.window(spread, draw)
    assert line.moments[20] <= begin <= end <= line.moments[-1]
    assert end - begin == pytest.approx(spread)
    assert begin in line.moments


def test_a_longer_delivery_is_cut_to_the_list():
    line = Timeline(np.arange(100.0), 20, True)
    assert line.window(1e9, 0.99) == (20.0, 99.0)


def test_all_places_are_equally_likely_to_be_the_begin():
    line = Timeline(np.arange(10.0) ** 3, 5, True)
    begins = {line.window(1.0, (step + 0.5) / 8)[0] for step in range(8)}
    assert begins == {125.0, 216.0, 343.0, 512.0}


def test_places_that_are_taken_are_no_begin_unless_there_is_no_other():
    line = Timeline(np.arange(10.0), 5, True)
    taken = np.arange(10) < 8
    assert {line.window(1.0, draw, taken)[0] for draw in (0.0, 0.5, 0.99)} == {8.0}
    assert {line.window(1.0, draw, taken | True)[0] for draw in (0.0, 0.99)} == {5.0, 8.0}
