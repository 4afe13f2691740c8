"""A file of names of accounts, one a line and without a header."""

from __future__ import annotations

from collections.abc import Sequence

from botscan.cells.blanks import trim
from botscan.labels.guards import without_guard
from botscan.readers.words.headers import count_known


def is_list_of_names(headers: tuple[str, ...]) -> bool:
    """Return whether the first line of a table is a name, not a header: alone, and no word that heads a column.

    Examples
    --------
    >>> is_list_of_names(("@budi_17",)), is_list_of_names(("username",)), is_list_of_names(("budi_17", "staff"))
    (True, False, False)
    """
    return len(headers) == 1 and bool(headers[0]) and not count_known(headers)


def name_lines(lines: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return (line number, name) of every line that is not blank.

    Parameters
    ----------
    lines
        Number and cell of each line, as `botscan.labels.tables.LabelCells` has them.

    Examples
    --------
    >>> name_lines([(1, "@budi_17 "), (2, " "), (3, "'0071")])
    [(1, '@budi_17'), (3, '0071')]
    """
    cells = ((number, trim(without_guard(cell.removeprefix("\ufeff")))) for number, cell in lines)
    return [(number, cell) for number, cell in cells if cell]
