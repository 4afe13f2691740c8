"""Three questions to a recipe, each asked of accounts whose source it did not see, or not in that audience.

LOSO-5 leaves out one source of suspicious accounts; CROSS-45 a source of suspicious accounts and one of people;
KNOWN-45 asks for the other half of sources that were seen, among people that were not. A model can win one and lose
another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from botscan.scoring.card import features_of
from botscan.scoring.patterns import Pattern
from botscan.training.bin_table import BinTable
from botscan.training.fitted import fit_recipe
from botscan.training.folds import LOSO_SOURCES, Fold, cross_folds, known_folds, loso_folds
from botscan.training.recipes import Recipe
from botscan.training.scoreboard import Ranking, rank
from botscan.training.sources import source_of
from botscan.training.thresholds import Fit

Protocol = Literal["LOSO-5", "CROSS-45", "KNOWN-45"]
PROTOCOLS: tuple[Protocol, ...] = ("LOSO-5", "CROSS-45", "KNOWN-45")

#: Sources whose data sets are campaigns of their own, to be told apart.
PARTED_SOURCES = ("cresci-2015", "cresci-2017")


@dataclass(frozen=True)
class Cell:
    """One source of suspicious accounts against one group of people.

    Attributes
    ----------
    suspicious
        Source, or one data set of it.
    people
        Source; for LOSO-5 that of the fold.
    ranking
        How the scores rank them.
    """

    suspicious: str
    people: str
    ranking: Ranking

    def measure(self) -> dict[str, Any]:
        """Return every figure of the cell as plain numbers; `botscan.training.scoreboard.summarise` takes them."""
        return {"suspicious": self.suspicious, "people": self.people, **asdict(self.ranking)}


def measure_protocol(
    table: BinTable, recipe: Recipe, protocol: Protocol, pattern: Pattern, fit: Fit = fit_recipe
) -> list[Cell]:
    """Refit a recipe for every cell of a protocol and rank what was left out.

    Parameters
    ----------
    table
        Twitter rows with the features of the recipe.
    recipe
        What to fit.
    protocol
        Which question.
    pattern
        Evidence pattern under which accounts are scored.
    fit
        How to fit it.
    """
    folds = protocol_folds(table, protocol)
    return ordered([cell for fold in folds for cell in measure_fold(table, recipe, fold, pattern, fit)[0]])


def protocol_folds(table: BinTable, protocol: Protocol) -> list[Fold]:
    """Return the folds of a protocol: one a fit."""
    makers = {"LOSO-5": loso_folds, "CROSS-45": cross_folds, "KNOWN-45": known_folds}
    return makers[protocol](table)


def measure_fold(
    table: BinTable, recipe: Recipe, fold: Fold, pattern: Pattern, fit: Fit = fit_recipe
) -> tuple[list[Cell], list[Cell]]:
    """Fit a recipe on one fold and rank what was left out.

    Returns
    -------
    cells
        One a source of suspicious accounts.
    parts
        One a data set of `PARTED_SOURCES`, against the same people.
    """
    test = table.take(fold.test)
    steps = fit(table, fold.train, recipe).score(test.bins, features_of(pattern, recipe.features))
    parted = np.isin(test.source, PARTED_SOURCES)
    parts = _cells(test, steps, np.where(parted, test.dataset, ""))
    return _cells(test, steps, test.source), [part for part in parts if part.suspicious]


def _cells(test: BinTable, steps: NDArray[np.int32], names: NDArray[np.str_]) -> list[Cell]:
    """Rank the suspicious accounts of each name against all people that were left out."""
    is_person = test.label == 0
    people = " + ".join(np.unique(test.source[is_person]).tolist())
    cells = []
    for name in np.unique(names[~is_person]).tolist():
        rows = is_person | (names == name)
        cells.append(Cell(name, people, rank(test.label[rows], steps[rows])))
    return cells


def ordered(cells: Sequence[Cell]) -> list[Cell]:
    """Return cells in the order of LOSO-5, data sets of a source together, then by people."""
    return sorted(cells, key=lambda c: (LOSO_SOURCES.index(source_of(c.suspicious)), c.suspicious, c.people))


@dataclass(frozen=True)
class BelowRatio:
    """A cell in which one ratio ranks at least as well as a model.

    Attributes
    ----------
    suspicious, people
        Which cell.
    auc, ratio_auc
        Area under the ROC curve of the model and of the ratio.
    """

    suspicious: str
    people: str
    auc: float
    ratio_auc: float


def below_ratio(cells: Sequence[Cell], ratio: Sequence[Cell]) -> Iterator[BelowRatio]:
    """Yield the cells in which a model does not beat a ratio.

    Parameters
    ----------
    cells
        Cells of the model.
    ratio
        The same cells, ranked by the ratio.
    """
    of_ratio = {(cell.suspicious, cell.people): cell.ranking.auc for cell in ratio}
    for cell in cells:
        ratio_auc = of_ratio[cell.suspicious, cell.people]
        if cell.ranking.auc <= ratio_auc:
            yield BelowRatio(cell.suspicious, cell.people, cell.ranking.auc, ratio_auc)
