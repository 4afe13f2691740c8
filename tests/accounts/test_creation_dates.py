"""Creation dates between the source and the ids."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from botscan.accounts.records import make_records
from botscan.accounts.settings import CellSettings
from botscan.accounts.table import AccountTable
from botscan.accounts.zone_votes import ZoneVotes

SEEN = datetime(2024, 6, 1, tzinfo=UTC)
MADE = datetime(2019, 5, 6, 7, 8, 9, tzinfo=UTC)
ID = str((int(MADE.timestamp() * 1000) - 1_288_834_974_657) << 22)
TWITTER = CellSettings(platform="twitter", observed_at=SEEN)
AHEAD = CellSettings(platform="twitter", observed_at=SEEN, zone_fault_hours=7)


def make(columns, settings=TWITTER):
    raw = pa.table(columns)
    return make_records(raw, row_numbers=np.arange(1, raw.num_rows + 1), settings=settings)


def dates(records):
    return records.table["created_at"].to_pylist()


def precision(records):
    return records.table["created_at_precision"].to_pylist()


def test_only_missing_dates_are_filled():
    records = make(
        {
            "account_id": [ID, ID, ID, "1000000", "@ani"],
            "created_at": ["2019-05-06T07:08:10Z", None, "soon", "", ""],
        }
    )
    assert dates(records)[:3] == [MADE + timedelta(seconds=1), MADE, MADE]
    assert [date and date.year for date in dates(records)[3:]] == [2007, None]
    assert precision(records) == ["second", "second", "second", "unknown", None]
    assert records.faults == {("created_at", "bad_date"): 1, ("created_at", "created_at_from_id"): 3}


def test_a_list_without_dates_has_those_of_its_ids():
    records = make({"account_id": [ID, "9999999999"], "handle": ["a", "b"]})
    assert dates(records) == [MADE, None]
    assert precision(records) == ["second", None]
    assert records.table.column_names[3:5] == ["created_at", "created_at_precision"]
    other = make({"account_id": [ID]}, CellSettings(platform="instagram"))
    assert "created_at" not in other.table.column_names
    by_handle = make({"handle": ["ani"]})
    assert "created_at" not in by_handle.table.column_names
    unknown = make({"account_id": [ID]}, CellSettings())
    assert "created_at" not in unknown.table.column_names


def test_tiktok():
    records = make({"account_id": ["7000000000000000000"]}, CellSettings(platform="tiktok", observed_at=SEEN))
    assert (dates(records)[0].date().isoformat(), precision(records)) == ("2021-08-24", ["unknown"])


def test_a_date_after_the_row_was_seen_is_none():
    columns = {"account_id": [ID, ID], "observed_at": ["2018-01-01", "2020-01-01"]}
    assert dates(make(columns)) == [None, MADE]


def test_rejected_rows_are_not_counted():
    records = make({"account_id": [ID, ID], "account_status": ["suspended", "active"]})
    assert records.faults == {("created_at", "created_at_from_id"): 1}
    assert records.gone_ids.to_pylist() == [ID, None]
    assert make({"account_id": [ID]}).gone_ids is None


def test_a_stated_date_far_from_the_id_stands_and_is_counted():
    columns = {
        "account_id": [ID, ID, ID, ID, ID, "1000000"],
        "created_at": ["2019-05-08T07:08:09Z", "2019-05-07T07:08:09Z", "2019-05-05", "2019-05-10", "2012-01-01", "2012-01-01"],
        "created_at_precision": ["", "", "", "", "unknown", ""],
    }  # fmt: skip
    records = make(columns)
    assert dates(records)[0] == MADE + timedelta(days=2)
    assert records.faults == {("created_at", "created_at_differs_from_id"): 2}


def test_votes_are_of_the_stated_dates():
    stated = [f"{MADE + timedelta(hours=7):%Y-%m-%d %H:%M:%S}Z"] * 60
    records = make({"account_id": [ID] * 60, "created_at": stated})
    assert records.zone_votes.decision == 7
    assert make({"account_id": [ID] * 60, "created_at": stated}, AHEAD).zone_votes == records.zone_votes
    assert make({"account_id": [ID] * 60}).zone_votes == ZoneVotes()


def test_local_times_are_mended():
    columns = {
        "account_id": [ID, "1000000", "1000000", ID, "@ani", "1000000"],
        "created_at": ["2019-05-06T14:08:30Z", "2007-03-01T05:00:00Z", "2007-03-02", "", "2012-01-01T03:00:00Z", ""],
    }
    records = make(columns, AHEAD)
    assert dates(records)[:5] == [
        MADE,
        datetime(2007, 2, 28, 22, tzinfo=UTC),
        datetime(2007, 3, 2, tzinfo=UTC),
        MADE,
        datetime(2011, 12, 31, 20, tzinfo=UTC),
    ]
    assert precision(records) == ["second", "second", "day", "second", "second", "unknown"]
    assert records.faults == {("created_at", "timezone_fault"): 3, ("created_at", "created_at_from_id"): 2}
    assert records.zone_fault_hours == 7


def test_mended_times_must_still_be_believed():
    columns = {"account_id": ["@a", "@b"], "created_at": ["2006-03-21T05:00:00Z", "2024-06-01T20:00:00Z"]}
    early = make(columns, AHEAD)
    assert dates(early) == [None, datetime(2024, 6, 1, 13, tzinfo=UTC)]
    assert precision(early) == [None, "second"]
    assert early.faults == {("created_at", "date_before_platform"): 1, ("created_at", "timezone_fault"): 1}
    late = make(columns, CellSettings(platform="twitter", observed_at=SEEN, zone_fault_hours=-11))
    assert late.faults == {("created_at", "date_in_future"): 1, ("created_at", "timezone_fault"): 1}


def test_batches_decide_nothing():
    columns = {
        "account_id": [ID, "1000000", None, "77", "@b"],
        "handle": ["a", "b", "c", None, "e"],
        "created_at": ["2019-05-06T14:08:30Z", "", "2007-03-02 10:00:00", "soon", None],
    }
    raw = pa.table(columns)
    for settings in (TWITTER, AHEAD):
        whole = make(columns, settings).table
        parts = [make(raw.slice(row, 1), settings).table for row in range(raw.num_rows)]
        assert whole.column_names == parts[0].column_names
        assert whole.to_pylist() == [record for part in parts for record in part.to_pylist()]


LATE = "9000000000000000000"  # of the year 2078


def test_an_id_younger_than_the_list_gives_no_date():
    for made, seen in ((LATE, SEEN), (ID, MADE - timedelta(days=2))):
        settings = CellSettings(platform="twitter", observed_at=seen)
        assert dates(make({"account_id": [made]}, settings)) == [None]
    assert dates(make({"account_id": [ID]}, CellSettings(platform="twitter", observed_at=MADE - timedelta(hours=20))))


def test_a_row_without_a_day_is_not_younger_than_its_list():
    rows = [
        {"account_id": LATE},
        {"account_id": ID, "observed_at": SEEN},
        {"account_id": str(int(ID) + 1), "observed_at": None},
    ]
    accounts = AccountTable.from_frame(rows, platform="twitter")
    found = dict(zip(accounts.table["account_id"].to_pylist(), accounts.table["created_at"].to_pylist(), strict=True))
    assert found == {LATE: None, ID: MADE, str(int(ID) + 1): MADE}
    assert accounts.table["created_at_precision"].null_count == 1
    counts = {note.code: note.count for note in accounts.report.warnings if note.column == "created_at"}
    assert counts == {"created_at_from_id": 2, "date_in_future": 1}
    # What a source states is judged row by row; nobody knows the day of this one.
    stated = [{"account_id": "5", "created_at": "2030-01-01"}, {"account_id": "6", "observed_at": SEEN}]
    table = AccountTable.from_frame(stated, platform="twitter").table
    assert table["created_at"].to_pylist()[0] == datetime(2030, 1, 1, tzinfo=UTC)
