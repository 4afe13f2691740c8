import contextlib
import gzip
import io
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from botscan.errors import FormatError
from botscan.readers import read_accounts
from botscan.readers.tables.parquet import ParquetReader


def packed(table, **options):
    file = io.BytesIO()
    pq.write_table(table if isinstance(table, pa.Table) else pa.table(table), file, **options)
    return file.getvalue()


SEEN = datetime(2026, 6, 30, tzinfo=UTC)


def test_only_wanted_columns_in_batches_of_one_size(source_of):
    data = packed({"account_id": [str(at) for at in range(50)], "x": list(range(50))}, row_group_size=7)
    reader = ParquetReader(source_of(data))
    assert reader.headers == ["account_id", "x"]
    batches = list(reader.batches(["account_id"], 20))
    assert [len(batch) for batch in batches] == [20, 20, 10]
    assert [batch.first_row for batch in batches] == [1, 21, 41]
    assert {tuple(batch.table.column_names) for batch in batches} == {("account_id",)}
    assert [cell for batch in batches for cell in batch.table["account_id"].to_pylist()] == [
        str(at) for at in range(50)
    ]
    reader.close()


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_types_reach_the_account_table(read, pack):
    data = packed(
        {
            "account_id": pa.array([2**63 + 1, 7], pa.uint64()),
            "handle": pa.array(["ana", "budi"]).dictionary_encode(),
            "followers_count": pa.array([5, None], pa.int32()),
            "created_at": pa.array([SEEN, None], pa.timestamp("ms", tz="Asia/Jakarta")),
            "is_private": [True, None],
            "bio": ["", None],
            "audience": ["x", "y"],
        }
    )
    accounts = read(pack(data))
    assert accounts.table["account_id"].to_pylist() == ["9223372036854775809", "7"]
    assert accounts.table["followers_count"].to_pylist() == [5, None]
    assert accounts.table["created_at"].to_pylist() == [SEEN, None]
    assert accounts.table["bio_length"].to_pylist() == [0, None]
    assert accounts.report.ignored_columns == ("audience",)
    assert accounts.report.encoding is None


def test_columns_of_lists_are_null_and_told(read, warned):
    accounts = read(packed({"account_id": ["1"], "bio": [["a", "b"]], "followers": [{"a": 1}]}))
    assert accounts.table["bio"].to_pylist() == [None]
    assert accounts.coverage()["followers_count"] == 0
    assert [note.numbers["header"] for note in accounts.report.warnings if note.code == "column_type_unknown"] == [
        "bio",
        "followers",
    ]


def test_headers_of_parquet_are_checked_like_those_of_tables(read):
    with pytest.raises(FormatError, match="Found no column that botscan knows"):
        read(packed({"colour": ["red"]}))
    members = read(packed({"username": ["a"], "access hash": ["1"]}))
    assert (members.report.format, members.platform) == ("telegram_members", "telegram")
    with pytest.raises(FormatError, match="accounts that somebody follows"):
        read(packed({"Account address": ["a@b.example"], "Show boosts": ["true"]}))
    assert read(packed({"account_id": pa.array([], pa.string())})).n_accounts == 0


def test_text_that_is_not_utf8_is_repaired_and_counted(read, warned):
    bad = pa.array([b"caf\xe9", b"fine", None], pa.binary())
    schema = pa.schema([("account_id", pa.string()), ("bio", pa.string()), ("location", pa.string())])
    arrays = [pa.array(["1", "2", "3"]), bad.view(pa.string()), bad.view(pa.string())]
    accounts = read(packed(pa.Table.from_arrays(arrays, schema=schema)))
    assert accounts.table["bio"].to_pylist() == ["caf\ufffd", "fine", None]
    assert warned(accounts)["text_repaired", None] == 1


def test_damaged_parquet_is_refused(source_of, read):
    data = packed({"account_id": [str(at) for at in range(1000)], "followers_count": list(range(1000))})
    with pytest.raises(FormatError, match=r"made\.txt: The Parquet file is damaged or of an unknown kind"):
        read(data[:-1])
    with pytest.raises(FormatError, match="damaged"):
        read(data[: len(data) // 2])
    for position in range(4, len(data), 97):
        broken = bytearray(data)
        broken[position] ^= 0xFF
        with contextlib.suppress(FormatError):
            read(bytes(broken))


def test_a_plan_and_its_batches_agree_with_the_whole(source_of, read):
    from botscan.readers import plan_reading, read_batches

    data = packed(
        {"id": [str(at + 1) for at in range(30)], "followers": [at or None for at in range(30)]}, row_group_size=4
    )
    source = source_of(data)
    plan = plan_reading(source, platform="twitter")
    assert plan.coverage["followers_count"] == pytest.approx(29 / 30)
    batches = list(read_batches(source, plan, 8))
    assert [len(batch) for batch in batches] == [8, 8, 8, 6]
    assert pa.concat_tables([batch.table for batch in batches]).equals(read(data).table.combine_chunks())


def test_text_that_a_writer_left_as_bytes_is_text(tmp_path):
    path = tmp_path / "bytes.parquet"
    ids = pa.array([b"12", b"13"], pa.binary())
    names = pa.array([b"siti", b"bud\xef"], pa.large_binary()).dictionary_encode()
    pq.write_table(pa.table({"account_id": ids, "display_name": names, "followers_count": [1, 2]}), path)
    accounts = read_accounts(path, platform="twitter")
    assert accounts.table["account_id"].to_pylist() == ["12", "13"]
    assert accounts.table["display_name"].to_pylist() == ["siti", "bud\ufffd"]
    assert {note.code: note.count for note in accounts.report.warnings}["text_repaired"] == 1
