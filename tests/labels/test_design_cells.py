import pytest

from botscan.errors import SchemaError
from botscan.labels import read_labels

DIGEST = "a" * 64


def sheet(*rows, **columns):
    """Rows of (id, draw, stratum, size) of a stratified sheet."""
    return [
        {
            "account_id": account_id,
            "rater_1": "no",
            "draw": draw,
            "stratum": stratum,
            "stratum_size": size,
            "design": "stratified",
            "list_digest": DIGEST,
            "list_size": "20",
            **columns,
        }
        for account_id, draw, stratum, size in rows
    ]


def faults_of(rows):
    with pytest.raises(SchemaError) as caught:
        read_labels(rows)
    return {(fault.column, fault.code): fault for fault in caught.value.faults}


GOOD = (("7", "1", "A", "12"), ("8", "2", "B", "8"), ("9", "3", "A", "12"))


def test_a_sheet_as_drawn_is_read():
    labels = read_labels(sheet(*GOOD))
    assert (labels.design.strata, labels.stratum.tolist()) == ((("A", 12), ("B", 8)), [0, 1, 0])


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (("9", "3", "A", "11"), "stratum_size", "several_values"),
        (("9", "3", "", "12"), "stratum", "no_stratum"),
        (("9", "3", "A", "many"), "stratum_size", "not_a_count"),
        (("8", "2", "A", "12"), "stratum", "two_strata"),
        (("9", "3", "C", "1"), "stratum_size", "too_large"),
        (("9", "", "A", "12"), "draw", "not_drawn"),
        (("9", "1", "A", "12"), "draw", "drawn_twice"),
        (("7", "3", "A", "12"), "draw", "drawn_twice"),
    ],
)
def test_what_does_not_go_together_is_told_with_its_row(row, column, code):
    fault = faults_of(sheet(*GOOD[:2], row))[column, code]
    assert fault.first_row in (3, None)
    assert fault.first_row is None or "rows 3" in fault.wanted


def test_a_stratum_cannot_give_more_than_it_has():
    found = faults_of(sheet(("7", "1", "A", "1"), ("8", "2", "A", "1")))
    assert found["stratum_size", "too_small"].count == 2


def test_everything_is_told_at_once():
    rows = sheet(("7", "1", "A", "12"), ("8", "2", "", "8"), ("9", "", "A", "13"))
    assert set(faults_of(rows)) == {
        ("stratum", "no_stratum"),
        ("draw", "not_drawn"),
        ("stratum_size", "several_values"),
    }


def test_strata_without_their_columns_or_their_list_are_refused():
    bare = [{"account_id": "7", "rater_1": "no", "design": "stratified"}]
    assert set(faults_of(bare)) == {
        ("list_digest", "missing_column"),
        ("stratum", "missing_column"),
        ("stratum_size", "missing_column"),
    }


def test_a_row_that_stands_twice_is_one_account():
    labels = read_labels(sheet(*GOOD, GOOD[0]))
    assert labels.account_ids == ("7", "8", "9")
    assert {note.code for note in labels.notes} >= {"labels_merged"}


@pytest.mark.parametrize("draw", [{}, {"draw": ""}])
def test_without_a_draw_nobody_knows_the_order_and_all_without_an_answer_are_undecided(draw):
    rows = [
        {"account_id": str(9 - number), "rater_1": answer, "design": "simple_random", "list_digest": DIGEST, **draw}
        for number, answer in enumerate(("no", "yes", ""))
    ]
    labels = read_labels(rows)
    assert labels.account_ids == ("9", "8", "7")
    assert labels.is_order_lost
    assert labels.is_undecided.tolist() == [False, False, True]
    assert [note.code for note in labels.notes] == ["labels_order_lost"]
    bare = read_labels([{"account_id": row["account_id"], "rater_1": row["rater_1"]} for row in rows])
    assert not bare.is_order_lost
    assert not bare.is_undecided.any()


@pytest.mark.parametrize("seed", [10**15, 10**18, 2**63 - 1])
def test_every_seed_that_is_written_is_read(seed):
    row = {"account_id": "1", "rater_1": "no", "draw": 1, "design": "simple_random", "list_digest": DIGEST}
    for cell in (seed, f"'{seed}"):
        assert read_labels([{**row, "random_state": cell}]).design.random_state == seed
    with pytest.raises(SchemaError, match="not_a_count"):
        read_labels([{**row, "random_state": 2**63}])


def test_no_draw_lies_beyond_the_list():
    row = {"account_id": "1", "rater_1": "no", "design": "simple_random", "list_digest": DIGEST, "list_size": 7}
    assert read_labels([{**row, "draw": 7}]).n_missing == 6
    with pytest.raises(SchemaError, match="not_drawn"):
        read_labels([{**row, "draw": 8}])
