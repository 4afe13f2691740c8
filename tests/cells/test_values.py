"""Python and JSON values become cells that the parsers read without loss."""

import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.cells.flags import parse_flags
from botscan.cells.ids import parse_ids
from botscan.cells.instants import parse_instants
from botscan.cells.numbers import parse_counts, parse_ratios
from botscan.cells.values import cells_from_values, repair_text

NOTHING = [None, math.nan, np.nan, np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT"), Decimal("NaN")]


@pytest.mark.parametrize("kind", ["id", "handle", "text", "word", "instant", "count", "ratio", "flag"])
def test_nothing_is_null_and_no_fault(kind):
    parsed = cells_from_values(NOTHING, kind)
    assert parsed.values.null_count == len(NOTHING)
    assert parsed.faults == {}


@pytest.mark.parametrize("kind", ["id", "handle", "text", "word", "instant", "count", "ratio", "flag"])
def test_lists_and_objects_are_of_the_wrong_type(kind):
    values = [[1], {"a": 1}, (1,), object(), b"x", {1}, "fine"]
    parsed = cells_from_values(values, kind)
    assert parsed.values.to_pylist() == [None] * 6 + ["fine"]
    assert parsed.faults["wrong_type"].tolist() == [True] * 6 + [False]


def test_ids():
    values = [
        2**64 + 1,
        10**19,
        10**20,
        10**5000,
        "007",
        12.0,
        1e18,
        math.inf,
        True,
        np.int64(7),
        Decimal(10**18 + 1),
        1.5,
    ]
    parsed = parse_ids(cells_from_values(values, "id").values, platform="twitter")
    assert parsed.values.to_pylist() == [
        str(2**64 + 1), str(10**19), None, None, "007", "12", None, None, None, "7", str(10**18 + 1), None,
    ]  # fmt: skip
    assert parsed.faults["id_damaged"].sum() == 5


def test_counts():
    values = [
        5,
        4.567,
        4.0,
        -1,
        -0.0,
        math.inf,
        10**30,
        True,
        "4.567",
        np.float64(3),
        Decimal("2.5"),
        Decimal("Infinity"),
        Decimal("1E+999999"),
    ]
    parsed = parse_counts(cells_from_values(values, "count").values)
    assert parsed.values.to_pylist() == [5, None, 4, None, None, None, None, None, 4567, 3, None, None, None]
    assert {code: int(rows.sum()) for code, rows in parsed.faults.items()} == {
        "not_a_count": 3,
        "negative_count": 2,
        "count_out_of_range": 4,
    }


@settings(deadline=None, max_examples=100)
@given(st.floats())
def test_a_json_number_is_a_count_only_when_it_is_whole(number):
    parsed = parse_counts(cells_from_values([number], "count").values).values.to_pylist()[0]
    is_count = (
        math.isfinite(number)
        and number == math.floor(number)
        and 0 <= number <= 10**12
        and math.copysign(1, number) > 0
    )
    assert parsed == (int(number) if is_count else None)


def test_instants():
    jakarta = timezone(timedelta(hours=7))
    moment = datetime(2019, 8, 8, 2, 16, 23, 500_000, tzinfo=UTC)
    values = [
        moment, moment.astimezone(jakarta), moment.replace(tzinfo=None), pd.Timestamp(moment), np.datetime64("2019-08-08T02:16:23.5"),
        date(2019, 8, 8), 1565230583, 1565230583.0, "2019-08-08", datetime.max.replace(tzinfo=jakarta), True,
    ]  # fmt: skip
    cells = cells_from_values(values, "instant")
    assert cells.faults["wrong_type"].tolist() == [False] * 10 + [True]
    parsed = parse_instants(cells.values)
    day = datetime(2019, 8, 8, tzinfo=UTC)
    second = moment.replace(microsecond=0)
    assert parsed.values.to_pylist() == [*[moment] * 5, day, second, second, day, None, None]
    assert parsed.faults["timezone_assumed"].sum() == 2


def test_flags_ratios_handles():
    assert parse_flags(cells_from_values([True, np.bool_(0), 1, 0.0, "ya", []], "flag").values).values.to_pylist() == [
        True, False, True, False, True, None,
    ]  # fmt: skip
    assert parse_ratios(cells_from_values([0.25, 1, True, 7, math.inf], "ratio").values).values.to_pylist() == [
        0.25, 1.0, None, None, None,
    ]  # fmt: skip
    assert cells_from_values([12345, 12345.0, True], "handle").values.to_pylist() == ["12345", "12345", None]
    assert cells_from_values([7, 7.0, 10**30], "text").values.to_pylist() == ["7", "7", None]


def test_lone_surrogates_are_repaired_and_counted():
    parsed = cells_from_values(["a\ud800b", "\udc00", "🙂", "\ud83d\ude42"], "text")
    assert parsed.values.to_pylist() == ["a\ufffdb", "\ufffd", "🙂", "🙂"]
    assert parsed.faults["text_repaired"].tolist() == [True, True, False, True]


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(),
            st.text(),
            st.binary(),
            st.decimals(),
            st.datetimes(),
            st.dates(),
        )
    )
)
def test_any_values_for_any_kind(values):
    for kind in ("id", "handle", "text", "word", "instant", "count", "ratio", "flag"):
        parsed = cells_from_values(values, kind)
        assert len(parsed.values) == len(values)
        parsed.values.validate(full=True)


def broken_text(kind):
    """Text whose bytes are no UTF-8, as some files and libraries hand it over."""
    raw = pa.array([b"\xffab", b"fine", None, "\ufffd".encode(), b"\xed\xa0\x80"], pa.large_binary())
    return pa.Array.from_buffers(pa.large_string(), 5, raw.buffers()).cast(kind, safe=False)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_bytes_that_are_no_text_are_repaired_and_counted(kind):
    parsed = repair_text(broken_text(kind))
    parsed.values.validate(full=True)
    assert parsed.values.to_pylist()[:4] == ["\ufffdab", "fine", None, "\ufffd"]
    assert parsed.faults["text_repaired"].tolist() == [True, False, False, False, True]
    assert repair_text(pa.array([1, None])).values.to_pylist() == [1, None]
    assert repair_text(pa.array(["é"])).faults == {}
