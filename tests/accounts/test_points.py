"""PointRecords: one batch of counts over time, typed row by row, nothing sorted, merged or dropped."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts.points import RECORD_SCHEMA, make_points
from botscan.accounts.settings import CellSettings
from botscan.errors import SchemaError
from botscan.schema import SERIES_COLUMNS

SEEN = datetime(2026, 6, 30, tzinfo=UTC)


def points(columns, *, platform=None, **more):
    raw = pa.table({name: pa.array(cells, pa.large_string()) for name, cells in columns.items()})
    numbers = np.arange(1, raw.num_rows + 1)
    return make_points(raw, row_numbers=numbers, settings=CellSettings(platform, SEEN), **more)


def test_rows_keep_their_order_and_repeats_stay():
    found = points({"counted_at": ["2024-05-02", "2024-05-01", "2024-05-02"], "followers_count": ["3", "1", "4"]})
    assert found.table["followers_count"].to_pylist() == [3, 1, 4]
    assert found.row_numbers.tolist() == [1, 2, 3]
    assert found.table.schema.names == RECORD_SCHEMA.names


def test_a_row_needs_a_date_and_a_count_and_says_which_is_missing():
    found = points(
        {
            "counted_at": ["2024-05-01", "soon", "2024-05-03", "2024-05-04", "2027-01-01"],
            "followers_count": ["5", "5", "", "-", "5"],
            "followers_gained": ["", "", "+7", "--", ""],
        }
    )
    assert found.reject_reasons.to_pylist() == [None, "no_date", None, "no_count", "no_date"]
    assert found.table["followers_gained"].to_pylist()[2] == 7
    assert found.table["followers_count"].to_pylist()[2] is None  # no count is made up


def test_a_zero_is_a_count_and_empty_is_none():
    found = points({"counted_at": ["2024-05-01"] * 3, "followers_count": ["0", "", "n/a"]})
    assert found.reject_reasons.to_pylist() == [None, "no_count", "no_count"]


def test_rounding_stands_beside_each_count_and_is_that_of_living_rows():
    found = points(
        {"counted_at": ["2024-05-01", "2024-05-02", "x"], "followers_count": ["27,9 rb", "28.001", "1,1 jt"]}
    )
    assert found.table["total_half_width"].to_pylist()[:2] == [50, 0]
    assert found.table["followers_count"].to_pylist()[:2] == [27_900, 28_001]
    alone = points({"counted_at": ["2024-05-01"], "followers_gained": ["+1,2 rb"]})
    assert alone.table["change_half_width"].to_pylist() == [50]
    assert alone.table["followers_count"].null_count == 1


def test_a_date_without_time_is_a_day():
    found = points({"counted_at": ["2024-05-01", "2024-05-01T10:00:00Z", "17 Mei 2024"], "followers_count": ["1"] * 3})
    assert found.table["is_day"].to_pylist() == [True, False, True]


def test_an_account_is_its_id_else_its_handle_else_the_one_of_the_source():
    columns = {
        "account_id": ["7", "", "", "1.1E+18", "1.1E+18"],
        "handle": ["@Ani", "@Ani", "", "Budi", ""],
        "counted_at": ["2024-05-01"] * 5,
        "followers_count": ["1"] * 5,
    }
    found = points(columns, platform="instagram", account_id="99")
    assert found.table["account_id"].to_pylist()[:4] == ["7", "@ani", "99", "@budi"]
    assert found.reject_reasons.to_pylist() == [None, None, None, None, "id_damaged"]
    nobody = points(columns, platform="instagram")
    assert nobody.table["account_id"].to_pylist()[2] is None  # a source that names nobody is one series


def test_a_negative_total_is_none_and_a_negative_change_is_one():
    found = points({"counted_at": ["2024-05-01"] * 2, "followers_count": ["-5", "5"], "followers_gained": ["-5", "-5"]})
    assert found.table["followers_count"].to_pylist() == [None, 5]
    assert found.table["followers_gained"].to_pylist() == [-5, -5]
    assert found.faults["followers_count", "negative_count"] == 1


def test_reasons_of_the_reader_come_first_and_their_cells_are_not_counted():
    given_reasons = pa.array([None, "bad_json"], pa.string())
    found = points(
        {"counted_at": ["2024-05-01", "soon"], "followers_count": ["5", "x"]},
        reject_reasons=given_reasons,
        lines=np.array([4, 9]),
    )
    assert found.reject_reasons.to_pylist() == [None, "bad_json"]
    assert found.lines.tolist() == [4, 9]
    assert not found.faults


def test_other_columns_are_refused_and_no_rows_are_fine():
    with pytest.raises(SchemaError, match="not canonical"):
        points({"counted_at": ["2024-05-01"], "bio": ["x"]})
    empty = points({"counted_at": [], "followers_count": []})
    assert (len(empty), empty.table.schema.names) == (0, RECORD_SCHEMA.names)


@settings(deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({column.name: st.none() | st.text(max_size=8) for column in SERIES_COLUMNS}),
        max_size=6,
    )
)
def test_any_cells_are_a_point_or_rejected(rows):
    found = points({column.name: [row[column.name] for row in rows] for column in SERIES_COLUMNS}, platform="twitter")
    assert len(found) == len(rows)
    for reason, total, gained, moment in zip(
        found.reject_reasons.to_pylist(),
        found.table["followers_count"].to_pylist(),
        found.table["followers_gained"].to_pylist(),
        found.table["counted_at"].to_pylist(),
        strict=True,
    ):
        assert reason is not None or (moment is not None and (total is not None or gained is not None))
        assert total is None or total >= 0
