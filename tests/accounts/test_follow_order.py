"""Ranks from follow times and from places in the list."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.accounts.follow_order import add_ranks, rank_by_followed_at, rank_from_position

START = datetime(2024, 1, 1, tzinfo=UTC)
INSTANT = pa.timestamp("us", tz="UTC")


def times(*days):
    return pa.array([None if day is None else START + timedelta(days=day) for day in days], INSTANT)


@pytest.mark.parametrize(
    ("days", "ranks"),
    [
        ((3, 2, 1, 0), [3, 2, 1, 0]),
        ((0, 1, 2, 3), [0, 1, 2, 3]),
        ((2, 2, 1, 1), [3, 2, 1, 0]),
        ((1, 1, 2, 2), [0, 1, 2, 3]),
        ((5, 5, 5), [2, 1, 0]),
        ((9, 1, 8, 1, 7), [4, 1, 3, 0, 2]),
        ((None, 3, None, 1, 2), [None, 2, None, 0, 1]),
        ((None, None), [None, None]),
        ((4,), [0]),
        ((), []),
    ],
)
def test_ranks(days, ranks):
    found = rank_by_followed_at(times(*days))
    assert found.to_pylist() == ranks
    assert found.type == pa.int64()


@given(st.lists(st.one_of(st.none(), st.integers(0, 6)), max_size=30))
def test_ranks_are_places_in_time(days):
    ranks = rank_by_followed_at(times(*days)).to_pylist()
    known = sorted((rank, day) for rank, day in zip(ranks, days, strict=True) if day is not None)
    assert [rank for rank, _ in known] == list(range(len(known)))
    assert [day for _, day in known] == sorted(day for _, day in known)
    assert [rank is None for rank in ranks] == [day is None for day in days]


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=30, unique=True), st.randoms())
def test_without_ties_the_order_of_the_file_means_nothing(days, random):
    ranks = dict(zip(days, rank_by_followed_at(times(*days)).to_pylist(), strict=True))
    random.shuffle(days)
    assert dict(zip(days, rank_by_followed_at(times(*days)).to_pylist(), strict=True)) == ranks


@given(st.lists(st.integers(0, 4), min_size=2, max_size=30).filter(lambda days: len(set(days)) > 1))
def test_a_sorted_list_read_backwards_has_the_same_ranks_backwards(days):
    rising = rank_by_followed_at(times(*sorted(days))).to_pylist()
    falling = rank_by_followed_at(times(*sorted(days, reverse=True))).to_pylist()
    assert rising == list(range(len(days))) == falling[::-1]


def test_ranks_from_places():
    rows = np.array([1, 2, 5])
    assert rank_from_position(5, rows, "newest_first").tolist() == [4, 3, 0]
    assert rank_from_position(5, rows, "oldest_first").tolist() == [0, 1, 4]
    assert rank_from_position(5, rows, "unknown") is None
    assert rank_from_position(0, np.array([], np.int64), "newest_first").tolist() == []


def accounts(followed_at, **more):
    ids = pa.array([str(row) for row in range(len(followed_at))], pa.large_string())
    return pa.table({"account_id": ids, "followed_at": followed_at, **more})


def test_a_list_gets_ranks_in_their_place():
    table = add_ranks(accounts(times(2, 1), followers_count=pa.array([0, 0])))
    assert table.column_names == ["account_id", "followed_at", "follow_rank", "followers_count"]
    assert table["follow_rank"].to_pylist() == [1, 0]
    empty = pa.nulls(2, pa.int64())
    assert add_ranks(accounts(times(2, 1), follow_rank=empty))["follow_rank"].to_pylist() == [1, 0]


def test_ranks_that_are_known_stay_and_few_times_give_none():
    assert add_ranks(accounts(times(2, 1), follow_rank=pa.array([None, 7]))) is None
    assert add_ranks(accounts(times(2, None, None))) is None
    assert add_ranks(accounts(times(2, None)))["follow_rank"].to_pylist() == [0, None]
    assert add_ranks(accounts(times())) is None
    assert add_ranks(pa.table({"account_id": ["1"]})) is None
