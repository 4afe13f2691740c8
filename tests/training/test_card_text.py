import numpy as np

from botscan.training.bin_table import read_bin_table
from botscan.training.card_text import about_model, training_entry
from botscan.training.folds import sample_rows
from botscan.training.recipes import RECIPES


def test_the_card_tells_sources_seed_versions_and_limits():
    about = about_model(read_bin_table())
    assert {"citations", "library_versions", "limits", "method", "n_configurations_tried", "random_state"} <= set(about)
    assert any("social_spambots_3" in limit for limit in about["limits"])
    assert any("allow list" in limit for limit in about["limits"])
    assert any("10.1016/j.dss.2015.09.003" in citation for citation in about["citations"])


def test_rows_are_told_by_data_set_and_label():
    recipe = RECIPES[0]
    table = read_bin_table().of_platform(recipe.platform, recipe.features)
    rows = table.take(sample_rows(table, np.ones(len(table), dtype=bool)))
    entry = training_entry(rows, recipe)
    assert sum(item["n_organic"] + item["n_suspicious"] for item in entry["datasets"]) == len(rows)
    assert all(item["n_organic"] + item["n_suspicious"] <= 3_000 for item in entry["datasets"])
    assert entry["settings"]["drop_probability"] == 0.3
    assert entry["settings"]["memory"]["n_levels"] == 8
