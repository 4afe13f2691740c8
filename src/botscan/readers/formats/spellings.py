"""Keys that tools spell in several ways (``full_name``, ``fullName``, ``Full Name``), and values that may be blank."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from botscan.readers.format import Json, first_of

#: A longer key is none that is known; its end is not looked at.
_LONGEST_KEY = 60


def squeezed(key: str) -> str:
    """Return a key without what differs between spellings.

    Examples
    --------
    >>> squeezed("full_name"), squeezed("fullName"), squeezed("Full Name")
    ('fullname', 'fullname', 'fullname')
    """
    return key[:_LONGEST_KEY].replace("_", "").replace(" ", "").replace("-", "").lower()


def names_of(spellings: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    """Return every word squeezed, and the names themselves, to the names.

    Examples
    --------
    >>> dict(names_of({"full_name": ["real name"]}))
    {'full_name': 'full_name', 'fullname': 'full_name', 'realname': 'full_name'}
    """
    names = {name: name for name in spellings}
    names |= {squeezed(word): name for name, words in spellings.items() for word in (name, *words)}
    return MappingProxyType(names)


def renamed(record: Json, names: Mapping[str, str]) -> Json:
    """Return an object with its known keys under one name each; the first that is filled holds.

    Examples
    --------
    >>> renamed({"fullName": "", "Full Name": "Ana", "new": 1}, names_of({"full_name": []}))
    {'full_name': 'Ana', 'new': 1}
    """
    result: Json = {}
    for key, value in record.items():
        name = names.get(key) or names.get(squeezed(key), key)
        if name not in result or (is_blank(result[name]) and not is_blank(value)):
            result[name] = value
    return result


def is_blank(value: Any) -> bool:
    """Whether there is no value: None, or a cell with nothing in it."""
    return value is None or (isinstance(value, str) and not value.strip())


def filled(*keys: str) -> Callable[[Sequence[Json]], list[Any]]:
    """Return a function that gives the first value that is not blank.

    Examples
    --------
    >>> filled("a", "b")([{"a": "", "b": 7}, {"a": "x"}, {"b": " "}])
    [7, 'x', None]
    """

    def values(records: Sequence[Json]) -> list[Any]:
        return [next((record[key] for key in keys if not is_blank(record.get(key))), None) for record in records]

    return values


def known_count(value: Any) -> Any:
    """Return a count; -1 stands for likes that are hidden, and what is neither text nor number is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    return None if value in (-1, "-1") else value


def counts(*sources: Callable[[Sequence[Json]], list[Any]]) -> Callable[[Sequence[Json]], list[Any]]:
    """Return a function that gives the first count that is known."""
    return first_of(*(_known(source) for source in sources))


def _known(source: Callable[[Sequence[Json]], list[Any]]) -> Callable[[Sequence[Json]], list[Any]]:
    return lambda records: [known_count(value) for value in source(records)]


def is_id(value: Any) -> bool:
    """Whether a value can be an id: text that is not blank, or a number."""
    return isinstance(value, int | float | str) and not isinstance(value, bool) and not is_blank(value)


def is_zero(value: Any) -> bool:
    """Whether a count is zero, as a number or as text."""
    return value.strip() == "0" if isinstance(value, str) else isinstance(value, int | float) and value == 0
