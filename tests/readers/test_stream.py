"""One pass over the parts of a list: numbers run on, parts keep their names, what happened on the way is told."""

import gzip
import io
import json

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from botscan.readers.choose import Wishes
from botscan.readers.containers.files import Source
from botscan.readers.raw import BATCH_ROWS
from botscan.readers.recognise import recognise
from botscan.readers.stream import RawStream


def stream_of(*contents, kind="accounts", column_map=None, **options):
    column_map = column_map or {}
    sources = [Source(f"made_{at}", spool=io.BytesIO(data)) for at, data in enumerate(contents)]
    wishes = Wishes(kind, column_map=column_map)
    return RawStream([(one, recognise(one, wishes)) for one in sources], kind=kind, column_map=column_map, **options)


def rows_of(stream):
    return [row for batch in stream for row in batch.table.to_pylist()]


def parquet(columns):
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


CONTENTS = {
    "table": b"username;followers;colour\nani;1;x\nbudi;2;y\ncitra;;z\n",
    "json": b'{"username": "ani", "followers": "1"}\n{"username": "budi", "followers": "2"}\n{"username": "citra"}\n',
    "parquet": parquet({"username": ["ani", "budi", "citra"], "followers": ["1", "2", None], "colour": list("xyz")}),
    "workbook": workbook(["username", "followers", "colour"], ["ani", "1", "x"], ["budi", "2", "y"], ["citra", None, "z"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("batch_rows", [1, 2, 3, BATCH_ROWS])
def test_everything_is_batches_of_raw_cells_under_the_names_of_the_source(name, batch_rows):
    batches = list(stream_of(CONTENTS[name], batch_rows=batch_rows))
    assert [row for batch in batches for row in batch.row_numbers] == [1, 2, 3]
    assert all(len(batch) == batch_rows for batch in batches[:-1])
    rows = [row for batch in batches for row in batch.table.to_pylist()]
    assert [row["username"] for row in rows] == ["ani", "budi", "citra"]
    assert [row.get("followers") or None for row in rows] == ["1", "2", None]
    assert not any("colour" in row for row in rows)


def test_numbers_run_on_over_parts_and_only_whole_ends_of_parts_are_joined():
    stream = stream_of(CONTENTS["table"], CONTENTS["table"], batch_rows=2)
    assert [(len(batch), batch.first_row) for batch in stream] == [(2, 1), (1, 3), (2, 4), (1, 6)]
    assert stream.parts == [(1, "made_0"), (4, "made_1")]


@pytest.mark.parametrize("name", CONTENTS)
def test_small_parts_are_one_batch_and_keep_their_first_numbers(name):
    stream = stream_of(*[CONTENTS[name]] * 4, batch_rows=7)
    assert [(len(batch), batch.first_row) for batch in stream] == [(6, 1), (6, 7)]
    assert [row for row, _ in stream.parts] == [1, 4, 7, 10]
    assert [row["username"] for row in rows_of(stream_of(*[CONTENTS[name]] * 4))] == ["ani", "budi", "citra"] * 4


def test_lines_are_those_of_each_part():
    stream = stream_of(b"\n\nusername\nani\nbudi\n", b'username\n"a\nb"\nc\n')
    assert [line for batch in stream for line in batch.lines.tolist()] == [4, 5, 2, 4]


def test_an_empty_part_is_a_part_without_records():
    stream = stream_of(b"username\n", b"username\nani\n")
    assert rows_of(stream) == [{"username": "ani"}]
    assert stream.parts == [(1, "made_0"), (1, "made_1")]


def test_only_wanted_columns_of_a_table_are_read():
    assert rows_of(stream_of(CONTENTS["table"], wanted=["followers"]))[0] == {"followers": "1"}
    assert rows_of(stream_of(CONTENTS["parquet"], wanted=["username"]))[2] == {"username": "citra"}
    assert rows_of(stream_of(CONTENTS["table"], column_map={"bio": "colour"}))[0]["colour"] == "x"


def test_a_table_of_a_format_with_fields_is_read_row_by_row_as_objects():
    table = b"id,username,public_metrics.followers_count,__twarc.retrieved_at\n1,ani,5,2024-01-01\nshort\n"
    headers, cells = (line.split(",") for line in table.decode().splitlines()[:2])
    for content in (table, parquet({name: [cell] for name, cell in zip(headers, cells, strict=True)})):
        [batch] = stream_of(content)
        assert batch.table["account_id"].to_pylist()[0] == "1"
        assert batch.table["followers_count"].to_pylist()[0] == "5"
    [batch] = stream_of(table)
    assert batch.reasons.to_pylist() == [None, "wrong_cell_count"]
    assert batch.lines.tolist() == [2, 3]


def test_damage_of_the_container_is_told_behind_the_end():
    packed = gzip.compress(b"username\n" + b"".join(b"a%d\n" % at for at in range(5_000)))
    stream = stream_of(packed[: len(packed) // 2])
    reasons = [reason for batch in stream for reason in (batch.reasons.to_pylist() if batch.reasons else [])]
    assert reasons.count("truncated") == 1
    assert [note.code for note in stream.notes] == ["compressed_cut_short"]
    stream = stream_of(gzip.compress(b"username\nani\n") + b"garbage", b"username\nbudi\n")
    assert len(rows_of(stream)) == 2
    assert [note.code for note in stream.notes] == ["compressed_trailing_garbage"]


def test_json_that_was_cut_names_the_line():
    stream = stream_of(b'{"username": "ani"}\n{"username": "bu')
    assert [len(batch) for batch in stream] == [2]
    assert [(note.code, dict(note.numbers)) for note in stream.notes] == [("cut_at_line", {"line": 2})]


def test_a_file_that_changes_on_the_way_is_told(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"username\n" + b"ani\n" * 10)
    source = Source("list.csv", path=path)
    stream = RawStream([(source, recognise(source, Wishes()))], column_map={}, batch_rows=4)
    batches = iter(stream)
    next(batches)
    path.write_bytes(path.read_bytes() + b"budi\n")
    list(batches)
    assert [note.code for note in stream.notes] == ["input_changed"]


def test_whether_a_list_is_whole_and_whose_it_is_comes_from_its_pages():
    page = json.dumps({"users": [{"screen_name": "a", "friends_count": 1}], "next_cursor": 7}).encode()
    last = json.dumps({"users": [{"screen_name": "b", "friends_count": 1}], "next_cursor": 0}).encode()
    for parts, whole in (((page,), False), ((page, last), True), ((last, page), True), ((CONTENTS["json"],), None)):
        stream = stream_of(*parts)
        list(stream)
        assert stream.complete is whole
    assert list(stream.keys) == ["username", "followers"]
    scraped = b"username,full_name,is_private,target_username\nani,A,true,@toko\n"
    stream = stream_of(scraped)
    list(stream)
    assert list(stream.subjects) == ["toko"]


def test_bare_ids_and_handles_are_cells_of_their_column():
    assert rows_of(stream_of(b"[12, 18446744073709551617]")) == [
        {"account_id": "12"},
        {"account_id": "18446744073709551617"},
    ]
    assert rows_of(stream_of(b'["@ani"]')) == [{"handle": "@ani"}]


def test_posts_and_counts_are_streams_as_well():
    assert rows_of(stream_of(b"tweet id,text\n5,halo\n", kind="posts")) == [{"tweet id": "5", "text": "halo"}]
    assert rows_of(stream_of(b"tanggal;pengikut\n2024-05-01;27,9 rb\n", kind="series")) == [
        {"tanggal": "2024-05-01", "pengikut": "27,9 rb"}
    ]
