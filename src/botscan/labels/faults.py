"""Collects what is wrong with labels until everything was looked at, so that it is told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from botscan.errors import Fault, SchemaError

_MOST_LISTED = 10


@dataclass
class Faults:
    """What is wrong, column by column.

    Examples
    --------
    >>> faults = Faults()
    >>> faults.add("rater_1", "unknown_answer", [3, 7], "yes or no")
    >>> faults.found[0].count, faults.found[0].wanted
    (2, 'yes or no; rows 3, 7')
    """

    found: list[Fault] = field(default_factory=list)

    def add(self, column: str, code: str, rows: Sequence[int], wanted: str) -> None:
        """Note a fault of some rows; without rows there is none."""
        if rows:
            listed = ", ".join(map(str, rows[:_MOST_LISTED])) + (", ..." if len(rows) > _MOST_LISTED else "")
            wanted = f"{wanted}; rows {listed}"
            self.found.append(Fault(column or "all columns", code, len(rows), rows[0], wanted))

    def add_column(self, column: str, code: str, wanted: str) -> None:
        """Note a fault of a whole column."""
        self.found.append(Fault(column, code, 0, None, wanted))

    def raise_any(self, source: str, what: str = "these labels") -> None:
        """Raise one SchemaError with everything."""
        if self.found:
            things = "One thing keeps" if len(self.found) == 1 else f"{len(self.found)} things keep"
            raise SchemaError(
                f"{things} {what} from being used.",
                source=source,
                faults=self.found,
                remedy="Rename the columns or correct the cells; nothing was used.",
            )
