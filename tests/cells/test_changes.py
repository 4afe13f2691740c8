"""Changes: counts with a sign, form by form, and the columns they come in."""

import decimal
import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.cells.changes import parse_changes, read_change
from botscan.cells.numbers import read_count
from botscan.schema import MAX_COUNT

MISSING = ["", "-", "--", "---", "–", "––", "—", " -- ", "n/a", "null", "NaN", "\\N", "tidak ada", "\u200b", "−"]
EXACT = {
    "+70": 70, "-12": -12, "70": 70, "0": 0, "-0": 0, "+0": 0, "1.234": 1234, "+2,770": 2770, "−12": -12, "–12": -12,
    "‑12": -12, "－12": -12, "＋12": 12, "- 3": -3, "+ 3": 3, "-1.234.567": -1_234_567, "+37.0": 37, "-١٢": -12,
    "-007": -7, " +5 ": 5, "-1000000000000": -(10**12), "\u22121\u00a0234": -1234,
}  # fmt: skip
ROUNDED = {
    "+1,2 rb": (1200, 50), "-1,2 rb": (-1200, 50), "-3 jt": (-3_000_000, 500_000), "+12.3K": (12_300, 50),
    "-2.5e3": (-2500, 50), "1,2 rb": (1200, 50),
}  # fmt: skip
OUT_OF_RANGE = ["-1000000000001", "+1e13", "-inf", "inf", "-Infinity", "-" + "9" * 5000]
NOT_A_COUNT = [
    "+", "+-5", "-+5", "--5", "++5", "-n/a", "+null", "-abc", "12.5", "-12.5", "(70)", "+70 (0,3 %)", "70+", "5-3", "−−5",
    "- ", "+ - 5", "0x1F",
]  # fmt: skip


@pytest.mark.parametrize("text", MISSING)
def test_missing_is_null_without_warning(text):
    cell = read_change(text)
    assert (cell.value, cell.code, cell.half_width) == (None, None, 0)


@pytest.mark.parametrize(("text", "value"), EXACT.items())
def test_signed_forms(text, value):
    cell = read_change(text)
    assert (cell.value, cell.code, cell.half_width) == (value, None, 0)


@pytest.mark.parametrize(("text", "wanted"), ROUNDED.items())
def test_rounded_forms_keep_their_half_width(text, wanted):
    cell = read_change(text)
    assert (cell.value, cell.code, cell.half_width) == (wanted[0], "count_rounded", wanted[1])


@pytest.mark.parametrize("text", OUT_OF_RANGE)
def test_too_large_either_way(text):
    assert (read_change(text).value, read_change(text).code) == (None, "count_out_of_range")


@pytest.mark.parametrize("text", [text for text in NOT_A_COUNT if text != "- "])
def test_all_else_is_no_count(text):
    assert (read_change(text).value, read_change(text).code) == (None, "not_a_count")


@given(st.integers(-(10**12), 10**12), st.sampled_from(["{}", "{:+}", "{:,}", "{:+,}"]))
def test_what_is_printed_is_read(value, form):
    text = form.format(value)
    assert read_change(text).value == value
    assert read_change(text.replace("-", "−").replace(",", ".")).value == value


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    cell = read_change(text)
    assert cell.value is None or abs(cell.value) <= MAX_COUNT
    assert cell.code in {None, "not_a_count", "count_out_of_range", "count_rounded"}


@given(st.text(alphabet="0123456789.,kK rbjt e+-−", max_size=12))
def test_without_a_sign_a_change_is_read_as_a_count(text):
    plain = text.lstrip("+-− ")
    if plain and set(plain) - set("-− "):
        assert read_change(plain) == read_count(plain)


def test_column_of_text():
    parsed = parse_changes(pa.array(["+70", "--", "-12", "+2,770", "many", "-1,2 rb", None, "+70"]))
    assert parsed.values.type == pa.int64()
    assert parsed.values.to_pylist() == [70, None, -12, 2770, None, -1200, None, 70]
    assert parsed.half_widths.tolist() == [0, 0, 0, 0, 0, 50, 0, 0]
    assert {code: np.flatnonzero(rows).tolist() for code, rows in parsed.faults.items()} == {
        "not_a_count": [4],
        "count_rounded": [5],
    }
    assert parsed.widest_rounding == 50


@pytest.mark.parametrize(
    "cells",
    [
        pa.array([70, -12, None], pa.int32()),
        pa.array([70.0, -12.0, math.nan]),
        pa.array([decimal.Decimal(70), decimal.Decimal(-12), None]),
        pa.chunked_array([["+70"], ["-12", None]]),
        pa.array(["70", "-12", None]).dictionary_encode(),
    ],
)
def test_columns_of_every_kind(cells):
    assert parse_changes(cells).values.to_pylist() == [70, -12, None]


def test_numbers_that_are_no_changes():
    parsed = parse_changes(pa.array([0.5, -math.inf, 1e300, -0.0, -(10.0**12)]))
    assert parsed.values.to_pylist() == [None, None, None, 0, -(10**12)]
    assert {code: np.flatnonzero(rows).tolist() for code, rows in parsed.faults.items()} == {
        "not_a_count": [0],
        "count_out_of_range": [1, 2],
    }
    large = parse_changes(pa.array([2**64 - 1, MAX_COUNT, MAX_COUNT + 1], pa.uint64()))
    assert large.values.to_pylist() == [None, MAX_COUNT, None]


def test_other_types_and_empty_columns():
    parsed = parse_changes(pa.array([True, None]))
    assert (parsed.values.to_pylist(), parsed.faults["not_a_count"].tolist()) == ([None, None], [True, False])
    assert len(parse_changes(pa.array([], pa.string())).values) == 0
    assert len(parse_changes(pa.nulls(2)).half_widths) == 2
