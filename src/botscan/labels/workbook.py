"""Label sheets as Excel workbooks: the accounts on the first sheet, what raters must know on the second."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from botscan.errors import OutputError
from botscan.evidence.labels import NO, UNSURE, YES
from botscan.labels.instructions import instruction_lines
from botscan.labels.rows import Cell, SheetRows, answer_words
from botscan.wording import LANGUAGES, for_csv, say

_MOST_ROWS = 1_048_575
#: A spreadsheet follows no longer address, and no more of them on one sheet.
_LONGEST_LINK, _MOST_LINKS = 2_000, 65_000
#: An address that is made of nothing but what addresses are made of.
_SAFE_LINK = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~%!$&()*+,;=:@/?-]*)?")
#: A fixed day: the same sheet gives the same bytes.
_MADE_AT = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
#: Nothing is taken for anything but what it is.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
}
_WIDTHS = {"account_id": 22, "handle": 24, "link": 40}
_RATER_WIDTH = 10
_TEXT_WIDTH = 100


def as_workbook(rows: SheetRows, language: str) -> bytes:
    """Return the bytes of an .xlsx file; the same for the same sheet.

    Every text is a text cell, and what a spreadsheet could take for a formula once it is edited begins with an
    apostrophe, as in CSV. Cells of raters offer the words of the language. The sheet is protected without a password:
    a slip of the hand neither sorts nor deletes rows.

    Parameters
    ----------
    rows
        The sheet.
    language
        Of the words that raters choose from, and of the instructions that come first.

    Raises
    ------
    OutputError
        There are more accounts than rows.
    """
    import xlsxwriter

    if len(rows) > _MOST_ROWS:
        raise OutputError(f"A workbook holds {_MOST_ROWS:,} accounts, not {len(rows):,}.", remedy="Write a CSV file.")
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    book.set_properties({"created": _MADE_AT})
    _Accounts(book, say("sheet_tab_accounts", language), rows, language).write()
    _write_instructions(book, language)
    book.close()
    return buffer.getvalue()


class _Accounts:
    """The first sheet."""

    def __init__(self, book: Any, name: str, rows: SheetRows, language: str) -> None:
        self._sheet = book.add_worksheet(name)
        self._rows = rows
        self._language = language
        self._head = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        self._text = book.add_format({"num_format": "@"})
        self._link = book.add_format({"num_format": "@", "font_color": "#0563C1", "underline": 1})
        self._open = book.add_format({"locked": False, "num_format": "@", "border": 1, "border_color": "#A0A0A0"})
        self._n_links = 0

    def write(self) -> None:
        """Write header, cells and all that helps to fill them in."""
        for column, name in enumerate(self._rows.header):
            self._sheet.write_string(0, column, name, self._head)
        for row, cells in enumerate(self._rows.cells(self._language), start=1):
            for column, (name, cell) in enumerate(zip(self._rows.header, cells, strict=True)):
                self._write(row, column, name, cell)
        self._set_columns()
        self._offer_words()
        self._sheet.freeze_panes(1, 0)
        if len(self._rows):
            self._sheet.ignore_errors({"number_stored_as_text": f"A2:B{len(self._rows) + 1}"})
        self._sheet.protect("", {"format_columns": True, "format_rows": True})

    def _write(self, row: int, column: int, name: str, cell: Cell) -> None:
        sheet = self._sheet
        if name in self._rows.answers and not cell:
            sheet.write_blank(row, column, None, self._open)
        elif name in self._rows.answers:
            sheet.write_string(row, column, str(cell), self._open)
        elif not isinstance(cell, str):
            sheet.write_number(row, column, cell)
        elif name == "link" and _is_safe(cell) and self._n_links < _MOST_LINKS:
            self._n_links += 1
            sheet.write_url(row, column, cell, self._link, string=cell)
        elif cell:
            sheet.write_string(row, column, _as_text(cell), self._text)

    def _set_columns(self) -> None:
        for column, name in enumerate(self._rows.header):
            if name in self._rows.answers:
                self._sheet.set_column(column, column, _RATER_WIDTH)
            elif name in self._rows.design:
                self._sheet.set_column(column, column, _RATER_WIDTH, None, {"hidden": True})
            else:
                self._sheet.set_column(column, column, _WIDTHS[name])

    def _offer_words(self) -> None:
        if not len(self._rows):
            return
        words = answer_words(self._language)
        offered = [words[answer] for answer in (YES, NO, UNSURE)]
        for name in self._rows.answers:
            column = self._rows.header.index(name)
            self._sheet.data_validation(
                1,
                column,
                len(self._rows),
                column,
                {
                    "validate": "list",
                    "source": offered,
                    "error_title": say("sheet_tab_instructions", self._language),
                    "error_message": say("sheet_choose", self._language, words=", ".join(offered)),
                },
            )


def _as_text(cell: str) -> str:
    text = for_csv(cell)
    # The writer would take this for XML of its own making and write it as it stands.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _is_safe(link: str) -> bool:
    return len(link) <= _LONGEST_LINK and _SAFE_LINK.fullmatch(link) is not None


def _write_instructions(book: Any, language: str) -> None:
    sheet = book.add_worksheet(say("sheet_tab_instructions", language))
    title = book.add_format({"bold": True, "font_size": 14, "text_wrap": True})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, _TEXT_WIDTH)
    row = 0
    for one in _first(language):
        for number, line in enumerate(instruction_lines(one, words=language)):
            sheet.write_string(row, 0, line, text if number else title)
            row += 1
        row += 1


def _first(language: str) -> Sequence[str]:
    """Return all languages, the given one first."""
    return (language, *(other for other in reversed(LANGUAGES) if other != language))
