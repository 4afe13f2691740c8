"""Counts of what rules say of a list, batch by batch: whole numbers, so that batches and order change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from botscan.features.columns import Columns
from botscan.features.extract import BATCH_ROWS
from botscan.scoring.rule_sets import Answers, Judgement, Yardstick

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RuleCounts:
    """Counts of m rules over n accounts, k of them compared pair by pair.

    Attributes
    ----------
    n_accounts
        n.
    flagged, unknown
        Accounts that each rule flags, and of which it cannot say; int64, shape (m,).
    low, high
        Sums of the fewest and most criteria (or points) against each account; float64, shape (m,).
    both, neither, first_only, shared
        Accounts of which two rules have checked something (`shared`), and of these: flagged by both, by neither,
        by the first alone; int64, shape (k, k).
    """

    n_accounts: int
    flagged: Counts
    unknown: Counts
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    both: Counts
    neither: Counts
    first_only: Counts
    shared: Counts


def count_rules(
    table: pa.Table,
    rules: Sequence[Yardstick],
    extra: Sequence[NDArray[np.float64]] = (),
    *,
    unpaired: Sequence[Yardstick] = (),
) -> RuleCounts:
    """Count what rules say of every account.

    Parameters
    ----------
    table
        Accounts in canonical columns, n rows.
    rules
        The rules that are compared pair by pair.
    extra
        Further answers, each shape (n,), that are compared as well; they stand after `rules`.
    unpaired
        Rules that are only counted; they stand last.

    Examples
    --------
    >>> from botscan.scoring.yardsticks import THUMB_RULES
    >>> counts = count_rules(pa.table({"posts_count": [0, 4, None]}), [r for r in THUMB_RULES if r.name == "no_posts"])
    >>> counts.flagged.tolist(), counts.unknown.tolist(), counts.shared.tolist()
    ([1], [1], [[2]])
    """
    parts = []
    for start in range(0, max(table.num_rows, 1), BATCH_ROWS):
        columns = Columns(table.slice(start, BATCH_ROWS))
        answers = _answers((*rules, *unpaired), columns)
        paired = [_judged(rule, answers) for rule in rules]
        paired += [_as_judgement(one[start : start + BATCH_ROWS]) for one in extra]
        parts.append(_count(paired, [_judged(rule, answers) for rule in unpaired]))
    return RuleCounts(table.num_rows, *(np.sum([part[index] for part in parts], axis=0) for index in range(8)))


def _answers(rules: Sequence[Yardstick], columns: Columns) -> dict[str, Answers]:
    """Return the answers of every rule of thumb that the rules are made of, each asked once."""
    criteria = {one.name: one for rule in rules for one in rule.criteria}
    return {name: one.flags(columns) for name, one in criteria.items()}


def _judged(rule: Yardstick, answers: dict[str, Answers]) -> Judgement:
    return rule.judge_answers([answers[one.name] for one in rule.criteria])


def _as_judgement(answers: Answers) -> Judgement:
    is_known = ~np.isnan(answers)
    return Judgement(answers, is_known.astype(np.int64), (answers == 1) * 1.0, (answers != 0) * 1.0)


def _count(paired: Sequence[Judgement], unpaired: Sequence[Judgement]) -> tuple[NDArray[np.float64] | Counts, ...]:
    judged = (*paired, *unpaired)
    flags = np.stack([one.flagged for one in judged])
    # Products of zeros and ones over one batch: exact in float32.
    checked = np.stack([one.n_checked > 0 for one in paired]).astype(np.float32)
    flagged = (flags[: len(paired)] == 1).astype(np.float32)
    passed = checked - flagged
    pairs = ((flagged, flagged), (passed, passed), (flagged, passed), (checked, checked))
    return (
        (flags == 1).sum(axis=1),
        np.isnan(flags).sum(axis=1),
        np.stack([one.low for one in judged]).sum(axis=1),
        np.stack([one.high for one in judged]).sum(axis=1),
        *((one @ other.T).astype(np.int64) for one, other in pairs),
    )


def kappas(counts: RuleCounts) -> NDArray[np.float64]:
    """Return Cohen's kappa of every pair of rules on what both could check, shape (k, k).

    An account that a set cannot clear counts as not flagged. NaN where no account is shared, or where all answers of
    both are the same: chance alone would agree.

    References
    ----------
    .. [1] Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological Measurement
       20(1), 37-46. https://doi.org/10.1177/001316446002000104
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        shared = counts.shared.astype(np.float64)
        agreed = (counts.both + counts.neither) / shared
        first = (counts.both + counts.first_only) / shared
        second = (counts.both + counts.first_only.T) / shared
        by_chance = first * second + (1 - first) * (1 - second)
        kappa = (agreed - by_chance) / (1 - by_chance)
    return np.where(by_chance < 1 - 1e-12, kappa, np.nan)
