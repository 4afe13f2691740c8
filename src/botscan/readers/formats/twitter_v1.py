"""Twitter API v1.1: user objects, pages of them (followers/list) and pages of ids (followers/ids).

Source of the field names: the user object of the API's reference; shapes as in public test fixtures of tweepy (MIT).
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from botscan.readers.formats.format import (
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

_DISTINCTIVE = (
    "screen_name",
    "friends_count",
    "statuses_count",
    "favourites_count",
    "id_str",
    "default_profile_image",
)


def _evidence(values: Sequence[Json]) -> int:
    keys = {key for user in objects_of(values, "users") for key in user}
    if "screen_name" in keys and ("friends_count" in keys or "statuses_count" in keys):
        return sum(key in keys for key in _DISTINCTIVE)
    if any(value.get("users") == [] and "next_cursor" in value for value in values):
        return 2
    return 2 if any(_is_page_of_ids(value) for value in values) else 0


def _is_page_of_ids(value: Json) -> bool:
    ids = value.get("ids")
    if not isinstance(ids, list):
        return False
    return "next_cursor" in value or (bool(ids) and all(_is_id(item) for item in ids))


def _is_id(item: Any) -> bool:
    if isinstance(item, str):
        return item.isascii() and item.isdigit()
    return isinstance(item, int) and not isinstance(item, bool)


def _unpack(value: Json) -> Unpacked | None:
    users, ids = value.get("users"), value.get("ids")
    if isinstance(users, list):
        return Unpacked(users, (), newest_first="next_cursor" in value, complete=_is_last(value))
    if isinstance(ids, list) and "screen_name" not in value:
        records = [item if isinstance(item, dict | list) else {"id": item} for item in ids]
        return Unpacked(records, (), newest_first="next_cursor" in value, complete=_is_last(value))
    return None


def _is_last(page: Json) -> bool | None:
    if "next_cursor" not in page:
        return None
    return str(page["next_cursor"]) == "0"


def _without_entities(value: Any) -> Any:
    """Undo ``&amp;``, as which the API writes ``&`` in names and texts."""
    return html.unescape(value) if isinstance(value, str) and "&" in value else value


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


_FIELDS = (
    Field("account_id", first_of(at("id_str"), at("id"))),
    Field("handle", at("screen_name")),
    Field("display_name", changed(at("name"), _without_entities)),
    Field("bio", changed(at("description"), _without_entities)),
    Field("location", changed(at("location"), _without_entities)),
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

_OF_NO_USE = (
    "time_zone utc_offset contributors_enabled is_translator is_translation_enabled profile_use_background_image"
    " profile_background_color profile_background_image_url profile_background_image_url_https profile_background_tile"
    " profile_banner_url profile_link_color profile_sidebar_border_color profile_sidebar_fill_color profile_text_color"
    " has_extended_profile following live_following follow_request_sent notifications muting blocking blocked_by"
    " translator_type withheld_in_countries withheld_scope profile_location suspended needs_phone_verification"
)
_USED = (
    "id id_str screen_name name description location url entities lang created_at status followers_count friends_count"
    " statuses_count favourites_count listed_count verified protected default_profile geo_enabled"
    " default_profile_image profile_image_url profile_image_url_https"
)

TWITTER_V1 = Format(
    name="twitter_v1",
    title="JSON of the Twitter API v1.1: users, pages of followers, pages of ids",
    platform="twitter",
    evidence=_evidence,
    accounts=RecordMap(
        unpack=_unpack,
        fields=_FIELDS,
        list_keys=("users", "ids"),
        known_keys=frozenset(f"{_USED} {_OF_NO_USE}".split()),
    ),
)
