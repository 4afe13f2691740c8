import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.labels.designs import DRAWN, Candidates, draw


def candidates(n, *, ranks=True, seed=0):
    random = np.random.default_rng(seed)
    rank = random.permutation(n) if ranks else np.full(n, -1)
    score = random.beta(0.5, 1.5, n)
    score[random.random(n) < 0.05] = np.nan
    return Candidates(np.arange(n), score, rank)


@given(st.sampled_from(DRAWN), st.integers(1, 300), st.integers(1, 300), st.integers(0, 2**40), st.booleans())
def test_a_draw_is_of_different_accounts_and_knows_its_probabilities(design, n_accounts, n, seed, ranks):
    drawn = draw(design, candidates(n_accounts, ranks=ranks), n, seed)
    assert len(set(drawn.rows.tolist())) == len(drawn.rows) == min(n, n_accounts)
    assert ((drawn.rows >= 0) & (drawn.rows < n_accounts)).all()
    if design != "stratified":
        assert set(drawn.probability.tolist()) == {min(n, n_accounts) / n_accounts}
        assert drawn.strata == ()
        assert drawn.stratum is None
        return
    sizes = np.array([size for _, size in drawn.strata])
    n_of = np.bincount(drawn.stratum, minlength=len(sizes))
    assert sizes.sum() == n_accounts
    assert n_of.sum() == min(n, n_accounts)
    assert ((n_of >= 1) & (n_of <= sizes)).all()
    assert drawn.probability.tolist() == (n_of / sizes)[drawn.stratum].tolist()
    # What is drawn stands for the whole list.
    assert (1 / drawn.probability).sum() == pytest.approx(n_accounts)


@pytest.mark.parametrize("design", DRAWN)
def test_every_account_is_drawn_as_often_as_its_probability_says(design):
    found = candidates(60)
    counts, probability = np.zeros(60), np.full(60, np.nan)
    n_seeds = 2_000
    for seed in range(n_seeds):
        drawn = draw(design, found, 15, seed)
        counts[drawn.rows] += 1
        before = probability[drawn.rows]
        assert (np.isnan(before) | (before == drawn.probability)).all()  # the seed changes letters, not strata
        probability[drawn.rows] = drawn.probability
    assert not np.isnan(probability).any()
    assert (len(set(probability.tolist())) > 1) == (design == "stratified")
    assert np.abs(counts / n_seeds - probability).max() < 4.5 * np.sqrt(0.25 / n_seeds)


@pytest.mark.parametrize("design", DRAWN)
def test_the_place_in_the_list_changes_nothing(design):
    found = candidates(200)
    shuffled = Candidates(np.random.default_rng(5).permutation(200), found.bot_score, found.follow_rank)
    one, other = (draw(design, which, 40, 7) for which in (found, shuffled))
    assert shuffled.rows[one.rows].tolist() == other.rows.tolist()
    assert one.strata == other.strata


def test_systematic_rows_are_spread_evenly_along_the_follow_order():
    found = candidates(1_000)
    for seed in range(20):
        ranks = np.sort(found.follow_rank[draw("systematic", found, 30, seed).rows])
        assert set(np.diff(ranks).tolist()) <= {33, 34}
        assert ranks[0] < 34


def test_systematic_draws_go_along_the_list_where_no_rank_is_known():
    rows = np.random.default_rng(2).permutation(100)
    found = Candidates(rows, np.full(100, 0.5), np.full(100, -1))
    assert set(np.diff(np.sort(draw("systematic", found, 20, 1).rows)).tolist()) == {5}


def test_accounts_without_a_rank_come_last():
    found = Candidates(np.arange(4), np.full(4, 0.5), np.array([-1, 1, 0, -1]))
    assert found.in_follow_order().tolist() == [2, 1, 0, 3]


@pytest.mark.parametrize("design", ["systematic", "stratified"])
def test_rows_do_not_stand_in_follow_order(design):
    found = candidates(1_000)
    drawn = draw(design, found, 60, 0)
    assert abs(np.corrcoef(np.arange(60), found.follow_rank[drawn.rows])[0, 1]) < 0.4
    if design == "stratified":
        return
    first = [int(found.follow_rank[draw(design, found, 10, seed).rows[0]]) for seed in range(300)]
    assert 420 < np.mean(first) < 580


def test_within_a_stratum_the_first_rows_are_a_random_part():
    score = np.repeat([0.1, 0.9], 50)
    found = Candidates(np.arange(100), score, np.full(100, -1))
    first = [row for seed in range(1_500) for row in draw("stratified", found, 20, seed).rows[:2].tolist()]
    counts = np.bincount(first, minlength=100)
    assert counts.sum() == 3_000
    assert counts[:50].sum() == counts[50:].sum() == 1_500  # one of each stratum
    assert np.abs(counts - 30).max() < 25


def test_names_of_strata_do_not_tell_which_scores_higher():
    found = Candidates(np.arange(300), np.repeat([0.05, 0.5, 0.95], 100), np.full(300, -1))
    letters = {0: [], 100: [], 200: []}
    for seed in range(300):
        drawn = draw("stratified", found, 300, seed)
        for row, of_row in letters.items():
            of_row.append(drawn.strata[drawn.stratum[drawn.rows.tolist().index(row)]][0])
    for of_row in letters.values():
        assert {letter: 70 < of_row.count(letter) < 130 for letter in set(of_row)} == dict.fromkeys("ABC", True)


def test_a_larger_simple_random_draw_begins_with_the_smaller():
    found = candidates(100)
    assert draw("simple_random", found, 50, 3).rows[:20].tolist() == draw("simple_random", found, 20, 3).rows.tolist()


def test_one_account_is_drawn_in_every_design():
    for design in DRAWN:
        drawn = draw(design, candidates(1), 5, 0)
        assert (drawn.rows.tolist(), drawn.probability.tolist()) == ([0], [1.0])
