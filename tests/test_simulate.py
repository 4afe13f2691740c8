"""Simulated audiences: known truth, reproducible, plausible, with nobody real in them."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import SchemaError
from botscan.schema import ACCOUNT_COLUMN, PLATFORMS
from botscan.simulate import MAX_ACCOUNTS, make_audience
from botscan.simulate.audience import PLATFORM_COLUMNS
from botscan.simulate.kinds import KINDS, QUANTILES

OBSERVED = datetime(2026, 6, 30, tzinfo=UTC)


@given(
    n=st.integers(1, 120),
    organic_share=st.floats(0, 1),
    platform=st.sampled_from(sorted(PLATFORMS)),
    random_state=st.integers(0, 2**32),
)
@settings(deadline=None, max_examples=60)
def test_truth_is_exact_and_nothing_is_lost_on_the_way_into_the_table(n, organic_share, platform, random_state):
    audience = make_audience(n, organic_share, platform, random_state)
    report = audience.accounts.report
    assert audience.accounts.n_accounts == n == len(audience.is_suspicious) == len(audience.kinds)
    assert (report.duplicates_merged, report.rows_rejected) == (0, 0)
    assert not [note.code for note in report.warnings]
    assert audience.is_suspicious.sum() == round((1 - organic_share) * n)
    assert audience.organic_share == 1 - audience.is_suspicious.mean()


def test_the_same_seed_gives_the_same_list_and_another_seed_another():
    one, again, other = (make_audience(500, random_state=seed) for seed in (7, 7, 8))
    assert one.accounts.table.equals(again.accounts.table)
    assert one.accounts.digest != other.accounts.digest


def test_truth_stands_in_the_order_of_the_accounts():
    audience = make_audience(3_000)
    followers = audience.accounts.table["followers_count"].to_numpy()
    assert followers[audience.kinds == "celebrity"].min() >= 10_000
    assert followers[audience.kinds == "empty_batch"].max() <= 40
    suspicious = {kind.name for kind in KINDS if kind.is_suspicious}
    assert (np.isin(audience.kinds, list(suspicious)) == audience.is_suspicious).all()


def test_newest_follower_comes_first_and_ranks_run_from_the_oldest():
    ranks = make_audience(300).accounts.table["follow_rank"].to_pylist()
    assert ranks == list(range(299, -1, -1))


def test_nobody_follows_before_being_made_nor_is_older_than_the_platform():
    table = make_audience(3_000, platform="tiktok").accounts.table
    first_day = PLATFORMS["tiktok"].first_day
    assert pc.min(table["created_at"]).as_py() >= first_day
    assert pc.max(table["created_at"]).as_py() <= OBSERVED
    instagram = make_audience(2_000, platform="instagram").accounts.table
    assert pc.max(instagram["followed_at"]).as_py() <= OBSERVED
    posts = make_audience(2_000).accounts.table
    late = pc.less(posts["last_post_at"], posts["created_at"])
    assert not pc.any(late).as_py()
    silent = pc.equal(posts["posts_count"], 0)
    assert pc.all(pc.is_null(posts["last_post_at"].filter(silent))).as_py()


def test_everybody_was_made_before_following(monkeypatch):
    monkeypatch.setitem(PLATFORM_COLUMNS, "instagram", ("created_at", "followed_at"))
    table = make_audience(3_000, 0.5, platform="instagram").accounts.table
    assert not pc.any(pc.less(table["followed_at"], table["created_at"])).as_py()


def test_bought_batches_stand_in_narrow_creation_bands_and_people_do_not():
    audience = make_audience(4_000, random_state=3)
    created = audience.accounts.table["created_at"].to_numpy()
    for kind, widest in (("empty_batch", 4 * 4), ("ordinary", None)):
        days = np.unique(created[audience.kinds == kind].astype("datetime64[D]"))
        assert (len(days) <= widest) if widest else (len(days) > 1_000)


def test_a_burst_stands_together_in_the_follow_order():
    audience = make_audience(4_000, random_state=3)
    rows = np.flatnonzero(audience.kinds == "empty_batch")
    crowd = audience.kinds[rows.min() : rows.max() + 1]
    assert (crowd == "empty_batch").mean() > 0.8


def test_ids_of_twitter_and_tiktok_hold_the_creation_time():
    twitter = make_audience(500).accounts.table
    ids = twitter["account_id"].to_numpy(zero_copy_only=False).astype(np.int64)
    made = [datetime.fromtimestamp(((one >> 22) + 1_288_834_974_657) / 1000, UTC) for one in ids]
    for found, told in zip(made, twitter["created_at"].to_pylist(), strict=True):
        assert abs(found - told) < timedelta(seconds=1)
    tiktok = make_audience(500, platform="tiktok").accounts.table
    ids = tiktok["account_id"].to_numpy(zero_copy_only=False).astype(np.int64)
    seconds = np.array([int(one.timestamp()) for one in tiktok["created_at"].to_pylist()])
    assert (np.abs((ids >> 32) - seconds) <= 1).all()


def test_names_and_handles_look_like_a_crowd():
    table = make_audience(4_000, 1.0).accounts.table
    handles = table["handle"].to_pylist()
    assert len({handle.lower() for handle in handles}) == 4_000
    assert max(map(len, handles)) <= 15
    assert all("-" in handle for handle in handles)  # which no handle of these platforms may hold
    assert 0.1 < np.mean([handle[-4:].isdigit() and 1960 <= int(handle[-4:]) <= 2007 for handle in handles]) < 0.3
    names = table["display_name"].to_pylist()
    assert 0.02 < np.mean([not name.isascii() and name[0].isalpha() and ord(name[0]) > 300 for name in names]) < 0.15
    assert any("\U0001f1ee\U0001f1e9" in name for name in names)
    bios = table["bio"].to_pylist()
    assert len({bio for bio in bios if bio}) > 500
    private = pc.mean(table["is_private"].cast("int8")).as_py()
    assert 0.05 < private < 0.3


def test_columns_are_those_of_the_platforms_export_and_can_be_dropped():
    assert "created_at" not in make_audience(5, platform="instagram").accounts.table.column_names
    assert "has_geo" not in make_audience(5, platform="mastodon").accounts.table.column_names
    bare = make_audience(50, columns=("account_id",)).accounts
    known = {name for name, share in bare.coverage().items() if share > 0}
    assert known <= {
        "account_id",
        "platform",
        "observed_at",
        "created_at",
        "created_at_precision",
    }  # dates are in the ids
    assert bare.evidence_level == 0


def test_every_spread_rises_and_every_chance_is_one():
    for kind in KINDS:
        for name in ("age_days", "followers", "following", "posts", "listed", "likes_given", "days_since_post"):
            spread = getattr(kind, name)
            assert len(spread) == len(QUANTILES)
            assert list(spread) == sorted(spread)
            assert spread[0] >= 0
        assert kind.chances.keys() == KINDS[0].chances.keys()
        assert all(0 <= chance <= 1 for chance in kind.chances.values())
    for side in (True, False):
        assert sum(kind.weight for kind in KINDS if kind.is_suspicious is side) == pytest.approx(1)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"n": 0}, "n is 0"),
        ({"n": MAX_ACCOUNTS + 1}, "2,000,000"),
        ({"organic_share": 1.2}, "share from 0 to 1"),
        ({"organic_share": float("nan")}, "share from 0 to 1"),
        ({"platform": "myspace"}, "twitter, instagram"),
        ({"observed_at": datetime(2026, 6, 30)}, "time zone"),  # noqa: DTZ001
        ({"observed_at": datetime(2001, 1, 1, tzinfo=UTC)}, "first day"),
        ({"columns": ("followers",)}, "followers"),
        ({"platform": "instagram", "columns": ("created_at",)}, "created_at"),
    ],
)
def test_arguments_out_of_range_are_refused_with_what_was_wanted(arguments, word):
    with pytest.raises(SchemaError, match=word):
        make_audience(**{"n": 10, **arguments})


def test_columns_of_the_list_are_canonical():
    for platform in PLATFORMS:
        assert set(make_audience(3, platform=platform).accounts.table.column_names) <= set(ACCOUNT_COLUMN)
