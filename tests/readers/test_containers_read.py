"""One list under every name, packing, encoding and line end, whole or split over files: one table, one account of it."""

import bz2
import gzip
import io
import json
import lzma
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from botscan.errors import FormatError, SchemaError
from botscan.readers import read_accounts, read_posts

SEEN = datetime(2026, 6, 30, tzinfo=UTC)


def zstd(data):
    return pa.Codec("zstd").compress(data, asbytes=True)


def zipped(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def in_zip(data):
    return zipped({"list.csv": data})


PACKS = {"gzip": gzip.compress, "xz": lzma.compress, "bzip2": bz2.compress, "zstd": zstd, "zip": in_zip}


# --- lists ------------------------------------------------------------------------------------------------------------

HANDLES = ["ani.l", "NULL", "007", "budi_karya", "citra", "ani.l"]
TABLE = "Username;Nama;Pengikut;Bergabung\n" + "".join(
    f'{handle};"Nama {at}; ☕";1.{at}00;{at + 3}/2/2020\n' for at, handle in enumerate(HANDLES)
)
TABLE += "rusak\n;;;\n;x;3;25/2/2020\n"  # a wrong number of cells, nothing, and nobody
LINES = "".join(
    json.dumps({"id": str(2**60 + at), "username": handle, "name": "é☕", "followers": at, "joined": "2020-02-03"})
    + "\n"
    for at, handle in enumerate(HANDLES)
)
LINES += '{"id": "9", oops}\n[1]\n'


def user(number):
    return {
        "id": 10**17 + number, "id_str": str(10**17 + number), "screen_name": f"orang_{number}", "name": "Orang é",
        "followers_count": number, "friends_count": 2 * number, "statuses_count": 3, "description": "kopi\nsusu",
        "default_profile_image": number % 2 == 0,
    }  # fmt: skip


def v1_page(numbers, cursor):
    return {"users": [user(number) for number in numbers], "next_cursor": cursor, "next_cursor_str": str(cursor)}


def v2_page(numbers, token=None):
    gone = {"resource_type": "user", "parameter": "ids", "value": str(90 + numbers[0]), "title": "Not Found Error"}
    users = [{"id": str(number), "username": f"orang_{number}", "name": "é", "protected": False} for number in numbers]
    meta = {"result_count": len(users), **({"next_token": token} if token else {})}
    return {"data": users, "errors": [gone], "meta": meta}


def entry(number, moment=None):
    link = f"https://www.instagram.com/orang.{number}"
    return {
        "title": "",
        "media_list_data": [],
        "string_list_data": [{"href": link, "value": f"orang.{number}", "timestamp": moment or 1_600_000_000 - number}],
    }


def script(numbers, part):
    rows = [
        {"follower": {"accountId": str(number), "userLink": f"https://x.example/?user_id={number}"}}
        for number in numbers
    ]
    return f"window.YTD.follower.part{part} = " + json.dumps(rows, indent=1)


V1_PAGES = [v1_page([9, 8, 7], 55), v1_page([6, 5], 44), v1_page([4, 9, 3], 0)]
V2_PAGES = [v2_page([31, 30, 29], "aa"), v2_page([28, 27], "bb"), v2_page([26, 25])]
TEXTS = {
    "table": (TABLE, {"platform": "instagram"}),
    "lines": (LINES, {"platform": "twitter"}),
    "one page of v1": (json.dumps(V1_PAGES[0], indent=2), {}),
    "pages of v1": ("".join(json.dumps(page) + "\n" for page in V1_PAGES), {}),
    "pages of v2": (json.dumps(V2_PAGES), {}),
    "Instagram's download": (json.dumps([entry(number) for number in range(7)], indent=1), {}),
    "X archive": (script([5, 6, 2**63], 0), {}),
    "handles": ("# daftar\n@ani\nhttps://www.instagram.com/budi/\n", {"platform": "instagram"}),
    "ids": ("12\n18446744073709551617\n", {"platform": "twitter"}),
}
every_text = pytest.mark.parametrize("name", TEXTS)


def parquet():
    file = io.BytesIO()
    pq.write_table(pa.table({"handle": HANDLES, "followers": range(6)}), file)
    return file.getvalue()


def workbook():
    book = openpyxl.Workbook()
    for row in (["Nama pengguna", "Pengikut"], *([handle, at] for at, handle in enumerate(HANDLES))):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


#: Notes about files that lie beside a list in a folder or an archive.
BESIDE = ("export_files_not_read", "parts_skipped")


def same(found, expected, *, but=("encoding",)):
    """Check that two readings are one, save what is named."""
    assert found.table.equals(expected.table)
    assert (found.platform, found.observed_at) == (expected.platform, expected.observed_at)
    right = expected.report
    left = replace(found.report, warnings=tuple(note for note in found.report.warnings if note.code not in BESIDE))
    assert replace(left, **{name: getattr(right, name) for name in but}) == right


@pytest.fixture
def put(tmp_path):
    """A function from names and bytes to the path of a new folder that holds them."""
    made = 0

    def make(files):
        nonlocal made
        made += 1
        folder = tmp_path / f"made {made}"
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return folder

    return make


# --- one file ---------------------------------------------------------------------------------------------------------


@every_text
def test_the_name_of_a_file_says_nothing(put, name):
    text, options = TEXTS[name]
    expected = read_accounts(put({"list": text}) / "list", **options)
    assert expected.n_accounts
    for other in (
        "list.csv",
        "list.json",
        "list.jsonl",
        "list.xlsx",
        "list.parquet",
        "list.zip",
        "list.gz",
        "LIST.TXT",
        ".x",
    ):
        same(read_accounts(put({other: text}) / other, **options), expected)


@every_text
@pytest.mark.parametrize("pack", PACKS)
def test_every_packing_gives_the_same(put, name, pack):
    text, options = TEXTS[name]
    packed = put({"list.dat": PACKS[pack](text.encode()), "list.txt": text})
    expected = read_accounts(packed / "list.txt", **options)
    same(read_accounts(packed / "list.dat", **options), expected)


@every_text
def test_a_folder_of_one_file_and_standard_input_give_the_same(put, name, monkeypatch):
    text, options = TEXTS[name]
    folder = put({"list.json.gz": gzip.compress(text.encode())})
    expected = read_accounts(put({"list": text}) / "list", **options)
    same(read_accounts(folder, **options), expected)
    for data in (text.encode(), in_zip(text.encode())):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        same(read_accounts("-", **options), expected)


@every_text
@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le with its mark"])
def test_every_encoding_with_a_mark_gives_the_same(put, name, codec):
    text, options = TEXTS[name]
    data = b"\xff\xfe" + text.encode("utf-16-le") if "mark" in codec else text.encode(codec)
    folder = put({"list": data, "plain": text, "packed": gzip.compress(data)})
    expected = read_accounts(folder / "plain", **options)
    same(read_accounts(folder / "list", **options), expected)
    same(read_accounts(folder / "packed", **options), expected)
    assert "text_repaired" not in {note.code for note in expected.report.warnings}


@every_text
@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_every_line_end_gives_the_same(put, name, line_end):
    text, options = TEXTS[name]
    folder = put({"list": text.replace("\n", line_end), "plain": text})
    same(read_accounts(folder / "list", **options), read_accounts(folder / "plain", **options))


@pytest.mark.parametrize("make", [parquet, workbook])
def test_files_that_are_no_text_are_known_by_content(put, make):
    data = make()
    options = {"platform": "instagram"}
    expected = read_accounts(put({"list": data}) / "list", **options)
    assert expected.table["handle"].to_pylist() == HANDLES[:5]
    for name in ("list.csv", "list.json", "list.zip"):
        same(read_accounts(put({name: data}) / name, **options), expected)
    same(read_accounts(put({"some list.parquet": data}), **options), expected)


@pytest.mark.parametrize("pack", PACKS)
def test_parquet_may_be_packed_and_a_workbook_which_is_an_archive_may_not(put, pack):
    options = {"platform": "instagram"}
    folder = put({"parquet": parquet(), "packed": PACKS[pack](parquet()), "workbook": PACKS[pack](workbook())})
    same(read_accounts(folder / "packed", **options), read_accounts(folder / "parquet", **options))
    with pytest.raises(FormatError, match="workbook") as caught:
        read_accounts(folder / "workbook", **options)
    assert caught.value.remedy


# --- lists in pieces --------------------------------------------------------------------------------------------------


def split_ways(put, pieces, ending):
    """Yield one list in pieces: files of a folder, members of an archive, several paths; names with natural order."""
    names = {f"page_{at}{ending}": piece for at, piece in enumerate(pieces, 8)}  # 8, 9, 10: no order of letters
    folder = put(names)
    yield folder
    yield put({"all.zip": zipped(dict(reversed(names.items())))}) / "all.zip"
    yield [folder / name for name in names]
    yield put({f"inside/{name}.gz": gzip.compress(data.encode()) for name, data in names.items()})


@pytest.mark.parametrize("pages", [V1_PAGES, V2_PAGES], ids=["v1", "v2"])
def test_pages_of_an_api_in_one_file_or_in_many(put, pages):
    joined = [
        "\n".join(map(json.dumps, pages)),
        json.dumps(pages, indent=1),
        "".join(json.dumps(page, indent=2) for page in pages),
    ]
    expected = read_accounts(put({"list": joined[0]}) / "list")
    n = expected.report.rows_in
    assert expected.report.list_order == "newest_first"
    assert expected.report.complete is True
    assert expected.table["follow_rank"].to_pylist()[1] == n - 2
    for text in joined[1:]:
        found = read_accounts(put({"list": text}) / "list")
        same(found, expected, but=("rejected",))
        assert [one.row for one in found.report.rejected] == [one.row for one in expected.report.rejected]
    for source in split_ways(put, map(json.dumps, pages), ".json"):
        found = read_accounts(source)
        same(found, expected, but=("rejected",))
        assert [(one.row, one.reason) for one in found.report.rejected] == [
            (one.row, one.reason) for one in expected.report.rejected
        ]
        assert all(one.file.endswith((".json", ".gz")) for one in found.report.rejected)


def test_hundreds_of_small_files_are_one_file_of_their_records(put):
    """Profiles one a file: some lack keys, some hold others or other types of values, some cannot be read."""
    records = [user(number) for number in range(200)]
    for number, record in enumerate(records):
        if number % 7 == 0:
            del record["description"], record["default_profile_image"]
        if number % 11 == 0:
            record |= {
                "verified": number % 2 == 0,
                "location": "Kediri",
                "created_at": "Wed Jun 06 12:00:00 +0000 2012",
            }
        if number % 60 == 5:
            record |= {"followers_count": "1.2K", "statuses_count": [3], "id": 2**64}
    texts = [json.dumps(record) + "\n" for record in records]
    texts[40] += '{"id": 3, oops}\n'
    texts[41] = '{"screen_name": "", "followers_count": 5, "friends_count": 6, "statuses_count": 0}\n'
    texts[199] = texts[42]
    expected = read_accounts(put({"list": "".join(texts)}) / "list")
    assert expected.report.reject_reasons == {"bad_json": 1, "no_identity": 1}
    assert expected.report.duplicates_merged == 1
    assert "location" in expected.table.column_names
    found = read_accounts(put({f"profile_{at:03d}.json": text for at, text in enumerate(texts)}))
    same(found, expected, but=("rejected",))
    assert [(one.row, one.reason, one.line, one.file.rsplit("/", 1)[-1]) for one in found.report.rejected] == [
        (42, "bad_json", 2, "profile_040.json"), (43, "no_identity", 1, "profile_041.json"),
    ]  # fmt: skip


def test_a_table_in_one_file_or_in_many(put):
    header, *rows = TABLE.splitlines()
    options = {"platform": "instagram"}
    expected = read_accounts(put({"list": TABLE}) / "list", **options)
    pieces = ["\n".join([header, *rows[start : start + 3]]) for start in (0, 3, 6)]
    for source in split_ways(put, pieces, ".csv"):
        found = read_accounts(source, **options)
        same(found, expected, but=("rejected",))
        assert [(one.row, one.reason, one.line) for one in found.report.rejected] == [
            (7, "wrong_cell_count", 2), (8, "no_identity", 3), (9, "no_identity", 4),
        ]  # fmt: skip
        assert {one.file.rsplit("/", 1)[-1].removesuffix(".gz") for one in found.report.rejected} == {"page_10.csv"}


def test_pieces_of_a_table_may_differ_in_delimiter_encoding_packing_and_order_of_columns(put):
    header, *rows = TABLE.splitlines()[:7]
    first = "\n".join([header, *rows[:2]])
    second = "\r\n".join([header, *rows[2:4]]).replace(";", "\t").replace('"', "").replace("\t ☕", "; ☕")
    last = [row.replace('"', "").replace("; ☕", " ☕") for row in (header, *rows[4:6])]
    third = "\n".join(";".join(row.split(";")[::-1]) for row in last)
    whole = "\n".join([header, *rows[:4], *last[1:]])
    options = {"platform": "instagram", "date_order": "dmy"}
    expected = read_accounts(put({"list": whole}) / "list", **options)
    folder = put({"1.csv": first, "2.csv": second.encode("utf-16"), "3.csv.xz": lzma.compress(third.encode())})
    same(read_accounts(folder, **options), expected, but=("encoding", "delimiter"))


def test_the_order_of_day_and_month_is_one_decision_over_all_pieces(put):
    pieces = {"1.csv": "username,joined\na,3/2/2020\n", "2.csv": "username,joined\nb,25/2/2020\n"}
    accounts = read_accounts(put(pieces), platform="instagram")
    assert [moment.month for moment in accounts.table["created_at"].to_pylist()] == [2, 2]


def test_parts_of_the_download_of_instagram_are_read_in_the_order_of_their_numbers(put):
    moments = [1_600_000_000 - at // 3 for at in range(12)]  # three followers a second: file order settles ties
    entries = [entry(at, moment) for at, moment in enumerate(moments)]
    expected = read_accounts(put({"list": json.dumps(entries)}) / "list")
    assert expected.table["follow_rank"].to_pylist() == list(range(11, -1, -1))
    parts = {f"followers_{at + 1}.json": json.dumps(entries[at : at + 1]) for at in range(12)}
    place = "connections/followers_and_following"
    others = {f"{place}/following.json": json.dumps({"relationships_following": [entry(99)]}), "personal/me.json": "{}"}
    in_place = {f"{place}/{name}": data for name, data in parts.items()} | others
    folder = put(in_place)
    for source in (folder, put({"all.zip": zipped(in_place)}) / "all.zip", put(parts)):
        same(read_accounts(source), expected)
    shuffled = [folder / place / f"followers_{at}.json" for at in (12, 3, 1, 2, 11, 10, 4, 5, 6, 9, 8, 7)]
    same(read_accounts(shuffled), expected)


def test_a_part_of_the_download_that_is_missing_is_told(put):
    parts = {f"followers_{at}.json": json.dumps([entry(at)]) for at in (1, 2, 5)}
    notes = {note.code: note for note in read_accounts(put(parts)).report.warnings}
    assert notes["parts_missing"].count == 2
    assert notes["parts_missing"].numbers["names"] == "3, 4"


@pytest.mark.parametrize("beside", ["data/direct-messages.js", "data/following.js"])
def test_an_archive_of_x_is_read_by_its_members_whatever_lies_beside_them(put, beside):
    expected = read_accounts(put({"list": script([1, 2, 3, 2**63], 0)}) / "list", observed_at=SEEN)
    members = {
        "data/follower.js": script([1, 2], 0),
        "data/follower-part1.js": script([3, 2**63], 1),
        beside: script([7], 0).replace("follower", "following"),
        "data/manifest.js": 'window.__THAR_CONFIG = {"archiveInfo": {"generationDate": "2026-06-30T00:00:00.000Z"}}',
        "data/account.js": 'window.YTD.account.part0 = [{"account": {"accountId": "77", "email": "a@b.example"}}]',
    }
    for source in (put(members), put({"x.zip": zipped(members)}) / "x.zip"):
        accounts = read_accounts(source)
        assert [note.count for note in accounts.report.warnings if note.code == "export_files_not_read"] == [3]
        same(accounts, expected, but=("subject",))
        assert accounts.report.subject == "77"
        assert "b.example" not in repr(accounts.report)


# --- what lies beside a list, and lists that are not one ----------------------------------------------------------------


def test_what_is_no_list_in_a_folder_is_told_and_not_read(put):
    files = {
        "a.csv": "username,followers\na,1\n",
        "b.csv": "colour,weight\nred,2\n",
        "readme.md": "# x",
        ".hidden.csv": "x",
    }
    accounts = read_accounts(put(files), platform="instagram")
    assert accounts.table["handle"].to_pylist() == ["a"]
    [note] = [note for note in accounts.report.warnings if note.code == "parts_skipped"]
    assert note.count == 1
    assert "b.csv" in note.numbers["names"]


def test_a_folder_without_one_list_names_the_first_file_that_is_none(put):
    folder = put({"a.csv": "colour\nred\n", "b.csv": "weight\n2\n"})
    with pytest.raises(FormatError, match=r"a\.csv: Found no column that botscan knows"):
        read_accounts(folder, platform="instagram")


@pytest.mark.parametrize("place", ["connections/followers_and_following/", ""])
def test_a_part_of_a_download_that_is_damaged_is_no_part_to_be_skipped(put, place):
    folder = put(
        {f"{place}followers_1.json": json.dumps([entry(1)]), f"{place}followers_2.json": '[{"string_list_data"'}
    )
    with pytest.raises(FormatError, match=r"followers_2\.json"):
        read_accounts(folder)


def test_files_of_two_platforms_are_refused_by_name(put):
    folder = put({"1.json": json.dumps(V1_PAGES[0]), "2.json": json.dumps([entry(1)])})
    for source in (folder, [folder / "2.json", folder / "1.json"]):
        with pytest.raises(SchemaError, match="The files are of different platforms: instagram, twitter") as caught:
            read_accounts(source)
        assert caught.value.remedy


def test_posts_in_pieces_are_one_table(put):
    posts = [{"post_id": str(at), "text": f"teks {at}", "posted_at": "2024-01-02"} for at in (1, 2, 3, 2)]
    expected = read_posts(put({"list": "\n".join(map(json.dumps, posts))}) / "list")
    assert (expected.n_posts, expected.report.rows_in) == (3, 4)
    for source in split_ways(put, map(json.dumps, posts), ".json"):
        found = read_posts(source)
        assert found.table.equals(expected.table)
        assert replace(found.report, rejected=()) == replace(expected.report, rejected=())
