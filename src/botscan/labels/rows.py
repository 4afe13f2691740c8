"""SheetRows: the cells of a label sheet, whatever file they go into."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from botscan.cells.ids import read_id
from botscan.errors import BotscanError, OutputError
from botscan.evidence.labels import NO, NOTHING, UNSURE, YES
from botscan.labels.answers import read_answer
from botscan.labels.guards import with_guard, without_guard
from botscan.labels.tables import RATER_COLUMN, open_labels
from botscan.wording import check_language, csv_line, say
from botscan.writing import write_file

if TYPE_CHECKING:
    import pandas as pd

#: Marks between cells, for spreadsheets of different countries.
DELIMITERS: tuple[str, ...] = (",", ";", "\t", "|")
_OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".ods", ".numbers")
#: How files of office programs begin.
_OFFICE_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_HEAD_BYTES = 4096

Cell = str | float | int


@dataclass(frozen=True, repr=False, eq=False)
class SheetRows:
    """Cells of a label sheet: what a rater sees, what a rater fills in, and how the accounts were drawn.

    Attributes
    ----------
    account_ids, handles, links
        One a row.
    answers
        Name of a rater column to its answers, as in `botscan.evidence.labels.LabelTable`.
    design
        Name of a column to its cells.
    """

    account_ids: Sequence[str]
    handles: Sequence[str]
    links: Sequence[str]
    answers: Mapping[str, Sequence[int]]
    design: Mapping[str, Sequence[Cell]]

    def __len__(self) -> int:
        return len(self.account_ids)

    @property
    def header(self) -> list[str]:
        """Names of the columns, in order."""
        return ["account_id", "handle", "link", *self.answers, *self.design]

    def cells(self, language: str) -> list[tuple[Cell, ...]]:
        """Return the cells of every row, answers in words of a language."""
        words = answer_words(language)
        said = [[words[answer] for answer in of_rater] for of_rater in self.answers.values()]
        columns = (self.account_ids, self.handles, self.links, *said, *self.design.values())
        return list(zip(*columns, strict=True))

    def to_frame(self, language: str = "en") -> pd.DataFrame:
        """Return a pandas frame, one row an account."""
        import pandas as pd

        return pd.DataFrame(self.cells(language), columns=self.header)


def answer_words(language: str) -> dict[int, str]:
    """Return what a rater writes for each answer.

    Examples
    --------
    >>> answer_words("id")
    {1: 'ya', 0: 'tidak', -1: 'ragu', -2: ''}
    """
    return {
        YES: say("sheet_answer_yes", language),
        NO: say("sheet_answer_no", language),
        UNSURE: say("sheet_answer_unsure", language),
        NOTHING: "",
    }


def save_rows(
    rows: SheetRows,
    path: str | os.PathLike[str],
    *,
    language: str = "en",
    delimiter: str = ",",
    inputs: Iterable[str | os.PathLike[str]] = (),
) -> None:
    """Write a label sheet: an Excel workbook when the name ends in ``.xlsx``, else a CSV file.

    Parameters
    ----------
    rows
        The sheet.
    path
        File to write; it appears whole or not at all.
    language
        ``en`` or ``id``: of the answers, and of the workbook.
    delimiter
        Mark between cells of a CSV file: one of `DELIMITERS`. With ``;`` fractions have a decimal comma, as the
        spreadsheets of countries that use it expect.
    inputs
        Files that are being read, which must not be written over.

    Raises
    ------
    OutputError
        The file cannot be written, or holds answers that would be lost.
    BotscanError
        The delimiter or the kind of file is not known.
    """
    check_language(language)
    if delimiter not in DELIMITERS:
        raise BotscanError(
            f"Found a delimiter of {len(delimiter)} characters that is none.", remedy="Use a comma or a semicolon."
        )
    ending = Path(os.fsdecode(path)).suffix.lower()
    if ending in _OTHER_WORKBOOKS:
        raise OutputError(
            f"Sheets are not written as {ending}.", source=os.fsdecode(path), remedy="Use .xlsx or .csv in its name."
        )
    _refuse_loss(rows, Path(os.fsdecode(path)))
    if ending == ".xlsx":
        from botscan.labels.workbook import as_workbook

        write_file(path, as_workbook(rows, language), inputs=inputs)
    else:
        write_file(path, _as_csv(rows, language, delimiter), inputs=inputs)


def _as_csv(rows: SheetRows, language: str, delimiter: str) -> str:
    lines = [csv_line(rows.header, delimiter)]
    for account_id, *cells in rows.cells(language):
        line = [with_guard(str(account_id)), *cells]
        if delimiter == ";":
            line = [str(cell).replace(".", ",") if isinstance(cell, float) else cell for cell in line]
        lines.append(csv_line(line, delimiter))
    # The mark makes spreadsheets read UTF-8.
    return "\ufeff" + "".join(lines)


def _refuse_loss(rows: SheetRows, path: Path) -> None:
    """Answers are hours of work: nothing goes over a file with answers that the new sheet does not hold."""
    try:
        head = _head_of(path)
    except (OSError, ValueError):  # who writes it next says what is wrong
        return
    if not head:
        return
    try:
        columns = open_labels(path).columns
    except BotscanError:
        is_sheet = head.startswith(_OFFICE_FILES) or (b"account_id" in head and b"rater_" in head)
        problem = "There is a file of this name that cannot be read and may hold answers." if is_sheet else ""
    else:
        problem = "This sheet already holds answers." if _would_lose(rows, columns) else ""
    if problem:
        raise OutputError(
            problem,
            source=os.fsdecode(path),
            remedy="Choose another name for the new sheet, or move this one away first.",
        )


def _head_of(path: Path) -> bytes:
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def _would_lose(rows: SheetRows, columns: Mapping[str, Sequence[str]]) -> bool:
    position = {account_id: number for number, account_id in enumerate(rows.account_ids)}
    ids = [read_id(without_guard(cell)).value or "" for cell in columns.get("account_id", ())]
    for name, cells in columns.items():
        if name != "is_suspicious" and not RATER_COLUMN.fullmatch(name):
            continue
        kept = rows.answers.get(name, ())
        # Without ids nobody can tell whose answers they are.
        for number, cell in enumerate(cells):
            answer = read_answer(cell)
            at = position.get(ids[number]) if number < len(ids) else None
            if answer != NOTHING and (at is None or not kept or kept[at] != answer):
                return True
    return False
