"""simulate_purchase: known purchases put into this very list, and how often the search for blocks sees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from botscan.accounts import AccountTable
from botscan.blocks import FollowBlocks, find_follow_blocks
from botscan.blocks.columns import mark_columns
from botscan.blocks.finder import Stretch, find_stretches
from botscan.blocks.order_evidence import UNKNOWN_TIME, OrderEvidence
from botscan.blocks.search import gather_evidence
from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.display import DIGITS
from botscan.errors import ModelError
from botscan.evidence.profile import ScoreProfile
from botscan.evidence.scores import Scores
from botscan.follow_times import FollowTimes, infer_follow_times
from botscan.follow_times.places import Places
from botscan.follow_times.times import last_moment
from botscan.notes import Note
from botscan.power.purchase import Delivery, Ground, splice, without
from botscan.power.purchase_power import PurchasePower, SizePower
from botscan.power.question import SHARES, PurchaseKind, PurchaseQuestion
from botscan.power.timeline import ASSUMED_DAYS, Timeline
from botscan.prevalence.intervals import normal_quantile, wilson_interval
from botscan.prevalence.without_labels.new_audience import bought_families

#: A purchase is seen when a stretch holds so much of it.
_SEEN_PART = 0.3
#: Searches for blocks that the list has already; more than a few are never needed.
_ROUNDS = 4
#: Families that are seen so differently, in as many repetitions each, are worth a note.
_DIFFERENT, _FEWEST_OF_FAMILY = 0.5, 3

#: Whether a purchase was seen, and the lower bound of the excess over its size.
_Outcome = tuple[bool, float]


def simulate_purchase(
    accounts: AccountTable,
    n: int | None = None,
    kind: PurchaseKind = "batch",
    spread_days: float | None = None,
    *,
    scores: Scores | None = None,
    profile: ScoreProfile | None = None,
    repetitions: int = 30,
    shares: Sequence[float] = SHARES,
    random_state: int = 0,
    confidence_level: float = 0.95,
    n_jobs: int = 1,
) -> PurchasePower:
    """Put made-up purchases into this very list, many times, and count how often the search for blocks sees them.

    Each purchase begins at a place of the follow order drawn at random, behind the places whose follow times are too
    uncertain and outside the blocks that the list has already: these are found first and taken out. The bought accounts
    follow evenly through the delivery and stand between the followers of their time. They score as followers of known
    sellers did under a model that had seen none of their seller, one seller a repetition, in turn. Nothing is made up
    about handles and activity: they are unknown. A purchase is seen when a block holds at least 30 % of it.

    Parameters
    ----------
    accounts
        The list, with ``follow_rank``.
    n
        Accounts bought, at least 1 and at most as many as the list has in order; None tries all `shares`.
    kind
        ``batch``: accounts made within 20 days of each other, 5 to 60 days before delivery begins; ``drip``: the same,
        delivered over 90 days; ``aged``: accounts as old as the other followers.
    spread_days
        How long delivery lasts, above 0; None for 2 days, 90 for a drip. Where no follow times can be bounded, the list
        is taken to have grown evenly for 1,500 days.
    scores
        Scores of the same accounts, in the same order; without them only dates are looked at.
    profile
        How accounts of known truth score under the same model and evidence pattern; without it scores are left aside.
    repetitions
        Purchases of each size, at least 1.
    shares
        Sizes tried when `n` is None, as shares of the followers in order, in (0, 1].
    random_state
        Seed, at least 0. Every repetition has random numbers of its own, so the result is the same in any order of
        work. A repetition begins at the same place for all sizes.
    confidence_level
        Of the intervals, in (0, 1).
    n_jobs
        Processes, at least 1. The search is made for each purchase: 20,000 followers take one or two tenths of a
        second, longer lists more in proportion.

    Returns
    -------
    power
        One entry a size; none, with a note, where the list has fewer than 200 accounts in order, no order, or neither
        scores nor dates.

    Raises
    ------
    SchemaError
        An argument is out of range, or the scores are of other accounts.
    ModelError
        Scores and profile come from different models or evidence patterns.
    BotscanError
        The confidence level is not between 0 and 1.

    Examples
    --------
    >>> from botscan.simulate import make_follow_history
    >>> accounts = make_follow_history(2_000).accounts
    >>> power = simulate_purchase(accounts, n=100, repetitions=5)
    >>> power.sizes[0].n_bought, power.sizes[0].detected
    (100, 5)
    """
    question = PurchaseQuestion(n, kind, spread_days, repetitions, shares, random_state, n_jobs)
    days = question.days
    normal_quantile(confidence_level)
    _check_same(scores, profile)
    blocks = find_follow_blocks(accounts, scores)

    nothing = PurchasePower((), kind, days, None, blocks.n_ordered, (), confidence_level)
    if not blocks.examined:
        return replace(nothing, notes=blocks.notes)
    sizes = question.sizes(blocks.n_ordered)
    families = _families(scores, profile)
    times = infer_follow_times(accounts)
    ground = _ground(accounts, scores if families else None, blocks, times)
    if not ground.dated_share and not ground.scored_share:
        return replace(nothing, notes=(Note("power_nothing_known"),))
    runs = _Runs(ground, [Delivery(size, kind, days) for size in sizes], families, random_state)
    outcomes = _outcomes(runs, repetitions, n_jobs)
    powers = [
        _power(size, [one[index] for one in outcomes], blocks.n_ordered, confidence_level)
        for index, size in enumerate(sizes)
    ]
    return replace(
        nothing,
        sizes=tuple(powers),
        spread_days=min(days, ground.timeline.span / MICROSECONDS_PER_DAY),
        spread_share=None if ground.timeline.is_dated else min(1.0, days / ASSUMED_DAYS),
        examined=tuple(dict.fromkeys(column.evidence for column in mark_columns(ground.evidence))),
        notes=(*_notes(ground, blocks, families, days), *_differences(outcomes, len(families), sizes[-1])),
    )


@dataclass(frozen=True, eq=False)
class _Runs:
    """Purchases of all sizes, repetition by repetition."""

    ground: Ground
    deliveries: Sequence[Delivery]
    families: Sequence[NDArray[np.uint64]]
    random_state: int

    def __call__(self, repetition: int) -> list[_Outcome]:
        """Return the outcome of each size; it depends on nothing but the repetition."""
        counts = self.families[repetition % len(self.families)] if self.families else None
        return [self._outcome(delivery, counts, repetition) for delivery in self.deliveries]

    def _outcome(self, delivery: Delivery, counts: NDArray[np.uint64] | None, repetition: int) -> _Outcome:
        seed = np.random.SeedSequence([self.random_state, repetition])
        spliced = splice(self.ground, delivery, counts, np.random.Generator(np.random.Philox(seed)))
        stretches, _ = find_stretches(spliced.evidence)
        return _seen(stretches, spliced.is_bought)


def _outcomes(runs: _Runs, repetitions: int, n_jobs: int) -> list[list[_Outcome]]:
    if n_jobs == 1:
        return [runs(repetition) for repetition in range(repetitions)]
    # Threads would wait for each other: the search is many short steps. Measured on two cores, they were slower.
    from joblib import Parallel, delayed

    return list(Parallel(n_jobs=n_jobs)(delayed(runs)(repetition) for repetition in range(repetitions)))


def _seen(stretches: Sequence[Stretch], is_bought: NDArray[np.bool_]) -> _Outcome:
    """Return whether a stretch holds enough of the purchase, and the excess of those that do over its size.

    Of the excess only bought accounts that show signs count: organic ones who are alike are no part of the purchase.
    """
    n_bought = int(is_bought.sum())
    holding = [
        one for one in stretches if int(is_bought[one.start : one.stop].sum()) >= max(_SEEN_PART * n_bought, 1.0)
    ]
    counted = (min(one.n_excess_lower, int(is_bought[one.marked].sum())) for one in holding)
    return bool(holding), sum(counted) / n_bought


def _power(n_bought: int, outcomes: Sequence[_Outcome], n_ordered: int, confidence_level: float) -> SizePower:
    excess = [share for is_seen, share in outcomes if is_seen]
    power = len(excess) / len(outcomes)
    interval = wilson_interval(power, len(outcomes), confidence_level)
    mean = float(np.mean(excess)) if excess else None
    return SizePower(n_bought / n_ordered, n_bought, len(outcomes), len(excess), power, *interval, mean)


def _families(scores: Scores | None, profile: ScoreProfile | None) -> list[NDArray[np.uint64]]:
    """Return how each family of bought followers scores; none where the list or the model tells no scores."""
    if scores is None or profile is None or not scores.is_scored.any():
        return []
    return [counts for _, counts in sorted(bought_families(profile).items()) if counts.sum() > 0]


def _ground(accounts: AccountTable, scores: Scores | None, blocks: FollowBlocks, times: FollowTimes) -> Ground:
    """Return what purchases are put into: the list without what is known of the accounts in its own blocks."""
    places = Places.of_table(accounts.table)
    evidence = gather_evidence(accounts, scores, times, places)
    timeline = _timeline(accounts, times, places, evidence)
    is_taken = np.zeros(len(places.rows), dtype=bool)
    for block in blocks.blocks:
        is_taken |= (places.ranks >= block.first_rank) & (places.ranks <= block.last_rank)
    dated_share = float((evidence.created_at != UNKNOWN_TIME).mean()) if timeline.is_dated else 0.0
    scored_share = float((~np.isnan(evidence.log_odds)).mean())
    is_taken = _taken(evidence, is_taken)
    return Ground(without(evidence, is_taken), is_taken, timeline, dated_share, scored_share)


def _taken(evidence: OrderEvidence, is_taken: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return who stands in a block, with those blocks that only show when the others are gone."""
    for _ in range(_ROUNDS):
        stretches, _ = find_stretches(without(evidence, is_taken))
        if not stretches:
            break
        is_taken = is_taken.copy()
        for one in stretches:
            is_taken[one.start : one.stop] = True
    return is_taken


