"""botscan blocks: what it prints, what it writes, and what it refuses before the work begins."""

import csv
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

import botscan as bs
from botscan.cli.options import ListOptions
from botscan.labels.guards import without_guard
from botscan.simulate import Purchase, make_follow_history

N_BOUGHT = 150
LANGUAGES = ("en", "id")


@pytest.fixture(scope="module")
def history():
    return make_follow_history(1_500, [Purchase(N_BOUGHT, 400)], random_state=1)


@pytest.fixture
def path(history, tmp_path):
    history.accounts.to_frame().to_csv(tmp_path / "followers.csv", index=False)
    return tmp_path / "followers.csv"


@pytest.fixture
def unranked(history, tmp_path):
    """The list as a tool gives it: newest first, without ranks."""
    table = history.accounts.table
    table = table.take(pa.array(np.argsort(-table["follow_rank"].to_numpy()))).drop_columns(["follow_rank"])
    table.to_pandas().to_csv(tmp_path / "unranked.csv", index=False)
    return tmp_path / "unranked.csv"


def test_the_json_has_the_keys_of_every_verb_and_the_blocks_of_the_library(shell, path):
    found = shell("blocks", path, "--json").json
    assert list(found) == [
        "schema_version", "botscan_version", "model", "source", "platform", "observed_at", "reading",
        "follow_blocks", "n_accounts", "n_ordered", "examined", "suspicious_share_lower_bound", "notes", "power",
        "warnings",
    ]  # fmt: skip
    audit = shell("audit", path, "--json").json
    for key in ("botscan_version", "model", "source", "platform", "observed_at", "reading", "follow_blocks"):
        assert found[key] == audit[key]
    assert found["notes"] == audit["follow_order"]["notes"]
    assert found["follow_blocks"] == bs.find_follow_blocks(path).to_dict()["follow_blocks"]
    assert len(found["follow_blocks"]) >= 1
    assert all(0 < block["q_value"] < 0.05 for block in found["follow_blocks"])
    assert found["power"] is None


def test_without_scores_no_model_is_named(shell, path):
    outcome = shell("blocks", path, "--without-scores", "--json")
    assert outcome.json["model"] is None
    assert "high_scores" not in outcome.json["examined"]
    assert "blocks_without_scores" in [note["code"] for note in outcome.json["notes"]]
    assert shell("blocks", path, "--without-scores", "--model", path).code == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_reading_noticed_is_told_in_words_and_in_json(shell, path, language):
    lines = path.read_text().splitlines()
    lines[0] += ",novel"
    lines[1:] = [f"{line},x" for line in lines[1:]]
    odd = shell.file("\n".join([*lines, "," * lines[0].count(",")]) + "\n", "odd.csv")
    asked = ("blocks", odd, "--without-scores", "--language", language)
    found = shell(*asked, "--json")
    assert found.reading["rows_rejected"] == 1
    assert "columns_ignored" in {one["code"] for one in found.json["warnings"]}
    words = " ".join(shell(*asked).out.split())
    for warning in found.json["warnings"]:
        assert warning["text"] in words
    for note in found.json["notes"]:
        assert note["text"] in words
    assert shell(*asked, "--strict").code == 3


def test_accounts_without_a_place_are_counted_in_a_note(shell, history, tmp_path):
    frame = history.accounts.to_frame()
    frame["follow_rank"] = frame["follow_rank"].astype("Int64").mask(np.arange(len(frame)) % 5 == 0)
    frame.to_csv(tmp_path / "some.csv", index=False)
    notes = shell("blocks", tmp_path / "some.csv", "--without-scores", "--json").json["notes"]
    (missing,) = (note for note in notes if note["code"] == "follow_ranks_missing")
    assert missing["count"] == frame["follow_rank"].isna().sum()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_cut(shell, path, language):
    out = shell("blocks", path, "--language", language).out
    assert "\u2026" not in out
    assert max(map(len, out.splitlines())) <= 102


