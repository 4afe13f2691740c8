"""LOSO-5 of the shipped Twitter recipe beside baselines, from the committed bins; Instagram and TikTok apart.

    python benchmarks/loso.py            everything (some minutes)
    python benchmarks/loso.py --quick    without the forest

Every figure is of accounts whose source was left out of training. Writes benchmarks/results/loso.json.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from botscan.scoring.patterns import PATTERNS
from botscan.training.baselines import LowRatio, fit_forest
from botscan.training.bin_table import BinTable, data_folder, labelled_frame, read_bin_table, rows_to_bins
from botscan.training.folds import fit_recipe, sample_rows
from botscan.training.recipes import COUNT_FEATURES, N_CONFIGURATIONS_TRIED, RECIPES, SEED
from botscan.training.scoreboard import FoldScores, rank, score_loso, summarise

RESULTS = Path(__file__).parent / "results"
RECIPE = {recipe.platform: recipe for recipe in RECIPES}
FIGURES = ("auc", "average_precision", "recall_at_1", "recall_at_5", "mcc", "true_positive_rate", "false_positive_rate")
SHORT = ("AUC", "AP", "rec@1%", "rec@5%", "MCC", "TPR", "FPR")


def twitter(table: BinTable, *, quick: bool) -> dict[str, Any]:
    """LOSO-5 of the shipped recipe and of the baselines, and the shipped recipe with columns absent."""
    recipe = RECIPE["twitter"]
    rows = table.of_platform("twitter", recipe.features)
    full = PATTERNS["twitter"][:1]
    folds = score_loso(rows, recipe, PATTERNS["twitter"])
    result = {"shipped tables": _figures(folds["full"])}
    if not quick:
        result["random forest"] = _figures(score_loso(rows, recipe, full, fit_forest)["full"])
    for title, name in (
        ("following / followers alone", "followers_following_ratio"),
        ("posts / following alone, low = suspect", "posts_following_ratio"),
    ):
        result[title] = _figures(score_loso(rows, recipe, full, lambda *_, ratio=name: LowRatio(ratio))["full"])
    absent = {name: summarise([fold.measure() for fold in scores]) for name, scores in folds.items()}
    return {"models": result, "shipped tables with columns absent": absent}


def _figures(folds: list[FoldScores]) -> dict[str, Any]:
    measures = [fold.measure() for fold in folds]
    parts = [part for fold in folds if fold.fold.name in ("cresci-2015", "cresci-2017") for part in fold.by_dataset()]
    return {"folds": measures, "parts": parts, **summarise(measures)}


def instagram(table: BinTable) -> dict[str, Any]:
    """Each source left out in turn; the third may only be tested on and is read from the data folder."""
    recipe = RECIPE["instagram"]
    rows = table.of_platform("instagram", recipe.features)
    result: dict[str, Any] = {}
    for source in ("kaggle_ig", "belericks"):
        test = rows.take(rows.source == source)
        model = fit_recipe(rows, sample_rows(rows, rows.source != source), recipe)
        result[source] = asdict(rank(test.label, model.score(test.bins)))
    try:
        frame = labelled_frame(data_folder(), "instagram")
    except FileNotFoundError:
        result["instafake"] = f"skipped: {data_folder()} is not here (set BOTSCAN_DATA)"
        return result
    frame = frame[frame["dataset"] == "instafake"]
    bins = rows_to_bins(pa.Table.from_pandas(frame, preserve_index=False), "instagram", recipe.features)
    model = fit_recipe(rows, sample_rows(rows, np.ones(len(rows), dtype=bool)), recipe)
    result["instafake"] = asdict(rank(frame["label"].to_numpy(), model.score(bins)))
    return result


def across(table: BinTable) -> dict[str, Any]:
    """Transfer between Instagram and TikTok, on counts and ratios both have."""
    recipe = replace(RECIPE["general"], features=COUNT_FEATURES)
    result = {}
    for trained, tested in (("instagram", "tiktok"), ("tiktok", "instagram")):
        source = table.of_platform(trained, COUNT_FEATURES)
        test = table.of_platform(tested, COUNT_FEATURES)
        model = fit_recipe(source, sample_rows(source, np.ones(len(source), dtype=bool)), recipe)
        result[f"{trained} to {tested}"] = asdict(rank(test.label, model.score(test.bins)))
    return result


def show(results: dict[str, Any]) -> None:
    """Print the tables."""
    models = results["twitter"]["models"]
    for title, figures in models.items():
        print(f"\n{title}")
        _head()
        for fold in figures["folds"]:
            _line(fold["left_out"], fold)
        _line("mean", figures["mean"])
        _line("worst", figures["worst"])
    print("\nshipped tables, data sets of two folds apart")
    _head()
    for part in models["shipped tables"]["parts"]:
        _line(part["left_out"], part)
    print("\nshipped tables, columns absent: mean (worst) AUC")
    for name, figures in results["twitter"]["shipped tables with columns absent"].items():
        print(f"  {name:38} {figures['mean']['auc']:.3f} ({figures['worst']['auc']:.3f})")
    for platform in ("instagram", "across platforms"):
        print(f"\n{platform}, left out")
        for source, figures in results[platform].items():
            told = (
                figures if isinstance(figures, str) else f"AUC {figures['auc']:.3f} rec@5% {figures['recall_at_5']:.2f}"
            )
            print(f"  {source:38} {told}")


def _head() -> None:
    print(f"  {'left out':38} " + " ".join(f"{name:>7}" for name in SHORT))


def _line(title: str, figures: dict[str, Any]) -> None:
    print(f"  {title:38} " + " ".join(f"{figures[name]:7.3f}" for name in FIGURES))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="leave the random forest out")
    quick = parser.parse_args().quick
    table = read_bin_table()
    results = {
        "random_state": SEED,
        "n_configurations_tried": N_CONFIGURATIONS_TRIED,
        "training_table_sha256": table.sha256,
        "library_versions": {name: version(name) for name in ("numpy", "scikit-learn", "scipy")},
        "twitter": twitter(table, quick=quick),
        "instagram": instagram(table),
        "across platforms": across(table),
    }
    show(results)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "loso.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
