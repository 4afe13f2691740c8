"""X data archive: scripts that hold follower ids, followed ids and the owner's posts.

Source of the field names: public parsers of archives of 2023-08, and the documentation of public archive collections.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from botscan.readers.format import (
    About,
    Field,
    Format,
    Json,
    RecordMap,
    Unpacked,
    at,
    changed,
    first_of,
)

_SCRIPT = re.compile(
    rb"(?:\xef\xbb\xbf)?[ \t\r\n]*window\.YTD\.([A-Za-z_][A-Za-z0-9_]{0,63})\.part([0-9]{1,6})[ \t\r\n]*="
)
_CONFIG = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*window\.__THAR_CONFIG[ \t\r\n]*=")
_PART = re.compile(r"(?<![A-Za-z])part([0-9]{1,6})(?![0-9])")
_FIRST_PART = re.compile(r"(?:^|/)(?:follower|following|tweets?)\.js$")
#: Longest link that is looked at for an id.
_LONGEST_LINK = 500


def script_head(head: bytes) -> tuple[str, int, int] | None:
    """Return name, part number and the offset behind the ``=`` of a script of an X archive; None for anything else.

    Behind the offset stands JSON and nothing else; nothing is ever evaluated.

    Examples
    --------
    >>> script_head(b'window.YTD.follower.part1 = [ {"follower" : {} } ]')
    ('follower', 1, 27)
    >>> script_head(b'var a = 1; window.YTD.follower.part1 = []') is None
    True
    """
    found = _SCRIPT.match(head)
    return None if found is None else (found[1].decode(), int(found[2]), found.end())


def config_head(head: bytes) -> int | None:
    """Return the offset behind the ``=`` of an archive's ``manifest.js``; None for anything else.

    Examples
    --------
    >>> config_head(b'window.__THAR_CONFIG = {"archiveInfo": {}}')
    22
    """
    found = _CONFIG.match(head)
    return None if found is None else found.end()


def app_of(link: Any) -> Any:
    """Return the name of an app from the link as which X writes it; other values as they are.

    Examples
    --------
    >>> app_of('<a href="http://app.example" rel="nofollow">App Contoh</a>'), app_of("Web")
    ('App Contoh', 'Web')
    """
    if not isinstance(link, str) or not link.startswith("<"):
        return link
    return link.partition(">")[2].partition("<")[0]


def without_escapes(text: Any) -> Any:
    """Undo the three escapes that X writes into names and texts; other values as they are.

    Examples
    --------
    >>> without_escapes("Kopi &amp; Buku &lt;3"), without_escapes(7)
    ('Kopi & Buku <3', 7)
    """
    if not isinstance(text, str) or "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def is_repost_text(text: Any) -> bool | None:
    """Whether a post begins as the reposts of somebody else's post do; None without a text.

    Examples
    --------
    >>> is_repost_text("RT @contoh: halo"), is_repost_text("halo"), is_repost_text(None)
    (True, False, None)
    """
    return text.startswith("RT @") if isinstance(text, str) else None


def _evidence_of(key: str) -> Callable[[Sequence[Json]], int]:
    def evidence(values: Sequence[Json]) -> int:
        found = {name for value in values for name in _keys_under(value, key) if name in ("accountId", "userLink")}
        return 1 + len(found) if found else 0

    return evidence


def _keys_under(value: Json, key: str) -> Sequence[str]:
    inner = value.get(key)
    return tuple(inner) if isinstance(inner, dict) else ()


def _inside(*keys: str) -> Callable[[Json], Unpacked | None]:
    """Return how the object under the first of some keys is taken out of an element."""

    def unpack(value: Json) -> Unpacked | None:
        return next((Unpacked((value[key],)) for key in keys if key in value), None)

    return unpack


def _id_in_link(link: Any) -> str | None:
    if not isinstance(link, str) or "user_id=" not in link or len(link) > _LONGEST_LINK:
        return None
    try:
        return next(iter(parse_qs(urlsplit(link).query).get("user_id", ())), None)
    except ValueError:  # brackets of a broken address in the place of the server
        return None


_IDS = RecordMap(
    unpack=_inside("follower", "following"),
    fields=(Field("account_id", first_of(at("accountId"), changed(at("userLink"), _id_in_link))),),
    known_keys=frozenset(("accountId", "userLink")),
)

_COUNTERS = ("favorite_count", "retweet_count")


def _tweets_evidence(values: Sequence[Json]) -> int:
    wrapped = {key for value in values for key in _keys_under(value, "tweet")}
    bare = {key for value in values if _is_bare_tweet(value) for key in value}
    found = wrapped | bare
    n_distinctive = sum(key in found for key in ("full_text", "id_str", "created_at", *_COUNTERS))
    if not found & {"full_text", "id_str"} or n_distinctive < 2:
        return 0
    return n_distinctive + bool(wrapped)


def _is_bare_tweet(value: Json) -> bool:
    """Whether this is a post as old archives write it: no wrapping, no author, counters as text."""
    is_counted_as_text = all(isinstance(value.get(key), str) for key in _COUNTERS)
    return is_counted_as_text and isinstance(value.get("full_text"), str) and "user" not in value


def _reposted(records: Sequence[Json]) -> list[Any]:
    return [is_repost_text(text) for text in _TEXTS(records)]


def _replied(records: Sequence[Json]) -> list[Any]:
    """Tell replies by the post they answer; the archive leaves the key out of all others."""
    answered = first_of(at("in_reply_to_status_id_str"), at("in_reply_to_status_id"))(records)
    return [None if text is None else post is not None for post, text in zip(answered, _TEXTS(records), strict=True)]


_TEXTS = changed(first_of(at("full_text"), at("text")), without_escapes)

_KNOWN_OF_TWEETS = (
    "id id_str created_at full_text text lang source favorite_count retweet_count in_reply_to_status_id"
    " in_reply_to_status_id_str in_reply_to_user_id in_reply_to_user_id_str in_reply_to_screen_name edit_info"
    " retweeted favorited truncated entities extended_entities display_text_range possibly_sensitive geo"
    " coordinates place contributors withheld_in_countries scopes card"
)
_TWEETS = RecordMap(
    unpack=_inside("tweet"),
    fields=(
        Field("post_id", first_of(at("id_str"), at("id"))),
        Field("posted_at", at("created_at")),
        Field("text", _TEXTS),
        Field("language", at("lang")),
        Field("source_app", changed(at("source"), app_of)),
        Field("likes_count", at("favorite_count")),
        Field("reposts_count", at("retweet_count")),
        Field("is_repost", _reposted),
        Field("is_reply", _replied),
    ),
    known_keys=frozenset(_KNOWN_OF_TWEETS.split()),
)


def _about_account(value: Json) -> About:
    """Take the owner's id from ``account.js``; its e-mail address and everything else stay where they are."""
    account = value.get("account")
    return About(subject=_id_text(account.get("accountId")) if isinstance(account, dict) else None)


