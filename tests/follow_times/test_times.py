"""Follow times of lists: which dates are used, ranks that are shared or missing, and lists that cannot be bounded."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from botscan.accounts import AccountTable
from botscan.cells.dates import MICROSECONDS_PER_DAY as DAY
from botscan.follow_times import UNKNOWN_TIME, infer_follow_times
from botscan.wording import LANGUAGES, say_note

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def at(time):
    return None if time == UNKNOWN_TIME else EPOCH + timedelta(microseconds=int(time))


def table(created, *, ranks=None, followed=None, observed=None, platform="github", precision=None, ids=None):
    n = len(created)
    columns = {
        "account_id": pa.array(ids or [str(row + 1) for row in range(n)], pa.large_string()),
        "created_at": pa.array([at(time) for time in created], pa.timestamp("us", tz="UTC")),
    }
    if ranks is not False:
        columns["follow_rank"] = pa.array(range(n) if ranks is None else ranks, pa.int64())
    if followed is not None:
        columns["followed_at"] = pa.array([at(time) for time in followed], pa.timestamp("us", tz="UTC"))
    if precision is not None:
        columns["created_at_precision"] = pa.array(precision)
    seen = None if observed is None else at(observed)
    return AccountTable.from_frame(pa.table(columns), platform=platform, observed_at=seen)


def codes(times):
    return [note.code for note in times.notes]


def test_rows_may_stand_in_any_order(history):
    created, followed = history(11, n=500)
    shuffle = np.random.default_rng(5).permutation(500)
    ids = [str(row + 1) for row in range(500)]
    straight = infer_follow_times(table(created, observed=followed[-1])).to_frame()
    mixed = infer_follow_times(
        table(created[shuffle], ranks=shuffle, ids=[ids[row] for row in shuffle], observed=followed[-1])
    ).to_frame()
    assert mixed.sort_values("follow_rank").reset_index(drop=True).equals(straight)
    assert straight["account_id"].tolist() == ids
    assert (straight["followed_after"].astype("int64") <= followed).all()


def test_a_list_of_bare_ids_is_enough():
    first, step = 1_000_000_000_000_000_000, 4_194_304 * 86_400_000  # snowflakes a day apart
    ids = [str(first + step * row) for row in range(200)]
    frame = [{"account_id": name, "follow_rank": rank} for rank, name in enumerate(ids)]
    accounts = AccountTable.from_frame(frame, platform="twitter", observed_at=datetime(2019, 6, 1, tzinfo=UTC))
    times = infer_follow_times(accounts)
    assert times.n_dated == times.n_bounded == 200
    assert times.to_frame()["followed_after"].dt.date.astype(str).tolist()[:2] == ["2018-05-25", "2018-05-26"]
    assert codes(times) == []


def test_dates_of_old_twitter_ids_are_taken_forty_days_earlier():
    frame = [{"account_id": str(400_000_000 + 2_000_000 * rank), "follow_rank": rank} for rank in range(100)]
    accounts = AccountTable.from_frame(frame, platform="twitter", observed_at=datetime(2019, 6, 1, tzinfo=UTC))
    found = infer_follow_times(accounts)
    stated = accounts.to_frame()["created_at"]
    times = found.to_frame()
    assert ((stated - times["followed_after"]).dt.days == 40).all()
    assert (times["slack_days"] >= 40).all()
    assert codes(found) == ["follow_dates_from_ids"]


def test_tiktok_ids_are_taken_as_they_are():
    ids = [str((1_600_000_000 + 86_400 * row) << 32) for row in range(100)]
    frame = [{"account_id": name, "follow_rank": rank} for rank, name in enumerate(ids)]
    accounts = AccountTable.from_frame(frame, platform="tiktok", observed_at=datetime(2022, 6, 1, tzinfo=UTC))
    times = infer_follow_times(accounts)
    assert (times.to_frame()["followed_after"] == accounts.to_frame()["created_at"]).all()
    assert codes(times) == []


def test_dates_of_unknown_making_bound_nothing(day, days, in_days):
    times = infer_follow_times(table(days(1, 2, 3), precision=["unknown", "second", None], observed=day(9)))
    assert in_days(times.table["followed_after"].cast(pa.int64()).fill_null(UNKNOWN_TIME).to_numpy()) == [None, 2, 3]
    assert "follow_dates_vague" in codes(times)
    stated = infer_follow_times(table(days(1, 2), platform="twitter", precision=["unknown", "unknown"]))
    assert stated.n_bounded == 0


def test_dates_that_the_client_sets_are_never_used(days):
    ids = [f"did:plc:{row:024d}" for row in range(60)]
    times = infer_follow_times(table(days(*range(5_000, 5_060)), platform="bluesky", ids=ids))
    assert times.n_bounded == times.n_dated == 0
    assert codes(times) == ["follow_dates_client_set", "follow_dates_missing"]


def test_a_day_bounds_from_its_start(day, days, in_days):
    times = infer_follow_times(table(days(1.5, 2.25), precision=["day", "second"], observed=day(9.5)))
    assert in_days(times.table["followed_after"].cast(pa.int64()).to_numpy()) == [1, 2.25]


def test_midnight_of_the_list_stands_for_its_day(day, days):
    upper = [
        infer_follow_times(table(days(1, 2), observed=day(seen))).table["followed_before"][0].as_py()
        for seen in (9, 9.5)
    ]
    assert (upper[0] + timedelta(microseconds=1), upper[1]) == (at(day(10)), at(day(9.5)))


def test_accounts_that_share_a_place_say_nothing_of_each_other(days, in_days):
    created, ranks = days(0, 30, 10, 20, 5), [0, 1, 1, 2, 2]
    times = infer_follow_times(table(created, ranks=ranks, followed=days(None, None, None, 50, None)))
    frame = times.table
    assert in_days(frame["followed_after"].cast(pa.int64()).to_numpy()) == [0, 30, 10, 50, 30]
    assert in_days(frame["followed_before"].cast(pa.int64()).fill_null(UNKNOWN_TIME).to_numpy())[3:] == [50, None]
    assert [note.count for note in times.notes if note.code == "follow_ranks_shared"] == [4]


@pytest.mark.parametrize("seed", range(5))
def test_bounds_of_shared_places_are_looser_and_true(day, history, seed):
    created, followed = history(seed, n=1_000)
    created = np.maximum(created, day(-1_000))
    shared = infer_follow_times(table(created, ranks=np.arange(1_000) // 7, observed=followed[-1])).to_frame()
    alone = infer_follow_times(table(created, observed=followed[-1])).to_frame()
    lower, upper = shared["followed_after"], alone["followed_after"]
    assert (lower <= upper).all()
    assert (lower < upper).any()
    ends = upper.to_numpy()[6:993:7]  # of each place, the bound of its last account; the next place starts there
    assert (lower.to_numpy()[7:994].reshape(-1, 7) >= ends[:, None]).all()
    assert (shared["slack_days"] >= 0).all()


def test_without_an_order_only_known_follow_times_stand(history):
    created, followed = history(12, n=400)
    known = followed.copy()
    known[20:] = UNKNOWN_TIME
    times = infer_follow_times(table(created, ranks=False, followed=known, observed=followed[-1]))
    assert (times.n_ranked, times.n_bounded) == (0, 20)
    assert codes(times) == ["follow_order_missing"]


def test_ranks_may_be_missing(day, days):
    times = infer_follow_times(table(days(5, 1, 9), ranks=[0, 1, None], observed=day(20)))
    assert times.table["followed_after"].is_null().to_pylist() == [False, False, True]
    assert times.table["followed_before"].is_null().to_pylist() == [False, False, True]
    assert "follow_ranks_missing" in codes(times)


def test_newest_first_gets_advice_and_no_bounds(history):
    created, followed = history(13, n=800)
    times = infer_follow_times(table(created[::-1], observed=followed[-1]))
    assert times.n_bounded == 0
    assert times.warm_up_rank is None
    assert codes(times) == ["order_seems_reversed"]
    assert "--map follow_rank=HEADER" in say_note(times.notes[0])


def test_a_shuffled_list_gets_no_bounds(history):
    created, followed = history(14, n=800)
    times = infer_follow_times(table(np.random.default_rng(4).permutation(created), observed=followed[-1]))
    assert times.n_bounded == 0
    assert codes(times) == ["order_not_by_time"]


def test_a_future_date_in_the_middle_is_told(history):
    created, followed = history(15)
    created[1_500] = followed[1_500] + 300 * DAY
    times = infer_follow_times(table(created, observed=followed[-1] + 400 * DAY))
    assert times.n_impossible == 1
    assert "follow_dates_impossible" in codes(times)


@pytest.mark.parametrize(
    ("dates", "ranks", "seen", "expected"),
    [
        ((), None, None, ["no_accounts"]),
        ((1,), None, None, ["follow_order_unchecked", "follow_bound_lags", "follow_end_unknown"]),
        ([1] * 99, None, None, ["follow_dates_same", "follow_bound_lags", "follow_end_unknown"]),
        ([None] * 3, None, None, ["follow_dates_missing"]),
        ((1, 2), False, None, ["follow_order_missing"]),
        (range(9), None, 9, ["follow_order_unchecked"]),
    ],
    ids=["empty", "one", "same date", "no dates", "no order", "few"],
)
def test_poor_lists_get_a_clear_result(day, days, *, dates, ranks, seen, expected):
    accounts = table(days(*dates), ranks=ranks, observed=None if seen is None else day(seen))
    times = infer_follow_times(accounts)
    assert codes(times) == expected
    assert len(times.to_frame()) == len(accounts)
    for language in LANGUAGES:
        assert times.to_text(language)


def test_a_follower_alone_is_bounded_by_its_making(day, days):
    frame = infer_follow_times(table(days(3), observed=day(9) + 1)).to_frame()
    assert frame["followed_after"][0] == at(day(3))
    assert frame["slack_days"][0] == pytest.approx(6)


def test_plain_data_holds_no_account(day, days):
    times = infer_follow_times(table(days(*range(60)), observed=day(70)))
    assert list(times.to_dict()) == [
        "n_accounts", "n_ranked", "n_dated", "n_bounded", "n_impossible", "warm_up_rank", "notes",
    ]  # fmt: skip
    assert times.warm_up_rank == 0
    assert list(times.to_frame().columns) == [
        "account_id", "follow_rank", "followed_after", "followed_before", "slack_days",
    ]  # fmt: skip
