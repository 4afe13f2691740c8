"""Bluesky: pages of followers, profiles that were asked for, lists of followed accounts, and feeds as posts.

Source of the field names: the lexicons ``app.bsky.actor.defs``, ``app.bsky.graph.*`` and ``app.bsky.feed.*``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from botscan.cells.dates import MICROSECONDS_PER_DAY, read_instant
from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked, at, changed, first_of, objects_of

_PROFILE_KEYS = (
    "did",
    "handle",
    "displayName",
    "indexedAt",
    "createdAt",
    "followersCount",
    "followsCount",
    "postsCount",
    "labels",
    "viewer",
    "associated",
    "verification",
)
#: Only the views that hold all of a profile have these; in them what is absent is empty.
_OF_WHOLE_VIEWS = ("indexedAt", "followersCount", "followsCount", "postsCount")
_INVALID_HANDLE = "handle.invalid"
#: Accounts say in their own profile that they are automated with this label.
_BOT_LABEL = "bot"
_FIRST_YEAR = "2022"
_LONGEST_DATE = 64


def _is_profile(item: Any) -> bool:
    did = item.get("did") if isinstance(item, dict) else None
    return isinstance(did, str) and did.startswith("did:") and "handle" in item


def _evidence_of(key: str) -> Callable[[Sequence[Json]], int]:
    """Count the keys of profiles listed under `key`; an empty page is known by its subject."""

    def evidence(values: Sequence[Json]) -> int:
        pages = [value for value in values if isinstance(value.get(key), list)]
        profiles = [item for page in pages for item in page[key] if _is_profile(item)]
        if profiles:
            return 1 + sum(any(name in profile for profile in profiles) for name in _PROFILE_KEYS)
        return int(any(_is_profile(page.get("subject")) for page in pages))

    return evidence


def _profiles_evidence(values: Sequence[Json]) -> int:
    profiles = [item for item in objects_of(values, "profiles") if _is_profile(item)]
    return sum(any(name in profile for profile in profiles) for name in _PROFILE_KEYS)


def _unpack_list(key: str) -> Callable[[Json], Unpacked | None]:
    def unpack(value: Json) -> Unpacked | None:
        listed = value.get(key)
        if not isinstance(listed, list):
            return _labelled(value)
        subject = value.get("subject")
        named = (subject.get("did"), subject.get("handle")) if isinstance(subject, dict) else ()
        return Unpacked(
            listed,
            newest_first=True,
            complete=not value.get("cursor") if "subject" in value else None,
            subject=next((name for name in named if isinstance(name, str) and name), None),
            counts=_label_counts(listed),
        )

    return unpack


def _labelled(profile: Json) -> Unpacked | None:
    counts = _label_counts([profile])
    return Unpacked([profile], counts=counts) if counts else None


def _unpack_profiles(value: Json) -> Unpacked | None:
    """Take the profiles of a look-up, which says nothing about a list: no order, no end."""
    listed = value.get("profiles")
    return Unpacked(listed, counts=_label_counts(listed)) if isinstance(listed, list) else _labelled(value)


def _label_counts(profiles: Sequence[Any]) -> dict[str, int]:
    """Count the profiles that a moderation service has labelled; what a label says is no column, and no truth."""
    n_labelled = sum(any(True for _ in _labels(profile, own=False)) for profile in profiles)
    return {"moderation_labels": n_labelled} if n_labelled else {}


def _labels(profile: Any, *, own: bool) -> list[Any]:
    """Return the values of the labels in force that the account gave itself, or of those that others gave it."""
    labels = profile.get("labels") if isinstance(profile, dict) else None
    if not isinstance(labels, list):
        return []
    given = [label for label in labels if isinstance(label, dict) and label.get("neg") is not True]
    return [label.get("val") for label in given if (label.get("src") == profile.get("did")) is own]


def _handles(records: Sequence[Json]) -> list[Any]:
    handles = at("handle")(records)
    return [None if handle == _INVALID_HANDLE else handle for handle in handles]


def _is_whole(profile: Json) -> bool:
    return any(key in profile for key in _OF_WHOLE_VIEWS)


def _bios(records: Sequence[Json]) -> list[Any]:
    """Take the description; the views that hold it leave an empty one out."""
    bios = at("description")(records)
    return ["" if bio is None and _is_whole(record) else bio for bio, record in zip(bios, records, strict=True)]


def _has_avatar(records: Sequence[Json]) -> list[Any]:
    """Say no where no picture is named, but only in whole views: others may have been cut down."""
    return [_picture(avatar, record) for avatar, record in zip(at("avatar")(records), records, strict=True)]


def _picture(avatar: Any, record: Json) -> bool | None:
    if isinstance(avatar, str) and avatar:
        return True
    return False if avatar in (None, "") and _is_whole(record) else None


def _created_at(value: Any) -> Any:
    """1970 is what clients write that know no date."""
    return None if isinstance(value, str) and value.strip().startswith("1970-01-01") else value


def _precisions(records: Sequence[Json]) -> list[Any]:
    """Doubt dates before the service began or behind the server's own: clients set them, and some set them wrong."""
    dates = zip(at("createdAt")(records), at("indexedAt")(records), strict=True)
    return [_precision(created, indexed) for created, indexed in dates]


