"""Made-up follow histories: whole lists whose purchases, viral bursts and follow times are known."""

from datetime import UTC, datetime

import numpy as np
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import SchemaError
from botscan.schema import PLATFORMS
from botscan.simulate import MAX_ACCOUNTS, Purchase, ViralBurst, make_follow_history
from botscan.simulate.audience import PLATFORM_COLUMNS

DAY = np.timedelta64(1, "D")
OBSERVED = np.datetime64("2026-06-30", "us")


@given(
    n=st.integers(1, 120),
    bought=st.lists(st.integers(1, 40), max_size=3),
    viral=st.lists(st.integers(1, 40), max_size=2),
    kind=st.sampled_from(["batch", "fresh", "aged"]),
    setting=st.tuples(st.sampled_from(sorted(PLATFORMS)), st.integers(0, 2**32)),
)
@settings(deadline=None, max_examples=40)
def test_truth_is_exact_and_nothing_is_lost_on_the_way_into_the_table(n, bought, viral, kind, setting):
    history = make_follow_history(
        n,
        [Purchase(size, 100, kind=kind) for size in bought],
        [ViralBurst(size, 200) for size in viral],
        *setting,
    )
    accounts = history.accounts
    assert accounts.n_accounts == n + sum(bought) + sum(viral) == len(history.followed_at)
    assert (accounts.report.duplicates_merged, accounts.report.rows_rejected) == (0, 0)
    assert not [note.code for note in accounts.report.warnings]
    assert accounts.platform == setting[0]
    assert np.bincount(history.purchase + 1, minlength=len(bought) + 1)[1:].tolist() == bought
    assert np.bincount(history.viral + 1, minlength=len(viral) + 1)[1:].tolist() == viral
    assert ((history.purchase >= 0) == history.is_bought).all()


def test_the_same_seed_gives_the_same_list_and_another_seed_another():
    bought = [Purchase(50, 300)]
    one, again, other = (make_follow_history(400, bought, random_state=seed) for seed in (7, 7, 8))
    assert one.accounts.table.equals(again.accounts.table)
    assert (one.followed_at == again.followed_at).all()
    assert one.accounts.digest != other.accounts.digest


def test_truth_stands_in_the_order_of_the_accounts_newest_first():
    history = make_follow_history(3_000, [Purchase(200, 300, 2), Purchase(150, 700, 30, kind="aged")])
    table = history.accounts.table
    assert table["follow_rank"].to_pylist() == list(range(3_349, -1, -1))
    assert (np.diff(history.followed_at) <= np.timedelta64(0)).all()
    assert (np.diff(history.followed_at) < np.timedelta64(0)).any()
    batch = history.purchase == 0
    created = table["created_at"].to_numpy()[batch]
    assert 15 * DAY < np.ptp(created) <= 20 * DAY
    assert table["posts_count"].to_numpy()[batch].max() <= 15
    assert history.followed_at[batch].min() >= OBSERVED - 300 * DAY
    assert history.followed_at[batch].max() <= OBSERVED - 298 * DAY
    aged = table["created_at"].to_numpy()[history.purchase == 1]
    assert np.ptp(aged) > 1_000 * DAY
    assert table["posts_count"].to_numpy()[history.purchase == 1].max() > 30


def test_batches_carry_handles_of_a_name_and_digits_and_people_rarely_do():
    history = make_follow_history(3_000, [Purchase(300, 300)])
    digits = pc.match_substring_regex(history.accounts.table["handle"], r"-\d{4,7}$").to_numpy()
    assert digits[history.is_bought].all()
    assert digits[~history.is_bought].mean() < 0.05


def test_follow_times_are_columns_only_where_the_export_carries_them():
    bought = [Purchase(40, 100)]
    instagram = make_follow_history(500, bought, platform="instagram")
    assert (instagram.accounts.table["followed_at"].to_numpy() == instagram.followed_at).all()
    assert "created_at" not in instagram.accounts.table.column_names
    for platform in ("twitter", "tiktok", "mastodon"):
        assert "followed_at" not in make_follow_history(50, bought, platform=platform).accounts.table.column_names


@pytest.mark.parametrize("kind", ["batch", "fresh", "aged"])
def test_everybody_was_made_before_following_and_after_the_platform(monkeypatch, kind):
    monkeypatch.setitem(PLATFORM_COLUMNS, "instagram", ("created_at", "followed_at"))
    bought, viral = [Purchase(500, 400, 90, kind=kind)], [ViralBurst(300, 200, young_share=0.8)]
    table = make_follow_history(3_000, bought, viral, "instagram").accounts.table
    assert not pc.any(pc.less(table["followed_at"], table["created_at"])).as_py()
    assert pc.min(table["created_at"]).as_py() >= PLATFORMS["instagram"].first_day


def test_an_audience_is_no_older_than_its_platform():
    platform = max(PLATFORMS.values(), key=lambda one: one.first_day)
    name = next(key for key, one in PLATFORMS.items() if one is platform)
    history = make_follow_history(500, platform=name, observed_at=datetime(2024, 6, 30, tzinfo=UTC))
    assert history.followed_at.min() >= np.datetime64(platform.first_day.replace(tzinfo=None))


def test_newcomers_have_not_written_the_posts_of_years():
    table = make_follow_history(20_000, random_state=2).accounts.table
    days = (OBSERVED - table["created_at"].to_numpy()) / DAY
    posts = table["posts_count"].to_numpy()
    young = days < 30
    assert young.sum() > 30
    assert np.median(posts[young]) < 0.1 * np.median(posts[days > 400])


def test_columns_can_be_dropped_and_nobody_need_be_organic():
    bare = make_follow_history(0, [Purchase(30, 10)], columns=("account_id", "follow_rank"))
    known = {name for name, share in bare.accounts.coverage().items() if share > 0}
    assert known <= {"account_id", "platform", "observed_at", "follow_rank", "created_at", "created_at_precision"}
    assert bare.is_bought.all()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"n": 0}, "n is 0"),
        ({"n": -5, "purchases": [Purchase(10, 5)]}, "n is -5"),
        ({"n": MAX_ACCOUNTS, "purchases": [Purchase(1, 5)]}, "2000001 accounts"),
        ({"purchases": [Purchase(1, 1_501)]}, "older audience"),
        ({"platform": "myspace"}, "twitter, instagram"),
        ({"observed_at": datetime(2026, 6, 30)}, "time zone"),  # noqa: DTZ001
        ({"columns": ("followers",)}, "followers"),
    ],
)
def test_arguments_out_of_range_are_refused_with_what_was_wanted(arguments, word):
    with pytest.raises(SchemaError, match=word) as caught:
        make_follow_history(**{"n": 10, **arguments})
    assert caught.value.source != "make_audience"
