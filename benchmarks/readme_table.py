"""The table of the README, from one seeded command; an interrupted run goes on where it stopped.

    python benchmarks/readme_table.py [--runs 500] [--jobs 2] [--write]

Every figure is of accounts whose source the model did not see, or of simulated scores where the line says so. With
--write the table is put into README.md between its two marks.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import loso
import share_in_domain
import share_labels
import share_new_audience
from botscan.training.bin_table import read_bin_table
from botscan.training.recipes import N_CONFIGURATIONS_TRIED
from held_out import held_out_scores
from resumable import run_blocks

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
IN_DOMAIN = {"auc_0.95": "known audience, simulated scores of AUC .95", "real": "known audience, real held-out scores"}
MODELS = {
    "shipped tables": "botscan",
    "random forest": "random forest",
    "following / followers alone": "following/followers alone",
    "posts / following alone, low = suspect": "posts/following alone",
}
N_LABELS = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    parts = [
        new_audiences(options.runs, options.jobs),
        shares(options.runs, options.jobs),
        labels(options.runs, options.jobs),
        accounts(),
    ]
    table = "\n\n".join("\n".join(part) for part in parts) + "\n"
    print(table)
    if options.write:
        text = README.read_text(encoding="utf-8")
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        README.write_text(f"{before}{BEGIN}\n{table}{END}{after}", encoding="utf-8", newline="\n")


def new_audiences(runs: int, jobs: int) -> Iterator[str]:
    found = share_new_audience.collect(min(runs, 100), jobs)
    worst = max(found, key=lambda name: found[name][0])
    yield "| organic share of a source never seen, without labels | mean error | interval holds the truth | width |"
    yield "|---|---|---|---|"
    for name, title in (("all", "five left-out sources together"), (worst, f"the worst of them ({worst})")):
        error, covered, width = found[name]
        yield f"| {title} | {100 * error:.1f} points | {covered:.1%} | {100 * width:.1f} points |"


def shares(runs: int, jobs: int) -> Iterator[str]:
    yield (
        "| organic share, 2,000 accounts of known truth at hand | mean error | interval holds the truth "
        "| worst share | width |"
    )
    yield "|---|---|---|---|---|"
    for setting, title in IN_DOMAIN.items():
        blocks = [
            {"setting": setting, "share": share, "block": block}
            for share in share_in_domain.SHARES
            for block in range(runs // share_in_domain.BLOCK)
        ]
        records = run_blocks("share_in_domain", blocks, share_in_domain.run_block, jobs)
        rows = np.array([row for record in records for row in record["result"]])
        truth = np.array([record["share"] for record in records for _ in record["result"]])
        held = (rows[:, 1] <= truth + 1e-9) & (truth - 1e-9 <= rows[:, 2])
        worst = min(held[truth == share].mean() for share in share_in_domain.SHARES)
        error = 100 * np.abs(rows - truth[:, None]).mean(axis=0)
        width = 100 * np.mean(rows[:, 2] - rows[:, 1])
        yield f"| {title}: botscan | {error[0]:.2f} points | {held.mean():.1%} | {worst:.1%} | {width:.1f} points |"
        yield f"| the same audiences: counting scores above a line | {error[3]:.2f} points | no interval | - | - |"


def labels(runs: int, jobs: int) -> Iterator[str]:
    held_out_scores()  # once, before the workers start
    blocks = [
        {"source": source, "share": share, "block": block}
        for source in share_labels.SOURCES
        for share in share_labels.SHARES
        for block in range(runs // share_labels.BLOCK)
    ]
    records = run_blocks("share_labels", blocks, share_labels.run_block, jobs)
    cells: dict[tuple[str, float], list[Any]] = {}
    for record in records:
        cells.setdefault((record["source"], record["share"]), []).extend(record["result"])
    index = share_labels.N_LABELS.index(N_LABELS)
    yield (
        f"| a source never seen, {N_LABELS} accounts labelled | mean error | interval holds the truth "
        "| worst source and share | width |"
    )
    yield "|---|---|---|---|---|"
    for method, title in enumerate(
        ("botscan: labels and scores", "the labels alone (Wilson)", "PPI++ with a normal interval")
    ):
        found = [share_labels.summary(np.array(cell)[:, index], share, method) for (_, share), cell in cells.items()]
        covered, width, error = np.mean(found, axis=0)
        worst = min(one[0] for one in found)
        yield f"| {title} | {100 * error:.2f} points | {covered:.1%} | {worst:.1%} | {100 * width:.1f} points |"


def accounts() -> Iterator[str]:
    models = loso.twitter(read_bin_table(), quick=False)["models"]
    yield (
        "| ranking accounts of a source never seen (Twitter, LOSO-5) | AUC, mean | AUC, worst source "
        "| found at 5 % false alarms, mean | worst |"
    )
    yield "|---|---|---|---|---|"
    for name, title in MODELS.items():
        mean, worst = models[name]["mean"], models[name]["worst"]
        yield (
            f"| {title} | {mean['auc']:.3f} | {worst['auc']:.3f} "
            f"| {mean['recall_at_5']:.0%} | {worst['recall_at_5']:.0%} |"
        )
    yield f"\n{N_CONFIGURATIONS_TRIED} configurations of the tables were tried on these folds."


if __name__ == "__main__":
    main()
