"""Notes, warnings and reasons as (code, numbers); sentences are made in wording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Note:
    """Something a reader of a result must know, as data.

    Attributes
    ----------
    code
        Key of the sentence in the catalogues of ``botscan.wording``, for instance ``timezone_assumed``.
    column
        Canonical column or header the note is about, if any.
    count
        Number of rows or accounts the note is about, if any.
    numbers
        Further values for the sentence: numbers, dates, header names; never text written by an account.

    Examples
    --------
    >>> Note("date_in_future", column="created_at", count=3).to_dict()
    {'code': 'date_in_future', 'column': 'created_at', 'count': 3}
    """

    code: str
    column: str | None = None
    count: int | None = None
    numbers: Mapping[str, int | float | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", MappingProxyType(dict(self.numbers)))

    def __hash__(self) -> int:
        return hash((self.code, self.column, self.count, frozenset(self.numbers.items())))

    def __reduce__(self) -> tuple[type[Note], tuple[str, str | None, int | None, dict[str, int | float | str]]]:
        return (Note, (self.code, self.column, self.count, dict(self.numbers)))

    def to_dict(self) -> dict[str, object]:
        """Return code, column, count and numbers; absent ones are left out."""
        result: dict[str, object] = {"code": self.code}
        if self.column is not None:
            result["column"] = self.column
        if self.count is not None:
            result["count"] = self.count
        if self.numbers:
            result["numbers"] = dict(self.numbers)
        return result


def once_each(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return notes in order, equal ones once.

    Examples
    --------
    >>> len(once_each([Note("input_changed"), Note("input_changed")]))
    1
    """
    return tuple(dict.fromkeys(notes))
