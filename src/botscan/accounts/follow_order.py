"""Follow order: the rank of each follower, from when it followed or from where it stands in the list."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts.coverage import PRESENT_SHARE
from botscan.cells.parsed import as_mask, is_known
from botscan.schema import ACCOUNT_COLUMNS

#: What a report calls the order of a list whose ranks come from follow times.
BY_FOLLOWED_AT = "by_followed_at"


def rank_from_position(n_total: int, row_numbers: NDArray[np.int64], list_order: str) -> NDArray[np.int64] | None:
    """Return the follow rank of records by where they stand, 0 = oldest; None where the order says nothing.

    Parameters
    ----------
    n_total
        Records in the whole list, over all of its pages.
    row_numbers
        Record numbers in the list, counted from 1, shape (n,).
    list_order
        ``newest_first``, ``oldest_first``, or something else.

    Examples
    --------
    >>> rank_from_position(3, np.array([1, 2, 3]), "newest_first")
    array([2, 1, 0])
    """
    if list_order == "newest_first":
        return n_total - row_numbers
    return row_numbers - 1 if list_order == "oldest_first" else None


def rank_by_followed_at(followed_at: pa.Array) -> pa.Array:
    """Return the follow rank of each account of a list by when it followed, 0 = oldest; null where that is not known.

    Of accounts that followed at the same time the later one in the list is the older, since platforms list the newest
    first; in a list whose times mostly rise it is the other way round.

    Parameters
    ----------
    followed_at
        timestamp, shape (n,), in the order of the list.

    Returns
    -------
    ranks
        int64, shape (n,).

    Examples
    --------
    >>> rank_by_followed_at(pa.array([30, 20, None, 20, 10]).cast(pa.timestamp("us", tz="UTC"))).to_pylist()
    [3, 2, None, 1, 0]
    """
    known = is_known(followed_at)
    times = np.asarray(pc.fill_null(followed_at.cast(pa.int64()), 0).to_numpy(zero_copy_only=False))
    places = np.flatnonzero(known)
    steps = np.sign(np.diff(times[known]))
    is_oldest_first = np.count_nonzero(steps > 0) > np.count_nonzero(steps < 0)
    in_order = places if is_oldest_first else places[::-1]
    ranks = np.zeros(len(known), dtype=np.int64)
    ranks[in_order[np.argsort(times[in_order], kind="stable")]] = np.arange(len(places))
    return pa.array(ranks, mask=~known)


def add_ranks(table: pa.Table) -> pa.Table | None:
    """Return a list with ranks by follow time; None where it knows ranks or too few follow times.

    A rank is a place among the accounts whose follow time is known. Where that is fewer than half of the list, it
    would say little about the list, and none is given.

    Parameters
    ----------
    table
        Canonical columns in schema order, one row an account, in the order of the list.
    """
    n = table.num_rows
    names = table.column_names
    if n == 0 or "followed_at" not in names:
        return None
    if "follow_rank" in names:
        if as_mask(table["follow_rank"].is_valid()).any():
            return None
        table = table.drop_columns(["follow_rank"])
    followed_at = table["followed_at"].combine_chunks()
    if n - followed_at.null_count < PRESENT_SHARE * n:
        return None
    ranked = table.append_column("follow_rank", rank_by_followed_at(followed_at))
    return ranked.select([column.name for column in ACCOUNT_COLUMNS if column.name in ranked.column_names])
