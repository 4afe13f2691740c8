import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.evidence.feature_counts import FeatureCounts
from botscan.evidence.rarity import N_RARITY_BINS, rarity_bins

sizes = st.integers(0, 60)


def test_counts_are_those_of_a_loop(tree, codes_of, counts_of):
    codes = codes_of(500)
    counts = counts_of(codes)
    for position, name in enumerate(tree.features):
        column = codes[:, position].tolist()
        assert counts.features[name].tolist() == [*map(column.count, range(tree.sizes[name])), column.count(255)]
    bins = rarity_bins(tree.rarities(codes, tree.features)).tolist()
    assert counts.rarity.tolist() == [bins.count(one) for one in range(N_RARITY_BINS)]
    assert counts.n_accounts == 500
    assert counts.n_rare(130) == sum(one >= 130 for one in bins)


@settings(deadline=None)
@given(sizes, sizes, sizes)
def test_sum_is_associative_and_that_of_the_union(codes_of, counts_of, a, b, c):
    parts = [codes_of(n, seed) for seed, n in enumerate((a, b, c))]
    one, two, three = (counts_of(part) for part in parts)
    assert (one + two) + three == one + (two + three) == three + two + one
    assert one + two + three == counts_of(np.concatenate(parts))


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_says_nothing(codes_of, counts_of, random):
    codes = codes_of(80)
    order = list(range(80))
    random.shuffle(order)
    assert counts_of(codes[order]) == counts_of(codes)


@pytest.mark.parametrize("change", [{"model": "x"}, {"pattern": "x"}, {"grid_version": 2}, {"names": ("posts_count",)}])
def test_counts_of_different_things_do_not_add(codes_of, counts_of, change):
    codes = codes_of(5)
    with pytest.raises(ValueError, match="cannot be added"):
        counts_of(codes) + counts_of(codes[:, 1:2] if "names" in change else codes, **change)


def test_dict_round_trip_through_json(codes_of, counts_of):
    counts = counts_of(codes_of(70))
    assert FeatureCounts.from_dict(json.loads(json.dumps(counts.to_dict()))) == counts
    assert counts != counts_of(codes_of(70, seed=1))


def test_a_bin_that_the_feature_does_not_have_is_refused(codes_of, counts_of):
    codes = codes_of(5)
    codes[2, 2] = 2
    with pytest.raises(ValueError, match="'has_avatar' has 2 bins"):
        counts_of(codes)


@pytest.mark.parametrize("codes", [np.zeros((3, 2), np.uint8), np.zeros((3, 3), np.int16), np.zeros(3, np.uint8)])
def test_other_shapes_and_types_are_refused(counts_of, codes):
    with pytest.raises(ValueError, match="wanted uint8"):
        counts_of(codes)


def test_arrays_are_frozen_and_not_shared():
    bins, rarity = np.array([1, 2, 0], np.uint64), np.zeros(N_RARITY_BINS, np.uint64)
    rarity[9] = 3
    counts = FeatureCounts({"has_geo": bins}, rarity, "m", "twitter/full", 1)
    bins[0] = 7
    assert counts.features["has_geo"].tolist() == [1, 2, 0]
    with pytest.raises(ValueError, match="read-only"):
        counts.features["has_geo"][0] = 1
    with pytest.raises(ValueError, match="accounts are counted"):
        FeatureCounts({"has_geo": bins}, rarity, "m", "twitter/full", 1)
