"""Crowds that stay improbable among everything that was looked at."""

from itertools import pairwise

import numpy as np
import pytest

from botscan.blocks.candidates import LEVEL, categories_in, numbers_of_tests, strongest_crowds
from botscan.blocks.change_points import score_stretches
from botscan.blocks.marks import FEWEST, MarkColumn
from botscan.blocks.scales import n_windows
from botscan.blocks.windows import find_crowds


@pytest.fixture
def planted():
    rng = np.random.default_rng(1)
    codes = (rng.random(4_000) < 0.1).astype(np.int32)
    codes[1_000:1_200] = rng.random(200) < 0.5
    codes[3_000:3_050] = rng.random(50) < 0.6
    return MarkColumn("inactive", codes, 0.15, 2.0)


def crowds_of(columns, stretches=(), search=0):
    return strongest_crowds(columns, numbers_of_tests(columns, search), stretches)


def test_crowds_come_the_least_probable_first_and_all_below_the_level(planted):
    found = list(crowds_of([planted]))
    q_values = [crowd.q_value for crowd in found]
    assert q_values == sorted(q_values)
    assert 0 < q_values[0] < q_values[-1] < LEVEL
    assert 1_000 <= found[0].start < found[0].stop <= 1_200
    assert {crowd.start // 1_000 for crowd in found} <= {0, 1, 2, 3}


def test_a_q_value_is_a_p_value_times_windows_categories_and_kinds(planted):
    empty = np.zeros(4_000, dtype=np.int32)
    empty[:3] = [1, 2, 3]
    p_values = find_crowds(planted).p_value
    for columns, times in (
        ([planted], 1),
        ([planted, planted], 2),
        ([planted, MarkColumn("similar_handles", empty, 0.1, 3.0)], 2),
        ([planted, planted, MarkColumn("similar_handles", empty, 0.1, 3.0)], 4),
    ):
        best = next(crowds_of(columns))
        assert best.n_tests == 2 * 2 * times * n_windows(4_000)
        assert best.q_value == pytest.approx(p_values.min() * best.n_tests)


def test_each_category_is_one_more_that_was_looked_at(planted):
    codes = planted.codes.copy()
    codes[2_000:2_040:10] = [2, 3, 4, 5]
    of_five = next(crowds_of([MarkColumn("inactive", codes, 0.15, 2.0)]))
    assert of_five.n_tests == 2 * 5 * 2 * n_windows(4_000)


def test_each_further_search_has_half_of_the_error_rate_of_the_one_before(planted):
    n_tests = [numbers_of_tests([planted], search)[0] for search in range(6)]
    assert sum(1 / windows for windows, _ in n_tests) < 1 / (2 * n_windows(4_000))
    assert all(later[0] == 2 * sooner[0] and later[1] == 2 * sooner[1] for sooner, later in pairwise(n_tests))


def test_a_stretch_between_change_points_pays_for_every_pair_of_points():
    rng = np.random.default_rng(2)
    scores = rng.normal(size=4_000)
    scores[1_000:2_200] += 3.0
    high = MarkColumn("high_scores", (scores > 3.8).astype(np.int32), 0.05, 2.0)
    found = list(crowds_of([high], score_stretches(scores)))
    longest = max(found, key=lambda crowd: crowd.stop - crowd.start)
    assert (longest.start, longest.stop) == (1_000, 2_200)
    assert longest.stop - longest.start > 0.25 * 4_000
    assert longest.n_tests == 2 * 80 * 81


def test_a_stretch_between_change_points_is_widened_by_the_variation_of_its_length():
    rng = np.random.default_rng(2)
    scores = rng.normal(size=4_000)
    scores[1_000:2_200] += 3.0
    codes = (scores > 3.8).astype(np.int32)

    def longest(variation):
        column = MarkColumn("high_scores", codes, 0.05, 2.0, variation=variation)
        crowds = crowds_of([column], [(1_000, 2_200)])
        return next(one for one in crowds if (one.start, one.stop) == (1_000, 2_200)).q_value

    plain = longest(())
    # Only the lengths about its own matter to it.
    assert longest(((50, 3.0), (800, 1.0))) == plain
    assert longest(((50, 1.0), (800, 3.0))) > 1e6 * plain
    assert longest(((50, 1.0), (1_200, 3.0), (2_400, 3.0))) < longest(((50, 1.0), (800, 3.0)))


def test_nothing_to_look_at_gives_no_crowds():
    assert list(crowds_of([])) == []
    blank = MarkColumn("inactive", np.zeros(500, dtype=np.int32), 0.1, 2.0)
    assert list(crowds_of([blank])) == []


def test_categories_of_a_stretch_are_those_that_are_no_rarity():
    codes = np.array([-1, 0, *[1] * FEWEST, *[2] * (FEWEST - 1), *[3] * 20], dtype=np.int32)
    column = MarkColumn("inactive", codes, 0.1, 2.0)
    found = categories_in(column, [(0, len(codes)), (0, 5)])
    assert [part.tolist() for part in found] == [[1, 3], [0, 0], [len(codes)] * 2]
    assert [len(part) for part in categories_in(column, [])] == [0, 0, 0]
