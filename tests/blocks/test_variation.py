"""How much a list varies by itself, at each length of window."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.blocks.marks import MarkColumn
from botscan.blocks.variation import reconciled, with_variation

N = 20_000


def factors(codes):
    column = with_variation(MarkColumn("inactive", np.asarray(codes, dtype=np.int32), 0.1, 2.0))
    return dict(column.variation)


def test_a_list_that_varies_by_chance_is_not_widened_and_one_of_families_is():
    rng = np.random.default_rng(4)
    by_chance = factors(rng.random(N) < 0.2)
    families = factors(np.repeat(rng.random(N // 25) < 0.2, 25))
    assert by_chance[50] == pytest.approx(1.0, abs=0.15)
    assert families[50] > 2.0


@pytest.mark.parametrize("unknown", [0.3, 0.55, 0.7])
def test_windows_that_know_nothing_do_not_make_a_list_look_steady(unknown):
    codes = np.repeat(np.random.default_rng(5).random(N // 10) < 0.3, 10).astype(np.int32)
    whole = factors(codes)
    codes[: int(unknown * N)] = -1
    assert factors(codes)[50] == pytest.approx(whole[50], rel=0.25)


def test_rare_marks_in_families_are_seen_at_longer_windows_and_widen_the_short_ones():
    codes = np.repeat(np.random.default_rng(6).random(N // 20) < 0.03, 20)
    assert factors(codes)[50] > 1.5


def test_a_few_blocks_do_not_widen_the_list():
    codes = np.random.default_rng(7).random(N) < 0.1
    codes[5_000:5_200] = codes[12_000:12_300] = True
    assert factors(codes)[100] < 1.2


SEEN = st.lists(st.none() | st.floats(1.0, 20.0), max_size=9)


@given(SEEN)
def test_every_length_is_as_wide_as_it_was_seen_and_as_the_others_imply(seen):
    values = reconciled(seen)
    assert len(values) == len(seen)
    assert all(value >= (own or 1.0) for value, own in zip(values, seen, strict=True))
    for shorter, longer in pairwise(values):
        assert longer >= shorter
        assert shorter >= (1 + (longer**2 - 1) / 2) ** 0.5 - 1e-9 or longer > shorter


def test_longer_stretches_than_any_window_vary_in_proportion():
    column = MarkColumn("inactive", np.zeros(10, dtype=np.int32), 0.1, 2.0, variation=((50, 1.0), (100, 2.0)))
    found = column.inflation(np.array([10, 50, 75, 100, 400]))
    assert found.tolist() == pytest.approx([1.0, 1.0, 2.5**0.5, 2.0, 13**0.5])
    plain = MarkColumn("inactive", np.zeros(10, dtype=np.int32), 0.1, 2.0)
    assert plain.inflation(np.array([50, 5_000])).tolist() == [1.0, 1.0]


def test_what_is_taken_out_leaves_the_variation_as_it_was():
    column = with_variation(MarkColumn("inactive", np.tile([0, 1], 500).astype(np.int32), 0.1, 2.0))
    assert column.without(np.arange(1_000) < 500).variation == column.variation


def test_households_of_rare_marks_widen_every_length_and_lone_accounts_or_a_few_blocks_none():
    rng = np.random.default_rng(9)
    lone = rng.integers(1, 500, N)
    households = np.repeat(rng.integers(1, 500, N // 8), 8)
    blocks = lone.copy()
    blocks[5_000:5_200] = blocks[12_000:12_150] = 7
    assert factors(lone)[50] == pytest.approx(1.0, abs=0.1)
    assert min(factors(households).values()) > 2.0
    assert factors(blocks)[50] < 1.2


def test_marks_of_which_nearly_all_stand_in_one_block_do_not_make_it_usual():
    codes = np.zeros(4_000, dtype=np.int32)
    codes[1_000:1_150] = 1
    assert set(factors(codes).values()) == {1.0}
