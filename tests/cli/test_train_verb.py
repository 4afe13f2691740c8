"""botscan train."""

import json

import numpy as np
import pytest

import botscan as bs


def labelled(seed, n=300):
    audience = bs.make_audience(n=n, organic_share=0.6, platform="mastodon", random_state=seed)
    frame = audience.accounts.to_frame()
    frame["account_id"] = [str(1_000_000 * seed + row) for row in range(n)]
    return frame.assign(is_suspicious=np.where(audience.is_suspicious, "yes", "no"))


@pytest.fixture
def lists(tmp_path):
    for seed in (1, 2):
        labelled(seed).to_csv(tmp_path / f"list_{seed}.csv", index=False)
    return tmp_path / "list_1.csv", tmp_path / "list_2.csv"


@pytest.fixture
def wrong(tmp_path):
    frame = labelled(2)
    order = np.random.Generator(np.random.Philox(1)).permutation(len(frame))
    frame.assign(is_suspicious=frame["is_suspicious"].to_numpy()[order]).to_csv(tmp_path / "wrong.csv", index=False)
    return tmp_path / "wrong.csv"


def test_a_good_model_is_written_with_its_folds_and_gates(shell, lists, tmp_path):
    outcome = shell("train", *lists, "-o", tmp_path / "model")
    assert (outcome.code, outcome.err) == (0, "")
    assert "Without source_1, counts_only" in outcome.out
    assert outcome.out.count("Gate passed") == 4
    scorer = bs.load_model(tmp_path / "model")
    assert f"Model {scorer.sha256[:12]} was written to {tmp_path / 'model'}" in outcome.out
    scored = shell("score", lists[0], "-o", tmp_path / "s.csv", "--model", tmp_path / "model", "--json")
    assert scored.json["model"] == {"name": "own-labels", "sha256": scorer.sha256, "pattern": "mastodon/counts_only"}


def test_json_holds_the_measures_under_stable_keys(shell, lists, tmp_path):
    said = shell("train", *lists, "-o", tmp_path / "model", "--json", "--name", "ours").json
    assert list(said) == [
        "schema_version", "name", "platform", "validation", "is_refused", "labels", "sources", "folds", "gates",
        "output", "sha256",
    ]  # fmt: skip
    assert (said["name"], said["platform"], said["validation"]) == ("ours", "mastodon", "left_out_sources")
    assert said["sha256"] == bs.load_model(tmp_path / "model").sha256
    assert {gate["code"] for gate in said["gates"]} == {"sources", "auc", "ratio", "false_alarms", "source_leak"}


def test_a_model_that_fails_is_shown_and_not_written(shell, lists, wrong, tmp_path):
    outcome = shell("train", lists[0], wrong, "-o", tmp_path / "model")
    assert outcome.code == 2
    assert "Gate failed" in outcome.out
    assert "No model was written." in outcome.out
    assert outcome.err.startswith("botscan: The model failed")
    assert not (tmp_path / "model").exists()
    refused = shell("train", lists[0], wrong, "-o", tmp_path / "model", "--json")
    said = json.loads(refused.out)
    assert (refused.code, said["is_refused"], said["output"], said["sha256"]) == (2, True, None, None)
    assert "--force" not in shell("train", "--help").out


def test_a_dry_run_measures_and_writes_nothing(shell, lists, wrong, tmp_path):
    before = sorted(tmp_path.iterdir())
    good = shell("train", *lists, "--dry-run", "-o", tmp_path / "model")
    assert (good.code, good.err) == (0, "")
    assert "No model was written." in good.out
    assert shell("train", lists[0], wrong, "--dry-run").code == 2
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_of_something_else_is_never_touched(shell, lists, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("x")
    for options in ((), ("--restart",)):
        outcome = shell("train", *lists, "-o", tmp_path / "mine", *options)
        assert (outcome.code, outcome.out) == (2, "")
        assert "are no model" in outcome.err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


def test_an_older_model_is_replaced_with_restart_only(shell, lists, tmp_path):
    assert shell("train", *lists, "-o", tmp_path / "model", "--name", "first").code == 0
    outcome = shell("train", *lists, "-o", tmp_path / "model", "--name", "second")
    assert (outcome.code, bs.load_model(tmp_path / "model").name) == (2, "first")
    assert "--restart" in outcome.err
    assert shell("train", *lists, "-o", tmp_path / "model", "--name", "second", "--restart").code == 0
    assert bs.load_model(tmp_path / "model").name == "second"


def test_labels_beside_lists_and_strict(shell, lists, tmp_path):
    frame = labelled(1)
    frame[["account_id", "is_suspicious"]].to_csv(tmp_path / "sheet.csv", index=False)
    with_a_fault = frame.drop(columns="is_suspicious").astype(object)
    with_a_fault.loc[299, ["account_id", "handle"]] = ""
    with_a_fault.to_csv(tmp_path / "bare.csv", index=False)
    arguments = ("train", tmp_path / "bare.csv", "--labels", tmp_path / "sheet.csv", "--dry-run")
    outcome = shell(*arguments)
    assert outcome.code == 0
    assert "299 accounts are used" in outcome.out
    assert "1 label of an account that is not in the list" in outcome.out
    assert "not validated" in outcome.out
    assert shell(*arguments, "--strict").code == 3


def test_usage(shell, lists):
    outcome = shell("train", *lists)
    assert outcome.code == 2
    assert "-o DIR" in outcome.err
    assert shell("train").code == 2


def test_measures_in_indonesian(shell, lists):
    outcome = shell("train", *lists, "--dry-run", "--language", "id")
    assert "Syarat terpenuhi" in outcome.out
    assert "Tidak ada model yang ditulis." in outcome.out
