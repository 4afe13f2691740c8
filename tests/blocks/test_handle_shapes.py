"""Codes of handle shapes and of first letters."""

import numpy as np
import pyarrow as pa
import pytest

from botscan.blocks.handle_shapes import handle_shapes, handle_starts


def shapes(*handles):
    return handle_shapes(pa.table({"handle": pa.array(handles, pa.large_string())})).tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rina_41877", "BUDI.90213"),  # letters, case and kind of separator do not matter
        ("ra12bcd345", "xy98zzz000"),
        ("a" * 40, "b" * 55),  # beyond 31 lengths count as one
        ("1" * 20, "2" * 20),
    ],
)
def test_handles_made_by_one_pattern_have_one_shape(one, other):
    first, second = shapes(one, other)
    assert first == second >= 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rina41877", "rina4187a"),  # digits at the end
        ("rina1877", "rinaa1877"),  # length
        ("1rina", "arina"),  # digits elsewhere
        ("ri_na", "rinaa"),  # separators
    ],
)
def test_handles_of_other_patterns_have_another(one, other):
    first, second = shapes(one, other)
    assert first != second


def test_unknown_handles_have_no_shape_and_letters_beyond_latin_are_letters():
    assert shapes(None, "")[0] == -1
    assert shapes("ринa12", "wati12")[0] == shapes("ринa12", "wati12")[1]


def test_lengths_and_digits_stand_in_for_handles():
    table = pa.table({"handle_length": [8, 8, 9, None, 8], "handle_digits": [2, 2, 2, 2, None]})
    codes = handle_shapes(table)
    assert codes[0] == codes[1] != codes[2]
    assert codes[3:].tolist() == [-1, -1]
    blank = table.append_column("handle", pa.nulls(5, pa.large_string()))
    assert (handle_shapes(blank) == codes).all()


def test_without_handles_nothing_is_known():
    table = pa.table({"account_id": ["a", "b"]})
    assert handle_shapes(table).tolist() == handle_starts(table).tolist() == [-1, -1]
    assert handle_shapes(table).dtype == handle_starts(table).dtype == np.int32


def test_first_letters_are_compared_case_apart():
    table = pa.table({"handle": pa.chunked_array([["Promo_1", "promo-2"], ["prom", None, "wati1"]])})
    codes = handle_starts(table).tolist()
    assert codes[0] == codes[1]
    assert codes[3] == -1
    assert len(set(codes)) == 4
