"""CellSettings: what a first pass over the whole list decided, so that batches decide nothing."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pyarrow as pa

from botscan.cells.dates import DateOrder
from botscan.cells.texts import parse_words
from botscan.errors import SchemaError
from botscan.schema import PLATFORMS

__all__ = [
    "PLATFORM_SYNONYMS",
    "CellSettings",
    "DateOrder",
    "check_observed_at",
    "check_platform",
    "count_platforms",
    "one_platform",
    "platform_named",
]

#: Other names under which a platform is known.
PLATFORM_SYNONYMS: dict[str, str] = {"x": "twitter", "ig": "instagram", "fb": "facebook", "yt": "youtube"}


@dataclass(frozen=True)
class CellSettings:
    """How the cells of one list are to be read.

    Attributes
    ----------
    platform
        Canonical platform of the list; rows whose own ``platform`` cell says otherwise are rejected as
        ``other_platform``. None when not known.
    observed_at
        When the list was seen; fills rows that do not say it themselves.
    date_orders
        Canonical column to ``dmy`` or ``mdy`` for dates such as 3/4/2020; columns left out stay undecided and such
        dates null.
    tz
        Zone of date-times that name none: ``WIB``, ``+07:00``, ``Asia/Jakarta``. None: UTC, counted
        ``timezone_assumed``.
    zone_fault_hours
        Hours by which the creation dates of the list run ahead of UTC although they pass for it
        (`botscan.accounts.zone_votes.ZoneVotes`); 0 where nothing shows that.
    has_creation_days
        Whether the creation dates of the list are days, although midnight stands beside them
        (`botscan.accounts.creation_dates.MidnightVotes`).
    """

    platform: str | None = None
    observed_at: datetime | None = None
    date_orders: Mapping[str, DateOrder] = field(default_factory=dict)
    tz: str | None = None
    zone_fault_hours: int = 0
    has_creation_days: bool = False


def platform_named(text: str) -> str:
    """Return the canonical form of a platform's name: trimmed, lower case, synonyms resolved.

    Examples
    --------
    >>> platform_named(" X ")
    'twitter'
    """
    name = text.strip().lower()
    return PLATFORM_SYNONYMS.get(name, name)


def check_platform(text: str, *, source: str | None = None) -> str:
    """Return the canonical name of a platform that somebody typed.

    Raises
    ------
    SchemaError
        botscan does not know the platform; lists those it does.

    Examples
    --------
    >>> check_platform("Twitter")
    'twitter'
    """
    if not isinstance(text, str):
        raise SchemaError(
            f"platform is of type {type(text).__name__}, wanted text.",
            source=source,
            remedy=f"Give one of {', '.join(PLATFORMS)}.",
        )
    name = platform_named(text)
    if name not in PLATFORMS:
        near = difflib.get_close_matches(name, PLATFORMS, n=1)
        raise SchemaError(
            f"The platform {name[:40]!r} is not known.",
            source=source,
            remedy=f"{f'Did you mean {near[0]}? ' if near else ''}Known are {', '.join(PLATFORMS)}.",
        )
    return name


def check_observed_at(moment: datetime | None, *, source: str | None = None) -> datetime | None:
    """Return when a list was seen as a moment with a zone: without one it is taken as UTC, as in files.

    Raises
    ------
    SchemaError
        It is no datetime.

    Examples
    --------
    >>> check_observed_at(datetime(2026, 6, 30)).isoformat()
    '2026-06-30T00:00:00+00:00'
    """
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        raise SchemaError(
            f"observed_at wants a datetime, found {type(moment).__name__}.",
            source=source,
            remedy="Give for instance datetime(2026, 6, 30, tzinfo=UTC).",
        )
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def one_platform(
    found: Mapping[str, int], chosen: str | None, *, source: str | None = None, n_rows: int = 0
) -> str | None:
    """Return the one platform of a list, from what its rows name and what the caller chose.

    Parameters
    ----------
    found
        Rows per platform, as the list itself says; empty when it does not.
    chosen
        Platform that the caller named.
    source, n_rows
        For the message.

    Raises
    ------
    SchemaError
        The rows name several platforms and none was chosen, or none of them is the chosen one.

    Examples
    --------
    >>> one_platform({"twitter": 3}, None), one_platform({"twitter": 3, "tiktok": 1}, "tiktok"), one_platform({}, None)
    ('twitter', 'tiktok', None)
    """
    if chosen is not None and (chosen in found or not found):
        return chosen
    if chosen is None and len(found) <= 1:
        return next(iter(found), None)
    # A word that names no platform may be anything a stranger typed: it is counted, not shown.
    known = {platform: count for platform, count in found.items() if platform in PLATFORMS}
    listed = ", ".join(f"{platform} ({count} rows)" for platform, count in known.items())
    n_other = sum(found.values()) - sum(known.values())
    if n_other:
        listed = f"{f'{listed} and ' if listed else ''}{n_other} rows of no known platform"
    example = next(iter(known), next(iter(PLATFORMS)))
    wanted = "one platform" if chosen is None else chosen
    raise SchemaError(
        f"Wanted {wanted} in {n_rows} rows, found {listed}.",
        source=source,
        column="platform",
        remedy=f"Choose one: --platform {example}, in Python platform={example!r}.",
    )


def count_platforms(cells: pa.Array | pa.ChunkedArray) -> dict[str, int]:
    """Count the rows of each platform that a ``platform`` column names, most rows first; empty cells are left out.

    Examples
    --------
    >>> count_platforms(pa.array(["X", "twitter", "tiktok", None, ""]))
    {'twitter': 2, 'tiktok': 1}
    """
    counts: dict[str, int] = {}
    for item in parse_words(cells).values.value_counts().to_pylist():
        if item["values"] is not None:
            name = platform_named(item["values"])
            counts[name] = counts.get(name, 0) + int(item["counts"])
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
