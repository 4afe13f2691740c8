"""From raw cells to canonical ones: names of the plan, flags turned round, what ids and places say beside the cells."""

import json
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest

from botscan.readers.plan import ReadingPlan
from botscan.readers.raw import RawBatch
from botscan.readers.typed import account_records, canonical_cells, point_records, post_records

SEEN = datetime(2026, 6, 30, tzinfo=UTC)


def raw(columns, *, first_row=1, **changes):
    arrays = {name: pa.array(cells, pa.large_string()) for name, cells in columns.items()}
    return RawBatch(pa.table(arrays), first_row, **changes)


def plan(columns, **changes):
    return ReadingPlan(
        "made", **{"format": "generic", "holds": "table", "columns": columns, "platform": "twitter", **changes}
    )


def cells_of(batch, settled):
    return {name: column.to_pylist() for name, column in zip(*_named(canonical_cells(batch, settled)[0]), strict=True)}


def _named(table):
    return table.column_names, table.columns


def test_columns_come_under_canonical_names_and_one_that_a_batch_lacks_is_unknown():
    settled = plan({"handle": "username", "posts_count": "tweets"})
    assert cells_of(raw({"username": ["ani"], "bio": ["x"]}), settled) == {"handle": ["ani"], "posts_count": [None]}


def test_flags_that_say_the_opposite_are_turned_round_and_their_faults_kept():
    settled = plan({"has_avatar": "default"}, negated=("has_avatar",))
    batch = raw({"default": ["true", "0", "", "perhaps", None]})
    table, faults = canonical_cells(batch, settled)
    assert table["has_avatar"].to_pylist() == [False, True, None, None, None]
    assert faults["has_avatar", "not_a_flag"].tolist() == [False, False, False, True, False]


def test_blank_is_no_only_where_the_format_says_so():
    batch = raw({"protected": ["1", "", " ", None]})
    columns = {"is_private": "protected"}
    assert cells_of(batch, plan(columns)) == {"is_private": ["1", "", " ", None]}
    says_so = plan(columns, blank_is_false=("is_private", "is_verified"))
    assert cells_of(batch, says_so) == {"is_private": ["1", "false", "false", "false"]}
    assert cells_of(batch, plan(columns, blank_is_false=("is_verified",))) == {"is_private": ["1", "", " ", None]}


def test_faults_of_a_source_column_are_those_of_its_canonical_one():
    batch = raw({"username": ["a"]}, faults={("username", "wrong_type"): 2, ("other", "wrong_type"): 9})
    assert canonical_cells(batch, plan({"handle": "username"}))[1] == {("handle", "wrong_type"): 2}


@pytest.mark.parametrize(("is_1904", "day"), [(False, date(2024, 5, 1)), (True, date(2028, 5, 2))])
def test_day_counts_are_dates_in_workbooks_only(is_1904, day):
    batch = raw({"joined": ["45413"], "followers": ["45413"]})
    columns = {"created_at": "joined", "followers_count": "followers"}
    found = account_records(batch, plan(columns, holds="workbook", is_1904=is_1904)).table
    assert found["created_at"].to_pylist()[0].date() == day
    assert found["followers_count"].to_pylist() == [45_413]
    assert account_records(batch, plan(columns)).table["created_at"].to_pylist() == [None]


@pytest.mark.parametrize(
    ("order", "ranks"), [("newest_first", [5, 4, 3]), ("oldest_first", [4, 5, 6]), ("unknown", None)]
)
def test_ranks_are_places_in_the_whole_list(order, ranks):
    batch = raw({"username": ["a", "b", "c"]}, first_row=5)
    table = account_records(batch, plan({"handle": "username"}, rows=10, list_order=order)).table
    assert (table["follow_rank"].to_pylist() if ranks else table.to_pydict().get("follow_rank")) == ranks


def test_reasons_lines_and_numbers_are_handed_on_and_a_lookup_stays_one():
    batch = raw({"username": ["a", None]}, first_row=7, reasons=pa.array([None, "bad_json"]), lines=np.array([3, 9]))
    records = account_records(batch, plan({"handle": "username"}, is_lookup=True))
    assert records.row_numbers.tolist() == [7, 8]
    assert records.lines.tolist() == [3, 9]
    assert records.reject_reasons.to_pylist() == [None, "bad_json"]
    assert records.is_lookup


def test_posts_and_points_belong_to_the_subject_where_they_name_nobody():
    posts = post_records(
        raw({"id": ["5"], "text": ["halo"]}), plan({"post_id": "id", "text": "text"}, kind="posts", subject="77")
    )
    assert posts.table["account_id"].to_pylist() == ["77"]
    points = point_records(
        raw({"date": ["2024-05-01"], "n": ["5"]}),
        plan({"counted_at": "date", "followers_count": "n"}, kind="series", subject="@Ani"),
    )
    assert points.table["account_id"].to_pylist() == ["@ani"]


