"""JSON sources: from frames of text to batches of cells, every record kept or rejected with a reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson

from botscan.readers.delimited import count_lines
from botscan.readers.encodings import TextBlock
from botscan.readers.files import DEFAULT_LIMITS, Limits
from botscan.readers.formats.format import Json, RecordMap, at
from botscan.readers.headers import kind_of_header
from botscan.readers.json_cells import json_cells
from botscan.readers.json_frames import Frame, cut_frames, cut_values
from botscan.readers.json_rows import JsonRows
from botscan.readers.json_values import MOST_DEPTH, Value, has_long_number, parse_value, with_short_strings
from botscan.readers.raw import BATCH_ROWS, RawBatch, table_of
from botscan.schema import ACCOUNT_COLUMN, Kind

#: Distinct keys that are remembered.
_MOST_KEYS = 10_000
#: Bytes of a frame whose strings are cut at `_LONGEST_STRING`, far beyond every column's own limit.
_LONG_FRAME = 4 << 20
_LONGEST_STRING = 1 << 20
_TAIL = 19  # bytes of a long number that may go on in the next block
_ENDS = (b"}", b"]", b'"')
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class JsonLayout:
    """What is known of a JSON source before its records are read.

    Attributes
    ----------
    records
        Where records stand and what their keys mean.
    framing
        ``lines`` or ``values``.
    asked
        Canonical column to key or path (``a.b``) that the caller named.
    """

    records: RecordMap
    framing: str
    asked: Mapping[str, str] = field(default_factory=dict)


class JsonReader:
    """Reads one JSON source, once.

    Attributes
    ----------
    complete
        Behind the end: whether the last page said that it was the last one.
    cut_line
        Behind the end: line at which the data end inside a record or list; 0 when they end well.
    n_frames
        Records seen by `values`.
    keys
        Keys of account objects, in order of their first place; about the first `_MOST_KEYS`.
    """

    def __init__(self, layout: JsonLayout, *, limits: Limits = DEFAULT_LIMITS) -> None:
        self._layout = layout
        self._limits = limits
        self._may_be_long = False
        self._counts: Counter[str] = Counter()
        self._is_newest_first = True
        self._kinds: dict[str, Kind | None] = {}
        keys = "|".join(map(re.escape, layout.records.list_keys))
        self._page_list = re.compile(rf'"({keys})"\s*:\s*\['.encode()) if keys else None
        self.complete: bool | None = None
        self.cut_line = 0
        self.n_frames = 0
        self.keys: dict[str, None] = {}
        self._rows = JsonRows(self._columns_of)

    def batches(self, blocks: Iterable[TextBlock], batch_rows: int = BATCH_ROWS) -> Iterator[RawBatch]:
        """Yield all records, `batch_rows` at a time."""
        next_row = 1
        rows = self._rows
        for frame in cut_frames(self._watched(blocks), self._layout.framing, limits=self._limits):
            if not self._add_plain(frame):
                self._add(frame)
            while len(rows) >= batch_rows:
                yield self._batch(batch_rows, next_row)
                next_row += batch_rows
        if len(rows) or self._counts:
            yield self._batch(batch_rows, next_row)

    def values(self, blocks: Iterable[TextBlock]) -> Iterator[Json]:
        """Yield the JSON objects of the source, damaged pages mended, to recognise the format by."""
        for frame in cut_frames(self._watched(blocks), self._layout.framing, limits=self._limits):
            self.n_frames += frame.flaw != "cut"
            if frame.flaw in ("too_long", "cut"):
                continue
            value = parse_value(frame.data)
            if isinstance(value.value, dict):
                yield value.value
            elif value.flaw is not None:
                yield from (page.value for _, page in self._pages_within(frame) or () if page and page.value)

    def _watched(self, blocks: Iterable[TextBlock]) -> Iterator[TextBlock]:
        """Note once that long numbers may occur; the exact parser then looks at each record for them."""
        tail = b""
        for block in blocks:
            if not self._may_be_long:
                self._may_be_long = has_long_number(block.data) or has_long_number(tail + block.data[:_TAIL])
                tail = (tail + block.data[-_TAIL:])[-_TAIL:]
            yield block

    def _add_plain(self, frame: Frame) -> bool:
        """Add the account object of a frame in the short way; False when there is anything unusual about it."""
        data = frame.data
        if frame.flaw is not None or frame.is_repaired or self._may_be_long or len(data) > _LONG_FRAME:
            return False
        if data.count(b"{") + data.count(b"[") > MOST_DEPTH:
            return False
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError:
            return False
        if type(value) is not dict or self._layout.records.unpack(value) is not None:
            return False
        self._is_newest_first = False
        self._rows.add(value, frame.line)
        return True

    def _add(self, frame: Frame) -> None:
        """Add all records of a frame."""
        if frame.flaw == "cut":
            self.cut_line = frame.line
        elif frame.flaw == "too_long":
            self._rows.reject("too_long", frame.line)
        else:
            value = parse_value(frame.data, may_be_long=self._may_be_long)
            if len(frame.data) > _LONG_FRAME:
                value = value._replace(value=with_short_strings(value.value, _LONGEST_STRING))
            if value.flaw is None and frame.flaw != "bad_json":
                self._add_value(value, frame)
            else:
                self._save(frame, value.flaw or "bad_json")

    def _add_value(self, value: Value, frame: Frame) -> None:
        self._count("not_a_number", value.not_a_number)
        self._count("duplicate_keys", value.duplicate_keys)
        is_repaired = value.is_repaired or frame.is_repaired
        unpacked = self._layout.records.unpack(value.value) if isinstance(value.value, dict) else None
        if unpacked is None:
            self._is_newest_first = False
            self._count("text_repaired", is_repaired)
            self._rows.add(value.value, frame.line)
            return
        if is_repaired:
            self._count("text_repaired", max(1, sum(_REPLACEMENT in repr(record) for record in unpacked.records)))
        self._is_newest_first &= unpacked.newest_first
        if unpacked.complete is not None:
            self.complete = unpacked.complete
        reasons = unpacked.reasons or [None] * len(unpacked.records)
        for record, reason in zip(unpacked.records, reasons, strict=True):
            if reason is None:
                self._rows.add(record, frame.line)
            else:
                self._rows.reject(reason, frame.line)

    def _count(self, code: str, n: int) -> None:
        if n:
            self._counts[code] += int(n)

    def _save(self, frame: Frame, flaw: str) -> None:
        """Add what is whole in a stretch that does not parse, and one rejected row for each part that is not."""
        is_cut = frame.flaw == "truncated" and _is_open(frame.data)
        if is_cut:
            self.cut_line = frame.line + count_lines(frame.data)
        pages = self._pages_within(frame)
        if pages is not None:
            self._count("page_damaged", 1)
            self._is_newest_first = False
            for part, value in pages:
                if part.flaw == "cut":
                    self.cut_line = part.line
                elif value is None or value.flaw is not None:
                    self._rows.reject(part.flaw or (value.flaw if value else None) or "bad_json", part.line)
                else:
                    self._add_value(value, part)
            return
        parts = _values_in_a_row(frame)
        if parts is None:
            self._rows.reject("truncated" if is_cut else flaw, frame.line)
            return
        for part, value in parts:
            self._add_value(value, part)

    def _pages_within(self, frame: Frame) -> Iterator[tuple[Frame, Value | None]] | None:
        """Return the elements of the list in a damaged page, each as a page of its own; None when it holds no list."""
        found = self._page_list.search(frame.data) if self._page_list is not None else None
        if found is None:
            return None
        line = frame.line + count_lines(frame.data[: found.end()])
        rest = TextBlock(frame.data[found.end() :])
        key = found.group(1).decode()
        return (
            (part, _page_of(part, key))
            for part in cut_values([rest], limits=self._limits, first_line=line, in_array=True)
        )

    def _batch(self, n: int, first_row: int) -> RawBatch:
        rows = self._rows.take(n)
        arrays, faults = {}, {}
        for name, values in rows.columns.items():
            cells = json_cells(values, self._kind(name))
            if cells is not None:
                arrays[name] = cells[0]
                faults.update({(name, code): n for code, n in cells[1].items()})
        counts = dict(self._counts)
        self._counts.clear()
        return RawBatch(
            table_of(arrays, len(rows)),
            first_row,
            rows.reasons,
            np.array(rows.lines, dtype=np.int64),
            counts,
            faults,
            self._is_newest_first,
        )

    def _columns_of(self, records: Sequence[Json]) -> dict[str, list[Any]]:
        """Take the values of every column that may be needed from account objects."""
        fields = self._layout.records.fields
        columns = {one.column: one.values(records) for one in fields} if fields else self._generic_columns(records)
        for path in self._layout.asked.values():
            columns[path] = _asked_values(path, records)
        return columns

    def _generic_columns(self, records: Sequence[Json]) -> dict[str, list[Any]]:
        """Take the values under every key that a canonical column may be read from."""
        # Few records differ in their keys, so keys are looked at once a set of them.
        for keys in dict.fromkeys(map(tuple, records)):
            if len(self.keys) < _MOST_KEYS:
                self.keys.update(dict.fromkeys(keys))
        known = [key for key in self.keys if self._kind_of_key(key) is not None]
        return {key: [record.get(key) for record in records] for key in known}

    def _kind_of_key(self, key: str) -> Kind | None:
        if key in self._kinds:
            return self._kinds[key]
        kind = kind_of_header(key)
        if len(self._kinds) < _MOST_KEYS:
            self._kinds[key] = kind
        return kind

    def _kind(self, name: str) -> Kind:
        """Return the kind of a source column: named by the caller, canonical, or a synonym."""
        column = next((column for column, path in self._layout.asked.items() if path == name), name)
        if column in ACCOUNT_COLUMN:
            return ACCOUNT_COLUMN[column].kind
        kind = self._kind_of_key(name)
        assert kind is not None
        return kind


def _page_of(part: Frame, key: str) -> Value | None:
    if part.flaw in ("cut", "too_long", "bad_json"):
        return None
    if part.flaw == "truncated" and part.data[-1:] not in _ENDS:
        return None  # a number at the end of the data may have lost digits
    value = parse_value(part.data)
    return value if value.flaw is not None else value._replace(value={key: [value.value]})


def _is_open(data: bytes) -> bool:
    """Whether the text ends inside a value."""
    return any(part.flaw == "cut" for part in cut_values([TextBlock(data)]))


def _values_in_a_row(frame: Frame) -> list[tuple[Frame, Value]] | None:
    """Return the values of a line that holds several, one behind the other; None when it is not that."""
    parts = [part for part in cut_values([TextBlock(frame.data)], first_line=frame.line) if part.flaw != "cut"]
    values = [parse_value(part.data) for part in parts]
    if len(parts) < 2 or any(value.flaw is not None for value in values):
        return None
    return list(zip(parts, values, strict=True))


def _asked_values(path: str, records: Sequence[Json]) -> list[Any]:
    """Take what stands under a key or, where there is no such key, at a path of keys parted by points."""
    plain = [record.get(path) for record in records]
    return (
        plain
        if "." not in path
        else [
            inner if value is None else value for value, inner in zip(plain, at(*path.split("."))(records), strict=True)
        ]
    )
