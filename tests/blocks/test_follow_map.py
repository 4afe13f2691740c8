"""The follower map counts every account once, where it stands; no single odd date bends its axes."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts import AccountTable
from botscan.blocks import find_follow_blocks
from botscan.blocks.follow_map import HEIGHT, WIDTH, make_follow_map
from botscan.errors import SchemaError
from botscan.simulate import Purchase, make_follow_history

START = datetime(2020, 1, 1, tzinfo=UTC)


def grown(n=400, *, step=1.0, ranks=None, dates=None, **options):
    """Make a list in which every account was made the day it followed, one every so many days."""
    created = [START + timedelta(days=step * place) for place in range(n)] if dates is None else dates
    rows = [
        {"account_id": f"canary{place}", "follow_rank": place if ranks is None else ranks[place], "created_at": one}
        for place, one in enumerate(created)
    ]
    return AccountTable.from_frame(rows, platform="github", **options)


@pytest.fixture(scope="module")
def history():
    return make_follow_history(2_500, [Purchase(250, start_days_ago=600)], random_state=4)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 700), st.integers(0, 2**31))
def test_every_account_is_counted_once_and_columns_hold_equally_many(n, seed):
    random = np.random.default_rng(seed)
    ages = random.exponential(300, n)
    dates = [START + timedelta(days=place - age) for place, age in enumerate(ages)]
    found = make_follow_map(grown(dates=dates, n=n))
    if found is None:  # too much like a shuffled list
        return
    height, width = found.counts.shape
    assert 1 <= height <= HEIGHT
    assert 1 <= width <= min(WIDTH, n)
    assert found.counts.dtype == found.n_marked.dtype == np.uint32
    assert found.counts.sum() == found.n_accounts
    assert found.n_accounts + found.n_outside + found.n_undated == n
    if found.n_accounts == n:
        assert np.ptp(found.counts.sum(axis=0)) <= 1
    assert not found.n_marked.any()
    ranks = [one.rank for one in found.followed_after]
    assert ranks == sorted(set(ranks))
    assert len(ranks) == min(13, n)
    assert (ranks[0], ranks[-1]) == (found.first_rank, found.last_rank) == (0, n - 1)


def test_accounts_stand_where_their_rank_and_date_are():
    found = make_follow_map(grown())
    height, width = found.counts.shape
    rows, columns = np.nonzero(found.counts)
    # Made the day they followed: the cells go up from corner to corner.
    np.testing.assert_allclose((rows + 0.5) / height, (columns + 0.5) / width, atol=0.03)
    assert (found.first_created_at, found.last_created_at) == (START, START + timedelta(days=399))
    latest = (found.latest - np.datetime64("2020-01-01")) / np.timedelta64(1, "D")
    ends = np.append(found.column_ranks[1:], 400) - 1
    np.testing.assert_array_equal(latest, ends)
    for one in found.followed_after:
        assert one.followed_after == START + timedelta(days=one.rank)
        assert one.place == pytest.approx((one.rank + 0.5) / 400, abs=1e-6)
    steps = np.diff([one.rank for one in found.followed_after])
    assert np.ptp(steps) <= 1


def test_the_order_of_rows_plays_no_part(history):
    accounts = history.accounts
    shuffled = np.random.default_rng(0).permutation(len(accounts))
    table = accounts.table.take(shuffled)
    others = AccountTable.from_frame(table, platform="twitter", observed_at=accounts.observed_at)
    one, other = make_follow_map(accounts), make_follow_map(others)
    assert one.to_dict() == other.to_dict()
    np.testing.assert_array_equal(one.counts, other.counts)


@pytest.mark.parametrize("odd", [datetime(1971, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)])
@pytest.mark.parametrize("place", [0, 200, 399])
def test_a_single_odd_date_does_not_bend_the_axis(odd, place):
    dates = [START + timedelta(days=day) for day in range(400)]
    dates[place] = odd
    found = make_follow_map(grown(dates=dates))
    assert found.n_accounts == 399
    assert found.n_outside + found.n_undated == 1
    assert found.first_created_at in (START, START + timedelta(days=1))
    assert START + timedelta(days=398) <= found.last_created_at <= START + timedelta(days=400)


def test_dates_at_the_ends_that_are_not_odd_stay():
    found = make_follow_map(grown(3_000))
    assert (found.n_outside, found.n_undated) == (0, 0)
    assert found.n_accounts == 3_000


def test_gaps_between_ranks_take_no_room_and_ranks_find_their_columns():
    ranks = [*range(200), *range(10**9, 10**9 + 200)]
    found = make_follow_map(grown(ranks=ranks))
    width = len(found.column_ranks)
    assert found.columns_of(0, 199) == (0, pytest.approx(width / 2, abs=1))
    assert found.columns_of(10**9, 10**9 + 199) == (pytest.approx(width / 2, abs=1), width)
    assert found.columns_of(0, found.last_rank) == (0, width)
    assert found.columns_of(found.last_rank, found.last_rank) == (width - 1, width)
    for rank in ranks:
        start, stop = found.columns_of(rank, rank)
        assert stop == start + 1
        assert found.column_ranks[start] <= rank


def test_accounts_that_share_a_rank_lie_in_its_columns():
    found = make_follow_map(grown(ranks=[place // 100 for place in range(400)]))
    width = len(found.column_ranks)
    quarters = [found.columns_of(rank, rank) for rank in range(4)]
    assert quarters[0][0] == 0
    assert quarters[3][1] == width
    for place, (start, stop) in enumerate(quarters):
        assert start == pytest.approx(place * width / 4, abs=1)
        assert stop == pytest.approx((place + 1) * width / 4, abs=1)


def test_accounts_with_the_signs_of_a_block_are_counted_apart(history):
    blocks = find_follow_blocks(history.accounts)
    assert blocks.blocks
    found, plain = make_follow_map(history.accounts, blocks), make_follow_map(history.accounts)
    assert found.n_marked.sum() == np.count_nonzero(blocks.block_of >= 0)
    assert (found.n_marked <= found.counts).all()
    np.testing.assert_array_equal(found.counts, plain.counts)
    block = blocks.blocks[0]
    start, stop = found.columns_of(block.first_rank, block.last_rank)
    assert found.n_marked[:, start:stop].sum() == np.count_nonzero(blocks.block_of == 0)
    with pytest.raises(SchemaError):
        make_follow_map(grown(), blocks)


def nobody_dated(n):
    return [None] * n


@pytest.mark.parametrize(
    "accounts",
    [
        grown(dates=nobody_dated(50)),
        grown(ranks=[None] * 400),
        grown(n=0),
        AccountTable.from_frame([{"account_id": "a", "created_at": START}], platform="github"),
        AccountTable.from_frame([{"account_id": "a", "follow_rank": 0, "created_at": START}], platform="bluesky"),
        grown(ranks=list(range(400))[::-1]),
    ],
    ids=["no dates", "no ranks", "nobody", "no order", "dates of the client", "newest first"],
)
def test_no_map_without_an_order_or_a_date(accounts):
    assert make_follow_map(accounts) is None


@pytest.mark.parametrize("n", [1, 2, 5, 60])
def test_one_date_for_all_makes_a_map_of_a_day(n):
    found = make_follow_map(grown(dates=[START] * n))
    assert found.n_accounts == n
    assert found.last_created_at - found.first_created_at == timedelta(days=1)
    assert found.counts[0].sum() == n


def test_the_plain_data_hold_axes_and_sizes_and_nobody(history):
    found = make_follow_map(history.accounts)
    height, width = found.counts.shape
    told = found.to_dict()
    assert (told["width"], told["height"], told["n_accounts"]) == (width, height, 2_750)
    assert set(told) >= {"first_rank", "last_rank", "first_created_at", "last_created_at", "n_outside", "n_undated"}
    assert len(told["followed_after"]) == 13
    assert "counts" not in told
    surfaces = [found.to_json(), found.to_text("id"), found.to_markdown(), found._repr_html_(), repr(found)]
    ids = history.accounts.table["account_id"].to_pylist()
    assert not any(name in text for text in surfaces for name in ids[:200] if len(name) > 8)
    assert "2,750" in surfaces[4]
    assert "2.750" in surfaces[1]
