"""Filled label sheets, and bare tables of labels, as LabelTable; every fault is told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.cells.ids import read_id
from botscan.evidence.labels import NOTHING, UNSURE, LabelTable
from botscan.labels.answers import ACCEPTED, read_answer
from botscan.labels.design_cells import DesignCells, read_design
from botscan.labels.designs import DRAWN
from botscan.labels.faults import Faults
from botscan.labels.guards import without_guard
from botscan.labels.merged import MergedLabels
from botscan.labels.tables import RATER_COLUMN, LabelCells, open_labels
from botscan.notes import Note

#: Columns that a message names, and letters it shows of each.
_MOST_SEEN, _LONGEST_NAME = 10, 40


def read_labels(source: Any) -> LabelTable:
    """Read what raters said about accounts.

    Parameters
    ----------
    source
        Path of a CSV file (comma, semicolon, tab or bar between cells) or of an Excel workbook (.xlsx), or a pandas,
        polars or Arrow table or a list of dicts, or what `merge_label_sheets` returns. It has ``account_id`` and
        either one column ``is_suspicious`` or rater columns ``rater_1``, ``rater_2``, ... holding yes (a bought or
        fake follower), no, unsure or nothing, in English or Indonesian.

    Returns
    -------
    labels
        One row an account, in the order of the draw where the sheet says it, else in order of first appearance. A
        table that does not say how its accounts were drawn is taken as a simple random sample, and its design says
        so. Accounts whose rows were deleted are not in it; ``n_missing`` and a note count them.

    Raises
    ------
    FormatError
        The file cannot be read as a table.
    SchemaError
        Columns are missing, answers are not known, ids are damaged, rows of several lists are mixed, or what the rows
        say of the draw does not go together; the message lists all of it with row numbers, of a file as a
        spreadsheet shows them: the header is row 1.

    Examples
    --------
    >>> labels = read_labels([{"account_id": "7", "rater_1": "ya"}, {"account_id": "8", "rater_1": "tidak"}])
    >>> labels.suspicious.tolist()
    [1.0, 0.0]
    """
    if isinstance(source, LabelTable):
        return source
    return source.labels if isinstance(source, MergedLabels) else read_sheet(source).labels


@dataclass(frozen=True, repr=False, eq=False)
class ReadSheet:
    """A filled sheet with what people see of its accounts, one an account of `labels`.

    Attributes
    ----------
    labels
        What raters said.
    handles, links
        Empty where the sheet has none.
    draws
        Number of each account in the draw, counted from 1; None when not stated.
    """

    labels: LabelTable
    handles: tuple[str, ...]
    links: tuple[str, ...]
    draws: tuple[int, ...] | None


def read_sheet(source: Any) -> ReadSheet:
    """Read a filled sheet; see `read_labels`."""
    table = open_labels(source)
    faults = Faults()
    if "account_id" not in table.columns:
        faults.add_column("account_id", "missing_column", f"a column of account ids{_seen(table)}")
    raters = _rater_columns(table, faults)
    faults.add("", "wrong_cell_count", table.ragged_rows, f"{len(table.columns)} cells")
    ids = _read_ids(table, faults)
    answers = _read_answers(table, raters, faults)
    drawn = read_design(table, ids, faults)
    faults.raise_any(table.source)
    order = _order(drawn, len(ids))
    row_of, settled, notes = _merge([ids[row] for row in order], [[of[row] for row in order] for of in answers])
    rows = order[list(row_of.values())]
    draws = None if drawn.draws is None else tuple(drawn.draws[row] for row in rows)
    of_raters = np.array(settled, dtype=np.int8).reshape(len(row_of), len(raters))
    n_missing = 0 if draws is None else count_missing(draws, of_raters)
    is_order_lost = draws is None and drawn.design.kind in DRAWN
    labels = LabelTable(
        account_ids=tuple(row_of),
        raters=raters,
        answers=of_raters,
        design=drawn.design,
        inclusion_probability=None if drawn.probability is None else np.array([drawn.probability[row] for row in rows]),
        source=table.source,
        notes=(*notes, *draw_notes(n_missing, is_order_lost=is_order_lost), *_moved(draws, order)),
        stratum=None if drawn.stratum is None else np.array([drawn.stratum[row] for row in rows], dtype=np.int64),
        n_missing=n_missing,
        is_order_lost=is_order_lost,
    )
    handles, links = (_shown(table, name, rows) for name in ("handle", "link"))
    return ReadSheet(labels, handles, links, draws)


def count_missing(draws: Sequence[int], answers: NDArray[np.int8]) -> int:
    """Count the accounts that were drawn before the last one with an answer, and have no row.

    Examples
    --------
    >>> count_missing([1, 2, 5, 9], np.array([[1], [0], [1], [-2]], dtype=np.int8))  # 3 and 4; 6 to 8 were not reached
    2
    """
    places = np.array(draws, dtype=np.int64)
    last = int(places[(answers != NOTHING).any(axis=1)].max(initial=0))
    return last - len(np.unique(places[places <= last]))


def draw_notes(n_missing: int, *, is_order_lost: bool) -> tuple[Note, ...]:
    """Say what a sheet no longer tells of its draw.

    Examples
    --------
    >>> [note.code for note in draw_notes(2, is_order_lost=False)], draw_notes(0, is_order_lost=False)
    (['labels_rows_missing'], ())
    """
    missing = (Note("labels_rows_missing", count=n_missing),) if n_missing else ()
    return (*missing, *((Note("labels_order_lost"),) if is_order_lost else ()))


def _rater_columns(table: LabelCells, faults: Faults) -> tuple[str, ...]:
    raters = sorted((name for name in table.columns if RATER_COLUMN.fullmatch(name)), key=lambda name: int(name[6:]))
    if "is_suspicious" not in table.columns:
        if not raters:
            wanted = f"one column is_suspicious, or rater_1, rater_2, ...{_seen(table)}"
            faults.add_column("is_suspicious", "missing_column", wanted)
        return tuple(raters)
    if raters:
        faults.add_column("is_suspicious", "two_kinds_of_answers", "either is_suspicious or rater columns")
    return ("is_suspicious",)


def _seen(table: LabelCells) -> str:
    """Return the first columns of a table, for a message about one that is not there."""
    names = [repr(name[:_LONGEST_NAME]) for name in table.headers[:_MOST_SEEN]]
    more = ", ..." if len(table.headers) > _MOST_SEEN else ""
    return f"; found {', '.join(names)}{more}" if names else ""


def _read_ids(table: LabelCells, faults: Faults) -> list[str]:
    """Return the account of each row, empty where it cannot be read."""
    if "account_id" not in table.columns:
        return [""] * len(table.row_numbers)
    ids = []
    wrong: dict[str, list[int]] = {}
    for number, cell in zip(table.row_numbers, table.columns["account_id"], strict=True):
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


def _read_answers(table: LabelCells, raters: Sequence[str], faults: Faults) -> list[list[int]]:
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


def _order(drawn: DesignCells, n_rows: int) -> NDArray[np.int64]:
    """Return the rows in the order of the draw: raters may have sorted the sheet."""
    if drawn.draws is None:
        return np.arange(n_rows, dtype=np.int64)
    return np.argsort(np.array(drawn.draws, dtype=np.int64), kind="stable")


def _moved(draws: Sequence[int] | None, order: NDArray[np.int64]) -> tuple[Note, ...]:
    n_moved = 0 if draws is None else int((order != np.arange(len(order))).sum())
    return (Note("labels_reordered", count=n_moved),) if n_moved else ()


def _shown(table: LabelCells, name: str, rows: NDArray[np.int64]) -> tuple[str, ...]:
    cells = table.columns.get(name)
    return ("",) * len(rows) if cells is None else tuple(without_guard(cells[row]) for row in rows)


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
