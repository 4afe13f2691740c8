"""YouTube Data API v3: subscribers of a channel, channels that were asked for, and what a channel subscribes to.

Source of the field names: the reference of the resources subscription and channel; for the download of Google Takeout
public readers of its subscriptions.csv.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked, at, objects_of

_SUBSCRIPTION_PAGE = "youtube#subscriptionListResponse"
_SUBSCRIPTION_KINDS = (_SUBSCRIPTION_PAGE, "youtube#SubscriptionListResponse", "youtube#subscription")
_CHANNEL_KINDS = ("youtube#channelListResponse", "youtube#channel")
_HIDDEN = (True, "true", "True")


def _snippet(item: Any) -> Json:
    snippet = item.get("snippet") if isinstance(item, dict) else None
    return snippet if isinstance(snippet, dict) else {}


def _has_subscriber(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("subscriberSnippet"), dict)


def _follows_channel(item: Any) -> bool:
    resource = _snippet(item).get("resourceId")
    return isinstance(resource, dict) and "channelId" in resource


def _subscription_keys(values: Sequence[Json]) -> int:
    items = objects_of(values, "items")
    has_kind = any(value.get("kind") in _SUBSCRIPTION_KINDS for value in (*values, *items))
    return int(has_kind) + int(any(map(_follows_channel, items))) + int(any(map(_has_subscriber, items)))


def _subscribers_evidence(values: Sequence[Json]) -> int:
    """Pages with no items at all are taken for an empty list of subscribers."""
    has_subscriber = any(map(_has_subscriber, objects_of(values, "items")))
    is_empty = bool(values) and all(
        value.get("kind") in _SUBSCRIPTION_KINDS[:2] and not _items(value) for value in values
    )
    return _subscription_keys(values) if has_subscriber or is_empty else 0


def _made_evidence(values: Sequence[Json]) -> int:
    items = objects_of(values, "items")
    is_made = any(map(_follows_channel, items)) and not any(map(_has_subscriber, items))
    return _subscription_keys(values) if is_made else 0


def _channels_evidence(values: Sequence[Json]) -> int:
    items = objects_of(values, "items")
    n_kinds = any(value.get("kind") in _CHANNEL_KINDS for value in (*values, *items))
    counts = [item["statistics"] for item in items if isinstance(item.get("statistics"), dict)]
    n_counts = any("subscriberCount" in one or "hiddenSubscriberCount" in one for one in counts)
    n_snippets = any("customUrl" in _snippet(item) for item in items)
    return int(n_kinds) + int(n_counts) + int(n_snippets)


#: Headers of Takeout, in English and Indonesian.
_TAKEOUT = (
    frozenset({"channel id", "channel url", "channel title"}),
    frozenset({"id channel", "url channel", "judul channel"}),
)


def _takeout_evidence(words: Collection[str]) -> int:
    return 3 if frozenset(words) in _TAKEOUT else 0


def _items(value: Json) -> list[Any]:
    items = value.get("items")
    return items if isinstance(items, list) else []


def _is_last(page: Json) -> bool | None:
    """Whether a page names no next one; a piece of a damaged page, which has no envelope, does not tell."""
    return "nextPageToken" not in page if "kind" in page or "pageInfo" in page else None


def _unpack_subscribers(value: Json) -> Unpacked | None:
    return _page(value, "resourceId", "channelId")


def _unpack_made(value: Json) -> Unpacked | None:
    return _page(value, "channelId")


def _page(value: Json, *subject: str) -> Unpacked | None:
    """Take the items of a page, and the channel whose list it is from the snippet of the first that names it."""
    if not isinstance(value.get("items"), list) and value.get("kind") not in _SUBSCRIPTION_KINDS[:2]:
        return None
    channels = at("snippet", *subject)([item for item in _items(value) if isinstance(item, dict)])
    named = next((channel for channel in channels if isinstance(channel, str) and channel), None)
    return Unpacked(_items(value), complete=_is_last(value), subject=named)


def _unpack_channels(value: Json) -> Unpacked | None:
    """Take the channels of a look-up, which says nothing about a list: no order, no end."""
    if isinstance(value.get("items"), list):
        return Unpacked(_items(value))
    return Unpacked(()) if value.get("kind") == _CHANNEL_KINDS[0] else None


def _subscriber_ids(records: Sequence[Json]) -> list[Any]:
    """Take the subscriber's id: the snippet's own ``channelId`` names the subscriber too, its ``title`` does not."""
    named, owners = at("subscriberSnippet", "channelId")(records), at("snippet", "channelId")(records)
    return [owner if name is None else name for name, owner in zip(named, owners, strict=True)]


def _followers_counts(records: Sequence[Json]) -> list[Any]:
    """Take the subscribers; a hidden count is not known, whatever number stands beside it."""
    counts = at("statistics", "subscriberCount")(records)
    hidden = at("statistics", "hiddenSubscriberCount")(records)
    return [
        None if isinstance(is_hidden, bool | str) and is_hidden in _HIDDEN else count
        for count, is_hidden in zip(counts, hidden, strict=True)
    ]


_SUBSCRIPTION_KEYS = frozenset(("kind", "etag", "id", "snippet", "subscriberSnippet", "contentDetails"))
_CHANNEL_KEYS = (
    "kind etag id snippet statistics contentDetails topicDetails status brandingSettings auditDetails"
    " contentOwnerDetails localizations"
)

YOUTUBE_SUBSCRIPTIONS = Format(
    name="youtube_subscriptions",
    title="JSON of the YouTube API: subscriptions with subscriberSnippet, the public subscribers of a channel",
    platform="youtube",
    evidence=_subscribers_evidence,
    accounts=RecordMap(
        unpack=_unpack_subscribers,
        fields=(
            Field("account_id", _subscriber_ids),
            Field("display_name", at("subscriberSnippet", "title")),
            Field("bio", at("subscriberSnippet", "description")),
            Field("followed_at", at("snippet", "publishedAt")),
        ),
        list_keys=("items",),
        known_keys=_SUBSCRIPTION_KEYS,
    ),
    says=("public_followers_only",),
)

YOUTUBE_SUBSCRIPTIONS_MADE = Format(
    name="youtube_subscriptions_made",
    title="JSON of the YouTube API: channels that somebody subscribes to",
    platform="youtube",
    evidence=_made_evidence,
    accounts=RecordMap(
        unpack=_unpack_made,
        fields=(
            Field("account_id", at("snippet", "resourceId", "channelId")),
            Field("display_name", at("snippet", "title")),
            Field("bio", at("snippet", "description")),
            Field("followed_at", at("snippet", "publishedAt")),
        ),
        list_keys=("items",),
        known_keys=_SUBSCRIPTION_KEYS,
    ),
    refusal=(
        "These are channels that somebody subscribes to, not subscribers;"
        " ask for the part subscriberSnippet to get the subscribers of a channel."
    ),
)

YOUTUBE_CHANNELS = Format(
    name="youtube_channels",
    title="JSON of the YouTube API: channels that were asked for",
    platform="youtube",
    evidence=_channels_evidence,
    accounts=RecordMap(
        unpack=_unpack_channels,
        fields=(
            Field("account_id", at("id")),
            Field("handle", at("snippet", "customUrl")),
            Field("display_name", at("snippet", "title")),
            Field("bio", at("snippet", "description")),
            Field("location", at("snippet", "country")),
            Field("language", at("snippet", "defaultLanguage")),
            Field("created_at", at("snippet", "publishedAt")),
            Field("followers_count", _followers_counts),
            Field("posts_count", at("statistics", "videoCount")),
        ),
        list_keys=("items",),
        known_keys=frozenset(_CHANNEL_KEYS.split()),
    ),
    is_lookup=True,
)

YOUTUBE_TAKEOUT = Format(
    name="youtube_takeout",
    title="subscriptions.csv of Google Takeout: channels that somebody subscribes to",
    platform="youtube",
    header_evidence=_takeout_evidence,
    accounts=RecordMap(
        headers={
            "account_id": ("channel id", "id channel"),
            "display_name": ("channel title", "judul channel"),
        },
        not_headers=frozenset({"channel url", "url channel"}),
    ),
    refusal="These are channels that somebody follows, not subscribers; Google Takeout holds no list of subscribers.",
)

YOUTUBE_FORMATS: tuple[Format, ...] = (YOUTUBE_SUBSCRIPTIONS, YOUTUBE_SUBSCRIPTIONS_MADE, YOUTUBE_CHANNELS)
