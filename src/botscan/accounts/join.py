"""Files of one list joined: the followers in some, the profiles that were looked up for them in others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts.identity import BY_HANDLE, is_by_handle
from botscan.accounts.merge import Merged, merge_duplicates
from botscan.cells.handles import handle_keys
from botscan.cells.parsed import Mask, as_mask, is_known
from botscan.schema import ACCOUNT_COLUMNS

#: What only the list can know: a profile file is in no follow order.
_ONLY_IN_LIST = frozenset({"follow_rank", "followed_at"})
#: Taken from the list where it has them.
_FROM_LIST = _ONLY_IN_LIST | {"account_id", "platform"}
#: Column to the one that tells whether it is known, or to which it belongs: they come from one source together.
_GOES_WITH: dict[str, str] = {
    "bio": "bio_length",
    "website": "has_website",
    "created_at_precision": "created_at",
    "handle_length": "handle",
    "handle_digits": "handle",
    "handle_digit_ratio": "handle",
    "display_name_words": "display_name",
}


@dataclass(frozen=True, eq=False)
class Joined:
    """A list with the profiles of its accounts.

    Attributes
    ----------
    table
        One row an account of the list, in the order in which accounts first appear there; columns in schema order.
    n_joined
        Accounts with a profile.
    n_without_profile
        Accounts without.
    n_not_in_list
        Rows of profiles whose account no list holds.
    is_in_list
        Which rows of the profiles are of an account of the list, bool, shape (rows of all profiles,).
    merged
        What was merged within the lists and within the profiles.
    """

    table: pa.Table
    n_joined: int
    n_without_profile: int
    n_not_in_list: int
    is_in_list: Mask
    merged: tuple[Merged, Merged]


def join_lists(lists: Sequence[pa.Table], profiles: Sequence[pa.Table]) -> Joined:
    """Join lists of accounts with profiles of the same platform.

    An account is found by its id. One that a list knows by its handle only is found by its handle, if profiles of
    exactly one id have it, and then has that id; a profile without an id finds its account in the list likewise. Each
    cell is the profile's where the profile knows it, else the list's; follow_rank and followed_at are always the
    list's.

    Parameters
    ----------
    lists, profiles
        Typed canonical columns, ``account_id`` without nulls; accounts may stand in them more than once.

    Examples
    --------
    >>> followers = pa.table({"account_id": ["@ani", "8"], "follow_rank": [1, 0]})
    >>> looked_up = pa.table({"account_id": ["7", "9"], "handle": ["Ani", "b"], "posts_count": [3, 0]})
    >>> joined = join_lists([followers], [looked_up])
    >>> joined.table.select(["account_id", "posts_count", "follow_rank"]).to_pydict()
    {'account_id': ['7', '8'], 'posts_count': [3, None], 'follow_rank': [1, 0]}
    >>> joined.n_joined, joined.n_without_profile, joined.n_not_in_list
    (1, 1, 1)
    """
    raw_list, raw_profiles = _one_table(lists), _one_table(profiles)
    in_list = _named_by_id(raw_list, _ids_by_handle(raw_profiles))
    looked_up = _named_by_id(raw_profiles, _ids_by_handle(raw_list))
    is_in_list = as_mask(pc.is_in(_ids(looked_up), value_set=_ids(in_list)))
    accounts = merge_duplicates(in_list)
    known = merge_duplicates(looked_up.filter(pa.array(is_in_list)))
    places = pc.index_in(_ids(accounts.table), value_set=_ids(known.table))
    n_joined = len(places) - places.null_count
    return Joined(
        table=_side_by_side(accounts.table, known.table, places),
        n_joined=n_joined,
        n_without_profile=len(places) - n_joined,
        n_not_in_list=int(np.count_nonzero(~is_in_list)),
        is_in_list=is_in_list,
        merged=(accounts, known),
    )


def _one_table(tables: Sequence[pa.Table]) -> pa.Table:
    if not tables:
        return pa.table({"account_id": pa.nulls(0, pa.large_string())})
    return pa.concat_tables(tables, promote_options="default").combine_chunks()


def _ids(table: pa.Table) -> pa.Array:
    return table["account_id"].combine_chunks()


def _ids_by_handle(table: pa.Table) -> tuple[pa.Array, pa.Array]:
    """Return the names ``@handle`` that belong to exactly one id, and these ids."""
    nobody = pa.nulls(0, pa.large_string())
    if "handle" not in table.column_names or table.num_rows == 0:
        return nobody, nobody
    ids = _ids(table)
    keys = handle_keys(table["handle"].combine_chunks()).cast(pa.large_string())
    empty, sign = pa.scalar("", pa.large_string()), pa.scalar(BY_HANDLE, pa.large_string())
    names = pc.binary_join_element_wise(sign, keys, empty)
    has_both = is_known(names) & ~is_by_handle(ids)
    pairs = pa.table({"name": names, "id": ids}).filter(pa.array(has_both)).group_by(["name", "id"]).aggregate([])
    encoded = pairs["name"].combine_chunks().dictionary_encode()
    which = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    is_one = np.bincount(which, minlength=1)[which] == 1
    one = pairs.filter(pa.array(is_one))
    return one["name"].combine_chunks(), one["id"].combine_chunks()


def _named_by_id(table: pa.Table, ids_by_handle: tuple[pa.Array, pa.Array]) -> pa.Table:
    """Give the accounts that are named by their handle their id, where one is known."""
    names, ids = ids_by_handle
    own = _ids(table)
    if len(names) == 0 or len(own) == 0:
        return table
    found = ids.take(pc.index_in(own, value_set=names.cast(own.type))).cast(own.type)
    place = table.column_names.index("account_id")
    return table.set_column(place, table.schema.field("account_id"), pc.coalesce(found, own))


def _side_by_side(accounts: pa.Table, profiles: pa.Table, places: pa.Array) -> pa.Table:
    """Return the columns of both, cell by cell; `places` is the row of each account's profile, null without."""
    beside = profiles.take(places)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    for name in (column.name for column in ACCOUNT_COLUMNS):
        if name in accounts.column_names and (name in _FROM_LIST or name not in beside.column_names):
            columns[name] = accounts[name]
        elif name in beside.column_names and name not in _ONLY_IN_LIST:
            columns[name] = _cells(name, accounts, beside) if name in accounts.column_names else beside[name]
    return pa.table(columns)


def _cells(name: str, accounts: pa.Table, profiles: pa.Table) -> pa.ChunkedArray:
    """Return the cells of a column: the profile's where it knows them, else the list's."""
    witness = _GOES_WITH.get(name, name)
    either = pc.coalesce(profiles[name], accounts[name])
    for table in (accounts, profiles):  # the profile, put last, wins
        if witness in table.column_names:
            either = pc.if_else(table[witness].is_valid(), table[name], either)
    return either
