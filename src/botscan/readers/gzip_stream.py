"""Gzip: expand one layer, piece by piece, and stop before a bomb unfolds."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from botscan.errors import FormatError
from botscan.readers.files import DEFAULT_LIMITS, Limits, Source

GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 31  # zlib: 15 bits of window, gzip header and checksum
_COMPRESSED_CHUNK = 1 << 16
_EXPANDED_CHUNK = 1 << 20


class Expanded:
    """The bytes of a source, expanded when they are gzip; iterate once.

    Attributes
    ----------
    compressed
        Whether the source is gzip.
    cut_short
        After the iteration: the compressed data ended in the middle.
    trailing_garbage
        After the iteration: bytes after the last gzip member were not gzip and were not read.
    """

    def __init__(self, source: Source, *, limits: Limits = DEFAULT_LIMITS) -> None:
        self._source = source
        self._limits = limits
        self._taken = 0
        self._given = 0
        self.compressed = False
        self.cut_short = False
        self.trailing_garbage = False

    def __iter__(self) -> Iterator[bytes]:
        self.compressed = self._source.first_bytes(len(GZIP_MAGIC)) == GZIP_MAGIC
        if self.compressed:
            yield from self._expand(self._source.chunks(_COMPRESSED_CHUNK))
        else:
            yield from self._source.chunks()

    def _expand(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Walk through the members; `pending` holds compressed bytes not yet looked at."""
        member = zlib.decompressobj(_GZIP_WINDOW)
        members_done = 0
        member_given = 0
        pending = b""
        while True:
            try:
                data = member.decompress(pending, _EXPANDED_CHUNK)
            except zlib.error as error:
                if members_done and not member_given:
                    self.trailing_garbage = True
                    return
                raise FormatError(
                    f"The gzip data are damaged after {self._given:,} expanded bytes.",
                    source=self._source.name,
                    remedy="Fetch or pack the file again.",
                ) from error
            pending = member.unconsumed_tail
            if data:
                member_given += len(data)
                self._check(data)
                yield data
            if member.eof:
                members_done += 1
                rest = self._next_member(member.unused_data, chunks)
                if rest is None:
                    return
                pending, member, member_given = rest, zlib.decompressobj(_GZIP_WINDOW), 0
            elif not pending and len(data) < _EXPANDED_CHUNK:
                pending = next(chunks, b"")
                self._taken += len(pending)
                if not pending:
                    self.cut_short = True
                    return

    def _next_member(self, rest: bytes, chunks: Iterator[bytes]) -> bytes | None:
        """Return the bytes from the next member's magic on, or None when the members have ended."""
        while len(rest) < len(GZIP_MAGIC) or not rest.strip(b"\0"):
            more = next(chunks, b"")
            if not more:
                break
            self._taken += len(more)
            rest = rest.lstrip(b"\0") + more
        rest = rest.lstrip(b"\0")  # zero padding between and after members is legal
        if rest.startswith(GZIP_MAGIC):
            return rest
        self.trailing_garbage = bool(rest)
        return None

    def _check(self, data: bytes) -> None:
        if self._given == 0 and data.startswith(GZIP_MAGIC):
            raise FormatError(
                "Found gzip inside gzip.", source=self._source.name, remedy="Expand the file once and try again."
            )
        self._given += len(data)
        limits = self._limits
        if self._given > limits.expanded_bytes:
            raise FormatError(
                f"The file expands to more than {limits.expanded_bytes:,} bytes.",
                source=self._source.name,
                remedy="Split it, or expand it first.",
            )
        if self._given > limits.ratio_from_bytes and self._given > limits.expansion_ratio * self._taken:
            raise FormatError(
                f"The file expands to more than {limits.expansion_ratio} times its size, as a bomb does.",
                source=self._source.name,
                remedy="Expand it first if you trust it.",
            )
