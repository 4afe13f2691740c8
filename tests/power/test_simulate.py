"""Power of a list: rises with size, is none where nothing can be seen, and agrees with purchases that are truly there."""

from dataclasses import replace

import numpy as np
import pytest

from botscan.accounts import AccountTable
from botscan.blocks import find_follow_blocks
from botscan.blocks.finder import Stretch
from botscan.errors import BotscanError, ModelError, SchemaError
from botscan.evidence.profile import ScoreProfile
from botscan.power import simulate_purchase
from botscan.power.simulate import _seen
from botscan.simulate import Purchase, make_follow_history

DATES = ("account_id", "follow_rank", "created_at")


def codes(power):
    return [note.code for note in power.notes]


def rows(n, **columns):
    return [{"account_id": f"a{row}"} | {name: value(row) for name, value in columns.items()} for row in range(n)]


@pytest.fixture(scope="module")
def dated():
    """A list of which dates alone are known."""
    return make_follow_history(4_000, random_state=1, columns=DATES).accounts


@pytest.fixture(scope="module")
def undated():
    return AccountTable.from_frame(rows(2_000, follow_rank=lambda row: row), platform="github")


def test_larger_purchases_are_seen_more_often(dated):
    power = simulate_purchase(dated, shares=(0.001, 0.005, 0.01, 0.05), repetitions=12)
    seen = [size.power for size in power.sizes]
    assert seen == sorted(seen)
    assert seen[0] <= 0.1
    assert seen[-1] == 1.0
    assert power.seen_from is not None
    assert [size.n_bought for size in power.sizes] == [4, 20, 40, 200]
    for size in power.sizes:
        assert size.power_ci_lower <= size.power <= size.power_ci_upper
        assert size.detected == size.power * 12
        assert (size.excess_share is None) == (size.detected == 0)
    assert 0.3 < power.sizes[-1].excess_share <= 1.0


def test_organic_accounts_that_are_alike_are_no_part_of_what_is_found_of_a_purchase():
    is_bought = np.zeros(1_000, dtype=bool)
    is_bought[500:600] = True
    places = np.arange(450, 600)
    one = Stretch(450, 600, 0.0, 117, 117, (), places)
    assert _seen([one], is_bought) == (True, 1.0)
    assert _seen([replace(one, n_excess_lower=80)], is_bought) == (True, 0.8)
    assert _seen([replace(one, marked=places[:90])], is_bought) == (True, 0.4)
    assert _seen([replace(one, start=0, stop=520)], is_bought) == (False, 0.0)


def test_a_drip_is_seen_less_often_than_a_burst(dated):
    burst, drip = (
        simulate_purchase(dated, n=20, kind=kind, repetitions=16).sizes[0].power for kind in ("batch", "drip")
    )
    assert drip < burst


def test_aged_accounts_are_not_seen_without_scores(dated):
    power = simulate_purchase(dated, kind="aged", shares=(0.01, 0.05), repetitions=12)
    assert [size.detected for size in power.sizes] == [0, 0]
    assert power.unseen_up_to.share == 0.05
    assert "power_without_scores" in codes(power)


def test_aged_accounts_are_seen_where_their_scores_are_unlike_the_others(dated, usual_scores, profile):
    power = simulate_purchase(dated, n=80, kind="aged", scores=usual_scores(dated), profile=profile, repetitions=8)
    # Every second purchase is of accounts that score as people do.
    assert power.sizes[0].detected == 4
    assert codes(power)[1:] == ["power_families", "power_differs_by_family"]
    assert dict(power.notes[-1].numbers) == {"n_bought": 80, "lowest": 0.0, "highest": 1.0}


def test_families_that_are_no_bought_followers_are_not_drawn(dated, usual_scores, profile):
    only = ScoreProfile(
        {"cresci-2017/a": profile.suspicious["cresci-2017/a"]}, profile.organic, (512,), "model", "twitter/full"
    )
    power = simulate_purchase(dated, n=80, kind="aged", scores=usual_scores(dated), profile=only, repetitions=4)
    assert power.sizes[0].detected == 0
    assert "high_scores" not in power.examined
    assert "power_without_scores" in codes(power)


def test_without_dates_scores_and_places_serve(undated, usual_scores, profile):
    power = simulate_purchase(undated, n=100, kind="drip", scores=usual_scores(undated), profile=profile, repetitions=6)
    assert power.spread_share == pytest.approx(0.06)
    assert power.sizes[0].detected == 3
    assert "power_without_times" in codes(power)
    assert "creation_band" not in power.examined


def test_power_agrees_with_purchases_that_are_truly_there():
    n, days, n_true = 20, 2.0, 60
    found = 0
    for seed in range(100, 100 + n_true):
        start = 10 + 1_390 * np.random.Generator(np.random.Philox(seed)).random()
        history = make_follow_history(4_000, [Purchase(n, start, days)], random_state=seed, columns=DATES)
        ranks = history.accounts.table["follow_rank"].to_numpy()[history.is_bought]
        blocks = find_follow_blocks(history.accounts).blocks
        found += any(((ranks >= one.first_rank) & (ranks <= one.last_rank)).mean() >= 0.3 for one in blocks)
    sizes = [
        simulate_purchase(
            make_follow_history(4_000, random_state=seed, columns=DATES).accounts, n=n, repetitions=10
        ).sizes[0]
        for seed in range(12)
    ]
    detected, runs = sum(size.detected for size in sizes), sum(size.repetitions for size in sizes)
    pooled = (found + detected) / (n_true + runs)
    assert 0.2 < pooled < 0.8  # else the comparison would show little
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n_true + 1 / runs))
    assert abs(found / n_true - detected / runs) < 2.58 * spread


