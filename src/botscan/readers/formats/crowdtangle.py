"""CrowdTangle tables: posts of pages, each with the followers that the page had when it posted.

Source of the headers: the column list of a public R package and the importer of 4CAT. The service closed in 2024.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked
from botscan.readers.formats.instagram_scraper_posts import is_kind_of_video, named
from botscan.readers.formats.spellings import filled, is_zero, names_of, renamed

#: Headers that are used, as they are called below, to other words for them.
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "account": (),
    "page_name": ("group name",),
    "user_name": (),
    "facebook_id": (),
    "followers_at_posting": (),
    "post_created": (),
    "type": (),
    "likes": (),
    "comments": (),
    "shares": (),
    "post_views": (),
    "views": (),
    "url": (),
    "message": (),
    "description": (),
}
_NAMES = names_of(_SPELLINGS)

#: Zones of the tables' owners that the reader of dates does not know; a word that means several zones is not here.
_ZONES = {"EST": "-05:00", "EDT": "-04:00", "CET": "+01:00", "CEST": "+02:00"}

#: What follows in the address of a post on Facebook whose path does not name it.
_POST_PARAMETERS = ("story_fbid=", "fbid=", "v=")


def _is_of_posts(words: Collection[str]) -> bool:
    return "followers at posting" in words and "total interactions" in words


def _is_of_facebook(words: Collection[str]) -> bool:
    return any(word in words for word in ("facebook id", "page name", "group name"))


def _facebook_evidence(words: Collection[str]) -> int:
    return 3 if _is_of_posts(words) and _is_of_facebook(words) else 0


def _instagram_evidence(words: Collection[str]) -> int:
    return 3 if _is_of_posts(words) and not _is_of_facebook(words) else 0


def _unpack(row: Json) -> Unpacked | None:
    """Take ``-`` out of the cells: it stands for what does not apply or is not known."""
    known = {key: None if isinstance(cell, str) and cell.strip() == "-" else cell for key, cell in row.items()}
    return Unpacked([renamed(known, _NAMES)])


def _of_each(take: Callable[[Json], Any]) -> Callable[[Sequence[Json]], list[Any]]:
    return lambda rows: [take(row) for row in rows]


def _account_id(row: Json) -> Any:
    """Return the number of the page; tables about Instagram have only its name."""
    number = filled("facebook_id")([row])[0]
    return named(row.get("user_name")) if number is None else number


def _posted_at(row: Json) -> Any:
    """Return the time of posting, with the zone as an offset where the word for it is one of this service."""
    text = row.get("post_created")
    if not isinstance(text, str):
        return text
    before, space, zone = text.rstrip().rpartition(" ")
    return f"{before} {_ZONES[zone]}" if space and zone in _ZONES else text


def post_id_of_link(link: Any) -> str | None:
    """Return how the address of a post on Facebook or Instagram names it: its tail, or a parameter.

    Examples
    --------
    >>> post_id_of_link("https://www.instagram.com/p/CxYz12/?igsh=1")
    'CxYz12'
    >>> post_id_of_link("https://www.facebook.com/permalink.php?story_fbid=55&id=7"), post_id_of_link("-")
    ('55', None)
    """
    if not isinstance(link, str) or "/" not in link:
        return None
    path, _, query = link.strip().partition("#")[0].partition("?")
    for parameter in _POST_PARAMETERS:
        found = next((part for part in query.split("&") if part.startswith(parameter)), "")
        if found.removeprefix(parameter):
            return found.removeprefix(parameter)
    _, _, path = path.rpartition("//")[2].partition("/")  # without the host
    return path.rstrip("/").rpartition("/")[2] or None


def _text(row: Json) -> Any:
    """Return the text of a post; one that is blank in the table has none."""
    text = filled("message", "description")([row])[0]
    is_there = any(row.get(key) is not None for key in ("message", "description"))
    return "" if text is None and is_there else text


def _views(row: Json) -> Any:
    """Return the views of a video; for pictures and links the table says 0 where views do not apply."""
    views = filled("post_views", "views")([row])[0]
    return None if is_zero(views) and not is_kind_of_video(row.get("type")) else views


#: Headers that are of no use here, as the tables write them.
_OF_NO_USE = (
    "Page Category", "Page Admin Top Country", "Page Description", "Page Created", "Likes at Posting",
    "Post Created Date", "Post Created Time", "Total Interactions", "Love", "Wow", "Haha", "Sad", "Angry", "Care",
    "Video Share Status", "Is Video Owner?", "Total Views", "Total Views For All Crossposts", "Video Length", "Link",
    "Final Link", "Image Text", "Link Text", "Sponsor Id", "Sponsor Name", "Sponsor Category", "Overperforming Score",
    "Photo", "Title",
)  # fmt: skip
_KNOWN = frozenset([*_SPELLINGS, *_OF_NO_USE])

_POSTS = RecordMap(
    unpack=_unpack,
    fields=(
        Field("account_id", _of_each(_account_id)),
        Field("post_id", _of_each(lambda row: post_id_of_link(row.get("url")))),
        Field("posted_at", _of_each(_posted_at)),
        Field("text", _of_each(_text)),
        Field("likes_count", filled("likes")),
        Field("comments_count", filled("comments")),
        Field("reposts_count", filled("shares")),
        Field("views_count", _of_each(_views)),
    ),
    known_keys=_KNOWN,
)

_SERIES = RecordMap(
    unpack=_unpack,
    fields=(
        Field("account_id", _of_each(_account_id)),
        Field("handle", filled("user_name")),
        Field("counted_at", _of_each(_posted_at)),
        Field("followers_count", filled("followers_at_posting")),
    ),
    known_keys=_KNOWN,
)

_REFUSAL = (
    "A CrowdTangle table holds posts of pages and the number of followers at the time of each post, not the followers"
    " themselves, so followers cannot be scored from it. It is good for growth (followers over time) and engagement"
    " (likes, comments and shares of posts)."
)

CROWDTANGLE_FACEBOOK = Format(
    name="crowdtangle_facebook",
    title="CrowdTangle CSV about Facebook: posts, and followers over time",
    platform="facebook",
    header_evidence=_facebook_evidence,
    posts=_POSTS,
    series=_SERIES,
    refusal=_REFUSAL,
)

CROWDTANGLE_INSTAGRAM = Format(
    name="crowdtangle_instagram",
    title="CrowdTangle CSV about Instagram: posts, and followers over time",
    platform="instagram",
    header_evidence=_instagram_evidence,
    posts=_POSTS,
    series=_SERIES,
    refusal=_REFUSAL,
)
