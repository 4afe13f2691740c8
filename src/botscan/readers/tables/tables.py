"""Delimited tables: from blocks of text to cells, every record kept or rejected with a reason."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from botscan.errors import FormatError
from botscan.readers.containers.encodings import TextBlock, behind, count_lines, join
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits
from botscan.readers.raw import Piece, null_reasons, text_table
from botscan.readers.tables.clean_blocks import CleanBlock, read_clean_block
from botscan.readers.tables.delimited import Inside, Scan, find_record_end, is_blank, split_cells

#: A larger block holds one long record, which is cheaper to read exactly.
_LARGEST_CLEAN_BLOCK = 8 << 20
#: Characters of a cell that are kept; far beyond every column's own limit, which is applied and told later.
_LONGEST_CELL = 1 << 20


@dataclass(frozen=True)
class TableLayout:
    """What is known of a delimited table before its records are read.

    Attributes
    ----------
    source
        Name for messages.
    delimiter
        One character.
    n_columns
        Cells of the header.
    wanted
        Name and position of the columns to read.
    first_line
        Number of the first line of the text that is given.
    """

    source: str
    delimiter: str
    n_columns: int
    wanted: tuple[tuple[str, int], ...]
    first_line: int = 1


@dataclass(frozen=True)
class _Record:
    """One record: where it stands, and its cells or the reason why it has none."""

    line: int
    start: int
    cells: list[str] | None
    reason: str | None = None


def _not_cut() -> bool:
    return False


def read_table(
    blocks: Iterable[TextBlock],
    layout: TableLayout,
    *,
    is_cut: Callable[[], bool] = _not_cut,
    limits: Limits = DEFAULT_LIMITS,
    allow_fast: bool = True,
) -> Iterator[Piece]:
    """Yield the records below the header, in pieces of about a block.

    Parameters
    ----------
    blocks
        The whole text, header included.
    layout
        From the header.
    is_cut
        Asked at the end: whether the data were cut short, so that a last record without a line end is partial.
    limits
        Longest record.
    allow_fast
        Whether clean blocks may go to Arrow's parser. The result is the same; tests compare both.

    Raises
    ------
    FormatError
        A quote is still open at the end.
    """
    return _TableReader(layout, limits, allow_fast=allow_fast).pieces(blocks, is_cut)


def first_record(data: bytes, delimiter: str, *, is_all: bool) -> tuple[bytes, Scan]:
    """Return the first record that is not blank, and where it ends; blank lines before it are skipped.

    Parameters
    ----------
    data
        The start of the text.
    delimiter
        One character.
    is_all
        Whether `data` is the whole text, so that a record may end without a line end.
    """
    mark = delimiter.encode()
    start = 0
    while True:
        scan = find_record_end(data, start, mark)
        record = data[start : scan.end]
        if not is_blank(record, mark):
            is_whole = scan.next_start >= 0 or (is_all and scan.inside is not Inside.QUOTES)
            return (record if is_whole else b""), scan
        if scan.next_start < 0:
            return b"", scan
        start = scan.next_start


class _TableReader:
    """State of one pass: the line reached, and whether a record that is too long is being skipped."""

    def __init__(self, layout: TableLayout, limits: Limits, *, allow_fast: bool) -> None:
        self._layout = layout
        self._limits = limits
        self._allow_fast = allow_fast
        self._delimiter = layout.delimiter.encode()
        self._line = layout.first_line
        self._is_header_read = False
        self._skipping: Inside | None = None
        self._skipped_line = 0

    def pieces(self, blocks: Iterable[TextBlock], is_cut: Callable[[], bool]) -> Iterator[Piece]:
        waiting: list[TextBlock] = []
        n_waiting = retry_at = 0
        for one in blocks:
            waiting.append(one)
            n_waiting += len(one.data)
            if n_waiting < retry_at:
                continue
            block = join(waiting)
            waiting.clear()  # a long record stands in memory once
            rest = yield from self._read(block)
            waiting, n_waiting = [rest], len(rest.data)
            # The end of a long record is looked for again when twice as much is there: linear in its length.
            retry_at = min(2 * n_waiting, self._limits.record_bytes)
        rest = join(waiting) if waiting else TextBlock(b"")
        yield from self._read_last(rest, cut=is_cut())

    def _read(self, block: TextBlock) -> Generator[Piece, None, TextBlock]:
        """Yield the whole records of a block; return what is left of it."""
        if self._skipping is not None:
            block = yield from self._skip_on(block)
        if not self._is_header_read:
            block = self._behind_header(block)
            if not self._is_header_read:
                return block
        clean = None
        if self._allow_fast and len(block.data) <= _LARGEST_CLEAN_BLOCK:
            clean = read_clean_block(
                block.data,
                self._delimiter,
                self._layout.n_columns,
                self._layout.wanted,
                longest=self._limits.record_bytes,
            )
        if clean is not None:
            yield self._clean_piece(clean, block)
            return self._advance(block, clean.length)
        records, used = self._whole_records(block.data)
        if records:
            yield self._piece(records, block)
        rest = self._advance(block, used)
        if len(rest.data) > self._limits.record_bytes:
            self._skipping = find_record_end(rest.data, 0, self._delimiter).inside
            self._skipped_line = self._line
            return self._advance(rest, len(rest.data))
        return rest

    def _read_last(self, block: TextBlock, *, cut: bool) -> Iterator[Piece]:
        """Yield the record that ends without a line end, if there is one."""
        rest = yield from self._read(block)
        if self._skipping is not None:
            yield self._piece([_Record(self._skipped_line, 0, None, "too_long")], rest)
        elif self._is_header_read and not is_blank(rest.data, self._delimiter):
            scan = find_record_end(rest.data, 0, self._delimiter)
            if cut:
                yield self._piece([_Record(self._line, 0, None, "truncated")], rest)
            elif scan.inside is Inside.QUOTES:
                raise open_quote(rest.data, scan, self._line, source=self._layout.source)
            else:
                yield self._piece([self._record(rest.data, 0, scan.end, self._line)], rest)

    def _advance(self, block: TextBlock, length: int) -> TextBlock:
        self._line += count_lines(block.data[:length])
        return behind(block, length)

    def _behind_header(self, block: TextBlock) -> TextBlock:
        record, scan = first_record(block.data, self._layout.delimiter, is_all=False)
        if not record:
            return block
        self._is_header_read = True
        return self._advance(block, scan.next_start)

    def _skip_on(self, block: TextBlock) -> Generator[Piece, None, TextBlock]:
        """Look for the end of a record that is too long, without keeping it."""
        assert self._skipping is not None
        scan = find_record_end(block.data, 0, self._delimiter, inside=self._skipping)
        if scan.next_start < 0:
            self._skipping = scan.inside
            return self._advance(block, len(block.data))
        self._skipping = None
        yield self._piece([_Record(self._skipped_line, 0, None, "too_long")], TextBlock(b""))
        return self._advance(block, scan.next_start)

    def _whole_records(self, data: bytes) -> tuple[list[_Record], int]:
        """Return the records that end within the data, and how many bytes they take."""
        records: list[_Record] = []
        position, line = 0, self._line
        while True:
            scan = find_record_end(data, position, self._delimiter)
            if scan.next_start < 0:
                return records, position
            if not is_blank(data[position : scan.end], self._delimiter):
                records.append(self._record(data, position, scan.end, line))
            line += count_lines(data[position : scan.next_start])
            position = scan.next_start

    def _record(self, data: bytes, start: int, end: int, line: int) -> _Record:
        if end - start > self._limits.record_bytes:
            return _Record(line, start, None, "too_long")
        cells = split_cells(str(memoryview(data)[start:end], "utf-8"), self._layout.delimiter)
        n_columns = self._layout.n_columns
        while len(cells) > n_columns and cells[-1] == "":
            cells.pop()
        if len(cells) != n_columns:
            return _Record(line, start, None, "wrong_cell_count")
        if end - start > _LONGEST_CELL:
            cells = [cell[:_LONGEST_CELL] for cell in cells]
        return _Record(line, start, cells)

    def _piece(self, records: list[_Record], block: TextBlock) -> Piece:
        columns: dict[str, list[str | None]] = {
            name: [record.cells[position] if record.cells is not None else None for record in records]
            for name, position in self._layout.wanted
        }
        starts = np.array([record.start for record in records], dtype=np.int64)
        return Piece(
            text_table(columns, len(records)),
            pa.array([record.reason for record in records], pa.string()),
            np.array([record.line for record in records], dtype=np.int64),
            _count_repaired(block, starts, len(block.data)),
        )

    def _clean_piece(self, clean: CleanBlock, block: TextBlock) -> Piece:
        return Piece(
            clean.table,
            null_reasons(clean.table.num_rows),
            self._line + clean.line_of_row,
            _count_repaired(block, clean.starts, clean.length),
        )


def _count_repaired(block: TextBlock, starts: NDArray[np.int64], end: int) -> dict[str, int]:
    """Count the records in which a bad byte was replaced."""
    repairs = np.array([offset for offset in block.repairs if offset < end], dtype=np.int64)
    rows = np.searchsorted(starts, repairs, side="right")
    n_repaired = np.unique(rows[rows > 0]).size
    return {"text_repaired": n_repaired} if n_repaired else {}


def open_quote(data: bytes, scan: Scan, line: int, *, source: str) -> FormatError:
    """Return the error of a quote that never closes; `line` is where `data` begins."""
    opened = line + count_lines(data[: max(scan.quote_at, 0)])
    return FormatError(
        f'The quote (") that opens in line {opened} is never closed, so it is not known where that record ends.',
        source=source,
        remedy='Close it, or write quotes inside text twice ("").',
    )
