"""Opening a list: its parts, what each of them is, and which belong together."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from botscan.errors import FormatError
from botscan.notes import Note
from botscan.readers.choose import Wishes
from botscan.readers.containers.archives import Parts, is_known_as, open_parts
from botscan.readers.containers.encodings import behind, find_encoding, join, text_blocks
from botscan.readers.containers.expand import Expanded
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits, Source, printable
from botscan.readers.format import About, Json
from botscan.readers.formats import FORMATS, Format
from botscan.readers.formats.surroundings import is_about_something_else
from botscan.readers.formats.x_archive import config_head, script_head
from botscan.readers.objects.json_records import JsonReader
from botscan.readers.recognise import Recognised, recognise
from botscan.schema import RecordKind

#: A path, ``-`` for standard input, an opened source, opened parts, or several paths of files of one list.
SourceLike: TypeAlias = str | os.PathLike[str] | Source | Parts | Sequence[str | os.PathLike[str]]

_MOST_NAMED = 10
#: Taken where nothing better is there, so that the refusal says what to ask for.
_REFUSED_NAMES = (re.compile(r"(?:^|/)followers(?:_[0-9]+)?\.html$"),)
#: Of several files that are no list the one with such a name is what was meant.
_LIKE_A_LIST = re.compile(r"(?:follower|pengikut|subscriber|fans)[^/]*$", re.IGNORECASE)


@dataclass(frozen=True)
class Group:
    """Parts of one list that are read as one stream: one format, the same columns.

    Attributes
    ----------
    parts
        Sources in order, and what they are.
    notes
        What is to be told about the parts.
    about
        What the archive says about the whole.
    """

    parts: tuple[tuple[Source, Recognised], ...]
    notes: tuple[Note, ...] = ()
    about: About = field(default_factory=About)

    @property
    def format(self) -> Format:
        """Format of all parts."""
        return self.parts[0][1].format

    @property
    def name(self) -> str:
        """Name of the first part."""
        return self.parts[0][0].name


@dataclass(frozen=True)
class OpenedList:
    """All that was found under the names that the caller gave.

    Attributes
    ----------
    name
        As the caller gave it; the first of several.
    groups
        Parts that belong together, in the order of their first part.
    """

    name: str
    groups: tuple[Group, ...]


@contextmanager
def opened_list(source: SourceLike, wishes: Wishes, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[OpenedList]:
    """Open a source and recognise its parts; closed at the end unless it was given opened.

    Raises
    ------
    FormatError
        There is nothing to read, or a part cannot be read.
    """
    with ExitStack() as stack:
        given = _several(source)
        containers = [_open(one, wishes, limits, stack) for one in given]
        found: _Found = {}
        notes: list[Note] = []
        for container in containers:
            for part in _recognised(container, wishes, limits, notes):
                found.setdefault(_key(part[1]), []).append(part)
        found = _with_empty_pages(found)
        groups = [_group(parts, containers, limits) for parts in found.values()]
        groups[0] = Group(groups[0].parts, (*groups[0].notes, *notes), groups[0].about)
        yield OpenedList(_name(given[0], containers[0]), tuple(groups))


def _several(source: SourceLike) -> Sequence[str | os.PathLike[str] | Source | Parts]:
    if isinstance(source, str | os.PathLike | Source | Parts):
        return (source,)
    if not source:
        raise FormatError("No file was named.", remedy="Name at least one list.")
    return source


def _name(given: str | os.PathLike[str] | Source | Parts, opened: Parts) -> str:
    """Return what a list is called: a folder or archive by its own name."""
    if opened.container != "file" and isinstance(given, str | os.PathLike) and given != "-":
        return printable(os.fspath(given))
    return opened.sources[0].name


def member_names(kind: RecordKind, named: str | None = None) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of the names under which formats know their files: those of followers, or of one format."""
    wanted = [one for one in FORMATS if (not one.refusal or kind != "accounts" if named is None else one.name == named)]
    return tuple(re.compile(one.members[kind]) for one in wanted if kind in one.members)


