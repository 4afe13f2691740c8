import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.features.grid import MISSING
from botscan.training.source_areas import Tables, _Area, compare_areas, deal_folds, gap_tables, value_tables


def rng(seed=0):
    return np.random.Generator(np.random.Philox([11, seed]))


def folds_of(sources, n=2):
    generator = rng(99)
    return [deal_folds(sources, generator) for _ in range(n)]


@given(
    scores=st.lists(st.integers(0, 5), min_size=4, max_size=30),
    split=st.integers(2, 28),
)
@settings(max_examples=50, deadline=None)
def test_an_area_is_the_share_of_pairs_in_order_and_ties_count_half(scores, split):
    split = min(split, len(scores) - 2)
    values = np.array(scores, dtype=float)
    is_source = np.arange(len(values)) < split
    inside, outside = values[is_source][:, None], values[~is_source][None, :]
    expected = ((inside > outside) + 0.5 * (inside == outside)).mean()
    area = _Area.of(values, is_source)
    assert area.auc == pytest.approx(expected)
    assert area.of_others.mean() == pytest.approx(expected)


def test_the_standard_error_is_that_of_many_samples():
    """The difference of two scores on the same rows, drawn 300 times."""
    generator = rng()
    differences, errors = [], []
    for _ in range(300):
        is_source = np.arange(400) < 100
        shared = generator.normal(0.8 * is_source, 1.0)
        first, second = shared + generator.normal(0, 0.5, 400), shared + generator.normal(0, 1.0, 400)
        one, two = _Area.of(first, is_source), _Area.of(second, is_source)
        differences.append(one.auc - two.auc)
        errors.append(one.se_of_difference(two))
    assert np.mean(errors) == pytest.approx(np.std(differences), rel=0.15)
    assert one.se_of_difference(one) == 0


def test_folds_share_every_source_out_evenly():
    sources = np.repeat([0, 1, 2], [203, 50, 600])
    fold = deal_folds(sources, rng())
    counts = np.array([np.bincount(fold[sources == source], minlength=5) for source in range(3)])
    assert np.ptp(counts, axis=1).max() <= 1
    assert not np.array_equal(fold, deal_folds(sources, rng(1)))


def test_a_value_is_one_column_and_a_missing_one_what_the_others_expect():
    first = np.tile([0, 1], 300).astype(np.uint8)
    second = first.copy()
    second[:100] = MISSING
    tables = value_tables({"first": first, "second": second, "constant": np.zeros(600, np.uint8)}, np.zeros(600, int))
    assert set(tables.places) == {"first", "second"}
    known = tables.columns[100:, tables.places["second"]]
    assert np.array_equal(known, np.stack([second[100:] == 0, second[100:] == 1], axis=1))
    filled = tables.columns[:100, tables.places["second"]]
    assert np.allclose(filled.sum(axis=1), 1)
    assert (filled[first[:100] == 0, 0] > 0.95).all()
    assert (filled[first[:100] == 1, 1] > 0.95).all()


def test_filling_does_not_look_at_the_sources_a_row_is_of():
    generator = rng()
    codes = {name: generator.integers(0, 4, 400).astype(np.uint8) for name in "ab"}
    codes["b"][:200] = MISSING
    sources = np.repeat([0, 1], 200)
    filled = value_tables(codes, sources).columns
    assert np.allclose(filled, value_tables(codes, 1 - sources).columns)


def test_gaps_are_columns_only_where_there_are_any():
    known = np.zeros(10, np.uint8)
    part = np.where(np.arange(10) < 4, MISSING, 3).astype(np.uint8)
    tables = gap_tables({"all": known, "part": part, "none": np.full(10, MISSING, np.uint8)}, 10)
    assert set(tables.places) == {"part"}
    assert np.allclose(tables.columns[:, 1], np.where(np.arange(10) < 4, -0.6, 0.4))


def test_rows_are_scored_by_fits_that_never_saw_them():
    """Codes that are another one in every row fit the rows perfectly, and tell nothing of others."""
    sources = rng().permutation(np.repeat([0, 1], 125))
    own = np.arange(250, dtype=np.uint8)
    comparison = next(compare_areas(value_tables({"own": own}, sources), sources, folds_of(sources), ["own"], ["own"]))
    assert comparison.before == pytest.approx(0.5, abs=0.12)
    ordered = np.sort(sources)
    comparison = next(compare_areas(value_tables({"own": own}, ordered), ordered, folds_of(ordered), ["own"], ["own"]))
    assert comparison.before > 0.95  # smooth steps: neighbouring codes are of one source


def test_without_features_every_row_scores_alike():
    sources = np.repeat([0, 1, 2], [203, 250, 601])
    tables = Tables.of({}, len(sources))
    for comparison in compare_areas(tables, sources, folds_of(sources), ["a"], ["b"]):
        assert (comparison.before, comparison.after, comparison.se) == (0.5, 0.5, 0)


def test_a_heavier_penalty_is_that_of_the_features_named():
    tables = value_tables({name: np.tile([0, 1, 2], 20).astype(np.uint8) for name in "ab"}, np.zeros(60, int))
    heavy = tables.shrunk(["b"], 100.0)
    a, b = tables.places["a"], tables.places["b"]
    assert np.allclose(heavy[a, a], tables.penalty[a, a])
    assert np.allclose(heavy[b, b], 100 * tables.penalty[b, b])
    assert heavy[0, 0] == 0
    assert tables.positions(["b", "absent"]).tolist() == [0, 4, 5, 6]
