"""botscan rules."""

import pyarrow.parquet as pq
import pytest

import botscan as bs


@pytest.fixture(scope="module")
def audience():
    return bs.make_audience(n=200, random_state=6).accounts


@pytest.fixture
def path(audience, tmp_path):
    pq.write_table(audience.table, tmp_path / "followers.parquet")
    return tmp_path / "followers.parquet"


def test_json_carries_its_version_the_model_and_the_same_figures_as_python(shell, audience, path):
    outcome = shell("rules", path, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    found = outcome.json
    assert next(iter(found.items())) == ("schema_version", 1)
    assert list(found["model"]) == ["name", "sha256", "pattern"]
    expected = bs.compare_rules(audience, bs.score_accounts(audience)).to_dict()
    assert found["rows"] == expected["rows"]
    assert found["agreement"] == expected["agreement"]


def test_words_say_that_shares_of_rules_are_no_shares_of_followers(shell, path):
    outcome = shell("rules", path)
    assert (outcome.code, outcome.err) == (0, "")
    first = outcome.out.splitlines()[0]
    assert first.startswith("These shares are what each rule of thumb flags, not shares of bought or inauthentic")
    assert first.endswith("points on this very list.")
    assert "Socialbakers FakeFollowerCheck" in outcome.out
    assert "botscan: shows signs" in outcome.out
    assert shell("rules", path, "--language", "id").out.startswith("Angka-angka ini")


def test_a_list_without_counts_is_answered_with_what_is_missing(shell):
    found = shell("rules", shell.file("account_id,platform\n7,twitter\n8,twitter\n"), "--json").json
    rows = {row["name"]: row for row in found["rows"]}
    assert rows["ratio_10"]["share_flagged"] is None
    assert rows["ratio_10"]["lacking"] == ["following_count", "followers_count"]
    assert rows["suspicious"]["n_unknown"] == 2


def test_rejected_rows_and_strict(shell, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("account_id,platform,followers_count\n1,twitter,2\n2,twitter\n")
    assert shell("rules", path).code == 0
    assert shell("rules", path, "--strict").code == 3


def test_a_file_that_is_not_there_is_refused(shell, tmp_path):
    outcome = shell("rules", tmp_path / "nothing.csv")
    assert (outcome.code, outcome.out) == (2, "")
    assert "nothing.csv" in outcome.err


def test_words_say_that_sets_cannot_answer_without_posts(shell, path):
    told = " ".join(shell("rules", path).out.split())
    assert "Socialbakers, State of Search and Camisani-Calzolari cannot answer for most accounts" in told
    assert "no answer for" in told
