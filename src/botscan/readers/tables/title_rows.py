"""Title rows: a header that stands below a title, a blank line or a spreadsheet's ``sep=;``, found by its names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from botscan.readers.containers.encodings import TextBlock, behind
from botscan.readers.tables.delimited import DELIMITERS, find_record_end, split_cells
from botscan.readers.words.headers import count_known

#: Rows in which a header is looked for, and known names that make one below the first row.
HEAD_ROWS = 20
KNOWN_OF_A_HEADER = 2
#: Bytes of text that are looked at.
_HEAD_BYTES = 1 << 16

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|$)")
_LINE_END = re.compile(rb"\r\n?|\n")
#: The line by which a spreadsheet is told the delimiter; no row of any table.
_SEPARATOR = re.compile(rb"\"?sep=([,;|\t])\"?[,;|\t]*", re.IGNORECASE)


@dataclass(frozen=True)
class HeaderBelow:
    """A header that is not the first line.

    Attributes
    ----------
    n_lines
        Lines before it.
    delimiter
        One character.
    headers
        Its cells, without empty ones at the end.
    """

    n_lines: int
    delimiter: str
    headers: tuple[str, ...]


def find_header_below(text: bytes, *, count: Callable[[Sequence[str]], int] = count_known) -> HeaderBelow | None:
    r"""Return the first line below the first one in which two or more cells are known names, None without one.

    A line ``sep=;`` names the delimiter, and one known name below it is enough. A first line of several cells with a
    known name is the header itself, unless the one below is wider: known names in a row as wide are somebody's data.

    Parameters
    ----------
    text
        The start of the text as UTF-8, from its first byte.
    count
        Counts the known names among cells.

    Examples
    --------
    >>> find_header_below(b"Followers of May\n\nNo;Username;Followers\n1;ana;5\n")
    HeaderBelow(n_lines=2, delimiter=';', headers=('No', 'Username', 'Followers'))
    >>> find_header_below(b"Username;Followers\nana;5\n") is None
    True
    """
    head = text[:_HEAD_BYTES]
    delimiters: Sequence[str] = DELIMITERS
    wanted = KNOWN_OF_A_HEADER
    wider_than = 0
    is_first = True
    for n_lines, (start, line) in enumerate(_first_lines(head)):
        if not line.strip():
            continue
        separator = _SEPARATOR.fullmatch(line.rstrip())
        if separator is not None and is_first:
            delimiters, wanted, is_first = (separator[1].decode(),), 1, False
            continue
        found = max((_header(head, start, one, count) for one in delimiters), key=lambda one: one[:2])
        n_known, n_cells, delimiter, headers = found
        if n_known >= wanted and n_cells > wider_than:
            return None if is_first else HeaderBelow(n_lines, delimiter, tuple(headers))
        if is_first and is_header_itself(n_known, n_cells):
            wider_than = n_cells
        wanted, is_first = KNOWN_OF_A_HEADER, False
    return None


def is_header_itself(n_known: int, n_cells: int) -> bool:
    """Whether a first row with a known name is more than a title such as "Followers"."""
    return n_known > 0 and n_cells > 1


def _first_lines(head: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield where each line starts and what it holds, blank ones included, until enough others were seen."""
    position = n_seen = 0
    while position < len(head) and n_seen <= HEAD_ROWS:
        found = _LINE.match(head, position)
        assert found is not None
        yield position, found.group().rstrip(b"\r\n")
        n_seen += bool(found.group().strip())
        position = found.end()


def _header(
    head: bytes, start: int, delimiter: str, count: Callable[[Sequence[str]], int]
) -> tuple[int, int, str, list[str]]:
    """Return known names, cells, delimiter and the cells of the record that begins at `start`."""
    end = find_record_end(head, start, delimiter.encode()).end
    headers = split_cells(head[start:end].decode("utf-8", "replace"), delimiter)
    while len(headers) > 1 and not headers[-1].strip():
        headers.pop()
    return count(headers), len(headers), delimiter, headers


def skip_lines(blocks: Iterable[TextBlock], n_lines: int) -> Iterator[TextBlock]:
    r"""Yield what stands behind the first lines, for a reader that takes the first line for the header.

    Examples
    --------
    >>> [block.data for block in skip_lines([TextBlock(b"title\n\nid\n"), TextBlock(b"1\n")], 2)]
    [b'id\n', b'1\n']
    """
    for block in blocks:
        rest = block
        while n_lines:
            found = _LINE_END.search(rest.data)
            if found is None:
                break
            rest = behind(rest, found.end())
            n_lines -= 1
        if not n_lines:
            yield rest
