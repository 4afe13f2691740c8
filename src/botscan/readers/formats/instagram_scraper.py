"""What tools copy from Instagram's pages: followers and profiles (JSON or tables), and the pages themselves.

There is one list of spellings, not an adapter for each tool. Source of the field names: public listings of follower
scrapers, descriptions of their output by vendors, and public readers of the pages of the web client.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from botscan.cells.flags import read_flag
from botscan.cells.handles import read_handle
from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked, at
from botscan.readers.formats.spellings import counts, filled, first_filled, is_blank, is_id, names_of, renamed, squeezed

#: Part of the file name of the picture that accounts without one of their own have.
DEFAULT_PICTURE = "44884218_345707102882519"

_MOST_LOOKED_AT = 50

#: Key of a profile, as it is called below, to other words for it; case, ``_`` and spaces do not matter.
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "pk_id": ("strong id",),
    "id": (),
    "user_id": ("instagram id",),
    "pk": (),
    "username": (),
    "full_name": (),
    "profile_url": ("profile link",),
    "url": (),
    "is_private": (),
    "is_verified": (),
    "profile_pic_url": ("profile pic url hd",),
    "picture": ("img url", "image url", "avatar", "avatar url", "profile picture", "profile picture url"),
    "has_anonymous_profile_picture": (),
    "query": (),
    "target_username": ("username scrape",),
    "input_url": (),
    "scraped_at": ("timestamp", "scraped date"),
    "followers_count": ("follower count", "followers"),
    "following_count": ("follows count", "following", "follows"),
    "posts_count": ("post count", "media count", "posts"),
    "edge_followed_by": (),
    "edge_follow": (),
    "edge_owner_to_timeline_media": (),
    "biography": ("bio",),
    "external_url": ("website",),
    "is_business": ("is business account",),
    "relation": (),
    "type": (),
    "error": (),
    "screen_name": (),
    "nickname": (),
    "first_name": (),
    "acct": (),
    "access_hash": (),
    "unique_id": (),
}
#: Keys of other platforms; a profile with one of them is not Instagram's.
_OF_OTHER_PLATFORMS = frozenset({"screen_name", "nickname", "acct", "access_hash", "unique_id"})
_DISTINCTIVE = (
    "full_name", "is_private", "profile_pic_url", "pk", "pk_id", "has_anonymous_profile_picture", "query", "profile_url"
)  # fmt: skip

#: Where pages hold their list, with the outermost key first.
_FOLLOWERS_AT: tuple[tuple[str, ...], ...] = (
    ("users",),
    ("edge_followed_by", "edges"),
    ("user", "edge_followed_by", "edges"),
    ("data", "user", "edge_followed_by", "edges"),
    ("data", "users"),
    ("data", "items"),
    ("data", "followers"),
    ("response", "users"),
    ("result", "users"),
    ("followers",),
    ("items",),
    ("data",),
)
_FOLLOWED_AT: tuple[tuple[str, ...], ...] = (
    ("edge_follow", "edges"),
    ("user", "edge_follow", "edges"),
    ("data", "user", "edge_follow", "edges"),
)
#: The keys with which they begin.
_OUTERMOST = frozenset(path[0] for path in (*_FOLLOWERS_AT, *_FOLLOWED_AT))
#: Words of a row that say that the audience's account follows it, not the other way round.
_FOLLOWED = frozenset({"following", "followings", "followee", "followees", "followed", "mengikuti"})


def is_own_picture(address: Any) -> bool | None:
    """Whether a link leads to another picture than the one of accounts without a picture; None where there is no link.

    Examples
    --------
    >>> is_own_picture("https://cdn.example/44884218_345707102882519_n.jpg?x=1"), is_own_picture("")
    (False, None)
    """
    return None if not isinstance(address, str) or is_blank(address) else DEFAULT_PICTURE not in address


def has_avatar(record: Json, *links: str) -> bool | None:
    """Tell by the flag of Instagram, else by the link to the picture, whether an account has a picture of its own.

    Examples
    --------
    >>> has_avatar({"has_anonymous_profile_picture": "true", "link": "https://cdn.example/a.jpg"}, "link")
    False
    """
    flag = record.get("has_anonymous_profile_picture")
    is_default = read_flag(flag).value if isinstance(flag, str) else flag
    if isinstance(is_default, bool):
        return not is_default
    return is_own_picture(first_filled(record, *links))


def avatars(*links: str) -> Callable[[Sequence[Json]], list[Any]]:
    """Return a function that tells of many accounts at a time what `has_avatar` tells of one."""
    link = filled(*links)
    flag = at("has_anonymous_profile_picture")

    def values(records: Sequence[Json]) -> list[Any]:
        if any(one is not None for one in flag(records)):
            return [has_avatar(record, *links) for record in records]
        return [is_own_picture(address) for address in link(records)]

    return values


_NAMES = names_of(_SPELLINGS)


def _list_in(value: Json, paths: Iterable[tuple[str, ...]]) -> tuple[Mapping[str, Any], list[Any]] | None:
    """Return the object that holds a list, and the list, from the first path that leads to one."""
    for *steps, last in paths:
        holder: Any = value
        for step in steps:
            holder = holder.get(step) if isinstance(holder, dict) else None
        found = holder.get(last) if isinstance(holder, dict) else None
        if isinstance(found, list):
            return holder, found
    return None


def _inner(item: Any) -> Any:
    """Return the account in ``{"node": {...}}``, as the web client lists it."""
    node = item.get("node") if isinstance(item, dict) and len(item) == 1 else None
    return node if isinstance(node, dict) else item


def _is_profile(record: Any) -> bool:
    return isinstance(record, dict) and any(key in record for key in ("username", "full_name", "profile_url"))


def _profile(item: Any) -> Any:
    item = _inner(item)
    return renamed(item, _NAMES) if isinstance(item, dict) else item


def _profiles(
    value: Json, paths: Iterable[tuple[str, ...]] = _FOLLOWERS_AT, most: int | None = None
) -> tuple[list[Any], bool | None]:
    """Return the profiles in an object, at most so many, and whether it says that it is the last page."""
    record = _profile(value)
    if _OUTERMOST.isdisjoint(value):
        return [record], None
    page = _list_in(value, paths)
    if page is not None:
        holder, items = page
        profiles = [_profile(item) for item in items[:most]]
        if not _is_profile(record) or any(map(_is_profile, profiles)):
            return profiles, _is_last(holder)
    data = value.get("data")
    single = data.get("user") if isinstance(data, dict) else None
    return [renamed(single, _NAMES) if isinstance(single, dict) else record], None


def _is_last(page: Mapping[str, Any]) -> bool | None:
    if "next_max_id" in page or "big_list" in page:
        return not page.get("next_max_id")
    info = page.get("page_info")
    more = info.get("has_next_page") if isinstance(info, dict) else None
    return not more if isinstance(more, bool) else None


def _n_signs(keys: AbstractSet[str]) -> int:
    """Count the keys that are Instagram's; 0 where they do not add up to a profile of Instagram."""
    is_scraped = {"username", "full_name"} <= keys and bool(keys & {"is_private", "profile_pic_url"})
    is_listed_link = {"profile_url", "query"} <= keys and bool(keys & {"username", "full_name"})
    if keys & _OF_OTHER_PLATFORMS or not (is_scraped or (is_listed_link and "first_name" not in keys)):
        return 0
    return sum(key in keys for key in _DISTINCTIVE)


