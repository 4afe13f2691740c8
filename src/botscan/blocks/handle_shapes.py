"""Shapes of handles: accounts that one program named look alike, whatever the letters are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

#: Lengths and numbers of digits beyond these count as one.
_LONGEST, _MOST_DIGITS, _MOST_SEPARATORS = 31, 15, 3
_START_LETTERS = 5


def handle_shapes(table: pa.Table) -> NDArray[np.int32]:
    """Return a code for the shape of each handle: length, digits at the end, other digits, separators; -1 unknown.

    Where the list holds no handles but measures of them, their length and number of digits make the shape.

    Parameters
    ----------
    table
        Accounts in canonical columns.

    Examples
    --------
    >>> codes = handle_shapes(pa.table({"handle": ["rina.41877", "budi_90213", "wati", None]}))
    >>> bool(codes[0] == codes[1]), bool(codes[0] == codes[2]), int(codes[3])
    (True, False, -1)
    """
    if "handle" in table.column_names and table["handle"].null_count < table.num_rows:
        handle = table["handle"]
        length = pc.utf8_length(handle)
        at_end = pc.subtract(length, pc.utf8_length(pc.replace_substring_regex(handle, "[0-9]+$", "")))
        digits = pc.count_substring_regex(handle, "[0-9]")
        separators = pc.count_substring_regex(handle, "[._-]")
        parts: tuple[Any, ...] = (length, at_end, pc.subtract(digits, at_end), separators)
    elif {"handle_length", "handle_digits"} <= set(table.column_names):
        parts = (table["handle_length"], table["handle_digits"])
    else:
        return np.full(table.num_rows, -1, dtype=np.int32)
    code = np.zeros(table.num_rows, dtype=np.int64)
    known = np.ones(table.num_rows, dtype=bool)
    for part, most in zip(parts, (_LONGEST, _MOST_DIGITS, _MOST_DIGITS, _MOST_SEPARATORS), strict=False):
        known &= pc.is_valid(part).to_numpy()
        values = pc.fill_null(part, 0).to_numpy().astype(np.int64)
        code = code * (most + 1) + np.minimum(values, most)
    return np.where(known, code, -1).astype(np.int32)


def handle_starts(table: pa.Table) -> NDArray[np.int32]:
    """Return a code for the first five characters of each handle, case apart; -1 unknown.

    Examples
    --------
    >>> codes = handle_starts(pa.table({"handle": ["Promo_Jaya1", "promo_murah", "wati", None]}))
    >>> bool(codes[0] == codes[1]), bool(codes[0] == codes[2]), int(codes[3])
    (True, False, -1)
    """
    if "handle" not in table.column_names:
        return np.full(table.num_rows, -1, dtype=np.int32)
    start = pc.utf8_slice_codeunits(pc.utf8_lower(table["handle"]), 0, _START_LETTERS)
    indices = pa.chunked_array([start]) if isinstance(start, pa.Array) else start
    encoded = indices.combine_chunks().dictionary_encode()
    return np.asarray(pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)).astype(np.int32)
