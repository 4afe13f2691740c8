"""Errors at the line of the Twitter recipe among groups that the bins cannot tell: language, bio, names, badges.

    python benchmarks/slices.py

Reads the labelled accounts (BOTSCAN_DATA, default ../shared/data); skipped with the reason where they are not. Every
account is scored by a model that never saw its source. Groups of fewer than a hundred accounts are not measured.
About half a minute. Aggregates only. Writes benchmarks/results/slices.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from botscan.scoring.card import features_of
from botscan.scoring.model import Thresholds
from botscan.scoring.patterns import PATTERNS
from botscan.training.bin_table import data_folder, labelled_frame, read_bin_table
from botscan.training.recipes import RECIPES
from botscan.training.slices import FEWEST, rates_of_slice
from botscan.training.sources import training_sets
from botscan.training.thresholds import leave_out, line_quantile, set_thresholds
from evasion import PLATFORM, bins_by_dataset
from resumable import RESULTS

#: Languages that are told apart, as the platform declares them; all others together.
LANGUAGES = ("en", "it", "es", "pt", "fr", "ja", "ar", "tr", "id")
KINDS = ((0, "organic", "false alarms among people"), (1, "suspicious", "recall among suspicious accounts"))


def measure(frame: Any) -> dict[str, Any]:
    """Return per kind and slice the rates of accounts whose source was left out."""
    recipe = next(one for one in RECIPES if one.platform == PLATFORM)
    table = read_bin_table().of_platform(PLATFORM, recipe.features)
    features = features_of(PATTERNS[PLATFORM][0], recipe.features)
    left_out = leave_out(table, recipe)
    thresholds = set_thresholds(left_out, features, line_quantile(PATTERNS[PLATFORM][0]))
    models = {item.fold.name: item.model for item in left_out}
    result = {}
    for label, use, title in KINDS:
        sets = {item.dataset for item in training_sets(PLATFORM) if getattr(item, use) != "no"}
        parts = []
        for source, rows in frame[(frame["label"] == label) & frame["dataset"].isin(sets)].groupby("source", sort=True):
            in_order = rows.sort_values("dataset", kind="stable")
            steps = models[source].score(bins_by_dataset(in_order, recipe), features)
            parts.append((source, steps, groups_of(in_order)))
        result[title] = list(rates(parts, thresholds))
    return result


def groups_of(frame: Any) -> dict[str, Any]:
    """Return per slice which accounts are in it, bool, shape (n,); an unknown value is in none."""
    language = frame["language"].astype("string").str.lower().str.split("-").str[0]
    name = frame["display_name"].astype("string")
    handle = frame["handle"].astype("string")
    groups = {"all": np.ones(len(frame), dtype=bool)}
    for code in LANGUAGES:
        groups[f"language {code}"] = language == code
    groups["another language"] = language.notna() & ~language.isin(LANGUAGES)
    # Lengths stand where texts were removed.
    bio_length = frame["bio_length"].astype("Float64").fillna(frame["bio"].astype("string").str.len().astype("Float64"))
    groups["no bio"] = bio_length == 0
    groups["has a bio"] = bio_length > 0
    groups["four digits or more in the handle"] = handle.str.count(r"\d") >= 4
    groups["fewer digits in the handle"] = handle.str.count(r"\d") < 4
    groups["a name with letters that are not Latin"] = name.str.contains(r"[\u0370-\u1cff\u2e80-\uffdc]", regex=True)
    groups["an account that is private"] = frame["is_private"].eq(True)  # null is neither
    groups["a verified account"] = frame["is_verified"].eq(True)
    return {title: np.asarray(members.fillna(False) if hasattr(members, "fillna") else members, dtype=bool)
            for title, members in groups.items()}  # fmt: skip


def rates(parts: Sequence[tuple[str, Any, Mapping[str, Any]]], thresholds: Thresholds) -> Iterator[dict[str, Any]]:
    """Yield the rates of every slice, of all sources together and of each with enough accounts."""
    for title in parts[0][2]:
        by_source = {source: steps[groups[title]] for source, steps, groups in parts}
        together = np.concatenate(list(by_source.values()))
        if len(together):
            sources = {
                source: rates_of_slice(steps, thresholds)["suspicious_rate"]
                for source, steps in by_source.items()
                if len(steps) >= FEWEST
            }
            yield {"slice": title, **rates_of_slice(together, thresholds), "sources": sources}


def lines(title: str, found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield one table as Markdown."""
    yield f"| {title} | accounts | suspicious | interval | review | lowest to highest source |"
    yield "|---|---|---|---|---|---|"
    for one in found:
        if one["suspicious_rate"] is None:
            yield f"| {one['slice']} | {one['n']:,} | not measured | | | |"
            continue
        interval = f"{one['suspicious_rate_ci_lower']:.3f} to {one['suspicious_rate_ci_upper']:.3f}"
        known = one["sources"].values()
        span = f"{min(known):.3f} to {max(known):.3f}" if known else ""
        yield (
            f"| {one['slice']} | {one['n']:,} | {one['suspicious_rate']:.3f} | {interval} "
            f"| {one['review_rate']:.3f} | {span} |"
        )


def main() -> None:
    try:
        frame = labelled_frame(data_folder(), PLATFORM)
    except FileNotFoundError:
        print(f"skipped: {data_folder()} is not here (set BOTSCAN_DATA)")
        return
    result = measure(frame)
    for title, found in result.items():
        print("\n".join(lines(title, found)) + "\n")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "slices.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
