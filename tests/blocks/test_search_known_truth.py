"""Purchases of known place and size in whole made-up lists, with whatever evidence there is."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from botscan.blocks import find_follow_blocks
from botscan.blocks.finder import WEAK
from botscan.simulate import Purchase, ViralBurst

N = 3_000
CASES = {
    "burst": [Purchase(150, 400)],
    "drip of a month": [Purchase(200, 400, 30)],
    "drip of three months": [Purchase(300, 400, 90)],
    "fresh accounts": [Purchase(150, 400, kind="fresh")],
    "aged accounts": [Purchase(150, 400, kind="aged")],
    "burst inside a drip": [Purchase(250, 450, 90), Purchase(120, 420, 1)],
    "two side by side": [Purchase(120, 400, 1), Purchase(120, 398.8, 1)],
    "newest end": [Purchase(150, 2, 2)],
    "oldest end": [Purchase(150, 1_500, 2)],
}
DATES = ("account_id", "platform", "created_at", "created_at_precision", "follow_rank")
PLACES = ("account_id", "platform", "follow_rank")


def keep(accounts, columns):
    return replace(accounts, table=accounts.table.select(list(columns)))


def check(found, history):
    """One block over the middle of what was bought, which claims no more than that; its accounts are the bought."""
    assert len(found) == 1
    ranks = history.accounts.table["follow_rank"].to_numpy()[history.is_bought]
    (block,) = found.blocks
    first, middle, last = np.quantile(ranks, [0.25, 0.5, 0.75])
    assert block.first_rank <= middle <= block.last_rank
    assert block.last_rank - block.first_rank < 3 * (ranks.max() - ranks.min()) + 200
    assert (block.first_rank <= first) + (last <= block.last_rank) >= 1
    assert 0.25 * history.is_bought.sum() < block.n_excess_lower <= history.is_bought.sum()
    assert block.q_value < 0.01
    marked = found.block_of == 0
    assert (marked & history.is_bought).sum() > 0.3 * history.is_bought.sum()
    assert history.is_bought[marked].mean() > 0.6
    strong = [one.n_excess_lower for one in block.evidence if one.code not in WEAK]
    assert found.suspicious_share_lower_bound <= block.n_excess_lower / len(ranks_of(history))
    assert (found.suspicious_share_lower_bound > 0) == bool(strong)
    assert found.suspicious_share_lower_bound <= history.is_bought.mean()


def weak_note(found):
    is_weak = any({one.code for one in block.evidence} <= WEAK for block in found.blocks)
    return ["blocks_of_weak_signs"] if is_weak else []


def ranks_of(history):
    return history.accounts.table["follow_rank"]


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_purchase_is_found_with_all_evidence(name, history_of):
    history, scores = history_of(N, CASES[name], seed=1)
    check(find_follow_blocks(history.accounts, scores), history)


@pytest.mark.parametrize("name", sorted(set(CASES) - {"aged accounts"}))
def test_a_purchase_is_found_by_order_and_dates_alone(name, history_of):
    history, _ = history_of(N, CASES[name], seed=2)
    found = find_follow_blocks(keep(history.accounts, DATES))
    check(found, history)
    assert set(found.examined) == {"creation_band", "fresh_accounts"}
    codes = [note.code for note in found.notes if note.code.startswith("blocks_")]
    assert codes == ["blocks_not_proof", "blocks_not_all", *weak_note(found), "blocks_without_scores"]


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_purchase_is_found_by_order_and_scores_alone(name, history_of):
    history, scores = history_of(N, CASES[name], seed=3)
    found = find_follow_blocks(keep(history.accounts, PLACES), scores)
    check(found, history)
    assert found.examined == ("high_scores",)
    codes = [note.code for note in found.notes if note.code.startswith("blocks_")]
    assert codes == ["blocks_not_proof", "blocks_not_all", "blocks_order_unchecked", "blocks_without_dates"]
    assert found.blocks[0].followed_after is None
    assert found.blocks[0].followed_before is None


def test_aged_accounts_that_no_scores_see_pass_unseen_and_nothing_is_made_up(history_of):
    history, _ = history_of(N, CASES["aged accounts"], seed=4)
    found = find_follow_blocks(keep(history.accounts, DATES))
    assert len(found) == 0
    assert found.suspicious_share_lower_bound == 0


def test_hashed_ids_and_an_order_alone_show_nothing_and_say_so(history_of):
    history, _ = history_of(N, CASES["burst"])
    found = find_follow_blocks(keep(history.accounts, PLACES))
    assert (len(found), found.examined, found.suspicious_share_lower_bound) == (0, (), None)
    assert [note.code for note in found.notes] == ["blocks_nothing_known"]


@pytest.mark.parametrize("name", ["burst", "drip of three months", "newest end"])
def test_the_dates_of_a_block_hold_the_days_on_which_it_came(name, history_of):
    history, scores = history_of(N, CASES[name], seed=5)
    (block,) = find_follow_blocks(history.accounts, scores).blocks
    ranks = ranks_of(history).to_numpy()
    inside = (ranks >= block.first_rank) & (ranks <= block.last_rank)
    followed = history.followed_at[inside]
    after, before = (np.datetime64(time.replace(tzinfo=None)) for time in (block.followed_after, block.followed_before))
    assert after <= followed.min()
    assert before >= followed.max() - np.timedelta64(3, "D")
    assert before - after < (followed.max() - followed.min()) + np.timedelta64(120, "D")


def test_two_purchases_years_apart_are_two_blocks(history_of):
    history, scores = history_of(N, [Purchase(150, 1_000), Purchase(120, 200)], seed=6)
    found = find_follow_blocks(history.accounts, scores)
    assert len(found) == 2
    assert found.blocks[0].last_rank < found.blocks[1].first_rank
    for index, block in enumerate(found.blocks):
        size = (history.purchase == index).sum()
        assert 0.3 * size < block.n_excess_lower <= size
        assert (found.block_of[history.purchase == index] == index).mean() > 0.6
        assert not (found.block_of[history.purchase == 1 - index] == index).any()


def test_a_purchase_of_three_fifths_of_the_list_has_no_neighbours_and_is_not_overstated(history_of):
    # Nothing around a stretch of more than a third of the list is enough to compare it with: a known limit.
    for seed in range(4):
        history, scores = history_of(1_600, [Purchase(2_400, 400)], seed=seed)
        found = find_follow_blocks(history.accounts, scores)
        assert sum(block.n_excess_lower for block in found.blocks) <= 2_400
        assert found.suspicious_share_lower_bound <= 0.6


def test_bounds_stay_below_what_was_bought_in_all_but_the_error_rate(history_of):
    kinds = list(CASES.values())
    n_runs, too_high, shares = 54, 0, []
    for seed in range(n_runs):
        history, scores = history_of(2_000, kinds[seed % len(kinds)], seed=100 + seed)
        found = find_follow_blocks(history.accounts, scores)
        claimed = sum(block.n_excess_lower for block in found.blocks)
        too_high += claimed > history.is_bought.sum()
        shares.append(claimed / history.is_bought.sum())
    # A false block beside a true one has the error rate of 5 % at most; 99 of 100 bounds hold.
    assert too_high <= binom.ppf(0.999, n_runs, 0.05)
    assert np.median(shares) > 0.5


def test_a_huge_viral_burst_of_the_same_people_is_no_block(history_of):
    for seed in range(6):
        history, scores = history_of(2_000, viral=[ViralBurst(1_500, 300, 2.0, 0.1)], seed=seed)
        assert len(find_follow_blocks(history.accounts, scores)) == 0
