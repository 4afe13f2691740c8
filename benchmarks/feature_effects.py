"""What each feature beyond the Twitter recipe adds to LOSO-5, and what each family costs; Markdown tables.

    python benchmarks/feature_effects.py            both, some minutes; goes on where it stopped
    python benchmarks/feature_effects.py --cost [--accounts 200000] [--rounds 5]    the cost alone

A feature or a family is added to the first layer of the recipe, all five folds are fitted again from the labelled
accounts (BOTSCAN_DATA, default ../shared/data; skipped where they are not), and the change is printed. The controls add
columns in which nothing is known: they only draw other dropped fields, and a change as small as theirs is no change. A
table of character pairs is counted again for every fold, without the people it is tested on. Cost is processor time on
one core, against a bare read of the needed columns from Parquet; exits with 1 where a family costs more than its
budget. Writes benchmarks/results/feature_effects.json.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import importlib.util
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from botscan.arrow_text import TextColumn
from botscan.features.character_pairs import pair_surprise
from botscan.features.columns import Columns
from botscan.features.extract import BATCH_ROWS
from botscan.features.feature import Feature
from botscan.features.grid import MISSING, bin_codes
from botscan.features.registry import FEATURES
from botscan.scoring.card import features_of
from botscan.scoring.patterns import PATTERNS
from botscan.simulate import make_audience
from botscan.training.bin_table import BinTable, data_folder, labelled_frame, rows_to_bins
from botscan.training.fitted import fit_recipe
from botscan.training.folds import Fold, loso_folds
from botscan.training.recipes import RECIPES, Recipe
from botscan.training.scoreboard import rank
from botscan.training.sources import source_of, training_sets
from resumable import RESULTS, run_blocks

ROOT = Path(__file__).resolve().parents[1]
PLATFORM = "twitter"
TEXTS = {"handle", "display_name", "bio"}
LENGTHS = {"handle_length", "handle_digits", "handle_digit_ratio", "display_name_words", "bio_length"}
PAIRS = "handle_pair_surprise"
SHIPPED_PAIRS = f"{PAIRS} (table counted on the people tested, too)"
NOTHING = "recipe alone"
FIGURES = ("auc", "recall_at_5")
#: No account of Twitter knows these.
UNKNOWN = ("likes_received_count", "has_no_likes_received", "likes_received_per_post_ratio")
CONTROLS = {f"control {n}: nothing known": UNKNOWN[:n] for n in (1, 2, 3)}


def recipe() -> Recipe:
    """Return the shipped Twitter recipe."""
    return next(one for one in RECIPES if one.platform == PLATFORM)


def candidates() -> list[Feature]:
    """Return the features of text that the recipe does not use."""
    return [one for one in FEATURES if set(one.needs) & (TEXTS | LENGTHS) and one.name not in recipe().features]


def variants() -> dict[str, tuple[str, ...]]:
    """Return what is added to the recipe: each feature, each family of several, all of them."""
    features = candidates()
    found = {NOTHING: (), **CONTROLS, **{one.name: (one.name,) for one in features}, SHIPPED_PAIRS: (PAIRS,)}
    for family in dict.fromkeys(one.family for one in features):
        names = tuple(one.name for one in features if one.family == family)
        if len(names) > 1:
            found[f"family {family}"] = names
    return {**found, "all of these": tuple(one.name for one in features)}


# --- Effect ----------------------------------------------------------------------------------------------------------


@cache
def labelled_rows() -> tuple[BinTable, pa.Array]:
    """Return bins of all rows that train or are tested, and the handle of each."""
    names = (*recipe().features, *(one.name for one in candidates()), *UNKNOWN)
    frame = labelled_frame(data_folder(), PLATFORM)
    parts, handles = [], []
    for item in training_sets(PLATFORM):
        labels = [label for label, use in ((0, item.organic), (1, item.suspicious)) if use != "no"]
        some = frame[(frame["dataset"] == item.dataset) & frame["label"].isin(labels)]
        if len(some):
            bins = rows_to_bins(pa.Table.from_pandas(some, preserve_index=False), PLATFORM, names)
            parts.append((some["dataset"].to_numpy(str), some["label"].to_numpy(np.int8), bins))
            handles.append(pa.array(some["handle"], pa.large_string(), from_pandas=True))
    dataset = np.concatenate([part[0] for part in parts])
    table = BinTable(
        platform=np.full(len(dataset), PLATFORM),
        dataset=dataset,
        source=np.array([source_of(name) for name in dataset.tolist()]),
        label=np.concatenate([part[1] for part in parts]),
        bins={name: np.concatenate([part[2][name] for part in parts]) for name in names},
    )
    return table, pa.concat_arrays(handles)


@cache
def pairs_tool() -> ModuleType:
    """Return the tool that counts character pairs."""
    spec = importlib.util.spec_from_file_location("make_character_pairs", ROOT / "tools" / "make_character_pairs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def pair_bins(left_out: tuple[str, ...]) -> Any:
    """Return bins of the pair surprise of every row by a table that saw nobody of some data sets."""
    tool = pairs_tool()
    table = tool.make_table(tool.read_handles(left_out), tool.read_names())
    surprise = pair_surprise(TextColumn.from_arrow(labelled_rows()[1]), table)
    return bin_codes(surprise.astype(np.float32)[:, np.newaxis], [PAIRS])[:, 0]


def measure_fold(fold: Fold, variant: str) -> dict[str, float]:
    """Fit the recipe with a variant added on what a fold leaves, and rank what it leaves out."""
    table, _ = labelled_rows()
    added = variants()[variant]
    bins = dict(table.bins)
    if variant != SHIPPED_PAIRS:
        people = fold.test & (table.label == 0)
        bins[PAIRS] = pair_bins(tuple(np.unique(table.dataset[people]).tolist()))
    changed = replace(recipe(), tables=(*recipe().tables, *added))
    model = fit_recipe(replace(table, bins=bins), fold.train, changed)
    left_out = {name: codes[fold.test] for name, codes in bins.items()}
    features = features_of(PATTERNS[PLATFORM][0], changed.features)
    scores = model.score(left_out, features)
    beside = [name for name in added if name not in features]  # their columns belong to no pattern yet
    if beside:
        scores += model.tables.score(left_out, beside) - model.tables.intercept
    return {name: float(value) for name, value in asdict(rank(table.label[fold.test], scores)).items()}


def run(variant: str, code: str) -> dict[str, dict[str, float]]:  # noqa: ARG001
    """Return the figures of every fold; `code` only marks what the figures were made with."""
    return {fold.name: measure_fold(fold, variant) for fold in loso_folds(labelled_rows()[0])}


def known_shares(variant: str) -> dict[str, float]:
    """Return the share of suspicious and of organic rows in which a bin of the variant is known."""
    table, _ = labelled_rows()
    names = variants()[variant]
    if not names:
        return {"suspicious": 1.0, "organic": 1.0}
    known = np.any([table.bins[name] != MISSING for name in names], axis=0)
    return {"suspicious": float(known[table.label == 1].mean()), "organic": float(known[table.label == 0].mean())}


def effects() -> dict[str, Any]:
    """Measure every variant, and its change against the recipe alone."""
    places = ("src/botscan/features/*.*", "src/botscan/scoring/*.py", "tools/make_character_pairs.py")
    files = [Path(__file__), *sorted(path for place in places for path in ROOT.glob(place))]
    code = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]
    blocks = [{"variant": name, "code": code} for name in variants()]
    figures = {block["variant"]: block["result"] for block in run_blocks("feature_effects", blocks, run, n_jobs=1)}
    means = {name: {figure: _mean(folds, figure) for figure in FIGURES} for name, folds in figures.items()}
    result = {}
    for name, folds in figures.items():
        auc = {fold: one["auc"] for fold, one in folds.items()}
        result[name] = {
            **means[name],
            "change": {figure: means[name][figure] - means[NOTHING][figure] for figure in FIGURES},
            "worst_fold": min(auc, key=auc.__getitem__),
            "worst_auc": min(auc.values()),
            "auc_by_fold": auc,
            "known": known_shares(name),
        }
    return result


def _mean(folds: dict[str, dict[str, float]], figure: str) -> float:
    return float(np.mean([one[figure] for one in folds.values()]))


def effect_lines(result: dict[str, Any]) -> Iterator[str]:
    """Yield the table of effects as Markdown."""
    folds = list(result[NOTHING]["auc_by_fold"])
    head = ("added to the recipe", "mean AUC", "change", "worst fold", "recall at 5 %", "change")
    columns = (*head, *folds, "known, suspicious / organic")
    yield f"| {' | '.join(columns)} |"
    yield "|---" * len(columns) + "|"
    base = result[NOTHING]["auc_by_fold"]
    for name, one in result.items():
        if name == NOTHING:
            by_fold = " | ".join(f"{value:.4f}" for value in base.values())
        else:
            by_fold = " | ".join(f"{one['auc_by_fold'][fold] - base[fold]:+.4f}" for fold in folds)
        known = f"{one['known']['suspicious']:.0%} / {one['known']['organic']:.0%}"
        yield (
            f"| {name} | {one['auc']:.4f} | {one['change']['auc']:+.4f} | {one['worst_auc']:.4f} "
            f"| {one['recall_at_5']:.3f} | {one['change']['recall_at_5']:+.3f} | {by_fold} | {known} |"
        )


# --- Cost ------------------------------------------------------------------------------------------------------------


def cost(n_accounts: int, rounds: int) -> dict[str, dict[str, Any]]:
    """Measure every family on invented accounts: processor time of its features and of reading what they need."""
    table = make_audience(n_accounts, 0.8, random_state=0).accounts.table
    result = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "accounts.parquet"
        pq.write_table(table, path)
        for family in dict.fromkeys(one.family for one in FEATURES):
            features = [one for one in FEATURES if one.family == family]
            needs = sorted({column for one in features for column in one.needs} & set(table.column_names))
            microseconds = _best(rounds, lambda some=features: _compute(table, some)) / n_accounts * 1e6
            bare = _best(rounds, lambda some=needs: pq.read_table(path, columns=some, use_threads=False))
            each = {one.name: _best(rounds, lambda some=one: _compute(table, [some])) for one in features}
            result[family] = {
                "microseconds": microseconds,
                "budget": getattr(importlib.import_module(f"botscan.features.{family}"), "CPU_BUDGET", None),
                "ratio_to_bare_read": microseconds / (bare / n_accounts * 1e6),
                "features": {name: seconds / n_accounts * 1e6 for name, seconds in each.items()},
            }
    return result


def _compute(table: pa.Table, features: Sequence[Feature]) -> None:
    for start in range(0, table.num_rows, BATCH_ROWS):
        columns = Columns(table.slice(start, BATCH_ROWS))
        for feature in features:
            feature.compute(columns)


def _best(rounds: int, call: Callable[[], object]) -> float:
    """Return the least processor time of some rounds, in seconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)


