"""Flags in English and Indonesian, as words, numbers and booleans."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.cells.flags import parse_flags, read_flag

YES = ["true", "True", "TRUE", "yes", "Y", "ya", "Iya", "benar", "1", " ya ", "terverifikasi", "t", "1.0"]
NO = ["false", "no", "N", "tidak", "Tdk", "bukan", "salah", "0", "tidak ada", "f", "0.0"]
MISSING = ["", "-", "n/a", "null", "None", "\\N", "kosong", "NaN"]
OTHER = ["maybe", "2", "ya!", "https://example.org/a.jpg", "-1", "yes no"]


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        *((text, True, None) for text in YES),
        *((text, False, None) for text in NO),
        *((text, None, None) for text in MISSING),
        *((text, None, "not_a_flag") for text in OTHER),
    ],
)
def test_words(text, value, code):
    cell = read_flag(text)
    assert (cell.value, cell.code) == (value, code)


def test_columns_are_read_like_single_cells():
    texts = [*YES, None, *NO, *MISSING, *OTHER]
    parsed = parse_flags(pa.array(texts))
    assert parsed.values.to_pylist() == [None if text is None else read_flag(text).value for text in texts]
    assert int(parsed.faults["not_a_flag"].sum()) == len(OTHER)


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint64(), pa.float32(), pa.float64()])
def test_numbers_zero_and_one(kind):
    parsed = parse_flags(pa.array([1, 0, 2, None], kind))
    assert parsed.values.to_pylist() == [True, False, None, None]
    assert parsed.faults["not_a_flag"].tolist() == [False, False, True, False]


def test_booleans_nan_and_other_types():
    assert parse_flags(pa.array([True, None, False])).values.to_pylist() == [True, None, False]
    assert parse_flags(pa.array([float("nan"), 1.0])).values.to_pylist() == [None, True]
    dates = parse_flags(pa.array([0, None], pa.timestamp("us")))
    assert dates.values.null_count == 2
    assert dates.faults["not_a_flag"].tolist() == [True, False]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.one_of(st.none(), st.text(max_size=6))))
def test_any_text(texts):
    assert set(parse_flags(pa.array(texts, pa.string())).values.to_pylist()) <= {True, False, None}
