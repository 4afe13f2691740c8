import numpy as np
import pytest

from botscan.features.grid import EDGES
from botscan.scoring.model_files import read_bundle
from botscan.training import build, evasion, own_labels
from botscan.training.build import MODEL_FOLDER
from botscan.training.card_entries import ABSTAIN_BELOW, feature_entry, rounded
from botscan.training.fit import TableModel
from botscan.training.recipes import RECIPES


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.platform)
def test_the_shipped_card_is_made_of_these_entries(recipe):
    section = read_bundle(MODEL_FOLDER).card["platforms"][recipe.platform]
    assert section["abstain_below"] == ABSTAIN_BELOW
    tables = {one["name"]: np.rint(np.array(one["points"]) * 20).astype(np.int32) for one in section["features"]}
    assert [feature_entry(name, TableModel(0, tables), recipe) for name in recipe.tables] == section["features"]


def test_edges_come_back_as_the_same_numbers():
    name = "followers_following_ratio"
    entry = feature_entry(name, TableModel(0, {name: np.zeros(len(EDGES[name]) + 1, np.int32)}), RECIPES[0])
    assert np.array_equal(np.array(entry["edges"], np.float32), EDGES[name])
    assert (entry["monotone"], entry["missing"]) == ("falling", 0)


def test_rounding_leaves_what_is_no_float():
    plain = {"a": [0.123456, 1, "x", None, True], "b": {"c": 2.00006}}
    assert rounded(plain) == {"a": [0.1235, 1, "x", None, True], "b": {"c": 2.0001}}
    assert rounded(rounded(plain)) == rounded(plain)


def test_they_are_written_once():
    assert build.feature_entry is own_labels.feature_entry is feature_entry
    assert build.rounded is evasion.rounded is rounded
    assert build.ABSTAIN_BELOW is own_labels.ABSTAIN_BELOW
