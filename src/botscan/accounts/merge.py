"""Records of one account become one account; the order of rows never matters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.cells.handles import handle_keys

#: Taken from all records of an account: its first place in the list, and when it first followed.
_EARLIEST = ("follow_rank", "followed_at")
#: Differs between any two rows of an ordered list, so it is no sign of conflict.
_NO_CONFLICT = frozenset({"account_id", "follow_rank"})

_Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Merged:
    """Accounts after merging.

    Attributes
    ----------
    table
        One row an account, in the order in which accounts first appear.
    n_merged
        Records that repeated an account.
    n_in_conflict
        Those of them in which some column said something else.
    largest_group
        Most records that one account had.
    """

    table: pa.Table
    n_merged: int
    n_in_conflict: int
    largest_group: int


def merge_duplicates(table: pa.Table) -> Merged:
    """Merge the records of each account.

    One record of each account is kept whole: the one seen last; then the one that knows most columns; then the first
    in a fixed order of contents (column by column in schema order, null first, numbers by size, text by its bytes).
    Only follow_rank and followed_at are the smallest of all its records.

    Parameters
    ----------
    table
        Typed canonical columns; ``account_id`` without nulls.

    Examples
    --------
    >>> merged = merge_duplicates(pa.table({"account_id": ["7", "8", "7"], "posts_count": [None, 2, 1]}))
    >>> merged.table.to_pydict(), merged.n_merged, merged.n_in_conflict
    ({'account_id': ['7', '8'], 'posts_count': [1, 2]}, 1, 1)
    """
    if table.num_rows == 0:
        return Merged(table, 0, 0, 0)
    account = _codes_of(table["account_id"].combine_chunks())
    sizes = np.bincount(account)
    largest = int(sizes.max())
    if largest == 1:
        return Merged(table, 0, 0, 1)

    n_accounts = len(sizes)
    repeated = np.flatnonzero(sizes[account] > 1)
    group = account[repeated]
    contents = _contents(table.take(pa.array(repeated)))
    winners = _winners(contents, group)
    kept = np.empty(n_accounts, dtype=np.int64)
    kept[account[::-1]] = np.arange(len(account))[::-1]  # the first row of each account stays, unless ...
    kept[group[winners]] = repeated[winners]
    result = _with_earliest(table, table.take(pa.array(kept)), account)
    # Codes count accounts in the order of first appearance, so `kept` and the result are in that order.
    return Merged(result, len(account) - n_accounts, _count_conflicts(contents, group, winners), largest)


def _codes_of(array: pa.Array) -> _Codes:
    """Return the number of each distinct value, counted in the order of first appearance; null is -1."""
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    return np.asarray(pc.fill_null(encoded.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False))


def _ranks_of(array: pa.Array) -> _Codes:
    """Return the number of each distinct value, counted in their own order; null is -1."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    encoded = array.dictionary_encode()
    places = np.asarray(pc.sort_indices(encoded.dictionary).to_numpy(), dtype=np.int64)
    rank = np.empty(len(places) + 1, dtype=np.int64)
    rank[places] = np.arange(len(places))
    rank[-1] = -1  # where the code of null, -1, points to
    return rank[_codes_of(encoded)]


@dataclass(frozen=True, eq=False)
class _Contents:
    """Repeated records as numbers: ranks of every column, when they were seen, how much they know."""

    ranks: dict[str, _Codes]
    observed_at: _Codes
    n_known: _Codes


def _contents(records: pa.Table) -> _Contents:
    ranks = {name: _ranks_of(records[name].combine_chunks()) for name in records.column_names}
    if "handle" in ranks:
        # How a handle is written in capitals does not make it another one; it still decides which record is kept.
        ranks["handle in lower case"] = _ranks_of(handle_keys(records["handle"].combine_chunks()))
    n_known = np.zeros(records.num_rows, dtype=np.int64)
    for name in records.column_names:
        n_known += ranks[name] >= 0
    observed_at = ranks.get("observed_at", np.zeros(records.num_rows, dtype=np.int64))
    return _Contents(ranks, observed_at, n_known)


def _winners(contents: _Contents, group: _Codes) -> _Codes:
    """Return the position of the record to keep for each group, groups rising."""
    by_content = list(contents.ranks.values())
    # lexsort sorts by its last key first.
    order = np.lexsort([*reversed(by_content), -contents.n_known, -contents.observed_at, group])
    ordered = group[order]
    is_first = np.append(True, ordered[1:] != ordered[:-1])
    return order[is_first]


def _count_conflicts(contents: _Contents, group: _Codes, winners: _Codes) -> int:
    winner_of = np.zeros(int(group.max()) + 1, dtype=np.int64)
    winner_of[group[winners]] = winners
    differs = np.zeros(len(group), dtype=np.bool_)
    for name, ranks in contents.ranks.items():
        if name not in _NO_CONFLICT and name != "handle":
            differs |= ranks != ranks[winner_of[group]]
    return int(np.count_nonzero(differs))


def _with_earliest(table: pa.Table, kept: pa.Table, account: _Codes) -> pa.Table:
    """Set follow_rank and followed_at to the smallest of all records of each account."""
    for name in _EARLIEST:
        if name in table.column_names:
            kind = table.schema.field(name).type
            numbers = table[name].combine_chunks().cast(pa.int64())
            none = np.iinfo(np.int64).max
            smallest = np.full(kept.num_rows, none)
            np.minimum.at(smallest, account, np.asarray(pc.fill_null(numbers, none).to_numpy(zero_copy_only=False)))
            values = pa.array(smallest, mask=smallest == none).cast(kind)
            kept = kept.set_column(kept.column_names.index(name), table.schema.field(name), values)
    return kept
