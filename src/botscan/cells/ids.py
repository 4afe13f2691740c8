"""Account ids from cells: text from the first character to the last, never a number."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.cells.blanks import NULL_IDS, has_control, trim
from botscan.cells.handles import handle_key, read_handle
from botscan.cells.parsed import (
    Parsed,
    add_fault,
    as_floats,
    as_mask,
    flatten,
    is_known,
    is_number,
    is_text,
    nothing_known,
    read_the_rest,
)
from botscan.schema import PLATFORMS

#: Longest id. A longer one is blanked, not cut: two accounts could become one.
MOST_ID_CHARACTERS = 2_048
#: Most digits that a spreadsheet or a float keeps.
_MOST_EXACT_DIGITS = 15

_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]*)?[eE][+-]?[0-9]+")
_DECIMAL = re.compile(r"([+-]?[0-9]+)[.,]([0-9]+)")
_MADE = re.compile(r"row-[1-9][0-9]*")
#: Ids of platforms with other ids than numbers, long enough to be no word for "missing".
_PLAIN_WORD = r"^[A-Za-z][A-Za-z0-9_:.-]{9,254}$"


@dataclass(frozen=True)
class IdCell:
    """One id read from text.

    Attributes
    ----------
    value
        The id, or None. ``@name`` is how an account without an id is named: by its handle in lower case.
    code
        ``id_damaged``, ``bad_id``, ``key_too_long``; with a value ``id_was_number`` (a spreadsheet's ``12345.0``)
        or ``ids_made`` (``row-7``, made by botscan for a list without ids); or None.
    """

    value: str | None = None
    code: str | None = None


_DAMAGED = IdCell(code="id_damaged")
_BAD_ID = IdCell(code="bad_id")


def has_numeric_ids(platform: str | None) -> bool:
    """Whether ids of the platform are positive whole numbers; False where that is not known."""
    return platform is not None and platform in PLATFORMS and PLATFORMS[platform].numeric_ids


def read_id(text: str, *, is_numeric: bool = False) -> IdCell:
    """Read one account id.

    Parameters
    ----------
    text
        As it stands in the cell.
    is_numeric
        Whether ids of the platform are positive whole numbers.

    Examples
    --------
    >>> read_id(" 00071 ").value, read_id("12345.0").value
    ('00071', '12345')
    >>> read_id("1.1E+18").code, read_id("abc", is_numeric=True).code, read_id("N/A").code
    ('id_damaged', 'bad_id', None)
    """
    text = trim(text)
    if text.lower() in NULL_IDS:
        return IdCell()
    if len(text) > MOST_ID_CHARACTERS:
        return IdCell(code="key_too_long")
    if has_control(text) or "\ufffd" in text or _SCIENTIFIC.fullmatch(text):
        return _DAMAGED
    if _MADE.fullmatch(text):
        return IdCell(text, "ids_made")
    if text.startswith("@"):
        key = handle_key(read_handle(text).value)
        return _BAD_ID if key is None else IdCell("@" + key)
    code = None
    if found := _DECIMAL.fullmatch(text):
        text = found[1]
        code = "id_was_number"
        if found[2].strip("0") or len(text.lstrip("+-")) > _MOST_EXACT_DIGITS:
            return _DAMAGED
    is_positive_number = text.isascii() and text.isdigit() and bool(text.strip("0"))
    return IdCell(text, code) if is_positive_number or not is_numeric else _BAD_ID


def parse_ids(cells: pa.Array | pa.ChunkedArray, *, platform: str | None = None) -> Parsed:
    """Read a column of account ids; large_string or null, shape (n,).

    Parameters
    ----------
    cells
        Text, whole numbers (their exact digits), or floating numbers, which hold an id of at most 15 digits.
    platform
        Says whether ids must be positive whole numbers.

    Examples
    --------
    >>> parse_ids(pa.array([12345678901234567890], pa.uint64())).values.to_pylist()
    ['12345678901234567890']
    """
    array = flatten(cells)
    is_numeric = has_numeric_ids(platform)
    if is_text(array.type):
        return _ids_from_text(array, is_numeric=is_numeric)
    if pa.types.is_integer(array.type):
        return _ids_from_text(array.cast(pa.large_string()), is_numeric=is_numeric)
    if is_number(array.type):
        return _ids_from_numbers(array, is_numeric=is_numeric)
    return nothing_known(len(array), pa.large_string(), "wrong_type", is_known(array))


def _ids_from_text(texts: pa.Array, *, is_numeric: bool) -> Parsed:
    is_plain = as_mask(pc.ascii_is_decimal(texts)) & as_mask(pc.less_equal(pc.binary_length(texts), 255))
    if is_numeric:
        is_plain &= ~as_mask(pc.starts_with(texts, "0"))  # may be zero
    else:
        is_plain |= as_mask(pc.match_substring_regex(texts, _PLAIN_WORD)) & ~as_mask(pc.starts_with(texts, "row-"))
    return read_the_rest(texts, is_plain, lambda text: read_id(text, is_numeric=is_numeric))


def _ids_from_numbers(numbers: pa.Array, *, is_numeric: bool) -> Parsed:
    if pa.types.is_decimal(numbers.type) and numbers.type.scale <= 0:
        return _ids_from_text(numbers.cast(pa.large_string()), is_numeric=is_numeric)
    floats = as_floats(numbers)
    known = ~np.isnan(floats)
    is_exact = known & (np.abs(floats) < 10**_MOST_EXACT_DIGITS) & (floats == np.floor(floats))
    whole = pa.array(np.where(is_exact, floats, 0).astype(np.int64), mask=~is_exact)
    parsed = _ids_from_text(whole.cast(pa.large_string()), is_numeric=is_numeric)
    faults = dict(parsed.faults)
    add_fault(faults, "id_was_number", is_known(parsed.values))
    add_fault(faults, "id_damaged", known & ~is_exact)
    return Parsed(parsed.values, faults)
