"""Every feature against a slow, obvious reference in plain Python: one account as a dict in, one number out."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_text import PICTURES, hashtag_count, is_settled, lower_ascii, mention_count, within
from slow_text import REFERENCE as TEXT_REFERENCE

from botscan.features import extract
from botscan.features.extract import extract_features, extract_matrix
from botscan.features.registry import FEATURES

NAMES = [feature.name for feature in FEATURES]
Row = dict[str, Any]


# --- The reference. It shares no code and no table with the package. -------------------------------------------------


def single(value: float) -> float:
    """The float32 nearest to the value."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def age_days(row: Row) -> float:
    if row["created_at"] is None or row["observed_at"] is None:
        return math.nan
    age = (row["observed_at"] - row["created_at"]) / timedelta(days=1)
    if age < -1:
        return math.nan
    return max(age, 0.0)


def follow_delay_days(row: Row) -> float:
    return age_days({"created_at": row["created_at"], "observed_at": row["followed_at"]})


def value(column: str) -> Callable[[Row], float]:
    return lambda row: math.nan if row[column] is None else float(row[column])


def is_zero(column: str) -> Callable[[Row], float]:
    return lambda row: math.nan if row[column] is None else float(row[column] == 0)


def per_day(column: str) -> Callable[[Row], float]:
    def rate(row: Row) -> float:
        age = age_days(row)
        if row[column] is None or math.isnan(age):
            return math.nan
        return row[column] / max(age, 0.5)

    return rate


def ratio(above: str, below: str) -> Callable[[Row], float]:
    def divide(row: Row) -> float:
        if row[above] is None or row[below] is None:
            return math.nan
        return (row[above] + 1) / (row[below] + 1)

    return divide


def near_follow_limit(row: Row) -> float:
    if row["following_count"] is None:
        return math.nan
    return float(1900 <= row["following_count"] <= 2001)


def bio_mark(find: Callable[[str], int]) -> Callable[[Row], float]:
    def mark(row: Row) -> float:
        if row["bio"] is not None:
            return float(find(row["bio"]) > 0)
        return 0.0 if row["bio_length"] == 0 else math.nan

    return mark


def find_emoji(bio: str) -> bool:
    return any(within(character, PICTURES) for character in bio)


def find_link(bio: str) -> bool:
    bio = lower_ascii(bio)
    return "http://" in bio or "https://" in bio or "www." in bio


def trailing_digits(row: Row) -> float:
    if row["handle"] is None:
        return math.nan
    n = 0
    while n < len(row["handle"]) and row["handle"][-1 - n] in "0123456789٠١٢٣٤٥٦٧٨٩０１２３４５６７８９𝟘":
        n += 1
    return float(n)


def display_name_length(row: Row) -> float:
    return math.nan if row["display_name"] is None else float(len(row["display_name"]))


REFERENCE: dict[str, Callable[[Row], float]] = {
    "age_days": age_days,
    "follow_delay_days": follow_delay_days,
    "followers_count": value("followers_count"),
    "has_no_followers": is_zero("followers_count"),
    "followers_per_day": per_day("followers_count"),
    "following_count": value("following_count"),
    "has_no_following": is_zero("following_count"),
    "following_per_day": per_day("following_count"),
    "posts_count": value("posts_count"),
    "has_no_posts": is_zero("posts_count"),
    "posts_per_day": per_day("posts_count"),
    "listed_count": value("listed_count"),
    "has_no_lists": is_zero("listed_count"),
    "listed_per_day": per_day("listed_count"),
    "is_near_follow_limit": near_follow_limit,
    "likes_received_count": value("likes_received_count"),
    "has_no_likes_received": is_zero("likes_received_count"),
    "followers_following_ratio": ratio("followers_count", "following_count"),
    "posts_following_ratio": ratio("posts_count", "following_count"),
    "followers_posts_ratio": ratio("followers_count", "posts_count"),
    "listed_followers_ratio": ratio("listed_count", "followers_count"),
    "likes_received_per_post_ratio": ratio("likes_received_count", "posts_count"),
    "bio_has_link": bio_mark(find_link),
    "bio_has_emoji": bio_mark(find_emoji),
    "bio_has_hashtag": bio_mark(hashtag_count),
    "bio_has_mention": bio_mark(mention_count),
    "has_avatar": value("has_avatar"),
    "has_geo": value("has_geo"),
    "bio_length": value("bio_length"),
    "is_bio_empty": is_zero("bio_length"),
    "has_website": value("has_website"),
    "handle_length": value("handle_length"),
    "handle_digits": value("handle_digits"),
    "handle_digit_ratio": value("handle_digit_ratio"),
    "handle_trailing_digits": trailing_digits,
    "display_name_words": value("display_name_words"),
    "display_name_length": display_name_length,
    **TEXT_REFERENCE,
}


