"""How many followers to fetch and how many accounts to label for an interval of a wanted width."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace

import numpy as np

from botscan.errors import ModelError, NotEnoughAccounts
from botscan.evidence.profile import ScoreProfile
from botscan.notes import Note
from botscan.prevalence.mixture import PRIOR
from botscan.prevalence.planning.plan_question import PlanQuestion, check_scores
from botscan.prevalence.planning.sample_size_plan import SampleSizePlan
from botscan.prevalence.planning.score_worth import FALSE_RATE_SPREAD, TRUE_RATE_SPREAD, KnownDomain, variance_ratio_of
from botscan.prevalence.planning.two_phase_plan import TwoPhases, fewest_labels, first_that_holds

__all__ = ["SampleSizePlan", "effective_size", "labels_needed", "plan_sample_size"]

#: So many followers are as good as endlessly many.
ENDLESS = 10**12

_HALVINGS = 30
_TOLERANCE = 1e-9
#: By how much the aim falls at a time.
_FASTEST, _SLOWEST = 0.5, 0.998
_SHARES = tuple(float(share) for share in np.linspace(0.0, 1.0, 21))


def plan_sample_size(
    margin: float = 0.05,
    *,
    organic_share: float | None = None,
    confidence_level: float = 0.95,
    list_size: int | None = None,
    population: int | None = None,
    cost_per_fetch: float | None = None,
    cost_per_label: float | None = None,
    n_raters: int = 1,
    undecided_share: float = 0.0,
    auc: float | None = None,
    variance_ratio: float = 1.0,
    profile: ScoreProfile | None = None,
    n_validation: int | None = None,
) -> SampleSizePlan:
    """Tell how many followers to fetch and how many of them to label, both at random, at the least cost.

    Parameters
    ----------
    margin
        Half-width wanted, in [0.0001, 0.5).
    organic_share
        What the share is expected to be, in [0, 1]; None for the worst case.
    confidence_level
        Of the interval, in (0, 1).
    list_size
        Accounts in a list in hand: nothing is fetched, and a small list needs fewer labels. Leave it out when the
        followers are yet to be fetched.
    population
        Followers in all, which the interval speaks of; None when many or unknown. Together with `list_size` the list
        is a random sample of them.
    cost_per_fetch, cost_per_label
        Of fetching one follower and of one account looked at by one rater, in any unit, >= 0, not both 0. Both or
        neither; without them fetching is free.
    n_raters
        Raters who look at each account, >= 1. More cost more and tell how far they agree; they narrow nothing.
    undecided_share
        Part of the accounts looked at that is expected to get neither a yes nor a no, in [0, 2 * margin): the
        interval holds whatever they are, so half of it is lost to each side.
    auc
        How well the scores rank this audience: the probability that a suspicious account scores higher than an
        organic one, in [0.5, 1). Gives the variance ratio.
    variance_ratio
        How many plain labels a label is worth thanks to the scores, >= 1. Known only after labelling: the plan of a
        first audit should leave it at 1.
    profile
        How suspicious and organic accounts of this very audience score. Then no label is needed.
    n_validation
        With `auc`: accounts of known truth of this very audience, half of each kind, that such a profile would rest
        on, >= 2. Then no label is needed either.

    Returns
    -------
    plan
        The numbers, the half-width they give, their cost, and what was assumed.

    Raises
    ------
    BotscanError
        A value is outside its range, or two of them contradict each other.
    NotEnoughAccounts
        The list or the audience is empty, or all of its accounts together leave a wider interval than wanted.
    ModelError
        The profile lacks one of the kinds.

    Notes
    -----
    See `two_phase_plan` and `score_worth` beside this file for the methods. The width is that of
    `botscan.estimate_organic_share`: Wilson's [1]_, at the size of the plain sample that is as precise.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. JASA 22(158),
       209-212. https://doi.org/10.1080/01621459.1927.10502953

    Examples
    --------
    >>> plan_sample_size(0.05).n_labels, plan_sample_size(0.05, list_size=1_000).n_labels
    (381, 276)
    >>> plan = plan_sample_size(0.03, organic_share=0.8, auc=0.95, cost_per_fetch=1, cost_per_label=50)
    >>> plan.n_fetch, plan.n_labels, plan_sample_size(0.03, organic_share=0.8).n_labels
    (2776, 375, 682)
    """
    question = PlanQuestion(
        margin,
        organic_share,
        confidence_level,
        list_size,
        population,
        cost_per_fetch,
        cost_per_label,
        n_raters,
        undecided_share,
    )
    question.check()
    check_scores(auc, variance_ratio, profile, n_validation)
    if profile is not None:
        return _plan_known_domain(question, _domain_of(profile))
    if auc is not None and n_validation is not None:
        return _plan_known_domain(question, KnownDomain.of_auc(auc, n_validation))
    return _plan_labels(question, auc, variance_ratio)


def labels_needed(
    margin: float,
    *,
    organic_share: float = 0.5,
    confidence_level: float = 0.95,
    list_size: int | None = None,
    variance_ratio: float = 1.0,
) -> int:
    """Return the fewest labels whose Wilson half-width is at most the margin; all of a list too small for fewer."""
    size = math.inf if list_size is None else list_size
    design = TwoPhases(organic_share, confidence_level, variance_ratio, population=size)
    found = fewest_labels(design, margin, size)
    return list_size or 1 if found is None else found


def effective_size(n: float, list_size: int | None, variance_ratio: float = 1.0) -> float:
    """Return the size of the sample from an endless list that would be as precise.

    Of a finite list the sample itself is known, so only the rest is uncertain: n / (1 - n / list_size).

    Examples
    --------
    >>> effective_size(100, None), effective_size(100, 200), effective_size(200, 200)
    (100.0, 200.0, inf)
    """
    if list_size is None:
        return n * variance_ratio
    return math.inf if n >= list_size else n * variance_ratio / (1.0 - n / list_size)


def _plan_labels(question: PlanQuestion, auc: float | None, variance_ratio: float) -> SampleSizePlan:
    share = 0.5 if question.organic_share is None else question.organic_share
    # Wilson's width is aimed at. Where the rarer kind may be nearly missing, or some accounts stay undecided, the
    # interval is wider: aim narrower.
    aim, everything = question.margin, question.everything()
    while True:
        ratio = variance_ratio if auc is None else _ratio_of(question, aim, share, auc)
        design = question.design(share, ratio)
        split = question.split(design, aim) or everything
        expected = math.inf if split is None else question.half_width(design, split)
        if split is not None and expected <= question.margin * (1.0 + _TOLERANCE):
            break
        if split == everything:
            raise _unreachable(question, auc, variance_ratio, expected)
        stays = question.undecided_share / 2.0
        aim *= min(_SLOWEST, max(_FASTEST, (question.margin - stays) / (expected - stays)))
    n_drawn, n_fetched = split
    n_fetch = None if math.isinf(n_fetched) else int(n_fetched)
    if question.list_size is not None:
        n_fetch = 0
    notes = [
        Note("plan_worst_case") if question.organic_share is None else Note("plan_share_assumed"),
        *([Note("plan_simple_random")] if n_drawn != question.list_size else []),
        *([Note("plan_fetch_random")] if n_fetch != 0 else []),
        *([Note("plan_auc_assumed", numbers={"auc": auc})] if auc is not None else []),
        *([Note("plan_ratio_assumed")] if variance_ratio > 1.0 else []),
        *([Note("plan_fetch_free")] if ratio > 1.0 and n_fetch != 0 and not question.cost_per_fetch else []),
        *question.undecided_notes(),
        Note("plan_raters_opinion"),
    ]
    return question.plan(
        n_fetch=n_fetch,
        n_drawn=n_drawn,
        expected_margin=expected,
        share=share,
        ratio=ratio,
        notes=notes,
    )


def _ratio_of(question: PlanQuestion, margin: float, share: float, auc: float) -> float:
    """Return what a label is worth with as many labels as that makes necessary: few labels trust scores less."""

    def holds(ratio: float) -> bool:
        split = question.split(question.design(share, ratio), margin)
        return (
            split is None or variance_ratio_of(auc, 1.0 - share, split[0] * (1.0 - question.undecided_share)) >= ratio
        )

    low, high = 1.0, variance_ratio_of(auc, 1.0 - share)
    if holds(high):
        return high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        if holds(middle):
            low = middle
        else:
            high = middle
    return low


def _unreachable(question: PlanQuestion, auc: float | None, variance_ratio: float, reached: float) -> NotEnoughAccounts:
    remedy = _accept(reached)
    if question.list_size is not None and question.population is not None:
        cost = question.cost_per_fetch or 1.0, question.cost_per_label or 1.0
        fetching = replace(question, list_size=None, cost_per_fetch=cost[0], cost_per_label=cost[1])
        with suppress(NotEnoughAccounts):
            n_fetch = _plan_labels(fetching, auc, variance_ratio).n_fetch or 0
            remedy += f" Or fetch about {max(n_fetch, question.list_size + 1)} followers at random."
    n = question.list_size or question.population
    found, labelling = ("1 account", "labelling it") if n == 1 else (f"{n} accounts", "labelling all of them")
    return NotEnoughAccounts(
        f"Found {found}; {labelling} leaves +-{reached:.4f}, wanted +-{question.margin:g}.",
        remedy=remedy,
    )


def _domain_of(profile: ScoreProfile) -> KnownDomain:
    suspicious, organic = profile.pooled()
    for what, counts in (("suspicious", suspicious), ("organic", organic)):
        if counts.sum() == 0:
            raise ModelError(
                f"The profile holds no {what} accounts.", remedy="A profile needs validation accounts of both kinds."
            )
    return KnownDomain.of_counts(suspicious, organic, PRIOR)


def _plan_known_domain(question: PlanQuestion, domain: KnownDomain) -> SampleSizePlan:
    shares = _SHARES if question.organic_share is None else (question.organic_share,)

    def half_widths(n: int) -> list[float]:
        level, speaks_of = question.confidence_level, question.speaks_of
        return [min(0.5, domain.half_width(1.0 - share, n, speaks_of, level)) for share in shares]

    most = question.list_size or int(min(question.speaks_of, ENDLESS))
    reached = max(half_widths(most))
    if reached > question.margin:
        what = "any number of accounts" if most == ENDLESS else f"all {most} accounts"
        raise NotEnoughAccounts(
            f"Found {domain.n_validation:.0f} validation accounts; with these, scoring {what} leaves +-{reached:.4f},"
            f" wanted +-{question.margin:g}.",
            remedy=f"{_accept(reached)} Or measure the profile on more accounts, or label some.",
        )
    n = question.list_size or first_that_holds(lambda n: max(half_widths(n)) <= question.margin, 0, most)
    widths = half_widths(n)
    share = shares[widths.index(max(widths))]
    floor = domain.domain_floor(1.0 - share, question.confidence_level)
    stays = {
        "points": round(100.0 * floor, 1),
        "true_rate": round(100.0 * TRUE_RATE_SPREAD),
        "false_rate": round(100.0 * FALSE_RATE_SPREAD),
    }
    notes = [
        Note("plan_worst_share") if question.organic_share is None else Note("plan_share_assumed"),
        *([Note("plan_fetch_random")] if question.list_size is None else []),
        Note("plan_profile_of_this_audience", count=round(domain.n_validation)),
        Note("plan_domain_floor", numbers=stays),
    ]
    n_fetch = n if question.list_size is None else 0
    return question.plan(n_fetch=n_fetch, n_drawn=0, expected_margin=max(widths), share=share, ratio=1.0, notes=notes)


def _accept(margin: float) -> str:
    """Say which margin can be kept, rounded up so that asking for it is enough."""
    rounded_up = math.ceil(min(margin, 0.5) * 1e4) / 1e4
    return f"Accept a margin of {rounded_up:g}." if rounded_up < 0.5 else "No margin can be kept like this."
