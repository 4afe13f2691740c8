"""Organic share from a few labels: coverage and width on sources that the model never saw, next to plain Wilson.

    python benchmarks/share_labels.py [--runs 500] [--jobs 2] [--noise]

Audiences of 5,000 are mixed from real accounts of one source of suspicious followers and its people, scored by a model
that saw neither (LOSO-5). Then 50, 100, 200 and 300 accounts are drawn as a label sheet draws them (simple random,
systematic along the follow order, stratified) and labelled with the truth. Half of the suspicious followers arrive in
three bursts, which only the systematic sample sees: strata are cut by score and by an order that says nothing. With
--noise half of the scores are shuffled among all accounts: no design may rely on scores being right.
"""

from __future__ import annotations

import argparse
from functools import partial
from statistics import NormalDist
from typing import Any

import numpy as np
import pyarrow as pa

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.evidence.labels import LabelDesign, LabelTable
from botscan.evidence.scores import SCORE_SCHEMA, Scores
from botscan.labels.strata import cut_strata, share_out
from botscan.prevalence import estimate_from_labels
from botscan.prevalence.intervals import wilson_interval
from botscan.prevalence.planning.sample_size import effective_size
from held_out import BEHIND_SCORES, held_out_scores
from resumable import run_blocks

SOURCES = ("cresci-2015", "vendor-purchased-2019", "caverlee-2011", "pronbots-2019", "cresci-2017")
SHARES = (0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 0.99)
N_LABELS = (50, 100, 200, 300)
N_AUDIENCE = 5_000
BLOCK = 50
#: Simple random labels with scores, the same labels alone, PPI++ as published; then the other designs.
METHODS = ("ppi-wilson", "wilson", "ppi++ normal", "stratified", "systematic")
DESIGNS = ("ppi-wilson", "stratified", "systematic")
WILSON = METHODS.index("wilson")
N_BURSTS = 3
#: What the figures depend on.
BEHIND_LABELS = (
    *BEHIND_SCORES,
    "benchmarks/share_labels.py",
    "src/botscan/evidence/labels.py",
    "src/botscan/labels/strata.py",
    *(
        f"src/botscan/prevalence/{name}.py"
        for name in (
            "from_labels/audit_sample", "intervals", "from_labels/matched_labels", "from_labels/prediction_powered",
            "from_labels/rare_strata", "from_labels/stratified", "from_labels/undecided",
        )
    ),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--noise", action="store_true", help="shuffle half of the scores among all accounts")
    options = parser.parse_args()
    report(collect(options.runs, options.jobs, noise=options.noise))


def collect(runs: int, jobs: int, *, noise: bool = False) -> list[dict[str, Any]]:
    """Return a record per source, share and block of runs; what was run before is read."""
    held_out_scores()  # once, before the workers start
    blocks = [
        {"source": source, "share": share, "block": block}
        for source in SOURCES
        for share in SHARES
        for block in range(runs // BLOCK)
    ]
    name, run = ("share_labels_noise", partial(run_block, noise=True)) if noise else ("share_labels", run_block)
    return run_blocks(name, blocks, run, jobs, BEHIND_LABELS)


def run_block(source: str, share: float, block: int, *, noise: bool = False) -> list[list[list[float]]]:
    """Return, per run and number of labels: point, lower, upper of each method, as suspicious shares."""
    seed = np.random.SeedSequence([SOURCES.index(source), round(share * 1000), block, int(noise)])
    rng = np.random.Generator(np.random.Philox(seed))
    return [one_run(source, share, rng, noise=noise) for _ in range(BLOCK)]


def one_run(source: str, share: float, rng: np.random.Generator, *, noise: bool = False) -> list[list[float]]:
    suspicious, organic = held_out_scores()[source]
    n_suspicious = round(share * N_AUDIENCE)
    steps = np.concatenate([rng.choice(suspicious, n_suspicious), rng.choice(organic, N_AUDIENCE - n_suspicious)])
    if noise:
        shuffled = np.flatnonzero(rng.random(N_AUDIENCE) < 0.5)
        steps[shuffled] = steps[rng.permutation(shuffled)]
    truth = np.arange(N_AUDIENCE) < n_suspicious
    scores = scores_of(steps)
    drawn = rng.permutation(N_AUDIENCE)
    follow_order = in_bursts(n_suspicious, rng)
    results = []
    for n in N_LABELS:
        rows = drawn[:n]
        observed = float(truth[rows].mean())
        plain = [observed, *wilson_interval(observed, effective_size(n, N_AUDIENCE))]
        places = (int(rng.integers(N_AUDIENCE)) + np.arange(n) * N_AUDIENCE) // n
        values = (
            *suspicious_share(scores, labels_of(rows, truth[rows])),
            *plain,
            *normal_interval(scores, rows, truth[rows]),
            *suspicious_share(scores, stratified_labels(scores, truth, n, rng)),
            *suspicious_share(scores, labels_of(follow_order[places], truth[follow_order[places]], "systematic")),
        )
        results.append([round(float(value), 5) for value in values])
    return results


def in_bursts(n_suspicious: int, rng: np.random.Generator) -> Any:
    """Return the accounts in follow order: half of the suspicious, which come first, stand in three blocks."""
    in_blocks = n_suspicious // 2
    order = rng.permutation(np.arange(in_blocks, N_AUDIENCE))
    for block in np.array_split(np.arange(in_blocks), N_BURSTS):
        order = np.insert(order, rng.integers(len(order) + 1), block)
    return order


def suspicious_share(scores: Scores, labels: LabelTable) -> tuple[float, float, float]:
    found = estimate_from_labels(scores, labels, frame="full")
    return 1 - found.organic_share, 1 - found.organic_share_ci_upper, 1 - found.organic_share_ci_lower


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


def labels_of(rows: Any, answers: Any, kind: str = "simple_random") -> LabelTable:
    return _label_table(rows, answers, LabelDesign(kind, "digest", N_AUDIENCE, 0))


def stratified_labels(scores: Scores, truth: Any, n: int, rng: np.random.Generator) -> LabelTable:
    """Draw and label as a stratified sheet does."""
    cells = cut_strata(scores.table["bot_score"].to_numpy(), rng.permutation(N_AUDIENCE), n)
    sizes = np.bincount(cells.stratum)
    n_each = np.bincount(share_out(sizes, cells.weights, n), minlength=len(sizes))
    rows = np.concatenate(
        [rng.permutation(np.flatnonzero(cells.stratum == one))[:drawn] for one, drawn in enumerate(n_each)]
    )
    strata = tuple((str(one), int(size)) for one, size in enumerate(sizes))
    design = LabelDesign("stratified", "digest", N_AUDIENCE, 0, strata)
    return _label_table(rows, truth[rows], design, cells.stratum[rows])


def _label_table(rows: Any, answers: Any, design: LabelDesign, stratum: Any = None) -> LabelTable:
    return LabelTable(
        account_ids=tuple(map(str, rows)),
        raters=("truth",),
        answers=answers.astype(np.int8)[:, None],
        design=design,
        inclusion_probability=None,
        source="benchmark",
        stratum=stratum,
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
    plain = np.mean([width_of(runs, WILSON) for runs in cells.values()])
    for method, name in enumerate(METHODS):
        found = {cell: summary(runs, cell[1], method) for cell, runs in cells.items()}
        cover, width, error = np.mean(list(found.values()), axis=0)
        worst = min(found, key=lambda cell: found[cell][0])
        below = sum(values[0] < bound for values in found.values())
        print(
            f"  {name:13} cover {100 * cover:5.1f}  width {100 * width:5.2f} (of plain {width / plain:.3f})"
            f"  MAE {100 * error:4.2f}"
            f"  worst {100 * found[worst][0]:5.1f} ({worst[0]}, {worst[1]:.0%})  cells below the bound {below}"
        )
    for title, values, at in (("share", SHARES, 1), ("source", SOURCES, 0)):
        for value in values:
            chosen = {cell: runs for cell, runs in cells.items() if cell[at] == value}
            shown = f"{value:.0%}" if at else str(value)
            print(f"    {title} {shown:21} {_line(chosen)}")


def _line(cells: dict[tuple[str, float], Any]) -> str:
    """Return coverage, width as a part of plain Wilson's, and mean error of every design."""
    plain = np.mean([width_of(runs, WILSON) for runs in cells.values()])
    parts = []
    for name in DESIGNS:
        found = [summary(runs, cell[1], METHODS.index(name)) for cell, runs in cells.items()]
        cover, width, error = np.mean(found, axis=0)
        parts.append(f"{name} {100 * cover:5.1f} {width / plain:.2f} {100 * error:4.2f}")
    return " | ".join(parts)


def summary(runs: Any, truth: float, method: int) -> tuple[float, float, float]:
    point, lower, upper = runs[:, 3 * method : 3 * method + 3].T
    covered = (lower <= truth + 1e-9) & (truth - 1e-9 <= upper)
    return float(covered.mean()), float((upper - lower).mean()), float(np.abs(point - truth).mean())


def width_of(runs: Any, method: int) -> float:
    return float((runs[:, 3 * method + 2] - runs[:, 3 * method + 1]).mean())


if __name__ == "__main__":
    main()
