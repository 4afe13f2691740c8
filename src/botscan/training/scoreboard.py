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
from botscan.training.fitted import fit_recipe
from botscan.training.folds import Fold, loso_folds, sample_rows
from botscan.training.loso_models import LosoModel
from botscan.training.recipes import Recipe
from botscan.training.thresholds import Fit, LeftOut, leave_out, line_quantile, quantile_line, set_thresholds


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
    folds = [score_fold(table, recipe, patterns, fold, fit) for fold in loso_folds(table)]
    return {pattern.name: [scores[pattern.name] for scores in folds] for pattern in patterns}


def score_models(
    table: BinTable, recipe: Recipe, patterns: Sequence[Pattern], models: Sequence[LosoModel]
) -> dict[str, list[FoldScores]]:
    """Return the same from models of LOSO-5 that were fitted already, lines included."""
    scores: dict[str, list[FoldScores]] = {}
    for one in models:
        left_out = LeftOut(one.fold, one.model, table.take(one.fold.test))
        for name, fold in _score_left_out(recipe, patterns, left_out, one.inner).items():
            scores.setdefault(name, []).append(fold)
    return scores


def score_fold(
    table: BinTable, recipe: Recipe, patterns: Sequence[Pattern], fold: Fold, fit: Fit = fit_recipe
) -> dict[str, FoldScores]:
    """Fit a recipe on one fold, score what was left out, and set the line on the sources that remain.

    Returns
    -------
    scores
        Pattern name -> the fold.
    """
    left_out = LeftOut(fold, fit(table, fold.train, recipe), table.take(fold.test))
    return _score_left_out(recipe, patterns, left_out, leave_out(table, recipe, ~fold.test, fit))


def _score_left_out(
    recipe: Recipe, patterns: Sequence[Pattern], left_out: LeftOut, inner: Sequence[LeftOut]
) -> dict[str, FoldScores]:
    rows = left_out.rows
    scores = {}
    for pattern in patterns:
        features = features_of(pattern, recipe.features)
        line = set_thresholds(inner, features, line_quantile(pattern)).suspicious
        scores[pattern.name] = FoldScores(left_out.fold, rows.dataset, rows.label, left_out.steps(features), line)
    return scores


@dataclass(frozen=True, eq=False)
class PeopleScores:
    """People of one source that was left out whole, scored under one evidence pattern.

    Attributes
    ----------
    source
        Their source.
    steps
        Their scores, at most 3,000 accounts of a data set, shape (n,).
    own_line
        Line that they would set: the stated quantile of their scores.
    nested_line
        Line that the shipped rule sets without them: on the other sources, by models that saw neither.
    """

    source: str
    steps: NDArray[np.int32]
    own_line: int
    nested_line: int

    def measure(self, shipped_line: int) -> dict[str, Any]:
        """Return which shares of them the shipped and the nested line would call suspicious."""
        return {
            "source": self.source,
            "n": len(self.steps),
            "shipped": float((self.steps >= shipped_line).mean()),
            "nested": float((self.steps >= self.nested_line).mean()),
        }


def leave_people_out(
    table: BinTable, recipe: Recipe, patterns: Sequence[Pattern], source: str, fit: Fit = fit_recipe
) -> dict[str, PeopleScores]:
    """Leave one source out whole and score its people.

    The shipped line is set on all sources, these people among them, so its rate here is bounded by the rule itself;
    the nested line has not met them in any way.

    Parameters
    ----------
    table
        Rows of one platform, with the features of the recipe.
    recipe
        What to fit.
    patterns
        Evidence patterns.
    source
        A source that holds organic accounts.
    fit
        How to fit it.

    Returns
    -------
    people
        Pattern name -> scores and lines.
    """
    is_left = table.source == source
    model = fit(table, sample_rows(table, ~is_left), recipe)
    inner = leave_out(table, recipe, ~is_left, fit)
    rows = table.take(sample_rows(table, is_left))
    bins = rows.take(rows.label == 0).bins
    people = {}
    for pattern in patterns:
        features, quantile = features_of(pattern, recipe.features), line_quantile(pattern)
        steps = model.score(bins, features)
        nested = set_thresholds(inner, features, quantile).suspicious
        people[pattern.name] = PeopleScores(source, steps, quantile_line(steps, quantile), nested)
    return people


def shipped_line(people: Sequence[PeopleScores]) -> int:
    """Return the line of ``suspicious`` that all sources together set: the largest of their own, not below 0."""
    return max(0, *(one.own_line for one in people))


def summarise(measures: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Return mean and worst of every figure over folds; the worst false-alarm rate is the largest."""
    names = [name for name, value in measures[0].items() if isinstance(value, float)]
    worst = {
        name: (max if name == "false_positive_rate" else min)(float(item[name]) for item in measures) for name in names
    }
    return {"mean": {name: float(np.mean([item[name] for item in measures])) for name in names}, "worst": worst}
