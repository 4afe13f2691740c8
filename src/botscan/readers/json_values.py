"""JSON values, exactly: a fast parser, and the standard one for what the fast one gets wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import orjson

from botscan.readers.json_scan import depth_of

#: Deepest nesting of a record.
MOST_DEPTH = 64
#: From here on orjson gives integers as floats: 2**64 has 20 digits, -2**63 has 19.
_LONG_DIGITS = 20
_LONG_NUMBER = re.compile(rb"[0-9]{20}|-[0-9]{19}")
_LONG_NEGATIVE = re.compile(rb"-[0-9]{19}")
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
    if len(block) < _LONG_DIGITS:
        return False
    if _LONG_NEGATIVE.search(block) is not None:
        return True
    is_digit = np.frombuffer(block, dtype=np.uint8) - np.uint8(48) < 10
    # A run of 20 covers four of every fifth bytes in a row; only there the bytes between are looked at.
    sampled = is_digit[::5]
    (suspects,) = np.nonzero(sampled[:-3] & sampled[1:-2] & sampled[2:-1] & sampled[3:])
    if suspects.size == 0:
        return False
    is_digit = np.concatenate((np.zeros(5, np.bool_), is_digit, np.zeros(_LONG_DIGITS, np.bool_)))
    # The run begins at most four bytes before the first of the four.
    around = is_digit[suspects[:, None] * 5 + np.arange(1, 5 + _LONG_DIGITS)]
    n_digits = np.concatenate((np.zeros((suspects.size, 1), np.int64), np.cumsum(around, axis=1)), axis=1)
    return bool((n_digits[:, _LONG_DIGITS:] - n_digits[:, :-_LONG_DIGITS] == _LONG_DIGITS).any())


def parse_value(data: bytes, *, may_be_long: bool = True) -> Value:
    """Parse one JSON value.

    Parameters
    ----------
    data
        Valid UTF-8.
    may_be_long
        False when `has_long_number` has already said no for a text that holds `data`.

    Examples
    --------
    >>> parsed = parse_value(b'{"id": 18446744073709551616, "n": NaN}')
    >>> parsed.value, parsed.not_a_number
    ({'id': 18446744073709551616, 'n': None}, True)
    """
    if data.count(b"{") + data.count(b"[") > MOST_DEPTH and depth_of(data) > MOST_DEPTH:
        return Value(flaw="too_deep")
    if may_be_long and _LONG_NUMBER.search(data) is not None:
        return _parse_exactly(data)
    try:
        return Value(orjson.loads(data))
    except orjson.JSONDecodeError:
        return _parse_exactly(data)


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
