"""BlockChanges: which blocks of followers who came together are new, gone or in both audits, and what they bound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.audit_comparison.summary import AuditSummary
from botscan.blocks import FollowBlock
from botscan.display import DIGITS, plain
from botscan.notes import Note

#: Two blocks are one where they share so much of the smaller of them: accounts, places, or days.
_LEAST_SHARED = 0.5
_DAY = 86_400.0

#: Places in the earlier and in the later audit of a block that stands in both.
Pair = tuple[int, int]
Spans = NDArray[np.float64]


@dataclass(frozen=True)
class BlockChanges:
    """The blocks of two audits, side by side.

    Attributes
    ----------
    before, after
        Blocks of each audit, in follow order.
    matched_by
        How blocks of both were known again: ``accounts`` that show their signs; ``ranks``, where both lists hold the
        same accounts; ``dates`` of following and of creation. None where one audit has none, or nothing tells.
    kept
        (index in `before`, index in `after`) of blocks that stand in both; None where that cannot be told. A block that
        fell apart, or took in another, is in several pairs.
    suspicious_share_lower_bound_before, suspicious_share_lower_bound_after
        What the blocks of each audit bound, as a share of its list, in [0, 1].
    """

    before: tuple[FollowBlock, ...]
    after: tuple[FollowBlock, ...]
    matched_by: str | None
    kept: tuple[Pair, ...] | None
    suspicious_share_lower_bound_before: float
    suspicious_share_lower_bound_after: float

    @property
    def new(self) -> tuple[int, ...] | None:
        """Indices in `after` of blocks that the earlier audit does not name; None where that cannot be told."""
        return None if self.kept is None else _without(self.after, {later for _, later in self.kept})

    @property
    def gone(self) -> tuple[int, ...] | None:
        """Indices in `before` of blocks that the later audit does not name; None where that cannot be told."""
        return None if self.kept is None else _without(self.before, {earlier for earlier, _ in self.kept})

    @property
    def suspicious_share_lower_bound_difference(self) -> float:
        """Later bound minus the earlier one: of what can be shown, not of what there is."""
        return round(self.suspicious_share_lower_bound_after - self.suspicious_share_lower_bound_before, DIGITS)

    def to_dict(self) -> dict[str, Any]:
        """Return the changes as plain data; blocks have the keys that they have in an audit."""
        kept, new, gone = self.kept, self.new, self.gone
        pairs = None if kept is None else [{"before": self.before[i], "after": self.after[j]} for i, j in kept]
        names = (
            "suspicious_share_lower_bound_before",
            "suspicious_share_lower_bound_after",
            "suspicious_share_lower_bound_difference",
        )
        return {
            "n_before": len(self.before),
            "n_after": len(self.after),
            "matched_by": self.matched_by,
            "new": None if new is None else [self.after[index].to_dict() for index in new],
            "gone": None if gone is None else [self.before[index].to_dict() for index in gone],
            "kept": plain(pairs),
            **{name: plain(getattr(self, name)) for name in names},
        }


def block_changes(
    before: AuditSummary,
    after: AuditSummary,
    marked: tuple[pa.Table, pa.Table] | None,
    *,
    same_accounts: bool,
) -> BlockChanges | None:
    """Tell which blocks of two audits are the same.

    Ranks stay put only while nobody leaves, so they count where both lists hold the same accounts, and there alone.

    Parameters
    ----------
    before, after
        The audits.
    marked
        Accounts that show the signs of a block, ``account_id`` and ``block`` (from 1), of both lists; None where they
        are not at hand or ids mean nothing.
    same_accounts
        Whether both lists hold the same accounts.

    Returns
    -------
    changes
        None where one of the audits did not look for blocks, or the lists are of different platforms.
    """
    bounds = before.blocks_lower_bound, after.blocks_lower_bound
    if bounds[0] is None or bounds[1] is None or before.platform != after.platform:
        return None
    matched_by, kept = _matched(before.blocks, after.blocks, marked, same_accounts=same_accounts)
    return BlockChanges(before.blocks, after.blocks, matched_by, kept, bounds[0], bounds[1])


def _matched(
    before: Sequence[FollowBlock],
    after: Sequence[FollowBlock],
    marked: tuple[pa.Table, pa.Table] | None,
    *,
    same_accounts: bool,
) -> tuple[str | None, tuple[Pair, ...] | None]:
    if not (before and after):
        return None, ()
    if marked is not None:
        return "accounts", _pairs(_shared_accounts(*marked, (len(before), len(after))))
    if same_accounts:
        return "ranks", _pairs(_shared_part(*(_ranks(blocks) for blocks in (before, after))))
    spans = [_days((one.followed_after, one.followed_before) for one in blocks) for blocks in (before, after)]
    if any(one is None for one in spans):
        return None, None
    return "dates", _by_dates(before, after, *(one for one in spans if one is not None))


def _shared_accounts(before: pa.Table, after: pa.Table, shape: Pair) -> NDArray[np.float64]:
    """Return which part of the accounts of the smaller of two blocks is in both, shape (before, after)."""
    first, second = (one["block"].to_numpy() - 1 for one in (before, after))
    ids = before["account_id"].combine_chunks()
    found = pc.fill_null(pc.index_in(after["account_id"].combine_chunks(), value_set=ids), -1).to_numpy()
    common = found >= 0
    counts = np.zeros(shape)
    np.add.at(counts, (first[found[common]], second[common]), 1)
    sizes = (np.bincount(one, minlength=n) for one, n in zip((first, second), shape, strict=True))
    return np.asarray(counts / np.maximum(np.minimum.outer(*sizes), 1))


def _pairs(shared: NDArray[np.float64]) -> tuple[Pair, ...]:
    return tuple((int(i), int(j)) for i, j in np.argwhere(shared >= _LEAST_SHARED))


def _by_dates(
    before: Sequence[FollowBlock], after: Sequence[FollowBlock], spans_before: Spans, spans_after: Spans
) -> tuple[Pair, ...]:
    """Pair each block with one at most: those that share most of their days first.

    Blocks that stand side by side can share days, so a block beside an old one is not the old one.
    """
    may_be_one = _shared_part(spans_before, spans_after) >= _LEAST_SHARED
    overlap = _overlap(spans_before, spans_after)
    lengths = np.add.outer(spans_before[:, 1] - spans_before[:, 0], spans_after[:, 1] - spans_after[:, 0])
    likeness = overlap / (lengths - overlap)
    bands = [[_bands(block) for block in blocks] for blocks in (before, after)]
    pairs: list[Pair] = []
    for i, j in sorted(map(tuple, np.argwhere(may_be_one).tolist()), key=lambda pair: (-likeness[pair], pair)):
        is_free = all(i != one and j != other for one, other in pairs)
        if is_free and _bands_agree(bands[0][i], bands[1][j]):
            pairs.append((i, j))
    return tuple(sorted(pairs))


def _bands(block: FollowBlock) -> Spans | None:
    """Return the creation bands among the evidence of a block; None where there are none."""
    bands = [(one.created_after, one.created_before) for one in block.evidence if one.created_after is not None]
    return _days(bands) if bands else None


def _bands_agree(first: Spans | None, second: Spans | None) -> bool:
    return first is None or second is None or bool((_shared_part(first, second) >= _LEAST_SHARED).any())


def _ranks(blocks: Sequence[FollowBlock]) -> Spans:
    return np.array([(block.first_rank, block.last_rank + 1) for block in blocks], dtype=np.float64)


def _days(spans: Iterable[tuple[datetime | None, datetime | None]]) -> Spans | None:
    """Return spans in days, half a day wider on both sides, shape (n, 2); None where an end is not known."""
    ends = [[None if end is None else end.timestamp() / _DAY for end in span] for span in spans]
    if any(end is None for span in ends for end in span):
        return None
    found = np.array(ends, dtype=np.float64)
    found[:, 1] = np.maximum(found[:, 0], found[:, 1])
    return found + np.array([-0.5, 0.5])


def _overlap(first: Spans, second: Spans) -> NDArray[np.float64]:
    """Return the length that each two spans share, shape (n_first, n_second)."""
    stop, start = np.minimum.outer(first[:, 1], second[:, 1]), np.maximum.outer(first[:, 0], second[:, 0])
    return np.maximum(stop - start, 0.0)


def _shared_part(first: Spans, second: Spans) -> NDArray[np.float64]:
    """Return which part of the shorter of each two spans lies in the other."""
    shorter = np.minimum.outer(first[:, 1] - first[:, 0], second[:, 1] - second[:, 0])
    return np.asarray(_overlap(first, second) / shorter)


def _without(blocks: Sequence[FollowBlock], indices: set[int]) -> tuple[int, ...]:
    return tuple(index for index in range(len(blocks)) if index not in indices)


def block_notes(before: AuditSummary, after: AuditSummary, changes: BlockChanges | None) -> tuple[Note, ...]:
    """Return what a reader must know of the blocks of two audits."""
    if changes is None:
        return _not_compared(before, after)
    notes = []
    if changes.matched_by == "dates":
        notes.append(Note("compare_blocks_by_dates"))
    if changes.kept is None:
        notes.append(Note("compare_blocks_undated"))
    if changes.new or changes.gone:
        notes.append(Note("compare_blocks_named_once"))
    n_earlier = _n_came_earlier(changes, before.observed_at)
    if n_earlier:
        notes.append(Note("compare_blocks_came_earlier", count=n_earlier))
    how = [(one.blocks_examined, one.model_sha256, one.pattern) for one in (before, after)]
    if (changes.before or changes.after) and how[0] != how[1]:
        notes.append(Note("compare_blocks_signs_differ"))
    if changes.suspicious_share_lower_bound_difference:
        notes.append(Note("compare_blocks_bound_is_shown"))
    return tuple(notes)


def _not_compared(before: AuditSummary, after: AuditSummary) -> tuple[Note, ...]:
    without = [name for name, one in (("before", before), ("after", after)) if one.blocks_lower_bound is None]
    # Of two audits without blocks, and of two platforms, other notes tell enough.
    return (Note(f"compare_blocks_missing_{without[0]}"),) if len(without) == 1 else ()


def _n_came_earlier(changes: BlockChanges, seen: datetime | None) -> int:
    """Return how many new blocks hold followers who had come when the earlier list was seen."""
    last = [changes.after[index].followed_before for index in changes.new or ()]
    return 0 if seen is None else sum(one is not None and one <= seen for one in last)
