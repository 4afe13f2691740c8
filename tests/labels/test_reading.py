import contextlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botscan.errors import BotscanError, SchemaError
from botscan.evidence.labels import LabelTable
from botscan.labels import merge_label_sheets, read_labels
from botscan.labels.rows import SheetRows
from botscan.labels.workbook import as_workbook

DIGEST = "a" * 64


def rows(*answers, **columns):
    return [{"account_id": str(number), "rater_1": answer, **columns} for number, answer in enumerate(answers, start=1)]


def test_answers_of_several_raters():
    labels = read_labels(
        [
            {"account_id": "1", "rater_10": "no", "rater_2": "yes"},
            {"account_id": "2", "rater_10": "ragu", "rater_2": ""},
        ]
    )
    assert labels.raters == ("rater_2", "rater_10")
    assert labels.answers.tolist() == [[1, 0], [-2, -1]]
    assert labels.suspicious[0] == 0.5
    assert np.isnan(labels.suspicious[1])


def test_one_boolean_column():
    labels = read_labels([{"account_id": 7, "is_suspicious": True}, {"account_id": 8, "is_suspicious": False}])
    assert (labels.account_ids, labels.raters) == (("7", "8"), ("is_suspicious",))
    assert labels.suspicious.tolist() == [1, 0]
    assert labels.design.kind == "assumed_simple_random"
    assert labels.inclusion_probability is None


def test_a_label_table_is_returned_as_it_is():
    labels = read_labels(rows("yes"))
    assert isinstance(labels, LabelTable)
    assert read_labels(labels) is labels


def test_rows_of_one_account_are_put_together():
    labels = read_labels([*rows("yes", "no", ""), *rows("yes", "yes", "no")])
    assert labels.account_ids == ("1", "2", "3")
    assert labels.answers[:, 0].tolist() == [1, -1, 0]  # the second was said to be both
    assert [(note.code, note.count) for note in labels.notes] == [("labels_merged", 3), ("labels_contradict", 1)]


def test_ids_with_a_guard_are_the_same_account():
    labels = read_labels(
        [
            {"account_id": "'1234567890123456789", "rater_1": "no"},
            {"account_id": "1234567890123456789", "rater_1": "no"},
        ]
    )
    assert labels.account_ids == ("1234567890123456789",)


def test_every_fault_is_told_at_once():
    labels = [
        {
            "account_id": "1.23E+18",
            "rater_1": "yes",
            "design": "simple_random",
            "list_digest": DIGEST,
            "list_size": "9",
        },
        {"account_id": "", "rater_1": "secret word", "design": "", "list_digest": "b", "list_size": "ten"},
        {"account_id": "3", "rater_1": "maybe not", "inclusion_probability": "2"},
    ]
    with pytest.raises(SchemaError) as caught:
        read_labels(labels)
    found = {(fault.column, fault.code): fault for fault in caught.value.faults}
    assert set(found) == {
        ("account_id", "id_damaged"),
        ("account_id", "no_identity"),
        ("rater_1", "unknown_answer"),
        ("list_digest", "several_values"),
        ("list_size", "several_values"),
        ("inclusion_probability", "not_a_probability"),
    }
    answers = found["rater_1", "unknown_answer"]
    assert (answers.count, answers.first_row) == (2, 2)
    message = str(caught.value)
    assert "rows 2, 3" in message
    assert "ya, tidak, ragu" in message
    assert "secret" not in message


