"""botscan scoreboard."""

import numpy as np
import pytest

import botscan as bs


def labelled(seed, n=600):
    audience = bs.make_audience(n=n, organic_share=0.6, platform="twitter", random_state=seed)
    return audience.accounts.to_frame().assign(is_suspicious=np.where(audience.is_suspicious, "yes", "no"))


@pytest.fixture
def list_1(tmp_path):
    labelled(1).to_csv(tmp_path / "list_1.csv", index=False)
    return tmp_path / "list_1.csv"


def test_without_lists_it_shows_the_card_and_says_so(shell):
    outcome = shell("scoreboard")
    assert (outcome.code, outcome.err) == (0, "")
    assert "the figures in its card" in outcome.out
    assert "nothing was measured now" in outcome.out
    lines = outcome.out.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("twitter, full:"))
    head, folds = lines[first + 1], [line.split() for line in lines[first + 2 : first + 9]]
    assert head.split()[:2] == ["AUC", "AP"]
    card = shell("scoreboard", "--json").json
    full = next(one for one in card["patterns"] if (one["platform"], one["pattern"]) == ("twitter", "full"))
    assert [line[1] for line in folds[:5]] == [fold["left_out"] for fold in full["folds"]]
    assert [line[2] for line in folds[:5]] == [f"{fold['auc']:.3f}" for fold in full["folds"]]
    assert folds[5][0] == "mean"
    assert " ".join(folds[6]).startswith("worst of each")
    assert list(card) == ["schema_version", "model", "n_configurations_tried", "patterns", "notes"]


def test_a_labelled_list_is_measured(shell, list_1):
    outcome = shell("scoreboard", list_1)
    assert (outcome.code, outcome.err) == (0, "")
    assert f"{list_1}: 240 labelled suspicious, 360 organic" in outcome.out
    assert "Accounts that the model was trained on flatter it." in outcome.out
    assert "follows 50 or more for each follower" in outcome.out
    said = shell("scoreboard", list_1, "--json").json
    assert list(said) == [
        "schema_version", "model", "confidence_level", "fewest_of_kind", "sources", "rows_rejected", "notes",
    ]  # fmt: skip
    (source,) = said["sources"]
    score = source["ways"][0]
    assert f"{score['auc']:.3f} ({score['auc_ci_lower']:.3f}-{score['auc_ci_upper']:.3f})" in outcome.out


def test_columns_line_up(shell, list_1):
    lines = shell("scoreboard", list_1).out.splitlines()
    start = next(i for i, line in enumerate(lines) if "240 labelled" in line) + 1
    table = lines[start : lines.index("", start)]
    assert len(table) > 8
    assert len({len(line) for line in table}) == 1


def test_few_accounts_are_told_and_not_refused(shell, tmp_path):
    labelled(1, n=90).to_csv(tmp_path / "few.csv", index=False)
    outcome = shell("scoreboard", tmp_path / "few.csv")
    assert outcome.code == 0
    assert "- is not measured: fewer than 100" in outcome.out
    (source,) = shell("scoreboard", tmp_path / "few.csv", "--json").json["sources"]
    assert {way["auc"] for way in source["ways"]} == {None}


def test_labels_may_stand_apart(shell, tmp_path, list_1):
    frame = labelled(1)
    frame.drop(columns="is_suspicious").to_csv(tmp_path / "list.csv", index=False)
    frame[["account_id", "is_suspicious"]].to_csv(tmp_path / "sheet.csv", index=False)
    apart = shell("scoreboard", tmp_path / "list.csv", "--labels", tmp_path / "sheet.csv", "--json").json
    together = shell("scoreboard", list_1, "--json").json
    assert apart["sources"][0]["ways"] == together["sources"][0]["ways"]


def test_a_sheet_without_its_list_and_a_list_without_labels_are_refused(shell, tmp_path):
    assert shell("scoreboard", "--labels", tmp_path / "sheet.csv").code == 2
    labelled(1).drop(columns="is_suspicious").to_csv(tmp_path / "bare.csv", index=False)
    outcome = shell("scoreboard", tmp_path / "bare.csv")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("botscan: ")


@pytest.mark.parametrize(
    "words",
    [
        ("--platform", "instagram"), ("--format", "csv"), ("--observed-at", "2026-06-30"), ("--encoding", "cp1252"),
        ("--map", "followers_count=Pengikut"), ("--date-order", "dmy"), ("--tz", "WIB"), ("--strict",),
        ("--allow-empty",), ("--labels", "sheet.csv"),
    ],
)  # fmt: skip
def test_options_of_a_list_without_a_list_are_refused(shell, words):
    outcome = shell("scoreboard", *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert f"{words[0]} is for lists. Name the list" in outcome.err


def test_options_of_the_card_need_no_list(shell):
    assert shell("scoreboard", "--language", "id", "--quiet", "--debug", "--json").code == 0


def test_another_model_is_measured_by_its_own_card(shell, tmp_path):
    lists = []
    for seed in (1, 2):
        audience = bs.make_audience(n=300, organic_share=0.6, platform="mastodon", random_state=seed)
        frame = audience.accounts.to_frame().assign(is_suspicious=audience.is_suspicious)
        lists.append(frame.assign(account_id=[str(1_000_000 * seed + row) for row in range(300)]))
    bs.train_model(lists, tmp_path / "model", platform="mastodon")
    outcome = shell("scoreboard", "--model", tmp_path / "model")
    assert outcome.code == 0
    assert "Model own-labels: the figures in its card" in outcome.out
    assert "without source_1" in outcome.out
    said = shell("scoreboard", "--model", tmp_path / "model", "--json").json
    assert {fold["left_out"] for fold in said["patterns"][0]["folds"]} == {"source_1", "source_2"}
    assert said["patterns"][0]["folds"][0]["ratio_auc"] is not None


def test_indonesian(shell, list_1):
    assert "angka dalam kartunya" in shell("scoreboard", "--language", "id").out
    assert "Akun yang dipakai melatih model" in shell("scoreboard", list_1, "--language", "id").out


def test_rejected_rows_end_with_3_under_strict(shell, tmp_path):
    frame = labelled(1)
    frame[["account_id", "is_suspicious"]][1:].to_csv(tmp_path / "sheet.csv", index=False)
    frame.loc[0, ["account_id", "handle"]] = ""
    frame.drop(columns="is_suspicious").to_csv(tmp_path / "list.csv", index=False)
    outcome = shell("scoreboard", tmp_path / "list.csv", "--labels", tmp_path / "sheet.csv", "--strict")
    assert outcome.code == 3
    assert "1 rows were rejected" in outcome.err
