"""Text columns against plain Python strings, through every Arrow layout a column can have."""

from __future__ import annotations

import sys
import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.arrow_text import (
    CodePointRanges,
    TextColumn,
    code_points,
    count_digits,
    count_trailing_digits,
    count_words,
)

PIECES = [
    "a",
    "Z",
    "7",
    "0",
    " ",
    "\t",
    "\x1c",
    "\x85",
    "\u00a0",
    "\u2003",
    "\u3000",
    "é",
    "²",
    "½",
    "Ⅳ",
    "٣",
    "９",
    "𝟘",
    "🙂",
    "e\u0301",
]

texts = st.lists(st.sampled_from(PIECES) | st.characters(codec="utf-8"), max_size=12).map("".join)
rows = st.lists(st.none() | texts, max_size=12)


def trailing_digits(text: str) -> int:
    n = 0
    for character in reversed(text):
        if not character.isdecimal():
            break
        n += 1
    return n


REFERENCES = [
    (code_points, len),
    (count_digits, lambda text: sum(character.isdecimal() for character in text)),
    (count_trailing_digits, trailing_digits),
    (count_words, lambda text: len(text.split())),
]


def layouts(values: list[str | None]) -> dict[str, pa.Array | pa.ChunkedArray]:
    """The same rows in every layout that Arrow has for text."""
    large = pa.array(values, pa.large_string())
    padded = pa.array(["padding é", None, *values, "7"], pa.string())
    half = len(values) // 2
    return {
        "string": pa.array(values, pa.string()),
        "large_string": large,
        "slice": padded.slice(2, len(values)),
        "dictionary": pa.array(values, pa.string()).dictionary_encode(),
        "dictionary slice": padded.dictionary_encode().slice(2, len(values)),
        "chunks": pa.chunked_array([large[:half], large[half:]], pa.large_string()),
        "slices of chunks": pa.chunked_array([padded, padded, padded]).slice(len(padded) + 2, len(values)),
        "dictionary chunks": pa.chunked_array(
            [
                pa.array(values[:half], pa.string()).dictionary_encode(),
                pa.array(values[half:], pa.string()).dictionary_encode(),
            ]
        ),
        "nulls with bytes": with_bytes_in_nulls(values),
    }


def with_bytes_in_nulls(values: list[str | None]) -> pa.Array:
    """An array whose null slots keep bytes, and bad ones: Arrow allows it."""
    pieces = [b"x9 \xff\xf0" if value is None else value.encode() for value in values]
    offsets = np.cumsum([0, *map(len, pieces)]).astype(np.int64)
    bits = np.packbits(np.array([value is not None for value in values], dtype=np.bool_), bitorder="little")
    buffers = [pa.py_buffer(bits.tobytes()), pa.py_buffer(offsets.tobytes()), pa.py_buffer(b"".join(pieces))]
    return pa.Array.from_buffers(pa.large_string(), len(values), buffers)


@settings(deadline=None, max_examples=100)
@given(rows)
def test_rows_keep_their_bytes_in_every_layout(values):
    for layout, array in layouts(values).items():
        text = TextColumn.from_arrow(array)
        found = [
            text.data[text.offsets[row] : text.offsets[row + 1]].tobytes().decode() if text.is_valid[row] else None
            for row in range(len(text))
        ]
        assert found == values, layout
        assert text.offsets[0] == 0
        assert text.offsets[-1] == len(text.data), layout
        assert not np.diff(text.offsets)[~text.is_valid].any(), layout


@pytest.mark.skipif(unicodedata.unidata_version != "14.0.0", reason="random text may hold digits newer than the table")
@settings(deadline=None, max_examples=100)
@given(rows)
def test_counts_equal_plain_python_in_every_layout(values):
    for layout, array in layouts(values).items():
        text = TextColumn.from_arrow(array)
        for kernel, reference in REFERENCES:
            wanted = [0 if value is None else reference(value) for value in values]
            assert kernel(text).tolist() == wanted, (kernel.__name__, layout)


@pytest.mark.parametrize(("kernel", "reference"), REFERENCES, ids=lambda value: value.__name__)
def test_counts_on_hand_made_text(kernel, reference):
    values = [
        *PIECES,
        "",
        "".join(PIECES),
        "ana1984",
        "1984ana",
        "١٢٣",
        "12\u0301",
        "x９9",
        None,
        "  two  words ",
        "9" * 500,
    ]
    text = TextColumn.from_arrow(pa.array(values))
    assert kernel(text).tolist() == [0 if value is None else reference(value) for value in values]


