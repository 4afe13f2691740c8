"""Lists in: accounts, posts and counts, from files, folders, frames or dicts."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from botscan.accounts.posts import PostTable
from botscan.accounts.series import CountSeries
from botscan.accounts.table import AccountTable
from botscan.errors import FormatError, SchemaError
from botscan.readers import read_accounts as _read_file
from botscan.readers import read_posts as _read_post_file
from botscan.readers import read_series as _read_series_file


def read_accounts(
    source: Any,
    *,
    platform: str | None = None,
    format: str | None = None,  # noqa: A002  the word of the command line
    observed_at: datetime | date | np.datetime64 | str | None = None,
    column_map: Mapping[str, str] | None = None,
    encoding: str | None = None,
    date_order: str | None = None,
    tz: str | tzinfo | None = None,
    follow_order: str | None = None,
) -> AccountTable:
    """Read a list of accounts; every later step starts from here.

    Parameters
    ----------
    source
        A path of a file, archive or folder (format and platform are recognised by content), ``"-"`` for standard
        input, several paths of files of one list (ids in one, profiles in another: they are joined), or a pandas,
        polars or Arrow table or a list of dicts in canonical columns. An AccountTable is returned as it is.
    platform
        Platform of the list, where the source does not tell: ``twitter``, ``instagram``, ``tiktok``, ...
    format
        Name of the format, where recognition is to be overridden.
    observed_at
        When the list was seen; fills rows that do not say it. Text is read as ISO 8601; without zone it is UTC.
    column_map
        Canonical column -> header, for headers that are not recognised.
    encoding
        Codec of the text; UTF-8 when not given.
    date_order
        ``dmy`` or ``mdy``, for dates such as 3/4/2020.
    tz
        Zone of date-times that name none: ``WIB``, ``+07:00``, ``Asia/Jakarta``, or a `zoneinfo.ZoneInfo` or
        `datetime.timezone`.
    follow_order
        ``newest`` or ``oldest``: the follower that a file begins with, where nothing in it tells the order in which
        they came; ``follow_rank`` is then the place in the file. Refused where the file says it itself.

    Returns
    -------
    accounts
        Canonical columns, every account once, and the report of what was read, merged and rejected.

    Raises
    ------
    FormatError, SchemaError
        The source cannot be read as a whole; the message says where and what to do.

    Examples
    --------
    >>> import botscan as bs
    >>> accounts = bs.read_accounts([{"account_id": "7", "followers_count": 12}], platform="twitter")
    >>> accounts.n_accounts, accounts.coverage()["followers_count"]
    (1, 1.0)
    """
    for_files = _for_files(format, column_map, encoding, date_order, tz) | {"follow_order": follow_order}
    if isinstance(source, AccountTable):
        refuse_given(
            {"platform": platform, "observed_at": observed_at, **for_files},
            "is an option of reading; this list is read already.",
            "Give it to read_accounts.",
        )
        return source
    seen = _moment(observed_at)
    if _is_paths(source):
        _refuse_names(source)
        return _read_file(source, platform=platform, observed_at=seen, **for_files)
    refuse_given(for_files, _FOR_FILES, _LEAVE_OUT)
    return AccountTable.from_frame(source, platform=platform, observed_at=seen)


def _for_files(
    format: str | None,  # noqa: A002  the word of the command line
    column_map: Mapping[str, str] | None,
    encoding: str | None,
    date_order: str | None,
    tz: str | tzinfo | None,
) -> dict[str, Any]:
    """Return the options that only files have."""
    return {
        "format": format,
        "column_map": column_map,
        "encoding": encoding,
        "date_order": date_order,
        "tz": _zone(tz),
    }


_FOR_FILES = "is an option for files; this source is a table in memory."
_LEAVE_OUT = "Leave it out and give the table canonical columns, see `botscan columns`."


def _is_paths(source: Any) -> bool:
    """Whether a source is a path, or several of them."""
    if isinstance(source, list | tuple):
        return bool(source) and all(isinstance(one, str | os.PathLike) for one in source)
    return isinstance(source, str | os.PathLike)


#: How names of files end; a handle may hold a dot as well.
_FILE_ENDING = re.compile(
    r"\.(?:csv|tsv|tab|txt|jsonl?|ndjson|js|html?|har|xml|pdf|xlsx?|xlsm|ods|parquet|db|sqlite|zip|gz|bz2|xz|zst|tgz|tar"
    r"|7z|rar)$",
    re.IGNORECASE,
)


def _refuse_names(source: Any) -> None:
    """Raise FormatError for a list of texts that are no paths, most likely names of accounts; it repeats none."""
    if not isinstance(source, list | tuple) or not all(isinstance(one, str) and one for one in source):
        return
    if any(one == "-" or "/" in one or "\\" in one or _FILE_ENDING.search(one) for one in source):
        return
    if any(os.path.exists(one) for one in source):  # noqa: PTH110  Path raises for texts that cannot be a path
        return
    texts = "1 text" if len(source) == 1 else f"{len(source)} texts"
    raise FormatError(
        f"A list of {texts} is read as paths of files, but no file of such a name is there.",
        remedy="What is no path goes in as a list of dicts, for names of accounts [{'handle': ...}, ...], as a pandas"
        " frame, or as a file.",
    )


def read_posts(
    source: Any,
    *,
    platform: str | None = None,
    format: str | None = None,  # noqa: A002  the word of the command line
    observed_at: datetime | date | np.datetime64 | str | None = None,
    column_map: Mapping[str, str] | None = None,
    encoding: str | None = None,
    date_order: str | None = None,
    tz: str | tzinfo | None = None,
) -> PostTable:
    """Read posts: what accounts wrote, when, and how it was received.

    Parameters
    ----------
    source
        As in `read_accounts`; files of tweets, Instagram posts, archives and tables with headers such as post_id,
        posted_at and text. A PostTable is returned as it is.
    platform, format, observed_at, column_map, encoding, date_order, tz
        As in `read_accounts`; the platform may stay unknown.

    Returns
    -------
    posts
        Canonical columns, every post once, and the report of what was read, merged and rejected.

    Raises
    ------
    FormatError, SchemaError
        The source cannot be read as a whole.

    Examples
    --------
    >>> import botscan as bs
    >>> posts = bs.read_posts([{"post_id": "1", "account_id": "7", "likes_count": 3}], platform="twitter")
    >>> posts.n_posts
    1
    """
    if isinstance(source, PostTable):
        return source
    seen = _moment(observed_at)
    for_files = _for_files(format, column_map, encoding, date_order, tz)
    if _is_paths(source):
        _refuse_names(source)
        return _read_post_file(source, platform=platform, observed_at=seen, **for_files)
    refuse_given(for_files, _FOR_FILES, _LEAVE_OUT)
    return PostTable.from_frame(source, platform=platform, observed_at=seen)


def read_series(
    source: Any,
    *,
    platform: str | None = None,
    format: str | None = None,  # noqa: A002  the word of the command line
    column_map: Mapping[str, str] | None = None,
    encoding: str | None = None,
    date_order: str | None = None,
    tz: str | tzinfo | None = None,
) -> CountSeries:
    """Read how many followers there were over time, where only the counts are known.

    Parameters
    ----------
    source
        As in `read_accounts`; tables with a date and a count, and CrowdTangle exports. A CountSeries is returned as
        it is.
    platform, format, column_map, encoding, date_order, tz
        As in `read_accounts`; the platform may stay unknown.

    Returns
    -------
    series
        Points in order of time, nothing filled in between, and what was noticed about them.

    Raises
    ------
    FormatError, SchemaError
        The source cannot be read as a whole.

    Examples
    --------
    >>> import botscan as bs
    >>> series = bs.read_series([{"counted_at": "2026-05-01", "followers_count": "25.110"}])
    >>> series.n_points
    1
    """
    if isinstance(source, CountSeries):
        return source
    for_files = _for_files(format, column_map, encoding, date_order, tz)
    if _is_paths(source):
        _refuse_names(source)
        return _read_series_file(source, platform=platform, **for_files)
    refuse_given(for_files, _FOR_FILES, _LEAVE_OUT)
    return CountSeries.from_frame(source, platform=platform)


def refuse_given(options: Mapping[str, object], problem: str, remedy: str) -> None:
    """Raise SchemaError for the first option that was given where it would be ignored."""
    for name, value in options.items():
        if value is not None:
            raise SchemaError(f"{name} {problem}", remedy=remedy)


def reading_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return reading options with the instant and the zone in one form."""
    return {**options, "observed_at": _moment(options.get("observed_at")), "tz": _zone(options.get("tz"))}


