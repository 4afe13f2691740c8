"""Organic share without labels on a source that nothing was learned from: why botscan gives none.

    python benchmarks/share_new_audience.py [--runs 100] [--jobs 2]

Audiences of 2,000 real accounts of one left-out source are judged by the profile of the other four sources, all scored
by models that saw none of the accounts. The interval is the one that holds inside a known audience.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from botscan.evidence.histogram import ScoreHistogram
from botscan.evidence.profile import ScoreProfile, equal_mass_edges
from botscan.prevalence import estimate_from_profile
from held_out import held_out_scores
from resumable import run_blocks
from share_in_domain import N_AUDIENCE, N_VALIDATION, bins
from share_labels import SHARES, SOURCES

BLOCK = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    for source, (error, covered, width) in collect(options.runs, options.jobs).items():
        print(f"{source:24} MAE {100 * error:5.1f}  cover {100 * covered:5.1f}  width {100 * width:5.1f}")


def collect(runs: int, jobs: int) -> dict[str, tuple[float, float, float]]:
    """Return per left-out source, and for ``all``: mean error, coverage and width."""
    held_out_scores()  # once, before the workers start
    blocks = [
        {"source": source, "share": share, "block": block}
        for source in SOURCES
        for share in SHARES
        for block in range(runs // BLOCK)
    ]
    records = run_blocks("share_new_audience", blocks, run_block, jobs)
    found = {source: [record for record in records if record["source"] == source] for source in SOURCES}
    return {name: summary(some) for name, some in {**found, "all": records}.items()}


def run_block(source: str, share: float, block: int) -> list[list[float]]:
    """Return per run: point, lower and upper end of the suspicious share."""
    seed = np.random.SeedSequence([SOURCES.index(source), round(share * 1000), block])
    rng = np.random.Generator(np.random.Philox(seed))
    return [one_run(source, share, rng) for _ in range(BLOCK)]


def one_run(source: str, share: float, rng: np.random.Generator) -> list[float]:
    suspicious, organic = held_out_scores()[source]
    n_suspicious = round(share * N_AUDIENCE)
    audience = np.concatenate([rng.choice(suspicious, n_suspicious), rng.choice(organic, N_AUDIENCE - n_suspicious)])
    known = [counts_of_others(source, kind, rng) for kind in (0, 1)]
    profile = ScoreProfile({"others": known[0]}, {"others": known[1]}, equal_mass_edges(known), "m", "p")
    histogram = ScoreHistogram(np.bincount(bins(audience), minlength=1024), 0, "m", "p")
    found = estimate_from_profile(histogram, profile, frame="full")
    values = (found.organic_share, found.organic_share_ci_upper, found.organic_share_ci_lower)
    return [round(1.0 - value, 5) for value in values]


def counts_of_others(source: str, kind: int, rng: np.random.Generator) -> Any:
    """Draw validation accounts from the other sources, as many of each."""
    others = [scores[kind] for name, scores in held_out_scores().items() if name != source]
    each = N_VALIDATION // 2 // len(others)
    drawn = np.concatenate([rng.choice(scores, each) for scores in others])
    return np.bincount(bins(drawn), minlength=1024).astype(np.uint64)


def summary(records: list[dict[str, Any]]) -> tuple[float, float, float]:
    rows = np.array([row for record in records for row in record["result"]])
    truth = np.array([record["share"] for record in records for _ in record["result"]])
    covered = (rows[:, 1] <= truth + 1e-9) & (truth - 1e-9 <= rows[:, 2])
    return float(np.abs(rows[:, 0] - truth).mean()), float(covered.mean()), float((rows[:, 2] - rows[:, 1]).mean())


if __name__ == "__main__":
    main()
