"""The measuring of features, on made-up accounts: effects, costs and what is said where the accounts are not."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from botscan.features.registry import FEATURES
from botscan.simulate import make_audience
from botscan.training.sources import training_sets

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def effects(tmp_path, monkeypatch):
    """The benchmark, with made-up labelled accounts and a folder of results of its own."""
    monkeypatch.setenv("BOTSCAN_DATA", str(tmp_path / "data"))
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.delitem(sys.modules, "resumable", raising=False)
    spec = importlib.util.spec_from_file_location("feature_effects", FOLDER / "feature_effects.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    resumable = sys.modules["resumable"]
    monkeypatch.setattr(resumable, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(module, "RESULTS", tmp_path / "results")
    yield module
    monkeypatch.delitem(sys.modules, "resumable")


def write_labelled(folder, n=40):
    """Write some invented accounts of every set that trains."""
    tables = []
    for number, item in enumerate(training_sets("twitter")):
        for label, use in ((0, item.organic), (1, item.suspicious)):
            if use != "no":
                audience = make_audience(n, 1.0 - label, random_state=number)
                table = audience.accounts.table.drop_columns(["follow_rank"])
                ids = pa.array([f"{10**12 + 1000 * len(tables) + row}" for row in range(n)], pa.large_string())
                table = table.set_column(0, "account_id", ids)
                table = table.append_column("dataset", pa.array([item.dataset] * n))
                tables.append(table.append_column("label", pa.array([label] * n)))
    (folder / "labelled").mkdir(parents=True)
    pq.write_table(pa.concat_tables(tables), folder / "labelled" / "twitter.parquet")


def test_a_variant_is_a_feature_that_the_recipe_lacks_or_a_family_of_them(effects):
    variants = effects.variants()
    added = {name for names in variants.values() for name in names} - set(effects.UNKNOWN)
    assert not added & set(effects.recipe().features)
    assert {"handle_pair_surprise", "bio_link_count", "handle_trailing_digits"} <= added
    assert all(variants[name] == (name,) for name in added)
    assert set(variants["all of these"]) == added
    assert len(variants["family scripts"]) == 4


def test_effects_are_measured_against_the_recipe(effects, tmp_path, monkeypatch):
    write_labelled(tmp_path / "data")
    control = next(iter(effects.CONTROLS))
    some = (effects.NOTHING, control, "bio_link_count", effects.PAIRS, effects.SHIPPED_PAIRS)
    few = {name: effects.variants()[name] for name in some}
    monkeypatch.setattr(effects, "variants", lambda: few)
    result = effects.effects()
    assert list(result) == list(some)
    assert result[effects.NOTHING]["change"] == {"auc": 0.0, "recall_at_5": 0.0}
    for one in result.values():
        assert 0.5 < one["worst_auc"] == min(one["auc_by_fold"].values()) <= one["auc"] <= 1
        assert len(one["auc_by_fold"]) == 5
    assert result["bio_link_count"]["known"] == {"suspicious": 1.0, "organic": 1.0}
    assert result[control]["known"] == {"suspicious": 0.0, "organic": 0.0}
    lines = list(effects.effect_lines(result))
    assert len(lines) == 2 + len(some)
    assert len({line.count("|") for line in lines}) == 1
    # A second run reads its lines instead of fitting again.
    monkeypatch.setattr(effects, "measure_fold", None)
    assert effects.effects() == result


def test_a_table_of_pairs_never_counts_the_people_it_is_tested_on(effects, tmp_path):
    write_labelled(tmp_path / "data")
    asked = []
    tool = effects.pairs_tool()
    read = tool.read_handles
    tool.read_handles = lambda left_out: asked.append(set(left_out)) or read(left_out)
    table, _ = effects.labelled_rows()
    folds = effects.loso_folds(table)
    for fold in folds:
        effects.measure_fold(fold, effects.PAIRS)
    wanted = {frozenset(table.dataset[fold.test & (table.label == 0)].tolist()) for fold in folds}
    assert {frozenset(names) for names in asked} == wanted
    n_all = len(read())
    assert len(read(["cresci-2017/genuine"])) == n_all - 40


def test_every_family_has_a_cost_and_a_dear_one_is_named(effects, capsys):
    result = effects.cost(300, 1)
    assert set(result) == {one.family for one in FEATURES}
    assert {name for one in result.values() for name in one["features"]} == {one.name for one in FEATURES}
    assert all(one["microseconds"] > 0 and one["ratio_to_bare_read"] > 0 for one in result.values())
    lines = list(effects.cost_lines(result))
    assert len(lines) == 2 + len(result)
    assert len({line.count("|") for line in lines}) == 1
    dear = {**result, "emoji": {**result["emoji"], "microseconds": np.inf}, "age": {**result["age"], "budget": None}}
    assert "emoji" in effects.over_budget(dear)
    assert "age" not in effects.over_budget(dear)


def test_without_the_accounts_the_reason_is_told(effects, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(sys, "argv", ["feature_effects.py", "--accounts", "100", "--rounds", "1"])
    monkeypatch.setattr(effects, "over_budget", lambda _: [])
    assert effects.main() == 0
    assert f"skipped: {tmp_path / 'data'} is not here" in capsys.readouterr().out
    assert "skipped" in (tmp_path / "results" / "feature_effects.json").read_text()