# --- what is derived, through files ----------------------------------------------------------------------------------


def test_a_creation_date_that_is_missing_comes_from_the_id_with_its_precision(read, warned):
    rows = ["1000000000000000000,a,", "783214,b,", "5000000,c,2012-02-03T04:05:06Z", "2000000,d,", ",e,"]
    accounts = read(("id,username,joined\n" + "\n".join(rows)).encode())
    table = accounts.table
    assert table["created_at_precision"].to_pylist() == ["second", None, "second", "unknown", None]
    assert table["created_at"].to_pylist()[0].isoformat(timespec="seconds") == "2018-05-25T13:05:53+00:00"
    assert table["created_at"].to_pylist()[3].year == 2007
    assert warned(accounts)["created_at_from_id", "created_at"] == 2


@pytest.mark.parametrize("platform", ["instagram", "telegram", "mastodon", "facebook"])
def test_ids_of_other_platforms_date_nobody(read, platform):
    accounts = read(b"id,username\n1000000000000000000,a\n", platform=platform)
    assert "created_at" not in accounts.table.column_names


def test_tiktok_ids_of_nineteen_digits_hold_a_moment_that_nobody_has_checked(read):
    accounts = read(b"id,username\n7000000000000000000,a\n6900000000000000,b\n", platform="tiktok", observed_at=SEEN)
    assert accounts.table["created_at"].to_pylist() == [datetime(2021, 8, 24, 14, 15, 5, tzinfo=UTC), None]
    assert accounts.table["created_at_precision"].to_pylist() == ["unknown", None]


def test_a_date_later_than_the_list_is_no_date_of_an_id(read):
    early = datetime(2018, 1, 1, tzinfo=UTC)
    accounts = read(b"id,username\n1000000000000000000,a\n", observed_at=early)
    assert accounts.table.to_pydict().get("created_at", [None]) == [None]


def test_a_date_that_differs_from_the_id_stands_and_is_counted(read, warned):
    accounts = read(b"id,username,joined\n1000000000000000000,a,2020-01-01T00:00:00Z\n")
    assert accounts.table["created_at"].to_pylist() == [datetime(2020, 1, 1, tzinfo=UTC)]
    assert warned(accounts)["created_at_differs_from_id", "created_at"] == 1


def test_a_website_that_is_there_empty_or_not_known_are_three_things(read):
    lines = [
        {"username": "a", "url": "https://a.example"},
        {"username": "b", "url": ""},
        {"username": "c", "url": None},
        {"username": "d"},
    ]
    accounts = read("".join(json.dumps(one) + "\n" for one in lines).encode())
    assert accounts.table["has_website"].to_pylist() == [True, False, None, None]
    table = read(b"username,website\na,https://a.example\nb,\n")
    assert table.table["has_website"].to_pylist() == [True, False]
    assert "has_website" not in read(b"username\na\n").table.column_names
    v1 = b'{"screen_name": "a", "friends_count": 1, "url": null}\n{"screen_name": "b", "friends_count": 1}\n'
    assert read(v1).table["has_website"].to_pylist() == [False, None]


def test_a_stated_flag_of_a_website_is_kept_where_the_link_is_not(read):
    assert read(b"username,has_website\na,true\nb,false\nc,\n").table["has_website"].to_pylist() == [True, False, None]


def test_rounded_counts_are_in_the_report_with_the_widest_half_width_of_each_column(read, warned):
    rows = ["a;12,3 rb;5;1.234", "b;1,1 jt;7;99", "c;999;2.5e3;1"]
    accounts = read(("username;pengikut;mengikuti;postingan\n" + "\n".join(rows)).encode())
    assert accounts.report.rounded == {"followers_count": 50_000, "following_count": 50}
    assert warned(accounts)["count_rounded", "followers_count"] == 2
    assert read(b"username,followers\na,12\n").report.rounded == {}


def test_a_rejected_row_rounds_nothing(read):
    accounts = read(b"username;followers\n;1,1 jt\na;5\n")
    assert accounts.report.reject_reasons == {"no_identity": 1}
    assert accounts.report.rounded == {}


def test_ranks_by_following_time_count_only_those_that_are_known(read):
    rows = ["a,2024-01-03", "b,2024-01-01", "c,", "d,2024-01-02"]
    accounts = read(("username,followed at\n" + "\n".join(rows)).encode())
    assert accounts.table["follow_rank"].to_pylist() == [2, 0, None, 1]
    assert accounts.report.list_order == "by_followed_at"
