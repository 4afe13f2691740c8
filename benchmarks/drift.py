"""How far audiences are from training: left-out sources, real lists, lists of other platforms, planted shifts, noise.

    python benchmarks/drift.py [--draws 200]

References are made from the committed bins. Lists of the data folder (BOTSCAN_DATA, default ../shared/data) are
numbered, never named further; without the folder they are skipped. Writes benchmarks/results/drift.json.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, reduce
from operator import add
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

import botscan as bs
from botscan.evidence.feature_counts import FeatureCounts
from botscan.evidence.feature_reference import FeatureReference
from botscan.features.extract import BATCH_ROWS, extract_matrix
from botscan.features.grid import GRID_VERSION, bin_codes, n_bins
from botscan.prevalence.drift import Drift, measure_drift
from botscan.schema import ACCOUNT_COLUMNS
from botscan.scoring.card import features_of
from botscan.scoring.patterns import PATTERNS, Pattern, choose_pattern
from botscan.simulate import make_audience
from botscan.training.bin_table import BinTable, data_folder, read_bin_table
from botscan.training.folds import sample_rows
from botscan.training.recipes import RECIPES
from botscan.training.reference import count_rows, fit_reference, left_out_audiences, make_reference

RESULTS = Path(__file__).parent / "results"
RECIPE = {recipe.platform: recipe for recipe in RECIPES}
CANONICAL = [column.name for column in ACCOUNT_COLUMNS]
LISTS = (
    "twitter_follow_order",
    "twitter_media_samples",
    "instagram_newest_10k",
    "instagram_srf_unlabelled",
    "tiktok_newest_5k",
    "bluesky_followers",
    "github_viral_organic",
)
SIZES = (20, 50, 100, 300, 1_000, 3_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=200, help="lists drawn from training at each size")
    options = parser.parse_args()
    table = read_bin_table()
    rows = {platform: table.of_platform(platform, recipe.features) for platform, recipe in RECIPE.items()}
    references = {platform: make_reference(rows[platform], recipe) for platform, recipe in RECIPE.items()}
    results = {
        "training_table_sha256": table.sha256,
        "left out": show("every source left out, under its full pattern", left_out(rows, references)),
        "nested": show("ordinary sources, judged by references and lines that never saw them", nested(rows)),
        "lists": show("real lists", lists(references)),
        "simulated": show("simulated lists", simulated(references)),
        "planted": show("shifts planted in half of 2,000 training rows", planted(rows["twitter"], references)),
        "noise": noise(rows["twitter"], references["twitter"], options.draws),
        "speed": speed(rows["twitter"], references["twitter"]),
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "drift.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def show(title: str, drifts: Iterator[tuple[str, Drift]]) -> dict[str, Any]:
    print(f"\n{title}")
    head = f"  {'list':44} {'pattern':22} {'n':>6}  joint line   rare  line   excess line   far  most unlike"
    print(head)
    shown = {}
    for name, drift in drifts:
        shown[name] = drift.to_dict()
        figures = "  ".join(
            f"{figure.value:5.3f} {'  -  ' if figure.line is None else f'{figure.line:5.3f}'}"
            for figure in (drift.joint_distance, drift.rare_share, drift.largest_excess)
        )
        far = {True: "FAR", False: "", None: "?"}[drift.is_far]
        print(
            f"  {name:44} {drift.pattern:22} {drift.n_accounts:>6}  {figures}  {far:4} {', '.join(drift.most_unlike)}"
        )
    if not shown:
        print(f"  skipped: no data folder at {data_folder()}; set BOTSCAN_DATA")
    return shown


def left_out(rows: dict[str, BinTable], references: dict[str, FeatureReference]) -> Iterator[tuple[str, Drift]]:
    """Judge every source by the rest; those the lines were measured on cannot be beyond them."""
    for platform in ("twitter", "instagram", "general"):
        some, pattern = rows[platform], PATTERNS[platform][0]
        for source in np.unique(some.source):
            test = some.source == source
            rest = fit_reference(some.take(sample_rows(some, ~test)), RECIPE[platform].features)
            rest = replace(rest, lines=references[platform].lines)
            tested = some.take(sample_rows(some, test))
            for label, kind in ((0, "organic"), (1, "suspicious")):
                if (tested.label == label).any():
                    counts = count_rows(tested.take(tested.label == label), rest, pattern)
                    yield f"{platform}: {source}, {kind}", measure_drift(counts, rest)


def nested(rows: dict[str, BinTable]) -> Iterator[tuple[str, Drift]]:
    """Judge every source of ordinary people by what is known without it: how often a new audience would be far."""
    for platform in ("twitter", "general"):
        some, pattern = rows[platform], PATTERNS[platform][0]
        for item in left_out_audiences(some, RECIPE[platform]):
            reference = reference_without(platform, item.source)
            yield (
                f"{platform}: {item.source}, {item.kind}",
                measure_drift(count_rows(item.rows, reference, pattern), reference),
            )


@cache
def reference_without(platform: str, source: str) -> FeatureReference:
    table = read_bin_table().of_platform(platform, RECIPE[platform].features)
    return make_reference(table.take(table.source != source), RECIPE[platform])


def lists(references: dict[str, FeatureReference]) -> Iterator[tuple[str, Drift]]:
    folder = data_folder() / "audiences"
    for stem in LISTS:
        path = folder / f"{stem}.parquet"
        if not path.exists():
            continue
        table = pq.read_table(path)
        audiences = pc.unique(table["audience_id"]).to_pylist() if "audience_id" in table.column_names else [None]
        for number, audience in enumerate(audiences, start=1):
            part = table if audience is None else table.filter(pc.equal(table["audience_id"], audience))
            part = part.select([column for column in part.column_names if column in CANONICAL])
            accounts = bs.read_accounts(part)
            for judge in dict.fromkeys((choose_platform(accounts.platform), "twitter")):
                found = judged(accounts, judge, references[judge])
                if found is not None:
                    yield f"{stem} {number}/{len(audiences)} by {judge}", found


def simulated(references: dict[str, FeatureReference]) -> Iterator[tuple[str, Drift]]:
    for platform in ("twitter", "instagram", "tiktok"):
        for share in (0.95, 0.6):
            accounts = make_audience(n=5_000, organic_share=share, platform=platform, random_state=1).accounts
            found = judged(accounts, platform, references[platform])
            if found is not None:
                yield f"{platform}, {share:.0%} organic", found


def choose_platform(platform: str | None) -> str:
    return platform if platform in PATTERNS else "general"


def judged(accounts: bs.AccountTable, platform: str, reference: FeatureReference) -> Drift | None:
    """Count a list under the richest pattern that it meets and measure; None where it meets none."""
    pattern = choose_pattern(PATTERNS, platform, accounts.coverage())
    if pattern is None:
        return None
    names = features_of(pattern, reference.features)
    codes = bin_codes(extract_matrix(accounts.table, names), names)
    return measure_drift(counted(codes, names, reference, pattern), reference)


def counted(codes: Any, names: tuple[str, ...], reference: FeatureReference, pattern: Pattern) -> FeatureCounts:
    return FeatureCounts.from_codes(
        codes, names, reference.tree, model=reference.model, pattern=pattern.id, grid_version=GRID_VERSION
    )


def planted(rows: BinTable, references: dict[str, FeatureReference]) -> Iterator[tuple[str, Drift]]:
    """Move one feature to a bin of its own, or shuffle all features, in half of a list of training rows."""
    reference, pattern = references["twitter"], PATTERNS["twitter"][0]
    rng = np.random.Generator(np.random.Philox(1))
    some = people_like(rows, 2_000, rng)
    yield "nothing planted", measure_drift(count_rows(some, reference, pattern), reference)
    half = len(some) // 2
    for name in features_of(pattern, reference.features):
        codes = some.bins[name].copy()
        shares = np.bincount(codes[codes != 255], minlength=n_bins(name))
        codes[:half] = int(np.argmin(shares))
        changed = replace(some, bins={**some.bins, name: codes})
        yield f"{name} in its rarest bin", measure_drift(count_rows(changed, reference, pattern), reference)
    shuffled = {name: np.append(rng.permutation(codes[:half]), codes[half:]) for name, codes in some.bins.items()}
    drift = measure_drift(count_rows(replace(some, bins=shuffled), reference, pattern), reference)
    yield "every feature shuffled by itself", drift


def people_like(rows: BinTable, n: int, rng: np.random.Generator, suspicious_share: float = 0.2) -> BinTable:
    """Draw a list from training: a random mixture of the families of either kind."""
    sampled = rows.take(sample_rows(rows, np.ones(len(rows), dtype=bool)))
    drawn = []
    for label, size in ((0, n - round(suspicious_share * n)), (1, round(suspicious_share * n))):
        datasets = np.unique(sampled.dataset[sampled.label == label])
        for dataset, some in zip(datasets, rng.multinomial(size, rng.dirichlet(np.ones(len(datasets)))), strict=True):
            of_set = np.flatnonzero((sampled.dataset == dataset) & (sampled.label == label))
            drawn.append(rng.choice(of_set, some))
    return sampled.take(rng.permutation(np.concatenate(drawn)))


def noise(rows: BinTable, reference: FeatureReference, n_draws: int) -> dict[str, Any]:
    """Return how often lists drawn from training are called far, and their joint distance."""
    print(f"\n{n_draws} lists drawn from mixtures of training families, per size: share called far, joint distance")
    found = {}
    for n in SIZES:
        rng = np.random.Generator(np.random.Philox(n))
        drifts = [
            measure_drift(
                count_rows(people_like(rows, n, rng, rng.uniform(0, 0.5)), reference, PATTERNS["twitter"][0]), reference
            )
            for _ in range(n_draws)
        ]
        joint = np.array([drift.joint_distance.value for drift in drifts if drift.joint_distance])
        found[n] = {"far": float(np.mean([drift.is_far for drift in drifts])), "joint_mean": float(joint.mean())}
        print(f"  n {n:>5}  far {found[n]['far']:.3f}  joint {joint.mean():.3f}, at most {joint.max():.3f}")
    return found


def speed(rows: BinTable, reference: FeatureReference) -> dict[str, float]:
    """Return processor seconds for a million accounts counted in batches on one core, and for one measurement."""
    pattern = PATTERNS["twitter"][0]
    names = features_of(pattern, reference.features)
    drawn = np.random.Generator(np.random.Philox(0)).integers(0, len(rows), 1_000_000)
    codes = np.asfortranarray(np.column_stack([rows.bins[name][drawn] for name in names]))
    batches = [codes[start : start + BATCH_ROWS] for start in range(0, len(codes), BATCH_ROWS)]
    whole = counted(codes, names, reference, pattern)
    timed = {
        "plain bincount": least_seconds(lambda: [bin_counts(batch) for batch in batches]),
        "rarity": least_seconds(lambda: [reference.tree.rarities(batch, names) for batch in batches]),
        "FeatureCounts": least_seconds(lambda: merged(counted(batch, names, reference, pattern) for batch in batches)),
        "measure_drift": least_seconds(lambda: measure_drift(whole, reference)),
    }
    told = ", ".join(f"{name} {value:.3f}" for name, value in timed.items())
    print(f"\nprocessor seconds for a million accounts and {len(names)} features: {told}")
    return timed


def bin_counts(batch: Any) -> list[Any]:
    return [np.bincount(batch[:, position], minlength=256) for position in range(batch.shape[1])]


def merged(parts: Iterator[FeatureCounts]) -> FeatureCounts:
    return reduce(add, parts)


def least_seconds(run: Callable[[], object], n_times: int = 5) -> float:
    seconds = []
    for _ in range(n_times):
        begun = time.process_time()
        run()
        seconds.append(time.process_time() - begun)
    return round(min(seconds), 4)


if __name__ == "__main__":
    main()
