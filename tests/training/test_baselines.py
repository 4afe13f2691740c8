import numpy as np
import pytest

from botscan.features.grid import MISSING, n_bins
from botscan.training import baselines
from botscan.training.baselines import (
    METADATA_ABSENT,
    METADATA_FEATURES,
    LowRatio,
    fit_boosting,
    fit_follow_ratio,
    fit_forest,
    fit_logistic,
    fit_metadata_forest,
    fit_post_ratio,
)
from botscan.training.bin_table import BinTable, read_bin_table
from botscan.training.folds import validation_folds
from botscan.training.recipes import RECIPES
from botscan.training.scoreboard import rank

RECIPE = {recipe.platform: recipe for recipe in RECIPES}
FITTED = [fit_logistic, fit_forest, fit_metadata_forest, fit_boosting]


@pytest.fixture(scope="module")
def instagram():
    return read_bin_table().of_platform("instagram", RECIPE["instagram"].features)


def test_the_lower_the_ratio_the_higher_the_score():
    name = "posts_following_ratio"
    codes = np.arange(n_bins(name), dtype=np.uint8)
    steps = LowRatio(name).score({name: codes}, ())
    assert (np.diff(steps) < 0).all()
    middle = LowRatio(name).score({name: np.array([MISSING], np.uint8)}, ())
    assert steps.min() < middle < steps.max()


@pytest.mark.parametrize("fit", FITTED)
def test_it_ranks_rows_it_never_saw_and_reads_gaps_as_the_median(fit, instagram):
    recipe = RECIPE["instagram"]
    fold = validation_folds(instagram, recipe)[1]
    model = fit(instagram, fold.train, recipe)
    test = instagram.take(fold.test)
    assert rank(test.label, model.score(test.bins, recipe.features)).auc > 0.9
    gaps = {name: np.full(2, MISSING, np.uint8) for name in recipe.features}
    medians = {name: np.full(2, median, np.uint8) for name, median in model.medians.items()}
    assert np.array_equal(model.score(gaps, recipe.features), model.score({**gaps, **medians}, recipe.features))
    assert np.array_equal(model.score({**gaps, **medians}, ()), model.score(gaps, recipe.features))


@pytest.mark.parametrize("fit", FITTED)
def test_a_score_of_zero_is_where_both_kinds_weigh_alike(fit, instagram):
    """Classes weigh alike whatever their sizes, and nothing tells them apart: every score is close to 0."""
    recipe = RECIPE["instagram"]
    n = 400
    label = (np.arange(n) % 4 == 0).astype(np.int8)
    bins = {name: np.zeros(n, np.uint8) for name in recipe.features}
    names = np.full(n, "kaggle_ig")
    table = BinTable(np.full(n, "instagram"), names, names, label, bins)
    scores = fit(table, np.arange(n), recipe).score(bins, recipe.features)
    assert np.abs(scores).max() <= 60


def test_a_source_counts_the_same_however_many_rows_it_has():
    """Two sources of people disagree about one feature; the larger one does not win."""
    recipe = RECIPE["instagram"]
    label = np.repeat(np.array([1, 0, 0], np.int8), (200, 20, 2_000))
    source = np.repeat(["kaggle_ig", "kaggle_ig", "belericks"], (200, 20, 2_000))
    bins = {name: np.zeros(len(label), np.uint8) for name in recipe.features}
    bins["posts_count"] = np.repeat(np.array([4, 4, 0], np.uint8), (200, 20, 2_000))
    table = BinTable(np.full(len(label), "instagram"), source, source, label, bins)
    model = fit_logistic(table, np.arange(len(label)), recipe)
    like_the_small_one = {**{name: np.zeros(1, np.uint8) for name in bins}, "posts_count": np.array([4], np.uint8)}
    # One half of the people and all of the suspicious look so: odds of two to one, not of ten to one.
    assert model.score(like_the_small_one, recipe.features)[0] == pytest.approx(1_000 * np.log(2), abs=60)


def test_light_sources_train_at_a_tenth():
    recipe = RECIPE["twitter"]
    label = np.repeat(np.array([1, 0, 0], np.int8), 100)
    dataset = np.repeat(["cresci-2015/FSF", "cresci-2015/TFP", "verified-2019"], 100)
    source = np.repeat(["cresci-2015", "cresci-2015", "verified-2019"], 100)
    bins = {name: np.zeros(300, np.uint8) for name in recipe.features}
    bins["posts_count"] = np.repeat(np.array([4, 4, 0], np.uint8), 100)
    table = BinTable(np.full(300, "twitter"), dataset, source, label, bins)
    ordinary = {**{name: np.zeros(1, np.uint8) for name in bins}, "posts_count": np.array([4], np.uint8)}
    found = fit_logistic(table, np.arange(300), recipe).score(ordinary, recipe.features)[0]
    assert found == pytest.approx(1_000 * np.log(1.1), abs=60)


def test_the_metadata_forest_reads_what_the_paper_lists_and_no_more():
    recipe = RECIPE["twitter"]
    assert set(METADATA_FEATURES) <= set(recipe.features)
    assert len(METADATA_FEATURES) + len(METADATA_ABSENT) == 20
    rng = np.random.Generator(np.random.Philox(0))
    bins = {name: rng.integers(0, n_bins(name), 60).astype(np.uint8) for name in recipe.features}
    names = np.full(60, "caverlee-2011")
    table = BinTable(np.full(60, "twitter"), names, names, (np.arange(60) % 2).astype(np.int8), bins)
    assert tuple(fit_metadata_forest(table, np.arange(60), recipe).medians) == METADATA_FEATURES


def test_the_ratios_are_two():
    assert fit_follow_ratio(None, None, None).name == "followers_following_ratio"
    assert fit_post_ratio(None, None, None).name == "posts_following_ratio"
    assert "arxiv.org/abs/1911.09179" in baselines.__doc__
