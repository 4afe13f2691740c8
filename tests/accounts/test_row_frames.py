"""Frames of posts and counts: what is read from them, and what is refused with every fault at once."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from botscan.accounts.row_frames import read_row_frame
from botscan.errors import SchemaError

NEEDS = (("counted_at",), ("followers_count", "followers_gained"))


def read(frame, kind="series", needs=NEEDS, **more):
    return read_row_frame(
        frame, kind, **{"needs": needs, "platform": None, "observed_at": None, "source": "frame", **more}
    )


def test_columns_are_found_in_any_case_and_others_are_named():
    opened = read(pd.DataFrame({" Counted_At ": ["2024-05-01"], "FOLLOWERS_COUNT": [5], "likes": [1], 7: [2]}))
    assert opened.raw.column_names == ["counted_at", "followers_count"]
    assert opened.ignored_columns == ("likes", "7")
    assert opened.notes[0].numbers == {"names": "likes, 7"}
    assert opened.row_numbers.tolist() == [1]
    assert read([{"counted_at": 1, "followers_count": 2}]).notes == ()


def test_one_decision_on_the_order_of_day_and_month():
    rows = [{"counted_at": "1/5/2024", "followers_count": 1}, {"counted_at": "31/5/2024", "followers_count": 2}]
    assert read(rows).settings.date_orders == {"counted_at": "dmy"}
    assert read(rows[:1]).settings.date_orders == {}


def test_broken_bytes_and_objects_are_repaired_and_counted():
    bad = pa.array([b"2024-05-01", b"\xff"], pa.binary()).cast(pa.string(), safe=False)
    opened = read(pa.table({"counted_at": bad, "followers_count": [1, 2]}))
    assert opened.faults["counted_at", "text_repaired"].tolist() == [False, True]
    odd = read(
        [{"counted_at": "2024-05-01", "followers_gained": {}}, {"counted_at": "2024-05-02", "followers_gained": -1.0}]
    )
    assert odd.faults["followers_gained", "wrong_type"].tolist() == [True, False]
    assert odd.raw["followers_gained"].to_pylist() == [None, "-1.0"]


def test_every_fault_is_told_at_once():
    with pytest.raises(SchemaError) as told:
        read(pa.table([[1], [2]], names=["handle", "handle"]))
    assert [(one.column, one.code) for one in told.value.faults] == [
        ("handle", "column_twice"),
        ("counted_at", "column_missing"),
        ("followers_count", "column_missing"),
    ]
    assert "Found columns 'handle', 'handle'." in str(told.value)
    many = pa.table({f"column {number}": [1] for number in range(30)})
    with pytest.raises(SchemaError, match="and 10 more"):
        read(many)


def test_types_that_no_cell_has_are_refused_together():
    frame = pa.table({"counted_at": [[1]], "followers_count": [b"5"]})
    with pytest.raises(SchemaError) as told:
        read(frame)
    assert [one.column for one in told.value.faults] == ["counted_at", "followers_count"]
    assert (
        read(pa.table({"counted_at": ["2024"], "followers_count": pa.array(["5"]).dictionary_encode()})).raw.num_rows
        == 1
    )


def test_the_platform_column_settles_the_platform_and_rejects_others():
    rows = [
        {"post_id": "1", "platform": "X"},
        {"post_id": "2", "platform": "ig"},
        {"post_id": "3", "platform": None},
        4,
    ]
    opened = read(rows, "posts", (("post_id",),), platform="twitter", observed_at=datetime(2024, 6, 1, tzinfo=UTC))
    assert opened.reject_reasons.to_pylist() == [None, "other_platform", None, "not_an_object"]
    assert (opened.settings.platform, opened.settings.observed_at.year) == ("twitter", 2024)
    assert "platform" not in opened.raw.column_names
    assert read([{"post_id": "1"}], "posts", (("post_id",),)).settings.platform is None
    assert (
        read([{"post_id": "1", "platform": "Friendster"}], "posts", (("post_id",),)).settings.platform == "friendster"
    )


def test_names_in_a_pandas_index_are_columns():
    frame = pd.DataFrame({"followers_count": [1]}, index=pd.Index(["2024-05-01"], name="counted_at"))
    assert read(frame).raw.column_names == ["counted_at", "followers_count"]
    both = frame.assign(counted_at="2024-05-02")
    assert read(both).raw["counted_at"].to_pylist() == ["2024-05-02"]


def test_frames_without_anything_are_read():
    assert read([]).raw.num_rows == 0
    opened = read(pd.DataFrame({"counted_at": [], "followers_count": []}))
    assert opened.raw.num_rows == 0
    assert np.array_equal(opened.row_numbers, [])
