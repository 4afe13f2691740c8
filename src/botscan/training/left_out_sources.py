"""Labelled rows of a user, each source left out once, and what a model that never saw it makes of it.

The line that a left-out source is held against is set on the other sources, each scored by a model that saw neither of
the two, so its false alarms are what a new audience would have seen; the rule that spares quiet people counts, as it
does in scoring. Where too little would remain to train on without both, as always with two sources or two halves, the
model behind the line knew the left-out source: its false alarms are then no more than a hint. So did it with more than
`MAX_NESTED` sources, of which each is a small part of what trains.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.scoring.card import features_of
from botscan.scoring.model import Validation
from botscan.scoring.patterns import Pattern
from botscan.training.baselines import LowRatio
from botscan.training.bin_table import BinTable
from botscan.training.fit import TableModel
from botscan.training.fitted import fit_recipe
from botscan.training.folds import Fold
from botscan.training.labelled_rows import MIN_OF_SOURCE, LabelledRows
from botscan.training.recipes import SEED, Recipe
from botscan.training.scoreboard import rank
from botscan.training.thresholds import LeftOut, line_quantile, set_thresholds

#: Fits a recipe on some rows of a table; the one place where a user's model is fitted.
FitTables = Callable[[BinTable, NDArray[np.int64], Recipe], TableModel]

#: Up to so many sources are left out by twos as well, in 66 fits; the number of fits grows with the square.
MAX_NESTED = 12

#: What a model must rank better than.
RATIO = LowRatio("followers_following_ratio")


@dataclass(frozen=True, eq=False)
class SourceFold:
    """One source left out, or one half of all rows.

    Attributes
    ----------
    left_out
        The fitted model and the rows of the source.
    rows
        Where these rows stand in the table.
    people
        Organic rows of another source, left out as well, for a source that has none; where they stand in the table.
    line_setters
        The other sources with people, by whom its line is set; their models saw neither them nor this source, where
        enough remains to train on and sources are no more than `MAX_NESTED`.
    """

    left_out: LeftOut
    rows: NDArray[np.int64]
    people: NDArray[np.int64]
    line_setters: tuple[LeftOut, ...] = ()

    @property
    def name(self) -> str:
        """Name of the source or half."""
        return self.left_out.fold.name

    def n_of(self, label: int) -> int:
        """Return the number of rows of a label that were left out and are of the source itself."""
        return int((self.left_out.rows.label == label).sum())

    @property
    def has_people(self) -> bool:
        """Whether the source holds enough organic accounts to set a line by."""
        return self.n_of(0) >= MIN_OF_SOURCE


@dataclass(frozen=True)
class FoldMeasures:
    """What a model makes of a source it never saw, under one evidence pattern.

    Attributes
    ----------
    pattern
        Name of the pattern.
    left_out
        Name of the source or half.
    n_organic, n_suspicious
        Accounts of either kind that were left out and scored.
    auc, ratio_auc
        Area under the ROC curve of the model, and of the ratio of followers to following alone; None where the source
        has too few suspicious accounts.
    false_alarm_rate
        Share of its organic accounts called suspicious, by a line set on the other sources; None where it has too few.
        The models behind the line did not know the source, unless too little would have remained to train on or
        sources are more than `MAX_NESTED`: with two sources, or two halves, they did.
    found_rate
        Share of its suspicious accounts called so by that line.
    """

    pattern: str
    left_out: str
    n_organic: int
    n_suspicious: int
    auc: float | None
    ratio_auc: float | None
    false_alarm_rate: float | None
    found_rate: float | None


def fit_own(table: BinTable, rows: NDArray[np.int64], recipe: Recipe) -> TableModel:
    """Fit the tables of a recipe on some rows of a user's table; every source counts alike, whatever its name."""
    return fit_recipe(replace(table, dataset=np.full(len(table), "own")), rows, recipe).tables


def two_kind_sources(rows: LabelledRows) -> list[str]:
    """Return the sources that hold enough accounts of both kinds."""
    sources = np.unique(rows.table.source).tolist()
    return [name for name in sources if min(rows.n_of(name, 0), rows.n_of(name, 1)) >= MIN_OF_SOURCE]


def leave_each_out(rows: LabelledRows, fit: FitTables = fit_own) -> tuple[Validation, list[SourceFold]]:
    """Fit once without each source; where fewer than two sources hold both kinds, without each random half.

    A source with too few accounts of either kind always trains. One without people of its own is tested against the
    people of another source, who then leave training as well. For the lines, every two sources of which one at least
    has people are left out together, where at least `MIN_OF_SOURCE` accounts of each kind remain: k sources, up to
    `MAX_NESTED`, cost up to k + k (k - 1) / 2 fits.

    Parameters
    ----------
    rows
        Labelled rows.
    fit
        How to fit.

    Returns
    -------
    validation
        Whether whole sources were left out, or random halves.
    folds
        In the order of their names.
    """
    table = rows.table
    whole = two_kind_sources(rows)
    if len(whole) < 2:
        first = _first_half(table)
        nobody = np.zeros(len(table), dtype=np.bool_)
        halves = (("half_1", first), ("half_2", ~first))
        return "random_halves", _with_lines(rows, [_fold(rows, name, test, nobody, fit) for name, test in halves], fit)
    folds = []
    for source in np.unique(table.source).tolist():
        n_organic, n_suspicious = rows.n_of(source, 0), rows.n_of(source, 1)
        if max(n_organic, n_suspicious) < MIN_OF_SOURCE:
            continue
        people = np.zeros(len(table), dtype=np.bool_)
        if n_organic < MIN_OF_SOURCE:
            # The smallest of those who will do: the rest trains.
            lender = min(whole, key=lambda name: (rows.n_of(name, 0), name))
            people = (table.source == lender) & (table.label == 0)
        folds.append(_fold(rows, source, table.source == source, people, fit))
    return "left_out_sources", _with_lines(rows, folds, fit)


