"""Which rows train and which are left out; every figure about a model comes from rows it never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.training.bin_table import BinTable
from botscan.training.recipes import ROWS_PER_DATASET, SEED, Recipe
from botscan.training.sources import TRAINING_SETS

#: LOSO-5: sources of suspicious accounts, each left out in turn. The two without people of their own are tested
#: against the people of another source, who then leave training as well.
LOSO_SOURCES: tuple[str, ...] = (
    "cresci-2015",
    "vendor-purchased-2019",
    "caverlee-2011",
    "pronbots-2019",
    "cresci-2017",
)
BORROWED_PEOPLE = {"vendor-purchased-2019": "cresci-2017/genuine", "pronbots-2019": "cresci-2017/genuine"}

_LIGHT = tuple(item.dataset for item in TRAINING_SETS if item.organic == "light")


def is_light(table: BinTable) -> NDArray[np.bool_]:
    """Return which rows train at a tenth of the weight, shape (n,)."""
    return np.isin(table.dataset, _LIGHT)


def sample_rows(table: BinTable, rows: NDArray[Any], limit: int = ROWS_PER_DATASET) -> NDArray[np.int64]:
    """Draw at most `limit` rows of every data set, with a fixed seed; the same rows in every fold.

    Parameters
    ----------
    table
        Labelled rows.
    rows
        Mask of the rows to draw from, shape (n,).

    Returns
    -------
    drawn
        Row indices, rising.
    """
    drawn = []
    for dataset in np.unique(table.dataset[rows]):
        # Drawn from all rows of the set, so that leaving something out does not change the rest of the sample.
        of_set = np.flatnonzero(table.dataset == dataset)
        if len(of_set) > limit:
            rng = np.random.Generator(np.random.Philox(SEED))
            of_set = rng.choice(of_set, size=limit, replace=False)
        drawn.append(of_set[rows[of_set]])
    return np.sort(np.concatenate(drawn))


@dataclass(frozen=True, eq=False)
class Fold:
    """What is left out, and what then trains.

    Attributes
    ----------
    name
        Source or part left out.
    test
        Mask of the rows left out, shape (n,).
    train
        Indices of the rows that train.
    """

    name: str
    test: NDArray[np.bool_]
    train: NDArray[np.int64]


def loso_folds(table: BinTable) -> list[Fold]:
    """Return the five folds of LOSO-5 on the Twitter rows."""
    folds = []
    for source in LOSO_SOURCES:
        test = (table.source == source) | (table.dataset == BORROWED_PEOPLE.get(source, ""))
        folds.append(Fold(source, test, sample_rows(table, ~test)))
    return folds


def cross_folds(table: BinTable) -> list[Fold]:
    """Return the 45 cells of CROSS-45: suspicious accounts of one source against people of one, both left out whole."""
    folds = []
    for source in LOSO_SOURCES:
        for people in people_sources(table):
            test = ((table.source == source) & (table.label == 1)) | ((table.source == people) & (table.label == 0))
            left = (table.source != source) & (table.source != people)
            folds.append(Fold(f"{source} | {people}", test, sample_rows(table, left)))
    return folds


def known_folds(table: BinTable) -> list[Fold]:
    """Return the nine folds of KNOWN-45: half of every suspicious source trains, one source of people is left out.

    The other half is tested against the people left out; `Fold.test` holds all five sources, to be told apart by
    whoever measures.
    """
    trains = np.random.Generator(np.random.Philox(SEED)).random(len(table)) < 0.5
    is_suspicious = table.label == 1
    return [
        Fold(
            people,
            (is_suspicious & ~trains) | (~is_suspicious & (table.source == people)),
            sample_rows(table, np.where(is_suspicious, trains, table.source != people)),
        )
        for people in people_sources(table)
    ]


def people_sources(table: BinTable) -> tuple[str, ...]:
    """Return the sources that hold organic accounts, in alphabetical order."""
    return tuple(str(source) for source in np.unique(table.source[table.label == 0]))


def validation_folds(table: BinTable, recipe: Recipe, among: NDArray[np.bool_] | None = None) -> list[Fold]:
    """Return folds that together leave out every row once.

    Parameters
    ----------
    table
        Rows of one platform.
    recipe
        Tells whether whole sources are left out, or random halves.
    among
        Rows that may be used at all, shape (n,); all when not given.
    """
    allowed = np.ones(len(table), dtype=np.bool_) if among is None else among
    if recipe.folds == "halves":
        first = np.random.Generator(np.random.Philox(SEED)).random(len(table)) < 0.5
        parts: Sequence[tuple[str, NDArray[np.bool_]]] = (("half_1", first), ("half_2", ~first))
    else:
        parts = [(str(source), table.source == source) for source in np.unique(table.source[allowed])]
    return [Fold(name, test & allowed, sample_rows(table, ~test & allowed)) for name, test in parts]
