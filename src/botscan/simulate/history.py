"""make_follow_history: a whole follower list with purchases and viral bursts of which everything is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from botscan.accounts import AccountTable
from botscan.errors import SchemaError
from botscan.schema import PLATFORMS
from botscan.simulate.audience import (
    AUDIENCE_AGE,
    MAX_ACCOUNTS,
    check_setting,
    chosen_columns,
    draw_among,
    instants,
    make_columns,
)
from botscan.simulate.follow_order import FollowSkeleton, Purchase, ViralBurst, make_follow_skeleton
from botscan.simulate.kinds import KINDS

_SOURCE = "make_follow_history"
_ORGANIC = [index for index, kind in enumerate(KINDS) if not kind.is_suspicious]
#: Accounts made in batches, and accounts that are bought with a past.
_BATCH = [index for index, kind in enumerate(KINDS) if kind.is_suspicious and kind.bands]
_AGED = [index for index, kind in enumerate(KINDS) if kind.is_suspicious and not kind.bands]
#: Organic accounts have reached the counts of their kind after so many days.
_GROWN_DAYS = 365.0


@dataclass(frozen=True, eq=False)
class SimulatedHistory:
    """A made-up follower list of which is known who was bought, in which purchase, and when each account followed.

    Attributes
    ----------
    accounts
        The list, newest follower first.
    is_bought
        Whether each account was bought, in the order of `accounts`, shape (n,).
    purchase
        Which purchase each account belongs to, int32, shape (n,); -1 for organic followers.
    viral
        Which viral burst brought each account, int32, shape (n,); -1 for all others.
    followed_at
        True follow times, datetime64[us] in UTC, shape (n,).
    """

    accounts: AccountTable
    is_bought: NDArray[np.bool_] = field(repr=False)
    purchase: NDArray[np.int32] = field(repr=False)
    viral: NDArray[np.int32] = field(repr=False)
    followed_at: NDArray[np.datetime64] = field(repr=False)


def make_follow_history(
    n: int = 20_000,
    purchases: Sequence[Purchase] = (),
    viral_bursts: Sequence[ViralBurst] = (),
    platform: str = "twitter",
    random_state: int = 0,
    *,
    observed_at: datetime = datetime(2026, 6, 30, tzinfo=UTC),
    columns: Sequence[str] | None = None,
) -> SimulatedHistory:
    """Make a follower list with purchases and viral bursts in its history.

    Organic followers come at a rate that wanders and grows, some of them new to the platform. Accounts of a batch or
    made afresh are empty and carry handles of a name and digits; aged ones have a past. All persons are invented.

    Parameters
    ----------
    n
        Organic followers that no viral burst brought, at least 0; with all others at most 2,000,000.
    purchases
        Deliveries of bought followers.
    viral_bursts
        Bursts of organic followers.
    platform
        Platform whose export the list looks like; it decides which columns there are.
    random_state
        Seed; the same arguments give the same list.
    observed_at
        When the list was seen, UTC. The audience is then 1,500 days old, or as old as the platform.
    columns
        Canonical columns to keep; None keeps all that an export of the platform carries, which are follow times for
        Instagram alone.

    Returns
    -------
    history
        The list, newest follower first, with its truth.

    Raises
    ------
    SchemaError
        When an argument is out of range, a purchase or a burst began before the audience did, or a column is not one
        that the platform's export carries.

    Examples
    --------
    >>> history = make_follow_history(900, [Purchase(60, start_days_ago=300)], [ViralBurst(40, days_ago=100)])
    >>> history.accounts.n_accounts, int(history.is_bought.sum()), int((history.viral == 0).sum())
    (1000, 60, 40)
    >>> days = history.followed_at[history.is_bought].astype("datetime64[D]")
    >>> print(days.min(), days.max())
    2025-09-03 2025-09-04
    """
    check_setting(platform, observed_at, source=_SOURCE)
    kept = chosen_columns(columns, platform, source=_SOURCE)
    _check_size(n, purchases, viral_bursts)
    random = np.random.Generator(np.random.Philox(random_state))
    platform_age = (observed_at - PLATFORMS[platform].first_day).total_seconds() / 86_400
    skeleton = make_follow_skeleton(
        n,
        purchases,
        viral_bursts,
        audience_age_days=min(AUDIENCE_AGE, platform_age),
        platform_age_days=platform_age,
        random=random,
    )
    kind = _draw_kinds(random, skeleton, purchases)[::-1]
    ages, follow_age = skeleton.account_age_days[::-1], skeleton.followed_days_ago[::-1]
    purchase, viral = skeleton.purchase[::-1].copy(), skeleton.viral[::-1].copy()
    # An account of a few days has not written the posts of years.
    grown = np.where(purchase < 0, np.minimum(ages / _GROWN_DAYS, 1.0), 1.0)
    table = make_columns(random, kind, ages, follow_age, platform=platform, observed_at=observed_at, grown=grown)
    accounts = AccountTable.from_frame(
        table.select(kept), platform=platform, observed_at=observed_at, source="simulated history"
    )
    followed_at = instants(observed_at, follow_age).to_numpy(zero_copy_only=False)
    return SimulatedHistory(accounts, purchase >= 0, purchase, viral, followed_at)


def _draw_kinds(
    random: np.random.Generator, skeleton: FollowSkeleton, purchases: Sequence[Purchase]
) -> NDArray[np.int64]:
    kind = draw_among(random, _ORGANIC, len(skeleton))
    for index, purchase in enumerate(purchases):
        kind[skeleton.purchase == index] = draw_among(random, _AGED if purchase.kind == "aged" else _BATCH, purchase.n)
    return kind


def _check_size(n: int, purchases: Sequence[Purchase], viral_bursts: Sequence[ViralBurst]) -> None:
    n_all = n + sum(one.n for one in purchases) + sum(one.n for one in viral_bursts)
    if n < 0 or not 1 <= n_all <= MAX_ACCOUNTS:
        raise SchemaError(
            f"n is {n} and the list would have {n_all} accounts, wanted 1 to {MAX_ACCOUNTS:,}.",
            source=_SOURCE,
            remedy="Choose an n of 0 or more, and fewer or smaller purchases and bursts.",
        )