def _fold(
    rows: LabelledRows, name: str, test: NDArray[np.bool_], people: NDArray[np.bool_], fit: FitTables
) -> SourceFold:
    table = rows.table
    fold = Fold(name, test | people, np.flatnonzero(~(test | people)))
    model = fit(table, fold.train, rows.recipe)
    own = np.flatnonzero(test)
    return SourceFold(LeftOut(fold, model, table.take(own)), own, np.flatnonzero(people))


def _with_lines(rows: LabelledRows, folds: Sequence[SourceFold], fit: FitTables) -> list[SourceFold]:
    """Leave every two folds out together, once for both, and give each the others that set its line."""
    table = rows.table
    setters: list[list[LeftOut]] = [[] for _ in folds]
    for first, second in combinations(range(len(folds)), 2):
        pair = folds[first], folds[second]
        if not (pair[0].has_people or pair[1].has_people):
            continue
        test = np.zeros(len(table), dtype=np.bool_)
        test[np.concatenate([pair[0].rows, pair[1].rows])] = True
        remain = np.flatnonzero(~test)
        n_least = min(int((table.label[remain] == kind).sum()) for kind in (0, 1))
        is_nested = len(folds) <= MAX_NESTED and n_least >= MIN_OF_SOURCE
        model = fit(table, remain, rows.recipe) if is_nested else None
        for fold, other in ((first, pair[1]), (second, pair[0])):
            if other.has_people:
                setters[fold].append(other.left_out if model is None else _refitted(other, test, remain, model))
    return [replace(fold, line_setters=tuple(others)) for fold, others in zip(folds, setters, strict=True)]


def _refitted(fold: SourceFold, test: NDArray[np.bool_], train: NDArray[np.int64], model: TableModel) -> LeftOut:
    return LeftOut(Fold(fold.name, test, train), model, fold.left_out.rows)


def _first_half(table: BinTable) -> NDArray[np.bool_]:
    """Draw one half of each kind, with a fixed seed."""
    rng = np.random.Generator(np.random.Philox(SEED))
    is_first = np.zeros(len(table), dtype=np.bool_)
    for label in (0, 1):
        shuffled = rng.permutation(np.flatnonzero(table.label == label))
        is_first[shuffled[::2]] = True
    return is_first


def folds_with_people(folds: Sequence[SourceFold]) -> list[LeftOut]:
    """Return the folds by which a line is set."""
    return [fold.left_out for fold in folds if fold.has_people]


def measure_folds(rows: LabelledRows, folds: Sequence[SourceFold]) -> list[FoldMeasures]:
    """Measure every fold under every pattern, pattern by pattern."""
    return [_measure(rows, fold, pattern) for pattern in rows.patterns for fold in folds]


def _measure(rows: LabelledRows, fold: SourceFold, pattern: Pattern) -> FoldMeasures:
    features = features_of(pattern, rows.recipe.features)
    label = fold.left_out.rows.label
    steps = fold.left_out.steps(features)
    line = set_thresholds(fold.line_setters, features, line_quantile(pattern)).suspicious
    is_called = (steps >= line) & ~rows.is_spared[fold.rows]
    lent = rows.table.take(fold.people)
    labels = np.concatenate([label, lent.label])
    auc = ratio_auc = None
    if fold.n_of(1) >= MIN_OF_SOURCE and (labels == 0).sum() >= MIN_OF_SOURCE:
        scores = np.concatenate([steps, fold.left_out.model.score(lent.bins, features)])
        auc = rank(labels, scores).auc
        ratio_auc = rank(labels, RATIO.score(rows.table.take(np.concatenate([fold.rows, fold.people])).bins, ())).auc
    return FoldMeasures(
        pattern=pattern.name,
        left_out=fold.name,
        n_organic=int((labels == 0).sum()),
        n_suspicious=fold.n_of(1),
        auc=auc,
        ratio_auc=ratio_auc,
        false_alarm_rate=_share(is_called[label == 0]) if fold.has_people else None,
        found_rate=_share(is_called[label == 1]) if fold.n_of(1) >= MIN_OF_SOURCE else None,
    )


def _share(called: NDArray[Any]) -> float:
    return float(called.mean())
