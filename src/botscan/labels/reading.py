"""Filled label sheets, and bare tables of labels, as LabelTable; every fault is told at once."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from botscan.cells.ids import read_id
from botscan.errors import Fault, SchemaError
from botscan.evidence.labels import NOTHING, UNSURE, LabelDesign, LabelTable
from botscan.labels.answers import ACCEPTED, read_answer
from botscan.labels.sheet import DESIGN, MOST_SAFE_DIGITS
from botscan.labels.tables import RATER_COLUMN, LabelCells, open_labels
from botscan.notes import Note
from botscan.wording import for_csv

_MOST_LISTED = 10


def read_labels(source: Any) -> LabelTable:
    """Read what raters said about accounts.

    Parameters
    ----------
    source
        Path of a CSV file (comma, semicolon, tab or bar between cells), or a pandas, polars or Arrow table or a list
        of dicts. It has ``account_id`` and either one column ``is_suspicious`` or rater columns ``rater_1``,
        ``rater_2``, ... holding yes (a bought or fake follower), no, unsure or nothing, in English or Indonesian.

    Returns
    -------
    labels
        One row an account, in order of first appearance. A table that does not say how its accounts were drawn is
        taken as a simple random sample, and its design says so.

    Raises
    ------
    FormatError
        The file cannot be read as a table.
    SchemaError
        Columns are missing, answers are not known, ids are damaged, or rows of several lists are mixed; the message
        lists all of it with row numbers.

    Examples
    --------
    >>> labels = read_labels([{"account_id": "7", "rater_1": "ya"}, {"account_id": "8", "rater_1": "tidak"}])
    >>> labels.suspicious.tolist()
    [1.0, 0.0]
    """
    if isinstance(source, LabelTable):
        return source
    table = open_labels(source)
    faults = _Faults()
    if "account_id" not in table.columns:
        faults.add("account_id", "missing_column", [], "a column of account ids")
    raters = _rater_columns(table, faults)
    faults.add("", "wrong_cell_count", table.ragged_rows, f"{len(table.columns)} cells")
    ids = _read_ids(table, faults)
    answers = _read_answers(table, raters, faults)
    design = _read_design(table, faults)
    probability = _read_probability(table, faults)
    faults.raise_any(table.source)
    row_of, settled, notes = _merge(ids, answers)
    return LabelTable(
        account_ids=tuple(row_of),
        raters=raters,
        answers=np.array(settled, dtype=np.int8).reshape(len(row_of), len(raters)),
        design=design,
        inclusion_probability=None if probability is None else np.array([probability[row] for row in row_of.values()]),
        source=table.source,
        notes=notes,
    )


@dataclass
class _Faults:
    """Collects what is wrong until everything was looked at."""

    found: list[Fault] = field(default_factory=list)

    def add(self, column: str, code: str, rows: Sequence[int], wanted: str) -> None:
        """Note a fault of some rows; of the whole column when it is a missing or doubled one."""
        if rows:
            listed = ", ".join(map(str, rows[:_MOST_LISTED])) + (", ..." if len(rows) > _MOST_LISTED else "")
            wanted = f"{wanted}; rows {listed}"
            self.found.append(Fault(column or "all columns", code, len(rows), rows[0], wanted))
        elif code in {"missing_column", "two_kinds_of_answers"}:
            self.found.append(Fault(column, code, 0, None, wanted))

    def raise_any(self, source: str) -> None:
        """Raise one SchemaError with everything."""
        if self.found:
            what = "One thing keeps" if len(self.found) == 1 else f"{len(self.found)} things keep"
            raise SchemaError(
                f"{what} these labels from being used.",
                source=source,
                faults=self.found,
                remedy="Rename the columns or correct the cells; nothing was used.",
            )


def _rater_columns(table: LabelCells, faults: _Faults) -> tuple[str, ...]:
    raters = sorted((name for name in table.columns if RATER_COLUMN.fullmatch(name)), key=lambda name: int(name[6:]))
    if "is_suspicious" not in table.columns:
        if not raters:
            faults.add("is_suspicious", "missing_column", [], "one column is_suspicious, or rater_1, rater_2, ...")
        return tuple(raters)
    if raters:
        faults.add("is_suspicious", "two_kinds_of_answers", [], "either is_suspicious or rater columns")
    return ("is_suspicious",)


def _read_ids(table: LabelCells, faults: _Faults) -> list[str]:
    ids = []
    wrong: dict[str, list[int]] = {}
    cells = table.columns.get("account_id", ())
    for number, cell in zip(table.row_numbers, cells, strict=False):
        found = read_id(without_guard(cell))
        ids.append(found.value or "")
        if found.value is None:
            wrong.setdefault(found.code or "no_identity", []).append(number)
    wanted = {
        "no_identity": "an account id",
        "id_damaged": "an id with all its digits (a spreadsheet keeps 15); copy it from the sheet as it was drawn",
    }
    for code, rows in wrong.items():
        faults.add("account_id", code, rows, wanted.get(code, "an account id"))
    return ids


def without_guard(cell: str) -> str:
    """Take away the apostrophe that keeps a cell text in a spreadsheet.

    Examples
    --------
    >>> without_guard("'@ani"), without_guard("'1234567890123456789"), without_guard("'ani"), without_guard("ani")
    ('@ani', '1234567890123456789', "'ani", 'ani')
    """
    bare = cell.strip().removeprefix("'")
    is_long = bare.isdigit() and len(bare) > MOST_SAFE_DIGITS
    return bare if cell.strip() == f"'{bare}" and (is_long or for_csv(bare) == f"'{bare}") else cell


def _read_answers(table: LabelCells, raters: Sequence[str], faults: _Faults) -> list[list[int]]:
    """Return the answers, one list a rater."""
    answers = []
    for rater in raters:
        unknown = []
        of_rater = []
        for number, cell in zip(table.row_numbers, table.columns[rater], strict=True):
            answer = read_answer(cell)
            if answer is None:
                unknown.append(number)
            of_rater.append(NOTHING if answer is None else answer)
        faults.add(rater, "unknown_answer", unknown, ACCEPTED)
        answers.append(of_rater)
    return answers


def _read_design(table: LabelCells, faults: _Faults) -> LabelDesign:
    found = {}
    for name in ("design", "list_digest", "list_size", "random_state"):
        cells = [cell.strip() for cell in table.columns.get(name, ())]
        first = next((cell for cell in cells if cell), "")
        others = [number for number, cell in zip(table.row_numbers, cells, strict=False) if cell not in {first, ""}]
        faults.add(name, "several_values", others, "the same value in all rows: a sheet is of one list")
        found[name] = first
    numbers = {}
    for name in ("list_size", "random_state"):
        whole = re.fullmatch(r"([0-9]+)(?:[.,]0+)?", found[name])
        if found[name] and whole is None:
            faults.add(name, "not_a_count", [table.row_numbers[0]], "a whole number")
        numbers[name] = int(whole[1]) if whole else None
    if found["design"] not in {"", DESIGN}:
        faults.add("design", "unknown_design", [table.row_numbers[0]], DESIGN)
    is_stated = found["design"] == DESIGN and bool(found["list_digest"])
    return LabelDesign(DESIGN if is_stated else f"assumed_{DESIGN}", found["list_digest"], **numbers)


def _read_probability(table: LabelCells, faults: _Faults) -> list[float] | None:
    cells = [cell.strip().replace(",", ".") for cell in table.columns.get("inclusion_probability", ())]
    if not any(cells):
        return None
    probability = []
    wrong = []
    for number, cell in zip(table.row_numbers, cells, strict=True):
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not 0.0 < value <= 1.0:
            wrong.append(number)
        probability.append(value)
    faults.add("inclusion_probability", "not_a_probability", wrong, "a number above 0 and up to 1")
    return probability


def _merge(
    ids: Sequence[str], answers: Sequence[Sequence[int]]
) -> tuple[dict[str, int], list[list[int]], tuple[Note, ...]]:
    """Put rows of one account together; a rater who says two things about it has not decided.

    Returns the first row of each account, its answers by rater, and what to say about it.
    """
    row_of: dict[str, int] = {}
    given: dict[str, list[set[int]]] = {}
    for row, account_id in enumerate(ids):
        row_of.setdefault(account_id, row)
        of_account = given.setdefault(account_id, [set() for _ in answers])
        for said, of_rater in zip(of_account, answers, strict=True):
            said.add(of_rater[row])
    settled = [[_settle(said) for said in of_account] for of_account in given.values()]
    n_contradicted = sum(any(len(said - {NOTHING}) > 1 for said in of_account) for of_account in given.values())
    counts = {"labels_merged": len(ids) - len(row_of), "labels_contradict": n_contradicted}
    return row_of, settled, tuple(Note(code, count=count) for code, count in counts.items() if count)


def _settle(said: set[int]) -> int:
    answers = said - {NOTHING}
    if not answers:
        return NOTHING
    return answers.pop() if len(answers) == 1 else UNSURE
