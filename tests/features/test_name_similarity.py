"""Handle and shown name side by side, by hand and against the slow reference."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_text import letter_pairs, name_share, texts

from botscan.features import name_similarity
from botscan.features.extract import extract_matrix

handles = st.text(alphabet="abcAB_7.é", max_size=8)
names = st.text(alphabet="abcAB 7é", max_size=10) | texts


def shares(rows):
    handles_column, names_column = zip(*rows, strict=True) if rows else ((), ())
    table = pa.table(
        {
            "handle": pa.array(handles_column, pa.large_string()),
            "display_name": pa.array(names_column, pa.large_string()),
        }
    )
    return extract_matrix(table, ["handle_name_share"])[:, 0]


@pytest.mark.parametrize(
    ("handle", "name", "wanted"),
    [
        ("ana_maria7", "Ana Maria", 1),
        ("ANAMARIA", "ana.maria", 1),
        ("anamaria", "Ana", 1),
        ("ana", "Ana Maria", 2 / 7),
        ("kopi", "Dewi", 0),
        ("x7k2", "Dewi", 0),
        ("a-7-b", "ab", 1),
        ("zoë1", "Zoë", 1),
        ("aa", "aaaa", 1),
        ("anna", "Nina", 1 / 3),
        ("anna", "Nana", 1),
    ],
)
def test_by_hand(handle, name, wanted):
    assert shares([(handle, name)])[0] == pytest.approx(wanted)
    assert name_share(handle, name) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("handle", "name"),
    [("", "Ana"), ("ana", ""), (None, "Ana"), ("ana", None), ("1984", "Ana"), ("ana", "Юлия"), ("a1", "Al")],
)
def test_too_little_to_compare_is_unknown(handle, name):
    assert np.isnan(shares([("ana", "Ana"), (handle, name), ("ana", "Ana")])).tolist() == [False, True, False]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.none() | handles, st.none() | names), max_size=10), st.integers(1, 4))
def test_shares_equal_the_slow_reference(rows, n_marked):
    wanted = np.float32([name_share(*row) for row in rows])
    np.testing.assert_array_equal(shares(rows), wanted)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(name_similarity, "_ROWS", n_marked)
        np.testing.assert_array_equal(shares(rows), wanted)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(handles, names), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_a_row_keeps_its_share_wherever_it_stands(rows, random):
    shuffled = rows.copy()
    random.shuffle(shuffled)
    wanted = dict(zip(rows, shares(rows).tolist(), strict=True))
    np.testing.assert_array_equal(shares(shuffled), np.float32([wanted[row] for row in shuffled]))


@settings(deadline=None, max_examples=60)
@given(handles, names)
def test_a_handle_that_is_the_name_holds_all_of_it(handle, name):
    if letter_pairs(name):
        assert shares([(name, name), (handle + name, name)]).tolist() == [1.0, 1.0]


def test_long_rows():
    found = shares([("ab" * 50_000, "ba" * 50_000), ("x" * 100_000, "ab" * 50_000), ("\u200b" * 1_000, "ab")])
    np.testing.assert_array_equal(found, np.float32([1, 0, np.nan]))
