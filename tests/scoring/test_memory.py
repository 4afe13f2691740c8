import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.features.grid import MISSING, n_bins
from botscan.scoring.memory import MAX_CELLS, JointTables, Memory, PairTable

NAMES = ("followers_count", "following_count", "posts_count", "age_days", "has_geo", "has_avatar")


@st.composite
def memories(draw):
    rng = np.random.Generator(np.random.Philox(draw(st.integers(0, 10_000))))
    levels = {}
    for name in NAMES:
        cuts = np.sort(rng.choice(np.arange(1, n_bins(name)), size=min(n_bins(name) - 1, 6), replace=False))
        levels[name] = np.searchsorted(cuts, np.arange(n_bins(name)), side="right").astype(np.uint8)
    all_pairs = [(a, b) for i, a in enumerate(NAMES) for b in NAMES[i + 1 :]]
    chosen = draw(st.lists(st.sampled_from(all_pairs), min_size=1, max_size=15, unique=True))
    # Written in either order: a pair is the same pair.
    chosen = [pair if draw(st.booleans()) else pair[::-1] for pair in chosen]
    pairs = tuple(
        PairTable((a, b), rng.integers(-50, 51, size=(levels[a][-1] + 1, levels[b][-1] + 1)).astype(np.int32))
        for a, b in chosen
    )
    return Memory(levels, pairs)


@st.composite
def bins(draw):
    rng = np.random.Generator(np.random.Philox(draw(st.integers(0, 10_000))))
    rows = {name: rng.integers(0, n_bins(name), size=50).astype(np.uint8) for name in NAMES}
    for codes in rows.values():
        codes[rng.random(50) < draw(st.sampled_from([0.0, 0.2, 1.0]))] = MISSING
    return rows


def one_by_one(memory, rows, features):
    """The definition: pair after pair, row after row."""
    sums = []
    for row in range(50):
        total = 0
        for pair in memory.pairs:
            codes = [rows[name][row] for name in pair.features]
            if set(pair.features) <= set(features) and MISSING not in codes:
                total += pair.steps[tuple(memory.levels[n][c] for n, c in zip(pair.features, codes, strict=True))]
        sums.append(total)
    return sums


@given(memories(), bins(), st.sets(st.sampled_from(NAMES), min_size=2))
def test_joint_tables_say_what_the_pairs_say_one_by_one(memory, rows, features):
    tables = JointTables.of(memory, features)
    if not tables.features:
        assert memory.known_from(features) == ()
        return
    found = tables.add_up([rows[name] for name in tables.features])
    assert found.dtype == np.int32
    assert found.tolist() == one_by_one(memory, rows, features)
    assert found.max() <= tables.highest


@given(memories())
def test_no_joint_table_outgrows_the_cache_and_none_can_be_written(memory):
    tables = JointTables.of(memory, NAMES)
    assert all(len(table.steps) <= MAX_CELLS for table in tables.tables)
    with pytest.raises(ValueError, match="read-only"):
        tables.tables[0].steps[0] = 1


def test_a_pair_of_many_levels_is_no_problem_for_the_narrow_index():
    levels = {name: np.minimum(np.arange(n_bins(name)), 31).astype(np.uint8) for name in NAMES[:3]}
    steps = np.arange(levels["followers_count"][-1] + 1)[:, None] * 100 + np.arange(levels["following_count"][-1] + 1)
    memory = Memory(levels, (PairTable(("followers_count", "following_count"), steps.astype(np.int32)),))
    tables = JointTables.of(memory, NAMES)
    codes = [np.array([n_bins(name) - 1], dtype=np.uint8) for name in tables.features]
    assert tables.add_up(codes).tolist() == [int(steps[-1, -1])]
