"""Handles from cells, shown as given, and the key under which they are compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.cells.blanks import NULL_MARK, has_control, trim
from botscan.cells.parsed import (
    Mask,
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
from botscan.cells.profile_hosts import PROFILE_HOSTS

#: Longest handle. A longer one is blanked, not cut: two accounts could become one.
MOST_HANDLE_CHARACTERS = 256

_PLAIN = r"^@?[A-Za-z0-9_.-]+(@[A-Za-z0-9.-]+)?$"
_PLAIN_KEY = r"^[\x21-\x7e]*$"

_LINK = re.compile(r"(?:https?://)?(?:www\.)?([a-z0-9.-]+\.[a-z]{2,})/([^?#]*)(?:[?#].*)?", re.IGNORECASE | re.ASCII)
#: A long number that a spreadsheet has rounded: its digits are lost.
_ROUNDED = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]+")
#: First parts of paths that lead to no profile.
_NO_PROFILE = frozenset({"intent", "i", "p", "reel", "reels", "hashtag", "search", "explore", "home", "profile.php"})


@dataclass(frozen=True)
class HandleCell:
    """One handle read from text; `code` is ``bad_handle``, ``key_too_long``, ``nul_removed`` (with a value) or None."""

    value: str | None = None
    code: str | None = None


def read_handle(text: str) -> HandleCell:
    """Read one handle: trimmed, one leading @ removed, otherwise as given; a link to a profile gives its handle.

    Words such as "null" and "NA" are people's handles; only an empty cell is missing.

    Examples
    --------
    >>> read_handle(" @Budi_17 ").value, read_handle("null").value, read_handle("https://x.com/Budi_17?s=20").value
    ('Budi_17', 'null', 'Budi_17')
    """
    code = "nul_removed" if "\x00" in text else None
    text = trim(text.replace("\x00", ""))
    if text in {"", NULL_MARK}:
        return HandleCell(None, code)
    if len(text) > 10 * MOST_HANDLE_CHARACTERS:
        return HandleCell(code="key_too_long")
    if "/" in text:
        handle = _handle_of_link(text)
        if handle is None:
            return HandleCell(code="bad_handle")
        text = handle
    text = trim(text.removeprefix("@"))
    if len(text) > MOST_HANDLE_CHARACTERS:
        return HandleCell(code="key_too_long")
    if _ROUNDED.fullmatch(text):
        return HandleCell(code="bad_handle")
    return HandleCell(text, code) if text else HandleCell(code="bad_handle")


def _handle_of_link(text: str) -> str | None:
    found = _LINK.fullmatch(text)
    if found is None:
        return None
    host, path = found[1].lower(), found[2].strip("/").removeprefix("_u/")
    if host not in PROFILE_HOSTS:
        # A server of the Fediverse: server/@name.
        is_profile = path.startswith("@") and "/" not in path and len(path) > 1
        return f"{path[1:]}@{host}" if is_profile and "@" not in path[1:] else None
    _, before = PROFILE_HOSTS[host]
    if not path.startswith(before):
        return None
    handle = path.removeprefix(before)
    return None if "/" in handle or handle.lower() in _NO_PROFILE else handle


def handle_key(handle: str | None) -> str | None:
    """Return the form under which a handle is compared: lower case.

    None for a handle that holds a replacement or control character: it is shown, and never names an account. No
    Unicode normalisation: look-alikes are different accounts.

    Examples
    --------
    >>> handle_key("Budi_17"), handle_key("Bud\ufffd")
    ('budi_17', None)
    """
    if handle is None or "\ufffd" in handle or has_control(handle):
        return None
    return handle.lower()


def parse_handles(cells: pa.Array | pa.ChunkedArray) -> Parsed:
    """Read a column of handles; large_string or null, shape (n,).

    Examples
    --------
    >>> parse_handles(pa.array(["@Ana", "NaN", "", None])).values.to_pylist()
    ['Ana', 'NaN', None, None]
    """
    array = flatten(cells)
    if pa.types.is_integer(array.type):
        array = array.cast(pa.large_string())
    elif is_number(array.type):
        return _whole_numbers(array)
    if not is_text(array.type):
        return nothing_known(len(array), pa.large_string(), "wrong_type", is_known(array))
    is_plain = as_mask(pc.match_substring_regex(array, _PLAIN))
    is_plain &= as_mask(pc.less_equal(pc.binary_length(array), MOST_HANDLE_CHARACTERS))
    shown = pc.ascii_ltrim(array, characters="@") if as_mask(pc.starts_with(array, "@")).any() else array
    return read_the_rest(array, is_plain, read_handle, plain=shown)


def handle_keys(handles: pa.Array) -> pa.Array:
    """Return the keys of a column of handles; large_string, null where a handle has none.

    Examples
    --------
    >>> handle_keys(pa.array(["Ana", None, "B\ufffd"], pa.large_string())).to_pylist()
    ['ana', None, None]
    """
    is_plain = as_mask(pc.match_substring_regex(handles, _PLAIN_KEY))
    if bool((is_plain | ~is_known(handles)).all()):
        return pc.ascii_lower(handles)
    return read_the_rest(
        handles, is_plain, lambda text: HandleCell(handle_key(text)), plain=pc.ascii_lower(handles)
    ).values


def _whole_numbers(numbers: pa.Array) -> Parsed:
    """Write whole numbers without their ``.0``: a column with a gap turns 123 into 123.0 in many tools.

    A fraction is nobody's name, and of a number beyond 15 digits the last ones are lost.
    """
    floats = as_floats(numbers)
    is_whole = np.isfinite(floats) & (np.abs(floats) < 10**15) & (floats == np.floor(floats))
    whole = pa.array(np.where(is_whole, floats, 0).astype(np.int64), mask=~is_whole).cast(pa.large_string())
    faults: dict[str, Mask] = {}
    add_fault(faults, "bad_handle", ~is_whole & ~np.isnan(floats))
    return Parsed(whole, faults)
