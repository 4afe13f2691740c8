"""Errors among groups of accounts: young ones, those without a picture, those that post little or have no bio.

Rates are of the lines alone, on accounts whose source was left out. A group of fewer than a hundred accounts is named
with its size and not measured.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.features.grid import EDGES, MISSING
from botscan.prevalence.intervals import wilson_interval
from botscan.scoring.model import Thresholds
from botscan.training.bin_table import BinTable
from botscan.training.thresholds import LeftOut, rates_at

#: Accounts below which nothing is measured of a group.
FEWEST = 100
#: Of Wilson's intervals of the rates at the line of suspicious.
CONFIDENCE_LEVEL = 0.95


@dataclass(frozen=True)
class Slice:
    """A group of accounts, told by one feature.

    Attributes
    ----------
    name
        Name in the card.
    feature
        Feature that tells.
    low, high
        Accounts whose value is at least `low` and below `high`; edges of the grid, or without limit.
    """

    name: str
    feature: str
    low: float = -math.inf
    high: float = math.inf

    def holds(self, rows: BinTable) -> NDArray[np.bool_]:
        """Whether each row is in the slice, shape (n,); a missing value is in none."""
        codes = rows.bins[self.feature]
        edges = EDGES[self.feature]
        first, end = (int(np.searchsorted(edges, np.float32(limit), side="right")) for limit in (self.low, self.high))
        # The last bin has no upper edge.
        last = len(edges) if math.isinf(self.high) else end - 1
        return (codes >= first) & (codes <= last) & (codes != MISSING)


SLICES: tuple[Slice, ...] = (
    Slice("account under 30 days", "age_days", high=30),
    Slice("account of 30 to 364 days", "age_days", low=30, high=365),
    Slice("account of 1 to 3 years", "age_days", low=365, high=365 * 3),
    Slice("account of 3 years or more", "age_days", low=365 * 3),
    Slice("no profile picture", "has_avatar", high=0.5),
    Slice("own profile picture", "has_avatar", low=0.5),
    Slice("no bio", "is_bio_empty", low=0.5),
    Slice("has a bio", "is_bio_empty", high=0.5),
    Slice("no posts", "posts_count", high=1),
    Slice("fewer than 5 posts", "posts_count", high=5),
    Slice("5 to 49 posts", "posts_count", low=5, high=50),
    Slice("50 to 499 posts", "posts_count", low=50, high=500),
    Slice("500 posts or more", "posts_count", low=500),
    Slice("fewer than 20 followers", "followers_count", high=20),
    Slice("20 to 99 followers", "followers_count", low=20, high=100),
    Slice("100 to 999 followers", "followers_count", low=100, high=1_000),
    Slice("1,000 followers or more", "followers_count", low=1_000),
    Slice("follows fewer than 100", "following_count", high=100),
    Slice("follows 2,001 or more", "following_count", low=2_001),
)


def slice_rates(
    left_out: Sequence[LeftOut], features: Sequence[str], thresholds: Thresholds, *, label: int = 0
) -> list[dict[str, Any]]:
    """Return per slice of left-out accounts of one kind the share at or above each line.

    Parameters
    ----------
    left_out
        Fitted folds.
    features
        Features of the evidence pattern.
    thresholds
        The lines.
    label
        0: people, whose rates are false alarms. 1: suspicious accounts, whose rates are recall.

    Returns
    -------
    rates
        All accounts, then every slice whose feature the rows hold and that is not empty: size, both rates, Wilson's
        95 % interval of the rate of suspicious, and the ``worst_source``: most false alarms, least recall, among
        sources with a hundred accounts in the slice. Rates are None where the slice has fewer than a hundred.
    """
    groups = [
        (item.fold.name, item.rows.take(of_kind), item.steps(features)[of_kind])
        for item in left_out
        if (of_kind := item.rows.label == label).any()
    ]
    if not groups:
        return []
    rates = [_rates("all", [(name, steps) for name, _, steps in groups], thresholds, label)]
    rates[0]["slice"] = "all people" if label == 0 else "all suspicious accounts"
    for one in SLICES:
        if one.feature in groups[0][1].bins:
            members = [(name, steps[one.holds(rows)]) for name, rows, steps in groups]
            if any(len(steps) for _, steps in members):
                rates.append(_rates(one.name, members, thresholds, label))
    return rates


def _rates(
    name: str, members: Sequence[tuple[str, NDArray[np.int32]]], thresholds: Thresholds, label: int
) -> dict[str, Any]:
    steps = np.concatenate([part for _, part in members])
    return {"slice": name, **rates_of_slice(steps, thresholds), "worst_source": _worst(members, thresholds, label)}


def rates_of_slice(steps: NDArray[np.int32], thresholds: Thresholds) -> dict[str, Any]:
    """Return size, rates and interval of one group; None where it has fewer than a hundred accounts.

    Examples
    --------
    >>> rates_of_slice(np.zeros(99, dtype=np.int32), Thresholds(10, 5))["suspicious_rate"] is None
    True
    >>> rates_of_slice(np.zeros(100, dtype=np.int32), Thresholds(10, 5))["suspicious_rate_ci_upper"]
    0.037
    """
    if len(steps) < FEWEST:
        names = ("review_rate", "suspicious_rate", "suspicious_rate_ci_lower", "suspicious_rate_ci_upper")
        return {"n": len(steps), **dict.fromkeys(names)}
    lower, upper = wilson_interval(float((steps >= thresholds.suspicious).mean()), len(steps), CONFIDENCE_LEVEL)
    return {
        **rates_at(steps, thresholds),
        "suspicious_rate_ci_lower": round(lower, 4),
        "suspicious_rate_ci_upper": round(upper, 4),
    }


def _worst(
    members: Sequence[tuple[str, NDArray[np.int32]]], thresholds: Thresholds, label: int
) -> dict[str, Any] | None:
    """Return the source with most false alarms or least recall; None where fewer than two can be told apart."""
    measured: list[dict[str, Any]] = [
        {"n": len(steps), "source": name, "suspicious_rate": round(float((steps >= thresholds.suspicious).mean()), 4)}
        for name, steps in members
        if len(steps) >= FEWEST
    ]
    if len(measured) < 2:
        return None
    return (max if label == 0 else min)(measured, key=lambda one: one["suspicious_rate"])
