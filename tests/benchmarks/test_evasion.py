"""The measuring of evasion and of slices: tables of made-up figures, made-up accounts, no labelled accounts at hand."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from botscan.scoring.model import Thresholds

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


def load(name, monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    for module in ("resumable", "evasion"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture
def evasion(monkeypatch):
    yield load("evasion", monkeypatch)
    for module in ("resumable", "evasion"):
        sys.modules.pop(module, None)


@pytest.fixture
def slices(monkeypatch):
    yield load("slices", monkeypatch)
    for module in ("resumable", "evasion"):
        sys.modules.pop(module, None)


def people(dataset, source, counts, label=0):
    return pd.DataFrame({"dataset": dataset, "source": source, "followers_count": counts, "label": label})


def test_the_usual_follower_count_weighs_sources_alike_and_leaves_out_what_is_tested(evasion):
    frame = pd.concat(
        [
            people("cresci-2015/E13", "cresci-2015", [10.0] * 50),
            people("cresci-2017/genuine", "cresci-2017", [300.0, 300.0]),
            people("cresci-rtbust-2019", "cresci-rtbust-2019", [400.0, np.nan]),
            people("verified-2019", "verified-2019", [1e6] * 90),
            people("cresci-2015/FSF", "cresci-2015", [0.0] * 99, label=1),
        ],
        ignore_index=True,
    )
    assert evasion.usual_followers(frame, []) == 300.0
    assert evasion.usual_followers(frame, ["cresci-2017/genuine", "cresci-rtbust-2019"]) == 10.0


def test_without_labelled_accounts_the_reason_is_told(evasion, slices, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BOTSCAN_DATA", str(tmp_path))
    assert evasion.buy_followers(None, None, []).startswith("skipped: ")
    slices.main()
    assert capsys.readouterr().out.startswith("skipped: ")


def test_tables_are_whole(evasion):
    keys = ("recall_at_1", "recall_at_5", "recall_at_line", "counted_share")
    measures = {"before": dict.fromkeys(keys, 0.5), "after": dict.fromkeys(keys, 0.25), "mean_drop": 1.0}
    fold = {"left_out": "a", "followers": 120.0, **measures}
    field = {"feature": "has_avatar", "lost": dict.fromkeys(keys[:3], 0.1), "mean_drop": 0.2}
    ways = ("usual", "knowing")
    entry = {
        "fields": [field],
        "seen": dict.fromkeys(ways, measures),
        "unseen": {way: {"folds": [fold], "mean": measures} for way in ways},
    }
    figures = {"auc": 0.9, "worst_auc": 0.8, "recall_at_5": 0.7, "worst_recall_at_5": 0.6}
    absent = [
        {"absent": "lists", "pattern": "no_lists", "as_scored": figures, "from_all": figures},
        {"absent": "post count", "pattern": None, "as_scored": None, "from_all": figures},
    ]
    found = [*evasion.evasion_lines(entry, {"buys": [fold]}), "", *evasion.absent_lines(absent)]
    for table in "\n".join(found).split("\n\n"):
        assert len({line.count("|") for line in table.splitlines()}) == 1
    assert "| a, buys (120) | 0.500 -> 0.250 |" in "\n".join(found)
    assert "| post count | not scored | - | - | 0.900 (0.800) | 0.700 (0.600) |" in found


def test_groups_hold_only_what_is_known(slices):
    frame = pd.DataFrame(
        {
            "language": pd.array(["en", "en-GB", "id", "xx", None], "string"),
            "display_name": pd.array(["Ani", "Анна", "Budi", None, "花"], "string"),
            "handle": pd.array(["ani1984", "a", "b12", None, "c"], "string"),
            "bio": pd.array(["", "kopi", None, None, "a"], "string"),
            "bio_length": pd.array([None, None, 0, None, None], "Int64"),
            "is_private": pd.array([True, False, None, None, None], "boolean"),
            "is_verified": pd.array([None, None, None, True, False], "boolean"),
        }
    )
    groups = {name: np.flatnonzero(held).tolist() for name, held in slices.groups_of(frame).items()}
    assert groups["language en"] == [0, 1]
    assert groups["language id"] == [2]
    assert groups["another language"] == [3]
    assert groups["no bio"] == [0, 2]
    assert groups["has a bio"] == [1, 4]
    assert groups["four digits or more in the handle"] == [0]
    assert groups["fewer digits in the handle"] == [1, 2, 4]
    assert groups["a name with letters that are not Latin"] == [1, 4]
    assert groups["an account that is private"] == [0]
    assert groups["a verified account"] == [3]


def test_rates_stand_with_their_sources(slices):
    def part(name, steps, members):
        return name, np.array(steps), {"all": np.array(members)}

    parts = [part("a", [9] * 100 + [0] * 100, [True] * 200), part("b", [9] * 10, [True] * 10)]
    (found,) = slices.rates(parts, Thresholds(9, 5))
    assert (found["n"], found["suspicious_rate"], found["sources"]) == (210, round(110 / 210, 4), {"a": 0.5})
    assert "| all | 210 | 0.524 |" in "\n".join(slices.lines("people", [found]))
