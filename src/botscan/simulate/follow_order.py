"""When the followers of a made-up audience followed, and when they opened their accounts: organic, viral and bought.

The organic followers come at a rate that wanders, grows and knows day and night; part of them are new to the platform,
and the platform itself has waves of newcomers. Whoever looks for bought followers must bear all that. Nothing here
comes from a real list, and nothing knows how bought followers are looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import inf
from numbers import Integral
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from botscan.errors import SchemaError

Days = NDArray[np.float64]
PurchaseKind = Literal["batch", "fresh", "aged"]

#: Days between the youngest account of a batch and the begin of its delivery, and between the oldest and the begin.
BATCH_REST = (5.0, 60.0)
#: Days between the making of a fresh account and its follow.
FRESH_REST = (1 / 12, 4.0)
#: Newcomers of a viral burst opened their account so many days before they followed, at most.
VIRAL_NEWCOMER_DAYS = 30.0
#: Days between opening an account and following, on average, of the organic newcomers.
_NEWCOMER_DAYS = 4.0
_HOURS = 24


@dataclass(frozen=True)
class Purchase:
    """One delivery of bought followers.

    Attributes
    ----------
    n
        Bought followers, at least 1.
    start_days_ago
        When delivery began, in days before the observation.
    spread_days
        How long delivery lasts: 2 is a burst, 30 or 90 a drip.
    kind
        ``batch``: accounts made within `band_days` of each other, 5 to 60 days before delivery begins; ``fresh``:
        accounts made while delivery runs, two hours to four days before they follow; ``aged``: creation dates as the
        organic followers have them.
    band_days
        Width of the creation band of a batch.

    Raises
    ------
    SchemaError
        When a value is out of range, or delivery would last longer than until the observation.

    Examples
    --------
    >>> Purchase(n=200, start_days_ago=400)
    Purchase(n=200, start_days_ago=400, spread_days=2.0, kind='batch', band_days=20.0)
    """

    n: int
    start_days_ago: float
    spread_days: float = 2.0
    kind: PurchaseKind = "batch"
    band_days: float = 20.0

    def __post_init__(self) -> None:
        _check_numbers(self)
        if self.kind not in get_args(PurchaseKind):
            raise SchemaError(
                f"The kind of purchase {self.kind!r} is not known.",
                source="Purchase",
                remedy=f"Choose one of {', '.join(get_args(PurchaseKind))}.",
            )
        if self.spread_days > self.start_days_ago:
            raise SchemaError(
                f"A delivery of {self.spread_days} days that began {self.start_days_ago} days ago has not ended.",
                source="Purchase",
                remedy="Choose spread_days of at most start_days_ago.",
            )


@dataclass(frozen=True)
class ViralBurst:
    """Extra organic followers, after something that many people saw.

    Attributes
    ----------
    n
        Extra organic followers, at least 1.
    days_ago
        When it began, in days before the observation.
    spread_days
        Arrivals decay exponentially; this is the mean time from the begin to a follow.
    young_share
        Share of them that opened their account in the 30 days before they followed: a trend brings newcomers to the
        platform too.

    Raises
    ------
    SchemaError
        When a value is out of range.

    Examples
    --------
    >>> ViralBurst(n=500, days_ago=90).spread_days
    3.0
    """

    n: int
    days_ago: float
    spread_days: float = 3.0
    young_share: float = 0.15

    def __post_init__(self) -> None:
        _check_numbers(self)


@dataclass(frozen=True, eq=False)
class FollowSkeleton:
    """Times of a follower list whose truth is known, oldest follower first.

    Attributes
    ----------
    followed_days_ago
        When each account followed, in days before the observation, falling, shape (n,).
    account_age_days
        Age of each account at the observation, shape (n,); never below `followed_days_ago`.
    purchase
        Which purchase each account belongs to, int32, shape (n,); -1 for organic followers.
    viral
        Which viral burst brought each account, int32, shape (n,); -1 for all others.
    """

    followed_days_ago: Days
    account_age_days: Days
    purchase: NDArray[np.int32]
    viral: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.purchase)

    @property
    def is_bought(self) -> NDArray[np.bool_]:
        """Whether each account was bought, shape (n,)."""
        return np.asarray(self.purchase >= 0)


def make_follow_skeleton(
    n_organic: int,
    purchases: Sequence[Purchase] = (),
    viral_bursts: Sequence[ViralBurst] = (),
    *,
    audience_age_days: float = 1_500.0,
    platform_age_days: float = 5_500.0,
    random: np.random.Generator,
) -> FollowSkeleton:
    """Make the follow and creation times of an audience, with known truth.

    Organic followers come at a smooth random rate with growth, a week and a day and night. A share of them, which
    drifts, opened their account within days of following; the others at the sign-up rate of the platform, which varies
    smoothly and has one or two surges of newcomers. Nobody follows before the account exists.

    Parameters
    ----------
    n_organic
        Organic followers that no viral burst brought, at least 0.
    purchases
        Deliveries of bought followers.
    viral_bursts
        Bursts of organic followers.
    audience_age_days
        Days since the audience's account was opened.
    platform_age_days
        Days since the platform began; no account is older.
    random
        Source of all chance; only uniform draws are taken from it.

    Returns
    -------
    skeleton
        Times and truth in follow order, oldest first.

    Raises
    ------
    SchemaError
        When a delivery or a burst began before the audience did, or the audience before the platform.

    Examples
    --------
    >>> random = np.random.Generator(np.random.Philox(1))
    >>> made = make_follow_skeleton(1_000, [Purchase(50, 300)], [ViralBurst(80, 100)], random=random)
    >>> len(made), int(made.is_bought.sum()), int((made.viral == 0).sum())
    (1130, 50, 80)
    >>> bool((made.account_age_days >= made.followed_days_ago).all())
    True
    """
    _check(n_organic, purchases, viral_bursts, audience_age_days, platform_age_days)
    # Inside, time runs forward in days from the first day of the platform.
    begin, now = platform_age_days - audience_age_days, platform_age_days
    signups = _SignUps.drawn(random, begin, now)
    arrivals = _drawn_arrivals(random, n_organic, signups)
    parts = [(arrivals, signups.created_before(random, arrivals), -1, -1)]
    for index, purchase in enumerate(purchases):
        followed = now - purchase.start_days_ago + purchase.spread_days * random.random(purchase.n)
        parts.append((followed, _bought_created(random, purchase, followed, now, signups), index, -1))
    for index, burst in enumerate(viral_bursts):
        followed = _viral_arrivals(random, burst, now)
        parts.append((followed, _viral_created(random, burst, followed, signups), -1, index))

    followed = np.minimum(np.concatenate([part[0] for part in parts]), now)
    created = np.concatenate([part[1] for part in parts])
    sizes = [len(part[0]) for part in parts]
    truth = np.repeat([part[2:] for part in parts], sizes, axis=0).astype(np.int32)
    order = np.argsort(followed, kind="stable")
    followed, truth = followed[order], truth[order]
    created = np.clip(created[order], 0.0, followed)
    return FollowSkeleton(now - followed, now - created, truth[:, 0], truth[:, 1])


@dataclass(frozen=True, eq=False)
class _SignUps:
    """The platform's sign-ups, day by day, and how the organic followers of one audience are drawn from them.

    `cumulative` is the number of sign-ups before each of `days`, `surge` the sign-ups of a surge over the others.
    From the begin of the audience to now the share of newcomers drifts between two values, and so does the exponent
    that makes the others older (above 1) or younger.
    """

    days: Days
    cumulative: Days
    surge: Days
    begin: float
    newcomer_share: tuple[float, float]
    exponent: tuple[float, float]

    @classmethod
    def drawn(cls, random: np.random.Generator, begin: float, now: float) -> _SignUps:
        days = np.linspace(0.0, now, max(int(now), 2) + 1)
        middle = (days[:-1] + days[1:]) / 2
        trend = np.exp(_waves(random, middle / now, 0.5)) * np.sqrt(middle / now)
        surge = np.zeros(len(middle))
        for earliest in (0.0, begin)[: 1 + int(random.random() < 0.5)]:
            centre = earliest + (now - earliest) * random.random()
            width, height = 5 + 35 * random.random(), 0.5 + 2.5 * random.random()
            surge += height * np.exp(-0.5 * ((middle - centre) / width) ** 2)
        cumulative = np.concatenate([[0.0], np.cumsum(trend * (1 + surge))])
        share, exponent = 0.06 + 0.16 * random.random(2), 0.6 + 0.9 * random.random(2)
        return cls(
            days, cumulative, surge, begin, (float(share[0]), float(share[1])), (float(exponent[0]), float(exponent[1]))
        )

    @property
    def now(self) -> float:
        return float(self.days[-1])

    def created_before(self, random: np.random.Generator, followed: Days) -> Days:
        """Draw creation times of organic followers."""
        is_newcomer = random.random(len(followed)) < self.newcomers(followed)[0]
        delay = -_NEWCOMER_DAYS * np.log1p(-random.random(len(followed)))
        return np.where(is_newcomer, followed - delay, self.settled_before(random, followed))

    def settled_before(self, random: np.random.Generator, followed: Days) -> Days:
        """Draw creation times of organic followers who did not come to the platform just then."""
        signed_up = np.interp(followed, self.days, self.cumulative)
        draws = random.random(len(followed)) ** self._drifted(followed, self.exponent)
        return np.interp(draws * signed_up, self.cumulative, self.days)

    def newcomers(self, at: Days) -> tuple[Days, Days]:
        """Return the share of newcomers at each time, and by how much a surge of them raises the rate of follows."""
        usual = self._drifted(at, self.newcomer_share)
        surge = np.interp(at, (self.days[:-1] + self.days[1:]) / 2, self.surge)
        return usual * (1 + surge) / (1 + usual * surge), 1 + usual * surge

    def _drifted(self, at: Days, ends: tuple[float, float]) -> Days:
        return np.interp(at, [self.begin, self.now], ends)


def _drawn_arrivals(random: np.random.Generator, n: int, signups: _SignUps) -> Days:
    """Draw follow times of organic followers from a rate that changes from hour to hour."""
    begin, now = signups.begin, signups.now
    n_hours = max(int((now - begin) * _HOURS), 1)
    edges = np.linspace(begin, now, n_hours + 1)
    hours = (edges[:-1] + edges[1:]) / 2
    part = (hours - begin) / (now - begin)
    growth, week, night = 2.5 * random.random() - 0.25, random.random(), random.random()
    log_rate = _waves(random, part, 0.6) + growth * part
    log_rate += 0.15 * np.cos(2 * np.pi * (hours / 7 + week)) + 0.6 * np.cos(2 * np.pi * (hours + night))
    # No day is like the next: what was posted, what was on.
    days = (hours - begin).astype(np.int64)
    log_rate += 0.5 * (random.random(int(days[-1]) + 1) - 0.5)[days]
    rate = np.exp(log_rate) * signups.newcomers(hours)[1]
    cumulative = np.concatenate([[0.0], np.cumsum(rate)])
    return np.interp(random.random(n) * cumulative[-1], cumulative, edges)


def _waves(random: np.random.Generator, part: Days, spread: float) -> Days:
    """Return a smooth random curve over [0, 1] of about this standard deviation: waves, the short ones lower."""
    numbers = np.array([0.5, 1.0, 2.0, 3.0, 5.0, 8.0])
    heights = (0.5 + random.random(len(numbers))) / numbers**0.5
    heights *= spread / np.sqrt((heights**2).sum() / 2)
    phases = random.random(len(numbers))
    waves = heights[:, None] * np.cos(2 * np.pi * (numbers[:, None] * part + phases[:, None]))
    return np.asarray(waves.sum(axis=0))


def _bought_created(
    random: np.random.Generator, purchase: Purchase, followed: Days, now: float, signups: _SignUps
) -> Days:
    if purchase.kind == "aged":
        return signups.created_before(random, followed)
    draws = random.random(purchase.n)
    if purchase.kind == "fresh":
        return followed - FRESH_REST[0] * (FRESH_REST[1] / FRESH_REST[0]) ** draws
    shortest, longest = BATCH_REST
    rest = shortest + max(longest - shortest - purchase.band_days, 0.0) * random.random()
    youngest = now - purchase.start_days_ago - rest
    # Where the platform is younger than the band is wide, the band begins with the platform.
    return youngest - min(purchase.band_days, max(youngest, 0.0)) * draws


def _viral_arrivals(random: np.random.Generator, burst: ViralBurst, now: float) -> Days:
    """Draw follow times that decay exponentially from the begin of the burst and end with the observation."""
    ended = -np.expm1(-burst.days_ago / burst.spread_days)
    return now - burst.days_ago - burst.spread_days * np.log1p(-ended * random.random(burst.n))


def _viral_created(random: np.random.Generator, burst: ViralBurst, followed: Days, signups: _SignUps) -> Days:
    # Most newcomers came for this very thing: the square puts half of them into the last week.
    delay = VIRAL_NEWCOMER_DAYS * random.random(burst.n) ** 2
    is_newcomer = random.random(burst.n) < burst.young_share
    return np.where(is_newcomer, followed - delay, signups.settled_before(random, followed))


def _check_numbers(made: Purchase | ViralBurst) -> None:
    """Refuse numbers out of range; NaN is in none."""
    for field in fields(made):
        value = getattr(made, field.name)
        if isinstance(value, str):
            continue
        if field.name == "n":
            is_fine, wanted = isinstance(value, Integral) and int(value) >= 1, "a whole number from 1"
        elif field.name == "young_share":
            is_fine, wanted = 0 <= value <= 1, "a share from 0 to 1"
        else:
            is_fine, wanted = 0 < value < inf, "days above 0"
        if not is_fine:
            raise SchemaError(
                f"{field.name} is {value}, wanted {wanted}.",
                source=type(made).__name__,
                remedy="Times are days, counted back from the observation.",
            )


def _check(
    n_organic: int,
    purchases: Sequence[Purchase],
    viral_bursts: Sequence[ViralBurst],
    audience_age_days: float,
    platform_age_days: float,
) -> None:
    if n_organic < 0:
        raise SchemaError(f"n_organic is {n_organic}, wanted 0 or more.", source="make_follow_skeleton")
    if not 0 < audience_age_days <= platform_age_days < inf:
        raise SchemaError(
            f"The audience is {audience_age_days} days old, the platform {platform_age_days}.",
            source="make_follow_skeleton",
            remedy="Choose an audience_age_days above 0 and not above platform_age_days.",
        )
    begins = [one.start_days_ago for one in purchases] + [one.days_ago for one in viral_bursts]
    if begins and max(begins) > audience_age_days:
        raise SchemaError(
            f"A purchase or a viral burst began {max(begins)} days ago, the audience is {audience_age_days} days old.",
            source="make_follow_skeleton",
            remedy="Choose a later begin or an older audience.",
        )
