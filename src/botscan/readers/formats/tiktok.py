"""TikTok: followers, profiles and videos of the Research API, and lists that scrapers write.

Source of the field names: the reference of the Research API; the names in lists of scrapers are those of the app and
of the website, as public crawlers use them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked, at, changed, first_of, objects_of

_HANDLE = re.compile(r"[A-Za-z0-9_.]{2,24}")
_HANDLE_KEYS = ("username", "unique_id", "uniqueId", "handle")
_FINE = (None, "", "ok", 0, "0")


def _data(value: Json) -> Json:
    """Return what a reply of the Research API holds; a value without that envelope is taken as it is."""
    data = value.get("data")
    return data if isinstance(data, dict) else value


def _has_failed(page: Json) -> bool:
    error = page.get("error")
    return isinstance(error, dict) and error.get("code") not in _FINE


def _failed_page() -> Unpacked:
    """Return a reply that holds an error instead of accounts: no record, but the list has a hole."""
    return Unpacked((), newest_first=True, complete=False, counts={"page_failed": 1})


def _is_last(page: Json, data: Json) -> bool | None:
    has_more = data.get("has_more", data.get("hasMore"))
    if _has_failed(page):
        return False
    return not has_more if isinstance(has_more, bool) else None


def _page_evidence(key: str) -> Callable[[Sequence[Json]], int]:
    def evidence(values: Sequence[Json]) -> int:
        pages = [_data(value) for value in values]
        found = [page for page in pages if isinstance(page.get(key), list)]
        if found:
            return 2 + sum(any(name in page for page in found) for name in ("cursor", "has_more"))
        return 0

    return evidence


_pages_of_followers = _page_evidence("user_followers")
_pages_of_following = _page_evidence("user_following")


def _followers_evidence(values: Sequence[Json]) -> int:
    """Take a file of nothing but failed replies for a list of followers that was not fetched."""
    is_failure = any(_has_failed(value) and "log_id" in value["error"] and not value.get("data") for value in values)
    return _pages_of_followers(values) or int(is_failure)


def _following_evidence(values: Sequence[Json]) -> int:
    return max(_pages_of_following(values), _scraper_keys(objects_of(values, "followings")) if _lists(values) else 0)


def _lists(values: Sequence[Json]) -> bool:
    return any(isinstance(value.get("followings"), list) for value in values)


def _unpack_list(key: str) -> Callable[[Json], Unpacked | None]:
    def unpack(value: Json) -> Unpacked | None:
        data = _data(value)
        users = data.get(key)
        if not isinstance(users, list):
            return _failed_page() if _has_failed(value) else None
        records = [_with_names_in_place(user) for user in users]
        n_swapped = sum(record is not user for record, user in zip(records, users, strict=True))
        return Unpacked(
            records,
            newest_first=True,
            complete=_is_last(value, data),
            counts={"names_swapped": n_swapped} if n_swapped else {},
        )

    return unpack


def _with_names_in_place(user: Any) -> Any:
    """Swap the two names back where they stand in each other's place, as in the documented example.

    A handle has no spaces; the other name must be fit to be one.
    """
    if not isinstance(user, dict):
        return user
    handle, name = user.get("username"), user.get("display_name")
    if not isinstance(handle, str) or not isinstance(name, str):
        return user
    if len(handle.split()) < 2 or not _HANDLE.fullmatch(name):
        return user
    return {**user, "username": name, "display_name": handle}


_unpack_followers = _unpack_list("user_followers")
_unpack_research_following = _unpack_list("user_following")


def _unpack_following(value: Json) -> Unpacked | None:
    users = value.get("followings")
    if isinstance(users, list):
        return Unpacked(users, complete=_is_last(value, value))
    return _unpack_research_following(value)


_INFO_KEYS = ("follower_count", "following_count", "likes_count", "video_count", "bio_description", "bio_url")


def _info_evidence(values: Sequence[Json]) -> int:
    keys: set[str] = set()
    for value in values:
        data = _profile(value)
        is_profile = "follower_count" in data and ("bio_description" in data or "video_count" in data)
        is_research = isinstance(value.get("data"), dict) or "bio_description" in data or "likes_count" in data
        if is_profile and is_research and "unique_id" not in data and "uniqueId" not in data:
            keys.update(key for key in _INFO_KEYS if key in data)
    return len(keys)


def _profile(value: Json) -> Json:
    data = _data(value)
    user = data.get("user")
    return user if isinstance(user, dict) else data


def _unpack_info(value: Json) -> Unpacked | None:
    """Take the profile; the reply does not say whose it is: a handle must have been put beside it."""
    profile = _profile(value)
    if not profile or (profile is value and _has_failed(value)):
        return _failed_page() if _has_failed(value) else None
    names = {key: value[key] for key in _HANDLE_KEYS if key in value}
    record = {**names, **profile}
    if profile is value and _has_handle(record):
        return None
    return Unpacked([record], () if _has_handle(record) else ("no_identity",))


def _has_handle(record: Json) -> bool:
    return any(isinstance(record.get(key), str) and record[key].strip() for key in _HANDLE_KEYS)


_RESEARCH_FIELDS = (
    Field("handle", first_of(*map(at, _HANDLE_KEYS))),
    Field("display_name", at("display_name")),
    Field("bio", at("bio_description")),
    Field("website", at("bio_url")),
    Field("followers_count", at("follower_count")),
    Field("following_count", at("following_count")),
    Field("posts_count", at("video_count")),
    Field("likes_received_count", at("likes_count")),
    Field("is_verified", at("is_verified")),
)
_RESEARCH_KEYS = (
    "username unique_id uniqueId handle display_name bio_description bio_url avatar_url is_verified follower_count"
    " following_count likes_count video_count open_id union_id avatar_url_100 avatar_large_url profile_deep_link"
    " data error"
)

_SCRAPER_LISTS = ("followers", "userList", "user_list")
#: Names of the app and of the website; together with the unique id nobody else has them.
_SCRAPER_KEYS = (
    "sec_uid",
    "secUid",
    "heart",
    "heart_count",
    "heartCount",
    "digg_count",
    "diggCount",
    "aweme_count",
    "total_favorited",
    "favoriting_count",
    "video_count",
    "videoCount",
)
_IDS = ("unique_id", "uniqueId")


def _scraper_evidence(values: Sequence[Json]) -> int:
    return _scraper_keys(objects_of([_opened(value) for value in values], *_SCRAPER_LISTS))


def _scraper_keys(users: Iterable[Any]) -> int:
    keys: set[str] = set()
    for user in users:
        parts = [user, *(user.get(part) for part in ("user", "stats", "statsV2"))]
        keys.update(key for part in parts if isinstance(part, dict) for key in part)
    found = sum(key in keys for key in _SCRAPER_KEYS)
    return found + 1 if found and any(key in keys for key in _IDS) else 0


def _opened(value: Json) -> Json:
    """Return the profile inside the website's envelope, else the value."""
    inner = value.get("userInfo")
    return inner if isinstance(inner, dict) else value


