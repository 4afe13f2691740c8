"""PlatformGuide: the ways to a list of followers, and which columns each gives, computed from the declarations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import pyarrow as pa

from botscan.accounts.coverage import Coverage
from botscan.accounts.derive import derive_columns
from botscan.accounts.id_dates import has_datable_ids
from botscan.readers.formats import FORMAT, Format
from botscan.schema import ACCOUNT_COLUMN, COLUMNS_OF, RecordKind

#: What stands behind a sentence: the file or botscan itself, a public page, or memory that nobody has checked.
Basis = Literal["file", "page", "memory"]
#: Followers, profiles that complete a list of them, posts of followers, posts of the own account, counts over time.
Gives = Literal["list", "profiles", "posts", "own_posts", "series"]
ListOrder = Literal["newest_first", "by_followed_at", "none"]

_KIND: dict[Gives, RecordKind] = {
    "list": "accounts",
    "profiles": "accounts",
    "posts": "posts",
    "own_posts": "posts",
    "series": "series",
}
#: Attributes of a way that hold claims, in the order in which they are told.
PARTS: tuple[str, ...] = ("steps", "cost", "limits", "bias", "order", "absent")
#: What stands behind a sentence from memory.
NOT_CHECKED = "(not checked)"


@dataclass(frozen=True)
class Claim:
    """One or two sentences and what stands behind them.

    Attributes
    ----------
    text
        Plain English.
    basis
        ``file``: it follows from the file, or from what botscan does. ``page``: the page at `source` says so.
        ``memory``: nobody has compared it with the service.
    source
        Address of the page, else empty.

    Examples
    --------
    >>> str(recalled("Free of charge.")), str(shown("No counts."))
    ('Free of charge. (not checked)', 'No counts.')
    """

    text: str
    basis: Basis
    source: str = ""

    def __str__(self) -> str:
        return f"{self.text} {NOT_CHECKED}" if self.basis == "memory" else self.text


def shown(text: str) -> Claim:
    """Return a claim that follows from the file itself, or from what botscan does."""
    return Claim(text, "file")


def stated(text: str, source: str) -> Claim:
    """Return a claim that a public page makes."""
    return Claim(text, "page", source)


def recalled(text: str) -> Claim:
    """Return a claim from memory, not compared with the service."""
    return Claim(text, "memory")


@dataclass(frozen=True)
class Way:
    """One way to a list of followers, or to what completes it.

    Attributes
    ----------
    name
        Stable key, in snake case.
    title
        For a person.
    gives
        What the files of this way hold.
    formats
        Names of the formats it yields.
    steps
        How to get the files, in order.
    cost, limits, bias
        What it costs; how much of it there is and who may; how the list differs from all followers.
    list_order
        In which order the followers stand.
    order
        The same for a person, and what it is good for.
    absent
        What it does not give.
    not_filled
        Columns that its formats may hold and this way leaves empty.
    ask
        What to ask the service for, to be copied; empty where there is nothing to choose.
    command
        What to type when the file is there.
    """

    name: str
    title: str
    gives: Gives
    formats: tuple[str, ...]
    steps: tuple[Claim, ...]
    cost: tuple[Claim, ...]
    limits: tuple[Claim, ...] = ()
    bias: tuple[Claim, ...] = ()
    list_order: ListOrder = "none"
    order: tuple[Claim, ...] = ()
    absent: tuple[Claim, ...] = ()
    not_filled: frozenset[str] = frozenset()
    ask: str = ""
    command: str = ""

    @property
    def kind(self) -> RecordKind:
        """Kind of record that the files hold."""
        return _KIND[self.gives]


@dataclass(frozen=True)
class PlatformGuide:
    """How to get lists of one platform, and what they are good for.

    Attributes
    ----------
    platform
        Canonical name.
    title
        Name for a person.
    summary
        What to know first.
    ways
        What the platform itself offers first; of that the richest first.
    id_dates
        What ids say about the day an account was made.
    """

    platform: str
    title: str
    summary: tuple[Claim, ...]
    ways: tuple[Way, ...]
    id_dates: tuple[Claim, ...]

    def columns_of(self, way: Way) -> tuple[str, ...]:
        """Return the canonical columns that a way gives, in schema order.

        Declared columns of its formats, without those it leaves empty, and for accounts also what botscan makes of
        them: lengths and digits, the creation date where ids hold one, the rank where the order is known.

        Examples
        --------
        >>> way = Way("x", "X", "list", ("x_archive_follower",), steps=(), cost=())
        >>> PlatformGuide("twitter", "X", (), (way,), ()).columns_of(way)
        ('account_id', 'platform', 'created_at', 'created_at_precision', 'observed_at')
        """
        declared = {name for one in way.formats for name in declared_columns(FORMAT[one], way.kind)} - way.not_filled
        if way.kind == "accounts":
            declared |= _made_columns(declared, self.platform, way.list_order)
            if any(FORMAT[name].about for name in way.formats):
                declared.add("observed_at")  # another member of the archive says when it was made
        return tuple(name for name in COLUMNS_OF[way.kind] if name in declared)

    def level_of(self, way: Way) -> int | None:
        """Return the evidence level that a list of this way can reach; None for posts and counts over time.

        Examples
        --------
        >>> way = Way("x", "X", "list", ("mastodon",), steps=(), cost=())
        >>> PlatformGuide("mastodon", "Mastodon", (), (way,), ()).level_of(way)
        3
        """
        if way.kind != "accounts":
            return None
        return Coverage(dict.fromkeys(self.columns_of(way), 1.0)).evidence_level

    def level_names(self) -> tuple[str, ...]:
        """Return the names of the levels that lists of this platform can have; a table may hold anything up to 3."""
        gives = {way.gives for way in self.ways}
        beyond = [name for name, what in (("4", "posts"), ("series", "series")) if what in gives]
        return ("0", "1", "2", "3", *beyond)

    def describe(self, way: Way) -> dict[str, Any]:
        """Return a way as plain data: names, the computed columns and level, and each claim as an object."""
        return {
            "name": way.name,
            "title": way.title,
            "gives": way.gives,
            "formats": list(way.formats),
            "level": self.level_of(way),
            "columns": list(self.columns_of(way)),
            "list_order": way.list_order,
            **{part: [asdict(claim) for claim in getattr(way, part)] for part in PARTS},
            "ask": way.ask,
            "command": way.command,
        }

    def refused_formats(self) -> tuple[Format, ...]:
        """Return the formats of this platform whose accounts are no followers."""
        return tuple(one for one in FORMAT.values() if one.platform == self.platform and one.refusal)


def declared_columns(one: Format, kind: RecordKind) -> tuple[str, ...]:
    """Return the canonical columns that a format can give, in schema order; all where its headers decide.

    Examples
    --------
    >>> declared_columns(FORMAT["mastodon_followers"], "accounts"), declared_columns(FORMAT["label_file"], "posts")
    (('handle',), ())
    """
    record_map = one.record_map(kind)
    if record_map is None:
        return ()
    named = {field.column for field in record_map.fields} | set(record_map.headers)
    return tuple(name for name in COLUMNS_OF[kind] if name in named or not named)


def _made_columns(declared: set[str], platform: str, list_order: ListOrder) -> set[str]:
    """Return the account columns that botscan adds to declared ones."""
    made: set[str] = {"platform"}
    if "account_id" in declared and has_datable_ids(platform):
        made.add("created_at")
    if "created_at" in declared | made:
        made.add("created_at_precision")
    if list_order != "none" or "followed_at" in declared:
        made.add("follow_rank")
    return made | _derived(sorted(declared))


def _derived(names: Sequence[str]) -> set[str]:
    """Return what the texts among columns say besides, asked of the code that derives it."""
    columns = {name: pa.nulls(0, ACCOUNT_COLUMN[name].arrow_type) for name in names}
    derive_columns(columns)
    return set(columns)
