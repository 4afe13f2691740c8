"""Telegram: members of groups and channels as client libraries dump them, member lists as CSV, exports of chats.

Source of the field names: the constructor ``user`` of the API, the types User and ChatMember of the Bot API, the
documented layout of exports of Telegram Desktop; the header of member lists is that of public scripts. Telephone
numbers and access hashes are secrets: no column takes them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked, at, changed, first_of, objects_of

_LISTS = ("users", "members", "participants")
_USER_KEYS = (
    "_",
    "first_name",
    "access_hash",
    "is_self",
    "is_bot",
    "bot",
    "scam",
    "fake",
    "premium",
    "is_scam",
    "is_fake",
    "is_premium",
    "usernames",
    "lang_code",
    "language_code",
)
_USER = "User"
_EMPTY_USER = "UserEmpty"
_PARTICIPANT = "ChannelParticipant"
_GONE_MEMBERS = frozenset({"left", "kicked", "banned"})
_TRUE = (True, "true", "True")


def _member(item: Any) -> Any:
    """Return the user inside a member, with the day of joining, else the item itself."""
    user = item.get("user") if isinstance(item, dict) else None
    return {"joined_date": item.get("joined_date"), **user} if isinstance(user, dict) else item


def _evidence(values: Sequence[Json]) -> int:
    users = [user for user in map(_member, objects_of(values, *_LISTS)) if _is_user(user)]
    return sum(any(key in user for user in users) for key in _USER_KEYS)


def _is_user(item: Json) -> bool:
    if item.get("_") in (_USER, _EMPTY_USER):
        return True
    return "first_name" in item and ("is_bot" in item or ("access_hash" in item and "bot" in item))


def _unpack(value: Json) -> Unpacked | None:
    listed = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
    if listed is not None and not _is_user(value):
        joined = _joined(value.get("participants")) if isinstance(value.get("users"), list) else {}
        return _checked([_with_joined(item, joined) for item in listed])
    if isinstance(value.get("user"), dict) or _reason(value, value) is not None:
        return _checked([value])
    return None


def _joined(participants: Any) -> dict[int, Any]:
    """Map ids of users to when they joined: raw replies keep that beside the users."""
    entries = participants if isinstance(participants, list) else []
    dated = [(one.get("user_id"), one.get("date")) for one in entries if isinstance(one, dict)]
    return {user: date for user, date in dated if isinstance(user, int)}


def _with_joined(item: Any, joined: dict[int, Any]) -> Any:
    user = item.get("id") if isinstance(item, dict) and joined else None
    return {"joined_date": joined[user], **item} if isinstance(user, int) and user in joined else item


def _checked(items: Sequence[Any]) -> Unpacked:
    users = [_member(item) for item in items]
    reasons = [_reason(item, user) for item, user in zip(items, users, strict=True)]
    return Unpacked(users, reasons if any(reasons) else ())


def _reason(item: Any, user: Any) -> str | None:
    """Say why an entry is no member: its account is gone, or it left the group."""
    if not isinstance(item, dict) or not isinstance(user, dict):
        return None
    deleted = user.get("deleted", user.get("is_deleted"))
    if user.get("_") == _EMPTY_USER or (isinstance(deleted, bool | str) and deleted in _TRUE):
        return "not_found"
    status = item.get("status") if item is not user else None
    if isinstance(status, str) and status.rpartition(".")[2].lower() in _GONE_MEMBERS:
        return "not_in_list"
    return "not_in_list" if item.get("_") in ("ChannelParticipantBanned", "ChannelParticipantLeft") else None


def _names(records: Sequence[Json]) -> list[Any]:
    names = zip(at("first_name")(records), at("last_name")(records), at("name")(records), strict=True)
    return [_full_name(first, last) or whole for first, last, whole in names]


def _full_name(*names: Any) -> str | None:
    known = [name for name in names if isinstance(name, str) and name]
    return " ".join(known) if known else None


def _followed_at(records: Sequence[Json]) -> list[Any]:
    dates = zip(at("joined_date")(records), at("date")(records), at("_")(records), strict=True)
    return [
        date if joined is None and isinstance(kind, str) and kind.startswith(_PARTICIPANT) else joined
        for joined, date, kind in dates
    ]


_FIELDS = (
    Field("account_id", first_of(at("id"), at("user_id"))),
    Field("handle", first_of(at("username"), at("usernames", 0, "username"))),
    Field("display_name", _names),
    Field("language", first_of(at("lang_code"), at("language_code"))),
    Field("followed_at", _followed_at),
    Field("is_verified", first_of(at("verified"), at("is_verified"))),
    Field("is_declared_bot", first_of(at("bot"), at("is_bot"))),
)
_KNOWN = (
    "_ id user_id username usernames first_name last_name name lang_code language_code joined_date date verified"
    " is_verified bot is_bot deleted is_deleted access_hash phone phone_number status last_online_date"
    " next_offline_date photo is_self self contact is_contact mutual_contact is_mutual_contact restricted is_restricted"
    " restriction_reason restrictions min scam is_scam fake is_fake premium is_premium is_support support dc_id"
    " emoji_status color profile_color stories_hidden stories_unavailable stories_max_id close_friend bot_can_edit"
    " bot_attach_menu bot_business bot_chat_history bot_has_main_app bot_info_version bot_inline_geo"
    " bot_inline_placeholder bot_nochats bot_active_users attach_menu_enabled apply_min_photo bot_verification_icon"
    " contact_require_premium send_paid_messages_stars can_join_groups can_read_all_group_messages mention user"
    " supports_inline_queries added_to_attachment_menu can_connect_to_business inviter_id invited_by kicked_by"
    " admin_rights promoted_by banned_rights rank participant about"
)

_TABLE_COLUMNS = {
    "account_id": ("user id", "id"),
    "handle": ("username", "user name"),
    "display_name": ("name", "full name", "first name"),
}
_NO_TABLE_COLUMNS = frozenset(
    ("access hash", "phone", "phone number", "group", "group id", "group name", "status", "last name", "title")
)


def _table_evidence(words: Collection[str]) -> int:
    found = sum(word in words for word in ("user id", "group id", "username"))
    return 1 + found if found and "access hash" in words else 0


_MESSAGE_KEYS = (
    "from_id",
    "date_unixtime",
    "text_entities",
    "reply_to_message_id",
    "forwarded_from",
    "edited_unixtime",
)


def _chat_evidence(values: Sequence[Json]) -> int:
    messages = [one for one in objects_of(values, "messages") if "date" in one and "text" in one]
    found = sum(any(key in one for one in messages) for key in _MESSAGE_KEYS)
    return 1 + found if found >= 2 else 0


def _unpack_chat(value: Json) -> Unpacked | None:
    """Take the messages of a chat; what the service notes between them, such as who joined, is no post."""
    listed = value.get("messages")
    if not isinstance(listed, list):
        return None
    posts = [one for one in listed if not (isinstance(one, dict) and one.get("type") == "service")]
    n_left_out = len(listed) - len(posts)
    return Unpacked(posts, counts={"service_messages": n_left_out} if n_left_out else {})


def _sender(from_id: Any) -> Any:
    """Return the id of a user; channels number themselves apart and may have the number of some user."""
    digits = from_id.removeprefix("user") if isinstance(from_id, str) else ""
    return digits if digits.isascii() and digits.isdigit() else None


def _text(parts: Any) -> Any:
    """Join a text that is cut where its formatting changes."""
    if not isinstance(parts, list):
        return parts
    pieces = [part.get("text") if isinstance(part, dict) else part for part in parts]
    return "".join(piece for piece in pieces if isinstance(piece, str))


def _n_reactions(reactions: Any) -> int | None:
    if not isinstance(reactions, list):
        return None
    counts = [one.get("count") for one in reactions if isinstance(one, dict)]
    return sum(count for count in counts if isinstance(count, int) and not isinstance(count, bool))


def _is_there(key: str) -> Callable[[Sequence[Json]], list[Any]]:
    def values(records: Sequence[Json]) -> list[Any]:
        return [record.get(key) is not None for record in records]

    return values


_POST_FIELDS = (
    Field("account_id", changed(at("from_id"), _sender)),
    Field("post_id", at("id")),
    Field("posted_at", first_of(at("date_unixtime"), at("date"))),
    Field("text", changed(at("text"), _text)),
    Field("likes_count", changed(at("reactions"), _n_reactions)),
    Field("is_repost", _is_there("forwarded_from")),
    Field("is_reply", _is_there("reply_to_message_id")),
)
_POST_KNOWN = (
    "id type date date_unixtime from from_id text text_entities reactions forwarded_from reply_to_message_id"
    " reply_to_peer_id edited edited_unixtime author via_bot photo photo_file_size file file_name file_size thumbnail"
    " thumbnail_file_size media_type sticker_emoji mime_type duration_seconds width height performer title"
    " contact_information contact_vcard location_information live_location_period_seconds poll saved_from"
    " inline_bot_buttons media_spoiler"
)

TELEGRAM = Format(
    name="telegram",
    title="JSON of Telegram client libraries: users or members",
    platform="telegram",
    evidence=_evidence,
    accounts=RecordMap(unpack=_unpack, fields=_FIELDS, list_keys=_LISTS, known_keys=frozenset(_KNOWN.split())),
)

TELEGRAM_MEMBERS = Format(
    name="telegram_members",
    title="CSV of Telegram members, with the headers username, user id and access hash",
    platform="telegram",
    header_evidence=_table_evidence,
    accounts=RecordMap(headers=_TABLE_COLUMNS, not_headers=_NO_TABLE_COLUMNS),
)

TELEGRAM_CHAT = Format(
    name="telegram_chat",
    title="JSON that Telegram Desktop exports: the messages of a chat",
    platform="telegram",
    evidence=_chat_evidence,
    posts=RecordMap(
        unpack=_unpack_chat, fields=_POST_FIELDS, list_keys=("messages",), known_keys=frozenset(_POST_KNOWN.split())
    ),
    refusal="This file holds the messages of a chat, not its members: it is good for the rhythm of posting.",
)

TELEGRAM_FORMATS: tuple[Format, ...] = (TELEGRAM, TELEGRAM_MEMBERS, TELEGRAM_CHAT)
