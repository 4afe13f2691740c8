"""How much of each thing an account has, whether it has none, and how fast it came."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from botscan.features.columns import Columns
from botscan.features.feature import Feature
from botscan.features.references import CRESCI_2015, YANG_2020

#: Most processor time of the family, microseconds an account (benchmarks/feature_effects.py checks it).
CPU_BUDGET = 0.5

#: Rates count an age of at least half a day, so that a new account has no rate without end.
MIN_AGE_DAYS = 0.5

#: Twitter stops accounts with few followers at 2,000 followings; accounts that follow for sale pile up below it.
FOLLOW_LIMIT = (1_900.0, 2_001.0)

_TEN_DAYS = {
    "created_at": datetime(2020, 1, 1, tzinfo=UTC),
    "observed_at": datetime(2020, 1, 11, tzinfo=UTC),
}


def _count_feature(column: str, *, group: str, unit: str, meaning: str, reference: str) -> Feature:
    def compute(columns: Columns) -> NDArray[np.float32]:
        return columns.count(column).astype(np.float32)

    return Feature(
        name=column,
        family="activity",
        group=group,
        unit=unit,
        meaning=meaning,
        needs=(column,),
        compute=compute,
        cost_to_fake="costly",
        reference=reference,
        example=({column: 120}, 120.0),
    )


def _zero_feature(name: str, column: str, *, group: str, meaning: str, reference: str) -> Feature:
    def compute(columns: Columns) -> NDArray[np.float32]:
        count = columns.count(column)
        return np.where(np.isnan(count), np.nan, count == 0).astype(np.float32)

    return Feature(
        name=name,
        family="activity",
        group=group,
        unit="",
        meaning=meaning,
        needs=(column,),
        compute=compute,
        cost_to_fake="cheap",
        reference=reference,
        example=({column: 0}, 1.0),
    )


def _rate_feature(name: str, column: str, *, group: str, unit: str, meaning: str) -> Feature:
    def compute(columns: Columns) -> NDArray[np.float32]:
        rate = columns.count(column) / np.maximum(columns.age_days(), MIN_AGE_DAYS)
        return rate.astype(np.float32)

    return Feature(
        name=name,
        family="activity",
        group=group,
        unit=unit,
        meaning=meaning,
        needs=(column, "created_at", "observed_at"),
        compute=compute,
        cost_to_fake="costly",
        reference=YANG_2020,
        example=({column: 25, **_TEN_DAYS}, 2.5),
    )


def _near_follow_limit(columns: Columns) -> NDArray[np.float32]:
    following = columns.count("following_count")
    low, high = FOLLOW_LIMIT
    return np.where(np.isnan(following), np.nan, (following >= low) & (following <= high)).astype(np.float32)


FEATURES: tuple[Feature, ...] = (
    _count_feature(
        "followers_count",
        group="audience",
        unit="accounts",
        meaning="followers of the account",
        reference=YANG_2020,
    ),
    _zero_feature(
        "has_no_followers",
        "followers_count",
        group="audience",
        meaning="nobody follows the account",
        reference="own",
    ),
    _rate_feature(
        "followers_per_day",
        "followers_count",
        group="audience",
        unit="accounts per day",
        meaning="followers gained per day of age",
    ),
    _count_feature(
        "following_count",
        group="following",
        unit="accounts",
        meaning="accounts it follows",
        reference=YANG_2020,
    ),
    _zero_feature(
        "has_no_following",
        "following_count",
        group="following",
        meaning="the account follows nobody",
        reference="own",
    ),
    _rate_feature(
        "following_per_day",
        "following_count",
        group="following",
        unit="accounts per day",
        meaning="accounts followed per day of age",
    ),
    _count_feature(
        "posts_count",
        group="posting",
        unit="posts",
        meaning="posts it has made",
        reference=YANG_2020,
    ),
    _zero_feature(
        "has_no_posts",
        "posts_count",
        group="posting",
        meaning="the account has never posted",
        reference="own",
    ),
    _rate_feature(
        "posts_per_day",
        "posts_count",
        group="posting",
        unit="posts per day",
        meaning="posts made per day of age",
    ),
    _count_feature(
        "listed_count",
        group="audience",
        unit="lists",
        meaning="lists that hold the account",
        reference=YANG_2020,
    ),
    _zero_feature(
        "has_no_lists",
        "listed_count",
        group="audience",
        meaning="no list holds the account",
        reference=CRESCI_2015,
    ),
    _rate_feature(
        "listed_per_day",
        "listed_count",
        group="audience",
        unit="lists per day",
        meaning="lists joined per day of age",
    ),
    Feature(
        name="is_near_follow_limit",
        family="activity",
        group="following",
        unit="",
        meaning="follows 1,900 to 2,001 accounts, where Twitter stops accounts with few followers",
        needs=("following_count",),
        compute=_near_follow_limit,
        cost_to_fake="cheap",
        reference="own",
        example=({"following_count": 2_001}, 1.0),
    ),
    _count_feature(
        "likes_received_count",
        group="audience",
        unit="likes",
        meaning="likes its posts received",
        reference="own",
    ),
    _zero_feature(
        "has_no_likes_received",
        "likes_received_count",
        group="audience",
        meaning="no post of the account was ever liked",
        reference="own",
    ),
)
