"""The running account of a reading."""

import numpy as np
import pyarrow as pa
import pytest

from botscan.accounts.records import AccountRecords
from botscan.accounts.tally import MOST_GONE_LISTED, MOST_REJECTED_LISTED, Tally
from botscan.notes import Note
from botscan.reading_report import RejectedRow


def records(reasons, start=1, **more):
    n = len(reasons)
    ids = pa.array([None if reason else str(start + i) for i, reason in enumerate(reasons)], pa.large_string())
    return AccountRecords(
        pa.table({"account_id": ids}), np.arange(start, start + n), pa.array(reasons, pa.string()), **more
    )


def test_batches_add_up():
    tally = Tally()
    first = tally.add(records([None, "bad_json", None], faults={("bio", "nul_removed"): 2}, platforms={"twitter": 1}))
    second = tally.add(
        records(
            ["not_found", "bad_json"],
            4,
            lines=np.array([9, 0]),
            faults={("bio", "nul_removed"): 1},
            platforms={"twitter": 2},
        )
    )
    assert (first.num_rows, second.num_rows, tally.rows_in, tally.rows_rejected) == (2, 0, 5, 3)
    assert list(tally.reject_reasons.items()) == [("bad_json", 2), ("not_found", 1)]
    assert tally.rejected == [
        RejectedRow(2, "bad_json"),
        RejectedRow(4, "not_found", 9, "account_status"),
        RejectedRow(5, "bad_json"),
    ]
    assert tally.platforms == {"twitter": 3}
    assert tally.notes() == [Note("nul_removed", column="bio", count=3)]


def test_only_the_first_rejected_rows_are_listed():
    tally = Tally()
    for start in (1, 81):
        tally.add(records(["bad_json"] * 80, start))
    assert tally.rows_rejected == 160
    assert [one.row for one in tally.rejected] == list(range(1, MOST_REJECTED_LISTED + 1))


def test_rows_rejected_later_stand_in_their_place_with_their_file():
    tally = Tally(parts=[(1, "a.csv"), (4, "b.csv")])
    tally.add(records(["bad_json", None, None]))
    tally.add(records([None, "other_platform"], 4))
    tally.reject("not_in_list", np.array([3, 4]), np.array([0, 7]))
    tally.reject("not_in_list", np.array([], np.int64), np.array([], np.int64))
    assert tally.rejected == [
        RejectedRow(1, "bad_json", None, None, "a.csv"),
        RejectedRow(3, "not_in_list", None, "account_id", "a.csv"),
        RejectedRow(4, "not_in_list", 7, "account_id", "b.csv"),
        RejectedRow(5, "other_platform", None, "platform", "b.csv"),
    ]
    assert (tally.rows_rejected, tally.reject_reasons["not_in_list"]) == (4, 2)
    tally.reject("not_in_list", np.arange(10, 400), np.zeros(390, np.int64))
    assert (len(tally.rejected), tally.rejected[-1].row, tally.rows_rejected) == (MOST_REJECTED_LISTED, 105, 394)


def test_the_first_accounts_that_are_gone_are_kept_by_status():
    tally = Tally()
    for start in (1, 801):
        ids = pa.array([str(row) for row in range(start, start + 800)], pa.large_string())
        tally.add(records(["suspended"] * 800, start, gone_ids=ids))
    tally.add(
        records(["deleted", "not_found", "bad_json"], 1601, gone_ids=pa.array(["@ani", None, None], pa.large_string()))
    )
    assert tally.gone == {"suspended": [str(row) for row in range(1, MOST_GONE_LISTED + 1)], "deleted": ["@ani"]}


def test_a_time_zone_that_was_mended_is_named():
    tally = Tally()
    tally.add(records([None], faults={("created_at", "timezone_fault"): 3}, zone_fault_hours=7))
    assert tally.notes() == [Note("timezone_fault", column="created_at", count=3, numbers={"hours": 7})]


def test_rounding_is_reported_with_its_width():
    tally = Tally()
    for width in (50, 5000, 1):
        tally.add(records([None], faults={("posts_count", "count_rounded"): 1}, widest_rounding={"posts_count": width}))
    assert tally.notes() == [Note("count_rounded", column="posts_count", count=3, numbers={"half_width": 5000})]


def test_notes_stand_in_schema_order():
    tally = Tally()
    tally.add(
        records([None], faults={("posts_count", "b"): 1, ("bio", "z"): 1, ("bio", "a"): 1, ("elsewhere", "c"): 1})
    )
    assert [(note.column, note.code) for note in tally.notes()] == [
        ("bio", "a"), ("bio", "z"), ("posts_count", "b"), ("elsewhere", "c"),
    ]  # fmt: skip


def test_a_reason_that_nobody_knows_is_a_bug():
    tally = Tally()
    tally.add(records(["because"]))
    with pytest.raises(ValueError, match="because"):
        _ = tally.reject_reasons
    with pytest.raises(ValueError, match="row numbers"):
        AccountRecords(pa.table({"account_id": ["1"]}), np.array([1, 2]), pa.nulls(1, pa.string()))


def test_where_every_record_is_rejected_each_cause_has_its_way_out():
    tally = Tally()
    tally.add(records(["no_identity", "id_damaged", "suspended", "other_platform", "bad_json", "too_long"]))
    assert [(note.code, note.count) for note in tally.notes()] == [
        ("all_rejected", 6),
        ("all_rejected_nameless", 2),
        ("all_rejected_broken", 2),
        ("all_rejected_elsewhere", 1),
        ("all_rejected_gone", 1),
    ]
    tally.add(records([None], 7))
    assert tally.notes() == []
    assert Tally().notes() == []


def test_faults_that_turn_out_to_be_others_are_counted_once():
    tally = Tally()
    tally.add(records([None], faults={("created_at", "created_at_from_id"): 2}))
    tally.rename_faults("created_at", "created_at_from_id", "date_in_future", 0)
    assert [(note.code, note.count) for note in tally.notes()] == [("created_at_from_id", 2)]
    tally.rename_faults("created_at", "created_at_from_id", "date_in_future", 2)
    assert [(note.code, note.count) for note in tally.notes()] == [("date_in_future", 2)]
