"""Counts and ratios: the table of accepted forms line by line, and the fast way held to the slow one."""

import decimal
import math
import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.cells.numbers import parse_counts, parse_ratios, read_count, read_ratio
from botscan.schema import MAX_COUNT

MISSING = ["", "-", "–", "n/a", "N/A", "null", "NaN", "nan", "\\N", "None", "  ", "\u200b", "tidak ada", "—", "NA"]
DIGITS = {
    "0": 0, "7": 7, "007": 7, " 1234 ": 1234, "+70": 70, "١٢٣": 123, "１２３４": 1234, "๑๒": 12, "१०": 10,
    "\ufeff55": 55, "1000000000000": 10**12, "0000000000000000042": 42, "12\u00a0": 12, "𝟙𝟚": 12,
}  # fmt: skip
NEGATIVE = [
    "-1", "-0", "−5", "-1,234", "-1.2K", "- 3", "-12.5", "-1e5", "-3 jt", "-007", "-١٢",
]  # fmt: skip
GROUPED = {
    "4.567": 4567, "4,567": 4567, "4 567": 4567, "4\u00a0567": 4567, "4\u2009567": 4567, "4\u202f567": 4567,
    "4'567": 4567, "4’567": 4567, "1.234.567": 1234567, "1,234,567": 1234567, "12 345 678": 12345678,
    "1,234.00": 1234, "1.234,00": 1234, "1.234,0": 1234, "1.234.567,00": 1234567, "1 234,00": 1234, "1'234.00": 1234,
    "999.999.999.999": 999_999_999_999, "1.000.000.000.000": 10**12, "100.000": 100_000, "+1.234": 1234,
}  # fmt: skip
WHOLE_DECIMALS = {
    "37.0": 37, "37,00": 37, "0.000": 0, "0,0": 0, "12.0000": 12, "1234.0": 1234, "1234.000": 1234, "007.0": 7,
    "0.00": 0, "1000000000000.0": 10**12, "١٢.٠": 12, "01.000": 1,
}  # fmt: skip
SCIENTIFIC = {
    "2.5e3": (2500, 50), "1.2E+05": (120_000, 5000), "1,2E+05": (120_000, 5000), "1e2": (100, 50),
    "1E0": (1, 1), "2500e-2": (25, 1), "0e9": (0, 5 * 10**8), "1e12": (10**12, 5 * 10**11), "12.50e2": (1250, 1),
    "1.234e3": (1234, 1),
}  # fmt: skip
SUFFIXED = {
    "12.3K": (12_300, 50), "12,3K": (12_300, 50), "12.3 k": (12_300, 50), "12,3 rb": (12_300, 50),
    "12,3 ribu": (12_300, 50), "1.1M": (1_100_000, 50_000), "3 jt": (3_000_000, 500_000),
    "3 JUTA": (3_000_000, 500_000), "7,5 jt": (7_500_000, 50_000), "1,2 B": (1_200_000_000, 50_000_000),
    "1,2 miliar": (1_200_000_000, 50_000_000), "1,2 mlr": (1_200_000_000, 50_000_000), "0.5k": (500, 50),
    "1.234k": (1234, 1), "0k": (0, 500), "5\u00a0rb": (5000, 500), "١٢ rb": (12_000, 500), "+3k": (3000, 500),
}  # fmt: skip
OUT_OF_RANGE = [
    "1000000000001", "inf", "Infinity", "-inf", "+inf", "1e13", "1e999", "2 000 000 000 000", "1001 b", "9" * 5000,
    "1e" + "9" * 5000, "5e99999999",
]  # fmt: skip
NOT_A_COUNT = [
    "12.5", "0x1F", "1_000", "True", "<b>5</b>", "many", "2e", "e5", "1.2.3", "1.23.456", "12,34,567", "²", "½", "1,2345k",
    "1k5", "10K+", "--", "+-5", "12 %", "1.234.00", "1,234,00", "1.234,000", "0,000.00", "1.23,00", "0.567", "0,123", "1e-3", "1.2345k", "5 5", "1.234,567", "٣٫٥", "k",
    "-abc", "1.5e0", "1e-" + "9" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("text", MISSING)
def test_missing_is_null_without_warning(text):
    cell = read_count(text)
    assert (cell.value, cell.code) == (None, None)


@pytest.mark.parametrize(("text", "value"), [*DIGITS.items(), *GROUPED.items(), *WHOLE_DECIMALS.items()])
def test_exact_forms(text, value):
    cell = read_count(text)
    assert (cell.value, cell.code, cell.half_width) == (value, None, 0)


@pytest.mark.parametrize(("text", "wanted"), [*SCIENTIFIC.items(), *SUFFIXED.items()])
def test_rounded_forms(text, wanted):
    cell = read_count(text)
    assert (cell.value, cell.half_width) == wanted
    assert cell.code == "count_rounded"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, "negative_count") for text in NEGATIVE),
        *((text, "count_out_of_range") for text in OUT_OF_RANGE),
        *((text, "not_a_count") for text in NOT_A_COUNT),
    ],
)
def test_refused_forms(text, code):
    cell = read_count(text)
    assert (cell.value, cell.code) == (None, code)


