from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.errors import BotscanError, SchemaError
from botscan.evidence.labels import NOTHING
from botscan.labels import make_label_sheet, merge_label_sheets, read_labels
from botscan.wording import LANGUAGES, say_note

IDS = [str(1000 + number) for number in range(120)]
WORDS = {1: "yes", 0: "no", -1: "unsure", -2: ""}


def rows(answers, column="rater_1", **columns):
    return [{"account_id": one, column: WORDS[answer], **columns} for one, answer in answers.items()]


def fill(sheet, path, **columns):
    """Write a sheet, and fill columns of it in: name = answers in the order of the sheet."""
    frame = sheet.to_frame(raters=3)
    for name, answers in columns.items():
        frame[name] = [*answers, *[""] * (len(frame) - len(answers))]
    frame.to_csv(path, index=False)
    return path


def test_two_raters_of_one_column_in_their_own_copies_are_two(listed, tmp_path):
    sheet = make_label_sheet(*listed(IDS, handles=[f"h_{one}" for one in IDS]), n=4)
    one = fill(sheet, tmp_path / "a.csv", rater_1=["yes", "no", "no", "unsure"])
    other = fill(sheet, tmp_path / "b.csv", rater_1=["ya", "ya", "tidak", ""])
    merged = merge_label_sheets([one, other])
    assert merged.labels.account_ids == sheet.account_ids
    assert merged.labels.raters == ("rater_1", "rater_2")
    assert merged.labels.answers.tolist() == [[1, 1], [0, 1], [0, 0], [-1, -2]]
    assert merged.labels.design == read_labels(one).design
    assert merged.labels.inclusion_probability.tolist() == [4 / 120] * 4
    assert (merged.handles, merged.links) == (sheet.handles, sheet.links)
    assert [rater.origins for rater in merged.raters] == [((str(one), "rater_1"),), ((str(other), "rater_1"),)]
    assert merged.labels.notes == ()


def test_columns_of_different_names_are_different_raters_in_the_order_of_the_sheets():
    first = [{"account_id": "7", "rater_1": "", "rater_2": "no"}]
    second = [{"account_id": "7", "rater_1": "no", "rater_3": "yes"}]
    merged = merge_label_sheets([first, second])
    assert merged.labels.answers.tolist() == [[0, 0, 1]]
    assert [rater.origins for rater in merged.raters] == [
        (("sheet 1", "rater_2"),), (("sheet 2", "rater_1"),), (("sheet 2", "rater_3"),),
    ]  # fmt: skip


def test_work_that_was_split_is_one_rater():
    merged = merge_label_sheets([rows({"1": 1, "2": 0, "3": -2}), rows({"1": -2, "2": -2, "3": -1})])
    assert merged.labels.answers.tolist() == [[1], [0], [-1]]
    assert merged.raters[0].n_answers == 3
    assert [(note.code, note.count) for note in merged.labels.notes] == [("labels_columns_joined", 1)]
    for language in LANGUAGES:
        assert "--separate" in say_note(merged.labels.notes[0], language)


@pytest.mark.parametrize("other", [{"1": 1, "2": 0}, {"2": 0, "3": 1}])
def test_raters_who_agree_are_two(other):
    merged = merge_label_sheets([rows({"1": 1, "2": 0}), rows(other)])
    assert len(merged.raters) == 2
    assert ("labels_columns_alike", 1) in [(note.code, note.count) for note in merged.labels.notes]


def test_two_raters_who_agree_everywhere_have_a_kappa(listed, tmp_path):
    sheet = make_label_sheet(*listed(IDS), n=4)
    answers = ["yes", "no", "no", "yes"]
    files = [fill(sheet, tmp_path / "a.csv", rater_1=answers)]
    files.append(fill(sheet, tmp_path / "b.csv", rater_1=["ya", "no", "no", "yes"]))
    merged = merge_label_sheets(files)
    assert merged.agreements["rater_1", "rater_2"].kappa == 1.0
    copy = fill(sheet, tmp_path / "c.csv", rater_1=answers)  # byte for byte that of a
    merged = merge_label_sheets([*files, copy])
    assert [len(rater.origins) for rater in merged.raters] == [2, 1]
    assert len(merge_label_sheets([*files, copy], separate=True).raters) == 3


def test_a_part_that_fits_two_raters_joins_neither():
    sheets = [rows({"1": 1, "2": 0}), rows({"1": 0, "2": 0}), rows({"3": 1})]
    for order in permutations(sheets):
        assert len(merge_label_sheets(list(order)).raters) == 3
    # A copy that two later ones hold, which hold each other not.
    sheets = [rows({"1": 1}), rows({"1": 1, "2": 0}), rows({"1": 1, "2": 1})]
    for order in permutations(sheets):
        assert len(merge_label_sheets(list(order)).raters) == 3


