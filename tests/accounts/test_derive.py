"""Derived columns equal what Python says of the text, one row at a time."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts.derive import derive_columns

TEXT = st.one_of(st.none(), st.text(max_size=12), st.text("ab 12٣\u3000é", max_size=8))


def text_column(texts):
    return pa.array(texts, pa.large_string())


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(TEXT.filter(lambda text: text != ""), TEXT, TEXT, TEXT)))
def test_derived_like_python(rows):
    handles, bios, names, websites = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
    columns = {
        "handle": text_column(handles),
        "bio": text_column(bios),
        "display_name": text_column(names),
        "website": text_column(websites),
    }
    assert derive_columns(columns) == {}
    digits = [None if text is None else sum(map(str.isdecimal, text)) for text in handles]
    assert columns["handle_length"].to_pylist() == [None if text is None else len(text) for text in handles]
    assert columns["handle_digits"].to_pylist() == digits
    assert columns["handle_digit_ratio"].to_pylist() == [
        None if text is None else count / len(text) for text, count in zip(handles, digits, strict=True)
    ]
    assert columns["bio_length"].to_pylist() == [None if text is None else len(text) for text in bios]
    assert columns["display_name_words"].to_pylist() == [len(text.split()) if text else None for text in names]
    assert columns["has_website"].to_pylist() == [None if text is None else bool(text) for text in websites]
    for name, texts in (("bio", bios), ("website", websites), ("display_name", names)):
        assert columns[name].to_pylist() == [text or None for text in texts]


def test_removed_texts_leave_the_stored_numbers():
    columns = {
        "bio": text_column(["hello", "", None, None]),
        "bio_length": pa.array([5, 7, 42, None]),
        "handle_length": pa.array([10, 0, None, 2]),
        "handle_digits": pa.array([4, 0, 3, 3]),
        "website": text_column(["", None, "x", None]),
        "has_website": pa.array([True, True, None, None]),
    }
    differs = derive_columns(columns)
    assert columns["bio_length"].to_pylist() == [5, 0, 42, None]
    assert columns["handle_digit_ratio"].to_pylist() == [0.4, None, None, None]
    assert columns["has_website"].to_pylist() == [False, True, True, None]
    assert {name: rows.tolist() for name, rows in differs.items()} == {
        "bio_length": [False, True, False, False],
        "has_website": [True, False, False, False],
    }


def test_a_rounded_ratio_is_no_difference():
    columns = {"handle": text_column(["ab1", "ab1"]), "handle_digit_ratio": pa.array([0.33, 0.5])}
    assert derive_columns(columns)["handle_digit_ratio"].tolist() == [False, True]
    assert columns["handle_digit_ratio"].to_pylist() == [1 / 3, 1 / 3]


def test_nothing_to_derive_from():
    columns = {"followers_count": pa.array([1]), "handle_length": pa.array([3])}
    assert derive_columns(columns) == {}
    assert list(columns) == ["followers_count", "handle_length"]


@pytest.mark.parametrize("n", [0, 1])
def test_few_rows(n):
    columns = {"handle": text_column(["a"] * n)}
    derive_columns(columns)
    assert len(columns["handle_digit_ratio"]) == n
