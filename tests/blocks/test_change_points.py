"""Stretches between change points of the score."""

import numpy as np
import pytest

from botscan.blocks import change_points
from botscan.blocks.change_points import NEIGHBOURS, score_stretches


def noise(n, seed=0):
    return np.random.default_rng(seed).normal(size=n)


@pytest.mark.parametrize("steps", [(600,), (600, 900), (500, 1_500, 1_600, 2_500)])
def test_known_steps_are_found_to_the_point(steps):
    scores = noise(3_000)
    for place in steps:
        scores[place:] += 2.0 if steps.index(place) % 2 == 0 else -2.0
    assert score_stretches(scores) == list(zip((0, *steps), (*steps, 3_000), strict=True))


def test_steps_of_scores_with_ties_are_found():
    scores = np.round(noise(3_000))
    scores[1_000:1_400] += 2.0
    assert score_stretches(scores) == [(0, 1_000), (1_000, 1_400), (1_400, 3_000)]


def test_two_values_alone_show_a_step_too():
    scores = (np.random.default_rng(1).random(3_000) < 0.1).astype(float)
    scores[2_000:2_300] = np.random.default_rng(2).random(300) < 0.8
    assert score_stretches(scores) == [(0, 2_000), (2_000, 2_300), (2_300, 3_000)]


def test_unknown_scores_between_others_hide_no_step_and_make_none():
    scores = noise(3_000)
    scores[::3] = np.nan
    assert score_stretches(scores) == [(0, 3_000)]
    scores[1_000:1_400] += 2.0
    assert score_stretches(scores) == [(0, 1_000), (1_000, 1_400), (1_400, 3_000)]


def test_neighbours_of_whom_no_score_is_known_are_no_change():
    scores = noise(4_000)
    scores[1_000:1_500] = np.nan
    assert score_stretches(scores) == [(0, 4_000)]


def test_without_scores_or_with_one_score_for_all_nothing_changes():
    assert score_stretches(np.full(1_000, np.nan)) == []
    assert score_stretches(np.zeros(1_000)) == []


@pytest.mark.parametrize("n", [0, 1, 4 * NEIGHBOURS - 1])
def test_a_short_list_has_no_stretches(n):
    assert score_stretches(noise(n)) == []


def test_stretches_cover_a_list_whose_length_is_no_whole_number_of_points():
    scores = noise(2_033)
    scores[1_000:] += 2.0
    assert score_stretches(scores) == [(0, 1_000), (1_000, 2_033)]


def test_any_monotone_distortion_of_the_scores_gives_the_same_stretches():
    scores = noise(3_000, 5)
    scores[800:1_100] += 1.5
    wanted = score_stretches(scores)
    assert len(wanted) == 3
    assert score_stretches(np.exp(3 * scores)) == wanted


def test_scores_that_change_nowhere_rarely_show_a_change():
    assert sum(len(score_stretches(noise(2_000, seed))) > 1 for seed in range(60)) <= 6


def test_a_long_list_has_wider_points_not_more(monkeypatch):
    monkeypatch.setattr(change_points, "_MOST_POINTS", 20)
    scores = noise(4_000)
    scores[2_000:3_000] += 2.0
    found = score_stretches(scores)
    assert found == [(0, 2_000), (2_000, 3_000), (3_000, 4_000)]
    assert {start % 200 for start, _ in found} == {0}