def _is_elsewhere(record: Json) -> bool:
    link = record.get("profile_url")
    return isinstance(link, str) and "/" in link and "instagram.com" not in link.lower()


def _evidence(values: Sequence[Json]) -> int:
    if _evidence_of_followed(values):
        return 0
    signs = [_n_signs(profile.keys()) for profile in _sample(values, _FOLLOWERS_AT)]
    if any(signs):
        return max(signs) if 2 * sum(map(bool, signs)) >= len(signs) else 0
    return 2 if any(value.get("users") == [] and "big_list" in value for value in values) else 0


def _sample(values: Sequence[Json], paths: Iterable[tuple[str, ...]]) -> list[Json]:
    profiles = [profile for value in values for profile in _profiles(value, paths, _MOST_LOOKED_AT)[0]]
    return [profile for profile in profiles if isinstance(profile, dict) and not _is_elsewhere(profile)]


def _evidence_of_followed(values: Sequence[Json]) -> int:
    """Count the signs of accounts that somebody follows: pages of them, or rows that all say so."""
    is_page = any(_list_in(value, _FOLLOWED_AT) is not None for value in values)
    profiles = _sample(values, _FOLLOWED_AT if is_page else _FOLLOWERS_AT)
    if not is_page and not (profiles and all(map(_is_followed, profiles))):
        return 0
    signs = max((_n_signs(profile.keys()) for profile in profiles), default=0)
    return 1 + signs if is_page or signs else 0


def _header_evidence(words: Collection[str]) -> int:
    return _n_signs({_NAMES.get(squeezed(word), word) for word in words})


def _is_followed(record: Json) -> bool:
    words = record.get("relation"), record.get("type")
    return words != (None, None) and any(
        isinstance(word, str) and word.strip().casefold() in _FOLLOWED for word in words
    )


def _reason(record: Any) -> str | None:
    if not isinstance(record, dict):
        return None  # rejected as no object
    if _is_followed(record):
        return "not_in_list"
    error = record.get("error")
    is_missing = isinstance(error, str) and error.strip().casefold().replace("_", " ") == "not found"
    return "not_found" if is_missing else None


def _subject(record: Json) -> str | None:
    """Return whose followers were asked for; a profile that was asked for itself is nobody's follower."""
    target = first_filled(record, "target_username", "query", "input_url")
    if not isinstance(target, str):
        return None
    handle = read_handle(target).value
    own = record.get("username")
    return None if handle is None or (isinstance(own, str) and own.lower() == handle.lower()) else handle


