"""Zip archives: the list of members checked as a whole, single members expanded in memory as sources.

Nothing is ever extracted. `zipfile` reads the list of members only: it gives out a member that ends before its declared
size, and expands more at a time than it is asked for, so the members' bytes are read here.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, cast

from botscan.errors import FormatError
from botscan.readers.containers.compression import CHUNK_BYTES, PIECE_BYTES, Inflater, whole_head
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits, Source, cannot_read, printable
from botscan.readers.containers.signatures import ZIP_STARTS

#: Largest list of members, far beyond what the most members need.
_DIRECTORY_BYTES = 32 << 20
_DIRECTORY_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_STORED, _DEFLATED = 0, 8
#: Bits of a member's flags: encrypted, strongly encrypted, names hidden; name is UTF-8.
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UTF8_NAME = 0x800
#: Kinds of file in a member's mode: not told, file, folder, and the pipe that a packed stream came from.
_KINDS = frozenset({0, stat.S_IFREG, stat.S_IFDIR, stat.S_IFIFO})
_DRIVE = re.compile(r"[A-Za-z]:")
_LONGEST_SHOWN_NAME = 200

_PACK_AGAIN = "Fetch or pack the archive again."
_DAMAGES = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    struct.error,
    zlib.error,
    NotImplementedError,
    UnicodeError,
    EOFError,
    ValueError,
    OverflowError,
)


@dataclass(frozen=True)
class _Member:
    """One member as the list of members declares it."""

    name: str
    raw_name: bytes
    method: int
    crc: int
    size: int
    packed: int
    offset: int

    @property
    def end(self) -> int:
        """Where the member's bytes end at the earliest."""
        return self.offset + _LOCAL_HEADER.size + len(self.raw_name) + self.packed


