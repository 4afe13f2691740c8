"""Coverage: which columns a list really knows, and what can be said with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from botscan.display import Displayed
from botscan.wording import percent, say

#: A column known in at least this share of the rows counts as present.
PRESENT_SHARE = 0.5

_HANDLE_COLUMNS = ("handle", "handle_length", "handle_digit_ratio", "display_name", "display_name_words")
_COUNT_COLUMNS = ("followers_count", "following_count", "posts_count")


@dataclass(frozen=True, eq=False)
class Coverage(Mapping[str, float], Displayed):
    """Share of accounts for which each column of a list is known; a mapping from column to share.

    Attributes
    ----------
    shares
        Canonical column to a share in [0, 1], in schema order; columns that the list does not carry are not in it.

    Examples
    --------
    >>> coverage = Coverage({"account_id": 1.0, "bio": 0.25})
    >>> coverage["bio"], coverage.has("bio")
    (0.25, False)
    """

    shares: Mapping[str, float]

    def __post_init__(self) -> None:
        object.__setattr__(self, "shares", MappingProxyType(dict(self.shares)))

    def __getitem__(self, column: str) -> float:
        return self.shares[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self.shares)

    def __len__(self) -> int:
        return len(self.shares)

    def __reduce__(self) -> tuple[type[Coverage], tuple[dict[str, float]]]:
        return (Coverage, (dict(self.shares),))

    def has(self, column: str) -> bool:
        """Whether at least half of the accounts know the column."""
        return self.shares.get(column, 0.0) >= PRESENT_SHARE

    @property
    def evidence_level(self) -> int:
        """0 ids only, 1 handles or names, 2 counts, 3 counts and creation dates."""
        if any(self.has(column) for column in _COUNT_COLUMNS):
            return 3 if self.has("created_at") else 2
        return 1 if any(self.has(column) for column in _HANDLE_COLUMNS) else 0

    def to_dict(self) -> dict[str, Any]:
        """Return column to share, rounded to 1e-6."""
        return {column: round(share, 6) for column, share in self.shares.items()}

    def _title(self, language: str) -> str:
        return say("coverage_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        return [(column, percent(share, language)) for column, share in self.shares.items()]


def measure_coverage(table: pa.Table) -> Coverage:
    """Measure the coverage of a table of typed canonical columns.

    A bio that is known to be empty is known, although it is null: its length says so; the same for a website. Without
    rows every share is 0.

    Examples
    --------
    >>> dict(measure_coverage(pa.table({"bio": ["a", None, None, None], "bio_length": [1, 0, 0, None]})))
    {'bio': 0.75, 'bio_length': 0.75}
    """
    n = max(table.num_rows, 1)
    shares = {name: (table.num_rows - table[name].null_count) / n for name in table.column_names}
    for text, witness in (("bio", "bio_length"), ("website", "has_website")):
        if text in shares and witness in shares:
            shares[text] = shares[witness]
    return Coverage(shares)
