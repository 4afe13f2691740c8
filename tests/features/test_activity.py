from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from botscan.features.extract import extract_matrix

SEEN = datetime(2024, 1, 1, tzinfo=UTC)
INSTANT = pa.timestamp("us", tz="UTC")
ZERO_FLAGS = {
    "has_no_followers": "followers_count",
    "has_no_following": "following_count",
    "has_no_posts": "posts_count",
    "has_no_lists": "listed_count",
    "has_no_likes_received": "likes_received_count",
}
RATES = {
    "followers_per_day": "followers_count",
    "following_per_day": "following_count",
    "posts_per_day": "posts_count",
    "listed_per_day": "listed_count",
}


@pytest.mark.parametrize(("name", "column"), ZERO_FLAGS.items())
def test_none_is_one_some_is_zero_unknown_is_unknown(name, column):
    found = extract_matrix(pa.table({column: [0, 1, 10**12, None]}), [name])
    np.testing.assert_array_equal(found[:, 0], [1, 0, 0, np.nan])


@pytest.mark.parametrize(("name", "column"), RATES.items())
def test_rates_divide_by_at_least_half_a_day(name, column):
    ages = [
        timedelta(days=4),
        timedelta(days=1),
        timedelta(hours=12),
        timedelta(hours=1),
        timedelta(0),
        -timedelta(hours=20),
    ]
    table = pa.table(
        {
            column: [6] * len(ages),
            "created_at": pa.array([SEEN - age for age in ages], INSTANT),
            "observed_at": pa.array([SEEN] * len(ages), INSTANT),
        }
    )
    assert extract_matrix(table, [name])[:, 0].tolist() == [1.5, 6, 12, 12, 12, 12]


def test_the_window_below_the_follow_limit_holds_both_ends():
    table = pa.table({"following_count": [1899, 1900, 2000, 2001, 2002, 0, None]})
    np.testing.assert_array_equal(extract_matrix(table, ["is_near_follow_limit"])[:, 0], [0, 1, 1, 1, 0, 0, np.nan])
