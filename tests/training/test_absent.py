import pytest

from botscan.features.registry import FEATURE
from botscan.scoring.card import features_of
from botscan.scoring.patterns import PATTERNS
from botscan.training.absent import ABSENCES, absent_entry, features_without, pattern_without
from botscan.training.recipes import RECIPES
from botscan.training.scoreboard import score_loso, summarise

RECIPE = next(recipe for recipe in RECIPES if recipe.platform == "twitter")
FULL = PATTERNS["twitter"][0]


@pytest.mark.parametrize(("absent", "columns"), ABSENCES.items(), ids=list(ABSENCES))
def test_what_is_left_needs_nothing_absent_and_holds_all_that_is_scored(absent, columns):
    known = features_without(features_of(FULL, RECIPE.features), columns)
    assert not any(set(FEATURE[name].needs) & set(columns) for name in known)
    pattern = pattern_without(FULL, columns)
    if pattern is not None:
        assert not set(pattern.columns) & set(columns)
        assert set(features_of(pattern, RECIPE.features)) <= set(known)
    assert (absent == "nothing") == (len(known) == len(features_of(FULL, RECIPE.features)))


def test_every_absence_is_of_columns_of_the_full_pattern():
    assert {column for columns in ABSENCES.values() for column in columns} <= set(FULL.columns)


def test_figures_of_a_pattern_are_those_of_the_scoreboard(small_loso):
    table, recipe, models = small_loso
    entry = {one["absent"]: one for one in absent_entry(table, recipe, models)}
    assert list(entry) == list(ABSENCES)
    patterns = [FULL, pattern_without(FULL, ABSENCES["dates"])]
    board = score_loso(table, recipe, patterns)
    for absent, pattern in zip(("nothing", "dates"), patterns, strict=True):
        figures = summarise([fold.measure() for fold in board[pattern.name]])
        found = entry[absent]["as_scored"]
        assert found["auc"] == pytest.approx(figures["mean"]["auc"], abs=1e-4)
        assert found["worst_auc"] == pytest.approx(figures["worst"]["auc"], abs=1e-4)
        assert found["recall_at_5"] == pytest.approx(figures["mean"]["recall_at_5"], abs=1e-4)
    assert entry["nothing"]["as_scored"] == entry["nothing"]["from_all"]
    assert (entry["post count"]["as_scored"], entry["post count"]["pattern"]) == (None, None)
