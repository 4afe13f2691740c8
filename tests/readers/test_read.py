"""Every class of damage of delimited tables and JSON, from bytes to accounts, with its message."""

import csv
import gzip
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts import AccountTable
from botscan.errors import BotscanError, FormatError, SchemaError
from botscan.readers import ReadingPlan, Source, plan_reading, read_accounts, read_batches

SEEN = datetime(2026, 6, 30, tzinfo=UTC)

ACCOUNTS = [
    {
        "id": "1000000000000000007",
        "username": "rina.kartika_",
        "bio": 'kopi, "senja"; dan\nhujan ☕',
        "followers": "1.234",
        "following": "89",
    },
    {"id": "007", "username": "null", "bio": "", "followers": "12,3 rb", "following": "0"},
    {"id": "18446744073709551617", "username": "NA", "bio": "| tab\tulang", "followers": "", "following": "3"},
]


def delimited(rows, delimiter=",", line_end="\n"):
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def whole_and_planned(data, batch_rows=2, **options):
    """Read once as a whole and once by plan and batches; both must say the same."""
    options = {"platform": "twitter", **options}
    whole = read_accounts(Source("made", spool=io.BytesIO(data)), **options)
    source = Source("made", spool=io.BytesIO(data))
    plan = plan_reading(source, **options)
    assert ReadingPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan
    batches = list(read_batches(source, plan, batch_rows))
    assert [len(batch) for batch in batches[:-1]] == [batch_rows] * (len(batches) - 1)
    joined = AccountTable.from_records(
        batches, source="made", format=plan.format, platform=plan.platform, observed_at=plan.observed_at,
        notes=plan.notes, encoding=plan.encoding, delimiter=plan.delimiter, ignored_columns=plan.ignored_columns,
        list_order=plan.list_order, complete=plan.complete,
    )  # fmt: skip
    assert joined.table.equals(whole.table)
    assert joined.report == whole.report
    assert plan.rows == whole.report.rows_in
    if plan.rows and not whole.report.duplicates_merged:
        assert plan.coverage == pytest.approx(dict(whole.coverage()))
    return whole, plan


# Tables


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_one_table_under_every_delimiter_line_end_and_encoding(read, delimiter, line_end):
    expected = read(delimited(ACCOUNTS).encode()).table
    text = delimited(ACCOUNTS, delimiter, line_end)
    for codec in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        accounts = read(text.encode(codec))
        assert accounts.table.equals(expected)
        assert accounts.report.delimiter == delimiter
    assert read(gzip.compress(text.encode())).table.equals(expected)
    assert read(text.encode("utf-16-le"), encoding="utf-16-le").table.equals(expected)
    assert expected["handle"].to_pylist() == ["rina.kartika_", "null", "NA"]
    assert expected["account_id"].to_pylist() == [row["id"] for row in ACCOUNTS]
    assert expected["followers_count"].to_pylist() == [1234, 12300, None]


def test_headers_decide_the_delimiter_not_rows(read):
    assert read(b"username;followers\na,b;5\nc,d;6\n").table["followers_count"].to_pylist() == [5, 6]
    assert read(b'"username;x",followers\na,5\n', column_map={"handle": "username;x"}).report.delimiter == ","


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \n\r\n\t ", b"\xff\xfe", gzip.compress(b"", mtime=0)])
def test_empty_files_are_refused(read, data):
    with pytest.raises(FormatError, match=r"made\.txt: This is an empty file\. Fetch or export the list again\."):
        read(data)


@pytest.mark.parametrize(
    "data", [b"username,followers", b"username,followers\n\n", b"[]", b'{"users": [], "next_cursor": 0}']
)
def test_lists_without_accounts_are_accepted(data):
    accounts, plan = whole_and_planned(data)
    assert (accounts.n_accounts, accounts.report.rows_in, plan.rows) == (0, 0, 0)


def test_no_known_column_is_refused_with_what_was_seen(read):
    with pytest.raises(
        FormatError,
        match=r"made\.txt: Found no column that botscan knows, or no header line\. Seen: colour, folowers\. Known columns: followers_count, ",
    ):
        read(b"colour,folowers\nred,5\n")
    with pytest.raises(FormatError, match=r"Seen: text of 10 characters, text of 4 characters, text of 21 characters"):
        read(b"rina_98765,1234,https://rina.example/\nbudi,2,x\n")
    with pytest.raises(FormatError, match="no column that tells accounts apart or counts something"):
        read(b"bio,location\nx,y\n")


