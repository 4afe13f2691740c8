"""bs.compare_rules takes whatever a list is taken as."""

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import botscan as bs
from botscan.errors import SchemaError

ROWS = [
    {"account_id": "1", "platform": "twitter", "followers_count": 1, "following_count": 50, "posts_count": 0},
    {"account_id": "2", "platform": "twitter", "followers_count": 40, "following_count": 50, "posts_count": 9},
]


@pytest.mark.parametrize("take", [list, pd.DataFrame, pl.DataFrame, pa.Table.from_pylist])
def test_tables_in_memory(take):
    assert bs.compare_rules(take(ROWS)).rows == bs.compare_rules(bs.read_accounts(ROWS)).rows


def test_paths_with_options_of_reading(tmp_path):
    path = tmp_path / "list.csv"
    pd.DataFrame(ROWS).drop(columns="platform").to_csv(path, index=False)
    found = bs.compare_rules(path, platform="twitter")
    assert {row.name: row.n_flagged for row in found.rows}["ratio_50"] == 1
    assert found.platform == "twitter"


def test_verdicts_stand_beside_the_rules_where_scores_are_given():
    accounts = bs.make_audience(n=200).accounts
    scores = bs.score_accounts(accounts)
    found = bs.compare_rules(accounts, scores)
    assert found.rows[-1].n_flagged == scores.segments()["suspicious"]
    assert found.model["sha256"] == scores.model_sha256
    with pytest.raises(SchemaError, match="another list"):
        bs.compare_rules(ROWS, scores)


def test_it_is_a_public_value():
    assert isinstance(bs.compare_rules(ROWS), bs.RuleComparison)
