"""Searches for blocks in seeded follow histories: what was bought, and what was found by each kind of evidence.

A history is made once and searched once for each kind of evidence that a list may hold. What is kept are places and
counts; how they are judged stands in `blocks_judged`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from blocks_changes import changed
from botscan.blocks.finder import find_stretches
from botscan.blocks.order_evidence import OrderEvidence
from botscan.follow_times import UNKNOWN_TIME, bound_follow_times
from botscan.follow_times.order import judge_order
from botscan.simulate import Purchase
from follow_histories import AUDIENCE_AGE_DAYS, OBSERVED_AT, VIRAL_TILT, history, source_of
from held_out_rows import BEHIND as BEHIND_ROWS
from held_out_rows import BOUGHT, held_out_rows
from resumable import run_blocks

#: The constants of the search were chosen on seeds below 300; these begin far from them.
FIRST_SEED = 1_000
#: Seeds of one line of results.
SEEDS_A_BLOCK = 10
#: Organic followers that no viral burst brought.
N = 20_000
#: Days that a delivery keeps from either end of the history.
MARGIN_DAYS = 5.0
#: What a list shows besides its order. Shapes of handles are invented here, so the main figures go without them.
MAIN, DATES = "scores and dates", "dates alone"
EVIDENCE = {
    MAIN: ("scores", "dates", "activity"),
    DATES: ("dates",),
    "scores alone": ("scores",),
    "with handles": ("scores", "dates", "activity", "handles"),
}
#: Files of the search that tell of blocks, read lists or draw, and find nothing.
_NO_SEARCH = ("__init__.py", "follow_blocks.py", "follow_map.py", "handle_shapes.py", "search.py")
_ROOM = Path(__file__).resolve().parents[1] / "src" / "botscan" / "blocks"
#: What the figures depend on.
BEHIND = (
    *BEHIND_ROWS,
    "benchmarks/blocks_changes.py",
    "benchmarks/blocks_runs.py",
    "benchmarks/follow_histories.py",
    *sorted(f"src/botscan/blocks/{path.name}" for path in _ROOM.glob("*.py") if path.name not in _NO_SEARCH),
    *(f"src/botscan/follow_times/{name}.py" for name in ("bounds", "order", "records")),
    "src/botscan/simulate/follow_order.py",
)


@dataclass(frozen=True)
class Cell:
    """Histories that differ by their seed alone.

    `size` is what was bought, as a share of `n`, 0 for nothing; `change` is one of `blocks_changes.CHANGES`.
    """

    size: float = 0.0
    spread_days: float = 2.0
    kind: str = "batch"
    visible: bool = True
    n_viral: int = 0
    viral_tilt: float = VIRAL_TILT
    n: int = N
    change: str = "none"
    evidence: tuple[str, ...] = tuple(EVIDENCE)

    def blocks(self, n_seeds: int) -> Iterator[dict[str, Any]]:
        """Yield the blocks of the first seeds."""
        given = {**asdict(self), "evidence": list(self.evidence)}
        step = min(SEEDS_A_BLOCK, max(1, SEEDS_A_BLOCK * N // self.n))
        for first in range(FIRST_SEED, FIRST_SEED + n_seeds, step):
            yield {**given, "first_seed": first, "n_seeds": min(step, FIRST_SEED + n_seeds - first)}


def run_cells(cells: Sequence[tuple[Cell, int]], jobs: int) -> list[list[dict[str, Any]]]:
    """Return the records of each cell, for so many seeds; all cells in one go, so that no core waits."""
    held_out_rows(BOUGHT[0])  # models are fitted once, before the workers start
    blocks = [list(cell.blocks(n_seeds)) for cell, n_seeds in cells]
    lines = iter(run_blocks("blocks", [block for part in blocks for block in part], run, jobs, BEHIND))
    return [[record for _ in part for record in next(lines)["result"]] for part in blocks]


def run(first_seed: int, n_seeds: int, change: str, evidence: list[str], **cell: Any) -> list[dict[str, Any]]:
    """Make the histories of some seeds and search each of them."""
    with changed(change):
        return [one_history(seed, evidence, **cell) for seed in range(first_seed, first_seed + n_seeds)]


def one_history(
    seed: int,
    evidence: Sequence[str],
    *,
    size: float,
    spread_days: float,
    kind: str,
    visible: bool,
    n_viral: int,
    viral_tilt: float,
    n: int,
) -> dict[str, Any]:
    """Return the truth of one history and, for each kind of evidence, the stretches that were found.

    A stretch is [start, stop, bound of the excess, bought accounts in it, q-value, codes of evidence].
    """
    purchase = drawn_purchase(seed, round(size * n), spread_days, kind) if size else None
    made = history(seed, n=n, purchase=purchase, n_viral=n_viral, visible=visible, viral_tilt=viral_tilt)
    followed_after = follow_bounds(made["created_at"])
    bought = np.flatnonzero(made["is_bought"])
    return {
        "seed": seed,
        "source": source_of(seed)[0],
        "n": len(made["created_at"]),
        "n_bought": len(bought),
        "first": int(bought[0]) if len(bought) else -1,
        "last": int(bought[-1]) if len(bought) else -1,
        "days_ago": round(purchase.start_days_ago, 1) if purchase else None,
        "order": judge_order(made["created_at"]).verdict,
        "found": {name: stretches_of(made, followed_after, EVIDENCE[name]) for name in evidence},
    }


def drawn_purchase(seed: int, n: int, spread_days: float, kind: Any) -> Purchase:
    """Draw when delivery began: at any time of the history at which it could also end."""
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, 77])))
    earliest, latest = AUDIENCE_AGE_DAYS - MARGIN_DAYS, spread_days + MARGIN_DAYS
    return Purchase(n, latest + (earliest - latest) * random.random(), spread_days=spread_days, kind=kind)


def follow_bounds(created_at: Any) -> Any:
    return bound_follow_times(
        created_at, np.full(len(created_at), UNKNOWN_TIME), OBSERVED_AT * 1_000_000
    ).followed_after


def stretches_of(made: dict[str, Any], followed_after: Any, known: Sequence[str]) -> list[list[Any]]:
    found, _ = find_stretches(order_evidence(made, followed_after, known))
    return [
        [
            one.start,
            one.stop,
            one.n_excess_lower,
            int(made["is_bought"][one.start : one.stop].sum()),
            float(f"{one.q_value:.3g}"),
            [finding.evidence for finding in one.findings],
        ]
        for one in found
    ]


def order_evidence(made: dict[str, Any], followed_after: Any, known: Sequence[str]) -> OrderEvidence:
    """Return what a list with these kinds of knowledge shows."""
    n = len(made["created_at"])
    no_time, no_code, no_flag = np.full(n, UNKNOWN_TIME), np.full(n, -1, np.int32), np.full(n, -1, np.int8)
    has_dates = "dates" in known
    # As in the search itself: a date that was set aside when follow times were bounded is none.
    created_at = np.where(made["created_at"] > followed_after, UNKNOWN_TIME, made["created_at"])
    return OrderEvidence(
        created_at if has_dates else no_time,
        followed_after if has_dates else no_time,
        made["log_odds"] if "scores" in known else np.full(n, np.nan),
        made["handle_shape"] if "handles" in known else no_code,
        no_code,
        made["is_inactive"] if "activity" in known else no_flag,
    )
