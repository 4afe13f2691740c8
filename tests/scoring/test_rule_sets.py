import itertools
import math

import numpy as np
import pyarrow as pa
import pytest

from botscan.features.columns import Columns
from botscan.scoring.rule_sets import RuleSet, ThumbRule, all_of, any_of, judge, unless_unknown

NAN = float("nan")
VALUES = (1.0, 0.0, NAN)


def flag(name, *, speaks_for="suspicious"):
    return ThumbRule(name, name, "true", lambda columns: columns.flag(name), (name,), "own", speaks_for=speaks_for)


def batch(**flags):
    return Columns(pa.table({name: pa.array(cells, pa.bool_()) for name, cells in flags.items()}))


def told(found):
    return [None if math.isnan(one) else one for one in np.asarray(found, dtype=float).tolist()]


@pytest.mark.parametrize(("one", "other"), list(itertools.product(VALUES, VALUES)))
def test_unknown_could_be_either(one, other):
    """An answer is what both readings of every unknown agree on."""
    could_be = [[value] if not math.isnan(value) else [0.0, 1.0] for value in (one, other)]
    for combine, decide in ((all_of, all), (any_of, any)):
        outcomes = {float(decide(pair)) for pair in itertools.product(*could_be)}
        wanted = outcomes.pop() if len(outcomes) == 1 else None
        assert told(combine(np.array([one]), np.array([other]))) == [wanted]


def test_a_condition_is_unknown_where_one_of_its_numbers_is():
    first, second = np.array([1.0, NAN, 1.0]), np.array([1.0, 1.0, NAN])
    assert told(unless_unknown(first > 0, first, second)) == [1, None, None]


def test_a_set_in_which_one_rule_is_enough():
    either = RuleSet("either", "own", (flag("a"), flag("b")), "any", "own")
    judged = judge(either, batch(a=[True, False, False, None], b=[None, None, False, None]))
    assert told(judged.flagged) == [1, None, 0, None]
    assert (judged.low.tolist(), judged.high.tolist()) == ([1, 0, 0, 0], [2, 1, 0, 2])
    assert judged.n_checked.tolist() == [1, 1, 2, 0]


def test_a_set_in_which_all_rules_must_agree():
    both = RuleSet("both", "own", (flag("a"), flag("b")), "all", "own")
    judged = judge(both, batch(a=[True, True, False], b=[True, None, None]))
    assert told(judged.flagged) == [1, None, 0]


def test_a_set_that_sums_points_gives_the_range_that_the_unknown_leaves():
    rules = (flag("a", speaks_for="organic"), flag("b", speaks_for="organic"))
    summed = RuleSet("summed", "own", rules, "sum", "own", points=((1.0, -1.0), (3.0, -2.0)), below=-1.0)
    judged = judge(summed, batch(a=[True, False, False, True], b=[True, False, None, None]))
    assert (judged.low.tolist(), judged.high.tolist()) == ([4, -3, -3, -1], [4, -3, 2, 4])
    # Equal to the threshold is not below it.
    assert told(judged.flagged) == [0, 1, None, 0]


def test_a_feature_of_people_flags_where_it_does_not_hold():
    judged = judge(flag("a", speaks_for="organic"), batch(a=[True, False, None]))
    assert told(judged.flagged) == [0, 1, None]


def test_points_and_threshold_belong_to_sums_alone():
    rules = (flag("a"),)
    for wrong in (
        {"combine": "sum"},
        {"combine": "sum", "points": ((1.0, 0.0),)},
        {"combine": "sum", "points": (), "below": 0.0},
        {"combine": "any", "below": 0.0},
        {"combine": "all", "points": ((1.0, 0.0),)},
    ):
        with pytest.raises(ValueError, match="sums"):
            RuleSet("wrong", "own", rules, combination="own", **wrong)


def test_a_set_needs_what_its_rules_need_once():
    either = RuleSet("either", "own", (flag("a"), flag("b"), flag("a")), "any", "own")
    assert either.needs == ("a", "b")
    assert either.lacks == ()
