"""False alarms among groups of people: young accounts, accounts without a picture, people who post little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.features.grid import EDGES
from botscan.scoring.model import Thresholds
from botscan.training.bin_table import BinTable
from botscan.training.thresholds import LeftOut, rates_at


@dataclass(frozen=True)
class Slice:
    """A group of accounts, told by one feature.

    Attributes
    ----------
    name
        Name in the card.
    feature
        Feature that tells.
    below
        Accounts whose value is below this edge of the grid.
    """

    name: str
    feature: str
    below: float

    def holds(self, rows: BinTable) -> NDArray[np.bool_]:
        """Whether each row is in the slice, shape (n,); a missing value is in none."""
        return rows.bins[self.feature] <= int(np.searchsorted(EDGES[self.feature], np.float32(self.below)))


SLICES: tuple[Slice, ...] = (
    Slice("account under 30 days", "age_days", 30),
    Slice("no profile picture", "has_avatar", 0.5),
    Slice("fewer than 5 posts", "posts_count", 5),
    Slice("fewer than 20 followers", "followers_count", 20),
    Slice("follows fewer than 100", "following_count", 100),
)


def slice_rates(left_out: Sequence[LeftOut], features: Sequence[str], thresholds: Thresholds) -> list[dict[str, Any]]:
    """Return per slice of left-out people the share at or above each line, all sources together."""
    people = [item for item in left_out if item.has_people]
    steps = [item.steps(features)[item.rows.label == 0] for item in people]
    rates = []
    for one in SLICES:
        if one.feature in people[0].rows.bins:
            members = [one.holds(item.rows)[item.rows.label == 0] for item in people]
            scores = np.concatenate([score[member] for score, member in zip(steps, members, strict=True)])
            if len(scores):
                rates.append({"slice": one.name, **rates_at(scores, thresholds)})
    return [{"slice": "all people", **rates_at(np.concatenate(steps), thresholds)}, *rates]
