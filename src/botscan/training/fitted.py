"""A recipe, fitted: tables that hold everywhere, and pairs that remember the sources they have seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botscan.scoring.memory import JointTables, Memory
from botscan.training.bin_table import BinTable
from botscan.training.fit import TableModel, balanced_weights, fit_points
from botscan.training.folds import is_light
from botscan.training.line import fit_line
from botscan.training.pairs import fit_memory
from botscan.training.recipes import LIGHT_WEIGHT, LINE_RIDGE, SEED, Recipe


@dataclass(frozen=True, eq=False)
class FittedModel:
    """Both layers of a score.

    Attributes
    ----------
    tables
        One table per feature of the first layer.
    memory
        Pairs of the second layer; None where there is none.
    """

    tables: TableModel
    memory: Memory | None

    def score(self, bins: Mapping[str, NDArray[np.uint8]], features: Sequence[str]) -> NDArray[np.int32]:
        """Score rows of bins from some features, in steps of 0.05 log-odds, shape (n,)."""
        total = self.tables.score(bins, [name for name in self.tables.tables if name in features])
        if self.memory is not None:
            total += np.maximum(pair_sums(self.memory, bins, features), 0)
        return total


def pair_sums(memory: Memory, bins: Mapping[str, NDArray[np.uint8]], features: Sequence[str]) -> NDArray[np.int32]:
    """Add up the pairs both of whose features are at hand, in steps, shape (n,)."""
    joint = JointTables.of(memory, features)
    if not joint.features:
        return np.zeros(len(next(iter(bins.values()))), dtype=np.int32)
    return joint.add_up([bins[name] for name in joint.features])


def fit_recipe(table: BinTable, rows: NDArray[np.int64], recipe: Recipe) -> FittedModel:
    """Fit one recipe on some rows of a table that holds its features."""
    training = table.take(rows)
    weights = balanced_weights(training.source, training.label, np.where(is_light(training), LIGHT_WEIGHT, 1.0))
    bins = {name: training.bins[name] for name in recipe.tables}
    points = fit_points(
        bins, training.label, weights, monotone=recipe.monotone, random_state=SEED, settings=recipe.settings
    )
    if recipe.line_share:
        line = fit_line(bins, training.label, weights, monotone=recipe.monotone, ridge=LINE_RIDGE)
        points = points.mixed_with(line, recipe.line_share)
    return FittedModel(points.rounded(), _memory(training, recipe))


def _memory(training: BinTable, recipe: Recipe) -> Memory | None:
    if recipe.memory is None:
        return None
    # The pairs may only add, so people of every kind speak at full weight: whom they know, they do not add to.
    weights = balanced_weights(training.source, training.label)
    return fit_memory(training.bins, training.label, weights, recipe.memory, random_state=SEED)
