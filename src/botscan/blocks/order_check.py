"""Lists that were sorted by something else: neighbours in them did not come together."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

#: Columns that people and tools sort lists by.
_SORTED_BY = ("handle", "display_name", "created_at", "followers_count", "following_count", "posts_count")
#: A list is sorted where so many of the neighbours that differ stand in rising order, or so few.
_SORTED_SHARE = 0.95
_FEWEST_PAIRS = 50


def sorted_by(table: pa.Table, rows: NDArray[np.int64]) -> str | None:
    """Return the column that an order is sorted by, either way; None where it is by none.

    Parameters
    ----------
    table
        Accounts in canonical columns.
    rows
        Rows of the table along the order.

    Examples
    --------
    >>> table = pa.table({"handle": [f"rina{n:03}" for n in range(200)]})
    >>> sorted_by(table, np.arange(200)), sorted_by(table, np.arange(200) * 37 % 200)
    ('handle', None)
    """
    for name in _SORTED_BY:
        if name in table.column_names:
            values = table[name]
            if pa.types.is_large_string(values.type) or pa.types.is_string(values.type):
                values = pc.utf8_lower(values)
            taken = values.take(pa.array(rows)).drop_null()
            if _is_sorted(pa.chunked_array([taken]) if isinstance(taken, pa.Array) else taken):
                return name
    return None


def _is_sorted(values: pa.ChunkedArray) -> bool:
    first, second = values.slice(0, len(values) - 1), values.slice(1)
    n_rising = pc.sum(pc.less(first, second)).as_py() or 0
    n_falling = pc.sum(pc.greater(first, second)).as_py() or 0
    n_pairs = n_rising + n_falling
    return n_pairs >= _FEWEST_PAIRS and not (1.0 - _SORTED_SHARE) * n_pairs < n_rising < _SORTED_SHARE * n_pairs
