"""RawBatch: records of a source with cells still as written, columns still under the names of the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

K = TypeVar("K")

#: Rows of a batch; what fits a processor's cache is read and scored fastest.
BATCH_ROWS = 16_384


@dataclass(frozen=True, eq=False)
class RawBatch:
    """Consecutive records of a source.

    Attributes
    ----------
    table
        One row a record, columns under source names; null = not there, an empty text = there and empty.
    first_row
        Number of the first record, counted from 1.
    reasons
        Reject reason of each record, null = fine; None when all are fine.
    lines
        Line where each record begins, shape (n,); None when the source has no lines.
    counts
        Records per note code, for instance ``text_repaired``.
    faults
        (source column, code) to cells that were blanked here already.
    newest_first
        Whether these records stand in a list that is known to begin with the newest follower.
    """

    table: pa.Table
    first_row: int
    reasons: pa.Array | None = None
    lines: NDArray[np.int64] | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    faults: Mapping[tuple[str, str], int] = field(default_factory=dict)
    newest_first: bool = False

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def as_piece(self) -> Piece:
        """Return the records without their numbers and faults."""
        lines = np.zeros(len(self), np.int64) if self.lines is None else self.lines
        reasons = null_reasons(len(self)) if self.reasons is None else self.reasons
        return Piece(self.table, reasons, lines, self.counts)

    @property
    def row_numbers(self) -> NDArray[np.int64]:
        """Record numbers, counted from 1."""
        return np.arange(self.first_row, self.first_row + len(self), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Piece:
    """Some records on their way into a batch: as `RawBatch`, with all parts present."""

    table: pa.Table
    reasons: pa.Array
    lines: NDArray[np.int64]
    counts: Mapping[str, int] = field(default_factory=dict)


def null_reasons(n: int) -> pa.Array:
    """Return reject reasons for `n` records that are fine."""
    return pa.nulls(n, pa.string())


def text_table(columns: Mapping[str, list[str | None]], n: int) -> pa.Table:
    """Return a table of text columns with `n` rows, also when there are no columns."""
    arrays = {name: pa.array(cells, pa.large_string()) for name, cells in columns.items()}
    return table_of(arrays, n)


def table_of(arrays: Mapping[str, pa.Array], n: int) -> pa.Table:
    """Return a table that keeps its number of rows even without columns."""
    if arrays:
        return pa.table(dict(arrays))
    return pa.table({"": pa.nulls(n)}).select([])


def regroup(pieces: Iterable[Piece], batch_rows: int) -> Iterator[RawBatch]:
    """Cut pieces of any size into batches of exactly `batch_rows` records, the last one smaller."""
    waiting: list[Piece] = []
    n_waiting = 0
    next_row = 1
    for piece in pieces:
        waiting.append(piece)
        n_waiting += piece.table.num_rows
        if n_waiting < batch_rows:
            continue
        joined = _join(waiting)
        n_full = n_waiting // batch_rows * batch_rows
        for start in range(0, n_full, batch_rows):
            yield _batch(joined, start, batch_rows, next_row)
            next_row += batch_rows
        counts_given = n_full > 0
        rest = _slice(joined, n_full, n_waiting - n_full, counts={} if counts_given else joined.counts)
        waiting = [rest]
        n_waiting -= n_full
    if n_waiting or (waiting and any(piece.counts for piece in waiting)):
        yield _batch(_join(waiting), 0, n_waiting, next_row)


def join_small(batches: Iterable[RawBatch], batch_rows: int) -> Iterator[RawBatch]:
    """Join neighbouring batches to at most `batch_rows` records, for each batch has a price of its own.

    A column that one of them lacks is null in its records. Batches that hold cells of different types under one name
    stay apart.

    Examples
    --------
    >>> parts = [RawBatch(text_table({"handle": [name]}, 1), row) for row, name in enumerate("abc", start=1)]
    >>> [(one.first_row, len(one)) for one in join_small(parts, 2)]
    [(1, 2), (3, 1)]
    """
    waiting: list[RawBatch] = []
    types: dict[str, pa.DataType] = {}
    n_waiting = 0
    for batch in batches:
        own = {one.name: one.type for one in batch.table.schema if not pa.types.is_null(one.type)}
        is_alike = all(types.get(name, of_cells) == of_cells for name, of_cells in own.items())
        if waiting and (
            not is_alike or n_waiting + len(batch) > batch_rows or (waiting[0].lines is None) != (batch.lines is None)
        ):
            yield _joined(waiting)
            waiting, types, n_waiting = [], {}, 0
        waiting.append(batch)
        types.update(own)
        n_waiting += len(batch)
        if n_waiting >= batch_rows:  # nothing is held back that is full
            yield _joined(waiting)
            waiting, types, n_waiting = [], {}, 0
    if waiting:
        yield _joined(waiting)


def _joined(batches: Sequence[RawBatch]) -> RawBatch:
    if len(batches) == 1:
        return batches[0]
    n = sum(map(len, batches))
    table = pa.concat_tables([batch.table for batch in batches], promote_options="default")
    reasons = None
    if any(batch.reasons is not None for batch in batches):
        reasons = pa.concat_arrays([null_reasons(len(one)) if one.reasons is None else one.reasons for one in batches])
    lines = [batch.lines for batch in batches if batch.lines is not None]
    return RawBatch(
        table.combine_chunks() if table.column_names else table_of({}, n),
        batches[0].first_row,
        reasons,
        np.concatenate(lines) if lines else None,
        _sum(batch.counts for batch in batches),
        _sum(batch.faults for batch in batches),
        all(batch.newest_first for batch in batches),
    )


def _sum(counts: Iterable[Mapping[K, int]]) -> dict[K, int]:
    total: Counter[K] = Counter()
    for one in counts:
        total.update(one)
    return dict(total)


def _join(pieces: list[Piece]) -> Piece:
    if len(pieces) == 1:
        return pieces[0]
    return Piece(
        pa.concat_tables([piece.table for piece in pieces]),
        pa.concat_arrays([piece.reasons for piece in pieces]),
        np.concatenate([piece.lines for piece in pieces]),
        _sum(piece.counts for piece in pieces),
    )


def _slice(piece: Piece, start: int, length: int, *, counts: Mapping[str, int]) -> Piece:
    return Piece(
        piece.table.slice(start, length),
        piece.reasons.slice(start, length),
        piece.lines[start : start + length],
        counts,
    )


def _batch(piece: Piece, start: int, length: int, first_row: int) -> RawBatch:
    part = _slice(piece, start, length, counts=piece.counts if start == 0 else {})
    reasons = part.reasons if part.reasons.null_count < length else None
    return RawBatch(part.table.combine_chunks(), first_row, reasons, part.lines, part.counts)
