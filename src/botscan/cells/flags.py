"""Yes and no from cells, in English and Indonesian."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.cells.blanks import NULL_VALUES, trim
from botscan.cells.parsed import (
    Mask,
    Parsed,
    add_fault,
    as_floats,
    faults_of,
    flatten,
    is_known,
    is_number,
    is_text,
    nothing_known,
    read_distinct,
)

_YES = frozenset({"true", "t", "yes", "y", "ya", "iya", "benar", "1", "1.0", "terverifikasi", "verified"})
#: "tidak ada" (there is none) answers a yes-or-no question, although it is a missing count.
_NO = frozenset({"false", "f", "no", "n", "tidak", "tdk", "tidak ada", "bukan", "salah", "0", "0.0"})


@dataclass(frozen=True)
class FlagCell:
    """One answer read from text: True, False or None; `code` is ``not_a_flag`` or None."""

    value: bool | None = None
    code: str | None = None


def read_flag(text: str) -> FlagCell:
    """Read one yes or no.

    Examples
    --------
    >>> read_flag("Ya").value, read_flag("tidak").value, read_flag("").value, read_flag("maybe").code
    (True, False, None, 'not_a_flag')
    """
    word = trim(text).lower()
    if word in _YES:
        return FlagCell(value=True)
    if word in _NO:
        return FlagCell(value=False)
    return FlagCell() if word in NULL_VALUES else FlagCell(code="not_a_flag")


def parse_flags(cells: pa.Array | pa.ChunkedArray) -> Parsed:
    """Read a column of flags from text, booleans, or the numbers 0 and 1; bool or null, shape (n,).

    Examples
    --------
    >>> parse_flags(pa.array([1, 0, 2, None])).values.to_pylist()
    [True, False, None, None]
    """
    array = flatten(cells)
    n = len(array)
    if pa.types.is_boolean(array.type):
        return Parsed(array)
    if is_text(array.type):
        found, which, positions = read_distinct(array, is_known(array), read_flag)
        values = np.zeros(n, dtype=np.bool_)
        known = np.zeros(n, dtype=np.bool_)
        if found:
            values[positions] = np.array([bool(cell.value) for cell in found])[which]
            known[positions] = np.array([cell.value is not None for cell in found])[which]
        return Parsed(pa.array(values, mask=~known), faults_of(found, which, positions, n))
    if not (is_number(array.type) or pa.types.is_integer(array.type)):
        return nothing_known(n, pa.bool_(), "not_a_flag", is_known(array))
    numbers = as_floats(pc.cast(array, pa.float64(), safe=False))
    is_bad = ~np.isnan(numbers) & (numbers != 0) & (numbers != 1)
    faults: dict[str, Mask] = {}
    add_fault(faults, "not_a_flag", is_bad)
    return Parsed(pa.array(numbers == 1, mask=is_bad | np.isnan(numbers)), faults)
