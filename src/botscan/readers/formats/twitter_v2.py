"""X API v2: pages of users as the API or twarc2 write them, and users flattened by twarc2.

Source of the field names: the user object of the API's reference; shapes as in DocNow/twarc-csv test data (MIT).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from botscan.readers.formats.format import Field, Format, Json, RecordMap, Unpacked, at, changed, first_of, objects_of
from botscan.readers.formats.twitter_v1 import is_own_picture

_PAGE_KEYS = ("meta", "includes", "errors", "__twarc")
#: Paid badges came in this month; before it a badge was a check of identity.
_PAID_BADGES_FROM = "2023-04"


def _evidence(values: Sequence[Json]) -> int:
    users = [user for user in objects_of([_with_list(value) for value in values], "data") if "username" in user]
    keys = {key for user in users for key in user}
    page_keys = {key for value in values if "data" in value for key in _PAGE_KEYS if key in value}
    if keys & {"author_id", "text"}:  # posts
        return 0
    n_flat = sum(key in keys for key in ("public_metrics", "__twarc"))
    if users and (page_keys or n_flat):
        return 1 + n_flat + len(page_keys)
    if users and any(isinstance(value.get("data"), dict) for value in values):
        return 1
    is_empty_page = any(_says_no_results(value) or _missing_users(value) for value in values)
    return 1 if is_empty_page else 0


def _with_list(value: Json) -> Json:
    """Put the object with which a look-up of one user answers into a list, as pages have it."""
    data = value.get("data")
    return {**value, "data": [data]} if isinstance(data, dict) else value


def _says_no_results(value: Json) -> bool:
    meta = value.get("meta")
    return isinstance(meta, dict) and meta.get("result_count") == 0 and not value.get("data")


def _unpack(value: Json) -> Unpacked | None:
    is_page = "data" in value or any(isinstance(value.get(key), dict | list) for key in ("meta", "errors"))
    if not is_page or "username" in value:
        return None
    data = _with_list(value).get("data")
    users = list(data) if isinstance(data, list) else []
    twarc = value.get("__twarc")
    if isinstance(twarc, dict):
        for user in users:
            if isinstance(user, dict):
                user.setdefault("__twarc", twarc)
    missing = _missing_users(value)
    reasons = [None] * len(users) + [_reason(entry) for entry in missing]
    records = [*users, *(_named_in(entry) for entry in missing)]
    meta = value.get("meta")
    is_list_page = isinstance(meta, dict) and "result_count" in meta
    return Unpacked(
        records,
        reasons if missing else (),
        newest_first=is_list_page or _is_follower_request(twarc),
        complete="next_token" not in meta if is_list_page and isinstance(meta, dict) else None,
    )


def _is_follower_request(twarc: Any) -> bool:
    url = twarc.get("url") if isinstance(twarc, dict) else None
    return isinstance(url, str) and url.partition("?")[0].endswith("/followers")


def _missing_users(page: Json) -> list[Json]:
    """Entries of ``errors`` about users; most entries are about pinned posts."""
    errors = page.get("errors")
    if not isinstance(errors, list):
        return []
    return [entry for entry in errors if isinstance(entry, dict) and entry.get("resource_type") == "user"]


def _reason(entry: Json) -> str | None:
    words = f"{entry.get('title')} {entry.get('detail')}".lower()
    if "suspended" in words:
        return "suspended"
    return "not_found" if "not found" in words or "could not find" in words else None


def _named_in(entry: Json) -> Json:
    """Return the account an error speaks of; nothing else is known of it."""
    parameter = str(entry.get("parameter"))
    value = entry.get("value", entry.get("resource_id"))
    key = "username" if "username" in parameter else "id"
    return {key: value, "account_status": "unknown"}


def _verified(records: Sequence[Json]) -> list[Any]:
    """Tell checks of identity from paid badges; a badge without its kind tells nothing once badges were for sale."""
    badges = zip(
        at("verified")(records), at("verified_type")(records), at("__twarc", "retrieved_at")(records), strict=True
    )
    return [_is_checked(verified, kind, seen) for verified, kind, seen in badges]


def _is_checked(verified: Any, kind: Any, seen: Any) -> bool | None:
    if kind in ("business", "government"):
        return True
    if kind in ("blue", "none") or verified is False:
        return False
    was_free = isinstance(seen, str) and seen[: len(_PAID_BADGES_FROM)] < _PAID_BADGES_FROM
    return True if verified is True and was_free else None


_FIELDS = (
    Field("account_id", at("id")),
    Field("handle", at("username")),
    Field("display_name", at("name")),
    Field("bio", at("description")),
    Field("location", at("location")),
    Field("website", first_of(at("entities", "url", "urls", 0, "expanded_url"), at("url"))),
    Field("created_at", at("created_at")),
    Field("observed_at", at("__twarc", "retrieved_at")),
    Field("followers_count", at("public_metrics", "followers_count")),
    Field("following_count", at("public_metrics", "following_count")),
    Field("posts_count", at("public_metrics", "tweet_count")),
    Field("likes_given_count", at("public_metrics", "like_count")),
    Field("listed_count", at("public_metrics", "listed_count")),
    Field("is_verified", _verified),
    Field("is_private", at("protected")),
    Field("has_avatar", changed(at("profile_image_url"), is_own_picture)),
    Field("account_status", at("account_status")),
)

_KNOWN = (
    "id username name description location url entities created_at __twarc public_metrics verified verified_type"
    " protected profile_image_url pinned_tweet_id pinned_tweet withheld account_status most_recent_tweet_id"
)

TWITTER_V2 = Format(
    name="twitter_v2",
    title="JSON of the X API v2 or twarc2: pages of users, or users flattened",
    platform="twitter",
    evidence=_evidence,
    accounts=RecordMap(
        unpack=_unpack,
        fields=_FIELDS,
        list_keys=("data",),
        known_keys=frozenset(_KNOWN.split()),
    ),
)
