"""The fits behind the scoreboard: every model on every fold, one block a fit, so that a run can go on where it stopped.

Only figures and the names of sources leave a block.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from botscan.scoring.patterns import PATTERNS
from botscan.training.baselines import (
    fit_boosting,
    fit_follow_ratio,
    fit_forest,
    fit_logistic,
    fit_metadata_forest,
    fit_post_ratio,
)
from botscan.training.bin_table import BinTable, data_folder, labelled_frame, read_bin_table, rows_to_bins
from botscan.training.fitted import fit_recipe
from botscan.training.folds import Fold, people_sources, sample_rows, validation_folds
from botscan.training.protocols import PARTED_SOURCES, PROTOCOLS, measure_fold, protocol_folds
from botscan.training.recipes import COUNT_FEATURES, RECIPES
from botscan.training.scoreboard import FoldScores, leave_people_out, rank, score_fold
from botscan.training.thresholds import Fit
from resumable import run_blocks

SHIPPED = "botscan"
FOLLOW_RATIO = "following/followers alone"
#: Model -> how it is fitted.
MODELS: dict[str, Fit] = {
    SHIPPED: fit_recipe,
    FOLLOW_RATIO: fit_follow_ratio,
    "posts/following alone": fit_post_ratio,
    "linear logistic regression": fit_logistic,
    "gradient boosting": fit_boosting,
    "random forest": fit_forest,
    "random forest, metadata of Yang et al. 2020": fit_metadata_forest,
}
#: Those that are there at once.
QUICK = tuple(MODELS)[:3]
RECIPE = {recipe.platform: recipe for recipe in RECIPES}

PEOPLE, ELSEWHERE = "people", "other platforms"

#: What all figures depend on, from the root of the repository ...
_ALWAYS = (
    "benchmarks/protocol_blocks.py",
    "src/botscan/features/grid.py",
    "src/botscan/scoring/patterns.py",
    *(
        f"src/botscan/training/{name}.py"
        for name in ("fit", "folds", "protocols", "recipes", "scoreboard", "sources", "thresholds")
    ),
    "training_data/bins.parquet",
)
#: ... what those of the shipped recipe depend on besides, and those of the others.
BEHIND_SHIPPED = (
    *_ALWAYS,
    "src/botscan/scoring/memory.py",
    *(f"src/botscan/training/{name}.py" for name in ("fitted", "line", "pairs")),
)
BEHIND_OTHERS = (*_ALWAYS, "src/botscan/training/baselines.py")


@cache
def twitter() -> BinTable:
    """Return the Twitter rows with every feature of the recipe."""
    return read_bin_table().of_platform("twitter", RECIPE["twitter"].features)


@cache
def folds(protocol: Any) -> dict[str, Fold]:
    """Return the folds of a protocol by name."""
    return {fold.name: fold for fold in protocol_folds(twitter(), protocol)}


def run_models(models: Sequence[str], jobs: int) -> dict[tuple[str, str], list[Any]]:
    """Return (model, protocol) -> what `run_block` gave for each fold."""
    found: dict[tuple[str, str], list[Any]] = {}
    for model in models:
        behind = BEHIND_SHIPPED if model == SHIPPED else BEHIND_OTHERS
        for record in run_blocks("scoreboard", _blocks(model), run_block, jobs, behind):
            found.setdefault((model, record["protocol"]), []).append(record["result"])
    return found


def _blocks(model: str) -> Iterator[dict[str, Any]]:
    for protocol in PROTOCOLS:
        for name in folds(protocol):
            yield {"model": model, "protocol": protocol, "fold": name}
    if model == SHIPPED:
        for source in people_sources(twitter()):
            yield {"model": model, "protocol": PEOPLE, "fold": source}
    yield {"model": model, "protocol": ELSEWHERE, "fold": "all"}


def run_block(model: str, protocol: Any, fold: str) -> Any:
    """Fit one model on one fold, or on all folds of the small platforms, and measure what was left out."""
    fit, recipe = MODELS[model], RECIPE["twitter"]
    patterns = PATTERNS["twitter"] if model == SHIPPED else PATTERNS["twitter"][:1]
    if protocol == PEOPLE:
        people = leave_people_out(twitter(), recipe, patterns, fold, fit)
        return {name: {**vars(one), "steps": one.steps.tolist()} for name, one in people.items()}
    if protocol == ELSEWHERE:
        return {"instagram": instagram(fit), "tiktok": tiktok(fit), "across platforms": across(fit)}
    left_out = folds(protocol)[fold]
    if protocol == "LOSO-5":
        scored = score_fold(twitter(), recipe, patterns, left_out, fit)
        return {
            name: {"cells": [_as_cell(one, one.measure())], "parts": [_as_cell(one, part) for part in _parts(one)]}
            for name, one in scored.items()
        }
    cells, parts = measure_fold(twitter(), recipe, left_out, patterns[0], fit)
    return {"cells": [cell.measure() for cell in cells], "parts": [part.measure() for part in parts]}


def _parts(scores: FoldScores) -> list[dict[str, Any]]:
    return scores.by_dataset() if scores.fold.name in PARTED_SOURCES else []


def _as_cell(scores: FoldScores, measures: dict[str, Any]) -> dict[str, Any]:
    """Name a fold of LOSO-5 as the cells of the other protocols are named."""
    people = np.unique(twitter().source[scores.fold.test & (twitter().label == 0)]).tolist()
    figures = {name: value for name, value in measures.items() if name != "left_out"}
    return {"suspicious": measures["left_out"], "people": " + ".join(people), **figures}


def instagram(fit: Fit) -> dict[str, Any]:
    """Each source left out in turn; the third may only be tested on and is read from the data folder."""
    recipe = RECIPE["instagram"]
    rows = read_bin_table().of_platform("instagram", recipe.features)
    result: dict[str, Any] = {}
    for source in ("kaggle_ig", "belericks"):
        test = rows.take(rows.source == source)
        model = fit(rows, sample_rows(rows, rows.source != source), recipe)
        result[source] = asdict(rank(test.label, model.score(test.bins, recipe.features)))
    try:
        frame = labelled_frame(data_folder(), "instagram")
    except FileNotFoundError:
        result["instafake"] = "skipped: the folder of labelled files is not here (set BOTSCAN_DATA)"
        return result
    frame = frame[frame["dataset"] == "instafake"]
    bins = rows_to_bins(pa.Table.from_pandas(frame, preserve_index=False), "instagram", recipe.features)
    model = fit(rows, sample_rows(rows, np.ones(len(rows), dtype=bool)), recipe)
    result["instafake"] = asdict(rank(frame["label"].to_numpy(), model.score(bins, recipe.features)))
    return result


def tiktok(fit: Fit) -> dict[str, Any]:
    """Random halves of the one source: near trivial, and no measure of a new audience."""
    recipe = RECIPE["tiktok"]
    rows = read_bin_table().of_platform("tiktok", recipe.features)
    result = {}
    for fold in validation_folds(rows, recipe):
        test = rows.take(fold.test)
        result[fold.name] = asdict(rank(test.label, fit(rows, fold.train, recipe).score(test.bins, recipe.features)))
    return result


def across(fit: Fit) -> dict[str, Any]:
    """Transfer between Instagram and TikTok, on counts and ratios both have."""
    result = {}
    for trained, tested in (("instagram", "tiktok"), ("tiktok", "instagram")):
        source = read_bin_table().of_platform(trained, COUNT_FEATURES)
        test = read_bin_table().of_platform(tested, COUNT_FEATURES)
        model = fit(source, sample_rows(source, np.ones(len(source), dtype=bool)), RECIPE["general"])
        result[f"{trained} to {tested}"] = asdict(rank(test.label, model.score(test.bins, COUNT_FEATURES)))
    return result
