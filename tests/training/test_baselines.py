import numpy as np

from botscan.features.grid import MISSING, n_bins
from botscan.training.baselines import LowRatio, fit_forest
from botscan.training.bin_table import read_bin_table
from botscan.training.folds import validation_folds
from botscan.training.recipes import RECIPES
from botscan.training.scoreboard import rank


def test_the_lower_the_ratio_the_higher_the_score():
    name = "posts_following_ratio"
    codes = np.arange(n_bins(name), dtype=np.uint8)
    steps = LowRatio(name).score({name: codes}, ())
    assert (np.diff(steps) < 0).all()
    middle = LowRatio(name).score({name: np.array([MISSING], np.uint8)}, ())
    assert steps.min() < middle < steps.max()


def test_the_forest_ranks_rows_it_never_saw_and_reads_gaps_as_the_median():
    (recipe,) = [recipe for recipe in RECIPES if recipe.platform == "instagram"]
    table = read_bin_table().of_platform("instagram", recipe.features)
    fold = validation_folds(table, recipe)[1]
    forest = fit_forest(table, fold.train, recipe)
    test = table.take(fold.test)
    assert rank(test.label, forest.score(test.bins, recipe.features)).auc > 0.9
    gaps = {name: np.full(2, MISSING, np.uint8) for name in recipe.features}
    medians = {name: np.full(2, forest.medians[name], np.uint8) for name in recipe.features}
    assert np.array_equal(forest.score(gaps, recipe.features), forest.score(medians, recipe.features))
    assert np.array_equal(forest.score(medians, ()), forest.score(gaps, recipe.features))