def _has_blank_flag(record: Any) -> bool:
    return isinstance(record, dict) and (record.get("is_private") == "" or record.get("is_verified") == "")


def _unpack(value: Json) -> Unpacked | None:
    records, is_last = _profiles(value)
    reasons = [_reason(record) for record in records]
    n_blank = len([record for record in records if _has_blank_flag(record)])
    return Unpacked(
        records,
        reasons if reasons.count(None) < len(reasons) else (),
        complete=is_last,
        subject=_subject(records[0]) if records and isinstance(records[0], dict) else None,
        counts={"blank_flag_unknown": n_blank} if n_blank else {},
    )


def _unpack_followed(value: Json) -> Unpacked | None:
    records, is_last = _profiles(value, _FOLLOWED_AT)
    return Unpacked(records, (), complete=is_last)


def _account_id(record: Json) -> Any:
    """Return the id; text before numbers, which lose digits in many tools."""
    number = None
    for key in ("pk_id", "id", "user_id", "pk"):
        value = record.get(key)
        if value is None or not is_id(value):
            continue
        if isinstance(value, str):
            return value
        number = value if number is None else number
    return number


def _handle(record: Json) -> Any:
    """Return the name, else the one that the link to the profile ends with."""
    name = record.get("username")
    if not is_blank(name):
        return name
    links = (record.get(key) for key in ("profile_url", "url"))
    handles = (read_handle(link).value for link in links if isinstance(link, str) and "/" in link)
    return next((handle for handle in handles if handle is not None), None)


def _known_if_enriched(key: str) -> Callable[[Sequence[Json]], list[Any]]:
    """Take a text of the profile; a blank one says that there is none only where the profile itself was opened."""
    text_of = filled(key)

    def values(records: Sequence[Json]) -> list[Any]:
        texts = text_of(records)
        if None not in texts:
            return texts
        counted = _followers_counts(records)
        return [
            "" if text is None and count is not None and key in record else text
            for record, text, count in zip(records, texts, counted, strict=True)
        ]

    return values


_followers_counts = counts(filled("followers_count"), at("edge_followed_by", "count"))

_FIELDS = (
    Field("account_id", lambda records: [_account_id(record) for record in records]),
    Field("handle", lambda records: [_handle(record) for record in records]),
    Field("display_name", at("full_name")),
    Field("bio", _known_if_enriched("biography")),
    Field("website", _known_if_enriched("external_url")),
    Field("observed_at", filled("scraped_at")),
    Field("followers_count", _followers_counts),
    Field("following_count", counts(filled("following_count"), at("edge_follow", "count"))),
    Field("posts_count", counts(filled("posts_count"), at("edge_owner_to_timeline_media", "count"))),
    Field("is_verified", filled("is_verified")),
    Field("is_private", filled("is_private")),
    Field("is_business", filled("is_business")),
    Field("has_avatar", avatars("profile_pic_url", "picture")),
)

#: Keys that are of no use here; those with a phone or an address in them never leave the file.
_OF_NO_USE = (
    "email public_email businessEmail business_email phone phone_number public_phone_number businessPhone"
    " business_phone_number contact_phone_number businessAddress business_address_json city_name zip"
    " followed_by_viewer requested_by_viewer follows_viewer reel latest_reel_media account_badges friendship_status"
    " fbid fbid_v2 third_party_downloads_enabled profile_pic_id is_possible_scammer is_possible_bad_actor"
    " is_ring_creator show_ring_creation_entry is_verified_search_indexable latestPosts latestIgtvVideos"
    " relatedProfiles highlightReelCount igtvVideoCount businessCategoryName joinedRecently externalUrlShimmed"
    " externalUrls bio_links external_url_linkshimmed errorDescription interop_messaging_user_fbid"
    " is_joined_recently business_category_name category"
)

_KNOWN = frozenset([*_SPELLINGS, *_OF_NO_USE.split()])


INSTAGRAM_SCRAPER = Format(
    name="instagram_scraper",
    title="followers or profiles of Instagram copied by a tool or from the web client (JSON or CSV)",
    platform="instagram",
    evidence=_evidence,
    header_evidence=_header_evidence,
    accounts=RecordMap(
        unpack=_unpack,
        fields=_FIELDS,
        list_keys=("users", "edges", "items", "followers", "data"),
        known_keys=_KNOWN,
    ),
)

INSTAGRAM_SCRAPER_FOLLOWING = Format(
    name="instagram_scraper_following",
    title="accounts that somebody follows on Instagram, copied by a tool or from the web client",
    platform="instagram",
    evidence=_evidence_of_followed,
    accounts=RecordMap(
        unpack=_unpack_followed,
        fields=_FIELDS,
        list_keys=("edges",),
        known_keys=_KNOWN,
    ),
    refusal=(
        "These are accounts that somebody follows, not followers."
        " To look at an audience, copy the list of its followers."
    ),
)
