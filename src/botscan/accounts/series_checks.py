"""What counts over time show when they are put in order: gaps, zeros of failed scrapes, changes that do not add up.

Every function takes a table with ``account_id``, ``counted_at`` and ``followers_count``; all but the sorting itself
want its rows by account and then by time. A column ``day`` says on which day a count was made, where that is not the
day in UTC. Nothing is changed here, only found.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.cells.parsed import Mask, is_known

#: A step of more than this many usual steps is a gap.
_GAP_STEPS = 1.5

_Numbers = NDArray[np.int64]


def number_accounts(table: pa.Table) -> _Numbers:
    """Return the number of the account of each row, counted in the order of first appearance, shape (n,).

    Rows that name no account are of one that is not named, and comes last.

    Examples
    --------
    >>> number_accounts(pa.table({"account_id": ["b", "a", None, "b"]})).tolist()
    [0, 1, 2, 0]
    """
    encoded = table["account_id"].combine_chunks().dictionary_encode()
    codes = pc.fill_null(encoded.indices.cast(pa.int64()), len(encoded.dictionary))
    return np.asarray(codes.to_numpy(zero_copy_only=False))


def whole_numbers(table: pa.Table, name: str) -> _Numbers:
    """Return a column as int64, shape (n,): 0 where null, instants in microseconds since 1970."""
    cells = pc.fill_null(table[name].combine_chunks().cast(pa.int64()), 0)
    return np.asarray(cells.to_numpy(zero_copy_only=False))


def days_of(table: pa.Table) -> _Numbers:
    """Return the day of each row, counted from 1970-01-01, shape (n,): as the table says, else in UTC."""
    if "day" in table.column_names:
        return whole_numbers(table, "day")
    return whole_numbers(table, "counted_at") // MICROSECONDS_PER_DAY


def sorted_by_time(table: pa.Table) -> pa.Table:
    """Sort by account, in the order of first appearance, and time.

    Of rows of one time the one that the source, in its own order, has later comes last: a list that begins with the
    newest day also begins with the newest count of each day.
    """
    codes, times = number_accounts(table), whole_numbers(table, "counted_at")
    place = np.arange(len(codes))
    by_account = np.argsort(codes, kind="stable")
    is_same = codes[by_account][1:] == codes[by_account][:-1]
    steps = np.where(is_same, np.sign(np.diff(times[by_account])), 0)
    rises = np.bincount(codes[by_account][1:], weights=steps, minlength=int(codes.max(initial=0)) + 1)
    order = np.lexsort((np.where(rises[codes] < 0, -place, place), times, codes))
    return table.take(pa.array(order))


def last_of_each_day(table: pa.Table) -> Mask:
    """Return the last row of each account and day, shape (n,)."""
    codes, days = number_accounts(table), days_of(table)
    is_last = np.ones(len(codes), dtype=np.bool_)
    is_last[:-1] = (codes[1:] != codes[:-1]) | (days[1:] != days[:-1])
    return is_last


def gains_of_each_day(table: pa.Table) -> pa.Array:
    """Return the change of the whole day in its last row, as an array of the type of ``followers_gained``.

    Only an account without any total is a series of changes, whose changes of one day add up. Several rows of one
    moment are one change written twice: the last of them counts. Everything else stays as it is.
    """
    gains = table["followers_gained"].combine_chunks()
    codes, days, times = number_accounts(table), days_of(table), whole_numbers(table, "counted_at")
    if not len(codes):
        return gains
    has_total = np.bincount(codes, weights=is_known(table["followers_count"].combine_chunks())) > 0
    is_last_of_moment = np.append((codes[1:] != codes[:-1]) | (times[1:] != times[:-1]), True)
    starts = np.flatnonzero(np.append(True, (codes[1:] != codes[:-1]) | (days[1:] != days[:-1])))
    ends = np.append(starts[1:], len(codes)) - 1
    counts = is_last_of_moment & is_known(gains)
    sums = np.add.reduceat(np.where(counts, whole_numbers(table, "followers_gained"), 0), starts)
    added = ends[(np.add.reduceat(counts.astype(np.int64), starts) > 1) & ~has_total[codes[ends]]]
    values = whole_numbers(table, "followers_gained").copy()
    values[added] = sums[np.searchsorted(ends, added)]
    is_unknown = ~is_known(gains)
    is_unknown[added] = False
    return pa.array(values, gains.type, mask=is_unknown)


def steps_in_days(table: pa.Table) -> _Numbers:
    """Return the days since the row before of the same account, 0 where there is none, shape (n,)."""
    codes, days = number_accounts(table), days_of(table)
    steps = np.zeros(len(codes), dtype=np.int64)
    steps[1:] = np.where(codes[1:] == codes[:-1], np.diff(days), 0)
    return steps


def after_gaps(table: pa.Table) -> Mask:
    """Return the rows before which counts are missing, shape (n,).

    The usual step of an account is the one that a third of its steps from day to day do not exceed: one day where
    counts are mostly daily, seven where they are weekly. A step much longer than that is a gap.
    """
    codes, steps = number_accounts(table), steps_in_days(table)
    moves = np.flatnonzero(steps > 0)
    order = moves[np.lexsort((steps[moves], codes[moves]))]
    is_gap = np.zeros(len(codes), dtype=np.bool_)
    if order.size:
        of = codes[order]
        starts = np.flatnonzero(np.append(True, of[1:] != of[:-1]))
        sizes = np.diff(np.append(starts, len(of)))
        usual = np.repeat(steps[order][starts + (sizes - 1) // 3], sizes)
        is_gap[order] = steps[order] > _GAP_STEPS * usual
    return is_gap


def doubtful_zeros(table: pa.Table) -> Mask:
    """Return the totals of 0 that have totals above 0 before and after them, shape (n,)."""
    codes, totals = number_accounts(table), whole_numbers(table, "followers_count")
    place = np.arange(len(codes))
    n = int(codes.max(initial=0)) + 1
    first, last = np.full(n, len(codes)), np.full(n, -1)
    is_positive = totals > 0
    np.minimum.at(first, codes[is_positive], place[is_positive])
    np.maximum.at(last, codes[is_positive], place[is_positive])
    known = is_known(table["followers_count"].combine_chunks())
    doubtful: Mask = known & (totals == 0) & (first[codes] < place) & (place < last[codes])
    return doubtful


def count_differing_changes(table: pa.Table) -> int:
    """Count the rows whose stated change is not the difference of their total and that of the row before.

    Parameters
    ----------
    table
        Every row with a date, those without a count and several of one day too: a change is that since the row before.
        With ``followers_gained``, ``total_half_width`` and ``change_half_width``; rounded counts may be off by these.
        Rows after a gap and zeros between positive totals are not asked.
    """
    codes, is_zero = number_accounts(table), doubtful_zeros(table)
    totals, changes = whole_numbers(table, "followers_count"), whole_numbers(table, "followers_gained")
    half_widths = whole_numbers(table, "total_half_width")
    has_total = is_known(table["followers_count"].combine_chunks()) & ~is_zero
    has_change = is_known(table["followers_gained"].combine_chunks()) & ~after_gaps(table)
    is_pair = (codes[1:] == codes[:-1]) & has_total[1:] & has_total[:-1] & has_change[1:]
    tolerance = half_widths[1:] + half_widths[:-1] + whole_numbers(table, "change_half_width")[1:]
    return int(np.count_nonzero(is_pair & (np.abs(np.diff(totals) - changes[1:]) > tolerance)))
