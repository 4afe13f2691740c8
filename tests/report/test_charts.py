"""Charts draw the numbers they are given, obey no text and touch nothing global."""

import subprocess
import sys

import numpy as np
import pytest

from botscan.evidence.histogram import ScoreHistogram
from botscan.report import charts
from botscan.report.charts import draw_score_histogram, draw_share
from botscan.report.drawings import WIDTH


@pytest.fixture(params=["en", "id"])
def language(request):
    return request.param


def is_png(data):
    return data.startswith(b"\x89PNG") and len(data) > 2_000


def test_share_is_drawn_with_its_interval(audit, language):
    figure = draw_share(audit.share, language)
    ends = sorted({round(patch.get_x() / WIDTH, 3) for patch in figure.axes[0].patches})
    assert ends[:3] == [0.0, 0.64, pytest.approx(0.71, abs=0.01)]
    assert ends[3] == 0.78
    assert is_png(figure._repr_png_())


def test_unknown_share_is_an_empty_bar(audit_without_share, language):
    figure = draw_share(audit_without_share.share, language)
    assert len(figure.axes[0].patches) == 1
    assert is_png(figure._repr_png_())


def test_histogram_is_drawn_with_its_threshold(audit, language):
    figure = draw_score_histogram(audit.histogram, audit.suspicious_threshold, audit.review_threshold, language)
    assert len(figure.axes[0].lines) == 1
    assert len(figure.axes[0].patches) > 10
    assert is_png(figure._repr_png_())


def test_empty_histogram_says_so():
    empty = ScoreHistogram(np.zeros(1024, dtype=np.uint64), 3, "m", "")
    figure = draw_score_histogram(empty)
    assert not figure.axes[0].patches
    assert "No account could be scored" in figure.axes[0].get_title(loc="left")


def test_no_words_are_cut(audit, audit_without_share, language):
    for figure in (
        draw_share(audit.share, language),
        draw_share(audit_without_share.share, language),
        draw_score_histogram(audit.histogram, audit.suspicious_threshold, audit.review_threshold, language),
        draw_score_histogram(audit.histogram, 5.0, None, language),
        draw_score_histogram(audit.histogram, -8.0, None, language),
    ):
        figure.draw_without_rendering()
        frame = figure.bbox
        axes = figure.axes[0]
        for text in (axes.xaxis.label, axes.yaxis.label, *axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()):
            box = text.get_window_extent()
            assert frame.x0 - 1 <= box.x0, text.get_text()
            assert box.x1 <= frame.x1 + 1, text.get_text()
            assert frame.y0 - 1 <= box.y0 <= box.y1 <= frame.y1 + 1, text.get_text()


def test_same_chart_gives_the_same_bytes(audit):
    assert draw_share(audit.share)._repr_png_() == draw_share(audit.share)._repr_png_()


@pytest.mark.filterwarnings("ignore:Glyph .* missing from font")
def test_no_text_is_read_as_mathematics(audit, payload, monkeypatch):
    monkeypatch.setattr(charts, "headline", lambda share, language: payload[:500])
    assert is_png(draw_share(audit.share)._repr_png_())


def test_pyplot_and_its_global_state_stay_out():
    code = (
        "import sys, numpy as np\n"
        "from botscan.evidence.histogram import ScoreHistogram\n"
        "from botscan.report.charts import draw_score_histogram\n"
        "assert 'matplotlib' not in sys.modules\n"
        "draw_score_histogram(ScoreHistogram(np.ones(1024, dtype=np.uint64), 0, 'm', 'p'))\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
