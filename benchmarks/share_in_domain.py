"""Organic share inside a known domain: error, coverage and width of ours, next to published quantifiers.

    python benchmarks/share_in_domain.py [--runs 500] [--jobs 2]

2,000 validation accounts of known truth (half of them suspicious) make the profile; audiences of 2,000 further
accounts of the same populations are drawn at each share. Scores are Gaussian at three levels of AUC, or scores of real
accounts by models that never saw their source. Validation accounts and audience never share an account. Then the same
with 300 validation accounts. The bootstrap intervals beside ours are costly and have a fifth of the runs.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from statistics import NormalDist
from typing import Any

import numpy as np

import quantifier_baselines as baselines
from botscan.evidence.histogram import STEPS_PER_LOG_ODDS, ScoreHistogram, histogram_bins
from botscan.evidence.profile import ScoreProfile, equal_mass_edges
from botscan.prevalence import estimate_from_profile
from held_out import BEHIND_SCORES
from resumable import run_blocks

SHARES = (0.0, 0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 0.97, 0.99, 1.0)
SETTINGS = ("auc_0.85", "auc_0.95", "auc_0.99", "real")
N_AUDIENCE = 2_000
N_VALIDATION = 2_000
FEW_VALIDATION = 300
BLOCK = 50
#: Columns 0 and 3 onwards of a row; columns 1 and 2 are the ends of our interval.
METHODS = ("binned posterior", "classify and count", "mean probability", "adjusted count", "PACC", "EMQ", "KDEy-ML")
#: Intervals beside ours.
INTERVALS = ("PACC, bootstrap of the audience", "PACC, bootstrap of both")
#: What the figures depend on.
BEHIND = (
    *BEHIND_SCORES,
    "benchmarks/quantifier_baselines.py",
    "benchmarks/share_in_domain.py",
    "src/botscan/evidence/profile.py",
    "src/botscan/prevalence/intervals.py",
    "src/botscan/prevalence/mixture.py",
    "src/botscan/prevalence/without_labels/quantifiers.py",
)
#: Ours are run so many times as often as the bootstraps.
FEWER = 5
_TITLES = {
    "auc_0.85": "simulated scores of AUC .85",
    "auc_0.95": "simulated scores of AUC .95",
    "auc_0.99": "simulated scores of AUC .99",
    "real": "real accounts, each scored by a model that saw neither its source nor these people",
}
#: Probability of being suspicious in the middle of each of the 1,024 bins.
_PROBABILITY = 1.0 / (1.0 + np.exp(-(np.arange(-512, 512) + 0.5) / 32.0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    for line in tables(options.runs, options.jobs):
        print(line)


def tables(runs: int, jobs: int) -> Iterator[str]:
    """Yield the lines of all tables, as Markdown."""
    for n_validation, settings in ((N_VALIDATION, SETTINGS), (FEW_VALIDATION, ("auc_0.85", "auc_0.95", "real"))):
        for setting in settings:
            yield from table(setting, n_validation, runs, jobs)
            yield ""


def table(setting: str, n_validation: int, runs: int, jobs: int) -> Iterator[str]:
    blocks = blocks_of(setting, n_validation, runs)
    ours = by_share(run_blocks("share_in_domain", blocks, run_block, jobs, BEHIND))
    blocks = blocks_of(setting, n_validation, max(BLOCK, runs // FEWER))
    others = by_share(run_blocks("share_in_domain_bootstrap", blocks, run_bootstrap_block, jobs, BEHIND))
    n_runs, n_others = len(ours[0.0]), len(others[0.0])
    sizes = f"{N_AUDIENCE:,} accounts, {n_validation:,} validation accounts"
    yield f"**{_TITLES[setting]}; {sizes}; {n_runs} runs a share**"
    yield ""
    intervals = "".join(f" | {name}: held / width" for name in INTERVALS)
    yield f"| suspicious share | ours: held / width | mean error: ours | {' | '.join(METHODS[1:])}{intervals} |"
    yield "|---" * (2 + len(METHODS) + len(INTERVALS)) + "|"
    for share in SHARES:
        yield line(f"{share:.0%}", {share: ours[share]}, {share: others[share]})
    yield line("all", ours, others)
    yield ""
    yield f"Points of percentage. Bootstraps of 200 draws: {n_others} runs a share. {bounds_in_words(n_runs)}"


def line(title: str, ours: dict[float, Any], others: dict[float, Any]) -> str:
    cells = [title, held_and_width(ours, 1)]
    errors = np.concatenate([np.abs(rows[:, [0, *range(3, rows.shape[1])]] - share) for share, rows in ours.items()])
    cells += [f"{100 * error:.2f}" for error in errors.mean(axis=0)]
    cells += [held_and_width(others, 2 * place) for place in range(len(INTERVALS))]
    return f"| {' | '.join(cells)} |"


def held_and_width(found: dict[float, Any], column: int) -> str:
    """How often two columns enclose the truth, and how far they lie apart."""
    held = np.concatenate([holds(rows[:, column], rows[:, column + 1], share) for share, rows in found.items()])
    width = np.concatenate([rows[:, column + 1] - rows[:, column] for rows in found.values()])
    return f"{held.mean():.1%} / {100 * width.mean():.2f}"


def holds(lower: Any, upper: Any, truth: float) -> Any:
    return (lower <= truth + 1e-9) & (truth - 1e-9 <= upper)


def bounds_in_words(n_runs: int) -> str:
    from scipy.stats import binom

    lowest, highest = binom.ppf([0.005, 0.995], n_runs, 0.95) / n_runs
    return f"A true 95 % interval holds the truth in {lowest:.1%} to {highest:.1%} of {n_runs} runs, 99 times of 100."


def blocks_of(setting: str, n_validation: int, runs: int) -> list[dict[str, Any]]:
    few = {} if n_validation == N_VALIDATION else {"n_validation": n_validation}
    return [
        {"setting": setting, "share": share, "block": block, **few}
        for share in SHARES
        for block in range(runs // BLOCK)
    ]


def by_share(records: list[dict[str, Any]]) -> dict[float, Any]:
    rows: dict[float, list[Any]] = {}
    for record in records:
        rows.setdefault(record["share"], []).extend(record["result"])
    return {share: np.array(found) for share, found in rows.items()}


def run_block(setting: str, share: float, block: int, n_validation: int = N_VALIDATION) -> list[list[float]]:
    """Return per run: posterior mode, lower, upper, then the other estimates of the suspicious share."""
    rng = generator(setting, share, block, n_validation)
    return [one_run(setting, share, rng, n_validation) for _ in range(BLOCK)]


def run_bootstrap_block(setting: str, share: float, block: int, n_validation: int = N_VALIDATION) -> list[list[float]]:
    """Return per run the ends of both bootstrap intervals of the suspicious share."""
    rng = generator(setting, share, block, n_validation)
    rows = []
    for _ in range(BLOCK):
        counts = drawn_counts(setting, share, rng, n_validation)
        row: list[float] = []
        for validation_too in (False, True):
            row += baselines.bootstrap_interval(_PROBABILITY, *counts, rng, validation_too=validation_too)
        rows.append([round(value, 5) for value in row])
    return rows


def generator(setting: str, share: float, block: int, n_validation: int) -> np.random.Generator:
    few = [] if n_validation == N_VALIDATION else [n_validation]
    seed = [SETTINGS.index(setting), round(share * 100), block, *few]
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))


def one_run(setting: str, share: float, rng: np.random.Generator, n_validation: int = N_VALIDATION) -> list[float]:
    audience, suspicious, organic = drawn_counts(setting, share, rng, n_validation)
    profile = ScoreProfile({"s": suspicious}, {"o": organic}, equal_mass_edges([suspicious, organic]), "m", "p")
    found = estimate_from_profile(ScoreHistogram(audience, 0, "m", "p"), profile, frame="full")
    posterior = [1 - found.organic_share, 1 - found.organic_share_ci_upper, 1 - found.organic_share_ci_lower]
    return [round(float(x), 5) for x in (*posterior, *point_estimates(audience, suspicious, organic))]


def drawn_counts(setting: str, share: float, rng: np.random.Generator, n_validation: int) -> tuple[Any, Any, Any]:
    """Draw an audience, and validation accounts of either kind; return how many stand in each of the 1,024 bins."""
    n_suspicious = round(share * N_AUDIENCE)
    half = n_validation // 2
    suspicious = draw(setting, 1, half + n_suspicious, rng)
    organic = draw(setting, 0, half + N_AUDIENCE - n_suspicious, rng)
    audience = np.concatenate([suspicious[half:], organic[half:]])
    return tuple(
        np.bincount(bins(part), minlength=1024).astype(np.uint64)
        for part in (audience, suspicious[:half], organic[:half])
    )


def draw(setting: str, label: int, n: int, rng: np.random.Generator) -> Any:
    """Draw n scores, in steps of 0.05 log-odds."""
    if setting == "real":
        from held_out import pooled_scores

        return rng.choice(pooled_scores(label), n, replace=False)
    distance = NormalDist().inv_cdf(float(setting.removeprefix("auc_"))) * np.sqrt(2)
    # Log-odds of two unit normals this far apart, for a balanced prior.
    return np.rint(distance * (rng.normal(label * distance, 1.0, n) - distance / 2) * STEPS_PER_LOG_ODDS).astype(int)


def bins(steps: Any) -> Any:
    return histogram_bins(steps.astype(np.int32))


def point_estimates(audience: Any, suspicious: Any, organic: Any) -> tuple[float, ...]:
    """Return what the published quantifiers say; EMQ on calibrated probabilities, the others on those of the model."""
    counts = [part.astype(np.float64) for part in (audience, suspicious, organic)]
    calibrated = baselines.calibrated(_PROBABILITY, *counts[1:])
    validation_share = float(counts[1].sum() / (counts[1].sum() + counts[2].sum()))
    return (
        baselines.classify_and_count(_PROBABILITY, counts[0]),
        baselines.mean_probability(_PROBABILITY, counts[0]),
        baselines.adjusted_count(_PROBABILITY, *counts),
        baselines.adjusted_probability(_PROBABILITY, *counts),
        baselines.expectation_maximisation(calibrated, counts[0], validation_share),
        baselines.kernel_density(_PROBABILITY, *counts),
    )


if __name__ == "__main__":
    main()
