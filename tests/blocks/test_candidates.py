"""Crowds that stay improbable among everything that was looked at."""

import numpy as np
import pytest

from botscan.blocks.candidates import LEVEL, categories_in, strongest_crowds
from botscan.blocks.marks import FEWEST, MarkColumn
from botscan.blocks.windows import find_crowds, n_windows


@pytest.fixture
def planted():
    rng = np.random.default_rng(1)
    codes = (rng.random(4_000) < 0.1).astype(np.int32)
    codes[1_000:1_200] = rng.random(200) < 0.5
    codes[3_000:3_050] = rng.random(50) < 0.6
    return MarkColumn("inactive", codes, 0.15, 2.0)


def test_crowds_come_the_least_probable_first_and_all_below_the_level(planted, evidence_of):
    found = list(strongest_crowds(evidence_of(4_000), [planted]))
    q_values = [crowd.q_value for crowd in found]
    assert q_values == sorted(q_values)
    assert 0 < q_values[0] < q_values[-1] < LEVEL
    assert 1_000 <= found[0].start < found[0].stop <= 1_200
    assert {crowd.start // 1_000 for crowd in found} <= {0, 1, 2, 3}


def test_a_q_value_is_a_p_value_times_windows_categories_and_kinds(planted, evidence_of):
    evidence = evidence_of(4_000)
    empty = np.zeros(4_000, dtype=np.int32)
    empty[:3] = [1, 2, 3]
    p_values = find_crowds(planted).p_value
    for columns, times in (
        ([planted], 1),
        ([planted, planted], 2),
        ([planted, MarkColumn("similar_handles", empty, 0.1, 3.0)], 2),
        ([planted, planted, MarkColumn("similar_handles", empty, 0.1, 3.0)], 4),
    ):
        best = next(strongest_crowds(evidence, columns))
        assert best.n_tests == 2 * times * n_windows(4_000)
        assert best.q_value == pytest.approx(p_values.min() * best.n_tests)


def test_each_category_is_one_more_that_was_looked_at(planted, evidence_of):
    codes = planted.codes.copy()
    codes[2_000:2_040:10] = [2, 3, 4, 5]
    of_five = next(strongest_crowds(evidence_of(4_000), [MarkColumn("inactive", codes, 0.15, 2.0)]))
    assert of_five.n_tests == 5 * 2 * n_windows(4_000)


def test_a_stretch_between_change_points_pays_for_every_pair_of_points(evidence_of):
    rng = np.random.default_rng(2)
    scores = rng.normal(size=4_000)
    scores[1_000:2_200] += 3.0
    high = MarkColumn("high_scores", (scores > 3.8).astype(np.int32), 0.05, 2.0)
    found = list(strongest_crowds(evidence_of(4_000, log_odds=scores), [high]))
    longest = max(found, key=lambda crowd: crowd.stop - crowd.start)
    assert (longest.start, longest.stop) == (1_000, 2_200)
    assert longest.stop - longest.start > 0.25 * 4_000
    assert longest.n_tests == 80 * 81


def test_nothing_to_look_at_gives_no_crowds(evidence_of):
    assert list(strongest_crowds(evidence_of(500), [])) == []
    blank = MarkColumn("inactive", np.zeros(500, dtype=np.int32), 0.1, 2.0)
    assert list(strongest_crowds(evidence_of(500), [blank])) == []


def test_categories_of_a_stretch_are_those_that_are_no_rarity():
    codes = np.array([-1, 0, *[1] * FEWEST, *[2] * (FEWEST - 1), *[3] * 20], dtype=np.int32)
    column = MarkColumn("inactive", codes, 0.1, 2.0)
    found = categories_in(column, [(0, len(codes)), (0, 5)])
    assert [part.tolist() for part in found] == [[1, 3], [0, 0], [len(codes)] * 2]
    assert [len(part) for part in categories_in(column, [])] == [0, 0, 0]
