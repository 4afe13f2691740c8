"""Look-up tables of one evidence pattern, laid out for whole batches: a score is additions of whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from botscan.features.extract import extract_matrix
from botscan.features.grid import MISSING, bin_codes
from botscan.scoring.memory import JointTables, Memory
from botscan.scoring.model import GROUPS, RESEMBLANCE, FeatureTable, PatternSection, PlatformSection, Thresholds

#: Reasons shown for one account, at most, in either direction.
N_REASONS = 3

_NO_GROUP = np.iinfo(np.int32).min
_REASON_LIST = pa.list_(pa.dictionary(pa.int16(), pa.string()))


@dataclass(frozen=True, eq=False)
class Lookup:
    """What scoring under one pattern needs, and nothing else.

    Attributes
    ----------
    features
        Features it reads, length f: the t with a table in summing order, then those that only pairs use.
    groups
        Index into `GROUPS` of each table, length t.
    points
        Steps per table and code, int32, shape (t, 256); the code of a missing field holds 0.
    spreads
        Largest minus smallest entry of each table, in steps, shape (t,).
    intercept
        Steps every score starts from.
    thresholds
        Lines of this pattern.
    memory
        Pairs that resemble batches of known sellers, as the card holds them; None where there are none.
    joint
        The same laid out for whole batches.
    memory_columns
        Index into `features` of each feature of `joint`.
    model_spread
        Sum of the spreads of all tables of the platform, in steps.
    least_known
        Known spread below which an account is not scored, in steps.
    """

    features: tuple[str, ...]
    groups: tuple[int, ...]
    points: NDArray[np.int32]
    spreads: NDArray[np.int32]
    intercept: int
    thresholds: Thresholds
    memory: Memory | None
    joint: JointTables | None
    memory_columns: tuple[int, ...]
    model_spread: int
    least_known: float

    @classmethod
    def of(cls, section: PlatformSection, pattern: PatternSection) -> Self:
        """Lay out the tables of one pattern of a platform."""
        tables = [table for table in section.tables if table.name in pattern.features]
        spreads = np.array([table.spread for table in tables], dtype=np.int32)
        # Of few columns no pair may be known.
        has_pairs = section.memory is not None and bool(section.memory.known_from(pattern.features))
        joint = JointTables.of(section.memory, pattern.features) if section.memory and has_pairs else None
        return cls(
            features=pattern.features,
            groups=tuple(GROUPS.index(table.group) for table in tables),
            points=_padded(tables),
            spreads=spreads,
            intercept=section.intercept,
            thresholds=pattern.thresholds,
            memory=section.memory if has_pairs else None,
            joint=joint,
            memory_columns=tuple(pattern.features.index(name) for name in joint.features) if joint else (),
            model_spread=sum(table.spread for table in section.tables),
            least_known=section.abstain_below * int(spreads.sum()),
        )

    @property
    def range(self) -> tuple[int, int]:
        """Lowest and highest score that any account can have, in steps."""
        from_memory = max(self.joint.highest, 0) if self.joint else 0
        return (
            self.intercept + int(self.points.min(axis=1).sum()),
            self.intercept + int(self.points.max(axis=1).sum()) + from_memory,
        )

    def codes(self, table: pa.Table) -> NDArray[np.uint8]:
        """Cut accounts into bins; uint8, shape (n, f)."""
        return bin_codes(extract_matrix(table, self.features), self.features)

    def look_up(self, codes: NDArray[np.uint8]) -> BatchScores:
        """Add up the points of a batch of bins, uint8, shape (n, f)."""
        n_rows = len(codes)
        by_group = np.zeros((len(GROUPS), n_rows), dtype=np.int32)
        known = np.zeros(n_rows, dtype=np.int32)
        for position, group in enumerate(self.groups):
            column = codes[:, position]
            by_group[group] += self.points[position].take(column)
            known += np.where(column == MISSING, 0, self.spreads[position])
        if self.joint is not None:
            # The pairs know a source, or they are silent: they never speak for an account.
            by_group[GROUPS.index(RESEMBLANCE)] = np.maximum(self.memory_sums(codes), 0)
        return BatchScores(
            steps=self.intercept + by_group.sum(axis=0, dtype=np.int32),
            by_group=by_group,
            known_share=known / max(self.model_spread, 1),
            is_scored=(known >= self.least_known) & (known > 0),
        )

    def memory_sums(self, codes: NDArray[np.uint8]) -> NDArray[np.int32]:
        """Add up the pairs of a batch of bins, in steps, shape (n,); 0 where there are no pairs."""
        if self.joint is None:
            return np.zeros(len(codes), dtype=np.int32)
        return self.joint.add_up([codes[:, position] for position in self.memory_columns])


@dataclass(frozen=True, eq=False)
class BatchScores:
    """Scores of one batch of n accounts.

    Attributes
    ----------
    steps
        Score in steps of 0.05 log-odds, int32, shape (n,).
    by_group
        Steps per group of features, int32, shape (len(GROUPS), n).
    known_share
        Share of the model's spread on known fields, in [0, 1], shape (n,).
    is_scored
        Whether enough is known for a score, shape (n,).
    """

    steps: NDArray[np.int32]
    by_group: NDArray[np.int32]
    known_share: NDArray[np.float64]
    is_scored: NDArray[np.bool_]

    @classmethod
    def unknown(cls, n_rows: int) -> Self:
        """Return what is said about accounts of a list that no pattern fits: nothing."""
        return cls(
            steps=np.zeros(n_rows, dtype=np.int32),
            by_group=np.zeros((len(GROUPS), n_rows), dtype=np.int32),
            known_share=np.zeros(n_rows),
            is_scored=np.zeros(n_rows, dtype=np.bool_),
        )

    def reasons(self, *, is_shown: NDArray[np.bool_]) -> pa.Array:
        """Return the groups that speak most for signs of inauthenticity, as Arrow lists; null where not shown."""
        return _largest_groups(self.by_group, is_shown)

    def counter_evidence(self, *, is_shown: NDArray[np.bool_]) -> pa.Array:
        """Return the groups that speak most against, as Arrow lists; null where not shown."""
        return _largest_groups(-self.by_group, is_shown)


def _padded(tables: list[FeatureTable]) -> NDArray[np.int32]:
    points = np.zeros((len(tables), MISSING + 1), dtype=np.int32)
    for position, table in enumerate(tables):
        points[position, : len(table.steps)] = table.steps
    points.flags.writeable = False
    return points


def _largest_groups(sums: NDArray[np.int32], is_shown: NDArray[np.bool_]) -> pa.Array:
    """Return per column the groups with the largest positive sums, largest first; ties in the order of `GROUPS`."""
    n_groups, n_rows = sums.shape
    # Sum and rank in one number: the maximum of a column then names its group, and ties have an order.
    keys = sums * n_groups + np.arange(n_groups - 1, -1, -1, dtype=np.int32)[:, None]
    winners = np.empty((n_rows, N_REASONS), dtype=np.int16)
    is_reason = np.empty((n_rows, N_REASONS), dtype=np.bool_)
    rows = np.arange(n_rows)
    for rank in range(N_REASONS):
        best = keys.max(axis=0)
        group = n_groups - 1 - best % n_groups
        winners[:, rank] = group
        is_reason[:, rank] = (best >= n_groups) & is_shown
        keys[group, rows] = _NO_GROUP + n_groups
    offsets = np.zeros(n_rows + 1, dtype=np.int32)
    np.cumsum(is_reason.sum(axis=1), out=offsets[1:])
    values = pa.DictionaryArray.from_arrays(pa.array(winners[is_reason]), pa.array(GROUPS, pa.string()))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values, type=_REASON_LIST, mask=pa.array(~is_shown))
