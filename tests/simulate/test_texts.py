"""Handles: unique, and told nothing of the place in the list by the numbers that make them so."""

import numpy as np
import pyarrow as pa
import pytest

from botscan.blocks.handle_shapes import handle_shapes
from botscan.simulate.texts import make_handles


def random_of(seed):
    return np.random.Generator(np.random.Philox(seed))


def handles_of_people(n, seed=0):
    return make_handles(random_of(seed), np.zeros(n, dtype=bool))


@pytest.mark.parametrize("n", [0, 1, 5_000])
def test_handles_stay_unique_when_almost_everybody_wants_the_same(monkeypatch, n):
    monkeypatch.setattr("botscan.simulate.texts.FIRST_NAMES", ("Adi",))
    monkeypatch.setattr("botscan.simulate.texts.SYLLABLES", ("wan",))
    monkeypatch.setattr("botscan.simulate.texts.WORDS", ("kopi",))
    handles = handles_of_people(n).to_pylist()
    assert len({handle.lower() for handle in handles}) == n
    assert max(map(len, handles), default=0) <= 15


@pytest.mark.parametrize("n", [20_000, 120_000])
def test_no_shape_clumps_anywhere_in_the_list(n):
    shapes = handle_shapes(pa.table({"handle": handles_of_people(n)}))
    codes, counts = np.unique(shapes, return_counts=True)
    window = 40
    for code in codes[counts > n / 500]:
        found = (shapes == code).reshape(-1, window).sum(axis=1)
        # Where the order says nothing, counts of windows vary as binomial ones.
        share = found.mean() / window
        assert found.var() / (window * share * (1 - share)) < 1.15


def test_late_handles_get_no_more_numbers_than_early_ones():
    n = 50_000
    handles = handles_of_people(n).to_pylist()
    numbered = np.array([handle[-5:].isdigit() for handle in handles])
    assert numbered.mean() > 0.1
    first, last = numbered[: n // 2].mean(), numbered[n // 2 :].mean()
    assert abs(first - last) < 0.02