def all_characters() -> list[str]:
    return [chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF]


def test_digits_are_those_of_unicode_14():
    characters = all_characters()
    is_digit = count_digits(TextColumn.from_arrow(pa.array(characters))).astype(bool).tolist()
    frozen = {character for character, found in zip(characters, is_digit, strict=True) if found}
    running = {character for character in characters if character.isdecimal()}
    assert frozen <= running
    assert len(frozen) == 660
    if unicodedata.unidata_version == "14.0.0":
        assert frozen == running


def test_white_space_is_that_of_str_split():
    characters = all_characters()
    words = count_words(TextColumn.from_arrow(pa.array([f"a{character}b" for character in characters])))
    splits = {character for character, n in zip(characters, words.tolist(), strict=True) if n == 2}
    assert splits == {character for character in characters if character.isspace()}


def test_every_code_point_is_decoded():
    characters = all_characters()
    text = TextColumn.from_arrow(pa.array(characters))
    assert text.code_point_at(text.offsets[:-1]).tolist() == [ord(character) for character in characters]


def test_bytes_beyond_the_ends_are_zero():
    text = TextColumn.from_arrow(pa.array(["ab"]))
    assert text.byte_at(np.array([-1, 0, 1, 2])).tolist() == [0, ord("a"), ord("b"), 0]
    assert TextColumn.from_arrow(pa.array([""])).byte_at(np.array([0])).tolist() == [0]


@pytest.mark.parametrize(
    "array", [pa.nulls(3), pa.array([None] * 3, pa.string()), pa.chunked_array([pa.nulls(1), pa.nulls(2)])]
)
def test_all_null_has_rows_and_no_bytes(array):
    text = TextColumn.from_arrow(array)
    assert len(text) == 3
    assert not text.is_valid.any()
    assert text.data.size == 0
    assert all(kernel(text).tolist() == [0, 0, 0] for kernel, _ in REFERENCES)


@pytest.mark.parametrize(
    "array", [pa.array([], pa.string()), pa.chunked_array([], pa.large_string()), pa.array(["a"]).slice(1)]
)
def test_no_rows(array):
    text = TextColumn.from_arrow(array)
    assert len(text) == 0
    assert all(kernel(text).tolist() == [] for kernel, _ in REFERENCES)


@pytest.mark.parametrize("array", [pa.array([1, 2]), pa.array([b"a"]), pa.array([1, 1]).dictionary_encode()])
def test_no_text_is_refused(array):
    with pytest.raises(TypeError, match="wanted an Arrow column of text, found"):
        TextColumn.from_arrow(array)


def test_large_string_is_not_copied():
    array = pa.array(["kopi", "teh", "susu"], pa.large_string())
    text = TextColumn.from_arrow(array.slice(1))
    whole = np.frombuffer(array.buffers()[2], dtype=np.uint8)
    assert np.shares_memory(text.data, whole)
    assert text.data.tobytes() == b"tehsusu"


def test_positions_fall_in_their_rows():
    text = TextColumn.from_arrow(pa.array(["ab", "", None, "c"]))
    assert text.rows_of(np.array([0, 1, 2])).tolist() == [0, 0, 3]
    assert text.rows_with(np.array([1, 2])).tolist() == [True, False, False, True]
    assert text.rows_with(np.array([], dtype=np.int64)).tolist() == [False] * 4


def test_code_point_ranges_hold_both_ends():
    ranges = CodePointRanges([(10, 12), (20, 20)])
    points = np.array([0, 9, 10, 12, 13, 19, 20, 21, 0x10FFFF], dtype=np.uint32)
    assert ranges.contains(points).tolist() == [False, False, True, True, False, False, True, False, False]


@pytest.mark.parametrize("ranges", [[(5, 4)], [(1, 3), (3, 5)], [(1, 3), (4, 5)], [(9, 9), (1, 2)]])
def test_code_point_ranges_must_rise_and_stay_apart(ranges):
    with pytest.raises(ValueError, match="must rise and stay apart"):
        CodePointRanges(ranges)
