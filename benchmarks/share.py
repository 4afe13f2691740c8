"""How well the organic share keeps its word: all measurements in order, and the page that holds their tables.

    python benchmarks/share.py [--short] [--runs N] [--jobs 2] [--only PART] [--write]

An interrupted run goes on where it stopped. With --write the tables become docs/measured_shares.md; --only makes one
part and prints it. --short is the version of three minutes: a known audience, labels and counts corrected for known
errors with few runs, and an error if intervals hold the truth outside the binomial bounds that are printed beside them.
"""

from __future__ import annotations

import argparse
import importlib
import io
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

PAGE = Path(__file__).resolve().parents[1] / "docs" / "measured_shares.md"
#: An interval that holds with its level is outside these bounds in one of a thousand checks, to either side.
RARE = 0.001
LEVEL = 0.95


class Part(NamedTuple):
    """One measurement: a module of this folder with `tables(runs, jobs)`, or else with a `main` that prints."""

    title: str
    module: str
    runs: int
    what: str


PARTS = {
    "known": Part(
        "A known audience",
        "share_in_domain",
        500,
        "Only the share differs from the validation accounts: Gaussian scores, or real accounts by models that saw"
        " neither their source nor these people. Beside ours the published quantifiers; QuaPy gives the same figures.",
    ),
    "new": Part(
        "A new audience without labels",
        "share_new_audience",
        100,
        "Real accounts of sources that were left out of the model and of the profile.",
    ),
    "labels": Part(
        "A few labels",
        "share_labels",
        500,
        "Real accounts of sources that the model never saw; labels are the truth.",
    ),
    "planning": Part(
        "Plans carried out",
        "share_planning",
        300,
        "Gaussian scores of a stated AUC; as many accounts fetched and labelled as the plan says.",
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, help="at most so many runs a cell")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", choices=PARTS, help="make this part alone")
    parser.add_argument("--short", action="store_true", help="three minutes, with binomial bounds")
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    options = parser.parse_args()
    if options.write and (options.only or options.short):
        parser.error("--write makes the whole page; leave --only and --short out")
    if options.short:
        raise SystemExit(short(options.jobs))
    page = list(page_lines(tuple(PARTS) if options.only is None else (options.only,), options.runs, options.jobs))
    if options.write:
        PAGE.write_text("\n".join(page) + "\n", encoding="utf-8", newline="\n")


def page_lines(names: tuple[str, ...], runs: int | None, jobs: int) -> Iterator[str]:
    """Yield the lines of the page; each is printed as soon as it is known."""
    for line in _page_lines(names, runs, jobs):
        print(line, flush=True)
        yield line


def _page_lines(names: tuple[str, ...], runs: int | None, jobs: int) -> Iterator[str]:
    yield "# Organic shares: what was measured"
    yield ""
    yield "Made by `make benchmark-share` (`python benchmarks/share.py --write`); every run is seeded. Intervals are"
    yield "of 95 %; errors and widths are points of percentage. Where a line does not say that scores are simulated,"
    yield "they are of real accounts, by a model that saw neither them nor their source."
    for name in names:
        part = PARTS[name]
        n_runs = part.runs if runs is None else min(runs, part.runs)
        yield ""
        yield f"## {part.title}"
        yield ""
        yield f"{part.what} Alone: `python benchmarks/{part.module}.py --runs {n_runs}`."
        yield ""
        yield from lines_of(part.module, n_runs, jobs)


def lines_of(module: str, runs: int, jobs: int) -> Iterator[str]:
    """Yield the tables of a part, or what it prints, as it is."""
    part = importlib.import_module(module)
    if hasattr(part, "tables"):
        yield from part.tables(runs, jobs)
        return
    yield "```text"
    yield from printed_by(part, runs, jobs)
    yield "```"


def printed_by(part: Any, runs: int, jobs: int) -> list[str]:
    """Return the lines that a part prints when it is run by itself, without its progress."""
    before, printed = sys.argv, io.StringIO()
    sys.argv = [f"{part.__name__}.py", "--runs", str(runs), "--jobs", str(jobs)]
    try:
        with redirect_stdout(printed):
            part.main()
    finally:
        sys.argv = before
    lines = [line.rstrip() for line in printed.getvalue().strip().splitlines()]
    return [line for line in lines if not line.endswith("blocks to run")]


def short(jobs: int) -> str | None:
    """Check coverage with few runs; return what fell outside its bounds, None if nothing did."""
    faults = []
    for title, held, may_hold_more in short_cells(jobs):
        lowest, highest = bounds(len(held))
        found = sum(held) / len(held)
        told = f"at least {lowest:.1%}" if may_hold_more else f"{lowest:.1%} to {highest:.1%}"
        print(f"{title}: {found:.1%} of {len(held)} runs held the truth, wanted {told}", flush=True)
        if found < lowest or (found > highest and not may_hold_more):
            faults.append(title)
    return f"outside the bounds: {'; '.join(faults)}" if faults else None


def short_cells(jobs: int) -> Iterator[tuple[str, list[bool], bool]]:
    """Yield title, whether the interval of each run held the truth, and whether it may do so more often."""
    import share_in_domain as known
    from resumable import run_blocks

    for setting, n_validation in (("auc_0.95", 2_000), ("real", 2_000), ("auc_0.85", known.FEW_VALIDATION)):
        blocks = known.blocks_of(setting, n_validation, known.BLOCK)
        rows = known.by_share(run_blocks("share_in_domain", blocks, known.run_block, jobs))
        held = [bool(one) for share, found in rows.items() for one in known.holds(found[:, 1], found[:, 2], share)]
        # With few validation accounts the prior has a say, and intervals hold somewhat more than their level.
        yield f"{setting}, {n_validation:,} validation accounts", held, n_validation == known.FEW_VALIDATION
    yield "counts corrected for known errors", corrected_runs(2_000), False
    yield "100 labels", labelled_runs(jobs), True


def labelled_runs(jobs: int) -> list[bool]:
    """Whether the interval of 100 labels held the truth, at three shares of every left-out source."""
    import share_labels
    from held_out import held_out_scores
    from resumable import run_blocks

    held_out_scores()  # once, before the workers start
    blocks = [
        {"source": source, "share": share, "block": 0}
        for source in share_labels.SOURCES
        for share in share_labels.SHARES[::4]
    ]
    records = run_blocks("share_labels", blocks, share_labels.run_block, jobs, share_labels.BEHIND_LABELS)
    index = share_labels.N_LABELS.index(100)
    return [
        run[index][1] - 1e-9 <= record["share"] <= run[index][2] + 1e-9
        for record in records
        for run in record["result"]
    ]


def corrected_runs(runs: int) -> list[bool]:
    """Whether the share corrected for error rates, each measured on 100 accounts, held the truth of 20,000 accounts."""
    import numpy as np

    from botscan.prevalence.error_correction import ErrorRates, corrected_suspicious_share

    held = []
    for run in range(runs):
        rng = np.random.Generator(np.random.Philox(np.random.SeedSequence([0, run])))
        share, sensitivity, false_alarms = rng.choice([0.05, 0.3, 0.7]), rng.uniform(0.6, 0.95), rng.uniform(0.02, 0.15)
        rates = ErrorRates(int(rng.binomial(100, sensitivity)), 100, int(rng.binomial(100, false_alarms)), 100)
        n_suspicious = int(rng.hypergeometric(round(20_000 * share), round(20_000 * (1 - share)), 500))
        flagged = int(rng.binomial(n_suspicious, sensitivity) + rng.binomial(500 - n_suspicious, false_alarms))
        _, lower, upper = corrected_suspicious_share(flagged, 500, rates, size=20_000)
        held.append(bool(lower <= share <= upper))
    return held


def bounds(n_runs: int) -> tuple[float, float]:
    from scipy.stats import binom

    lowest, highest = binom.ppf([RARE, 1.0 - RARE], n_runs, LEVEL) / n_runs
    return float(lowest), float(highest)


if __name__ == "__main__":
    main()
