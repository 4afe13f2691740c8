"""RawStream: one pass over the recognised parts of one list, whatever they are, as batches of raw cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from botscan.notes import Note, once_each
from botscan.readers.choose import Wishes
from botscan.readers.containers.encodings import TextBlock, skip_start, text_blocks
from botscan.readers.containers.expand import Expanded
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits, Source
from botscan.readers.format import RecordMap
from botscan.readers.objects.json_records import JsonReader
from botscan.readers.objects.record_taker import RecordTaker
from botscan.readers.raw import BATCH_ROWS, Piece, RawBatch, join_small, regroup
from botscan.readers.recognise import Recognised, count_headers
from botscan.readers.tables.line_list import read_lines
from botscan.readers.tables.parquet import ParquetReader
from botscan.readers.tables.repeated_headers import without_headers
from botscan.readers.tables.row_objects import rows_as_objects
from botscan.readers.tables.tables import TableLayout, read_table
from botscan.readers.tables.title_rows import skip_lines
from botscan.readers.tables.workbook import WorkbookReader
from botscan.readers.words.headers import Vocabulary, make_vocabulary
from botscan.schema import RecordKind


class RawStream:
    """One pass over the parts of one list; iterate once, then ask for the notes.

    Parameters
    ----------
    parts
        What is read, and as what; all of one format.
    kind
        Kind of records that is wanted.
    column_map
        Canonical column to header, key or path, named by the caller.
    wanted
        Headers to read of a table; None reads every one that may stand for a canonical column.
    limits, batch_rows
        Largest record; records a batch. Small parts are joined to one batch.

    Attributes
    ----------
    complete
        Behind the end: whether the source said that the list is whole.
    keys
        Behind the end, for objects: their keys, in order of their first place.
    subjects
        Behind the end: accounts whose followers these are, as the source says.
    parts
        Behind the end: (number of the first record, name) of each part.
    """

    def __init__(
        self,
        parts: Sequence[tuple[Source, Recognised]],
        *,
        kind: RecordKind = "accounts",
        column_map: Mapping[str, str],
        wanted: Sequence[str] | None = None,
        limits: Limits = DEFAULT_LIMITS,
        batch_rows: int = BATCH_ROWS,
    ) -> None:
        records = parts[0][1].format.record_map(kind)
        assert records is not None
        self._sources = parts
        self._kind = kind
        self._records: RecordMap = records
        self._vocabulary: Vocabulary = make_vocabulary(kind, records)
        self._column_map = column_map
        self._wanted = wanted
        self._limits = limits
        self._batch_rows = batch_rows
        self._notes: list[Note] = []
        self._completes: list[bool] = []
        self.keys: tuple[str, ...] = ()
        self.subjects: dict[str, None] = {}
        self.parts: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[RawBatch]:
        return join_small(self._of_parts(), self._batch_rows)

    def _of_parts(self) -> Iterator[RawBatch]:
        next_row = 1
        for source, recognised in self._sources:
            self.parts.append((next_row, source.name))
            first_row = next_row
            before = source.stamp()
            for raw in self._part(source, recognised):
                yield raw if first_row == 1 else replace(raw, first_row=raw.first_row + first_row - 1)
                next_row += len(raw)
            if source.stamp() != before:
                self._notes.append(Note("input_changed"))

    @property
    def complete(self) -> bool | None:
        """Whether some page said that it is the last one; None when none told."""
        return any(self._completes) if self._completes else None

    @property
    def notes(self) -> tuple[Note, ...]:
        """What happened on the way: damage of the container, not of cells."""
        return once_each(self._notes)

    def _part(self, source: Source, recognised: Recognised) -> Iterator[RawBatch]:
        if recognised.holds == "parquet":
            return self._columnar(ParquetReader(source, limits=self._limits), recognised)
        if recognised.holds == "workbook":
            return self._columnar(self._workbook(source), recognised)
        return self._text(source, recognised)

    def _workbook(self, source: Source) -> WorkbookReader:
        wishes = Wishes(self._kind, column_map=self._column_map)
        return WorkbookReader(source, limits=self._limits, count=lambda headers: count_headers(headers, wishes))

    def _columnar(self, reader: ParquetReader | WorkbookReader, recognised: Recognised) -> Iterator[RawBatch]:
        try:
            wanted = self._columns_to_read(recognised.headers)
            for name in reader.unreadable(wanted):
                self._notes.append(Note("column_type_unknown", numbers={"header": name}))
            batches = reader.batches(wanted, self._batch_rows)
            yield from self._as_objects(map(_piece_of, batches), wanted) if self._records.fields else batches
            if isinstance(reader, WorkbookReader):
                self._notes += reader.notes
        finally:
            reader.close()

    def _text(self, source: Source, recognised: Recognised) -> Iterator[RawBatch]:
        expanded = Expanded(source, limits=self._limits)
        assert recognised.encoding is not None
        blocks = text_blocks(expanded, recognised.encoding, source=source.name)
        if recognised.skip_bytes:
            blocks = skip_start(blocks, recognised.skip_bytes)
        if recognised.skip_lines:
            blocks = skip_lines(blocks, recognised.skip_lines)
        if recognised.holds == "json":
            yield from self._json(blocks, recognised)
        elif recognised.holds == "lines":
            assert recognised.lines is not None
            pieces = read_lines(blocks, recognised.lines, is_cut=lambda: expanded.cut_short, limits=self._limits)
            yield from regroup(pieces, self._batch_rows)
        else:
            layout = self._table_layout(source, recognised)
            found = read_table(blocks, layout, is_cut=lambda: expanded.cut_short, limits=self._limits)
            pieces = (without_headers(piece, layout.n_columns) for piece in found)
            names = [name for name, _ in layout.wanted]
            yield from self._as_objects(pieces, names) if self._records.fields else regroup(pieces, self._batch_rows)
        if expanded.cut_short:
            self._notes.append(Note("compressed_cut_short"))
        if expanded.trailing_garbage:
            self._notes.append(Note("compressed_trailing_garbage"))

    def _json(self, blocks: Iterable[TextBlock], recognised: Recognised) -> Iterator[RawBatch]:
        taker = RecordTaker(self._records, self._vocabulary, self._column_map)
        reader = JsonReader(
            recognised.framing or "lines",
            list_keys=self._records.list_keys,
            scalar_key=recognised.scalar_key,
            limits=self._limits,
        )
        yield from reader.batches(blocks, taker, self._batch_rows)
        self._learn(taker)
        if reader.cut_line:
            self._notes.append(Note("cut_at_line", numbers={"line": reader.cut_line}))

    def _as_objects(self, pieces: Iterable[Piece], names: Sequence[str]) -> Iterator[RawBatch]:
        """Read the rows of a table as objects, for a format whose columns need more than a new name."""
        taker = RecordTaker(self._records, self._vocabulary, self._column_map)
        for piece in pieces:
            columns = [_values(piece.table[name]) for name in names]
            rows = zip(*columns, strict=True) if columns else iter([()] * piece.table.num_rows)
            objects = rows_as_objects(names, rows)
            reasons = piece.reasons.to_pylist()
            for code, n in piece.counts.items():
                taker.count(code, n)
            for one, reason, line in zip(objects, reasons, piece.lines.tolist(), strict=True):
                if reason is None:
                    taker.add(one, line)
                else:
                    taker.reject(reason, line)
            yield from taker.full_batches(self._batch_rows)
        yield from taker.last_batch()
        self._learn(taker)

    def _learn(self, taker: RecordTaker) -> None:
        self.keys = tuple(dict.fromkeys([*self.keys, *taker.keys]))
        self.subjects.update(taker.subjects)
        if taker.complete is not None:
            self._completes.append(taker.complete)

    def _table_layout(self, source: Source, recognised: Recognised) -> TableLayout:
        headers = recognised.headers
        wanted = set(self._columns_to_read(headers))
        assert recognised.delimiter is not None
        positions = {header: position for position, header in reversed(list(enumerate(headers))) if header in wanted}
        columns = sorted(positions.items(), key=lambda pair: pair[1])
        return TableLayout(
            source.name, recognised.delimiter, len(headers), tuple(columns), first_line=recognised.skip_lines + 1
        )

    def _columns_to_read(self, headers: Sequence[str]) -> list[str]:
        if self._records.fields:
            return list(dict.fromkeys(headers))
        if self._wanted is not None:
            return [header for header in headers if header in set(self._wanted)]
        asked = {text.strip() for text in self._column_map.values()}
        kind_of = self._vocabulary.kind_of
        known = [header for header in headers if kind_of(header) is not None or header.strip() in asked]
        return list(dict.fromkeys(known))


def _values(cells: pa.ChunkedArray) -> list[Any]:
    """Return cells as Python values; dates as text, for Arrow holds more of them than Python's calendar."""
    if pa.types.is_timestamp(cells.type) and cells.type.tz is not None:
        cells = cells.cast(pa.timestamp(cells.type.unit, "UTC"))
    is_date = pa.types.is_timestamp(cells.type) or pa.types.is_date(cells.type)
    return (cells.cast(pa.large_string()) if is_date else cells).to_pylist()


def _piece_of(raw: RawBatch) -> Piece:
    return raw.as_piece()
