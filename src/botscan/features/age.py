"""How old an account was when it was seen."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from botscan.features.columns import Columns
from botscan.features.feature import Feature
from botscan.features.references import LEE_2011

#: Most processor time of the family, microseconds an account (benchmarks/feature_effects.py checks it).
CPU_BUDGET = 0.2


def _age_days(columns: Columns) -> NDArray[np.float32]:
    return columns.age_days().astype(np.float32)


FEATURES: tuple[Feature, ...] = (
    Feature(
        name="age_days",
        family="age",
        group="age",
        unit="days",
        meaning="days from the making of the account to the day it was seen",
        needs=("created_at", "observed_at"),
        compute=_age_days,
        cost_to_fake="costly",
        reference=LEE_2011,
        example=(
            {
                "created_at": datetime(2020, 1, 1, 12, tzinfo=UTC),
                "observed_at": datetime(2020, 1, 31, tzinfo=UTC),
            },
            29.5,
        ),
    ),
)
