"""make_audience: a follower list with known truth, from generators that know nothing of any model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from botscan.accounts import AccountTable
from botscan.errors import SchemaError
from botscan.schema import ACCOUNT_COLUMN, PLATFORMS
from botscan.simulate.kinds import KINDS, QUANTILES, Kind, Spread
from botscan.simulate.texts import (
    PLACES,
    SITES,
    integers,
    make_bios,
    make_display_names,
    make_handles,
    pick,
    where,
)

_COMMON = (
    "account_id", "platform", "handle", "display_name", "bio", "observed_at", "follow_rank", "followers_count",
    "following_count", "posts_count", "is_verified", "is_private", "has_avatar",
)  # fmt: skip
#: What an export of each platform carries beside the common columns; others carry `created_at`.
PLATFORM_COLUMNS: dict[str, tuple[str, ...]] = {
    "twitter": (
        "location", "website", "created_at", "last_post_at", "likes_given_count", "listed_count",
        "has_default_theme", "has_geo",
    ),
    "instagram": ("website", "followed_at", "is_business"),
    "tiktok": ("created_at", "likes_received_count"),
}  # fmt: skip

MAX_ACCOUNTS = 2_000_000
_DAY_US = 86_400_000_000
#: Days since the audience's account was opened.
AUDIENCE_AGE = 1_500.0
_BURST_DAYS = 2.0
_DRIP_DAYS = 90.0
#: How much followers, following, posts and likes of one account go together: chance to share one draw.
_TOGETHER = 0.5
_TWITTER_EPOCH_MS = 1_288_834_974_657


@dataclass(frozen=True, eq=False)
class SimulatedAudience:
    """A made-up follower list whose truth is known.

    Attributes
    ----------
    accounts
        The list, newest follower first.
    is_suspicious
        Whether each account was bought, in the order of `accounts`, shape (n,).
    organic_share
        Share of the accounts that were not bought, exactly.
    kinds
        Name of the generator of each account, in the order of `accounts`, shape (n,).
    """

    accounts: AccountTable
    is_suspicious: NDArray[np.bool_] = field(repr=False)
    organic_share: float
    kinds: NDArray[np.str_] = field(repr=False)


def make_audience(
    n: int = 5_000,
    organic_share: float = 0.8,
    platform: str = "twitter",
    random_state: int = 0,
    observed_at: datetime = datetime(2026, 6, 30, tzinfo=UTC),
    *,
    columns: Sequence[str] | None = None,
) -> SimulatedAudience:
    """Make a follower list with known truth.

    Ordinary people, quiet readers, mass followers and celebrities on one side; empty young batches, aged filled-in
    accounts and accounts that follow everyone on the other. All persons are invented.

    Parameters
    ----------
    n
        Number of followers, 1 to 2,000,000.
    organic_share
        Share of followers that were not bought, in [0, 1]; met as closely as whole accounts allow.
    platform
        Platform whose export the list looks like; it decides which columns there are.
    random_state
        Seed; the same arguments give the same list on every machine.
    observed_at
        When the list was seen, UTC.
    columns
        Canonical columns to keep, for instance ``("account_id",)`` for a list of bare ids; None keeps all that an
        export of the platform carries.

    Returns
    -------
    audience
        The list, newest follower first, with its truth.

    Raises
    ------
    SchemaError
        When an argument is out of range, or a column is not one that the platform's export carries.

    Examples
    --------
    >>> audience = make_audience(n=200, organic_share=0.75, random_state=1)
    >>> audience.accounts.n_accounts, int(audience.is_suspicious.sum()), audience.organic_share
    (200, 50, 0.75)
    """
    _check(n, organic_share)
    check_setting(platform, observed_at, source="make_audience")
    random = np.random.Generator(np.random.Philox(random_state))
    n_suspicious = round((1 - organic_share) * n)
    kind = _draw_kinds(random, n, n_suspicious)
    ages = _draw_ages(random, kind, observed_at, platform)
    follow_age = _draw_follow_ages(random, kind, ages)
    newest_first = np.argsort(follow_age, kind="stable")
    kind, ages, follow_age = kind[newest_first], ages[newest_first], follow_age[newest_first]

    table = make_columns(random, kind, ages, follow_age, platform=platform, observed_at=observed_at)
    table = table.select(chosen_columns(columns, platform, source="make_audience"))
    accounts = AccountTable.from_frame(table, platform=platform, observed_at=observed_at, source="simulated audience")
    is_suspicious = np.array([one.is_suspicious for one in KINDS])[kind]
    names = np.array([one.name for one in KINDS])[kind]
    return SimulatedAudience(accounts, is_suspicious, 1 - n_suspicious / n, names)


def _check(n: int, organic_share: float) -> None:
    if not 1 <= n <= MAX_ACCOUNTS:
        raise SchemaError(
            f"n is {n}, wanted a whole number from 1 to {MAX_ACCOUNTS:,}.",
            source="make_audience",
            remedy="A larger list is made of several with different seeds.",
        )
    if not 0 <= organic_share <= 1:
        raise SchemaError(
            f"organic_share is {organic_share}, wanted a share from 0 to 1.",
            source="make_audience",
            remedy="Write 0.8 for 80 %.",
        )


def check_setting(platform: str, observed_at: object, *, source: str) -> None:
    """Refuse an unknown platform, and an observation without a time zone or before the platform's first day."""
    if platform not in PLATFORMS:
        raise SchemaError(
            f"The platform {platform!r} is not known.",
            source=source,
            remedy=f"Choose one of {', '.join(PLATFORMS)}.",
        )
    if not isinstance(observed_at, datetime) or observed_at.tzinfo is None:
        raise SchemaError(
            "observed_at is no datetime with a time zone.",
            source=source,
            remedy="Write datetime(2026, 6, 30, tzinfo=UTC).",
        )
    first_day = PLATFORMS[platform].first_day
    if observed_at < first_day:
        raise SchemaError(
            f"observed_at lies before the first day of {platform}.",
            source=source,
            remedy=f"Choose a day after {first_day.date().isoformat()}.",
        )


