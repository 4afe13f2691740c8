"""Tally: the running account of a reading, batch by batch."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from botscan.accounts.records import AccountRecords
from botscan.notes import Note
from botscan.reading_report import REJECT_REASONS, RejectedRow
from botscan.schema import ACCOUNT_COLUMNS

#: Rejected rows that a report lists one by one.
MOST_REJECTED_LISTED = 100

_ORDER = {column.name: place for place, column in enumerate(ACCOUNT_COLUMNS)}


@dataclass
class Tally:
    """What the batches of one source hold so far; `add` counts one more.

    Attributes
    ----------
    rows_in
        Records so far.
    rejected
        The first rejected rows.
    platforms
        Rows per platform that the source names.
    platform
        Platform that the batches were read as.
    """

    rows_in: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)
    platforms: dict[str, int] = field(default_factory=dict)
    platform: str | None = None
    _reasons: dict[str, int] = field(default_factory=dict)
    _faults: dict[tuple[str, str], int] = field(default_factory=dict)
    _widest: dict[str, int] = field(default_factory=dict)

    def add(self, records: AccountRecords) -> pa.Table:
        """Count a batch and return its living rows."""
        self.rows_in += len(records)
        self.platform = records.platform or self.platform
        for key, count in records.faults.items():
            self._faults[key] = self._faults.get(key, 0) + count
        for platform, count in records.platforms.items():
            self.platforms[platform] = self.platforms.get(platform, 0) + count
        for column, half_width in records.widest_rounding.items():
            self._widest[column] = max(self._widest.get(column, 0), half_width)
        reasons = records.reject_reasons
        if reasons.null_count == len(reasons):
            return records.table
        positions = np.flatnonzero(np.asarray(reasons.is_valid().to_numpy(zero_copy_only=False)))
        for item in reasons.drop_null().value_counts().to_pylist():
            self._reasons[item["values"]] = self._reasons.get(item["values"], 0) + int(item["counts"])
        for position in positions[: MOST_REJECTED_LISTED - len(self.rejected)].tolist():
            line = None if records.lines is None else int(records.lines[position]) or None
            self.rejected.append(RejectedRow(int(records.row_numbers[position]), reasons[position].as_py(), line))
        return records.table.filter(reasons.is_null())

    @property
    def reject_reasons(self) -> dict[str, int]:
        """Rejected rows by reason, in the order of `REJECT_REASONS`."""
        unknown = sorted(set(self._reasons) - set(REJECT_REASONS))
        if unknown:
            raise ValueError(f"reject reasons {unknown} are not among {REJECT_REASONS}")
        return {reason: self._reasons[reason] for reason in REJECT_REASONS if reason in self._reasons}

    @property
    def rows_rejected(self) -> int:
        """Records that are no account."""
        return sum(self._reasons.values())

    def notes(self) -> list[Note]:
        """Return the faults of cells as notes, by column in schema order, then by code."""
        ordered = sorted(self._faults, key=lambda key: (_ORDER.get(key[0], len(_ORDER)), key))
        return [self._note(column, code) for column, code in ordered]

    def _note(self, column: str, code: str) -> Note:
        numbers: dict[str, int | float | str] = {}
        if code == "count_rounded":
            numbers["half_width"] = self._widest.get(column, 0)
        return Note(code, column=column, count=self._faults[column, code], numbers=numbers)