def open_input(
    source: str | os.PathLike[str] | Source,
    kind: RecordKind,
    *,
    named: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Parts:
    """Open a path, to be read more than once, as `plan_reading` and `read_batches` do; `named` is a format."""
    if isinstance(source, str) and not source:
        # To the system it is the folder one stands in, which nobody meant.
        raise FormatError("The path of the list is empty.", remedy="Give the path of a file, an archive or a folder.")
    return open_parts(source, groups=[member_names(kind, named), _REFUSED_NAMES], limits=limits)


def _open(source: str | os.PathLike[str] | Source | Parts, wishes: Wishes, limits: Limits, stack: ExitStack) -> Parts:
    if isinstance(source, Parts):
        return source
    opened = open_input(source, wishes.kind, named=wishes.format, limits=limits)
    if not isinstance(source, Source):
        stack.callback(opened.close)
    return opened


def _recognised(
    container: Parts, wishes: Wishes, limits: Limits, notes: list[Note]
) -> Iterator[tuple[Source, Recognised]]:
    """Yield the parts that can be read; what else lies in a folder or archive is told, not read.

    Beside files that are known by their names no other is opened: it is told by its name alone.
    """
    is_strict = len(container.sources) == 1 or container.is_known_by_name
    skipped: list[tuple[str, FormatError]] = []
    formats: set[str] = set()
    for source in container.sources:
        try:
            recognised = recognise(source, wishes, limits=limits)
        except FormatError as error:
            if is_strict:
                raise
            skipped.append((source.name, error))
            continue
        formats.add(recognised.format.name)
        yield source, recognised
    if skipped and not formats:
        raise next((error for name, error in skipped if _LIKE_A_LIST.search(name)), skipped[0][1])
    names = [name for name, _ in skipped]
    if container.is_known_by_name:
        beside = container.data_beside
        unknown = [name for name in beside if not _is_of_the_export(name, formats, wishes.kind)]
        names += map(printable, unknown)
        if len(beside) > len(unknown):
            notes.append(Note("export_files_not_read", count=len(beside) - len(unknown)))
    if names:
        notes.append(Note("parts_skipped", count=len(names), numbers={"names": ", ".join(names[:_MOST_NAMED])}))


def _is_of_the_export(name: str, formats: Collection[str], kind: RecordKind) -> bool:
    """Whether a file is known to hold something else than the list that lies beside it."""
    if is_known_as(name, _ALL_MEMBERS):  # a list that was not asked for, such as the accounts followed
        return True
    if kind == "accounts" and _LIKE_A_LIST.search(name):
        return False
    return any(is_about_something_else(name, form) for form in formats)


#: Names of the files of every format, whatever they hold.
_ALL_MEMBERS = tuple(re.compile(pattern) for one in FORMATS for pattern in one.members.values())


def _key(recognised: Recognised) -> tuple[object, ...]:
    is_table = recognised.holds in ("table", "parquet", "workbook")
    headers = frozenset(recognised.headers) if is_table else None
    names = recognised.lines and recognised.lines.kind
    # Pages of ids and user objects may be of one format: the first are a list, the others profiles for it. Ids and
    # handles a line fill different columns, and days are counted from one epoch in a list.
    told = (recognised.scalar_key, recognised.names_only, names, recognised.is_1904)
    return (recognised.format.name, recognised.holds, headers, *told)


_Found: TypeAlias = dict[tuple[object, ...], list[tuple[Source, Recognised]]]


def _with_empty_pages(found: _Found) -> _Found:
    """Put pages in which no account was seen to others of their format, where there are any."""
    kept = {key: parts for key, parts in found.items() if key[-1] is not None or key[1] != "json"}
    for key, parts in found.items():
        if key in kept:
            continue
        alike = next((other for other in kept if other[:-1] == key[:-1]), key)
        kept.setdefault(alike, []).extend(parts)
    return kept


def _group(parts: Sequence[tuple[Source, Recognised]], containers: Sequence[Parts], limits: Limits) -> Group:
    numbers = [recognised.part for _, recognised in parts]
    notes: list[Note] = []
    if all(number is not None for number in numbers):
        parts = sorted(parts, key=lambda part: part[1].part or 0)
        notes = _gaps(parts[0][1].format, [number for number in numbers if number is not None])
    about = About()
    for container in containers:
        about = _merged(about, _about(parts[0][1].format, container, limits))
    return Group(tuple(parts), tuple(notes), about)


def _gaps(form: Format, numbers: Sequence[int]) -> list[Note]:
    """Tell the numbers that are missing between the first part and the last."""
    if form.first_part is None or max(numbers) - form.first_part > 10 * len(numbers) + 1000:
        return []
    missing = sorted(set(range(form.first_part, max(numbers) + 1)) - set(numbers))
    if not missing:
        return []
    named = ", ".join(str(number) for number in missing[:_MOST_NAMED])
    return [Note("parts_missing", count=len(missing), numbers={"names": named})]


def _merged(first: About, second: About) -> About:
    return About(first.subject or second.subject, first.observed_at or second.observed_at)


def _about(form: Format, container: Parts, limits: Limits) -> About:
    """Read the members of an archive that say something about the whole."""
    about = About()
    for pattern, say in form.about:
        member = container.find(re.compile(pattern))
        if member is None:
            continue
        try:
            about = _merged(about, _said_by(member, say, limits))
        except FormatError:
            continue  # it would only have told more
    return about


def _said_by(member: Source, say: Callable[[Json], About], limits: Limits) -> About:
    expanded = Expanded(member, limits=limits)
    encoding = find_encoding(member.first_bytes(4096), None, source=member.name)
    text = join(list(islice(text_blocks(expanded, encoding, source=member.name), 2)))
    script = script_head(text.data)
    start = config_head(text.data) if script is None else script[2]
    content = behind(text, start or 0)
    first = next(JsonReader("values", limits=limits).values([content]), None)
    return About() if first is None else say(first)
