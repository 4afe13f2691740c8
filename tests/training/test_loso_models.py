import numpy as np

from botscan.scoring.card import features_of
from botscan.scoring.patterns import PATTERNS
from botscan.training.folds import LOSO_SOURCES
from botscan.training.loso_models import fit_loso
from botscan.training.scoreboard import score_loso
from botscan.training.thresholds import line_quantile


def test_models_and_lines_are_those_of_the_scoreboard(small_loso):
    table, recipe, models = small_loso
    full = PATTERNS["twitter"][0]
    features = features_of(full, recipe.features)
    board = score_loso(table, recipe, [full])["full"]
    assert [one.fold.name for one in models] == list(LOSO_SOURCES)
    for ours, theirs in zip(models, board, strict=True):
        assert ours.line(features, line_quantile(full)) == theirs.line
        assert np.array_equal(ours.model.score(table.take(ours.fold.test).bins, features), theirs.steps)


def test_no_fold_trains_on_what_it_is_tested_on(small_loso):
    table, _, models = small_loso
    for one in models:
        left_out = set(np.unique(table.dataset[one.fold.test]))
        assert not left_out & set(np.unique(table.dataset[one.fold.train]))
        for inner in one.inner:
            assert not left_out & set(np.unique(inner.rows.dataset))


def test_lines_can_be_left_out(small_loso):
    table, recipe, models = small_loso
    without = fit_loso(table, recipe, with_lines=False)
    assert all(not one.inner for one in without)
    features = features_of(PATTERNS["twitter"][0], recipe.features)
    assert np.array_equal(without[0].model.score(table.bins, features), models[0].model.score(table.bins, features))
