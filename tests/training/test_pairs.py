import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.features.grid import MISSING, n_bins
from botscan.scoring.memory import JointTables
from botscan.training.fit import balanced_weights
from botscan.training.pairs import MemorySettings, cut_levels, fit_memory

NAMES = ("following_count", "posts_count", "has_geo")


def crossed(n=4_000, seed=0):
    """Neither feature alone tells anything; together they do."""
    rng = np.random.Generator(np.random.Philox(seed))
    bins = {name: rng.integers(0, n_bins(name), size=n).astype(np.uint8) for name in NAMES}
    many, posts = bins["following_count"] >= 16, bins["posts_count"] >= 13
    labels = (rng.random(n) < np.where(many ^ posts, 0.9, 0.1)).astype(np.int8)
    return bins, labels


def fitted(bins, labels, **changes):
    settings = MemorySettings(NAMES, **changes)
    return fit_memory(bins, labels, balanced_weights(np.zeros(len(labels)), labels), settings, random_state=0)


def sums(memory, bins):
    joint = JointTables.of(memory, NAMES)
    return joint.add_up([bins[name] for name in joint.features])


def test_pairs_see_what_no_single_feature_shows():
    memory = fitted(*crossed())
    bins, labels = crossed(seed=1)
    found = sums(memory, bins)
    # 80 % of the accounts can be told apart at all.
    assert (found[labels == 1][:, None] > found[labels == 0][None, :]).mean() > 0.75
    assert len(memory.pairs) == 3
    assert {pair.features for pair in memory.pairs} >= {("following_count", "posts_count")}


def test_a_missing_field_leaves_only_the_pairs_without_it():
    bins, labels = crossed(n=800)
    memory = fitted(bins, labels)
    nothing = {name: np.full(5, MISSING, dtype=np.uint8) for name in NAMES}
    assert (sums(memory, nothing) == 0).all()
    known = {**bins, "has_geo": np.full(len(labels), MISSING, dtype=np.uint8)}
    (pair,) = memory.known_from(("following_count", "posts_count"))
    expected = pair.steps[
        memory.levels["following_count"][bins["following_count"]], memory.levels["posts_count"][bins["posts_count"]]
    ]
    assert np.array_equal(sums(memory, known), expected)


def test_most_people_are_met_with_silence_whatever_is_known_of_them():
    bins, labels = crossed()
    bins["has_geo"][: len(labels) // 2] = MISSING
    memory = fitted(bins, labels)
    found = sums(memory, bins)
    people, hidden = labels == 0, bins["has_geo"] == MISSING
    assert 0.12 < (found[people] > 0).mean() < 0.16
    assert 0.08 < (found[people & hidden] > 0).mean() < 0.3
    assert (found[labels == 1] > 0).mean() > 0.6


def test_the_weight_scales_every_point():
    bins, labels = crossed(n=800)
    one, two = fitted(bins, labels), fitted(bins, labels, weight=2.0)
    for first, second in zip(one.pairs, two.pairs, strict=True):
        assert np.abs(second.steps - 2 * first.steps).max() <= 1


@given(
    st.lists(st.integers(0, 19), min_size=1, max_size=200),
    st.integers(1, 12),
)
def test_levels_rise_without_gaps_and_hold_like_mass(codes, n_levels):
    codes = np.array(codes, dtype=np.uint8)
    levels = cut_levels(codes, np.full(len(codes), 1 / len(codes)), 20, n_levels)
    assert len(levels) == 20
    assert levels[0] == 0
    assert set(np.diff(levels).tolist()) <= {0, 1}
    assert levels[-1] < n_levels
    # A level of several bins overflows its share by less than the last of them.
    for level in range(levels[-1] + 1):
        inside = np.flatnonzero(levels == level)
        mass = [(codes == code).mean() for code in inside]
        assert sum(mass[:-1]) <= 1 / n_levels + 1e-9 or level == levels[-1] == n_levels - 1


def test_a_field_that_nobody_knows_has_one_level():
    codes = np.full(3, MISSING, dtype=np.uint8)
    assert cut_levels(codes, np.full(3, 1 / 3), 4, 8).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("n_levels", [0, 16])
def test_levels_that_no_byte_can_hold_are_refused(n_levels):
    with pytest.raises(ValueError, match="n_levels must be from 1 to 15"):
        MemorySettings(NAMES, n_levels=n_levels)