def test_a_known_column_twice_is_refused(read):
    with pytest.raises(FormatError, match="'followers' stands twice in the header: at positions 2 and 3"):
        read(b"username,Followers,followers\na,1,2\n")


def test_an_open_quote_is_refused_with_its_line(read):
    with pytest.raises(FormatError, match=r"made\.txt: The quote \(\"\) that opens in line 3 is never closed"):
        read(b'username,bio\na,x\nb,"open\nc,y\n')
    with pytest.raises(FormatError, match="opens in line 3"):
        read(b'\n \nusername,"bio\na,x\n')
    assert read(b'username,followers|"x\na,5\n').n_accounts == 1  # open only if another delimiter were meant


def test_rows_with_a_wrong_number_of_cells_leave_the_others_as_they_are(read):
    good = read(b"username,followers\na,1\nb,2\n")
    bad = read(b"username,followers\na,1\nx\ny,1,2\nb,2,,\n")
    assert bad.table.equals(good.table)
    assert bad.report.reject_reasons == {"wrong_cell_count": 2}
    assert [(row.row, row.line) for row in bad.report.rejected] == [(2, 3), (3, 4)]


def test_a_table_of_nothing_but_broken_rows_is_refused(read):
    with pytest.raises(FormatError, match=r"None of the 2 records could be read \(wrong_cell_count 2\)"):
        read(b"username,followers\na\nb\n")


def test_bytes_that_are_not_utf8_are_counted_by_row(read, warned):
    data = "username,bio\na,café café\nb,x\nc,Málaga\n".encode("latin-1")
    accounts = read(data)
    assert warned(accounts)["text_repaired", None] == 2
    assert accounts.table["bio"].to_pylist() == ["caf\ufffd caf\ufffd", "x", "M\ufffdlaga"]
    named = read(data, encoding="cp1252")
    assert ("text_repaired", None) not in warned(named)
    assert named.table["bio"].to_pylist()[0] == "café café"
    with pytest.raises(FormatError, match="not utf-8 text"):
        read(data, encoding="utf-8")


