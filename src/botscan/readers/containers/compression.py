"""Compression: gzip, xz, bzip2 and zstd behind one small face, piece by piece and within bounds of memory.

A codec is known by its first bytes. Each of them may hold several members (streams, frames) in a row; what comes behind
the last one is told, not read. Expanding never asks for more than one piece at a time, so that whoever counts the
pieces can stop before a bomb unfolds.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import pyarrow as pa

#: Compressed bytes taken at a time, and the largest piece of expanded ones.
CHUNK_BYTES = 1 << 16
PIECE_BYTES = 1 << 20
#: First bytes that tell every codec.
MAGIC_BYTES = 10

_GZIP_WINDOW = 31  # zlib: 15 bits of window, gzip header and checksum
_RAW_WINDOW = -15  # zlib: 15 bits of window, neither header nor checksum
#: Room for the dictionary of the strongest preset of xz.
_XZ_MEMORY = 128 << 20

#: Opens the compressed bytes from their start.
Chunks = Callable[[], Iterator[bytes]]


class DamagedLayerError(ValueError):
    """The compressed data are not what their codec writes; never leaves this room."""


class MissingCodecError(RuntimeError):
    """Python or pyarrow was built without the codec; never leaves this room."""


class Decompressor(Protocol):
    """One member: what the decompressors of `lzma` and `bz2` have in common."""

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out without more going in."""

    @property
    def unused_data(self) -> bytes:
        """Bytes behind the end of the member."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Take compressed bytes, give at most `max_length` expanded ones."""


class Inflater:
    """zlib's decompressor with the manners of those of `lzma` and `bz2`.

    Examples
    --------
    >>> inflater = Inflater(_RAW_WINDOW)
    >>> inflater.decompress(zlib.compress(b"aaa", wbits=-15), 2), inflater.needs_input
    (b'aa', False)
    >>> inflater.decompress(b"", 2), inflater.eof
    (b'a', True)
    """

    def __init__(self, window: int = _RAW_WINDOW) -> None:
        self._inner = zlib.decompressobj(window)
        self._tail = b""
        self._was_full = False

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out without more going in."""
        return not (self._tail or self._was_full or self.eof)

    @property
    def unused_data(self) -> bytes:
        """Bytes behind the end of the member."""
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Take compressed bytes, give at most `max_length` expanded ones."""
        expanded = self._inner.decompress(self._tail + data, max_length)
        self._tail = self._inner.unconsumed_tail
        self._was_full = len(expanded) == max_length
        return expanded


class Layer(Protocol):
    """The expanded bytes of one source; iterate once.

    Attributes
    ----------
    cut_short
        After the iteration: the compressed data ended in the middle.
    trailing_garbage
        After the iteration: bytes after the last member were of another kind and were not read.
    """

    cut_short: bool
    trailing_garbage: bool

    def __iter__(self) -> Iterator[bytes]:
        """Yield pieces of at most `PIECE_BYTES`; raise DamagedLayerError."""


@dataclass(frozen=True)
class Codec:
    """One way to compress.

    Attributes
    ----------
    name
        For messages.
    magic
        Fits the first bytes.
    expand
        The layer over compressed bytes.
    """

    name: str
    magic: re.Pattern[bytes]
    expand: Callable[[Chunks], Layer]


