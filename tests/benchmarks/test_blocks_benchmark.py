"""The benchmark of bought blocks: how made-up stretches are judged, and that its checks can fail."""

import importlib
import math
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
MODULES = (
    "resumable",
    "held_out_rows",
    "follow_histories",
    "blocks_changes",
    "blocks_judged",
    "blocks_runs",
    "blocks_detection",
    "blocks_clean",
    "blocks_real",
    "blocks_speed",
    "blocks",
)


@pytest.fixture
def modules(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield SimpleNamespace(**{name: importlib.import_module(name) for name in MODULES})
    for name in MODULES:
        sys.modules.pop(name, None)


def record(*stretches, first=1_000, last=1_199, n_bought=100):
    """Stretches are (start, stop, bound, bought accounts in it)."""
    return {
        "first": first,
        "last": last,
        "n_bought": n_bought,
        "found": {"any": [[*one, 0.01, []] for one in stretches]},
    }


def judge(modules, *stretches, **truth):
    return modules.blocks_judged.judge(record(*stretches, **truth), "any")


@pytest.mark.parametrize(
    ("stretch", "is_found", "n_false"),
    [
        ((1_000, 1_200, 80, 100), True, 0),
        ((1_000, 1_060, 20, 30), True, 0),  # just as many as it takes
        ((1_000, 1_058, 20, 29), False, 0),  # bought, but too few of them: neither
        ((5_000, 5_100, 20, 0), False, 1),
        ((1_150, 1_450, 20, 29), False, 1),  # fewer than a tenth are bought, and too few of the delivery
        ((1_000, 2_000, 50, 100), True, 0),  # a tenth is bought
        ((0, 1_200, 50, 100), False, 1),  # so long that it names nobody
    ],
)
def test_a_block_is_a_hit_or_false_or_neither(modules, stretch, is_found, n_false):
    one = judge(modules, stretch)
    assert (one.is_found, one.n_false, one.n_blocks) == (is_found, n_false, 1)


def test_a_block_over_a_thin_delivery_has_found_it_up_to_twice_its_length(modules):
    thin = {"first": 1_000, "last": 2_999, "n_bought": 100}
    assert judge(modules, (1_000, 3_000, 50, 100), **thin).is_found
    assert judge(modules, (0, 4_000, 50, 100), **thin).is_found
    too_long = judge(modules, (0, 4_001, 50, 100), **thin)
    assert (too_long.is_found, too_long.n_false) == (False, 1)


def test_edges_are_those_of_the_block_that_holds_the_most(modules):
    one = judge(modules, (990, 1_100, 30, 45), (1_120, 1_190, 30, 40))
    assert one.edge_errors == (10, 100)
    assert (one.n_blocks, one.n_false, one.delivery) == (2, 0, 200)
    assert judge(modules, (1_000, 1_200, 80, 100)).edge_errors == (0, 0)
    assert judge(modules, (5_000, 5_100, 20, 0)).edge_errors == ()
    several = [one, judge(modules, (1_004, 1_200, 80, 98)), judge(modules)]
    assert modules.blocks_judged.edges(several) == "7 (4 %)"  # of 10, 100, 4 and 0; the third found nothing
    assert modules.blocks_judged.edges(several[2:]) == "-"


def test_bounds_of_hits_are_a_share_and_those_of_all_blocks_may_not_exceed_the_bought(modules):
    both = judge(modules, (1_000, 1_100, 30, 50), (1_100, 1_200, 40, 50))
    assert both.bound_share == pytest.approx(0.7)
    assert not both.is_too_high
    with_false = judge(modules, (1_000, 1_200, 80, 100), (7_000, 7_100, 21, 0))
    assert with_false.bound_share == pytest.approx(0.8)
    assert with_false.is_too_high
    assert math.isnan(judge(modules).bound_share)


def test_a_clean_history_has_false_blocks_alone(modules):
    clean = {"first": -1, "last": -1, "n_bought": 0}
    nothing, one = judge(modules, **clean), judge(modules, (10, 90, 5, 0), **clean)
    assert (nothing.n_blocks, nothing.n_false, nothing.is_too_high) == (0, 0, False)
    assert (one.is_found, one.n_false, one.is_too_high) == (False, 1, True)


def test_shares_carry_their_interval(modules):
    judged = modules.blocks_judged
    assert judged.share([True] * 95 + [False] * 5) == "95 % (88.8 % to 97.8 %)"
    assert judged.share([]) == "-"
    assert judged.mean_of([float("nan"), 0.5, 0.75]) == "0.62"
    assert judged.mean_of([float("nan")]) == "-"


def test_bounds_of_the_short_version_are_missed_by_chance_in_one_of_a_thousand(modules):
    from scipy.stats import binom

    for n in (20, 40, 200):
        most, fewest = modules.blocks_judged.most(n), modules.blocks_judged.fewest(n, 0.95)
        assert binom.sf(most, n, 0.05) <= 0.001 < binom.sf(most - 1, n, 0.05)
        assert binom.cdf(fewest - 1, n, 0.95) <= 0.001 < binom.cdf(fewest, n, 0.95)


@pytest.mark.parametrize(
    ("count", "bounds", "is_fault"),
    [(33, {"fewest": 33}, False), (32, {"fewest": 33}, True), (7, {"most": 7}, False), (8, {"most": 7}, True)],
)
def test_the_short_version_fails_outside_its_bounds(modules, monkeypatch, count, bounds, is_fault):
    check = modules.blocks.Check("one", count, 40, **bounds)
    monkeypatch.setattr(modules.blocks, "short_checks", lambda _jobs: iter([check]))
    assert modules.blocks.short(jobs=1) == ("outside the bounds: one" if is_fault else None)


def test_the_short_version_checks_every_goal(modules):
    goals = {row.title: row.goal for row in modules.blocks_detection.rows() if row.goal}
    assert goals == modules.blocks.FOUND
    assert all(row.seeds >= 200 for row in modules.blocks_detection.rows() if row.goal)


def test_seeds_are_others_than_those_of_the_constants(modules):
    runs = modules.blocks_runs
    blocks = list(runs.Cell(0.01).blocks(25))
    seeds = [seed for block in blocks for seed in range(block["first_seed"], block["first_seed"] + block["n_seeds"])]
    assert seeds == list(range(runs.FIRST_SEED, runs.FIRST_SEED + 25))
    assert runs.FIRST_SEED >= 300
    assert [block["n_seeds"] for block in runs.Cell(n=100_000).blocks(3)] == [2, 1]  # long ones in short blocks


def test_a_delivery_begins_at_any_time_at_which_it_can_end(modules):
    starts = [modules.blocks_runs.drawn_purchase(seed, 10, 90.0, "batch").start_days_ago for seed in range(200)]
    assert 95 <= min(starts) < 150
    assert 1_400 < max(starts) <= 1_495


def test_a_history_is_searched_with_each_kind_of_evidence(modules, monkeypatch):
    rows = modules.held_out_rows.HeldOutRows
    people = rows(np.linspace(-4, 2, 500), np.zeros(500, np.int8), np.repeat("people", 500))
    bought = rows(np.repeat(6.0, 50), np.ones(50, np.int8), np.repeat("seller", 50))
    monkeypatch.setattr(modules.follow_histories, "held_out_rows", lambda _source: (bought, people))
    runs = modules.blocks_runs
    made = {"size": 0.1, "spread_days": 2.0, "kind": "batch", "visible": True}
    made |= {"n_viral": 0, "viral_tilt": 0.3, "n": 4_000}
    found = runs.run(first_seed=1_000, n_seeds=2, change="none", evidence=list(runs.EVIDENCE), **made)
    assert [one["seed"] for one in found] == [1_000, 1_001]
    for one in found:
        assert (one["n"], one["n_bought"], one["order"]) == (4_400, 400, "by_time")
        for name in runs.EVIDENCE:
            judged = modules.blocks_judged.judge(one, name)
            assert judged.is_found, name
            assert judged.n_false == 0
            codes = {code for stretch in one["found"][name] for code in stretch[5]}
            assert bool(codes & {"creation_band", "fresh_accounts"}) == ("dates" in runs.EVIDENCE[name])
            assert ("high_scores" in codes) == ("scores" in runs.EVIDENCE[name])
            assert ("similar_handles" in codes) == ("handles" in runs.EVIDENCE[name])


def test_changes_change_something_and_are_taken_back(modules):
    changes = modules.blocks_changes
    for name in changes.CHANGES:
        patches = changes._patches(name)
        before = [getattr(target, attribute) for target, attribute, _ in patches]
        with changes.changed(name):
            inside = [getattr(target, attribute) for target, attribute, _ in patches]
        assert before == [getattr(target, attribute) for target, attribute, _ in patches]
        assert all(one != other for one, other in zip(before, inside, strict=True))
        assert bool(patches) == (name != "none")


def test_rougher_worlds_are_rougher(modules):
    from botscan.simulate import follow_order

    def young_share():
        random = np.random.Generator(np.random.Philox(3))
        made = follow_order.make_follow_skeleton(20_000, random=random)
        return float((made.account_age_days - made.followed_days_ago < 30).mean())

    usual = young_share()
    with modules.blocks_changes.changed("twice the newcomers"):
        assert young_share() > 1.5 * usual
    with modules.blocks_changes.changed("twice the surges"):
        surges = young_share()
    assert surges != usual
    assert young_share() == usual


def test_a_random_order_keeps_each_account_together(modules):
    real, n = modules.blocks_real, 50
    day = 86_400_000_000
    number = np.arange(n)
    evidence = real.OrderEvidence(
        number * day, number * day, number.astype(float), number.astype(np.int32), -number.astype(np.int32) - 1,
        np.zeros(n, np.int8),
    )  # fmt: skip
    order = np.random.Generator(np.random.Philox(1)).permutation(n)
    found = real.in_order(evidence, order, 10_000 * day)
    assert (found.created_at == order * day).all()
    assert (found.log_odds == order).all()
    assert (found.handle_shape == order).all()
    assert (found.followed_after == np.maximum.accumulate(order * day)).all()


def test_a_missing_data_folder_is_said_and_no_error(modules, monkeypatch, tmp_path):
    real = modules.blocks_real
    monkeypatch.setattr(real, "FOLDER", tmp_path / "none")
    assert list(real.tables(1.0, 1)) == list(real.block_tables()) == [real.SKIPPED]
    assert list(modules.blocks.real_checks()) == []


def test_what_the_figures_depend_on_is_there(modules):
    for pattern in modules.blocks_real.BEHIND_REAL:
        assert list(FOLDER.parent.glob(pattern)), pattern


def test_the_page_says_where_its_seeds_begin_and_how_each_part_is_made_again(modules, monkeypatch):
    parts = {
        name: part._replace(lines=lambda scale, jobs: iter([f"{scale} {jobs}"]))
        for name, part in modules.blocks.PARTS.items()
    }
    monkeypatch.setattr(modules.blocks, "PARTS", parts)
    page = list(modules.blocks.page_lines(tuple(parts), 0.5, 1))
    assert page.count("0.5 1") == len(parts)
    assert "chosen on seeds below 300" in " ".join(page)
    assert "begin at 1,000" in " ".join(page)
    for name, part in parts.items():
        assert f"## {part.title}" in page
        assert any(f"python benchmarks/blocks.py --only {name}" in line for line in page)
