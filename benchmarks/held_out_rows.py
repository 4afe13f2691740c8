"""Scores and activity of single real accounts by a model that never saw their source, from the committed bin table.

As `held_out`, for the sources of followers that were bought, or look it: each is left out in turn, together with the
people it is tested against. No ids, no text, no dates: a row is a score in steps, a flag, a label and a data set.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from botscan.prevalence.without_labels.new_audience import OTHER_BOTS
from botscan.training.folds import LOSO_SOURCES
from resumable import RESULTS, digest_behind

PLATFORM = "twitter"
BOUGHT = tuple(source for source in LOSO_SOURCES if source not in OTHER_BOTS)
BEHIND = (
    "benchmarks/held_out_rows.py",
    "src/botscan/features/grid.py",
    "src/botscan/prevalence/without_labels/new_audience.py",
    "src/botscan/training/*.py",
    "training_data/bins.parquet",
)
#: Log-odds of one step.
STEP = 0.05
_UNKNOWN_BIN = 255


@dataclass(frozen=True, eq=False)
class HeldOutRows:
    """Accounts of one kind, in the order of the bin table.

    Attributes
    ----------
    log_odds
        Score, float64, shape (n,).
    is_inactive
        1 where an account has no posts, 0 where it has, -1 unknown, int8, shape (n,).
    dataset
        Data set of each account, shape (n,): one for each seller or sample.
    """

    log_odds: Any
    is_inactive: Any
    dataset: Any

    def __len__(self) -> int:
        return len(self.log_odds)

    def take(self, rows: Any) -> HeldOutRows:
        """Return some rows, by index or by mask."""
        return HeldOutRows(self.log_odds[rows], self.is_inactive[rows], self.dataset[rows])


@cache
def held_out_rows(source: str) -> tuple[HeldOutRows, HeldOutRows]:
    """Return the bought accounts of a source of `BOUGHT`, and the people that its model did not see either."""
    path = RESULTS / f"held_out_rows_{digest_behind(BEHIND)}.npz"
    if not path.exists():
        RESULTS.mkdir(exist_ok=True)
        path.write_bytes(_fitted())
    with np.load(path) as arrays:
        label, dataset = arrays[f"{source} label"], arrays[f"{source} dataset"]
        rows = HeldOutRows(STEP * arrays[f"{source} steps"], arrays[f"{source} is_inactive"], dataset)
    return rows.take(label == 1), rows.take(label == 0)


def _fitted() -> bytes:
    """Fit one model a source; about a minute."""
    from botscan.training.bin_table import read_bin_table
    from botscan.training.fitted import fit_recipe
    from botscan.training.folds import loso_folds
    from botscan.training.recipes import RECIPES

    recipe = next(recipe for recipe in RECIPES if recipe.platform == PLATFORM)
    rows = read_bin_table().of_platform(PLATFORM, recipe.features)
    arrays = {}
    for fold in loso_folds(rows):
        if fold.name not in BOUGHT:
            continue
        test = rows.take(fold.test)
        has_no_posts = test.bins["has_no_posts"]
        arrays |= {
            f"{fold.name} steps": fit_recipe(rows, fold.train, recipe).score(test.bins, recipe.features),
            f"{fold.name} is_inactive": np.where(has_no_posts == _UNKNOWN_BIN, -1, has_no_posts == 1).astype(np.int8),
            f"{fold.name} label": test.label,
            f"{fold.name} dataset": test.dataset,
        }
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()
