"""A key from the command line, an allow list that uses it, and stated errors of raters."""

import json
import subprocess
import sys

import pytest

import botscan as bs
from botscan.api import make_key
from botscan.pseudonyms import account_pseudonym, handle_pseudonym


def test_a_key_is_written_once_and_never_over(shell, tmp_path):
    path = tmp_path / "audience.key"
    made = shell("key", "make", path)
    assert (made.code, str(path) in made.out) == (0, True)
    first = path.read_bytes()
    again = shell("key", "make", path)
    assert again.code == 2
    assert "written over" in again.err
    assert path.read_bytes() == first


def test_the_key_itself_is_never_shown(shell, tmp_path):
    path = tmp_path / "audience.key"
    made = shell("key", "make", path, "--json")
    assert path.read_text().strip() not in made.out + made.err
    assert json.loads(made.out)["key"] == str(path)


def test_a_pseudonym_a_line_for_each_account(shell, tmp_path):
    path = tmp_path / "k"
    key = make_key(path)
    told = shell("key", "name", path, "--platform", "x", "12", "@Budi_17")
    assert (told.code, told.err) == (0, "")
    assert told.out.split("\n") == [
        account_pseudonym(key, "twitter", "12"),
        handle_pseudonym(key, "twitter", "budi_17"),
        "",
    ]
    as_json = shell("key", "name", path, "--platform", "x", "12", "@Budi_17", "--json")
    assert as_json.json["pseudonyms"] == told.out.split()


def test_accounts_can_come_from_standard_input(tmp_path):
    path = tmp_path / "k"
    key = make_key(path)
    words = [sys.executable, "-m", "botscan", "key", "name", str(path), "--platform", "twitter", "-"]
    told = subprocess.run(words, input="12\n\n@ani\n", capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.split() == [account_pseudonym(key, "twitter", "12"), handle_pseudonym(key, "twitter", "ani")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--platform", "twitter", "1.2E+18"], "names no account"),
        (["--platform", "friendster", "1"], "is not known"),
        (["1"], "--platform"),
        (["--platform", "twitter"], "ACCOUNT"),
    ],
)
def test_what_names_no_account_is_refused(shell, tmp_path, words, said):
    make_key(tmp_path / "k")
    outcome = shell("key", "name", tmp_path / "k", *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert said in outcome.err
    assert "1.2E" not in outcome.err


def suspects(shell, path):
    scores = bs.score_accounts(path).to_frame()
    return scores.loc[scores.verdict == "suspicious", "account_id"].tolist()


def test_allowed_accounts_leave_the_suspects_and_are_counted(shell, tmp_path):
    audience = bs.make_audience(n=400, random_state=3)
    path = tmp_path / "list.parquet"
    audience.accounts.table.to_pandas().to_parquet(path)
    before = shell("audit", path, "--platform", "twitter", "--json").json
    names = suspects(shell, path)[:3]
    assert len(names) == 3
    key = make_key(tmp_path / "k")
    rows = [names[0], names[1]]
    allow = tmp_path / "allow.csv"
    pseudonym = account_pseudonym(key, "twitter", names[2])
    allow.write_text("account_id,pseudonym\n" + "".join(f"{one},\n" for one in rows) + f",{pseudonym}\n")
    after = shell("audit", path, "--platform", "twitter", "--json", "--allow", allow, "--key", tmp_path / "k").json
    assert after["segments"]["suspicious"] == before["segments"]["suspicious"] - 3
    assert after["organic_share"] == before["organic_share"]
    assert after["allow_list"]["n_found"] == 3
    assert sum(after["segments"].values()) == sum(before["segments"].values())
    assert "allow_list_applied" in {note["code"] for note in after["warnings"]}
    assert before["allow_list"] is None


@pytest.mark.parametrize("by", ["account_id", "handle"])
def test_who_appeals_is_named_without_the_id_being_stored(shell, tmp_path, by):
    audience = bs.make_audience(n=400, random_state=3)
    path = tmp_path / "list.parquet"
    table = audience.accounts.table.to_pandas()
    table.to_parquet(path)
    wanted = suspects(shell, path)[:2]
    names = table.loc[table.account_id.isin(wanted), by].tolist()
    make_key(tmp_path / "k")
    given = [f"@{name}" for name in names] if by == "handle" else names
    allow = tmp_path / "allow.txt"
    allow.write_text(shell("key", "name", tmp_path / "k", "--platform", "twitter", *given).out)
    assert not any(name in allow.read_text() for name in names)
    how = ("--platform", "twitter", "--json", "--allow", allow)
    assert shell("audit", path, *how, "--key", tmp_path / "k").json["allow_list"]["n_removed"] == 2
    assert shell("audit", path, *how).code == 2


def test_a_key_without_an_allow_list_is_refused(shell, tmp_path):
    make_key(tmp_path / "k")
    path = shell.file("username,followers\na,1\n")
    outcome = shell("audit", path, "--platform", "twitter", "--key", tmp_path / "k")
    assert outcome.code == 2
    assert "--key is of no use without --allow" in outcome.err
