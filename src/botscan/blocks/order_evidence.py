"""OrderEvidence: what is known of each follower, oldest first; all that the search for blocks sees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.follow_times import UNKNOWN_TIME

__all__ = ["UNKNOWN_TIME", "OrderEvidence"]


@dataclass(frozen=True, eq=False)
class OrderEvidence:
    """Followers in follow order, oldest first, shape (n,) each.

    Attributes
    ----------
    created_at, followed_after
        Microseconds since 1970, UTC; `UNKNOWN_TIME` where unknown. The second is the lower bound of the follow time.
    log_odds
        NaN where unknown.
    handle_shape, handle_start
        Codes of shapes and of first letters, -1 where unknown.
    is_inactive
        1 never posted, 0 has posted, -1 unknown.
    caught_up_from
        First place whose bound has caught up with time; before it ages at following are not known.
    """

    created_at: NDArray[np.int64]
    followed_after: NDArray[np.int64]
    log_odds: NDArray[np.float64]
    handle_shape: NDArray[np.int32]
    handle_start: NDArray[np.int32]
    is_inactive: NDArray[np.int8]
    caught_up_from: int = 0

    def __len__(self) -> int:
        return len(self.created_at)

    @cached_property
    def age_days(self) -> NDArray[np.float64]:
        """How old each account was, at least, when it followed; NaN where unknown."""
        known = (self.created_at != UNKNOWN_TIME) & (self.followed_after != UNKNOWN_TIME)
        known[: self.caught_up_from] = False
        days = np.full(len(self), np.nan)
        days[known] = (self.followed_after[known] - self.created_at[known]) / MICROSECONDS_PER_DAY
        return days
