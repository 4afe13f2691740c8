from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.evidence.rarity import STEPS_PER_NAT
from botscan.training.rarity_tree import fit_rarity_tree, mutual_information

SIZES = {"a": 5, "b": 4, "c": 3, "d": 2}


def rows(n=4_000, seed=0, unknown=0.0):
    """Make rows in which b hangs on a, c on b, and d on nothing."""
    rng = np.random.Generator(np.random.Philox(seed))
    a = rng.integers(0, 5, n)
    b = np.where(rng.random(n) < 0.8, np.minimum(a, 3), rng.integers(0, 4, n))
    c = np.where(rng.random(n) < 0.8, np.minimum(b, 2), rng.integers(0, 3, n))
    bins = {"a": a, "b": b, "c": c, "d": rng.integers(0, 2, n)}
    return {name: np.where(rng.random(n) < unknown, 255, codes).astype(np.uint8) for name, codes in bins.items()}


def fitted(bins, weights=None):
    n = len(bins["a"])
    return fit_rarity_tree(bins, np.ones(n) if weights is None else weights, SIZES, n_rows=n)


def edges(tree):
    return {frozenset((child, parent)) for child, parent in enumerate(tree.parents) if parent >= 0}


@pytest.mark.parametrize("unknown", [0.0, 0.3])
def test_the_chain_behind_the_rows_is_found(unknown):
    found = edges(fitted(rows(unknown=unknown)))
    assert {frozenset((0, 1)), frozenset((1, 2))} <= found


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1_000))
def test_no_other_spanning_tree_has_more_information(seed):
    bins = rows(200, seed)
    shared = {}
    for one, other in combinations(range(4), 2):
        left, right = (bins[list(bins)[position]] for position in (one, other))
        counts = np.zeros((5, 5))
        np.add.at(counts, (left, right), 1.0)
        shared[frozenset((one, other))] = mutual_information(counts)
    best = max(
        sum(shared[edge] for edge in tree) for tree in combinations(shared, 3) if len(frozenset().union(*tree)) == 4
    )
    assert sum(shared[edge] for edge in edges(fitted(bins))) == pytest.approx(best)


def test_tables_are_minus_the_logarithm_of_shares_less_their_mean():
    bins = {"a": np.repeat(np.arange(5, dtype=np.uint8), 1_000), "d": np.zeros(5_000, np.uint8)}
    bins["d"][:1_000] = 1
    tree = fit_rarity_tree(bins, np.ones(5_000), SIZES, n_rows=1e9)
    assert tree.parents == (-1, 0)
    # Five equal bins: all are as usual as their mean.
    assert tree.tables[0].tolist() == [[0, 0, 0, 0, 0, 0]]
    # The bin of a decides d; alone, d = 1 is rarer than d = 0 by the logarithm of 4.
    assert tree.tables[1][1, 2] == 0
    assert tree.tables[1][2, 1] == 0
    alone = tree.tables[1][0]
    assert alone[2] - alone[1] == pytest.approx(np.log(4) * STEPS_PER_NAT, abs=1)
    assert tree.tables[1][1, 1] > 300


@pytest.mark.parametrize("unknown", [0.0, 0.3])
def test_mean_rarity_is_zero_over_the_rows_whichever_fields_are_known(unknown):
    bins = rows(unknown=unknown)
    tree = fitted(bins)
    codes = np.column_stack(list(bins.values()))
    assert abs(tree.rarities(codes, tree.features).mean()) < 2


def test_pairs_that_never_met_are_rare_and_weights_count():
    bins = rows()
    tree = fitted(bins)
    usual, strange = tree.rarities(np.array([[0, 0, 0, 0], [0, 3, 0, 0]], np.uint8), tree.features)
    assert strange - usual > 60
    doubled = {name: np.concatenate([codes, codes[:500]]) for name, codes in bins.items()}
    weights = np.ones(4_000)
    weights[:500] = 2.0
    weighted = fit_rarity_tree(bins, weights, SIZES, n_rows=4_500)
    for one, other in zip(weighted.tables, fitted(doubled).tables, strict=True):
        assert np.abs(one - other).max() <= 1


def test_a_feature_that_no_row_knows_stands_alone_and_says_nothing():
    bins = rows(500) | {"d": np.full(500, 255, np.uint8)}
    tree = fitted(bins)
    position = tree.features.index("d")
    assert tree.parents[position] == -1
    assert position not in tree.parents
    assert not tree.tables[position].any()
