"""Research tables with the column names of the Twitter API v1.1, as on Kaggle, and those of Cresci et al.

Source of the column names: the user object of the API's reference; the headers of the data sets of Cresci et al. 2015
and 2017 as described in public notes on them.
"""

from __future__ import annotations

from collections.abc import Collection

from botscan.readers.format import Format, RecordMap
from botscan.readers.formats.twitter_v1 import is_of_weibo

_DISTINCTIVE = (
    "statuses count",
    "friends count",
    "screen name",
    "favourites count",
    "listed count",
    "default profile image",
)
_FLAGS_OF_CRESCI = ("default profile", "geo enabled")
#: When the row was written into the database of the research group, and which set it is from.
_MARKS_OF_CRESCI = ("timestamp", "crawled at", "dataset")


def _header_evidence(words: Collection[str]) -> int:
    if "statuses count" not in words or "friends count" not in words:
        return 0
    if is_of_weibo({word.replace(" ", "_") for word in words}):
        return 0
    if ("text" in words or "full text" in words) and "account created at" not in words:
        return 0  # a table of posts: its dates, and perhaps its ids, are those of the posts
    return sum(word in words for word in _DISTINCTIVE)


def _header_evidence_of_cresci(words: Collection[str]) -> int:
    n_of_twitter = _header_evidence(words)
    marks = [word for word in _MARKS_OF_CRESCI if word in words]
    if not n_of_twitter or not marks or "updated" not in words or any(word not in words for word in _FLAGS_OF_CRESCI):
        return 0
    return n_of_twitter + len(_FLAGS_OF_CRESCI) + 1 + len(marks)


_HEADERS = {
    "account_id": ("user id", "id str", "id"),
    "handle": ("screen name",),
    "display_name": ("name",),
    "bio": ("description",),
    "location": ("location",),
    "website": ("url",),
    # Tables of rtweet hold the latest post of each account too, and call its date created_at.
    "language": ("account lang", "lang"),
    "created_at": ("account created at", "created at"),
    "observed_at": ("crawled at", "updated"),
    "followers_count": ("followers count",),
    "following_count": ("friends count",),
    "posts_count": ("statuses count",),
    "likes_given_count": ("favourites count",),
    "listed_count": ("listed count",),
    "is_verified": ("verified",),
    "is_private": ("protected",),
    "has_default_theme": ("default profile",),
    "has_geo": ("geo enabled",),
}
#: A copy of created_at; labels of the research, which the account does not give itself; whether the collector follows.
_NOT_HEADERS = frozenset({"timestamp", "bot", "is bot", "automated", "following"})

TWITTER_CSV = Format(
    name="twitter_csv",
    title="table with the column names of the Twitter API v1.1",
    platform="twitter",
    header_evidence=_header_evidence,
    accounts=RecordMap(headers=_HEADERS, not_headers=_NOT_HEADERS),
)

CRESCI_CSV = Format(
    name="cresci_csv",
    title="users.csv of the data sets of Cresci et al.",
    platform="twitter",
    header_evidence=_header_evidence_of_cresci,
    accounts=RecordMap(
        headers=_HEADERS,
        not_headers=_NOT_HEADERS,
        # has_avatar is read from default_profile_image: blank there is "no", so the picture is the account's own.
        blank_is_false=frozenset({"is_verified", "is_private", "has_default_theme", "has_geo", "has_avatar"}),
    ),
)