def test_accounts_are_written_with_all_that_is_known_and_safe_for_a_spreadsheet(shell, history, tmp_path):
    table = history.accounts.table
    mixed = (np.arange(len(table)) * 7_919 % 10_007).tolist()
    handles = pa.array(
        [f"={one}a" if bought else f"b{one}" for one, bought in zip(mixed, history.is_bought, strict=True)]
    )
    column = table.column_names.index("handle")
    named = table.set_column(column, "handle", handles.cast(pa.large_string()))
    named.to_pandas().to_csv(tmp_path / "followers.csv", index=False)
    outcome = shell("blocks", tmp_path / "followers.csv", "--accounts", tmp_path / "look.csv")
    assert outcome.code == 0
    assert str(tmp_path / "look.csv") in outcome.err
    with (tmp_path / "look.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["account_id", "handle", "follow_rank", "followed_after", "created_at", "block"]
    assert all(row["account_id"].startswith("'") for row in rows)  # 19 digits would be rounded
    wanted = bs.find_follow_blocks(tmp_path / "followers.csv").marked_accounts()
    assert [without_guard(row["account_id"]) for row in rows] == wanted["account_id"].tolist()
    assert [int(row["block"]) for row in rows] == wanted["block"].tolist()
    ranks = dict(zip(table["account_id"].to_pylist(), table["follow_rank"].to_pylist(), strict=True))
    assert all(int(row["follow_rank"]) == ranks[without_guard(row["account_id"])] for row in rows)
    assert all(row["created_at"].endswith("Z") and row["followed_after"].endswith("Z") for row in rows)
    assert not [row for row in rows if row["handle"].startswith("=")]
    # The list can be read again, for instance to take accounts off the suspects that a person found to be real.
    assert len(bs.read_allow_list(tmp_path / "look.csv")) == len(rows)


@pytest.mark.parametrize("name", ["-", "look.xlsx", "look", "nowhere/look.csv", ""])
def test_a_file_of_accounts_that_cannot_be_is_refused_before_the_list_is_read(shell, tmp_path, name):
    # The list is not there: that would be said if it were opened first.
    target = tmp_path / name if name not in ("", "-") else name
    outcome = shell("blocks", tmp_path / "missing.csv", "--accounts", target)
    assert outcome.code == 2
    assert outcome.out == ""
    assert "missing.csv" not in outcome.err
    assert list(tmp_path.iterdir()) == []


def test_the_list_is_never_written_over_and_a_failed_run_leaves_nothing(shell, path):
    before = path.read_bytes()
    assert shell("blocks", path, "--accounts", path).code == 2
    assert path.read_bytes() == before
    bad = shell.file("a,b\n1,2\n", "bad.csv")
    assert shell("blocks", bad, "--accounts", path.parent / "look.csv").code == 2
    assert sorted(one.name for one in path.parent.iterdir()) == ["bad.csv", "followers.csv"]


def test_a_list_without_order_says_what_to_type_and_that_helps(shell, unranked):
    told = shell("blocks", unranked, "--without-scores")
    assert told.code == 0
    assert "--map follow_rank=HEADER" in " ".join(told.out.split())
    assert "--order newest" in " ".join(told.out.split())
    found = shell("blocks", unranked, "--without-scores", "--order", "newest", "--json").json
    assert found["n_ordered"] == found["n_accounts"]
    assert len(found["follow_blocks"]) >= 1
    wrong = shell("blocks", unranked, "--without-scores", "--order", "oldest", "--json").json
    assert wrong["follow_blocks"] == []
    assert wrong["notes"][0]["code"] == "order_seems_reversed"
    assert (
        shell("audit", unranked, "--order", "newest", "--json").json["follow_order"]["n_ordered"] == found["n_accounts"]
    )


def test_an_order_beside_ranks_is_refused(shell, path):
    outcome = shell("blocks", path, "--order", "newest")
    assert outcome.code == 2
    assert "follow_rank" in outcome.err


def test_scores_in_a_file_follow_the_order_that_is_named(shell, unranked, tmp_path):
    assert shell("score", unranked, "-o", tmp_path / "s.csv", "--order", "newest").code == 0
    with (tmp_path / "s.csv").open(encoding="utf-8", newline="") as file:
        ranks = [int(row["follow_rank"]) for row in csv.DictReader(file)]
    assert ranks == list(range(len(ranks)))[::-1]


def test_an_order_can_be_typed_again():
    assert ListOptions({"follow_order": "newest"}, strict=False).typed() == ["--order", "newest"]


def test_an_order_is_for_files(history):
    with pytest.raises(bs.SchemaError, match="follow_order"):
        bs.find_follow_blocks(history.accounts.to_frame(), follow_order="newest")


def test_power_of_one_size_and_kind(shell, path):
    asked = ("--power", "--power-kind", "aged", "--power-size", "40", "--power-repetitions", "3")
    power = shell("blocks", path, *asked, "--json").json["power"]
    assert (power["kind"], [size["n_bought"] for size in power["sizes"]]) == ("aged", [40])
    assert power["sizes"][0]["repetitions"] == 3
    assert shell("blocks", path, *asked).out.count("40 accounts") >= 1


@pytest.mark.parametrize("option", [("--power-kind", "drip"), ("--power-size", "9"), ("--power-repetitions", "3")])
def test_options_of_power_alone_are_refused(shell, path, option):
    outcome = shell("blocks", path, *option)
    assert outcome.code == 2
    assert "--power" in outcome.err


def test_more_bought_accounts_than_the_list_has_are_refused(shell, path):
    outcome = shell("blocks", path, "--power", "--power-size", "999999", "--without-scores")
    assert outcome.code == 2
    assert outcome.out == ""


def test_an_empty_list_says_so(shell, history, tmp_path):
    empty = replace(
        history.accounts,
        table=history.accounts.table.slice(0, 0),
        report=replace(history.accounts.report, accounts=0, rows_in=0),
    )
    empty.to_frame().to_csv(tmp_path / "empty.csv", index=False)
    outcome = shell("blocks", tmp_path / "empty.csv", "--platform", "twitter", "--accounts", tmp_path / "look.csv")
    assert outcome.code == 0
    assert "holds no accounts" in outcome.out
    assert (tmp_path / "look.csv").read_text().count("\n") == 1