def _unpack_scraped(value: Json) -> Unpacked | None:
    users = next((value[key] for key in _SCRAPER_LISTS if isinstance(value.get(key), list)), None)
    if users is not None:
        return Unpacked(users, complete=_is_last(value, value))
    return Unpacked([value["userInfo"]]) if _opened(value) is not value else None


def _of(*names: str) -> Callable[[Sequence[Json]], list[Any]]:
    """Take the first of some names, from the object itself or from the part of it that holds the user or the counts."""
    parts = ("user", "statsV2", "stats")
    return first_of(*(at(name) for name in names), *(at(part, name) for name in names for part in parts))


_SCRAPER_FIELDS = (
    Field("account_id", _of("uid", "id", "user_id", "userId")),
    Field("handle", _of("unique_id", "uniqueId")),
    Field("display_name", _of("nickname", "nickName")),
    Field("bio", _of("signature")),
    Field("website", first_of(_of("bio_url"), at("bioLink", "link"), at("user", "bioLink", "link"))),
    Field("language", _of("language")),
    Field("created_at", _of("create_time", "createTime")),
    Field("followers_count", _of("follower_count", "followerCount", "fans")),
    Field("following_count", _of("following_count", "followingCount")),
    Field("posts_count", _of("aweme_count", "video_count", "videoCount")),
    Field("likes_given_count", _of("favoriting_count", "digg_count", "diggCount")),
    # "heart" of the website is cut to 32 bits: the others go before it.
    Field("likes_received_count", _of("total_favorited", "heart_count", "heartCount", "likes_count", "heart")),
    Field("is_verified", _of("verified", "is_verified")),
    Field("is_private", _of("privateAccount", "private_account", "is_private", "secret")),
)
_SCRAPER_KNOWN = (
    "uid id user_id userId unique_id uniqueId nickname nickName signature bio_url bioLink language create_time"
    " createTime follower_count followerCount fans following_count followingCount aweme_count video_count videoCount"
    " favoriting_count digg_count diggCount total_favorited heart_count heartCount likes_count heart verified"
    " is_verified privateAccount private_account is_private secret user stats statsV2 sec_uid secUid short_id shortId"
    " avatar_thumb avatar_medium avatar_larger avatar_168x168 avatar_300x300 avatarThumb avatarMedium avatarLarger"
    " avatar avatar_url avatar_uri cover_url region follow_status follower_status custom_verify is_star"
    " enterprise_verify_reason ins_id youtube_channel_id youtube_channel_title twitter_id twitter_name openFavorite"
    " relation ftc isUnderAge18 commerceUserInfo duetSetting stitchSetting commentSetting itemList friendCount"
    " email phone phone_number bind_phone share_info"
)

