"""How wide the interval of a plan will be on average, where few are of one kind or some stay undecided."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from botscan.prevalence.from_labels.prediction_powered import FEWEST_PER_CLASS, LARGEST_GAIN
from botscan.prevalence.from_labels.undecided import worst_case_interval
from botscan.prevalence.intervals import exact_interval, wilson_half_width, wilson_interval
from botscan.prevalence.planning.two_phase_plan import TwoPhases

Interval = tuple[float, float, float]

#: With more than this expected of the rarer kind a sample nearly without it is no concern.
_PLENTY = 25.0
_NEGLIGIBLE = 1e-7


def expected_half_width(design: TwoPhases, n_labels: int, n_fetched: float, undecided_share: float = 0.0) -> float:
    """Return the mean half-width over what the sample may hold.

    With fewer than `FEWEST_PER_CLASS` of either kind the exact interval is given, which is wider and counts on no
    scores. Accounts that stay undecided may all be of either kind, and the interval holds for both.

    Parameters
    ----------
    design
        The share of the decided, and what precision depends on.
    n_labels
        Accounts drawn and looked at, in [1, n_fetched].
    n_fetched
        Accounts fetched, or in the list.
    undecided_share
        Part of the accounts drawn that gets neither a yes nor a no, in [0, 1).

    Examples
    --------
    >>> design = TwoPhases(0.5, 0.95)
    >>> [round(expected_half_width(design, 400, 400, undecided), 3) for undecided in (0.0, 0.1)]
    [0.049, 0.09]
    """
    if undecided_share > 0.0:
        return _half_width_whatever_undecided(design, n_labels, n_fetched, undecided_share)
    if math.isinf(design.effective_size(n_labels, n_fetched)):
        return 0.0
    rarer = min(design.share, 1.0 - design.share)
    if min(n_labels, design.population - n_labels) * rarer > _PLENTY:
        return design.half_width(n_labels, n_fetched)
    spread = 6.0 * math.sqrt(n_labels * rarer * (1.0 - rarer)) + 6.0
    fewest, most = (math.floor(n_labels * rarer + side * spread) for side in (-1, 1))
    found, chance_of_these = 0.0, 0.0
    for events in range(max(0, fewest), min(n_labels, most) + 1):
        chance = _binomial(events, n_labels, rarer)
        chance_of_these += chance
        if chance > _NEGLIGIBLE:
            found += chance * _half_width_of(design, events, n_labels, n_fetched)
    return found / chance_of_these


def _half_width_of(design: TwoPhases, events: int, n_labels: int, n_fetched: float) -> float:
    if _is_rare(design, events, n_labels):
        lower, upper = exact_interval(events, n_labels, design.population, design.confidence_level)
        return (upper - lower) / 2.0
    n_effective = design.effective_size(n_labels, n_fetched)
    return wilson_half_width(events / n_labels, n_effective, design.confidence_level)


def _half_width_whatever_undecided(design: TwoPhases, n_labels: int, n_fetched: float, undecided: float) -> float:
    """Return the half-width where the undecided accounts may be of one kind, or of the other."""

    def counted(share: float) -> Callable[[float], Interval]:
        # Those who are undecided are no less so for their scores, so scores explain less of the rest.
        explained = (1.0 - undecided) ** 2 * design.share * (1.0 - design.share) * (1.0 - 1.0 / design.variance_ratio)
        binomial = share * (1.0 - share)
        ratio = min(LARGEST_GAIN, binomial / (binomial - explained)) if binomial > explained else 1.0
        n_effective = replace(design, share=share, variance_ratio=ratio).effective_size(n_labels, n_fetched)

        def at(level: float) -> Interval:
            if math.isinf(n_effective) or not _is_rare(design, share * n_labels, n_labels):
                return share, *wilson_interval(share, n_effective, level)
            return share, *exact_interval(share * n_labels, n_labels, design.population, level)

        return at

    fewest = design.share * (1.0 - undecided)
    lower, upper = worst_case_interval(counted(fewest), counted(fewest + undecided), design.confidence_level)
    # The interval of the decided alone is never left.
    n_decided = design.effective_size(n_labels * (1.0 - undecided), n_fetched)
    of_decided = wilson_interval(design.share, n_decided, design.confidence_level)
    return (max(upper, of_decided[1]) - min(lower, of_decided[0])) / 2.0


def _is_rare(design: TwoPhases, events: float, n_labels: int) -> bool:
    rarer = min(events, n_labels - events)
    return min(rarer, rarer * (design.population - n_labels) / n_labels) < FEWEST_PER_CLASS


def _binomial(events: int, n: int, share: float) -> float:
    """Return the chance of so many events in n draws."""
    if share == 0.0:
        return float(events == 0)
    log_choose = math.lgamma(n + 1) - math.lgamma(events + 1) - math.lgamma(n - events + 1)
    return math.exp(log_choose + events * math.log(share) + (n - events) * math.log1p(-share))
