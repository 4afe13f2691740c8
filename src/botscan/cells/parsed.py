"""Parsed columns, and the ways from any Arrow array to them.

Every column is read twice over in thought, once in fact: cells in the common form all at once, the others by a slow
exact function, once for each distinct text. The slow function is the definition; tests hold the fast way to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Parsed:
    """One typed column.

    Attributes
    ----------
    values
        Arrow array, shape (n,); null where nothing is known.
    faults
        Code to the rows it is about, bool, shape (n,); only codes that occur. A row may have a fault and a value
        (``count_rounded``, ``timezone_assumed``).
    """

    values: pa.Array
    faults: Mapping[str, Mask] = field(default_factory=dict)


class _Cell(Protocol):
    @property
    def code(self) -> str | None: ...


CellT = TypeVar("CellT", bound=_Cell)


def flatten(cells: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return one plain array: chunks joined, dictionaries decoded, every kind of text as large_string."""
    value_type = cells.type.value_type if pa.types.is_dictionary(cells.type) else cells.type
    if is_text(value_type):
        value_type = pa.large_string()  # before chunks are joined: short offsets could overflow
    array = cells
    if pa.types.is_dictionary(array.type) and not isinstance(array, pa.ChunkedArray):
        array = array.dictionary_decode()
    if array.type != value_type:
        array = array.cast(value_type)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def is_text(arrow_type: pa.DataType) -> bool:
    """Whether an Arrow type is one of the kinds of text."""
    return bool(
        pa.types.is_large_string(arrow_type) or pa.types.is_string(arrow_type) or pa.types.is_string_view(arrow_type)
    )


def is_number(arrow_type: pa.DataType) -> bool:
    """Whether an Arrow type is one of the kinds of number that may hold a fraction."""
    return bool(pa.types.is_floating(arrow_type) or pa.types.is_decimal(arrow_type))


def as_floats(numbers: pa.Array) -> NDArray[np.float64]:
    """Return floating or decimal numbers as float64, NaN where null, shape (n,)."""
    return np.asarray(pc.cast(numbers, pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64)


def as_mask(booleans: pa.Array) -> Mask:
    """Return an Arrow array of booleans as a numpy mask; null is False."""
    if booleans.null_count:
        booleans = pc.fill_null(booleans, False)
    return np.asarray(booleans.to_numpy(zero_copy_only=False), dtype=np.bool_)


def is_known(array: pa.Array) -> Mask:
    """Return the rows that are not null, shape (n,)."""
    return ~as_mask(array.is_null())


def read_distinct(
    texts: pa.Array, rows: Mask, read: Callable[[str], CellT]
) -> tuple[list[CellT], NDArray[np.int64], NDArray[np.int64]]:
    """Read the texts of some rows, each distinct text once.

    Returns
    -------
    cells
        What `read` gave for each distinct text.
    which
        Index into `cells` of each of the rows, shape (k,).
    positions
        The rows, shape (k,).
    """
    positions = np.flatnonzero(rows)
    if positions.size == 0:
        return [], positions, positions
    encoded = texts.take(pa.array(positions)).dictionary_encode()
    which = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    return [read(text) for text in encoded.dictionary.to_pylist()], which, positions


def faults_of(
    cells: Sequence[_Cell], which: NDArray[np.int64], positions: NDArray[np.int64], n: int
) -> dict[str, Mask]:
    """Spread the codes of distinct cells over the rows of a column of n rows."""
    codes = sorted({cell.code for cell in cells if cell.code is not None})
    faults = {}
    for code in codes:
        has_code = np.array([cell.code == code for cell in cells], dtype=np.bool_)
        mask = np.zeros(n, dtype=np.bool_)
        mask[positions[has_code[which]]] = True
        faults[code] = mask
    return faults


def add_fault(faults: dict[str, Mask], code: str, rows: Mask) -> None:
    """Mark rows with a code; nothing happens when there are none."""
    if rows.any():
        faults[code] = faults[code] | rows if code in faults else rows


def nothing_known(n: int, arrow_type: pa.DataType, code: str, rows: Mask) -> Parsed:
    """Return a column of nulls, with a fault in the given rows."""
    faults: dict[str, Mask] = {}
    add_fault(faults, code, rows)
    return Parsed(pa.nulls(n, arrow_type), faults)


class _TextCell(_Cell, Protocol):
    @property
    def value(self) -> str | None: ...


def read_the_rest(
    texts: pa.Array, is_plain: Mask, read: Callable[[str], _TextCell], *, plain: pa.Array | None = None
) -> Parsed:
    """Keep the texts of plain rows and read the others one distinct text at a time.

    Parameters
    ----------
    texts
        large_string, shape (n,).
    is_plain
        Rows whose text is known to be good as it is.
    read
        The exact reading of one text.
    plain
        What plain rows become; `texts` when they stay as they are.
    """
    kept = texts if plain is None else plain
    rest = is_known(texts) & ~is_plain
    found, which, positions = read_distinct(texts, rest, read)
    if not found:
        return Parsed(kept)
    # Put the read texts in their places: take from plain rows and, behind them, the distinct readings.
    source = np.arange(len(texts))
    source[positions] = len(texts) + which
    readings = pa.array([cell.value for cell in found], pa.large_string())
    values = pa.concat_arrays([kept, readings]).take(pa.array(source))
    return Parsed(values, faults_of(found, which, positions, len(texts)))
