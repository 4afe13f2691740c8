"""Posts of Instagram copied by tools, as JSON or tables, and posts as Instagram's web and mobile clients see them.

Source of the field names: public listings of post scrapers, and the structures of Instaloader (MIT).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked, at
from botscan.readers.formats.spellings import counts, filled, is_id, is_zero, known_count, names_of, renamed, squeezed

#: Key of a post, as it is called below, to other words for it; case, ``_`` and spaces do not matter.
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "shortcode": ("code",),
    "owner_id": (),
    "owner_username": (),
    "owner": (),
    "user": (),
    "caption": (),
    "edge_media_to_caption": (),
    "likes_count": ("like count", "likes"),
    "comments_count": ("comment count", "comments"),
    "edge_media_preview_like": (),
    "edge_media_to_comment": (),
    "edge_media_to_parent_comment": (),
    "views_count": ("video view count", "view count", "views"),
    "plays_count": ("video play count", "play count", "ig play count"),
    "is_video": (),
    "type": (),
    "product_type": (),
    "taken_at": ("timestamp", "taken at timestamp", "date"),
}
_NAMES = names_of(_SPELLINGS)
_DISTINCTIVE = (
    "shortcode",
    "owner_username",
    "owner_id",
    "caption",
    "likes_count",
    "comments_count",
    "plays_count",
)


def _n_signs(keys: AbstractSet[str]) -> int:
    is_post = "shortcode" in keys and bool(keys & {"owner_username", "owner_id"})
    return sum(key in keys for key in _DISTINCTIVE) if is_post and keys & {"caption", "likes_count"} else 0


def _evidence(values: Sequence[Json]) -> int:
    signs = [_n_signs(renamed(value, _NAMES).keys()) for value in values]
    return max(signs, default=0) if 2 * sum(map(bool, signs)) >= len(signs) else 0


def _header_evidence(words: Collection[str]) -> int:
    return _n_signs({_NAMES.get(squeezed(word), word) for word in words})


def as_post(value: Json) -> Json:
    """Return a post with its keys under the names that `POST_FIELDS` take.

    Examples
    --------
    >>> as_post({"shortCode": "Cx", "likesCount": 5})
    {'shortcode': 'Cx', 'likes_count': 5}
    """
    return renamed(value, _NAMES)


def _account_of_post(post: Json) -> Any:
    """Return the id of who posted, else the handle with an @, as accounts without an id are named."""
    owners = [owner for key in ("owner", "user") if isinstance(owner := post.get(key), dict)]
    ids = [post.get("owner_id"), *(owner.get(key) for owner in owners for key in ("id", "pk_id", "pk"))]
    found = next((one for one in ids if is_id(one)), None)
    if found is not None:
        return found
    handles = [post.get("owner_username"), *(owner.get("username") for owner in owners)]
    return next((named(handle) for handle in handles if named(handle) is not None), None)


def named(handle: Any) -> str | None:
    """Return how an account without an id is named in an id column.

    Examples
    --------
    >>> named("@Budi_17"), named("")
    ('@Budi_17', None)
    """
    text = handle.strip() if isinstance(handle, str) else ""
    return "@" + text.removeprefix("@") if text else None


def _caption(post: Json) -> Any:
    caption = post.get("caption")
    if isinstance(caption, dict):
        return caption.get("text")
    return at("edge_media_to_caption", "edges", 0, "node", "text")([post])[0] if caption is None else caption


def _views(post: Json) -> Any:
    """Return the views of a video; pictures have none, whatever number stands there."""
    value = known_count(filled("views_count", "plays_count")([post])[0])
    is_video = post.get("is_video") is True or is_kind_of_video(post.get("type"), post.get("product_type"))
    return None if is_zero(value) and not is_video else value


def is_kind_of_video(*kinds: Any) -> bool:
    """Whether a word for the kind of a post is one for something that is viewed.

    Examples
    --------
    >>> is_kind_of_video("Native Video"), is_kind_of_video("Photo", None)
    (True, False)
    """
    words = " ".join(kind for kind in kinds if isinstance(kind, str)).lower()
    return any(word in words for word in ("video", "clips", "reel", "igtv", "live"))


POST_FIELDS = (
    Field("account_id", lambda records: [_account_of_post(post) for post in records]),
    Field("post_id", filled("shortcode")),
    Field("posted_at", filled("taken_at")),
    Field("text", lambda records: [_caption(post) for post in records]),
    Field("likes_count", counts(filled("likes_count"), at("edge_media_preview_like", "count"))),
    Field(
        "comments_count",
        counts(
            filled("comments_count"),
            at("edge_media_to_parent_comment", "count"),
            at("edge_media_to_comment", "count"),
        ),
    ),
    Field("views_count", lambda records: [_views(post) for post in records]),
)
_OF_NO_USE = (
    "id pk pk_id url inputUrl hashtags mentions images displayUrl display_url childPosts ownerFullName firstComment"
    " latestComments dimensionsHeight dimensionsWidth alt isSponsored taggedUsers musicInfo videoUrl videoDuration"
    " locationName locationId isCommentsDisabled coauthorProducers"
)
POST_KEYS = frozenset([*_SPELLINGS, *_OF_NO_USE.split()])

INSTAGRAM_SCRAPER_POSTS = Format(
    name="instagram_scraper_posts",
    title="posts of Instagram copied by a tool (JSON or CSV)",
    platform="instagram",
    evidence=_evidence,
    header_evidence=_header_evidence,
    posts=RecordMap(unpack=lambda value: Unpacked([as_post(value)]), fields=POST_FIELDS, known_keys=POST_KEYS),
    refusal=(
        "These are posts, not followers: they say when and what accounts posted, with likes and comments."
        " To look at an audience, give the list of its followers."
    ),
)
