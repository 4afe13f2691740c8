"""Lists in which nothing was bought: how often a block is found all the same; and what each piece is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import blocks_real
from blocks_changes import PIECES, WORLDS, changed
from blocks_judged import Judged, found_share, judged, mean_of, most, percent, share
from blocks_runs import DATES, EVIDENCE, MAIN, Cell, run_cells

#: Seeds of the row that the goal speaks of, of the other clean lists, of changed searches and worlds.
GOAL_SEEDS, OTHER_SEEDS, CHANGED_SEEDS = 400, 100, 40
#: False blocks a clean history with eight viral bursts, at most.
GOAL = 0.1
#: (viral bursts, how much more suspicious their crowds are); none of a burst has no tilt.
CLEAN = ((0, 0.3), (3, 0.0), (3, 0.1), (3, 0.3), (8, 0.0), (8, 0.1), (8, 0.3), (8, 0.5))
#: The goal's row.
HARDEST = (8, 0.3)
OTHER_SIZES = {1_000: 200, 5_000: 200, 100_000: 12}


def tables(scale: float, jobs: int) -> Iterator[str]:
    yield from clean_table(scale, jobs)
    yield ""
    yield from size_table(scale, jobs)


def scaled(seeds: int, scale: float) -> int:
    return max(1, round(seeds * scale))


def any_block(those: Sequence[Judged]) -> list[bool]:
    return [one.n_blocks > 0 for one in those]


def clean_table(scale: float, jobs: int) -> Iterator[str]:
    seeds = [scaled(GOAL_SEEDS if one == HARDEST else OTHER_SEEDS, scale) for one in CLEAN]
    cells = [(Cell(n_viral=n_viral, viral_tilt=tilt), n) for (n_viral, tilt), n in zip(CLEAN, seeds, strict=True)]
    found = dict(zip(CLEAN, run_cells(cells, jobs), strict=True))
    yield "**Lists with any block, and blocks a list**: 20,000 followers and the viral bursts"
    yield ""
    yield f"| viral bursts | tilt | histories | {' | '.join(EVIDENCE)} |"
    yield "|---" * (3 + len(EVIDENCE)) + "|"
    for (n_viral, tilt), records in found.items():
        cells_ = [any_and_mean(records, name) for name in EVIDENCE]
        shown = f"{tilt:g}" if n_viral else "-"
        yield f"| {n_viral} | {shown} | {len(records)} | {' | '.join(cells_)} |"
    yield ""
    yield bound_in_words({len(records) for records in found.values()})
    yield ""
    those = judged(found[HARDEST], MAIN)
    blocks = sum(one.n_blocks for one in those) / len(those)
    told = "reached" if blocks <= GOAL else "**falls short**"
    yield f"- Goal with eight viral bursts: at most {GOAL} false blocks a clean history. {told}: {blocks:.3f} in"
    yield f"  {len(those)} histories ({MAIN}, tilt {HARDEST[1]})."
    for (n_viral, tilt), records in found.items():
        n_any = sum(any_block(judged(records, MAIN)))
        if n_any > most(len(records)):
            yield f"- **Falls short** with {n_viral} viral bursts of tilt {tilt:g}: more than 5 % of lists, {n_any} of"
            yield f"  {len(records)}, have a block. So suspicious a crowd is not granted to be organic (`score_tilt`)."


def any_and_mean(records: Sequence[dict[str, Any]], evidence: str) -> str:
    those = judged(records, evidence)
    return f"{share(any_block(those))}, {mean_of([one.n_blocks for one in those], 3)}"


def bound_in_words(sizes: set[int]) -> str:
    told = ", ".join(f"{percent(most(n) / n)} of {n}" for n in sorted(sizes))
    return f"If a block came up in 5 % of clean lists, at most {told} would have one, 999 times of 1,000."


def size_table(scale: float, jobs: int) -> Iterator[str]:
    sizes = {n: scaled(seeds, scale) for n, seeds in OTHER_SIZES.items()}
    kinds = (Cell(evidence=(MAIN,)), Cell(n_viral=8, evidence=(MAIN,)), Cell(0.02, evidence=(MAIN,)))
    cells = [(Cell(**{**vars(kind), "n": n}), seeds) for n, seeds in sizes.items() for kind in kinds]
    records = iter(run_cells(cells, jobs))
    yield f"**Lists of other sizes** ({MAIN}): clean lists with any block and blocks a list; purchases found"
    yield ""
    yield "| followers | histories of each | clean, no viral burst | clean, 8 viral bursts | 2-day burst, 2 %: found |"
    yield "|---|---|---|---|---|"
    for n, seeds in sizes.items():
        clean, viral, bought = (next(records) for _ in kinds)
        shown = [any_and_mean(clean, MAIN), any_and_mean(viral, MAIN), found_share(judged(bought, MAIN))]
        yield f"| {n:,} | {seeds} | {' | '.join(shown)} |"
    yield ""
    yield bound_in_words(set(sizes.values()))


def changed_tables(scale: float, jobs: int) -> Iterator[str]:
    """Yield what the search does without one of its pieces, and in rougher worlds."""
    seeds = scaled(CHANGED_SEEDS, scale)
    changes = {"none": "the search as it is", **PIECES, **WORLDS}
    kinds = (
        Cell(n_viral=8, evidence=(MAIN, DATES)),
        Cell(0.01, 2.0, n_viral=8, evidence=(MAIN,)),
        Cell(0.01, 90.0, n_viral=8, evidence=(MAIN,)),
    )
    cells = [(Cell(**{**vars(kind), "change": change}), seeds) for change in changes for kind in kinds]
    records = iter(run_cells(cells, jobs))
    titles = [f"clean, {name}: any block, blocks a history" for name in (MAIN, DATES)]
    titles += [cell for name in ("2-day burst", "90-day drip") for cell in (f"{name}, 1 %: found", "bound too high")]
    yield f"| {seeds} histories a cell, 8 viral bursts | {' | '.join(titles)} | blocks of the two real lists |"
    yield "|---" * (2 + len(titles)) + "|"
    for change, told in changes.items():
        clean, burst, drip = (next(records) for _ in kinds)
        shown = [any_and_mean(clean, name) for name in (MAIN, DATES)]
        for those in (judged(burst, MAIN), judged(drip, MAIN)):
            shown += [found_share(those), share([one.is_too_high for one in those if one.is_found])]
        with changed(change):
            n_real = "-" if change in WORLDS else blocks_real.n_blocks_of_ordered()
        yield f"| {told} | {' | '.join(shown)} | {n_real} |"
