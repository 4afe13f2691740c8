"""Files that are recognised and not read yet: they are refused by their name instead of being read wrongly."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from botscan.readers.formats.format import Json
from botscan.readers.headers import normalise
from botscan.readers.synonyms import DATES_OF_A_SERIES


@dataclass(frozen=True)
class Foreign:
    """What gives such a file away.

    Attributes
    ----------
    title
        What the file is.
    keys
        Any of these keys of the JSON objects gives it away; with a point in front, keys one level below.
    headers
        Any of these headers of a table, normalised, gives it away.
    """

    title: str
    keys: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


SERIES = "a count over time, not a list of accounts"

FOREIGN: tuple[Foreign, ...] = (
    Foreign(
        "a twarc-csv export",
        headers=("public metrics followers count", "author public metrics followers count", "twarc retrieved at"),
    ),
    Foreign(
        "an X web (GraphQL) or HAR recording",
        keys=("rest_id", "user_results", ".user", ".user_results", ".user_result_by_screen_name", "log"),
    ),
    Foreign("a twscrape or snscrape export", keys=("rawDescription", "_type")),
    Foreign("an Instagram data download", keys=("string_list_data", ".string_list_data")),
    Foreign("an Instaloader profile", keys=("instaloader", "edge_followed_by", "edge_follow")),
    Foreign("a page of Instagram's own interface", keys=("pk_id", "next_max_id", ".pk_id")),
    Foreign("a CrowdTangle export", headers=("followers at posting", "total interactions")),
    Foreign("a TikTok research reply", keys=(".user_followers", ".bio_description")),
    Foreign("a YouTube API reply", keys=("subscriberSnippet", "snippet", ".subscriberSnippet", ".snippet")),
    Foreign("a Mastodon account list", keys=("acct",), headers=("account address", "show boosts")),
    Foreign("a Bluesky reply", keys=("did", ".did")),
    Foreign("a Telegram member list", keys=("access_hash", "first_name"), headers=("access hash",)),
    Foreign(SERIES, keys=("history",)),
    Foreign(
        "a table of posts, not of accounts",
        keys=("text", "full_text", "tweet_id", "author_id", "conversation_id", "retweet_count"),
        headers=("text", "full text", "tweet id", "author id", "conversation id", "retweet count", "post id"),
    ),
)


def foreign_objects(values: Sequence[Json]) -> str | None:
    """Return what a sample of JSON objects is, when it is something that is not read yet.

    Examples
    --------
    >>> foreign_objects([{"did": "did:plc:x", "handle": "a.example"}])
    'a Bluesky reply'
    """
    keys = set()
    for value in values:
        for key, inner in value.items():
            keys.add(key)
            listed = inner if isinstance(inner, list) else [inner]
            keys.update(f".{name}" for item in listed[:5] if isinstance(item, dict) for name in item)
    return _found(keys, "keys")


def foreign_headers(headers: Sequence[str]) -> str | None:
    """Return what a table is by its headers, when it is something that is not read yet.

    Examples
    --------
    >>> foreign_headers(["username", "user id", "access hash"])
    'a Telegram member list'
    """
    return _found({normalise(header) for header in headers}, "headers")


def is_series(headers: Sequence[str]) -> bool:
    """Whether one header is a date without saying of what: then rows are days, not accounts.

    Examples
    --------
    >>> is_series(["Date", "Followers"]), is_series(["Joined", "Followers"])
    (True, False)
    """
    return any(normalise(header) in DATES_OF_A_SERIES for header in headers)


def _found(words: Collection[str], attribute: str) -> str | None:
    for foreign in FOREIGN:
        if any(word in words for word in getattr(foreign, attribute)):
            return foreign.title
    return None
