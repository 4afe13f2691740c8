"""Expand: take one layer of compression off a source, piece by piece, and stop before a bomb unfolds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, cast

from botscan.errors import FormatError
from botscan.readers.containers.compression import (
    CHUNK_BYTES,
    MAGIC_BYTES,
    Codec,
    DamagedLayerError,
    MissingCodecError,
    codec_of,
    whole_head,
)
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits, Source, cannot_read

#: Expanded copies up to this size stay in memory.
_COPY_IN_MEMORY = 64 << 20


class Expanded:
    """The bytes of a source, expanded when they are compressed; iterate once.

    Attributes
    ----------
    compressed
        Whether the source is compressed (gzip, xz, bzip2, zstd).
    cut_short
        After the iteration: the compressed data ended in the middle.
    trailing_garbage
        After the iteration: bytes after the last member were of another kind and were not read.

    Examples
    --------
    >>> import gzip, io
    >>> expanded = Expanded(Source("made", spool=io.BytesIO(gzip.compress(b"handle") + b"?")))
    >>> b"".join(expanded), expanded.compressed, expanded.cut_short, expanded.trailing_garbage
    (b'handle', True, False, True)
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
        codec = codec_of(self._source.first_bytes(MAGIC_BYTES))
        self.compressed = codec is not None
        if codec is None:
            yield from self._source.chunks()
        else:
            yield from self._expand(codec)

    def _expand(self, codec: Codec) -> Iterator[bytes]:
        try:
            layer = codec.expand(self._chunks)
            for piece in whole_head(iter(layer), MAGIC_BYTES):
                if not self._given:
                    self._refuse_inner_layer(codec, piece)
                self._given += len(piece)
                self._refuse_bomb()
                yield piece
        except MissingCodecError as error:
            raise FormatError(
                f"This is {codec.name}, which this Python was built without.",
                source=self._source.name,
                remedy="Expand the file first.",
            ) from error
        except DamagedLayerError as error:
            raise FormatError(
                f"The {codec.name} data are damaged after {self._given:,} expanded bytes.",
                source=self._source.name,
                remedy="Fetch or pack the file again.",
            ) from error
        self.cut_short = layer.cut_short
        self.trailing_garbage = layer.trailing_garbage

    def _chunks(self) -> Iterator[bytes]:
        self._taken = 0
        for chunk in self._source.chunks(CHUNK_BYTES):
            self._taken += len(chunk)
            yield chunk

    def _refuse_inner_layer(self, codec: Codec, head: bytes) -> None:
        inner = codec_of(head)
        if inner is not None:
            raise FormatError(
                f"Found {inner.name} inside {codec.name}.",
                source=self._source.name,
                remedy="Expand the file once and try again.",
            )

    def _refuse_bomb(self) -> None:
        limits = self._limits
        if self._given > limits.expanded_bytes:
            raise FormatError(
                f"The file expands to more than {limits.expanded_bytes:,} bytes.",
                source=self._source.name,
                remedy="Split it, or expand it first.",
            )
        # A member of an archive was unpacked once already: what counts is the room it took there.
        packed = self._source.packed_bytes
        taken = self._taken if packed is None else min(self._taken, packed)
        if self._given > limits.ratio_from_bytes and self._given > limits.expansion_ratio * taken:
            raise FormatError(
                f"The file expands to more than {limits.expansion_ratio} times its size, as a bomb does.",
                source=self._source.name,
                remedy="Expand it first if you trust it.",
            )


def seekable(source: Source, *, limits: Limits = DEFAULT_LIMITS) -> IO[bytes]:
    """Return an open file of the expanded bytes in which any place can be read; the caller closes it.

    That is the source itself where it can be, else an expanded copy without a name: in memory, and beyond 64 MB in a
    temporary file that vanishes with the program.
    """
    file = source.open()
    if file.seekable() and codec_of(source.first_bytes(MAGIC_BYTES)) is None:
        return cast("IO[bytes]", file)
    file.close()
    copy: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_COPY_IN_MEMORY)  # noqa: SIM115  closed by the caller
    try:
        for chunk in Expanded(source, limits=limits):
            copy.write(chunk)
        copy.seek(0)
    except BaseException as error:
        copy.close()
        if isinstance(error, OSError):
            raise cannot_read(source.name, error) from error
        raise
    return copy
