"""Real lists: in random order nothing may be found; an organic viral week; two lists whose blocks can be seen.

Needs the data folder (BOTSCAN_DATA, default ../shared/data). Lists are scored by the model that ships. What leaves the
folder are ranks, counts and months of blocks: lists are numbered, and no account is named.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import botscan as bs
from blocks_judged import mean_of, most, percent, share
from blocks_runs import BEHIND
from botscan.blocks import find_follow_blocks
from botscan.blocks.finder import find_stretches
from botscan.blocks.order_evidence import OrderEvidence
from botscan.blocks.search import gather_evidence
from botscan.follow_times import UNKNOWN_TIME, bound_follow_times, infer_follow_times
from botscan.follow_times.order import judge_order
from botscan.follow_times.places import Places
from botscan.follow_times.times import last_moment
from botscan.schema import ACCOUNT_COLUMNS
from resumable import run_blocks

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("BOTSCAN_DATA", ROOT.parent / "shared" / "data"))
FOLDER = DATA / "audiences"
SKIPPED = "Skipped: the data folder is not here; set BOTSCAN_DATA."
ORDERED, VIRAL = "twitter_follow_order", "github_viral_organic"
#: Random orders of each list of a file.
ORDERS = {
    ORDERED: 40,
    VIRAL: 20,
    "instagram_newest_10k": 20,
    "tiktok_newest_5k": 20,
    "bluesky_followers": 20,
    "instagram_srf_unlabelled": 20,
    "twitter_media_samples": 4,
}
#: Orders of one line of results.
ORDERS_A_BLOCK = 4
#: Columns of the viral list that its scores need.
SCORED = ("account_id", "platform", "observed_at", "followers_count", "following_count", "posts_count")
CANONICAL = [column.name for column in ACCOUNT_COLUMNS]
#: What the figures depend on besides the lists.
BEHIND_REAL = (
    *BEHIND,
    "benchmarks/blocks_real.py",
    "models/**/*.*",
    "src/botscan/blocks/handle_shapes.py",
    "src/botscan/blocks/search.py",
    "src/botscan/accounts/*.py",
    "src/botscan/features/*.py",
    "src/botscan/scoring/*.py",
)


def tables(scale: float, jobs: int) -> Iterator[str]:
    if not FOLDER.is_dir():
        yield SKIPPED
        return
    yield from permuted_table(scale, jobs)
    yield ""
    yield from viral_table()


def permuted_table(scale: float, jobs: int) -> Iterator[str]:
    """Yield how many random orders of real lists have a block."""
    blocks = []
    for stem, orders in ORDERS.items():
        wanted = max(1, round(orders * scale))
        for number in range(n_lists(stem)):
            for first in range(0, wanted, ORDERS_A_BLOCK):
                size = (FOLDER / f"{stem}.parquet").stat().st_size
                n_orders = min(ORDERS_A_BLOCK, wanted - first)
                blocks.append({"stem": stem, "number": number, "first": first, "n_orders": n_orders, "bytes": size})
    by_list: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for record in run_blocks("blocks_permuted", blocks, run_permuted, jobs, BEHIND_REAL):
        by_list.setdefault((record["stem"], record["number"]), []).extend(record["result"])
    yield "**Real lists in random order**: everything they hold, by the model that ships"
    yield ""
    yield "| list | accounts | orders | any block | blocks a list | any block, without handles | no follow order |"
    yield "|---|---|---|---|---|---|---|"
    for (stem, number), orders in merged_samples(by_list).items():
        name = f"{stem} {number + 1}/{n_lists(stem)}" if number >= 0 else stem
        sizes = sorted({order["n"] for order in orders})
        shown = f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,} to {sizes[-1]:,}, {n_lists(stem)} lists"
        yield f"| {name} | {shown} | {cells_of(orders)} |"
    every = [order for orders in by_list.values() for order in orders]
    yield f"| all | | {cells_of(every)} |"
    yield ""
    n = len(every)
    yield f"If a block came up in 5 % of them, at most {percent(most(n) / n)} would have one, 999 times of 1,000. Where"
    yield "there is no follow order `find_follow_blocks` says so and searches for nothing; here it was made to."


def merged_samples(by_list: dict[tuple[str, int], list[dict[str, Any]]]) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """Return the lists of a file with many of them as one line."""
    merged: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for (stem, number), orders in by_list.items():
        merged.setdefault((stem, -1 if n_lists(stem) > 2 or n_lists(stem) == 1 else number), []).extend(orders)
    return merged


def cells_of(orders: list[dict[str, Any]]) -> str:
    any_block, without = ([order[name] > 0 for order in orders] for name in ("n_blocks", "n_without_handles"))
    n_refused = sum(order["order"] in {"not_by_time", "seems_reversed"} for order in orders)
    blocks = mean_of([order["n_blocks"] for order in orders], 3)
    return f"{len(orders)} | {share(any_block)} | {blocks} | {share(without)} | {n_refused}"


def viral_table() -> Iterator[str]:
    """Yield the blocks of the list with an organic viral week; there must be none."""
    yield "**An organic viral week** (5,010 followers in eight days)"
    yield ""
    yield "| what is known | examined | blocks |"
    yield "|---|---|---|"
    for title, examined, n_blocks in viral_rows():
        yield f"| {title} | {', '.join(examined)} | {n_blocks} |"


def viral_rows() -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Yield what is known, what was examined and how many blocks there are."""
    table = list_table(VIRAL, 0)
    without_times = table.drop_columns(["followed_at"])
    for title, known, with_scores in (
        ("everything, true follow times too", table, True),
        ("without follow times", without_times, True),
        ("without follow times and scores", without_times, False),
        ("order, scores and activity", without_times.select([*SCORED, "follow_rank"]), True),
    ):
        accounts = bs.read_accounts(known)
        found = find_follow_blocks(accounts, bs.score_accounts(accounts) if with_scores else None)
        yield title, found.examined, len(found.blocks)


