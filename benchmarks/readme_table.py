"""The table of the README, from one seeded command; an interrupted run goes on where it stopped.

    python benchmarks/readme_table.py [--runs 500] [--jobs 2] [--only PART] [--write]

Every figure is of accounts whose source the model did not see, or of simulated scores where the line says so. With
--write each part is put into README.md between its two marks; --only makes one part and leaves the others as they are.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import blocks_detection
import scoreboard
import share_in_domain
import share_labels
import share_new_audience
from blocks_judged import found_share, judged, mean_of
from blocks_runs import MAIN, Cell, run_cells
from botscan.scoring.yardsticks import RULE_SETS
from botscan.training.folds import LOSO_SOURCES
from botscan.wording import say
from protocol_blocks import MODELS, SHIPPED
from resumable import run_blocks

README = Path(__file__).resolve().parents[1] / "README.md"
IN_DOMAIN = {"auc_0.95": "known audience, simulated scores of AUC .95", "real": "known audience, real held-out scores"}
#: Rules of thumb that are shown beside the published sets.
N_RULES = 3
N_LABELS = 100
#: Viral bursts of the hardest histories.
EIGHT = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", choices=PARTS, help="make this part alone")
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    for name in (options.only,) if options.only else PARTS:
        table = "\n".join(PARTS[name](options.runs, options.jobs)) + "\n"
        print(table)
        if options.write:
            text = with_part(README.read_text(encoding="utf-8"), name, table)
            README.write_text(text, encoding="utf-8", newline="\n")


def with_part(text: str, name: str, table: str) -> str:
    """Return a text with one part between its marks replaced, and nothing else."""
    begin, end = (f"<!-- {name}: {mark} -->" for mark in ("begin", "end"))
    before, _, rest = text.partition(begin)
    old, found, after = rest.partition(end)
    if not found or begin in rest:
        raise SystemExit(f"README.md wants {begin} and {end}, each once")
    del old
    return f"{before}{begin}\n{table}{end}{after}"


def new_audiences(runs: int, jobs: int) -> Iterator[str]:
    found = share_new_audience.collect(min(runs, 100), jobs)
    bought = found["bought"]
    yield (
        "| organic share of a source never seen, without labels | answered | interval holds the truth, of answers "
        "| worst source | width |"
    )
    yield "|---|---|---|---|---|"
    sources = [one for name, one in found.items() if name not in ("bought", "all")]
    worst = min(one["coverage"] for one in sources)
    yield (
        f"| sources of bought or inauthentic followers: botscan | {bought['answered']:.0%} | {bought['coverage']:.1%} "
        f"| {worst:.1%} | {100 * bought['width']:.0f} points |"
    )
    yield (
        f"| the same without refusing lists beyond known people | {bought['answered_if_like_known']:.0%} "
        f"| {bought['coverage_if_like_known']:.1%} | - | {100 * bought['width_if_like_known']:.0f} points |"
    )
    naive = [one["coverage_in_domain"] for one in sources]
    yield (
        f"| the interval for a known audience, used here | 100% | {bought['coverage_in_domain']:.1%} "
        f"| {min(naive):.1%} | {100 * bought['width_in_domain']:.0f} points |"
    )
    yield (
        f"| always 40-95 %, on what botscan answers | - | {bought['coverage_constant']:.1%} | - "
        f"| {100 * bought['width_constant']:.0f} points |"
    )
    yield (
        f"| the narrowest constant interval that holds as often on what botscan answers | - | {bought['coverage']:.1%} "
        f"| - | {100 * bought['width_constant_equal']:.0f} points |"
    )


def shares(runs: int, jobs: int) -> Iterator[str]:
    yield (
        "| organic share, 2,000 accounts of known truth at hand | mean error | interval holds the truth "
        "| worst share | width |"
    )
    yield "|---|---|---|---|---|"
    for setting, title in IN_DOMAIN.items():
        blocks = [
            {"setting": setting, "share": share, "block": block}
            for share in share_in_domain.SHARES
            for block in range(runs // share_in_domain.BLOCK)
        ]
        records = run_blocks("share_in_domain", blocks, share_in_domain.run_block, jobs, share_in_domain.BEHIND)
        rows = np.array([row for record in records for row in record["result"]])
        truth = np.array([record["share"] for record in records for _ in record["result"]])
        held = (rows[:, 1] <= truth + 1e-9) & (truth - 1e-9 <= rows[:, 2])
        worst = min(held[truth == share].mean() for share in share_in_domain.SHARES)
        error = 100 * np.abs(rows - truth[:, None]).mean(axis=0)
        width = 100 * np.mean(rows[:, 2] - rows[:, 1])
        yield f"| {title}: botscan | {error[0]:.2f} points | {held.mean():.1%} | {worst:.1%} | {width:.1f} points |"
        yield f"| the same audiences: counting scores above a line | {error[3]:.2f} points | no interval | - | - |"


def labels(runs: int, jobs: int) -> Iterator[str]:
    records = share_labels.collect(runs, jobs)
    cells: dict[tuple[str, float], list[Any]] = {}
    for record in records:
        cells.setdefault((record["source"], record["share"]), []).extend(record["result"])
    index = share_labels.N_LABELS.index(N_LABELS)
    yield (
        f"| a source never seen, {N_LABELS} accounts labelled | mean error | interval holds the truth "
        "| worst source and share | width |"
    )
    yield "|---|---|---|---|---|"
    for method, title in enumerate(
        (
            "botscan: labels and scores",
            "the labels alone (Wilson)",
            "PPI++ with a normal interval",
            "botscan: stratified by score",
        )
    ):
        found = [share_labels.summary(np.array(cell)[:, index], share, method) for (_, share), cell in cells.items()]
        covered, width, error = np.mean(found, axis=0)
        worst = min(one[0] for one in found)
        yield f"| {title} | {100 * error:.2f} points | {covered:.1%} | {worst:.1%} | {100 * width:.1f} points |"


def accounts(_runs: int, jobs: int) -> Iterator[str]:
    results = scoreboard.collect(tuple(MODELS), jobs)
    yield from _ranking(results["twitter"])
    yield ""
    yield from _decisions(results)
    yield ""
    yield from _people(results)
    yield ""
    yield from _elsewhere(results["other platforms"])
    tried, rules = results["n_configurations_tried"], results["n_verdict_rules_tried"]
    yield (
        f"\n{tried} configurations and {rules} lines and sparing rules of botscan were tried on these folds; the other"
        " models were not tuned."
    )


def _ranking(twitter: dict[str, Any]) -> Iterator[str]:
    yield (
        "| ranking (Twitter): AUC mean / worst; found at 1 % / 5 % false alarms | a source never seen (LOSO-5) "
        "| nor its people (CROSS-45) | sources seen, new people (KNOWN-45) | one ratio as good |"
    )
    yield "|---|---|---|---|---|"
    for model, by_protocol in twitter.items():
        cells = []
        for figures in by_protocol.values():
            mean, worst = figures["mean"], figures["worst"]
            found = f"{mean['recall_at_1']:.0%} / {mean['recall_at_5']:.0%}"
            cells.append(f"{mean['auc']:.3f} / {worst['auc']:.3f}; {found}")
        n_cells = sum(len(figures["cells"]) for figures in by_protocol.values())
        below = sum(len(figures["below_ratio"]) for figures in by_protocol.values())
        told = "-" if model == scoreboard.FOLLOW_RATIO else f"{below} of {n_cells}"
        yield f"| {model} | {' | '.join(cells)} | {told} |"


def _decisions(results: dict[str, Any]) -> Iterator[str]:
    yield (
        "| deciding (Twitter, LOSO-5; each line set without the fold) | found, mean / worst "
        "| false alarms, mean / worst | MCC, mean / worst |"
    )
    yield "|---|---|---|---|"
    for model, by_protocol in results["twitter"].items():
        yield _decision(model, by_protocol["LOSO-5"])
    measured = _measured_rules(results["rules"])
    sets = [rule.name for rule in RULE_SETS if rule.name in measured]
    asks_for_posts = {rule.name for rule in RULE_SETS if rule.lacks}
    rules = [name for name in measured if name not in sets]
    for name in (*rules[:N_RULES], *sets):
        # No follower list holds posts: an account without an answer is not flagged, and the rates are lower bounds.
        mark = " (posts unknown)" if name in asks_for_posts else ""
        yield _decision(f"rule: {say(f'yardstick_{name}')}{mark}", measured[name])


def _measured_rules(rules: dict[str, Any]) -> dict[str, Any]:
    """Return the rules that could be measured on every fold, the best first."""
    measured = [(name, one) for name, one in rules.items() if len(one.get("cells", ())) == len(LOSO_SOURCES)]
    return dict(sorted(measured, key=lambda pair: -pair[1]["mean"]["mcc"]))


def _decision(title: str, figures: dict[str, Any]) -> str:
    mean, worst = figures["mean"], figures["worst"]
    found, alarms = (
        f"{mean[name]:{digits}%} / {worst[name]:{digits}%}"
        for name, digits in (("true_positive_rate", ".0"), ("false_positive_rate", ".1"))
    )
    return f"| {title} | {found} | {alarms} | {mean['mcc']:.2f} / {worst['mcc']:.2f} |"


def _people(results: dict[str, Any]) -> Iterator[str]:
    name, best = next(iter(_measured_rules(results["rules"]).items()))
    yield (
        "| false alarms among people left out (the line alone) | accounts | at the shipped line "
        f"| at a line set without them | rule: {say(f'yardstick_{name}')} |"
    )
    yield "|---|---|---|---|---|"
    for one in results["people"][scoreboard.FULL]["sources"]:
        rate = best["people"].get(one["source"])
        by_rule = "-" if rate is None else f"{rate:.1%}"
        yield f"| {one['source']} | {one['n']:,} | {one['shipped']:.1%} | {one['nested']:.1%} | {by_rule} |"


def _elsewhere(by_model: dict[str, Any]) -> Iterator[str]:
    yield f"| other platforms: AUC | {' | '.join(by_model)} |"
    yield "|---" * (len(by_model) + 1) + "|"
    for platform, sources in by_model[SHIPPED].items():
        for source in sources:
            found = [one[platform][source] for one in by_model.values()]
            cells = ("skipped" if isinstance(one, str) else f"{one['auc']:.3f}" for one in found)
            yield f"| {platform}: {source.replace('_', ' ')} | {' | '.join(cells)} |"


def blocks(_runs: int, jobs: int) -> Iterator[str]:
    """Purchases found among eight viral bursts, and blocks of lists without any purchase."""
    wanted = [row for row in blocks_detection.rows() if row.goal or "aged" in row.title]
    clean = Cell(n_viral=EIGHT)
    records = run_cells(
        [(replace(row.cell, n_viral=EIGHT), row.seeds) for row in wanted] + [(clean, 2 * blocks_detection.GOAL_SEEDS)],
        jobs,
    )
    yield "| 20,000 followers, eight viral posts; sellers never seen; scores and dates | found | bound / bought |"
    yield "|---|---|---|"
    for row, found in zip(wanted, records[:-1], strict=True):
        those = judged(found, MAIN)
        yield f"| {row.title} of the list | {found_share(those)} | {mean_of([one.bound_share for one in those])} |"
    those = judged(records[-1], MAIN)
    n_any = sum(one.n_blocks > 0 for one in those)
    yield f"| nothing bought | a block in {n_any} of {len(those)} lists | - |"


PARTS = {"new_audiences": new_audiences, "shares": shares, "labels": labels, "accounts": accounts, "blocks": blocks}


if __name__ == "__main__":
    main()
