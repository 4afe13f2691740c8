"""What a list may hold, how to get one, and what the score makes of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from botscan.accounts.settings import check_platform
from botscan.readers.guides import GUIDES, PlatformGuide, Way
from botscan.schema import ACCOUNT_COLUMNS
from botscan.scoring.patterns import GENERAL, PATTERNS, choose_pattern


def list_columns(platform: str | None = None) -> list[dict[str, Any]]:
    """List the canonical columns, and which of them the score of a platform reads.

    Parameters
    ----------
    platform
        Canonical name; None leaves ``is_scored`` out.

    Examples
    --------
    >>> [row["name"] for row in list_columns("mastodon") if row["is_scored"]]
    ['followers_count', 'following_count', 'posts_count']
    """
    rows: list[dict[str, Any]] = [
        {"name": column.name, "kind": column.kind, "unit": column.unit, "meaning": column.meaning}
        for column in ACCOUNT_COLUMNS
    ]
    if platform is not None:
        scored = _scored_columns(check_platform(platform))
        for row in rows:
            row["is_scored"] = row["name"] in scored
    return rows


def list_ways(platform: str) -> list[dict[str, Any]]:
    """List the ways to get followers of a platform: cost, limits, columns, and what the score makes of these.

    Parameters
    ----------
    platform
        Canonical name.

    Returns
    -------
    ways
        One object a way, best first. ``level`` is the evidence level it can reach, None for posts and counts over
        time; ``pattern`` names the tables of the model that can score it, None = no score; `needs_observed_at` says
        that richer ones could if the day of the list were given. Sentences carry their basis: ``file``, ``page`` (at
        ``source``), or ``memory`` = not checked.

    Examples
    --------
    >>> [(way["name"], way["level"], way["pattern"]) for way in list_ways("mastodon")][:2]
    [('api', 3, 'general/counts_only'), ('export', 1, None)]
    """
    guide = GUIDES[check_platform(platform)]
    scored = _scored_columns(platform)
    return [{**guide.describe(way), **_scoring_of(guide, way, scored)} for way in guide.ways]


def _scoring_of(guide: PlatformGuide, way: Way, scored: Collection[str]) -> dict[str, Any]:
    """Return which columns of a way the score reads, and which pattern it meets once the day of the list is known."""
    columns = guide.columns_of(way) if way.kind == "accounts" else ()
    known = dict.fromkeys(columns, 1.0)
    alone = choose_pattern(PATTERNS, guide.platform, known)
    dated = choose_pattern(PATTERNS, guide.platform, {**known, "observed_at": 1.0})
    return {
        "scored_columns": [name for name in columns if name in scored],
        "pattern": None if dated is None else dated.id,
        "needs_observed_at": alone != dated,
    }


def _scored_columns(platform: str) -> set[str]:
    """Return the columns that the score of a platform reads in one pattern or another."""
    return {name for pattern in PATTERNS.get(platform, PATTERNS[GENERAL]) for name in pattern.columns}
