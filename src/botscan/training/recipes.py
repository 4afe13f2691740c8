"""What each platform's model is made of: features, monotone tables, seed, threshold rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from botscan.scoring.patterns import GENERAL
from botscan.training.fit import Direction, FitSettings

SEED = 0

#: Rows of one data set that train, at most; one large campaign must not rule.
ROWS_PER_DATASET = 3_000

#: Share of left-out organic accounts that must stay below the line of ``suspicious``.
QUANTILE = 0.99
#: The same where the list tells ages: slow, quiet people are then told apart by a rule, and the line may be lower.
QUANTILE_WITH_AGES = 0.95

#: Configurations compared by leaving sources out before this recipe was settled; choices flatter the folds.
N_CONFIGURATIONS_TRIED = 6
#: Lines and sparing rules compared on left-out people and simulated quiet readers before the present ones.
N_VERDICT_RULES_TRIED = 58

COUNT_FEATURES = (
    "followers_count",
    "has_no_followers",
    "following_count",
    "has_no_following",
    "posts_count",
    "has_no_posts",
    "followers_following_ratio",
    "posts_following_ratio",
    "followers_posts_ratio",
)

TWITTER_FEATURES = (
    "age_days",
    "followers_count",
    "has_no_followers",
    "followers_per_day",
    "following_count",
    "has_no_following",
    "following_per_day",
    "posts_count",
    "has_no_posts",
    "posts_per_day",
    "listed_count",
    "has_no_lists",
    "listed_per_day",
    "followers_following_ratio",
    "posts_following_ratio",
    "followers_posts_ratio",
    "listed_followers_ratio",
    "is_near_follow_limit",
    "bio_has_link",
    "bio_has_emoji",
    "bio_has_hashtag",
    "bio_has_mention",
    "has_avatar",
    "has_geo",
)

INSTAGRAM_FEATURES = (*COUNT_FEATURES, "handle_digit_ratio", "bio_length", "is_bio_empty", "has_avatar")

TIKTOK_FEATURES = (
    *COUNT_FEATURES,
    "likes_received_count",
    "has_no_likes_received",
    "likes_received_per_post_ratio",
    "handle_digit_ratio",
    "bio_length",
    "is_bio_empty",
)


@dataclass(frozen=True)
class Recipe:
    """How the model of one platform is made.

    Attributes
    ----------
    platform
        Section of the model.
    features
        Features with a table, in the order in which they are summed.
    monotone
        Tables that may only rise or only fall.
    folds
        ``sources``: validation leaves whole sources out; ``halves``: there is one source, so random halves.
    settings
        Penalties and drop-out.
    """

    platform: str
    features: tuple[str, ...]
    monotone: Mapping[str, Direction]
    folds: Literal["sources", "halves"]
    settings: FitSettings = field(default_factory=FitSettings)


_FALLING_RATIOS: Mapping[str, Direction] = {"followers_following_ratio": "falling", "posts_following_ratio": "falling"}

RECIPES: tuple[Recipe, ...] = (
    Recipe("twitter", TWITTER_FEATURES, {**_FALLING_RATIOS, "posts_per_day": "falling"}, "sources"),
    Recipe("instagram", INSTAGRAM_FEATURES, _FALLING_RATIOS, "sources"),
    Recipe("tiktok", TIKTOK_FEATURES, _FALLING_RATIOS, "halves"),
    Recipe(GENERAL, COUNT_FEATURES, _FALLING_RATIOS, "sources"),
)
