"""Whether a purchase was found, what was false, how well the bound holds and how well the edges: one history, many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from botscan.prevalence.intervals import wilson_interval

#: A block with this share of the bought accounts has found the purchase.
LEAST_HELD = 0.3
#: A block of which fewer are bought is false ...
LEAST_BOUGHT = 0.1
#: ... unless it lies over a delivery that is itself so thin: it has found it, and is no longer than so many deliveries.
LONGEST = 2.0
#: Checks of the short version fail by chance alone in one of a thousand.
RARE = 0.001
LEVEL = 0.05


@dataclass(frozen=True)
class Judged:
    """What is said of one history.

    Attributes
    ----------
    is_found
        A block holds `LEAST_HELD` of the bought accounts.
    n_blocks, n_false
        Blocks, and those in which fewer than `LEAST_BOUGHT` are bought.
    bound_share
        Lower bounds of the excess in the blocks that found the purchase, over the bought accounts; NaN if not found.
    is_too_high
        The lower bounds of all blocks together exceed the bought accounts.
    edge_errors
        Ranks between the first account of the block that holds the most and the first bought account, and the same for
        the last; empty if not found.
    delivery
        Ranks from the first bought account to the last.
    """

    is_found: bool
    n_blocks: int
    n_false: int
    bound_share: float
    is_too_high: bool
    edge_errors: tuple[int, ...]
    delivery: int


def judge(record: dict[str, Any], evidence: str) -> Judged:
    """Judge the blocks that one kind of evidence found in one history (`blocks_runs.one_history`)."""
    stretches, n_bought = record["found"][evidence], record["n_bought"]
    delivery = record["last"] - record["first"] + 1 if n_bought else 0
    hits, n_false, bounds = [], 0, 0
    for start, stop, bound, n_held, *_ in stretches:
        is_mostly_organic = n_held < LEAST_BOUGHT * (stop - start)
        is_over = stop - start <= LONGEST * delivery
        is_hit = n_bought > 0 and n_held >= LEAST_HELD * n_bought and (is_over or not is_mostly_organic)
        n_false += is_mostly_organic and not is_hit
        bounds += bound
        if is_hit:
            hits.append((n_held, start, stop, bound))
    edges: tuple[int, ...] = ()
    if hits:
        _, start, stop, _ = max(hits)
        edges = (abs(start - record["first"]), abs(stop - 1 - record["last"]))
    return Judged(
        bool(hits),
        len(stretches),
        n_false,
        sum(hit[3] for hit in hits) / n_bought if hits else float("nan"),
        bounds > n_bought,
        edges,
        delivery,
    )


def judged(records: Sequence[dict[str, Any]], evidence: str) -> list[Judged]:
    return [judge(record, evidence) for record in records]


def found_share(those: Sequence[Judged]) -> str:
    """Return how many purchases were found, with an interval of 95 %."""
    return share([one.is_found for one in those])


def share(flags: Sequence[bool]) -> str:
    """Return a share with its Wilson interval of 95 %, in per cent."""
    if not flags:
        return "-"
    part = sum(flags) / len(flags)
    lower, upper = wilson_interval(part, len(flags))
    return f"{percent(part)} ({percent(lower)} to {percent(upper)})"


def percent(part: float) -> str:
    """Return a share in per cent.

    Examples
    --------
    >>> percent(1.0), percent(0.0), percent(0.985)
    ('100 %', '0 %', '98.5 %')
    """
    return f"{100 * part:.1f}".removesuffix(".0") + " %"


def mean_of(values: Sequence[float], digits: int = 2) -> str:
    known = [value for value in values if not np.isnan(value)]
    return f"{np.mean(known):.{digits}f}" if known else "-"


def edges(those: Sequence[Judged]) -> str:
    """Return the median error of an edge, in ranks and as a part of the delivery."""
    errors = [error for one in those for error in one.edge_errors]
    if not errors:
        return "-"
    parts = [error / one.delivery for one in those for error in one.edge_errors]
    return f"{np.median(errors):.0f} ({100 * np.median(parts):.0f} %)"


def fewest(n: int, probability: float) -> int:
    """Return a number of successes that n trials of such a probability fall below in at most one of a thousand."""
    from scipy.stats import binom

    return int(binom.ppf(RARE, n, probability))


def most(n: int, probability: float = LEVEL) -> int:
    """Return a number of successes that n trials of such a probability exceed in at most one of a thousand."""
    from scipy.stats import binom

    return int(binom.ppf(1 - RARE, n, probability))
