"""Format: the declaration of one export format; a new format is one new file and one line in the list."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botscan.schema import RecordKind

Json = dict[str, Any]


@dataclass(frozen=True)
class Unpacked:
    """The records in one JSON value, such as an API page, or in one row of a table.

    Attributes
    ----------
    records
        Objects in order; what is no dict is rejected as ``not_an_object``.
    reasons
        Reject reason of each record (``not_found``, ...), None = fine; empty when all are fine.
    newest_first
        Whether the page is a piece of a follower list, which begins with the newest follower.
    complete
        Whether the page says that it is the last one; None when it does not tell.
    subject
        Account whose followers these are, id or handle as given; None when the page does not tell.
    counts
        Note code to the number of records it is about, for instance ``names_swapped``.
    """

    records: Sequence[Any]
    reasons: Sequence[str | None] = ()
    newest_first: bool = False
    complete: bool | None = None
    subject: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """How one canonical column is taken from objects.

    Attributes
    ----------
    column
        Canonical name.
    values
        Objects to one JSON value each; None = not there.
    """

    column: str
    values: Callable[[Sequence[Json]], list[Any]]


def _itself(_: Json) -> Unpacked | None:
    return None


@dataclass(frozen=True)
class RecordMap:
    """How records of one kind (accounts, posts, or points of a series) are found, and what their keys mean.

    Attributes
    ----------
    unpack
        JSON object, or row of a table as an object, to the records inside it; None when it is one itself.
    fields
        How objects give canonical columns. A table whose format has fields is read row by row as objects:
        ``a.b`` in its header is the key ``b`` inside ``a``. Empty: columns are found by their headers or keys.
    headers
        Canonical column to header words in the form of `botscan.readers.words.header_words.normalise`, best first;
        goes before the synonyms. For tables without `fields`, which are read fast.
    not_headers
        Header words that stand for nothing here, whatever the synonyms say.
    blank_is_false
        Flags that the format leaves blank for "no"; everywhere else blank is unknown.
    list_keys
        Keys under which pages hold their list, to save what is whole in a damaged page.
    known_keys
        Keys of objects that are used or known to be of no use; others are reported. Where `fields` is empty every
        header that names no column is reported.
    """

    unpack: Callable[[Json], Unpacked | None] = _itself
    fields: tuple[Field, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_headers: frozenset[str] = frozenset()
    blank_is_false: frozenset[str] = frozenset()
    list_keys: tuple[str, ...] = ()
    known_keys: frozenset[str] = frozenset()


@dataclass(frozen=True)
class About:
    """What a member of an archive says about the whole list.

    Attributes
    ----------
    subject
        Id of the account whose archive it is.
    observed_at
        When the archive was made, as text or number.
    """

    subject: str | None = None
    observed_at: str | int | None = None


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
        Sample of JSON objects to the number of distinctive keys found in them; 0 = not this format. None: never JSON.
    header_evidence
        Header words of a table (in the form of `botscan.readers.words.header_words.normalise`) to the number of
        distinctive ones; 0 = not this format. None: never a table.
    accounts, posts, series
        How such records are taken; None: the format holds none.
    refusal
        One plain sentence when the accounts in it are no followers ("These are accounts that somebody follows ...").
        Such a file is read as accounts only when the caller names the format. With `accounts` None the sentence says
        what the file is good for.
    by_name
        Regular expressions of file names under which a file that looks the same is another list, and what that is.
    members
        Kind of record to the regular expression of the names under which an archive or a folder holds it; searched in
        the whole path with ``/`` as separator.
    about
        Regular expressions of names of members that say something about the whole, and how they say it.
    number_of_part
        (name, JSON objects at its start) to the number of a part among several; None when it has none. Parts are put
        in the order of their numbers, and gaps are reported.
    first_part
        Number of the first part of a whole list; None: a list may begin anywhere.
    list_order
        ``newest_first`` or ``oldest_first`` for a format that is always a list in that order; else None, and pages say
        it themselves.
    is_lookup
        Whether it holds profiles that were asked for, not a list of followers: beside a list it only completes it.
    says
        Note codes that hold for every file of the format, for instance ``public_followers_only``.
    months_asked_for
        (oldest, newest follow time in seconds, number of them) to the months of the date range for which an export
        was perhaps asked; None where nothing points at one.
    cap
        Records to which the platform or tool cuts a list; a list that long is probably cut.
    """

    name: str
    title: str
    platform: str | None = None
    evidence: Callable[[Sequence[Json]], int] | None = None
    header_evidence: Callable[[Collection[str]], int] | None = None
    accounts: RecordMap | None = None
    posts: RecordMap | None = None
    series: RecordMap | None = None
    refusal: str = ""
    by_name: tuple[tuple[str, str], ...] = ()
    members: Mapping[RecordKind, str] = field(default_factory=dict)
    about: tuple[tuple[str, Callable[[Json], About]], ...] = ()
    number_of_part: Callable[[str, Sequence[Json]], int | None] | None = None
    first_part: int | None = None
    list_order: str | None = None
    is_lookup: bool = False
    says: tuple[str, ...] = ()
    months_asked_for: Callable[[float, float, int], int | None] | None = None
    cap: int | None = None

    def record_map(self, kind: RecordKind) -> RecordMap | None:
        """Return how records of a kind are taken; None when the format holds none."""
        maps: dict[RecordKind, RecordMap | None] = {
            "accounts": self.accounts,
            "posts": self.posts,
            "series": self.series,
        }
        return maps[kind]


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
