"""MarkColumn: one kind of evidence along the follow order: a category for each account, and fast counts in ranges."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

#: Codes of a column: nothing is known of the account; known, and without a mark; from 1 on a mark.
UNKNOWN, UNMARKED = -1, 0
#: Fewer accounts of one category are no crowd: a family, friends.
FEWEST = 15


@dataclass(frozen=True, eq=False)
class MarkColumn:
    """A category for each account of a list in follow order.

    Attributes
    ----------
    evidence
        Code of the evidence that a crowd of one category is.
    codes
        int32, shape (n,): -1 unknown, 0 known and without a mark, from 1 on the category.
    least_excess
        A crowd must hold so many more of the category than its neighbours predict, as a share of its known accounts:
        organic crowds differ too, by less.
    least_ratio
        And so many times as many.
    fewest
        Fewer accounts of a category are no crowd.
    first_band, band_width
        Start of category 1 and width of each, in microseconds, where categories are creation bands; width 0 elsewhere.
    threshold
        Log-odds above which an account is marked; NaN where marks are no scores.
    variation
        Window lengths, rising, with how many times wider than chance the list varies at each; see `variation`.

    Examples
    --------
    >>> column = MarkColumn("inactive", np.array([0, 1, 1, -1, 0], dtype=np.int32), 0.1, 2.0)
    >>> int(column.n_known(0, 4)), int(column.count(1, 0, 5)), column.n_categories
    (3, 2, 1)
    """

    evidence: str
    codes: NDArray[np.int32]
    least_excess: float
    least_ratio: float
    fewest: int = FEWEST
    first_band: int = 0
    band_width: int = 0
    threshold: float = math.nan
    variation: tuple[tuple[int, float], ...] = ()
    n_categories: int = field(init=False)
    keys: NDArray[np.int64] = field(init=False, repr=False)
    _known: NDArray[np.int64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        places = np.flatnonzero(self.codes > UNMARKED)
        marked = self.codes[places]
        # A stable sort by category alone leaves places in order; short numbers are sorted by their digits.
        is_short = not len(marked) or int(marked.max()) <= np.iinfo(np.uint16).max
        order = np.argsort(marked.astype(np.uint16) if is_short else marked, kind="stable")
        keys = marked[order].astype(np.int64) * len(self.codes) + places[order]
        known = np.concatenate([[0], np.cumsum(self.codes != UNKNOWN)])
        sizes = np.bincount(marked) if len(marked) else np.zeros(1, dtype=np.int64)
        for name, value in (("keys", keys), ("_known", known), ("n_categories", int((sizes[1:] > 0).sum()))):
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.codes)

    def n_known(self, start: NDArray[np.int64] | int, stop: NDArray[np.int64] | int) -> NDArray[np.int64]:
        """Return how many accounts of the places [start, stop) are known."""
        return np.asarray(self._known[stop] - self._known[start])

    def count(
        self,
        category: NDArray[np.int64] | int,
        start: NDArray[np.int64] | int,
        stop: NDArray[np.int64] | int,
    ) -> NDArray[np.int64]:
        """Return how many accounts of the places [start, stop) are of the category."""
        base = np.asarray(category, dtype=np.int64) * len(self.codes)
        keys = self.keys
        if base.ndim == 0:
            # Marks of one category are few and lie together in memory.
            low, high = np.searchsorted(keys, [int(base), int(base) + len(self.codes)])
            keys = keys[low:high]
        return np.searchsorted(keys, base + stop) - np.searchsorted(keys, base + start)

    def places(self, category: int, start: int, stop: int) -> NDArray[np.int64]:
        """Return the places [start, stop) whose accounts are of the category."""
        return start + np.flatnonzero(self.codes[start:stop] == category)

    def without(self, places: NDArray[np.bool_]) -> MarkColumn:
        """Return the column with some accounts unknown."""
        return replace(self, codes=np.where(places, np.int32(UNKNOWN), self.codes))

    def band(self, category: int) -> tuple[int, int] | None:
        """Return start and end of a creation band; None where categories are none."""
        if not self.band_width:
            return None
        start = self.first_band + (category - 1) * self.band_width
        return start, start + self.band_width

    def inflation(self, length: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how many times wider than chance stretches of these lengths vary; longer ones in proportion."""
        if not self.variation:
            return np.ones(len(length))
        lengths, factors = (np.array(part, dtype=float) for part in zip(*self.variation, strict=True))
        # The excess variance grows with the length, so it is what is interpolated.
        excess = np.interp(length, lengths, factors**2 - 1.0) * np.maximum(length / lengths[-1], 1.0)
        return np.asarray(np.sqrt(1.0 + excess))
