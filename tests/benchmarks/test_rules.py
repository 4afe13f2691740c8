"""The measuring of rules, on made-up accounts: an unknown answer flags nobody, and precision is that of equal classes."""

import importlib.util
from pathlib import Path

import pyarrow as pa
import pytest

from botscan.scoring.yardsticks import THUMB_RULES

PATH = Path(__file__).resolve().parents[2] / "benchmarks" / "rules.py"
NO_POSTS = [rule for rule in THUMB_RULES if rule.name == "no_posts"]


@pytest.fixture(scope="module")
def rules():
    spec = importlib.util.spec_from_file_location("rules_benchmark", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def posts(*counts):
    return [pa.table({"posts_count": pa.array(counts, pa.int64())})]


def test_rates_are_means_over_sources_and_precision_is_of_equal_classes(rules):
    accounts = {
        "suspicious": {"one": posts(0, 0, 0, 5), "two": posts(0, 5, None, 5)},
        "organic": {"cresci-2015": posts(0, 5, 5, 5, 5, 5, 5, 5, 5, 5), "other": posts(5, 5)},
        "guard": {},
    }
    entry = rules.measure(accounts, NO_POSTS)["no_posts"]
    assert entry["recall"] == {"by_source": {"one": 0.75, "two": 0.25}, "mean": 0.5, "worst": 0.25}
    assert (entry["false_alarm_rate"]["mean"], entry["false_alarm_rate"]["worst"]) == (0.05, 0.1)
    assert entry["precision"] == {"mean": round(0.5 / 0.55, 4), "worst": round(0.25 / 0.35, 4)}
    assert entry["unknown_share"]["suspicious"] == 0.125
    assert entry["guard_false_alarm_rate"]["mean"] is None
    assert "on_cresci_2015" not in entry


def test_a_source_that_does_not_know_is_left_out_and_without_any_the_reason_is_told(rules):
    accounts = {
        "suspicious": {"one": posts(0, 0), "blind": posts(None, None, 0)},
        "organic": {"ours": posts(5)},
        "guard": {},
    }
    assert rules.measure(accounts, NO_POSTS)["no_posts"]["left_out"] == ["blind"]
    accounts["suspicious"] = {"blind": posts(None)}
    assert "not known" in rules.measure(accounts, NO_POSTS)["no_posts"]["not_measured"]


def test_balanced_figures_by_hand(rules):
    # Of 100 and 100: 80 found, 20 false alarms.
    assert rules._balanced(0.8, 0.2) == {"accuracy": 0.8, "mcc": 0.6, "precision": 0.8, "recall": 0.8}
    assert rules._balanced(0.0, 0.0) == {"accuracy": 0.5, "mcc": None, "precision": None, "recall": 0.0}


def test_an_empty_place_is_kept_known_and_an_unknown_one_is_not(rules):
    raw = pa.table(
        {
            "account_id": ["1", "2", "3"],
            "platform": ["twitter"] * 3,
            "location": pa.array(["", None, "Solo"], pa.large_string()),
            "bio": pa.array(["", "", "kopi"], pa.large_string()),
        }
    )
    read = rules.as_read(raw)
    assert read["location"].to_pylist() == ["", None, "Solo"]
    assert read["bio_length"].to_pylist() == [0, 0, 4]
