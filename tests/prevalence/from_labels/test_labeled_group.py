import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import SchemaError
from botscan.evidence.labels import LabelDesign, LabelTable
from botscan.prevalence.from_labels.labeled_group import FEWEST_LABELED, GroupLabels, effective_interval, weighted_share
from botscan.prevalence.intervals import exact_interval


def test_equal_weights_are_the_plain_share_and_close_to_the_plain_number_of_labels():
    organic = np.array([1.0] * 30 + [0.0] * 10)
    share, n = weighted_share(organic, np.ones(40, bool), np.full(40, 7.0), np.zeros(40, np.int64))
    assert share == 0.75
    assert 38 < n <= 40


def test_unequal_weights_are_worth_fewer_labels():
    organic = np.array([1.0, 0.0] * 20)
    weight = np.where(np.arange(40) < 20, 1.0, 9.0)
    share, n = weighted_share(organic, np.ones(40, bool), weight, np.zeros(40, np.int64))
    assert share == 0.5
    assert 20 < n < 30  # Kish: 40 * mean squared over mean of squares is 24.4


def test_a_single_label_of_a_stratum_is_not_taken_for_certain():
    # One heavy label of its own stratum decides half of the share.
    organic = np.array([1.0, *[0.0, 1.0] * 10])
    weight = np.array([20.0, *[1.0] * 20])
    stratum = np.array([0, *[1] * 20])
    share, n = weighted_share(organic, np.ones(21, bool), weight, stratum)
    assert share == 0.75
    assert n <= 40**2 / (20**2 + 20) + 1e-9  # Kish's number, 3.8: the light labels alone would seem worth 15
    alone = np.where(np.arange(21) == 0, 0.0, 1.0)
    assert weighted_share(alone, np.ones(21, bool), weight, stratum)[1] < 4


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0.1, 100), st.integers(0, 4), st.booleans()),
        min_size=1,
        max_size=40,
    ).filter(lambda labels: any(here for *_, here in labels))
)
def test_no_more_labels_are_seen_than_kishs_number(labels):
    organic, weight, stratum, here = (np.array(column) for column in zip(*labels, strict=True))
    share, n = weighted_share(organic, here, weight, stratum)
    of_group = weight[here]
    assert 0 <= share <= 1 + 1e-12
    assert 0 < n <= of_group.sum() ** 2 / (of_group**2).sum() + 1e-9


def test_what_is_outside_the_group_adds_no_share_and_no_labels():
    organic = np.array([1.0] * 15 + [0.0] * 5 + [1.0] * 80)
    here = np.arange(100) < 20
    share, n = weighted_share(organic, here, np.ones(100), np.zeros(100, np.int64))
    assert share == 0.75
    assert n <= 20


@settings(max_examples=100, deadline=None)
@given(st.integers(15, 200).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_the_interval_of_a_whole_number_of_labels_is_the_exact_one(numbers):
    n, events = numbers
    assert effective_interval(events / n, n, 0.95) == pytest.approx(exact_interval(events, n), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(st.floats(0, 1), st.floats(1, 500))
def test_the_interval_holds_its_point_inside_the_scale(share, n):
    lower, upper = effective_interval(share, n, 0.95)
    assert 0 <= lower <= share <= upper <= 1


def labels_of(n, **values):
    design = values.pop("design", LabelDesign("simple_random", "d" * 64))
    answers = np.array([[row % 3 == 0] for row in range(n)], dtype=np.int8)
    return LabelTable(tuple(f"a{row}" for row in range(n)), ("rater_1",), answers, design, None, "sheet.csv", **values)


def test_a_group_with_one_label_too_few_has_no_interval(scores_of):
    scores = scores_of(np.zeros(60))
    given = GroupLabels.of(scores, labels_of(40))
    few = given.organic_of(np.arange(60) < FEWEST_LABELED - 1, 100, 0.95)
    enough = given.organic_of(np.arange(60) < FEWEST_LABELED, 100, 0.95)
    assert (few.n_labeled, few.interval) == (14, None)
    assert enough.interval == pytest.approx((10 / 15, *exact_interval(10, 15, 100)), abs=1e-6)


def test_rows_that_repeat_an_account_have_one_label(scores_of):
    scores = scores_of(np.zeros(40), ids=[f"a{row // 2}" for row in range(40)])
    given = GroupLabels.of(scores, labels_of(20))
    assert given.organic_of(np.ones(40, bool), 40, 0.95).n_labeled == 20


def test_labels_of_another_list_are_refused(scores_of):
    with pytest.raises(SchemaError, match="another list"):
        GroupLabels.of(scores_of(np.zeros(3)), labels_of(3, design=LabelDesign("simple_random", "e" * 64)))


def test_strata_with_equal_weights_are_a_simple_sample(scores_of):
    design = LabelDesign("stratified", "d" * 64, None, None, (("part_1", 30), ("part_2", 30)))
    labels = labels_of(40, design=design, stratum=np.repeat([0, 1], 20))
    assert GroupLabels.of(scores_of(np.zeros(60)), labels).weight is None


def test_a_stratum_without_a_decision_leaves_every_group_open(scores_of):
    design = LabelDesign("stratified", "d" * 64, None, None, (("part_1", 20), ("part_2", 40)))
    found = []
    for n in (20, 21):  # the 21st is the first of the second part
        labels = labels_of(n, design=design, stratum=np.repeat([0, 1], 20)[:n])
        found.append(GroupLabels.of(scores_of(np.zeros(60)), labels).organic_of(np.ones(60, bool), 60, 0.95))
    assert [one.n_labeled for one in found] == [20, 21]
    assert found[0].interval is None
    assert found[1].interval is not None
