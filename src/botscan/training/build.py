"""``python -m botscan.training.build``: refit every platform from the committed bin table and write the model.

The same bytes come out again on the same machine and library versions; on another machine points may differ by one
step of 0.05.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.features.grid import EDGES, GRID_VERSION
from botscan.features.registry import FEATURE
from botscan.scoring.card import features_of, threshold_entry
from botscan.scoring.model import FORMAT, FORMAT_VERSION, Thresholds
from botscan.scoring.model_files import write_bundle
from botscan.scoring.patterns import PATTERNS
from botscan.training.bin_table import REPOSITORY, BinTable, read_bin_table
from botscan.training.card_text import about_model, training_entry
from botscan.training.fit import TableModel
from botscan.training.folds import fit_recipe, is_guard, sample_rows
from botscan.training.profiles import left_out_histograms, profile_entry
from botscan.training.recipes import RECIPES, Recipe
from botscan.training.scoreboard import FoldScores, score_loso, summarise
from botscan.training.slices import slice_rates
from botscan.training.thresholds import leave_out, left_out_rates, line_quantile, rates_at, set_thresholds

MODEL_FOLDER = REPOSITORY / "models" / "default"

#: An account is not scored where less than this share of its pattern's spread lies on known fields.
ABSTAIN_BELOW = 0.5


def build_model(table: BinTable) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Fit all platforms and return the card (without digests) and its arrays."""
    platforms = {}
    arrays: dict[str, NDArray[Any]] = {}
    for recipe in RECIPES:
        section, section_arrays = build_section(table, recipe)
        platforms[recipe.platform] = section
        arrays.update(section_arrays)
    card = {
        "about": about_model(table),
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "grid_version": GRID_VERSION,
        "name": "botscan-default",
        "needs_botscan": "0.1.0",
        "platforms": platforms,
    }
    return card, arrays


def build_section(table: BinTable, recipe: Recipe) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Fit one platform and measure it on what is left out; returns its section of the card and its arrays."""
    rows = table.of_platform(recipe.platform, recipe.features)
    training_rows = sample_rows(rows, ~is_guard(rows))
    model = fit_recipe(rows, training_rows, recipe)
    left_out = leave_out(rows, recipe)
    guards = rows.take(is_guard(rows))
    loso = score_loso(rows, recipe, PATTERNS[recipe.platform]) if recipe.platform == "twitter" else {}
    patterns = []
    arrays: dict[str, NDArray[Any]] = {}
    for pattern in PATTERNS[recipe.platform]:
        known = features_of(pattern, recipe.features)
        thresholds = set_thresholds(left_out, known, line_quantile(pattern))
        profile, profile_arrays = profile_entry(
            f"{pattern.platform}_{pattern.name}", left_out_histograms(left_out, known)
        )
        arrays.update(profile_arrays)
        measured: dict[str, Any] = {
            "datasets": left_out_rates(left_out, known, thresholds),
            "people_by_slice": slice_rates(left_out, known, thresholds),
            "people_never_trained_on": guard_rates(guards, model, known, thresholds),
            "quantile": line_quantile(pattern),
        }
        if pattern.name in loso:
            measured["loso_5"] = loso_entry(loso[pattern.name])
        patterns.append(
            {
                "columns": list(pattern.columns),
                "features": list(known),
                "left_out": measured,
                "name": pattern.name,
                "profile": profile,
                "thresholds": {
                    "review": threshold_entry(thresholds.review),
                    "suspicious": threshold_entry(thresholds.suspicious),
                },
            }
        )
    section = {
        "abstain_below": ABSTAIN_BELOW,
        "features": [_feature_entry(name, model, recipe) for name in recipe.features],
        "intercept": model.intercept / STEPS_PER_LOG_ODDS,
        "patterns": patterns,
        "training": training_entry(rows.take(training_rows), recipe),
        "validation": "left_out_sources" if recipe.folds == "sources" else "random_halves",
    }
    return section, arrays


def loso_entry(folds: Sequence[FoldScores]) -> dict[str, Any]:
    """Return the card's entry of LOSO-5: every fold, mean and worst, rounded to four digits."""
    measures = [fold.measure() for fold in folds]
    return {"folds": rounded(measures), **rounded(summarise(measures))}


def guard_rates(
    guards: BinTable, model: TableModel, features: Sequence[str], thresholds: Thresholds
) -> list[dict[str, Any]]:
    """Return per data set of people that never train the share at or above each line."""
    steps = model.score(guards.bins, features)
    return [
        {"dataset": str(dataset), **rates_at(steps[guards.dataset == dataset], thresholds)}
        for dataset in np.unique(guards.dataset)
    ]


def rounded(value: Any) -> Any:
    """Round every float in plain data to four digits."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


def _feature_entry(name: str, model: TableModel, recipe: Recipe) -> dict[str, Any]:
    return {
        "edges": [float(np.format_float_positional(edge, unique=True)) for edge in EDGES[name]],
        "group": FEATURE[name].group,
        "missing": 0,
        "monotone": recipe.monotone.get(name),
        "name": name,
        "points": [steps / STEPS_PER_LOG_ODDS for steps in model.tables[name].tolist()],
    }


def main() -> None:
    """Refit the model that ships."""
    card, arrays = build_model(read_bin_table())
    write_bundle(MODEL_FOLDER, card, arrays)


if __name__ == "__main__":
    main()