def chosen_columns(columns: Sequence[str] | None, platform: str, *, source: str) -> list[str]:
    """Return the columns to keep, in canonical order; None keeps all that an export of the platform carries."""
    carried = (*_COMMON, *PLATFORM_COLUMNS.get(platform, ("created_at",)))
    if columns is not None:
        unknown = sorted(set(columns) - set(carried))
        if unknown:
            raise SchemaError(
                f"An export of this platform does not carry {', '.join(unknown)}.",
                source=source,
                remedy=f"Choose among {', '.join(carried)}.",
            )
    return [name for name in ACCOUNT_COLUMN if name in (carried if columns is None else columns)]


def _draw_kinds(random: np.random.Generator, n: int, n_suspicious: int) -> NDArray[np.int64]:
    """Draw the index of a kind for each account; exactly `n_suspicious` are bought, the first ones."""
    parts = []
    for is_suspicious, size in ((True, n_suspicious), (False, n - n_suspicious)):
        members = [index for index, kind in enumerate(KINDS) if kind.is_suspicious == is_suspicious]
        parts.append(draw_among(random, members, size))
    return np.concatenate(parts)


def draw_among(random: np.random.Generator, members: Sequence[int], n: int) -> NDArray[np.int64]:
    """Draw `n` of some kinds, given by their indices, by their weights."""
    ends = np.cumsum([KINDS[index].weight for index in members])
    position = np.searchsorted(ends / ends[-1], random.random(n), side="right")
    return np.asarray(members)[np.minimum(position, len(members) - 1)]


def _draw_ages(
    random: np.random.Generator, kind: NDArray[np.int64], observed_at: datetime, platform: str
) -> NDArray[np.float64]:
    """Draw the age of each account in days; batches stand in narrow creation bands."""
    ages = _spread(random.random(len(kind)), kind, "age_days")
    for index, one in enumerate(KINDS):
        if one.bands:
            band = _spread(random.random(one.bands), np.full(one.bands, index), "age_days")
            members = kind == index
            size = int(members.sum())
            ages[members] = band[integers(random, one.bands, size)] + 2.5 * random.random(size)
    oldest = (observed_at - PLATFORMS[platform].first_day).total_seconds() / 86_400
    # No account is older than its platform: those that would be are spread over its first half.
    first_half = max(oldest, 1.0) * (0.5 + 0.5 * random.random(len(kind)))
    return np.where(ages < oldest, ages, first_half)


