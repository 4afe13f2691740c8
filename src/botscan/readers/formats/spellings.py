"""Keys that tools spell in several ways (``full_name``, ``fullName``, ``Full Name``), and values that may be blank."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from botscan.readers.format import Json, first_of

#: A longer key is none that is known; its end is not looked at.
_LONGEST_KEY = 60
#: Characters of all keys of an object whose names are remembered; records of one list have the same keys.
_MOST_CHARACTERS = 4_000


def squeezed(key: str) -> str:
    """Return a key without what differs between spellings.

    Examples
    --------
    >>> squeezed("full_name"), squeezed("fullName"), squeezed("Full Name")
    ('fullname', 'fullname', 'fullname')
    """
    return key[:_LONGEST_KEY].replace("_", "").replace(" ", "").replace("-", "").lower()


class Names(Mapping[str, str]):
    """Words and the names that they stand for; each is equal to itself only, so that what it says can be remembered."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = dict(names)

    def __getitem__(self, word: str) -> str:
        return self._names[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def name_of(self, key: str) -> str:
        """Return the name that a key stands for; a key that is not known stands for itself."""
        return self._names.get(key) or self._names.get(squeezed(key), key)


def names_of(spellings: Mapping[str, Iterable[str]]) -> Names:
    """Return every word squeezed, and the names themselves, to the names.

    Examples
    --------
    >>> dict(names_of({"full_name": ["real name"]}))
    {'full_name': 'full_name', 'fullname': 'full_name', 'realname': 'full_name'}
    """
    names = {name: name for name in spellings}
    names |= {squeezed(word): name for name, words in spellings.items() for word in (name, *words)}
    return Names(names)


def renamed(record: Json, names: Names) -> Json:
    """Return an object with its known keys under one name each; the first that is filled holds.

    Examples
    --------
    >>> renamed({"fullName": "", "Full Name": "Ana", "new": 1}, names_of({"full_name": []}))
    {'full_name': 'Ana', 'new': 1}
    """
    is_short = len("".join(record)) <= _MOST_CHARACTERS
    found = (_remembered_names if is_short else _names_for)(tuple(record), names)
    if found is not None:
        return dict(zip(found, record.values(), strict=True))
    result: Json = {}
    for key, value in record.items():
        name = names.name_of(key)
        if name not in result or (is_blank(result[name]) and not is_blank(value)):
            result[name] = value
    return result


def _names_for(keys: tuple[str, ...], names: Names) -> tuple[str, ...] | None:
    """Return the name of each key; None where two keys have the same."""
    found = tuple(map(names.name_of, keys))
    return found if len(set(found)) == len(found) else None


_remembered_names = lru_cache(maxsize=256)(_names_for)


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
    first, *others = keys

    def values(records: Sequence[Json]) -> list[Any]:
        items = _unless_blank(first, records)
        for key in others:
            if None not in items:
                break
            items = [
                other if item is None else item for item, other in zip(items, _unless_blank(key, records), strict=True)
            ]
        return items

    return values


def first_filled(record: Json, *keys: str) -> Any:
    """Return the first value of one object that is not blank.

    Examples
    --------
    >>> first_filled({"a": "", "b": 7}, "a", "b")
    7
    """
    for key in keys:
        value = record.get(key)
        if value is not None and not is_blank(value):
            return value
    return None


def _unless_blank(key: str, records: Sequence[Json]) -> list[Any]:
    items = [record.get(key) for record in records]
    if items.count(None) == len(items):
        return items
    return [None if isinstance(item, str) and (not item or item.isspace()) else item for item in items]


def known_count(value: Any) -> Any:
    """Return a count; -1 stands for likes that are hidden, and what is neither text nor number is none."""
    if isinstance(value, str):
        return None if value == "-1" else value
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value != -1 else None


def counts(*sources: Callable[[Sequence[Json]], list[Any]]) -> Callable[[Sequence[Json]], list[Any]]:
    """Return a function that gives the first count that is known."""
    return first_of(*(_known(source) for source in sources))


def _known(source: Callable[[Sequence[Json]], list[Any]]) -> Callable[[Sequence[Json]], list[Any]]:
    return lambda records: [None if value is None else known_count(value) for value in source(records)]


def is_id(value: Any) -> bool:
    """Whether a value can be an id: text that is not blank, or a number."""
    return isinstance(value, int | float | str) and not isinstance(value, bool) and not is_blank(value)


def is_zero(value: Any) -> bool:
    """Whether a count is zero, as a number or as text."""
    return value.strip() == "0" if isinstance(value, str) else isinstance(value, int | float) and value == 0