_TABLE_WORDS = ("sec uid", "heart", "heart count", "digg count", "aweme count", "total favorited", "favoriting count")
_TABLE_COLUMNS = {
    "account_id": ("uid", "id", "user id"),
    "handle": ("unique id",),
    "display_name": ("nickname", "nick name"),
    "bio": ("signature", "bio description"),
    "website": ("bio url", "bio link"),
    "created_at": ("create time",),
    "followers_count": ("follower count", "fans"),
    "following_count": ("following count",),
    "posts_count": ("aweme count", "video count"),
    "likes_given_count": ("favoriting count", "digg count"),
    "likes_received_count": ("total favorited", "heart count", "likes count", "heart"),
    "is_verified": ("verified", "is verified"),
    "is_private": ("private account", "secret"),
}
_NO_TABLE_COLUMNS = frozenset(
    ("sec uid", "avatar", "avatar url", "avatar thumb", "avatar medium", "avatar larger", "phone", "email", "region")
)
_PARTS = ("user", "stats")


def _table_evidence(words: Collection[str]) -> int:
    names = {*words, *(word.removeprefix(f"{part} ") for word in words for part in _PARTS)}
    found = sum(word in names for word in _TABLE_WORDS)
    return found + 1 if found and "unique id" in names else 0


_VIDEO_KEYS = (
    "video_description",
    "view_count",
    "share_count",
    "comment_count",
    "like_count",
    "region_code",
    "hashtag_names",
    "music_id",
)


def _video_evidence(values: Sequence[Json]) -> int:
    pages = [_data(value) for value in values]
    keys = {key for video in objects_of(pages, "videos") for key in video}
    found = sum(key in keys for key in _VIDEO_KEYS)
    if "video_description" in keys or {"view_count", "share_count", "create_time", "username"} <= keys:
        return 1 + found
    is_page = any(isinstance(page.get("videos"), list) and ("search_id" in page or "cursor" in page) for page in pages)
    return 1 if is_page else 0


def _video_table_evidence(words: Collection[str]) -> int:
    found = sum(key.replace("_", " ") in words for key in _VIDEO_KEYS)
    return 1 + found if "video description" in words and found > 1 else 0


def _unpack_videos(value: Json) -> Unpacked | None:
    data = _data(value)
    videos = data.get("videos")
    if isinstance(videos, list):
        return Unpacked(videos, complete=_is_last(value, data))
    return _failed_page() if _has_failed(value) else None


def _named(handle: Any) -> str | None:
    """Name an account by its handle: the Research API gives no ids of accounts."""
    return f"@{handle.strip().removeprefix('@').lower()}" if isinstance(handle, str) and handle.strip() else None


