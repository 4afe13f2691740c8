"""Organic share of a new audience without labels: how often the interval holds on sources that were left out.

    python benchmarks/share_new_audience.py [--runs 100] [--jobs 2] [--write]

Audiences of 2,000 real accounts: suspicious ones of one source, people of another, judged by the profile of all other
sources. No model that scores them, and none that scores the profile, saw either (`nested_sources`). Beside the method:
the interval that holds inside a known audience, taken for this one; a constant interval; the narrowest constant
interval that holds as often on the same audiences; and the narrowest interval of a share of which nothing is known.
With --write the figures are put beside the method (src/botscan/prevalence/without_labels/new_audience_figures.json).
"""

from __future__ import annotations

import argparse
import json
from itertools import product
from typing import Any

import numpy as np

from botscan.evidence.histogram import ScoreHistogram
from botscan.evidence.profile import ScoreProfile, equal_mass_edges
from botscan.prevalence import OrganicShare, estimate_from_profile
from botscan.prevalence.without_labels.new_audience import OTHER_BOTS, estimate_from_sources
from botscan.prevalence.without_labels.new_audience_figures import FIGURES_FILE
from botscan.prevalence.without_labels.new_audience_model import share_above_line, source_of
from botscan.scoring.patterns import PATTERNS
from botscan.training.folds import LOSO_SOURCES
from botscan.writing import write_file
from nested_sources import ORDINARY_PEOPLE, PLATFORM, Nest, cells, nested_sources
from resumable import run_blocks

#: Suspicious shares of the audiences, all counted alike.
SHARES = (0.0, 0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 0.99)
PATTERN_IDS = tuple(pattern.id for pattern in PATTERNS[PLATFORM])
FULL = PATTERN_IDS[0]
BOUGHT = tuple(source for source in LOSO_SOURCES if source not in OTHER_BOTS)
N_AUDIENCE = 2_000
#: Suspicious shares from .05 to .6: the interval that somebody might state of any list.
CONSTANT = (0.05, 0.6)
#: Columns of a run: truth, then point, lower and upper end of the suspicious share (NaN for no answer), then the same
#: three of the interval of a known audience, then whether the list looks more suspicious than all known people: such a
#: list gets no answer in the product, as quiet followers look so too, of whom no labelled source tells.
TRUTH, POINT, LOWER, UPPER, KNOWN_POINT, KNOWN_LOWER, KNOWN_UPPER, BEYOND = range(8)
#: Runs at a share for which the interval of a known audience is made as well: its coverage is plain enough from few.
N_KNOWN = 10
#: Configurations that were compared on these sources before the method was settled: laws, lines, weights, windows.
N_CONFIGURATIONS_TRIED = 378

