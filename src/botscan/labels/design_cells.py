"""The columns of a sheet that say how its accounts were drawn."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from botscan.evidence.labels import LabelDesign
from botscan.labels.designs import DRAWN
from botscan.labels.faults import Faults
from botscan.labels.guards import LARGEST_NUMBER, without_guard
from botscan.labels.tables import LabelCells

_WHOLE_NUMBER = re.compile(r"([0-9]{1,19})(?:[.,]0+)?")


@dataclass(frozen=True)
class DesignCells:
    """How the accounts were drawn, and what that says of each row.

    Attributes
    ----------
    design
        Of the whole sheet.
    probability
        Probability of each row's account to be drawn; None when not stated.
    stratum
        Position of each row's stratum in the design; None unless stratified.
    draws
        Number of each row in the draw, counted from 1; None when not stated.
    """

    design: LabelDesign
    probability: Sequence[float] | None = None
    stratum: Sequence[int] | None = None
    draws: Sequence[int] | None = None


def read_design(table: LabelCells, ids: Sequence[str], faults: Faults) -> DesignCells:
    """Read how the accounts were drawn; what is wrong goes to `faults`.

    Parameters
    ----------
    table
        The sheet.
    ids
        Account of each row; empty where it could not be read.
    faults
        What is wrong; the result is of use only when nothing was added.
    """
    found = {name: _one_value(table, name, faults) for name in ("design", "list_digest", "list_size", "random_state")}
    numbers = {}
    for name in ("list_size", "random_state"):
        numbers[name] = _whole(found[name])
        if found[name] and numbers[name] is None:
            faults.add(name, "not_a_count", [_first_row(table)], "a whole number")
    kind = found["design"]
    # A merged sheet of bare labels says what was assumed.
    if kind not in {"", *DRAWN, f"assumed_{DRAWN[0]}"}:
        faults.add("design", "unknown_design", [_first_row(table)], ", ".join(DRAWN))
    is_stated = kind in DRAWN and bool(found["list_digest"])
    strata: tuple[tuple[str, int], ...] = ()
    stratum = None
    if kind == "stratified":
        if not is_stated:
            faults.add_column("list_digest", "missing_column", "which list the strata are of, as in the sheet as drawn")
        strata, stratum = _read_strata(table, ids, numbers["list_size"], faults)
    return DesignCells(
        LabelDesign(kind if is_stated else f"assumed_{DRAWN[0]}", found["list_digest"], **numbers, strata=strata),
        _read_probability(table, faults),
        stratum,
        _read_draws(table, ids, numbers["list_size"], faults) if kind in DRAWN and any(_cells(table, "draw")) else None,
    )


def _first_row(table: LabelCells) -> int:
    return table.row_numbers[0]


def _cells(table: LabelCells, name: str) -> list[str]:
    return [cell.strip() for cell in table.columns.get(name, ())]


def _whole(cell: str) -> int | None:
    found = _WHOLE_NUMBER.fullmatch(without_guard(cell))
    return int(found[1]) if found and int(found[1]) <= LARGEST_NUMBER else None


def _one_value(table: LabelCells, name: str, faults: Faults) -> str:
    cells = _cells(table, name)
    first = next((cell for cell in cells if cell), "")
    others = [number for number, cell in zip(table.row_numbers, cells, strict=False) if cell not in {first, ""}]
    faults.add(name, "several_values", others, "the same value in all rows: a sheet is of one list")
    return first


def _read_probability(table: LabelCells, faults: Faults) -> list[float] | None:
    cells = [cell.replace(",", ".") for cell in _cells(table, "inclusion_probability")]
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


def _read_draws(table: LabelCells, ids: Sequence[str], list_size: int | None, faults: Faults) -> list[int]:
    """Return the number of each row in the draw; one number is of one account."""
    draws = [_whole(cell) or 0 for cell in _cells(table, "draw")]
    last = LARGEST_NUMBER if list_size is None else list_size
    missing = [number for number, place in zip(table.row_numbers, draws, strict=True) if not 1 <= place <= last]
    faults.add("draw", "not_drawn", missing, "the number of the draw; rows added by hand are no part of the sample")
    account_at: dict[int, str] = {}
    draw_of: dict[str, int] = {}
    doubled = []
    for number, account_id, place in zip(table.row_numbers, ids, draws, strict=True):
        if not account_id:
            continue
        if account_at.setdefault(place, account_id) != account_id or draw_of.setdefault(account_id, place) != place:
            doubled.append(number)
    if not missing:
        faults.add("draw", "drawn_twice", doubled, "one number for each account, as in the sheet as drawn")
    return draws


def _read_strata(
    table: LabelCells, ids: Sequence[str], list_size: int | None, faults: Faults
) -> tuple[tuple[tuple[str, int], ...], list[int] | None]:
    """Return the strata by name, and the position of each row's stratum among them."""
    absent = [name for name in ("stratum", "stratum_size") if name not in table.columns]
    for name in absent:
        faults.add_column(name, "missing_column", "the strata of the sheet as drawn")
    if absent:
        return (), None
    names = _cells(table, "stratum")
    counts = [_whole(cell) or 0 for cell in _cells(table, "stratum_size")]
    rows = list(zip(table.row_numbers, names, counts, strict=True))
    faults.add("stratum", "no_stratum", [number for number, name, _ in rows if not name], "a stratum in every row")
    faults.add("stratum_size", "not_a_count", [number for number, _, size in rows if size < 1], "a number from 1")
    size_of: dict[str, int] = {}
    stratum_of: dict[str, str] = {}
    other_size, other_stratum = [], []
    for (number, name, size), account_id in zip(rows, ids, strict=True):
        if size >= 1 and size_of.setdefault(name, size) != size:
            other_size.append(number)
        if account_id and stratum_of.setdefault(account_id, name) != name:
            other_stratum.append(number)
    faults.add("stratum_size", "several_values", other_size, "one size for each stratum")
    faults.add("stratum", "two_strata", other_stratum, "one stratum for each account")
    strata = tuple(sorted((name, size_of.get(name, 0)) for name in set(names)))
    if list_size is not None and sum(size_of.values()) > list_size:
        faults.add_column("stratum_size", "too_large", f"strata that hold {list_size} accounts or fewer together")
    n_of = Counter(stratum_of.values())
    too_small = [number for number, name, size in rows if 1 <= size < n_of[name]]
    faults.add("stratum_size", "too_small", too_small, "at least the accounts of the stratum in this sheet")
    position = {name: number for number, (name, _) in enumerate(strata)}
    return strata, [position[name] for name in names]
