"""The chart of the follower map draws the counts and blocks it is given, and no word of it is cut."""

from dataclasses import replace

import numpy as np
import pytest

from botscan.report import draw_follow_map, write_figure
from botscan.report.map_drawing import COLORS, draw_map
from botscan.wording import say


@pytest.fixture(params=["en", "id"])
def language(request):
    return request.param


def crowded(ordered):
    block = ordered.blocks.blocks[0]
    blocks = (replace(block, first_rank=rank, last_rank=rank + 20) for rank in (0, 60, 120, 180, 900, 2_700))
    return replace(ordered.blocks, blocks=tuple(blocks))


def words_of(figure):
    axes = figure.axes[0]
    legend = [text for legend in figure.legends for text in legend.get_texts()]
    labels = [axes.xaxis.label, axes.yaxis.label, *axes.get_xticklabels(), *axes.get_yticklabels()]
    return [*labels, *axes.texts, *legend]


def test_counts_and_blocks_are_drawn(ordered, language):
    figure = draw_follow_map(ordered.follow_map, ordered.blocks, language)
    axes = figure.axes[0]
    drawing = draw_map(ordered.follow_map, ordered.blocks, language)
    np.testing.assert_array_equal(axes.images[0].get_array(), np.array(COLORS, dtype=np.uint8)[drawing.pixels])
    assert [text.get_text() for text in axes.texts] == [str(n + 1) for n in range(len(ordered.blocks))]
    assert [patch.get_x() for patch in axes.patches] == [band.start for band in drawing.bands]
    bound = [line for line in axes.lines if line.get_label() == say("follow_map_bound", language)]
    np.testing.assert_array_equal(bound[0].get_ydata(), drawing.bound)
    named = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    codes = ("follow_map_block", "follow_map_accounts", "follow_map_marked", "follow_map_bound")
    assert named == [say(code, language) for code in codes]


def test_without_blocks_nothing_is_shaded(ordered, language):
    plain = replace(ordered.follow_map, n_marked=np.zeros_like(ordered.follow_map.counts))
    figure = draw_follow_map(plain, language=language)
    assert not figure.axes[0].patches
    assert not figure.axes[0].texts
    assert len(figure.legends[0].get_texts()) == 2


def test_no_words_are_cut_and_none_lie_over_each_other(ordered, language):
    for blocks in (None, ordered.blocks, crowded(ordered)):
        figure = draw_follow_map(ordered.follow_map, blocks, language)
        figure.draw_without_rendering()
        boxes = [(text.get_text(), text.get_window_extent()) for text in words_of(figure) if text.get_text()]
        for text, box in boxes:
            assert figure.bbox.x0 - 1 <= box.x0 <= box.x1 <= figure.bbox.x1 + 1, text
            assert figure.bbox.y0 - 1 <= box.y0 <= box.y1 <= figure.bbox.y1 + 1, text
        for place, (text, box) in enumerate(boxes):
            for other, there in boxes[place + 1 :]:
                assert not box.overlaps(there), (text, other)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_same_map_gives_the_same_bytes(ordered, tmp_path, ending):
    paths = [tmp_path / f"{name}.{ending}" for name in "ab"]
    for path in paths:
        write_figure(draw_follow_map(ordered.follow_map, ordered.blocks, "id"), path)
    first, second = (path.read_bytes() for path in paths)
    assert first == second
    assert len(first) > 5_000
