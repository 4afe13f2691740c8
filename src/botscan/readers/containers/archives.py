"""Parts: a list that comes in one file, in a zip archive or in a folder, as the sources to read in order.

Which files of an archive or a folder are taken is a question of their names alone: those that formats know first, else
those that end like data. What they hold is recognised by their content, as ever.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, Self

from botscan.errors import FormatError
from botscan.readers.containers.files import (
    DEFAULT_LIMITS,
    Limits,
    Source,
    cannot_read,
    look_at,
    open_source,
    printable,
)
from botscan.readers.containers.signatures import ZIP_STARTS, is_workbook, refuse_package
from botscan.readers.containers.zip_members import ZipArchive

Container = Literal["file", "zip", "folder"]
#: Names that are taken when no name fits better.
DATA_FILES = re.compile(r"\.(csv|tsv|txt|json|jsonl|ndjson|js|xlsx|parquet)(\.(gz|xz|bz2|zst))?$", re.IGNORECASE)

#: Folders inside folders that are looked into.
_DEEPEST = 8
_MOST_OTHERS = 100
_MOST_LISTED = 10
_LONGEST_LISTED = 100
#: Folder inside Instagram's download that holds followers on another service, under the same names.
_OTHER_SERVICE = "threads"
#: What macOS adds to archives.
_MACOS_EXTRAS = "__MACOSX"
_NUMBER = re.compile(r"([0-9]+)")
#: What browsers and file managers write into the name of a file that is there already, before its ending.
_COPY_MARK = re.compile(r" ?\([0-9]{1,3}\)(?=(?:\.[A-Za-z0-9]{1,10}){0,2}$)")


@dataclass(frozen=True)
class Parts:
    """The sources of one list, in the natural order of their names (followers_2 before followers_10).

    Attributes
    ----------
    container
        What was given: one file, a zip archive, a folder.
    sources
        What is read; one, when the container is a file.
    others
        Names of files that are not taken, the first 100.
    n_others
        Number of files that are not taken.
    is_known_by_name
        Whether the names are those that the caller looked for, not just those of data files.
    n_skipped
        Number of hidden files and folders, links, special files and folders too deep inside; none is looked at.
    """

    container: Container
    sources: tuple[Source, ...]
    others: tuple[str, ...] = ()
    n_others: int = 0
    n_skipped: int = 0
    is_known_by_name: bool = False
    _rest: tuple[str, ...] = field(default=(), repr=False)
    _box: _Box | None = field(default=None, repr=False)
    _opened: Source | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close what was opened here; a source that the caller gave stays open."""
        if self._opened is not None:
            self._opened.close()

    def find(self, pattern: re.Pattern[str]) -> Source | None:
        """Return the first file of an archive or a folder whose name fits, taken or not; None when there is none."""
        if self._box is None:
            return None
        names = sorted((name for name in self._box.names if is_known_as(name, (pattern,))), key=natural_order)
        return self._box.take(names[0]) if names else None

    @property
    def data_beside(self) -> tuple[str, ...]:
        """Names of the files that end like data and are not taken, in natural order."""
        return tuple(name for name in self._rest if DATA_FILES.search(name))


class _Box(Protocol):
    """Files under names with ``/`` between their parts."""

    names: tuple[str, ...]
    n_skipped: int

    def take(self, name: str) -> Source:
        """Return one of them."""


