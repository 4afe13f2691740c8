"""The cheapest split against every other one."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.prevalence.intervals import wilson_half_width
from botscan.prevalence.planning.two_phase_plan import TwoPhases, cheapest_split, fewest_labels, size_needed


def every_split(design, margin, cost_per_fetch, cost_per_label, most_fetched):
    """Return the least cost of all splits that keep the margin, and the fewest labels at that cost."""
    fetched = np.arange(1, most_fetched + 1, dtype=float)[:, None]
    labels = np.arange(1, min(most_fetched, 400) + 1, dtype=float)[None, :]
    variance = (1 - labels / fetched) / (labels * design.variance_ratio) + 1 / fetched - 1 / design.population
    needed = size_needed(margin, design.share, design.confidence_level)
    keeps = (variance <= 1.0 / needed + 1e-12) & (labels <= fetched)
    cost = np.where(keeps, cost_per_fetch * fetched + cost_per_label * labels, np.inf)
    best = cost.min()
    return float(best), int(labels[0, np.where(cost <= best + 1e-9)[1].min()])


@settings(deadline=None, max_examples=120)
@given(
    margin=st.sampled_from([0.08, 0.1, 0.15, 0.2]),
    design=st.builds(
        TwoPhases,
        share=st.sampled_from([0.1, 0.3, 0.5]),
        confidence_level=st.just(0.95),
        variance_ratio=st.sampled_from([1.0, 1.3, 2.0, 4.0]),
        population=st.sampled_from([12, 60, 300, 2_000, math.inf]),
    ),
    cost_per_fetch=st.sampled_from([0.02, 0.1, 1.0, 7.0]),
    cost_per_label=st.sampled_from([0.0, 0.3, 1.0, 20.0]),
)
def test_no_other_split_is_cheaper(margin, design, cost_per_fetch, cost_per_label):
    found = cheapest_split(design, margin, cost_per_fetch, cost_per_label)
    most = int(min(4_000, design.population))
    expected = every_split(design, margin, cost_per_fetch, cost_per_label, most)
    assert found is not None
    n_labels, n_fetched = found
    assert n_labels <= n_fetched <= design.population
    assert design.half_width(n_labels, n_fetched) <= margin * (1 + 1e-9)
    assert cost_per_fetch * n_fetched + cost_per_label * n_labels == pytest.approx(expected[0], rel=1e-9)
    assert n_labels == expected[1]


@pytest.mark.parametrize(("ratio", "dearer"), [(2.0, 50.0), (3.0, 10.0), (1.5, 200.0)])
def test_the_split_is_that_of_the_textbook(ratio, dearer):
    # Lagrange: with one constraint on a / n + b / N the costs c n + N are least at N / n = sqrt(c b / a).
    n_labels, n_fetched = cheapest_split(TwoPhases(0.5, 0.95, ratio), 0.005, 1.0, dearer)
    assert n_fetched / n_labels == pytest.approx(math.sqrt((ratio - 1.0) * dearer), rel=0.01)


def test_very_small_margins_and_odd_costs_are_no_trouble():
    for cost_per_fetch in (1e-9, 1.0, 1e9):
        design = TwoPhases(0.5, 0.95, 2.8)
        n_labels, n_fetched = cheapest_split(design, 0.0001, cost_per_fetch, 50.0)
        assert design.half_width(n_labels, n_fetched) <= 0.0001 * (1 + 1e-9)


def test_scores_that_tell_nothing_are_not_fetched_for():
    design = TwoPhases(0.5, 0.95, 1.0)
    assert cheapest_split(design, 0.05, 1e-6, 1.0) == (381, 381)
    assert design.half_width(381, 1_000) == pytest.approx(design.half_width(381, 500))


def test_with_free_fetching_everybody_is_fetched_and_with_free_labels_everybody_fetched_is_labelled():
    design = TwoPhases(0.5, 0.95, 2.0, population=3_000)
    free = cheapest_split(design, 0.05, 0.0, 1.0)
    assert free == (fewest_labels(design, 0.05, 3_000), 3_000)
    n_labels, n_fetched = cheapest_split(design, 0.05, 1.0, 0.0)
    plain = fewest_labels(TwoPhases(0.5, 0.95, 1.0, population=3_000), 0.05, 3_000)
    assert n_fetched == plain
    # One label more or less does not change how many are fetched.
    assert n_fetched - 3 <= n_labels <= n_fetched


def test_what_cannot_be_reached_is_none():
    assert fewest_labels(TwoPhases(0.5, 0.95), 0.05, 300) is None
    assert fewest_labels(TwoPhases(0.5, 0.95, population=5_000), 0.05, 300) is None


def test_everybody_labelled_leaves_nothing_to_estimate():
    design = TwoPhases(0.5, 0.95, 1.7, population=40)
    assert design.effective_size(40, 40) == math.inf
    assert design.half_width(40, 40) == 0.0
    assert design.half_width(39, 40) > 0.0


@settings(deadline=None)
@given(st.floats(0.001, 0.45), st.floats(0, 1), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_size_needed_has_the_width_asked_for(margin, share, level):
    needed = size_needed(margin, share, level)
    if needed > 1.0:
        assert wilson_half_width(share, needed, level) == pytest.approx(margin, rel=1e-9)
    else:
        assert wilson_half_width(share, 1.0, level) <= margin
