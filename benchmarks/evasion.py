"""What faking cheap fields, buying followers and missing columns do to the Twitter recipe; Markdown tables.

    python benchmarks/evasion.py

Sources never seen (LOSO-5) and sources half seen (KNOWN-45), from the committed bins; about 4 minutes. Accounts that
also buy followers need raw counts: the labelled accounts (BOTSCAN_DATA, default ../shared/data), skipped where they
are not. Aggregates only. Writes benchmarks/results/evasion.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from botscan.scoring.card import features_of
from botscan.scoring.patterns import PATTERNS
from botscan.training.absent import absent_entry
from botscan.training.bin_table import BinTable, data_folder, labelled_frame, read_bin_table, rows_to_bins
from botscan.training.evasion import cheap_features, disguise_all, evasion_entry, measure_steps, usual_bins
from botscan.training.fit import balanced_weights
from botscan.training.loso_models import LosoModel, fit_loso
from botscan.training.recipes import LIGHT_WEIGHT, RECIPES, Recipe
from botscan.training.sources import training_sets
from botscan.training.thresholds import leave_out, line_quantile, set_thresholds
from resumable import RESULTS

PLATFORM = "twitter"
#: What a bought follower's owner buys for it.
BOUGHT = "buys followers up to the human median"
BOTH = "buys followers and fakes every cheap field"


# --- Bought followers, on raw counts ---------------------------------------------------------------------------------


def usual_followers(frame: Any, left_out: Sequence[str]) -> float:
    """Return the weighted median follower count of the people that train a fold."""
    use = {item.dataset: item.organic for item in training_sets(PLATFORM) if item.dataset not in left_out}
    people = frame[(frame["label"] == 0) & (frame["dataset"].map(use).isin(["train", "light"]))]
    people = people[people["followers_count"].notna()]
    emphasis = np.where(people["dataset"].map(use) == "light", LIGHT_WEIGHT, 1.0)
    weights = balanced_weights(people["source"].to_numpy(str), np.zeros(len(people), dtype=np.int8), emphasis)
    order = np.argsort(people["followers_count"].to_numpy(float), kind="stable")
    mass = np.cumsum(weights[order])
    return float(people["followers_count"].to_numpy(float)[order][np.searchsorted(mass, mass[-1] / 2)])


def buy_followers(table: BinTable, recipe: Recipe, models: Sequence[LosoModel]) -> dict[str, Any] | str:
    """Measure LOSO-5 with the followers of suspicious accounts raised to the median of people, in raw counts."""
    try:
        frame = labelled_frame(data_folder(), PLATFORM)
    except FileNotFoundError:
        return f"skipped: {data_folder()} is not here (set BOTSCAN_DATA)"
    pattern = PATTERNS[PLATFORM][0]
    features = features_of(pattern, recipe.features)
    suspicious = {item.dataset for item in training_sets(PLATFORM) if item.suspicious == "train"}
    found: dict[str, Any] = {BOUGHT: [], BOTH: []}
    for one in models:
        test = table.take(one.fold.test)
        people = one.model.score(test.bins, features)[test.label == 0]
        line = one.line(features, line_quantile(pattern))
        usual = usual_followers(frame, np.unique(test.dataset).tolist())
        wanted = (frame["label"] == 1) & (frame["source"] == one.fold.name) & frame["dataset"].isin(suspicious)
        bots = frame[wanted]
        raised = bots.assign(
            followers_count=bots["followers_count"].where(lambda count, at=usual: ~(count < at), usual)
        )
        before = one.model.score(bins_by_dataset(bots, recipe), features)
        bought = bins_by_dataset(raised, recipe)
        cheap = usual_bins(table.take(one.fold.train), cheap_features(features))
        for name, bins in ((BOUGHT, bought), (BOTH, disguise_all(bought, cheap))):
            measures = measure_steps(before, one.model.score(bins, features), people, line)
            found[name].append({"left_out": one.fold.name, "followers": usual, **measures})
    return found


def bins_by_dataset(frame: Any, recipe: Recipe) -> dict[str, Any]:
    """Cut accounts into bins set by set, as the committed table does; in the order of their sets."""
    parts = [
        rows_to_bins(pa.Table.from_pandas(rows, preserve_index=False), PLATFORM, recipe.features)
        for _, rows in frame.groupby("dataset", sort=True)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in recipe.features}


# --- Tables ----------------------------------------------------------------------------------------------------------


def evasion_lines(entry: Mapping[str, Any], bought: Mapping[str, Any] | str) -> Iterator[str]:
    """Yield the tables of evasion as Markdown."""
    yield "| left out | rec@1 % | rec@5 % | recall at the line | counted share of .20 | mean drop |"
    yield "|---|---|---|---|---|---|"
    for way in ("usual", "knowing"):
        for fold in entry["unseen"][way]["folds"]:
            yield _row(f"{fold['left_out']}, {way}", fold)
        yield _row(f"**mean, {way}**", entry["unseen"][way]["mean"])
    for way in ("usual", "knowing"):
        yield _row(f"**sources half seen, {way}**", entry["seen"][way])
    if not isinstance(bought, str):
        for name, folds in bought.items():
            for fold in folds:
                yield _row(f"{fold['left_out']}, {name} ({fold['followers']:.0f})", fold)
    yield ""
    yield "| cheap field, alone | lost rec@1 % | lost rec@5 % | lost at the line | mean drop |"
    yield "|---|---|---|---|---|"
    for one in sorted(entry["fields"], key=lambda one: -one["lost"]["recall_at_5"]):
        lost = " | ".join(f"{one['lost'][key]:+.3f}" for key in ("recall_at_1", "recall_at_5", "recall_at_line"))
        yield f"| {one['feature']} | {lost} | {one['mean_drop']:+.2f} |"


def _row(name: str, measures: Mapping[str, Any]) -> str:
    keys = ("recall_at_1", "recall_at_5", "recall_at_line", "counted_share")
    cells = " | ".join(f"{measures['before'][key]:.3f} -> {measures['after'][key]:.3f}" for key in keys)
    return f"| {name} | {cells} | {measures['mean_drop']:+.2f} |"


def absent_lines(entry: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the table of absent columns as Markdown."""
    yield "| absent | scored under | AUC (worst) | rec@5 % (worst) | AUC, all that is left (worst) | rec@5 % (worst) |"
    yield "|---|---|---|---|---|---|"
    for one in entry:
        cells = " | ".join(_pair(one[key]) for key in ("as_scored", "from_all"))
        yield f"| {one['absent']} | {one['pattern'] or 'not scored'} | {cells} |"


def _pair(figures: Mapping[str, float] | None) -> str:
    if figures is None:
        return "- | -"
    return " | ".join(f"{figures[name]:.3f} ({figures[f'worst_{name}']:.3f})" for name in ("auc", "recall_at_5"))


def main() -> None:
    recipe = next(one for one in RECIPES if one.platform == PLATFORM)
    table = read_bin_table().of_platform(PLATFORM, recipe.features)
    models = fit_loso(table, recipe)
    absent = absent_entry(table, recipe, models)
    print("\n".join(absent_lines(absent)) + "\n", flush=True)
    bought = buy_followers(table, recipe, models)
    pattern = PATTERNS[PLATFORM][0]
    features = features_of(pattern, recipe.features)
    line = set_thresholds(leave_out(table, recipe), features, line_quantile(pattern)).suspicious
    evasion = evasion_entry(table, recipe, models, line)
    print("\n".join(evasion_lines(evasion, bought)))
    if isinstance(bought, str):
        print(bought)
    RESULTS.mkdir(exist_ok=True)
    results = {"absent": absent, "bought_followers": bought, "evasion": evasion}
    (RESULTS / "evasion.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