def block_tables() -> Iterator[str]:
    """Yield the blocks of the two lists in follow order."""
    if not FOLDER.is_dir():
        yield SKIPPED
        return
    for number in range(n_lists(ORDERED)):
        accounts = bs.read_accounts(list_table(ORDERED, number))
        found = find_follow_blocks(accounts, bs.score_accounts(accounts))
        bound = found.suspicious_share_lower_bound or 0.0
        n_blocks = len(found.blocks)
        counted = f"{n_blocks} block{'' if n_blocks == 1 else 's'}"
        yield f"**List {number + 1}**: {found.n_accounts:,} followers, {counted}; at least"
        yield f"{percent(bound)} of all followers are not explained by their neighbours."
        yield ""
        yield "| ranks | accounts | excess, at least | came from | created | q | evidence |"
        yield "|---|---|---|---|---|---|---|"
        for block in found.blocks:
            cells = [
                f"{block.first_rank:,} to {block.last_rank:,}",
                f"{block.n_accounts:,}",
                f"{block.n_excess_lower:,}",
                month(block.followed_after),
                creation_months(block.evidence),
                f"{block.q_value:.0e}" if block.q_value else "0",
                ", ".join(f"{one.code} ({one.n_accounts} of {one.n_known})" for one in block.evidence),
            ]
            yield f"| {' | '.join(cells)} |"
        yield ""


@cache
def in_follow_order(number: int) -> OrderEvidence:
    """Return what is known of a list in follow order, as the search sees it."""
    accounts = bs.read_accounts(list_table(ORDERED, number))
    places = Places.of_table(accounts.table)
    return gather_evidence(accounts, bs.score_accounts(accounts), infer_follow_times(accounts), places)


def n_blocks_of_ordered() -> str:
    """Return how many blocks the search finds in the lists in follow order, as it now is."""
    if not FOLDER.is_dir():
        return "-"
    return " and ".join(str(len(find_stretches(in_follow_order(number))[0])) for number in range(n_lists(ORDERED)))


def month(instant: Any) -> str:
    return "-" if instant is None else f"{instant:%Y-%m}"


def creation_months(evidence: Any) -> str:
    """Return the months of the first creation band among the evidence."""
    for one in evidence:
        if one.created_after is not None:
            ends = month(one.created_after), month(one.created_before)
            return ends[0] if ends[0] == ends[1] else " to ".join(ends)
    return "-"


@cache
def n_lists(stem: str) -> int:
    path = FOLDER / f"{stem}.parquet"
    if "audience_id" not in pq.read_schema(path).names:
        return 1
    return len(pc.unique(pq.read_table(path, columns=["audience_id"])["audience_id"]))


def list_table(stem: str, number: int) -> pa.Table:
    """Return one list of a file in canonical columns."""
    table = pq.read_table(FOLDER / f"{stem}.parquet")
    if "audience_id" in table.column_names:
        audience = pc.unique(table["audience_id"])[number]
        table = table.filter(pc.equal(table["audience_id"], audience))
    return table.select([name for name in table.column_names if name in CANONICAL])


@cache
def known_of(stem: str, number: int) -> tuple[OrderEvidence, int]:
    """Return what is known of the accounts of a list, in the order of the file, and when it was seen."""
    accounts = bs.read_accounts(list_table(stem, number))
    rows = np.arange(len(accounts))
    evidence = gather_evidence(
        accounts, bs.score_accounts(accounts), infer_follow_times(accounts), Places(rows, rows, rows)
    )
    return evidence, last_moment(accounts.observed_at)


def run_permuted(stem: str, number: int, first: int, n_orders: int, **_: Any) -> list[dict[str, Any]]:
    """Search a list in some random orders."""
    evidence, observed_at = known_of(stem, number)
    found = []
    for seed in range(first, first + n_orders):
        random = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, number])))
        one = in_order(evidence, random.permutation(len(evidence)), observed_at)
        no_code = np.full(len(evidence), -1, np.int32)
        without = OrderEvidence(one.created_at, one.followed_after, one.log_odds, no_code, no_code, one.is_inactive)
        found.append(
            {
                "n": len(evidence),
                "n_blocks": len(find_stretches(one)[0]),
                "n_without_handles": len(find_stretches(without)[0]),
                "order": judge_order(one.created_at).verdict,
            }
        )
    return found


def in_order(evidence: OrderEvidence, order: Any, observed_at: int) -> OrderEvidence:
    """Return the accounts in another order, as if they had followed in it."""
    created = evidence.created_at[order]
    after = bound_follow_times(created, np.full(len(created), UNKNOWN_TIME), observed_at).followed_after
    return OrderEvidence(
        np.where(created > after, UNKNOWN_TIME, created),
        after,
        evidence.log_odds[order],
        evidence.handle_shape[order],
        evidence.handle_start[order],
        evidence.is_inactive[order],
    )
