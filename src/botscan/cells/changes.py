"""Changes from cells: counts with a sign, for what a number of followers gained or lost."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa

from botscan.cells.blanks import trim
from botscan.cells.numbers import CountCell, ParsedCounts, read_count
from botscan.cells.parsed import (
    Mask,
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
from botscan.schema import MAX_COUNT

_SPACE = " \u00a0\u2009\u202f"
#: Hyphens, the minus sign, and the dash that word processors put in its place.
_MINUS = "-\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"
_PLUS = "+\ufe62\uff0b"
#: Cells of dashes only say that nothing was counted.
_DASHES = frozenset(_MINUS + "\u2014\u2015")

_NOT_A_COUNT = CountCell(code="not_a_count")


def read_change(text: str) -> CountCell:
    """Read one change: a count of any form that `botscan.cells.numbers.read_count` knows, with or without a sign.

    Examples
    --------
    >>> read_change("+70").value, read_change("-1,2 rb"), read_change("1.234").value
    (70, CountCell(value=-1200, code='count_rounded', half_width=50), 1234)
    >>> read_change("--"), read_change("+-5").code
    (CountCell(value=None, code=None, half_width=0), 'not_a_count')
    """
    text = trim(text)
    if _DASHES.issuperset(text):  # the empty text too
        return CountCell()
    if text[0] not in _MINUS + _PLUS:
        return read_count(text)
    size = text[1:].lstrip(_SPACE)
    if not size or size[0] in _MINUS + _PLUS:
        return _NOT_A_COUNT
    cell = read_count(size)
    if cell.value is None:
        return _NOT_A_COUNT if cell.code is None else cell  # a word for "missing" has no sign
    return cell if text[0] in _PLUS else dataclasses.replace(cell, value=-cell.value)


def parse_changes(cells: pa.Array | pa.ChunkedArray) -> ParsedCounts:
    """Read a column of changes.

    Parameters
    ----------
    cells
        Text, whole numbers, floating numbers (whole ones are changes, NaN is missing), or anything else, which is
        ``not_a_count``.

    Returns
    -------
    ParsedCounts
        int64 values, shape (n,), in [-10**12, 10**12] or null; codes are those of counts, without
        ``negative_count``.

    Examples
    --------
    >>> parse_changes(pa.array(["+70", "--", "-12", "+2,770", "many"])).values.to_pylist()
    [70, None, -12, 2770, None]
    """
    array = flatten(cells)
    if is_text(array.type):
        return _changes_from_text(array)
    if pa.types.is_integer(array.type) or is_number(array.type):
        return _changes_from_numbers(array)
    bare = nothing_known(len(array), pa.int64(), "not_a_count", is_known(array))
    return ParsedCounts(bare.values, bare.faults, np.zeros(len(array), dtype=np.int64))


def _changes_from_text(texts: pa.Array) -> ParsedCounts:
    n = len(texts)
    values = np.zeros(n, dtype=np.int64)
    known = np.zeros(n, dtype=np.bool_)
    half_widths = np.zeros(n, dtype=np.int64)
    found, which, positions = read_distinct(texts, is_known(texts), read_change)
    if found:
        values[positions] = np.array([cell.value or 0 for cell in found], dtype=np.int64)[which]
        known[positions] = np.array([cell.value is not None for cell in found])[which]
        half_widths[positions] = np.array([cell.half_width for cell in found], dtype=np.int64)[which]
    return ParsedCounts(pa.array(values, mask=~known), faults_of(found, which, positions, n), half_widths)


def _changes_from_numbers(numbers: pa.Array) -> ParsedCounts:
    # Every whole number up to 10**12 is a float without loss; what a float cannot hold is out of range anyway.
    floats = as_floats(numbers)
    known = ~np.isnan(floats)
    is_large = known & (np.abs(floats) > MAX_COUNT)
    is_broken = known & ~is_large & (floats != np.floor(floats))
    faults: dict[str, Mask] = {}
    add_fault(faults, "count_out_of_range", is_large)
    add_fault(faults, "not_a_count", is_broken)
    bad = ~known | is_large | is_broken
    values = np.where(bad, 0.0, floats).astype(np.int64)
    return ParsedCounts(pa.array(values, mask=bad), faults, np.zeros(len(values), dtype=np.int64))
