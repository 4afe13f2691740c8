"""Files: a source of bytes that can be read from the start again, checked before it is opened.

Nothing here decides what the bytes mean. A path is looked at with ``stat`` first, so that a directory, a pipe or a
device is refused at once instead of hanging; standard input is spooled so that it can be read twice.
"""

from __future__ import annotations

import io
import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from botscan.errors import FormatError

#: Bytes read at a time.
CHUNK_BYTES = 1 << 20
#: Standard input up to this size stays in memory.
_SPOOL_IN_MEMORY = 64 << 20

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_SPECIAL_FILES = (
    (stat.S_ISDIR, "a folder", "Name a file inside it."),
    (stat.S_ISFIFO, "a pipe", 'Send it to standard input and give "-" as the path.'),
    (stat.S_ISSOCK, "a socket", "Save the data to a file first."),
    (stat.S_ISCHR, "a device", "Save the data to a file first."),
    (stat.S_ISBLK, "a device", "Save the data to a file first."),
)


@dataclass(frozen=True)
class Limits:
    """How much a source may hold before it is refused; every limit can be raised by the caller.

    Attributes
    ----------
    expanded_bytes
        Largest size of compressed data once expanded, and of standard input.
    expansion_ratio
        Largest ratio of expanded to compressed bytes, looked at once `ratio_from_bytes` are expanded.
    ratio_from_bytes
        Expanded size from which the ratio counts; small repetitive files are fine.
    record_bytes
        Largest record; a longer one is rejected as ``too_long``.
    members
        Most members of an archive and most entries of a folder.
    """

    expanded_bytes: int = 4 << 30
    expansion_ratio: int = 100
    ratio_from_bytes: int = 16 << 20
    record_bytes: int = 64 << 20
    members: int = 100_000


DEFAULT_LIMITS = Limits()


class _SpoolReader(io.RawIOBase):
    """One reader of a spool with a position of its own; closing it leaves the spool to its Source."""

    def __init__(self, spool: IO[bytes]) -> None:
        super().__init__()
        self._spool = spool
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position}.get(whence)
        self._position = self._spool.seek(0, io.SEEK_END) + offset if start is None else start + offset
        return self._position

    def read(self, size: int | None = -1, /) -> bytes:
        self._spool.seek(self._position)
        data = self._spool.read(-1 if size is None else size)
        self._position += len(data)
        return data


