"""The picture of the map shows what was counted; marks of its axes stand where their dates and ranks are."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.report.map_drawing import COLORS, N_LEVELS, date_ticks, draw_map, month, pixels
from botscan.wording import LANGUAGES

EARLY = datetime(1990, 1, 1, tzinfo=UTC)


def bands_of(ordered, *ranks):
    """Draw blocks at some ranks."""
    block = ordered.blocks.blocks[0]
    blocks = tuple(replace(block, first_rank=first, last_rank=last) for first, last in ranks)
    return draw_map(ordered.follow_map, replace(ordered.blocks, blocks=blocks), "en")


def test_darker_is_more_and_the_latest_dates_are_on_top(ordered):
    follow_map = ordered.follow_map
    shown, counts = pixels(follow_map)[::-1], follow_map.counts
    assert ((shown == 0) == (counts == 0)).all()
    level = (shown.astype(int) - 1) % N_LEVELS
    order = np.argsort(counts[counts > 0], kind="stable")
    assert (np.diff(level[counts > 0][order]) >= 0).all()
    assert level[counts == counts.max()].tolist() == [N_LEVELS - 1] * np.count_nonzero(counts == counts.max())
    is_marked = shown > N_LEVELS
    assert is_marked.any()
    assert (follow_map.n_marked[is_marked] * 2 >= counts[is_marked]).all()
    assert (follow_map.n_marked[~is_marked] * 2 < np.maximum(counts, 1)[~is_marked]).all()


def test_opacity_rises_with_the_level_within_each_colour():
    assert len(COLORS) == 2 * N_LEVELS + 1 <= 16
    opacity = [color[3] for color in COLORS]
    assert opacity[0] == 0
    for start in (1, 1 + N_LEVELS):
        ramp = opacity[start : start + N_LEVELS]
        assert ramp == sorted(set(ramp))
        assert ramp[-1] == 255
        assert len({color[:3] for color in COLORS[start : start + N_LEVELS]}) == 1


def test_blocks_lie_over_their_ranks(ordered):
    drawing = draw_map(ordered.follow_map, ordered.blocks, "en")
    assert [band.number for band in drawing.bands] == list(range(1, 1 + len(ordered.blocks)))
    for band, block in zip(drawing.bands, ordered.blocks.blocks, strict=True):
        n = ordered.blocks.n_ordered
        assert band.start == pytest.approx(block.first_rank / n, abs=0.01)
        assert band.stop == pytest.approx((block.last_rank + 1) / n, abs=0.01)
    assert [shape.kind for shape in drawing.shapes].count("block") == len(ordered.blocks)
    assert draw_map(ordered.follow_map, None, "en").bands == ()


def test_numbers_of_near_blocks_stand_in_different_rows(ordered):
    drawing = bands_of(ordered, (0, 9), (20, 29), (40, 49), (1_500, 1_599), (2_740, 2_749))
    assert [band.row for band in drawing.bands] == [0, 1, 2, 0, 0]
    assert drawing.n_rows == 3
    crowd = bands_of(ordered, *((rank, rank + 5) for rank in range(0, 200, 10)))
    assert crowd.n_rows == 4
    for band in (*drawing.bands, *crowd.bands):
        assert 0 <= band.start < band.middle < band.stop <= 1
        assert band.stop - band.start >= 0.002


def test_the_bound_is_drawn_through_every_column(ordered):
    drawing = draw_map(ordered.follow_map, ordered.blocks, "en")
    assert len(drawing.bound) == len(ordered.follow_map.latest)
    assert (np.diff(drawing.bound) >= 0).all()
    height = drawing.pixels.shape[0]
    # Nobody was made after the bound.
    top = height - np.argmax(drawing.pixels > 0, axis=0)
    assert (drawing.bound * height > top - 1 - 1e-6).all()
    numbers = [float(text) for text in re.findall(r"[MH](-?[\d.]+)", drawing.bound_path)]
    assert numbers == sorted(numbers)
    assert (numbers[0], numbers[-1]) == (0, 1_000)


def test_the_bound_has_gaps_where_it_is_not_known_or_off_the_axis(ordered):
    latest = ordered.follow_map.latest.copy()
    latest[[0, 5, 6]] = np.datetime64("NaT")
    latest[10] = np.datetime64("2300-01-01")
    latest[11] = np.datetime64("1850-01-01")
    drawing = draw_map(replace(ordered.follow_map, latest=latest), None, "en")
    assert np.flatnonzero(np.isnan(drawing.bound)).tolist() == [0, 5, 6, 10, 11]
    assert drawing.bound_path.count("M") == 3
    nothing = draw_map(replace(ordered.follow_map, latest=np.full_like(latest, "NaT")), None, "en")
    assert nothing.bound_path == ""


@settings(deadline=None, max_examples=150)
@given(
    st.floats(-30_000, 30_000).map(lambda days: EARLY + timedelta(days=days)),
    st.one_of(st.floats(1, 80), st.floats(80, 20_000), st.floats(20_000, 80_000)),
    st.sampled_from(LANGUAGES),
)
def test_marks_of_dates_are_round_and_stand_where_they_are(first, days, language):
    last = first + timedelta(days=days)
    ticks = date_ticks(first, last, language)
    assert 1 <= len(ticks) <= 7
    places = [tick.place for tick in ticks]
    assert places == sorted(set(places))
    assert 0 <= places[0] <= places[-1] <= 1
    assert len({tick.text for tick in ticks}) == len(ticks)
    if all(tick.text.isdigit() for tick in ticks):
        for tick in ticks:
            year = datetime(int(tick.text), 1, 1, tzinfo=UTC)
            assert tick.place == pytest.approx((year - first) / (last - first), abs=1e-5)


def test_short_spans_are_told_in_days_and_months():
    week = date_ticks(EARLY, EARLY + timedelta(days=6), "id")
    assert [tick.text for tick in week] == [f"{day} Jan 1990" for day in range(1, 8)]
    months = date_ticks(EARLY + timedelta(days=40), EARLY + timedelta(days=200), "id")
    assert [tick.text for tick in months] == ["Mar 1990", "Apr 1990", "Mei 1990", "Jun 1990", "Jul 1990"]
    assert month(None, "id") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_order_is_marked_with_ranks_and_dates(ordered, language):
    drawing = draw_map(ordered.follow_map, ordered.blocks, language)
    assert len(drawing.ranks) == 13
    assert drawing.ranks[0].text == "0"
    assert drawing.ranks[-1].text == {"en": "2,749", "id": "2.749"}[language]
    assert all(re.fullmatch(r"[A-Z][a-z]{2} \d{4}", tick.below) for tick in drawing.ranks)