@pytest.mark.parametrize(
    ("labels", "column"),
    [
        ([{"rater_1": "yes"}], "account_id"),
        ([{"account_id": "1", "answer": "yes"}], "is_suspicious"),
        ([{"account_id": "1", "is_suspicious": "yes", "rater_1": "no"}], "is_suspicious"),
        (rows("yes", design="cluster"), "design"),
        (rows("yes", design="stratified"), "stratum"),
        (rows("yes", list_size="-4"), "list_size"),
        (rows("yes", inclusion_probability="0"), "inclusion_probability"),
        (rows("yes", inclusion_probability="nan"), "inclusion_probability"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(labels, column):
    with pytest.raises(SchemaError) as caught:
        read_labels(labels)
    assert column in {fault.column for fault in caught.value.faults}


def test_rows_with_missing_cells_are_refused(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("account_id,rater_1\n1,yes\n2\n")
    with pytest.raises(SchemaError, match=r"wrong_cell_count in row 3"):
        read_labels(path)


def test_a_sheet_without_rows_has_no_labels(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("account_id,rater_1\n")
    assert read_labels(path).answers.shape == (0, 1)


def test_the_design_of_a_sheet_needs_its_digest():
    stated = read_labels(rows("yes", design="simple_random", list_digest=DIGEST, list_size="50.0", random_state="7"))
    assert (stated.design.kind, stated.design.list_size, stated.design.random_state) == ("simple_random", 50, 7)
    assert read_labels(rows("yes", design="simple_random")).design.kind == "assumed_simple_random"


def test_a_sorted_sheet_is_put_back_in_order_and_says_so():
    drawn = [
        {**row, "draw": place, "design": "simple_random", "list_digest": DIGEST}
        for row, place in zip(rows("yes", "no", "", "no"), (3, 1, 4, 2), strict=True)
    ]
    labels = read_labels(drawn)
    assert labels.account_ids == ("2", "4", "1", "3")
    assert labels.answers[:, 0].tolist() == [0, 0, 1, -2]
    assert [(note.code, note.count) for note in labels.notes] == [("labels_reordered", 4)]
    assert labels.is_undecided.tolist() == [False] * 4  # the last one was not reached
    assert read_labels(sorted(drawn, key=lambda row: row["draw"])).notes == ()


def test_deleted_rows_are_counted():
    drawn = [
        {**row, "draw": place, "design": "systematic", "list_digest": DIGEST}
        for row, place in zip(rows("yes", "no", "no"), (1, 4, 6), strict=True)
    ]
    labels = read_labels(drawn)
    assert [(note.code, note.count) for note in labels.notes] == [("labels_rows_missing", 3)]
    assert labels.design.kind == "systematic"
    assert labels.n_missing == 3


def test_rows_missing_after_the_last_answer_were_not_reached():
    drawn = [
        {**row, "draw": place, "design": "simple_random", "list_digest": DIGEST}
        for row, place in zip(rows("yes", "no", "", ""), (1, 3, 5, 9), strict=True)
    ]
    assert read_labels(drawn).n_missing == 1
    assert read_labels([{**row, "rater_1": ""} for row in drawn]).n_missing == 0


def test_a_missing_column_is_told_with_the_columns_that_are_there():
    odd = {"\x1b[31mid": "1", **{f"column_{number}": "x" for number in range(12)}}
    with pytest.raises(SchemaError) as caught:
        read_labels([odd])
    message = str(caught.value)
    assert "'column_8', ..." in message
    assert "column_9" not in message
    assert "\x1b" not in message


def test_a_column_of_somebody_else_is_not_taken_for_the_draw():
    labels = read_labels(rows("yes", "no", draw="north", stratum="x"))
    assert labels.notes == ()
    assert labels.stratum is None


def test_the_strata_come_back_by_name():
    labels = read_labels(
        [
            {**row, "stratum": name, "stratum_size": size, "design": "stratified", "list_digest": DIGEST}
            for row, name, size in zip(rows("yes", "no", "no"), "BAB", (7, "5.0", "7"), strict=True)
        ]
    )
    assert labels.design.strata == (("A", 5), ("B", 7))
    assert labels.stratum.tolist() == [1, 0, 1]
    assert labels.stratum.dtype == np.int64


def test_merged_labels_are_taken_as_they_are():
    merged = merge_label_sheets([rows("yes", "no"), rows("no", "no")])
    assert read_labels(merged) is merged.labels


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                ["account_id", "rater_1", "rater_2", "design", "list_size", "inclusion_probability", "draw", "stratum"]
            ),
            st.text(max_size=6)
            | st.sampled_from(["yes", "no", "7", "0.5", "'@a", "1e5", "stratified"])
            | st.none()
            | st.floats()
            | st.booleans(),
        ),
        max_size=5,
    )
)
def test_any_table_is_read_or_refused_with_a_typed_error(records):
    try:
        labels = read_labels(records)
    except BotscanError:
        return
    assert len(set(labels.account_ids)) == len(labels.account_ids)
    assert set(np.unique(labels.answers)) <= {1, 0, -1, -2}


@settings(deadline=None, max_examples=80)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused_with_a_typed_error(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"account_id,rater_1\n" * (len(data) % 2) + data)
    with contextlib.suppress(BotscanError):
        assert read_labels(path).raters


@pytest.fixture(scope="module")
def workbook():
    rows = SheetRows(["1", "2"], ["ani", ""], ["", ""], {"rater_1": [1, -2]}, {"draw": [1, 2]})
    return as_workbook(rows, "id")


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=4), st.integers(0, 1 << 20)
)
def test_any_damaged_workbook_is_read_or_refused_with_a_typed_error(tmp_path_factory, workbook, flips, cut):
    data = bytearray(workbook)
    for place, value in flips:
        data[place % len(data)] = value
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    path.write_bytes(data[: len(data) - cut % 50])
    with contextlib.suppress(BotscanError):
        assert read_labels(path).raters