class ZipArchive:
    """The members of a zip archive, none of them opened yet.

    Parameters
    ----------
    source
        The archive; it stays open for as long as its members are read, and is closed by the caller.
    limits
        Hold for every member and for all that are taken together.

    Raises
    ------
    FormatError
        The archive is damaged, or anything in it is not what an honest archive holds: encryption, links and devices,
        unsafe names, two members of one name, members that overlap, too many members.

    Attributes
    ----------
    names
        Names of the members that are files, with ``/`` between their parts, in the order of the archive.

    Examples
    --------
    >>> packed = io.BytesIO()
    >>> with zipfile.ZipFile(packed, "w") as made:
    ...     made.writestr("lists/followers.csv", "username")
    >>> archive = ZipArchive(Source("made.zip", spool=packed))
    >>> archive.names
    ('lists/followers.csv',)
    >>> member = archive.member("lists/followers.csv")
    >>> member.name, b"".join(member.chunks())
    ('made.zip/lists/followers.csv', b'username')
    """

    def __init__(self, source: Source, *, limits: Limits = DEFAULT_LIMITS) -> None:
        self._source = source
        self._limits = limits
        self._taken: set[str] = set()
        self._taken_bytes = 0
        file = source.open()
        try:
            self._size = file.seek(0, io.SEEK_END)
            members = [self._checked(info) for info in self._infos(file)]
        except OSError as error:
            raise cannot_read(source.name, error) from error
        except _DAMAGES as error:
            raise self._refused("The zip archive is damaged or cut short.", _PACK_AGAIN) from error
        finally:
            file.close()
        self._refuse_overlap(members)
        self._members = self._by_name(members)
        self.names = tuple(self._members)

    def member(self, name: str) -> MemberSource:
        """Return a member as a source.

        Raises
        ------
        FormatError
            It expands too far, alone or with those taken before, or it is packed in a way that is not read.
        """
        member = self._members[name]
        if member.method not in {_STORED, _DEFLATED}:
            raise FormatError(
                f"The member is packed by method {member.method}, which is not read.",
                source=self._name_of(member),
                remedy="Unpack the archive, or pack it again as a plain zip.",
            )
        self._refuse_bomb(member.size, member.packed, self._name_of(member))
        if name not in self._taken:
            self._refuse_bomb(self._taken_bytes + member.size, self._size, self._source.name)
            self._taken.add(name)
            self._taken_bytes += member.size
        return MemberSource(self._name_of(member), self._source, member)

    def _infos(self, file: io.RawIOBase) -> list[zipfile.ZipInfo]:
        directory = _Directory(file, self._source.name, self._limits)
        with zipfile.ZipFile(cast("IO[bytes]", directory)) as archive:
            return archive.infolist()

    def _checked(self, info: zipfile.ZipInfo) -> _Member:
        name = self._safe_name(info.orig_filename)
        if info.flag_bits & _ENCRYPTED:
            raise self._refused("The archive is encrypted.", "Unpack it with its password, and give the list itself.")
        if stat.S_IFMT(info.external_attr >> 16) not in _KINDS:
            raise self._refused(f"Found a link or a device in the archive ({_shown(name)}).", "Unpack it yourself.")
        raw_name = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8_NAME else "cp437")
        return _Member(
            "" if _is_folder(info) else name,
            raw_name,
            info.compress_type,
            info.CRC,
            info.file_size,
            info.compress_size,
            info.header_offset,
        )

    def _safe_name(self, name: str) -> str:
        r"""Return a member's name with ``/`` between its parts; a name that leads out of its folder is refused."""
        parts = name.replace("\\", "/").split("/")
        if not parts[0] or _DRIVE.match(name) or ".." in parts or "\0" in name:
            raise self._refused(
                f"Found a member with an unsafe name ({_shown(name)}).",
                "Nobody packs a list so; fetch the archive again from where it comes.",
            )
        return "/".join(part for part in parts if part not in {"", "."})

    def _by_name(self, members: list[_Member]) -> dict[str, _Member]:
        found: dict[str, _Member] = {}
        for member in members:
            if member.name in found:
                raise self._refused(f"Found two members of one name ({_shown(member.name)}).", _PACK_AGAIN)
            if member.name:
                found[member.name] = member
        return found

    def _refuse_overlap(self, members: list[_Member]) -> None:
        reached = 0
        for member in sorted(members, key=lambda one: one.offset):
            if member.offset < reached or member.end > self._size:
                raise self._refused("The members of the archive overlap, as in a bomb.", _PACK_AGAIN)
            reached = member.end

    def _refuse_bomb(self, size: int, packed: int, name: str) -> None:
        limits = self._limits
        if size > limits.expanded_bytes:
            raise FormatError(
                f"This expands to more than {limits.expanded_bytes:,} bytes.",
                source=name,
                remedy="Split it, or unpack it first.",
            )
        if size > limits.ratio_from_bytes and size > limits.expansion_ratio * packed:
            raise FormatError(
                f"This expands to more than {limits.expansion_ratio} times its size, as a bomb does.",
                source=name,
                remedy="Unpack it first if you trust it.",
            )

    def _name_of(self, member: _Member) -> str:
        return f"{self._source.name}/{_shown(member.name)}"

    def _refused(self, problem: str, remedy: str) -> FormatError:
        return FormatError(problem, source=self._source.name, remedy=remedy)


