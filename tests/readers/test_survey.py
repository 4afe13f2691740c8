"""What a whole pass over raw cells settles: platform, columns, order of dates and of the list, zone, what is refused."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from botscan.errors import FormatError, SchemaError
from botscan.readers import plan_reading, read_accounts
from botscan.readers.plan import ReadingPlan
from botscan.readers.raw import RawBatch
from botscan.readers.survey import Survey

SNOWFLAKE_EPOCH = 1_288_834_974_657


@pytest.fixture
def plan(source_of):
    """A function from bytes to the settled plan; the platform is twitter unless the test says otherwise."""

    def make(data, **options):
        data = data.encode() if isinstance(data, str) else data
        return plan_reading(source_of(data), **{"platform": "twitter", **options})

    return make


def codes(plan):
    return [(note.code, note.column) for note in plan.notes]


def table(header, rows):
    return "\n".join([header, *rows]) + "\n"


# --- platform ---------------------------------------------------------------------------------------------------------


def test_a_column_tells_the_platform_and_one_that_the_caller_names_as_well(plan):
    content = "username,platform,network\na,x,tiktok\nb,,tiktok\n"
    assert plan(content, platform=None).platform == "twitter"
    assert plan(content, platform=None, column_map={"platform": "network"}).platform == "tiktok"


def test_links_to_profiles_tell_the_platform_where_at_least_half_of_the_rows_are_such(plan):
    links = ["https://www.instagram.com/ani/", "https://instagram.com/budi", "citra", "dewi"]
    found = plan(table("profile url", links), platform=None)
    assert found.platform == "instagram"
    [note] = [note for note in found.notes if note.code == "platform_from_links"]
    assert (note.count, note.numbers["platform"]) == (2, "instagram")
    with pytest.raises(FormatError, match="which platform"):
        plan(table("profile url", [*links, "eka"]), platform=None)
    with pytest.raises(FormatError, match="which platform"):
        plan(table("profile url", [*links[:2], "https://tiktok.com/@citra"]), platform=None)


def test_what_the_rows_say_goes_before_links_and_the_option_must_agree(plan):
    content = "profile url,platform\nhttps://instagram.com/a,tiktok\n"
    assert plan(content, platform=None).platform == "tiktok"
    with pytest.raises(SchemaError, match="Wanted twitter in 1 rows, found tiktok"):
        plan(content)


# --- columns and order of dates ----------------------------------------------------------------------------------------


def test_every_column_of_dates_is_decided_by_itself(plan):
    header = "username,joined,last post,follow date"
    found = plan(table(header, ["a,25/1/2020,1/2/2020,1/2/2020", "b,1/2/2020,1/25/2020,2/3/2020"]))
    assert found.date_orders == {"created_at": "dmy", "last_post_at": "mdy"}
    named = plan(table(header, ["a,1/2/2020,1/2/2020,1/2/2020"]), date_order="mdy")
    assert named.date_orders == dict.fromkeys(("created_at", "last_post_at", "followed_at"), "mdy")


def test_dates_that_decide_may_stand_anywhere_in_the_list(plan):
    rows = ["a,1/2/2020"] * 40_000
    assert plan(table("username,joined", [*rows, "b,25/2/2020"])).date_orders == {"created_at": "dmy"}
    assert plan(table("username,joined", [*rows, "b,25/2/2020", "c,2/25/2020"])).date_orders == {}


def test_keys_that_come_late_are_columns_too(plan):
    records = [{"username": f"a{at}"} for at in range(300)] + [{"username": "b", "followers": 5, "colour": "red"}]
    found = plan("".join(json.dumps(one) + "\n" for one in records))
    assert found.columns == {"handle": "username", "followers_count": "followers"}
    assert found.ignored_columns == ("colour",)


def test_columns_of_a_format_with_fields_are_those_that_some_record_knows(plan):
    users = [
        {"screen_name": "a", "friends_count": 1},
        {"screen_name": "b", "friends_count": 2, "lang": "id", "novel": 1},
    ]
    found = plan("".join(json.dumps(one) + "\n" for one in users))
    assert list(found.columns) == ["account_id", "handle", "language", "following_count"]
    assert found.ignored_columns == ("novel",)
    assert ("columns_ignored", None) in codes(found)


# --- order of the list, and whose it is --------------------------------------------------------------------------------


def page(*names, cursor=0):
    return {"users": [{"screen_name": name, "friends_count": 1} for name in names], "next_cursor": cursor}


def test_pages_are_newest_first_unless_one_record_stands_outside_of_them(plan):
    pages = [page("a", "b", cursor=5), page("c")]
    whole = plan(json.dumps(pages))
    assert (whole.list_order, whole.complete, whole.rows) == ("newest_first", True, 3)
    assert plan(json.dumps([*pages, {"screen_name": "d", "friends_count": 1}])).list_order == "unknown"
    assert plan(json.dumps([{"screen_name": "d", "friends_count": 1}])).list_order == "unknown"


def test_the_first_pages_of_a_list_are_said_to_be_its_newest_followers_only(plan):
    told = [note for note in plan(json.dumps([page("a", "b", cursor=5)])).notes if note.code == "newest_followers_only"]
    assert [note.count for note in told] == [2]
    assert "newest_followers_only" not in str(plan(json.dumps([page("a", "b")])).notes)


def test_ranks_come_from_places_over_all_pages(read):
    accounts = read(json.dumps([page("a", "b", cursor=5), page("c", "d")]).encode())
    assert dict(zip(accounts.table["handle"].to_pylist(), accounts.table["follow_rank"].to_pylist(), strict=True)) == {
        "a": 3, "b": 2, "c": 1, "d": 0,
    }  # fmt: skip


def test_a_rejected_record_keeps_its_place_in_the_order(read):
    pages = page("a", "b", "c")
    pages["users"][1] = 5
    accounts = read(json.dumps(pages).encode())
    assert accounts.table["follow_rank"].to_pylist() == [2, 0]
    assert [(one.row, one.reason) for one in accounts.report.rejected] == [(2, "not_an_object")]


def test_ranks_that_the_list_states_stay(read):
    accounts = read(b"username,follow_rank,followed at\na,7,2024-01-02\nb,0,2024-01-01\n")
    assert accounts.table["follow_rank"].to_pylist() == [7, 0]
    assert accounts.report.list_order == "unknown"


def test_followers_of_several_accounts_are_refused(source_of):
    rows = ["ani,A,true,@toko", "budi,B,true,@warung"]
    data = table("username,full_name,is_private,target_username", rows).encode()
    with pytest.raises(FormatError, match="followers of 2 or more different accounts") as caught:
        plan_reading(source_of(data))
    assert caught.value.remedy
    assert "toko" not in str(caught.value)


def test_a_list_as_long_as_its_cap_is_said_to_be_cut_perhaps(plan, monkeypatch):
    from botscan.readers import survey
    from botscan.readers.formats import FORMAT

    capped = {**FORMAT, "generic": replace(FORMAT["generic"], cap=3)}
    monkeypatch.setattr(survey, "FORMAT", capped)
    assert ("list_at_cap", None) in codes(plan("username\na\nb\nc\n"))
    assert ("list_at_cap", None) not in codes(plan("username\na\nb\n"))


# --- what is refused ----------------------------------------------------------------------------------------------------


def test_a_list_of_nothing_but_broken_records_is_refused_with_their_reasons(plan):
    with pytest.raises(FormatError, match=r"None of the 3 records could be read \(wrong_cell_count 3\)"):
        plan("username,followers\na\nb\nc,1,2\n")
    assert plan("username,followers\na\n,\n").rows == 2  # nobody, but it could be read


def test_a_page_of_nothing_but_reasons_of_the_platform_is_a_list(plan):
    gone = {"resource_type": "user", "parameter": "ids", "value": "2", "title": "Not Found Error"}
    assert plan(json.dumps({"data": [], "errors": [gone], "meta": {}}), platform=None).rows == 1


# --- the zone -----------------------------------------------------------------------------------------------------------


def dated(n, hours, form="%Y-%m-%d %H:%M:%S", start=datetime(2019, 1, 1, tzinfo=UTC)):
    """Rows of a table whose ids say when each account was made, and whose dates run some hours ahead of that."""
    rows = []
    for at in range(n):
        made = start + timedelta(hours=31 * at, minutes=at)
        account_id = int(made.timestamp() * 1000) - SNOWFLAKE_EPOCH << 22
        shown = made + timedelta(hours=hours(made) if callable(hours) else hours)
        rows.append((account_id, made, shown.strftime(form)))
    return rows


def as_table(rows):
    return table("id,username,joined,followers", [f"{one},a{at},{shown},5" for at, (one, _, shown) in enumerate(rows)])


@pytest.mark.parametrize("hours", [7, -5, 2])
def test_local_times_that_pass_for_utc_are_found_told_and_mended(plan, read, hours):
    rows = dated(60, hours)
    found = plan(as_table(rows))
    assert found.zone_fault_hours == hours
    accounts = read(as_table(rows).encode())
    assert accounts.table["created_at"].to_pylist() == [made for _, made, _ in rows]
    [note] = [note for note in accounts.report.warnings if note.code == "timezone_fault"]
    assert (note.column, note.count, note.numbers["hours"]) == ("created_at", 60, hours)


def test_clocks_that_change_in_summer_are_one_fault(read):
    rows = dated(120, lambda made: 3 if 3 < made.month < 11 else 2)
    accounts = read(as_table(rows).encode())
    assert accounts.table["created_at"].to_pylist() == [made for _, made, _ in rows]


def test_dates_in_utc_and_few_of_them_are_left_alone(plan, read):
    assert plan(as_table(dated(60, 0))).zone_fault_hours == 0
    few = dated(49, 7)
    assert plan(as_table(few)).zone_fault_hours == 0
    stated = [datetime.strptime(shown, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) for _, _, shown in few]
    assert read(as_table(few).encode()).table["created_at"].to_pylist() == stated


def test_a_zone_that_the_caller_names_or_the_cells_say_is_no_fault(plan, read):
    rows = dated(60, 7)
    assert plan(as_table(rows), tz="Asia/Jakarta").zone_fault_hours == 0
    assert read(as_table(rows).encode(), tz="Asia/Jakarta").table["created_at"].to_pylist() == [
        made for _, made, _ in rows
    ]
    assert plan(as_table(dated(60, 7, "%Y-%m-%dT%H:%M:%S+07:00"))).zone_fault_hours == 0


def test_a_fault_is_found_in_json_and_under_a_column_map_too(plan):
    rows = dated(60, 7)
    lines = "".join(json.dumps({"id": str(one), "made": shown, "followers": 1}) + "\n" for one, _, shown in rows)
    assert plan(lines, column_map={"created_at": "made"}).zone_fault_hours == 7
    user = "".join(
        json.dumps({"id_str": str(one), "screen_name": "a", "friends_count": 1, "created_at": shown}) + "\n"
        for one, _, shown in rows
    )
    assert plan(user).zone_fault_hours == 7


def test_a_plan_and_its_batches_mend_as_the_whole_does(plan, read, source_of):
    from botscan.readers import read_batches

    data = as_table(dated(80, 7)).encode()
    source = source_of(data)
    settled = plan_reading(source, platform="twitter")
    batches = [one.table["created_at"].to_pylist() for one in read_batches(source, settled, 17)]
    assert [moment for batch in batches for moment in batch] == read(data).table["created_at"].to_pylist()


def test_times_of_accounts_whose_ids_say_nothing_are_moved_as_well(read):
    rows = as_table(dated(60, 7)) + ",nobody,2020-01-02 03:00:00,5\n12,old,2010-01-02 03:00:00,5\n"
    shown = read(rows.encode()).table["created_at"].to_pylist()[60:]
    assert shown == [datetime(2020, 1, 1, 20, tzinfo=UTC), datetime(2010, 1, 1, 20, tzinfo=UTC)]


def test_days_are_not_moved(read):
    rows = dated(60, 7)
    days = [(one, made, shown[:10]) for one, made, shown in dated(40, 0, start=datetime(2021, 5, 5, tzinfo=UTC))]
    accounts = read(as_table(rows + days).encode())
    shown = accounts.table["created_at"].to_pylist()
    assert shown[:60] == [made for _, made, _ in rows]
    # The id knows the moment of the day; a day is never moved to another one.
    assert [moment.date() for moment in shown[60:]] == [made.date() for _, made, _ in days]


def test_more_records_than_are_compared_are_all_mended(source_of):
    rows = dated(3, 7) * 20_000
    data = as_table(rows).encode()
    accounts = read_accounts(source_of(data), platform="twitter")
    assert accounts.table["created_at"].to_pylist() == [made for _, made, _ in rows[:3]]


@pytest.mark.parametrize(("platform", "kept"), [("twitter", ["id", "created_at"]), ("instagram", ["created_at"])])
def test_only_cells_that_tell_of_creation_dates_are_kept(platform, kept):
    draft = ReadingPlan(source="a.csv", format="generic", holds="table", platform=platform)
    survey = Survey(draft)
    columns = ("id", "username", "created_at", "bio", "followers")
    survey.add(RawBatch(pa.table({name: ["1"] for name in columns}), 1))
    assert [part.column_names for part in survey._dated] == [kept]


# --- the order that a caller names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("order", "ranks"), [("newest", [2, 1, 0]), ("oldest", [0, 1, 2])])
def test_a_named_order_gives_ranks_where_the_list_tells_none(read, order, ranks):
    accounts = read(b"username,followers\na,1\nb,2\nc,3\n", follow_order=order)
    assert accounts.table["follow_rank"].to_pylist() == ranks
    assert accounts.report.list_order == f"{order}_first"
    assert "follow_rank" not in read(b"username,followers\na,1\nb,2\n").table.column_names


def test_a_named_order_plans_and_reads_the_same(plan):
    found = plan("username,followers\na,1\nb,2\nc,3\n", follow_order="newest")
    assert (found.list_order, found.coverage["follow_rank"]) == ("newest_first", 1.0)


def test_a_named_order_goes_before_follow_times(read):
    rows = b"username,followed at\na,2024-01-02\nb,2024-01-03\n"
    assert read(rows).table["follow_rank"].to_pylist() == [0, 1]
    assert read(rows, follow_order="newest").table["follow_rank"].to_pylist() == [1, 0]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("username,follow_rank\na,1\nb,0\n", "follow_rank"),
        (json.dumps([page("a", "b")]), "newest first"),
    ],
)
def test_a_named_order_is_refused_where_the_list_has_one(plan, read, content, problem):
    for make in (plan, read):
        with pytest.raises(FormatError, match=problem):
            make(content.encode(), follow_order="oldest")


def test_the_order_that_pages_have_may_be_named(read):
    accounts = read(json.dumps([page("a", "b")]).encode(), follow_order="newest")
    assert accounts.table["follow_rank"].to_pylist() == [1, 0]


@pytest.mark.parametrize("order", ["", "newest_first", "up", 3, True])
def test_an_order_that_is_none_is_refused(read, order):
    with pytest.raises((FormatError, SchemaError), match="order"):
        read(b"username\na\n", follow_order=order)
