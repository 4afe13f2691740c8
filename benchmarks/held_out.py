"""Scores of real accounts by a model that never saw their source, from the committed bin table.

Each source of suspicious accounts is left out in turn, together with the people it is tested against (LOSO-5). No ids,
no text: only scores in steps of 0.05 log-odds and the label.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import numpy as np

from resumable import RESULTS, digest_behind

#: What the scores depend on; how shares are made of them is no part of it.
BEHIND_SCORES = (
    "benchmarks/held_out.py",
    "src/botscan/evidence/histogram.py",
    "src/botscan/features/grid.py",
    "src/botscan/training/*.py",
    "training_data/bins.parquet",
)
PLATFORM = "twitter"


@cache
def held_out_scores() -> dict[str, tuple[Any, Any]]:
    """Return source -> (steps of suspicious, steps of organic accounts), each int32, shape (n,)."""
    from botscan.training.bin_table import read_bin_table
    from botscan.training.fitted import fit_recipe
    from botscan.training.folds import LOSO_SOURCES, loso_folds
    from botscan.training.recipes import RECIPES

    recipe = next(recipe for recipe in RECIPES if recipe.platform == PLATFORM)
    table = read_bin_table()
    path = RESULTS / f"held_out_{digest_behind(BEHIND_SCORES)}.npz"
    if not path.exists():
        rows = table.of_platform(PLATFORM, recipe.features)
        arrays = {}
        for fold in loso_folds(rows):
            test = rows.take(fold.test)
            steps = fit_recipe(rows, fold.train, recipe).score(test.bins, recipe.features)
            for label in (0, 1):
                arrays[f"{fold.name} {label}"] = steps[test.label == label]
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **arrays)
        RESULTS.mkdir(exist_ok=True)
        path.write_bytes(buffer.getvalue())
    with np.load(path) as arrays:
        return {source: (arrays[f"{source} 1"], arrays[f"{source} 0"]) for source in LOSO_SOURCES}


@cache
def pooled_scores(label: int) -> Any:
    """Return the held-out scores of one kind, at most 3,000 accounts a source, all sources together."""
    rng = np.random.Generator(np.random.Philox(0))
    # The people of cresci-2017 are tested in three folds; here they stand once.
    sources = held_out_scores()
    names = list(sources) if label == 1 else ["cresci-2015", "caverlee-2011", "cresci-2017"]
    parts = [sources[name][1 - label] for name in names]
    return np.concatenate([rng.permutation(part)[:3_000] for part in parts])
