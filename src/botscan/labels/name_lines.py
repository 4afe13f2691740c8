"""A file of names of accounts, one a line and without a header."""

from __future__ import annotations

import csv
import io
import os

from botscan.cells.blanks import trim
from botscan.labels.guards import without_guard
from botscan.readers.containers.encodings import find_encoding, text_blocks
from botscan.readers.containers.files import open_source
from botscan.readers.words.headers import count_known

#: How a workbook or another archive begins: its cells are no lines.
_NO_TEXT = (b"PK", b"\xd0\xcf\x11\xe0")


def is_list_of_names(headers: tuple[str, ...]) -> bool:
    """Return whether the first line of a table is a name, not a header: alone, and no word that heads a column.

    Examples
    --------
    >>> is_list_of_names(("@budi_17",)), is_list_of_names(("username",)), is_list_of_names(("budi_17", "staff"))
    (True, False, False)
    """
    return len(headers) == 1 and bool(headers[0]) and not count_known(headers)


def read_name_lines(path: str | os.PathLike[str]) -> list[tuple[int, str]] | None:
    """Return (line number, name) of every line that is not blank; None where the file is no text.

    Parameters
    ----------
    path
        A file that could be opened as a table.
    """
    with open_source(path) as opened:
        if opened.first_bytes(4).startswith(_NO_TEXT):
            return None
        data = b"".join(opened.chunks())
        encoding = find_encoding(data[:4096], None, source=opened.name)
        text = b"".join(block.data for block in text_blocks([data], encoding, source=opened.name)).decode("utf-8")
    records = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    cells = ((number, trim(without_guard(record[0]))) for number, record in enumerate(records, start=1) if record)
    return [(number, cell) for number, cell in cells if cell]
