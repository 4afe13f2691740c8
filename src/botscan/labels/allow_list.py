"""Allow lists: accounts that somebody has answered for, such as staff, partners, and people who appealed."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botscan.cells.dates import DateOrder, read_instant
from botscan.cells.handles import handle_key, read_handle
from botscan.cells.ids import read_id
from botscan.errors import SchemaError
from botscan.labels.faults import Faults
from botscan.labels.guards import without_guard
from botscan.labels.name_lines import is_list_of_names, name_lines
from botscan.labels.tables import LabelCells, TableWanted, open_table
from botscan.notes import Note
from botscan.pseudonyms import PSEUDONYM_CHARACTERS, read_pseudonym

#: Columns that name an account; each row fills at least one.
IDENTITY_COLUMNS = ("account_id", "handle", "pseudonym")
COLUMNS = (*IDENTITY_COLUMNS, "reason", "until")

#: Why an account is on the list; what is written otherwise counts as ``other`` and is never shown.
REASONS: tuple[str, ...] = ("staff", "partner", "appeal", "other")
_REASON_WORDS = {
    "staff": "staff", "employee": "staff", "staf": "staff", "pegawai": "staff", "karyawan": "staff",
    "partner": "partner", "mitra": "partner", "rekanan": "partner",
    "appeal": "appeal", "banding": "appeal", "keberatan": "appeal", "sanggahan": "appeal",
}  # fmt: skip

_TABLE = TableWanted("an allow list", COLUMNS.__contains__, frame="allow list", reader="read_allow_list")
_MICROSECONDS = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, repr=False)
class AllowEntry:
    """One account that somebody has answered for.

    Attributes
    ----------
    account_id
        Id, or None.
    handle
        Handle in lower case, or None.
    pseudonym
        Pseudonym of the id or handle under the project's key (`botscan.pseudonyms`), or None.
    reason
        One of `REASONS`.
    until
        Last day on which it holds; None: without end.
    is_bare
        Whether id and handle are one word that may be either.
    """

    account_id: str | None = None
    handle: str | None = None
    pseudonym: str | None = None
    reason: str = "other"
    until: dt.date | None = None
    is_bare: bool = False

    def __repr__(self) -> str:
        return f"AllowEntry(reason={self.reason!r}, until={self.until})"


@dataclass(frozen=True, repr=False)
class AllowList:
    """Accounts that are not shown as suspects, whatever their score.

    Attributes
    ----------
    entries
        Every account once, in the order of the source.
    source
        Name of the file or frame.
    notes
        What was merged while reading.
    """

    entries: tuple[AllowEntry, ...]
    source: str
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return len(self.entries)

    def __repr__(self) -> str:
        # The list holds ids; a log or a traceback shall not.
        return f"AllowList({len(self)} accounts, source={self.source!r})"


def read_allow_list(source: Any) -> AllowList:
    """Read an allow list.

    Parameters
    ----------
    source
        Path of a table, a pandas, polars or Arrow table, or a list of dicts, with any of the columns ``account_id``,
        ``handle`` and ``pseudonym`` (only whoever holds the key can use those), and if wanted ``reason`` (staff,
        partner, appeal, or the same in Indonesian) and ``until``, the last day on which the entry holds. Or a list of
        texts, or a file of one column without a header: handles, ids or pseudonyms.

    Returns
    -------
    allow
        Rows that name the same account are merged; the one that holds longest stays.

    Raises
    ------
    FormatError
        The file cannot be read as a table.
    SchemaError
        Columns are missing, or cells cannot be used; the message lists all of it with row numbers, and no id. Or a
        file names nobody.

    Examples
    --------
    >>> len(read_allow_list(["@humas_kota", "1234567"]))
    2
    >>> read_allow_list([{"handle": "Budi_17", "reason": "banding", "until": "2026-12-31"}]).entries
    (AllowEntry(reason='appeal', until=2026-12-31),)
    """
    if isinstance(source, AllowList):
        return source
    faults, wrong = Faults(), _WrongCells()
    if isinstance(source, list | tuple) and all(isinstance(one, str) for one in source):
        name = "allow list"
        entries = [_bare_entry(text, number, wrong) for number, text in enumerate(source, start=1)]
    else:
        table = open_table(source, _TABLE)
        name = table.source
        faults.add("", "wrong_cell_count", table.ragged_rows, "as many cells as the header has")
        blank = [""] * len(table.row_numbers)
        rows = zip(*(table.columns.get(column, blank) for column in COLUMNS), strict=True)
        if any(column in table.columns for column in IDENTITY_COLUMNS):
            entries = [_entry(cells, number, wrong) for number, cells in zip(table.row_numbers, rows, strict=True)]
        elif lines := _lines_of(table):
            entries = [_bare_entry(text, number, wrong) for number, text in lines]
        else:
            columns = ", ".join(IDENTITY_COLUMNS)
            faults.add_column(
                "account_id", "missing_column", f"one of the columns {columns}; or names alone, one a line, no header"
            )
            entries = []
    for (column, code, wanted), numbers in wrong.rows.items():
        faults.add(column, code, numbers, wanted)
    faults.raise_any(name, "this allow list")
    if not entries and isinstance(source, str | os.PathLike):
        raise SchemaError(
            "The allow list names no account.",
            source=name,
            remedy="Name an account in it, or leave the allow list out.",
        )
    kept = _merged(entries)
    n_merged = len(entries) - len(kept)
    return AllowList(kept, name, (Note("allow_list_merged", count=n_merged),) if n_merged else ())


def _lines_of(table: LabelCells) -> list[tuple[int, str]]:
    """Return (number, text) of the lines of a file that holds names and no header; none of any other source."""
    return name_lines(table.lines) if is_list_of_names(tuple(table.headers)) else []


class _WrongCells:
    """Rows by column, code and what was wanted there."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, str], list[int]] = {}

    def add(self, column: str, code: str, row: int, wanted: str) -> None:
        """Note one wrong cell."""
        self.rows.setdefault((column, code, wanted), []).append(row)


