from dataclasses import replace

import numpy as np
import pytest

from botscan.features.grid import MISSING
from botscan.scoring.card import features_of
from botscan.scoring.patterns import PATTERNS
from botscan.training.bin_table import read_bin_table
from botscan.training.fitted import fit_recipe, pair_sums
from botscan.training.folds import sample_rows
from botscan.training.recipes import RECIPES

RECIPE = next(recipe for recipe in RECIPES if recipe.platform == "twitter")


@pytest.fixture(scope="module")
def fitted():
    """The Twitter recipe on a tenth of its rows."""
    table = read_bin_table().of_platform("twitter", RECIPE.features)
    rows = sample_rows(table, np.ones(len(table), dtype=bool), limit=300)
    return fit_recipe(table, rows, RECIPE), table.take(rows)


@pytest.mark.parametrize("pattern", PATTERNS["twitter"], ids=lambda pattern: pattern.name)
def test_a_score_is_its_tables_plus_what_the_pairs_exceed_their_line_by(fitted, pattern):
    model, rows = fitted
    features = features_of(pattern, RECIPE.features)
    tables = model.tables.score(rows.bins, [name for name in RECIPE.tables if name in features])
    excess = model.score(rows.bins, features) - tables
    assert (excess >= 0).all()
    assert np.array_equal(excess, np.maximum(pair_sums(model.memory, rows.bins, features), 0))


@pytest.mark.parametrize("pattern", PATTERNS["twitter"], ids=lambda pattern: pattern.name)
def test_the_pairs_are_silent_for_most_training_people_and_speak_for_most_known_batches(fitted, pattern):
    model, rows = fitted
    features = features_of(pattern, RECIPE.features)
    speaks = pair_sums(model.memory, rows.bins, features) > 0
    # The fewer pairs are known, the more of their noise is left.
    assert speaks[rows.label == 0].mean() <= 0.35
    assert speaks[rows.label == 1].mean() >= 0.5


def test_of_an_unknown_account_neither_layer_says_anything(fitted):
    model, _ = fitted
    nothing = {name: np.full(3, MISSING, dtype=np.uint8) for name in RECIPE.features}
    features = features_of(PATTERNS["twitter"][0], RECIPE.features)
    assert (model.score(nothing, features) == model.tables.intercept).all()


def test_every_table_is_drawn_towards_a_line(fitted):
    _, rows = fitted
    every = np.arange(len(rows))
    bent, between, straight = (
        fit_recipe(rows, every, replace(RECIPE, line_share=share, memory=None)).tables.tables
        for share in (0.0, 0.75, 1.0)
    )
    for name in RECIPE.tables:
        # Each of the three is rounded by half a step.
        assert np.abs(between[name] - (0.25 * bent[name] + 0.75 * straight[name])).max() <= 1.0
        assert np.abs(np.diff(straight[name], 2)).max(initial=0) <= 2
    assert np.abs(bent["posts_following_ratio"] - straight["posts_following_ratio"]).max() > 4
