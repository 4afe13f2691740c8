"""RarityTree: how unusual the combination of an account's features is, as one whole number that can be counted.

The probability of a row of bins is that of a tree: each feature depends on one other [1]_. Each feature alone may look
usual while two together do not (many followers, none followed, one post): that is what a tree sees and histograms of
single features cannot.

References
----------
.. [1] Chow, C., Liu, C. (1968). Approximating discrete probability distributions with dependence trees. IEEE
   Transactions on Information Theory 14(3), 462-467. https://doi.org/10.1109/TIT.1968.1054142
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Code of a bin that is not known.
UNKNOWN = 255
#: Steps of a rarity a unit of natural logarithm.
STEPS_PER_NAT = 20
#: Bins of a histogram of rarities, a quarter of a unit each; the ends collect what lies beyond.
N_RARITY_BINS = 512

_STEPS_PER_BIN = 5
_FIRST_BIN = -128
#: Rows looked up at a time: their indices then stay in the processor's cache.
_BATCH_ROWS = 16_384


@dataclass(frozen=True, eq=False)
class RarityTree:
    """Tables of a dependence tree, in whole steps of 0.05.

    Attributes
    ----------
    features
        Features of the tree, length f.
    parents
        Index of the feature that each depends on, -1 for one that depends on none, length f.
    tables
        Per feature int16, shape (1 + bins of its parent, 1 + bins), without a parent (1, 1 + bins): minus the logarithm
        of the probability of each bin given that of the parent, less its mean. Row 0 is for a parent that is not
        known and holds the bin's own probability; column 0 is for a bin that is not known and holds 0.

    Examples
    --------
    >>> tree = RarityTree(
    ...     ("has_geo", "has_avatar"),
    ...     (-1, 0),
    ...     (np.array([[0, 1, 2]], np.int16), np.array([[0, 3, 4], [0, -9, 40], [0, 0, 0]], np.int16)),
    ... )
    >>> codes = np.array([[0, 1], [1, 1], [255, 0]], dtype=np.uint8)
    >>> tree.rarities(codes, ("has_geo", "has_avatar")).tolist()
    [41, 2, 3]
    """

    features: tuple[str, ...]
    parents: tuple[int, ...]
    tables: tuple[NDArray[np.int16], ...]

    def __post_init__(self) -> None:
        if not len(set(self.features)) == len(self.features) == len(self.parents) == len(self.tables):
            raise ValueError("a tree has one parent and one table a feature")
        tables = []
        for found in self.tables:
            table = np.array(found, dtype=np.int16, order="C")
            table.flags.writeable = False
            tables.append(table)
        object.__setattr__(self, "tables", tuple(tables))
        for name, parent, table in zip(self.features, self.parents, tables, strict=True):
            if parent not in range(-1, len(tables)) or table.ndim != 2 or not 2 <= table.shape[1] <= UNKNOWN:
                raise ValueError(f"the table of {name!r} has shape {table.shape} and parent {parent}")
            n_rows = 1 if parent < 0 else tables[parent].shape[1]
            if table.shape[0] != n_rows or table[:, 0].any():
                raise ValueError(f"the table of {name!r} has {table.shape[0]} rows, wanted {n_rows}, each 0 at first")

    @property
    def sizes(self) -> dict[str, int]:
        """Feature -> number of its bins."""
        return {name: table.shape[1] - 1 for name, table in zip(self.features, self.tables, strict=True)}

    def rarities(self, codes: NDArray[np.uint8], names: Sequence[str]) -> NDArray[np.int32]:
        """Look up the rarity of every account from the features at hand.

        Parameters
        ----------
        codes
            Bins of the grid, uint8, shape (n, len(names)); 255 where a field is not known.
        names
            Feature of each column, each in the tree.

        Returns
        -------
        steps
            Rarity in steps of 0.05, int32, shape (n,): about 0 on average over what the tree was fitted on, whichever
            fields are known.
        """
        column = {name: position for position, name in enumerate(names)}
        wanted = [position for position, name in enumerate(self.features) if name in column]
        if len(wanted) != len(column):
            raise ValueError(f"the tree knows {', '.join(self.features)}; found {', '.join(names)}")
        steps = np.zeros(len(codes), dtype=np.int32)
        for start in range(0, len(codes), _BATCH_ROWS):
            # 255 wraps around to 0, the row and column of what is not known.
            batch = codes[start : start + _BATCH_ROWS] + np.uint8(1)
            total = steps[start : start + _BATCH_ROWS]
            for position in wanted:
                parent = self.parents[position]
                at = column.get(self.features[parent]) if parent >= 0 else None
                bins = batch[:, column[self.features[position]]]
                table = self.tables[position]
                if at is None:
                    total += table[0].take(bins)
                else:
                    # At most 255 x 255 cells: the index fits into 16 bits.
                    index = batch[:, at].astype(np.uint16) * np.uint16(table.shape[1]) + bins
                    total += table.ravel().take(index)
        return steps


def rarity_bins(steps: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the histogram bin of each rarity, in whole-number arithmetic.

    Examples
    --------
    >>> rarity_bins(np.array([-10_000, -1, 0, 4, 5, 10_000], dtype=np.int32)).tolist()
    [0, 127, 128, 128, 129, 511]
    """
    return np.clip(steps.astype(np.int64) // _STEPS_PER_BIN - _FIRST_BIN, 0, N_RARITY_BINS - 1)