def test_a_gzip_that_was_cut_keeps_whole_rows(read, warned):
    rows = "".join(f"user_{at},{at}\n" for at in range(2000))
    packed = gzip.compress(f"username,followers\n{rows}".encode())
    accounts = read(packed[: len(packed) // 2])
    assert accounts.report.reject_reasons == {"truncated": 1}
    assert ("compressed_cut_short", None) in warned(accounts)
    assert accounts.table["followers_count"].to_pylist() == list(range(accounts.n_accounts))
    assert ("compressed_trailing_garbage", None) in warned(read(packed + b"garbage"))


def test_a_table_without_ids_and_one_with_an_id_column_only(read, warned):
    made = read(b"followers,following\n1,2\n3,4\n")
    assert made.table["account_id"].to_pylist() == ["row-1", "row-2"]
    assert warned(made)["ids_made", "account_id"] == 2
    ids = read(b"id\n7\n\n8\n")
    assert ids.table["account_id"].to_pylist() == ["7", "8"]
    assert ids.evidence_level == 0


def test_a_flag_that_says_the_opposite_is_turned_round(read, warned):
    accounts = read(b"username,default_profile_image\na,1\nb,false\nc,\nd,maybe\n")
    assert accounts.table["has_avatar"].to_pylist() == [False, True, None, None]
    assert warned(accounts)["not_a_flag", "has_avatar"] == 1


def test_thousands_of_unknown_columns_are_one_note(read):
    header = ",".join(["username", *(f"x{at}" for at in range(3000))])
    accounts = read(f"{header}\na{',' * 3000}\n".encode())
    assert [note.count for note in accounts.report.warnings if note.code == "columns_ignored"] == [3000]
    assert len(accounts.report.ignored_columns) == 100


# JSON


def framings(records):
    return [
        "".join(json.dumps(one) + "\n" for one in records),
        json.dumps(records),
        json.dumps(records, indent=2),
        "".join(json.dumps(one) for one in records),
        "\r\n".join(json.dumps(one, indent=1, ensure_ascii=False) for one in records),
    ]


def test_one_list_under_every_framing_is_one_table(read):
    expected = read(delimited(ACCOUNTS).encode()).table
    for text in framings(ACCOUNTS):
        for codec in ("utf-8", "utf-8-sig", "utf-16"):
            accounts, _ = whole_and_planned(text.encode(codec))
            assert accounts.table.equals(expected)


def test_broken_json_is_rejected_with_its_line(read):
    accounts = read(b'{"username": "a"}\n{"username": "b", oops}\n[1]\n{}\n{"username": "c"}\n{"username": "d')
    assert accounts.table["handle"].to_pylist() == ["a", "c"]
    assert accounts.report.reject_reasons == {"no_identity": 1, "bad_json": 1, "not_an_object": 1, "truncated": 1}
    assert [(row.reason, row.line) for row in accounts.report.rejected] == [
        ("bad_json", 2), ("not_an_object", 3), ("no_identity", 4), ("truncated", 6),
    ]  # fmt: skip
    assert [dict(note.numbers) for note in accounts.report.warnings if note.code == "cut_at_line"] == [{"line": 6}]


@pytest.mark.parametrize(
    "data",
    [
        b'{"username": "a"',
        b"[[[",
        b'{"a" 1}\n{"b" 2}\n',
        b"[" * 70 + b"]" * 70,
        b'{"username": {"a": ' + b"[" * 70 + b"]" * 70 + b"}}",
    ],
)
def test_json_without_one_good_object_is_refused(read, data):
    with pytest.raises(FormatError, match=r"none of its .* records is an object that can be read"):
        read(data)


def test_a_bare_list_holds_ids_or_handles(read):
    ids = read(b"[18446744073709551617, 12]")
    assert ids.table["account_id"].to_pylist() == ["18446744073709551617", "12"]
    assert ids.evidence_level == 0
    assert read(b'["@Ana", "budi_17"]').table["handle"].to_pylist() == ["Ana", "budi_17"]
    with pytest.raises(FormatError, match="none of its 2 records"):
        read(b'[1, "a"]')


def test_numbers_in_json_are_no_text(read, warned):
    accounts = read(
        b'{"id": 12345678901234567890, "followers": 4.567}\n{"id": 7, "followers": "4.567"}\n'
        b'{"id": 8, "followers": NaN}\n{"id": 9, "followers": 1e999}\n{"id": 10, "followers": 37.0}\n'
        b'{"id": 11, "followers": 123456789012345678901234567890}\n{"id": 12, "followers": true}\n'
    )
    assert accounts.table["followers_count"].to_pylist() == [None, 4567, None, None, 37, None, None]
    assert accounts.table["account_id"].to_pylist()[0] == "12345678901234567890"
    assert warned(accounts)["not_a_count", "followers_count"] == 2
    assert warned(accounts)["count_out_of_range", "followers_count"] == 2
    assert warned(accounts)["not_a_number", None] == 1


def test_long_numbers_as_ids_are_damaged(read):
    accounts = read(b'{"id": 123456789012345678901, "username": "a"}\n{"id": 1.5e300}\n{"id": 7}\n')
    assert accounts.table["account_id"].to_pylist() == ["@a", "7"]
    assert accounts.report.reject_reasons == {"id_damaged": 1}


def test_ids_of_json_and_tables_agree_to_the_last_digit(read):
    numbers = [2**53 + 1, 2**63, 2**64 + 1, 10**19 + 3]
    table = read(("id\n" + "\n".join(map(str, numbers))).encode())
    lines = read("".join(f'{{"id": {number}}}\n' for number in numbers).encode())
    assert table.table.equals(lines.table)
    assert table.table["account_id"].to_pylist() == [str(number) for number in numbers]


def test_two_keys_for_one_column(read):
    accounts = read(b'{"id": 1, "id_str": "2"}\n')
    assert accounts.table["account_id"].to_pylist() == ["2"]
    assert "id" in accounts.report.ignored_columns


def test_text_can_always_be_written(read):
    accounts = read(b'{"username": "a", "bio": "\\ud800 \\u0000x"}\n')
    assert accounts.table["bio"].to_pylist() == ["\ufffd x"]


# Options


def test_the_platform_comes_from_the_column_then_the_signature_then_the_option(read, warned):
    with pytest.raises(FormatError, match=r"which platform the accounts are of\. Name it: --platform twitter"):
        read(b"username\na\n", platform=None)
    assert read(b"username,platform\na,TikTok\n", platform=None).platform == "tiktok"
    with pytest.raises(SchemaError, match=r"found twitter \(2 rows\), tiktok \(1 rows\)"):
        read(b"username,platform\na,twitter\nb,x\nc,tiktok\n", platform=None)
    chosen = read(b"username,platform\na,twitter\nb,x\nc,tiktok\n", platform="tiktok")
    assert chosen.table["handle"].to_pylist() == ["c"]
    assert chosen.report.reject_reasons == {"other_platform": 2}
    with pytest.raises(SchemaError, match="Wanted tiktok"):
        read(b"username,platform\na,twitter\n", platform="tiktok")
    with pytest.raises(SchemaError, match="myspace"):
        read(b"username\na\n", platform="myspace")
    v1 = read(b'{"screen_name": "a", "friends_count": 1}', platform="tiktok")
    assert v1.platform == "twitter"
    assert ("platform_option_ignored", None) in warned(v1)


def test_likes_follow_the_platform_column():
    data = b"username,likes,platform\na,5,tiktok\n"
    accounts, _ = whole_and_planned(data, platform=None)
    assert accounts.table["likes_received_count"].to_pylist() == [5]


def test_the_moment_of_the_list(read):
    rows = b"username,created_at,crawled_at\na,2020-01-01T00:00:00Z,2021-01-01T00:00:00Z\nb,2020-01-01T00:00:00Z,\n"
    accounts = read(rows, observed_at=SEEN)
    assert accounts.table["observed_at"].to_pylist() == [datetime(2021, 1, 1, tzinfo=UTC), SEEN]
    naive = read(b"username\na\n", observed_at=datetime(2026, 6, 30))  # noqa: DTZ001
    assert naive.observed_at == SEEN
    assert read(b"username\na\n").observed_at is None


def test_date_order_is_settled_once_for_the_column(warned):
    data = b"username,joined,last post\na,03/04/2020,01/02/2021\nb,25/12/2019,02/01/2021\n"
    accounts, plan = whole_and_planned(data)
    assert plan.date_orders == {"created_at": "dmy"}
    assert accounts.table["created_at"].to_pylist()[0] == datetime(2020, 4, 3, tzinfo=UTC)
    assert accounts.table["last_post_at"].null_count == 2
    assert warned(accounts)["date_order_unknown", "last_post_at"] == 2
    named, plan = whole_and_planned(data, date_order="mdy")
    assert plan.date_orders == {"created_at": "mdy", "last_post_at": "mdy"}
    assert named.table["last_post_at"].to_pylist()[0] == datetime(2021, 1, 2, tzinfo=UTC)
    with pytest.raises(FormatError, match="'ymd' is not known"):
        whole_and_planned(data, date_order="ymd")


def test_the_zone_of_dates_without_one():
    accounts, _ = whole_and_planned(b"username,joined\na,2020-01-01 07:00:00\n", tz="WIB")
    assert accounts.table["created_at"].to_pylist() == [datetime(2020, 1, 1, tzinfo=UTC)]
    with pytest.raises(SchemaError, match="zone"):
        whole_and_planned(b"username\na\n", tz="Nowhere/Town")


def test_a_column_map_overrides_everything():
    data = b"username,followers,real\na,1,9\n"
    accounts, _ = whole_and_planned(data, column_map={"followers_count": "real"})
    assert accounts.table["followers_count"].to_pylist() == [9]
    accounts, _ = whole_and_planned(
        b'{"user": {"name": "a"}, "n": 5}\n', column_map={"handle": "user.name", "followers_count": "n"}
    )
    assert accounts.table.select(["handle", "followers_count"]).to_pylist() == [{"handle": "a", "followers_count": 5}]
    user = b'{"screen_name": "a", "friends_count": 1, "extra": {"fans": 5}}'
    accounts, _ = whole_and_planned(user, column_map={"followers_count": "extra.fans"})
    assert accounts.table["followers_count"].to_pylist() == [5]
    assert accounts.report.format == "twitter_v1"


def test_a_format_that_was_named_must_be_the_one(read):
    user = b'{"screen_name": "a", "friends_count": 1}'
    assert read(user, format="twitter_v1").report.format == "twitter_v1"
    assert read(user, format="generic").table["following_count"].to_pylist() == [1]
    with pytest.raises(FormatError, match="does not look like JSON of the X API v2"):
        read(user, format="twitter_v2")
    with pytest.raises(FormatError, match="This is a table, and twitter_v1 is JSON"):
        read(b"username\na\n", format="twitter_v1")
    with pytest.raises(FormatError, match=r"'myspace' is not known\. Known formats: twitter_v1"):
        read(user, format="myspace")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<?xml version='1.0'?><a/>", "XML"), (b"<!DOCTYPE html><html>", "a web page"), (b"%YAML 1.2\n---\na: 1", "YAML"),
        (b"---\n- a: 1", "YAML"), (b"SQLite format 3\x00", "an SQLite database"), (b"\x80\x04\x95\x00\x00", "a Python pickle"),
        (b"%PDF-1.7", "a PDF document"), (b"Rar!\x1a\x07", "a RAR archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel"), (b"FEA1", "a Feather file"),
        (b"var x = 1", "a script"), (b"#!/bin/sh", "a script"), (b"LZIP\x01", "an lzip file"),
        (gzip.compress(b"%PDF-1.7", mtime=0), "a PDF document"),
    ],
)  # fmt: skip
def test_other_kinds_of_file_are_refused_by_their_name(read, data, words):
    with pytest.raises(FormatError, match=f"made.txt: This is {words}.*Known formats: twitter_v1"):
        read(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04rest", "zip archive is damaged"), (b"\xfd7zXZ\x00", "cut short before the first byte"),
        (b"BZh91AY&SY", "cut short before the first byte"), (b"\x28\xb5\x2f\xfdxx", "cut short before the first byte"),
        (gzip.compress(b"PK\x03\x04rest", mtime=0), "inside a compressed file"), (b"window.YTD.follower.part0 = 7", "holds no followers"),
    ],
)  # fmt: skip
def test_damaged_files_of_kinds_that_are_read_say_what_is_wrong(read, data, words):
    with pytest.raises(FormatError, match=f"made.txt.*{words}"):
        read(data)


