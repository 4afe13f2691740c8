"""Geometry and pixels of the follower map: plain numbers and colours, for the HTML report and for the chart.

As in `drawings` the picture is stretched to the room there is, and words stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from botscan.blocks import FollowBlocks
from botscan.blocks.follow_map import FollowMap
from botscan.report.drawings import HEIGHT, WIDTH, Shape
from botscan.report.png import Color
from botscan.wording import date, number

#: Steps from few accounts in a cell to many, for accounts without and with the signs of a block.
N_LEVELS = 7
#: Colours that colour-blind eyes tell apart, on white paper and on a dark screen; more accounts are more opaque.
_BLUE = (33, 118, 154)
_ORANGE = (213, 94, 20)
_FAINTEST = 0.45
#: Index 0 is no account; then the levels of other accounts, then those of accounts with the signs of a block.
COLORS: tuple[Color, ...] = (
    (0, 0, 0, 0),
    *(
        (*color, round(255 * (_FAINTEST + (1 - _FAINTEST) * level / (N_LEVELS - 1))))
        for color in (_BLUE, _ORANGE)
        for level in range(N_LEVELS)
    ),
)
#: Numbers of blocks stand in one row unless they are nearer to each other than this part of the width.
_LABEL_ROOM = 0.05
_MOST_ROWS = 4
#: Narrower blocks are drawn so wide.
_NARROWEST = 0.003
_MOST_DATES = 7
#: Thickness of a line at a date, in units of the canvas.
_LINE = 0.3
#: Steps of the axis of creation dates, in months and in days.
_MONTH_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1_200)
_DAY_STEPS = (1, 2, 7, 14)
#: From so many days on, dates are told in months.
_FEWEST_DAYS_IN_MONTHS = 60


@dataclass(frozen=True)
class Band:
    """One block on the map: its number, where it begins and ends in [0, 1], and the row of its number, 0 lowest."""

    number: int
    start: float
    stop: float
    row: int

    @property
    def middle(self) -> float:
        """Where its number stands."""
        return round((self.start + self.stop) / 2, 6)


@dataclass(frozen=True)
class Tick:
    """One mark of an axis: its place in [0, 1] and its words."""

    place: float
    text: str
    below: str = ""


@dataclass(frozen=True, eq=False)
class MapDrawing:
    """The follower map.

    Attributes
    ----------
    pixels
        Index of each cell's colour in `COLORS`, uint8, shape (height, width), the latest creation dates on top.
    bands
        The blocks, in follow order.
    n_rows
        Rows of their numbers.
    bound
        Lower bound of the follow time for each column as a height in [0, 1], shape (width,); NaN where there is none.
    ranks
        Marks of the follow order, with their date below.
    dates
        Marks of the creation dates, in [0, 1] upwards.
    has_marked
        Whether accounts with the signs of a block are on it.
    """

    pixels: NDArray[np.uint8]
    bands: tuple[Band, ...]
    n_rows: int
    bound: NDArray[np.float64]
    ranks: tuple[Tick, ...]
    dates: tuple[Tick, ...]
    has_marked: bool

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The blocks and the lines at the dates, for a canvas of `WIDTH` x `HEIGHT`, y downwards."""
        lines = [Shape("grid", 0.0, round(HEIGHT * (1 - tick.place), 2), WIDTH, _LINE) for tick in self.dates]
        blocks = [
            Shape("block", round(WIDTH * one.start, 2), 0.0, round(WIDTH * (one.stop - one.start), 2), HEIGHT)
            for one in self.bands
        ]
        return (*blocks, *lines)

    @property
    def bound_path(self) -> str:
        """The bound as the path of an SVG on the same canvas; empty where there is none."""
        return " ".join(_steps(self.bound))


def draw_map(follow_map: FollowMap, blocks: FollowBlocks | None, language: str) -> MapDrawing:
    """Draw the map of a list with its blocks.

    Parameters
    ----------
    follow_map
        Counts and axes.
    blocks
        Blocks of the same list, or None.
    language
        ``en`` or ``id``.
    """
    ends = follow_map.first_created_at, follow_map.last_created_at
    first, last = (np.datetime64(end.astimezone(UTC).replace(tzinfo=None), "us") for end in ends)
    bound = (follow_map.latest - first) / (last - first)
    bands = _bands(follow_map, blocks)
    return MapDrawing(
        pixels(follow_map),
        bands,
        1 + max((band.row for band in bands), default=-1),
        np.where((bound >= 0) & (bound <= 1), bound, np.nan),
        tuple(
            Tick(one.place, number(one.rank, language), month(one.followed_after, language))
            for one in follow_map.followed_after
        ),
        date_ticks(*ends, language),
        bool(follow_map.n_marked.any()),
    )


