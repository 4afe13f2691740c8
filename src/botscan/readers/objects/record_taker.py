"""RecordTaker: objects, of JSON or of the rows of a table, become batches of cells by the map of a format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from botscan.readers.format import Json, RecordMap, Unpacked, at
from botscan.readers.objects.json_cells import json_cells
from botscan.readers.objects.json_rows import JsonRows
from botscan.readers.raw import RawBatch, table_of
from botscan.readers.words.headers import Vocabulary
from botscan.schema import Kind

#: Distinct keys that are remembered.
_MOST_KEYS = 10_000
#: Distinct subjects that are remembered.
_MOST_SUBJECTS = 10
_REPLACEMENT = "\ufffd"


class RecordTaker:
    """Takes the records out of objects, one source at a time.

    Parameters
    ----------
    records
        Where records stand and what their keys mean.
    vocabulary
        What keys are known where the format has no fields of its own.
    asked
        Canonical column to key or path (``a.b``) that the caller named.

    Attributes
    ----------
    complete
        Whether the last page that told said that it was the last one, and none before had failed.
    subjects
        Accounts whose followers these are, as the pages say, in order of their first place.
    keys
        Keys of the objects, in order of their first place; about the first `_MOST_KEYS`.
    """

    def __init__(self, records: RecordMap, vocabulary: Vocabulary, asked: Mapping[str, str]) -> None:
        self._records = records
        self._vocabulary = vocabulary
        self._asked = asked
        self._counts: Counter[str] = Counter()
        self._is_newest_first = True
        self._kinds: dict[str, Kind | None] = {}
        self._next_row = 1
        self._has_gap = False
        self._rows = JsonRows(self._columns_of)
        self.complete: bool | None = None
        self.subjects: dict[str, None] = {}
        self.keys: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add_objects(self, values: Sequence[Json], lines: Sequence[int]) -> None:
        """Add all records of many objects."""
        unpacked = list(map(self._records.unpack, values))
        if not any(unpacked):  # each is a record itself
            self._is_newest_first = False
            self._rows.extend(values, lines)
            return
        for value, line, inner in zip(values, lines, unpacked, strict=True):
            self._add(value, line, inner)

    def add(self, value: Any, line: int, *, is_repaired: bool = False) -> None:
        """Add all records of a value."""
        unpacked = self._records.unpack(value) if isinstance(value, dict) else None
        if is_repaired:
            records = [] if unpacked is None else unpacked.records
            self.count("text_repaired", max(1, sum(_REPLACEMENT in repr(record) for record in records)))
        self._add(value, line, unpacked)

    def _add(self, value: Any, line: int, unpacked: Unpacked | None) -> None:
        if unpacked is None:
            self._is_newest_first = False
            self._rows.add(value, line)
            return
        self._is_newest_first &= unpacked.newest_first
        self._has_gap |= "page_failed" in unpacked.counts
        if unpacked.complete is not None:
            self.complete = unpacked.complete and not self._has_gap
        if unpacked.subject is not None and len(self.subjects) < _MOST_SUBJECTS:
            self.subjects.setdefault(unpacked.subject)
        for code, n in unpacked.counts.items():
            self.count(code, n)
        if not unpacked.reasons:
            self._rows.add_all(unpacked.records, line)
            return
        for record, reason in zip(unpacked.records, unpacked.reasons, strict=True):
            if reason is None:
                self._rows.add(record, line)
            else:
                self._rows.reject(reason, line, record if isinstance(record, dict) else {})

    def reject(self, reason: str, line: int) -> None:
        """Add a record that could not be read."""
        self._rows.reject(reason, line)

    def count(self, code: str, n: int) -> None:
        """Count what a note is about."""
        if n:
            self._counts[code] += int(n)

    def unordered(self) -> None:
        """Say that a part of the list is missing, so that its order is not known."""
        self._is_newest_first = False

    def full_batches(self, batch_rows: int) -> Iterator[RawBatch]:
        """Yield the batches that are full."""
        while len(self._rows) >= batch_rows:
            yield self._batch(batch_rows)

    def last_batch(self) -> Iterator[RawBatch]:
        """Yield what is left, also when that is only something to tell."""
        if len(self._rows) or self._counts:
            yield self._batch(len(self._rows))

    def _batch(self, n: int) -> RawBatch:
        rows = self._rows.take(n)
        arrays, faults = {}, {}
        for name, values in rows.columns.items():
            cells = json_cells(values, self._kind(name))
            if cells is not None:
                arrays[name] = cells[0]
                faults.update({(name, code): n for code, n in cells[1].items()})
        counts = dict(self._counts)
        self._counts.clear()
        first_row = self._next_row
        self._next_row += len(rows)
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
        """Take the values of every column that may be needed from objects."""
        # Few records differ in their keys, so keys are looked at once a set of them.
        for keys in dict.fromkeys(map(tuple, records)):
            if len(self.keys) < _MOST_KEYS:
                self.keys.update(dict.fromkeys(keys))
        fields = self._records.fields
        columns = {one.column: one.values(records) for one in fields} if fields else self._generic_columns(records)
        for path in self._asked.values():
            columns[path] = _asked_values(path, records)
        return columns

    def _generic_columns(self, records: Sequence[Json]) -> dict[str, list[Any]]:
        """Take the values under every key that a canonical column may be read from."""
        known = [key for key in self.keys if self._kind_of_key(key) is not None]
        return {key: [record.get(key) for record in records] for key in known}

    def _kind_of_key(self, key: str) -> Kind | None:
        if key in self._kinds:
            return self._kinds[key]
        kind = self._vocabulary.kind_of(key)
        if len(self._kinds) < _MOST_KEYS:
            self._kinds[key] = kind
        return kind

    def _kind(self, name: str) -> Kind:
        """Return the kind of a source column: named by the caller, canonical, or a synonym."""
        column = next((column for column, path in self._asked.items() if path == name), name)
        if column in self._vocabulary.columns:
            return self._vocabulary.columns[column].kind
        kind = self._kind_of_key(name)
        assert kind is not None
        return kind


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
