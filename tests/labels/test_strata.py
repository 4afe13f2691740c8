from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.labels.strata import LEAST, cut_strata, share_out

SIZES = st.lists(st.tuples(st.integers(1, 60), st.floats(0.01, 1.0)), min_size=1, max_size=12)


@given(SIZES, st.floats(0, 1))
def test_turns_add_up_and_no_stratum_gives_more_than_it_has(strata, part):
    sizes = np.array([size for size, _ in strata])
    weights = np.array([weight for _, weight in strata])
    n = max(1, round(part * sizes.sum()))
    turns = share_out(sizes, weights / weights.sum(), n)
    given_by = np.bincount(turns, minlength=len(sizes))
    assert len(turns) == n
    assert (given_by <= sizes).all()
    if n >= LEAST * len(sizes):
        assert (given_by >= np.minimum(LEAST, sizes)).all()


@given(SIZES, st.integers(1, 50))
def test_a_smaller_sample_is_the_start_of_a_larger(strata, n):
    sizes = np.array([size for size, _ in strata])
    weights = np.array([weight for _, weight in strata])
    n = min(n, int(sizes.sum()))
    assert share_out(sizes, weights, int(sizes.sum()))[:n].tolist() == share_out(sizes, weights, n).tolist()


def test_shares_follow_the_weights():
    turns = share_out(np.array([10_000, 10_000, 10_000]), np.array([0.5, 0.3, 0.2]), 200)
    assert np.bincount(turns).tolist() == [100, 60, 40]
    half = np.bincount(turns[:100])
    assert np.abs(half - [50, 30, 20]).max() <= 1


@given(
    st.lists(st.tuples(st.floats(0, 1) | st.just(np.nan), st.integers(-1, 9)), min_size=1, max_size=80),
    st.integers(1, 300),
)
def test_every_account_is_in_one_stratum_and_none_is_empty(accounts, n):
    score = np.array([one for one, _ in accounts])
    cells = cut_strata(score, np.array([rank for _, rank in accounts]), n)
    sizes = np.bincount(cells.stratum)
    assert cells.stratum.shape == score.shape
    assert (sizes > 0).all()
    assert len(sizes) == 1 or LEAST * len(sizes) <= n
    assert cells.weights.shape == sizes.shape
    assert (cells.weights > 0).all()
    assert cells.weights.sum() == pytest.approx(1.0)
    # Three quarters are shared out by size.
    assert (cells.weights >= 0.74 * sizes / sizes.sum()).all()


def test_strata_are_ranges_of_scores_and_equal_scores_stay_together():
    score = np.random.default_rng(0).beta(0.4, 1.0, 3_000).round(2)
    cells = cut_strata(score, np.full(3_000, -1), 100)
    assert cells.stratum.max() == 4
    ends = [(score[cells.stratum == one].min(), score[cells.stratum == one].max()) for one in range(5)]
    assert all(upper < lower for (_, upper), (lower, _) in pairwise(ends))
    mass = np.sqrt(score * (1 - score) + 0.01)
    shares = np.bincount(cells.stratum, weights=mass) / mass.sum()
    assert np.abs(shares - 0.2).max() < 0.05


def test_more_is_drawn_where_the_scores_are_in_doubt():
    score = np.repeat([0.02, 0.5], 500)
    cells = cut_strata(score, np.full(1_000, -1), 100)
    weight = [cells.weights[cells.stratum[score == one][0]] for one in (0.02, 0.5)]
    neyman = np.sqrt([0.02 * 0.98, 0.25])
    assert weight == pytest.approx(0.375 + 0.25 * neyman / neyman.sum())


def test_accounts_without_a_score_are_a_stratum_of_their_own():
    score = np.concatenate([np.linspace(0, 1, 200), np.full(50, np.nan)])
    cells = cut_strata(score, np.arange(250), 100)
    unscored = set(cells.stratum[200:].tolist())
    assert len(unscored) == 1
    assert not unscored & set(cells.stratum[:200].tolist())


@pytest.mark.parametrize(
    ("n", "has_ranks", "n_strata"), [(4, True, 1), (15, True, 3), (39, True, 3), (40, True, 5), (99, True, 5), (100, True, 9), (199, True, 9), (200, True, 15), (500, False, 5)]
)  # fmt: skip
def test_large_samples_have_more_strata(n, has_ranks, n_strata):
    rank = np.random.default_rng(1).permutation(2_000) if has_ranks else np.full(2_000, -1)
    cells = cut_strata(np.linspace(0, 1, 2_000), rank, n)
    assert cells.stratum.max() + 1 == n_strata


def test_each_score_stratum_is_cut_along_the_follow_order():
    rank = np.random.default_rng(1).permutation(900)
    score = np.repeat([0.1, 0.5, 0.9], 300)
    cells = cut_strata(score, rank, 100)
    for one in (0.1, 0.5, 0.9):
        its = np.flatnonzero(score == one)
        in_order = cells.stratum[its[np.argsort(rank[its])]]
        assert (np.diff(in_order) >= 0).all()
        assert np.bincount(in_order)[np.unique(in_order)].tolist() == [100, 100, 100]


def test_a_score_stratum_of_a_few_accounts_is_not_cut():
    score = np.array([0.1] * 500 + [0.9] * 7)
    cells = cut_strata(score, np.arange(507), 100)
    assert len(set(cells.stratum[500:].tolist())) == 1
