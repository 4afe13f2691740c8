"""What mutated files have found, each in its smallest form: it stays mended."""

import io
import json
import zipfile
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from botscan.errors import FormatError, SchemaError
from botscan.readers import FORMATS, Source, plan_reading, read_accounts, read_batches


def source(data, name="list.bin"):
    return Source(name, spool=io.BytesIO(data))


def parquet(arrays, names):
    file = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, names=names), file)
    return source(file.getvalue(), "list.parquet")


@pytest.mark.parametrize("form", [one for one in FORMATS if one.accounts is None], ids=lambda form: form.name)
@pytest.mark.parametrize("data", [b"[]", b"{", b'["a"]', b"5\n6\n", b'[{"a": 1}'])
def test_a_named_format_that_holds_no_accounts_is_refused_whatever_the_file_holds(form, data):
    with pytest.raises(FormatError):
        read_accounts(source(data), format=form.name, platform="twitter")


def test_text_cut_inside_a_character_is_looked_at_for_labels():
    data = b"colour,size\n" + b"a" * (65_535 - 12) + "é".encode() * 9 + b"\n"
    with pytest.raises(FormatError, match="no column that botscan knows"):
        read_accounts(source(data), platform="twitter")


@pytest.mark.parametrize(
    ("cells", "known"),
    [
        (pa.array([2**31 - 1, 19_000], pa.int32()).view(pa.date32()), date(2022, 1, 8)),
        (pa.array([-(2**31), 19_000], pa.int32()).view(pa.date32()), date(2022, 1, 8)),
        (pa.array([2**62, 1_600_000_000_000_000]).cast(pa.timestamp("us")), date(2020, 9, 13)),
        (pa.array([2**62, 1_600_000_000_000]).cast(pa.timestamp("ms", "+07:00")), date(2020, 9, 13)),
        (pa.array([2**63 - 1, 1_600_000_000 * 10**9]).cast(pa.timestamp("ns", "Asia/Jakarta")), date(2020, 9, 13)),
    ],
)
@pytest.mark.parametrize(
    "names",
    [["pk", "username", "full_name", "is_private", "timestamp"], ["uid", "handle", "name", "private", "created_at"]],
)
def test_dates_of_parquet_that_no_calendar_holds_are_unknown(cells, known, names):
    arrays = [pa.array(["5", "6"]), pa.array(["a", "b"]), pa.array(["A", "B"]), pa.array([True, False]), cells]
    accounts = read_accounts(parquet(arrays, names), platform="instagram")
    column = "created_at" if "created_at" in names else "observed_at"
    values = accounts.table[column].to_pylist()
    assert accounts.n_accounts == 2
    assert values[1].date() == known
    assert values[0] is None or values[0] < datetime(2300, 1, 1, tzinfo=UTC)


def test_of_two_columns_of_one_name_in_parquet_the_first_is_read_or_the_file_refused():
    names = ["pk", "username", "full_name", "is_private", "pk"]
    arrays = [pa.array([cell]) for cell in ("5", "ana", "Ana", True, "6")]
    assert read_accounts(parquet(arrays, names)).table["account_id"].to_pylist() == ["5"]
    with pytest.raises(FormatError, match="stands twice"):
        read_accounts(parquet(arrays[:2] + arrays[:1], ["user id", "handle", "user id"]), platform="twitter")


def test_a_key_that_two_columns_are_taken_from_counts_for_both_in_the_plan():
    data = b'{"id": 5, "login": "ana", "node_id": "x", "site_admin": false, "public_repos": 1}'
    plan = plan_reading(source(data), column_map={"handle": "id", "created_at": "id"})
    assert plan.coverage["handle"] == 1


@pytest.mark.parametrize("column_map", [{"display_name": "handle"}, {"handle": "handle"}, {"bio": "handle"}])
def test_a_key_that_has_the_name_of_a_column_is_known_in_the_plan_when_another_column_is_taken_from_it(column_map):
    data = b'[{"did": "did:plc:abc", "handle": "ana.example", "displayName": "Ana", "followersCount": 3}]'
    accounts, plan = (read(source(data), column_map=column_map) for read in (read_accounts, plan_reading))
    assert [accounts.table[name].to_pylist() for name in ("handle", *column_map)] == [["ana.example"]] * 2
    assert {name: plan.coverage[name] for name in accounts.table.column_names} == dict(accounts.coverage().shares)
    (records,) = read_batches(source(data), plan)
    assert records.table.equals(accounts.table)


def test_the_pages_of_a_zip_that_were_planned_are_those_that_are_read():
    pages = {f"followers_{at}.json": [at, at + 100] for at in range(12)} | {"somebody_else.json": [999]}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, numbers in pages.items():
            users = [{"id": one, "screen_name": f"o{one}", "followers_count": 1, "friends_count": 2} for one in numbers]
            archive.writestr(name, json.dumps({"users": users, "next_cursor": 5}))
    plan = plan_reading(source(packed.getvalue(), "pages.zip"))
    assert (plan.format, plan.rows) == ("twitter_v1", 24)
    batches = list(read_batches(source(packed.getvalue(), "pages.zip"), plan, 7))
    assert [number for batch in batches for number in batch.row_numbers.tolist()] == list(range(1, 25))


def test_rows_of_another_platform_than_the_format_are_refused_in_batches_as_at_once():
    data = b"uid,unique_id,heart_count,platform\n5,ana,6,twitter\n"
    with pytest.raises(SchemaError):
        read_accounts(source(data))
    with pytest.raises(SchemaError):
        list(read_batches(source(data), plan_reading(source(data))))


def test_an_answer_of_x_that_only_says_that_an_account_is_suspended_is_counted_so():
    data = b'{"data": {"user": {"result": {"__typename": "UserUnavailable", "reason": "Suspended"}}}}'
    assert read_accounts(source(data)).report.reject_reasons == {"suspended": 1}


def test_flags_that_a_format_leaves_blank_are_known_in_the_plan_as_in_the_list():
    header = "id,screen_name,statuses_count,friends_count,default_profile,geo_enabled,verified,updated,timestamp"
    data = f"{header}\n5,ana,1,2,1,,1,2016-03-15,2009-03-17\n6,budi,1,2,,1,,2016-03-15,2009-03-17\n".encode()
    accounts, plan = read_accounts(source(data)), plan_reading(source(data))
    assert accounts.report.format == "cresci_csv"
    assert {name: plan.coverage[name] for name in accounts.table.column_names} == dict(accounts.coverage().shares)
