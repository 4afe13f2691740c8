"""When and how accounts post, from a table of posts: told beside the score, never part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts.identity import BY_HANDLE
from botscan.cells.handles import handle_keys
from botscan.cells.parsed import is_known
from botscan.errors import SchemaError
from botscan.features import post_contents, post_times
from botscan.features.grouped_posts import GroupedPosts, Whole
from botscan.features.post_feature import PostFeature

if TYPE_CHECKING:
    import pandas as pd

    from botscan.accounts.posts import PostTable
    from botscan.accounts.table import AccountTable

#: Ids of accounts as posts name them.
AccountIds: TypeAlias = pa.Array | pa.ChunkedArray | Sequence[str | None]

#: All features of posts, in one fixed order.
POST_FEATURES: tuple[PostFeature, ...] = (*post_times.FEATURES, *post_contents.FEATURES)


def cadence_matrix(posts: PostTable, account_ids: AccountIds) -> NDArray[np.float32]:
    """Compute every feature of `POST_FEATURES` for the accounts asked for.

    Parameters
    ----------
    posts
        Posts of any accounts, in any order; those of others are left out.
    account_ids
        Accounts, as posts name them; length n. A null is an account that posts cannot name.

    Returns
    -------
    matrix
        float32, shape (n, f), in the order asked for; NaN = unknown. An account without a post in the file has
        ``n_posts_seen`` 0 and nothing else known: the file need not hold all its posts.

    Examples
    --------
    >>> from botscan.accounts.posts import PostTable
    >>> rows = [{"account_id": "7", "posted_at": f"2026-05-0{day}"} for day in (1, 1, 2)]
    >>> posts = PostTable.from_frame(rows, platform="mastodon")
    >>> cadence_matrix(posts, ["7", "8"])[:, :2].tolist()
    [[3.0, 1.5], [0.0, nan]]
    """
    wanted = _as_array(account_ids).dictionary_encode()
    owner = _rows_of(posts.table["account_id"], wanted.dictionary)
    return _spread(_compute(GroupedPosts(posts.table, owner, len(wanted.dictionary))), wanted.indices)


def extract_cadence(posts: PostTable, accounts: AccountTable) -> pd.DataFrame:
    """Compute every feature of `POST_FEATURES` for a list of accounts.

    Parameters
    ----------
    posts
        Posts of these accounts. Those that name a handle and no id are those of the account of that handle.
    accounts
        The list.

    Returns
    -------
    features
        float32, one row an account in the order of the accounts, index ``account_id``, NaN = unknown.

    Raises
    ------
    SchemaError
        The posts are of another platform, or none of them says whose it is.
    """
    import pandas as pd

    ids = accounts.table["account_id"]
    matrix = cadence_matrix(join_posts(posts, accounts), ids)
    index = pd.Index(ids.to_pandas(), name="account_id")
    return pd.DataFrame(matrix, index=index, columns=[feature.name for feature in POST_FEATURES])


def join_posts(posts: PostTable, accounts: AccountTable) -> PostTable:
    """Return posts that name their accounts as a list does.

    Parameters
    ----------
    posts
        Posts of any accounts. Those that name a handle and no id are those of the account of that handle.
    accounts
        The list.

    Returns
    -------
    posts
        The same posts in the same order; those of others, and of nobody, stay as they are.

    Raises
    ------
    SchemaError
        The posts are of another platform, or none of them says whose it is.

    Examples
    --------
    >>> from botscan.accounts.posts import PostTable
    >>> from botscan.accounts.table import AccountTable
    >>> posts = PostTable.from_frame([{"post_id": 20}], account_id="@Dewi", platform="twitter")
    >>> accounts = AccountTable.from_frame([{"account_id": 700, "handle": "dewi"}], platform="twitter")
    >>> join_posts(posts, accounts).table["account_id"].to_pylist()
    ['700']
    """
    if None not in (posts.platform, accounts.platform) and posts.platform != accounts.platform:
        raise SchemaError(
            f"The posts are of {posts.platform}, the accounts of {accounts.platform}.",
            source=posts.source,
            remedy="Give posts and accounts of one platform: the same id is somebody else on another.",
        )
    owners = posts.table["account_id"]
    if posts.n_posts and owners.null_count == posts.n_posts:
        raise SchemaError(
            f"No post says whose it is, of {posts.n_posts} that were read.",
            source=posts.source,
            column="account_id",
            remedy="Give the posts a column account_id with the id of the account, or its handle behind an @.",
        )
    ids = _as_array(accounts.table["account_id"])
    owner = _rows_of(owners, ids)
    if "handle" in accounts.table.column_names:
        keys = handle_keys(accounts.table["handle"].combine_chunks())
        empty, sign = (pa.scalar(text, pa.large_string()) for text in ("", BY_HANDLE))
        by_handle = _rows_of(owners, pc.binary_join_element_wise(sign, keys, empty))
        owner = np.where(owner < 0, by_handle, owner)
    named = pc.coalesce(ids.take(pa.array(owner, mask=owner < 0)), owners.combine_chunks())
    position = posts.table.column_names.index("account_id")
    return replace(posts, table=posts.table.set_column(position, posts.table.schema.field(position), named))


def top_source_apps(posts: PostTable, account_id: str) -> list[tuple[str, int]]:
    """Return the apps that an account posted from with the number of posts of each, the most used first.

    Examples
    --------
    >>> from botscan.accounts.posts import PostTable
    >>> rows = [{"account_id": "7", "post_id": n, "source_app": app} for n, app in enumerate(["IFTTT", "Web", "IFTTT"])]
    >>> top_source_apps(PostTable.from_frame(rows, platform="mastodon"), "7")
    [('IFTTT', 2), ('Web', 1)]
    """
    owner = _rows_of(posts.table["account_id"], _as_array([account_id]))
    uses = GroupedPosts(posts.table, owner, 1).uses("source_app")
    apps = zip(uses.words.take(pa.array(uses.word)).to_pylist(), uses.n_posts.tolist(), strict=True)
    return sorted(apps, key=lambda app: (-app[1], app[0]))


def _as_array(ids: AccountIds) -> pa.Array:
    if isinstance(ids, pa.ChunkedArray):
        ids = ids.combine_chunks()
    return ids.cast(pa.large_string()) if isinstance(ids, pa.Array) else pa.array(ids, pa.large_string())


def _rows_of(ids: pa.ChunkedArray, accounts: pa.Array) -> Whole:
    """Return the row of each id among the accounts, -1 where it is none or null."""
    rows = pc.index_in(ids.combine_chunks(), value_set=accounts, skip_nulls=True)
    return np.asarray(pc.fill_null(rows, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def _spread(matrix: NDArray[np.float32], rows: pa.Array) -> NDArray[np.float32]:
    """Return the row of each account asked for, NaN where it is null."""
    known = is_known(rows)
    spread = np.full((len(rows), matrix.shape[1]), np.nan, dtype=np.float32, order="F")
    spread[known] = matrix[rows.drop_null().to_numpy(zero_copy_only=False)]
    return spread


def _compute(posts: GroupedPosts) -> NDArray[np.float32]:
    matrix = np.empty((posts.n_accounts, len(POST_FEATURES)), dtype=np.float32, order="F")
    for position, feature in enumerate(POST_FEATURES):
        matrix[:, position] = feature.compute(posts)
    return matrix
