"""Rows of posts and counts: batches put together, reasons and faults counted once."""

import numpy as np
import pyarrow as pa
import pytest

from botscan.accounts.rows import (
    MOST_REJECTED_LISTED,
    RowRecords,
    account_for,
    fill_owner,
    join_records,
    name_owner,
    rows_with_reason,
    type_cells,
)
from botscan.accounts.settings import CellSettings
from botscan.errors import SchemaError
from botscan.notes import Note

SCHEMA = pa.schema([("a", pa.int64()), ("b", pa.large_string()), ("c", pa.bool_())])


def records(values, reasons=None, start=1, **more):
    n = len(values)
    given = pa.array(reasons or [None] * n, pa.string())
    return RowRecords(pa.table({"b": pa.array(values, pa.large_string())}), np.arange(start, start + n), given, **more)


def test_batches_become_one_source():
    other = RowRecords(
        pa.table({"a": pa.array([5], pa.int64())}), np.array([4]), pa.array(["bad_json"]), lines=np.array([9])
    )
    joined = join_records(
        [
            records("xy", faults={("b", "text_cut"): 1}, widest_rounding={"a": 5}, platform="tiktok"),
            records("z", start=3, faults={("b", "text_cut"): 2}, widest_rounding={"a": 2}),
            other,
        ],
        SCHEMA,
    )
    assert joined.table.to_pydict() == {"a": [None, None, None, 5], "b": ["x", "y", "z", None]}
    assert joined.row_numbers.tolist() == [1, 2, 3, 4]
    assert joined.reject_reasons.to_pylist() == [None, None, None, "bad_json"]
    assert (joined.faults, joined.widest_rounding) == ({("b", "text_cut"): 3}, {"a": 5})
    assert joined.lines.tolist() == [0, 0, 0, 9]
    assert joined.platform == "tiktok"


def test_nothing_at_all_is_a_source_too():
    joined = join_records([], SCHEMA)
    assert (len(joined), joined.lines, joined.platform) == (0, None, None)
    assert account_for(joined, "posts").rows_rejected == 0


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="2 records, 1 row numbers"):
        RowRecords(pa.table({"b": ["x", "y"]}), np.array([1]), pa.nulls(2, pa.string()))


def test_accounts_list_only_the_first_rejected_rows():
    told = account_for(records(["x"] * 300, ["no_identity", "bad_json", None] * 100), "posts")
    assert told.reject_reasons == {"no_identity": 100, "bad_json": 100}
    assert list(told.reject_reasons) == ["no_identity", "bad_json"]
    assert told.rows_rejected == 200
    assert len(told.rejected) == MOST_REJECTED_LISTED
    assert (told.rejected[-1].row, told.rejected[-1].column) == (149, None)
    with pytest.raises(ValueError, match="tired"):
        account_for(records("x", ["tired"]), "posts")


def test_faults_are_told_in_the_order_of_the_columns():
    faults = {("text", "text_cut"): 1, ("", "odd"): 4, ("account_id", "bad_id"): 2, ("likes_count", "count_rounded"): 3}
    told = account_for(records("x", faults=faults, widest_rounding={"likes_count": 50}), "posts").notes
    assert told == (
        Note("bad_id", column="account_id", count=2),
        Note("text_cut", column="text", count=1),
        Note("count_rounded", column="likes_count", count=3, numbers={"half_width": 50}),
        Note("odd", count=4),
    )


def test_faults_of_rejected_rows_are_not_counted():
    raw = pa.table({"likes_count": ["1,2 rb", "x", "2,34 jt"]})
    typed = type_cells(raw, "posts", CellSettings())
    alive = np.array([True, False, False])
    seen = {("text", "text_repaired"): np.array([True, True, True]), ("likes_count", "count_rounded"): 4}
    assert typed.count_faults(alive, seen) == {("text", "text_repaired"): 1, ("likes_count", "count_rounded"): 5}
    assert typed.widest_rounding(alive) == {"likes_count": 50}
    assert typed.widest_rounding(~alive) == {"likes_count": 5000}
    assert typed.widest_rounding(np.array([False, True, False])) == {}


def test_only_canonical_columns_of_the_kind_are_typed():
    with pytest.raises(SchemaError, match="counted_at: not_canonical"):
        type_cells(pa.table({"counted_at": ["x"]}), "posts", CellSettings())


@pytest.mark.parametrize(
    ("given", "platform", "wanted"),
    [
        ("12", "twitter", "12"), ("@Budi", "twitter", "@budi"), ("Budi", "twitter", "@budi"), ("Budi", None, "Budi"),
        ("https://x.com/Budi", "twitter", "@budi"), (None, "twitter", None), ("", "twitter", None),
        ("1.1E+18", "twitter", None), ("\ud800", "twitter", None), ("-5", "twitter", "@-5"), (12, "twitter", "12"),
        (["12"], "twitter", None), (True, None, None),
    ],
)  # fmt: skip
def test_owners_are_named_by_id_or_handle(given, platform, wanted):
    assert name_owner(given, platform) == wanted


def test_owners_fill_only_what_is_empty():
    raw = pa.table({"account_id": ["7", "", "abc", "1.1E+18", None]})
    typed = type_cells(raw, "posts", CellSettings(platform="twitter"))
    seen = {("account_id", "wrong_type"): np.array([False, False, False, False, True])}
    assert fill_owner(typed, 5, "9", seen).tolist() == [False, True, False, False, False]
    assert typed.columns["account_id"].to_pylist() == ["7", "9", None, None, None]


def test_a_reason_for_some_rows():
    assert rows_with_reason("no_date", np.array([True, False])).to_pylist() == ["no_date", None]
