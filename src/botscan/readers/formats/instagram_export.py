"""Instagram's "Download your information" as JSON: the lists of followers, of accounts followed, and the posts.

Source of the field names: public parsers of the download; the shapes are those until 2025, those from 2025-10 on, and
the list of labels and values in which the download now writes more and more of its files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

from botscan.cells.handles import read_handle
from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked, at, first_of

#: ``labelled``: accounts in the shape of labels and values without a name of the list, which may be any list.
ListKind = Literal["followers", "following", "labelled", "other"]

_NAMED: dict[str, ListKind] = {"relationships_followers": "followers", "relationships_following": "following"}
_RELATIONSHIPS = "relationships_"
#: Beginnings of the keys of lists that look alike and are about something else: likes, polls, saved posts, searches.
_ABOUT_SOMETHING_ELSE = ("likes_", "story_activities_", "saved_", "searches_", "comments_")
#: Entries that are looked at to tell what a list is.
_MOST_LOOKED_AT = 50

_LABELS = "label_values"
#: Labels, in lower case, which the download writes in the language of its owner; the link is the same in all.
_LABELS_OF_HANDLES = frozenset({"username", "nama pengguna"})
_LABELS_OF_NAMES = frozenset({"name", "nama"})

_HANDLE = re.compile(r"[A-Za-z0-9._]{1,30}")
_PART = re.compile(r"(?:^|[/\\])(?:followers|posts)_([0-9]{1,6})\.json(?:\.(?:gz|xz|bz2|zst))?$")

_SECONDS_PER_DAY = 86_400
#: Date ranges that can be asked for: months to the fewest and the most days they span.
_RANGES: tuple[tuple[int, int, int], ...] = ((1, 28, 31), (3, 89, 92), (12, 365, 366), (36, 1095, 1096))
_FEWEST_FOLLOWERS_OF_A_RANGE = 50


def undo_mojibake(text: str) -> str:
    r"""Return text whose UTF-8 bytes were written as one character each, as Meta does, the way it was meant.

    Only text with characters in U+0080 to U+00FF, none above, that are valid UTF-8 as bytes is changed.

    Examples
    --------
    >>> undo_mojibake("Caf\u00c3\u00a9"), undo_mojibake("Caf\u00e9")
    ('Café', 'Café')
    """
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def months_asked_for(oldest: float, newest: float, n_followers: int) -> int | None:
    """Return the months of the date range that a list of followers was perhaps cut to, None where nothing points at it.

    A download that was asked for the last year ends a year before it was made, and the newest follower is about as old
    as the download. So a list that is cut spans a little less than the range: by not much more than the time that
    usually lies between two followers. A list that was not cut spans such a time only by accident, hence "perhaps".

    Parameters
    ----------
    oldest, newest
        First and last ``followed_at``, in seconds.
    n_followers
        Followers between them; below 50 nothing is said.

    Examples
    --------
    >>> day = 86_400
    >>> months_asked_for(0, 364.8 * day, 2_000), months_asked_for(0, 500 * day, 2_000)
    (12, None)
    """
    days = (newest - oldest) / _SECONDS_PER_DAY
    if n_followers < _FEWEST_FOLLOWERS_OF_A_RANGE or not days > 0:
        return None
    gaps = 5 * days / (n_followers - 1)
    for months, fewest, most in _RANGES:
        if fewest - min(max(gaps, 1), 0.05 * fewest) <= days <= most:
            return months
    return None


def _first(entry: Json) -> Mapping[str, Any]:
    """Return what an entry says of its account: link, timestamp and, until 2025, the handle as ``value``."""
    if _is_labelled(entry):
        return {
            "href": _labelled_link(entry),
            "value": _labelled(entry, _LABELS_OF_HANDLES),
            "timestamp": entry.get("timestamp"),
        }
    listed = entry.get("string_list_data")
    first = listed[0] if isinstance(listed, list) and listed else None
    return first if isinstance(first, dict) else {}


def _title(entry: Json) -> Any:
    return _labelled(entry, _LABELS_OF_NAMES) if _is_labelled(entry) else entry.get("title")


def _is_labelled(entry: Json) -> bool:
    """Whether an entry is of the shape of labels and values, as ``{"label": "Username", "value": "..."}``."""
    return bool(_labels_of(entry)) and "string_list_data" not in entry


def _labels_of(entry: Json) -> list[Mapping[str, Any]]:
    items = entry.get(_LABELS)
    if not isinstance(items, list):
        return []
    return [item for item in items if isinstance(item, dict) and isinstance(item.get("label"), str)]


def _labelled(entry: Json, labels: Collection[str]) -> Any:
    """Return the first value under one of some labels."""
    return next((item.get("value") for item in _labels_of(entry) if _text(item["label"]).lower() in labels), None)


def _labelled_link(entry: Json) -> str | None:
    """Return the first link: that of what the entry is about."""
    links = (link for item in _labels_of(entry) for link in (item.get("href"), item.get("value")))
    return next((link for link in links if isinstance(link, str) and link.startswith(("https://", "http://"))), None)


def _text(value: Any) -> str:
    return undo_mojibake(value).strip() if isinstance(value, str) else ""


def _linked_handle(link: Any) -> str | None:
    """Return the handle that a link to a profile ends with."""
    if not isinstance(link, str) or "/" not in link:
        return None
    handle = read_handle(link).value
    return handle if handle is not None and _HANDLE.fullmatch(handle) else None


def _handle(entry: Json) -> Any:
    """Return the handle: ``value``, else a title that is one, else the end of the link.

    A title that has the shape of a handle and is not the one in the link is a name.
    """
    first = _first(entry)
    value = first.get("value")
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if text := _text(value):
        return text
    title, linked = _text(_title(entry)), _linked_handle(first.get("href"))
    is_handle = _HANDLE.fullmatch(title) is not None and not _is_labelled(entry)  # there it is always a name
    if is_handle and (linked is None or linked.lower() == title.lower()):
        return title
    return linked


def _display_name(entry: Json) -> str | None:
    title = _text(_title(entry))
    handle = _handle(entry)
    return None if not title or (isinstance(handle, str) and title.lower() == handle.lower()) else title


def _followed_at(entry: Json) -> Any:
    """Return the time of following; 0 stands for one that is not known."""
    seconds = _first(entry).get("timestamp")
    return None if isinstance(seconds, bool) or seconds in (0, "0") else seconds


def _of_each(take: Callable[[Json], Any]) -> Callable[[Sequence[Json]], list[Any]]:
    return lambda records: [take(record) for record in records]


def _lists(value: Json) -> list[tuple[ListKind | None, list[Any]]]:
    """Return the lists of entries in an object with what they are; None, any kind, where nothing names the list."""
    if "string_list_data" in value or _is_labelled(value):
        return [(None, [value])]
    lists = {key: item for key, item in value.items() if isinstance(item, list)}
    found: list[tuple[ListKind | None, list[Any]]] = []
    for key, entries in lists.items():
        if key.startswith(_RELATIONSHIPS):
            found.append((_NAMED.get(key, "other"), entries))
        elif any(isinstance(entry, dict) and "string_list_data" in entry for entry in entries[:_MOST_LOOKED_AT]):
            is_plain = len(lists) == 1 and not key.startswith(_ABOUT_SOMETHING_ELSE) and _leads_to_profiles(entries)
            found.append(("followers" if is_plain else "other", entries))
        elif any(isinstance(entry, dict) and _is_labelled(entry) for entry in entries[:_MOST_LOOKED_AT]):
            found.append(("other" if key.startswith(_ABOUT_SOMETHING_ELSE) else None, entries))
    return found


def _leads_to_profiles(entries: Sequence[Any]) -> bool:
    """Whether the links of entries are those of profiles; a list of likes links to posts."""
    links = [_first(entry).get("href") for entry in entries[:_MOST_LOOKED_AT] if isinstance(entry, dict)]
    links = [link for link in links if isinstance(link, str) and "/" in link]
    return 2 * sum(_linked_handle(link) is None for link in links) <= len(links)


def _kind_of(values: Sequence[Json]) -> ListKind | None:
    """Return what a sample holds: followers where it holds any, else accounts followed, else another list."""
    lists = [one for value in values for one in _lists(value)]
    kinds = {kind for kind, _ in lists if kind is not None}
    alone = [entry for kind, entries in lists if kind is None for entry in entries if isinstance(entry, dict)]
    known = [entry for entry in alone if "string_list_data" in entry]
    labelled = [entry for entry in alone if "string_list_data" not in entry]
    if known:
        kinds.add("followers" if _leads_to_profiles(known) else "other")
    if any(map(_is_of_instagram, labelled)):
        kinds.add("labelled" if _leads_to_profiles(labelled) else "other")
    order: tuple[ListKind, ...] = ("followers", "following", "labelled", "other")
    return next((kind for kind in order if kind in kinds), None)


def _is_of_instagram(entry: Json) -> bool:
    """Whether labels and values are about something of Instagram; Meta writes them for Facebook too."""
    first = _first(entry)
    link = first.get("href")
    return bool(_text(first.get("value"))) or (isinstance(link, str) and "instagram.com/" in link)


#: Requests and blocked accounts look like followers here: they are read as followers only where the caller says so.
_EVIDENCE_OF_LABELLED: Mapping[ListKind, int] = MappingProxyType({"followers": 1, "other": 2})


def _evidence_of(wanted: ListKind) -> Callable[[Sequence[Json]], int]:
    def evidence(values: Sequence[Json]) -> int:
        kind = _kind_of(values)
        if kind == "labelled":
            return _EVIDENCE_OF_LABELLED.get(wanted, 0)
        if kind != wanted:
            return 0
        lists = [entries for value in values for _, entries in _lists(value)]
        keys = {key for entries in lists for entry in entries[:1] if isinstance(entry, dict) for key in entry}
        is_named = any(key.startswith(_RELATIONSHIPS) for value in values for key in value)
        return max(1, is_named + sum(key in keys for key in ("string_list_data", "media_list_data")))

    return evidence


def _reason(entry: Any) -> str | None:
    if not isinstance(entry, dict):
        return None  # rejected as no object
    if entry.get("string_list_data") == []:
        return "deleted"
    return "no_identity" if _handle(entry) is None else None


def _unpack_of(wanted: ListKind) -> Callable[[Json], Unpacked | None]:
    def unpack(value: Json) -> Unpacked | None:
        lists = _lists(value)
        if not lists:
            return None
        entries = [entry for _, listed in lists for entry in listed]
        reasons = [
            _reason(entry) if kind in (None, wanted) else "not_in_list" for kind, listed in lists for entry in listed
        ]
        return Unpacked(entries, reasons if any(reasons) else (), counts=_repairs(entries, _texts_of_entry))

    return unpack


def _texts_of_entry(entry: Json) -> tuple[Any, ...]:
    return _title(entry), _first(entry).get("value")


def _repairs(records: Sequence[Any], texts_of: Callable[[Json], tuple[Any, ...]]) -> dict[str, int]:
    n = sum(any(map(_is_mojibake, texts_of(record))) for record in records if isinstance(record, dict))
    return {"mojibake_undone": n} if n else {}


def _is_mojibake(text: Any) -> bool:
    return isinstance(text, str) and not text.isascii() and undo_mojibake(text) != text


def number_of_part(name: str, _: Sequence[Json]) -> int | None:
    """Return the number in the name of one of several files, None where there is none.

    Examples
    --------
    >>> number_of_part("connections/followers_and_following/followers_2.json", []), number_of_part("followers.json", [])
    (2, None)
    """
    found = _PART.search(name)
    return None if found is None else int(found[1])


_FIELDS = (
    Field("handle", _of_each(_handle)),
    Field("display_name", _of_each(_display_name)),
    Field("followed_at", _of_each(_followed_at)),
)


def _accounts(wanted: ListKind, list_keys: tuple[str, ...]) -> RecordMap:
    return RecordMap(
        unpack=_unpack_of(wanted),
        fields=_FIELDS,
        list_keys=list_keys,
        known_keys=frozenset(
            {"title", "media_list_data", "string_list_data", _LABELS, "timestamp", "media", "fbid", "ent_name"}
        ),
    )


def _is_post(value: Json) -> bool:
    media = value.get("media")
    first = media[0] if isinstance(media, list) and media else None
    return isinstance(first, dict) and "creation_timestamp" in first and "uri" in first


def _evidence_of_posts(values: Sequence[Json]) -> int:
    return 2 if values and 2 * sum(map(_is_post, values)) >= len(values) else 0


_posted_at = first_of(at("creation_timestamp"), at("media", 0, "creation_timestamp"))
_first_title = at("media", 0, "title")


def _texts_of_post(post: Json) -> tuple[Any, ...]:
    return post.get("title"), _first_title([post])[0]


def _text_of_post(post: Json) -> str | None:
    """Return the text of a post: that of the whole, else, for a single picture, that of the picture."""
    texts = [undo_mojibake(text) for text in _texts_of_post(post) if isinstance(text, str)]
    return next((text for text in texts if text), "" if texts else None)


def _unpack_post(value: Json) -> Unpacked | None:
    counts = _repairs([value], _texts_of_post)
    return Unpacked([value], (), counts=counts) if counts else None


_POSTS = RecordMap(
    unpack=_unpack_post,
    fields=(Field("posted_at", _posted_at), Field("text", _of_each(_text_of_post))),
    known_keys=frozenset({"media", "title", "creation_timestamp"}),
)

INSTAGRAM_EXPORT = Format(
    name="instagram_export",
    title="Instagram's download of your information as JSON: followers",
    platform="instagram",
    evidence=_evidence_of("followers"),
    accounts=_accounts("followers", ("relationships_followers",)),
    members={"accounts": r"(?:^|(?:^|/)followers_and_following/)followers(?:_[0-9]+)?\.json$"},
    number_of_part=number_of_part,
    first_part=1,
    months_asked_for=months_asked_for,
    says=("survivors_only",),
)

INSTAGRAM_FOLLOWING = Format(
    name="instagram_following",
    title="Instagram's download of your information as JSON: accounts that the owner follows",
    platform="instagram",
    evidence=_evidence_of("following"),
    accounts=_accounts("following", ("relationships_following",)),
    members={"accounts": r"(?:^|/)following\.json$"},
    refusal=(
        "These are the accounts that the owner of the download follows, not the followers."
        " The followers are in followers_1.json of the same download."
    ),
)

INSTAGRAM_OTHER_LIST = Format(
    name="instagram_other_list",
    title="Instagram's download of your information as JSON: close friends, blocked accounts, requests, likes",
    platform="instagram",
    evidence=_evidence_of("other"),
    accounts=_accounts("other", ()),
    refusal=(
        "This is another list of Instagram's download (close friends, blocked accounts, requests, likes and the like),"
        " not the followers. The followers are in followers_1.json of the same download."
        " A file of labels and values (label_values) does not say what list it is: where it is that of the followers,"
        " name the format instagram_export."
    ),
)

INSTAGRAM_POSTS = Format(
    name="instagram_posts",
    title="Instagram's download of your information as JSON: posts of the owner",
    platform="instagram",
    evidence=_evidence_of_posts,
    posts=_POSTS,
    members={"posts": r"(?:^|/)(?:content|media)/posts_[0-9]+\.json$"},
    number_of_part=number_of_part,
    first_part=1,
    refusal=(
        "These are the posts of the owner of the download, not followers: they say when and what the account posted."
        " The followers are in followers_1.json of the same download."
    ),
)
