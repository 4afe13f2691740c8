"""botscan labels."""

import shlex

import pytest

import botscan as bs


@pytest.fixture
def path(tmp_path):
    bs.make_audience(n=150).accounts.to_frame().to_csv(tmp_path / "followers.csv", index=False)
    return tmp_path / "followers.csv"


def test_the_number_of_labels_with_and_without_a_list(shell, path):
    plain = shell("labels", "size", "--margin", "0.03", "--json").json
    assert plain["n_labels"] == bs.plan_sample_size(0.03).n_labels
    small = shell("labels", "size", "--margin", "0.03", path, "--json").json
    assert small["n_labels"] == bs.plan_sample_size(0.03, list_size=150).n_labels < plain["n_labels"]
    assert f"{plain['n_labels']:,}" in shell("labels", "size", "--margin", "0.03").out


def test_a_sheet_is_drawn_reproducibly_and_says_what_comes_next(shell, path, tmp_path):
    for name, seed in (("a.csv", 1), ("b.csv", 1), ("c.csv", 2)):
        outcome = shell("labels", "sheet", path, "-n", 20, "-o", tmp_path / name, "--random-state", seed)
        assert (outcome.code, outcome.err) == (0, "")
    assert "20 of 150 accounts" in outcome.out
    assert f"botscan audit {path} --labels {tmp_path / 'c.csv'}" in outcome.out
    one, same, other = ((tmp_path / name).read_bytes() for name in ("a.csv", "b.csv", "c.csv"))
    assert one == same != other
    assert one.count(b"\n") == 21
    told = shell("labels", "sheet", path, "-n", 20, "-o", tmp_path / "a.csv", "--json").json
    assert (told["n_drawn"], told["n_accounts"]) == (20, 150)


def test_the_sheet_never_replaces_the_list(shell, path):
    before = path.read_bytes()
    assert shell("labels", "sheet", path, "-o", path).code == 2
    assert path.read_bytes() == before


def test_an_empty_list_has_nothing_to_label(shell, tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("account_id,platform\n")
    for arguments in (("size", path), ("sheet", path, "-o", tmp_path / "s.csv")):
        outcome = shell("labels", *arguments, "--platform", "twitter")
        assert (outcome.code, outcome.out) == (2, "")


def test_the_command_that_comes_next_can_be_typed_as_it_stands(shell, tmp_path):
    path = tmp_path / "my list.csv"
    path.write_text("handle,pengikut\nani,3\nbudi,4\n")
    outcome = shell("labels", "sheet", path, "--platform", "instagram", "-o", tmp_path / "a sheet.csv")
    command = shlex.split(outcome.out.strip().rpartition("then: ")[2])
    assert command == [
        *("botscan", "audit", str(path), "--platform", "instagram", "--labels", str(tmp_path / "a sheet.csv")),
    ]
    assert shell(*command[1:]).code == 0
