"""MergedLabels: what several returned sheets say together."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from botscan.evidence.labels import NOTHING, LabelTable
from botscan.labels.guards import number_cell
from botscan.labels.rows import Cell, SheetRows, save_rows
from botscan.prevalence.from_labels.agreement import Agreement, measure_agreement

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class MergedRater:
    """One rater of the merged sheet, and where the answers are from.

    Attributes
    ----------
    name
        Column in the merged sheet: ``rater_1``, ``rater_2``, ...
    origins
        Sheet and column of each part.
    n_answers
        Accounts with an answer of this rater.
    """

    name: str
    origins: tuple[tuple[str, str], ...]
    n_answers: int


@dataclass(frozen=True, repr=False, eq=False)
class MergedLabels:
    """Answers of all raters of one sheet, put together from several files.

    Attributes
    ----------
    labels
        What raters said, in the order of the draw; `botscan.estimate_organic_share` takes it.
    raters
        Where each rater's answers are from.
    handles, links
        As the sheets have them, one an account.
    draws
        Number of each account in the draw, counted from 1; None when no sheet states it, or not of all.
    sources
        Names of the files.
    """

    labels: LabelTable
    raters: tuple[MergedRater, ...]
    handles: tuple[str, ...]
    links: tuple[str, ...]
    draws: tuple[int, ...] | None
    sources: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        # The table holds ids; a log or a traceback shall not.
        return f"MergedLabels({len(self)} accounts, {len(self.raters)} raters, {len(self.sources)} sheets)"

    @property
    def agreements(self) -> dict[tuple[str, str], Agreement | None]:
        """How far each two raters agree beyond chance; None where they answered no account in common."""
        answers = self.labels.answers
        pairs = combinations(range(len(self.raters)), 2)
        names = self.labels.raters
        return {
            (names[one], names[other]): measure_agreement(np.asarray(answers[:, [one, other]])) for one, other in pairs
        }

    def to_dict(self) -> dict[str, Any]:
        """Return what was merged as plain data: counts, never an account."""
        return {
            "sheets": list(self.sources),
            "n_accounts": len(self),
            "raters": [
                {
                    "rater": rater.name,
                    "n_answers": rater.n_answers,
                    "origins": [{"sheet": sheet, "column": column} for sheet, column in rater.origins],
                }
                for rater in self.raters
            ],
            "agreement": [
                {
                    "raters": list(pair),
                    "n_accounts": 0 if found is None else found.n_accounts,
                    "agreement": None if found is None else found.agreement,
                    "kappa": None if found is None else found.kappa,
                }
                for pair, found in self.agreements.items()
            ],
            "notes": [note.to_dict() for note in self.labels.notes],
        }

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame, one row an account, that `read_labels` takes."""
        return self._rows().to_frame()

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        language: str = "en",
        delimiter: str = ",",
        inputs: Iterable[str | os.PathLike[str]] = (),
    ) -> None:
        """Write one sheet with the answers of all raters; see `botscan.LabelSheet.save`.

        Raises
        ------
        OutputError
            The file cannot be written, or holds answers that are not in this one.
        """
        save_rows(self._rows(), path, language=language, delimiter=delimiter, inputs=inputs)

    def _rows(self) -> SheetRows:
        labels, n = self.labels, len(self)
        design: dict[str, list[Cell]] = {}
        if self.draws is not None:
            design["draw"] = list(self.draws)
        if labels.stratum is not None:
            strata = [labels.design.strata[number] for number in labels.stratum.tolist()]
            design["stratum"] = [name for name, _ in strata]
            design["stratum_size"] = [size for _, size in strata]
        if labels.inclusion_probability is not None:
            design["inclusion_probability"] = labels.inclusion_probability.tolist()
        stated = {
            "design": labels.design.kind,
            "list_digest": labels.design.list_digest,
            "list_size": labels.design.list_size,
            "random_state": None if labels.design.random_state is None else number_cell(labels.design.random_state),
        }
        design.update({name: [value] * n for name, value in stated.items() if value not in {None, ""}})
        answers = {rater: labels.answers[:, number].tolist() for number, rater in enumerate(labels.raters)}
        # A sheet without an answer is still a sheet to fill in.
        answers = answers or {"rater_1": [NOTHING] * n}
        return SheetRows(labels.account_ids, self.handles, self.links, answers, design)