def _precision(created: Any, indexed: Any) -> str | None:
    made = _microseconds(created)
    if made is None:
        return None
    seen = _microseconds(indexed)
    is_late = seen is not None and made > seen + MICROSECONDS_PER_DAY
    return "unknown" if is_late or created.strip()[:4] < _FIRST_YEAR else "second"


def _microseconds(value: Any) -> int | None:
    return read_instant(value).microseconds if isinstance(value, str) and len(value) <= _LONGEST_DATE else None


def _verified(records: Sequence[Json]) -> list[Any]:
    """Say whether a verifier has checked the account, or it is a trusted verifier itself."""
    states = zip(
        at("verification", "verifiedStatus")(records), at("verification", "trustedVerifierStatus")(records), strict=True
    )
    return [True if "valid" in both else (None if both[0] is None else False) for both in states]


def _declared_bots(records: Sequence[Json]) -> list[Any]:
    """Who does not carry the label has not said anything."""
    return [True if _BOT_LABEL in _labels(record, own=True) else None for record in records]


_FIELDS = (
    Field("account_id", at("did")),
    Field("handle", _handles),
    Field("display_name", at("displayName")),
    Field("bio", _bios),
    Field("website", at("website")),
    Field("created_at", changed(at("createdAt"), _created_at)),
    Field("created_at_precision", _precisions),
    Field("followers_count", at("followersCount")),
    Field("following_count", at("followsCount")),
    Field("posts_count", at("postsCount")),
    Field("is_verified", _verified),
    Field("is_declared_bot", _declared_bots),
    Field("has_avatar", _has_avatar),
)
_KNOWN = (
    "did handle displayName description website createdAt indexedAt followersCount followsCount postsCount"
    " verification labels avatar banner viewer associated pinnedPost joinedViaStarterPack pronouns status debug $type"
    " email accessJwt refreshJwt"
)

_POST_KEYS = ("uri", "cid", "author", "record", "likeCount", "repostCount", "replyCount", "quoteCount")


def _is_post(item: Any) -> bool:
    return isinstance(item, dict) and _is_profile(item.get("author")) and isinstance(item.get("record"), dict)


def _feed_evidence(values: Sequence[Json]) -> int:
    posts = [item.get("post", item) for item in objects_of(values, "feed", "posts")]
    posts = [post for post in posts if _is_post(post)]
    return sum(any(key in post for post in posts) for key in _POST_KEYS)


def _unpack_feed(value: Json) -> Unpacked | None:
    listed = next((value[key] for key in ("feed", "posts") if isinstance(value.get(key), list)), None)
    return None if listed is None else Unpacked(listed, complete=not value.get("cursor") if "feed" in value else None)


