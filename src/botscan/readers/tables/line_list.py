"""Lists without a table: one handle, profile link or id a line, with blank lines and ``#`` comments between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from botscan.cells.blanks import NULL_VALUES, trim
from botscan.cells.handles import read_handle
from botscan.cells.numbers import read_count
from botscan.errors import FormatError
from botscan.readers.containers.encodings import TextBlock, join
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits
from botscan.readers.raw import Piece, text_table
from botscan.readers.tables.profile_links import CHANNEL, DID, MAIL_SERVERS, id_of_link, platform_votes
from botscan.readers.words.header_words import normalise
from botscan.readers.words.headers import kind_of_header

__all__ = ["LineList", "id_of_link", "looks_like_lines", "platform_votes", "read_lines", "refuse_following"]

#: Lines that are looked at to tell what a list holds, and their bytes.
_MOST_LINES = 1_000
_HEAD_BYTES = 1 << 18
#: Characters of a cell that are kept, as of tables.
_LONGEST_CELL = 1 << 20
#: Bytes of a line that is worth a look; a link with a long tail is shorter.
_LONGEST_LINE = 4_096

#: Characters that make a line a row of a table, a sentence, JSON, YAML or markup.
_NO_LINE = re.compile(r"[\s,;|\"'<>{}\[\]()\\`^*=!$]")
_WORD = re.compile(r"[\w.\-]{1,100}")
_ADDRESS = re.compile(r"[\w.\-]{1,100}@[\w.\-]{1,250}\.\w{2,63}")
#: Share of lines that may be none of a list of handles.
_MOST_ODD_SHARE = 0.05
#: An id is longer than a count, a year or the number of a row.
_DIGITS_OF_AN_ID = 6
#: One word above the lines that says that somebody follows these accounts, not the other way round.
_FOLLOWING_WORDS = frozenset(
    {
        "following", "followings", "followees", "follows", "accounts followed", "followed accounts", "mengikuti",
        "diikuti", "yang diikuti", "akun diikuti", "akun yang diikuti", "daftar mengikuti", "daftar diikuti",
    }
)  # fmt: skip
#: One word above the lines that no table has for a column of handles or ids; "followers" names the lines here.
_HEADER_WORDS = frozenset(
    {
        "handles", "usernames", "user names", "accounts", "profiles", "profile", "profile links", "profile urls",
        "links", "urls", "ids", "user ids", "account ids", "follower", "followers", "pengikut", "daftar pengikut",
        "daftar akun", "nama nama pengguna", "profil", "tautan",
    }
)  # fmt: skip


@dataclass(frozen=True)
class LineList:
    """What a list of lines holds.

    Attributes
    ----------
    kind
        ``handle`` (names and profile links) or ``account_id``: the canonical column of a line.
    has_header
        Whether the first line that is neither blank nor a comment is a word above the list.
    is_following
        Whether that word says that somebody follows these accounts.
    """

    kind: Literal["handle", "account_id"]
    has_header: bool = False
    is_following: bool = field(default=False, repr=False)


def looks_like_lines(text: bytes, *, is_all: bool = True) -> LineList | None:
    r"""Return what a text holds when it is a list with one handle, link or id a line, None for anything else.

    All lines that are looked at must be one, but for a few in a hundred. Bare words alone are not enough to tell names
    from prose: some must begin with @, be a link, or hold a digit, a dot or an underscore; below the word "followers"
    bare words will do. A table of one column under a known name is left to the reader of tables.

    Parameters
    ----------
    text
        The start of the text, UTF-8.
    is_all
        Whether that is the whole text; else the last line may be cut and is not looked at.

    Examples
    --------
    >>> looks_like_lines(b"# new ones\n@ana\n\nhttps://x.com/budi_17?s=20\n")
    LineList(kind='handle', has_header=False)
    >>> looks_like_lines(b"12345678\n87654321\n")
    LineList(kind='account_id', has_header=False)
    >>> looks_like_lines(b"id,name\n1,Ana\n") is None, looks_like_lines(b"All the news\nof May\n") is None
    (True, True)
    """
    lines, has_comments = _lines_of_head(text, is_all=is_all)
    if not lines:
        return None
    shapes = [_shape(line) for line in lines]
    shapes, lines = _without_odd_ones(shapes, lines)
    rest = shapes[1:]
    if None in rest:
        return None
    is_following = normalise(lines[0]) in _FOLLOWING_WORDS
    is_list_word = is_following or normalise(lines[0]) in _HEADER_WORDS
    known = kind_of_header(lines[0])
    if known is None:
        has_header = bool(rest) and (is_list_word or _is_odd_one_out(shapes))
    else:
        has_header = bool(rest) and (
            (is_list_word and (_is_marked(rest) or _are_names(rest, lines[1:])))
            or (known in {"handle", "id"} and has_comments)
        )
        if not has_header:
            return None
    if has_header:
        shapes, lines = rest, lines[1:]
    if None in shapes:
        return None
    kind = _kind(lines, [shape for shape in shapes if shape is not None])
    if kind is None and has_header and is_list_word and _are_names(shapes, lines):
        kind = "handle"
    return None if kind is None else LineList(kind, has_header, has_header and is_following)


def refuse_following(layout: LineList | None, source: str) -> None:
    """Refuse a list of the accounts that somebody follows.

    Raises
    ------
    FormatError
        The word above the list says so.
    """
    if layout is not None and layout.is_following:
        raise FormatError(
            "By its first line this is a list of accounts that somebody follows, not of followers, so it says nothing"
            " about an audience.",
            source=source,
            remedy="Give the list of followers; to read this one all the same, name its column: --map handle=HEADER.",
        )


_Shape = Literal["link", "named", "address", "digits", "id", "word", "plain"]


def _lines_of_head(text: bytes, *, is_all: bool) -> tuple[list[str], bool]:
    """Return the first lines that are neither blank nor comments, trimmed, and whether there are comments."""
    head = text[:_HEAD_BYTES]
    raw = head.splitlines()
    is_cut = not is_all or len(head) < len(text)
    if is_cut and raw and not head.endswith((b"\n", b"\r")):
        raw.pop()
    lines = [trim(line[: _LONGEST_LINE + 1].decode("utf-8", "replace")) for line in raw[: 2 * _MOST_LINES]]
    kept = [line for line in lines if line and not line.startswith("#")]
    return kept[:_MOST_LINES], any(line.startswith("#") for line in lines)


def _shape(line: str) -> _Shape | None:
    """Return what one line can be, None when it is no line of a list."""
    if len(line) > _LONGEST_LINE:
        return None
    if "/" in line:
        return "link" if _is_link(line) else None
    if _NO_LINE.search(line):
        return None
    if CHANNEL.fullmatch(line) or DID.fullmatch(line):
        return "id"
    name = line.removeprefix("@")
    if _ADDRESS.fullmatch(name):
        is_mail = name is line and name.rpartition("@")[2].lower() in MAIL_SERVERS
        return None if is_mail else "address"
    if not _WORD.fullmatch(name):
        return None
    if name is not line:
        return "named"
    if line.isascii() and line.isdigit():
        return "digits"
    if not any(letter.isalpha() for letter in line):  # a date, a version, a decimal number
        return None
    return "word" if any(letter.isdigit() or letter in "._" for letter in line) else "plain"


def _is_link(line: str) -> bool:
    if re.search(r"[\s,;|\"<>]", line):
        return False
    if id_of_link(line) is not None:
        return True
    handle = read_handle(line).value
    return handle is not None and (_WORD.fullmatch(handle) or _ADDRESS.fullmatch(handle)) is not None


def _is_marked(shapes: list[_Shape | None]) -> bool:
    """Whether every line says by itself that it is an account: a count or a word of a table does not."""
    return all(shape in {"link", "named", "address", "id"} for shape in shapes)


def _without_odd_ones(shapes: list[_Shape | None], lines: list[str]) -> tuple[list[_Shape | None], list[str]]:
    """Leave out the few lines below the first that are none of a list: the reader rejects these by their number."""
    odd = {place for place, shape in enumerate(shapes) if shape is None and place}
    if not odd or len(odd) > _MOST_ODD_SHARE * len(shapes):
        return shapes, lines
    kept = [place for place in range(len(shapes)) if place not in odd]
    return [shapes[place] for place in kept], [lines[place] for place in kept]


def _is_odd(line: str) -> bool:
    """Whether a line is none of a list; one whose bytes were damaged stays, and is told as that."""
    return "\ufffd" not in line and _shape(line) is None


def _are_names(shapes: list[_Shape | None], lines: list[str]) -> bool:
    """Whether lines below "followers" are no counts, but for a few names of digits: then these are the followers."""
    if None in shapes or (len(shapes) == 1 and shapes[0] == "plain"):
        return False
    return sum(map(_may_be_a_count, lines)) <= _MOST_ODD_SHARE * len(lines)


def _may_be_a_count(line: str) -> bool:
    return line.lower() in NULL_VALUES or read_count(line).value is not None


def _is_odd_one_out(shapes: list[_Shape | None]) -> bool:
    """Whether a bare word stands above lines that are all of another kind."""
    rest = shapes[1:]
    return shapes[0] in {"word", "plain"} and len(rest) > 1 and (_is_marked(rest) or set(rest) == {"digits"})


def _kind(lines: list[str], shapes: list[_Shape]) -> Literal["handle", "account_id"] | None:
    found = set(shapes)
    if found == {"digits"}:
        n_long = sum(len(line) >= _DIGITS_OF_AN_ID for line in lines)
        return "account_id" if len(lines) > 1 and 2 * n_long >= len(lines) else None
    if found == {"id"}:
        return "account_id"
    if found & {"link", "named", "address", "id"}:
        return "handle"
    n_marked = sum(shape != "plain" for shape in shapes)
    return "handle" if len(lines) > 1 and "word" in found and 10 * n_marked >= len(lines) else None


def _not_cut() -> bool:
    return False


def read_lines(
    blocks: Iterable[TextBlock],
    layout: LineList,
    *,
    is_cut: Callable[[], bool] = _not_cut,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Piece]:
    """Yield the lines that are neither blank nor comments, in pieces of about a block.

    The pieces have the columns ``handle`` and ``account_id`` (a link that holds an id instead of a handle gives that),
    or ``account_id`` alone when the lines are ids.

    Parameters
    ----------
    blocks
        The whole text.
    layout
        From `looks_like_lines`.
    is_cut
        Asked at the end: whether the data were cut short, so that a last line without a line end is ``truncated``.
    limits
        Longest line; a longer one is ``too_long``.
    """
    return _LineReader(layout, limits).pieces(blocks, is_cut)


class _LineReader:
    """State of one pass: the line reached, what is left of it, and whether it is too long."""

    def __init__(self, layout: LineList, limits: Limits) -> None:
        self._layout = layout
        self._longest = limits.record_bytes
        self._line = 1
        self._skip_header = layout.has_header
        self._header: str | None = None
        self._waiting: list[TextBlock] = []
        self._n_waiting = 0
        self._is_too_long = self._is_long_comment = False

    def pieces(self, blocks: Iterable[TextBlock], is_cut: Callable[[], bool]) -> Iterator[Piece]:
        for block in blocks:
            end = max(block.data.rfind(b"\n"), block.data.rfind(b"\r")) + 1
            if not end:
                self._wait(block)
                continue
            head, tail = _parted(block, end)
            yield from self._whole_lines(head)
            self._wait(tail)
        last = self._take(TextBlock(b""))
        if self._is_too_long:
            yield from self._long_line()
        elif is_cut():
            bare = self._bare(last.data)
            if bare and not bare.startswith("#"):
                yield self._rejected("truncated")
        else:
            yield from self._piece(last)

    def _wait(self, block: TextBlock) -> None:
        """Keep the start of a line; of one that is too long, only whether it is a comment."""
        if self._is_too_long or not block.data:
            return
        self._n_waiting += len(block.data)
        self._waiting.append(block)
        if self._n_waiting > self._longest:
            self._is_too_long = True
            self._is_long_comment = self._bare(self._take(TextBlock(b"")).data).startswith("#")

    def _bare(self, line: bytes) -> str:
        """Return a line, or as much of it as is looked at, without white space around it."""
        return trim(line[: self._longest].decode("utf-8", "ignore"))

    def _long_line(self) -> Iterator[Piece]:
        self._is_too_long = False
        if not self._is_long_comment:
            yield self._rejected("too_long")
        self._line += 1

    def _take(self, block: TextBlock) -> TextBlock:
        """Return what waits, and the block behind it."""
        whole = join([*self._waiting, block]) if self._waiting else block
        self._waiting.clear()
        self._n_waiting = 0
        return whole

    def _whole_lines(self, block: TextBlock) -> Iterator[Piece]:
        if self._is_too_long:
            yield from self._long_line()
            first = block.data.splitlines(keepends=True)[0]
            block = _parted(block, len(first))[1]
        yield from self._piece(self._take(block))

    def _piece(self, block: TextBlock) -> Iterator[Piece]:
        """Yield the records among whole lines, in one piece, if there are any."""
        raw = block.data.splitlines(keepends=True)
        places: list[int] = []
        texts: list[str | None] = []
        reasons: list[str | None] = []
        for place, line in enumerate(raw):
            bare = self._bare(line)
            is_too_long = len(line.rstrip(b"\r\n")) > self._longest
            if bare.startswith("#") or not (bare or is_too_long):
                continue
            if self._skip_header:
                self._skip_header, self._header = False, bare
                continue
            places.append(place)
            reasons.append("too_long" if is_too_long else self._reason(bare))
            texts.append(None if reasons[-1] is not None else line.decode().rstrip("\r\n")[:_LONGEST_CELL])
        first_line = self._line
        self._line += len(raw)
        if places:
            starts = np.cumsum([0, *(len(line) for line in raw)])[:-1]
            repaired = np.searchsorted(starts, np.array(block.repairs, dtype=np.int64), side="right") - 1
            read = [place for place, reason in zip(places, reasons, strict=True) if reason is None]
            n_repaired = np.intersect1d(repaired, read).size
            counts = {"text_repaired": int(n_repaired)} if n_repaired else {}
            yield self._made(texts, reasons, first_line + np.array(places, dtype=np.int64), counts)

    def _reason(self, bare: str) -> str | None:
        """Return why a line is no account, None when it may be one."""
        if bare == self._header:
            return "header_repeated"
        return "no_identity" if self._layout.kind == "handle" and _is_odd(bare) else None

    def _rejected(self, reason: str) -> Piece:
        return self._made([None], [reason], np.array([self._line], dtype=np.int64), {})

    def _made(
        self,
        texts: list[str | None],
        reasons: list[str | None],
        lines: NDArray[np.int64],
        counts: dict[str, int],
    ) -> Piece:
        columns: dict[str, list[str | None]] = {"account_id": texts}
        if self._layout.kind == "handle":
            ids = [None if text is None else id_of_link(text) for text in texts]
            handles = [text if found is None else None for text, found in zip(texts, ids, strict=True)]
            columns = {"account_id": ids, "handle": handles}
        return Piece(text_table(columns, len(texts)), pa.array(reasons, pa.string()), lines, counts)


def _parted(block: TextBlock, length: int) -> tuple[TextBlock, TextBlock]:
    """Cut a block in two."""
    head = TextBlock(block.data[:length], tuple(offset for offset in block.repairs if offset < length))
    tail = TextBlock(block.data[length:], tuple(offset - length for offset in block.repairs if offset >= length))
    return head, tail
