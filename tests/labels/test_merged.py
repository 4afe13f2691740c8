import json

import pytest

from botscan.errors import OutputError
from botscan.labels import make_label_sheet, merge_label_sheets, read_labels
from botscan.prevalence.from_labels.agreement import measure_agreement

IDS = [str(10**18 + number) for number in range(60)]


@pytest.fixture
def merged(listed):
    scores = {one: number / 60 for number, one in enumerate(IDS)}
    sheet = make_label_sheet(
        *listed(IDS, handles=[f"h_{one}" for one in IDS], scores=scores), n=30, design="stratified"
    )
    frame = sheet.to_frame()
    return merge_label_sheets(
        [
            frame.assign(rater_1=["yes", "no", "unsure"] * 10),
            frame.assign(rater_1=["yes", "no", "no"] * 10, rater_2=[*["no"] * 5, *[""] * 25]),
        ]
    )


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize(("name", "delimiter"), [("m.csv", ","), ("m.csv", ";"), ("m.xlsx", ",")])
def test_what_is_saved_is_read_again(merged, tmp_path, name, delimiter, language):
    merged.save(tmp_path / name, language=language, delimiter=delimiter)
    labels = read_labels(tmp_path / name)
    expected = merged.labels
    assert labels.account_ids == expected.account_ids
    assert labels.raters == ("rater_1", "rater_2", "rater_3")
    assert labels.answers.tolist() == expected.answers.tolist()
    assert labels.design == expected.design
    assert labels.stratum.tolist() == expected.stratum.tolist()
    assert labels.inclusion_probability.tolist() == expected.inclusion_probability.tolist()
    assert labels.notes == ()
    again = merge_label_sheets([tmp_path / name, tmp_path / name])
    assert (again.handles, again.links, again.draws) == (merged.handles, merged.links, merged.draws)
    assert again.labels.answers.tolist() == expected.answers.tolist()


def test_bare_labels_are_saved_as_what_they_are(tmp_path):
    bare = merge_label_sheets([[{"account_id": "1", "rater_1": "no"}], [{"account_id": "1", "is_suspicious": True}]])
    bare.save(tmp_path / "m.csv")
    labels = read_labels(tmp_path / "m.csv")
    assert (labels.design.kind, labels.inclusion_probability) == ("assumed_simple_random", None)
    assert labels.answers.tolist() == [[0, 1]]


def test_a_sheet_of_no_answers_is_saved_to_be_filled_in(tmp_path):
    blank = [{"account_id": "1", "rater_1": ""}]
    merge_label_sheets([blank, blank]).save(tmp_path / "m.csv")
    assert read_labels(tmp_path / "m.csv").answers.tolist() == [[-2]]


def test_agreement_is_that_of_each_pair(merged):
    answers = merged.labels.answers
    found = merged.agreements
    assert list(found) == [("rater_1", "rater_2"), ("rater_1", "rater_3"), ("rater_2", "rater_3")]
    assert found["rater_1", "rater_2"] == measure_agreement(answers[:, :2])
    assert found["rater_1", "rater_2"].agreement == pytest.approx(2 / 3)
    assert found["rater_1", "rater_3"].n_accounts == 5


def test_raters_who_never_met_have_no_agreement():
    merged = merge_label_sheets([[{"account_id": "1", "rater_1": "no"}], [{"account_id": "2", "rater_2": "no"}]])
    assert merged.agreements == {("rater_1", "rater_2"): None}
    assert merged.to_dict()["agreement"][0]["kappa"] is None


def test_plain_data_counts_and_names_nobody(merged):
    told = merged.to_dict()
    assert told["n_accounts"] == len(merged) == 30
    assert [rater["n_answers"] for rater in told["raters"]] == [30, 30, 5]
    assert told["raters"][2]["origins"] == [{"sheet": "sheet 2", "column": "rater_2"}]
    text = json.dumps(told) + repr(merged)
    assert not [one for one in IDS if one in text]
    assert repr(merged) == "MergedLabels(30 accounts, 3 raters, 2 sheets)"


def test_sheets_of_raters_are_not_written_over(merged, tmp_path):
    path = tmp_path / "m.csv"
    merged.save(path)
    merged.save(path)  # all it holds is in the new one
    before = path.read_bytes()
    fewer = merge_label_sheets([path, path]).to_frame().drop(columns="rater_2")
    with pytest.raises(OutputError, match="already holds answers"):
        merge_label_sheets([fewer, fewer]).save(path)
    with pytest.raises(OutputError):
        merged.save(path, inputs=[path])
    assert path.read_bytes() == before