def _about_archive(value: Json) -> About:
    archive, owner = value.get("archiveInfo"), value.get("userInfo")
    made = archive.get("generationDate") if isinstance(archive, dict) else None
    return About(
        subject=_id_text(owner.get("accountId")) if isinstance(owner, dict) else None,
        observed_at=made if isinstance(made, str | int) and not isinstance(made, bool) and made != "" else None,
    )


def _id_text(value: Any) -> str | None:
    if isinstance(value, str):
        return value or None
    return f"{value:d}" if isinstance(value, int) and not isinstance(value, bool) else None


_ABOUT: tuple[tuple[str, Callable[[Json], About]], ...] = (
    (r"(?:^|/)account\.js$", _about_account),
    (r"(?:^|/)manifest\.js$", _about_archive),
)


def _number_of_part(name: str, _: Sequence[Json]) -> int | None:
    """Take the part from a file name, or from the name in a script (``follower.part1``); the first has no number."""
    found = _PART.findall(name)
    if found:
        return int(found[-1])
    return 0 if _FIRST_PART.search(name) else None


X_ARCHIVE_FOLLOWER = Format(
    name="x_archive_follower",
    title="follower.js of an X data archive: ids of followers",
    platform="twitter",
    evidence=_evidence_of("follower"),
    accounts=_IDS,
    members={"accounts": r"(?:^|/)follower(?:-part[0-9]+)?\.js$"},
    about=_ABOUT,
    number_of_part=_number_of_part,
    first_part=0,
)

X_ARCHIVE_FOLLOWING = Format(
    name="x_archive_following",
    title="following.js of an X data archive: ids of accounts that its owner follows",
    platform="twitter",
    evidence=_evidence_of("following"),
    accounts=_IDS,
    refusal="These are accounts that the owner of the archive follows, not followers; those are in follower.js.",
    members={"accounts": r"(?:^|/)following(?:-part[0-9]+)?\.js$"},
    about=_ABOUT,
    number_of_part=_number_of_part,
    first_part=0,
)

X_ARCHIVE_TWEETS = Format(
    name="x_archive_tweets",
    title="tweets.js of an X data archive: posts of its owner",
    platform="twitter",
    evidence=_tweets_evidence,
    posts=_TWEETS,
    refusal="These are posts of the owner of the archive, not accounts; followers are in follower.js.",
    members={"posts": r"(?:^|/)tweets?(?:-part[0-9]+)?\.js$"},
    about=_ABOUT,
    number_of_part=_number_of_part,
    first_part=0,
)


def format_of_script(name: str) -> Format | None:
    """Return the format of a script by the name inside it, for lists that hold no element; None for other scripts.

    Examples
    --------
    >>> format_of_script("follower").name, format_of_script("direct_messages")
    ('x_archive_follower', None)
    """
    formats = {
        "follower": X_ARCHIVE_FOLLOWER,
        "following": X_ARCHIVE_FOLLOWING,
        "tweet": X_ARCHIVE_TWEETS,
        "tweets": X_ARCHIVE_TWEETS,
    }
    return formats.get(name)
