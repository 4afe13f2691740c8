"""CSV files of twarc-csv: users or posts of the X API v2, one a row, and its files that hold neither.

Source of the column names: DocNow/twarc-csv, dataframe_converter.py (MIT).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import orjson

from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked, at
from botscan.readers.formats.twitter_v2 import (
    ACCOUNT_FIELDS,
    KNOWN_OF_ACCOUNTS,
    KNOWN_OF_POSTS,
    POST_FIELDS,
)

_OF_USERS = ("public metrics followers count", "public metrics following count", "public metrics tweet count")
_OF_AUTHORS = tuple(f"author {word}" for word in _OF_USERS)
_OF_POSTS = ("public metrics like count", "public metrics retweet count", "public metrics reply count")
_BY_TWARC = ("twarc retrieved at", "twarc url", "twarc version")

_TEXTS = ("name", "description", "location")
_KNOWN_WHEN_EMPTY = ("description", "url")
_NEVER_QUOTED = ("id", "username", "author_id")


def _header_evidence(words: Collection[str]) -> int:
    if "username" not in words and not ("author id" in words and "text" in words):
        return 0
    return sum(word in words for word in (*_OF_USERS, *_OF_AUTHORS, *_OF_POSTS, *_BY_TWARC))


def _accounts_in(row: Json) -> Unpacked | None:
    row = _plain(row)
    if not _is_post(row):
        return Unpacked([_user(row, row.get("__twarc"))])
    author = row.get("author")
    if not isinstance(author, dict) or not _is_filled(author.get("username")):
        # Without the time, so that a bare id never replaces a profile.
        return Unpacked([{"id": row.get("author_id")}])
    author_id = author["id"] if _is_filled(author.get("id")) else row.get("author_id")
    return Unpacked([{**_user(author, row.get("__twarc")), "id": author_id}])


def _posts_in(row: Json) -> Unpacked | None:
    row = _plain(row)
    return Unpacked([{**row, "text": _with_line_breaks(row.get("text"))}] if _is_post(row) else ())


def _plain(row: Json) -> Json:
    """Undo ``--json-encode-all`` and ``--json-encode-text``: every text stands in quotes, as in JSON.

    Whether a row was written so is told by the cells that never hold a quote themselves.
    """
    if not any(_is_quoted(row.get(key)) for key in _NEVER_QUOTED):
        return row
    plain = dict(row)
    holders = [plain]
    while holders:  # no recursion: the header says how deep a row nests
        holder = holders.pop()
        for key, cell in holder.items():
            if isinstance(cell, dict):
                holder[key] = dict(cell)
                holders.append(holder[key])
            elif _is_quoted(cell):
                holder[key] = _unquoted(cell)
    return plain


def _is_quoted(cell: Any) -> bool:
    return isinstance(cell, str) and len(cell) > 1 and cell[0] == cell[-1] == '"'


def _unquoted(cell: str) -> str:
    """Return the text; line breaks as the tool writes them without its option, so that one rule reads both."""
    try:
        text = orjson.loads(cell)
    except orjson.JSONDecodeError:
        return cell
    return str(text).replace("\r", "").replace("\n", "\\n")


def _is_post(row: Json) -> bool:
    return "author_id" in row or "text" in row or "author" in row


def _user(row: Json, twarc: Any) -> Json:
    """Return a row of a user, or the part of a row that is about the author, as the API gives a user."""
    user = {**row, **{key: _with_line_breaks(row[key]) for key in _TEXTS if key in row}}
    user["__twarc"] = twarc
    user["verified"] = _flag(row.get("verified"))
    user["entities"] = {"url": {"urls": _links(at("entities", "url", "urls")([row])[0])}}
    for key in _KNOWN_WHEN_EMPTY:
        if user.get(key) == "" and not _was_asked_for(key, row, twarc):
            del user[key]
    return user


def _was_asked_for(field: str, row: Json, twarc: Any) -> bool:
    """Whether an empty cell says that there is nothing: the tool writes all its columns, asked for or not."""
    if not _is_filled(row.get("created_at")):
        return False
    url = twarc.get("url") if isinstance(twarc, dict) else None
    fields = url.partition("user.fields=")[2].partition("&")[0] if isinstance(url, str) else ""
    return not fields or field in fields.replace("%2C", ",").split(",")


def _is_filled(cell: Any) -> bool:
    return cell is not None and cell != ""


def _with_line_breaks(cell: Any) -> Any:
    r"""Put back the line breaks, which the tool writes as the two characters ``\n``."""
    return cell.replace("\\n", "\n") if isinstance(cell, str) else cell


def _flag(cell: Any) -> bool | None:
    return {"true": True, "false": False}.get(cell.strip().lower()) if isinstance(cell, str) else None


def _links(cell: Any) -> list[Any] | None:
    """Read the list of links in a cell: objects as the API gives them, or only the links written out."""
    if not isinstance(cell, str) or not cell.startswith("["):
        return None
    try:
        links = orjson.loads(cell)
    except orjson.JSONDecodeError:
        return None
    return [{"expanded_url": link} if isinstance(link, str) else link for link in links]


def _says(cells: Callable[[Sequence[Json]], list[Any]], other_cells: Callable[[Sequence[Json]], list[Any]]) -> Any:
    """Return a function that is true where one of two cells is filled, false where both stand empty."""

    def values(rows: Sequence[Json]) -> list[Any]:
        pairs = zip(cells(rows), other_cells(rows), strict=True)
        return [
            True if _is_filled(one) or _is_filled(other) else (None if one is None and other is None else False)
            for one, other in pairs
        ]

    return values


#: Reposts carry the text of the original, so what they are is told by the ids alone.
_OWN_FIELDS = (
    Field("is_repost", _says(at("retweeted_user_id"), at("referenced_tweets", "retweeted", "id"))),
    Field("is_reply", _says(at("in_reply_to_user_id"), at("referenced_tweets", "replied_to", "id"))),
)
_OWN_COLUMNS = frozenset(one.column for one in _OWN_FIELDS)

_OF_CSV_ONLY = "retweeted_user_id retweeted_username quoted_user_id quoted_username in_reply_to_username"

TWARC_CSV = Format(
    name="twarc_csv",
    title="CSV of twarc-csv: users, or posts with their authors",
    platform="twitter",
    header_evidence=_header_evidence,
    accounts=RecordMap(
        unpack=_accounts_in,
        fields=ACCOUNT_FIELDS,
        known_keys=KNOWN_OF_ACCOUNTS,
    ),
    posts=RecordMap(
        unpack=_posts_in,
        fields=(*(one for one in POST_FIELDS if one.column not in _OWN_COLUMNS), *_OWN_FIELDS),
        known_keys=KNOWN_OF_POSTS.union(_OF_CSV_ONLY.split()),
    ),
)


def _all_of(*needed: str) -> Callable[[Collection[str]], int]:
    """Return evidence that wants every one of some header words."""
    return lambda words: len(needed) if all(word in words for word in needed) else 0


TWARC_CSV_COUNTS = Format(
    name="twarc_csv_counts",
    title="CSV of twarc-csv: counts of posts",
    platform="twitter",
    header_evidence=_all_of("start", "end", "tweet count"),
    refusal="This is a twarc-csv file of counts: how many posts a search found in each hour or day. It names nobody.",
)
TWARC_CSV_LISTS = Format(
    name="twarc_csv_lists",
    title="CSV of twarc-csv: lists",
    platform="twitter",
    header_evidence=_all_of("owner id", "member count", "follower count"),
    refusal="This is a twarc-csv file of lists that accounts keep on X. Its rows are lists, not followers.",
)
TWARC_CSV_COMPLIANCE = Format(
    name="twarc_csv_compliance",
    title="CSV of twarc-csv: compliance",
    platform="twitter",
    header_evidence=_all_of("action", "redacted at", "reason"),
    refusal="This is a twarc-csv compliance file. It says which posts or accounts X removed, not who follows.",
)
