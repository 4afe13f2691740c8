"""LOSO-5: how a recipe does on a source of suspicious accounts that nothing was learned from.

Every number is of rows that were left out. The threshold of a fold is set by the shipped rule on the sources that
remain, so its false-alarm rate on the left-out people is what a new audience would have seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.scoring.card import features_of
from botscan.scoring.patterns import Pattern
from botscan.training.bin_table import BinTable
from botscan.training.folds import Fold, fit_recipe, loso_folds
from botscan.training.recipes import Recipe
from botscan.training.thresholds import Fit, leave_out, line_quantile, set_thresholds


@dataclass(frozen=True)
class Ranking:
    """How well scores rank left-out accounts.

    Attributes
    ----------
    n_suspicious, n_organic
        Accounts of either kind.
    auc
        Area under the ROC curve.
    average_precision
        Area under the precision-recall curve, at the mix of the fold.
    recall_at_1, recall_at_5
        Largest share of suspicious accounts found at a false-alarm rate of at most 1 % and 5 %.
    """

    n_suspicious: int
    n_organic: int
    auc: float
    average_precision: float
    recall_at_1: float
    recall_at_5: float


def rank(labels: NDArray[Any], scores: NDArray[Any]) -> Ranking:
    """Measure how scores rank labelled accounts; labels 1 suspicious, 0 organic, shape (n,).

    Examples
    --------
    >>> rank(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])).auc
    0.75
    """
    from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve

    false_alarms, found, _ = roc_curve(labels, scores)
    return Ranking(
        n_suspicious=int((labels == 1).sum()),
        n_organic=int((labels == 0).sum()),
        auc=float(roc_auc_score(labels, scores)),
        average_precision=float(average_precision_score(labels, scores)),
        recall_at_1=float(found[false_alarms <= 0.01].max()),
        recall_at_5=float(found[false_alarms <= 0.05].max()),
    )


@dataclass(frozen=True)
class Decision:
    """What a threshold does to left-out accounts.

    Attributes
    ----------
    true_positive_rate, false_positive_rate
        Share of suspicious and of organic accounts at or above it.
    mcc
        Matthews correlation coefficient, at the mix of the fold.
    """

    true_positive_rate: float
    false_positive_rate: float
    mcc: float


def decide(labels: NDArray[Any], is_flagged: NDArray[np.bool_]) -> Decision:
    """Measure a decision on labelled accounts, shape (n,)."""
    from sklearn.metrics import matthews_corrcoef

    return Decision(
        true_positive_rate=float(is_flagged[labels == 1].mean()),
        false_positive_rate=float(is_flagged[labels == 0].mean()),
        mcc=float(matthews_corrcoef(labels, is_flagged)),
    )


@dataclass(frozen=True, eq=False)
class FoldScores:
    """One fold of LOSO-5, scored under one evidence pattern.

    Attributes
    ----------
    fold
        What was left out.
    dataset, labels
        Data set and truth of the rows left out, shape (n,).
    steps
        Their scores in steps of 0.05 log-odds, shape (n,).
    line
        Threshold that the shipped rule sets on the sources that remain, in steps.
    """

    fold: Fold
    dataset: NDArray[Any]
    labels: NDArray[Any]
    steps: NDArray[np.int32]
    line: int

    def measure(self) -> dict[str, Any]:
        """Return every figure of the fold as plain numbers."""
        return {
            "left_out": self.fold.name,
            **asdict(rank(self.labels, self.steps)),
            **asdict(decide(self.labels, self.steps >= self.line)),
        }

    def by_dataset(self) -> list[dict[str, Any]]:
        """Return the same for each data set of suspicious accounts against all people of the fold."""
        parts = []
        for dataset in np.unique(self.dataset[self.labels == 1]):
            rows = (self.labels == 0) | (self.dataset == dataset)
            part = FoldScores(self.fold, self.dataset[rows], self.labels[rows], self.steps[rows], self.line)
            parts.append({**part.measure(), "left_out": str(dataset)})
        return parts


def score_loso(
    table: BinTable, recipe: Recipe, patterns: Sequence[Pattern], fit: Fit = fit_recipe
) -> dict[str, list[FoldScores]]:
    """Fit a recipe on each fold of LOSO-5 and score what was left out under several evidence patterns.

    Parameters
    ----------
    table
        Twitter rows with the features of the recipe.
    recipe
        What to fit.
    patterns
        Evidence patterns.
    fit
        How to fit it.

    Returns
    -------
    scores
        Pattern name -> five folds.
    """
    scores: dict[str, list[FoldScores]] = {pattern.name: [] for pattern in patterns}
    for fold in loso_folds(table):
        model = fit(table, fold.train, recipe)
        inner = leave_out(table, recipe, ~fold.test, fit)
        test = table.take(fold.test)
        for pattern in patterns:
            features = features_of(pattern, recipe.features)
            line = set_thresholds(inner, features, line_quantile(pattern)).suspicious
            steps = model.score(test.bins, features)
            scores[pattern.name].append(FoldScores(fold, test.dataset, test.label, steps, line))
    return scores


def summarise(measures: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Return mean and worst of every figure over folds; the worst false-alarm rate is the largest."""
    names = [name for name, value in measures[0].items() if isinstance(value, float)]
    worst = {
        name: (max if name == "false_positive_rate" else min)(float(item[name]) for item in measures) for name in names
    }
    return {"mean": {name: float(np.mean([item[name] for item in measures])) for name in names}, "worst": worst}
