"""Score tables in three formats hold the same values; a spreadsheet runs nothing of them."""

import csv
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.batch.writers import OUTPUT_KINDS, OUTPUT_SCHEMA, choose_writer, output_table
from botscan.errors import OutputError
from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.evidence.scores import SCORE_SCHEMA, VERDICTS
from botscan.wording import for_csv

GROUPS = ("audience", "following", "bio", "age")
codes = st.lists(st.sampled_from(GROUPS), max_size=3, unique=True)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ids = st.one_of(st.from_regex(r"[0-9]{1,20}", fullmatch=True), texts)
scored_rows = st.fixed_dictionaries(
    {
        "account_id": ids,
        "log_odds": st.integers(-400, 400).map(lambda steps: steps / STEPS_PER_LOG_ODDS),
        "bot_score": st.floats(0, 1),
        "verdict": st.sampled_from(VERDICTS),
        "review": st.booleans(),
        "known_share": st.floats(0, 1),
        "reasons": codes,
        "counter_evidence": codes,
        "follow_rank": st.one_of(st.none(), st.integers(0, 10**12)),
        "reject_reason": st.none(),
    }
)
rejected_rows = st.sampled_from(["bad_json", "no_identity"]).map(
    lambda reason: {
        **dict.fromkeys(SCORE_SCHEMA.names),
        "verdict": "unknown",
        "reject_reason": reason,
    }
)
tables = st.lists(st.one_of(scored_rows, rejected_rows), max_size=20)


def written(ending, batches):
    file = io.BytesIO()
    writer = OUTPUT_KINDS[ending](file, {"botscan.model": "m"})
    for rows in batches:
        scores = pa.Table.from_pylist([{k: row[k] for k in SCORE_SCHEMA.names} for row in rows], schema=SCORE_SCHEMA)
        reasons = pa.array([row["reject_reason"] for row in rows], pa.string())
        writer.write(output_table(scores, reasons))
    writer.close()
    return file.getvalue()


@given(st.lists(tables, max_size=3))
@settings(deadline=None, max_examples=60)
def test_parquet_gives_every_value_back(batches):
    table = pq.read_table(io.BytesIO(written(".parquet", batches)))
    assert table.to_pylist() == [row for rows in batches for row in rows]
    assert table.schema.metadata == {b"botscan.model": b"m"}
    assert table.schema.equals(OUTPUT_SCHEMA)


@given(st.lists(tables, max_size=3))
@settings(deadline=None, max_examples=60)
def test_json_lines_are_strict_ascii_and_give_every_value_back(batches):
    def refuse(word):
        raise AssertionError(word)

    data = written(".jsonl", batches)
    assert data.isascii()
    found = [json.loads(line, parse_constant=refuse) for line in data.decode().split("\n")[:-1]]
    assert found == [row for rows in batches for row in rows]


@given(st.lists(tables, max_size=3))
@settings(deadline=None, max_examples=60)
def test_csv_gives_every_value_back_with_texts_made_safe(batches):
    text = written(".csv", batches).decode()
    header, *found = csv.reader(io.StringIO(text, newline=""))
    expected = [row for rows in batches for row in rows]
    assert header == OUTPUT_SCHEMA.names
    assert len(found) == len(expected)
    for cells, row in zip(found, expected, strict=True):
        shown = dict(zip(header, cells, strict=True))
        assert shown["account_id"] == for_csv(row["account_id"] or "")
        assert shown["reasons"].split() == (row["reasons"] or [])
        for name in ("log_odds", "bot_score", "known_share", "follow_rank"):
            assert (float(shown[name]) if shown[name] else None) == row[name]
        assert shown["review"] == ("" if row["review"] is None else str(row["review"]).lower())
        assert shown["reject_reason"] == (row["reject_reason"] or "")


def test_ids_that_a_spreadsheet_would_run_carry_an_apostrophe_and_are_quoted():
    row = {
        **dict.fromkeys(SCORE_SCHEMA.names),
        "account_id": '=HYPERLINK("x";1)',
        "verdict": "unknown",
        "reject_reason": None,
    }
    line = written(".csv", [[row]]).decode().split("\n")[1]
    assert line.startswith('"\'=HYPERLINK(""x"";1)",')


def test_a_slice_of_a_table_writes_only_its_own_rows():
    rows = [
        {**dict.fromkeys(SCORE_SCHEMA.names), "account_id": str(n), "verdict": "active", "reject_reason": None}
        for n in range(5)
    ]
    scores = pa.Table.from_pylist([{k: row[k] for k in SCORE_SCHEMA.names} for row in rows], schema=SCORE_SCHEMA)
    table = output_table(scores, pa.nulls(5, pa.string())).slice(2, 2)
    for ending in (".csv", ".jsonl"):
        file = io.BytesIO()
        OUTPUT_KINDS[ending](file, {}).write(table)
        assert file.getvalue().decode().count("active") == 2
        assert "3" in file.getvalue().decode()


@pytest.mark.parametrize("name", ["scores", "scores.xlsx", "parquet", "scores.csv.gz"])
def test_an_unknown_ending_is_refused_with_those_there_are(name):
    with pytest.raises(OutputError, match=r"\.parquet, \.csv, \.jsonl"):
        choose_writer(name)


def test_the_ending_is_read_in_any_case():
    assert choose_writer("SCORES.CSV") is OUTPUT_KINDS[".csv"]
