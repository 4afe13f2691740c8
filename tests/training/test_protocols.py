"""The three protocols on a made-up table: what trains never meets what is tested, and the figures are those of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.features.grid import n_bins
from botscan.scoring.patterns import PATTERNS
from botscan.training.baselines import LowRatio, fit_follow_ratio
from botscan.training.bin_table import BinTable
from botscan.training.folds import LOSO_SOURCES, people_sources
from botscan.training.protocols import (
    PROTOCOLS,
    Cell,
    below_ratio,
    measure_fold,
    measure_protocol,
    ordered,
    protocol_folds,
)
from botscan.training.recipes import RECIPES
from botscan.training.scoreboard import (
    PeopleScores,
    Ranking,
    leave_people_out,
    score_fold,
    shipped_line,
    summarise,
)
from botscan.training.sources import training_sets

RECIPE = next(recipe for recipe in RECIPES if recipe.platform == "twitter")
FULL = PATTERNS["twitter"][0]
RATIO = "followers_following_ratio"


def made_up(seed=0, n_each=12):
    """Return a few rows of every data set of the recipe, with bins that mean nothing but a falling ratio."""
    rng = np.random.Generator(np.random.Philox(seed))
    rows = [
        (item.dataset, item.source, label)
        for item in training_sets("twitter")
        for label, use in ((0, item.organic), (1, item.suspicious))
        if use != "no"
        for _ in range(n_each)
    ]
    dataset, source, label = (np.array(column) for column in zip(*rows, strict=True))
    bins = {name: rng.integers(0, n_bins(name), len(rows)).astype(np.uint8) for name in RECIPE.features}
    middle = n_bins(RATIO) // 2
    bins[RATIO] = (rng.integers(0, middle, len(rows)) + np.where(label == 0, middle, middle // 2)).astype(np.uint8)
    order = rng.permutation(len(rows))
    table = BinTable(np.full(len(rows), "twitter"), dataset, source, label.astype(np.int8), bins)
    return table.take(order)


class Recorder:
    """Fits nothing, and remembers which rows it was given to learn from."""

    def __init__(self):
        self.given = []

    def __call__(self, table, rows, recipe):
        self.given.append(np.asarray(rows))
        return LowRatio(RATIO)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 2**32), st.sampled_from(PROTOCOLS))
def test_no_row_is_trained_on_and_tested(seed, protocol):
    table = made_up(seed, n_each=4)
    for fold in protocol_folds(table, protocol):
        assert not fold.test[fold.train].any(), fold.name
        assert {0, 1} == set(table.label[fold.test].tolist()), fold.name


def test_a_crossed_cell_leaves_both_sources_out_whole():
    table = made_up()
    folds = {fold.name: fold for fold in protocol_folds(table, "CROSS-45")}
    assert len(folds) == len(LOSO_SOURCES) * len(people_sources(table)) == 45
    for name, fold in folds.items():
        suspicious, people = name.split(" | ")
        assert not {suspicious, people} & set(table.source[fold.train].tolist())
        tested = set(zip(table.source[fold.test].tolist(), table.label[fold.test].tolist(), strict=True))
        assert tested == {(suspicious, 1), (people, 0)}


def test_known_sources_train_by_one_half_and_are_tested_by_the_other():
    table = made_up()
    folds = protocol_folds(table, "KNOWN-45")
    assert sorted(fold.name for fold in folds) == sorted(people_sources(table))
    is_suspicious = table.label == 1
    for fold in folds:
        assert fold.name not in table.source[fold.train][table.label[fold.train] == 0]
        assert set(table.source[fold.test & ~is_suspicious].tolist()) == {fold.name}
        assert set(table.source[fold.test & is_suspicious].tolist()) == set(LOSO_SOURCES)
        assert set(table.source[fold.train][table.label[fold.train] == 1].tolist()) == set(LOSO_SOURCES)
        # The same half in every fold, so that cells differ in their people alone.
        assert np.array_equal(fold.test & is_suspicious, folds[0].test & is_suspicious)


@pytest.mark.parametrize(
    ("protocol", "n_cells", "n_fits"), [("LOSO-5", 5, 5), ("CROSS-45", 45, 45), ("KNOWN-45", 45, 9)]
)
def test_every_cell_is_measured_once(protocol, n_cells, n_fits):
    table, fit = made_up(), Recorder()
    cells = measure_protocol(table, RECIPE, protocol, FULL, fit)
    assert len(fit.given) == n_fits
    assert len({(cell.suspicious, cell.people) for cell in cells}) == len(cells) == n_cells
    assert [cell.suspicious for cell in cells] == sorted((cell.suspicious for cell in cells), key=LOSO_SOURCES.index)
    assert all(cell.ranking.auc > 0.7 for cell in cells)
    assert all(cell.ranking.n_suspicious and cell.ranking.n_organic for cell in cells)


def test_campaigns_of_two_sources_stand_apart_against_the_same_people():
    table = made_up()
    (fold,) = [fold for fold in protocol_folds(table, "LOSO-5") if fold.name == "cresci-2015"]
    (cell,), parts = measure_fold(table, RECIPE, fold, FULL, fit_follow_ratio)
    assert [part.suspicious for part in parts] == [f"cresci-2015/{name}" for name in ("FSF", "INT", "TWT")]
    assert sum(part.ranking.n_suspicious for part in parts) == cell.ranking.n_suspicious
    assert {part.ranking.n_organic for part in parts} == {cell.ranking.n_organic}
    (other,) = [fold for fold in protocol_folds(table, "LOSO-5") if fold.name == "pronbots-2019"]
    assert measure_fold(table, RECIPE, other, FULL, fit_follow_ratio)[1] == []


def cell(suspicious, people, auc, recall=0.5):
    return Cell(suspicious, people, Ranking(10, 10, auc, auc, recall / 2, recall))


def test_cells_below_the_ratio_are_named_and_a_tie_is_no_win():
    model = [cell("a", "x", 0.9), cell("a", "y", 0.8), cell("b", "x", 0.7)]
    ratio = [cell("b", "x", 0.6), cell("a", "y", 0.8), cell("a", "x", 0.95)]
    found = [(one.suspicious, one.people, one.auc, one.ratio_auc) for one in below_ratio(model, ratio)]
    assert found == [("a", "x", 0.9, 0.95), ("a", "y", 0.8, 0.8)]


def test_cells_sum_up_to_mean_and_worst():
    found = summarise([cell("a", "x", 0.9, 0.4).measure(), cell("b", "x", 0.7, 0.8).measure()])
    assert (found["mean"]["auc"], found["worst"]["auc"]) == (pytest.approx(0.8), 0.7)
    assert (found["mean"]["recall_at_5"], found["worst"]["recall_at_5"]) == (pytest.approx(0.6), 0.4)
    assert set(found["mean"]) == {"auc", "average_precision", "recall_at_1", "recall_at_5"}


def test_data_sets_stand_with_their_source():
    names = ["cresci-2017/social_spambots_1", "caverlee-2011", "cresci-2015/TWT", "cresci-2015/FSF"]
    assert [one.suspicious for one in ordered([cell(name, "x", 0.5) for name in names])] == [
        "cresci-2015/FSF", "cresci-2015/TWT", "caverlee-2011", "cresci-2017/social_spambots_1",
    ]  # fmt: skip


@pytest.mark.parametrize("name", LOSO_SOURCES)
def test_the_line_of_a_fold_never_meets_what_is_left_out(name):
    table, fit = made_up(), Recorder()
    (fold,) = [fold for fold in protocol_folds(table, "LOSO-5") if fold.name == name]
    scores = score_fold(table, RECIPE, PATTERNS["twitter"], fold, fit)
    assert len(fit.given) > 5
    assert not any(fold.test[rows].any() for rows in fit.given)
    assert set(scores) == {pattern.name for pattern in PATTERNS["twitter"]}
    assert len(scores["full"].steps) == fold.test.sum()


@pytest.mark.parametrize("source", ["cresci-2017", "twibot-22-sample"])
def test_the_nested_line_never_meets_the_people_it_judges(source):
    table, fit = made_up(), Recorder()
    people = leave_people_out(table, RECIPE, [FULL], source, fit)["full"]
    assert not any((table.source[rows] == source).any() for rows in fit.given)
    is_person = (table.source == source) & (table.label == 0)
    wanted = LowRatio(RATIO).score({RATIO: table.bins[RATIO][is_person]}, ())
    assert np.array_equal(people.steps, wanted)
    # Spoiling these people moves their own line and not the nested one.
    table.bins[RATIO][is_person] = 0
    spoiled = leave_people_out(table, RECIPE, [FULL], source, fit)["full"]
    assert spoiled.nested_line == people.nested_line
    assert spoiled.own_line > people.own_line


def test_the_shipped_line_is_the_largest_and_not_below_zero():
    people = [PeopleScores(name, np.array([0, 5, 9], np.int32), line, 6) for name, line in (("a", 3), ("b", 7))]
    assert shipped_line(people) == 7
    assert people[0].measure(7) == {
        "source": "a",
        "n": 3,
        "shipped": pytest.approx(1 / 3),
        "nested": pytest.approx(1 / 3),
    }
    assert (
        shipped_line([PeopleScores("a", np.zeros(1, np.int32), -4, 0), PeopleScores("b", np.zeros(1, np.int32), -9, 0)])
        == 0
    )
