"""Nested held-out scores: an audience of sources left out, beside profiles of the others by models without either.

A cell leaves out one source of suspicious accounts and one of ordinary people, both whole. Its audience is scored by a
model that saw neither. Every other family is scored by a model that saw neither the cell nor the family's own source:
what the shipped profile is to a new audience, for each cell. No ids, no text: counts on 1,024 bins of the score.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from botscan.training.folds import BORROWED_PEOPLE, LOSO_SOURCES
from resumable import RESULTS, digest_behind

PLATFORM = "twitter"
#: Sources of people who are no large accounts and were not gathered for what they posted on.
ORDINARY_PEOPLE = ("caverlee-2011", "cresci-2015", "cresci-2017", "cresci-rtbust-2019")
#: What the scores depend on; how shares are made of them is no part of it.
BEHIND = (
    "benchmarks/nested_sources.py",
    "src/botscan/evidence/histogram.py",
    "src/botscan/features/grid.py",
    "src/botscan/scoring/patterns.py",
    "src/botscan/training/*.py",
    "training_data/bins.parquet",
)


@dataclass(frozen=True, eq=False)
class Nest:
    """One cell under one evidence pattern; data set -> counts on the 1,024 bins, uint64.

    Attributes
    ----------
    suspicious, people
        The audience to be: scores by a model that saw nothing of the cell.
    known_suspicious, known_people
        The profile: every other family, scored without the cell and without its own source.
    """

    suspicious: dict[str, Any]
    people: dict[str, Any]
    known_suspicious: dict[str, Any]
    known_people: dict[str, Any]


def cells() -> tuple[tuple[str, str], ...]:
    """Return every pair of a suspicious source and a source of ordinary people."""
    return tuple((source, people) for source in LOSO_SOURCES for people in ORDINARY_PEOPLE)


def loso_cells() -> tuple[tuple[str, str], ...]:
    """Return the five cells that stand for LOSO-5: every source against its people, or those it borrows."""
    return tuple((name, BORROWED_PEOPLE.get(name, name).split("/", maxsplit=1)[0]) for name in LOSO_SOURCES)


@cache
def nested_sources() -> dict[tuple[str, str], dict[str, Nest]]:
    """Return cell -> pattern id -> its counts; fits about 200 models once, five minutes on two cores."""
    path = RESULTS / f"nested_sources_{digest_behind(BEHIND)}.npz"
    if not path.exists():
        RESULTS.mkdir(exist_ok=True)
        path.write_bytes(_fitted(n_jobs=2))
    with np.load(path) as stored:
        rows = json.loads(str(stored["rows"]))
        counts = stored["counts"]
    found: dict[tuple[str, str], dict[str, Nest]] = {}
    for (source, people, pattern, part, dataset), array in zip(rows, counts, strict=True):
        nest = found.setdefault((source, people), {}).setdefault(pattern, Nest({}, {}, {}, {}))
        getattr(nest, part)[dataset] = array.astype(np.uint64)
    return found


def _fitted(n_jobs: int) -> bytes:
    from joblib import Parallel, delayed

    jobs = list(_jobs())
    models = dict.fromkeys(left_out for _, left_out, _ in jobs)
    found = Parallel(n_jobs=n_jobs)(delayed(_counts)(tuple(sorted(left_out))) for left_out in models)
    by_model = dict(zip(models, found, strict=True))
    rows, counts = [], []
    for cell, left_out, family in jobs:
        for (pattern, dataset, source, label), array in by_model[left_out].items():
            if family == source:
                part = "known_suspicious" if label else "known_people"
            elif family is None and source == cell[1 - label]:
                part = "suspicious" if label else "people"
            else:
                continue
            rows.append((*cell, pattern, part, dataset))
            counts.append(array.astype(np.uint32))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, rows=np.array(json.dumps(rows)), counts=np.stack(counts))
    return buffer.getvalue()


def _jobs() -> Iterator[tuple[tuple[str, str], frozenset[str], str | None]]:
    """Yield cell, sources that its model leaves out, and the family of the profile; None for the audience itself."""
    sources = np.unique(_table().source).tolist()
    for cell in cells():
        yield cell, frozenset(cell), None
        for family in sources:
            if family not in cell:
                yield cell, frozenset((*cell, family)), family


@cache
def _table() -> Any:
    from botscan.training.bin_table import read_bin_table

    return read_bin_table().of_platform(PLATFORM, _recipe().features)


def _recipe() -> Any:
    from botscan.training.recipes import RECIPES

    return next(recipe for recipe in RECIPES if recipe.platform == PLATFORM)


def _counts(left_out: tuple[str, ...]) -> dict[tuple[str, str, str, int], Any]:
    """Return (pattern, data set, source, label) -> counts of the sources left out, at most 3,000 rows a data set."""
    from botscan.evidence.histogram import N_BINS, histogram_bins
    from botscan.scoring.card import features_of
    from botscan.scoring.patterns import PATTERNS
    from botscan.training.fitted import fit_recipe
    from botscan.training.folds import sample_rows

    table, recipe = _table(), _recipe()
    test = np.isin(table.source, left_out)
    model = fit_recipe(table, sample_rows(table, ~test), recipe)
    rows = table.take(sample_rows(table, test))
    found = {}
    for pattern in PATTERNS[PLATFORM]:
        bins = histogram_bins(model.score(rows.bins, features_of(pattern, recipe.features)))
        for dataset in np.unique(rows.dataset):
            for label in (0, 1):
                of_set = (rows.dataset == dataset) & (rows.label == label)
                if of_set.any():
                    source = str(rows.source[of_set][0])
                    counts = np.bincount(bins[of_set], minlength=N_BINS)
                    found[pattern.id, str(dataset), source, label] = counts
    return found
