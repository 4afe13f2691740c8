"""A key from the command line, an allow list that uses it, and stated errors of raters."""

import json

import botscan as bs
from botscan.api import make_key
from botscan.pseudonyms import account_pseudonym


def test_a_key_is_written_once_and_never_over(shell, tmp_path):
    path = tmp_path / "audience.key"
    made = shell("key", path)
    assert (made.code, str(path) in made.out) == (0, True)
    first = path.read_bytes()
    again = shell("key", path)
    assert again.code == 2
    assert "written over" in again.err
    assert path.read_bytes() == first


def test_the_key_itself_is_never_shown(shell, tmp_path):
    path = tmp_path / "audience.key"
    made = shell("key", path, "--json")
    assert path.read_text().strip() not in made.out + made.err
    assert json.loads(made.out)["key"] == str(path)


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


def test_a_key_without_an_allow_list_is_refused(shell, tmp_path):
    make_key(tmp_path / "k")
    path = shell.file("username,followers\na,1\n")
    outcome = shell("audit", path, "--platform", "twitter", "--key", tmp_path / "k")
    assert outcome.code == 2
    assert "without an allow list" in outcome.err
