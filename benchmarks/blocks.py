"""How well bought blocks are found: all measurements in order, and the page that holds their tables.

    python benchmarks/blocks.py [--short] [--scale 1.0] [--jobs 2] [--only PART] [--write]

An interrupted run goes on where it stopped. With --write the tables become docs/measured_blocks.md; --only makes one
part and prints it; --scale runs that share of the seeds. --short is the version of about a minute: few seeds of the
rows that matter most, and an error if one lies outside the binomial bound that is printed beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import blocks_clean
import blocks_detection
import blocks_real
import blocks_speed
from blocks_judged import fewest, judged, most, percent
from blocks_runs import FIRST_SEED, MAIN, Cell, run_cells
from resumable import make_page

PAGE = Path(__file__).resolve().parents[1] / "docs" / "measured_blocks.md"
#: Shares that the short version holds the search to: of purchases found, and of clean lists with a block.
FOUND, FALSE = {"2-day burst, 1 %": 0.95, "90-day drip, 2 %": 0.95, "90-day drip, 1 %": 0.8}, 0.05
SHORT_SEEDS = 40
INTRODUCTION = f"""\
# Bought blocks along the follow order: what was measured

Made by `make benchmark-blocks` (`python benchmarks/blocks.py --write`); every run is seeded. Follow times, creation
dates and shapes of handles are simulated; scores and activity are those of real accounts, by models that saw neither
the seller of the bought ones nor the people beside them. The constants of the search were chosen on seeds below 300;
the seeds here begin at {FIRST_SEED:,}. No constant comes from a real list. The error rate of the search is 5 % a list.
Unless a table says otherwise it saw {MAIN} and who has never posted, but no handles: those of the
histories are invented.

- **Found**: a block holds at least 30 % of the bought accounts. In brackets the Wilson interval of 95 %.
- **False**: fewer than a tenth of a block are bought; unless it found a delivery that is so thin itself, and is at
  most twice as long.
- **Bound**: the lower bound of the excess in the blocks that found the purchase, over the bought accounts. It is **too
  high** where those of all blocks together exceed the bought accounts.
- **Edge**: how far the first account of the block stands from the first bought one, and the last from the last; the
  median.
"""


class Part(NamedTuple):
    """One measurement: what it is, and the lines of its tables for a share of the seeds and some jobs."""

    title: str
    what: str
    lines: Callable[[float, int], Iterator[str]]


PARTS = {
    "bought": Part(
        "Purchases",
        "20,000 organic followers and the viral bursts over 1,500 days; a delivery that began at any time. The viral"
        " crowds have higher scores than the regulars (tilt 0.3) and hold 5 to 30 % newcomers.",
        blocks_detection.tables,
    ),
    "clean": Part("Nothing bought", "The same histories without a purchase.", blocks_clean.tables),
    "random": Part(
        "Nothing bought: real lists",
        "Real followers, whose names, dates and scores are as they are; in random order nobody came together.",
        blocks_real.tables,
    ),
    "why": Part(
        "What each piece is for, and rougher worlds",
        "The same search without one of its pieces; and the search as it is where organic followers vary more.",
        blocks_clean.changed_tables,
    ),
    "lists": Part(
        "Two real lists",
        "Complete follower lists of two accounts, in follow order, without labels: nobody knows what was bought. Ranks"
        " count from the oldest follower. Where deliveries stand close together their evidence is of a part.",
        lambda _scale, _jobs: blocks_real.block_tables(),
    ),
    "speed": Part(
        "Speed",
        "`find_follow_blocks` on simulated lists with handles, dates and scores, after imports; one run each.",
        lambda _scale, _jobs: blocks_speed.tables(),
    ),
}


def main() -> None:
    make_page(
        PAGE,
        PARTS,
        page_lines,
        short,
        what=__doc__.splitlines()[0],
        amount=("--scale", {"type": float, "default": 1.0, "help": "share of the seeds to run"}),
        short_help="about a minute, with binomial bounds",
    )


def page_lines(names: tuple[str, ...], scale: float, jobs: int) -> Iterator[str]:
    """Yield the lines of the page, each as soon as it is known."""
    yield from INTRODUCTION.splitlines()
    for name in names:
        part = PARTS[name]
        yield ""
        yield f"## {part.title}"
        yield ""
        yield f"{part.what} Alone: `python benchmarks/blocks.py --only {name}`."
        yield ""
        yield from part.lines(scale, jobs)


class Check(NamedTuple):
    """How many of n runs did something, and how many may: at least `fewest` or at most `most`."""

    title: str
    count: int
    n: int
    fewest: int = 0
    most: int | None = None

    @property
    def is_fault(self) -> bool:
        """Whether the count is outside its bounds."""
        return self.count < self.fewest or (self.most is not None and self.count > self.most)


def short(jobs: int) -> str | None:
    """Check the rows that matter most with few seeds; return what fell outside its bounds, None if nothing did."""
    faults = []
    for check in short_checks(jobs):
        told = f"at least {check.fewest}" if check.most is None else f"at most {check.most}"
        print(f"{check.title}: {check.count} of {check.n}, wanted {told}", flush=True)
        if check.is_fault:
            faults.append(check.title)
    return f"outside the bounds: {'; '.join(faults)}" if faults else None


def short_checks(jobs: int) -> Iterator[Check]:
    rows = [row for row in blocks_detection.rows() if row.title in FOUND]
    cells = [Cell(n_viral=n_viral) for n_viral in (0, 8)]
    cells += [row.cells()[1][0] for row in rows]
    clean, viral, *bought = run_cells([(cell, SHORT_SEEDS) for cell in cells], jobs)
    for title, records in (("without viral bursts", clean), ("with 8 viral bursts", viral)):
        n_any = sum(one.n_blocks > 0 for one in judged(records, MAIN))
        yield Check(f"clean lists {title} that have a block", n_any, len(records), most=most(len(records), FALSE))
    for row, records in zip(rows, bought, strict=True):
        those = judged(records, MAIN)
        wanted = FOUND[row.title]
        title = f"{row.title}, found ({percent(wanted)} and more)"
        yield Check(title, sum(one.is_found for one in those), len(those), fewest=fewest(len(those), wanted))
    hits = [one for records in bought for one in judged(records, MAIN) if one.is_found]
    n_high = sum(one.is_too_high for one in hits)
    yield Check("bound of the excess above the bought", n_high, len(hits), most=most(len(hits), FALSE))
    yield from real_checks()


def real_checks() -> Iterator[Check]:
    if not blocks_real.FOLDER.is_dir():
        print(blocks_real.SKIPPED, flush=True)
        return
    orders = [one for number in (0, 1) for one in blocks_real.run_permuted(blocks_real.ORDERED, number, 0, 10)]
    n_any = sum(one["n_blocks"] > 0 for one in orders)
    yield Check("real lists in random order that have a block", n_any, len(orders), most=most(len(orders), FALSE))
    found = [blocks for _, _, blocks in blocks_real.viral_rows()]
    yield Check("blocks in an organic viral week", sum(found), len(found), most=0)


if __name__ == "__main__":
    main()
