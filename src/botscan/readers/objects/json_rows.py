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

    Attributes
    ----------
    lines
        Line of each record.
    """

    def __init__(self, take_columns: Callable[[Sequence[Json]], dict[str, list[Any]]]) -> None:
        self._take_columns = take_columns
        self._records: list[Json] = []
        self._columns: dict[str, list[Any]] = {}
        self._reasons: dict[int, str] = {}
        self.lines: list[int] = []

    def __len__(self) -> int:
        return len(self.lines)

    def add(self, record: Any, line: int) -> None:
        """Add an account object, or reject what is none."""
        if not isinstance(record, dict):
            self.reject("not_an_object", line)
            return
        self._records.append(record)
        self.lines.append(line)
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
        self.lines += lines
        if len(self._records) >= _FOLD_ROWS:
            self._fold()

    def reject(self, reason: str, line: int, record: Json = _NO_FIELDS) -> None:
        """Add a record that is none of the list; what it says of itself is kept beside the reason."""
        self._reasons[len(self.lines)] = reason
        self._records.append(record)
        self.lines.append(line)
        if len(self._records) >= _FOLD_ROWS:
            self._fold()

    def _fold(self) -> None:
        """Turn the objects into columns."""
        n_before = len(self.lines) - len(self._records)
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
        taken = JsonRows(self._take_columns)
        taken._columns = {name: values[:n] for name, values in self._columns.items()}
        taken._reasons = {at: reason for at, reason in self._reasons.items() if at < n}
        taken.lines, self.lines = self.lines[:n], self.lines[n:]
        self._columns = {name: values[n:] for name, values in self._columns.items()}
        self._reasons = {at - n: reason for at, reason in self._reasons.items() if at >= n}
        return taken

    @property
    def columns(self) -> dict[str, list[Any]]:
        """Values of each column, one a record."""
        self._fold()
        return self._columns

    @property
    def reasons(self) -> pa.Array | None:
        """Reject reason of each record, None when all are fine."""
        if not self._reasons:
            return None
        return pa.array([self._reasons.get(at) for at in range(len(self))], pa.string())
