"""Lines for ``suspicious`` and ``review``, set on people of sources that were left out of training.

A line tuned on the people a model has seen does not hold on new ones. So each source is left out in turn, its
organic accounts are scored, and the score that all but a small share of them stay below is noted. The largest of
these is the line for ``suspicious``; their median is the looser line for ``review``. No line is below 0, where both
kinds weigh alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from botscan.scoring.model import Thresholds
from botscan.scoring.patterns import Pattern
from botscan.training.bin_table import BinTable
from botscan.training.fitted import fit_recipe
from botscan.training.folds import Fold, sample_rows, validation_folds
from botscan.training.recipes import QUANTILE, QUANTILE_OF_FEW_SOURCES, Recipe


class Fitted(Protocol):
    """Anything that scores rows of bins in whole steps: the model, or a baseline to compare it with."""

    def score(self, bins: Mapping[str, NDArray[np.uint8]], features: Sequence[str]) -> NDArray[np.int32]:
        """Score rows from some of the features, shape (n,)."""


#: Fits a recipe on some rows of a table.
Fit = Callable[[BinTable, NDArray[np.int64], Recipe], Fitted]


@dataclass(frozen=True, eq=False)
class LeftOut:
    """One fold, fitted: a model and labelled rows it never saw.

    Attributes
    ----------
    fold
        What was left out.
    model
        Fitted without it.
    rows
        The rows left out, at most 3,000 of a data set.
    """

    fold: Fold
    model: Fitted
    rows: BinTable

    def steps(self, features: Sequence[str]) -> NDArray[np.int32]:
        """Score the rows from some of the features, in steps of 0.05 log-odds, shape (n,)."""
        return self.model.score(self.rows.bins, features)

    @property
    def has_people(self) -> bool:
        """Whether organic accounts were left out."""
        return bool((self.rows.label == 0).any())


def leave_out(
    table: BinTable, recipe: Recipe, among: NDArray[np.bool_] | None = None, fit: Fit = fit_recipe
) -> list[LeftOut]:
    """Fit the recipe once per validation fold.

    Parameters
    ----------
    table
        Rows of one platform.
    recipe
        What to fit.
    among
        Rows that may be used at all, shape (n,).
    fit
        How to fit it.
    """
    return [
        LeftOut(fold, fit(table, fold.train, recipe), table.take(sample_rows(table, fold.test)))
        for fold in validation_folds(table, recipe, among)
    ]


def quantile_line(steps: NDArray[np.int32], quantile: float) -> int:
    """Return the smallest line that at most a share 1 - quantile of the scores reaches.

    Examples
    --------
    >>> quantile_line(np.arange(100, dtype=np.int32), 0.95)
    95
    >>> quantile_line(np.array([7, 7, 7, 7], dtype=np.int32), 0.95)
    8
    """
    ordered = np.sort(steps)
    allowed = int(np.floor((1.0 - quantile) * len(ordered) + 1e-9))
    return int(ordered[len(ordered) - allowed - 1]) + 1


def line_quantile(pattern: Pattern) -> float:
    """Return the share of organic accounts of each left-out source that must stay below the line of a pattern.

    Examples
    --------
    >>> from botscan.scoring.patterns import PATTERNS
    >>> line_quantile(PATTERNS["twitter"][0]), line_quantile(PATTERNS["instagram"][0])
    (0.95, 0.99)
    """
    return QUANTILE.get(pattern.platform, QUANTILE_OF_FEW_SOURCES)


def set_thresholds(left_out: Sequence[LeftOut], features: Sequence[str], quantile: float) -> Thresholds:
    """Set both lines for one evidence pattern: the largest and the median of the left-out lines."""
    lines = sorted(
        quantile_line(item.steps(features)[item.rows.label == 0], quantile) for item in left_out if item.has_people
    )
    return Thresholds(suspicious=max(lines[-1], 0), review=max(int(np.floor(np.median(lines))), 0))


def left_out_rates(
    left_out: Sequence[LeftOut], features: Sequence[str], thresholds: Thresholds
) -> list[dict[str, Any]]:
    """Return per left-out data set and label the share of accounts at or above each line."""
    rates = []
    for item in left_out:
        steps = item.steps(features)
        for dataset in np.unique(item.rows.dataset):
            for label, kind in ((0, "organic"), (1, "suspicious")):
                scores = steps[(item.rows.dataset == dataset) & (item.rows.label == label)]
                if len(scores):
                    rates.append(
                        {"dataset": str(dataset), "fold": item.fold.name, "kind": kind, **rates_at(scores, thresholds)}
                    )
    return rates


def rates_at(steps: NDArray[np.int32], thresholds: Thresholds) -> dict[str, float]:
    """Return how many accounts there are and which shares reach each line, rounded to four digits."""
    return {
        "n": len(steps),
        "review_rate": round(float((steps >= thresholds.review).mean()), 4),
        "suspicious_rate": round(float((steps >= thresholds.suspicious).mean()), 4),
    }
