"""score_files: one row a record in order, whatever the batch; whole output or none."""

import io
import json

import numpy as np
import pyarrow.parquet as pq
import pytest

import botscan as bs
from botscan.batch import score as room
from botscan.batch.score import score_files
from botscan.errors import FormatError, OutputError, SchemaError
from botscan.evidence.histogram import ScoreHistogram
from botscan.wording import csv_line

HEADER = "account_id,platform,followers_count,following_count,posts_count"


@pytest.fixture(scope="module")
def scorer():
    return bs.load_model()


@pytest.fixture(scope="module")
def lines():
    random = np.random.Generator(np.random.Philox(4))
    counts = random.integers(0, 5_000, (700, 3))
    return [f"{n + 1},twitter,{a},{b},{c}" for n, (a, b, c) in enumerate(counts)]


def listed(path, lines, header=HEADER):
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return str(path)


def scored(scorer, sources, target, **options):
    result = score_files(sources, str(target), scorer=scorer, reading=options)
    return result, pq.read_table(target).to_pylist()


def test_one_row_a_record_in_order_with_rejected_and_repeated_ones(scorer, lines, tmp_path):
    source = listed(tmp_path / "a.csv", [*lines[:3], "broken", lines[1], ",twitter,1,1,1"])
    result, rows = scored(scorer, [source], tmp_path / "out.parquet")
    assert [row["account_id"] for row in rows] == ["1", "2", "3", None, "2", None]
    assert [row["reject_reason"] for row in rows] == [None, None, None, "wrong_cell_count", None, "no_identity"]
    assert rows[1] == rows[4]
    for row in (rows[3], rows[5]):
        assert (row["log_odds"], row["bot_score"], row["verdict"]) == (None, None, "unknown")
    assert (result.rows_in, result.rows_rejected, result.n_scored) == (6, 2, 4)
    assert result.reject_reasons == {"wrong_cell_count": 1, "no_identity": 1}


def test_bad_rows_among_good_ones_change_no_bit_of_the_good(scorer, lines, tmp_path):
    _, good = scored(scorer, [listed(tmp_path / "a.csv", lines)], tmp_path / "a.parquet")
    mixed = [line for n, line in enumerate(lines) for line in ([line, "x", '{"a":1}'] if n % 10 == 0 else [line])]
    _, rows = scored(scorer, [listed(tmp_path / "b.csv", mixed)], tmp_path / "b.parquet")
    assert [row for row in rows if row["reject_reason"] is None] == good


def test_scores_do_not_depend_on_the_size_of_batches(scorer, lines, tmp_path, monkeypatch):
    source = listed(tmp_path / "a.csv", lines)
    _, whole = scored(scorer, [source], tmp_path / "a.parquet")
    read_batches = room.read_batches
    monkeypatch.setattr(room, "read_batches", lambda source, plan: read_batches(source, plan, batch_rows=64))
    seen = []
    result = score_files([source], str(tmp_path / "b.parquet"), scorer=scorer, reading={}, on_rows=seen.append)
    assert pq.read_table(tmp_path / "b.parquet").to_pylist() == whole
    assert (sum(seen), max(seen), result.rows_in) == (700, 64, 700)


def test_the_histogram_beside_the_output_is_that_of_its_rows(scorer, lines, tmp_path):
    source = listed(tmp_path / "a.csv", [*lines, "broken"])
    result, rows = scored(scorer, [source], tmp_path / "out.parquet")
    written = json.loads((tmp_path / "out.parquet.histogram.json").read_text())
    histogram = ScoreHistogram.from_dict(written["histogram"])
    assert histogram == result.histogram
    steps = np.array([round(row["log_odds"] * 20) for row in rows if row["log_odds"] is not None], dtype=np.int32)
    expected = ScoreHistogram.from_steps(
        steps, n_unscored=1, model=scorer.sha256, pattern=result.pattern, has_duplicates=True
    )
    assert histogram == expected
    assert written["model"] == {"name": scorer.name, "sha256": scorer.sha256, "pattern": "twitter/counts_only"}
    metadata = pq.read_schema(tmp_path / "out.parquet").metadata
    assert metadata[b"botscan.model_sha256"].decode() == scorer.sha256
    assert metadata[b"botscan.schema_version"] == b"1"


def test_several_files_become_one_output_in_the_order_given(scorer, lines, tmp_path):
    one, two = listed(tmp_path / "a.csv", lines[:5]), listed(tmp_path / "b.csv", lines[5:9])
    result, rows = scored(scorer, [two, one], tmp_path / "out.parquet")
    assert [row["account_id"] for row in rows] == ["6", "7", "8", "9", "1", "2", "3", "4", "5"]
    assert result.sources == (two, one)


