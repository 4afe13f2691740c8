"""RawStream: one pass over a recognised source, whatever it is, as batches of raw cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from botscan.notes import Note
from botscan.readers.encodings import text_blocks
from botscan.readers.files import DEFAULT_LIMITS, Limits, Source
from botscan.readers.formats import Format
from botscan.readers.formats.format import RecordMap
from botscan.readers.gzip_stream import Expanded
from botscan.readers.headers import kind_of_header
from botscan.readers.json_records import JsonLayout, JsonReader
from botscan.readers.parquet import ParquetReader
from botscan.readers.raw import BATCH_ROWS, RawBatch, regroup
from botscan.readers.recognise import Recognised
from botscan.readers.tables import TableLayout, read_table


class RawStream:
    """One pass over a source; iterate once, then ask for the notes.

    Parameters
    ----------
    source, recognised
        What is read, and as what.
    column_map
        Canonical column to header, key or path, named by the caller.
    wanted
        Headers to read of a table; None reads every one that may stand for a canonical column.
    limits, batch_rows
        Largest record; records a batch.

    Attributes
    ----------
    complete
        Behind the end: whether the source said that the list is whole.
    keys
        Behind the end, for JSON without a signature: keys of the account objects, in order of their first place.
    """

    def __init__(
        self,
        source: Source,
        recognised: Recognised,
        *,
        column_map: Mapping[str, str],
        wanted: Sequence[str] | None = None,
        limits: Limits = DEFAULT_LIMITS,
        batch_rows: int = BATCH_ROWS,
    ) -> None:
        self._source = source
        self._recognised = recognised
        self._column_map = column_map
        self._wanted = wanted
        self._limits = limits
        self._batch_rows = batch_rows
        self._notes: list[Note] = []
        self.complete: bool | None = None
        self.keys: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[RawBatch]:
        before = self._source.stamp()
        if self._recognised.holds == "parquet":
            yield from self._parquet()
        else:
            yield from self._text()
        if self._source.stamp() != before:
            self._notes.append(Note("input_changed"))

    @property
    def notes(self) -> tuple[Note, ...]:
        """What happened on the way: damage of the container, not of cells."""
        return tuple(self._notes)

    def _parquet(self) -> Iterator[RawBatch]:
        reader = ParquetReader(self._source, limits=self._limits)
        try:
            wanted = self._columns_to_read()
            for name in reader.unreadable(wanted):
                self._notes.append(Note("column_type_unknown", numbers={"header": name}))
            yield from reader.batches(wanted, self._batch_rows)
        finally:
            reader.close()

    def _text(self) -> Iterator[RawBatch]:
        expanded = Expanded(self._source, limits=self._limits)
        encoding = self._recognised.encoding
        assert encoding is not None
        blocks = text_blocks(expanded, encoding, source=self._source.name)
        if self._recognised.holds == "json":
            records = _records_of(self._recognised.format)
            layout = JsonLayout(records, self._recognised.framing or "lines", self._column_map)
            reader = JsonReader(layout, limits=self._limits)
            yield from reader.batches(blocks, self._batch_rows)
            self.complete, self.keys = reader.complete, tuple(reader.keys)
            if reader.cut_line:
                self._notes.append(Note("cut_at_line", numbers={"line": reader.cut_line}))
        else:
            pieces = read_table(blocks, self._table_layout(), is_cut=lambda: expanded.cut_short, limits=self._limits)
            yield from regroup(pieces, self._batch_rows)
        if expanded.cut_short:
            self._notes.append(Note("gzip_cut_short"))
        if expanded.trailing_garbage:
            self._notes.append(Note("gzip_trailing_garbage"))

    def _table_layout(self) -> TableLayout:
        headers = self._recognised.headers
        wanted = set(self._columns_to_read())
        delimiter = self._recognised.delimiter
        assert delimiter is not None
        positions = {header: position for position, header in reversed(list(enumerate(headers))) if header in wanted}
        columns = sorted(positions.items(), key=lambda pair: pair[1])
        return TableLayout(self._source.name, delimiter, len(headers), tuple(columns))

    def _columns_to_read(self) -> list[str]:
        headers = self._recognised.headers
        if self._wanted is not None:
            return [header for header in headers if header in set(self._wanted)]
        asked = {text.strip() for text in self._column_map.values()}
        known = [header for header in headers if kind_of_header(header) is not None or header.strip() in asked]
        return list(dict.fromkeys(known))


def _records_of(format_: Format) -> RecordMap:
    assert format_.accounts is not None
    return format_.accounts
