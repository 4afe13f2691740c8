"""Organic share from a few random labels: coverage and width on sources that the model never saw, next to plain Wilson.

    python benchmarks/share_labels.py [--runs 500] [--jobs 2]

Audiences of 5,000 are mixed from real accounts of one source of suspicious followers and its people, scored by a model
that saw neither (LOSO-5). Then 50, 100, 200 and 300 accounts are drawn at random and labelled with the truth.
"""

from __future__ import annotations

import argparse
from statistics import NormalDist
from typing import Any

import numpy as np
import pyarrow as pa

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.evidence.labels import LabelDesign, LabelTable
from botscan.evidence.scores import SCORE_SCHEMA, Scores
from botscan.prevalence import estimate_from_labels
from botscan.prevalence.intervals import wilson_interval
from botscan.prevalence.sample_size import effective_size
from held_out import held_out_scores
from resumable import run_blocks

SOURCES = ("cresci-2015", "vendor-purchased-2019", "caverlee-2011", "pronbots-2019", "cresci-2017")
SHARES = (0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 0.99)
N_LABELS = (50, 100, 200, 300)
N_AUDIENCE = 5_000
BLOCK = 50
METHODS = ("ppi-wilson", "wilson", "ppi++ normal")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    held_out_scores()  # once, before the workers start
    blocks = [
        {"source": source, "share": share, "block": block}
        for source in SOURCES
        for share in SHARES
        for block in range(options.runs // BLOCK)
    ]
    report(run_blocks("share_labels", blocks, run_block, options.jobs))


def run_block(source: str, share: float, block: int) -> list[list[list[float]]]:
    """Return, per run and number of labels: error, lower, upper of each method, as suspicious shares."""
    seed = np.random.SeedSequence([SOURCES.index(source), round(share * 1000), block])
    rng = np.random.Generator(np.random.Philox(seed))
    return [one_run(source, share, rng) for _ in range(BLOCK)]


def one_run(source: str, share: float, rng: np.random.Generator) -> list[list[float]]:
    suspicious, organic = held_out_scores()[source]
    n_suspicious = round(share * N_AUDIENCE)
    steps = np.concatenate([rng.choice(suspicious, n_suspicious), rng.choice(organic, N_AUDIENCE - n_suspicious)])
    truth = np.arange(N_AUDIENCE) < n_suspicious
    scores = scores_of(steps)
    order = rng.permutation(N_AUDIENCE)
    results = []
    for n in N_LABELS:
        rows = order[:n]
        found = estimate_from_labels(scores, labels_of(rows, truth[rows]), frame="full")
        powered = [1 - found.organic_share, 1 - found.organic_share_ci_upper, 1 - found.organic_share_ci_lower]
        observed = float(truth[rows].mean())
        plain = [observed, *wilson_interval(observed, effective_size(n, N_AUDIENCE))]
        values = (*powered, *plain, *normal_interval(scores, rows, truth[rows]))
        results.append([round(float(value), 5) for value in values])
    return results


def scores_of(steps: Any) -> Scores:
    n = len(steps)
    log_odds = steps / STEPS_PER_LOG_ODDS
    columns = {
        "account_id": pa.array([str(row) for row in range(n)], pa.large_string()),
        "log_odds": pa.array(log_odds),
        "bot_score": pa.array(1.0 / (1.0 + np.exp(-log_odds))),
        "verdict": pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, dtype=np.int8)), pa.array(["active"])),
    }
    table = pa.table({field.name: columns.get(field.name, pa.nulls(n, field.type)) for field in SCORE_SCHEMA})
    return Scores(table.cast(SCORE_SCHEMA), "benchmark", "m", "p", "twitter", None, "digest", "benchmark")


def labels_of(rows: Any, answers: Any) -> LabelTable:
    return LabelTable(
        account_ids=tuple(map(str, rows)),
        raters=("truth",),
        answers=answers.astype(np.int8)[:, None],
        design=LabelDesign("simple_random", "digest", N_AUDIENCE, 0),
        inclusion_probability=None,
        source="benchmark",
    )


def normal_interval(scores: Scores, rows: Any, labels: Any) -> tuple[float, float, float]:
    """PPI++ as published (arXiv 2311.01453): the tuned point with a normal interval."""
    prediction = scores.table["bot_score"].to_numpy()
    given, known = prediction[rows], labels.astype(float)
    covariance = float(np.cov(known, given)[0, 1])
    weight = min(1.0, max(0.0, covariance / (prediction.var() * (1 + len(rows) / len(prediction)))))
    point = float(known.mean() + weight * (prediction.mean() - given.mean()))
    variance = (known - weight * given).var() / len(rows) + weight**2 * prediction.var() / len(prediction)
    half = NormalDist().inv_cdf(0.975) * float(np.sqrt(variance))
    return point, point - half, point + half


def report(records: list[dict[str, Any]]) -> None:
    from scipy.stats import binom

    grouped: dict[tuple[str, float], list[Any]] = {}
    for record in records:
        grouped.setdefault((record["source"], record["share"]), []).extend(record["result"])
    cells = {cell: np.array(runs) for cell, runs in grouped.items()}
    n_runs = min(map(len, cells.values()))
    bound = binom.ppf(0.01, n_runs, 0.95) / n_runs
    print(f"\n{len(cells)} cells of source and share, {n_runs} runs each; bound of a cell at 99 %: {100 * bound:.1f}")
    for index, n in enumerate(N_LABELS):
        print(f"\n{n} labels")
        report_one({cell: runs[:, index] for cell, runs in cells.items()}, bound)


def report_one(cells: dict[tuple[str, float], Any], bound: float) -> None:
    for method, name in enumerate(METHODS):
        found = {cell: summary(runs, cell[1], method) for cell, runs in cells.items()}
        cover, width, error = np.mean(list(found.values()), axis=0)
        worst = min(found, key=lambda cell: found[cell][0])
        below = sum(values[0] < bound for values in found.values())
        print(
            f"  {name:13} cover {100 * cover:5.1f}  width {100 * width:5.2f}  MAE {100 * error:4.2f}"
            f"  worst {100 * found[worst][0]:5.1f} ({worst[0]}, {worst[1]:.0%})  cells below the bound {below}"
        )
    widths = np.array([[width_of(runs, method) for method in (0, 1)] for runs in cells.values()])
    print(f"  width of ppi-wilson / wilson {widths[:, 0].mean() / widths[:, 1].mean():.3f}")
    for share in SHARES:
        cover, width, _ = np.mean([summary(cells[source, share], share, 0) for source in SOURCES], axis=0)
        plain = np.mean([width_of(cells[source, share], 1) for source in SOURCES])
        print(f"    share {share:4.0%}  cover {100 * cover:5.1f}  width {100 * width:5.2f}  ratio {width / plain:.2f}")


def summary(runs: Any, truth: float, method: int) -> tuple[float, float, float]:
    point, lower, upper = runs[:, 3 * method : 3 * method + 3].T
    covered = (lower <= truth + 1e-9) & (truth - 1e-9 <= upper)
    return float(covered.mean()), float((upper - lower).mean()), float(np.abs(point - truth).mean())


def width_of(runs: Any, method: int) -> float:
    return float((runs[:, 3 * method + 2] - runs[:, 3 * method + 1]).mean())


if __name__ == "__main__":
    main()
