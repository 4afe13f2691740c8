"""Returned sheets put together: whose answers stand in which column, and what does not go together."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from botscan.errors import BotscanError, SchemaError
from botscan.evidence.labels import NOTHING, LabelDesign, LabelTable
from botscan.labels.merged import MergedLabels, MergedRater
from botscan.labels.reading import ReadSheet, count_missing, draw_notes, read_sheet
from botscan.notes import Note

#: Notes of one sheet that another sheet can make untrue.
_OF_ONE_SHEET = frozenset({"labels_rows_missing", "labels_order_lost", "labels_reordered"})


def merge_label_sheets(sources: Sequence[Any], *, separate: bool = False) -> MergedLabels:
    """Put together the copies of one sheet that raters sent back.

    Every column with an answer is a rater; in the order of the sheets, then of their columns, they become
    ``rater_1``, ``rater_2``, .... Two columns of the same name in different sheets are one rater only where

    - one holds every answer of the other and more: it is a later copy;
    - their files are the same byte for byte: a copy; or
    - they answer no account in common: the work was split.

    Raters who agree are still two: columns that answer the very same accounts, or overlap without one holding the
    other, stay apart however alike they are, and a note counts those that nowhere differ. So do columns that would fit
    more than one rater. Which columns are joined never depends on the order of the sheets.

    Parameters
    ----------
    sources
        Two sheets or more: whatever `read_labels` takes.
    separate
        Take every column of every sheet as a rater of its own, copies too.

    Returns
    -------
    merged
        Its `labels` are in the order of the draw; `save` writes one sheet. Accounts that are not in all of the sheets
        are kept, and a note counts them. Where a sheet lost its numbers of the draw, those of the others are taken.

    Raises
    ------
    SchemaError
        A sheet cannot be read, or two were drawn from different lists, or in different ways; the message names both.
        A simple random sheet may be merged into a larger one of the same list and seed.
    BotscanError
        There are fewer than two sheets.

    Examples
    --------
    >>> one = [{"account_id": "7", "rater_1": "yes"}, {"account_id": "8", "rater_1": "no"}]
    >>> other = [{"account_id": "7", "rater_1": "no"}, {"account_id": "8", "rater_1": "no"}]
    >>> merge_label_sheets([one, other]).labels.answers.tolist()
    [[1, 0], [0, 0]]
    """
    if isinstance(sources, str | os.PathLike) or len(sources) < 2:
        n_found = 1 if isinstance(sources, str | os.PathLike) else len(sources)
        raise BotscanError(f"Found {n_found} sheet, wanted at least 2.", remedy="Give the sheets as a list.")
    sheets = [_named(source, number) for number, source in enumerate(sources, start=1)]
    design = _common_design(sheets)
    order, draws = _order(sheets)
    given = [column for source, sheet in zip(sources, sheets, strict=True) for column in _columns(source, sheet)]
    columns = given if separate else _joined(given)
    answers = np.full((len(order), len(columns)), NOTHING, dtype=np.int8)
    for number, column in enumerate(columns):
        for row, account_id in enumerate(order):
            answers[row, number] = column.answers.get(account_id, NOTHING)
    raters = tuple(
        MergedRater(f"rater_{number}", column.origins, len(column.answers))
        for number, column in enumerate(columns, start=1)
    )
    n_missing = max(sheet.labels.n_missing for sheet in sheets) if draws is None else count_missing(draws, answers)
    is_order_lost = draws is None and any(sheet.labels.is_order_lost for sheet in sheets)
    notes = (
        *_notes(sheets, order),
        *_column_notes(given, columns, separate=separate),
        *draw_notes(n_missing, is_order_lost=is_order_lost),
    )
    stratum = _of_accounts(sheets, order, [_strata_names(sheet, design) for sheet in sheets], "stratum")
    labels = LabelTable(
        account_ids=tuple(order),
        raters=tuple(rater.name for rater in raters),
        answers=answers,
        design=design,
        inclusion_probability=_probability(sheets, order),
        source=" + ".join(sheet.labels.source for sheet in sheets),
        notes=notes,
        stratum=np.array(stratum, dtype=np.int64) if design.kind == "stratified" else None,
        n_missing=n_missing,
        is_order_lost=is_order_lost,
    )
    handles, links = (
        tuple(_first(sheets, order, [getattr(sheet, name) for sheet in sheets])) for name in ("handles", "links")
    )
    return MergedLabels(labels, raters, handles, links, draws, tuple(sheet.labels.source for sheet in sheets))


@dataclass(frozen=True)
class _Column:
    """The answers of one rater, and where they are from."""

    name: str
    answers: dict[str, int]
    origins: tuple[tuple[str, str], ...]
    file_digest: str = ""  # of the bytes of its file; empty where there is none

    def is_copy_of(self, other: _Column) -> bool:
        """Return whether one holds the other and more, or both are from files that are the same."""
        if self.name != other.name:
            return False
        if self.file_digest and self.file_digest == other.file_digest:
            return True
        smaller, larger = self.answers.items(), other.answers.items()
        return smaller < larger or larger < smaller

    def is_apart_from(self, other: _Column) -> bool:
        """Return whether no account has an answer in both."""
        return self.name == other.name and self.answers.keys().isdisjoint(other.answers)

    def is_alike(self, other: _Column) -> bool:
        """Return whether both have the same answers wherever both answer."""
        both = self.answers.keys() & other.answers.keys()
        return self.name == other.name and all(self.answers[one] == other.answers[one] for one in both)


def _named(source: Any, number: int) -> ReadSheet:
    """Read a sheet; a table in memory is named by its place."""
    if isinstance(source, MergedLabels):
        return ReadSheet(source.labels, source.handles, source.links, source.draws)
    if isinstance(source, LabelTable):
        blank = ("",) * len(source)
        return ReadSheet(source, blank, blank, None)
    sheet = read_sheet(source)
    if isinstance(source, str | os.PathLike):
        return sheet
    named = replace(sheet.labels, source=f"sheet {number}")
    return ReadSheet(named, sheet.handles, sheet.links, sheet.draws)


def _common_design(sheets: Sequence[ReadSheet]) -> LabelDesign:
    first = sheets[0].labels
    sizes: dict[str, tuple[int, str]] = {}
    for sheet in sheets:
        labels = sheet.labels
        for column, name in (
            ("design", "kind"),
            ("list_digest", "list_digest"),
            ("list_size", "list_size"),
            ("random_state", "random_state"),
        ):
            if getattr(labels.design, name) != getattr(first.design, name):
                raise _apart(first.source, labels.source, column)
        for name, size in labels.design.strata:
            known, source = sizes.setdefault(name, (size, labels.source))
            if known != size:
                raise _apart(source, labels.source, "stratum_size")
    strata = tuple((name, sizes[name][0]) for name in sorted(sizes))
    design = first.design
    return LabelDesign(design.kind, design.list_digest, design.list_size, design.random_state, strata)


def _apart(one: str, other: str, column: str) -> SchemaError:
    what = "another list" if column == "list_digest" else "another draw"
    return SchemaError(
        f"This sheet is of {what} than {one}.",
        source=other,
        column=column,
        remedy="Merge only copies of one sheet; estimate the others apart.",
    )


def _order(sheets: Sequence[ReadSheet]) -> tuple[list[str], tuple[int, ...] | None]:
    """Return all accounts, in the order of the draw where the sheets state it of all, and their numbers in it."""
    ids = list(dict.fromkeys(account_id for sheet in sheets for account_id in sheet.labels.account_ids))
    stated = [sheet for sheet in sheets if sheet.draws is not None]
    known = {account_id for sheet in stated for account_id in sheet.labels.account_ids}
    if not stated or any(account_id not in known for account_id in ids):
        return ids, None
    draws = _of_accounts(stated, ids, [sheet.draws or () for sheet in stated], "draw")
    places = dict(zip(ids, draws, strict=True))
    owner: dict[int, str] = {}
    for sheet in sheets:
        for account_id in sheet.labels.account_ids:
            if owner.setdefault(places[account_id], account_id) != account_id:
                raise _apart(sheets[0].labels.source, sheet.labels.source, "draw")
    ids.sort(key=places.__getitem__)
    return ids, tuple(places[account_id] for account_id in ids)


def _of_accounts(
    sheets: Sequence[ReadSheet], order: Sequence[str], values: Sequence[Sequence[int]], column: str
) -> list[int]:
    """Return the value of each account, which must be the same in all sheets that state it; `values` is by sheet."""
    found: dict[str, tuple[int, str]] = {}
    for sheet, of_sheet in zip(sheets, values, strict=True):
        if not of_sheet:
            continue
        for account_id, value in zip(sheet.labels.account_ids, of_sheet, strict=True):
            known, source = found.setdefault(account_id, (value, sheet.labels.source))
            if known != value:
                raise _apart(source, sheet.labels.source, column)
    return [found[account_id][0] for account_id in order] if found else []


def _strata_names(sheet: ReadSheet, design: LabelDesign) -> list[int]:
    """Return the stratum of each account of a sheet as its position in the common design."""
    if sheet.labels.stratum is None:
        return []
    position = {name: number for number, (name, _) in enumerate(design.strata)}
    own = [position[name] for name, _ in sheet.labels.design.strata]
    return [own[number] for number in sheet.labels.stratum.tolist()]


def _probability(sheets: Sequence[ReadSheet], order: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """Return the probability of each account to be drawn; of nested random sheets that of the larger."""
    stated = [sheet for sheet in sheets if sheet.labels.inclusion_probability is not None]
    if not stated:
        return None
    first = stated[0].labels
    found: dict[str, tuple[float, str]] = {}
    for sheet in stated:
        labels = sheet.labels
        assert labels.inclusion_probability is not None
        values = labels.inclusion_probability.tolist()
        if first.design.kind == "simple_random" and len(set(values)) == 1:
            stated_values = (one.labels.inclusion_probability for one in stated)
            largest = max(float(one.max()) for one in stated_values if one is not None)
            values = [largest] * len(values)
        for account_id, value in zip(labels.account_ids, values, strict=True):
            known, source = found.setdefault(account_id, (value, labels.source))
            if not np.isclose(known, value, rtol=1e-6, atol=0.0):
                raise _apart(source, labels.source, "inclusion_probability")
    if any(account_id not in found for account_id in order):
        return None
    return np.array([found[account_id][0] for account_id in order])


def _columns(source: Any, sheet: ReadSheet) -> list[_Column]:
    """Return the columns of a sheet that hold an answer."""
    labels = sheet.labels
    digest = _file_digest(source)
    columns = []
    for name, given in zip(labels.raters, labels.answers.T.tolist(), strict=True):
        pairs = zip(labels.account_ids, given, strict=True)
        answers = {account_id: answer for account_id, answer in pairs if answer != NOTHING}
        if answers:
            columns.append(_Column(name, answers, ((labels.source, name),), digest))
    return columns


def _file_digest(source: Any) -> str:
    """Return a digest of the bytes of a file; empty of what is none, or can be read only once."""
    if not isinstance(source, str | os.PathLike) or source == "-" or not Path(source).is_file():
        return ""
    with Path(source).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _joined(columns: Sequence[_Column]) -> list[_Column]:
    """Join the columns of one rater: copies first, then the parts of work that was split."""
    return _join_groups(_join_groups(columns, _Column.is_copy_of), _Column.is_apart_from)


def _join_groups(columns: Sequence[_Column], is_one: Callable[[_Column, _Column], bool]) -> list[_Column]:
    """Join columns that are one rater, each with each; one that fits several that do not fit each other joins none."""
    partners = [
        {other for other in range(len(columns)) if other == one or is_one(columns[one], columns[other])}
        for one in range(len(columns))
    ]
    joined = []
    for number, column in enumerate(columns):
        group = partners[number] if all(partners[one] == partners[number] for one in partners[number]) else {number}
        if number == min(group):
            members = [columns[one] for one in sorted(group)]
            answers = {account_id: answer for one in members for account_id, answer in one.answers.items()}
            joined.append(_Column(column.name, answers, tuple(origin for one in members for origin in one.origins)))
    return joined


def _first(sheets: Sequence[ReadSheet], order: Sequence[str], texts: Sequence[Sequence[str]]) -> list[str]:
    """Return the first text that a sheet has for each account."""
    found: dict[str, str] = {}
    for sheet, of_sheet in zip(sheets, texts, strict=True):
        for account_id, text in zip(sheet.labels.account_ids, of_sheet, strict=True):
            if text:
                found.setdefault(account_id, text)
    return [found.get(account_id, "") for account_id in order]


def _column_notes(given: Sequence[_Column], columns: Sequence[_Column], *, separate: bool) -> list[Note]:
    """Return how many columns were joined, and how many pairs that could be copies were not."""
    if separate:
        return []
    n_joined = len(given) - len(columns)
    n_alike = sum(
        one.is_alike(other) and not one.is_apart_from(other) for one, other in itertools.combinations(columns, 2)
    )
    counts = {"labels_columns_joined": n_joined, "labels_columns_alike": n_alike}
    return [Note(code, count=count) for code, count in counts.items() if count]


def _notes(sheets: Sequence[ReadSheet], order: Sequence[str]) -> list[Note]:
    """Return what the sheets said each, added up, and what was found in putting them together."""
    counts: Counter[str] = Counter()
    for sheet in sheets:
        for note in sheet.labels.notes:
            if note.code not in _OF_ONE_SHEET and note.count is not None:
                counts[note.code] += note.count
    n_sheets_of = Counter(account_id for sheet in sheets for account_id in sheet.labels.account_ids)
    n_not_in_all = sum(n_sheets_of[account_id] < len(sheets) for account_id in order)
    n_unanswered = sum(not (sheet.labels.answers != NOTHING).any() for sheet in sheets)
    notes = [Note(code, count=count) for code, count in counts.items()]
    if n_not_in_all:
        notes.append(Note("labels_in_one_sheet", count=n_not_in_all, numbers={"n_sheets": len(sheets)}))
    if n_unanswered:
        notes.append(Note("labels_sheets_unanswered", count=n_unanswered))
    return notes
