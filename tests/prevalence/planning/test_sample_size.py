"""Plans: what is asked for is kept, and costs no more than it must."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import ModelError, NotEnoughAccounts
from botscan.evidence.profile import ScoreProfile
from botscan.prevalence.from_labels import audit_sample
from botscan.prevalence.intervals import wilson_interval
from botscan.prevalence.planning.plan_question import FEWEST_LABELS
from botscan.prevalence.planning.sample_size import effective_size, labels_needed, plan_sample_size

COSTS = {"cost_per_fetch": 1.0, "cost_per_label": 50.0}


@settings(deadline=None, max_examples=60)
@given(
    st.floats(0.02, 0.4),
    st.floats(0, 1),
    st.none() | st.integers(1, 5000),
    st.floats(1, 3),
    st.sampled_from([0.8, 0.95, 0.99]),
)
def test_it_is_the_first_number_that_is_enough(margin, share, list_size, ratio, level):
    def half_width(n):
        lower, upper = wilson_interval(share, effective_size(n, list_size, ratio), level)
        # At 0 and 1 Wilson's interval is cut off; the plan counts what is cut off too.
        return None if share in (0.0, 1.0) else (upper - lower) / 2

    n = labels_needed(margin, organic_share=share, confidence_level=level, list_size=list_size, variance_ratio=ratio)
    if half_width(n) is None:
        return
    found = next(m for m in range(1, n + 1) if half_width(m) <= margin * (1 + 1e-12))
    assert n == found


def test_known_numbers():
    # z^2 p (1 - p) / m^2, less what Wilson's interval saves.
    assert labels_needed(0.05) == plan_sample_size(0.05).n_labels == 381
    assert labels_needed(0.03, organic_share=0.9) == pytest.approx(385, abs=4)
    assert labels_needed(0.03, organic_share=0.3) == pytest.approx(897, abs=5)


def test_a_small_list_needs_fewer_labels_and_never_more_than_it_has():
    found = [labels_needed(0.05, list_size=size) for size in (1, 10, 100, 1000, 10**6)]
    assert found == sorted(found)
    assert found[:2] == [1, 10]
    assert found[-1] == 381
    assert [plan_sample_size(0.05, list_size=size).n_labels for size in (1, 10, 1000, 10**6)] == [1, 10, 276, 381]


def test_the_worst_case_is_one_half():
    assert max(labels_needed(0.05, organic_share=share / 20) for share in range(21)) == labels_needed(0.05)
    costs = [plan_sample_size(0.05, organic_share=share / 20, auc=0.9, **COSTS).cost for share in range(21)]
    assert max(costs) == costs[10] == plan_sample_size(0.05, auc=0.9, **COSTS).cost


def test_scores_that_help_save_labels():
    assert labels_needed(0.05, variance_ratio=2.0) == pytest.approx(381 / 2, abs=2)


def test_of_a_short_list_every_label_counts_for_more():
    assert effective_size(100, 400) == pytest.approx(400 / 3)
    assert effective_size(100, 400, 1.5) == pytest.approx(200)
    assert effective_size(100, None, 1.5) == 150


@pytest.mark.parametrize("share", [0, 1])
def test_a_share_at_the_end_may_be_assumed(share):
    # Of none in n the exact interval reaches 1 - 0.025^(1/n): 36 labels for twice five points.
    assert labels_needed(0.05, organic_share=share) == 35  # Wilson's half-width is z^2 / 2 / (n + z^2) there
    assert plan_sample_size(0.05, organic_share=share).n_labels == 36


@settings(deadline=None, max_examples=80)
@given(
    margin=st.sampled_from([0.02, 0.05, 0.1, 0.3]),
    asked=st.fixed_dictionaries(
        {
            "organic_share": st.sampled_from([None, 0.0, 0.03, 0.5, 0.9, 0.99]),
            "auc": st.sampled_from([None, 0.5, 0.7, 0.9, 0.99]),
            "population": st.sampled_from([None, 40, 900, 30_000]),
            "undecided_share": st.sampled_from([0.0, 0.03]),
            "n_raters": st.integers(1, 3),
        }
    ),
    costs=st.sampled_from([{}, COSTS, {"cost_per_fetch": 5.0, "cost_per_label": 0.0}]),
)
def test_a_plan_keeps_the_margin_and_its_numbers_agree(margin, asked, costs):
    population, undecided, raters = asked["population"], asked["undecided_share"], asked["n_raters"]
    try:
        plan = plan_sample_size(margin, **asked, **costs)
    except NotEnoughAccounts:
        # Of so few, even one that is left out of the decided takes more than the margin.
        assert (population, margin) == (40, 0.02)
        assert undecided
        return
    assert 0.0 <= plan.expected_margin <= margin * (1 + 1e-9)
    assert plan.n_labels <= plan.n_drawn
    assert plan.n_labels == round(plan.n_drawn * (1 - undecided))
    assert plan.n_fetch is None or plan.n_drawn <= plan.n_fetch <= (population or math.inf)
    assert 1.0 <= plan.variance_ratio <= 4.0
    if costs:
        per_account = costs["cost_per_label"] * raters
        assert plan.cost == pytest.approx(costs["cost_per_fetch"] * plan.n_fetch + per_account * plan.n_drawn)
    else:
        assert plan.cost is None


def cost_of(margin=0.04, **changed):
    return plan_sample_size(margin, **{"organic_share": 0.7, "auc": 0.9, **COSTS, **changed}).cost


def test_costs_rise_and_fall_as_they_should():
    falling = [
        [cost_of(margin=margin) for margin in (0.02, 0.03, 0.05, 0.1)],
        [cost_of(auc=auc) for auc in (0.5, 0.7, 0.8, 0.9, 0.95, 0.99)],
        [cost_of(population=size) for size in (None, 20_000, 5_000, 1_000, 200)],
        [cost_of(undecided_share=share) for share in (0.07, 0.04, 0.0)],
        [cost_of(confidence_level=level) for level in (0.99, 0.95, 0.8)],
    ]
    for costs in falling:
        assert costs == sorted(costs, reverse=True)
        assert costs[0] > costs[-1]
    fetched = [plan_sample_size(0.04, auc=0.9, cost_per_fetch=cost, cost_per_label=50).n_fetch for cost in (0.1, 1, 20)]
    assert fetched == sorted(fetched, reverse=True)
    assert fetched[0] > 2 * fetched[-1]


def test_raters_cost_and_narrow_nothing():
    one, two = (plan_sample_size(0.04, n_raters=n, **COSTS) for n in (1, 2))
    assert (one.n_fetch, one.n_drawn, one.expected_margin) == (two.n_fetch, two.n_drawn, two.expected_margin)
    assert two.cost - one.cost == 50 * one.n_drawn
    # Where scores help, dearer labels are worth more fetching.
    one, two = (plan_sample_size(0.04, auc=0.95, n_raters=n, **COSTS) for n in (1, 2))
    assert two.n_fetch > one.n_fetch
    assert two.n_drawn < one.n_drawn


def test_free_fetching_of_a_whole_audience_is_the_rule_of_a_complete_list():
    for ratio in (1.0, 1.8):
        fetched = plan_sample_size(0.04, population=3_000, variance_ratio=ratio)
        listed = plan_sample_size(0.04, list_size=3_000, variance_ratio=ratio)
        assert fetched.n_labels == listed.n_labels
        assert listed.n_labels == labels_needed(0.04, list_size=3_000, variance_ratio=ratio)
    assert fetched.n_fetch == 3_000
    assert listed.n_fetch == 0
    assert plan_sample_size(0.04, variance_ratio=1.8).n_fetch is None
    assert plan_sample_size(0.04, variance_ratio=1.8).n_labels == labels_needed(0.04, variance_ratio=1.8)


def test_a_plan_with_the_auc_is_the_one_with_its_variance_ratio():
    plan = plan_sample_size(0.03, organic_share=0.8, auc=0.93, **COSTS)
    same = plan_sample_size(0.03, organic_share=0.8, variance_ratio=plan.variance_ratio, **COSTS)
    assert (same.n_fetch, same.n_labels) == (plan.n_fetch, plan.n_labels)


def test_with_undecided_accounts_more_are_to_be_fetched():
    options = {"population": 9_000, "undecided_share": 0.04}
    with pytest.raises(NotEnoughAccounts) as caught:
        plan_sample_size(0.03, list_size=1_500, **options)
    needed = int(re.search(r"fetch about (\d+)", caught.value.remedy).group(1))
    assert plan_sample_size(0.03, list_size=needed, **options).n_drawn <= needed
    assert needed > 2 * plan_sample_size(0.03, population=9_000).n_fetch


def test_undecided_accounts_take_their_share_of_the_margin():
    drawn = [plan_sample_size(0.05, undecided_share=share, **COSTS).n_drawn for share in (0.0, 0.02, 0.05, 0.08)]
    assert drawn == sorted(drawn)
    assert drawn[-1] > 10 * drawn[0]
    # Of a finite list nothing but them is left when all have been looked at.
    assert plan_sample_size(0.051, undecided_share=0.1, list_size=400).n_drawn <= 400


def accepted(error):
    return float(re.search(r"Accept a margin of (0\.\d+)\.", error.remedy).group(1))


@pytest.mark.parametrize(
    "options",
    [
        {"list_size": 300, "population": 5_000},
        {"list_size": 300, "population": 5_000, "auc": 0.95},
        {"list_size": 300, "population": 5_000, "undecided_share": 0.015},
        {"auc": 0.95, "n_validation": 300},
        {"auc": 0.85, "n_validation": 5_000, "list_size": 400},
    ],
    ids=str,
)
def test_what_cannot_be_reached_names_what_can(options):
    with pytest.raises(NotEnoughAccounts, match="wanted") as caught:
        plan_sample_size(0.01, **options)
    reachable = accepted(caught.value)
    assert 0.01 < reachable < 0.5
    assert plan_sample_size(reachable, **options).expected_margin == pytest.approx(reachable, rel=0.01)


def test_too_small_a_sample_of_an_audience_says_how_many_to_fetch():
    with pytest.raises(NotEnoughAccounts, match="300 accounts") as caught:
        plan_sample_size(0.03, list_size=300, population=5_000)
    needed = int(re.search(r"fetch about (\d+)", caught.value.remedy).group(1))
    assert plan_sample_size(0.03, list_size=needed, population=5_000).n_labels <= needed
    with pytest.raises(NotEnoughAccounts):
        plan_sample_size(0.03, list_size=needed - 1, population=5_000)


def test_nothing_is_promised_where_scores_tell_nothing():
    with pytest.raises(NotEnoughAccounts, match="No margin"):
        plan_sample_size(auc=0.5, n_validation=2_000)


def test_with_a_profile_of_the_audience_no_label_is_needed():
    plan = plan_sample_size(0.03, organic_share=0.7, auc=0.95, n_validation=10**7, **COSTS)
    assert plan.n_fetch == pytest.approx(1_430, rel=0.02)
    assert (plan.n_labels, plan.n_drawn, plan.cost) == (0, 0, plan.n_fetch)
    fewer = plan_sample_size(0.03, organic_share=0.7, auc=0.95, n_validation=2_000)
    assert fewer.n_fetch > 1.2 * plan.n_fetch
    of_few = plan_sample_size(0.03, organic_share=0.7, auc=0.95, n_validation=2_000, population=3_000)
    assert of_few.n_fetch < fewer.n_fetch
    listed = plan_sample_size(0.03, auc=0.95, n_validation=2_000, list_size=2_000)
    assert (listed.n_fetch, listed.n_labels) == (0, 0)
    assert listed.expected_margin < 0.03


def normal_profile(n, distance=2.326):
    rng = np.random.Generator(np.random.Philox(3))
    parts = []
    for label in (1, 0):
        log_odds = distance * (rng.normal(label * distance, 1.0, n) - distance / 2)
        parts.append(np.bincount(np.clip((log_odds * 32).astype(int) + 512, 0, 1023), minlength=1024))
    edges = tuple(np.unique(np.quantile(np.repeat(np.arange(1024), sum(parts)), np.arange(1, 12) / 12).astype(int)))
    return ScoreProfile({"a": parts[0]}, {"b": parts[1]}, edges, "m", "p")


def test_a_measured_profile_plans_like_its_auc():
    profile = normal_profile(1_000)
    found = plan_sample_size(0.03, organic_share=0.7, profile=profile)
    assert found.n_fetch == pytest.approx(
        plan_sample_size(0.03, organic_share=0.7, auc=0.95, n_validation=2_000).n_fetch, rel=0.15
    )
    numbers = {note.code: note for note in found.notes}
    assert numbers["plan_profile_of_this_audience"].count == 2_000
    assert 6 <= numbers["plan_domain_floor"].numbers["points"] <= 8


def test_a_profile_needs_both_kinds():
    counts = np.zeros(1024, dtype=np.uint64)
    full = counts + 1
    with pytest.raises(ModelError, match="no suspicious"):
        plan_sample_size(profile=ScoreProfile({"a": counts}, {"b": full}, (512,), "m", "p"))


def test_the_worst_share_of_a_profile_is_looked_for():
    # Few suspicious validation accounts: what they leave open matters most where all are suspicious.
    many = normal_profile(1_000)
    few = ScoreProfile(normal_profile(100).suspicious, many.organic, many.bin_edges, "m", "p")
    plan = plan_sample_size(0.08, profile=few)
    assert plan.organic_share < 0.5
    assert plan.notes[0].code == "plan_worst_share"
    for share in (0.0, 0.2, 0.5, 0.9):
        assert plan_sample_size(0.08, profile=few, organic_share=share).n_fetch <= plan.n_fetch


@pytest.mark.parametrize(
    ("options", "n_labels"),
    [({}, 2), ({"undecided_share": 0.5}, 2), ({"list_size": 1}, 1), ({"list_size": 2}, 2), ({"population": 1}, 1)],
)
def test_no_plan_asks_for_fewer_labels_than_an_audit_needs(options, n_labels):
    plan = plan_sample_size(0.499, organic_share=0.5, **options)
    assert plan.n_labels >= n_labels
    assert plan.n_drawn <= (options.get("list_size") or options.get("population") or plan.n_drawn)
    assert FEWEST_LABELS == audit_sample.FEWEST_LABELS == 2


def test_a_wide_margin_of_a_list_asks_for_two_labels():
    plan = plan_sample_size(0.499, list_size=500)
    assert plan.n_labels == plan.n_drawn == 2
    assert plan.expected_margin <= 0.499
