import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from botscan.features.grid import EDGES, MISSING
from botscan.scoring import load_model
from botscan.scoring.lookup import N_REASONS, BatchScores
from botscan.scoring.model import GROUPS

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
            batch = lookup.look_up(codes)
            assert (batch.steps - lookup.intercept).tolist() == table.steps.tolist()
            assert len(table.steps) == len(EDGES[table.name]) + 1


def test_the_range_is_reached_and_never_left():
    lookup = load_model().lookups["twitter/full"]
    best = np.array([[row.argmax() for row in lookup.points]], dtype=np.uint8)
    worst = np.array([[row.argmin() for row in lookup.points]], dtype=np.uint8)
    low, high = lookup.range
    assert lookup.look_up(worst).steps.tolist() == [low]
    assert lookup.look_up(best).steps.tolist() == [high]


@pytest.mark.parametrize("pattern_id", ["twitter/full", "twitter/counts_only", "general/counts_only"])
def test_half_of_the_spread_of_a_pattern_must_be_known(pattern_id):
    lookup = load_model().lookups[pattern_id]
    rng = np.random.Generator(np.random.Philox(1))
    codes = np.where(rng.random((500, len(lookup.features))) < 0.5, MISSING, 0).astype(np.uint8)
    batch = lookup.look_up(codes)
    known = (codes != MISSING) @ lookup.spreads
    assert (batch.is_scored == (2 * known >= lookup.spreads.sum())).all()
    assert batch.is_scored.any()
    assert not batch.is_scored.all()
    assert batch.known_share == pytest.approx(known / lookup.model_spread)