class MemberSource(Source):
    """One member of a zip archive, expanded anew each time it is opened; it can only be read forward."""

    def __init__(self, name: str, archive: Source, member: _Member) -> None:
        super().__init__(name)
        self.packed_bytes = member.packed
        self._archive = archive
        self._member = member

    def open(self) -> io.RawIOBase:
        """Open for reading from the first byte."""
        return _MemberFile(self._pieces())

    def stamp(self) -> tuple[int, int] | None:
        """Return size and time of the last change of the archive."""
        return self._archive.stamp()

    def _pieces(self) -> Iterator[bytes]:
        """Yield the expanded bytes, never more than declared; at the end they must be just what was declared."""
        file = self._archive.open()
        try:
            self._seek(file)
            given = crc = 0
            for piece in whole_head(self._expanded(file), len(ZIP_STARTS[0])):
                if not given and piece.startswith(ZIP_STARTS):
                    raise FormatError(
                        "Found an archive or a workbook inside the archive.",
                        source=self.name,
                        remedy="Unpack the outer archive and give what is inside.",
                    )
                given += len(piece)
                if given > self._member.size:
                    raise self._wrong_size()
                crc = zlib.crc32(piece, crc)
                yield piece
        except OSError as error:
            raise cannot_read(self.name, error) from error
        except (zlib.error, struct.error, ValueError) as error:
            raise self._damaged() from error
        finally:
            file.close()
        if given != self._member.size:
            raise self._wrong_size()
        if crc != self._member.crc:
            raise self._damaged()

    def _seek(self, file: io.RawIOBase) -> None:
        """Go to the first byte behind the member's own header, which must agree with the list of members."""
        file.seek(self._member.offset)
        header = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size) or b"")
        magic, flags, method, name_length, extra_length = header[0], header[2], header[3], header[9], header[10]
        is_known = magic == ZIP_STARTS[0] and method == self._member.method and not flags & _ENCRYPTED
        if not is_known or file.read(name_length) != self._member.raw_name:
            raise self._damaged()
        file.seek(extra_length, io.SEEK_CUR)

    def _expanded(self, file: io.RawIOBase) -> Iterator[bytes]:
        if self._member.method == _STORED:
            yield from self._packed(file)
            return
        inflater = Inflater()
        for chunk in self._packed(file):
            yield inflater.decompress(chunk, PIECE_BYTES)
            while not (inflater.needs_input or inflater.eof):
                yield inflater.decompress(b"", PIECE_BYTES)
            if inflater.unused_data:
                raise self._damaged()
        if not inflater.eof:
            raise self._damaged()

    def _packed(self, file: io.RawIOBase) -> Iterator[bytes]:
        left = self._member.packed
        while left:
            chunk = file.read(min(left, CHUNK_BYTES))
            if not chunk:
                raise self._damaged()
            left -= len(chunk)
            yield chunk

    def _damaged(self) -> FormatError:
        return FormatError("The member of the archive is damaged.", source=self.name, remedy=_PACK_AGAIN)

    def _wrong_size(self) -> FormatError:
        return FormatError(
            f"The member is not of the {self._member.size:,} bytes that the archive declares.",
            source=self.name,
            remedy=_PACK_AGAIN,
        )


class _MemberFile(io.RawIOBase):
    """The pieces of a member as a file that is read forward."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._ready = b""
        self._at = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """Return `size` bytes, fewer only at the end."""
        wanted = sys.maxsize if size is None or size < 0 else size
        taken = self._take(wanted)
        while len(taken) < wanted and (piece := next(self._pieces, None)) is not None:
            self._ready, self._at = piece, 0
            taken += self._take(wanted - len(taken))
        return taken

    def _take(self, size: int) -> bytes:
        taken = self._ready[self._at : self._at + size]
        self._at += len(taken)
        return taken


class _Directory(io.RawIOBase):
    """An archive as `zipfile` sees it: a list of members that is too long is not handed over."""

    def __init__(self, file: io.RawIOBase, name: str, limits: Limits) -> None:
        super().__init__()
        self._file = file
        self._name = name
        self._most = limits.members
        self._size = file.seek(0, io.SEEK_END)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def read(self, size: int | None = -1, /) -> bytes:
        left = max(self._size - self._file.tell(), 0)
        size = left if size is None or size < 0 else min(size, left)
        data = b"" if size > _DIRECTORY_BYTES else self._file.read(size) or b""
        if size > _DIRECTORY_BYTES or data.count(_DIRECTORY_ENTRY) > self._most:
            raise FormatError(
                f"The archive holds more than {self._most:,} members, or their names fill more than"
                f" {_DIRECTORY_BYTES:,} bytes.",
                source=self._name,
                remedy="Unpack it and give the list itself.",
            )
        return data


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.orig_filename.endswith(("/", "\\")) or stat.S_ISDIR(info.external_attr >> 16)


def _shown(name: str) -> str:
    text = printable(name)
    return text if len(text) <= _LONGEST_SHOWN_NAME else text[:_LONGEST_SHOWN_NAME] + "\u2026"