class _Members:
    """A layer of members, each with a decompressor of its own."""

    def __init__(
        self,
        chunks: Chunks,
        magics: tuple[bytes, ...],
        open_member: Callable[[], Decompressor],
        damages: type[Exception],
    ) -> None:
        self._chunks = chunks
        self._magics = magics
        self._open_member = open_member
        self._damages = (damages, EOFError, ValueError)
        self.cut_short = False
        self.trailing_garbage = False

    def __iter__(self) -> Iterator[bytes]:
        """Walk through the members; `pending` holds compressed bytes that no member has taken yet."""
        chunks = self._chunks()
        member = self._open_member()
        is_first = True
        given = 0
        pending = b""
        while True:
            try:
                piece = member.decompress(pending, PIECE_BYTES)
            except self._damages as error:
                if is_first or given:
                    raise DamagedLayerError(str(error)) from error
                self.trailing_garbage = True  # it only began like a member
                return
            pending = b""
            if piece:
                given += len(piece)
                yield piece
            if member.eof:
                rest = self._next_member(member.unused_data, chunks)
                if rest is None:
                    return
                pending, member, is_first, given = rest, self._open_member(), False, 0
            elif member.needs_input:
                pending = next(chunks, b"")
                if not pending:
                    self.cut_short = True
                    return

    def _next_member(self, rest: bytes, chunks: Iterator[bytes]) -> bytes | None:
        """Return the bytes from the next member's magic on, or None when the members have ended."""
        length = len(self._magics[0])
        rest = rest.lstrip(b"\0")  # zero padding between and after members is legal
        while len(rest) < length and (more := next(chunks, b"")):
            rest = (rest + more).lstrip(b"\0")
        if rest.startswith(self._magics):
            return rest
        self.trailing_garbage = bool(rest)
        return None


_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
#: Expanded bytes asked for at a time; those of a cut file are asked for one by one from the last of these on.
_ZSTD_PIECE_BYTES = 1 << 18


class _ZstdLayer:
    """A layer of zstd frames, expanded by Arrow.

    Arrow loses the piece at hand when the data end too early. The bytes of that piece are then fetched again, one at a
    time, as far as they go.
    """

    def __init__(self, chunks: Chunks) -> None:
        self._chunks = chunks
        self.cut_short = False
        self.trailing_garbage = False

    def __iter__(self) -> Iterator[bytes]:
        given = 0
        frames = _ZstdFrames(self._chunks())
        stream = _zstd_stream(frames)
        while True:
            try:
                piece = stream.read(_ZSTD_PIECE_BYTES)
            except (pa.ArrowInvalid, OSError) as error:
                if not frames.cut_short:
                    raise DamagedLayerError(str(error)) from error
                piece = self._last_bytes(given)
            given += len(piece)
            if piece:
                yield piece
            if len(piece) < _ZSTD_PIECE_BYTES:
                break
        self.cut_short = frames.cut_short
        self.trailing_garbage = frames.trailing_garbage

    def _last_bytes(self, given: int) -> bytes:
        """Return what can be expanded behind the first `given` bytes."""
        stream = _zstd_stream(_ZstdFrames(self._chunks()))
        while given:
            given -= len(stream.read(min(given, _ZSTD_PIECE_BYTES)))
        last = bytearray()
        try:
            while byte := stream.read(1):
                last += byte
        except (pa.ArrowInvalid, OSError):
            pass  # the end that was expected
        return bytes(last)


def _zstd_stream(frames: _ZstdFrames) -> pa.CompressedInputStream:
    if not pa.Codec.is_available("zstd"):
        raise MissingCodecError("zstd")
    return pa.CompressedInputStream(pa.PythonFile(frames, mode="r"), "zstd")


