"""What each platform's model is made of: features, monotone tables, seed, threshold rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from botscan.scoring.patterns import GENERAL
from botscan.training.fit import Direction, FitSettings
from botscan.training.pairs import MemorySettings

SEED = 0

#: Rows of one data set that train, at most; one large campaign must not rule.
ROWS_PER_DATASET = 3_000

#: Weight of people that train lightly, against 1 of ordinary people.
LIGHT_WEIGHT = 0.1
#: Ridge of the straight lines.
LINE_RIDGE = 1e-3

#: Share of left-out organic accounts that must stay below the line of ``suspicious``: the strictest of the lines of
#: nine sources of people on Twitter, and of twelve for other platforms ...
QUANTILE = {"twitter": 0.95, GENERAL: 0.95}
#: ... and where there are few sources, which cannot show how far people differ.
QUANTILE_OF_FEW_SOURCES = 0.99

#: Configurations compared on left-out sources before this recipe was settled, most of them for Twitter, on the same
#: three protocols that are reported: choices flatter the folds.
N_CONFIGURATIONS_TRIED = 215
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

#: What held for sources never seen. Plain counts and ages did not: their norm moves from year to year, while rates
#: per day of age and ratios of two counts stay.
TWITTER_TABLES = (
    "has_no_followers",
    "followers_per_day",
    "has_no_following",
    "following_per_day",
    "has_no_posts",
    "posts_per_day",
    "has_no_lists",
    "listed_per_day",
    "followers_following_ratio",
    "posts_following_ratio",
    "listed_followers_ratio",
    "is_near_follow_limit",
    "bio_has_link",
    "bio_has_emoji",
    "bio_has_hashtag",
    "bio_has_mention",
    "has_avatar",
    "has_geo",
)

#: What tells the batches of one seller from other accounts.
TWITTER_MEMORY = (
    "followers_count",
    "following_count",
    "posts_count",
    "age_days",
    "listed_count",
    "followers_following_ratio",
    "posts_following_ratio",
    "listed_followers_ratio",
    "followers_posts_ratio",
    "bio_has_link",
    "bio_has_hashtag",
    "bio_has_mention",
    "has_geo",
    "has_avatar",
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
    tables
        Features with a table, in the order in which they are summed.
    monotone
        Tables that may only rise or only fall.
    folds
        ``sources``: validation leaves whole sources out; ``halves``: there is one source, so random halves.
    settings
        Penalties and drop-out.
    line_share
        How far every table is drawn towards a straight line, in [0, 1].
    memory
        The pairs of the second layer; None where there are too few sources to remember.
    """

    platform: str
    tables: tuple[str, ...]
    monotone: Mapping[str, Direction]
    folds: Literal["sources", "halves"]
    settings: FitSettings = field(default_factory=FitSettings)
    line_share: float = 0.0
    memory: MemorySettings | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """All features it reads: those with a table, then those that only pairs use."""
        return tuple(dict.fromkeys((*self.tables, *(self.memory.features if self.memory else ()))))


_FALLING_RATIOS: Mapping[str, Direction] = {"followers_following_ratio": "falling", "posts_following_ratio": "falling"}

RECIPES: tuple[Recipe, ...] = (
    Recipe(
        "twitter",
        TWITTER_TABLES,
        {**_FALLING_RATIOS, "posts_per_day": "falling", "has_avatar": "falling"},
        "sources",
        settings=FitSettings(step_penalty=1e-3, curvature_penalty=3e-2, ridge=3e-4),
        line_share=0.95,
        memory=MemorySettings(TWITTER_MEMORY, weight=1.1, quantile=0.85),
    ),
    Recipe("instagram", INSTAGRAM_FEATURES, _FALLING_RATIOS, "sources", line_share=0.5),
    Recipe("tiktok", TIKTOK_FEATURES, _FALLING_RATIOS, "halves", line_share=0.5),
    Recipe(GENERAL, COUNT_FEATURES, _FALLING_RATIOS, "sources", line_share=0.5),
)
