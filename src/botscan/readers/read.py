"""The way in: a path becomes a plan, batches of records, or a table of accounts."""

from __future__ import annotations

from typing import Unpack

from botscan.accounts import AccountTable
from botscan.accounts.posts import PostTable
from botscan.accounts.series import CountSeries
from botscan.errors import FormatError
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits
from botscan.readers.drafts import ReadingOptions, ReadingWords, reading_list
from botscan.readers.one_list import accounts_of, posts_of, read_groups, series_of
from botscan.readers.opening import SourceLike


def read_accounts(
    source: SourceLike,
    *,
    limits: Limits = DEFAULT_LIMITS,
    **options: Unpack[ReadingWords],
) -> AccountTable:
    """Read a list of accounts from a file.

    Parameters
    ----------
    source
        Path of a file, archive or folder, ``-`` for standard input, or several paths of files of one list. What it is,
        is told by its content, never by its name.
    limits
        What is refused as too large.
    **options
        What the caller knows better than the source; see `ReadingWords`.

    Returns
    -------
    accounts
        Every account once, and the report of what was read, merged and rejected.

    Raises
    ------
    FormatError
        The source cannot be read as a whole.
    SchemaError
        A platform or zone is not known, or the rows are of several platforms and none was chosen.

    Examples
    --------
    >>> accounts = read_accounts("followers.csv", platform="twitter")  # doctest: +SKIP
    """
    named = ReadingOptions(**options)
    with reading_list(source, named, "accounts", limits) as opened:
        accounts = accounts_of(read_groups(opened, named, "accounts", limits), opened.name)
    if named.follow_order is not None and len(accounts) and "follow_rank" not in accounts.table.column_names:
        raise FormatError(
            "A follow order was given (--order), but the files are several lists: nothing tells which came first.",
            source=accounts.source,
            remedy="Leave the order out, or give the files of one kind alone.",
        )
    return accounts


def read_posts(
    source: SourceLike,
    *,
    limits: Limits = DEFAULT_LIMITS,
    **options: Unpack[ReadingWords],
) -> PostTable:
    """Read posts from a file.

    Parameters, errors: as `read_accounts`; the platform may stay unknown.

    Returns
    -------
    posts
        Every post once, and the report of what was read, merged and rejected.

    Examples
    --------
    >>> posts = read_posts("tweets.jsonl")  # doctest: +SKIP
    """
    named = ReadingOptions(**options)
    with reading_list(source, named, "posts", limits) as opened:
        return posts_of(read_groups(opened, named, "posts", limits), opened.name)


def read_series(
    source: SourceLike,
    *,
    limits: Limits = DEFAULT_LIMITS,
    **options: Unpack[ReadingWords],
) -> CountSeries:
    """Read follower counts over time from a file.

    Parameters, errors: as `read_accounts`; the platform may stay unknown.

    Returns
    -------
    series
        Points in order of time, and what was noticed about them.

    Examples
    --------
    >>> series = read_series("daily.csv")  # doctest: +SKIP
    """
    named = ReadingOptions(**options)
    with reading_list(source, named, "series", limits) as opened:
        return series_of(read_groups(opened, named, "series", limits), opened.name)
