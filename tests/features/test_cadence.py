"""Cadence against a slow, obvious reference in plain Python: the posts of one account as dicts in, one number out."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts.posts import PostTable
from botscan.accounts.table import AccountTable
from botscan.errors import SchemaError
from botscan.features.cadence import POST_FEATURES, cadence_matrix, extract_cadence, join_posts, top_source_apps
from botscan.features.grouped_posts import knows_time_of_day
from botscan.features.post_contents import SCHEDULERS
from botscan.features.registry import FEATURE
from botscan.schema import POST_COLUMNS

NAMES = [feature.name for feature in POST_FEATURES]
START = datetime(2026, 3, 2, 7, 30, 15, tzinfo=UTC)

each_feature = pytest.mark.parametrize("feature", POST_FEATURES, ids=NAMES)


# --- The reference. It shares no code and no table with the package. -------------------------------------------------


def known(posts, column):
    return [post[column] for post in posts if post.get(column) is not None]


def gaps(posts):
    instants = sorted(known(posts, "posted_at"))
    if len(instants) < 10:
        return []
    return [(later - earlier).total_seconds() for earlier, later in pairwise(instants)]


def per_active_day(posts):
    instants = known(posts, "posted_at")
    return len(instants) / len({instant.date() for instant in instants}) if instants else math.nan


def median_gap_hours(posts):
    return median(gaps(posts)) / 3600 if gaps(posts) else math.nan


def burst_gap_share(posts):
    lengths = gaps(posts)
    return sum(length < 60 for length in lengths) / len(lengths) if lengths else math.nan


def burstiness(posts):
    lengths = gaps(posts)
    if not any(lengths):
        return math.nan
    mean = sum(lengths) / len(lengths)
    spread = math.sqrt(sum((length - mean) ** 2 for length in lengths) / len(lengths))
    return (spread - mean) / (spread + mean)


def entropy(values, least):
    if len(values) < least:
        return math.nan
    shares = [count / len(values) for count in Counter(values).values()]
    return -sum(share * math.log2(share) for share in shares)


def app_count(posts):
    return len(set(known(posts, "source_app"))) or math.nan


def top_app_share(posts):
    apps = known(posts, "source_app")
    return max(Counter(apps).values()) / len(apps) if len(apps) >= 10 else math.nan


def tool_share(posts):
    apps = known(posts, "source_app")
    tools = ("ifttt", "dlvr.it")
    return sum(app.strip().lower() in tools for app in apps) / len(apps) if len(apps) >= 10 else math.nan


def flag_share(column):
    def share(posts):
        flags = known(posts, column)
        return sum(flags) / len(flags) if len(flags) >= 10 else math.nan

    return share


def repeated_text_share(posts):
    texts = [" ".join(re.sub(r"https?://\S+", "", text.lower()).split()) for text in known(posts, "text")]
    texts = [text for text in texts if text]
    if len(texts) < 10:
        return math.nan
    seen, repeated = set(), 0
    for text in texts:
        repeated += text in seen
        seen.add(text)
    return repeated / len(texts)


REFERENCE = {
    "n_posts_seen": len,
    "posts_per_active_day": per_active_day,
    "median_gap_hours": median_gap_hours,
    "burst_gap_share": burst_gap_share,
    "burstiness": burstiness,
    "hour_entropy": lambda posts: entropy([instant.hour for instant in known(posts, "posted_at")], 48),
    "weekday_entropy": lambda posts: entropy([instant.weekday() for instant in known(posts, "posted_at")], 14),
    "source_app_count": app_count,
    "top_source_app_share": top_app_share,
    "scheduler_share": tool_share,
    "repost_share": flag_share("is_repost"),
    "reply_share": flag_share("is_reply"),
    "repeated_text_share": repeated_text_share,
}


# --- Made-up posts ---------------------------------------------------------------------------------------------------

TEXTS = [
    "Halo",
    "halo ",
    "Selamat  pagi",
    "selamat\tpagi",
    "pagi https://a.id/1",
    "Pagi HTTPS://a.id/2",
    "",
    " ",
    "é",
    "É",
]
APPS = ["Web", "IFTTT", "ifttt ", "dlvr.it", "web"]


def make_posts(seed):
    """Posts of up to four accounts and of nobody, with gaps of all sizes, equal times and unknown cells."""
    dice = random.Random(seed)
    posts = []
    for account in ["a", "b", "c", None][: dice.randint(1, 4)]:
        at = START + timedelta(days=dice.randint(-400, 400))
        step = dice.choice([1, 59, 61, 3_600, 90_000])
        unknown = dice.choice([0, 0.1, 0.7])
        for number in range(dice.choice([0, 1, 2, 9, 10, 11, 14, 47, 48, 70])):
            at += timedelta(seconds=dice.choice([0, 1, step, step, dice.randint(0, 200_000)]))
            cells = {
                "posted_at": at,
                "text": dice.choice(TEXTS),
                "source_app": dice.choice(APPS),
                "is_repost": dice.random() < 0.3,
                "is_reply": dice.random() < 0.6,
            }
            gone = {name for name in cells if dice.random() < unknown}
            posts.append(
                {"account_id": account, "post_id": f"{account}-{number}"}
                | {name: None if name in gone else cell for name, cell in cells.items()}
            )
    dice.shuffle(posts)
    return posts


def table_of(posts):
    columns = ("account_id", "post_id", "posted_at", "text", "source_app", "is_repost", "is_reply")
    return PostTable.from_frame([{name: post.get(name) for name in columns} for post in posts], platform="bluesky")


def every(n, **columns):
    """``n`` posts of one account; a column is a function of the number of the post."""
    return [{"account_id": "a", "post_id": str(n)} | {name: of(n) for name, of in columns.items()} for n in range(n)]


def value(name, posts, account="a"):
    return float(cadence_matrix(table_of(posts), [account])[0, NAMES.index(name)])


seeds = st.integers(0, 10**9)


# --- Tests -----------------------------------------------------------------------------------------------------------


def test_the_reference_covers_every_feature():
    assert sorted(REFERENCE) == sorted(NAMES)


@settings(deadline=None, max_examples=60)
@given(seeds)
def test_every_feature_equals_the_reference(seed):
    posts = make_posts(seed)
    asked = ["c", "nobody", "a", "b"]
    found = cadence_matrix(table_of(posts), asked)
    assert found.dtype == np.float32
    wanted = [
        [REFERENCE[name]([post for post in posts if post["account_id"] == account]) for name in NAMES]
        for account in asked
    ]
    np.testing.assert_allclose(found, np.array(wanted, dtype=np.float32), rtol=2e-6, atol=2e-7)


@settings(deadline=None, max_examples=30)
@given(seeds, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_accounts_never_matters(seed, dice):
    posts = make_posts(seed)
    wanted = cadence_matrix(table_of(posts), ["a", "b", "c"])
    dice.shuffle(posts)
    moved = cadence_matrix(table_of(posts), ["c", "a", "b"])[[1, 2, 0]]
    assert moved.tobytes() == wanted.tobytes()


@settings(deadline=None, max_examples=30)
@given(seeds)
def test_a_post_that_stands_twice_is_one_post(seed):
    posts = make_posts(seed)
    once, twice = (cadence_matrix(table_of(some), ["a", "b", "c"]) for some in (posts, posts + posts[::2]))
    assert twice.tobytes() == once.tobytes()


@settings(deadline=None, max_examples=30)
@given(seeds)
def test_accounts_do_not_see_each_other(seed):
    posts = make_posts(seed)
    together = cadence_matrix(table_of(posts), ["a", "b", "c"])
    for row, account in enumerate("abc"):
        # One post of somebody else stays: what a file knows of times is a property of the file.
        alone = [post for post in posts if post["account_id"] == account]
        others = [
            {"account_id": "x", "post_id": str(n), "posted_at": START + n * timedelta(minutes=7)} for n in range(3)
        ]
        np.testing.assert_array_equal(cadence_matrix(table_of(alone + others), [account])[0], together[row])


@settings(deadline=None, max_examples=30)
@given(seeds, st.integers(-30, 30))
def test_a_zone_is_only_a_shift_for_hours_and_gaps(seed, hours):
    posts = make_posts(seed)
    moved = [post | {"posted_at": post["posted_at"] and post["posted_at"] + timedelta(hours=hours)} for post in posts]
    stays = [NAMES.index(name) for name in NAMES if name not in ("weekday_entropy", "posts_per_active_day")]
    before, after = (cadence_matrix(table_of(some), ["a", "b", "c"])[:, stays] for some in (posts, moved))
    np.testing.assert_allclose(after, before, rtol=1e-6)


@each_feature
def test_the_worked_example_holds(feature):
    rows, wanted = feature.example
    posts = [{"account_id": "a", "post_id": str(number), **row} for number, row in enumerate(rows)]
    assert value(feature.name, posts) == np.float32(wanted)


@each_feature
def test_with_fewer_posts_than_stated_the_value_is_unknown(feature):
    if feature.min_posts == 0:
        return
    cells = {
        "posted_at": lambda n: START + timedelta(hours=5.1 * n),
        "text": lambda n: f"kata {n}",
        "source_app": lambda n: f"app {n % 3}",
        "is_repost": lambda n: n % 2 == 0,
        "is_reply": lambda n: n % 2 == 0,
    }
    needed = {name: cells[name] for name in feature.needs}
    assert math.isfinite(value(feature.name, every(feature.min_posts, **needed)))
    fewer = every(feature.min_posts, **needed)
    fewer[0] |= dict.fromkeys(feature.needs)
    assert math.isnan(value(feature.name, fewer))


@each_feature
def test_without_the_column_it_is_unknown(feature):
    others = {
        "posted_at": lambda n: START + timedelta(hours=5.1 * n),
        "text": lambda n: f"kata {n}",
        "source_app": lambda _: "Web",
        "is_repost": lambda _: True,
        "is_reply": lambda _: True,
    }
    posts = every(60, **{name: of for name, of in others.items() if name not in feature.needs})
    assert math.isnan(value(feature.name, posts)) == bool(feature.needs)


@each_feature
def test_declarations_are_whole(feature):
    assert feature.meaning
    assert not feature.meaning.endswith(".")
    assert feature.reference
    assert set(feature.needs) <= {column.name for column in POST_COLUMNS}
    assert feature.name.endswith("_share") == (feature.unit == "share")
    assert feature.name.endswith("_entropy") == (feature.unit == "bits")
    assert feature.name.endswith("_hours") == (feature.unit == "hours")
    assert feature.cost_to_fake in ("cheap", "costly")
    assert feature.min_posts >= bool(feature.needs)


def test_names_are_unique_and_none_is_that_of_a_feature_of_a_profile():
    assert len(set(NAMES)) == len(NAMES)
    assert not set(NAMES) & set(FEATURE)


def test_one_post_is_a_post_and_no_cadence():
    found = dict(zip(NAMES, cadence_matrix(table_of(make_one()), ["a"])[0].tolist(), strict=True))
    known_of_one = {name: found.pop(name) for name in ("n_posts_seen", "posts_per_active_day", "source_app_count")}
    assert known_of_one == {"n_posts_seen": 1, "posts_per_active_day": 1, "source_app_count": 1}
    assert np.isnan(list(found.values())).all()


def make_one():
    return every(
        1, posted_at=lambda _: START, text=lambda _: "halo", source_app=lambda _: "Web", is_repost=lambda _: True
    )


def test_posts_all_at_one_moment_are_bursts_of_unknown_rhythm():
    of_another = {"account_id": "b", "post_id": "z", "posted_at": START + timedelta(minutes=5)}
    posts = [*every(12, posted_at=lambda _: START), of_another]
    assert value("burst_gap_share", posts) == 1
    assert value("median_gap_hours", posts) == 0
    assert math.isnan(value("burstiness", posts))


def test_posts_without_a_known_time_are_counted_and_tell_no_rhythm():
    posts = every(60, text=lambda n: f"kata {n}")
    assert value("n_posts_seen", posts) == 60
    assert value("repeated_text_share", posts) == 0
    assert all(math.isnan(value(name, posts)) for name in ("burstiness", "hour_entropy", "posts_per_active_day"))


@pytest.mark.parametrize(
    ("hours", "knows"),
    [
        ([0], False),
        ([0, 24, 48], False),
        ([17, 41], False),
        ([0, 23], False),
        ([0, 1], False),
        ([0, 2], True),
        ([8, 20.5], True),
    ],
)
def test_a_file_that_knows_only_days_has_its_posts_at_midnight_somewhere(hours, knows):
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    instants = pa.array([midnight + timedelta(hours=hour) for hour in hours], pa.timestamp("us", tz="UTC"))
    assert knows_time_of_day(pa.table({"posted_at": instants})) == knows


def test_a_file_that_knows_only_days_tells_days_and_weekdays_alone():
    posts = every(60, posted_at=lambda n: datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=n // 3))
    assert value("posts_per_active_day", posts) == 3
    assert value("weekday_entropy", posts) > 2.7
    for name in ("median_gap_hours", "burst_gap_share", "burstiness", "hour_entropy"):
        assert math.isnan(value(name, posts)), name


def test_entropies_keep_to_their_range():
    alike = every(480, posted_at=lambda n: START + timedelta(hours=n))
    assert value("hour_entropy", alike) == pytest.approx(math.log2(24))
    one_hour = every(70, posted_at=lambda n: START + timedelta(days=7 * n, seconds=n))
    assert value("hour_entropy", one_hour) == 0
    assert value("weekday_entropy", one_hour) == 0


def test_accounts_are_asked_for_in_any_form_twice_and_by_null():
    table = table_of(make_posts(7) + every(20, posted_at=lambda n: START + timedelta(hours=n)))
    wanted = cadence_matrix(table, ["a", "b"])
    ids = pa.chunked_array([["b"], ["a", None, "a"]], pa.string())
    found = cadence_matrix(table, ids)
    np.testing.assert_array_equal(found[[1, 0]], wanted)
    np.testing.assert_array_equal(found[3], found[1])
    assert np.isnan(found[2]).all()


def test_an_account_without_posts_has_none_seen_and_nothing_known():
    found = cadence_matrix(table_of(make_posts(3)), ["nobody"])
    assert found[0, 0] == 0
    assert np.isnan(found[0, 1:]).all()


def test_no_accounts_and_no_posts_give_no_rows_and_no_numbers():
    empty = PostTable.from_frame(pa.table({"account_id": ["a"], "post_id": ["1"]}).slice(1), platform="bluesky")
    assert cadence_matrix(empty, ["a"])[0, 0] == 0
    assert cadence_matrix(table_of(make_posts(3)), []).shape == (0, len(NAMES))


def test_the_frame_follows_the_accounts_and_their_handles():
    accounts = AccountTable.from_frame(
        [{"account_id": "11", "handle": "Budi"}, {"account_id": "7", "handle": "ani"}, {"account_id": "5"}],
        platform="twitter",
    )
    posts = PostTable.from_frame(
        [{"post_id": 20}, {"account_id": 7, "post_id": 21}], account_id="@budi", platform="twitter"
    )
    frame = extract_cadence(posts, accounts)
    assert frame.index.tolist() == ["11", "7", "5"]
    assert frame.index.name == "account_id"
    assert frame.columns.tolist() == NAMES
    assert frame["n_posts_seen"].tolist() == [1, 1, 0]
    assert set(frame.dtypes) == {np.dtype("float32")}


def test_a_post_of_nobody_is_not_that_of_an_account_without_a_handle():
    accounts = AccountTable.from_frame([{"account_id": "7", "handle": "ani"}, {"account_id": "5"}], platform="twitter")
    posts = PostTable.from_frame(
        [{"account_id": None, "post_id": 20}, {"account_id": 7, "post_id": 21}], platform="twitter"
    )
    assert posts.n_posts == 2
    assert extract_cadence(posts, accounts)["n_posts_seen"].tolist() == [1, 0]


def test_posts_of_another_platform_are_refused():
    accounts = AccountTable.from_frame([{"account_id": "7"}], platform="twitter")
    posts = PostTable.from_frame([{"account_id": "7", "post_id": "20"}], platform="mastodon")
    with pytest.raises(SchemaError, match="posts are of mastodon, the accounts of twitter"):
        extract_cadence(posts, accounts)


def test_joined_posts_name_the_accounts_of_the_list_and_others_stay():
    accounts = AccountTable.from_frame(
        [{"account_id": "700", "handle": "dewi"}, {"account_id": "9", "handle": "ani"}], platform="twitter"
    )
    owners = ["@Dewi", "700", "@ani", "@nobody", "5", None]
    posts = PostTable.from_frame([{"account_id": owner, "post_id": n} for n, owner in enumerate(owners, start=1)])
    joined = join_posts(posts, accounts)
    assert joined.table["account_id"].to_pylist() == ["700", "700", "9", "@nobody", "5", None]
    assert joined.table.drop_columns("account_id").equals(posts.table.drop_columns("account_id"))


def test_posts_that_are_all_of_nobody_are_refused_and_no_posts_are_not():
    accounts = AccountTable.from_frame([{"account_id": "7"}], platform="twitter")
    posts = PostTable.from_frame([{"post_id": 20}, {"post_id": 21}], platform="twitter")
    with pytest.raises(SchemaError, match="No post says whose it is, of 2 that were read") as error:
        extract_cadence(posts, accounts)
    assert error.value.column == "account_id"
    none = PostTable.from_frame(posts.table.slice(2), platform="twitter")
    assert extract_cadence(none, accounts)["n_posts_seen"].tolist() == [0]


def test_apps_are_told_most_used_first_and_ties_by_name():
    posts = every(6, source_app=lambda n: ["Web", "IFTTT", "Web", "Android", None, "Android"][n])
    assert top_source_apps(table_of(posts), "a") == [("Android", 2), ("Web", 2), ("IFTTT", 1)]
    assert top_source_apps(table_of(posts), "b") == []


def test_names_of_tools_stand_in_lower_case_in_order():
    assert list(SCHEDULERS) == sorted({name.lower() for name in SCHEDULERS})