def _printed(value: int, form: str) -> str:
    grouped = f"{value:,}"
    return {
        "plain": str(value),
        "plus": f"+{value}",
        "zeros": f"000{value}",
        "dot": grouped.replace(",", "."),
        "comma": grouped,
        "nbsp": grouped.replace(",", "\u00a0"),
        "apostrophe": grouped.replace(",", "'"),
        "decimal": f"{value}.00",
        "comma decimal": f"{value},0",
        "arabic": "".join(chr(0x660 + int(digit)) for digit in str(value)),
        "scientific": f"{value}e0",
        "scientific tens": f"{decimal.Decimal(value).scaleb(-1)}e1",
        "thousands": f"{decimal.Decimal(value).scaleb(-3)} rb",
        "millions": f"{decimal.Decimal(value).scaleb(-6):f} jt".replace(".", ","),
        "billions": f"{decimal.Decimal(value).scaleb(-9):f}B",
    }[form]


FORMS = (
    "plain", "plus", "zeros", "dot", "comma", "nbsp", "apostrophe", "decimal", "comma decimal", "arabic", "scientific",
    "scientific tens", "thousands", "millions", "billions",
)  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(value=st.integers(0, MAX_COUNT), form=st.sampled_from(FORMS))
def test_every_printed_form_is_read_back(value, form):
    assert read_count(_printed(value, form)).value == value


@settings(deadline=None, max_examples=100)
@given(st.lists(st.one_of(st.none(), st.text(max_size=12), st.text("0123456789.,kKrbjtM eE+-−\u00a0²٣", max_size=9))))
def test_any_text_gives_a_count_or_null(texts):
    parsed = parse_counts(pa.array(texts, pa.string()))
    for value, text in zip(parsed.values.to_pylist(), texts, strict=True):
        slow = read_count(text) if text is not None else read_count("")
        assert value == slow.value
        assert value is None or 0 <= value <= MAX_COUNT


ALL_TEXTS = [
    *MISSING,
    *DIGITS,
    *NEGATIVE,
    *GROUPED,
    *WHOLE_DECIMALS,
    *SCIENTIFIC,
    *SUFFIXED,
    *OUT_OF_RANGE,
    *NOT_A_COUNT,
]


def test_columns_are_read_like_single_cells():
    texts = [*ALL_TEXTS, None, *reversed(ALL_TEXTS)]
    cells = [read_count(text) if text is not None else read_count("") for text in texts]
    parsed = parse_counts(pa.array(texts))
    assert parsed.values.type == pa.int64()
    assert parsed.values.to_pylist() == [cell.value for cell in cells]
    assert parsed.half_widths.tolist() == [cell.half_width for cell in cells]
    for code in ("negative_count", "count_out_of_range", "not_a_count", "count_rounded"):
        assert parsed.faults[code].tolist() == [cell.code == code for cell in cells]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())])
