"""Chart of the follower map, with the blocks and the earliest follow times; drawn on the canvas of `charts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from botscan.blocks import FollowBlocks
from botscan.blocks.follow_map import FollowMap
from botscan.report.charts import INK, SOFT, canvas, set_title
from botscan.report.map_drawing import COLORS, N_LEVELS, MapDrawing, draw_map
from botscan.wording import check_language, number, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Shade of a block, drawn below the accounts.
_SHADE, _EDGE = "#f8e2d1", "#e3b48f"
_NUMBER = "#a8440c"
#: Every so many marks of the follow order has words: all thirteen would run into each other.
_TICK_STEP = 2
#: Height of a row of numbers of blocks, as part of the map's.
_ROW = 0.07


def draw_follow_map(follow_map: FollowMap, blocks: FollowBlocks | None = None, language: str = "en") -> Figure:
    """Draw the followers of a list by their place in the follow order and the date their account was made.

    The line is the earliest date at which each can have followed; blocks are shaded and numbered.

    Parameters
    ----------
    follow_map
        What `botscan.blocks.follow_map.make_follow_map` returns.
    blocks
        Blocks of the same list; None shades nothing.
    language
        ``en`` or ``id``.

    Returns
    -------
    figure
        For a notebook, or for `write_figure`; as wide as a page.

    Examples
    --------
    >>> import botscan as bs
    >>> from botscan.blocks.follow_map import make_follow_map
    >>> figure = draw_follow_map(make_follow_map(bs.make_audience(n=500).accounts))
    >>> figure.axes[0].get_title(loc="left")
    'Map of the followers'
    """
    check_language(language)
    drawing = draw_map(follow_map, blocks, language)
    figure, axes = canvas(7.5, 4.6)
    set_title(axes, say("follow_map_title", language))
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(SOFT)
    axes.spines["left"].set_bounds(0, 1)
    _add_bands(axes, drawing, language)
    _add_accounts(axes, drawing, language)
    _add_bound(axes, drawing, language)
    _add_axes(axes, drawing, language)
    figure.legend(loc="outside lower left", ncols=2, fontsize=8, frameon=False, labelcolor=SOFT, handlelength=1.4)
    return figure


def _add_accounts(axes: Axes, drawing: MapDrawing, language: str) -> None:
    """Add the cells, and for the legend a square of each colour."""
    colors = np.array(COLORS, dtype=np.uint8)
    axes.imshow(colors[drawing.pixels], extent=(0, 1, 0, 1), aspect="auto", interpolation="nearest", zorder=2)
    legend = [("follow_map_accounts", N_LEVELS)]
    if drawing.has_marked:
        legend.append(("follow_map_marked", 2 * N_LEVELS))
    for code, strongest in legend:
        color = tuple(value / 255 for value in COLORS[strongest])
        axes.plot([], [], linestyle="none", marker="s", color=color, label=say(code, language))


def _add_bands(axes: Axes, drawing: MapDrawing, language: str) -> None:
    """Shade the blocks over the whole height, each with its number above it."""
    top = 1 + _ROW * drawing.n_rows
    for band in drawing.bands:
        label = say("follow_map_block", language) if band.number == 1 else "_nolegend_"
        shade = axes.axvspan(band.start, band.stop, ymax=1 / top, facecolor=_SHADE, zorder=1, label=label)
        shade.set(edgecolor=_EDGE, linewidth=0.5)
        height = 1 + _ROW * band.row
        axes.plot([band.middle, band.middle], [1, height], color=_NUMBER, linewidth=0.7, zorder=1)
        axes.annotate(
            number(band.number, language),
            (band.middle, height),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            color=_NUMBER,
            fontsize=9,
            fontweight="bold",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            parse_math=False,
        )


def _add_bound(axes: Axes, drawing: MapDrawing, language: str) -> None:
    """Add the earliest follow times as a line, below the accounts: those just made when they followed lie on it."""
    if np.isnan(drawing.bound).all():
        return
    width = len(drawing.bound)
    places = (np.arange(width) + 0.5) / width
    axes.plot(places, drawing.bound, color=INK, linewidth=0.8, zorder=1.5, label=say("follow_map_bound", language))


def _add_axes(axes: Axes, drawing: MapDrawing, language: str) -> None:
    """Write ranks with their dates below, and the dates of creation beside."""
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1 + _ROW * drawing.n_rows)
    shown = drawing.ranks[::_TICK_STEP]
    axes.set_xticks([tick.place for tick in shown])
    axes.set_xticklabels([f"{tick.text}\n{tick.below}" for tick in shown], linespacing=1.35, parse_math=False)
    labels = axes.get_xticklabels()
    if len(labels) > 1:
        labels[0].set_horizontalalignment("left")
        labels[-1].set_horizontalalignment("right")
    axes.set_yticks([tick.place for tick in drawing.dates])
    axes.set_yticklabels([tick.text for tick in drawing.dates], parse_math=False)
    axes.grid(axis="y", color=SOFT, alpha=0.25, linewidth=0.6, zorder=0.5)
    axes.set_axisbelow(True)
    axes.set_xlabel(say("follow_map_x", language), color=SOFT, fontsize=8, loc="left", parse_math=False)
    axes.set_ylabel(say("follow_map_y", language), color=SOFT, fontsize=9, parse_math=False)