def test_blocks_that_are_there_are_taken_out():
    history = make_follow_history(3_000, [Purchase(300, 500)], random_state=2, columns=DATES)
    assert len(find_follow_blocks(history.accounts)) == 1
    power = simulate_purchase(history.accounts, n=5, repetitions=20)
    # Else purchases that fall into the block would be seen with it.
    assert power.sizes[0].detected == 0
    assert "power_further_purchase" in codes(power)
    assert power.sizes[0].share == pytest.approx(5 / 3_300)


def test_same_seed_same_result_and_another_seed_another(dated):
    how = {"n": 20, "repetitions": 10}
    first = simulate_purchase(dated, **how, random_state=3)
    assert first == simulate_purchase(dated, **how, random_state=3)
    assert first != simulate_purchase(dated, **how, random_state=4)


def test_a_size_alone_has_the_result_it_has_among_others(dated):
    alone = simulate_purchase(dated, n=20, repetitions=6)
    among = simulate_purchase(dated, shares=(0.05, 0.005), repetitions=6)
    assert alone.sizes[0] == among.sizes[0]


def test_the_number_of_processes_changes_nothing(undated, usual_scores, profile):
    how = {"n": 60, "scores": usual_scores(undated), "profile": profile, "repetitions": 4}
    assert simulate_purchase(undated, **how) == simulate_purchase(undated, **how, n_jobs=2)


def test_a_longer_delivery_than_the_list_is_cut_and_said(dated):
    power = simulate_purchase(dated, n=40, spread_days=9_999.0, repetitions=2)
    cut = next(note for note in power.notes if note.code == "power_spread_cut")
    assert cut.numbers["days"] == 9_999.0
    assert 1_000 < power.spread_days < 1_500


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        (rows(500), "blocks_no_order"),
        (rows(50, follow_rank=lambda row: row), "blocks_too_few"),
        (rows(500, follow_rank=lambda row: row), "blocks_nothing_known"),
        (rows(500, follow_rank=lambda row: row, posts_count=lambda row: row % 3), "power_nothing_known"),
        (
            rows(
                500, follow_rank=lambda row: 499 - row, created_at=lambda row: f"20{10 + row // 50}-0{1 + row % 9}-11"
            ),
            "order_seems_reversed",
        ),
    ],
)
def test_lists_of_which_nothing_can_be_told_say_so(listed, code):
    accounts = AccountTable.from_frame(listed, platform="github")
    power = simulate_purchase(accounts, repetitions=2)
    assert power.sizes == ()
    assert codes(power) == [code]
    for language in ("en", "id"):
        assert power.in_words(language)


def test_one_date_for_all_tells_no_time():
    same = {"follow_rank": lambda row: row, "created_at": lambda row: "2020-01-01T00:00:00Z"}
    active = rows(500, **same, posts_count=lambda row: row % 3)
    power = simulate_purchase(AccountTable.from_frame(active, platform="github"), repetitions=2)
    assert power.sizes == ()
    assert codes(power) == ["power_nothing_known"]


def test_an_empty_list(dated):
    empty = AccountTable.from_frame(dated.table.slice(0, 0), platform="twitter")
    assert codes(simulate_purchase(empty)) == ["blocks_no_accounts"]


def test_more_than_the_list_holds_is_refused(dated):
    with pytest.raises(SchemaError, match="4,000"):
        simulate_purchase(dated, n=4_001, repetitions=1)


@pytest.mark.parametrize("how", [{"n": 0}, {"spread_days": -1.0}, {"kind": "fresh"}, {"shares": (float("nan"),)}])
def test_hostile_arguments_are_refused_before_anything_is_done(how):
    with pytest.raises(SchemaError, match=next(iter(how))):
        simulate_purchase(None, **how)


@pytest.mark.parametrize("level", [0.0, 1.0, float("nan")])
def test_confidence_level(dated, level):
    with pytest.raises(BotscanError, match="confidence level"):
        simulate_purchase(dated, confidence_level=level)


def test_scores_of_other_accounts_or_models_are_refused(dated, undated, usual_scores, profile):
    with pytest.raises(SchemaError, match="not the same"):
        simulate_purchase(dated, scores=usual_scores(undated), profile=profile)
    other = ScoreProfile(profile.suspicious, profile.organic, (512,), "model", "twitter/no_dates")
    with pytest.raises(ModelError, match="no_dates"):
        simulate_purchase(dated, scores=usual_scores(dated), profile=other)


def test_scores_without_a_profile_are_left_aside(dated, usual_scores):
    power = simulate_purchase(dated, n=30, scores=usual_scores(dated), repetitions=4)
    alone = simulate_purchase(dated, n=30, repetitions=4)
    assert power.sizes == alone.sizes
    assert power.examined == alone.examined
