import io
import json

import pytest

import botscan as bs
from botscan.errors import FormatError
from botscan.readers import Source, read_accounts


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder with a list and everything that botscan wrote about it."""
    folder = tmp_path_factory.mktemp("lists")
    made = bs.make_audience(n=300, random_state=3).accounts
    made.to_frame().to_csv(folder / "followers.csv", index=False)
    scores = bs.score_accounts(folder / "followers.csv")
    bs.make_label_sheet(made, scores, n=20, random_state=0).save(folder / "sheet.csv")
    bs.api.score_files([str(folder / "followers.csv")], str(folder / "out.jsonl"))
    bs.api.score_files([str(folder / "followers.csv")], str(folder / "out.csv"))
    return folder


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sheet.csv", "a label sheet that botscan wrote"),
        ("out.csv", "a file of scores"),
        ("out.jsonl", "a file of scores"),
        ("out.jsonl.histogram.json", "a histogram of scores"),
    ],
)
def test_what_botscan_wrote_is_no_list(written, name, words):
    with pytest.raises(FormatError, match=words):
        read_accounts(written / name)


def test_it_is_left_aside_where_the_list_lies(written):
    accounts = read_accounts(written)
    assert (accounts.n_accounts, accounts.report.rows_in) == (300, 300)
    assert [note.count for note in accounts.report.warnings if note.code == "parts_skipped"] == [5]


def test_a_list_with_a_score_of_somebody_else_stays_a_list():
    data = json.dumps([{"id": "12", "username": "ani", "bot_score": 0.2}]).encode()
    assert read_accounts(Source("made", spool=io.BytesIO(data)), platform="twitter").n_accounts == 1