class _ZstdFrames(io.RawIOBase):
    """The whole blocks of the frames at the start of some bytes, as a file.

    The blocks are only counted out here, so that a cut, and what stands behind the last frame, are seen for what they
    are. Frames that hold no data of the file (skippable ones) are left out.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._buffer = b""
        self._at = 0
        self._pieces = self._frames()
        self._ready = b""
        self.cut_short = False
        self.trailing_garbage = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes; there is always a size."""
        ready = [self._ready]
        n_ready = len(self._ready)
        while n_ready < size and (piece := next(self._pieces, b"")):
            ready.append(piece)
            n_ready += len(piece)
        joined = b"".join(ready)
        self._ready = joined[size:]
        return joined[:size]

    def _frames(self) -> Iterator[bytes]:
        try:
            while magic := self._take(4):
                if magic == _ZSTD_MAGIC:
                    yield from self._frame()
                elif _SKIPPABLE.fullmatch(magic):
                    self._skip(int.from_bytes(self._need(4), "little"))
                elif magic.strip(b"\0"):
                    self.trailing_garbage = True
                    return
        except EOFError:
            self.cut_short = True

    def _frame(self) -> Iterator[bytes]:
        """Yield header, blocks and checksum of a frame (RFC 8878, 3.1.1)."""
        descriptor = self._need(1)
        flags = descriptor[0]
        is_single = bool(flags & 0x20)
        content_size = (int(is_single), 2, 4, 8)[flags >> 6]
        dictionary = (0, 1, 2, 4)[flags & 3]
        yield _ZSTD_MAGIC + descriptor + self._need((not is_single) + dictionary + content_size)
        is_last = False
        while not is_last:
            header = self._need(3)
            value = int.from_bytes(header, "little")
            is_last = bool(value & 1)
            is_run = value >> 1 & 3 == 1
            yield header + self._need(1 if is_run else value >> 3)
        if flags & 4:
            yield self._need(4)

    def _take(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer at the end."""
        while len(self._buffer) - self._at < size and (chunk := next(self._chunks, b"")):
            self._buffer = self._buffer[self._at :] + chunk
            self._at = 0
        taken = self._buffer[self._at : self._at + size]
        self._at += len(taken)
        return taken

    def _need(self, size: int) -> bytes:
        taken = self._take(size)
        if len(taken) < size:
            raise EOFError
        return taken

    def _skip(self, size: int) -> None:
        while size:
            size -= len(self._need(min(size, CHUNK_BYTES)))


GZIP_MAGIC = b"\x1f\x8b"
_XZ_MAGIC = b"\xfd7zXZ\x00"
#: The level, then the mark of a first block or, in an empty file, that of the end.
_BZIP2_MAGICS = tuple(b"BZh%d" % level + mark for level in range(1, 10) for mark in (b"1AY&SY", b"\x17rE8P\x90"))


# Some builds of Python lack xz or bzip2: they are looked for only when a file needs them.


def _gzip(chunks: Chunks) -> Layer:
    return _Members(chunks, (GZIP_MAGIC,), lambda: Inflater(_GZIP_WINDOW), zlib.error)


def _xz(chunks: Chunks) -> Layer:
    try:
        import lzma
    except ImportError as error:
        raise MissingCodecError("xz") from error
    open_member = partial(lzma.LZMADecompressor, lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
    return _Members(chunks, (_XZ_MAGIC,), open_member, lzma.LZMAError)


def _bzip2(chunks: Chunks) -> Layer:
    try:
        import bz2
    except ImportError as error:
        raise MissingCodecError("bzip2") from error
    return _Members(chunks, _BZIP2_MAGICS, bz2.BZ2Decompressor, OSError)


#: Every codec that is read.
CODECS: tuple[Codec, ...] = (
    Codec("gzip", re.compile(re.escape(GZIP_MAGIC)), _gzip),
    Codec("xz", re.compile(re.escape(_XZ_MAGIC)), _xz),
    Codec("bzip2", re.compile(b"|".join(map(re.escape, _BZIP2_MAGICS))), _bzip2),
    Codec("zstd", re.compile(re.escape(_ZSTD_MAGIC) + b"|" + _SKIPPABLE.pattern), _ZstdLayer),
)


def codec_of(head: bytes) -> Codec | None:
    r"""Return the codec that begins with these bytes (`MAGIC_BYTES` of them tell), or None.

    Examples
    --------
    >>> codec_of(b"BZh91AY&SY").name
    'bzip2'
    >>> codec_of(b"BZhandle,x") is None
    True
    """
    return next((codec for codec in CODECS if codec.magic.match(head)), None)


def whole_head(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Join the first pieces until they are `size` bytes long, so that a magic is never seen in halves.

    Examples
    --------
    >>> list(whole_head(iter([b"a", b"b", b"c", b"d"]), 3))
    [b'abc', b'd']
    """
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= size:
            break
    if head:
        yield head
    yield from pieces
