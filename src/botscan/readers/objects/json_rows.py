"""Rows of JSON records on their way into a batch, turned into columns a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from botscan.readers.format import Json

#: Records kept as objects at a time: few, because Python's collector looks at all living ones again and again.
_FOLD_ROWS = 100
_NO_FIELDS: Json = {}


class JsonRows:
    """Records that wait for their batch.

    Parameters
    ----------
    take_columns
        Account objects to their columns: name to one value each.
    """

    def __init__(self, take_columns: Callable[[Sequence[Json]], dict[str, list[Any]]]) -> None:
        self._take_columns = take_columns
        self._records: list[Json] = []
        self._columns: dict[str, list[Any]] = {}
        self._reasons: dict[int, str] = {}
        self._lines: list[int] = []
        self._start = 0  # records before it are taken; they leave the lists many at a time, so that taking is linear

    def __len__(self) -> int:
        return len(self._lines) - self._start

    @property
    def lines(self) -> list[int]:
        """Line of each record."""
        return self._lines[self._start :] if self._start else self._lines

    def add(self, record: Any, line: int) -> None:
        """Add an account object, or reject what is none."""
        if not isinstance(record, dict):
            self.reject("not_an_object", line)
            return
        self._records.append(record)
        self._lines.append(line)
        if len(self._records) >= _FOLD_ROWS:
            self._fold()

    def add_all(self, records: Sequence[Any], line: int) -> None:
        """Add what stands in one line, and reject what is no object."""
        if len(records) > 1 and set(map(type, records)) == {dict}:
            self.extend(records, [line] * len(records))
            return
        for record in records:
            self.add(record, line)

    def extend(self, records: Sequence[Json], lines: Sequence[int]) -> None:
        """Add many objects."""
        self._records += records
        self._lines += lines
        if len(self._records) >= _FOLD_ROWS:
            self._fold()

    def reject(self, reason: str, line: int, record: Json = _NO_FIELDS) -> None:
        """Add a record that is none of the list; what it says of itself is kept beside the reason."""
        self._reasons[len(self._lines)] = reason
        self._records.append(record)
        self._lines.append(line)
        if len(self._records) >= _FOLD_ROWS:
            self._fold()

    def _fold(self) -> None:
        """Turn the objects into columns."""
        n_before = len(self._lines) - len(self._records)
        columns = self._take_columns(self._records)
        for name in columns:
            if name not in self._columns:
                self._columns[name] = [None] * n_before
        for name, values in self._columns.items():
            values.extend(columns[name] if name in columns else [None] * len(self._records))
        self._records = []

    def take(self, n: int) -> JsonRows:
        """Remove the first `n` records and return them."""
        self._fold()
        first, last = self._start, min(self._start + n, len(self._lines))
        taken = JsonRows(self._take_columns)
        taken._columns = {name: values[first:last] for name, values in self._columns.items()}
        taken._lines = self._lines[first:last]
        if self._reasons:
            taken._reasons = {at - first: self._reasons.pop(at) for at in range(first, last) if at in self._reasons}
        self._start = last
        if 2 * last >= len(self._lines):
            self._columns = {name: values[last:] for name, values in self._columns.items()}
            self._reasons = {at - last: reason for at, reason in self._reasons.items()}
            self._lines = self._lines[last:]
            self._start = 0
        return taken

    @property
    def columns(self) -> dict[str, list[Any]]:
        """Values of each column, one a record."""
        self._fold()
        return {name: values[self._start :] for name, values in self._columns.items()} if self._start else self._columns

    @property
    def reasons(self) -> pa.Array | None:
        """Reject reason of each record, None when all are fine."""
        if not self._reasons:
            return None
        return pa.array([self._reasons.get(at) for at in range(self._start, len(self._lines))], pa.string())
