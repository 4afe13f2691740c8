from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_text import separator_count, texts, upper_case_share

from botscan.features.extract import extract_matrix


@pytest.mark.parametrize(
    ("handle", "digits"),
    [
        ("ana", 0),
        ("ana7", 1),
        ("7ana", 0),
        ("ana1984", 4),
        ("1984", 4),
        ("ana_84_", 0),
        ("آنا١٢", 2),
        ("x²", 0),
        ("12é34", 2),
        ("", 0),
    ],
)
def test_digits_at_the_end(handle, digits):
    table = pa.table({"handle": ["99", handle, "88"]})
    assert extract_matrix(table, ["handle_trailing_digits"])[1, 0] == digits


def test_a_name_is_as_long_as_its_code_points():
    table = pa.table({"display_name": ["Ana", "Zoë", "Zoe\u0308", "👨\u200d👩\u200d👧", "", None]})
    np.testing.assert_array_equal(extract_matrix(table, ["display_name_length"])[:, 0], [3, 3, 4, 5, 0, np.nan])


def test_lengths_come_from_their_columns_where_the_text_was_removed():
    table = pa.table(
        {
            "handle_length": [11, None],
            "handle_digits": [4, 0],
            "handle_digit_ratio": [4 / 11, None],
            "display_name_words": [None, 0],
        }
    )
    found = extract_matrix(
        table, ["handle_length", "handle_digits", "handle_digit_ratio", "display_name_words", "handle_trailing_digits"]
    )
    np.testing.assert_array_equal(found, np.float32([[11, 4, 4 / 11, np.nan, np.nan], [np.nan, 0, np.nan, 0, np.nan]]))


@pytest.mark.parametrize(
    ("handle", "share", "separators"),
    [
        ("ana", 0, 0),
        ("ANA", 1, 0),
        ("Ana_Maria.7-", 2 / 8, 3),
        ("@[Z`{", 1, 0),
        ("1984", np.nan, 0),
        ("", np.nan, 0),
        ("___", np.nan, 3),
        ("Éa", 0, 0),
        ("ＡＺ", np.nan, 0),
        ("A" * 50_000 + "b" * 50_000, 0.5, 0),
        ("\u202eA\u200bb_", 0.5, 1),
        (None, np.nan, np.nan),
    ],
)
def test_capitals_and_separators(handle, share, separators):
    table = pa.table({"handle": pa.array(["A_", handle, "b-"], pa.large_string())})
    found = extract_matrix(table, ["handle_upper_case_share", "handle_separator_count"])
    np.testing.assert_array_equal(found, np.float32([[1, 1], [share, separators], [0, 1]]))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.none() | st.text(alphabet="abYZ@[`{09_.-é", max_size=9) | texts, max_size=8))
def test_capitals_and_separators_equal_the_slow_reference(rows):
    table = pa.table({"handle": pa.array(rows, pa.large_string())})
    found = extract_matrix(table, ["handle_upper_case_share", "handle_separator_count"])
    wanted = [[upper_case_share(row), separator_count(row)] for row in rows]
    np.testing.assert_array_equal(found, np.array(wanted, np.float32).reshape(len(rows), 2))