BEHIND = (
    "benchmarks/nested_sources.py",
    "benchmarks/share_new_audience.py",
    "src/botscan/evidence/*.py",
    "src/botscan/features/grid.py",
    "src/botscan/prevalence/intervals.py",
    "src/botscan/prevalence/mixture.py",
    "src/botscan/prevalence/without_labels/new_audience*.py",
    "src/botscan/prevalence/without_labels/quantifiers.py",
    "src/botscan/training/*.py",
    "training_data/bins.parquet",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="put the figures beside the method")
    options = parser.parse_args()
    runs = {pattern: collect_runs(pattern, options.runs, options.jobs) for pattern in PATTERN_IDS}
    alone = {pattern: campaigns(pattern, max(1, options.runs // 5), options.jobs) for pattern in PATTERN_IDS}
    for pattern, of_cells in runs.items():
        report(pattern, of_cells, alone[pattern])
    report_inner(options.jobs)
    if options.write:
        content = {
            "confidence_level": 0.95,
            "n_accounts": N_AUDIENCE,
            "n_configurations_tried": N_CONFIGURATIONS_TRIED,
            "patterns": {pattern: figures(of_cells, alone[pattern]) for pattern, of_cells in runs.items()},
            "people": list(ORDINARY_PEOPLE),
            "shares": list(SHARES),
            "sources": list(LOSO_SOURCES),
        }
        write_file(FIGURES_FILE, (json.dumps(content, indent=2) + "\n").encode())


def collect(runs: int, jobs: int) -> dict[str, dict[str, float]]:
    """Return per left-out source, and for ``bought`` (sources of followers) and ``all``, the figures of `summary`."""
    return summaries(collect_runs(FULL, runs, jobs))


def summaries(of_cells: dict[tuple[str, str], Any]) -> dict[str, dict[str, float]]:
    groups = {source: (source,) for source in LOSO_SOURCES} | {"bought": BOUGHT, "all": LOSO_SOURCES}
    return {
        name: summary(np.concatenate([rows for (source, _), rows in of_cells.items() if source in sources]))
        for name, sources in groups.items()
    }


def collect_runs(pattern: str, runs: int, jobs: int) -> dict[tuple[str, str], Any]:
    """Return cell -> runs, shape (n_shares * runs, 8)."""
    nested_sources()  # once, before the workers start
    blocks = [{"pattern": pattern, "source": source, "people": people, "runs": runs} for source, people in cells()]
    records = run_blocks("share_new_audience", blocks, run_block, jobs, BEHIND)
    return {(record["source"], record["people"]): _rows(record) for record in records}


def run_block(pattern: str, source: str, people: str, runs: int) -> list[list[float | None]]:
    """Judge `runs` audiences of one cell at every share."""
    nest = nested_sources()[source, people][pattern]
    suspicious = np.sum(list(nest.suspicious.values()), axis=0)
    return judged(nest, suspicious, pattern, runs, [_number(source), _number(people)])


def campaigns(pattern: str, runs: int, jobs: int) -> dict[str, Any]:
    """Return campaign -> runs of audiences whose suspicious accounts are all of it, where a source has several."""
    blocks = [
        {"pattern": pattern, "source": source, "people": people, "campaign": campaign, "runs": runs}
        for source, people in cells()
        for campaign in nested_sources()[source, people][pattern].suspicious
        if campaign != source
    ]
    records = run_blocks("share_new_audience_campaigns", blocks, run_campaign, jobs, BEHIND)
    return {
        name: np.concatenate([_rows(record) for record in records if record["campaign"] == name])
        for name in dict.fromkeys(block["campaign"] for block in blocks)
    }


def run_campaign(pattern: str, source: str, people: str, campaign: str, runs: int) -> list[list[float | None]]:
    """Judge audiences whose suspicious accounts are all of one campaign."""
    nest = nested_sources()[source, people][pattern]
    seed = [_number(source), _number(people), _number(campaign)]
    return judged(nest, nest.suspicious[campaign], pattern, runs, seed)


def judged(nest: Nest, suspicious: Any, pattern: str, runs: int, seed: list[int]) -> list[list[float | None]]:
    people = np.sum(list(nest.people.values()), axis=0)
    edges = equal_mass_edges(
        [np.sum(list(part.values()), axis=0) for part in (nest.known_suspicious, nest.known_people)]
    )
    profile = ScoreProfile(nest.known_suspicious, nest.known_people, edges, "m", pattern)
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))
    rows = []
    for share in SHARES:
        n_suspicious = round(share * N_AUDIENCE)
        for run in range(runs):
            # Accounts drawn with replacement from those that are left out: counts on the bins are all that is used.
            counts = rng.multinomial(n_suspicious, suspicious / suspicious.sum())
            counts = counts + rng.multinomial(N_AUDIENCE - n_suspicious, people / people.sum())
            histogram = ScoreHistogram(counts, 0, "m", pattern)
            known = estimate_from_profile(histogram, profile, frame="full") if run < N_KNOWN else None
            found = estimate_from_sources(histogram, profile, frame="full", people_are_like_known=True)
            above = share_above_line(histogram.counts, profile.organic)
            rows.append([share, *_ends(found), *_ends(known), float(above is None or above[0] > above[1])])
    return rows


def _ends(found: OrganicShare | None) -> list[float | None]:
    """Return point, lower and upper end of the suspicious share."""
    if found is None or found.organic_share is None:
        return [None] * 3
    ends = (found.organic_share, found.organic_share_ci_upper, found.organic_share_ci_lower)
    return [None if value is None else round(1.0 - value, 6) for value in ends]


def run_inner(pattern: str, source: str, people: str) -> list[float]:
    """Leave each source of the profile out once more; return how many intervals of any width held, and of how many.

    Sources of this cell take no part: what was set on such figures was set without them.
    """
    nest = nested_sources()[source, people][pattern]
    held = []
    for inner, others in product(BOUGHT, ORDINARY_PEOPLE):
        if {inner, others} & {source, people}:
            continue
        parts = [
            {name: counts for name, counts in known.items() if source_of(name) not in (inner, others)}
            for known in (nest.known_suspicious, nest.known_people)
        ]
        if not any(source_of(name) in BOUGHT for name in parts[0]):
            continue
        profile = ScoreProfile(*parts, (512,), "m", pattern)
        mixed = [_pooled(nest.known_suspicious, inner), _pooled(nest.known_people, others)]
        held += [_holds(share, mixed, profile) for share in SHARES]
    return [float(sum(held)), len(held)]


def _holds(share: float, mixed: list[Any], profile: ScoreProfile) -> bool:
    counts = np.rint(N_AUDIENCE * (share * mixed[0] + (1 - share) * mixed[1])).astype(np.uint64)
    found = estimate_from_sources(
        ScoreHistogram(counts, 0, "m", profile.pattern), profile, frame="full", widest=1.0, people_are_like_known=True
    )
    lower, upper = found.organic_share_ci_lower, found.organic_share_ci_upper
    return lower is not None and upper is not None and lower - 1e-9 <= 1.0 - share <= upper + 1e-9


def _pooled(known: dict[str, Any], source: str) -> Any:
    counts = np.sum([counts for name, counts in known.items() if source_of(name) == source], axis=0)
    return counts / counts.sum()


def summary(rows: Any) -> dict[str, float]:
    """Return shares: answered; coverage, width and mean error of the answers; the same of what one might do instead."""
    is_narrow = np.isfinite(rows[:, POINT])
    is_answered = is_narrow & (rows[:, BEYOND] == 0.0)
    narrow = rows[is_narrow]
    given, known = rows[is_answered], rows[np.isfinite(rows[:, KNOWN_POINT])]
    coverage = mean(holds(given, LOWER, UPPER))
    found = {
        "n_runs": len(rows),
        "answered": mean(is_answered),
        "coverage": coverage,
        "width": mean(given[:, UPPER] - given[:, LOWER]),
        "error": mean(np.abs(given[:, POINT] - given[:, TRUTH])),
        "answered_if_like_known": mean(is_narrow),
        "coverage_if_like_known": mean(holds(narrow, LOWER, UPPER)),
        "width_if_like_known": mean(narrow[:, UPPER] - narrow[:, LOWER]),
        "coverage_in_domain": mean(holds(known, KNOWN_LOWER, KNOWN_UPPER)),
        "width_in_domain": mean(known[:, KNOWN_UPPER] - known[:, KNOWN_LOWER]),
        "error_in_domain": mean(np.abs(known[:, KNOWN_POINT] - known[:, TRUTH])),
        "coverage_constant": mean((CONSTANT[0] <= given[:, TRUTH]) & (given[:, TRUTH] <= CONSTANT[1])),
        "width_constant": CONSTANT[1] - CONSTANT[0],
        "width_constant_equal": narrowest(given[:, TRUTH], coverage),
        "width_no_data": coverage,  # of a share that may be anything, an interval of this width holds so often
    }
    return {name: round(value, 4) for name, value in found.items()}


def mean(values: Any) -> float:
    return float(values.mean()) if len(values) else float("nan")


def holds(rows: Any, lower: int, upper: int) -> Any:
    return (rows[:, lower] <= rows[:, TRUTH] + 1e-9) & (rows[:, TRUTH] - 1e-9 <= rows[:, upper])


def narrowest(truth: Any, coverage: float) -> float:
    """Return the width of the narrowest interval that, always stated, would hold as often."""
    ends = [(low, high) for low in SHARES for high in SHARES if low <= high]
    widths = [high - low for low, high in ends if mean((low <= truth) & (truth <= high)) >= coverage - 1e-9]
    return min(widths, default=float("nan"))


def figures(of_cells: dict[tuple[str, str], Any], alone: dict[str, Any]) -> dict[str, float]:
    """Return what stands beside the method.

    Every source counts alike, as its cells have equally many runs. Of other bots every campaign counts alike: all of
    them pooled look like followers more than each does.
    """
    found = summaries(of_cells)
    others = np.concatenate([rows for name, rows in alone.items() if source_of(name) in OTHER_BOTS])
    return {
        "n_runs": int(found["bought"]["n_runs"]),
        **{name: found["bought"][name] for name in ("answered", "coverage", "width")},
        "coverage_worst": min(found[source]["coverage"] for source in LOSO_SOURCES),
        "coverage_other_bots": summary(others)["coverage"],
    }


def report(pattern: str, of_cells: dict[tuple[str, str], Any], alone: dict[str, Any]) -> None:
    print(f"\n{pattern}: points of percentage, the same audiences in every block")
    print(
        f"{'':24} {'':>6} {'given':^26} | {'people like known':^20} | {'in domain':^19} | [.05,.6] | equal cover"
        f"\n{'left out':24} {'runs':>6} {'answer':>6} {'cover':>6} {'width':>6} {'MAE':>5}"
        f" | {'answer':>6} {'cover':>6} {'width':>6} | {'cover':>6} {'width':>6} {'MAE':>5}"
        f" | {'cover':>8} | {'const':>6} {'no data':>7}"
    )
    for name, one in summaries(of_cells).items():
        print(f"{name:24} {line(one)}")
    for people in ORDINARY_PEOPLE:
        some = [rows for (source, other), rows in of_cells.items() if other == people and source in BOUGHT]
        print(f"{'bought, ' + people:24} {line(summary(np.concatenate(some)))}")
    rows = np.concatenate([rows for (source, _), rows in of_cells.items() if source in BOUGHT])
    for share in SHARES:
        print(f"{f'bought, share {share:.0%}':24} {line(summary(rows[rows[:, TRUTH] == share]))}")
    for campaign, of_campaign in alone.items():
        print(f"{campaign[-20:] + ' alone':26} {line(summary(of_campaign))}")


def line(one: dict[str, float]) -> str:
    points = {name: 100 * value for name, value in one.items()}
    columns = (
        ("{:>6.1f} {:>6.1f} {:>6.1f} {:>5.1f}", ("answered", "coverage", "width", "error")),
        ("{:>6.1f} {:>6.1f} {:>6.1f}", tuple(f"{name}_if_like_known" for name in ("answered", "coverage", "width"))),
        ("{:>6.1f} {:>6.1f} {:>5.1f}", tuple(f"{name}_in_domain" for name in ("coverage", "width", "error"))),
        ("{:>8.1f}", ("coverage_constant",)),
        ("{:>6.1f} {:>7.1f}", ("width_constant_equal", "width_no_data")),
    )
    parts = (form.format(*(points[name] for name in names)) for form, names in columns)
    return f"{one['n_runs']:>6.0f} " + " | ".join(parts)


def report_inner(jobs: int) -> None:
    blocks = [{"pattern": pattern, "source": s, "people": p} for pattern in PATTERN_IDS for s, p in cells()]
    records = run_blocks("share_new_audience_inner", blocks, run_inner, jobs, BEHIND)
    print("\nleft out once more, sources of the cell untouched: coverage of intervals of any width")
    for pattern in PATTERN_IDS:
        of_pattern = [record for record in records if record["pattern"] == pattern]
        shares = {
            source: sum(r["result"][0] for r in of_pattern if r["source"] == source)
            / sum(r["result"][1] for r in of_pattern if r["source"] == source)
            for source in LOSO_SOURCES
        }
        print(f"{pattern:24} " + "  ".join(f"without {name} {100 * held:.1f}" for name, held in shares.items()))


def _rows(record: dict[str, Any]) -> Any:
    return np.array(record["result"], dtype=np.float64)  # None becomes NaN


def _number(name: str) -> int:
    return int.from_bytes(name.encode()[-8:], "big") % 2**31


if __name__ == "__main__":
    main()
