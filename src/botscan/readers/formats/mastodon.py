"""Mastodon: accounts and posts of its API, and the lists of followers and of followed accounts it exports as CSV.

Source of the field names: the entities Account and Status of its documentation; other servers of the Fediverse that
answer in the same form are read alike.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked, at, changed, first_of, objects_of

_LISTS = ("accounts", "followers", "data", "items")
_ACCOUNT_KEYS = ("acct", "statuses_count", "last_status_at", "avatar_static", "header_static", "locked")
_STATUS_KEYS = ("content", "favourites_count", "reblogs_count", "replies_count", "spoiler_text", "visibility", "reblog")
#: Ends of the addresses of default pictures: Mastodon's, Pleroma's.
_DEFAULT_PICTURES = ("/missing.png", "/images/avi.png")
_TRUE = ("true", "1")

_LINE, _PARAGRAPH = "\n", "\n\n"
#: What stands in for a tag; other tags leave nothing behind.
_BREAKS = {
    "br": _LINE,
    **dict.fromkeys(("p", "/p", "blockquote", "/blockquote", "pre", "/pre", "ul", "/ul", "ol", "/ol"), _PARAGRAPH),
    **dict.fromkeys(("div", "/div", "li", "/li", "h1", "/h1", "h2", "/h2", "h3", "/h3"), _LINE),
}
_LONGEST_NAME = 12
_MANY_LINES = re.compile(r"\n{3,}")
_HREF = re.compile(r"""\bhref\s*=\s*["'](https?://[^"'<>]*)["']""", re.IGNORECASE)
_OF_NO_PROFILE = re.compile(r"""\bclass\s*=\s*["'][^"'<>]*\b(?:mention|hashtag)\b""", re.IGNORECASE)
_MIDNIGHT = re.compile(r"[0-9-]{10}[T ]00:00(?::00(?:\.0*)?)?(?:Z|[+-]00:?00)?")


def _evidence(values: Sequence[Json]) -> int:
    accounts = [one for one in objects_of(values, *_LISTS) if "acct" in one and "statuses_count" in one]
    return sum(any(key in one for one in accounts) for key in _ACCOUNT_KEYS)


def _unpack(value: Json) -> Unpacked | None:
    listed = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
    if listed is not None and "acct" not in value:
        return _checked(listed)
    return _checked([value]) if _is_suspended(value) or _has_moved(value) else None


def _checked(accounts: Sequence[Any]) -> Unpacked:
    """Reject the suspended, whose profile servers blank out, and count those that moved elsewhere."""
    reasons = ["suspended" if _is_suspended(account) else None for account in accounts]
    n_moved = sum(_has_moved(account) for account in accounts)
    return Unpacked(accounts, reasons if any(reasons) else (), counts={"accounts_moved": n_moved} if n_moved else {})


def _is_suspended(account: Any) -> bool:
    suspended = account.get("suspended") if isinstance(account, dict) else None
    return suspended is True or (isinstance(suspended, str) and suspended.lower() in _TRUE)


def _has_moved(account: Any) -> bool:
    return isinstance(account, dict) and isinstance(account.get("moved"), dict)


def _handles(records: Sequence[Json]) -> list[Any]:
    """Complete local handles with the server; ``acct`` names it for accounts of other servers only."""
    names = first_of(at("acct"), at("username"))(records)
    addresses = zip(at("url")(records), at("uri")(records), strict=True)
    return [_with_server(name, *both) for name, both in zip(names, addresses, strict=True)]


def _with_server(name: Any, *addresses: Any) -> Any:
    if not isinstance(name, str) or not name.strip() or "@" in name.strip().removeprefix("@"):
        return name
    server = next((host for host in map(_server, addresses) if host), None)
    return name if server is None else f"{name.strip().removeprefix('@')}@{server}"


def _server(address: Any) -> str | None:
    if not isinstance(address, str) or not address.lower().startswith(("https://", "http://")):
        return None
    host = re.split(r"[/?#]", address.partition("://")[2], maxsplit=1)[0]
    return host.lower() if host and not re.search(r"[\s@]", host) else None


def text_of_html(markup: Any) -> Any:
    r"""Return what a reader sees: tags off, line breaks kept, entities undone; anything but text is not known.

    Examples
    --------
    >>> text_of_html('<p>Kopi &amp; buku<br />a &lt;3</p><p><a href="https://a.example">a<span>.example</span></a></p>')
    'Kopi & buku\na <3\n\na.example'
    """
    if not isinstance(markup, str):
        return None
    if "<" in markup:
        parts, position = [], 0
        for start, end in _tags(markup):
            parts += [markup[position:start], _BREAKS.get(_tag_name(markup, start), "")]
            position = end
        markup = _MANY_LINES.sub(_PARAGRAPH, "".join((*parts, markup[position:]))).strip()
    if "&" not in markup:
        return markup
    try:
        return html.unescape(markup)
    except ValueError:  # a character reference of thousands of digits
        return markup


def _tags(markup: str) -> Iterator[tuple[int, int]]:
    """Yield where tags begin and end; a ``<`` that opens none is text. Every character is looked at once."""
    start = markup.find("<")
    while start >= 0:
        after = markup[start + 1 : start + 2]
        if not (after in ("/", "!", "?") or (after.isascii() and after.isalpha())):
            start = markup.find("<", start + 1)
            continue
        end = markup.find(">", start)
        if end < 0:
            return
        yield start, end + 1
        start = markup.find("<", end)


def _tag_name(markup: str, start: int) -> str:
    words = re.split(r"[\s>]", markup[start + 1 : start + 1 + _LONGEST_NAME], maxsplit=1)
    return words[0].lower().rstrip("/")


def _websites(records: Sequence[Json]) -> list[Any]:
    """Take the link that the server verified, else the first; a list of fields without one says that there is none."""
    return [_website(fields) if isinstance(fields, list) else None for fields in at("fields")(records)]


def _website(fields: Sequence[Any]) -> str:
    linked = [(one.get("verified_at"), _link(one.get("value"))) for one in fields if isinstance(one, dict)]
    links = sorted(((not verified, link) for verified, link in linked if link), key=lambda one: one[0])
    return links[0][1] if links else ""


def _link(value: Any) -> str:
    """Return the address a field links to; mentions of people and hashtags are no websites."""
    if not isinstance(value, str):
        return ""
    for start, end in _tags(value):
        tag = value[start:end]
        found = _HREF.search(tag) if _tag_name(value, start) == "a" else None
        if found is not None and not _OF_NO_PROFILE.search(tag):
            return str(text_of_html(found[1]))
    plain = value.strip()
    return plain if plain.startswith(("https://", "http://")) and len(plain.split()) == 1 and "<" not in plain else ""


def is_own_picture(address: Any) -> bool | None:
    """Whether the address of a profile picture is not that of a default one.

    Examples
    --------
    >>> is_own_picture("https://awan.example/avatars/original/missing.png"), is_own_picture("")
    (False, None)
    """
    if not isinstance(address, str) or not address:
        return None
    return not re.split(r"[?#]", address, maxsplit=1)[0].endswith(_DEFAULT_PICTURES)


def _precision(created_at: Any) -> str | None:
    """Midnight is a day: newer servers leave the time of day out."""
    return "day" if isinstance(created_at, str) and _MIDNIGHT.fullmatch(created_at.strip()) else None


_FIELDS = (
    Field("account_id", at("id")),
    Field("handle", _handles),
    Field("display_name", at("display_name")),
    Field("bio", changed(at("note"), text_of_html)),
    Field("website", _websites),
    Field("created_at", at("created_at")),
    Field("created_at_precision", changed(at("created_at"), _precision)),
    Field("last_post_at", at("last_status_at")),
    Field("followers_count", at("followers_count")),
    Field("following_count", at("following_count")),
    Field("posts_count", at("statuses_count")),
    Field("is_private", at("locked")),
    Field("is_declared_bot", at("bot")),
    Field("has_avatar", changed(first_of(at("avatar"), at("avatar_static")), is_own_picture)),
)
_KNOWN = (
    "id username acct display_name note fields created_at last_status_at followers_count following_count statuses_count"
    " locked bot avatar avatar_static avatar_description suspended moved url uri header header_static"
    " header_description emojis roles role discoverable indexable group noindex limited memorial hide_collections"
    " show_media show_media_replies show_featured feature_approval attribution_domains source mute_expires_at pleroma"
    " akkoma fqn other_settings collections_count email token"
)


def _status_evidence(values: Sequence[Json]) -> int:
    statuses = [
        one
        for one in objects_of(values, "statuses")
        if isinstance(one.get("account"), dict) and "acct" in one["account"] and "content" in one
    ]
    found = sum(any(key in one for one in statuses) for key in _STATUS_KEYS)
    return found if found >= 2 else 0


def _unpack_statuses(value: Json) -> Unpacked | None:
    listed = value.get("statuses")
    return Unpacked(listed) if isinstance(listed, list) and "content" not in value else None


def _is_there(key: str) -> Any:
    def values(records: Sequence[Json]) -> list[Any]:
        return [record[key] is not None if key in record else None for record in records]

    return values


def _texts(records: Sequence[Json]) -> list[Any]:
    """Take the text of a post, for a repost that of the original where the post itself has none."""
    originals = at("reblog", "content")(records)
    return [text_of_html(own or original) for own, original in zip(at("content")(records), originals, strict=True)]


_POST_FIELDS = (
    Field("account_id", at("account", "id")),
    Field("post_id", at("id")),
    Field("posted_at", at("created_at")),
    Field("text", _texts),
    Field("language", at("language")),
    Field("source_app", at("application", "name")),
    Field("likes_count", at("favourites_count")),
    Field("comments_count", at("replies_count")),
    Field("reposts_count", at("reblogs_count")),
    Field("is_repost", _is_there("reblog")),
    Field("is_reply", _is_there("in_reply_to_id")),
)
_POST_KNOWN = (
    "id account created_at content language application favourites_count replies_count reblogs_count reblog"
    " in_reply_to_id in_reply_to_account_id uri url sensitive spoiler_text visibility media_attachments mentions tags"
    " emojis card poll text edited_at filtered favourited reblogged muted bookmarked pinned quote quotes_count"
    " quote_approval local_only pleroma"
)

#: Headers that only the list of followed accounts has.
_OF_FOLLOWED = ("show boosts", "notify on new posts", "languages")
#: Header that only the list of muted accounts has.
_OF_MUTED = "hide notifications"


def _csv_evidence(words: Collection[str]) -> int:
    return int("account address" in words and not any(word in words for word in (*_OF_FOLLOWED, _OF_MUTED)))


def _following_evidence(words: Collection[str]) -> int:
    found = sum(word in words for word in _OF_FOLLOWED)
    return 1 + found if found and "account address" in words else 0


def _muted_evidence(words: Collection[str]) -> int:
    return 4 if "account address" in words and _OF_MUTED in words else 0


MASTODON = Format(
    name="mastodon",
    title="JSON of the Mastodon API: accounts",
    platform="mastodon",
    evidence=_evidence,
    accounts=RecordMap(unpack=_unpack, fields=_FIELDS, list_keys=_LISTS, known_keys=frozenset(_KNOWN.split())),
)

MASTODON_FOLLOWERS = Format(
    name="mastodon_followers",
    title="CSV that Mastodon exports: addresses of followers",
    platform="mastodon",
    header_evidence=_csv_evidence,
    accounts=RecordMap(headers={"handle": ("account address",)}),
    # The lists have the same header; the exporter's own names tell them apart.
    by_name=(
        (r"(?:^|/)muted_accounts\.csv$", "accounts that somebody muted"),
        (r"(?:^|/)blocked_accounts\.csv$", "accounts that somebody blocked"),
    ),
)

MASTODON_MUTED = Format(
    name="mastodon_muted",
    title="CSV that Mastodon exports: accounts that somebody muted",
    platform="mastodon",
    header_evidence=_muted_evidence,
    accounts=RecordMap(headers={"handle": ("account address",)}, not_headers=frozenset({_OF_MUTED})),
    refusal="These are accounts that somebody muted, not followers; the list of followers is exported beside it.",
)

MASTODON_FOLLOWING = Format(
    name="mastodon_following",
    title="CSV that Mastodon exports: accounts that somebody follows",
    platform="mastodon",
    header_evidence=_following_evidence,
    accounts=RecordMap(headers={"handle": ("account address",)}, not_headers=frozenset(_OF_FOLLOWED)),
    refusal=(
        "These are accounts that somebody follows, not followers;"
        " the list of followers is exported beside it, with the one column Account address."
    ),
)

MASTODON_STATUSES = Format(
    name="mastodon_statuses",
    title="JSON of the Mastodon API: posts",
    platform="mastodon",
    evidence=_status_evidence,
    posts=RecordMap(
        unpack=_unpack_statuses, fields=_POST_FIELDS, list_keys=("statuses",), known_keys=frozenset(_POST_KNOWN.split())
    ),
    refusal="This file holds posts, not followers: it is good for engagement and for the rhythm of posting.",
)

MASTODON_FORMATS: tuple[Format, ...] = (
    MASTODON,
    MASTODON_FOLLOWERS,
    MASTODON_FOLLOWING,
    MASTODON_MUTED,
    MASTODON_STATUSES,
)
