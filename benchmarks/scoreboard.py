"""The scoreboard: the shipped recipe beside baselines, ratios and rules of thumb, on accounts that were left out.

    python benchmarks/scoreboard.py            every model (half an hour on one core; goes on where it stopped)
    python benchmarks/scoreboard.py --quick    the shipped recipe and the two ratios (about ten minutes)

Three protocols on Twitter, refitted for every fold from the committed bins; Instagram, TikTok and transfer apart.
Figures of random cross-validation are not among them. Writes benchmarks/results/scoreboard.json.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import numpy as np

from botscan.scoring.patterns import PATTERNS
from botscan.scoring.rule_figures import read_rule_figures
from botscan.scoring.yardsticks import YARDSTICKS
from botscan.training.baselines import METADATA_ABSENT, METADATA_FEATURES
from botscan.training.bin_table import read_bin_table
from botscan.training.folds import BORROWED_PEOPLE, LOSO_SOURCES
from botscan.training.protocols import PROTOCOLS, Cell, below_ratio, ordered
from botscan.training.recipes import N_CONFIGURATIONS_TRIED, N_VERDICT_RULES_TRIED, SEED
from botscan.training.scoreboard import PeopleScores, Ranking, shipped_line, summarise
from botscan.training.sources import source_of
from protocol_blocks import ELSEWHERE, FOLLOW_RATIO, MODELS, PEOPLE, QUICK, SHIPPED, run_models
from resumable import RESULTS

FULL = PATTERNS["twitter"][0].name
RANKING = {"AUC": "auc", "AP": "average_precision", "rec@1%": "recall_at_1", "rec@5%": "recall_at_5"}
DECISION = {"TPR": "true_positive_rate", "FPR": "false_positive_rate", "MCC": "mcc"}


def collect(models: Sequence[str], jobs: int) -> dict[str, Any]:
    """Return everything that is measured, as plain data."""
    blocks = run_models(models, jobs)
    twitter = {model: {protocol: measured(blocks, model, protocol) for protocol in PROTOCOLS} for model in models}
    for by_protocol in twitter.values():
        for protocol, figures in by_protocol.items():
            ratio = _as_cells(twitter[FOLLOW_RATIO][protocol]["cells"])
            figures["below_ratio"] = [asdict(one) for one in below_ratio(_as_cells(figures["cells"]), ratio)]
    return {
        "random_state": SEED,
        "n_configurations_tried": N_CONFIGURATIONS_TRIED,
        "n_verdict_rules_tried": N_VERDICT_RULES_TRIED,
        "training_table_sha256": read_bin_table().sha256,
        "library_versions": {name: version(name) for name in ("numpy", "scikit-learn", "scipy")},
        "ratio": FOLLOW_RATIO,
        "metadata_features": {"used": list(METADATA_FEATURES), "absent": list(METADATA_ABSENT)},
        "twitter": twitter,
        "columns absent": {
            pattern.name: measured(blocks, SHIPPED, "LOSO-5", pattern.name) for pattern in PATTERNS["twitter"]
        },
        "people": {pattern.name: people(blocks[SHIPPED, PEOPLE], pattern.name) for pattern in PATTERNS["twitter"]},
        "rules": dict(rules()),
        "other platforms": {model: blocks[model, ELSEWHERE][0] for model in models},
    }


def measured(blocks: Mapping[Any, Any], model: str, protocol: str, pattern: str = FULL) -> dict[str, Any]:
    """Return cells, parts of two sources, mean and worst of one model under one protocol."""
    found = [block[pattern] if protocol == "LOSO-5" else block for block in blocks[model, protocol]]
    cells, parts = (_in_order([cell for block in found for cell in block[kind]]) for kind in ("cells", "parts"))
    by_part: dict[str, list[Any]] = {}
    for part in parts:
        by_part.setdefault(part["suspicious"], []).append(part)
    return {
        "cells": cells,
        **summarise(cells),
        "parts": {name: {"n_cells": len(some), **summarise(some)} for name, some in by_part.items()},
    }


def _in_order(cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    by_key = {(cell["suspicious"], cell["people"]): cell for cell in cells}
    return [by_key[cell.suspicious, cell.people] for cell in ordered(_as_cells(cells))]


def _as_cells(cells: Sequence[Mapping[str, Any]]) -> list[Cell]:
    names = Ranking.__dataclass_fields__
    return [Cell(cell["suspicious"], cell["people"], Ranking(**{name: cell[name] for name in names})) for cell in cells]


def people(blocks: Sequence[Mapping[str, Any]], pattern: str) -> dict[str, Any]:
    """Return false alarms of every source of people: at the shipped line, and at a line set without them."""
    saved = [block[pattern] for block in blocks]
    found = [PeopleScores(**{**one, "steps": np.array(one["steps"], dtype=np.int32)}) for one in saved]
    line = shipped_line(found)
    return {
        "shipped_line_steps": line,
        "sources": [{**one.measure(line), "nested_line_steps": one.nested_line} for one in found],
    }


def rules() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each rule of thumb and published set on the five folds of LOSO-5, from what benchmarks/rules.py measured.

    Rules learn nothing, so leaving out changes nothing for them. They say yes or no: there is nothing to rank.
    """
    figures = read_rule_figures()
    sizes = figures["sources"]
    for rule in YARDSTICKS:
        entry = figures["rules"].get(rule.name, {"not_measured": "not in the file of figures"})
        if "not_measured" in entry:
            yield rule.name, {"not_measured": entry["not_measured"]}
            continue
        cells = []
        for source in LOSO_SOURCES:
            lender = source_of(BORROWED_PEOPLE.get(source, source))
            found, alarms = entry["recall"]["by_source"].get(source), entry["false_alarm_rate"]["by_source"].get(lender)
            if found is not None and alarms is not None:
                mcc = matthews(found, alarms, sizes["suspicious"][source], sizes["organic"][lender])
                figures_of_fold = {"true_positive_rate": found, "false_positive_rate": alarms, "mcc": mcc}
                cells.append({"suspicious": source, "people": lender, **figures_of_fold})
        people = {**entry["false_alarm_rate"]["by_source"], **entry["guard_false_alarm_rate"]["by_source"]}
        yield (
            rule.name,
            {"cells": cells, **(summarise(cells) if cells else {}), "people": people, "lacks": entry["lacks"]},
        )