def test_a_later_copy_is_not_a_second_rater():
    first = rows({"1": 1, "2": 0, "3": -2})
    later = [{**row, "rater_2": "no"} for row in rows({"1": 1, "2": 0, "3": 0})]
    merged = merge_label_sheets([first, later])
    assert merged.labels.answers.tolist() == [[1, 0], [0, 0], [0, 0]]
    assert merged.raters[0].origins == (("sheet 1", "rater_1"), ("sheet 2", "rater_1"))


def test_one_different_answer_makes_two_raters():
    merged = merge_label_sheets([rows({"1": 1, "2": 0}), rows({"1": 1, "2": -1})])
    assert merged.labels.answers.tolist() == [[1, 1], [0, -1]]


def test_a_third_sheet_joins_the_rater_whose_later_copy_it_is():
    sheets = [rows({"1": 1, "2": 0}), rows({"1": 0, "2": 0}), rows({"1": 0, "2": 0, "3": 1})]
    merged = merge_label_sheets(sheets)
    assert merged.labels.answers.tolist() == [[1, 0], [0, 0], [-2, 1]]
    assert {note.code: note.count for note in merged.labels.notes} == {
        "labels_columns_joined": 1, "labels_in_one_sheet": 1,
    }  # fmt: skip


def test_separate_sheets_are_separate_raters():
    merged = merge_label_sheets([rows({"1": 1}), rows({"1": 1})], separate=True)
    assert merged.labels.answers.tolist() == [[1, 1]]


def test_accounts_of_one_sheet_are_kept_and_counted(listed, tmp_path):
    sheet = make_label_sheet(*listed(IDS), n=5)
    frame = sheet.to_frame()
    frame["rater_1"] = "yes"
    shorter = frame.drop(index=[1, 4])
    merged = merge_label_sheets([shorter, frame.assign(rater_1="no")])
    assert merged.labels.account_ids == sheet.account_ids
    assert merged.labels.answers[:, 0].tolist() == [1, -2, 1, 1, -2]
    assert {note.code: (note.count, dict(note.numbers)) for note in merged.labels.notes} == {
        "labels_in_one_sheet": (2, {"n_sheets": 2})  # and no row is missing from both
    }
    both = merge_label_sheets([shorter, shorter])
    assert {note.code: note.count for note in both.labels.notes}["labels_rows_missing"] == 1


def test_draws_are_taken_from_the_sheets_that_have_them(listed):
    sheet = make_label_sheet(*listed(IDS), n=6)
    whole = sheet.to_frame(1)
    answered = whole.assign(rater_1=["yes", "", "no", "no", "", ""])
    lost = answered.drop(columns="draw").sort_values("account_id")
    for sheets in ([lost, whole], [whole, lost], [lost, read_labels(lost), whole]):
        labels = merge_label_sheets(sheets).labels
        assert labels.account_ids == sheet.account_ids
        assert not labels.is_order_lost
        assert labels.is_undecided.tolist() == [False, True, False, False, False, False]
        assert "labels_order_lost" not in {note.code for note in labels.notes}
    short = whole.iloc[:4]
    for sheets in ([lost, lost], [lost, short]):
        merged = merge_label_sheets(sheets)
        assert merged.labels.is_order_lost
        assert merged.labels.is_undecided.sum() == 3
        assert "labels_order_lost" in {note.code for note in merged.labels.notes}
        assert read_labels(merged.to_frame()).is_order_lost


def test_rows_missing_in_all_sheets_count_in_the_merged_one(listed):
    frame = make_label_sheet(*listed(IDS), n=9).to_frame(1).assign(rater_1="no")
    one, other = frame.drop(index=[2, 3]), frame.drop(index=[3, 5])
    labels = merge_label_sheets([one, other]).labels
    assert labels.n_missing == 1
    again = merge_label_sheets([labels, labels]).labels
    assert again.n_missing == 1


def test_sheets_without_an_answer_are_counted():
    merged = merge_label_sheets([rows({"1": -2}), rows({"1": 1})])
    assert merged.labels.raters == ("rater_1",)
    assert [(note.code, note.count) for note in merged.labels.notes] == [("labels_sheets_unanswered", 1)]
    empty = merge_label_sheets([rows({"1": -2}), rows({"1": -2})])
    assert empty.labels.answers.shape == (1, 0)


def test_notes_of_the_sheets_are_added_up():
    doubled = [*rows({"1": 1}), *rows({"1": 0})]
    merged = merge_label_sheets([doubled, doubled], separate=True)
    counts = {note.code: note.count for note in merged.labels.notes}
    assert counts == {"labels_merged": 2, "labels_contradict": 2}
    assert merged.labels.answers.tolist() == [[-1, -1]]


