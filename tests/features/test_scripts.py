"""Scripts of letters, by hand and against the Script property of another package."""

from __future__ import annotations

import sys

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_text import NAMED, is_settled, non_latin_share, script_count, script_of, texts

from botscan.arrow_text import TextColumn
from botscan.features.extract import extract_matrix
from botscan.features.scripts import SCRIPTS, count_other_letters, count_scripts, scripts_of


def column_of(rows):
    return TextColumn.from_arrow(pa.array(rows, pa.large_string()))


def test_the_table_is_the_script_property_of_all_letters():
    settled = [chr(p) for p in range(0x10000) if not 0xD800 <= p <= 0xDFFF and is_settled(chr(p))]
    codes = scripts_of(np.array([ord(c) for c in settled], dtype=np.uint32))
    ours = {}
    for character, code in zip(settled, codes.tolist(), strict=True):
        wanted = script_of(character)
        assert (code > 0) == (wanted is not None), hex(ord(character))
        if wanted is not None:
            # One name of ours for each of theirs.
            assert ours.setdefault(wanted, code) == code, hex(ord(character))
    assert len(set(ours.values())) == len(ours) == len(NAMED) + 2 == len(SCRIPTS)


def test_beyond_the_basic_plane_letters_are_known_and_pictures_are_not():
    points = np.array([0x20000, 0x2A6D6, 0x1EE00, 0x10330, 0x1F600, 0x1D4D0, 0x40000, sys.maxunicode], dtype=np.uint32)
    names = [SCRIPTS[code - 1] if code else None for code in scripts_of(points).tolist()]
    assert names == ["East Asian", "East Asian", "Arabic", "other", None, None, None, None]


@pytest.mark.parametrize(
    ("text", "scripts", "others"),
    [
        ("", 0, 0),
        ("7 🙂 .,-", 0, 0),
        ("Ana", 1, 0),
        ("Zoë Ł", 1, 0),
        ("Ａｎａ", 1, 0),
        ("ë", 1, 0),
        ("Юля", 1, 3),
        ("раураl", 2, 5),
        ("日本のカナ、ー", 1, 5),
        ("김철수 Kim", 2, 3),
        ("ꦱꦫꦶ", 1, 3),
        ("สวัสดี", 1, 6),
        ("हिन्दी", 1, 6),
        ("٣ ،", 0, 0),
        ("\u202eana\u200b", 1, 0),
        ("𝓐𝓷𝓪", 0, 0),
        ("Ana Юля αβ עם", 4, 7),
        ("𠀀a", 2, 1),
    ],
)
def test_by_hand(text, scripts, others):
    crowd = column_of(["я", text, "é日", None])
    assert count_scripts(crowd).tolist() == [1, scripts, 2, 0]
    assert count_other_letters(crowd).tolist() == [1, others, 1, 0]
    assert count_scripts(column_of([text])).tolist() == [scripts]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.none() | texts, max_size=8))
def test_features_equal_the_slow_reference(rows):
    table = pa.table({"display_name": pa.array(rows, pa.large_string())})
    found = extract_matrix(table, ["display_name_script_count", "display_name_non_latin_share"])
    wanted = [[script_count(row), non_latin_share(row)] for row in rows]
    np.testing.assert_array_equal(found, np.array(wanted, np.float32).reshape(len(rows), 2))


def test_long_rows():
    rows = column_of(["ж" * 100_000, "a" * 100_000, "日a" * 50_000])
    assert count_scripts(rows).tolist() == [1, 1, 2]
    assert count_other_letters(rows).tolist() == [100_000, 0, 50_000]


def test_broken_text_is_no_letter_and_no_error():
    # Arrow itself lets such bytes in.
    broken = [b"a\xf4\xbf\xbf\xbf", b"\xd0", b"\xe6\x97", b"\xff\xfe"]
    text = TextColumn.from_arrow(pa.array(broken, pa.large_binary()).view(pa.large_string()))
    assert len(count_scripts(text)) == len(count_other_letters(text)) == 4


def test_unknown_stays_unknown_and_an_empty_bio_has_no_share():
    table = pa.table({"bio": [None, None, "kopi чай"], "bio_length": [0, None, 8]})
    found = extract_matrix(table, ["bio_script_count", "bio_non_latin_share"])
    np.testing.assert_array_equal(found, np.float32([[0, np.nan], [np.nan, np.nan], [2, 0.375]]))
