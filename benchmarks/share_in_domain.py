"""Organic share inside a known domain: error, coverage and width, next to counting scores above a line.

    python benchmarks/share_in_domain.py [--runs 500] [--jobs 2]

2,000 validation accounts of known truth (half of them suspicious) make the profile; audiences of 2,000 further
accounts of the same populations are drawn at each share. Scores are Gaussian at three levels of AUC, or scores of real
accounts by models that never saw their source. Validation accounts and audience never share an account.
"""

from __future__ import annotations

import argparse
from statistics import NormalDist
from typing import Any

import numpy as np

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS, ScoreHistogram, histogram_bins
from botscan.evidence.profile import ScoreProfile, equal_mass_edges
from botscan.prevalence import estimate_from_profile
from resumable import run_blocks

SHARES = (0.0, 0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 0.97, 0.99, 1.0)
SETTINGS = ("auc_0.85", "auc_0.95", "auc_0.99", "real")
N_AUDIENCE = 2_000
N_VALIDATION = 2_000
BLOCK = 50
METHODS = ("binned posterior", "classify and count", "mean probability", "adjusted count")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    for setting in SETTINGS:
        blocks = [
            {"setting": setting, "share": share, "block": block}
            for share in SHARES
            for block in range(options.runs // BLOCK)
        ]
        report(setting, run_blocks("share_in_domain", blocks, run_block, options.jobs))


def run_block(setting: str, share: float, block: int) -> list[list[float]]:
    """Return per run: posterior mode, lower, upper, then the three other estimates of the suspicious share."""
    seed = [SETTINGS.index(setting), round(share * 100), block]
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))
    return [one_run(setting, share, rng) for _ in range(BLOCK)]


def one_run(setting: str, share: float, rng: np.random.Generator) -> list[float]:
    n_suspicious = round(share * N_AUDIENCE)
    half = N_VALIDATION // 2
    suspicious = draw(setting, 1, half + n_suspicious, rng)
    organic = draw(setting, 0, half + N_AUDIENCE - n_suspicious, rng)
    audience = np.concatenate([suspicious[half:], organic[half:]])
    known = [np.bincount(bins(part[:half]), minlength=1024).astype(np.uint64) for part in (suspicious, organic)]
    profile = ScoreProfile({"s": known[0]}, {"o": known[1]}, equal_mass_edges(known), "m", "p")
    histogram = ScoreHistogram(np.bincount(bins(audience), minlength=1024), 0, "m", "p")
    found = estimate_from_profile(histogram, profile, frame="full")
    posterior = [1 - found.organic_share, 1 - found.organic_share_ci_upper, 1 - found.organic_share_ci_lower]
    return [round(float(x), 5) for x in (*posterior, *point_estimates(histogram, profile))]


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


def point_estimates(histogram: ScoreHistogram, profile: ScoreProfile) -> tuple[float, float, float]:
    """Count above the middle of the scale; average the calibrated probability; correct the count by its error rates."""
    audience = profile.fold(histogram.counts)
    suspicious, organic = profile.pooled()
    probability = (suspicious + 0.5) / (suspicious + organic + 1.0)
    counts = [next(iter(part.values())) for part in (profile.suspicious, profile.organic)]
    true_rate, false_rate = (float(part[512:].sum() / part.sum()) for part in counts)
    counted = float(histogram.counts[512:].sum() / histogram.n_scored)
    adjusted = (counted - false_rate) / (true_rate - false_rate) if true_rate > false_rate else counted
    return counted, float(audience @ probability / audience.sum()), min(1.0, max(0.0, adjusted))


def report(setting: str, records: list[dict[str, Any]]) -> None:
    print(f"\n{setting}: {N_AUDIENCE} accounts, {N_VALIDATION} validation accounts; points of percentage")
    print(f"{'share':>6} {'runs':>5} {'cover':>6} {'width':>6}  MAE: " + "  ".join(METHODS))
    everything, truths = [], []
    for share in SHARES:
        rows = np.array([row for record in records if record["share"] == share for row in record["result"]])
        truth = np.full(len(rows), share)
        print(f"{share:>6.0%} {line(rows, truth)}")
        everything.append(rows)
        truths.append(truth)
    print(f"{'all':>6} {line(np.concatenate(everything), np.concatenate(truths))}")


def line(rows: Any, truth: Any) -> str:
    covered = (rows[:, 1] <= truth + 1e-9) & (truth - 1e-9 <= rows[:, 2])
    width = 100 * (rows[:, 2] - rows[:, 1]).mean()
    errors = 100 * np.abs(rows[:, [0, 3, 4, 5]] - truth[:, None]).mean(axis=0)
    return f"{len(rows):>5} {100 * covered.mean():>6.1f} {width:>6.2f}  " + "  ".join(
        f"{error:>{len(name)}.2f}" for name, error in zip(METHODS, errors, strict=True)
    )


if __name__ == "__main__":
    main()
