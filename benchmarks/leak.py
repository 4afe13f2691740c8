"""How well features name the source of an organic account: the reference, the shipped recipe, every feature added.

    python benchmarks/leak.py [--platform twitter] [--seeds 3]

Area under the ROC curve of each source against all others by the values of the features, out of fold; what the gate of
training (botscan.training.leak_gate) compares. Features that the committed bins do not hold are cut from the labelled
accounts (BOTSCAN_DATA, default ../shared/data) and skipped where these are not. Figures are means over seeds, each with
other rows and folds. Writes benchmarks/results/leak.json.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from botscan.features.grid import EDGES, MISSING
from botscan.features.registry import FEATURES
from botscan.training.bin_table import BinTable, data_folder, labelled_frame, read_bin_table, rows_to_bins
from botscan.training.leak_gate import MAX_RISE, REFERENCE_FEATURES, LeakReport, check_leak
from botscan.training.recipes import RECIPES
from botscan.training.sources import TRAINING_SETS, training_sets

RESULTS = Path(__file__).parent / "results"
FIGURES = ("auc_reference", "auc_candidate", "rise", "rise_se", "gap_auc_reference", "gap_auc_candidate")


def organic_rows(platform: str) -> tuple[BinTable, list[str]]:
    """Return organic rows with every feature that can be had, and the features that cannot."""
    wanted = [feature.name for feature in FEATURES if feature.name in EDGES]
    without_edges = [feature.name for feature in FEATURES if feature.name not in EDGES]
    try:
        frame = labelled_frame(data_folder(), platform)
    except FileNotFoundError:
        print(f"{data_folder()} is not here (set BOTSCAN_DATA): the committed bins alone")
        committed = read_bin_table()
        table = committed.of_platform(platform, [name for name in wanted if name in committed.bins])
        absent = [name for name in wanted if name not in committed.bins]
        return table.take(table.label == 0), without_edges + absent
    parts = []
    for item in training_sets(platform):
        some = frame[(frame["dataset"] == item.dataset) & (frame["label"] == 0)]
        if item.organic != "no" and len(some):
            accounts = pa.Table.from_pandas(some, preserve_index=False)
            parts.append((item, len(some), rows_to_bins(accounts, platform, wanted)))
    sizes = [n_rows for _, n_rows, _ in parts]
    table = BinTable(
        platform=np.full(sum(sizes), platform),
        dataset=np.repeat([item.dataset for item, _, _ in parts], sizes),
        source=np.repeat([item.source for item, _, _ in parts], sizes),
        label=np.zeros(sum(sizes), dtype=np.int8),
        bins={name: np.concatenate([bins[name] for _, _, bins in parts]) for name in wanted},
    )
    return table, without_edges


def measure(table: BinTable, candidate: Sequence[str], n_seeds: int) -> dict[str, Any]:
    """Return the figures of every source as means over seeds, and how many seeds failed."""
    reports = [check_leak(table, candidate, random_state=seed) for seed in range(n_seeds)]
    return {
        "n_failed": sum(report.outcome == "failed" for report in reports),
        "outcome": reports[0].outcome,
        "not_comparable": list(reports[0].not_comparable),
        "sources": {leak.source: _means(reports, place) for place, leak in enumerate(reports[0].sources)},
    }


def _means(reports: Sequence[LeakReport], place: int) -> dict[str, Any]:
    leaks = [report.sources[place] for report in reports]
    means = {name: float(np.mean([getattr(leak, name) for leak in leaks])) for name in FIGURES}
    spread = round(float(np.std([leak.rise for leak in leaks], ddof=1)), 5) if len(leaks) > 1 else None
    rounded = {name: round(value, 5) for name, value in means.items()}
    return {"n_rows": leaks[0].n_rows, **rounded, "rise_sd": spread}


def candidates(table: BinTable, recipe: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return what is compared with the reference: the recipe, each feature beside the 24, all of them."""
    known = [name for name, codes in table.bins.items() if (codes != MISSING).any() and name not in REFERENCE_FEATURES]
    shipped = tuple(name for name in recipe if name in table.bins)
    one_by_one = {f"24 + {name}": (*REFERENCE_FEATURES, name) for name in known}
    return {"shipped recipe": shipped, **one_by_one, "24 + all of these": (*REFERENCE_FEATURES, *known)}


def show(results: dict[str, Any]) -> None:
    """Print the table per source of the recipe, then a line a candidate."""
    sources = results["candidates"]["shipped recipe"]["sources"]
    print("| source | rows | AUC, 24 of the reference | AUC, shipped recipe | rise | by gaps, 24 | by gaps, shipped |")
    print("|---|---|---|---|---|---|---|")
    for source, found in sources.items():
        rise = f"{found['rise']:+.3f} ({found['rise_se']:.3f})"
        areas = f"{found['auc_reference']:.3f} | {found['auc_candidate']:.3f} | {rise}"
        print(
            f"| {source} | {found['n_rows']} | {areas} | {found['gap_auc_reference']:.3f}"
            f" | {found['gap_auc_candidate']:.3f} |"
        )
    print(f"\nLargest rise of any source (limit {MAX_RISE}), its standard error, standard deviation over seeds\n")
    print("| candidate | source | rise | standard error | over seeds | largest rise by gaps | seeds that fail |")
    print("|---|---|---|---|---|---|---|")
    for name, found in results["candidates"].items():
        source, worst = max(found["sources"].items(), key=lambda item: item[1]["rise"])
        gaps = max(one["gap_auc_candidate"] - one["gap_auc_reference"] for one in found["sources"].values())
        alone = " (one source knows it)" if found["not_comparable"] else ""
        spread = "-" if worst["rise_sd"] is None else f"{worst['rise_sd']:.4f}"
        print(
            f"| {name}{alone} | {source} | {worst['rise']:+.4f} | {worst['rise_se']:.4f} | {spread}"
            f" | {gaps:+.3f} | {found['n_failed']} of {results['n_seeds']} |"
        )
    if results["skipped"]:
        print(f"\nSkipped, no bins: {', '.join(results['skipped'])}")
    if results["unknown"]:
        print(f"Nobody knows: {', '.join(results['unknown'])}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--platform", default="twitter", choices=sorted({item.platform for item in TRAINING_SETS}))
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    recipe = next(recipe for recipe in RECIPES if recipe.platform == options.platform)
    table, skipped = organic_rows(options.platform)
    results: dict[str, Any] = {
        "platform": options.platform,
        "n_seeds": options.seeds,
        "skipped": skipped,
        "unknown": [name for name, codes in table.bins.items() if (codes == MISSING).all()],
        "candidates": {},
    }
    for name, features in candidates(table, recipe.features).items():
        results["candidates"][name] = measure(table, features, options.seeds)
        if results["candidates"][name]["outcome"] == "not_checked":
            raise SystemExit(f"{options.platform}: fewer than two sources have enough organic rows; nothing is checked")
    show(results)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "leak.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
