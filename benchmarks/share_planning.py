"""Plans of fetching and labelling, carried out: half-width planned and achieved, and coverage.

    python benchmarks/share_planning.py [--runs 300] [--jobs 2]

Each plan is made for Gaussian scores of a known AUC. Then followers are drawn as it says, a random part of them is
labelled with the truth, and the share is estimated as for any list. Plans without labels draw a profile of the same
audience beforehand, half of it suspicious. The share of an endless audience is the one that it was drawn with.
"""

from __future__ import annotations

import argparse
import math
from typing import Any

import numpy as np
import pyarrow as pa

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS, ScoreHistogram, histogram_bins
from botscan.evidence.labels import UNSURE, LabelDesign, LabelTable
from botscan.evidence.profile import ScoreProfile, equal_mass_edges
from botscan.evidence.scores import SCORE_SCHEMA, Scores
from botscan.prevalence import estimate_from_labels, estimate_from_profile, plan_sample_size
from resumable import run_blocks
from share_in_domain import draw

BLOCK = 50
#: What the figures depend on; the scorer has no part in them.
BEHIND = ("benchmarks/share_planning.py", "benchmarks/share_in_domain.py", *(
    f"src/botscan/prevalence/{name}.py"
    for name in (
        "from_labels/audit_sample", "from_labels/prediction_powered", "from_labels/undecided", "frame", "intervals",
        "mixture", "planning/expected_width", "planning/plan_question", "planning/sample_size", "planning/score_worth",
        "planning/two_phase_plan", "without_labels/quantifiers",
    )
))  # fmt: skip
SUSPICIOUS_SHARES = (0.05, 0.3, 0.5)
SETTINGS = {
    "fetch and label 1:50": {"cost_per_fetch": 1, "cost_per_label": 50},
    "the same of 5,000": {"cost_per_fetch": 1, "cost_per_label": 50, "population": 5_000},
    "fetch and label 1:5, undecided": {"cost_per_fetch": 1, "cost_per_label": 5, "undecided_share": 0.03},
    "list of 1,000": {"list_size": 1_000},
    "profile of 2,000": {"n_validation": 2_000},
    "profile of 2,000, of 5,000": {"n_validation": 2_000, "population": 5_000},
    "profile of 6,000, list of 2,000": {"n_validation": 6_000, "list_size": 2_000},
}
#: (margin, AUC) of each; a list scored without labels gives what it gives, so its margin is only a bound.
WITH_LABELS = ((0.05, 0.75), (0.05, 0.95), (0.03, 0.85), (0.03, 0.99))
WITHOUT_LABELS = ((0.05, 0.95), (0.03, 0.99))
CELLS = [
    (setting, margin, auc, share)
    for setting, options in SETTINGS.items()
    for margin, auc in (WITHOUT_LABELS if "n_validation" in options else WITH_LABELS)
    for share in SUSPICIOUS_SHARES
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    names = ("setting", "margin", "auc", "share")
    blocks = [
        dict(zip(names, cell, strict=True)) | {"block": block}
        for cell in CELLS
        for block in range(max(1, options.runs // BLOCK))
    ]
    report(run_blocks("share_planning", blocks, run_block, options.jobs, BEHIND))


def plan_of(setting: str, margin: float, auc: float, share: float) -> Any:
    return plan_sample_size(margin, organic_share=1.0 - share, auc=auc, **SETTINGS[setting])


def run_block(setting: str, margin: float, auc: float, share: float, block: int) -> list[list[float]]:
    """Return per run: lower and upper end of the suspicious share, and the truth."""
    cell = CELLS.index((setting, margin, auc, share))
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence([cell, block])))
    plan = plan_of(setting, margin, auc, share)
    found = [one_run(plan, auc, share, SETTINGS[setting], rng) for _ in range(BLOCK)]
    return [[round(float(value), 6) for value in run] for run in found]


def one_run(plan: Any, auc: float, share: float, options: dict[str, Any], rng: np.random.Generator) -> list[float]:
    size = plan.population or plan.list_size
    n = plan.list_size or plan.n_fetch
    # Of a finite audience the number of suspicious accounts is fixed, and its draw is without replacement.
    n_suspicious = rng.hypergeometric(round(share * size), size - round(share * size), n) if size else None
    n_suspicious = rng.binomial(n, share) if n_suspicious is None else n_suspicious
    truth = rng.permutation(np.arange(n) < n_suspicious)
    setting = f"auc_{auc}"
    steps = np.empty(n, dtype=np.int32)
    for label in (0, 1):
        steps[truth == label] = draw(setting, label, int((truth == label).sum()), rng)
    frame = {"frame": "full"} if plan.list_size else {"frame": "random", "population": plan.population}
    if "n_validation" in options:
        half = options["n_validation"] // 2
        known = [
            np.bincount(histogram_bins(draw(setting, label, half, rng).astype(np.int32)), minlength=1024)
            for label in (1, 0)
        ]
        profile = ScoreProfile({"s": known[0]}, {"o": known[1]}, equal_mass_edges(known), "m", "p")
        histogram = ScoreHistogram(np.bincount(histogram_bins(steps), minlength=1024), 0, "m", "p")
        found = estimate_from_profile(histogram, profile, **frame)
    else:
        answers = truth[: plan.n_drawn].astype(np.int8)
        unsure = rng.random(plan.n_drawn) < options.get("undecided_share", 0.0)
        found = estimate_from_labels(scores_of(steps), labels_of(np.where(unsure, UNSURE, answers), n), **frame)
    true_share = round(share * size) / size if size else share
    return [1.0 - found.organic_share_ci_upper, 1.0 - found.organic_share_ci_lower, true_share]


def scores_of(steps: Any) -> Scores:
    n = len(steps)
    log_odds = steps / STEPS_PER_LOG_ODDS
    columns = {
        "account_id": pa.array(np.arange(n)).cast(pa.large_string()),
        "log_odds": pa.array(log_odds),
        "bot_score": pa.array(1.0 / (1.0 + np.exp(-log_odds))),
        "verdict": pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, dtype=np.int8)), pa.array(["active"])),
    }
    table = pa.table({field.name: columns.get(field.name, pa.nulls(n, field.type)) for field in SCORE_SCHEMA})
    return Scores(table.cast(SCORE_SCHEMA), "benchmark", "m", "p", "twitter", None, "digest", "benchmark")