def test_the_name_of_a_file_says_nothing(tmp_path):
    path = tmp_path / "list.parquet"
    path.write_bytes(delimited(ACCOUNTS).encode())
    assert read_accounts(path, platform="twitter").n_accounts == 3


# Plan and batches


def test_a_plan_does_not_fit_another_file():
    plan = plan_reading(Source("made", spool=io.BytesIO(b"username,followers\na,1\nb,2\n")), platform="twitter")
    for other in (
        b"username,followers\na,1\n",
        b"username,followers\na,1\nb,2\nc,3\n",
        b"username;followers\na;1\nb;2\n",
        b"followers,username\n1,a\n2,b\n",
    ):
        with pytest.raises(FormatError, match="not the one that was looked through before, or it changed since"):
            list(read_batches(Source("made", spool=io.BytesIO(other)), plan))


def test_a_file_that_changes_while_it_is_read(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"username,followers\n" + b"a,1\n" * 10)
    plan = plan_reading(path, platform="twitter")
    batches = read_batches(path, plan, 4)
    assert len(next(batches)) == 4
    path.write_bytes(path.read_bytes() + b"b,2\n")
    with pytest.raises(FormatError, match="changed since"):
        list(batches)
    assert "input_changed" not in {note.code for note in read_accounts(path, platform="twitter").report.warnings}


