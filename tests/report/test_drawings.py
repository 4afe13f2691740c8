"""Drawings show what the numbers say, to the pixel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.evidence.histogram import ScoreHistogram
from botscan.report.drawings import HEIGHT, WIDTH, draw_interval, draw_parts, draw_scores

SOME = settings(deadline=None, max_examples=100)


@SOME
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(any))
def test_parts_fill_the_width_in_proportion(amounts):
    shapes = draw_parts([(str(index), amount) for index, amount in enumerate(amounts)])
    assert [shape.kind for shape in shapes] == [str(index) for index, amount in enumerate(amounts) if amount]
    unit = WIDTH / sum(amounts)
    for shape in shapes:
        index = int(shape.kind)
        assert shape.x == pytest.approx(unit * sum(amounts[:index]), abs=0.02)
        assert shape.width == pytest.approx(unit * amounts[index], abs=0.02)


def test_no_parts_make_no_drawing():
    assert draw_parts([]) == draw_parts([("a", 0)]) == ()


@SOME
@given(st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted))
def test_interval(values):
    lower, point, upper = values
    *parts, line = draw_interval(lower, point, upper)
    assert sum(shape.width for shape in parts if shape.kind == "sure") == pytest.approx(WIDTH * lower, abs=0.02)
    assert sum(shape.width for shape in parts if shape.kind == "rest") == pytest.approx(WIDTH * (1 - upper), abs=0.02)
    assert line.kind == "point"
    assert 0 <= line.x <= line.x + line.width <= WIDTH
    assert line.x + line.width / 2 == pytest.approx(WIDTH * point, abs=line.width)


steps = st.lists(st.integers(-500, 500), min_size=1, max_size=60)
# The lowest bin collects what lies below the range, so that no line can cut it.
thresholds = st.one_of(st.none(), st.integers(-319, 319).map(lambda value: value / 20))


def histogram(values):
    return ScoreHistogram.from_steps(np.array(values, dtype=np.int32), n_unscored=0, model="m", pattern="p")


@SOME
@given(steps, thresholds)
def test_every_account_is_drawn_on_its_side_of_the_threshold(values, threshold):
    drawing = draw_scores(histogram(values), threshold, None)
    # Bar heights in units of accounts.
    accounts = {"below": 0.0, "worth-a-look": 0.0, "above": 0.0}
    for shape in drawing.shapes:
        accounts[shape.kind] += shape.height * drawing.tallest / HEIGHT
        assert 0 <= shape.x <= shape.x + shape.width <= WIDTH
        assert -0.01 <= shape.y <= shape.y + shape.height <= HEIGHT + 0.02
    n_above = sum(value >= 20 * threshold for value in values) if threshold is not None else 0
    assert drawing.n_above == n_above
    assert accounts["above"] == pytest.approx(n_above, abs=0.6)
    assert accounts["below"] == pytest.approx(len(values) - n_above, abs=0.6)
    assert accounts["worth-a-look"] == 0
    assert (drawing.threshold is None) == (threshold is None)


@SOME
@given(steps, thresholds)
def test_threshold_and_ticks_stand_where_the_bars_do(values, threshold):
    drawing = draw_scores(histogram(values), threshold, None)
    assert all(3 <= place <= 97 for _, place in drawing.ticks)
    if threshold is not None:
        assert 0 <= drawing.threshold <= 100
        # Nothing drawn as above begins more than one bar left of the line.
        bar = max(shape.width for shape in drawing.shapes) / 0.88
        for shape in drawing.shapes:
            if shape.kind == "above":
                assert shape.x + bar >= WIDTH * drawing.threshold / 100
            else:
                assert shape.x <= WIDTH * drawing.threshold / 100
    if len(drawing.ticks) > 1:
        (first, start), (last, end) = drawing.ticks[0], drawing.ticks[-1]
        zero = start - first * (end - start) / (last - first)
        for score, place in drawing.ticks:
            assert place == pytest.approx(zero + score * (end - start) / (last - first), abs=0.1)
        if threshold is not None:
            expected = zero + threshold * (end - start) / (last - first)
            assert drawing.threshold == pytest.approx(min(max(expected, 0), 100), abs=0.5)


def test_worth_a_look_lies_between_the_two_thresholds():
    drawing = draw_scores(histogram([-40, 0, 5, 30, 60]), 1.5, 0.0)
    assert drawing.n_above == 2
    kinds = [shape.kind for shape in drawing.shapes]
    assert kinds.count("below") == 1
    assert kinds.count("above") == 2
    assert kinds.count("worth-a-look") == 1
    assert sum(round(shape.height) for shape in drawing.shapes if shape.kind == "worth-a-look") == 100


def test_one_account_is_no_single_fat_bar():
    drawing = draw_scores(histogram([0]), None, None)
    assert drawing.shapes[0].width < WIDTH / 10
    assert drawing.tallest == 1


@SOME
@given(steps, thresholds)
def test_kinds_are_those_drawn(values, threshold):
    drawing = draw_scores(histogram(values), threshold, None)
    assert set(drawing.kinds) == {shape.kind for shape in drawing.shapes}


@pytest.mark.parametrize(("value", "has_more"), [(-500, True), (-319, False), (0, False), (318, False), (500, True)])
def test_bars_that_hold_what_lies_beyond_are_told(value, has_more):
    assert draw_scores(histogram([0, value]), None, None).has_more_beyond is has_more


def test_no_line_without_a_point():
    assert draw_interval(0.2, None, 0.9) == draw_interval(0.2, 0.5, 0.9)[:-1]