def test_files_that_do_not_compare_are_refused_by_name_and_nothing_is_written(scorer, lines, tmp_path):
    one = listed(tmp_path / "a.csv", lines)
    other_platform = listed(tmp_path / "b.csv", ["1,tiktok,1,2,3"])
    fewer_columns = listed(tmp_path / "c.csv", ["1,twitter,5"], header="account_id,platform,followers_count")
    # Two platforms without a model of their own share the pattern of the general one; they still do not compare.
    mastodon, youtube = (listed(tmp_path / f"{name}.csv", [f"1,{name},1,2,3"]) for name in ("mastodon", "youtube"))
    for first, other in ((one, other_platform), (one, fewer_columns), (mastodon, youtube)):
        with pytest.raises(SchemaError, match="do not compare") as error:
            scored(scorer, [first, other], tmp_path / "out.parquet")
        assert other in str(error.value)
    assert not list(tmp_path.glob("out*"))


def test_a_file_without_records_gives_an_output_without_rows(scorer, tmp_path):
    result, rows = scored(scorer, [listed(tmp_path / "a.csv", [])], tmp_path / "out.parquet", platform="twitter")
    assert (rows, result.rows_in, sum(result.segments.values())) == ([], 0, 0)


def test_standard_input_is_read_once_for_plan_and_scores(scorer, lines, tmp_path, monkeypatch):
    content = "\n".join([HEADER, *lines]).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    _, rows = scored(scorer, ["-"], tmp_path / "out.parquet")
    assert len(rows) == 700
    with pytest.raises(FormatError, match="named twice"):
        scored(scorer, ["-", "-"], tmp_path / "out.parquet")


def test_the_input_is_never_written_over_through_links_either(scorer, lines, tmp_path):
    source = tmp_path / "list.csv"
    listed(source, lines[:3])
    (tmp_path / "link.csv").symlink_to(source)
    before = source.read_bytes()
    for target in (source, tmp_path / "link.csv"):
        with pytest.raises(OutputError):
            score_files([str(source)], str(target), scorer=scorer, reading={})
    histogram = tmp_path / "x.csv.histogram.json"
    histogram.write_text(before.decode())
    with pytest.raises(OutputError):
        score_files([str(histogram)], str(tmp_path / "x.csv"), scorer=scorer, reading={})
    assert source.read_bytes() == before
    assert histogram.read_bytes() == before
    assert not (tmp_path / "x.csv").exists()


def test_a_fault_half_way_leaves_the_old_output_and_no_temporary_file(scorer, lines, tmp_path, monkeypatch):
    source, target = listed(tmp_path / "a.csv", lines), tmp_path / "out.csv"
    target.write_text("old")
    read_batches = room.read_batches

    def failing(source, plan):
        yield from list(read_batches(source, plan, batch_rows=64))[:3]
        raise FormatError("The disk went away.", source="a.csv")

    monkeypatch.setattr(room, "read_batches", failing)
    with pytest.raises(FormatError):
        score_files([source], str(target), scorer=scorer, reading={})
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "out.csv"]


def test_no_file_at_all_is_refused(scorer, tmp_path):
    with pytest.raises(FormatError, match="No file"):
        score_files([], str(tmp_path / "out.csv"), scorer=scorer, reading={})


def test_ids_of_handles_are_safe_in_a_spreadsheet(scorer, tmp_path):
    source = tmp_path / "a.csv"
    source.write_text(csv_line(["handle", "platform", "followers_count"]) + "ani,twitter,1\n")
    score_files([str(source)], str(tmp_path / "out.csv"), scorer=scorer, reading={})
    assert (tmp_path / "out.csv").read_text().split("\n")[1].startswith("'@ani,")


def test_the_result_shows_counts_and_no_account(scorer, lines, tmp_path):
    result, _ = scored(scorer, [listed(tmp_path / "a.csv", [*lines, "broken"])], tmp_path / "out.parquet")
    assert "701" in str(result)
    found = json.loads(result.to_json())
    assert found["rows_in"] == 701
    assert sum(found["segments"].values()) + found["rows_rejected"] == 701


def test_a_rejected_record_is_counted_once(scorer, tmp_path):
    source = listed(
        tmp_path / "a.csv",
        ["1,a,active", "2,b,active", "3,c,active", "4,d,suspended", "5,e,suspended", "6,f,deleted", "7,g,not_found"],
        header="account_id,handle,account_status",
    )
    result, rows = scored(scorer, [source], tmp_path / "out.parquet", platform="twitter")
    assert [row["verdict"] for row in rows] == ["unknown"] * 7
    assert (result.rows_in, result.rows_rejected, result.segments["unknown"]) == (7, 4, 3)
    lines = dict(line.strip().rsplit("  ", 1) for line in str(result).splitlines()[1:])
    told = {label.strip(): int(count) for label, count in lines.items() if count.strip().isdigit()}
    assert told.pop("Records read") == 7
    assert told.pop("Records scored") == 0
    assert sum(told.values()) == 7
    assert told["not enough evidence"] == 3


def test_an_empty_name_of_the_output_or_a_source_is_refused(scorer, lines, tmp_path):
    source = listed(tmp_path / "a.csv", lines[:3])
    with pytest.raises(OutputError, match="name of the output is empty"):
        score_files([source], "", scorer=scorer, reading={})
    with pytest.raises(FormatError, match="path of the list is empty"):
        score_files([source, ""], str(tmp_path / "out.csv"), scorer=scorer, reading={})
