"""Records along an order: dates later than all before them, without those that cannot be true where they stand.

Of n exchangeable dates the i-th is the latest so far with probability 1/i, so they hold about ln n + 0.58 records [1]_:
7 of a thousand, 14 of a million. A date that is too late hides the records of all who follow behind it, and these go on
as if it were not there. So a record is set aside where `FEWEST_HIDDEN` later dates would each have set a record
without it. Among a hundred thousand exchangeable dates behind one honest record this happens with probability 4e-4,
among a thousand with 1e-8: twenty-five is far more than chance hides, and as few as can be asked for with that.

References
----------
.. [1] Rényi, A. (1962). Théorie des éléments saillants d'une suite d'observations. Annales scientifiques de
   l'Université de Clermont-Ferrand 2, Série Mathématiques 8(2), 7-13.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from botscan.cells.dates import MICROSECONDS_PER_DAY

#: Stands for a time that is not known; earlier than every time.
UNKNOWN_TIME: int = int(np.iinfo(np.int64).min)
#: So many records hidden behind a date set it aside.
FEWEST_HIDDEN = 25
#: They are looked for until so many further records have come: these may be too late as well. Looked for to the end of
#: the list, aged accounts that follow in the order of their ids would set honest records aside.
_RECORDS_WATCHED = 8
#: Dates that differ by less hide nothing: clocks and zones differ, and young accounts may follow in any order.
_TOLERANCE = MICROSECONDS_PER_DAY
#: Of dates that are too late and stand one behind the other a pass finds the first.
_MOST_PASSES = 20
#: Dates of a band may be too late as well, and so may dates of a band of these.
_DEPTH = 2

Places = NDArray[np.int64]
Times = NDArray[np.int64]
Mask = NDArray[np.bool_]


def record_places(dates: Times) -> Places:
    """Return the places of the dates that are later than all before them, rising.

    Parameters
    ----------
    dates
        Along an order, microseconds, `UNKNOWN_TIME` where not known, shape (n,).

    Examples
    --------
    >>> record_places(np.array([UNKNOWN_TIME, 5, 3, 5, 9]))
    array([1, 4])
    """
    latest = np.maximum.accumulate(dates)
    is_record = latest[1:] > latest[:-1]
    return np.concatenate([np.flatnonzero(dates[:1] > UNKNOWN_TIME), np.flatnonzero(is_record) + 1])


def too_late(dates: Times) -> Mask:
    """Return the dates that are set aside because at least 25 records hide behind each of them.

    Between two neighbouring records lies a band of time; every other date lies in one band, and behind the record
    that closes it. For each band, the records among its dates are counted that come before eight further records of the
    whole and lie more than a day below the close of the band; those that come faster than records did before the
    close, as a row of bought accounts in the order of their making does, count as one for every place at which a record
    was due. Where there are 25, the closing record is set aside, and all is done again until none is; at most twenty
    times. Dates of a band that are too late themselves are set aside first, by the same rule.

    Parameters
    ----------
    dates
        Along an order, microseconds, `UNKNOWN_TIME` where not known, shape (n,).

    Returns
    -------
    is_too_late
        Shape (n,). An honest date that is set aside by chance makes a bound looser, never wrong.

    Examples
    --------
    >>> days = np.arange(60) * 2
    >>> days[10] = 500
    >>> np.flatnonzero(too_late(days * 86_400_000_000))
    array([10])
    """
    return _too_late(dates, _DEPTH)


def _too_late(dates: Times, depth: int) -> Mask:
    kept = dates.copy()
    for _ in range(_MOST_PASSES):
        records = record_places(kept)
        hiding = _hiding(kept, records, depth)
        if not len(hiding):
            break
        kept[hiding] = UNKNOWN_TIME
    return (kept == UNKNOWN_TIME) & (dates != UNKNOWN_TIME)


def _hiding(dates: Times, records: Places, depth: int) -> Places:
    """Return the places of the records behind which too many others hide."""
    if len(dates) - len(records) < FEWEST_HIDDEN or not len(records):
        return records[:0]
    band, place = _watched(dates, records)
    if len(place) < FEWEST_HIDDEN:
        return records[:0]
    by_band = np.argsort(band, kind="stable")
    band, place = band[by_band], place[by_band]
    # Every date of a band is later than all of the band before: one running maximum starts anew in each.
    in_bands = dates[place]
    if depth:
        in_bands = np.where(_too_late(in_bands, depth - 1), UNKNOWN_TIME, in_bands)
    hidden = record_places(in_bands)
    band, place = band[hidden], place[hidden]
    turn = (place - records[band]) // _pace(records)[band]
    counts = np.concatenate([[True], (band[1:] != band[:-1]) | (turn[1:] != turn[:-1])])
    return records[np.bincount(band[counts], minlength=len(records)) >= FEWEST_HIDDEN]


def _watched(dates: Times, records: Places) -> tuple[Places, Places]:
    """Return the bands and places of the dates that may be hidden records, by rising place."""
    closes = dates[records]
    # Dates above the record that stood eight records ago lie in one of the bands that are still watched.
    floors = np.full(len(records), UNKNOWN_TIME)
    floors[_RECORDS_WATCHED:] = closes[:-_RECORDS_WATCHED]
    lengths = np.diff(records, append=len(dates))
    behind = dates[records[0] :]
    place = np.flatnonzero((behind > np.repeat(floors, lengths)) & (behind < np.repeat(closes, lengths))) + records[0]
    band = np.searchsorted(closes, dates[place])
    is_below = dates[place] < closes[band] - _TOLERANCE
    return band[is_below], place[is_below]


def _pace(records: Places) -> Places:
    """Return how many places a record took, over the 25 before each record; at least 1, shape (k,)."""
    before = np.maximum(np.arange(len(records)) - FEWEST_HIDDEN, 0)
    n_before = np.maximum(np.arange(len(records)) - before, 1)
    return np.maximum((records - records[before]) // n_before, 1)