def _zone(tz: str | tzinfo | None) -> str | None:
    """Return a zone as the text that names it; what is neither text nor a zone is refused where files are read."""
    if not isinstance(tz, tzinfo):
        return tz
    if isinstance(tz, ZoneInfo) and tz.key:
        return tz.key
    offset = tz.utcoffset(None) if isinstance(tz, timezone) else None
    if offset is None or offset % timedelta(minutes=1):
        raise SchemaError(
            f"tz is a zone of type {type(tz).__name__} that has no name and no offset in whole minutes.",
            remedy="Give its name as text, for instance 'Asia/Jakarta', or an offset such as '+07:00'.",
        )
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"{'-' if offset < timedelta(0) else '+'}{hours:02d}:{minutes:02d}"


def _moment(value: datetime | date | np.datetime64 | str | None) -> datetime | None:
    """Read an instant; without zone it is UTC."""
    if value is None:
        return None
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[us]").item()
    if isinstance(value, str):
        try:
            return _moment(datetime.fromisoformat(value))
        except (ValueError, OverflowError):
            raise SchemaError(
                f"observed_at (--observed-at) is a text of {len(value)} characters that is no date.",
                remedy="Write it as 2026-06-30 or 2026-06-30T12:00:00+07:00.",
            ) from None
    if not isinstance(value, date):
        raise SchemaError(
            f"observed_at is of type {type(value).__name__}, wanted a date, a datetime or text.",
            remedy="Write it as 2026-06-30 or 2026-06-30T12:00:00+07:00.",
        )
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
