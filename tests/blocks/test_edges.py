"""Edges of a block against brute force, and on planted blocks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.blocks.edges import heaviest_stretch, refine_edges
from botscan.blocks.marks import MarkColumn


@given(st.lists(st.integers(-5, 5), max_size=40))
def test_no_stretch_is_heavier_and_of_equals_the_first_end_and_the_shortest_is_taken(weights):
    n = len(weights)
    sums = {(start, stop): sum(weights[start:stop]) for start in range(n + 1) for stop in range(start, n + 1)}
    best = max(sums.values())
    stop = min(place[1] for place, value in sums.items() if value == best)
    start = max(place[0] for place, value in sums.items() if value == best and place[1] == stop)
    assert heaviest_stretch(np.array(weights, dtype=float)) == (start, stop)


def column_of(codes):
    return MarkColumn("inactive", np.asarray(codes, dtype=np.int32), 0.1, 2.0)


@pytest.mark.parametrize("window", [(1_000, 1_100), (1_050, 1_150), (1_150, 1_250), (950, 1_350)])
def test_the_edges_of_a_pure_block_are_found_from_any_crowd_of_it(window):
    codes = np.zeros(3_000)
    codes[1_000:1_300] = 1
    assert refine_edges(column_of(codes), 1, *window) == (1_000, 1_300)


@pytest.mark.parametrize("seed", range(5))
def test_the_edges_of_a_mixed_block_are_found_within_a_few_accounts(seed):
    rng = np.random.default_rng(seed)
    codes = rng.random(3_000) < 0.1
    codes[1_000:1_300] = rng.random(300) < 0.8
    assert refine_edges(column_of(codes), 1, 1_050, 1_250) == pytest.approx((1_000, 1_300), abs=12)


def test_unknown_accounts_do_not_break_a_block():
    codes = np.zeros(3_000)
    codes[1_000:1_300] = 1
    codes[1_100:1_200] = -1
    assert refine_edges(column_of(codes), 1, 1_050, 1_250) == (1_000, 1_300)


@pytest.mark.parametrize("place", [(0, 100), (2_900, 3_000)])
def test_a_block_at_an_end_of_the_list_ends_there(place):
    codes = np.zeros(3_000)
    codes[slice(*place)] = 1
    assert refine_edges(column_of(codes), 1, *place) == place


def test_a_stretch_that_holds_no_more_than_its_surroundings_stays():
    codes = np.tile([0, 1], 500)
    codes[400:500] = 0
    assert refine_edges(column_of(codes), 1, 400, 500) == (400, 500)