def matthews(found: float, alarms: float, n_suspicious: int, n_organic: int) -> float:
    """Return the correlation of a decision with the truth from its rates; 0 where it flags all or nobody.

    Examples
    --------
    >>> matthews(1.0, 0.0, 10, 90), matthews(0.5, 0.5, 10, 90)
    (1.0, 0.0)
    """
    share = n_suspicious / (n_suspicious + n_organic)
    flagged = share * found + (1 - share) * alarms
    spread = share * (1 - share) * flagged * (1 - flagged)
    return float((found - alarms) * share * (1 - share) / spread**0.5) if spread > 0 else 0.0


def show(results: Mapping[str, Any]) -> Iterator[str]:
    """Yield the tables in words."""
    yield from _twitter_lines(results["twitter"])
    yield f"\ncells in which {results['ratio']} ranks at least as well (AUC of the model, of the ratio)"
    for model, by_protocol in results["twitter"].items():
        for protocol, figures in by_protocol.items():
            below = figures["below_ratio"]
            if model != results["ratio"]:
                yield f"  {model}, {protocol}: {len(below)} of {len(figures['cells'])}"
            if model == SHIPPED:
                yield from (
                    f"    {c['suspicious']} | {c['people']}: {c['auc']:.3f} {c['ratio_auc']:.3f}" for c in below
                )
    yield "\nbotscan, LOSO-5 with columns absent"
    yield _head((*RANKING, *DECISION))
    for name, figures in results["columns absent"].items():
        yield from _mean_and_worst(name, figures, {**RANKING, **DECISION})
    for name, found in results["people"].items():
        yield f"\nfalse alarms of people left out, {name}: shipped line ({found['shipped_line_steps']} steps), nested"
        for one in found["sources"]:
            yield f"  {one['source']:44} {one['n']:6} {one['shipped']:7.3f} {one['nested']:7.3f}"
    yield "\nrules of thumb on the folds of LOSO-5: mean (worst) of recall, false alarms, MCC; folds measured"
    for name, figures in results["rules"].items():
        if figures.get("cells"):
            told = (f"{figures['mean'][f]:.3f} ({figures['worst'][f]:.3f})" for f in DECISION.values())
            yield f"  {name:44} {' '.join(told)} {len(figures['cells'])}"
        else:
            yield f"  {name:44} not measured: {figures.get('not_measured', 'no source knows what it looks at')}"
    yield from _elsewhere_lines(results["other platforms"])
    tried, rules_tried = results["n_configurations_tried"], results["n_verdict_rules_tried"]
    yield f"\n{tried} configurations and {rules_tried} lines and sparing rules were tried before this one."


def _twitter_lines(twitter: Mapping[str, Any]) -> Iterator[str]:
    for protocol in PROTOCOLS:
        columns = {**RANKING, **DECISION} if protocol == "LOSO-5" else RANKING
        yield f"\n{protocol}: mean, worst"
        yield _head(columns)
        for model, by_protocol in twitter.items():
            yield from _mean_and_worst(model, by_protocol[protocol], columns)
        yield f"\n{SHIPPED}, {protocol}, every cell"
        yield _head(columns)
        for cell in twitter[SHIPPED][protocol]["cells"]:
            yield _line(f"{cell['suspicious']} | {cell['people']}", cell, columns)
        yield f"\n{SHIPPED}, {protocol}, campaigns of two sources apart: mean, worst over cells"
        for name, figures in twitter[SHIPPED][protocol]["parts"].items():
            yield from _mean_and_worst(name, figures, columns)


def _elsewhere_lines(by_model: Mapping[str, Any]) -> Iterator[str]:
    yield "\nother platforms, left out: AUC, rec@1%, rec@5%"
    for platform, sources in next(iter(by_model.values())).items():
        for source in sources:
            yield f"  {platform}: {source}"
            for model, found in by_model.items():
                one = found[platform][source]
                figures = ("auc", "recall_at_1", "recall_at_5")
                told = one if isinstance(one, str) else " ".join(f"{one[name]:7.3f}" for name in figures)
                yield f"    {model:44} {told}"


def _head(columns: Sequence[str]) -> str:
    return f"  {'':46} " + " ".join(f"{name:>7}" for name in columns)


def _mean_and_worst(title: str, figures: Mapping[str, Any], columns: Mapping[str, str]) -> Iterator[str]:
    yield _line(title, figures["mean"], columns)
    yield _line("  worst", figures["worst"], columns)


def _line(title: str, figures: Mapping[str, float], columns: Mapping[str, str]) -> str:
    return f"  {title:46} " + " ".join(f"{figures[name]:7.3f}" for name in columns.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the shipped recipe and the two ratios only")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    results = collect(QUICK if options.quick else tuple(MODELS), options.jobs)
    for line in show(results):
        print(line)
    (RESULTS / "scoreboard.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