def _bare_entry(text: str, row: int, wrong: _WrongCells) -> AllowEntry:
    """Read one word: digits are an id, what begins with @ or is a link a handle, anything else may be either.

    What reads like a pseudonym is one: a handle of that length and of these letters alone can be written with @.
    """
    word = text.strip()
    if word.isascii() and word.isdigit():
        return _entry((word, "", "", "", ""), row, wrong)
    if word.startswith("@") or "/" in word:
        return _entry(("", word, "", "", ""), row, wrong)
    if len(word) == PSEUDONYM_CHARACTERS and (pseudonym := read_pseudonym(word)) is not None:
        return AllowEntry(pseudonym=pseudonym)
    found = read_id(word)
    handle = handle_key(read_handle(word).value)
    if found.value is None or found.code is not None or handle is None:
        wrong.add("allow list", "no_identity", row, "a handle or an account id")
    return AllowEntry(found.value, handle, is_bare=True)


def _entry(cells: Sequence[str], row: int, wrong: _WrongCells) -> AllowEntry:
    id_cell, handle_cell, pseudonym_cell, reason_cell, until_cell = (without_guard(cell).strip() for cell in cells)
    account_id: str | None = None
    handle: str | None = None
    if id_cell:
        found = read_id(id_cell)
        if found.code is not None and found.code != "id_was_number":
            wanted = "an account id with all its digits, or nothing"
            wrong.add("account_id", found.code, row, wanted)
        elif found.value is None:
            id_cell = ""  # what databases write for nothing
        elif found.value.startswith("@"):
            handle = found.value[1:]
        else:
            account_id = found.value
    if handle_cell:
        handle = handle_key(read_handle(handle_cell).value)
        if handle is None:
            wrong.add("handle", "bad_handle", row, "a handle, the link of a profile, or nothing")
    pseudonym = read_pseudonym(pseudonym_cell) if pseudonym_cell else None
    if pseudonym_cell and pseudonym is None:
        wrong.add("pseudonym", "not_a_pseudonym", row, "26 characters a-z and 2-7, or 32 hexadecimal digits")
    if not (id_cell or handle_cell or pseudonym_cell):
        wrong.add("account_id", "no_identity", row, "an account id, a handle or a pseudonym in every row")
    reason = _REASON_WORDS.get(reason_cell.casefold(), "other")
    return AllowEntry(account_id, handle, pseudonym, reason, _read_until(until_cell, row, wrong))


def _read_until(cell: str, row: int, wrong: _WrongCells) -> dt.date | None:
    """Read the last day; one that reads differently with day or month first is refused, 30/06/2026 has one reading."""
    if not cell:
        return None
    found = read_instant(cell)
    if found.code == "date_order_unknown":
        orders: tuple[DateOrder, ...] = ("dmy", "mdy")
        days = {day for order in orders if (day := _day_of(read_instant(cell, date_order=order).microseconds))}
        if len(days) == 1:
            return days.pop()
        wrong.add("until", found.code, row, "a day written as 2026-06-30: here day and month could be exchanged")
        return None
    day = _day_of(found.microseconds)
    if day is None:
        wrong.add("until", found.code or "bad_date", row, "a day such as 2026-12-31, or nothing")
    return day


def _day_of(microseconds: int | None) -> dt.date | None:
    return None if microseconds is None else (_EPOCH + microseconds * _MICROSECONDS).date()


def _merged(entries: Sequence[AllowEntry]) -> tuple[AllowEntry, ...]:
    """Keep one entry of those that name the same account: the one that holds longest, the first of equals."""
    kept: dict[tuple[str | None, ...], AllowEntry] = {}
    for entry in entries:
        key = (entry.account_id, entry.handle, entry.pseudonym)
        before = kept.setdefault(key, entry)
        if before.until is not None and (entry.until is None or entry.until > before.until):
            kept[key] = entry
    return tuple(kept.values())