def _draw_follow_ages(
    random: np.random.Generator, kind: NDArray[np.int64], ages: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Draw how many days ago each account followed; never before it was made."""
    within = random.random(len(kind))
    follow_age = within * AUDIENCE_AGE
    for index, one in enumerate(KINDS):
        members = kind == index
        if one.arrival == "burst":
            # Each kind was delivered in one go, soon after its youngest account was made.
            start = 0.9 * float(ages[members].min(initial=AUDIENCE_AGE))
            follow_age[members] = np.maximum(start - _BURST_DAYS * within[members], 0.1)
        elif one.arrival == "drip":
            follow_age[members] = _DRIP_DAYS * within[members]
    # People who joined the platform later than this audience began followed at some time of their own life.
    return np.where(follow_age <= ages, follow_age, within * ages)


def make_columns(
    random: np.random.Generator,
    kind: NDArray[np.int64],
    ages: NDArray[np.float64],
    follow_age: NDArray[np.float64],
    *,
    platform: str,
    observed_at: datetime,
    grown: NDArray[np.float64] | None = None,
) -> pa.Table:
    """Make every column, in canonical types.

    Parameters
    ----------
    random
        Source of all chance.
    kind
        Index of the kind of each account, shape (n,), newest follower first.
    ages, follow_age
        Days since each account was made and since it followed, shape (n,).
    platform, observed_at
        Where and when the list was seen.
    grown
        Part of their counts that accounts have reached, in [0, 1], shape (n,); all of it when not given.
    """
    n = len(kind)
    reach = random.random(n)
    counts = {name: _count(random, kind, reach, name) for name in ("followers", "following", "posts", "listed")}
    counts["likes_given"] = _count(random, kind, reach, "likes_given")
    if grown is not None:
        counts = {name: (count * grown).astype(np.int64) for name, count in counts.items()}
    counts["likes_received"] = counts["posts"] * _count(random, kind, reach, "likes_received_per_post")
    post_age = np.minimum(_spread(random.random(n), kind, "days_since_post"), ages * random.random(n))

    observed_us = int(observed_at.timestamp()) * 1_000_000
    is_batch = np.array([one.handle_style == "batch" for one in KINDS])[kind]
    is_seller = np.array([one.bio_style == "seller" for one in KINDS])[kind]
    chance = {name: _flag(random, kind, name) for name in KINDS[0].chances}
    return pa.table(
        {
            "account_id": _make_ids(random, ages, observed_us, platform),
            "platform": pa.repeat(pa.scalar(platform, pa.large_string()), n),
            "handle": make_handles(random, is_batch),
            "display_name": make_display_names(random, n),
            "bio": where(chance["bio"], make_bios(random, is_seller), ""),
            "location": where(chance["location"], pick(random, PLACES, n), ""),
            "website": where(chance["website"], pick(random, SITES, n), ""),
            "created_at": instants(observed_at, ages),
            "observed_at": instants(observed_at, np.zeros(n)),
            "last_post_at": instants(observed_at, post_age, known=counts["posts"] > 0),
            "followed_at": instants(observed_at, follow_age),
            "follow_rank": pa.array(np.arange(n)[::-1]),
            "followers_count": pa.array(counts["followers"]),
            "following_count": pa.array(counts["following"]),
            "posts_count": pa.array(counts["posts"]),
            "likes_given_count": pa.array(counts["likes_given"]),
            "likes_received_count": pa.array(counts["likes_received"]),
            "listed_count": pa.array(counts["listed"]),
            "is_verified": pa.array(chance["verified"]),
            "is_private": pa.array(chance["private"]),
            "is_business": pa.array(chance["business"]),
            "has_avatar": pa.array(chance["avatar"]),
            "has_default_theme": pa.array(chance["theme"]),
            "has_geo": pa.array(chance["geo"]),
        }
    )


def _spread(draws: NDArray[np.float64], kind: NDArray[np.int64], name: str) -> NDArray[np.float64]:
    """Turn uniform draws into values of the kinds' spreads, shape (n,)."""
    values = np.empty(len(kind))
    for index, one in enumerate(KINDS):
        members = kind == index
        values[members] = np.interp(draws[members], QUANTILES, _spread_of(one, name))
    return values


def _spread_of(kind: Kind, name: str) -> Spread:
    spread: Spread = getattr(kind, name)
    return spread


def _count(
    random: np.random.Generator, kind: NDArray[np.int64], reach: NDArray[np.float64], name: str
) -> NDArray[np.int64]:
    """Draw a count; half of the accounts take it from their common draw `reach`, so that counts go together."""
    own = random.random(len(kind))
    draws = np.where(random.random(len(kind)) < _TOGETHER, reach, own)
    return _spread(draws, kind, name).astype(np.int64)


def _flag(random: np.random.Generator, kind: NDArray[np.int64], name: str) -> NDArray[np.bool_]:
    chance = np.array([one.chances[name] for one in KINDS])[kind]
    flags: NDArray[np.bool_] = random.random(len(kind)) < chance
    return flags


def instants(observed_at: datetime, days_ago: NDArray[np.float64], known: NDArray[np.bool_] | None = None) -> pa.Array:
    """Turn days before the observation into whole seconds, UTC."""
    seconds = int(observed_at.timestamp()) - (days_ago * 86_400).astype(np.int64)
    mask = None if known is None else ~known
    return pa.array(seconds * 1_000_000, pa.timestamp("us", tz="UTC"), mask=mask)


def _make_ids(random: np.random.Generator, ages: NDArray[np.float64], observed_us: int, platform: str) -> pa.Array:
    """Make unique ids as text; on Twitter and TikTok they hold the creation time, as real ones do."""
    n = len(ages)
    serial = np.argsort(random.random(n), kind="stable").astype(np.int64)
    created_us = observed_us - (ages * _DAY_US).astype(np.int64)
    if platform == "twitter":
        ids = ((np.maximum(created_us // 1000 - _TWITTER_EPOCH_MS, 1)) << 22) | serial
    elif platform == "tiktok":
        ids = ((created_us // 1_000_000) << 32) | serial
    else:
        ids = 70_000_000_000 + serial * 997 + integers(random, 997, n)
    return pa.array(ids).cast(pa.large_string())
