"""Waterfall of one score: where it starts, what each story adds or takes away, where it ends; plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.scoring.explain import Explanation, GroupPoints

Kind = Literal["start", "for", "against", "other", "score"]

#: Ways of marking the horizontal axis, in log-odds; the first that gives at most so many marks is taken.
_TICK_STEPS = (1, 2, 5, 10, 20, 50)
_MOST_TICKS = 9


@dataclass(frozen=True)
class WaterfallBar:
    """One bar.

    Attributes
    ----------
    kind
        ``start`` where every account starts, ``for`` and ``against`` one story each, ``other`` the sum of the rest,
        ``score`` the whole.
    groups
        The stories in it; none in ``start`` and ``score``.
    start, end
        Where it begins and ends, in log-odds. Each bar begins where the one before ended; the score begins at 0.
    log_odds
        ``end`` minus ``start``, exact to the step.
    """

    kind: Kind
    groups: tuple[GroupPoints, ...]
    start: float
    end: float
    log_odds: float

    @property
    def way(self) -> Literal["for", "against", "score"]:
        """Which way it goes; the whole has a way of its own."""
        if self.kind == "score":
            return "score"
        return "for" if self.log_odds >= 0 else "against"


def waterfall_bars(explanation: Explanation) -> tuple[WaterfallBar, ...]:
    """Lay out the bars of a score, from top to bottom; none without a score.

    Stories come largest first, by size: up to three for and three against by name, then the sum of the rest where
    there is a rest. What adds nothing has no bar.

    Examples
    --------
    >>> groups = (GroupPoints("following", 1.2, ()), GroupPoints("age", -0.45, ()))
    >>> found = Explanation("7", "twitter", "m", "", "twitter/full", 0.8, 0.69, "active", False, 1.0, 0.05, groups,
    ...                     (), ())
    >>> [(bar.kind, bar.start, bar.end) for bar in waterfall_bars(found)]
    [('start', 0.0, 0.05), ('for', 0.05, 1.25), ('against', 1.25, 0.8), ('score', 0.0, 0.8)]
    """
    if explanation.log_odds is None:
        return ()
    named = (*explanation.reasons_for, *explanation.reasons_against)
    rest = tuple(group for group in explanation.groups if group.log_odds and group not in named)
    parts: list[tuple[Kind, tuple[GroupPoints, ...], int]] = [("start", (), _steps(explanation.intercept))]
    parts += [
        ("for" if group.log_odds > 0 else "against", (group,), _steps(group.log_odds))
        for group in explanation.groups
        if group in named
    ]
    if rest:
        parts.append(("other", rest, sum(_steps(group.log_odds) for group in rest)))
    ends = list(accumulate(steps for _, _, steps in parts))
    bars = [_bar(kind, groups, end - steps, end) for (kind, groups, steps), end in zip(parts, ends, strict=True)]
    return (*bars, _bar("score", (), 0, _steps(explanation.log_odds)))


def waterfall_range(explanation: Explanation) -> tuple[float, float]:
    """Return the least and the greatest log-odds that the bars and the lines of the thresholds reach; 0 is inside."""
    lines = (explanation.suspicious_threshold, explanation.review_threshold)
    reached = [0.0, *(line for line in lines if line is not None)]
    for bar in waterfall_bars(explanation):
        reached += [bar.start, bar.end]
    return min(reached), max(reached)


def waterfall_ticks(low: float, high: float) -> tuple[int, ...]:
    """Return round log-odds within a range, at most nine.

    Examples
    --------
    >>> waterfall_ticks(-0.5, 5.3), waterfall_ticks(-9.0, 5.3)
    ((0, 1, 2, 3, 4, 5), (-8, -6, -4, -2, 0, 2, 4))
    """
    for step in _TICK_STEPS:
        ticks = tuple(range(-int(-low // step) * step, int(high // step) * step + 1, step))
        if len(ticks) <= _MOST_TICKS:
            break
    return ticks


def _steps(log_odds: float) -> int:
    """Return whole steps, so that sums are exact."""
    return round(log_odds * STEPS_PER_LOG_ODDS)


def _bar(kind: Kind, groups: tuple[GroupPoints, ...], start: int, end: int) -> WaterfallBar:
    start_at, end_at, log_odds = (steps / STEPS_PER_LOG_ODDS for steps in (start, end, end - start))
    return WaterfallBar(kind, groups, start_at, end_at, log_odds)
