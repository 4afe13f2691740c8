"""ZoneVotes: whether the creation dates of a file are local times that pass for UTC, as its ids show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts.id_dates import dates_from_ids, has_datable_ids
from botscan.cells.dates import DateOrder
from botscan.cells.ids import parse_ids
from botscan.cells.instants import parse_instants
from botscan.cells.parsed import Mask, as_mask

#: Fewer accounts than this decide nothing.
_FEWEST_VOTES = 50
#: Widest difference between a zone and UTC, in hours.
_WIDEST = 14
_PER_HOUR = 4
_QUARTER = 15 * 60 * 1_000_000
_MINUTE = 60 * 1_000_000
#: Every quarter of an hour from -14 to +14 hours, and one place at either end for what lies beyond.
_PLACES = 2 * _WIDEST * _PER_HOUR + 3
_UTC = _PLACES // 2
_NONE = (0,) * _PLACES


@dataclass(frozen=True)
class ZoneVotes:
    """By how much stated creation dates differ from those that the ids carry, in quarters of an hour.

    Votes of parts of a list add up to the votes of the list.

    Attributes
    ----------
    nearest
        Accounts by the quarter of an hour that their difference is nearest to: less than -14 hours, -14 hours, -13:45,
        ..., +14 hours, more.
    close
        Those of them within a minute of it.
    """

    nearest: tuple[int, ...] = _NONE
    close: tuple[int, ...] = _NONE

    def __add__(self, other: ZoneVotes) -> ZoneVotes:
        return ZoneVotes(
            tuple(a + b for a, b in zip(self.nearest, other.nearest, strict=True)),
            tuple(a + b for a, b in zip(self.close, other.close, strict=True)),
        )

    @property
    def decision(self) -> int | None:
        """Hours by which stated dates run ahead of UTC, never 0; None where they are UTC or nothing shows.

        The median difference decides. It must be whole hours, and most accounts must lie within a minute of it; where
        clocks change in summer, of it and of one neighbouring hour.
        """
        total = sum(self.nearest)
        if total < _FEWEST_VOTES:
            return None
        median = int(np.searchsorted(np.cumsum(self.nearest), (total + 1) // 2))
        hours, rest = divmod(median - _UTC, _PER_HOUR)
        if rest or hours == 0:
            return None
        neighbours = [median - _PER_HOUR, median + _PER_HOUR]
        season = max(self.close[place] for place in neighbours if 0 < place < _PLACES - 1 and place != _UTC)
        return hours if 2 * (self.close[median] + season) > total else None


def zone_votes(
    ids: pa.Array | pa.ChunkedArray,
    created_at: pa.Array | pa.ChunkedArray,
    *,
    platform: str | None,
    date_order: DateOrder | None = None,
    tz: str | None = None,
) -> ZoneVotes:
    """Count how the creation dates of a column differ from the dates of the ids beside them.

    Parameters
    ----------
    ids, created_at
        Cells as the file has them, text or typed.
    platform
        Platform of the accounts; only X has ids that are exact to the second.
    date_order, tz
        How the dates are read, as in `parse_instants`.

    Examples
    --------
    >>> ids = pa.array(["1000000000000000000"] * 60)
    >>> zone_votes(ids, pa.array(["2018-05-25 20:05:54"] * 60), platform="twitter").decision
    7
    """
    if not has_datable_ids(platform):
        return ZoneVotes()
    keys = parse_ids(ids, platform=platform).values
    exact = dates_from_ids(keys, platform)
    rows = pa.array(np.flatnonzero(as_mask(pc.equal(exact.precision, "second"))))
    if len(rows) == 0:
        return ZoneVotes()
    stated = parse_instants(created_at.take(rows), platform=platform, date_order=date_order, tz=tz)
    return count_differences(stated.values, exact.values.take(rows), as_mask(pc.equal(stated.precision, "second")))


def count_differences(stated: pa.Array, exact: pa.Array, rows: Mask) -> ZoneVotes:
    """Count the differences between two columns of timestamps in microseconds, in the rows where both are known."""
    if not rows.any():
        return ZoneVotes()
    differences = pc.subtract(stated.cast(pa.int64()), exact.cast(pa.int64())).filter(pa.array(rows)).drop_null()
    gaps = np.asarray(differences.to_numpy(zero_copy_only=False), dtype=np.int64)
    quarters = (gaps + _QUARTER // 2) // _QUARTER
    places = np.clip(quarters + _UTC, 0, _PLACES - 1)
    is_close = (np.abs(gaps - quarters * _QUARTER) <= _MINUTE) & (np.abs(quarters) <= _WIDEST * _PER_HOUR)
    nearest = np.bincount(places, minlength=_PLACES)
    close = np.bincount(places[is_close], minlength=_PLACES)
    return ZoneVotes(tuple(nearest.tolist()), tuple(close.tolist()))
