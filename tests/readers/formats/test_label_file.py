import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.formats.label_file import LABEL_FILE, is_label_file

FORMATS = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
needs_samples = pytest.mark.skipif(not FORMATS.is_dir(), reason="the folder of sample files is not here")


@pytest.mark.parametrize(
    "rows",
    [
        [["509316353", "human"]],
        [["509316353", "human"], ["1135441326322264531", "Bot "]],
        [["id", "label"], ["509316353", "genuine"]],
        [["User_ID", "Is_Bot"], ["509316353", "bot"]],
        [["", ""], [], ["made_name", "fake_follower"], [" "]],
    ],
)
def test_ids_with_labels_are_a_label_file(rows):
    assert is_label_file(rows)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["", ""]],
        [["id", "label"]],
        [["made_name", "1"], ["made_other", "0"]],
        [["made_name", "human"], ["made_other", "Malang"]],
        [["Made Name", "bot"]],
        [["made_name", "bot", "12"]],
        [["bot"]],
        [["", "bot"]],
        [["9" * 300, "bot"]],
        [["id", "followers"], ["509316353", "bot"]],
    ],
)
def test_other_tables_are_none(rows):
    assert not is_label_file(rows)


@pytest.mark.parametrize(
    ("words", "n"),
    [
        (["id", "label"], 2),
        (["account id", "is suspicious"], 2),
        (["label", "user id"], 2),
        (["username", "is bot"], 0),
        (["id", "followers count"], 0),
        (["id", "label", "followers count"], 0),
        ([], 0),
    ],
)
def test_a_header_of_an_id_and_a_label(words, n):
    assert LABEL_FILE.header_evidence(words) == n


def test_it_is_refused_with_a_sentence():
    assert "a label file, not an audience" in LABEL_FILE.refusal
    assert LABEL_FILE.accounts is LABEL_FILE.posts is None


@given(st.lists(st.lists(st.text(max_size=5) | st.sampled_from(["bot", "id", "label"]), max_size=3), max_size=4))
def test_no_rows_make_it_stumble(rows):
    assert is_label_file(rows) in {True, False}
    assert LABEL_FILE.header_evidence(rows[0] if rows else []) in {0, 2}


@needs_samples
def test_the_sample_is_one_and_no_other_table_is():
    found = set()
    for path in FORMATS.iterdir():
        if path.suffix in {".csv", ".tsv", ".txt"}:
            lines = path.read_text(encoding="latin-1").replace("\x00", "").splitlines()[:20]
            delimiter = max(",;\t|", key=lines[0].count)
            if is_label_file(list(csv.reader(lines, delimiter=delimiter))):
                found.add(path.name)
    assert found == {"cresci_labels.made.tsv"}
