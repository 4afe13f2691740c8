"""``python -m botscan.training.build``: refit every platform from the committed bin table and write the model.

The same bytes come out again on the same machine and library versions; on another machine points may differ by one
step of 0.05.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.features.grid import GRID_VERSION
from botscan.scoring.card import features_of, threshold_entry
from botscan.scoring.memory import Memory
from botscan.scoring.model import FORMAT, FORMAT_VERSION
from botscan.scoring.model_files import read_bundle, write_bundle
from botscan.scoring.patterns import PATTERNS
from botscan.training.absent import absent_entry
from botscan.training.bin_table import REPOSITORY, BinTable, read_bin_table
from botscan.training.card_entries import ABSTAIN_BELOW, feature_entry, rounded
from botscan.training.card_page import PAGE, card_page
from botscan.training.card_text import about_model, training_entry
from botscan.training.evasion import evasion_entry
from botscan.training.fitted import fit_recipe
from botscan.training.folds import sample_rows
from botscan.training.loso_models import fit_loso
from botscan.training.profiles import left_out_histograms, profile_entry
from botscan.training.recipes import RECIPES, Recipe
from botscan.training.reference import make_reference, reference_entry
from botscan.training.scoreboard import FoldScores, score_models, summarise
from botscan.training.slices import slice_rates
from botscan.training.thresholds import leave_out, left_out_rates, line_quantile, set_thresholds
from botscan.writing import write_file

MODEL_FOLDER = REPOSITORY / "models" / "default"


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
    training_rows = sample_rows(rows, np.ones(len(rows), dtype=np.bool_))
    model = fit_recipe(rows, training_rows, recipe)
    left_out = leave_out(rows, recipe)
    # Five sources that can be left out one by one exist on one platform only.
    models = fit_loso(rows, recipe) if recipe.platform == "twitter" else []
    loso = score_models(rows, recipe, PATTERNS[recipe.platform], models)
    patterns = []
    reference, arrays = reference_entry(f"{recipe.platform}_reference", make_reference(rows, recipe))
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
            "suspicious_by_slice": slice_rates(left_out, known, thresholds, label=1),
            "quantile": line_quantile(pattern),
        }
        if pattern.name in loso:
            measured["loso_5"] = loso_entry(loso[pattern.name])
        if models and pattern is PATTERNS[recipe.platform][0]:
            measured["absent_columns"] = absent_entry(rows, recipe, models)
            measured["evasion"] = evasion_entry(rows, recipe, models, thresholds.suspicious)
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
        "features": [feature_entry(name, model.tables, recipe) for name in recipe.tables],
        "intercept": model.tables.intercept / STEPS_PER_LOG_ODDS,
        "memory": _memory_entry(model.memory),
        "patterns": patterns,
        "reference": reference,
        "training": training_entry(rows.take(training_rows), recipe),
        "validation": "left_out_sources" if recipe.folds == "sources" else "random_halves",
    }
    return section, arrays


def loso_entry(folds: Sequence[FoldScores]) -> dict[str, Any]:
    """Return the card's entry of LOSO-5: every fold, mean and worst, rounded to four digits."""
    measures = [fold.measure() for fold in folds]
    return {"folds": rounded(measures), **rounded(summarise(measures))}


def _memory_entry(memory: Memory | None) -> dict[str, Any] | None:
    if memory is None:
        return None
    return {
        "levels": [
            {"feature": name, "first_bins": (np.flatnonzero(np.diff(levels)) + 1).tolist()}
            for name, levels in memory.levels.items()
        ],
        "pairs": [{"features": list(pair.features), "steps": pair.steps.tolist()} for pair in memory.pairs],
    }


def write_model(folder: Path, table: BinTable) -> None:
    """Fit all platforms and write the model with its page into a folder."""
    card, arrays = build_model(table)
    write_bundle(folder, card, arrays)
    write_file(folder / PAGE, card_page(read_bundle(folder).card).encode())


def main() -> None:
    """Refit the model that ships."""
    write_model(MODEL_FOLDER, read_bin_table())


if __name__ == "__main__":
    main()
