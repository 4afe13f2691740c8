"""Encodings: bytes in any encoding become blocks of valid UTF-8, with the places that had to be repaired.

Everything after this step works on valid UTF-8 only. A byte sequence that is not UTF-8 is never guessed at: it becomes
U+FFFD, and its place is kept so that the rows can be counted. A codec that the caller named is strict.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from botscan.errors import FormatError

REPLACEMENT = "\ufffd"
_REPLACEMENT_BYTES = REPLACEMENT.encode()

# Longest first: the mark of UTF-32-LE begins with that of UTF-16-LE.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Names of plain character sets; codecs that transform, escape or look things up are not text files.
_CHARACTER_SETS = re.compile(
    r"ascii|utf-8|utf-8-sig|utf-16|utf-16-[lb]e|utf-32|utf-32-[lb]e|cp\d+|iso8859-\d+|koi8-[rtu]|mac-[a-z]+"
    r"|gbk|gb2312|gb18030|big5|big5hkscs|shift_jis\w*|euc_\w+|johab|tis-620|kz1048|ptcp154|hp-roman8"
)
_BAD_BYTES = re.compile("[\udc80-\udcff]+")
#: Enough bytes to see that every second one is NUL.
_NUL_PATTERN_BYTES = 4096


@dataclass(frozen=True)
class TextBlock:
    """A stretch of valid UTF-8.

    Attributes
    ----------
    data
        The bytes, without a byte order mark.
    repairs
        Offsets in `data` of the U+FFFD that stand for bad bytes, rising.
    """

    data: bytes
    repairs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Encoding:
    """How the bytes of one source are to be decoded.

    Attributes
    ----------
    name
        Python codec name.
    mark
        Byte order mark at the start, to be dropped.
    strict
        Whether bad bytes are an error (the caller named the codec) or repaired.
    """

    name: str
    mark: bytes = b""
    strict: bool = False


def find_encoding(head: bytes, named: str | None, *, source: str) -> Encoding:
    """Settle the encoding from the first bytes and the codec the caller named, if any.

    Raises
    ------
    FormatError
        The codec is unknown, or the bytes look like UTF-16 or UTF-32 without a byte order mark.
    """
    marked = next(((mark, name) for mark, name in _BYTE_ORDER_MARKS if head.startswith(mark)), None)
    if named is not None:
        name = check_codec(named, source=source)
        if name in {"utf-8-sig", "utf-16", "utf-32"}:  # these names mean: look at the mark
            default = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[name]
            name = marked[1] if marked is not None and marked[1][:5] == name[:5] else default
        mark = marked[0] if marked is not None and marked[1] == name else b""
        return Encoding(name, mark, strict=True)
    if marked is not None:
        return Encoding(marked[1], marked[0])
    _refuse_wide_text_without_mark(head, source)
    return Encoding("utf-8")


def check_codec(named: str, *, source: str | None = None) -> str:
    """Return Python's name of a character set, or raise FormatError.

    Examples
    --------
    >>> check_codec("Windows-1252"), check_codec("latin1")
    ('cp1252', 'iso8859-1')
    """
    try:
        name = codecs.lookup(named).name
    except (LookupError, ValueError, TypeError):
        name = ""
    if not _CHARACTER_SETS.fullmatch(name):
        raise FormatError(
            f"The encoding {named!r} is not known.",
            source=source,
            remedy="Use one such as utf-8, utf-16, cp1252 or latin-1.",
        )
    return name


def text_blocks(chunks: Iterable[bytes], encoding: Encoding, *, source: str) -> Iterator[TextBlock]:
    """Turn chunks of bytes into blocks of valid UTF-8; a character is never cut in two.

    Raises
    ------
    FormatError
        The encoding is strict and a byte does not fit it.
    """
    unmarked = _behind_mark(chunks, len(encoding.mark))
    if encoding.name == "utf-8" and not encoding.strict:
        return _whole_line_ends(_repaired_utf8(unmarked))
    return _whole_line_ends(_decoded(unmarked, encoding, source))


def _behind_mark(chunks: Iterable[bytes], length: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk[length:]
        length = max(length - len(chunk), 0)


def _whole_line_ends(blocks: Iterable[TextBlock]) -> Iterator[TextBlock]:
    """Keep CR and LF of one line end together: no block but the last ends with CR."""
    held = b""
    for block in blocks:
        whole = join([TextBlock(held), block]) if held else block
        held = b"\r" if whole.data.endswith(b"\r") else b""
        if held:
            whole = TextBlock(whole.data[:-1], whole.repairs)
        if whole.data:
            yield whole
    if held:
        yield TextBlock(held)


def count_lines(data: bytes) -> int:
    r"""Count line ends: LF, CRLF and lone CR.

    Examples
    --------
    >>> count_lines(b"a\nb\r\nc\rd")
    3
    """
    lines = data.count(b"\n")
    if b"\r" in data:
        lines += data.count(b"\r") - data.count(b"\r\n")
    return lines


def join(blocks: Sequence[TextBlock]) -> TextBlock:
    """Return one block in place of several."""
    if len(blocks) == 1:
        return blocks[0]
    repairs: list[int] = []
    length = 0
    for block in blocks:
        repairs.extend(length + offset for offset in block.repairs)
        length += len(block.data)
    return TextBlock(b"".join(block.data for block in blocks), tuple(repairs))


def behind(block: TextBlock, length: int) -> TextBlock:
    """Return what stands behind the first `length` bytes."""
    return TextBlock(block.data[length:], tuple(offset - length for offset in block.repairs if offset >= length))


def skip_start(blocks: Iterable[TextBlock], length: int) -> Iterator[TextBlock]:
    """Yield the text behind its first `length` bytes."""
    for block in blocks:
        if length >= len(block.data):
            length -= len(block.data)
            continue
        yield behind(block, length) if length else block
        length = 0


def _repaired_utf8(chunks: Iterable[bytes]) -> Iterator[TextBlock]:
    pending = b""
    for chunk in chunks:
        pending, block = _repair_chunk(pending + chunk, final=False)
        yield block
    if pending:
        yield _repair_chunk(pending, final=True)[1]


def _repair_chunk(data: bytes, *, final: bool) -> tuple[bytes, TextBlock]:
    """Return the bytes of a character not yet complete, and the block before them."""
    if data.isascii():
        return b"", TextBlock(data)
    try:
        _, used = codecs.utf_8_decode(data, "strict", final)
    except UnicodeDecodeError:
        pass
    else:
        return data[used:], TextBlock(data[:used])
    text, used = codecs.utf_8_decode(data, "surrogateescape", final)
    parts: list[bytes] = []
    repairs: list[int] = []
    position = length = 0
    # Valid UTF-8 holds no surrogates, so every one found here stands for a bad byte.
    for bad in _BAD_BYTES.finditer(text):
        good = text[position : bad.start()].encode()
        # Python's own rule says how many U+FFFD a run of bad bytes makes.
        marks = bad.group().encode("utf-8", "surrogateescape").decode("utf-8", "replace").encode()
        length += len(good)
        repairs.extend(range(length, length + len(marks), len(_REPLACEMENT_BYTES)))
        length += len(marks)
        parts += (good, marks)
        position = bad.end()
    parts.append(text[position:].encode())
    return data[used:], TextBlock(b"".join(parts), tuple(repairs))


def _decoded(chunks: Iterable[bytes], encoding: Encoding, source: str) -> Iterator[TextBlock]:
    """Decode by a codec; without `strict`, each U+FFFD in the result counts as a repair."""
    decoder = codecs.getincrementaldecoder(encoding.name)("strict" if encoding.strict else "replace")
    position = len(encoding.mark)
    for chunk in _and_end(chunks):
        try:
            text = decoder.decode(chunk or b"", chunk is None)
            data = text.encode()
        except UnicodeError as error:
            within = error.start if isinstance(error, UnicodeDecodeError) else 0
            raise FormatError(
                f"Found bytes that are not {encoding.name} text, near byte {position + within:,}.",
                source=source,
                remedy="Name another encoding, or leave it out to have bad bytes replaced and counted.",
            ) from error
        position += len(chunk or b"")
        yield TextBlock(data, () if encoding.strict else _places_of_replacement(data))


def _and_end(chunks: Iterable[bytes]) -> Iterator[bytes | None]:
    yield from chunks
    yield None


def _places_of_replacement(data: bytes) -> tuple[int, ...]:
    return tuple(found.start() for found in re.finditer(_REPLACEMENT_BYTES, data))


def _refuse_wide_text_without_mark(head: bytes, source: str) -> None:
    """UTF-16 of Western text has a NUL in every second byte; nothing else in this field does."""
    sample = head[: _NUL_PATTERN_BYTES & ~3]
    if len(sample) < 4:
        return
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if max(first, second) < 0.4 * half:
        return
    if first + second > 1.3 * half:
        names = "utf-32-le or utf-32-be"
    elif min(first, second) <= 0.1 * half:
        names = "utf-16-le" if second > first else "utf-16-be"
    else:
        return
    raise FormatError(
        "The bytes look like UTF-16 or UTF-32 text without a byte order mark (many NUL bytes).",
        source=source,
        remedy=f"Name the encoding: {names} (--encoding on the command line).",
    )
