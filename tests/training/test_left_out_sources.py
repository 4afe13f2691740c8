import numpy as np
import pytest

from botscan.evidence.labels import NOTHING
from botscan.training import left_out_sources
from botscan.training.labelled_rows import gather_rows
from botscan.training.left_out_sources import fit_own, leave_each_out, measure_folds
from botscan.training.scoreboard import rank


class Recorder:
    """Fits as always and keeps which rows trained."""

    def __init__(self):
        self.trained = []

    def __call__(self, table, rows, recipe):
        self.trained.append((table.source[rows], table.label[rows]))
        return fit_own(table, rows, recipe)


def only(label):
    return lambda said: np.where(said == label, said, NOTHING)


def test_every_source_is_left_out_once_and_never_trains_then(labelled):
    rows = gather_rows([labelled(1), labelled(2), labelled(3)])
    fit = Recorder()
    validation, folds = leave_each_out(rows, fit)
    assert validation == "left_out_sources"
    assert [fold.name for fold in folds] == ["source_1", "source_2", "source_3"]
    for fold, (sources, _) in zip(folds, fit.trained, strict=False):
        assert set(sources.tolist()) == {"source_1", "source_2", "source_3"} - {fold.name}
        assert set(fold.left_out.rows.source.tolist()) == {fold.name}
        assert np.array_equal(rows.table.source[fold.rows], fold.left_out.rows.source)


def test_the_models_behind_a_line_saw_neither_source(labelled):
    rows = gather_rows([labelled(seed, n=200) for seed in (1, 2, 3, 4)])
    fit = Recorder()
    _, folds = leave_each_out(rows, fit)
    # Two sources that are left out together share one model.
    assert len(fit.trained) == 4 + 6
    for fold in folds:
        assert {one.fold.name for one in fold.line_setters} == {one.name for one in folds} - {fold.name}
        for one in fold.line_setters:
            left = {fold.name, one.fold.name}
            assert set(rows.table.source[one.fold.train].tolist()) == {other.name for other in folds} - left
            assert set(rows.table.source[one.fold.test].tolist()) == left
            assert set(one.rows.source.tolist()) == {one.fold.name}
            assert any(set(sources.tolist()) == set(rows.table.source[one.fold.train]) for sources, _ in fit.trained)


def test_the_line_of_a_source_does_not_move_with_its_own_labels(labelled):
    def lines(answers):
        rows = gather_rows([labelled(1), labelled(2), labelled(3, answers=answers)])
        fold = leave_each_out(rows)[1][2]
        return [one.steps(rows.recipe.features) for one in fold.line_setters]

    for honest, turned in zip(lines(None), lines(lambda said: 1 - said), strict=True):
        assert np.array_equal(honest, turned)


def test_with_two_sources_the_model_behind_the_line_knew_the_first(labelled):
    rows = gather_rows([labelled(1), labelled(2)])
    fit = Recorder()
    _, (first, second) = leave_each_out(rows, fit)
    assert len(fit.trained) == 2
    assert first.line_setters == (second.left_out,)
    assert second.line_setters == (first.left_out,)


def test_many_sources_are_not_left_out_by_twos(labelled, monkeypatch):
    rows = gather_rows([labelled(seed, n=200) for seed in (1, 2, 3)])
    for most, n_fits in ((3, 6), (2, 3)):
        monkeypatch.setattr(left_out_sources, "MAX_NESTED", most)
        fit = Recorder()
        _, folds = leave_each_out(rows, fit)
        assert len(fit.trained) == n_fits
        assert [len(fold.line_setters) for fold in folds] == [2, 2, 2]


def test_where_one_kind_alone_would_remain_the_model_knew_the_source(labelled):
    rows = gather_rows([labelled(1), labelled(2), labelled(3, answers=only(0))])
    _, (first, second, people) = leave_each_out(rows)
    assert first.line_setters[0] is second.left_out
    assert set(rows.table.source[first.line_setters[1].fold.train].tolist()) == {"source_2"}
    assert set(rows.table.source[people.line_setters[0].fold.train].tolist()) == {"source_2"}


def test_a_source_without_people_borrows_those_of_the_smallest_who_then_do_not_train(labelled):
    rows = gather_rows([labelled(1, n=400), labelled(2), labelled(3, answers=only(1))])
    fit = Recorder()
    _, folds = leave_each_out(rows, fit)
    sellers = folds[2]
    sources, labels = fit.trained[2]
    assert not sellers.has_people
    assert set(rows.table.source[sellers.people].tolist()) == {"source_2"}
    assert set(sources[labels == 0].tolist()) == {"source_1"}
    assert set(sources[labels == 1].tolist()) == {"source_1", "source_2"}
    measured = measure_folds(rows, folds)[2]
    assert (measured.n_organic, measured.false_alarm_rate) == (180, None)
    assert measured.auc > 0.9


def test_people_alone_are_left_out_for_their_false_alarms(labelled):
    rows = gather_rows([labelled(1), labelled(2), labelled(3, answers=only(0))])
    measured = measure_folds(rows, leave_each_out(rows)[1])[2]
    assert (measured.auc, measured.found_rate) == (None, None)
    assert measured.false_alarm_rate < 0.2


def test_a_source_with_few_of_both_always_trains(labelled):
    few = {str(1_000_000 + row): "few" for row in range(40)}
    rows = gather_rows([labelled(1, sources=few), labelled(2)])
    fit = Recorder()
    _, folds = leave_each_out(rows, fit)
    assert [fold.name for fold in folds] == ["source_1", "source_2"]
    assert all("few" in sources for sources, _ in fit.trained)


def test_one_source_gives_halves_with_each_kind_in_equal_parts(labelled):
    rows = gather_rows([labelled(1), labelled(2, answers=only(1))])
    validation, folds = leave_each_out(rows)
    assert validation == "random_halves"
    assert [fold.name for fold in folds] == ["half_1", "half_2"]
    assert abs(folds[0].n_of(0) - folds[1].n_of(0)) <= 1
    assert abs(folds[0].n_of(1) - folds[1].n_of(1)) <= 1
    assert not set(folds[0].rows.tolist()) & set(folds[1].rows.tolist())


def test_measures_are_those_of_the_left_out_rows_by_the_line_of_the_others(labelled):
    rows = gather_rows([labelled(1), labelled(2)])
    _, folds = leave_each_out(rows)
    first, second = folds
    features = rows.recipe.features
    measured = measure_folds(rows, folds)[0]
    steps = first.left_out.steps(features)
    label = first.left_out.rows.label
    assert measured.auc == rank(label, steps).auc
    others = np.sort(second.left_out.steps(features)[second.left_out.rows.label == 0])
    line = max(int(others[len(others) - int(0.01 * len(others)) - 1]) + 1, 0)
    spared = rows.is_spared[first.rows]
    assert measured.false_alarm_rate == pytest.approx(((steps >= line) & ~spared)[label == 0].mean())
    assert measured.found_rate == pytest.approx(((steps >= line) & ~spared)[label == 1].mean())


def test_no_name_of_a_source_changes_its_weight(labelled):
    # The name of a data set that trains lightly in the shipped model.
    named = {str(2_000_000 + row): "verified-2019" for row in range(300)}
    other = {str(2_000_000 + row): "anything" for row in range(300)}
    fitted = []
    for names in (named, other):
        rows = gather_rows([labelled(1), labelled(2, sources=names)])
        fitted.append(fit_own(rows.table, np.arange(len(rows.table)), rows.recipe))
    assert fitted[0].intercept == fitted[1].intercept
    assert all(np.array_equal(fitted[0].tables[name], fitted[1].tables[name]) for name in fitted[0].tables)
