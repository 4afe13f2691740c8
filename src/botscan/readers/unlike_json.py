"""JSON that is no list: what it is instead, for a refusal that helps."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeGuard

from botscan.errors import FormatError
from botscan.readers.format import Json
from botscan.readers.words.header_words import normalise

#: Keys under which Facebook's download of your data lists followers.
_FACEBOOK = re.compile(r"followers(?:_v[0-9]+)?")
_KEYS_OF_FACEBOOK = frozenset({"name", "timestamp"})

#: All keys of answers that say why there is nothing else in them.
_KEYS_OF_ERRORS = frozenset({
    "code", "data", "description", "detail", "documentation_url", "error", "error_code", "error_description",
    "errors", "message", "meta", "name", "ok", "reason", "request", "status", "status_code", "statusCode", "success",
    "title", "type",
})  # fmt: skip
_SAYS_WHY = ("message", "detail", "error_description", "description", "title", "error", "reason")
#: What may be the name of somebody begins here.
_END_OF_WORDS = re.compile(
    r"[^A-Za-z ,.\-/]|(?<=\buser) (?!not|has|is|was|does|auth|access|context|token|rate|limit|must|or\b|and\b|id\b)"
    r"|(?<=\bnamed) |(?<=\baccount) (?!not|has|is|was|does|must|suspended|or\b|and\b|id\b)",
    re.IGNORECASE,
)
_LONGEST_MESSAGE = 120
_LONGEST_CODE = 10**6

#: Keys that wrap lists in the answers of APIs and in exports; safe to print, whatever stands in them.
_WRAPPERS = frozenset({
    "accounts", "account", "connections", "content", "contents", "count", "cursor", "data", "edges", "entries",
    "errors", "followers", "following", "friends", "info", "items", "list", "lists", "meta", "metadata", "node",
    "nodes", "page", "pages", "paging", "payload", "records", "relationships", "response", "result", "results",
    "rows", "status", "user", "users", "value", "values",
})  # fmt: skip
_LONGEST_KEY = 60


def refuse_unlike(sample: Sequence[Json], source: str) -> None:
    """Raise FormatError when JSON objects are a known kind of what is no list of records."""
    why = [_error_in(value) for value in sample]
    if sample and all(why):
        raise FormatError(
            f"The API answered an error instead of a list: {why[0]}.",
            source=source,
            remedy="Ask it again, with a valid key and below its limits.",
        )
    if len(sample) != 1:
        return
    (value,) = sample
    if _is_of_facebook(value):
        raise FormatError(
            "This is Facebook's download of your data, which lists followers by name only, without any id or address:"
            " two people of one name cannot be told apart and nothing can be scored.",
            source=source,
            remedy="Facebook offers no other list of followers; give a table that you have by other means.",
        )
    if _is_by_columns(value):
        raise FormatError(
            "This is JSON of a table column by column, as pandas writes it by itself.",
            source=source,
            remedy='Write it row by row: df.to_json(path, orient="records", lines=True).',
        )
    lists = [key for key, inner in value.items() if isinstance(inner, list) and inner and key in _WRAPPERS]
    if len(lists) > 1:
        raise FormatError(
            f"This is an object that holds {len(lists)} lists: {', '.join(lists)}.",
            source=source,
            remedy="Save the list of followers alone, as an array of objects.",
        )


def keys_to_show(sample: Sequence[Json], is_known: Callable[[str], bool]) -> list[str]:
    """Return the keys of objects for a message; keys that may be names or ids of people as their length.

    Parameters
    ----------
    sample
        The objects.
    is_known
        Whether a key is one that stands for something in a record.

    Examples
    --------
    >>> keys_to_show([{"followers_v9": [], "handle": "ani"}], {"handle"}.__contains__)
    ['followers_v9', 'handle']
    >>> keys_to_show([{"ani.kopi": {"handle": 1}, "budi": {"handle": 2}}], {"handle"}.__contains__)
    ['text of 8 characters', 'text of 4 characters']
    """
    shown: dict[str, None] = {}
    for value in sample:
        is_by_name = _is_by_name(value, is_known)
        for key in value:
            is_safe = is_known(key) or key in _WRAPPERS or not is_by_name
            shown.setdefault(key if is_safe and len(key) <= _LONGEST_KEY else f"text of {len(key)} characters")
    return list(shown)


def _is_by_name(value: Json, is_known: Callable[[str], bool]) -> bool:
    """Whether the keys of an object may tell whom its values are about: each holds an account, or all look alike."""
    inner = [one for key, one in value.items() if key not in _WRAPPERS and not is_known(key)]
    if any(isinstance(one, dict) and any(map(is_known, one)) for one in inner):
        return True
    if len(inner) < 2:
        return False
    alike = {tuple(sorted(one)) if isinstance(one, dict) else type(one) for one in inner}
    return len(alike) == 1 and len(inner) == len(value)


def _error_in(value: Json) -> str | None:
    """Return what an answer says is wrong, as words that name nobody; None when it is no answer of this kind."""
    if not value or not _KEYS_OF_ERRORS.issuperset(value) or value.get("data"):
        return None
    errors = value.get("errors")
    places: list[Any] = [*(errors[:1] if isinstance(errors, list) else ()), value.get("error"), value]
    for place in places:
        if isinstance(place, str) and place.strip():
            return _words(place)
        if not isinstance(place, Mapping):
            continue
        text = next((place[key] for key in _SAYS_WHY if isinstance(place.get(key), str) and place[key].strip()), None)
        is_one = place is not value or "errors" in value or _is_about_a_fault(value)
        if text is not None and is_one:
            code = next((code for key in ("code", "error_code", "status") if _is_code(code := place.get(key))), None)
            return _words(text) + ("" if code is None else f" (code {code})")
    return None


def _is_about_a_fault(value: Json) -> bool:
    """Whether an answer without errors speaks of one all the same: by its code, or by where to read about it."""
    is_refused = value.get("ok") is False or value.get("success") is False or "documentation_url" in value
    status = value.get("status", value.get("code", value.get("statusCode", value.get("error_code"))))
    return is_refused or (_is_code(status) and status >= 400)


def _is_code(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LONGEST_CODE


def _words(text: str) -> str:
    """Return the beginning of a message up to where it may name somebody."""
    text = " ".join(text.split())
    found = _END_OF_WORDS.search(text)
    words = (text if found is None else text[: found.start()])[:_LONGEST_MESSAGE].rstrip(" ,.-/")
    return words or "an error without words"


def _is_of_facebook(value: Json) -> bool:
    for key, entries in value.items():
        if not _FACEBOOK.fullmatch(key) or not isinstance(entries, list):
            continue
        seen = [entry for entry in entries[:10] if isinstance(entry, dict)]
        if key != "followers" and not entries:
            return True
        if seen and all("name" in entry and _KEYS_OF_FACEBOOK.issuperset(entry) for entry in seen):
            return True
    return False


def _is_by_columns(value: Json) -> bool:
    """Whether an object holds a table by columns, by the numbers of its rows, or as names beside rows."""
    if {"columns", "data"} <= value.keys() and isinstance(value["data"], list):
        return isinstance(value["columns"], list) and all(isinstance(row, list) for row in value["data"][:10])
    columns = list(value.values())
    if not columns or not all(isinstance(column, dict) and column for column in columns):
        return False
    if all(map(_is_number, value)):  # orient="index"
        return True
    rows = list(columns[0])
    return all(map(_is_number, rows)) and all(list(column) == rows for column in columns)


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdigit()


def is_comment_list(headers: Sequence[str]) -> bool:
    """Whether headers or keys are those of a list of comments: it holds who commented, not who follows.

    Examples
    --------
    >>> is_comment_list(["Comment ID", "Username", "Comment", "Date"]), is_comment_list(["Username", "Comment"])
    (True, False)
    """
    words = {normalise(header) for header in headers}
    return bool(words & _OF_COMMENTS) or (bool(words & _COMMENT) and len(words & _BESIDE_A_COMMENT) > 1)


_OF_COMMENTS = frozenset({
    "comment id", "comment text", "comment date", "comment url", "comment link", "comment likes", "comment likes count",
    "commented at", "id komentar", "isi komentar", "teks komentar", "tanggal komentar", "tautan komentar",
})  # fmt: skip
_COMMENT = frozenset({"comment", "komentar"})
_BESIDE_A_COMMENT = frozenset({
    "date", "time", "timestamp", "tanggal", "waktu", "likes", "like count", "suka", "jumlah suka", "replies", "balasan",
    "reply count",
})  # fmt: skip
