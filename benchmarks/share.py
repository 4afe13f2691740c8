"""How well the organic share keeps its word: all measurements in order, and the page that holds their tables.

    python benchmarks/share.py [--short] [--runs N] [--jobs 2] [--only PART] [--write]

An interrupted run goes on where it stopped. With --write the tables become docs/measured_shares.md; --only makes one
part and prints it. --short is the version of three minutes: a known audience, labels and counts corrected for known
errors with few runs, and an error if intervals hold the truth outside the binomial bounds that are printed beside them.
"""

from __future__ import annotations

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
#: Runs a cell of a known audience in the short version.
SHORT_RUNS = 200


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
    from resumable import make_page

    make_page(
        PAGE,
        PARTS,
        page_lines,
        short,
        what=__doc__.splitlines()[0],
        amount=("--runs", {"type": int, "help": "at most so many runs a cell"}),
        short_help="three minutes, with binomial bounds",
    )


def page_lines(names: tuple[str, ...], runs: int | None, jobs: int) -> Iterator[str]:
    """Yield the lines of the page, each as soon as it is known."""
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
    for check in short_checks(jobs):
        lowest, highest = bounds(len(check.held))
        found = sum(check.held) / len(check.held)
        told = f"at least {lowest:.1%}" if check.widest else f"{lowest:.1%} to {highest:.1%}"
        is_fault = found < lowest or (found > highest and not check.widest)
        if check.widest:
            told += f"; mean width {100 * check.width:.2f} points, wanted at most {100 * check.widest:.2f}"
            is_fault |= check.width > check.widest
        print(f"{check.title}: {found:.1%} of {len(check.held)} runs held the truth, wanted {told}", flush=True)
        if is_fault:
            faults.append(check.title)
    return f"outside the bounds: {'; '.join(faults)}" if faults else None


class Check(NamedTuple):
    """Runs of one setting; intervals that may hold the truth more often than their level have a largest width."""

    title: str
    held: list[bool]
    width: float = 0.0
    widest: float = 0.0


def short_checks(jobs: int) -> Iterator[Check]:
    import share_in_domain as known
    from resumable import run_blocks

    # At shares of 0 and 1 a highest-density interval holds the truth more often than its level.
    for setting, n_validation, widest in (
        ("auc_0.95", known.N_VALIDATION, 0.04),
        ("real", known.N_VALIDATION, 0.045),
        ("auc_0.85", known.FEW_VALIDATION, 0.12),
    ):
        blocks = known.blocks_of(setting, n_validation, SHORT_RUNS)
        found = known.by_share(run_blocks("share_in_domain", blocks, known.run_block, jobs, known.BEHIND))
        held = [bool(one) for share, rows in found.items() for one in known.holds(rows[:, 1], rows[:, 2], share)]
        width = sum(float((rows[:, 2] - rows[:, 1]).mean()) for rows in found.values()) / len(found)
        yield Check(f"{setting}, {n_validation:,} validation accounts", held, width, widest)
    yield Check("counts corrected for known errors", corrected_runs(2_000))
    yield labelled_runs(jobs)


def labelled_runs(jobs: int) -> Check:
    """Return how 100 labels did at three shares of every left-out source; no wider than labels without scores."""
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
    runs = [(record["share"], run[index]) for record in records for run in record["result"]]
    held = [run[1] - 1e-9 <= share <= run[2] + 1e-9 for share, run in runs]
    ours, plain = (sum(run[at + 2] - run[at + 1] for _, run in runs) / len(runs) for at in (0, 3 * share_labels.WILSON))
    return Check("100 labels", held, ours, plain)


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