def _of_post(*steps: str) -> Callable[[Sequence[Json]], list[Any]]:
    """Take a value from the post, which stands in a feed one level deeper than alone."""
    return first_of(at("post", *steps), at(*steps))


def _is_repost(record: Json) -> bool:
    reason = record.get("reason")
    return isinstance(reason, dict) and isinstance(reason.get("by"), dict)


def _of_repost(*steps: str, else_: Callable[[Sequence[Json]], list[Any]]) -> Callable[[Sequence[Json]], list[Any]]:
    """Take a value from the reason, which says who reposted and when, else from the post."""

    def values(records: Sequence[Json]) -> list[Any]:
        found = zip(records, at("reason", *steps)(records), else_(records), strict=True)
        return [reposted if _is_repost(record) else own for record, reposted, own in found]

    return values


def _replies(records: Sequence[Json]) -> list[Any]:
    posts = _of_post("record")(records)
    return ["reply" in post if isinstance(post, dict) else None for post in posts]


_POST_FIELDS = (
    Field("account_id", _of_repost("by", "did", else_=_of_post("author", "did"))),
    Field("post_id", _of_post("uri")),
    Field("posted_at", _of_repost("indexedAt", else_=first_of(_of_post("record", "createdAt"), _of_post("indexedAt")))),
    Field("text", _of_post("record", "text")),
    Field("language", first_of(at("post", "record", "langs", 0), at("record", "langs", 0))),
    Field("likes_count", _of_post("likeCount")),
    Field("comments_count", _of_post("replyCount")),
    Field("reposts_count", _of_post("repostCount")),
    Field("is_repost", lambda records: [_is_repost(record) for record in records]),
    Field("is_reply", _replies),
)
_POST_KNOWN = (
    "post reason reply feedContext reqId uri cid author record embed replyCount repostCount likeCount quoteCount"
    " bookmarkCount indexedAt viewer labels threadgate debug $type"
)

BLUESKY_FOLLOWERS = Format(
    name="bluesky_followers",
    title="JSON of the Bluesky API: pages of followers",
    platform="bluesky",
    evidence=_evidence_of("followers"),
    accounts=RecordMap(
        unpack=_unpack_list("followers"), fields=_FIELDS, list_keys=("followers",), known_keys=frozenset(_KNOWN.split())
    ),
)

BLUESKY_FOLLOWS = Format(
    name="bluesky_follows",
    title="JSON of the Bluesky API: accounts that somebody follows",
    platform="bluesky",
    evidence=_evidence_of("follows"),
    accounts=RecordMap(
        unpack=_unpack_list("follows"), fields=_FIELDS, list_keys=("follows",), known_keys=frozenset(_KNOWN.split())
    ),
    refusal="These are accounts that somebody follows, not followers, so they say nothing about an audience.",
)

BLUESKY_PROFILES = Format(
    name="bluesky_profiles",
    title="JSON of the Bluesky API: profiles that were asked for, or profiles alone",
    platform="bluesky",
    evidence=_profiles_evidence,
    accounts=RecordMap(
        unpack=_unpack_profiles, fields=_FIELDS, list_keys=("profiles",), known_keys=frozenset(_KNOWN.split())
    ),
    is_lookup=True,
)

BLUESKY_FEED = Format(
    name="bluesky_feed",
    title="JSON of the Bluesky API: posts",
    platform="bluesky",
    evidence=_feed_evidence,
    posts=RecordMap(
        unpack=_unpack_feed, fields=_POST_FIELDS, list_keys=("feed", "posts"), known_keys=frozenset(_POST_KNOWN.split())
    ),
    refusal="This file holds posts, not followers: it is good for engagement and for the rhythm of posting.",
)

BLUESKY_FORMATS: tuple[Format, ...] = (BLUESKY_FOLLOWERS, BLUESKY_FOLLOWS, BLUESKY_PROFILES, BLUESKY_FEED)
