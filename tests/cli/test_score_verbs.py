"""botscan score and botscan explain."""

import json

import pyarrow.parquet as pq
import pytest

import botscan as bs
from botscan.evidence.scores import VERDICTS


@pytest.fixture(scope="module")
def audience():
    return bs.make_audience(n=200, random_state=6)


@pytest.fixture
def path(audience, tmp_path):
    pq.write_table(audience.accounts.table, tmp_path / "followers.parquet")
    return tmp_path / "followers.parquet"


def test_scores_are_written_in_three_formats_with_their_histogram(shell, audience, path, tmp_path):
    for ending in ("parquet", "csv", "jsonl"):
        target = tmp_path / f"scores.{ending}"
        outcome = shell("score", path, "-o", target, "--json")
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.json["output"] == str(target)
        assert outcome.json["rows_in"] == 200
        assert list(outcome.json["segments"]) == list(VERDICTS)
        assert (tmp_path / f"scores.{ending}.histogram.json").exists()
    expected = bs.score_accounts(audience.accounts).table["bot_score"].to_pylist()
    assert pq.read_table(tmp_path / "scores.parquet")["bot_score"].to_pylist() == expected
    lines = (tmp_path / "scores.jsonl").read_text().splitlines()
    assert [json.loads(line)["bot_score"] for line in lines] == expected


def test_json_of_every_verb_carries_its_version_first_and_says_what_scored_in_one_form(shell, audience, path, tmp_path):
    account = audience.accounts.table["account_id"][0].as_py()
    with_a_model = [("score", path, "-o", tmp_path / "s.csv"), ("explain", path, account), ("audit", path)]
    others = [("columns",), ("labels", "size"), ("labels", "sheet", path, "-o", tmp_path / "l.csv")]
    for words in (*with_a_model, *others):
        found = shell(*words, "--json").json
        assert next(iter(found.items())) == ("schema_version", 1), words
        assert words not in with_a_model or list(found["model"]) == ["name", "sha256", "pattern"]


def test_words_say_what_was_done(shell, path, tmp_path):
    outcome = shell("score", path, "-o", tmp_path / "s.csv")
    assert "Records read" in outcome.out
    assert "200" in outcome.out
    assert outcome.err == ""


def test_resume_is_refused_and_restart_is_what_happens_anyway(shell, path, tmp_path):
    refused = shell("score", path, "-o", tmp_path / "s.csv", "--resume")
    assert (refused.code, refused.out) == (2, "")
    assert "--resume is not there yet" in refused.err
    assert not (tmp_path / "s.csv").exists()
    assert shell("score", path, "-o", tmp_path / "s.csv", "--restart").code == 0


def test_an_unknown_ending_and_an_output_that_is_the_input_are_refused(shell, path, tmp_path):
    assert ".parquet, .csv, .jsonl" in shell("score", path, "-o", tmp_path / "s.xlsx").err
    before = path.read_bytes()
    outcome = shell("score", path, "-o", path)
    assert (outcome.code, outcome.out) == (2, "")
    assert path.read_bytes() == before


def test_rejected_rows_and_strict(shell, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("account_id,platform,followers_count\n1,twitter,2\n2,twitter\n")
    assert shell("score", path, "-o", tmp_path / "s.csv").code == 0
    outcome = shell("score", path, "-o", tmp_path / "s.csv", "--strict")
    assert outcome.code == 3
    assert (tmp_path / "s.csv").exists()
    assert "wrong_cell_count" in (tmp_path / "s.csv").read_text()


def test_an_account_is_explained_and_the_parts_add_up(shell, audience, path):
    account = audience.accounts.table["account_id"][0].as_py()
    found = shell("explain", path, account, "--json").json
    assert found["account_id"] == account
    total = found["intercept"] + sum(group["log_odds"] for group in found["groups"])
    assert total == pytest.approx(found["log_odds"])
    told = shell("explain", path, account)
    assert "Signs for and against" in told.out
    assert shell("explain", path, audience.accounts.table["handle"][0].as_py()).out == told.out
    assert shell("explain", path, account, "--language", "id").out != told.out


def test_an_account_that_is_not_there_is_refused_without_its_name(shell, path):
    outcome = shell("explain", path, "nobody_of_that_name")
    assert (outcome.code, outcome.out) == (2, "")
    assert "nobody_of_that_name" not in outcome.err
    assert str(path) in outcome.err


def test_a_figure_is_drawn_and_what_cannot_be_one_is_refused_before_any_work(shell, audience, path, tmp_path):
    account = audience.accounts.table["account_id"][0].as_py()
    target = tmp_path / "signs.svg"
    plain = shell("explain", path, account, "--json")
    outcome = shell("explain", path, account, "--json", "--figure", target)
    assert (outcome.code, outcome.out) == (0, plain.out)
    assert str(target) in outcome.err
    assert target.read_text(encoding="utf-8").startswith("<?xml")
    assert account not in target.read_text(encoding="utf-8")
    assert shell("explain", path, account, "--figure", target, "--quiet").err == ""
    refused = shell("explain", tmp_path / "not_there.csv", account, "--figure", tmp_path / "signs.jpg")
    assert (refused.code, refused.out) == (2, "")
    assert ".png, .svg, .pdf" in refused.err
    assert shell("explain", path, account, "--figure", path).code == 2


def test_json_of_an_explanation_has_these_keys(shell, audience, path):
    found = shell("explain", path, audience.accounts.table["account_id"][0].as_py(), "--json").json
    assert list(found) == [
        "schema_version", "model", "account_id", "platform", "log_odds", "bot_score", "verdict", "review",
        "known_share", "intercept", "groups", "not_known", "rules",
        "resemblance",
    ]  # fmt: skip
