"""Format: the declaration of one export format; a new format is one new file and one line in the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Unpacked:
    """The account objects in one JSON value, such as an API page.

    Attributes
    ----------
    records
        Account objects in order; what is no dict is rejected as ``not_an_object``.
    reasons
        Reject reason of each record (``not_found``, ...), None = fine; empty when all are fine.
    newest_first
        Whether the page is a piece of a follower list, which begins with the newest follower.
    complete
        Whether the page says that it is the last one; None when it does not tell.
    """

    records: Sequence[Any]
    reasons: Sequence[str | None] = ()
    newest_first: bool = False
    complete: bool | None = None


@dataclass(frozen=True)
class Field:
    """How one canonical column is taken from account objects.

    Attributes
    ----------
    column
        Canonical name.
    values
        Account objects to one JSON value each; None = not there.
    """

    column: str
    values: Callable[[Sequence[Json]], list[Any]]


def _itself(_: Json) -> Unpacked | None:
    return None


@dataclass(frozen=True)
class Format:
    """One export format.

    Attributes
    ----------
    name
        As in the reading report and the option ``format=``.
    title
        For messages.
    platform
        Platform that the format belongs to; None when a column or the caller must tell.
    evidence
        Sample of JSON objects to the number of distinctive keys found in them; 0 = not this format. None: the format
        has no signature of its own and its columns are found by their headers.
    unpack
        JSON object to the account objects inside it; None when it is one itself.
    fields
        How account objects give canonical columns.
    list_keys
        Keys under which pages hold their list, to save what is whole in a damaged page.
    known_keys
        Keys of account objects that are used or known to be of no use; others are reported.
    """

    name: str
    title: str
    platform: str | None = None
    evidence: Callable[[Sequence[Json]], int] | None = None
    unpack: Callable[[Json], Unpacked | None] = _itself
    fields: tuple[Field, ...] = ()
    list_keys: tuple[str, ...] = ()
    known_keys: frozenset[str] = field(default=frozenset())


def at(first: str, *steps: str | int) -> Callable[[Sequence[Json]], list[Any]]:
    """Return a function that takes the value at a path from each object, None where the path ends early.

    Parameters
    ----------
    first
        Key of the account object.
    *steps
        Keys of objects and positions in lists, one inside the other.

    Examples
    --------
    >>> at("entities", "urls", 0)([{"entities": {"urls": ["a"]}}, {"entities": None}, {}])
    ['a', None, None]
    """

    def values(records: Sequence[Json]) -> list[Any]:
        items: list[Any] = [record.get(first) for record in records]
        for step in steps:
            if isinstance(step, int):
                items = [item[step] if type(item) is list and len(item) > step else None for item in items]
            else:
                items = [item.get(step) if type(item) is dict else None for item in items]
        return items

    return values


def first_of(*sources: Callable[[Sequence[Json]], list[Any]]) -> Callable[[Sequence[Json]], list[Any]]:
    """Return a function that gives the first value that is there.

    Examples
    --------
    >>> first_of(at("id_str"), at("id"))([{"id": 7, "id_str": "7"}, {"id": 8}])
    ['7', 8]
    """

    def values(records: Sequence[Json]) -> list[Any]:
        first, *others = sources
        items = first(records)
        for source in others:
            if None in items:
                items = [other if item is None else item for item, other in zip(items, source(records), strict=True)]
        return items

    return values


def changed(
    source: Callable[[Sequence[Json]], list[Any]], change: Callable[[Any], Any]
) -> Callable[[Sequence[Json]], list[Any]]:
    """Return a function that changes each value that is there.

    Examples
    --------
    >>> changed(at("default"), opposite)([{"default": True}, {}])
    [False, None]
    """

    def values(records: Sequence[Json]) -> list[Any]:
        return [None if item is None else change(item) for item in source(records)]

    return values


def opposite(value: Any) -> Any:
    """Turn true and false round; anything else is not known."""
    return not value if isinstance(value, bool) else None


def objects_of(values: Sequence[Json], *list_keys: str) -> list[Mapping[str, Any]]:
    """Return the account objects of a sample: those listed under a key, else the values themselves.

    Examples
    --------
    >>> objects_of([{"users": [{"a": 1}, 5]}, {"b": 2}], "users")
    [{'a': 1}, {'b': 2}]
    """
    objects: list[Mapping[str, Any]] = []
    for value in values:
        listed = next((value[key] for key in list_keys if isinstance(value.get(key), list)), None)
        objects += [item for item in ([value] if listed is None else listed) if isinstance(item, dict)]
    return objects