def test_kinds_of_text_slices_and_chunks_agree(kind):
    texts = pa.array(["x", "1", "2 rb", None, "-3", "y"]).cast(kind)
    whole = parse_counts(texts.slice(1, 4))
    chunked = parse_counts(pa.chunked_array([texts.slice(1, 2), texts.slice(3, 2)]))
    assert whole.values.to_pylist() == chunked.values.to_pylist() == [1, 2000, None, None]
    assert whole.faults["negative_count"].tolist() == [False, False, False, True]


FLOATS = {
    3.0: (3, None), 0.0: (0, None), 1e12: (10**12, None), 4.567: (None, "not_a_count"), 5e-324: (None, "not_a_count"),
    -1.0: (None, "negative_count"), -1.5: (None, "negative_count"),
    math.inf: (None, "count_out_of_range"), -math.inf: (None, "count_out_of_range"), 1e308: (None, "count_out_of_range"),
    1e12 + 1: (None, "count_out_of_range"), math.nan: (None, None),
}  # fmt: skip


@pytest.mark.parametrize(("number", "wanted"), [*FLOATS.items(), (-0.0, (None, "negative_count"))])
def test_floats_follow_the_same_rules(number, wanted):
    parsed = parse_counts(pa.array([number, 8.0]))
    assert parsed.values.to_pylist() == [wanted[0], 8]
    assert [code for code, rows in parsed.faults.items() if rows[0]] == ([wanted[1]] if wanted[1] else [])


def test_integers_booleans_and_others():
    assert parse_counts(pa.array([5, -1, 10**13, None])).values.to_pylist() == [5, None, None, None]
    big = parse_counts(pa.array([2**64 - 1, 3], pa.uint64()))
    assert big.values.to_pylist() == [None, 3]
    assert big.faults["count_out_of_range"].tolist() == [True, False]
    flags = parse_counts(pa.array([True, None]))
    assert flags.values.null_count == 2
    assert flags.faults["not_a_count"].tolist() == [True, False]
    assert parse_counts(pa.nulls(2)).faults == {}
    exact = parse_counts(pa.array([decimal.Decimal("4.567"), decimal.Decimal("4.000")]))
    assert exact.values.to_pylist() == [None, 4]


def test_empty_column():
    parsed = parse_counts(pa.array([], pa.string()))
    assert len(parsed.values) == 0
    assert parsed.widest_rounding == 0


def test_widest_rounding_of_a_column():
    assert parse_counts(pa.array(["5", "12,3 rb", "7,5 jt"])).widest_rounding == 50_000


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.25", 0.25), ("0,25", 0.25), ("1", 1.0), ("0", 0.0), ("", None), ("1e-05", 1e-5), (".5", 0.5), ("+0.5", 0.5)],
)
def test_ratios(text, value):
    cell = read_ratio(text)
    assert (cell.value, cell.code) == (value, None)


@pytest.mark.parametrize("text", ["1.1", "-0.1", "25%", "x", "inf", "1e999", "0.1.2", "e5", "nan%", "."])
def test_no_ratios(text):
    assert read_ratio(text).code == "not_a_ratio"


@settings(deadline=None, max_examples=100)
@given(st.lists(st.one_of(st.none(), st.floats(), st.floats(0, 1)), min_size=1))
def test_ratio_columns_are_finite_and_in_range(numbers):
    parsed = parse_ratios(pa.array(numbers, pa.float64()))
    for value, number in zip(parsed.values.to_pylist(), numbers, strict=True):
        is_good = number is not None and 0 <= number <= 1 and math.copysign(1, number) > 0
        assert value == (number if is_good else None)
    texts = [None if number is None or math.isnan(number) else repr(number) for number in numbers]
    assert parse_ratios(pa.array(texts, pa.string())).values.to_pylist() == parsed.values.to_pylist()


def test_decimal_digits_only_are_digits():
    superscripts = [chr(point) for point in range(0x2500) if chr(point).isdigit() and not chr(point).isdecimal()]
    assert superscripts
    assert all(read_count(character).code == "not_a_count" for character in superscripts)
    zero = next(chr(point) for point in range(0x900, 0xA00) if unicodedata.decimal(chr(point), -1) == 0)
    assert read_count(zero).value == 0
    assert np.isfinite(parse_counts(pa.array([zero])).values.to_pylist()[0])
