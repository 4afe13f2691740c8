"""Charts for notebooks: each takes a result and returns a matplotlib figure; nothing global is touched."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING

from botscan.evidence.histogram import ScoreHistogram
from botscan.prevalence.share import OrganicShare
from botscan.report.drawings import HEIGHT, WIDTH, Shape, draw_interval, draw_parts, draw_scores
from botscan.wording import check_language, headline, number, percent, say, visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Colours that stay apart for colour-blind eyes and in grey print, as in the HTML report.
COLORS = {
    "sure": "#12688a",
    "unsure": "#8fbccd",
    "rest": "#e4e2db",
    "point": "#ffffff",
    "blank": "#e4e2db",
    "below": "#a9b6bd",
    "worth-a-look": "#e7b48f",
    "above": "#c2571a",
}
_INK = "#1b222c"
_SOFT = "#59636f"
_TITLE_WIDTH = 160


def draw_share(share: OrganicShare, language: str = "en") -> Figure:
    """Draw an organic share as a bar from 0 to 100 %, with its interval.

    Parameters
    ----------
    share
        The share; where it is None the bar stays empty and the title says so.
    language
        ``en`` or ``id``.

    Returns
    -------
    figure
        For a notebook, or ``figure.savefig("share.png")``.

    Examples
    --------
    >>> share = OrganicShare(0.712, 0.64, 0.78, 0.95, "ppi_wilson", True, "not_suspicious_to_raters", "list", "full",
    ...                      25_000, 25_000, 100)
    >>> draw_share(share).axes[0].get_title(loc="left")
    'Of 25,000 followers, about 17,800 (71 %, range 64-78 %) are organic.'
    """
    check_language(language)
    point, lower, upper = share.organic_share, share.organic_share_ci_lower, share.organic_share_ci_upper
    is_known = point is not None and lower is not None and upper is not None
    if point is not None and lower is not None and upper is not None:
        shapes = draw_interval(lower, point, upper)
    else:
        shapes = draw_parts([("blank", 1)])
    figure, axes = _canvas(7.5, 1.7)
    _add_shapes(axes, shapes)
    _set_title(axes, headline(share, language))
    axes.set_xticks([WIDTH * tenth / 10 for tenth in range(0, 11, 2)])
    axes.set_xticklabels([percent(tenth / 10, language) for tenth in range(0, 11, 2)], parse_math=False)
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    below = [say("report_organic_means", language)]
    if is_known:
        below.insert(0, f"{say('report_legend_unsure', language)} ({percent(share.confidence_level, language)})")
    axes.set_xlabel("\n".join(below), color=_SOFT, fontsize=8, loc="left", linespacing=1.5, parse_math=False)
    return figure


def draw_score_histogram(
    histogram: ScoreHistogram,
    suspicious_threshold: float | None = None,
    review_threshold: float | None = None,
    language: str = "en",
) -> Figure:
    """Draw how the scores of a list are spread.

    Parameters
    ----------
    histogram
        Scores of the list.
    suspicious_threshold, review_threshold
        Log-odds from which an account shows signs, or is worth a look; None draws no line.
    language
        ``en`` or ``id``.

    Returns
    -------
    figure
        For a notebook, or ``figure.savefig("scores.png")``.

    Examples
    --------
    >>> import numpy as np
    >>> scores = ScoreHistogram.from_steps(np.arange(-60, 60, dtype=np.int32), n_unscored=0, model="m", pattern="p")
    >>> len(draw_score_histogram(scores, 1.0).axes)
    1
    """
    check_language(language)
    figure, axes = _canvas(7.5, 3.4)
    axes.spines[["top", "left", "right"]].set_visible(False)
    axes.spines["bottom"].set_color(_SOFT)
    if histogram.n_scored == 0:
        _set_title(axes, say("report_no_scores", language))
        axes.set_xticks([])
        axes.set_yticks([])
        return figure
    drawing = draw_scores(histogram, suspicious_threshold, review_threshold)
    _add_shapes(axes, drawing.shapes)
    _set_title(axes, say("report_scores", language))
    axes.set_ylim(0, HEIGHT * 1.12)
    axes.set_yticks([HEIGHT])
    axes.set_yticklabels([number(drawing.tallest, language)], parse_math=False)
    axes.set_ylabel(say("report_accounts_head", language), color=_SOFT, parse_math=False)
    axes.set_xticks([WIDTH * place / 100 for _, place in drawing.ticks])
    axes.set_xticklabels([f"{score:+d}" if score else "0" for score, _ in drawing.ticks], parse_math=False)
    ends = say("report_fewer_signs", language), say("report_more_signs", language)
    axes.set_xlabel(f"\u2190 {ends[0]}    {ends[1]} \u2192", color=_SOFT, parse_math=False)
    if drawing.threshold is not None:
        _mark_threshold(axes, drawing.threshold, say("report_threshold", language))
    return figure


def _mark_threshold(axes: Axes, place: float, text: str) -> None:
    x = WIDTH * place / 100
    is_right = place > 60
    axes.axvline(x, color=COLORS["above"], linestyle="--", linewidth=1)
    axes.annotate(
        text,
        (x, HEIGHT * 1.12),
        xytext=(-5 if is_right else 5, -2),
        textcoords="offset points",
        ha="right" if is_right else "left",
        va="top",
        color=COLORS["above"],
        fontsize=9,
        parse_math=False,
    )


def _add_shapes(axes: Axes, shapes: tuple[Shape, ...]) -> None:
    """Add the rectangles of a drawing; its y runs downwards."""
    from matplotlib.patches import Rectangle

    for shape in shapes:
        corner = (shape.x, HEIGHT - shape.y - shape.height)
        axes.add_patch(Rectangle(corner, shape.width, shape.height, color=COLORS[shape.kind], linewidth=0))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(0, HEIGHT)


def _set_title(axes: Axes, text: str) -> None:
    axes.set_title(visible(text, _TITLE_WIDTH), loc="left", fontsize=11, color=_INK, pad=9, wrap=True, parse_math=False)


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    figure = _notebook_figure()(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.tick_params(length=0, labelcolor=_SOFT, labelsize=9)
    return figure, axes


@cache
def _notebook_figure() -> type[Figure]:
    """Return a figure class that a notebook shows without pyplot and its global state."""
    from matplotlib.figure import Figure

    class NotebookFigure(Figure):
        def _repr_png_(self) -> bytes:
            buffer = io.BytesIO()
            self.savefig(buffer, format="png", dpi=144)
            return buffer.getvalue()

    return NotebookFigure