def cost_lines(result: dict[str, Any]) -> Iterator[str]:
    """Yield the table of costs as Markdown."""
    columns = ("family", "features", "CPU s per million", "budget", "times a bare read", "dearest feature")
    yield f"| {' | '.join(columns)} |"
    yield "|---" * len(columns) + "|"
    for family, one in result.items():
        dearest = max(one["features"], key=one["features"].__getitem__)
        budget = "none" if one["budget"] is None else f"{one['budget']:.2f}"
        yield (
            f"| {family} | {len(one['features'])} | {one['microseconds']:.2f} | {budget} "
            f"| {one['ratio_to_bare_read']:.1f} | {dearest} {one['features'][dearest]:.2f} |"
        )


def over_budget(result: dict[str, Any]) -> list[str]:
    """Return the families that cost more than they may."""
    return [name for name, one in result.items() if one["budget"] is not None and one["microseconds"] > one["budget"]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cost", action="store_true", help="measure the cost alone")
    parser.add_argument("--accounts", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    pa.set_cpu_count(1)
    results: dict[str, Any] = {"cost": cost(arguments.accounts, arguments.rounds)}
    print("\n".join(cost_lines(results["cost"])))
    if not arguments.cost:
        print()
        if (data_folder() / "labelled" / f"{PLATFORM}.parquet").exists():
            results["effects"] = effects()
            print("\n".join(effect_lines(results["effects"])))
        else:
            results["effects"] = f"skipped: {data_folder()} is not here (set BOTSCAN_DATA)"
            print(results["effects"])
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "feature_effects.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    too_dear = over_budget(results["cost"])
    if too_dear:
        print(f"over budget: {', '.join(too_dear)}", file=sys.stderr)
    return 1 if too_dear else 0


if __name__ == "__main__":
    sys.exit(main())
