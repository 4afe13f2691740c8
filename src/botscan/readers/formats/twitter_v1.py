"""Twitter API v1.1: users, pages of followers (followers/list), pages of ids (followers/ids), and posts.

Source of the field names: the user and tweet objects of the API's reference; shapes as in public test fixtures of
tweepy (MIT).
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from botscan.readers.format import (
    Field,
    Format,
    Json,
    RecordMap,
    Unpacked,
    at,
    changed,
    first_of,
    objects_of,
    opposite,
)

#: Between the integers that JavaScript holds exactly, and those that are no id.
_MOST_EXACT = 2**53
_NO_ID = 2**64
_LONGEST_ID = 20
#: What the API writes for ``& < > " '``; any other ``&...`` is what somebody typed.
_ENTITY = re.compile("&(?:amp|lt|gt|quot|#39);")
#: Ids of a page that must look rounded before it is said: one id in a hundred ends in two zeros by chance.
_FEWEST_ROUNDED = 3

_OF_USERS = (
    "screen_name",
    "friends_count",
    "statuses_count",
    "favourites_count",
    "id_str",
    "default_profile_image",
)
#: One of these tells a post from those of services that also speak of ``text`` and ``user``.
_OF_POSTS = ("id_str", "full_text", "favorite_count", "retweet_count", "in_reply_to_status_id", "retweeted_status")


#: Keys of Weibo, whose users and posts have most other keys in common with those of Twitter.
_OF_WEIBO = ("idstr", "followers_count_str", "gender", "province", "city", "verified_type", "verified_reason")
_FEWEST_OF_WEIBO = 2


def is_of_weibo(keys: Collection[str]) -> bool:
    """Whether the keys of a user, or the headers of a table of users, are those of Weibo.

    Examples
    --------
    >>> is_of_weibo(["id", "idstr", "screen_name", "gender"]), is_of_weibo(["id_str", "screen_name", "verified_type"])
    (True, False)
    """
    return sum(key in keys for key in _OF_WEIBO) >= _FEWEST_OF_WEIBO


def _evidence(values: Sequence[Json]) -> int:
    n_of_posts = _evidence_of_posts(values)
    keys = {key for user in objects_of(values, "users") for key in user}
    if is_of_weibo(keys):
        return 0
    if "screen_name" in keys and ("friends_count" in keys or "statuses_count" in keys):
        return max(n_of_posts, sum(key in keys for key in _OF_USERS))
    if n_of_posts:
        return n_of_posts
    if any(value.get("users") == [] and "next_cursor" in value for value in values):
        return 2
    return 2 if any(_is_page_of_ids(value) or _is_empty_search(value) for value in values) else 0


def _evidence_of_posts(values: Sequence[Json]) -> int:
    posts = [post for post in objects_of(values, "statuses") if _is_post(post)]
    keys = {key for post in posts for key in post}
    if any(is_of_weibo(post["user"]) for post in posts):
        return 0
    n_found = sum(key in keys for key in _OF_POSTS)
    has_handle = any("screen_name" in post["user"] for post in posts)
    # Without the name of its author (trim_user) a post must show more of itself.
    return 1 + n_found if n_found > (0 if has_handle else 2) else 0


def _is_post(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("user"), dict) and ("text" in value or "full_text" in value)


def _is_empty_search(value: Json) -> bool:
    return value.get("statuses") == [] and isinstance(value.get("search_metadata"), dict)


def _is_page_of_ids(value: Json) -> bool:
    ids = value.get("ids")
    if not isinstance(ids, list):
        return False
    return "next_cursor" in value or (bool(ids) and all(_is_id(item) for item in ids))


def _is_id(item: Any) -> bool:
    if isinstance(item, str):
        return item.isascii() and item.isdigit()
    return isinstance(item, int) and not isinstance(item, bool)


def _accounts_in(value: Json) -> Unpacked | None:
    users, ids, posts = value.get("users"), value.get("ids"), value.get("statuses")
    if isinstance(users, list):
        return _page(value, users, users)
    if isinstance(posts, list):
        return Unpacked([_author_of(post) for post in posts])
    if isinstance(ids, list) and "screen_name" not in value:
        return _page(value, [item if isinstance(item, dict | list) else {"id": item} for item in ids], ids)
    return Unpacked([value["user"]]) if _is_post(value) else None


def _page(page: Json, records: Sequence[Any], ids: Sequence[Any]) -> Unpacked:
    n_rounded = count_rounded([_bare_id(item) for item in ids])
    return Unpacked(
        records,
        (),
        newest_first="next_cursor" in page,
        complete=_is_last(page),
        counts={"ids_maybe_rounded": n_rounded} if n_rounded else {},
    )


def _is_last(page: Json) -> bool | None:
    if "next_cursor" not in page:
        return None
    cursor = page["next_cursor"]
    return cursor == "0" or (type(cursor) is int and cursor == 0)


def _author_of(post: Any) -> Any:
    """Return who wrote a post; what is no object stays, to be rejected."""
    if not isinstance(post, dict):
        return post
    return post["user"] if isinstance(post.get("user"), dict) else {}


def _bare_id(item: Any) -> Any:
    """Return an id for which no text stands beside the number."""
    if isinstance(item, dict):
        return item.get("id") if item.get("id_str") is None else None
    return item


def count_rounded(ids: Sequence[Any]) -> int:
    """Count the ids that JavaScript may have rounded; 0 unless they are most of the long ids there.

    JavaScript keeps 53 bits of a number and prints no more digits than they need: an id of 18 or 19 digits then ends
    in two zeros or more, which by chance one in a hundred does.

    Parameters
    ----------
    ids
        Numbers or text; anything else is no id.

    Examples
    --------
    >>> count_rounded([1359011291499637100, 1345479047499712500, 1250486177753067600])
    3
    >>> count_rounded([1359011291499637109, 1345479047499712462, 1250486177753067600])
    0
    """
    long_ids = [number for item in ids if _MOST_EXACT < (number := _number_of(item)) < _NO_ID]
    n_rounded = sum(number % 100 == 0 for number in long_ids)
    return n_rounded if n_rounded >= _FEWEST_ROUNDED and 2 * n_rounded > len(long_ids) else 0


def _number_of(item: Any) -> int:
    if isinstance(item, str):
        return int(item) if len(item) <= _LONGEST_ID and item.isascii() and item.isdigit() else 0
    return item if isinstance(item, int) else 0


def _posts_in(value: Json) -> Unpacked | None:
    users, posts = value.get("users"), value.get("statuses")
    if isinstance(users, list):
        return Unpacked([post for user in users for post in _latest_post(user)])
    if isinstance(posts, list):
        return Unpacked(posts)
    if _is_post(value):
        return None
    return Unpacked(_latest_post(value)) if "screen_name" in value or isinstance(value.get("ids"), list) else None


def _latest_post(user: Any) -> list[Json]:
    """Return the post that a user object carries, with its author as in a post that stands alone."""
    post = user.get("status") if isinstance(user, dict) else None
    return [{**post, "user": user}] if isinstance(post, dict) else []


def without_entities(value: Any) -> Any:
    """Undo ``&amp;``, as which the API writes ``&`` in names and texts.

    Examples
    --------
    >>> without_entities("Kopi &amp; Buku"), without_entities(5)
    ('Kopi & Buku', 5)
    """
    return _ENTITY.sub(_unescaped, value) if isinstance(value, str) and "&" in value else value


def _unescaped(found: re.Match[str]) -> str:
    return html.unescape(found[0])


def without_link(value: Any) -> Any:
    """Take the text of the link as which the API writes the app that a post was sent from.

    Examples
    --------
    >>> without_link('<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>'), without_link("web")
    ('Twitter Web App', 'web')
    """
    if not isinstance(value, str) or not value.startswith("<"):
        return value
    return without_entities(value.partition(">")[2].partition("<")[0])


def language_of_post(value: Any) -> Any:
    """Take the language of a post; ``und`` says that it could not be told."""
    return None if value == "und" else value


def _websites(records: Sequence[Json]) -> list[Any]:
    """Take the link written out, else the short one; ``"url": null`` says that there is none."""
    links = first_of(at("entities", "url", "urls", 0, "expanded_url"), at("url"))(records)
    return ["" if link is None and "url" in record else link for link, record in zip(links, records, strict=True)]


def is_own_picture(address: Any) -> bool | None:
    """Whether the address of a profile picture is not that of the default one.

    Examples
    --------
    >>> is_own_picture("https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png")
    False
    """
    return "default_profile_images/" not in address if isinstance(address, str) and address else None


def _is_repost(records: Sequence[Json]) -> list[Any]:
    """Tell reposts by the post inside; only a whole post without one is surely none."""
    return [
        True
        if isinstance(post.get("retweeted_status"), dict) or starts_as_repost(text)
        else (False if "retweeted_status" in post or "retweet_count" in post else None)
        for post, text in zip(records, _TEXTS(records), strict=True)
    ]


def starts_as_repost(text: Any) -> bool:
    """Whether a text begins as the API, and people by hand, begin the post of somebody else.

    Examples
    --------
    >>> starts_as_repost("RT @ani_x: selamat pagi"), starts_as_repost("RT lagi")
    (True, False)
    """
    return isinstance(text, str) and text.startswith("RT @")


def _is_reply(records: Sequence[Json]) -> list[Any]:
    answered = first_of(at("in_reply_to_status_id_str"), at("in_reply_to_status_id"))(records)
    return [
        (True if _is_id(item) else None) if item is not None else (False if "in_reply_to_status_id" in post else None)
        for item, post in zip(answered, records, strict=True)
    ]


_TEXTS = first_of(at("extended_tweet", "full_text"), at("full_text"), at("text"))

_ACCOUNT_FIELDS = (
    Field("account_id", first_of(at("id_str"), at("id"))),
    Field("handle", at("screen_name")),
    Field("display_name", changed(at("name"), without_entities)),
    Field("bio", changed(at("description"), without_entities)),
    Field("location", changed(at("location"), without_entities)),
    Field("website", _websites),
    Field("language", at("lang")),
    Field("created_at", at("created_at")),
    Field("last_post_at", at("status", "created_at")),
    Field("followers_count", at("followers_count")),
    Field("following_count", at("friends_count")),
    Field("posts_count", at("statuses_count")),
    Field("likes_given_count", at("favourites_count")),
    Field("listed_count", at("listed_count")),
    Field("is_verified", at("verified")),
    Field("is_private", at("protected")),
    Field("has_default_theme", at("default_profile")),
    Field("has_geo", at("geo_enabled")),
    Field(
        "has_avatar",
        first_of(
            changed(at("default_profile_image"), opposite),
            changed(first_of(at("profile_image_url_https"), at("profile_image_url")), is_own_picture),
        ),
    ),
)

_POST_FIELDS = (
    Field("account_id", first_of(at("user", "id_str"), at("user", "id"))),
    Field("post_id", first_of(at("id_str"), at("id"))),
    Field("posted_at", first_of(at("created_at"), at("timestamp_ms"))),
    Field("text", changed(_TEXTS, without_entities)),
    Field("language", changed(at("lang"), language_of_post)),
    Field("source_app", changed(at("source"), without_link)),
    Field("likes_count", at("favorite_count")),
    Field("comments_count", at("reply_count")),
    Field("reposts_count", at("retweet_count")),
    Field("is_repost", _is_repost),
    Field("is_reply", _is_reply),
)

_OF_NO_USE = (
    "time_zone utc_offset contributors_enabled is_translator is_translation_enabled profile_use_background_image"
    " profile_background_color profile_background_image_url profile_background_image_url_https profile_background_tile"
    " profile_banner_url profile_link_color profile_sidebar_border_color profile_sidebar_fill_color profile_text_color"
    " has_extended_profile following live_following follow_request_sent notifications muting blocking blocked_by"
    " translator_type withheld_in_countries withheld_scope profile_location suspended needs_phone_verification"
    " email phone"
)
_USED = (
    "id id_str screen_name name description location url entities lang created_at status followers_count friends_count"
    " statuses_count favourites_count listed_count verified protected default_profile geo_enabled"
    " default_profile_image profile_image_url profile_image_url_https"
)
_OF_NO_USE_IN_POSTS = (
    "truncated display_text_range entities extended_entities in_reply_to_user_id in_reply_to_user_id_str"
    " in_reply_to_screen_name geo coordinates place contributors is_quote_status quoted_status quoted_status_id"
    " quoted_status_id_str quoted_status_permalink quote_count favorited retweeted possibly_sensitive"
    " possibly_sensitive_appealable filter_level matching_rules metadata scopes withheld_copyright"
    " withheld_in_countries withheld_scope current_user_retweet contributors_enabled supplemental_language"
)
_USED_IN_POSTS = (
    "id id_str user created_at timestamp_ms text full_text extended_tweet lang source favorite_count reply_count"
    " retweet_count retweeted_status in_reply_to_status_id in_reply_to_status_id_str"
)

TWITTER_V1 = Format(
    name="twitter_v1",
    title="JSON of the Twitter API v1.1: users, pages of followers, pages of ids, posts",
    platform="twitter",
    evidence=_evidence,
    accounts=RecordMap(
        unpack=_accounts_in,
        fields=_ACCOUNT_FIELDS,
        list_keys=("users", "ids", "statuses"),
        known_keys=frozenset(f"{_USED} {_OF_NO_USE}".split()),
    ),
    posts=RecordMap(
        unpack=_posts_in,
        fields=_POST_FIELDS,
        list_keys=("users", "statuses"),
        known_keys=frozenset(f"{_USED_IN_POSTS} {_OF_NO_USE_IN_POSTS}".split()),
    ),
)
