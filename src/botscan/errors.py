"""What can go wrong, one class a kind of fault; every message says what was found, where, and what to do.

Messages hold header names, numbers and dates, never the text of a name, bio, handle or id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class BotscanError(Exception):
    """Base of every error that botscan raises on purpose.

    Parameters
    ----------
    problem
        What was found and what was wanted, as a full sentence.
    source
        Name of the file or frame, as the caller gave it.
    row
        Record number in the source, counted from 1.
    column
        Column or header name.
    remedy
        What to type or change, as a full sentence.

    Examples
    --------
    >>> str(BotscanError("Found no header.", source="list.csv", row=1, remedy="Add a header line."))
    'list.csv, row 1: Found no header. Add a header line.'
    """

    def __init__(
        self,
        problem: str,
        *,
        source: str | None = None,
        row: int | None = None,
        column: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.problem = problem
        self.source = source
        self.row = row
        self.column = column
        self.remedy = remedy
        place = [source] if source else []
        if row is not None:
            place.append(f"row {row:d}")
        if column is not None:
            place.append(f"column {column!r}")
        where = ", ".join(place)
        text = f"{where}: {problem}" if where else problem
        # Behind a table of faults the remedy stands on a line of its own.
        super().__init__(f"{text}{chr(10) if chr(10) in text else ' '}{remedy}" if remedy else text)


class FormatError(BotscanError):
    """A file cannot be read as a whole without guessing."""


@dataclass(frozen=True)
class Fault:
    """One fault of one column: how many rows have it and the first of them.

    Attributes
    ----------
    column
        Column name.
    code
        Fault code, for instance ``not_a_count``.
    count
        Number of rows.
    first_row
        Row number of the first, counted from 1; None when the fault is of the whole column.
    wanted
        What stands there when all is well.
    """

    column: str
    code: str
    count: int
    first_row: int | None
    wanted: str


class SchemaError(BotscanError):
    """A table does not fit the canonical columns; lists every fault at once.

    Examples
    --------
    >>> fault = Fault("followers_count", "wrong_type", 3, 1, "whole numbers")
    >>> print(SchemaError("1 column does not fit.", source="frame", faults=[fault], remedy="Change it."))
    frame: 1 column does not fit.
      followers_count: wrong_type in 3 rows, first in row 1; wanted whole numbers
    Change it.
    """

    def __init__(
        self,
        problem: str,
        *,
        source: str | None = None,
        row: int | None = None,
        column: str | None = None,
        remedy: str | None = None,
        faults: Sequence[Fault] = (),
    ) -> None:
        self.faults = tuple(faults)
        lines = [f"  {fault.column}: {fault.code}{_rows_of(fault)}; wanted {fault.wanted}" for fault in self.faults]
        super().__init__("\n".join([problem, *lines]), source=source, row=row, column=column, remedy=remedy)


def _rows_of(fault: Fault) -> str:
    if fault.first_row is None:
        return ""
    many = "" if fault.count == 1 else f"{fault.count} rows, first in "
    return f" in {many}row {fault.first_row}"


class ModelError(BotscanError):
    """A model folder is missing, damaged, unknown or does not fit the data."""


class OutputError(BotscanError):
    """A result could not be written; what stood there before is untouched."""


class NotEnoughAccounts(BotscanError):  # noqa: N818  the name is part of the contract
    """A question was asked that so few accounts or labels cannot answer."""