def open_parts(
    source: str | os.PathLike[str] | Source,
    *,
    groups: Sequence[Sequence[re.Pattern[str]]] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> Parts:
    """Open a path, standard input (``-``) or a source: a file, a zip archive or a folder.

    Parameters
    ----------
    source
        What is given. An Excel workbook is a file, although it is a zip archive inside.
    groups
        Patterns searched for in the names inside an archive or a folder, ``/`` between their parts. The files of the
        first group that fits any name are taken, and no others; `DATA_FILES` is the last group.
    limits
        Hold for every file, and for the members of an archive together.

    Raises
    ------
    FormatError
        The path leads to nothing that can be read, the archive is damaged or unsafe, or no name fits.
    """
    if not isinstance(source, Source) and not (isinstance(source, str) and source == "-"):
        place = look_at(source)
        if stat.S_ISDIR(place.mode):
            return _parts_of("folder", _Folder(place.path, place.name, limits), place.name, groups)
    opened = open_source(source, limits=limits)
    mine = None if opened is source else opened
    try:
        if not opened.first_bytes(len(ZIP_STARTS[0])).startswith(ZIP_STARTS):
            return Parts("file", (opened,), _opened=mine)
        archive = ZipArchive(opened, limits=limits)
        if is_workbook(archive.names):
            return Parts("file", (opened,), _opened=mine)
        refuse_package(archive.names, source=opened.name)
        return _parts_of("zip", _Zip(archive), opened.name, groups, mine)
    except BaseException:
        if mine is not None:
            mine.close()
        raise


def _parts_of(
    container: Container,
    box: _Box,
    name: str,
    groups: Sequence[Sequence[re.Pattern[str]]],
    opened: Source | None = None,
) -> Parts:
    names = sorted(box.names, key=natural_order)
    chosen, is_known = _chosen(names, groups)
    if not chosen:
        raise _nothing_found(container, names, name)
    taken = set(chosen)
    rest = tuple(one for one in names if one not in taken)
    others = tuple(map(printable, rest[:_MOST_OTHERS]))
    sources = tuple(box.take(one) for one in chosen)
    return Parts(container, sources, others, len(rest), box.n_skipped, is_known, rest, box, opened)


def _chosen(names: Sequence[str], groups: Sequence[Sequence[re.Pattern[str]]]) -> tuple[list[str], bool]:
    """Return the names of the first group that fits any, and whether that is one of the caller's."""
    for patterns in groups:
        found = [name for name in names if is_known_as(name, patterns)]
        if found:
            return found, True
    return [name for name in names if DATA_FILES.search(name)], False


def is_known_as(name: str, patterns: Sequence[re.Pattern[str]]) -> bool:
    """Whether a file is one of those that are looked for, also as a copy or in a folder of its own.

    Examples
    --------
    >>> patterns = [re.compile("^followers_[0-9]+.json$")]
    >>> [is_known_as(f"{name}.json", patterns) for name in ("followers_2 (1)", "older/followers_2", "my_followers_2")]
    [True, True, False]
    """
    plain = without_copy_mark(name)
    folders, _, alone = plain.rpartition("/")
    names = (plain,) if _OTHER_SERVICE in folders.casefold().split("/") else (plain, alone)
    return any(pattern.search(one) for pattern in patterns for one in names)


def without_copy_mark(name: str) -> str:
    """Return a name without the number that a browser gives to a file of which it holds one already.

    Examples
    --------
    >>> without_copy_mark("older/followers_2 (1).json"), without_copy_mark("followers_2.json.gz")
    ('older/followers_2.json', 'followers_2.json.gz')
    """
    return _COPY_MARK.sub("", name)


def _nothing_found(container: Container, names: Sequence[str], source: str) -> FormatError:
    words = "archive" if container == "zip" else "folder"
    if not names:
        return FormatError(f"The {words} holds no file.", source=source, remedy="Fetch or export the list again.")
    listed = ", ".join(printable(name)[:_LONGEST_LISTED] for name in names[:_MOST_LISTED])
    more = ", ..." if len(names) > _MOST_LISTED else ""
    return FormatError(
        f"The {words} holds no file that botscan knows by its name; seen: {listed}{more}.",
        source=source,
        remedy="Name the file that holds the list; unpack it first when it is inside an archive.",
    )


def natural_order(name: str) -> tuple[object, ...]:
    """Return a sort key: numbers by value, and the name before its ending, so that a first part without number leads.

    Examples
    --------
    >>> sorted(["f_10.json", "f_2.json", "f_1.json"], key=natural_order)
    ['f_1.json', 'f_2.json', 'f_10.json']
    >>> sorted(["follower-part1.js", "follower.js", "account.js"], key=natural_order)
    ['account.js', 'follower.js', 'follower-part1.js']
    """
    folder, _, last = name.rpartition("/")
    start = last[:1]
    stem, _, ending = last[1:].partition(".")
    return _natural(folder), _natural(start + stem), _natural(ending), name


def _natural(text: str) -> tuple[object, ...]:
    """Return text and numbers in turn; numbers by length and digits, which holds at any length."""
    parts = _NUMBER.split(text.casefold())
    digits = [(len(part.lstrip("0")), part.lstrip("0")) for part in parts[1::2]]
    return tuple(digits[place // 2] if place % 2 else part for place, part in enumerate(parts))


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == _MACOS_EXTRAS for part in name.split("/"))


class _Zip:
    """The files of an archive that are not hidden."""

    def __init__(self, archive: ZipArchive) -> None:
        self._archive = archive
        self.names = tuple(name for name in archive.names if not _is_hidden(name))
        self.n_skipped = len(archive.names) - len(self.names)

    def take(self, name: str) -> Source:
        """Return a member, under the limits of the archive."""
        return self._archive.member(name)


class _Folder:
    """The files of a folder that are not hidden; links and special files are never followed or opened."""

    def __init__(self, path: Path, name: str, limits: Limits) -> None:
        self._path = path
        self._name = name.rstrip("/") or name
        self._most = limits.members
        self.n_skipped = 0
        try:
            self.names = tuple(self._walk())
        except OSError as error:
            raise cannot_read(printable(str(error.filename or path)), error) from error

    def take(self, name: str) -> Source:
        """Return a file, once it is sure that it can be opened."""
        source = Source(f"{self._name}/{printable(name)}", path=self._path / name)
        source.open().close()
        return source

    def _walk(self) -> Iterator[str]:
        """Yield the names of files that are looked at; count the rest."""
        waiting = [("", 0)]
        n_seen = 0
        while waiting:
            inside, depth = waiting.pop()
            with os.scandir(self._path / inside) as entries:
                for entry in entries:
                    n_seen += 1
                    self._refuse_many(n_seen)
                    name = f"{inside}{entry.name}"
                    if _is_hidden(name):
                        self.n_skipped += 1
                    elif entry.is_file(follow_symlinks=False):
                        yield name
                    elif entry.is_dir(follow_symlinks=False) and depth < _DEEPEST:
                        waiting.append((f"{name}/", depth + 1))
                    else:
                        self.n_skipped += 1

    def _refuse_many(self, n_seen: int) -> None:
        if n_seen > self._most:
            raise FormatError(
                f"The folder holds more than {self._most:,} files.",
                source=self._name,
                remedy="Give the folder that holds only the list, or the file itself.",
            )
