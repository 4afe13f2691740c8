"""Cells of a column from the JSON values of its records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from botscan.cells.values import cells_from_values
from botscan.schema import Kind


def json_cells(values: Sequence[Any], kind: Kind) -> tuple[pa.Array, dict[str, int]] | None:
    """Return the cells and the number of cells per fault; None when no value is there.

    Columns of one plain type take a short way; the long one decides what anything else becomes.

    Examples
    --------
    >>> cells, faults = json_cells([1, None, [2]], "count")
    >>> cells.to_pylist(), faults
    (['1', None, None], {'wrong_type': 1})
    """
    types = set(map(type, values))
    types.discard(type(None))
    if not types:
        return None
    try:
        if types == {str}:
            return pa.array(values, pa.large_string()), {}
        if types == {int} and kind == "count":
            return pa.array(values, pa.int64()), {}
        if types == {bool} and kind == "flag":
            return pa.array(values, pa.bool_()), {}
    except (UnicodeEncodeError, OverflowError):  # half of a surrogate pair; a number beyond 64 bits
        pass
    parsed = cells_from_values(values, kind)
    return parsed.values, {code: int(rows.sum()) for code, rows in parsed.faults.items()}
