"""Texts and words."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.cells.texts import parse_texts, parse_words, read_text, read_word

TEXTS = [
    "Ana",
    "",
    "\\N",
    "null",
    "NULL",
    "NA",
    "a\x00b",
    "\x00",
    "abcdef",
    "abcde\x00",
    "abc\x00def",
    "é" * 5,
    "é" * 6,
    " x ",
    "=1+1",
    None,
]


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("null", "null", None),
        (" x \n", " x \n", None),
        ("", "", None),
        ("\\N", None, None),
        ("a\x00b", "ab", "nul_removed"),
        ("abcdef", "abcde", "text_cut"),
        ("a\x07\x1b", "a\x07\x1b", None),
        ("🙂" * 5, "🙂" * 5, None),
        ("🙂" * 6, "🙂" * 5, "text_cut"),
    ],
)
def test_texts(text, value, code):
    cell = read_text(text, most=5)
    assert (cell.value, cell.code) == (value, code)


def check_like_slow(texts, *, is_name=True):
    parsed = parse_texts(pa.array(texts, pa.string()), most=5, is_name=is_name)
    cells = [read_text("\\N" if text is None else text, most=5, is_name=is_name) for text in texts]
    assert parsed.values.to_pylist() == [cell.value for cell in cells]
    cut = parsed.faults.get("text_cut")
    assert ([] if cut is None else cut.tolist()) == (
        [cell.code == "text_cut" for cell in cells] if any(cell.code == "text_cut" for cell in cells) else []
    )
    nul = parsed.faults.get("nul_removed")
    assert (0 if nul is None else int(nul.sum())) == sum(text is not None and "\x00" in text for text in texts)


def test_columns_are_read_like_single_cells():
    check_like_slow(TEXTS)
    check_like_slow(TEXTS, is_name=False)


def test_null_is_a_name_and_no_place():
    cells = pa.array(["NULL", "null", "Null", " NULL", "NULL\x00", ""])
    assert parse_texts(cells).values.to_pylist() == ["NULL", "null", "Null", " NULL", "NULL", ""]
    parsed = parse_texts(cells, is_name=False)
    assert parsed.values.to_pylist() == [None, "null", "Null", " NULL", "NULL", ""]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.one_of(st.none(), st.text(max_size=9), st.text("a\x00é", max_size=9))))
def test_any_text(texts):
    check_like_slow(texts)


def test_numbers_and_other_types():
    assert parse_texts(pa.array([12, None])).values.to_pylist() == ["12", None]
    assert parse_texts(pa.array([True])).faults["wrong_type"].tolist() == [True]


def test_words():
    vocabulary = {"not found": "not_found", "aktif": "active"}
    cells = ["NOT_FOUND", "not-found", " Aktif ", "", None, "gone", "\\N"]
    parsed = parse_words(pa.array(cells), vocabulary)
    assert parsed.values.to_pylist() == ["not_found", "not_found", "active", None, None, None, None]
    assert parsed.faults["unknown_word"].tolist() == [False] * 5 + [True, False]
    assert parse_words(pa.array([" id ", "no", "a\x07", "x" * 101])).values.to_pylist() == ["id", "no", None, None]
    assert read_word("no").value == "no"  # Norwegian is no "no"
    assert [read_word(word).value for word in ("NULL", "null")] == [None, "null"]
    assert read_word("NULL", {}).code is None
    assert parse_words(pa.array([5])).faults["unknown_word"].tolist() == [True]
