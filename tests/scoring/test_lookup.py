import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from botscan.features.grid import EDGES, MISSING, n_bins
from botscan.scoring import load_model
from botscan.scoring.lookup import N_REASONS, BatchScores
from botscan.scoring.model import GROUPS, RESEMBLANCE

SUMS = st.integers(0, 12).flatmap(
    lambda n: hnp.arrays(np.int32, (len(GROUPS), n), elements=st.integers(-400, 400) | st.sampled_from([0, 1, -1]))
)


@settings(deadline=None, max_examples=100)
@given(SUMS, st.randoms(use_true_random=False))
def test_reasons_are_the_largest_groups_in_order(sums, random):
    n = sums.shape[1]
    shown = np.array([random.random() < 0.8 for _ in range(n)], dtype=bool)
    batch = BatchScores(sums.sum(axis=0), sums, np.ones(n), np.ones(n, dtype=bool))
    for found, sign in ((batch.reasons(is_shown=shown), 1), (batch.counter_evidence(is_shown=shown), -1)):
        found.validate(full=True)
        for row, codes in enumerate(found.to_pylist()):
            column = dict(zip(GROUPS, (sign * sums[:, row]).tolist(), strict=True))
            ordered = [group for group in sorted(GROUPS, key=lambda name: -column[name]) if column[group] > 0]
            assert codes == (ordered[:N_REASONS] if shown[row] else None)


def test_missing_fields_add_exactly_nothing():
    lookup = load_model().lookups["twitter/full"]
    batch = lookup.look_up(np.full((3, len(lookup.features)), MISSING, dtype=np.uint8))
    assert batch.steps.tolist() == [lookup.intercept] * 3
    assert not batch.is_scored.any()
    assert batch.known_share.tolist() == [0.0] * 3


def test_every_code_of_every_feature_adds_its_table_entry():
    scorer = load_model()
    for section in scorer.model.sections.values():
        lookup = scorer.lookups[section.patterns[0].pattern.id]
        for position, table in enumerate(section.tables):
            codes = np.full((len(table.steps), len(lookup.features)), MISSING, dtype=np.uint8)
            codes[:, position] = np.arange(len(table.steps))
            steps = lookup.look_up(codes).steps - lookup.intercept
            # One feature alone makes no pair.
            assert steps.tolist() == table.steps.tolist()
            assert len(table.steps) == len(EDGES[table.name]) + 1


def test_the_range_is_reached_where_there_are_no_pairs():
    lookup = load_model().lookups["tiktok/full"]
    best = np.array([[row.argmax() for row in lookup.points]], dtype=np.uint8)
    worst = np.array([[row.argmin() for row in lookup.points]], dtype=np.uint8)
    low, high = lookup.range
    assert lookup.look_up(worst).steps.tolist() == [low]
    assert lookup.look_up(best).steps.tolist() == [high]


@pytest.mark.parametrize("pattern_id", ["twitter/full", "twitter/no_dates", "twitter/counts_only"])
def test_the_range_is_never_left(pattern_id):
    lookup = load_model().lookups[pattern_id]
    rng = np.random.Generator(np.random.Philox(2))
    codes = np.column_stack([rng.integers(0, n_bins(name), size=2_000) for name in lookup.features]).astype(np.uint8)
    low, high = lookup.range
    steps = lookup.look_up(codes).steps
    assert low <= steps.min() <= steps.max() <= high


def test_the_pairs_add_or_are_silent():
    lookup = load_model().lookups["twitter/full"]
    rng = np.random.Generator(np.random.Philox(2))
    codes = np.column_stack([rng.integers(0, n_bins(name), size=2_000) for name in lookup.features]).astype(np.uint8)
    added = lookup.look_up(codes).by_group[GROUPS.index(RESEMBLANCE)]
    sums = lookup.memory_sums(codes)
    assert np.array_equal(added, np.maximum(sums, 0))
    assert (sums < 0).any()
    assert (sums > 0).any()


def test_what_only_pairs_use_adds_nothing_alone():
    lookup = load_model().lookups["twitter/full"]
    only_pairs = lookup.features[len(lookup.points) :]
    assert set(only_pairs) == {
        "followers_count", "following_count", "posts_count", "age_days", "listed_count", "followers_posts_ratio",
    }  # fmt: skip
    for name in only_pairs:
        codes = np.full((n_bins(name), len(lookup.features)), MISSING, dtype=np.uint8)
        codes[:, lookup.features.index(name)] = np.arange(n_bins(name))
        assert (lookup.look_up(codes).steps == lookup.intercept).all()


@pytest.mark.parametrize("pattern_id", ["twitter/full", "twitter/counts_only", "general/counts_only"])
def test_half_of_the_spread_of_a_pattern_must_be_known(pattern_id):
    lookup = load_model().lookups[pattern_id]
    rng = np.random.Generator(np.random.Philox(1))
    codes = np.where(rng.random((500, len(lookup.features))) < 0.5, MISSING, 0).astype(np.uint8)
    batch = lookup.look_up(codes)
    known = (codes[:, : len(lookup.spreads)] != MISSING) @ lookup.spreads
    assert (batch.is_scored == (2 * known >= lookup.spreads.sum())).all()
    assert batch.is_scored.any()
    assert not batch.is_scored.all()
    assert batch.known_share == pytest.approx(known / lookup.model_spread)
