"""LabelTable: what raters said about accounts, and how those accounts were drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botscan.notes import Note

#: Answers in `LabelTable.answers`.
YES, NO, UNSURE, NOTHING = 1, 0, -1, -2


#: How labelled accounts can have been drawn.
DESIGNS: tuple[str, ...] = ("simple_random", "systematic", "stratified", "assumed_simple_random")


@dataclass(frozen=True)
class LabelDesign:
    """How the labelled accounts were drawn.

    Attributes
    ----------
    kind
        One of `DESIGNS`: ``simple_random``; ``systematic``, evenly along the order of the list; ``stratified``, a
        simple random sample within each stratum; ``assumed_simple_random`` for a bare table of labels.
    list_digest
        Digest of the list they were drawn from; empty when not stated.
    list_size
        Accounts in that list; None when not stated.
    random_state
        Seed of the draw; None when not stated.
    strata
        Name and number of accounts of every stratum the accounts were drawn from; empty unless stratified. Names say
        nothing about scores, because raters can see them.
    """

    kind: str
    list_digest: str = ""
    list_size: int | None = None
    random_state: int | None = None
    strata: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class LabelTable:
    """Answers of one or more raters; yes = a bought or fake follower.

    Attributes
    ----------
    account_ids
        Labelled accounts, unique, in the order in which raters met them.
    raters
        Column names of the raters, in order.
    answers
        int8, shape (n_accounts, n_raters): 1 yes, 0 no, -1 unsure, -2 no answer.
    design
        How the accounts were drawn.
    inclusion_probability
        Probability of each account to be drawn, shape (n_accounts,); None when not stated.
    source
        Name of the file or frame.
    notes
        What was merged, ignored or assumed while reading.
    stratum
        Position of each account's stratum in ``design.strata``, int64, shape (n_accounts,); None unless stratified.
    n_missing
        Accounts drawn before the last one with an answer whose rows are gone: nobody can tell what was said of them.
    is_order_lost
        Whether a sheet of a stated design no longer says in which order its accounts were drawn. Then no account
        without an answer can be told to be merely not reached.
    """

    account_ids: tuple[str, ...]
    raters: tuple[str, ...]
    answers: NDArray[np.int8]
    design: LabelDesign
    inclusion_probability: NDArray[np.float64] | None
    source: str
    notes: tuple[Note, ...] = ()
    stratum: NDArray[np.int64] | None = None
    n_missing: int = 0
    is_order_lost: bool = False

    def __post_init__(self) -> None:
        answers = np.array(self.answers, dtype=np.int8)
        if answers.shape != (len(self.account_ids), len(self.raters)):
            raise ValueError(f"answers has shape {answers.shape}, wanted {(len(self.account_ids), len(self.raters))}")
        answers.flags.writeable = False
        object.__setattr__(self, "answers", answers)

    def __len__(self) -> int:
        return len(self.account_ids)

    def __repr__(self) -> str:
        # The table holds ids; a log or a traceback shall not.
        return f"LabelTable({len(self)} accounts, raters={self.raters}, source={self.source!r})"

    @property
    def suspicious(self) -> NDArray[np.float64]:
        """Mean of the yes/no answers of each account, shape (n,): 0, 1, or between where raters disagree.

        NaN where nobody said yes or no.
        """
        said = self.answers >= 0
        n_said = said.sum(axis=1)
        n_yes = (self.answers == YES).sum(axis=1)
        return np.divide(n_yes, n_said, out=np.full(len(n_said), np.nan), where=n_said > 0)

    @property
    def is_undecided(self) -> NDArray[np.bool_]:
        """Accounts that nobody could decide, or that were passed over, shape (n,).

        Accounts after the last one with an answer were not reached: nothing is known about them, and nothing can be
        read from that. Where the order of the draw is lost, all without an answer count as passed over.
        """
        if self.is_order_lost:
            return np.isnan(self.suspicious)
        is_answered = (self.answers != NOTHING).any(axis=1)
        is_reached = np.logical_or.accumulate(is_answered[::-1])[::-1]
        result: NDArray[np.bool_] = np.isnan(self.suspicious) & is_reached
        return result
