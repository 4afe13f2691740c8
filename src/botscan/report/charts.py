"""Charts for notebooks: each takes a result and returns a matplotlib figure; nothing global is touched."""

from __future__ import annotations

import io
import os
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from botscan.errors import OutputError
from botscan.evidence.histogram import ScoreHistogram
from botscan.prevalence.share import OrganicShare
from botscan.report.drawings import HEIGHT, WIDTH, Shape, draw_interval, draw_parts, draw_scores
from botscan.report.reasons import bar_name, signed, tell_reason, tell_score, tell_verdict
from botscan.report.waterfall import WaterfallBar, waterfall_bars, waterfall_range, waterfall_ticks
from botscan.scoring.explain import Explanation
from botscan.wording import check_language, headline, number, percent, say, visible
from botscan.writing import StrPath, write_file

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
    "for": "#c2571a",
    "against": "#8fbccd",
    "score": "#1b222c",
}
INK = "#1b222c"
SOFT = "#59636f"
_TITLE_WIDTH = 160
#: Endings of figures, with what keeps the moment of writing out of the file.
_FIGURE_ENDINGS: Mapping[str, Mapping[str, None]] = MappingProxyType(
    {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
)
#: Thickness of a bar of a waterfall; a place is 1.
_BAR = 0.6


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
    figure, axes = canvas(7.5, 1.7)
    _add_shapes(axes, shapes)
    set_title(axes, headline(share, language))
    axes.set_xticks([WIDTH * tenth / 10 for tenth in range(0, 11, 2)])
    axes.set_xticklabels([percent(tenth / 10, language) for tenth in range(0, 11, 2)], parse_math=False)
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    below = [say("report_organic_means", language)]
    if is_known:
        below.insert(0, f"{say('report_legend_unsure', language)} ({percent(share.confidence_level, language)})")
    axes.set_xlabel("\n".join(below), color=SOFT, fontsize=8, loc="left", linespacing=1.5, parse_math=False)
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
    figure, axes = canvas(7.5, 3.4)
    axes.spines[["top", "left", "right"]].set_visible(False)
    axes.spines["bottom"].set_color(SOFT)
    if histogram.n_scored == 0:
        set_title(axes, say("report_no_scores", language))
        axes.set_xticks([])
        axes.set_yticks([])
        return figure
    drawing = draw_scores(histogram, suspicious_threshold, review_threshold)
    _add_shapes(axes, drawing.shapes)
    set_title(axes, say("report_scores", language))
    axes.set_ylim(0, HEIGHT * 1.12)
    axes.set_yticks([HEIGHT])
    axes.set_yticklabels([number(drawing.tallest, language)], parse_math=False)
    axes.set_ylabel(say("report_accounts_head", language), color=SOFT, parse_math=False)
    axes.set_xticks([WIDTH * place / 100 for _, place in drawing.ticks])
    axes.set_xticklabels([f"{score:+d}" if score else "0" for score, _ in drawing.ticks], parse_math=False)
    ends = say("report_fewer_signs", language), say("report_more_signs", language)
    axes.set_xlabel(f"\u2190 {ends[0]}    {ends[1]} \u2192", color=SOFT, parse_math=False)
    if drawing.threshold is not None:
        _mark_threshold(axes, drawing.threshold, say("report_threshold", language))
    return figure


def draw_waterfall(explanation: Explanation, language: str = "en", *, ax: Axes | None = None) -> Figure:
    """Draw what each story adds to the score of one account, from where every account starts to its score.

    Signs of a bought or inauthentic follower go to the right, signs against to the left; up to three of each have
    their name and the account's numbers, the rest is summed. Of the account only numbers are shown.

    Parameters
    ----------
    explanation
        What `botscan.explain_account` returns; without a score the figure says so.
    language
        ``en`` or ``id``.
    ax
        Axes to draw in, without the account's numbers, for which there may be no room; None makes a figure of its
        own, as wide as a page.

    Returns
    -------
    figure
        For a notebook, or for `write_figure`.

    Examples
    --------
    >>> import botscan as bs
    >>> accounts = bs.make_audience(n=50).accounts
    >>> found = bs.explain_account(accounts, accounts.table["account_id"][0].as_py())
    >>> len(draw_waterfall(found).axes[0].patches) == len(waterfall_bars(found))
    True
    """
    check_language(language)
    bars = waterfall_bars(explanation)
    words = [_bar_words(bar, explanation, language) for bar in bars]
    title = [tell_verdict(explanation, language), tell_score(explanation, language)]
    below = _below(explanation, language)
    if ax is None:
        n_lines = max((text.count("\n") + 1 for _, text in words), default=0)
        figure, axes = canvas(7.5, 0.7 + 0.15 * len(below) + (1.1 + (0.26 + 0.14 * n_lines) * len(bars)) * bool(bars))
        figure.suptitle(_lines(title, 88), x=0.012, ha="left", fontsize=11, color=INK, parse_math=False)
        figure.supxlabel(_lines(below, 118), x=0.012, ha="left", fontsize=8, color=SOFT, parse_math=False)
    else:
        figure, axes = cast("Figure", ax.figure), ax
        words = [(name, "") for name, _ in words]
        axes.set_title(_lines(title, 60), loc="left", fontsize=11, color=INK, pad=9, parse_math=False)
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    if bars:
        _add_bars(axes, bars, explanation, language)
        _add_names(axes, words)
        _add_lines(axes, explanation, language)
    return figure


def write_figure(figure: Figure, path: StrPath, *, inputs: Iterable[StrPath] = ()) -> None:
    """Write a figure, whole or not at all: the same figure gives the same bytes.

    Parameters
    ----------
    figure
        What a ``draw_`` function returns.
    path
        File that ends in ``.png``, ``.svg`` or ``.pdf``.
    inputs
        Files that are being read; writing over one of them is refused.

    Raises
    ------
    OutputError
        The ending is another, or the file cannot be written; what stood there before is untouched.
    """
    import matplotlib as mpl

    ending = check_figure_name(path)
    buffer = io.BytesIO()
    # The only setting without an argument of its own; it is put back at once.
    with mpl.rc_context({"svg.hashsalt": "botscan"}):
        figure.savefig(buffer, format=ending[1:], dpi=200, metadata=_FIGURE_ENDINGS[ending])
    write_file(path, buffer.getvalue(), inputs=inputs)


def check_figure_name(path: StrPath) -> str:
    """Return the ending of a figure's file name, or raise OutputError with the list of those there are.

    Examples
    --------
    >>> check_figure_name("signs.PNG")
    '.png'
    """
    ending = PurePath(path).suffix.lower()
    if ending not in _FIGURE_ENDINGS:
        raise OutputError(
            f"The name of the figure must end in one of {', '.join(_FIGURE_ENDINGS)}.",
            source=os.fsdecode(path),
            remedy="Add one of these endings.",
        )
    return ending


def _add_bars(axes: Axes, bars: Sequence[WaterfallBar], explanation: Explanation, language: str) -> None:
    """Add the bars from top to bottom, each with what it adds, and the axis below them."""
    low, high = waterfall_range(explanation)
    room = 0.12 * ((high - low) or 1.0)  # for the numbers beside the bars
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(len(bars) - 0.4, -1.8)
    axes.plot([0, 0], [-0.5, len(bars) - 0.5], color=SOFT, linewidth=0.8, zorder=0.5)
    for place, bar in enumerate(bars):
        axes.barh(place, bar.log_odds, _BAR, left=bar.start, color=COLORS[bar.way], edgecolor=INK, linewidth=0.5)
        if place < len(bars) - 1:
            reach = [place - _BAR / 2, place + 1 + _BAR / 2]
            axes.plot([bar.end, bar.end], reach, color=INK, linewidth=0.5, zorder=0.6)
        _annotate(axes, signed(bar.log_odds, language), (bar.end, place), INK, is_left=bar.log_odds < 0)
    ticks = waterfall_ticks(low, high)
    axes.set_xticks(ticks)
    axes.set_xticklabels([("+" if tick > 0 else "") + number(tick, language) for tick in ticks], parse_math=False)
    ends = say("report_fewer_signs", language), say("report_more_signs", language)
    axes.set_xlabel(f"\u2190 {ends[0]}    {ends[1]} \u2192", color=SOFT, fontsize=9, parse_math=False)


def _add_names(axes: Axes, words: Sequence[tuple[str, str]]) -> None:
    """Write beside each bar its name and, smaller, the account's own numbers."""
    axes.yaxis.remove_overlapping_locs = False  # a name and its numbers stand at one place
    for is_minor, size, color in ((False, 9, INK), (True, 8, SOFT)):
        shown = [(place, text[is_minor]) for place, text in enumerate(words) if text[is_minor]]
        lift = 0.0 if is_minor else 0.05
        axes.set_yticks([place - lift * bool(words[place][1]) for place, _ in shown], minor=is_minor)
        names = axes.set_yticklabels([text for _, text in shown], minor=is_minor)
        for label, (place, _) in zip(names, shown, strict=True):
            alone = "center" if not words[place][1] else "top" if is_minor else "bottom"
            label.set(color=color, fontsize=size, va=alone, parse_math=False)
    axes.tick_params(axis="y", which="both", length=0)


def _add_lines(axes: Axes, explanation: Explanation, language: str) -> None:
    """Mark from where an account is worth a look and from where it shows signs; one line where they are the same."""
    review, suspicious = explanation.review_threshold, explanation.suspicious_threshold
    lines = [("waterfall_suspicious_line", suspicious, -1.5, "--")]
    if review != suspicious:
        lines.append(("waterfall_review_line", review, -0.9, ":"))
    low, high = axes.get_xlim()
    bottom = axes.get_ylim()[0]
    for code, place, height, style in lines:
        if place is None:
            continue
        axes.plot(
            [place, place], [height - 0.2, bottom], color=COLORS["above"], linestyle=style, linewidth=1, zorder=0.7
        )
        told = say(code, language, score=signed(place, language))
        _annotate(axes, told, (place, height), COLORS["above"], is_left=place > low + 0.55 * (high - low))


def _annotate(axes: Axes, text: str, place: tuple[float, float], color: str, *, is_left: bool) -> None:
    """Write beside a place, on ground of its own where a line passes."""
    axes.annotate(
        text,
        place,
        xytext=(-4 if is_left else 4, 0),
        textcoords="offset points",
        ha="right" if is_left else "left",
        va="center",
        color=color,
        fontsize=9,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
        parse_math=False,
    )


def _bar_words(bar: WaterfallBar, explanation: Explanation, language: str) -> tuple[str, str]:
    """Return the name of a bar and the account's numbers behind it, both broken into lines."""
    name = _lines([bar_name(bar, language)], 34)
    if len(bar.groups) != 1 or bar.kind == "other":
        return name, ""
    reason = tell_reason(explanation, bar.groups[0], language)
    return name, _lines([reason.counts or "".join(sign.sentence for sign in reason.signs[:1])], 42)


def _below(explanation: Explanation, language: str) -> list[str]:
    """Say how much is known of the account, and what is not."""
    below = [f"{say('explain_known_share', language)}: {percent(explanation.known_share, language)}"]
    if explanation.not_known:
        below.append(f"{say('explain_not_known', language)}: {', '.join(explanation.not_known)}")
    return below


def _lines(texts: Iterable[str], width: int) -> str:
    """Break texts at spaces outside of brackets; each begins a line of its own, empty ones are left out."""
    tied = (re.sub(r"\([^()]*\)", lambda found: found[0].replace(" ", "\u00a0"), text) for text in texts)
    return "\n".join(line for text in tied for line in textwrap.wrap(text, width))


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


def set_title(axes: Axes, text: str) -> None:
    """Write a title of one or two lines over a chart."""
    axes.set_title(visible(text, _TITLE_WIDTH), loc="left", fontsize=11, color=INK, pad=9, wrap=True, parse_math=False)


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure of so many inches that a notebook can show, and its axes."""
    figure = _notebook_figure()(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.tick_params(length=0, labelcolor=SOFT, labelsize=9)
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
