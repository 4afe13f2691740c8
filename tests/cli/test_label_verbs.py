"""botscan labels."""

import csv
import shlex

import openpyxl
import pytest

import botscan as bs
from botscan.wording import percent


@pytest.fixture
def path(tmp_path):
    bs.make_audience(n=150).accounts.to_frame().to_csv(tmp_path / "followers.csv", index=False)
    return tmp_path / "followers.csv"


def filled(source, target, **columns):
    """Copy a sheet with columns filled in."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    for name, answers in columns.items():
        for row, answer in zip(rows, answers, strict=False):
            row[header.index(name)] = answer
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return target


def test_the_number_of_labels_is_planned_in_this_group(shell, path):
    told = shell("labels", "size", path, "--margin", "0.1", "--json")
    assert told.code == 0
    assert told.json["n_labels"] == bs.plan_sample_size(0.1, list_size=150).n_labels


def test_a_sheet_is_drawn_reproducibly_and_says_what_comes_next(shell, path, tmp_path):
    for name, seed in (("a.csv", 1), ("b.csv", 1), ("c.csv", 2)):
        outcome = shell("labels", "sheet", path, "-n", 20, "-o", tmp_path / name, "--random-state", seed)
        assert outcome.code == 0
    assert "20 of 150 accounts" in outcome.out
    assert f"botscan audit {path} --labels {tmp_path / 'c.csv'}" in outcome.out
    one, same, other = ((tmp_path / name).read_bytes() for name in ("a.csv", "b.csv", "c.csv"))
    assert one == same != other
    assert one.count(b"\n") == 21
    told = shell("labels", "sheet", path, "-n", 20, "-o", tmp_path / "a.csv", "--json").json
    assert (told["n_drawn"], told["n_accounts"], told["design"]) == (20, 150, "simple_random")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("not at the name alone", "second sheet")), ("id", ("bukan namanya saja", "lembar kedua"))],
)
def test_raters_are_told_what_matters_and_where_the_rest_stands(shell, path, tmp_path, language, words):
    part, place = words
    sheet = ("labels", "sheet", path, "--language", language)
    for name, where in (("a.csv", f"botscan labels instructions --language {language}"), ("a.xlsx", place)):
        outcome = shell(*sheet, "-o", tmp_path / name)
        assert part in outcome.err
        assert where in outcome.err
    assert shell(*sheet, "-o", tmp_path / "a.csv", "--quiet").err == ""
    outcome = shell("labels", "instructions", "--language", language)
    assert outcome.out.count("\n\n") == 11
    assert shell("labels", "instructions", "--language", language, "--json").json["instructions"][0] in outcome.out


def test_a_workbook_offers_answers_and_room_for_each_rater(shell, path, tmp_path):
    options = ("--raters", 3, "--language", "id", "-n", 5)
    assert shell("labels", "sheet", path, "-o", tmp_path / "s.xlsx", *options).code == 0
    page = openpyxl.load_workbook(tmp_path / "s.xlsx").worksheets[0]
    assert [cell.value for cell in page[1]][3:6] == ["rater_1", "rater_2", "rater_3"]
    assert page.data_validations.dataValidation[0].formula1 == '"ya,tidak,ragu"'
    assert page.max_row == 6


@pytest.mark.parametrize(("typed", "design"), [("systematic", "systematic"), ("stratified", "stratified")])
def test_other_designs_and_marks(shell, path, tmp_path, typed, design):
    target = tmp_path / "s.csv"
    options = ("--design", typed, "--delimiter", ";", "-n", 50, "--json")
    told = shell("labels", "sheet", path, "-o", target, *options).json
    assert told["design"] == design == bs.read_labels(target).design.kind
    assert told["n_strata"] == len(bs.read_labels(target).design.strata)
    assert target.read_text(encoding="utf-8-sig").startswith("account_id;handle;link;rater_1;rater_2;draw;")


def test_the_sheet_never_replaces_the_list(shell, path):
    before = path.read_bytes()
    assert shell("labels", "sheet", path, "-o", path).code == 2
    assert path.read_bytes() == before


def test_an_empty_list_has_nothing_to_label(shell, tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("account_id,platform\n")
    outcome = shell("labels", "sheet", path, "-o", tmp_path / "s.csv", "--platform", "twitter")
    assert (outcome.code, outcome.out) == (2, "")
    assert "empty.csv: The list holds no accounts, so there is nothing to label." in outcome.err


@pytest.mark.parametrize(
    ("raters", "columns"), [(1, "rater_1 with"), (2, "rater_1, rater_2 with"), (5, "rater_1, ..., rater_5 with")]
)
def test_the_columns_to_fill_in_are_those_of_the_sheet(shell, path, tmp_path, raters, columns):
    outcome = shell("labels", "sheet", path, "-o", tmp_path / "s.csv", "--raters", raters)
    assert f"Fill in {columns} yes, no or unsure" in outcome.out


@pytest.mark.parametrize(
    ("text", "n"),
    [("account_id,pengikut\n7,3\n8,4\n", 2), ("name,pengikut\nAni,3\n", 1), ("handle,pengikut\nani,3\n", 0)],
)
def test_accounts_that_nobody_can_look_up_are_said(shell, tmp_path, text, n):
    words = ("labels", "sheet", shell.file(text), "--platform", "twitter", "-o", tmp_path / "s.csv")
    for extra in ((), ("--json",)):
        outcome = shell(*words, *extra)
        assert outcome.code == 0
        assert ("neither a handle nor a link" in outcome.err) == (n > 0)
        assert (f"{n} account" in outcome.err) == (n > 0)
    assert shell(*words, "--quiet").err == ""


def test_one_sheet_needs_no_merging(shell, path, tmp_path):
    outcome = shell("labels", "merge", path, "-o", tmp_path / "m.csv")
    assert outcome.code == 2
    assert "two sheets or more" in outcome.err
    assert "Usage:" in outcome.err


def test_the_command_that_comes_next_can_be_typed_as_it_stands(shell, tmp_path):
    path = tmp_path / "my list.csv"
    path.write_text("handle,pengikut\nani,3\nbudi,4\n")
    outcome = shell("labels", "sheet", path, "--platform", "instagram", "-o", tmp_path / "a sheet.csv")
    command = shlex.split(outcome.out.strip().rpartition("then: ")[2])
    assert command == [
        *("botscan", "audit", str(path), "--platform", "instagram", "--labels", str(tmp_path / "a sheet.csv")),
    ]
    assert shell(*command[1:]).code == 0


@pytest.fixture
def returned(shell, path, tmp_path):
    shell("labels", "sheet", path, "-n", 10, "-o", tmp_path / "s.csv")
    one = filled(tmp_path / "s.csv", tmp_path / "ani.csv", rater_1=["yes", "no"] * 5)
    other = filled(tmp_path / "s.csv", tmp_path / "budi.csv", rater_1=["yes", "yes", "no", "no"] * 2)
    return one, other


def test_returned_sheets_are_merged_and_agreement_is_told(shell, returned, path, tmp_path):
    one, other = returned
    target = tmp_path / "all.xlsx"
    outcome = shell("labels", "merge", one, other, "-o", target)
    assert outcome.code == 0
    assert f"2 sheets merged into {target}. Accounts: 10. Raters: 2." in outcome.out
    assert f"rater_2: 8 answers, from {other} (rater_1)" in outcome.out
    assert f"rater_1 and rater_2 agree on {percent(0.5)} of 8 accounts both answered, kappa 0.00." in outcome.out
    labels = bs.read_labels(target)
    assert labels.answers[:2].tolist() == [[1, 1], [0, 1]]
    assert shell("audit", path, "--labels", target).code == 0
    told = shell("labels", "merge", one, other, "-o", tmp_path / "m.csv", "--json").json
    assert [rater["n_answers"] for rater in told["raters"]] == [10, 8]
    assert told["agreement"][0]["n_accounts"] == 8
    in_words = shell("labels", "merge", one, other, "-o", tmp_path / "m.csv", "--language", "id").out
    assert f"sependapat pada {percent(0.5, 'id')} dari 8 akun" in in_words


def test_notes_and_raters_apart(shell, path, tmp_path):
    shell("labels", "sheet", path, "-n", 4, "-o", tmp_path / "s.csv")
    one = filled(tmp_path / "s.csv", tmp_path / "a.csv", rater_1=["yes", "no"])
    other = filled(tmp_path / "s.csv", tmp_path / "b.csv", rater_1=["", "", "no"], rater_2=["", "", "", "no"])
    outcome = shell("labels", "merge", one, other, "-o", tmp_path / "m.csv")
    assert "rater_1 and rater_2 answered no account in common." in outcome.out
    assert "1 column of answers was taken as part of another column" in outcome.out
    apart = shell("labels", "merge", one, other, "-o", tmp_path / "n.csv", "--separate", "--json").json
    assert len(apart["raters"]) == 3


def test_sheets_that_do_not_go_together_are_refused_by_name(shell, returned, path, tmp_path):
    shell("labels", "sheet", path, "-n", 10, "-o", tmp_path / "other.csv", "--random-state", 1)
    outcome = shell("labels", "merge", returned[0], tmp_path / "other.csv", "-o", tmp_path / "m.csv")
    assert (outcome.code, outcome.out) == (2, "")
    assert "ani.csv" in outcome.err
    assert "other.csv" in outcome.err
    assert not (tmp_path / "m.csv").exists()
    assert shell("labels", "merge", returned[0], "-o", tmp_path / "m.csv").code == 2
    assert shell("labels", "merge", *returned, "-o", returned[0]).code == 2
