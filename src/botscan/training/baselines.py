"""Models to be compared with, fitted under the same rules on the same bins: a random forest, and one ratio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.features.grid import EDGES, MISSING
from botscan.training.bin_table import BinTable
from botscan.training.fit import balanced_weights
from botscan.training.recipes import SEED, Recipe


@dataclass(frozen=True, eq=False)
class Forest:
    """A random forest on bins; a missing field is filled with the training median, so that no tree sees a gap.

    Attributes
    ----------
    forest
        Fitted scikit-learn classifier.
    medians
        Feature -> median bin of the training rows.
    """

    forest: Any
    medians: Mapping[str, int]

    def score(self, bins: Mapping[str, NDArray[np.uint8]], features: Sequence[str]) -> NDArray[np.int32]:
        """Score rows in ten-thousandths of probability; features that are not given count as missing."""
        n_rows = len(next(iter(bins.values())))
        columns = [
            _filled(bins[name] if name in features else np.full(n_rows, MISSING, dtype=np.uint8), median)
            for name, median in self.medians.items()
        ]
        probability = self.forest.predict_proba(np.column_stack(columns))[:, 1]
        return np.rint(probability * 10_000).astype(np.int32)


def fit_forest(table: BinTable, rows: NDArray[np.int64], recipe: Recipe) -> Forest:
    """Fit a forest of 200 trees, leaves of at least 5 rows, on the rows and weights of a recipe."""
    from sklearn.ensemble import RandomForestClassifier

    training = table.take(rows)
    medians = {}
    for name in recipe.features:
        known = training.bins[name][training.bins[name] != MISSING]
        medians[name] = int(np.median(known)) if len(known) else 0
    columns = np.column_stack([_filled(training.bins[name], median) for name, median in medians.items()])
    forest = RandomForestClassifier(n_estimators=200, min_samples_leaf=5, random_state=SEED, n_jobs=1)
    weights = balanced_weights(training.source, training.label) * len(rows)
    return Forest(forest.fit(columns, training.label, sample_weight=weights), medians)


@dataclass(frozen=True)
class LowRatio:
    """One ratio and nothing fitted: the lower it is, the more suspect.

    Attributes
    ----------
    name
        Feature whose bin is the score.
    """

    name: str

    def score(self, bins: Mapping[str, NDArray[np.uint8]], features: Sequence[str]) -> NDArray[np.int32]:  # noqa: ARG002  the ratio is all it knows
        """Score rows by their bin, highest where the ratio is lowest; a missing ratio stands in the middle."""
        codes = bins[self.name].astype(np.int32)
        n_bins = len(EDGES[self.name]) + 1
        return np.where(codes == MISSING, n_bins // 2, n_bins - codes).astype(np.int32)


def _filled(codes: NDArray[np.uint8], median: int) -> NDArray[np.uint8]:
    return np.where(codes == MISSING, np.uint8(median), codes)