def _timeline(accounts: AccountTable, times: FollowTimes, places: Places, evidence: OrderEvidence) -> Timeline:
    rank = times.warm_up_rank
    first = 0 if rank is None else int(np.searchsorted(places.ranks, rank))
    return Timeline.of_bounds(evidence.followed_after, first, last_moment(accounts.observed_at))


def _notes(ground: Ground, blocks: FollowBlocks, families: Sequence[NDArray[np.uint64]], days: float) -> Iterator[Note]:
    timeline = ground.timeline
    yield Note("power_of_such_accounts")
    if blocks.blocks:
        yield Note("power_further_purchase", count=len(blocks.blocks))
    if families:
        yield Note("power_families", count=len(families))
    else:
        yield Note("power_without_scores")
    if not timeline.is_dated:
        yield Note("power_without_times", numbers={"days": int(ASSUMED_DAYS)})
    elif not ground.dated_share:
        yield Note("power_without_dates")
    if timeline.span < days * MICROSECONDS_PER_DAY:
        yield Note("power_spread_cut", numbers={"days": round(days, DIGITS)})


def _differences(outcomes: Sequence[Sequence[_Outcome]], n_families: int, n_bought: int) -> Iterator[Note]:
    """Yield how far the families of bought followers differ, where that matters: chance alone is not what is left."""
    if n_families < 2 or len(outcomes) < _FEWEST_OF_FAMILY * n_families:
        return
    seen = np.array([outcome[-1][0] for outcome in outcomes], dtype=np.float64)
    rates = [float(seen[family::n_families].mean()) for family in range(n_families)]
    if max(rates) - min(rates) >= _DIFFERENT:
        numbers = {"n_bought": n_bought, "lowest": round(min(rates), DIGITS), "highest": round(max(rates), DIGITS)}
        yield Note("power_differs_by_family", numbers=numbers)


def _check_same(scores: Scores | None, profile: ScoreProfile | None) -> None:
    if scores is None or profile is None:
        return
    if (scores.model_sha256, scores.pattern) != (profile.model, profile.pattern):
        raise ModelError(
            f"The scores come from {scores.model_sha256[:12]!r} and {scores.pattern!r}, the profile from"
            f" {profile.model[:12]!r} and {profile.pattern!r}.",
            remedy="Take the profile of the model and the columns that score this list.",
        )
