"""The canonical columns: name, kind, unit and meaning, in one place.

``botscan columns`` and the table in the docs are made from this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote

import pyarrow as pa

SCHEMA_VERSION = 1

Kind = Literal["id", "handle", "text", "word", "instant", "count", "change", "ratio", "flag"]
#: What a file holds: accounts, posts, or points of counts over time.
RecordKind = Literal["accounts", "posts", "series"]

_ARROW_TYPES: dict[Kind, pa.DataType] = {
    "id": pa.large_string(),
    "handle": pa.large_string(),
    "text": pa.large_string(),
    "word": pa.large_string(),
    "instant": pa.timestamp("us", tz="UTC"),
    "count": pa.int64(),
    "change": pa.int64(),
    "ratio": pa.float64(),
    "flag": pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """One canonical column.

    Attributes
    ----------
    name
        Canonical name; ``*_count`` whole number, ``*_at`` instant in UTC, ``is_*``/``has_*`` boolean.
    kind
        How its cells are read: id, handle, text (written by the account), word (a closed vocabulary), instant,
        count (0 to 10**12), change (a count that went up or down), ratio, flag.
    unit
        Unit of the value, empty for text.
    meaning
        One line for a person.
    """

    name: str
    kind: Kind
    unit: str
    meaning: str

    @property
    def arrow_type(self) -> pa.DataType:
        """Arrow type of the typed column."""
        if self.name == "platform":
            return pa.dictionary(pa.int32(), pa.large_string())
        return _ARROW_TYPES[self.kind]


ACCOUNT_COLUMNS: tuple[Column, ...] = (
    Column("account_id", "id", "", "identity on the platform, as text to the last digit"),
    Column("platform", "word", "", "twitter, instagram, tiktok, ..."),
    Column("handle", "handle", "", "name after the @, compared in lower case"),
    Column("display_name", "text", "", "name the account shows"),
    Column("bio", "text", "", "self-description; empty and known to be empty is bio_length 0"),
    Column("location", "text", "", "place the account states"),
    Column("website", "text", "", "link in the profile"),
    Column("language", "word", "", "language as the platform declares it, never guessed from text"),
    Column("created_at", "instant", "UTC", "when the account was made"),
    Column("created_at_precision", "word", "", "second, day or unknown"),
    Column("observed_at", "instant", "UTC", "when the profile was seen; ages are counted to here"),
    Column("last_post_at", "instant", "UTC", "latest post"),
    Column("followed_at", "instant", "UTC", "when it followed this audience's account"),
    Column("follow_rank", "count", "position", "0 = oldest follower in the list"),
    Column("followers_count", "count", "accounts", "followers of the account"),
    Column("following_count", "count", "accounts", "accounts it follows"),
    Column("posts_count", "count", "posts", "posts it has made"),
    Column("likes_given_count", "count", "likes", "posts of others it liked"),
    Column("likes_received_count", "count", "likes", "likes its posts received"),
    Column("listed_count", "count", "lists", "lists that hold it"),
    Column("is_verified", "flag", "", "identity or notability check; a paid badge does not count"),
    Column("is_private", "flag", "", "posts only for approved followers"),
    Column("is_business", "flag", "", "business account"),
    Column("is_declared_bot", "flag", "", "the account itself says that it is automated"),
    Column("has_avatar", "flag", "", "own profile picture"),
    Column("has_website", "flag", "", "has a link in the profile"),
    Column("has_default_theme", "flag", "", "Twitter default_profile"),
    Column("has_geo", "flag", "", "Twitter geo_enabled"),
    Column("account_status", "word", "", "active, not_found, suspended, deleted or unknown"),
    Column("handle_length", "count", "code points", "length of the handle"),
    Column("handle_digits", "count", "digits", "decimal digits in the handle"),
    Column("handle_digit_ratio", "ratio", "share", "handle_digits / handle_length, in [0, 1]"),
    Column("bio_length", "count", "code points", "length of the bio; 0 = known to be empty"),
    Column("display_name_words", "count", "words", "words in the display name, split at white space"),
)

POST_COLUMNS: tuple[Column, ...] = (
    Column("account_id", "id", "", "account that posted"),
    Column("post_id", "id", "", "identity of the post"),
    Column("posted_at", "instant", "UTC", "when it was posted"),
    Column("text", "text", "", "text of the post"),
    Column("language", "word", "", "language as the platform declares it"),
    Column("source_app", "word", "", "app it was sent from"),
    Column("likes_count", "count", "likes", "likes of the post"),
    Column("comments_count", "count", "comments", "replies or comments"),
    Column("reposts_count", "count", "reposts", "reposts or shares"),
    Column("views_count", "count", "views", "views or impressions"),
    Column("is_repost", "flag", "", "repeats somebody else's post"),
    Column("is_reply", "flag", "", "answers a post"),
)

SERIES_COLUMNS: tuple[Column, ...] = (
    Column("account_id", "id", "", "account that is counted"),
    Column("handle", "handle", "", "its name after the @"),
    Column("counted_at", "instant", "UTC", "day or moment of the count"),
    Column("followers_count", "count", "accounts", "followers at that time"),
    Column("followers_gained", "change", "accounts", "change since the row before, as the source says it"),
)

ACCOUNT_COLUMN: dict[str, Column] = {column.name: column for column in ACCOUNT_COLUMNS}

#: Columns of each kind of record, by name.
COLUMNS_OF: dict[RecordKind, dict[str, Column]] = {
    "accounts": ACCOUNT_COLUMN,
    "posts": {column.name: column for column in POST_COLUMNS},
    "series": {column.name: column for column in SERIES_COLUMNS},
}

#: Columns that the reader derives when the text is there; read from the file when the text was removed.
DERIVED_COLUMNS: tuple[str, ...] = (
    "handle_length",
    "handle_digits",
    "handle_digit_ratio",
    "bio_length",
    "display_name_words",
)

CREATED_AT_PRECISIONS: tuple[str, ...] = ("second", "day", "unknown")


@dataclass(frozen=True)
class Platform:
    """One platform: its first day (no account is older) and where that date was published.

    Attributes
    ----------
    name
        Canonical name, lower case.
    first_day
        First day on which an account could exist, UTC.
    source
        Where the date is from.
    profile_url
        Address of a profile up to the handle, for links in label sheets; empty when handles do not give one.
    numeric_ids
        Whether account ids are positive whole numbers.
    """

    name: str
    first_day: datetime
    source: str
    profile_url: str
    numeric_ids: bool

    def profile_link(self, handle: str) -> str:
        """Return the address of a profile, every unusual character encoded; empty where the handle gives none.

        Examples
        --------
        >>> PLATFORMS["twitter"].profile_link("a/b"), PLATFORMS["mastodon"].profile_link("ani")
        ('https://x.com/a%2Fb', '')
        """
        if not self.profile_url or not handle.strip("."):
            return ""
        return self.profile_url + quote(handle, safe="", errors="replace")


PLATFORMS: dict[str, Platform] = {
    platform.name: platform
    for platform in (
        Platform("twitter", datetime(2006, 3, 21, tzinfo=UTC), "first post of its founder", "https://x.com/", True),
        Platform("instagram", datetime(2010, 10, 6, tzinfo=UTC), "launch day", "https://www.instagram.com/", True),
        Platform("tiktok", datetime(2016, 9, 1, tzinfo=UTC), "launch of Douyin", "https://www.tiktok.com/@", True),
        Platform("youtube", datetime(2005, 2, 14, tzinfo=UTC), "domain registered", "https://www.youtube.com/@", False),
        Platform("facebook", datetime(2004, 2, 4, tzinfo=UTC), "launch day", "https://www.facebook.com/", True),
        Platform("mastodon", datetime(2016, 3, 16, tzinfo=UTC), "first public release", "", True),
        Platform("bluesky", datetime(2022, 11, 1, tzinfo=UTC), "first invitations", "https://bsky.app/profile/", False),
        Platform("telegram", datetime(2013, 8, 14, tzinfo=UTC), "launch day", "https://t.me/", True),
        Platform(
            "github", datetime(2007, 10, 19, tzinfo=UTC), "first commit of the site", "https://github.com/", False
        ),
    )
}

#: Largest believable count.
MAX_COUNT = 10**12