_VIDEO_FIELDS = (
    Field("account_id", first_of(at("user_id"), at("author_id"), changed(at("username"), _named))),
    Field("post_id", first_of(at("id"), at("video_id"))),
    Field("posted_at", at("create_time")),
    Field("text", at("video_description")),
    Field("likes_count", at("like_count")),
    Field("comments_count", at("comment_count")),
    Field("reposts_count", at("share_count")),
    Field("views_count", at("view_count")),
)
_VIDEO_KNOWN = (
    "id video_id user_id author_id username create_time video_description like_count comment_count share_count"
    " view_count region_code music_id hashtag_names effect_ids playlist_id voice_to_text is_stem_verified"
    " favorites_count video_duration hashtag_info_list video_mention_list video_label sticker_info_list"
    " effect_info_list video_tag"
)

TIKTOK_FOLLOWERS = Format(
    name="tiktok_followers",
    title="JSON of the TikTok Research API: pages of followers",
    platform="tiktok",
    evidence=_followers_evidence,
    accounts=RecordMap(
        unpack=_unpack_followers,
        fields=_RESEARCH_FIELDS,
        list_keys=("user_followers",),
        known_keys=frozenset(_RESEARCH_KEYS.split()),
    ),
)

TIKTOK_FOLLOWING = Format(
    name="tiktok_following",
    title="JSON of TikTok: accounts that somebody follows",
    platform="tiktok",
    evidence=_following_evidence,
    accounts=RecordMap(
        unpack=_unpack_following,
        fields=(
            *(one for one in _SCRAPER_FIELDS if one.column not in ("handle", "display_name")),
            Field("handle", _of(*_HANDLE_KEYS)),
            Field("display_name", _of("display_name", "nickname", "nickName")),
        ),
        list_keys=("user_following", "followings"),
        known_keys=frozenset(f"{_RESEARCH_KEYS} {_SCRAPER_KNOWN}".split()),
    ),
    refusal="These are accounts that somebody follows, not followers, so they say nothing about an audience.",
)

TIKTOK_USER_INFO = Format(
    name="tiktok_user_info",
    title="JSON of the TikTok Research API: profiles that were asked for",
    platform="tiktok",
    evidence=_info_evidence,
    accounts=RecordMap(unpack=_unpack_info, fields=_RESEARCH_FIELDS, known_keys=frozenset(_RESEARCH_KEYS.split())),
    is_lookup=True,
)

TIKTOK_SCRAPER = Format(
    name="tiktok_scraper",
    title="JSON of TikTok scrapers: users with their unique id and counts of hearts",
    platform="tiktok",
    evidence=_scraper_evidence,
    accounts=RecordMap(
        unpack=_unpack_scraped,
        fields=_SCRAPER_FIELDS,
        list_keys=_SCRAPER_LISTS,
        known_keys=frozenset(_SCRAPER_KNOWN.split()),
    ),
)

TIKTOK_SCRAPER_TABLE = Format(
    name="tiktok_scraper_table",
    title="CSV of TikTok scrapers, with headers such as unique_id, heart_count and digg_count",
    platform="tiktok",
    header_evidence=_table_evidence,
    accounts=RecordMap(
        headers={
            column: (*words, *(f"{part} {word}" for word in words for part in _PARTS))
            for column, words in _TABLE_COLUMNS.items()
        },
        not_headers=_NO_TABLE_COLUMNS,
    ),
)

TIKTOK_VIDEOS = Format(
    name="tiktok_videos",
    title="JSON or CSV of the TikTok Research API: videos",
    platform="tiktok",
    evidence=_video_evidence,
    header_evidence=_video_table_evidence,
    posts=RecordMap(
        unpack=_unpack_videos,
        fields=_VIDEO_FIELDS,
        list_keys=("videos",),
        known_keys=frozenset(_VIDEO_KNOWN.split()),
    ),
    refusal="This file holds videos, not accounts: it is good for engagement and for the rhythm of posting.",
)

TIKTOK_FORMATS: tuple[Format, ...] = (
    TIKTOK_FOLLOWERS,
    TIKTOK_FOLLOWING,
    TIKTOK_USER_INFO,
    TIKTOK_SCRAPER,
    TIKTOK_SCRAPER_TABLE,
    TIKTOK_VIDEOS,
)