@pytest.mark.parametrize(
    ("change", "column"),
    [({"random_state": 1}, "random_state"), ({"design": "systematic"}, "design"), ({"ids": IDS[:119]}, "list_digest")],
)
def test_sheets_of_another_draw_are_refused_and_both_are_named(listed, tmp_path, change, column):
    one = tmp_path / "one.csv"
    other = tmp_path / "other.csv"
    ids = change.pop("ids", IDS)
    make_label_sheet(*listed(IDS), n=9).save(one)
    make_label_sheet(*listed(ids), n=9, **change).save(other)
    with pytest.raises(SchemaError) as caught:
        merge_label_sheets([one, other])
    assert str(one) in str(caught.value)
    assert str(other) in str(caught.value)
    assert caught.value.column == column


def test_a_small_random_sheet_goes_into_a_larger_one(listed, tmp_path):
    small, large = (make_label_sheet(*listed(IDS), n=n) for n in (10, 60))
    old = fill(small, tmp_path / "small.csv", rater_1=["yes"] * 10)
    new = fill(large, tmp_path / "large.csv", rater_1=[""] * 10 + ["no"] * 50)
    for order in ([old, new], [new, old]):
        labels = merge_label_sheets(order).labels
        assert labels.account_ids == large.account_ids
        assert labels.answers[:, 0].tolist() == [1] * 10 + [0] * 50
        assert labels.inclusion_probability.tolist() == [0.5] * 60


@pytest.mark.parametrize("design", ["systematic", "stratified"])
def test_sheets_of_different_sizes_do_not_mix_in_other_designs(listed, design):
    ranks = {one: number for number, one in enumerate(IDS)}
    scores = {one: number / 120 for number, one in enumerate(IDS)}
    small, large = (
        make_label_sheet(*listed(IDS, ranks=ranks, scores=scores), n=n, design=design).to_frame() for n in (10, 60)
    )
    with pytest.raises(SchemaError, match="another draw"):
        merge_label_sheets([small, large])


def test_strata_are_put_together_by_name(listed):
    scores = {one: number / 120 for number, one in enumerate(IDS)}
    sheet = make_label_sheet(*listed(IDS, scores=scores), n=30, design="stratified")
    frame = sheet.to_frame()
    frame["rater_1"] = "no"
    names = [name for name, _ in sheet.strata]
    halves = [frame[frame["stratum"].isin(part)] for part in (names[1:], names[:-1])]
    labels = merge_label_sheets(halves).labels
    assert labels.design.strata == sheet.strata
    assert labels.account_ids == sheet.account_ids
    assert [sheet.strata[number][0] for number in labels.stratum] == list(sheet.stratum)
    other = frame.assign(stratum_size=frame["stratum_size"] - (frame["stratum"] == names[0]))
    with pytest.raises(SchemaError, match="another draw"):
        merge_label_sheets([frame, other])


@pytest.mark.parametrize("sources", [[], [[{"account_id": "1", "rater_1": "no"}]], "sheet.csv"])
def test_one_sheet_is_nothing_to_merge(sources):
    with pytest.raises(BotscanError, match="wanted at least 2"):
        merge_label_sheets(sources)


def test_what_was_read_or_merged_already_can_be_merged_again():
    one = merge_label_sheets([rows({"1": 1}), rows({"1": 0})])
    merged = merge_label_sheets([one, read_labels(rows({"1": -1}, "rater_3"))])
    assert merged.labels.answers.tolist() == [[1, 0, -1]]


@given(
    st.lists(
        st.dictionaries(st.sampled_from("1234"), st.sampled_from([1, 0, -2]), min_size=1), min_size=2, max_size=4
    ).flatmap(lambda sheets: st.tuples(st.just(sheets), st.permutations(range(len(sheets)))))
)
def test_the_order_of_the_sheets_changes_nothing_but_names(sheets_and_order):
    sheets, order = sheets_and_order

    def parts(numbers):
        raters = merge_label_sheets([rows(sheets[number]) for number in numbers]).raters
        places = [[numbers[int(sheet.split()[1]) - 1] for sheet, _ in rater.origins] for rater in raters]
        return {frozenset(one) for one in places}

    assert parts(order) == parts(range(len(sheets)))


@given(
    st.lists(
        st.dictionaries(st.sampled_from("123456"), st.sampled_from([1, 0, -1, -2]), min_size=1), min_size=2, max_size=4
    )
)
def test_no_answer_is_lost_and_none_is_made(sheets):
    merged = merge_label_sheets([rows(answers) for answers in sheets])
    row = {one: number for number, one in enumerate(merged.labels.account_ids)}
    assert set(row) == set().union(*sheets)
    said = {(one, answer) for answers in sheets for one, answer in answers.items() if answer != NOTHING}
    found = {
        (one, int(answer))
        for one, number in row.items()
        for answer in merged.labels.answers[number]
        if answer != NOTHING
    }
    assert said == found
    apart = merge_label_sheets([rows(answers) for answers in sheets], separate=True)
    assert int((np.asarray(apart.labels.answers) != NOTHING).sum()) == sum(
        answer != NOTHING for answers in sheets for answer in answers.values()
    )
