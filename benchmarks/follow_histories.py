"""Seeded follow histories with known truth, for the benchmark of bought blocks.

Times are simulated (`botscan.simulate`); scores and activity are those of real accounts of the bin table, scored by a
model that saw neither the source of the bought ones nor the people beside them (`held_out_rows`). Dates and handles of
real accounts take no part.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from botscan.simulate.follow_order import FollowSkeleton, Purchase, ViralBurst, make_follow_skeleton
from held_out_rows import BOUGHT, HeldOutRows, held_out_rows

AUDIENCE_AGE_DAYS = 1_500.0
#: 2026-06-30, in seconds of the epoch.
OBSERVED_AT = 1_782_777_600
#: A viral crowd looks more suspicious than the regulars: weights exp(tilt * log-odds). Of this tilt 16 to 34 % of a
#: crowd score above the line that 5 % of the regulars pass, at 0.1 7 to 10 %.
VIRAL_TILT = 0.3
#: Between the begin and the end of a history the organic followers become a little more or less suspicious.
DRIFT = 0.15
N_SHAPES = 400
#: Shapes of organic handles: chances fall as 1 / (rank + this), so that the commonest has 8 %.
SHAPE_OFFSET = 2.4
#: Share of a purchase's handles that have one of its own shapes; of these the first two are organic shapes as well.
OWN_SHAPES, N_OWN_SHAPES = 0.6, 3


def source_of(seed: int) -> tuple[str, str]:
    """Return the source and the data set of the bought accounts of a seed: a purchase comes from one seller."""
    source = BOUGHT[seed % len(BOUGHT)]
    return source, _dataset_of(seed, source)


def history(
    seed: int,
    *,
    n: int = 20_000,
    purchase: Purchase | None = None,
    n_viral: int = 0,
    visible: bool = True,
    source: str | None = None,
    viral_tilt: float = VIRAL_TILT,
) -> dict[str, Any]:
    """Make one history in follow order, oldest follower first.

    Parameters
    ----------
    seed
        Seed; it also chooses the source of the bought accounts, in turn.
    n
        Organic followers that no viral burst brought.
    purchase
        What was bought; None for a clean history.
    n_viral
        Viral bursts: each of .5 to 8 % of n, at random times.
    visible
        False when bought accounts score and post as the people beside them: only dates and handles tell.
    source
        Source of the bought accounts, one of `BOUGHT`; it also decides whose people follow.
    viral_tilt
        How much more suspicious viral crowds are; at 0 they are as the regulars on average.

    Returns
    -------
    arrays
        created_at and followed_at (int64, microseconds of the epoch; the latter is the truth), log_odds (float64),
        is_inactive (int8, -1 unknown), handle_shape (int32), is_bought (bool), viral (int32, -1 for none).
    """
    source = source or source_of(seed)[0]
    bought, people = held_out_rows(source)
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, BOUGHT.index(source)])))
    bursts = _viral_bursts(random, n, n_viral)
    skeleton = make_follow_skeleton(
        n, [purchase] if purchase else [], bursts, audience_age_days=AUDIENCE_AGE_DAYS, random=random
    )
    is_bought = skeleton.is_bought
    rows = _organic_rows(random, people, skeleton, viral_tilt)
    log_odds, is_inactive = people.log_odds[rows], people.is_inactive[rows]
    if visible and purchase:
        of_seller = bought.take(bought.dataset == _dataset_of(seed, source))
        rows = (random.random(purchase.n) * len(of_seller)).astype(np.int64)
        log_odds[is_bought], is_inactive[is_bought] = of_seller.log_odds[rows], of_seller.is_inactive[rows]
    return {
        "created_at": _microseconds(skeleton.account_age_days),
        "log_odds": log_odds,
        "is_inactive": is_inactive,
        "handle_shape": _handle_shapes(random, is_bought),
        "is_bought": is_bought,
        "viral": skeleton.viral,
        "followed_at": _microseconds(skeleton.followed_days_ago),
    }


def _dataset_of(seed: int, source: str) -> str:
    datasets = np.unique(held_out_rows(source)[0].dataset)
    return str(datasets[seed // len(BOUGHT) % len(datasets)])


def _viral_bursts(random: np.random.Generator, n: int, n_viral: int) -> list[ViralBurst]:
    draws = random.random((n_viral, 4))
    return [
        ViralBurst(
            n=max(round(n * 0.005 * 16**size), 1),
            days_ago=5 + (AUDIENCE_AGE_DAYS - 10) * when,
            spread_days=1 + 4 * spread,
            young_share=0.05 + 0.25 * young,
        )
        for size, when, spread, young in draws.tolist()
    ]


def _organic_rows(random: np.random.Generator, people: HeldOutRows, skeleton: FollowSkeleton, tilt: float) -> Any:
    """Draw a row of people for each account; bought ones keep it where the scorer cannot see them."""
    by_score = np.argsort(people.log_odds, kind="stable")
    # The exponent on the rank drifts with time; at 1 all people are equally likely.
    ends = np.exp(DRIFT * (2 * random.random(2) - 1))
    exponent = np.interp(-skeleton.followed_days_ago, [-AUDIENCE_AGE_DAYS, 0.0], ends)
    place = random.random(len(skeleton)) ** exponent * len(people)
    rows = by_score[np.minimum(place.astype(np.int64), len(people) - 1)]
    weights = np.cumsum(np.exp(tilt * people.log_odds))
    is_viral = skeleton.viral >= 0
    draws = random.random(int(is_viral.sum())) * weights[-1]
    rows[is_viral] = np.minimum(np.searchsorted(weights, draws, side="right"), len(people) - 1)
    return rows


def _handle_shapes(random: np.random.Generator, is_bought: Any) -> Any:
    chances = np.cumsum(1 / (np.arange(N_SHAPES) + SHAPE_OFFSET))
    shapes = np.searchsorted(chances, random.random(len(is_bought)) * chances[-1], side="right")
    # Two usual shapes, neither among the commonest nor the rarest, and one that people do not have.
    usual = 5 + np.argsort(random.random(95), kind="stable")[: N_OWN_SHAPES - 1]
    own = np.append(usual, N_SHAPES)[(random.random(len(is_bought)) * N_OWN_SHAPES).astype(np.int64)]
    has_own = is_bought & (random.random(len(is_bought)) < OWN_SHAPES)
    return np.where(has_own, own, shapes).astype(np.int32)


def _microseconds(days_ago: Any) -> Any:
    return (OBSERVED_AT - (days_ago * 86_400).astype(np.int64)) * 1_000_000
