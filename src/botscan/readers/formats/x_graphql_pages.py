"""Answers of X's web interface: the accounts, posts and cursors in them wherever they stand; also inside a HAR."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from botscan.readers.format import Json
from botscan.readers.objects.json_values import parse_value

_MARK_WORDS = (
    "user_results user_result user_result_by_screen_name tweet_results sortIndex entryId itemContent cursorType"
    " clientEventInfo rest_id is_blue_verified relationship_counts about_profile legacy core"
)
#: Keys that hardly anything else than an answer of X has.
_MARKS = frozenset(_MARK_WORDS.split())
_LISTED = ("user_results", "user_result")
_ASKED_FOR = ("user_result_by_screen_name", "user_result_by_rest_id")
_TIMELINES = ("timeline", "timeline_v2")
#: The text of an answer about accounts or posts holds one of these.
_IN_ANSWERS = (b"user_result", b"cursorType", b'"rest_id"')
_MOST_SORT_DIGITS = 20
#: Characters of base64 that are decoded to see whether JSON begins there.
_FIRST_BASE64 = 64


@dataclass(frozen=True)
class Listed:
    """One account or post in an answer.

    Attributes
    ----------
    result
        What stands under ``result``; None when nothing does.
    sort_index
        Falls along a list.
    component
        Name of the list that it was shown in, lower case; empty when the answer does not tell.
    """

    result: Any
    sort_index: int | None = None
    component: str = ""


@dataclass
class Answer:
    """What one answer of X's web interface holds.

    Attributes
    ----------
    users, posts, asked_for
        Accounts of lists, posts, and accounts that were asked for one by one.
    bottoms
        Values of the cursors at the end of a list.
    marks
        Distinctive keys that occur.
    subject
        Id of the account whose list it is, when the answer tells.
    is_list_of_user
        Whether there is a list that belongs to an account.
    """

    users: list[Listed] = field(default_factory=list)
    posts: list[Listed] = field(default_factory=list)
    asked_for: list[Listed] = field(default_factory=list)
    bottoms: list[str] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    subject: str | None = None
    is_list_of_user: bool = False

    @property
    def kind(self) -> str | None:
        """``followers``, ``following``, ``users`` (of an unknown list), ``posts`` or ``user`` (one asked for)."""
        components = {user.component for user in self.users}
        if any(map(is_followers, components)):
            return "followers"
        if any(map(is_following, components)):
            return "following"
        if self.posts:
            return "posts"
        if self.users:
            return "followers" if self.is_list_of_user and components == {""} else "users"
        if self.asked_for:
            return "user"
        return "followers" if self.is_list_of_user and self.bottoms else None


def is_followers(component: str) -> bool:
    """Whether a list is one of followers, by its name."""
    return "followers" in component


def is_following(component: str) -> bool:
    """Whether a list is one of accounts that somebody follows, by its name."""
    return component.startswith("following")


def read_answer(value: Any) -> Answer:
    """Find everything in an answer, in the order in which it stands there.

    Examples
    --------
    >>> entry = {"sortIndex": "7", "content": {"itemContent": {"user_results": {"result": {"rest_id": "1"}}}}}
    >>> read_answer({"data": {"anything": [entry]}}).users
    [Listed(result={'rest_id': '1'}, sort_index=7, component='')]
    """
    answer = Answer()
    waiting: list[tuple[Any, int | None, str]] = [(value, None, "")]
    while waiting:
        node, sort_index, component = waiting.pop()
        if isinstance(node, dict):
            place = (_sort_index(node, sort_index), _component(node, component))
            inner = _visit(node, answer, *place)
        else:
            place, inner = (sort_index, component), node
        waiting += [(item, *place) for item in reversed(inner) if isinstance(item, dict | list)]
    return answer


def _visit(node: Json, answer: Answer, sort_index: int | None, component: str) -> list[Any]:
    """Note what an object holds; return what is inside and still to be looked at."""
    answer.marks |= _MARKS.intersection(node)
    if _is_post(node):
        answer.posts.append(Listed(node, sort_index, component))
        return []
    if node.get("cursorType") == "Bottom" and isinstance(node.get("value"), str):
        answer.bottoms.append(node["value"])
    if _timeline_of(node) and isinstance(node.get("rest_id"), str):
        answer.subject = node["rest_id"] or None
    inner: list[Any] = []
    for key, item in node.items():
        if key in _LISTED:
            _add(answer.users, item, answer, sort_index, component)
        elif key == "tweet_results":
            _add(answer.posts, item, answer, sort_index, component)
        elif key in _ASKED_FOR or (key in ("user", "users") and _holds_account(item)):
            _add(answer.asked_for, item, answer, sort_index, component)
        elif key != "viewer":  # the account that was signed in
            answer.is_list_of_user |= key == "user" and isinstance(item, dict) and _timeline_of(item.get("result"))
            inner.append(item)
    return inner


def _add(to: list[Listed], holders: Any, answer: Answer, sort_index: int | None, component: str) -> None:
    for holder in holders if isinstance(holders, list) else [holders]:
        result = holder.get("result") if isinstance(holder, dict) else holder
        if isinstance(result, dict):
            answer.marks |= _MARKS.intersection(result)
        to.append(Listed(result, sort_index, component))


def _holds_account(holders: Any) -> bool:
    """Whether ``user`` or ``users`` holds accounts themselves, not what belongs to one."""
    items = holders if isinstance(holders, list) else [holders]
    results = [item.get("result") for item in items if isinstance(item, dict)]
    return bool(results) and all(
        isinstance(result, dict)
        and not _timeline_of(result)
        and (result.get("__typename") == "UserUnavailable" or is_account(result))
        for result in results
    )


def is_account(value: Json) -> bool:
    """Whether an object is an account as X's web interface writes it.

    Examples
    --------
    >>> is_account({"rest_id": "1", "core": {"screen_name": "contoh"}}), is_account({"rest_id": "1"})
    (True, False)
    """
    if "rest_id" not in value:
        return False
    return any(isinstance(inner := value.get(key), dict) and "screen_name" in inner for key in ("core", "legacy"))


def _is_post(node: Json) -> bool:
    legacy = node.get("legacy")
    return isinstance(legacy, dict) and "full_text" in legacy


def _timeline_of(result: Any) -> bool:
    return isinstance(result, dict) and any(isinstance(result.get(key), dict) for key in _TIMELINES)


def _sort_index(node: Json, outer: int | None) -> int | None:
    text = node.get("sortIndex")
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= _MOST_SORT_DIGITS:
        return int(text)
    return text if type(text) is int and text >= 0 else outer


def _component(node: Json, outer: str) -> str:
    info = node.get("clientEventInfo")
    name = info.get("component") if isinstance(info, dict) else None
    return name.lower() if isinstance(name, str) else outer


def har_entries(value: Json) -> list[Any] | None:
    """Return the entries of a browser recording (HAR), or of a piece of a damaged one; None for anything else.

    Examples
    --------
    >>> har_entries({"log": {"version": "1.2", "entries": []}}), har_entries({"entries": [{"entryId": "user-1"}]})
    ([], None)
    """
    log = value.get("log")
    holder = log if isinstance(log, dict) else value
    entries = holder.get("entries")
    if not isinstance(entries, list):
        return None
    is_named = holder is log and ("version" in holder or "creator" in holder)
    return entries if is_named or any(isinstance(item, dict) and "response" in item for item in entries) else None


def answers_in(value: Json) -> Iterator[Answer | None]:
    """Yield the answers in a HAR, None for each that is damaged; a value that is no HAR is one answer itself.

    Nothing of a HAR but the contents of its answers is looked at: no address, header or cookie.
    """
    entries = har_entries(value)
    if entries is None:
        yield read_answer(value)
        return
    for body in _bodies(entries):
        parsed = None if body is None else parse_value(body)
        yield None if parsed is None or parsed.flaw is not None else read_answer(parsed.value)


def _bodies(entries: Sequence[Any]) -> Iterator[bytes | None]:
    """Yield the contents that are answers about accounts or posts; None for one that cannot be decoded."""
    for entry in entries:
        response = entry.get("response") if isinstance(entry, dict) else None
        content = response.get("content") if isinstance(response, dict) else None
        text = content.get("text") if isinstance(content, dict) else None
        if not isinstance(content, dict) or not isinstance(text, str):
            continue
        body = _from_base64(text) if content.get("encoding") == "base64" else text.encode("utf-8", "replace")
        if body is None or (body.lstrip().startswith(b"{") and any(mark in body for mark in _IN_ANSWERS)):
            yield body


def _from_base64(text: str) -> bytes | None:
    """Decode JSON in base64; nothing for other contents, such as pictures, None for what is damaged."""
    try:
        start = base64.b64decode(text[:_FIRST_BASE64])
        return base64.b64decode(text) if start.lstrip().startswith(b"{") else b""
    except (binascii.Error, ValueError):  # ValueError: letters beyond ASCII
        return None
