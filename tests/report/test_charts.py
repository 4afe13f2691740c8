"""Charts draw the numbers they are given, obey no text and touch nothing global."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import botscan as bs
from botscan.errors import OutputError
from botscan.evidence.histogram import ScoreHistogram
from botscan.report import charts
from botscan.report.charts import draw_score_histogram, draw_share, draw_waterfall, write_figure
from botscan.report.drawings import WIDTH
from botscan.report.waterfall import waterfall_bars
from botscan.scoring import GroupPoints


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


def explained():
    """Explain accounts of all sorts: signs, none, little known, nothing known, a kind of evidence of its own."""
    accounts = bs.make_audience(n=60, random_state=1).accounts
    ids = [str(name) for name in bs.score_accounts(accounts).to_frame().sort_values("log_odds")["account_id"]]
    yield from (bs.explain_account(accounts, ids[place]) for place in (0, 20, 40, -1))
    rows = accounts.table.to_pylist()
    row = next(row for row in rows if row["account_id"] == ids[-1])
    row |= dict.fromkeys(("bio", "bio_length", "listed_count", "has_avatar", "has_geo", "created_at"))
    yield bs.explain_account(bs.read_accounts(rows, platform="twitter"), ids[-1])
    row |= dict.fromkeys(("followers_count", "following_count", "posts_count"))
    yield bs.explain_account(bs.read_accounts(rows, platform="twitter"), ids[-1])
    found = bs.explain_account(accounts, ids[-1])
    yield replace(found, groups=(GroupPoints("place", 9.0, ()), *found.groups), log_odds=found.log_odds + 9)
    tiktok = bs.make_audience(n=20, platform="tiktok", random_state=1).accounts
    yield bs.explain_account(tiktok, tiktok.table["account_id"][0].as_py())


EXPLAINED = list(explained())


def texts_of(figure):
    axes = figure.axes[0]
    ticks = [label for minor in (False, True) for label in axes.get_yticklabels(minor=minor)]
    return [*figure.texts, axes.title, axes.xaxis.label, *axes.texts, *axes.get_xticklabels(), *ticks]


@pytest.mark.parametrize("place", range(len(EXPLAINED)))
def test_a_waterfall_draws_its_bars_where_they_are(place, language):
    found = EXPLAINED[place]
    figure = draw_waterfall(found, language)
    patches = figure.axes[0].patches
    bars = waterfall_bars(found)
    assert len(patches) == len(bars)
    for patch, bar in zip(patches, bars, strict=True):
        ends = sorted((patch.get_x(), patch.get_x() + patch.get_width()))
        assert ends == pytest.approx(sorted((bar.start, bar.end)))
    low, high = figure.axes[0].get_xlim()
    assert low < high
    if bars:
        assert patches[-1].get_x() + patches[-1].get_width() == pytest.approx(found.log_odds)
        assert patches[0].get_y() > patches[-1].get_y() or figure.axes[0].yaxis_inverted()
    shown = " ".join(text.get_text() for text in texts_of(figure))
    assert found.account_id not in shown


@pytest.mark.parametrize("place", range(len(EXPLAINED)))
def test_no_words_of_a_waterfall_are_cut_or_lie_on_others(place, language):
    figure = draw_waterfall(EXPLAINED[place], language)
    figure.draw_without_rendering()
    boxes = [(text, text.get_window_extent()) for text in texts_of(figure) if text.get_text() and text.get_visible()]
    for text, box in boxes:
        assert figure.bbox.x0 - 1 <= box.x0 <= box.x1 <= figure.bbox.x1 + 1, text.get_text()
        assert figure.bbox.y0 - 1 <= box.y0 <= box.y1 <= figure.bbox.y1 + 1, text.get_text()
    for place_of_one, (one, box) in enumerate(boxes):
        for other, other_box in boxes[place_of_one + 1 :]:
            width = min(box.x1, other_box.x1) - max(box.x0, other_box.x0)
            height = min(box.y1, other_box.y1) - max(box.y0, other_box.y0)
            # Boxes hold room for accents and tails, so that two lines may share three pixels.
            assert width <= 1 or height <= 3, (one.get_text(), other.get_text())


def test_a_waterfall_marks_both_lines_where_there_are_two():
    found = EXPLAINED[0]

    def marks(explanation):
        return [text.get_text() for text in draw_waterfall(explanation).axes[0].texts if "from" in text.get_text()]

    found = replace(found, suspicious_threshold=2.0, review_threshold=0.6)
    assert marks(found) == ["shows signs from +2.00", "worth a look from +0.60"]
    assert marks(replace(found, review_threshold=2.0)) == ["shows signs from +2.00"]
    assert marks(replace(found, review_threshold=None, suspicious_threshold=None)) == []


def test_a_waterfall_can_be_drawn_in_axes_that_are_there():
    own = draw_share(bs.estimate_organic_share(bs.make_audience(n=20).accounts))
    axes = own.add_subplot()
    assert draw_waterfall(EXPLAINED[0], ax=axes) is own
    assert len(axes.patches) == len(waterfall_bars(EXPLAINED[0]))
    assert axes.get_title(loc="left").startswith("This account")


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_same_explanation_gives_the_same_file(tmp_path, ending):
    paths = [tmp_path / f"{name}.{ending}" for name in "ab"]
    for path in paths:
        write_figure(draw_waterfall(EXPLAINED[-1], "id"), path)
    first, second = (path.read_bytes() for path in paths)
    assert first == second
    assert len(first) > 5_000
    write_figure(draw_waterfall(EXPLAINED[0], "id"), paths[0])
    assert paths[0].read_bytes() != second


def test_a_figure_of_another_ending_is_refused_and_an_input_is_not_written_over(tmp_path):
    figure = draw_waterfall(EXPLAINED[-3])
    with pytest.raises(OutputError, match=r"\.png, \.svg, \.pdf"):
        write_figure(figure, tmp_path / "a.jpg")
    assert not list(tmp_path.iterdir())
    listed = tmp_path / "list.svg"
    listed.write_text("account_id\n1\n")
    with pytest.raises(OutputError):
        write_figure(figure, listed, inputs=[listed])
    assert listed.read_text() == "account_id\n1\n"


def test_no_text_of_an_account_reaches_a_waterfall(payload, tmp_path):
    row = {"account_id": "CANARY1", "followers_count": 3, "following_count": 2001, "posts_count": 0}
    row |= {"display_name": f"CANARY{payload[:200]}", "bio": f"CANARY{payload[:200]}", "handle": "CANARY"}
    accounts = bs.read_accounts([row], platform="twitter")
    found = replace(bs.explain_account(accounts, accounts.table["account_id"][0].as_py()), account_id="CANARY$x^2$")
    assert found.groups
    figure = draw_waterfall(found)
    assert "CANARY" not in " ".join(text.get_text() for text in texts_of(figure))
    write_figure(figure, tmp_path / "a.svg")
    assert "CANARY" not in (tmp_path / "a.svg").read_text(encoding="utf-8")