# --- Made-up accounts ------------------------------------------------------------------------------------------------

INSTANT = pa.timestamp("us", tz="UTC")
COUNTS = ("followers_count", "following_count", "posts_count", "listed_count", "likes_received_count")
LENGTHS = ("bio_length", "handle_length", "handle_digits", "display_name_words")
TEXTS = ("bio", "handle", "display_name")
FLAGS = ("has_avatar", "has_geo", "has_website")

PIECES = [
    *(
        "http",
        "HTTP",
        "s",
        "S",
        ":",
        "/",
        "//",
        "://",
        "www",
        "WwW",
        ".",
        "w",
        "#",
        "＃",
        "@",
        "_",
        "-",
        " ",
        "\n",
        "a",
        "Z",
    ),
    *(
        "7",
        "0",
        "é",
        "Ñ",
        "e\u0301",
        "\u200d",
        "\ufe0f",
        "\u20e3",
        "🙂",
        "🇮🇩",
        "👍🏽",
        "❤",
        "→",
        "•",
        "“",
        "日本",
        "、",
        "\u3000",
    ),
    *("عربي", "،", "हिन्दी", "٣", "９", "𝟘", "²", "\x00", "\x0e", "\x85", "𐍈", "\U0010ffff", "＠", "\uffff"),
]
texts = st.lists(
    st.sampled_from(PIECES) | st.characters(codec="utf-8", exclude_categories=["Cn", "Nd"]).filter(is_settled),
    max_size=10,
).map("".join)
handles = st.text(alphabet="abB_09.-", max_size=8) | st.text(alphabet="ab_09٣９𝟘é.", max_size=8)
counts = (
    st.sampled_from([0, 1, 2, 1899, 1900, 2001, 2002, 10**12 - 1, 10**12])
    | st.integers(0, 10**12)
    | st.integers(0, 5000)
)
SEEN = datetime(2024, 5, 1, 12, 30, 1, 123_456, tzinfo=UTC)
ages = st.timedeltas(timedelta(days=-2), timedelta(days=8000)) | st.sampled_from(
    [
        timedelta(0),
        timedelta(days=-1),
        timedelta(hours=12),
        timedelta(microseconds=1),
        timedelta(days=-1, microseconds=-1),
    ]
)


