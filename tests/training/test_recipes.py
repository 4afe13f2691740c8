import pytest

from botscan.features.grid import EDGES
from botscan.features.registry import FEATURE
from botscan.scoring.patterns import PATTERNS
from botscan.training.recipes import COUNT_FEATURES, RECIPES


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.platform)
def test_a_recipe_uses_what_its_patterns_know(recipe):
    assert len(set(recipe.features)) == len(recipe.features)
    assert set(recipe.features) <= set(FEATURE)
    assert set(recipe.features) <= set(EDGES)
    assert set(recipe.monotone) <= set(recipe.features)
    richest = set(PATTERNS[recipe.platform][0].columns)
    assert all(set(FEATURE[name].needs) <= richest for name in recipe.features)


def test_no_feature_names_its_source():
    used = {name for recipe in RECIPES for name in recipe.features}
    assert not used & {"has_website", "display_name_words", "is_private", "is_business", "is_verified", "language"}


def test_counts_are_common_to_all_platforms():
    assert all(set(COUNT_FEATURES) <= set(recipe.features) for recipe in RECIPES if recipe.platform != "twitter")
