import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.evidence.rarity import N_RARITY_BINS, STEPS_PER_NAT, UNKNOWN, RarityTree, rarity_bins
from botscan.features.grid import MISSING


def by_hand(tree, names, row):
    """Add up the tables one cell at a time."""
    bins = {name: 0 if code == UNKNOWN else int(code) + 1 for name, code in zip(names, row, strict=True)}
    total = 0
    for name, parent, table in zip(tree.features, tree.parents, tree.tables, strict=True):
        if name in bins:
            given = bins.get(tree.features[parent], 0) if parent >= 0 else 0
            total += int(table[given, bins[name]])
    return total


@pytest.mark.parametrize(
    "names",
    [
        ("followers_count", "posts_count", "has_avatar"),
        ("has_avatar", "followers_count", "posts_count"),
        ("followers_count", "has_avatar"),
        ("posts_count",),
    ],
)
def test_rarities_are_sums_of_cells_whatever_columns_are_at_hand(tree, codes_of, names):
    position = [tree.features.index(name) for name in names]
    codes = codes_of(300, unknown=0.3)[:, position]
    assert tree.rarities(codes, names).tolist() == [by_hand(tree, names, row) for row in codes]


def test_rows_beyond_one_batch_are_looked_up_too(tree, codes_of):
    codes = codes_of(40_000)
    whole = tree.rarities(codes, tree.features)
    parts = [tree.rarities(codes[start : start + 7_000], tree.features) for start in range(0, 40_000, 7_000)]
    assert np.array_equal(whole, np.concatenate(parts))


def test_an_account_of_which_nothing_is_known_is_not_rare(tree):
    assert tree.rarities(np.full((2, 3), UNKNOWN, np.uint8), tree.features).tolist() == [0, 0]
    assert UNKNOWN == MISSING


def test_the_largest_features_of_the_grid_fit_the_index():
    size = 254
    tables = (np.zeros((1, size + 1), np.int16), np.zeros((size + 1, size + 1), np.int16))
    tables[1][size, size] = 77
    tree = RarityTree(("a", "b"), (-1, 0), tables)
    assert tree.rarities(np.array([[size - 1, size - 1], [255, 253]], np.uint8), ("a", "b")).tolist() == [77, 0]


def test_columns_that_the_tree_does_not_know_are_refused(tree, codes_of):
    with pytest.raises(ValueError, match="the tree knows"):
        tree.rarities(codes_of(3), ("followers_count", "posts_count", "has_geo"))


@pytest.mark.parametrize(
    ("parents", "tables"),
    [
        ((-1,), (np.zeros((2, 3)),)),
        ((-1,), (np.ones((1, 3)),)),
        ((5,), (np.zeros((1, 3)),)),
        ((-1, 0), (np.zeros((1, 3)),)),
        ((-1,), (np.zeros(3),)),
    ],
)
def test_tables_that_do_not_fit_are_refused(parents, tables):
    with pytest.raises(ValueError, match="table"):
        RarityTree(("has_geo",), parents, tables)


@settings(deadline=None)
@given(st.integers(-5_000, 5_000))
def test_bins_are_quarters_of_a_unit(steps):
    found = int(rarity_bins(np.array([steps], dtype=np.int32))[0])
    value = steps / STEPS_PER_NAT
    if value < -32:
        assert found == 0
    elif value >= 96:
        assert found == N_RARITY_BINS - 1
    else:
        assert -32 + found / 4 <= value < -32 + (found + 1) / 4
