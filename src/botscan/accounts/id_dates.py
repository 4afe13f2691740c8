"""Dates that ids carry: when an X account or post or a TikTok account or video was made, read off its id alone.

X ids above 10**15 (snowflakes) and TikTok ids hold the moment itself. Older Twitter ids only count upwards: their date
is drawn from a table of round ids, ``twitter_id_dates.csv``, which ``tools/fit_id_dates.py`` fits. Ids of other
platforms say nothing that could be relied on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.cells.instants import to_microseconds
from botscan.cells.parsed import Mask, as_mask
from botscan.schema import PLATFORMS

#: Twitter ids up to here were given one after the other; those above are snowflakes (the first in November 2010).
LAST_SEQUENTIAL = 10**15
#: Smaller numbers are far more often row numbers of a table than ids of the first million accounts: not dated.
_FIRST_DATED = 1_000_000
#: Milliseconds since 1970 at which snowflakes begin to count.
_SNOWFLAKE_EPOCH = 1_288_834_974_657
#: Digits of an id that surely fits 64 bits; no id of our century is longer.
_MOST_DIGITS = 19
#: TikTok ids of 19 digits hold a moment, shorter ones do not.
_SMALLEST_TIKTOK = 10**18
#: An id may be this much younger than the moment at which it was seen, as any other date.
_TOLERANCE = MICROSECONDS_PER_DAY
_MILLION = 1_000_000
_MICROSECONDS = 1_000_000
_INSTANT = pa.timestamp("us", tz="UTC")
#: What `_Found.precision` indexes.
_PRECISIONS = ("second", "unknown")

_Ids = NDArray[np.uint64]


class IdDates(NamedTuple):
    """Dates read off ids.

    Attributes
    ----------
    values
        timestamp[us, UTC], shape (n,); null where the id does not say.
    precision
        Text, shape (n,): ``second`` for snowflakes, ``unknown`` for the others, null where the date is.
    """

    values: pa.Array
    precision: pa.Array


@dataclass(frozen=True, eq=False)
class _Found:
    """Microseconds since 1970, which of them mean something, and the place of their precision; shape (n,)."""

    microseconds: NDArray[np.int64]
    is_found: Mask
    precision: NDArray[np.int8]


def dates_from_ids(ids: pa.Array, platform: str | None, observed_at: pa.Array | None = None) -> IdDates:
    """Read the creation dates of accounts off their ids.

    Parameters
    ----------
    ids
        Account ids, text, shape (n,); ``@name`` and ``row-7`` are no ids and say nothing.
    platform
        ``twitter`` and ``tiktok`` have datable ids, all others none.
    observed_at
        When each row was seen, timestamp in microseconds, shape (n,); null or None = not known. A date later than a
        day after it is none.

    Returns
    -------
    IdDates
        Dates between the first day of the platform and `observed_at`, without it the end of the year 2100.

    Examples
    --------
    >>> found = dates_from_ids(pa.array(["1000000000000000000", "1000000", "@ani"]), "twitter")
    >>> [date and date.isoformat(" ", "minutes") for date in found.values.to_pylist()], found.precision.to_pylist()
    (['2018-05-25 13:05+00:00', '2007-03-12 08:03+00:00', None], ['second', 'unknown', None])
    """
    return _dates(ids, platform, observed_at, _OF_ACCOUNTS)


def post_dates_from_ids(ids: pa.Array, platform: str | None, observed_at: pa.Array | None = None) -> IdDates:
    """Read when posts were made off the ids of posts on X and of videos on TikTok.

    Posts of Twitter before November 2010 have ids that only count upwards: they are not dated.

    Parameters
    ----------
    ids
        Post ids, text, shape (n,).
    platform, observed_at
        As in `dates_from_ids`.

    Examples
    --------
    >>> post_dates_from_ids(pa.array(["7000000000000000000", "123"]), "tiktok").values.to_pylist()[0].isoformat()
    '2021-08-24T14:15:05+00:00'
    """
    return _dates(ids, platform, observed_at, _OF_POSTS)


def has_datable_ids(platform: str | None) -> bool:
    """Whether ids of the platform say when an account was made."""
    return platform in _OF_ACCOUNTS


_Dating = Callable[[_Ids], _Found]


def _dates(ids: pa.Array, platform: str | None, observed_at: pa.Array | None, dating: dict[str, _Dating]) -> IdDates:
    n = len(ids)
    if platform is None or platform not in dating:
        return IdDates(pa.nulls(n, _INSTANT), pa.nulls(n, pa.large_string()))
    found = dating[platform](_numbers(ids))
    first = to_microseconds(PLATFORMS[platform].first_day)
    is_found = found.is_found & (found.microseconds >= first) & (found.microseconds <= _latest(observed_at))
    values = pa.array(np.where(is_found, found.microseconds, 0), mask=~is_found).cast(_INSTANT)
    return IdDates(values, pa.array(_PRECISIONS, pa.large_string()).take(pa.array(found.precision, mask=~is_found)))


def _numbers(ids: pa.Array) -> _Ids:
    """Return ids as unsigned numbers, 0 where they are none."""
    is_short = as_mask(pc.less_equal(pc.binary_length(ids), _MOST_DIGITS))
    # 007 is not 7: an id with a leading zero is some other text.
    is_number = as_mask(pc.ascii_is_decimal(ids)) & is_short & ~as_mask(pc.starts_with(ids, "0"))
    texts = ids if is_number.all() else pc.if_else(pa.array(is_number), ids, pa.scalar("0", ids.type))
    return np.asarray(texts.cast(pa.uint64()).to_numpy(zero_copy_only=False))


def _latest(observed_at: pa.Array | None) -> NDArray[np.int64] | int:
    last = to_microseconds(datetime(2101, 1, 1)) - 1  # noqa: DTZ001  taken as UTC
    if observed_at is None:
        return last
    seen = pc.fill_null(pc.cast(observed_at, pa.int64()), last - _TOLERANCE)
    # A date beyond the range of the calendar must not wrap round.
    return np.minimum(np.asarray(seen.to_numpy(zero_copy_only=False)), last - _TOLERANCE) + _TOLERANCE


def _snowflakes(numbers: _Ids) -> _Found:
    milliseconds = (numbers >> np.uint64(22)).astype(np.int64) + _SNOWFLAKE_EPOCH
    return _Found(milliseconds * 1_000, numbers > LAST_SEQUENTIAL, np.zeros(len(numbers), np.int8))


def _twitter_accounts(numbers: _Ids) -> _Found:
    exact = _snowflakes(numbers)
    if exact.is_found.all():
        return exact
    ids, seconds = sequential_knots()
    is_early = (numbers >= _FIRST_DATED) & (numbers <= int(ids[-1]))
    drawn = np.interp(numbers[is_early].astype(np.float64), ids, seconds).astype(np.int64)
    exact.microseconds[is_early] = drawn * _MICROSECONDS
    return _Found(exact.microseconds, exact.is_found | is_early, is_early.astype(np.int8))


def _tiktok(numbers: _Ids) -> _Found:
    seconds = (numbers >> np.uint64(32)).astype(np.int64)
    return _Found(seconds * _MICROSECONDS, numbers >= _SMALLEST_TIKTOK, np.ones(len(numbers), np.int8))


_OF_ACCOUNTS: dict[str, _Dating] = {"twitter": _twitter_accounts, "tiktok": _tiktok}
_OF_POSTS: dict[str, _Dating] = {"twitter": _snowflakes, "tiktok": _tiktok}


@cache
def sequential_knots() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return round Twitter ids, rising, and the seconds since 1970 at which each was reached; shape (k,)."""
    lines = (files("botscan") / "accounts" / "twitter_id_dates.csv").read_text(encoding="ascii").splitlines()[1:]
    cells = [line.split(",") for line in lines]
    ids = np.array([round(float(millions) * _MILLION) for millions, _ in cells], dtype=np.float64)
    return ids, np.array([datetime.fromisoformat(date).timestamp() for _, date in cells], dtype=np.float64)
