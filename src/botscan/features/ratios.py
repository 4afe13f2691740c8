"""How the counts of an account stand to each other: ``(a + 1) / (b + 1)``, finite for all counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from botscan.features.columns import Columns
from botscan.features.feature import Feature
from botscan.features.references import YANG_2020

#: Most processor time of the family, microseconds an account (benchmarks/feature_effects.py checks it).
CPU_BUDGET = 0.3


def _ratio_feature(
    name: str,
    numerator: str,
    denominator: str,
    *,
    meaning: str,
    reference: str,
) -> Feature:
    def compute(columns: Columns) -> NDArray[np.float32]:
        return ((columns.count(numerator) + 1.0) / (columns.count(denominator) + 1.0)).astype(np.float32)

    return Feature(
        name=name,
        family="ratios",
        group="balance",
        unit="ratio",
        meaning=meaning,
        needs=(numerator, denominator),
        compute=compute,
        cost_to_fake="costly",
        reference=reference,
        example=({numerator: 9, denominator: 3}, 2.5),
    )


FEATURES: tuple[Feature, ...] = (
    _ratio_feature(
        "followers_following_ratio",
        "followers_count",
        "following_count",
        meaning="followers for each account it follows",
        reference=YANG_2020,
    ),
    _ratio_feature(
        "posts_following_ratio",
        "posts_count",
        "following_count",
        meaning="posts for each account it follows",
        reference="own",
    ),
    _ratio_feature(
        "followers_posts_ratio",
        "followers_count",
        "posts_count",
        meaning="followers for each post",
        reference="own",
    ),
    _ratio_feature(
        "listed_followers_ratio",
        "listed_count",
        "followers_count",
        meaning="lists for each follower",
        reference="own",
    ),
    _ratio_feature(
        "likes_received_per_post_ratio",
        "likes_received_count",
        "posts_count",
        meaning="likes received for each post",
        reference="own",
    ),
)
