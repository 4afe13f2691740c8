"""Whether an order can be that of following: the latest creation date so far must go on rising along it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from botscan.follow_times.records import UNKNOWN_TIME, Times, record_places, too_late

#: With fewer different dates the records of an order by time and of one by chance are too alike.
FEWEST_JUDGED = 50
#: Standard deviations above the mean number of records by chance; a shuffled list has more once in 200 times.
_DEVIATIONS = 3.0
_EULER = 0.5772156649
#: Reversed, an order by time has the records of chance; where both ways have more, one must have twice as many.
_RATIO = 2

Verdict = Literal["by_time", "seems_reversed", "not_by_time", "same_date", "too_few"]


@dataclass(frozen=True)
class OrderJudgement:
    """What the dates say about the order.

    Attributes
    ----------
    verdict
        ``by_time``; ``seems_reversed``: newest first; ``not_by_time``: both ways the latest date rises as seldom as by
        chance, or both ways as often; ``same_date``: all dates are one; ``too_few``: fewer than 50 different dates.
    n_records, n_records_reversed
        Dates that are later than all before them, along the order and along its reverse.
    """

    verdict: Verdict
    n_records: int = 0
    n_records_reversed: int = 0


def judge_order(dates: Times) -> OrderJudgement:
    """Judge an order by how often the latest date so far rises along it, and along its reverse.

    In an order that has nothing to do with time the dates are exchangeable. They then hold H(n) records on average, the
    n-th harmonic number, with variance H(n) minus the sum of 1/i^2; the order is one by time where there are more than
    three standard deviations more. Only different dates count as n: equal ones set no records.

    Parameters
    ----------
    dates
        Along the order, microseconds, `UNKNOWN_TIME` where not known, shape (n,).

    Examples
    --------
    >>> judge_order(np.arange(100)), judge_order(-np.arange(100)).verdict
    (OrderJudgement(verdict='by_time', n_records=100, n_records_reversed=1), 'seems_reversed')
    """
    known = dates[dates != UNKNOWN_TIME]
    n_distinct = _count_distinct(known)
    if len(known) >= 2 and n_distinct == 1:
        return OrderJudgement("same_date", 1, 1)
    forward, backward = _count_records(known), _count_records(known[::-1])
    if n_distinct < FEWEST_JUDGED:
        return OrderJudgement("too_few", forward, backward)
    usual = _most_by_chance(n_distinct)
    verdict: Verdict = "not_by_time"
    if forward > usual and (backward <= usual or forward > _RATIO * backward):
        verdict = "by_time"
    elif backward > usual and (forward <= usual or backward > _RATIO * forward):
        verdict = "seems_reversed"
    return OrderJudgement(verdict, forward, backward)


def _count_distinct(known: Times) -> int:
    in_order = np.sort(known)
    return int(np.count_nonzero(in_order[1:] != in_order[:-1])) + min(len(known), 1)


def _count_records(known: Times) -> int:
    return len(record_places(np.where(too_late(known), UNKNOWN_TIME, known)))


def _most_by_chance(n: int) -> float:
    mean = np.log(n) + _EULER
    return float(mean + _DEVIATIONS * np.sqrt(mean - np.pi**2 / 6))
