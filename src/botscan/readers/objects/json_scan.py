"""Where JSON values begin and end: brackets outside strings and their depth, found for a whole stretch at once.

This decides nothing about the values themselves; each stretch is parsed by a real parser afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_QUOTE, _BACKSLASH, _COMMA, _LF, _CR = b'"\\,\n\r'
#: 1 for the bytes that structure is made of, 0 for all others, which are passed over at once.
_IS_MARK = bytes(byte in b'{[}]",\n\r' for byte in range(256))
#: +1 for an opening bracket, -1 for a closing one, `_IS_COMMA` for a comma, 0 for all other bytes.
_STEP = np.zeros(256, dtype=np.int8)
_STEP[list(b"{[")] = 1
_STEP[list(b"}]")] = -1
_IS_COMMA = 2
_STEP[_COMMA] = _IS_COMMA


@dataclass(frozen=True, eq=False)
class BracketScan:
    """Structure of one stretch of JSON text.

    Attributes
    ----------
    positions
        Offsets of brackets and commas outside strings, rising, shape (k,).
    steps
        +1 opening, -1 closing, 2 comma, shape (k,).
    depths
        Depth behind each of them, never below 0, shape (k,).
    end_depth
        Depth at the end of the stretch.
    broken_at
        Offset of the first line end inside a string, which JSON does not allow; -1 when there is none. Nothing behind
        it is in the arrays.
    in_string
        Whether the stretch ends inside a string.
    """

    positions: NDArray[np.int64]
    steps: NDArray[np.int8]
    depths: NDArray[np.int64]
    end_depth: int
    broken_at: int
    in_string: bool


def scan_brackets(data: bytes, start: int, stop: int, *, depth: int = 0, in_string: bool = False) -> BracketScan:
    """Scan ``data[start:stop]``, going on at a depth and inside or outside a string.

    Examples
    --------
    >>> scan = scan_brackets(b'{"a": [1, "}"]}', 0, 15)
    >>> scan.positions.tolist(), scan.depths.tolist()
    ([0, 6, 8, 13, 14], [1, 2, 2, 1, 0])
    """
    text = data[start:stop]
    codes = np.frombuffer(text, dtype=np.uint8)
    marks = np.flatnonzero(np.frombuffer(text.translate(_IS_MARK), dtype=np.bool_))
    kinds = codes.take(marks)
    is_quote = kinds == _QUOTE
    n_before = _backslashes_before(data, start)
    if n_before or b"\\" in text:
        is_quote &= ~_is_escaped(codes, n_before).take(marks)
    is_inside = np.logical_xor.accumulate(is_quote) ^ in_string
    broken = np.flatnonzero(is_inside & ((kinds == _LF) | (kinds == _CR)))[:1]
    broken_at = int(marks[broken[0]]) + start if broken.size else -1
    if broken.size:
        marks, kinds, is_inside = marks[: broken[0]], kinds[: broken[0]], is_inside[: broken[0]]
    steps = _STEP.take(kinds)
    outside = np.flatnonzero((steps != 0) & ~is_inside)
    steps = steps.take(outside)
    raw = depth + np.cumsum(np.where(steps == _IS_COMMA, 0, steps), dtype=np.int64)
    if raw.min(initial=0) < 0:  # a closing bracket with nothing to close leaves the depth at 0
        raw -= np.minimum(np.minimum.accumulate(raw), 0)
    return BracketScan(
        marks.take(outside) + start,
        steps,
        raw,
        int(raw[-1]) if raw.size else depth,
        broken_at,
        bool(is_inside[-1]) if is_inside.size else in_string,
    )


def depth_of(data: bytes) -> int:
    """Return how deep arrays and objects are nested.

    Examples
    --------
    >>> depth_of(b'{"a": [[], {}]}')
    3
    """
    depths = scan_brackets(data, 0, len(data)).depths
    return int(depths.max()) if depths.size else 0


def _is_escaped(codes: NDArray[np.uint8], n_before: int) -> NDArray[np.bool_]:
    """Whether each byte stands behind an odd number of backslashes; `n_before` of them stand before the stretch."""
    backslashes = np.flatnonzero(codes == _BACKSLASH)
    numbers = np.arange(backslashes.size)
    is_first = np.diff(backslashes, prepend=-2) != 1
    in_run = numbers - np.maximum.accumulate(np.where(is_first, numbers, 0))
    in_run[backslashes == in_run] += n_before
    is_escaped = np.zeros(codes.size + 1, dtype=np.bool_)
    is_escaped[0] = n_before % 2 == 1
    is_escaped[backslashes[in_run % 2 == 0] + 1] = True
    return is_escaped


def _backslashes_before(data: bytes, start: int) -> int:
    if data[start - 1 : start] != b"\\":
        return 0
    return start - len(data[:start].rstrip(b"\\"))
