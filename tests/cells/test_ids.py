"""Ids stay text to the last digit; what a spreadsheet damaged is never used."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.cells.ids import has_numeric_ids, parse_ids, read_id
from botscan.schema import PLATFORMS

EDGES = [edge + step for edge in (2**53, 2**63, 2**64, 10**20) for step in (-1, 0, 1)]
GOOD_NUMBERS = [*map(str, EDGES), "1", "7", "007", "00071", " 42 ", "\ufeff42", "42\u200b", "42\u00a0", "9" * 2048]
GOOD_WORDS = ["UCabcdefghij", "did:plc:abcdefghij", "abc", "a b", "Ümit", "-5", "0", "1_000", "１２", "row-x", "row-0"]
MISSING = ["", " ", "nan", "NaN", "None", "NULL", "na", "N/A", "\\N", "-", "<NA>"]
DAMAGED = [
    "1.1E+18", "1,1E+18", "1e5", "1E5", "1.E+18", "123.5", "123,5", "1234567890123456.0", "1234567890123456.00", "12\x0034",
    "12\n34", "12\u008534", "12\ufffd", "\ufffd", "-1.5e3",
]  # fmt: skip
BAD_NUMBERS = ["0", "000", "-5", "abc", "12 34", "1_000", "١٢", "+5", "12a", "0x1F", "@", "1,234,567", "-3.0"]


@pytest.mark.parametrize("text", GOOD_NUMBERS)
def test_numbers_are_kept_as_text(text):
    kept = text.strip(" \u00a0\ufeff\u200b")
    for is_numeric in (True, False):
        cell = read_id(text, is_numeric=is_numeric)
        assert (cell.value, cell.code) == (kept, None)


@pytest.mark.parametrize("text", GOOD_WORDS)
def test_words_are_ids_where_ids_are_no_numbers(text):
    assert read_id(text).value == text
    assert (read_id(text, is_numeric=True).value, read_id(text, is_numeric=True).code) == (None, "bad_id")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, None) for text in MISSING),
        *((text, "id_damaged") for text in DAMAGED),
        *((text, "bad_id") for text in BAD_NUMBERS),
        ("9" * 2049, "key_too_long"),
    ],
)
def test_no_ids(text, code):
    cell = read_id(text, is_numeric=True)
    assert (cell.value, cell.code) == (None, code)


@pytest.mark.parametrize("text", [*MISSING, *DAMAGED])
def test_missing_and_damaged_on_every_platform(text):
    assert read_id(text).value is None
    assert read_id(text) == read_id(text, is_numeric=True)


@pytest.mark.parametrize("text", ["12345.0", "12345,0", "12345.000", "123456789012345.0"])
def test_a_spreadsheets_number_of_up_to_15_digits_is_read_with_a_warning(text):
    cell = read_id(text, is_numeric=True)
    assert (cell.value, cell.code) == (text.replace(",", ".").partition(".")[0], "id_was_number")


def test_ids_that_botscan_made_are_read_again():
    assert (read_id("row-7", is_numeric=True).value, read_id("row-7", is_numeric=True).code) == ("row-7", "ids_made")
    assert (read_id("@Budi_17", is_numeric=True).value, read_id("@Budi_17", is_numeric=True).code) == ("@budi_17", None)
    assert read_id("@Bud\ufffd").code == "id_damaged"


def test_platforms():
    assert [has_numeric_ids(name) for name in ("twitter", "youtube", None, "elsewhere")] == [True, False, False, False]
    assert set(PLATFORMS) >= {"twitter", "youtube"}


ALL_TEXTS = [*GOOD_NUMBERS, *GOOD_WORDS, *MISSING, *DAMAGED, *BAD_NUMBERS, "12345.0", "row-7", "@Budi", "row-123456789"]


def check_like_slow(texts, platform):
    parsed = parse_ids(pa.array(texts, pa.string()), platform=platform)
    is_numeric = has_numeric_ids(platform)
    cells = [read_id(text or "", is_numeric=is_numeric) for text in texts]
    assert parsed.values.to_pylist() == [cell.value for cell in cells]
    for code in {cell.code for cell in cells} - {None}:
        assert parsed.faults[code].tolist() == [cell.code == code for cell in cells]
    assert set(parsed.faults) == {cell.code for cell in cells} - {None}


@pytest.mark.parametrize("platform", ["twitter", "youtube", None])
def test_columns_are_read_like_single_cells(platform):
    check_like_slow([*ALL_TEXTS, None, *reversed(ALL_TEXTS)], platform)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.one_of(st.none(), st.text(max_size=12), st.text("0123456789.eE-+@ row", max_size=12)), max_size=12),
    st.sampled_from(["twitter", "youtube"]),
)
def test_any_text(texts, platform):
    check_like_slow(texts, platform)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(1, 2**64 - 1), min_size=1, unique=True))
def test_typed_numbers_keep_every_digit(numbers):
    wanted = [str(number) for number in numbers]
    assert parse_ids(pa.array(numbers, pa.uint64()), platform="twitter").values.to_pylist() == wanted
    decimals = pa.array([Decimal(number) for number in numbers], pa.decimal128(38, 0))
    assert parse_ids(decimals, platform="twitter").values.to_pylist() == wanted


def test_floats_hold_fifteen_digits():
    parsed = parse_ids(
        pa.array([7.0, 999_999_999_999_999.0, 1e15, 1.5, None, float("nan"), float("inf"), -3.0]), platform="twitter"
    )
    assert parsed.values.to_pylist() == ["7", "999999999999999", None, None, None, None, None, None]
    assert parsed.faults["id_was_number"].tolist() == [True, True, *[False] * 6]
    assert parsed.faults["id_damaged"].tolist() == [False, False, True, True, False, False, True, False]
    assert parsed.faults["bad_id"].tolist() == [*[False] * 7, True]


def test_other_types_are_no_ids():
    parsed = parse_ids(pa.array([True, None]))
    assert parsed.values.to_pylist() == [None, None]
    assert parsed.faults["wrong_type"].tolist() == [True, False]
    assert parse_ids(pa.nulls(2)).faults == {}


@settings(deadline=None, max_examples=100)
@given(st.text("0123456789.,eE+-", min_size=1, max_size=24), st.text("0123456789.,eE+-", min_size=1, max_size=24))
def test_two_texts_are_one_id_only_when_they_name_one_number(first, second):
    one, other = read_id(first, is_numeric=True), read_id(second, is_numeric=True)
    if one.value is not None and one.value == other.value and first != second:
        assert "id_was_number" in {one.code, other.code}
