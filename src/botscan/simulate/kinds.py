"""Kinds of followers, as data: how many there are, what their counts look like, what their profiles hold.

Every count is drawn from a table of quantiles written by hand. No table comes from a model or from a data set, so what
is found in simulated lists owes nothing to what the shipped model learned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: Values at these quantiles; between them the draw is linear.
QUANTILES: tuple[float, ...] = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 1.0)

#: One value for each of `QUANTILES`.
Spread = tuple[float, float, float, float, float, float, float, float]


@dataclass(frozen=True)
class Kind:
    """One kind of follower.

    Attributes
    ----------
    name
        What they are.
    is_suspicious
        Whether they were bought.
    weight
        Share among the organic or among the bought followers.
    age_days, followers, following, posts, listed, likes_given, likes_received_per_post
        Spread of each value.
    days_since_post
        Spread of the days since the latest post, for those that post.
    chances
        Chance of each flag and of each text to be there.
    handle_style
        How the handle is made: ``people`` or ``batch``.
    bio_style
        Where the bio comes from: ``people`` (assembled anew) or ``seller`` (one of a few copied texts).
    arrival
        ``steady`` through the life of the audience, ``burst`` within two days, ``drip`` within ninety.
    bands
        Number of narrow creation bands; 0 when creation dates are spread as `age_days` says.
    """

    name: str
    is_suspicious: bool
    weight: float
    age_days: Spread
    followers: Spread
    following: Spread
    posts: Spread
    listed: Spread
    likes_given: Spread
    likes_received_per_post: Spread
    days_since_post: Spread
    chances: Mapping[str, float] = field(default_factory=dict)
    handle_style: Literal["people", "batch"] = "people"
    bio_style: Literal["people", "seller"] = "people"
    arrival: Literal["steady", "burst", "drip"] = "steady"
    bands: int = 0


KINDS: tuple[Kind, ...] = (
    Kind(
        name="ordinary",
        is_suspicious=False,
        weight=0.72,
        age_days=(60, 400, 900, 1900, 3200, 4200, 4800, 5400),
        followers=(4, 45, 110, 260, 620, 1500, 4200, 18_000),
        following=(8, 70, 150, 310, 620, 1150, 2100, 5200),
        posts=(3, 60, 260, 1100, 4200, 14_000, 38_000, 120_000),
        listed=(0, 0, 0, 1, 5, 18, 60, 300),
        likes_given=(0, 20, 150, 900, 4200, 15_000, 40_000, 150_000),
        likes_received_per_post=(1, 5, 11, 26, 62, 150, 420, 1800),
        days_since_post=(0, 0.1, 0.5, 3, 21, 150, 500, 1500),
        chances={
            "avatar": 0.97, "bio": 0.82, "location": 0.55, "website": 0.22, "geo": 0.45, "theme": 0.4,
            "private": 0.12, "verified": 0.01, "business": 0.1,
        },
    ),
    Kind(
        name="quiet_reader",
        is_suspicious=False,
        weight=0.19,
        age_days=(120, 700, 1400, 2500, 3600, 4400, 4900, 5400),
        followers=(1, 6, 14, 34, 75, 150, 260, 600),
        following=(5, 24, 48, 95, 180, 310, 480, 900),
        posts=(0, 0, 1, 5, 21, 60, 130, 400),
        listed=(0, 0, 0, 0, 0, 1, 2, 5),
        likes_given=(0, 0, 2, 14, 70, 260, 900, 4000),
        likes_received_per_post=(0, 0, 1, 3, 7, 15, 28, 60),
        days_since_post=(30, 90, 220, 600, 1300, 2200, 3000, 4500),
        chances={
            "avatar": 0.84, "bio": 0.42, "location": 0.3, "website": 0.04, "geo": 0.25, "theme": 0.8,
            "private": 0.24, "verified": 0.0, "business": 0.01,
        },
    ),
    Kind(
        name="mass_follower",
        is_suspicious=False,
        weight=0.05,
        age_days=(200, 700, 1300, 2300, 3300, 4200, 4800, 5400),
        followers=(600, 1400, 2100, 3300, 5600, 12_000, 26_000, 80_000),
        following=(2100, 2600, 3200, 4300, 5000, 6800, 11_000, 30_000),
        posts=(200, 900, 2600, 7800, 21_000, 52_000, 110_000, 300_000),
        listed=(0, 2, 6, 17, 44, 120, 320, 900),
        likes_given=(10, 300, 1500, 6000, 18_000, 50_000, 120_000, 400_000),
        likes_received_per_post=(0, 2, 5, 12, 30, 80, 220, 900),
        days_since_post=(0, 0.05, 0.2, 0.7, 3, 14, 80, 400),
        chances={
            "avatar": 0.99, "bio": 0.95, "location": 0.7, "website": 0.5, "geo": 0.4, "theme": 0.25,
            "private": 0.02, "verified": 0.02, "business": 0.35,
        },
    ),
    Kind(
        name="celebrity",
        is_suspicious=False,
        weight=0.04,
        age_days=(900, 1700, 2500, 3500, 4300, 4900, 5200, 5450),
        followers=(11_000, 16_000, 30_000, 75_000, 260_000, 1_100_000, 4_000_000, 30_000_000),
        following=(3, 60, 180, 450, 1000, 2300, 6000, 20_000),
        posts=(300, 1300, 3600, 9000, 23_000, 60_000, 120_000, 400_000),
        listed=(10, 60, 140, 400, 1300, 4600, 12_000, 60_000),
        likes_given=(0, 60, 400, 2000, 7000, 20_000, 50_000, 200_000),
        likes_received_per_post=(40, 200, 700, 2600, 11_000, 50_000, 200_000, 900_000),
        days_since_post=(0, 0.02, 0.08, 0.3, 1, 4, 20, 200),
        chances={
            "avatar": 1.0, "bio": 0.97, "location": 0.7, "website": 0.75, "geo": 0.35, "theme": 0.15,
            "private": 0.0, "verified": 0.55, "business": 0.5,
        },
    ),
    Kind(
        name="empty_batch",
        is_suspicious=True,
        weight=0.45,
        age_days=(15, 30, 60, 110, 170, 230, 280, 330),
        followers=(0, 0, 0, 1, 4, 10, 19, 40),
        following=(35, 120, 260, 620, 1300, 1960, 2001, 2001),
        posts=(0, 0, 0, 0, 1, 3, 6, 15),
        listed=(0, 0, 0, 0, 0, 0, 0, 1),
        likes_given=(0, 0, 0, 0, 1, 5, 15, 60),
        likes_received_per_post=(0, 0, 0, 0, 0, 1, 2, 5),
        days_since_post=(1, 10, 25, 60, 110, 170, 220, 320),
        chances={
            "avatar": 0.4, "bio": 0.06, "location": 0.05, "website": 0.01, "geo": 0.0, "theme": 0.97,
            "private": 0.03, "verified": 0.0, "business": 0.0,
        },
        handle_style="batch",
        bio_style="seller",
        arrival="burst",
        bands=4,
    ),
    Kind(
        name="aged_filled_in",
        is_suspicious=True,
        weight=0.25,
        age_days=(500, 800, 1200, 1900, 2700, 3500, 4200, 5000),
        followers=(2, 9, 18, 36, 80, 170, 300, 700),
        following=(300, 640, 980, 1700, 2600, 4100, 5000, 7500),
        posts=(1, 4, 8, 17, 34, 70, 130, 300),
        listed=(0, 0, 0, 0, 0, 1, 2, 5),
        likes_given=(0, 1, 4, 14, 45, 130, 400, 1500),
        likes_received_per_post=(0, 0, 0, 1, 2, 5, 11, 30),
        days_since_post=(5, 40, 120, 330, 700, 1200, 1800, 3000),
        chances={
            "avatar": 0.93, "bio": 0.7, "location": 0.35, "website": 0.12, "geo": 0.05, "theme": 0.8,
            "private": 0.02, "verified": 0.0, "business": 0.03,
        },
        bio_style="seller",
        arrival="burst",
    ),
    Kind(
        name="follows_everyone",
        is_suspicious=True,
        weight=0.30,
        age_days=(60, 150, 270, 480, 800, 1300, 1900, 3000),
        followers=(0, 3, 9, 24, 65, 140, 240, 500),
        following=(1800, 1990, 2400, 3400, 4700, 5000, 6500, 7500),
        posts=(0, 0, 2, 7, 24, 75, 200, 800),
        listed=(0, 0, 0, 0, 0, 1, 2, 6),
        likes_given=(0, 0, 1, 6, 40, 200, 700, 3000),
        likes_received_per_post=(0, 0, 0, 1, 2, 4, 9, 20),
        days_since_post=(1, 8, 30, 90, 260, 560, 900, 2000),
        chances={
            "avatar": 0.85, "bio": 0.4, "location": 0.2, "website": 0.08, "geo": 0.02, "theme": 0.9,
            "private": 0.01, "verified": 0.0, "business": 0.02,
        },
        handle_style="batch",
        bio_style="seller",
        arrival="drip",
    ),
)  # fmt: skip