def test_plans_of_another_version_are_refused():
    plan = plan_reading(Source("made", spool=io.BytesIO(b"username\na\n")), platform="twitter", observed_at=SEEN)
    with pytest.raises(ValueError, match="no reading plan of version 3"):
        ReadingPlan.from_dict({**plan.to_dict(), "plan_version": 1})


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "id": st.integers(1, 50) | st.text("0123456789aE+.", max_size=4) | st.none() | st.just([1]),
                "username": st.text(st.characters(codec="utf-8"), max_size=4) | st.integers(0, 9) | st.none(),
                "followers": st.integers(-5, 10**13)
                | st.floats()
                | st.booleans()
                | st.text("0123456789.,rbjtKM- ", max_size=5),
                "joined": st.sampled_from(
                    ["2020-01-01", "03/04/2020", "25/12/2019", "12/25/2019", "2020", 1588464000, None, True]
                ),
                "bio": st.text(st.characters(codec="utf-8"), max_size=5) | st.none() | st.floats(),
                "other": st.just({"a": [1]}),
            },
        ),
        min_size=1,
        max_size=8,
    ),
    st.integers(1, 3),
)
def test_plan_and_batches_equal_the_whole_on_any_json(records, batch_rows):
    for text in framings([{"id": 9_999, "username": "sure"}, *records])[:3]:
        whole_and_planned(text.encode(), batch_rows)


# Damage of any kind


