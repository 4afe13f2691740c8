"""ReadingReport: what was read, what was merged, what was rejected and why; the accounting of every input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botscan.notes import Note

#: Some followers are always missing: suspended, hidden, gone while the list was fetched. A list that lacks no more than
#: this share of them passes as whole.
NEARLY_ALL = 0.02

#: Why a record is no account. robustness: every rejected row has exactly one.
REJECT_REASONS: tuple[str, ...] = (
    "no_identity",
    "id_damaged",
    "header_repeated",
    "wrong_cell_count",
    "bad_json",
    "not_an_object",
    "too_deep",
    "too_long",
    "truncated",
    "other_platform",
    "not_found",
    "suspended",
    "deleted",
    "not_in_list",
    "no_date",
    "no_count",
)

#: Column that speaks for a reason; the other reasons are about the record as a whole.
COLUMN_OF_REASON: dict[str, str] = {
    "no_identity": "account_id",
    "id_damaged": "account_id",
    "not_in_list": "account_id",
    "other_platform": "platform",
    **dict.fromkeys(("not_found", "suspended", "deleted"), "account_status"),
}


@dataclass(frozen=True)
class RejectedRow:
    """One rejected record.

    Attributes
    ----------
    row
        Record number in the source, counted from 1.
    reason
        One of `REJECT_REASONS`.
    line
        Line of the file where the record begins, when known.
    column
        Canonical column that failed; None where the record as a whole did.
    file
        Name of the file in a list of several files.
    """

    row: int
    reason: str
    line: int | None = None
    column: str | None = None
    file: str | None = None


@dataclass(frozen=True)
class ReadingReport:
    """What happened between a source and its AccountTable.

    Attributes
    ----------
    format
        Name of the format declaration that read the source, ``frame`` for tables in memory.
    rows_in
        Data records in the source.
    accounts
        Accounts that came out; ``rows_in = accounts + duplicates_merged + rows_rejected``.
    duplicates_merged
        Records that repeated an account.
    rows_rejected
        Records that are no account; equals the sum of `reject_reasons`.
    reject_reasons
        Count per reason, in the order of `REJECT_REASONS`; only reasons that occurred.
    rejected
        The first 100 rejected rows.
    warnings
        Notes about blanked cells, repaired text, ignored columns and the like.
    encoding, delimiter
        As found; None where they do not apply.
    ignored_columns
        Header names that no canonical column stands for.
    list_order
        ``newest_first``, ``oldest_first``, ``by_followed_at`` (whatever the order of the file, its follow times give
        the follow order) or ``unknown``.
    complete
        True, False, or None when the source does not tell.
    subject
        Account whose followers these are, when the source tells.
    gone
        Status (``not_found``, ``suspended``, ``deleted``) to the ids of accounts rejected for it, ``@`` and the handle
        where there is no id; the first 1,000 of each. Kept for the caller only: never written or shown.
    rounded
        Count column to the largest half-width of a rounded count in it.
    """

    format: str
    rows_in: int
    accounts: int
    duplicates_merged: int = 0
    rows_rejected: int = 0
    reject_reasons: Mapping[str, int] = field(default_factory=dict)
    rejected: tuple[RejectedRow, ...] = ()
    warnings: tuple[Note, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    ignored_columns: tuple[str, ...] = ()
    list_order: str = "unknown"
    complete: bool | None = None
    subject: str | None = None
    gone: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    rounded: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.rows_in != self.accounts + self.duplicates_merged + self.rows_rejected:
            raise AssertionError(
                f"{self.rows_in} rows in, but {self.accounts} accounts + {self.duplicates_merged} merged"
                f" + {self.rows_rejected} rejected"
            )
        if self.rows_rejected != sum(self.reject_reasons.values()):
            raise AssertionError(f"{self.rows_rejected} rows rejected, but reasons {dict(self.reject_reasons)}")

    def to_dict(self) -> dict[str, Any]:
        """Return format and counts as plain data; what was found beside them is for people."""
        return {
            "format": self.format,
            "rows_in": self.rows_in,
            "accounts": self.accounts,
            "duplicates_merged": self.duplicates_merged,
            "rows_rejected": self.rows_rejected,
            "reject_reasons": dict(self.reject_reasons),
        }
