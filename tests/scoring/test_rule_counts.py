import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.features.extract import BATCH_ROWS
from botscan.scoring import rule_counts
from botscan.scoring.rule_counts import count_rules, kappas
from botscan.scoring.rule_sets import ThumbRule

NAN = float("nan")


def flag(name):
    return ThumbRule(name, name, "true", lambda columns: columns.flag(name), (name,), "own")


def table(**flags):
    return pa.table({name: pa.array(cells, pa.bool_()) for name, cells in flags.items()})


RULES = (flag("a"), flag("b"))


def test_pairs_are_counted_where_both_know():
    counts = count_rules(table(a=[True, True, False, None, False], b=[True, False, True, True, False]), RULES)
    assert counts.flagged.tolist() == [2, 3]
    assert counts.unknown.tolist() == [1, 0]
    assert counts.shared.tolist() == [[4, 4], [4, 5]]
    assert (counts.both[0, 1], counts.neither[0, 1], counts.first_only[0, 1], counts.first_only[1, 0]) == (1, 1, 1, 1)


def test_kappa_by_hand():
    # 20 both, 15 neither, 5 the first alone, 10 the second alone: agreement .7, by chance .5 (Cohen's own example).
    cells = [(True, True)] * 20 + [(False, False)] * 15 + [(True, False)] * 5 + [(False, True)] * 10
    first, second = zip(*cells, strict=True)
    kappa = kappas(count_rules(table(a=first, b=second), RULES))
    assert kappa[0, 1] == pytest.approx(0.4)
    assert kappa[1, 0] == pytest.approx(0.4)
    assert kappa[0, 0] == pytest.approx(1.0)


def test_kappa_has_no_meaning_where_all_answers_are_one_or_nothing_is_shared():
    kappa = kappas(count_rules(table(a=[True, True, None], b=[True, True, True]), RULES))
    assert np.isnan(kappa[0, 1])
    assert np.isnan(kappas(count_rules(table(a=[None, True], b=[True, None]), RULES))[0, 1])


def test_opposites_agree_less_than_chance():
    kappa = kappas(count_rules(table(a=[True, False] * 5, b=[False, True] * 5), RULES))
    assert kappa[0, 1] == pytest.approx(-1.0)


def test_further_answers_are_compared_and_unpaired_rules_only_counted():
    counts = count_rules(table(a=[True, False], b=[True, True]), RULES[:1], [np.array([1.0, NAN])], unpaired=RULES[1:])
    assert counts.flagged.tolist() == [1, 1, 2]
    assert counts.unknown.tolist() == [0, 1, 0]
    assert counts.both.shape == (2, 2)
    assert counts.shared.tolist() == [[2, 1], [1, 1]]


def test_an_empty_list_counts_nothing():
    counts = count_rules(table(a=[], b=[]), RULES, [np.empty(0)])
    assert counts.flagged.tolist() == [0, 0, 0]
    assert np.isnan(kappas(counts)).all()


@given(st.lists(st.tuples(*[st.sampled_from([True, False, None])] * 2), max_size=30), st.integers(1, 7))
def test_the_size_of_batches_changes_nothing(cells, size):
    first, second = zip(*cells, strict=True) if cells else ((), ())
    rows, extra = table(a=first, b=second), [np.arange(len(cells)) % 2.0]
    whole = count_rules(rows, RULES, extra)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rule_counts, "BATCH_ROWS", size)
        parts = count_rules(rows, RULES, extra)
    for name in ("flagged", "unknown", "low", "high", "both", "neither", "first_only", "shared"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(parts, name))
    assert BATCH_ROWS > 30
