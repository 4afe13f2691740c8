"""How old an account was when it followed the audience's account: told beside the score, never part of it."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from botscan.features.columns import Columns
from botscan.features.feature import Feature


def _follow_delay_days(columns: Columns) -> NDArray[np.float32]:
    # As with ages: zones and clocks may set the following up to a day before the making; beyond that one date is wrong.
    days = columns.days_between("created_at", "followed_at")
    return np.where(days >= -1.0, np.maximum(days, 0.0), np.nan).astype(np.float32)


FEATURES: tuple[Feature, ...] = (
    Feature(
        name="follow_delay_days",
        family="follow_delay",
        group="age",
        unit="days",
        meaning="days from the making of the account to its following of this audience's account",
        needs=("created_at", "followed_at"),
        compute=_follow_delay_days,
        cost_to_fake="costly",
        reference="own",
        example=(
            {
                "created_at": datetime(2020, 1, 1, 12, tzinfo=UTC),
                "followed_at": datetime(2020, 1, 4, tzinfo=UTC),
            },
            2.5,
        ),
    ),
)
