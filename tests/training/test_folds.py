import numpy as np
import pytest

from botscan.training.bin_table import read_bin_table
from botscan.training.fitted import fit_recipe
from botscan.training.folds import (
    LOSO_SOURCES,
    cross_folds,
    is_light,
    known_folds,
    loso_folds,
    people_sources,
    sample_rows,
    validation_folds,
)
from botscan.training.recipes import RECIPES

RECIPE = {recipe.platform: recipe for recipe in RECIPES}


@pytest.fixture(scope="module")
def twitter():
    return read_bin_table().of_platform("twitter", ("followers_count",))


def test_loso_leaves_the_source_out_whole_and_tests_all_of_it(twitter):
    folds = loso_folds(twitter)
    assert [fold.name for fold in folds] == list(LOSO_SOURCES)
    for fold in folds:
        assert not fold.test[fold.train].any()
        assert fold.test[twitter.source == fold.name].all()
        assert fold.name not in twitter.source[fold.train]
        assert set(twitter.label[fold.test].tolist()) == {0, 1}


def test_sources_without_people_borrow_some_that_then_do_not_train(twitter):
    by_name = {fold.name: fold for fold in loso_folds(twitter)}
    for name in ("vendor-purchased-2019", "pronbots-2019"):
        fold = by_name[name]
        assert set(twitter.dataset[fold.test & (twitter.label == 0)].tolist()) == {"cresci-2017/genuine"}
        assert "cresci-2017/genuine" not in twitter.dataset[fold.train]
        assert "cresci-2017/social_spambots_1" in twitter.dataset[fold.train]


def test_only_people_train_lightly_and_they_do_train(twitter):
    light = is_light(twitter)
    assert set(twitter.source[light]) == {
        "cresci-stock-2018", "gilani-2017", "twibot-20", "twibot-22-sample", "verified-2019",
    }  # fmt: skip
    assert (twitter.label[light] == 0).all()
    assert all(light[fold.train].any() for fold in loso_folds(twitter))


def test_cross_leaves_both_sources_out_whole(twitter):
    folds = cross_folds(twitter)
    assert len(folds) == 45
    for fold in folds:
        suspicious, people = fold.name.split(" | ")
        assert set(twitter.source[fold.test & (twitter.label == 1)]) == {suspicious}
        assert set(twitter.source[fold.test & (twitter.label == 0)]) == {people}
        assert not {suspicious, people} & set(twitter.source[fold.train])


def test_known_leaves_people_out_whole_and_half_of_each_suspicious_source(twitter):
    folds = known_folds(twitter)
    assert [fold.name for fold in folds] == list(people_sources(twitter))
    for fold in folds:
        assert not fold.test[fold.train].any()
        trains = np.zeros(len(twitter), dtype=bool)
        trains[fold.train] = True
        assert not (trains & (twitter.label == 0) & (twitter.source == fold.name)).any()
        for source in LOSO_SOURCES:
            of_source = (twitter.source == source) & (twitter.label == 1)
            assert 0.45 < fold.test[of_source].mean() < 0.55
            assert (trains & of_source).any()


def test_no_data_set_gives_more_than_its_cap(twitter):
    rows = sample_rows(twitter, np.ones(len(twitter), dtype=bool), limit=500)
    datasets, counts = np.unique(twitter.dataset[rows], return_counts=True)
    for dataset, count in zip(datasets, counts, strict=True):
        assert count == min(500, (twitter.dataset == dataset).sum())
    assert np.array_equal(rows, np.unique(rows))


def test_the_sample_of_a_set_does_not_depend_on_what_else_is_left_out(twitter):
    whole = sample_rows(twitter, np.ones(len(twitter), dtype=bool))
    less = sample_rows(twitter, twitter.source != "cresci-2015")
    assert np.array_equal(whole[twitter.source[whole] != "cresci-2015"], less)


@pytest.mark.parametrize("platform", ["twitter", "instagram", "general"])
def test_validation_leaves_every_source_out_once(platform):
    table = read_bin_table().of_platform(platform, ("followers_count",))
    folds = validation_folds(table, RECIPE[platform])
    assert (np.sum([fold.test for fold in folds], axis=0) == 1).all()
    for fold in folds:
        assert not set(table.source[fold.test].tolist()) & set(table.source[fold.train].tolist())


def test_nested_folds_stay_inside_what_is_allowed(twitter):
    outer = loso_folds(twitter)[0]
    for fold in validation_folds(twitter, RECIPE["twitter"], ~outer.test):
        assert not (fold.test & outer.test).any()
        assert not outer.test[fold.train].any()
        assert not fold.test[fold.train].any()


def test_one_source_is_cut_in_random_halves():
    table = read_bin_table().of_platform("tiktok", ("followers_count",))
    first, second = validation_folds(table, RECIPE["tiktok"])
    assert np.array_equal(first.test, ~second.test)
    assert not first.test[first.train].any()
    assert not second.test[second.train].any()
    assert 0.45 < first.test.mean() < 0.55


def test_a_fit_does_not_look_at_the_rows_left_out():
    recipe = RECIPE["tiktok"]
    table = read_bin_table().of_platform("tiktok", recipe.features)
    fold = validation_folds(table, recipe)[0]
    model = fit_recipe(table, fold.train, recipe)
    spoiled = table.take(np.arange(len(table)))
    for codes in spoiled.bins.values():
        codes[fold.test] = 0
    spoiled.label[fold.test] = 1
    again = fit_recipe(spoiled, fold.train, recipe)
    assert again.tables.intercept == model.tables.intercept
    assert all(np.array_equal(again.tables.tables[name], model.tables.tables[name]) for name in recipe.tables)