def known_or_not(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


accounts = st.fixed_dictionaries(
    {
        **dict.fromkeys(COUNTS, known_or_not(counts)),
        **dict.fromkeys(LENGTHS, known_or_not(st.just(0) | st.integers(0, 300))),
        **dict.fromkeys(FLAGS, known_or_not(st.booleans())),
        "bio": known_or_not(texts),
        "handle": known_or_not(handles),
        "display_name": known_or_not(texts),
        "handle_digit_ratio": known_or_not(st.floats(0, 1)),
        "created_at": known_or_not(ages.map(lambda age: SEEN - age)),
        "observed_at": known_or_not(st.just(SEEN)),
        "followed_at": known_or_not(ages.map(lambda age: SEEN - age)),
    }
)


def arrow_type(column: str) -> pa.DataType:
    if column in (*COUNTS, *LENGTHS):
        return pa.int64()
    if column in FLAGS:
        return pa.bool_()
    if column in TEXTS:
        return pa.large_string()
    return INSTANT if column.endswith("_at") else pa.float64()


COLUMNS = [*COUNTS, *LENGTHS, *FLAGS, *TEXTS, "handle_digit_ratio", "created_at", "observed_at", "followed_at"]
SCHEMA = pa.schema([(column, arrow_type(column)) for column in COLUMNS])


def table_of(rows: list[Row]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def reference_matrix(rows: list[Row]) -> np.ndarray:
    wanted = [[single(REFERENCE[name](row)) for name in NAMES] for row in rows]
    return np.array(wanted, dtype=np.float32).reshape(len(rows), len(NAMES))


def assert_same_bits(found: np.ndarray, wanted: np.ndarray) -> None:
    assert found.dtype == wanted.dtype == np.float32
    assert found.shape == wanted.shape
    same = (found == wanted) & (np.signbit(found) == np.signbit(wanted))
    unequal = ~(same | (np.isnan(found) & np.isnan(wanted)))
    assert not unequal.any(), [
        (NAMES[column], row, found[row, column], wanted[row, column]) for row, column in np.argwhere(unequal)
    ]


# --- Tests -----------------------------------------------------------------------------------------------------------


def test_the_reference_covers_every_feature():
    assert sorted(REFERENCE) == sorted(NAMES)


@settings(deadline=None, max_examples=100)
@given(st.lists(accounts, max_size=12))
def test_every_feature_equals_the_reference_to_the_bit(rows):
    assert_same_bits(extract_matrix(table_of(rows), NAMES), reference_matrix(rows))


@settings(deadline=None, max_examples=60)
@given(st.lists(accounts, min_size=1, max_size=9), st.data())
def test_features_do_not_hang_on_layout_or_batch_size(rows, data):
    table = table_of(rows)
    wanted = extract_matrix(table, NAMES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extract, "BATCH_ROWS", data.draw(st.integers(1, 4), label="batch rows"))
        assert_same_bits(extract_matrix(table, NAMES), wanted)

        cut = data.draw(st.integers(0, len(rows)), label="first chunk")
        chunked = pa.concat_tables([table.slice(0, cut), table.slice(cut)])
        assert_same_bits(extract_matrix(chunked, NAMES), wanted)

    padded = pa.concat_tables([table, table, table]).combine_chunks().slice(len(rows), len(rows))
    assert_same_bits(extract_matrix(padded, NAMES), wanted)

    for column in TEXTS:
        encoded = table[column].cast(pa.string()).combine_chunks().dictionary_encode()
        table = table.set_column(table.column_names.index(column), column, encoded)
    assert_same_bits(extract_matrix(table, NAMES), wanted)


@settings(deadline=None, max_examples=60)
@given(st.lists(accounts, min_size=1, max_size=9), st.randoms(use_true_random=False))
def test_a_row_keeps_its_features_wherever_it_stands(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    wanted = extract_matrix(table_of(rows), NAMES)
    assert_same_bits(extract_matrix(table_of([rows[row] for row in order]), NAMES), wanted[order])
    assert_same_bits(extract_matrix(table_of(rows[:1]), NAMES), wanted[:1])


@settings(deadline=None, max_examples=60)
@given(st.lists(accounts, min_size=1, max_size=6), st.sets(st.sampled_from(COLUMNS)))
def test_an_absent_column_is_one_of_nulls_and_only_its_features_are_lost(rows, absent):
    kept = [column for column in COLUMNS if column not in absent]
    found = extract_matrix(table_of(rows).select(kept), NAMES) if kept else None
    if found is not None:
        assert_same_bits(found, reference_matrix([{**row, **dict.fromkeys(absent)} for row in rows]))
        whole = extract_matrix(table_of(rows), NAMES)
        apart = [position for position, feature in enumerate(FEATURES) if not absent & set(feature.needs)]
        np.testing.assert_array_equal(found[:, apart], whole[:, apart])


MORE_FOLLOWING = {
    "rises": ["following_count", "following_per_day"],
    "falls": ["has_no_following", "followers_following_ratio", "posts_following_ratio"],
}
MORE_FOLLOWERS = {
    "rises": ["followers_count", "followers_per_day", "followers_following_ratio", "followers_posts_ratio"],
    "falls": ["has_no_followers", "listed_followers_ratio"],
}


@pytest.mark.parametrize(
    ("column", "moves"), [("following_count", MORE_FOLLOWING), ("followers_count", MORE_FOLLOWERS)]
)
@settings(deadline=None, max_examples=40)
@given(rows=st.lists(accounts, min_size=1, max_size=6), growth=st.integers(1, 10**11))
def test_more_of_a_count_moves_only_what_is_built_on_it(column, moves, rows, growth):
    more = [{**row, column: None if row[column] is None else row[column] + growth} for row in rows]
    before, after = extract_matrix(table_of(rows), NAMES), extract_matrix(table_of(more), NAMES)
    for position, feature in enumerate(FEATURES):
        old, new = before[:, position], after[:, position]
        is_known = ~np.isnan(old)
        assert (np.isnan(new) == ~is_known).all()
        if feature.name in moves["rises"]:
            assert (new >= old)[is_known].all(), feature.name
        elif feature.name in moves["falls"]:
            assert (new <= old)[is_known].all(), feature.name
        elif column not in feature.needs:
            np.testing.assert_array_equal(new, old, feature.name)


@settings(deadline=None, max_examples=60)
@given(st.lists(accounts, min_size=1, max_size=6), st.timedeltas(timedelta(days=-2000), timedelta(days=2000)))
def test_features_know_only_the_age_never_the_calendar(rows, shift):
    moved = [
        {
            **row,
            **{column: row[column] and row[column] + shift for column in ("created_at", "observed_at", "followed_at")},
        }
        for row in rows
    ]
    assert_same_bits(extract_matrix(table_of(moved), NAMES), extract_matrix(table_of(rows), NAMES))


def test_every_feature_is_finite_or_unknown_at_the_ends_of_every_column():
    ends = [0, 10**12]
    rows = [
        {
            **dict.fromkeys((*COUNTS, *LENGTHS), a),
            "posts_count": b,
            "following_count": b,
            "created_at": SEEN - age,
            "observed_at": SEEN,
        }
        for a in ends
        for b in ends
        for age in (timedelta(0), timedelta(days=8000))
    ]
    found = extract_matrix(table_of([{**dict.fromkeys(COLUMNS), **row} for row in rows]), NAMES)
    assert not np.isinf(found).any()
    counted = [position for position, feature in enumerate(FEATURES) if feature.family in ("age", "activity", "ratios")]
    assert np.isfinite(found[:, counted]).all()


def test_columns_come_in_the_order_asked_for():
    table = pa.table({"posts_count": [5], "following_count": [1]})
    assert extract_matrix(table, ["following_count", "posts_count", "following_count"]).tolist() == [[1, 5, 1]]
    assert extract_matrix(table, []).shape == (1, 0)


def test_no_rows_give_no_rows():
    found = extract_matrix(table_of([]), NAMES)
    assert found.shape == (0, len(NAMES))
    assert found.dtype == np.float32


def test_an_unknown_feature_is_named():
    with pytest.raises(KeyError, match="shoe_size"):
        extract_matrix(pa.table({"posts_count": [1]}), ["shoe_size"])


@dataclass
class ThreeAccounts:
    """As much of an AccountTable as extract_features looks at."""

    table: pa.Table


@pytest.fixture
def three_accounts():
    ids = pa.array(["9", "10", "1100000000000000001"], pa.large_string())
    return ThreeAccounts(pa.table({"account_id": ids, "posts_count": [3, None, 0]}))


def test_extract_features_is_a_frame_in_the_order_of_the_accounts(three_accounts):
    frame = extract_features(three_accounts)
    assert frame.columns.tolist() == NAMES
    assert frame.index.name == "account_id"
    assert frame.index.tolist() == ["9", "10", "1100000000000000001"]
    assert set(frame.dtypes) == {np.dtype(np.float32)}
    np.testing.assert_array_equal(frame["posts_count"], [3, np.nan, 0])
    np.testing.assert_array_equal(frame["has_no_posts"], [0, np.nan, 1])
    assert frame["bio_has_link"].isna().all()
