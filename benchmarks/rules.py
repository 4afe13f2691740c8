"""What rules of thumb and published rule sets do on labelled Twitter accounts, source by source.

    python benchmarks/rules.py           print the table
    python benchmarks/rules.py --write   and put the figures beside the rules (src/botscan/scoring/rule_figures.json)

Needs the data folder (BOTSCAN_DATA, default ../shared/data). Only shares and counts are printed and written. An unknown
answer flags nobody. Precision is that of equally many accounts of both kinds. A place that is known to be empty counts
as known here; a list that was read does not tell it from an unknown one.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from botscan.accounts.records import make_records
from botscan.accounts.settings import CellSettings
from botscan.features.columns import Columns
from botscan.schema import ACCOUNT_COLUMN
from botscan.scoring.canonical_json import to_canonical_json
from botscan.scoring.rule_figures import FIGURES_FILE
from botscan.scoring.rule_sets import judge
from botscan.scoring.yardsticks import ALL_RULES, YARDSTICKS
from botscan.training.bin_table import data_folder, labelled_frame
from botscan.training.sources import training_sets
from botscan.writing import write_file

PLATFORM = "twitter"
VERSION = 1
DIGITS = 4
#: A source counts for a rule that has checked something of at least this share of its accounts.
FEWEST_CHECKED = 0.5
KINDS = ("suspicious", "organic", "guard")
#: The accounts on which Cresci et al. 2015 tried the sets.
CRESCI_2015 = "cresci-2015"
RULES = tuple({rule.name: rule for rule in (*YARDSTICKS, *ALL_RULES)}.values())

#: kind -> source -> table of its accounts.
Sources = Mapping[str, Mapping[str, Sequence[pa.Table]]]


def sources() -> tuple[Sources, str]:
    """Return the accounts of every source by kind, and the latest day on which one was seen."""
    frame = labelled_frame(data_folder(), PLATFORM)
    found: dict[str, dict[str, list[pa.Table]]] = {kind: {} for kind in KINDS}
    latest = ""
    for item in training_sets(PLATFORM):
        for label, use in ((1, item.suspicious), (0, item.organic)):
            rows = frame[(frame["dataset"] == item.dataset) & (frame["label"] == label)]
            if use == "no" or rows.empty:
                continue
            kind = "suspicious" if label else "organic" if use == "train" else "guard"
            table = as_read(pa.Table.from_pandas(rows, preserve_index=False))
            found[kind].setdefault(item.source, []).append(table)
            latest = max(latest, str(rows["observed_at"].max().date()))
    return found, latest


def as_read(raw: pa.Table) -> pa.Table:
    """Return accounts in canonical columns, as a list of them is read, but with empty places kept."""
    known = [name for name in raw.column_names if name in ACCOUNT_COLUMN and raw[name].null_count < raw.num_rows]
    read = make_records(
        raw.select(known), row_numbers=np.arange(1, raw.num_rows + 1), settings=CellSettings(platform=PLATFORM)
    ).table
    if "location" in known and read.num_rows == raw.num_rows:
        place = raw["location"].cast(pa.large_string())
        read = read.set_column(read.column_names.index("location"), "location", place)
    return read


def measure(accounts: Sources, rules: Sequence[Any] = RULES) -> dict[str, Any]:
    """Return the entry of every rule."""
    counts = {
        kind: {source: _counted(tables, rules) for source, tables in by_source.items()}
        for kind, by_source in accounts.items()
    }
    return {
        rule.name: {
            **_entry({kind: {source: c[index] for source, c in counts[kind].items()} for kind in KINDS}),
            "lacks": list(rule.lacks),
        }
        for index, rule in enumerate(rules)
    }


def _counted(tables: Sequence[pa.Table], rules: Sequence[Any]) -> np.ndarray:
    """Count accounts, flagged ones, checked ones and unknown ones per rule; shape (n_rules, 4)."""
    total = np.zeros((len(rules), 4), dtype=np.int64)
    for table in tables:
        columns = Columns(table)
        for index, rule in enumerate(rules):
            judged = judge(rule, columns)
            total[index] += (
                table.num_rows,
                int((judged.flagged == 1).sum()),
                int((judged.n_checked > 0).sum()),
                int(np.isnan(judged.flagged).sum()),
            )
    return total


def _entry(counts: Mapping[str, Mapping[str, np.ndarray]]) -> dict[str, Any]:
    """Return the figures of one rule from its counts by kind and source."""
    used = {
        kind: {source: c for source, c in by_source.items() if c[2] >= FEWEST_CHECKED * c[0]}
        for kind, by_source in counts.items()
    }
    unknown = {kind: _rounded(_share(by_source, 3)) for kind, by_source in counts.items()}
    for kind in ("suspicious", "organic"):
        if not used[kind]:
            reason = f"what it looks at is not known for half of any source of {kind} accounts"
            return {"not_measured": reason, "unknown_share": unknown}
    recall, alarms, guard = (_rates(used[kind], highest=kind != "suspicious") for kind in KINDS)
    left_out = sorted({source for kind in KINDS for source in counts[kind] if source not in used[kind]})
    entry = {
        "recall": recall,
        "false_alarm_rate": alarms,
        "guard_false_alarm_rate": guard,
        "precision": {
            "mean": _balanced_precision(recall["mean"], alarms["mean"]),
            "worst": _balanced_precision(recall["worst"], alarms["worst"]),
        },
        "unknown_share": unknown,
        "left_out": left_out,
    }
    if CRESCI_2015 in used["suspicious"] and CRESCI_2015 in used["organic"]:
        entry["on_cresci_2015"] = _balanced(recall["by_source"][CRESCI_2015], alarms["by_source"][CRESCI_2015])
    return entry


def _share(by_source: Mapping[str, np.ndarray], column: int) -> float:
    return float(sum(c[column] for c in by_source.values()) / max(1, sum(c[0] for c in by_source.values())))


def _rates(by_source: Mapping[str, np.ndarray], *, highest: bool) -> dict[str, Any]:
    rates = {source: float(c[1] / c[0]) for source, c in sorted(by_source.items())}
    if not rates:
        return {"mean": None, "worst": None, "by_source": {}}
    worst = (max if highest else min)(rates.values())
    return {
        "mean": _rounded(sum(rates.values()) / len(rates)),
        "worst": _rounded(worst),
        "by_source": {source: _rounded(rate) for source, rate in rates.items()},
    }


def _balanced_precision(recall: float, alarms: float) -> float | None:
    return _rounded(recall / (recall + alarms)) if recall + alarms else None


def _balanced(recall: float, alarms: float) -> dict[str, float | None]:
    """Return the figures of a table of equally many accounts of both kinds."""
    spread = (recall + alarms) * (2 - recall - alarms)
    return {
        "accuracy": _rounded((recall + 1 - alarms) / 2),
        "mcc": _rounded((recall - alarms) / spread**0.5) if spread else None,
        "precision": _balanced_precision(recall, alarms),
        "recall": recall,
    }


def _rounded(value: float) -> float:
    return round(value, DIGITS)


def content(accounts: Sources, latest: str) -> dict[str, Any]:
    """Return everything that the file of figures holds."""
    sizes = {
        kind: {source: sum(table.num_rows for table in tables) for source, tables in sorted(by_source.items())}
        for kind, by_source in accounts.items()
    }
    return {
        "version": VERSION,
        "platform": PLATFORM,
        "data_until": latest,
        "classes": "balanced: precision is that of equally many accounts of both kinds, every source counted alike",
        "unknown": "flags nobody",
        "n_suspicious": sum(sizes["suspicious"].values()),
        "n_organic": sum(sizes["organic"].values()),
        "n_guard": sum(sizes["guard"].values()),
        "sources": sizes,
        "rules": measure(accounts),
    }


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the table in words."""
    sizes = (found[f"n_{kind}"] for kind in KINDS)
    yield "{:,} bought or inauthentic, {:,} ordinary, {:,} other people".format(*sizes)
    yield _line("rule", ("prec", "worst", "recall", "worst", "alarms", "worst", "guard", "?susp", "?org"))
    for name, entry in found["rules"].items():
        if "not_measured" in entry:
            yield f"{name:30} not measured: {entry['not_measured']}"
            continue
        rates = [entry[key] for key in ("precision", "recall", "false_alarm_rate")]
        figures = [rate[figure] for rate in rates for figure in ("mean", "worst")]
        figures += [entry["guard_false_alarm_rate"]["mean"]]
        yield _line(name, [*figures, entry["unknown_share"]["suspicious"], entry["unknown_share"]["organic"]])
    yield "on the accounts of Cresci et al. 2015, both kinds equally many"
    shown = ("accuracy", "precision", "recall", "mcc")
    yield _line("rule", shown)
    for name, entry in found["rules"].items():
        if "on_cresci_2015" in entry:
            yield _line(name, [entry["on_cresci_2015"][key] for key in shown])


def _line(title: str, cells: Sequence[Any]) -> str:
    told = ("-" if cell is None else cell if isinstance(cell, str) else f"{cell:.3f}" for cell in cells)
    return f"{title:30} " + " ".join(f"{cell:>9}" for cell in told)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the file of figures")
    write = parser.parse_args().write
    try:
        accounts, latest = sources()
    except FileNotFoundError:
        print(f"skipped: {data_folder()} is not here (set BOTSCAN_DATA)")
        return
    found = content(accounts, latest)
    for line in lines(found):
        print(line)
    if write:
        write_file(FIGURES_FILE, to_canonical_json(found).encode())


if __name__ == "__main__":
    main()