def labels_of(answers: Any, n_accounts: int) -> LabelTable:
    return LabelTable(
        account_ids=tuple(map(str, range(len(answers)))),
        raters=("truth",),
        answers=answers.astype(np.int8)[:, None],
        design=LabelDesign("simple_random", "digest", n_accounts, 0),
        inclusion_probability=None,
        source="benchmark",
    )


def report(records: list[dict[str, Any]]) -> None:
    from scipy.stats import binom

    grouped: dict[tuple[Any, ...], list[Any]] = {}
    for record in records:
        cell = (record["setting"], record["margin"], record["auc"], record["share"])
        grouped.setdefault(cell, []).extend(record["result"])
    n_runs = min(map(len, grouped.values()))
    bound = 100.0 * binom.ppf(0.01, n_runs, 0.95) / n_runs
    print(f"\n{len(grouped)} cells, {n_runs} runs each; 99 % bound of the coverage of a cell: {bound:.1f}")
    columns = f"{'AUC':>4} {'share':>5} {'margin':>6} {'fetch':>6} {'label':>5}  {'planned':>7} {'achieved':>8}"
    print(f"{'':31} {columns} {'ratio':>6} {'cover':>6}")
    ratios, coverages = [], []
    for (setting, margin, auc, share), runs in grouped.items():
        plan = plan_of(setting, margin, auc, share)
        lower, upper, truth = np.array(runs).T
        achieved = float((upper - lower).mean()) / 2.0
        coverage = 100.0 * float(((lower <= truth + 1e-6) & (truth <= upper + 1e-6)).mean())
        ratios.append(achieved / plan.expected_margin if plan.expected_margin else math.nan)
        coverages.append(coverage)
        fetch = plan.n_fetch or plan.list_size
        print(
            f"{setting:31} {auc:>4} {share:>5.0%} {margin:>6} {fetch:>6} {plan.n_drawn:>5}"
            f"  {100 * plan.expected_margin:>7.2f} {100 * achieved:>8.2f} {ratios[-1]:>6.3f} {coverage:>6.1f}"
        )
    print(
        f"\nachieved / planned: mean {np.mean(ratios):.3f}, widest {max(ratios):.3f}, narrowest {min(ratios):.3f};"
        f" coverage: mean {np.mean(coverages):.1f}, lowest {min(coverages):.1f},"
        f" cells below the bound {sum(one < bound for one in coverages)}"
    )


if __name__ == "__main__":
    main()