SEEDS = [
    delimited(ACCOUNTS).encode(),
    delimited(ACCOUNTS, ";", "\r\n").encode("utf-16"),
    *(text.encode() for text in framings(ACCOUNTS)),
    json.dumps(
        {
            "users": [{"id_str": "1", "screen_name": "a", "friends_count": 2}, {"id": 2, "screen_name": "b"}],
            "next_cursor": 0,
        },
        indent=1,
    ).encode(),
    json.dumps(
        {
            "data": [{"id": "1", "username": "a"}],
            "errors": [{"resource_type": "user", "title": "Not Found Error", "parameter": "ids", "value": "2"}],
            "meta": {"result_count": 1},
        }
    ).encode(),
    gzip.compress(delimited(ACCOUNTS).encode(), mtime=0),
]
TOKENS = [
    b'"',
    b"\n",
    b"\r",
    b",",
    b";",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\\",
    b"\x00",
    b"\xff",
    b"NaN",
    b"9" * 25,
    b"\\ud800",
    b"[" * 70,
    b"null",
    b"\t",
]


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(SEEDS),
    st.lists(
        st.tuples(st.integers(0, 2000), st.integers(0, 9), st.sampled_from(TOKENS) | st.binary(min_size=1, max_size=2)),
        min_size=1,
        max_size=4,
    ),
)
def test_mutated_bytes_give_a_table_or_a_typed_error(seed, changes):
    data = seed
    for position, length, token in changes:
        at = position % (len(data) + 1)
        data = data[:at] + token + data[at + length :]
    try:
        accounts = read_accounts(Source("made", spool=io.BytesIO(data)), platform="twitter")
    except BotscanError as error:
        message = str(error)
        assert message.startswith("made")
        return
    report = accounts.report
    assert report.rows_in == report.accounts + report.duplicates_merged + report.rows_rejected
    assert report.accounts == accounts.table.num_rows


@pytest.mark.parametrize(
    "seed", [delimited(ACCOUNTS).encode(), framings(ACCOUNTS)[0].encode(), framings(ACCOUNTS)[1].encode()]
)
def test_cut_at_every_byte_keeps_whole_records(seed):
    handles = [row["username"] for row in ACCOUNTS]
    counts = []
    for length in range(1, len(seed)):
        try:
            accounts = read_accounts(Source("made", spool=io.BytesIO(seed[:length])), platform="twitter")
        except FormatError:
            counts.append(0)
            continue
        found = accounts.table["handle"].to_pylist() if "handle" in accounts.table.column_names else []
        assert found[: len(handles)] == handles[: len(found)] or found[:-1] == handles[: len(found) - 1]
        counts.append(len(found))
    assert max(counts) == 3
    if seed.startswith((b"{", b"[")):  # a table that is cut between quotes is refused
        assert counts == sorted(counts)


def test_bad_rows_leave_good_rows_bit_identical():
    good = [
        {"id": str(10**15 + at), "username": f"made_{at}", "bio": "x", "followers": str(at), "following": "3"}
        for at in range(200)
    ]
    lines = delimited(good).encode().split(b"\n")
    expected, _ = whole_and_planned(b"\n".join(lines), batch_rows=64)
    mixed = []
    for at, line in enumerate(lines):
        mixed.append(line)
        if at % 7 == 1:
            mixed += [b"only one cell", b'"a","b","c","d","e","f"']
    accounts, _ = whole_and_planned(b"\n".join(mixed), batch_rows=64)
    assert accounts.table.equals(expected.table)
    assert accounts.report.reject_reasons == {"wrong_cell_count": 2 * (200 // 7 + 1)}


def test_a_named_order_of_several_lists_is_refused_and_of_a_list_with_its_profiles_is_not(tmp_path):
    (tmp_path / "1.csv").write_text("username\nani\neka\n")
    (tmp_path / "2.csv").write_text("username,followers\nbudi,5\n")
    (tmp_path / "3.csv").write_text("username,followers\nani,5\neka,7\n")
    lists = [tmp_path / "1.csv", tmp_path / "2.csv"]
    assert read_accounts(lists, platform="twitter").n_accounts == 3
    with pytest.raises(FormatError, match="several lists"):
        read_accounts(lists, platform="twitter", follow_order="newest")
    joined = read_accounts([tmp_path / "1.csv", tmp_path / "3.csv"], platform="twitter", follow_order="newest")
    assert joined.table["follow_rank"].to_pylist() == [1, 0]
    assert joined.table["followers_count"].to_pylist() == [5, 7]
