"""Which purchases are found, how much of them, and how exactly: seeded histories, by scenario, evidence and seller."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from blocks_judged import Judged, edges, found_share, judged, mean_of, percent, share
from blocks_runs import BOUGHT, EVIDENCE, MAIN, Cell, run_cells

VIRAL = (0, 3, 8)
SIZES = (0.005, 0.01, 0.02, 0.05)
#: Seeds of the rows that the goals speak of, and of the others.
GOAL_SEEDS, OTHER_SEEDS = 200, 40
#: A purchase that is found less often is named as such.
SELDOM = 0.8
#: Shares of bought accounts among all that came from the first to the last of them: the thinner, the harder.
DENSITIES = (0.0, 0.05, 0.1, 0.2, 0.4, 1.0)


class Row(NamedTuple):
    """One scenario, at several numbers of viral bursts."""

    title: str
    cell: Cell
    viral: tuple[int, ...]
    seeds: int
    goal: float = 0.0

    def cells(self) -> list[tuple[Cell, int]]:
        return [(replace(self.cell, n_viral=n_viral), self.seeds) for n_viral in self.viral]


def rows() -> list[Row]:
    """Return all scenarios; goals are those of the project."""
    found = []
    for days, name in ((2.0, "2-day burst"), (30.0, "30-day drip"), (90.0, "90-day drip")):
        for size in SIZES:
            goal = {(2.0, 0.01): 0.95, (90.0, 0.02): 0.95, (90.0, 0.01): 0.8}.get((days, size), 0.0)
            seeds = GOAL_SEEDS if goal else OTHER_SEEDS
            found.append(Row(f"{name}, {percent(size)}", Cell(size, days), VIRAL, seeds, goal))
    some = (VIRAL[0], VIRAL[-1])
    for days, name in ((2.0, "2-day burst"), (90.0, "90-day drip")):
        for size in SIZES[1:]:
            cell = Cell(size, days, kind="aged")
            found.append(Row(f"aged accounts, {name}, {percent(size)}", cell, some, OTHER_SEEDS))
    for days, name in ((2.0, "2-day burst"), (90.0, "90-day drip")):
        for size in SIZES[1:3]:
            cell = Cell(size, days, kind="fresh")
            found.append(Row(f"fresh accounts, {name}, {percent(size)}", cell, some, OTHER_SEEDS))
    for days, name in ((2.0, "2-day burst"), (90.0, "90-day drip")):
        for size in SIZES[1:3]:
            cell = Cell(size, days, visible=False)
            found.append(Row(f"unseen by the scorer, {name}, {percent(size)}", cell, some, OTHER_SEEDS))
    return found


Found = list[tuple[Row, dict[int, list[dict[str, Any]]]]]


def run_rows(chosen: Sequence[Row], jobs: int) -> Found:
    """Return for each row the records by number of viral bursts."""
    records = iter(run_cells([cell for row in chosen for cell in row.cells()], jobs))
    return [(row, {n_viral: next(records) for n_viral in row.viral}) for row in chosen]


def tables(scale: float, jobs: int) -> Iterator[str]:
    """Yield the lines of all tables, as Markdown; `scale` is the share of the seeds to run."""
    chosen = [row._replace(seeds=max(1, round(row.seeds * scale))) for row in rows()]
    found = run_rows(chosen, jobs)
    yield f"**{MAIN}, without handles**"
    yield ""
    yield from main_table(found)
    yield ""
    yield from goals(found)
    yield from seldom(found)
    yield ""
    yield "**By kind of evidence**: purchases found, all numbers of viral bursts together; the last rows are of all"
    yield "these histories."
    yield ""
    yield from by_evidence(found)
    yield ""
    yield f"**By seller** ({MAIN}): purchases found. The accounts of a seller are real; the model that scored them saw"
    yield "neither the seller nor the people beside them."
    yield ""
    yield from by_source(found)
    yield ""
    yield f"**By density** ({MAIN}): drips of batch accounts, by the share of bought accounts among all that came from"
    yield "the first of them to the last."
    yield ""
    yield from by_density(found)
    yield ""
    yield from refused(found)


def main_table(found: Found) -> Iterator[str]:
    titles = [f"found: {n_viral} viral" for n_viral in VIRAL]
    titles += ["bound / bought", "bound too high", "edge, ranks (of the delivery)", "false blocks"]
    yield f"| bought | histories | {' | '.join(titles)} |"
    yield "|---" * (2 + len(titles)) + "|"
    for row, records in found:
        cells = [row.title, f"{sum(map(len, records.values())):,}"]
        cells += [found_share(judged(records[n_viral], MAIN)) if n_viral in records else "-" for n_viral in VIRAL]
        those = pooled(records, MAIN)
        hits = [one for one in those if one.is_found]
        cells += [
            mean_of([one.bound_share for one in those]),
            share([one.is_too_high for one in hits]),
            edges(those),
            mean_of([one.n_false for one in those], 3),
        ]
        yield f"| {' | '.join(cells)} |"


def pooled(records: dict[int, list[dict[str, Any]]], evidence: str) -> list[Judged]:
    return [one for part in records.values() for one in judged(part, evidence)]


def goals(found: Found) -> Iterator[str]:
    """Yield what the goals are and whether they are reached, the worst number of viral bursts counting."""
    for row, records in found:
        if not row.goal:
            continue
        by_viral = {n_viral: judged(part, MAIN) for n_viral, part in records.items()}
        worst = min(by_viral, key=lambda n_viral: sum(one.is_found for one in by_viral[n_viral]))
        those = by_viral[worst]
        is_reached = sum(one.is_found for one in those) >= row.goal * len(those)
        told = "reached" if is_reached else "**falls short**"
        yield f"- Goal for a {row.title}: {percent(row.goal)} found. {told}; worst with {worst} viral bursts:"
        yield f"  {found_share(those)} of {len(those)}."


def seldom(found: Found) -> Iterator[str]:
    """Yield which purchases are found too seldom to rely on."""
    told = []
    for row, records in found:
        shares = {n: np.mean([one.is_found for one in judged(part, MAIN)]) for n, part in records.items()}
        few = [f"{percent(float(part))} with {n}" for n, part in shares.items() if part < SELDOM]
        if few:
            told.append(f"{row.title} ({', '.join(few)})")
    if told:
        yield f"- Found in fewer than {percent(SELDOM)}, by number of viral bursts: {'; '.join(told)}."


def by_evidence(found: Found) -> Iterator[str]:
    yield f"| bought | {' | '.join(EVIDENCE)} |"
    yield "|---" * (1 + len(EVIDENCE)) + "|"
    for row, records in found:
        yield f"| {row.title} | {' | '.join(found_share(pooled(records, name)) for name in EVIDENCE)} |"
    for title, of in (
        ("*false blocks a history*", lambda those: mean_of([one.n_false for one in those], 3)),
        ("*bound above the bought, of those found*", lambda those: share([o.is_too_high for o in those if o.is_found])),
        ("*bound / bought, of those found*", lambda those: mean_of([one.bound_share for one in those])),
    ):
        cells = [of([one for _, records in found for one in pooled(records, name)]) for name in EVIDENCE]
        yield f"| {title} | {' | '.join(cells)} |"


def by_source(found: Found) -> Iterator[str]:
    yield f"| bought | {' | '.join(BOUGHT)} |"
    yield "|---" * (1 + len(BOUGHT)) + "|"
    for row, records in found:
        if not row.cell.visible:
            continue
        cells = []
        for source in BOUGHT:
            of_source = {key: [one for one in part if one["source"] == source] for key, part in records.items()}
            those = pooled(of_source, MAIN)
            cells.append(
                f"{percent(sum(one.is_found for one in those) / len(those))} of {len(those)}" if those else "-"
            )
        yield f"| {row.title} | {' | '.join(cells)} |"


def by_density(found: Found) -> Iterator[str]:
    records = [
        record
        for row, parts in found
        if row.cell.spread_days > 2 and row.cell.kind == "batch" and row.cell.visible
        for part in parts.values()
        for record in part
    ]
    yield "| bought among those who came | histories | found | bound / bought | bound too high | edge, ranks |"
    yield "|---|---|---|---|---|---|"
    for low, high in pairwise(DENSITIES):
        some = [one for one in records if low <= one["n_bought"] / (one["last"] - one["first"] + 1) < high]
        those = judged(some, MAIN)
        cells = [
            found_share(those),
            mean_of([one.bound_share for one in those]),
            share([one.is_too_high for one in those if one.is_found]),
            edges(those),
        ]
        yield f"| {percent(low)} to {percent(high)} | {len(those):,} | {' | '.join(cells)} |"


def refused(found: Found) -> Iterator[str]:
    orders = [record["order"] for _, parts in found for part in parts.values() for record in part]
    n_refused = sum(order in {"seems_reversed", "not_by_time"} for order in orders)
    yield f"Of these {len(orders):,} lists `find_follow_blocks` would take {n_refused:,} for lists that do not stand in"
    yield "follow order. The figures are of the search behind it, which asks no such question."
