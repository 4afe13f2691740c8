"""JSON values, exactly: a fast parser, and the standard one for what the fast one gets wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from botscan.readers.objects.json_scan import depth_of

_BLANK = b" \t\r\n"
#: What ends a value, by how it begins.
_CLOSES = {b"[": b"]", b"{": b"}"}
#: Deepest nesting of a record.
MOST_DEPTH = 64
#: From here on orjson gives integers as floats: 2**64 has 20 digits, -2**63 has 19.
_LONG_DIGITS = 20
_LONG_NUMBER = re.compile(rb"[0-9]{20}|-[0-9]{19}")
_MINUS = ord("-")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89abAB]|\\u[dD][c-fC-F]")
#: Stands for integers so long that Python refuses to read them; far beyond every id and count.
_ENORMOUS = 10**40


class Value(NamedTuple):
    """A parsed value, or why there is none.

    Attributes
    ----------
    value
        dict, list, str, int, float, bool or None.
    flaw
        None, ``bad_json`` or ``too_deep``.
    not_a_number
        Whether NaN or Infinity stood where JSON allows none; they are None now.
    duplicate_keys
        Whether an object held a key twice; the last one counts. Seen only where the slow parser ran.
    is_repaired
        Whether half of a surrogate pair became U+FFFD.
    """

    value: Any = None
    flaw: str | None = None
    not_a_number: bool = False
    duplicate_keys: bool = False
    is_repaired: bool = False


def has_long_number(block: bytes) -> bool:
    """Whether a run of 20 or more digits, or of 19 behind a minus, stands in the text.

    Examples
    --------
    >>> has_long_number(b'{"id": 18446744073709551616}'), has_long_number(b'{"id": 1844674407370955161}')
    (True, False)
    """
    codes = np.frombuffer(block, dtype=np.uint8)
    is_digit = codes - np.uint8(ord("0")) < 10  # smaller bytes wrap round to large values
    (starts,) = np.nonzero(_runs(is_digit, _LONG_DIGITS - 1))
    is_longer = np.diff(starts) == 1
    return bool(is_longer.any() or (codes[starts[starts > 0] - 1] == _MINUS).any())


def _runs(mask: NDArray[np.bool_], n: int) -> NDArray[np.bool_]:
    """Mark where `n` marks in a row begin."""
    length = 1
    while length < n:
        step = min(length, n - length)
        mask = mask[:-step] & mask[step:]
        length += step
    return mask


def parse_plainly(text: bytes, frames: Sequence[bytes]) -> list[Any] | None:
    """Parse many records at once; None when there is anything unusual about one of them.

    Parameters
    ----------
    text
        All of their text, one behind the other, with nothing but blanks between.
    frames
        Each one's text.

    Examples
    --------
    >>> parse_plainly(b'{"id": 1} {"id": 2}', [b'{"id": 1}', b'{"id": 2}'])
    [{'id': 1}, {'id': 2}]
    >>> parse_plainly(b'{"id": NaN}', [b'{"id": NaN}'])
    """
    if has_long_number(text):
        return None
    try:
        values = list(map(orjson.loads, frames))
    except orjson.JSONDecodeError:
        return None
    if may_be_deep(text, max(map(len, frames))) and depth_of(text) > MOST_DEPTH:
        return None
    return values


def may_be_deep(text: bytes, longest: int) -> bool:
    """Whether some stretch of `longest` bytes holds more brackets than a record may be deep.

    Examples
    --------
    >>> may_be_deep(b'{"a": ' * 65 + b"1" + b"}" * 65, 1000), may_be_deep(b'{"id": 1}' * 65, 9)
    (True, False)
    """
    (opening,) = np.nonzero(np.frombuffer(text, dtype=np.uint8) & 0xDF == ord("["))  # so is { without this bit
    return bool((opening[MOST_DEPTH:] - opening[:-MOST_DEPTH] < longest).any())


def parse_value(data: bytes) -> Value:
    """Parse one JSON value of valid UTF-8.

    Examples
    --------
    >>> parsed = parse_value(b'{"id": 18446744073709551616, "n": NaN}')
    >>> parsed.value, parsed.not_a_number
    ({'id': 18446744073709551616, 'n': None}, True)
    """
    if data.count(b"{") + data.count(b"[") > MOST_DEPTH and depth_of(data) > MOST_DEPTH:
        return Value(flaw="too_deep")
    if _LONG_NUMBER.search(data) is not None:
        return _parse_exactly(data)
    try:
        return Value(orjson.loads(data))
    except orjson.JSONDecodeError:
        text = data.strip(_BLANK)
        is_open = text[:1] in _CLOSES and text[-1:] != _CLOSES[text[:1]]
        return Value(flaw="bad_json") if is_open else _parse_exactly(data)


def _parse_exactly(data: bytes) -> Value:
    not_a_number = duplicate_keys = False

    def no_number(_: str) -> None:
        nonlocal not_a_number
        not_a_number = True

    def last_wins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal duplicate_keys
        result = dict(pairs)
        duplicate_keys = duplicate_keys or len(result) < len(pairs)
        return result

    try:
        value = json.loads(
            data.decode(),
            parse_int=_whole_number,
            parse_constant=no_number,
            object_pairs_hook=last_wins,
            strict=False,  # control characters inside strings are kept as data
        )
    except ValueError:
        return Value(flaw="bad_json")
    except RecursionError:  # deeper than it looked, behind a line end inside a string
        return Value(flaw="too_deep")
    is_repaired = False
    if _ESCAPED_SURROGATE.search(data) is not None:
        value, is_repaired = without_lone_surrogates(value)
    return Value(value, None, not_a_number, duplicate_keys, is_repaired)


def _whole_number(digits: str) -> int:
    # int() refuses more than 4,300 digits, and nobody needs more than 20.
    return int(digits) if len(digits) <= 2 * _LONG_DIGITS else _ENORMOUS


def without_lone_surrogates(value: Any) -> tuple[Any, bool]:
    r"""Replace every half of a surrogate pair in the strings of a value; tell whether there was one.

    Examples
    --------
    >>> without_lone_surrogates({"a": ["x\ud800"]})
    ({'a': ['x�']}, True)
    """
    found = False

    def clean(text: str) -> str:
        nonlocal found
        if _LONE_SURROGATE.search(text) is None:
            return text
        found = True
        return _LONE_SURROGATE.sub("\ufffd", text)

    return _with_strings(value, clean), found


def with_short_strings(value: Any, most: int) -> Any:
    """Cut every string of a value at `most` characters.

    Examples
    --------
    >>> with_short_strings({"a": "xyz", "b": [{"c": "xyz"}]}, 2)
    {'a': 'xy', 'b': [{'c': 'xy'}]}
    """
    return _with_strings(value, lambda text: text[:most])


def _with_strings(value: Any, change: Callable[[str], str]) -> Any:
    """Change every string and key inside a value, in place; without recursion, for data may be deep."""

    def changed(item: Any) -> Any:
        return change(item) if isinstance(item, str) else item

    root = [value]
    waiting: list[Any] = [root]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, dict):
            items = {changed(key): changed(item) for key, item in holder.items()}
            holder.clear()
            holder.update(items)
            waiting += [item for item in items.values() if isinstance(item, dict | list)]
        else:
            holder[:] = [changed(item) for item in holder]
            waiting += [item for item in holder if isinstance(item, dict | list)]
    return root[0]
