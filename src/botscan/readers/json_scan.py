"""Where JSON values begin and end: brackets outside strings and their depth, found for a whole stretch at once.

This decides nothing about the values themselves; each stretch is parsed by a real parser afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_QUOTE, _BACKSLASH, _COMMA, _LF, _CR = b'"\\,\n\r'
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
    codes = np.frombuffer(data, dtype=np.uint8)[start:stop]
    quotes = _unescaped(codes, np.flatnonzero(codes == _QUOTE), data, start)
    broken_at = _first_line_end_in_string(codes, quotes, in_string=in_string)
    if broken_at >= 0:
        codes, quotes = codes[:broken_at], quotes[quotes < broken_at]
    positions = np.flatnonzero(_STEP[codes])
    positions = positions[~_is_inside(positions, quotes, in_string=in_string)]
    steps = _STEP[codes[positions]]
    # A closing bracket with nothing to close leaves the depth at 0.
    raw = depth + np.cumsum(np.where(steps == _IS_COMMA, 0, steps), dtype=np.int64)
    depths = raw - np.minimum(np.minimum.accumulate(raw), 0) if raw.size else raw
    return BracketScan(
        positions + start,
        steps,
        depths,
        int(depths[-1]) if depths.size else depth,
        broken_at + start if broken_at >= 0 else -1,
        (quotes.size + in_string) % 2 == 1,
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


def _is_inside(positions: NDArray[np.int64], quotes: NDArray[np.int64], *, in_string: bool) -> NDArray[np.bool_]:
    return (np.searchsorted(quotes, positions) + in_string) % 2 == 1


def _unescaped(codes: NDArray[np.uint8], quotes: NDArray[np.int64], data: bytes, start: int) -> NDArray[np.int64]:
    """Leave out the quotes behind an odd number of backslashes."""
    if quotes.size == 0:
        return quotes
    before = codes[quotes - 1] == _BACKSLASH
    if quotes[0] == 0:
        before[0] = start > 0 and data[start - 1] == _BACKSLASH
    if not before.any():
        return quotes
    others = np.flatnonzero(codes != _BACKSLASH)
    suspects = quotes[before]
    last_other = np.searchsorted(others, suspects) - 1
    runs = suspects - 1 - np.where(last_other >= 0, others[last_other], -1)
    # A run that reaches the start of the stretch began before it.
    runs[last_other < 0] += _backslashes_before(data, start)
    is_escaped = np.zeros(quotes.size, dtype=np.bool_)
    is_escaped[before] = runs % 2 == 1
    return quotes[~is_escaped]


def _backslashes_before(data: bytes, start: int) -> int:
    return start - len(data[:start].rstrip(b"\\"))


def _first_line_end_in_string(codes: NDArray[np.uint8], quotes: NDArray[np.int64], *, in_string: bool) -> int:
    line_ends = np.flatnonzero((codes == _LF) | (codes == _CR))
    if line_ends.size == 0:
        return -1
    inside = line_ends[_is_inside(line_ends, quotes, in_string=in_string)]
    return int(inside[0]) if inside.size else -1
