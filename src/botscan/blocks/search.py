"""find_follow_blocks: the blocks of a list, from its accounts and, where there are any, their scores."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts import AccountTable
from botscan.blocks.finder import WEAK, Finding, Stretch, find_stretches
from botscan.blocks.follow_blocks import MARKED_SCHEMA, BlockEvidence, FollowBlock, FollowBlocks
from botscan.blocks.handle_shapes import handle_shapes, handle_starts
from botscan.blocks.order_check import sorted_by
from botscan.blocks.order_evidence import UNKNOWN_TIME, OrderEvidence
from botscan.blocks.scales import SHORTEST
from botscan.errors import SchemaError
from botscan.evidence.scores import Scores
from botscan.follow_times import FollowTimes, infer_follow_times
from botscan.follow_times.dates import lower_bounds, to_times
from botscan.follow_times.places import Places
from botscan.notes import Note

#: A window and flanks of twice its length must find room.
FEWEST_ACCOUNTS = 4 * SHORTEST
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Notes of the follow times that say why little can be found, or nothing.
_OF_THE_LIST = frozenset(
    {"follow_ranks_missing", "follow_ranks_shared", "follow_dates_client_set", "follow_dates_vague"}
)
#: Those about the bounds themselves, of use where blocks have dates.
_OF_BOUNDS = frozenset({"follow_bound_lags", "follow_bound_warms_up", "follow_end_unknown", "follow_times_contradict"})
#: Those that the search says in its own words.
_SAID_HERE = frozenset({"no_accounts", "follow_order_missing", "follow_dates_missing"})
_AGAINST_ORDER = frozenset({"order_seems_reversed", "order_not_by_time"})


def find_follow_blocks(accounts: AccountTable, scores: Scores | None = None) -> FollowBlocks:
    """Find the stretches of the follow order whose followers are alike beyond what their neighbours explain.

    Along the order, windows of fifty accounts and more are compared with the accounts before and after them: how many
    have high scores, were created in one band of days, have handles of one shape, were new to the platform, have never
    posted. Change points of the score (PELT) are further candidates. A crowd counts when it stays improbable among
    all windows, categories and kinds of evidence that were looked at, and when it exceeds what organic crowds bring:
    newcomers in a viral week, followers who are all a little more suspicious. How many came in a day is no evidence.

    Parameters
    ----------
    accounts
        With ``follow_rank``; of creation dates, handles and numbers of posts whatever is known.
    scores
        Scores of the same accounts, in the same order. Without them only dates, handles and activity are looked at.

    Returns
    -------
    blocks
        Stretches that do not overlap, with dates where follow times can be bounded. Empty, with a note, where the list
        has fewer than 200 accounts in order, no order, or nothing to look at.

    Raises
    ------
    SchemaError
        The scores are of other accounts.

    Notes
    -----
    See `candidates` for the error rate, `flanks` for the test and `score_tilt` and `creation_ages` for organic change.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> rows = [
    ...     {"account_id": f"a{n}", "follow_rank": n, "created_at": datetime(2010 + n % 13, 1 + n % 11, 1 + n % 27)}
    ...     for n in range(2_000)
    ... ]
    >>> for row in rows[1_000:1_200]:
    ...     row["created_at"] = datetime(2022, 2, 1 + row["follow_rank"] % 9)
    >>> found = find_follow_blocks(AccountTable.from_frame(rows, platform="github"))
    >>> [(round(block.first_rank, -1), round(block.last_rank, -1), block.evidence[0].code) for block in found.blocks]
    [(1000, 1200, 'creation_band')]
    """
    _check(accounts, scores)
    places = Places.of_table(accounts.table)
    times = infer_follow_times(accounts)
    n, n_ordered = len(accounts), len(places.rows)
    nothing = FollowBlocks((), n, n_ordered, (), None, (), np.full(n, -1, dtype=np.int32))
    reason = _why_not(accounts, places, times)
    if reason is not None:
        return replace(nothing, notes=_notes_of_nothing(reason, times))
    evidence = gather_evidence(accounts, scores, times, places)
    stretches, examined = find_stretches(evidence)
    if not examined:
        return replace(nothing, notes=_notes_of_nothing(Note("blocks_nothing_known"), times))
    blocks = tuple(_block(stretch, places, evidence, times) for stretch in stretches)
    block_of = np.full(n, -1, dtype=np.int32)
    for index, stretch in enumerate(stretches):
        block_of[places.rows[stretch.marked]] = index
    # Rounded down: it is a bound.
    bound = math.floor(1e6 * sum(stretch.n_suspicious_lower for stretch in stretches) / n) / 1e6
    notes = _notes(blocks, examined, times)
    return FollowBlocks(blocks, n, n_ordered, examined, bound, notes, block_of, _marked(accounts, times, block_of))


def gather_evidence(accounts: AccountTable, scores: Scores | None, times: FollowTimes, places: Places) -> OrderEvidence:
    """Return what is known of the accounts that have a place, oldest follower first."""
    rows, table = places.rows, accounts.table
    created_at = lower_bounds(accounts).times[rows]
    followed_after = to_times(times.table["followed_after"])[rows]
    # A date behind the follow time was set aside there, and is none here.
    is_late = (followed_after != UNKNOWN_TIME) & (created_at > followed_after)
    # Where several share the first place nobody stands before them, and their own dates tell nothing of their ages.
    n_first = int(places.sizes[0]) if places.are_shared else 0
    is_own = created_at[:n_first] == followed_after[:n_first]
    followed_after[:n_first] = np.where(is_own, UNKNOWN_TIME, followed_after[:n_first])
    return OrderEvidence(
        np.where(is_late, UNKNOWN_TIME, created_at),
        followed_after,
        np.full(len(rows), np.nan) if scores is None else _floats(scores.table["log_odds"])[rows],
        handle_shapes(table)[rows],
        handle_starts(table)[rows],
        _never_posted(table)[rows],
        _caught_up_from(times, places),
    )


def _caught_up_from(times: FollowTimes, places: Places) -> int:
    """Return the first place behind the warm-up of the follow times; behind the last where that never ends."""
    if times.warm_up_rank is None:
        return len(places.rows)
    return int(np.searchsorted(places.ranks, times.warm_up_rank))


def _check(accounts: AccountTable, scores: Scores | None) -> None:
    if scores is None:
        return
    if len(scores) != len(accounts) or not scores.account_ids.equals(accounts.table["account_id"]):
        raise SchemaError(
            f"The scores are of {len(scores):,} accounts, the list has {len(accounts):,}: they are not the same.",
            remedy="Score this very list, and pass its accounts and scores unchanged.",
        )


def _why_not(accounts: AccountTable, places: Places, times: FollowTimes) -> Note | None:
    """Return why no blocks can be looked for along the order of a list; None where they can."""
    n_ordered = len(places.rows)
    if not len(accounts):
        return Note("blocks_no_accounts")
    if n_ordered == 0:
        return Note("blocks_no_order")
    if n_ordered < FEWEST_ACCOUNTS:
        return Note("blocks_too_few", count=n_ordered, numbers={"fewest": FEWEST_ACCOUNTS})
    if len(places.starts) == 1:
        return Note("blocks_order_shared")
    if not times.is_by_time:
        return next(note for note in times.notes if note.code in _AGAINST_ORDER)
    column = sorted_by(accounts.table, places.rows)
    return None if column is None else Note("blocks_order_sorted", column=column)


def _notes_of_nothing(reason: Note, times: FollowTimes) -> tuple[Note, ...]:
    return (reason, *(note for note in times.notes if note.code in _OF_THE_LIST))


def _notes(blocks: Sequence[FollowBlock], examined: Sequence[str], times: FollowTimes) -> tuple[Note, ...]:
    """Return what a reader must know, the most weighty first: of the search, then of the order and its dates."""
    notes = [Note("blocks_not_proof"), Note("blocks_not_all")] if blocks else [Note("blocks_none_is_no_proof")]
    if any({one.code for one in block.evidence} <= WEAK for block in blocks):
        notes.append(Note("blocks_of_weak_signs"))
    if not times.n_dated:
        notes.append(Note("blocks_order_unchecked"))
    if "high_scores" not in examined:
        notes.append(Note("blocks_without_scores"))
    if "creation_band" not in examined:
        notes.append(Note("blocks_without_creation_dates" if times.n_dated else "blocks_without_dates"))
    unsaid = _SAID_HERE if blocks else _SAID_HERE | _OF_BOUNDS
    return (*notes, *(note for note in times.notes if note.code not in unsaid))


def _marked(accounts: AccountTable, times: FollowTimes, block_of: NDArray[np.int32]) -> pa.Table:
    """Return what is known of the accounts that show the signs of a block."""
    rows = pa.array(np.flatnonzero(block_of >= 0))
    known = {name: accounts.table[name] for name in accounts.table.column_names}
    known |= {"followed_after": times.table["followed_after"], "block": pa.chunked_array([block_of + 1])}
    columns = [
        known[field.name].take(rows) if field.name in known else pa.nulls(len(rows), field.type)
        for field in MARKED_SCHEMA
    ]
    return pa.table(columns, schema=MARKED_SCHEMA)


def _block(stretch: Stretch, places: Places, evidence: OrderEvidence, times: FollowTimes) -> FollowBlock:
    first, last = stretch.start, stretch.stop - 1
    row = int(places.rows[last])
    slack = times.table["slack_days"][row].as_py()
    before = times.table["followed_before"][row].as_py()
    followed_after = _instant(int(evidence.followed_after[first]))
    latest = _instant(int(evidence.followed_after[last]))
    if latest is not None and slack is not None:
        latest += timedelta(days=slack)
        before = latest if before is None else min(before, latest)
    return FollowBlock(
        int(places.ranks[first]),
        int(places.ranks[last]),
        stretch.stop - stretch.start,
        stretch.n_excess_lower,
        followed_after,
        before if followed_after is not None else None,
        stretch.q_value,
        tuple(_evidence(finding) for finding in stretch.findings),
    )


def _evidence(finding: Finding) -> BlockEvidence:
    after, before = (None, None) if finding.band is None else map(_instant, finding.band)
    return BlockEvidence(
        finding.evidence,
        finding.n_marked,
        finding.n_known,
        round(finding.n_around, 1),
        round(finding.expected, 1),
        finding.n_excess_lower,
        after,
        before,
    )


def _instant(time: int) -> datetime | None:
    return None if time == UNKNOWN_TIME else _EPOCH + timedelta(microseconds=time)


def _floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    return np.asarray(column.to_numpy(), dtype=np.float64)


def _never_posted(table: pa.Table) -> NDArray[np.int8]:
    """Return 1 where an account has no posts, 0 where it has, -1 where that is unknown."""
    if "posts_count" not in table.column_names:
        return np.full(table.num_rows, -1, dtype=np.int8)
    flags = pc.cast(pc.equal(table["posts_count"], 0), pa.int8())
    return np.asarray(pc.fill_null(flags, -1).to_numpy(), dtype=np.int8)
