"""Geometry of the drawings in the HTML report: plain numbers, which the template turns into SVG.

A drawing is stretched to the width of the page, so it holds shapes only; words stand beside it as text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.histogram import HIGHEST, LOWEST, N_BINS, STEPS_PER_LOG_ODDS, ScoreHistogram, histogram_bins

#: Drawings are this many units wide.
WIDTH = 1000.0
#: Height of the score histogram, in units.
HEIGHT = 100.0
#: Fine bins to a bar: half a unit of log-odds.
_BINS_PER_BAR = 16
_FEWEST_BARS = 16
#: Accounts below both thresholds, between them, and above.
_KINDS = ("below", "worth-a-look", "above")
#: Part of a bar's place that stays empty.
_GAP = 0.12
#: Thickness of a line, in units.
_LINE = 3.0


@dataclass(frozen=True)
class Shape:
    """One rectangle; `kind` is the class that gives its colour."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class ScoreDrawing:
    """Histogram of scores.

    Attributes
    ----------
    shapes
        Bars, on a canvas of `WIDTH` x `HEIGHT`, y downwards.
    tallest
        Accounts in the tallest bar.
    threshold
        Place of the threshold in percent of the width; None where there is none.
    n_above
        Accounts at or above the threshold.
    ticks
        (score, place in percent of the width).
    kinds
        Kinds of the bars, from few signs to many.
    has_more_beyond
        Whether a bar at an end of the range of scores holds accounts: those beyond the range are in it.
    """

    shapes: tuple[Shape, ...]
    tallest: int
    threshold: float | None
    n_above: int
    ticks: tuple[tuple[int, float], ...]
    kinds: tuple[str, ...]
    has_more_beyond: bool


def draw_parts(parts: Iterable[tuple[str, float]]) -> tuple[Shape, ...]:
    """Lay parts end to end over the whole width, in proportion; parts of nothing are left out.

    Examples
    --------
    >>> [(shape.kind, shape.x, shape.width) for shape in draw_parts([("sure", 3), ("rest", 1), ("none", 0)])]
    [('sure', 0.0, 750.0), ('rest', 750.0, 250.0)]
    """
    kept = [(kind, float(amount)) for kind, amount in parts if amount > 0]
    total = sum(amount for _, amount in kept)
    shapes = []
    start = 0.0
    for kind, amount in kept:
        width = WIDTH * amount / total
        shapes.append(Shape(kind, round(start, 2), 0.0, round(width, 2), HEIGHT))
        start += width
    return tuple(shapes)


def draw_interval(lower: float, point: float | None, upper: float) -> tuple[Shape, ...]:
    """Lay out a share in [0, 1] with its interval: certain, uncertain, the rest, and a line at the point if any."""
    parts = draw_parts([("sure", lower), ("unsure", upper - lower), ("rest", 1 - upper)])
    if point is None:
        return parts
    place = min(max(WIDTH * point - _LINE / 2, 0.0), WIDTH - _LINE)
    return (*parts, Shape("point", round(place, 2), 0.0, _LINE, HEIGHT))


def draw_scores(histogram: ScoreHistogram, suspicious: float | None, review: float | None) -> ScoreDrawing:
    """Draw bars of half a unit of log-odds over the range that holds accounts.

    Parameters
    ----------
    histogram
        Scores of the list; at least one account is scored.
    suspicious, review
        Thresholds in log-odds, or None.
    """
    counts = histogram.counts.astype(np.int64)
    kinds = _kinds(suspicious, review)
    # Bars are stacked: a threshold may fall inside one.
    stacks = (
        np.stack([np.where(kinds == kind, counts, 0) for kind in range(3)]).reshape(3, -1, _BINS_PER_BAR).sum(axis=2)
    )
    totals = stacks.sum(axis=0)
    first, last = _range(totals, suspicious)
    tallest = int(totals.max())
    shapes = _stacked_bars(stacks[:, first:last], tallest)
    low = LOWEST + first * _BINS_PER_BAR / (N_BINS / (HIGHEST - LOWEST))
    high = LOWEST + last * _BINS_PER_BAR / (N_BINS / (HIGHEST - LOWEST))
    place = None if suspicious is None else round(100 * (min(max(suspicious, low), high) - low) / (high - low), 2)
    shown = tuple(name for name, amounts in zip(_KINDS, stacks, strict=True) if amounts.any())
    has_more = bool(counts[0] or counts[-1])
    return ScoreDrawing(shapes, tallest, place, int(counts[kinds == 2].sum()), _ticks(low, high), shown, has_more)


def _stacked_bars(stacks: NDArray[np.int64], tallest: int) -> tuple[Shape, ...]:
    """Return one rectangle for each part of each bar; counts by kind and bar, shape (3, n_bars)."""
    step = WIDTH / stacks.shape[1]
    shapes = []
    for bar, amounts in enumerate(stacks.T):
        top = HEIGHT
        for kind, amount in zip(_KINDS, amounts, strict=True):
            if amount:
                height = HEIGHT * float(amount) / tallest
                top -= height
                x = (bar + _GAP / 2) * step
                shapes.append(Shape(kind, round(x, 2), round(top, 2), round(step * (1 - _GAP), 2), round(height, 2)))
    return tuple(shapes)


def _kinds(suspicious: float | None, review: float | None) -> NDArray[np.int64]:
    """Return 0 below, 1 worth a look, 2 at or above the threshold, for each fine bin, shape (1024,)."""
    kinds = np.zeros(N_BINS, dtype=np.int64)
    for kind, threshold in ((1, review), (2, suspicious)):
        if threshold is not None:
            steps = np.array([round(threshold * STEPS_PER_LOG_ODDS)], dtype=np.int32)
            kinds[int(histogram_bins(steps)[0]) :] = kind
    return kinds


def _range(totals: NDArray[np.int64], suspicious: float | None) -> tuple[int, int]:
    """Return first and last bar to show: all accounts, the threshold, and no fewer than sixteen bars."""
    shown = np.flatnonzero(totals)
    first, last = int(shown[0]), int(shown[-1]) + 1
    if suspicious is not None:
        steps = np.array([round(suspicious * STEPS_PER_LOG_ODDS)], dtype=np.int32)
        bar = int(histogram_bins(steps)[0]) // _BINS_PER_BAR
        first, last = min(first, bar), max(last, bar + 1)
    missing = max(0, _FEWEST_BARS - (last - first))
    first = max(0, first - (missing + 1) // 2)
    last = min(len(totals), max(last, first + _FEWEST_BARS))
    return max(0, min(first, last - _FEWEST_BARS)), last


def _ticks(low: float, high: float) -> tuple[tuple[int, float], ...]:
    """Return round scores with their place; none so near an end that its number would be cut."""
    step = 2 if high - low <= 16 else 4
    scores = range(step * round(low / step), int(high) + 1, step)
    placed = [(score, round(100 * (score - low) / (high - low), 2)) for score in scores]
    return tuple((score, place) for score, place in placed if 3 <= place <= 97)
