"""Tally: the running account of a reading, batch by batch."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts.records import GONE, AccountRecords
from botscan.notes import Note
from botscan.reading_report import COLUMN_OF_REASON, REJECT_REASONS, RejectedRow
from botscan.schema import ACCOUNT_COLUMNS

#: Rejected rows that a report lists one by one.
MOST_REJECTED_LISTED = 100
#: Accounts that are gone of which a report keeps the ids, for each status.
MOST_GONE_LISTED = 1_000

#: What helps where all rows are rejected; for the other reasons the file itself is broken.
_REMEDY_OF_REASON = {
    "no_identity": "nameless",
    "id_damaged": "nameless",
    "other_platform": "elsewhere",
    "not_in_list": "elsewhere",
    "not_found": "gone",
    "suspended": "gone",
    "deleted": "gone",
}

_ORDER = {column.name: place for place, column in enumerate(ACCOUNT_COLUMNS)}


@dataclass
class Tally:
    """What the batches of one source hold so far; `add` counts one more.

    Attributes
    ----------
    parts
        First record number and name of each file of a list of several, in order.
    rows_in
        Records so far.
    rejected
        The first rejected rows.
    platforms
        Rows per platform that the source names.
    platform
        Platform that the batches were read as.
    gone
        Status to the first ids of accounts that are gone.
    widest_rounding
        Column to the largest half-width of a rounded count.
    """

    parts: Sequence[tuple[int, str]] = ()
    rows_in: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)
    platforms: dict[str, int] = field(default_factory=dict)
    platform: str | None = None
    _reasons: dict[str, int] = field(default_factory=dict)
    _faults: dict[tuple[str, str], int] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    widest_rounding: dict[str, int] = field(default_factory=dict)
    _zone_fault_hours: int = 0

    def add(self, records: AccountRecords) -> pa.Table:
        """Count a batch and return its living rows."""
        self.rows_in += len(records)
        self.platform = records.platform or self.platform
        self._zone_fault_hours = records.zone_fault_hours or self._zone_fault_hours
        for key, count in records.faults.items():
            self._faults[key] = self._faults.get(key, 0) + count
        for platform, count in records.platforms.items():
            self.platforms[platform] = self.platforms.get(platform, 0) + count
        for column, half_width in records.widest_rounding.items():
            self.widest_rounding[column] = max(self.widest_rounding.get(column, 0), half_width)
        reasons = records.reject_reasons
        if reasons.null_count == len(reasons):
            return records.table
        positions = np.flatnonzero(np.asarray(reasons.is_valid().to_numpy(zero_copy_only=False)))
        for item in reasons.drop_null().value_counts().to_pylist():
            self._count(item["values"], int(item["counts"]))
        for position in positions[: MOST_REJECTED_LISTED - len(self.rejected)].tolist():
            line = None if records.lines is None else int(records.lines[position]) or None
            self.rejected.append(self._row(int(records.row_numbers[position]), reasons[position].as_py(), line))
        if records.gone_ids is not None:
            self._list_gone(records.gone_ids, reasons)
        return records.table.filter(reasons.is_null())

    def reject(self, reason: str, row_numbers: NDArray[np.int64], lines: NDArray[np.int64]) -> None:
        """Reject records that were alive when their batch was added.

        Parameters
        ----------
        reason
            One of `REJECT_REASONS`.
        row_numbers, lines
            Record numbers, and the line where each begins, 0 = not known; shape (n,).
        """
        if len(row_numbers):
            self._count(reason, len(row_numbers))
            first = zip(row_numbers[:MOST_REJECTED_LISTED].tolist(), lines.tolist(), strict=False)
            rows = [*self.rejected, *(self._row(row, reason, line or None) for row, line in first)]
            self.rejected = sorted(rows, key=lambda one: one.row)[:MOST_REJECTED_LISTED]

    def rename_faults(self, column: str, code: str, other: str, n: int) -> None:
        """Count n cells of a column under another code, after the last word on them."""
        if n:
            left = self._faults.pop((column, code), 0) - n
            if left > 0:
                self._faults[column, code] = left
            self._faults[column, other] = self._faults.get((column, other), 0) + n

    def _count(self, reason: str, n: int) -> None:
        self._reasons[reason] = self._reasons.get(reason, 0) + n

    def _row(self, row: int, reason: str, line: int | None) -> RejectedRow:
        part = bisect_right(self.parts, row, key=lambda one: one[0]) - 1
        file = self.parts[part][1] if part >= 0 else None
        return RejectedRow(row, reason, line, COLUMN_OF_REASON.get(reason), file)

    def _list_gone(self, ids: pa.Array, reasons: pa.Array) -> None:
        for status in GONE:
            listed = self.gone.get(status, [])
            found = ids.filter(pc.equal(reasons, status)).drop_null()[: MOST_GONE_LISTED - len(listed)]
            if len(found):
                self.gone[status] = listed + found.to_pylist()

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
        """Return what became of a list without any account, then the faults of cells.

        Faults stand by column in schema order, then by code.
        """
        ordered = sorted(self._faults, key=lambda key: (_ORDER.get(key[0], len(_ORDER)), key))
        return [*self._all_rejected(), *(self._note(column, code) for column, code in ordered)]

    def _all_rejected(self) -> list[Note]:
        """Say why no account is left, and what to do, where every record was rejected."""
        if not self.rows_in or self.rows_rejected < self.rows_in:
            return []
        counts: dict[str, int] = {}
        for reason, n in self.reject_reasons.items():
            code = f"all_rejected_{_REMEDY_OF_REASON.get(reason, 'broken')}"
            counts[code] = counts.get(code, 0) + n
        return [Note("all_rejected", count=self.rows_in), *(Note(code, count=n) for code, n in counts.items())]

    def _note(self, column: str, code: str) -> Note:
        numbers: dict[str, int | float | str] = {}
        if code == "count_rounded":
            numbers["half_width"] = self.widest_rounding.get(column, 0)
        if code == "timezone_fault":
            numbers["hours"] = self._zone_fault_hours
        return Note(code, column=column, count=self._faults[column, code], numbers=numbers)
