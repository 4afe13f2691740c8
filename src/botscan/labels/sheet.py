"""LabelSheet: a random few of a list, with room for what people say about them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts import AccountTable
from botscan.errors import BotscanError, NotEnoughAccounts, SchemaError
from botscan.evidence.labels import NOTHING
from botscan.evidence.scores import Scores
from botscan.labels.designs import DRAWN, Candidates, draw
from botscan.labels.guards import LARGEST_NUMBER, number_cell
from botscan.labels.instructions import instructions
from botscan.labels.rows import Cell, SheetRows, save_rows
from botscan.schema import PLATFORMS

if TYPE_CHECKING:
    import pandas as pd

#: Raters that a sheet has room for unless more are asked for, and at most.
RATERS = 2
_MOST_RATERS = 20


@dataclass(frozen=True, repr=False)
class LabelSheet:
    """Accounts to look at, in an order by lot, with empty columns for raters.

    The order is that of the draw: whoever stops after any number of rows, from the top, has looked at a fair part. A
    larger simple random sheet with the same seed begins with the smaller one. No score is shown, because it would sway
    the raters.

    Attributes
    ----------
    account_ids
        Accounts drawn, in the order of the draw.
    handles
        Their handles; empty where the list has none.
    links
        Addresses of their profiles; empty where the handle gives none.
    inclusion_probability
        Probability of each account to be drawn, in (0, 1].
    list_digest, list_size
        Which list they were drawn from, and its number of accounts.
    random_state
        Seed of the draw.
    design
        How they were drawn: ``simple_random``, ``systematic`` or ``stratified``.
    strata
        Name and number of accounts of every stratum; empty unless stratified.
    stratum
        Name of the stratum of each account; empty unless stratified.
    """

    account_ids: tuple[str, ...]
    handles: tuple[str, ...]
    links: tuple[str, ...]
    inclusion_probability: tuple[float, ...]
    list_digest: str
    list_size: int
    random_state: int
    design: str = DRAWN[0]
    strata: tuple[tuple[str, int], ...] = ()
    stratum: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.account_ids)

    def __repr__(self) -> str:
        how = f"design={self.design!r}, random_state={self.random_state}"
        return f"LabelSheet({len(self)} of {self.list_size} accounts, {how})"

    def to_frame(self, raters: int = RATERS) -> pd.DataFrame:
        """Return a pandas frame, one row an account, to be filled in and given to `read_labels`."""
        return self._rows(raters).to_frame()

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        language: str = "en",
        raters: int = RATERS,
        delimiter: str = ",",
        inputs: Iterable[str | os.PathLike[str]] = (),
    ) -> None:
        """Write a sheet to be filled in with any spreadsheet: yes (a bought or inauthentic follower), no, or unsure.

        Parameters
        ----------
        path
            File to write; it appears whole or not at all. One that ends in ``.xlsx`` is an Excel workbook, with the
            answers to choose from and the instructions on its second sheet; any other is CSV.
        language
            ``en`` or ``id``: of the answers offered in a workbook, and of the instructions that come first.
        raters
            Columns for raters, 1 to 20.
        delimiter
            Mark between the cells of a CSV file: ``,`` or ``;``, which spreadsheets of many countries want, or a tab
            or ``|``.
        inputs
            Files that are being read, which must not be written over.

        Raises
        ------
        OutputError
            The file cannot be written, or holds answers that people gave.
        BotscanError
            An option is out of range.
        """
        save_rows(self._rows(raters), path, language=language, delimiter=delimiter, inputs=inputs)

    def instructions(self, language: str = "en") -> str:
        """Return what raters must know before they fill in the sheet; a workbook holds it already."""
        return instructions(language)

    def _rows(self, raters: int) -> SheetRows:
        if not 1 <= raters <= _MOST_RATERS:
            raise BotscanError(f"Found {raters} raters, wanted 1 to {_MOST_RATERS}.", remedy="Use 2.")
        n = len(self)
        design: dict[str, list[Cell]] = {"draw": list(range(1, n + 1))}
        if self.strata:
            sizes = dict(self.strata)
            design["stratum"] = list(self.stratum)
            design["stratum_size"] = [sizes[name] for name in self.stratum]
        design["inclusion_probability"] = list(self.inclusion_probability)
        design.update({name: [getattr(self, name)] * n for name in ("design", "list_digest", "list_size")})
        design["random_state"] = [number_cell(self.random_state)] * n
        answers = {f"rater_{number}": [NOTHING] * n for number in range(1, raters + 1)}
        return SheetRows(self.account_ids, self.handles, self.links, answers, design)


def make_label_sheet(
    accounts: AccountTable, scores: Scores, n: int = 100, random_state: int = 0, design: str = DRAWN[0]
) -> LabelSheet:
    """Draw accounts of a list, to be labelled by people.

    Accounts that call themselves automated are left out: about them nothing is unsure.

    Parameters
    ----------
    accounts
        The list.
    scores
        Its scores; they tell which accounts call themselves automated, and make the strata of a stratified sheet.
    n
        Accounts to draw, at least 1; all when the list has fewer.
    random_state
        Seed, a whole number from 0 to 2**63 - 1. The draw depends on it and on the accounts, not on their order (but
        where a list without follow ranks is drawn systematically).
    design
        ``simple_random``; ``systematic``: at equal steps along the follow order; ``stratified``: by score and follow
        order, with more accounts where the scores are in doubt. See `botscan.labels.designs.draw`.

    Raises
    ------
    NotEnoughAccounts
        There is no account to draw.
    SchemaError
        The scores are of another list.
    BotscanError
        `n`, `random_state` or `design` is out of range.
    """
    _check(accounts, scores, n, random_state, design)
    n, random_state = int(n), int(random_state)
    candidates = Candidates.of(accounts, scores)
    if len(candidates) == 0:
        raise NotEnoughAccounts(
            "The list holds no account to label.",
            source=accounts.source,
            remedy="Give a list with accounts that do not call themselves automated.",
        )
    drawn = draw(design, candidates, n, random_state)
    table = accounts.table.take(pa.array(drawn.rows))
    handles = ("",) * len(drawn.rows)
    if "handle" in table.column_names:
        handles = tuple(pc.fill_null(table["handle"], "").to_pylist())
    platform = PLATFORMS.get(accounts.platform or "")
    return LabelSheet(
        account_ids=tuple(table["account_id"].to_pylist()),
        handles=handles,
        links=tuple(platform.profile_link(handle) if platform else "" for handle in handles),
        inclusion_probability=tuple(drawn.probability.tolist()),
        list_digest=scores.list_digest,
        list_size=accounts.n_accounts,
        random_state=random_state,
        design=design,
        strata=drawn.strata,
        stratum=() if drawn.stratum is None else tuple(drawn.strata[number][0] for number in drawn.stratum.tolist()),
    )


def _check(accounts: AccountTable, scores: Scores, n: int, random_state: int, design: str) -> None:
    if scores.list_digest != accounts.digest or scores.n_accounts != accounts.n_accounts:
        raise SchemaError(
            f"The scores are of another list: {scores.n_accounts} scored rows, {accounts.n_accounts} accounts.",
            source=accounts.source,
            remedy="Score this list again.",
        )
    if not _is_whole(n) or n < 1:
        raise BotscanError(
            f"Found {_shown(n)} accounts to draw, wanted a whole number, at least 1.",
            remedy="Draw 100 for a first look.",
        )
    if not _is_whole(random_state) or not 0 <= random_state <= LARGEST_NUMBER:
        raise BotscanError(
            f"Found the seed {_shown(random_state)}, wanted a whole number from 0 to {LARGEST_NUMBER}.", remedy="Use 0."
        )
    if design not in DRAWN:
        raise BotscanError(f"Found design {design!r}, wanted one of {', '.join(DRAWN)}.", remedy=f'Use "{DRAWN[0]}".')


def _is_whole(value: object) -> bool:
    """Return whether a value is a whole number; numpy's are, True is none."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _shown(value: object) -> str:
    is_short = isinstance(value, float) or (_is_whole(value) and abs(value) <= 10**20)  # type: ignore[operator, unused-ignore, arg-type]
    return str(value) if is_short else type(value).__name__
