"""How many accounts of a creation band the ages of the neighbours predict.

Newcomers follow in their first weeks, so the last months before a follow date always hold more creation dates than
neighbours far off in the order, for whom these months lay ahead, have in them. The neighbours' ages at following tell
how many: what a band holds beyond both predictions is no effect of time. A popular post brings more newcomers than
there are around it. Where a stretch holds more of the very youngest accounts than its neighbours, all young ones are
granted as many more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from botscan.blocks.order_evidence import UNKNOWN_TIME, OrderEvidence
from botscan.cells.dates import MICROSECONDS_PER_DAY

#: Accounts younger than this when they followed are newcomers: any popular post brings them.
FRESH_DAYS = 30
#: So many times as many newcomers as around it are granted to a stretch.
_MOST_NEWCOMERS = 5.0
#: Moments of a stretch at which ages are compared.
_MOMENTS = np.linspace(0.05, 0.95, 10)


def predicted_by_ages(
    evidence: OrderEvidence, flank_places: NDArray[np.int64], places: NDArray[np.int64], band: tuple[int, int]
) -> float:
    """Return the share of the accounts at some places that were made in the band, were they as old as neighbours."""
    created, followed = evidence.created_at[flank_places], evidence.followed_after[flank_places]
    known = (created != UNKNOWN_TIME) & (followed != UNKNOWN_TIME)
    if not known.any():
        return 0.0
    ages = np.sort(followed[known] - created[known])
    times = evidence.followed_after[places]
    times = times[times != UNKNOWN_TIME]
    if not len(times):
        return 0.0
    moments = np.quantile(times, _MOMENTS, method="inverted_cdf")
    older = np.searchsorted(ages, moments - band[1], side="right")
    share = float((np.searchsorted(ages, moments - band[0], side="right") - older).mean() / len(ages))
    return share * _newcomer_ratio(evidence.age_days[places], ages / MICROSECONDS_PER_DAY)


def share_before(evidence: OrderEvidence, places: NDArray[np.int64], band: tuple[int, int]) -> float:
    """Return the share of the accounts at some places that followed before a creation band was over; 0 if unknown."""
    followed = evidence.followed_after[places]
    followed = followed[followed != UNKNOWN_TIME]
    return float((followed < band[1]).mean()) if len(followed) else 0.0


def _newcomer_ratio(inside: NDArray[np.float64], around: NDArray[np.float64]) -> float:
    """Return how many times as many newcomers a stretch holds as the neighbours, between 1 and the most granted."""
    inside = inside[~np.isnan(inside)]
    usual = ((around < FRESH_DAYS).sum() + 1.0) / (len(around) + 2.0)
    # One more account like the neighbours: a short stretch without newcomers holds no more of them.
    share = ((inside < FRESH_DAYS).sum() + usual) / (len(inside) + 1.0)
    return float(np.clip(share / usual, 1.0, _MOST_NEWCOMERS))
