"""Evidence patterns: named sets of columns; one is chosen for a whole list, never for a row.

A list that lacks a column lacks it for everybody. Scoring all its rows under one pattern keeps them comparable, and
lets thresholds and profiles be measured for exactly that evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from botscan.accounts.coverage import PRESENT_SHARE

COUNTS = ("followers_count", "following_count", "posts_count")
DATES = ("created_at", "observed_at")
# Marks in a bio are known where the text is, or where the length says that there is none.
BIO = ("bio", "bio_length")

#: Platform whose tables score every platform without training data of its own.
GENERAL = "general"


@dataclass(frozen=True)
class Pattern:
    """A named set of columns.

    Attributes
    ----------
    platform
        Section of the model that scores, ``general`` for platforms without one.
    name
        Name within the platform.
    columns
        Canonical columns that must be known.

    Examples
    --------
    >>> Pattern("twitter", "counts_only", COUNTS).id
    'twitter/counts_only'
    """

    platform: str
    name: str
    columns: tuple[str, ...]

    @property
    def id(self) -> str:
        """Identity in results: ``platform/name``."""
        return f"{self.platform}/{self.name}"

    def is_met(self, coverage: Mapping[str, float]) -> bool:
        """Whether every column is present in a list of this coverage (share of rows known per column)."""
        return all(coverage.get(column, 0.0) >= PRESENT_SHARE for column in self.columns)


def _patterns(platform: str, columns_by_name: Mapping[str, tuple[str, ...]]) -> tuple[Pattern, ...]:
    return tuple(Pattern(platform, name, columns) for name, columns in columns_by_name.items())


#: Per platform, richest first.
PATTERNS: Mapping[str, tuple[Pattern, ...]] = {
    "twitter": _patterns(
        "twitter",
        {
            "full": (*COUNTS, "listed_count", *DATES, *BIO, "has_avatar", "has_geo"),
            "no_geo": (*COUNTS, "listed_count", *DATES, *BIO, "has_avatar"),
            "no_lists": (*COUNTS, *DATES, *BIO, "has_avatar"),
            "no_text": (*COUNTS, *DATES),
            "no_dates": (*COUNTS, *BIO),
            "counts_only": COUNTS,
        },
    ),
    "instagram": _patterns(
        "instagram",
        {
            "full": (*COUNTS, "handle_digit_ratio", "bio_length", "has_avatar"),
            "no_text": (*COUNTS, "handle_digit_ratio", "has_avatar"),
            "counts_only": COUNTS,
        },
    ),
    "tiktok": _patterns(
        "tiktok",
        {
            "full": (*COUNTS, "likes_received_count", "handle_digit_ratio", "bio_length"),
            "no_text": (*COUNTS, "likes_received_count"),
            "counts_only": COUNTS,
        },
    ),
    GENERAL: _patterns(GENERAL, {"counts_only": COUNTS}),
}


def choose_pattern(
    patterns: Mapping[str, Sequence[Pattern]], platform: str | None, coverage: Mapping[str, float]
) -> Pattern | None:
    """Choose the richest pattern whose columns are all present; None when even the poorest is not.

    Parameters
    ----------
    patterns
        Patterns per platform, richest first.
    platform
        Platform of the list; one without patterns is judged by those of ``general``.
    coverage
        Share of rows in which each canonical column is known, in [0, 1]; absent means 0.

    Examples
    --------
    >>> choose_pattern(PATTERNS, "mastodon", dict.fromkeys(COUNTS, 1.0)).id
    'general/counts_only'
    >>> choose_pattern(PATTERNS, "twitter", {"followers_count": 1.0}) is None
    True
    """
    section = platform if platform is not None and platform in patterns else GENERAL
    return next((pattern for pattern in patterns.get(section, ()) if pattern.is_met(coverage)), None)
