"""Text of an Arrow column as bytes and offsets, and counts over it: all rows at once, no Python object a row.

Character classes are fixed tables in this file, not the tables of the running Python, so that a feature has the same
bits on every machine and under every version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Positions = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: Zero digit of every script with decimal digits, nine more follow each (Unicode 14, general category Nd). The first
#: is ASCII.
_DIGIT_ZEROS = np.array(
    [
        *(0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66),
        *(0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50),
        *(0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30),
        *(0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950),
        *(0x11C50, 0x11D50, 0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140),
        *(0x1E2F0, 0x1E950, 0x1FBF0),
    ],
    dtype=np.uint32,
)

#: White space outside ASCII, as ``str.split`` sees it; inside ASCII it is 9-13 and 28-32.
_WIDE_SPACES = np.array(
    [0x0085, 0x00A0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000], dtype=np.uint32
)

_EMPTY_TEXT = pa.nulls(0, pa.large_string())  # pa.array would import pandas


class CodePointRanges:
    """A fixed set of code points, tested all at once.

    Parameters
    ----------
    ranges
        First and last code point of each range, rising and apart.

    Examples
    --------
    >>> vowels = CodePointRanges([(0x41, 0x41), (0x45, 0x45)])
    >>> vowels.contains(np.array([0x41, 0x42], dtype=np.uint32)).tolist()
    [True, False]
    """

    def __init__(self, ranges: Sequence[tuple[int, int]]) -> None:
        bounds = [bound for first, last in ranges for bound in (first, last + 1)]
        if any(low >= high for low, high in pairwise(bounds)):
            raise ValueError("code point ranges must rise and stay apart")
        self._bounds = np.array(bounds, dtype=np.uint32)

    def contains(self, code_points: NDArray[np.uint32]) -> Mask:
        """Whether each code point is in the set; same shape."""
        # An odd number of bounds passed means: inside a range.
        return (np.searchsorted(self._bounds, code_points, side="right") & 1).astype(np.bool_)


@dataclass(frozen=True, eq=False)
class TextColumn:
    """Text of n rows.

    Attributes
    ----------
    data
        UTF-8 bytes of all rows, one after another, uint8, shape (n_bytes,).
    offsets
        Row i is ``data[offsets[i]:offsets[i + 1]]``; int64, shape (n + 1,), starts at 0 and ends at n_bytes.
    is_valid
        False where the row is null; a null row has no bytes. Shape (n,).

    Examples
    --------
    >>> column = TextColumn.from_arrow(pa.array(["a1", None, "é"]))
    >>> column.offsets.tolist(), column.is_valid.tolist()
    ([0, 2, 2, 4], [True, False, True])
    """

    data: Bytes
    offsets: Positions
    is_valid: Mask

    @classmethod
    def from_arrow(cls, array: pa.Array | pa.ChunkedArray) -> TextColumn:
        """Take the bytes of an Arrow column, without a copy where it is one chunk of large_string.

        Parameters
        ----------
        array
            string, large_string, dictionary of these, or null; sliced and chunked arrays included.

        Raises
        ------
        TypeError
            The array holds no text.
        """
        text = _as_large_string(array)
        n = len(text)
        if n == 0:
            return cls(np.empty(0, np.uint8), np.zeros(1, np.int64), np.empty(0, np.bool_))
        is_valid = _validity(text)
        offsets = _offsets(text)
        if text.null_count and bool(np.any(np.diff(offsets)[~is_valid])):
            # Arrow lets a null slot keep bytes, valid UTF-8 or not; here a null row is empty.
            text = pc.fill_null(text, "")
            offsets = _offsets(text)
        buffer = text.buffers()[2]
        data = np.empty(0, np.uint8) if buffer is None else np.frombuffer(buffer, dtype=np.uint8)
        return cls(data[offsets[0] : offsets[-1]], offsets - offsets[0], is_valid)

    def __len__(self) -> int:
        return len(self.is_valid)

    @cached_property
    def is_ascii(self) -> bool:
        """Whether no row holds a character outside ASCII."""
        return self.data.size == 0 or bool(self.data.max() < 0x80)

    def rows_of(self, positions: Positions) -> NDArray[np.int64]:
        """Row in which each byte position lies; same shape."""
        return np.searchsorted(self.offsets, positions, side="right") - 1

    def rows_with(self, positions: Positions) -> Mask:
        """Whether each row holds at least one of the byte positions, shape (n,)."""
        found = np.zeros(len(self), dtype=np.bool_)
        found[self.rows_of(positions)] = True
        return found

    def byte_at(self, positions: Positions) -> Bytes:
        """Byte at each position, 0 beyond either end of the data."""
        if self.data.size == 0:
            return np.zeros(len(positions), dtype=np.uint8)
        outside = (positions < 0) | (positions >= self.data.size)
        return np.where(outside, np.uint8(0), self.data.take(positions, mode="clip"))

    def code_point_at(self, positions: Positions) -> NDArray[np.uint32]:
        """Code point that starts at each position; every position must be the first byte of one.

        Notes
        -----
        RFC 3629: one byte below 0x80, else a lead byte (0xC2.. two, 0xE0.. three, 0xF0.. four bytes long) whose low
        bits are followed by six bits of each further byte.
        """
        lead = self.data[positions].astype(np.uint32)
        tail = [self.byte_at(positions + step).astype(np.uint32) & 0x3F for step in (1, 2, 3)]
        two = (lead & 0x1F) << 6 | tail[0]
        three = (lead & 0x0F) << 12 | tail[0] << 6 | tail[1]
        four = (lead & 0x07) << 18 | tail[0] << 12 | tail[1] << 6 | tail[2]
        return np.where(lead < 0x80, lead, np.where(lead < 0xE0, two, np.where(lead < 0xF0, three, four)))

    def sum_by_row(self, mask: Mask) -> NDArray[np.int64]:
        """Count the marked bytes of each row; mask has shape (n_bytes,), the result (n,)."""
        return np.diff(_running_count(mask)[self.offsets])


def code_points(text: TextColumn) -> NDArray[np.int64]:
    """Count the code points of each row, as ``len(str)``; shape (n,), 0 where null.

    Examples
    --------
    >>> code_points(TextColumn.from_arrow(pa.array(["é1", "", None, "🙂"]))).tolist()
    [2, 0, 0, 1]
    """
    if text.is_ascii:
        return np.diff(text.offsets)
    return text.sum_by_row(_starts_code_point(text.data))


def count_digits(text: TextColumn) -> NDArray[np.int64]:
    """Count the decimal digits of each row, of any script, as ``str.isdecimal``; shape (n,), 0 where null.

    Superscripts, fractions and Roman numerals are no digits.

    Examples
    --------
    >>> count_digits(TextColumn.from_arrow(pa.array(["a1b2", "x²", "٣"]))).tolist()
    [2, 0, 1]
    """
    return text.sum_by_row(_starts_digit(text))


def count_trailing_digits(text: TextColumn) -> NDArray[np.int64]:
    """Count the decimal digits at the end of each row; shape (n,), 0 where null.

    Examples
    --------
    >>> count_trailing_digits(TextColumn.from_arrow(pa.array(["4ana17", "17x", "2024", ""]))).tolist()
    [2, 0, 4, 0]
    """
    starts = _starts_code_point(text.data)
    is_other = starts & ~_starts_digit(text)
    # behind[i]: one past the first byte of the last character before byte i that is no digit; digits follow from there.
    behind = np.zeros(text.data.size + 1, dtype=np.int64)
    np.maximum.accumulate(np.where(is_other, np.arange(1, text.data.size + 1), 0), out=behind[1:])
    first, end = text.offsets[:-1], text.offsets[1:]
    begin = np.maximum(behind[end], first)
    if text.is_ascii:
        return end - begin
    running = _running_count(starts)
    return running[end] - running[begin]


def count_words(text: TextColumn) -> NDArray[np.int64]:
    """Count the words of each row, split at white space, as ``len(str.split())``; shape (n,), 0 where null.

    Examples
    --------
    >>> count_words(TextColumn.from_arrow(pa.array(["Ana  Maria", " ", None, "a\u3000b"]))).tolist()
    [2, 0, 0, 2]
    """
    is_space = _is_space(text)
    after_space = np.empty(text.data.size, dtype=np.bool_)
    after_space[1:] = is_space[:-1]
    after_space[text.offsets[:-1][np.diff(text.offsets) > 0]] = True
    return text.sum_by_row(after_space & ~is_space)


def _as_large_string(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    if pa.types.is_null(array.type):
        return pa.nulls(len(array), pa.large_string())
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if not pa.types.is_large_string(array.type):
        if not (pa.types.is_string(array.type) or pa.types.is_string_view(array.type)):
            raise TypeError(f"wanted an Arrow column of text, found {array.type}")
        array = array.cast(pa.large_string())
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks == 1 else pa.concat_arrays([_EMPTY_TEXT, *array.chunks])
    return array


def _validity(text: pa.Array) -> Mask:
    if text.null_count == 0:
        return np.ones(len(text), dtype=np.bool_)
    return np.asarray(pc.is_valid(text).to_numpy(zero_copy_only=False))


def _offsets(text: pa.Array) -> Positions:
    return np.frombuffer(text.buffers()[1], dtype=np.int64)[text.offset : text.offset + len(text) + 1]


def _running_count(mask: Mask) -> NDArray[np.int64]:
    """Count the marks before each place; shape (len(mask) + 1,)."""
    running = np.zeros(mask.size + 1, dtype=np.int64)
    np.cumsum(mask, out=running[1:])
    return running


def _starts_code_point(data: Bytes) -> Mask:
    # Every byte but 0b10xxxxxx starts a code point.
    return (data & 0xC0) != 0x80


def _starts_digit(text: TextColumn) -> Mask:
    """Mark the first byte of every decimal digit, shape (n_bytes,)."""
    data = text.data
    starts = (data - np.uint8(ord("0"))) < 10  # bytes below "0" wrap round to large values
    if not text.is_ascii:
        wide = np.flatnonzero(data >= 0xD9)  # lead byte of U+0660, the first digit beyond ASCII
        characters = text.code_point_at(wide)
        nearest = _DIGIT_ZEROS[np.searchsorted(_DIGIT_ZEROS, characters, side="right") - 1]
        starts[wide[characters - nearest < 10]] = True
    return starts


def _is_space(text: TextColumn) -> Mask:
    """Mark every byte of white space, shape (n_bytes,)."""
    data = text.data
    is_space = ((data - np.uint8(9)) < 5) | ((data - np.uint8(28)) < 5)
    if not text.is_ascii:
        # Lead bytes of the white space beyond ASCII: 0xC2 (two bytes), 0xE1, 0xE2, 0xE3 (three bytes).
        candidates = np.flatnonzero((data == 0xC2) | ((data - np.uint8(0xE1)) < 3))
        spaces = candidates[np.isin(text.code_point_at(candidates), _WIDE_SPACES)]
        is_space[spaces] = True
        is_space[spaces + 1] = True
        is_space[spaces[data[spaces] != 0xC2] + 2] = True
    return is_space
