"""LabelSheet: a random few of a list, with room for what people say about them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts import AccountTable
from botscan.errors import BotscanError, NotEnoughAccounts, OutputError, SchemaError
from botscan.evidence.scores import Scores
from botscan.labels.tables import open_labels
from botscan.schema import PLATFORMS
from botscan.wording import csv_line
from botscan.writing import write_file

if TYPE_CHECKING:
    import pandas as pd

DESIGN = "simple_random"
RATERS = ("rater_1", "rater_2")
COLUMNS = (
    "account_id",
    "handle",
    "link",
    *RATERS,
    "inclusion_probability",
    "design",
    "list_digest",
    "list_size",
    "random_state",
)

#: A spreadsheet rounds longer whole numbers; an apostrophe keeps them text.
MOST_SAFE_DIGITS = 15


@dataclass(frozen=True, repr=False)
class LabelSheet:
    """Accounts to look at, in random order, with two empty columns for raters.

    The order is that of the draw: whoever stops after any number of rows, from the top, has labelled a simple random
    sample. A larger sheet with the same seed begins with the smaller one. No score is shown, because it would sway the
    raters.

    Attributes
    ----------
    account_ids
        Accounts drawn, in the order of the draw.
    handles
        Their handles; empty where the list has none.
    links
        Addresses of their profiles; empty where the handle gives none.
    inclusion_probability
        Probability of every account to be drawn, in (0, 1].
    list_digest, list_size
        Which list they were drawn from, and its number of accounts.
    random_state
        Seed of the draw.
    """

    account_ids: tuple[str, ...]
    handles: tuple[str, ...]
    links: tuple[str, ...]
    inclusion_probability: float
    list_digest: str
    list_size: int
    random_state: int

    def __len__(self) -> int:
        return len(self.account_ids)

    def __repr__(self) -> str:
        return f"LabelSheet({len(self)} of {self.list_size} accounts, random_state={self.random_state})"

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame, one row an account, to be filled in and given to `read_labels`."""
        import pandas as pd

        return pd.DataFrame(self._rows(), columns=list(COLUMNS))

    def save(self, path: str | os.PathLike[str], *, inputs: Iterable[str | os.PathLike[str]] = ()) -> None:
        """Write a CSV file, to be filled in with any spreadsheet: yes (a bought or fake follower), no, or unsure.

        Parameters
        ----------
        path
            File to write; it appears whole or not at all.
        inputs
            Files that are being read, which must not be written over.

        Raises
        ------
        OutputError
            The file cannot be written, or holds answers that people gave.
        """
        _refuse_filled(path)
        lines = [csv_line(COLUMNS)]
        for account_id, *cells in self._rows():
            lines.append(csv_line([_as_text(str(account_id)), *cells]))
        # The mark makes spreadsheets read UTF-8.
        write_file(path, "\ufeff" + "".join(lines), inputs=inputs)

    def _rows(self) -> list[list[str | float | int]]:
        design = (self.inclusion_probability, DESIGN, self.list_digest, self.list_size, self.random_state)
        blank = [""] * len(RATERS)
        drawn = zip(self.account_ids, self.handles, self.links, strict=True)
        return [[account_id, handle, link, *blank, *design] for account_id, handle, link in drawn]


def make_label_sheet(accounts: AccountTable, scores: Scores, n: int = 100, random_state: int = 0) -> LabelSheet:
    """Draw a simple random sample of a list, to be labelled by people.

    Accounts that call themselves automated are left out: about them nothing is unsure.

    Parameters
    ----------
    accounts
        The list.
    scores
        Its scores; they only tell which accounts call themselves automated.
    n
        Accounts to draw, at least 1; all when the list has fewer.
    random_state
        Seed, a whole number from 0. The draw depends on it and on the set of account ids, not on their order.

    Raises
    ------
    NotEnoughAccounts
        There is no account to draw.
    SchemaError
        The scores are of another list.
    BotscanError
        `n` or `random_state` is out of range.
    """
    _check(accounts, scores, n, random_state)
    table = accounts.table
    table = table.filter(pa.array(~scores.is_declared_bot))
    if table.num_rows == 0:
        raise NotEnoughAccounts(
            "The list holds no account to label.",
            source=accounts.source,
            remedy="Give a list with accounts that do not call themselves automated.",
        )
    table = table.take(pc.sort_indices(table["account_id"]))
    # The raw output of the generator never changes between versions of numpy; of equal draws the first counts.
    draws = np.random.Philox(random_state).random_raw(table.num_rows)
    drawn = table.take(pa.array(np.argsort(draws, kind="stable")[:n]))
    ids = tuple(drawn["account_id"].to_pylist())
    handles = ("",) * len(ids)
    if "handle" in drawn.column_names:
        handles = tuple(pc.fill_null(drawn["handle"], "").to_pylist())
    platform = PLATFORMS.get(accounts.platform or "")
    return LabelSheet(
        account_ids=ids,
        handles=handles,
        links=tuple(platform.profile_link(handle) if platform else "" for handle in handles),
        inclusion_probability=len(ids) / table.num_rows,
        list_digest=scores.list_digest,
        list_size=accounts.n_accounts,
        random_state=random_state,
    )


def _refuse_filled(path: str | os.PathLike[str]) -> None:
    """Answers are hours of work: no new sheet goes over them."""
    try:
        cells = open_labels(Path(os.fsdecode(path))).columns
    except BotscanError:  # no file, or no sheet
        return
    if any(cell.strip() for rater in RATERS for cell in cells.get(rater, ())):
        raise OutputError(
            "This sheet already holds answers.",
            source=os.fsdecode(path),
            remedy="Choose another name for the new sheet, or move this one away first.",
        )


def _check(accounts: AccountTable, scores: Scores, n: int, random_state: int) -> None:
    if scores.list_digest != accounts.digest or scores.n_accounts != accounts.n_accounts:
        raise SchemaError(
            f"The scores are of another list: {scores.n_accounts} scored rows, {accounts.n_accounts} accounts.",
            source=accounts.source,
            remedy="Score this list again.",
        )
    if n < 1:
        raise BotscanError(f"Found {n} accounts to draw, wanted at least 1.", remedy="Draw 100 for a first look.")
    if random_state < 0:
        raise BotscanError(f"Found the seed {random_state}, wanted a whole number from 0.", remedy="Use 0.")


def _as_text(account_id: str) -> str:
    is_long = account_id.isdigit() and len(account_id) > MOST_SAFE_DIGITS
    return f"'{account_id}" if is_long else account_id