class Source:
    """Bytes that can be read from the start again and again: a file, or a spool of standard input.

    A member of an archive is the third kind (`botscan.readers.containers.zip_members.MemberSource`): it opens in its
    own way.

    Attributes
    ----------
    name
        The path as the caller gave it, with unprintable characters escaped.
    packed_bytes
        What the bytes take where they lie, when that is less than they are: they are packed in an archive already.

    Examples
    --------
    >>> with open_source("-") as source:  # doctest: +SKIP
    ...     plan = plan_reading(source)
    ...     batches = read_batches(source, plan)
    """

    def __init__(self, name: str, *, path: Path | None = None, spool: IO[bytes] | None = None) -> None:
        self.name = name
        self.packed_bytes: int | None = None
        self._path = path
        self._spool = spool

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the spool, if there is one; a file is left alone."""
        if self._spool is not None:
            self._spool.close()

    def open(self) -> io.RawIOBase:
        """Open for reading from the first byte."""
        if self._spool is not None:
            return _SpoolReader(self._spool)
        assert self._path is not None
        try:
            return self._path.open("rb", buffering=0)
        except OSError as error:
            raise cannot_read(self.name, error) from error

    def first_bytes(self, size: int) -> bytes:
        """Return the first `size` bytes, fewer when the source is shorter."""
        file = self.open()
        try:
            return file.read(size) or b""
        except OSError as error:
            raise cannot_read(self.name, error) from error
        finally:
            file.close()

    def chunks(self, size: int = CHUNK_BYTES) -> Iterator[bytes]:
        """Yield the bytes from the start."""
        file = self.open()
        try:
            while chunk := file.read(size):
                yield chunk
        except OSError as error:
            raise cannot_read(self.name, error) from error
        finally:
            file.close()

    def stamp(self) -> tuple[int, int] | None:
        """Return size and time of the last change, to notice a file that changes while it is read."""
        if self._path is None:
            return None
        try:
            status = self._path.stat()
        except OSError:
            return (-1, -1)
        return (status.st_size, status.st_mtime_ns)


def open_source(source: str | os.PathLike[str] | Source, *, limits: Limits = DEFAULT_LIMITS) -> Source:
    """Return a readable source for a path, or for standard input when the path is ``-``.

    Raises
    ------
    FormatError
        The path is a URL, a folder, a pipe, a device or a socket, is missing or cannot be read.
    """
    if isinstance(source, Source):
        return source
    if isinstance(source, str) and source == "-":
        if sys.stdin is None:
            raise FormatError("There is none to read.", source="standard input", remedy="Give the path of a file.")
        return spool("standard input", sys.stdin.buffer, limits=limits)
    place = look_at(source)
    for is_kind, words, remedy in _SPECIAL_FILES:
        if is_kind(place.mode):
            raise FormatError(f"Found {words} where a file is wanted.", source=place.name, remedy=remedy)
    opened = Source(place.name, path=place.path)
    opened.open().close()
    return opened


@dataclass(frozen=True)
class Place:
    """A path that leads to something.

    Attributes
    ----------
    path, name
        The path; the same as one line that can be printed.
    mode
        What `os.stat` says of it, links followed.
    """

    path: Path
    name: str
    mode: int


def look_at(path: str | os.PathLike[str]) -> Place:
    """Say what a path leads to without opening it.

    Raises
    ------
    FormatError
        It is a web address, no file can have the name, or nothing is there that may be looked at.
    """
    if not isinstance(path, str | os.PathLike):
        raise FormatError(
            f"Found {type(path).__name__} where a path is wanted.",
            remedy="Give the path of a file; a table in memory goes to AccountTable.from_frame.",
        )
    text = os.fsdecode(path)
    name = printable(text)
    if _URL.match(text):
        raise FormatError(
            "Found a web address; botscan never opens the network.",
            source=name,
            remedy="Download the file first and give its path.",
        )
    if "\0" in text:
        raise FormatError("Found a path with a NUL character.", source=name, remedy="Give the path of a file.")
    try:
        return Place(Path(text), name, Path(text).stat().st_mode)
    except OSError as error:
        raise cannot_read(name, error) from error
    except UnicodeError as error:
        raise FormatError("No file can have this name.", source=name, remedy="Check the path.") from error


def spool(name: str, stream: IO[bytes], *, limits: Limits = DEFAULT_LIMITS) -> Source:
    """Copy a stream that can be read only once to a temporary file without a name, under the limits."""
    copy = tempfile.SpooledTemporaryFile(max_size=_SPOOL_IN_MEMORY)  # noqa: SIM115  closed by Source.close
    try:
        _copy(name, stream, copy, limits)
    except BaseException:
        copy.close()
        raise
    return Source(name, spool=copy)


def _copy(name: str, stream: IO[bytes], copy: IO[bytes], limits: Limits) -> None:
    size = 0
    try:
        while chunk := stream.read(CHUNK_BYTES):
            size += len(chunk)
            if size > limits.expanded_bytes:
                raise FormatError(
                    f"Found more than {limits.expanded_bytes:,} bytes.",
                    source=name,
                    remedy="Save the data to a file, or raise the limit.",
                )
            copy.write(chunk)
    except OSError as error:
        raise cannot_read(name, error) from error


def printable(path: str) -> str:
    r"""Return a path as one line that can always be printed.

    Examples
    --------
    >>> printable("two\nlines.csv")
    'two\\nlines.csv'
    """
    try:
        text = os.fsencode(path).decode("utf-8", "backslashreplace")
    except UnicodeError:
        text = path
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def cannot_read(name: str, error: OSError) -> FormatError:
    """Return the error for a file that the system does not hand over."""
    reason = error.strerror or type(error).__name__
    return FormatError(f"The file cannot be read ({reason}).", source=name, remedy="Check the path and its rights.")