def pixels(follow_map: FollowMap) -> NDArray[np.uint8]:
    """Return the index of each cell's colour, the latest creation dates on top, shape (height, width).

    Levels rise with the logarithm of the count. A cell has the colour of the accounts with the signs of a block where
    these are half of its accounts or more.
    """
    counts = follow_map.counts
    most = np.log(max(2, int(counts.max())))
    level = np.ceil(np.log(np.maximum(counts, 1)) / most * (N_LEVELS - 1)).astype(np.uint8)
    is_marked = (2 * follow_map.n_marked.astype(np.int64) >= counts) & (follow_map.n_marked > 0)
    index = np.where(counts == 0, 0, 1 + level + np.where(is_marked, N_LEVELS, 0))
    return index.astype(np.uint8)[::-1]


def month(moment: datetime | None, language: str) -> str:
    """Return a month in short, empty where it is not known.

    Examples
    --------
    >>> month(datetime(2023, 5, 2, tzinfo=UTC), "en"), month(datetime(2023, 5, 2, tzinfo=UTC), "id")
    ('May 2023', 'Mei 2023')
    """
    if moment is None:
        return ""
    _, name, year = date(moment, language).split(" ")
    return f"{name[:3]} {year}"


def date_ticks(first: datetime, last: datetime, language: str) -> tuple[Tick, ...]:
    """Return at most seven round dates between two, with their place from the first to the last.

    Examples
    --------
    >>> ticks = date_ticks(datetime(2009, 6, 1, tzinfo=UTC), datetime(2019, 6, 1, tzinfo=UTC), "en")
    >>> [tick.text for tick in ticks], ticks[0].place
    (['2010', '2012', '2014', '2016', '2018'], 0.058598)
    """
    found: Sequence[datetime] = ()
    is_long = (last - first).days >= _FEWEST_DAYS_IN_MONTHS
    for step in _MONTH_STEPS if is_long else _DAY_STEPS:
        found = tuple(_round_months(first, last, step) if is_long else _round_days(first, last, step))
        if len(found) <= _MOST_DATES:
            break
    span = last - first
    has_years = all(one.month == 1 for one in found) and is_long
    return tuple(
        Tick(round((one - first) / span, 6), str(one.year) if has_years else _told(one, language, is_long=is_long))
        for one in found
    )


def _told(moment: datetime, language: str, *, is_long: bool) -> str:
    return month(moment, language) if is_long else f"{moment.day} {month(moment, language)}"


def _round_months(first: datetime, last: datetime, step: int) -> Iterator[datetime]:
    """Yield the first days of months between two dates, every so many months since the year 0."""
    count = -(-(12 * first.year + first.month - 1) // step) * step
    while count < 12 * 10_000:
        moment = datetime(max(1, count // 12), count % 12 + 1, 1, tzinfo=UTC)
        if moment > last:
            return
        if moment >= first:
            yield moment
        count += step


def _round_days(first: datetime, last: datetime, step: int) -> Iterator[datetime]:
    moment = datetime(first.year, first.month, first.day, tzinfo=UTC)
    moment += timedelta(days=moment < first)
    while moment <= last:
        yield moment
        moment += timedelta(days=step)


def _bands(follow_map: FollowMap, blocks: FollowBlocks | None) -> tuple[Band, ...]:
    """Place the blocks, and their numbers in rows where no two are too near to be read."""
    width = len(follow_map.column_ranks)
    bands: list[Band] = []
    right_ends = [-1.0] * _MOST_ROWS
    for index, block in enumerate(blocks.blocks if blocks is not None else (), start=1):
        first, stop = (column / width for column in follow_map.columns_of(block.first_rank, block.last_rank))
        start = min(first, 1 - _NARROWEST)
        stop = max(stop, start + _NARROWEST)
        middle = (start + stop) / 2
        free = [row for row in range(_MOST_ROWS) if middle - right_ends[row] >= _LABEL_ROOM]
        row = free[0] if free else int(np.argmin(right_ends))
        right_ends[row] = middle
        bands.append(Band(index, round(start, 6), round(stop, 6), row))
    return tuple(bands)


def _steps(bound: NDArray[np.float64]) -> Iterator[str]:
    """Yield the parts of a path that goes level through each column and steps up or down between them."""
    places = np.round(WIDTH * np.arange(len(bound) + 1) / len(bound), 2)
    heights = np.round(HEIGHT * (1 - bound), 2)
    before = np.nan
    for column, height in enumerate(heights):
        if np.isnan(height):
            before = height
            continue
        if np.isnan(before):
            yield f"M{places[column]:g} {height:g}"
        elif height != before:
            yield f"H{places[column]:g}V{height:g}"
        if column + 1 == len(heights) or np.isnan(heights[column + 1]):
            yield f"H{places[column + 1]:g}"
        before = height
