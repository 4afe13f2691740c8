from dataclasses import replace

import numpy as np
import pytest

from botscan.evidence.labels import LabelDesign, LabelTable


def table(answers, raters=("rater_1", "rater_2")):
    ids = tuple(f"a{i}" for i in range(len(answers)))
    return LabelTable(ids, raters, np.array(answers, dtype=np.int8), LabelDesign("simple_random"), None, "sheet")


def test_disagreement_is_half_and_unsure_is_no_answer():
    made = table([[1, 1], [1, 0], [0, -1], [-1, -2], [-2, -2]])
    assert made.suspicious.tolist()[:3] == [1.0, 0.5, 0.0]
    assert np.isnan(made.suspicious[3:]).all()
    assert made.is_undecided.tolist() == [False, False, False, True, False]


def test_accounts_that_were_passed_over_are_undecided_and_those_not_reached_are_not():
    made = table([[-2, -2], [1, -2], [-2, -2], [-2, 0], [-2, -2], [-2, -2]])
    assert made.is_undecided.tolist() == [True, False, True, False, False, False]
    assert table([[-2, -2], [-2, -2]]).is_undecided.tolist() == [False, False]
    assert table(np.empty((0, 2))).is_undecided.tolist() == []


def test_without_the_order_of_the_draw_all_without_an_answer_are_undecided():
    made = replace(table([[-2, -2], [1, -2], [-2, -2]]), is_order_lost=True)
    assert made.is_undecided.tolist() == [True, False, True]


def test_shape_must_fit_the_raters():
    with pytest.raises(ValueError, match="wanted"):
        table([[1, 1]], raters=("rater_1",))


def test_answers_are_frozen():
    made = table([[1, 1]])
    with pytest.raises(ValueError, match="read-only"):
        made.answers[0, 0] = 0
