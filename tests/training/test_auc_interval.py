import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.training.auc_interval import auc_interval
from botscan.training.scoreboard import rank


def both_kinds(rows):
    return {label for label, _ in rows} == {0, 1}


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(st.sampled_from([0, 1]), st.integers(-4, 4)), min_size=2, max_size=40).filter(both_kinds))
def test_the_point_is_the_area_and_lies_in_its_interval(rows):
    labels, scores = (np.array(column) for column in zip(*rows, strict=True))
    auc, lower, upper = auc_interval(labels, scores)
    assert auc == pytest.approx(rank(labels, scores).auc)
    assert 0 <= lower <= auc <= upper <= 1
    _, wider_lower, wider_upper = auc_interval(labels, scores, 0.99)
    assert wider_lower <= lower
    assert upper <= wider_upper
    mirrored = auc_interval(1 - labels, scores)
    assert mirrored == pytest.approx((1 - auc, 1 - upper, 1 - lower))


def test_the_variance_is_that_of_its_definition():
    rng = np.random.Generator(np.random.Philox(3))
    suspicious, organic = rng.integers(2, 9, 40), rng.integers(0, 7, 60)
    pairs = (suspicious[:, None] > organic) + 0.5 * (suspicious[:, None] == organic)
    variance = pairs.mean(axis=1).var(ddof=1) / 40 + pairs.mean(axis=0).var(ddof=1) / 60
    auc, lower, upper = auc_interval(np.repeat([1, 0], (40, 60)), np.concatenate([suspicious, organic]))
    reach = 1.959964 * np.sqrt(variance) / (auc * (1 - auc))
    middle = np.log(auc / (1 - auc))
    assert [lower, upper] == pytest.approx(1 / (1 + np.exp([reach - middle, -reach - middle])), abs=1e-6)


@pytest.mark.parametrize(("shift", "truth"), [(0.5, 0.63816), (2.0, 0.92135), (3.0, 0.98305)])
def test_it_holds_the_truth_about_as_often_as_it_says(shift, truth):
    rng = np.random.Generator(np.random.Philox(1))
    labels = np.repeat([1, 0], 100)
    n_held = 0
    for _ in range(400):
        _, lower, upper = auc_interval(labels, rng.normal(np.where(labels == 1, shift, 0.0)))
        n_held += lower <= truth <= upper
    assert n_held / 400 > 0.92


def test_kinds_that_are_told_apart_whole_are_not_certain():
    auc, lower, upper = auc_interval(np.repeat([0, 1], 100), np.repeat([0, 1], 100))
    assert (auc, upper) == (1.0, 1.0)
    assert 0.95 < lower < 0.97
    auc, lower, upper = auc_interval(np.repeat([0, 1], 100), np.zeros(200))
    assert auc == 0.5
    assert lower < 0.45
    assert upper > 0.55
