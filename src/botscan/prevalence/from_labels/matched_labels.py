"""Labels put to the accounts of a list, and what speaks against using them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.errors import SchemaError
from botscan.evidence.labels import LabelTable
from botscan.evidence.scores import Scores

_OTHER_IDS = "Give the labels of this list; ids that passed through a spreadsheet may have lost digits."
_WHOLE_IDS = "Copy the answers into the sheet as drawn: use .xlsx, or have the spreadsheet keep the ids as text."
_REDRAW = "Draw the accounts with `botscan labels sheet`, and keep the columns that it wrote."


@dataclass(frozen=True, eq=False)
class MatchedLabels:
    """Labels of accounts that are in the list and do not call themselves automated, shape (n,) each.

    Attributes
    ----------
    positions
        Row in the scores.
    answers
        As in `LabelTable`, shape (n, n_raters).
    suspicious
        0 to 1, NaN where nobody decided.
    is_undecided
        Looked at, or passed over, and not decided.
    stratum
        Position in the strata of the design; 0 where there are none.
    stratum_sizes
        Accounts of each stratum, shape (n_strata,); empty where there are none.
    n_foreign, n_declared
        Labels of accounts that are not in the list, and of accounts that call themselves automated.
    n_unknown_of
        Accounts that were drawn, and looked at as far as anyone can tell, but whose rows are gone or whose ids are
        damaged, shape (n_strata,), or (1,) where there are no strata. Nobody knows which accounts they are.
    are_ids_damaged
        Whether the labels name this very list, so that ids which are not in it can only have been changed.
    census_share
        Suspicious part of the accounts that do not call themselves automated, where every one of them was decided;
        None where some were not.
    """

    positions: NDArray[np.int64]
    answers: NDArray[np.int8]
    suspicious: NDArray[np.float64]
    is_undecided: NDArray[np.bool_]
    stratum: NDArray[np.int64]
    stratum_sizes: NDArray[np.int64]
    n_foreign: int
    n_declared: int
    n_unknown_of: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    are_ids_damaged: bool = False
    census_share: float | None = None

    @classmethod
    def of(cls, scores: Scores, labels: LabelTable) -> MatchedLabels:
        """Find the labelled accounts in the list.

        Raises
        ------
        SchemaError
            The labels were drawn from another list, none of their accounts is in this one, most of their ids are
            damaged, or they were drawn with unequal probabilities and do not say from which strata, or from strata of
            another list, or all rows of a stratum are gone.
        """
        strata = _checked_strata(scores, labels)
        label_of_row = pc.index_in(scores.account_ids, value_set=pa.array(labels.account_ids, pa.large_string()))
        label_of_row = np.asarray(pc.fill_null(label_of_row, -1).to_numpy())
        rows = np.flatnonzero(label_of_row >= 0)
        # Rows that repeat an account have one label: the first row stands for it.
        known, first = np.unique(label_of_row[rows], return_index=True)
        if len(known) == 0 and labels.account_ids:
            raise SchemaError(
                f"None of the {len(labels.account_ids)} labelled accounts is in this list of {scores.n_accounts}.",
                source=labels.source,
                column="account_id",
                remedy=_WHOLE_IDS if labels.design.list_digest else _OTHER_IDS,
            )
        n_foreign = len(labels.account_ids) - len(known)
        are_ids_damaged = bool(labels.design.list_digest) and n_foreign > 0
        if are_ids_damaged and n_foreign > len(known):
            raise _damaged(labels, n_foreign)
        positions = rows[first]
        declared = scores.is_declared_bot[positions]
        kept = known[~declared]
        return cls(
            positions[~declared],
            labels.answers[kept],
            labels.suspicious[kept],
            labels.is_undecided[kept],
            strata[kept],
            np.array([size for _, size in labels.design.strata], dtype=np.int64),
            n_foreign=n_foreign,
            n_declared=int(declared.sum()),
            n_unknown_of=_unknown_rows(scores, labels, strata, known),
            are_ids_damaged=are_ids_damaged,
            census_share=_census_share(scores, labels, label_of_row),
        )

    @property
    def is_decided(self) -> NDArray[np.bool_]:
        """Accounts with a yes or no."""
        result: NDArray[np.bool_] = ~np.isnan(self.suspicious)
        return result

    @property
    def n_unknown(self) -> int:
        """Accounts looked at whose rows are gone or whose ids are damaged."""
        return int(self.n_unknown_of.sum())

    @property
    def undecided_share(self) -> float:
        """Undecided and unknown accounts among those that were looked at."""
        n_undecided = int(self.is_undecided.sum()) + self.n_unknown
        return n_undecided / max(1, n_undecided + int(self.is_decided.sum()))

    @property
    def is_unlabeled(self) -> NDArray[np.bool_]:
        """Strata where nothing was decided, shape (n_strata,)."""
        n_decided = np.bincount(self.stratum[self.is_decided], minlength=len(self.stratum_sizes))
        result: NDArray[np.bool_] = n_decided[: len(self.stratum_sizes)] == 0
        return result

    @property
    def unlabeled_share(self) -> float:
        """Accounts in strata where nothing was decided, among all."""
        total = int(self.stratum_sizes.sum())
        return int(self.stratum_sizes[self.is_unlabeled].sum()) / total if total else 0.0

    @property
    def n_unanswered(self) -> int:
        """Accounts that were not reached."""
        return int((~self.is_decided & ~self.is_undecided).sum())


def _checked_strata(scores: Scores, labels: LabelTable) -> NDArray[np.int64]:
    """Return the stratum of every label, 0 where the sample has none, or raise SchemaError."""
    design = labels.design
    if design.list_digest and design.list_digest != scores.list_digest:
        raise SchemaError(
            "This label sheet was drawn from another list.",
            source=labels.source,
            column="list_digest",
            remedy="Give the list that the sheet was made for, unchanged, or draw a new sheet from this list.",
        )
    none = np.zeros(len(labels), dtype=np.int64)
    if design.kind != "stratified":
        _refuse_unequal(labels, none, "The accounts were drawn with unequal probabilities; wanted a random sample.")
        return none
    stratum = labels.stratum
    if stratum is None or not design.strata or not ((stratum >= 0) & (stratum < len(design.strata))).all():
        raise SchemaError(
            "The accounts were drawn from strata, but it is not said from which, or how many accounts each holds.",
            source=labels.source,
            column="stratum",
            remedy=_REDRAW,
        )
    total, n_undeclared = sum(size for _, size in design.strata), int((~scores.is_declared_bot).sum())
    if total < n_undeclared and design.list_digest:
        raise SchemaError(
            f"All rows of a stratum are missing: the strata of the labels hold {total} accounts, but {n_undeclared}"
            " accounts of this list do not call themselves automated.",
            source=labels.source,
            column="stratum",
            remedy="Put the rows back, or merge this sheet with the whole one as it was drawn: `botscan labels merge`.",
        )
    if total != n_undeclared:
        raise SchemaError(
            f"The strata of the labels hold {total} accounts, but {n_undeclared} accounts of this list do not call"
            " themselves automated.",
            source=labels.source,
            column="stratum_size",
            remedy="Give the list that the sheet was made for, or draw a new sheet from this list.",
        )
    drawn = np.bincount(stratum, minlength=len(design.strata))
    for (name, size), n in zip(design.strata, drawn.tolist(), strict=True):
        if n > size:
            raise SchemaError(
                f"{n} labelled accounts are of the stratum {name!r}, which holds {size}.",
                source=labels.source,
                column="stratum_size",
                remedy=_REDRAW,
            )
    _refuse_unequal(labels, stratum, "Accounts of one stratum were drawn with unequal probabilities.")
    return stratum


def _refuse_unequal(labels: LabelTable, groups: NDArray[np.int64], message: str) -> None:
    probability = labels.inclusion_probability
    if probability is None:
        return
    _, first, group = np.unique(groups, return_index=True, return_inverse=True)
    if not np.allclose(probability, probability[first][group], rtol=1e-3):
        raise SchemaError(message, source=labels.source, column="inclusion_probability", remedy=_REDRAW)


def _damaged(labels: LabelTable, n_foreign: int) -> SchemaError:
    return SchemaError(
        f"{n_foreign} of the {len(labels)} account ids in the rows of this sheet are not in the list that it was drawn"
        " from, so they were changed: a spreadsheet keeps 15 digits and no zeros in front.",
        source=labels.source,
        column="account_id",
        remedy=_WHOLE_IDS,
    )


def _unknown_rows(
    scores: Scores, labels: LabelTable, strata: NDArray[np.int64], known: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return how many accounts were looked at and cannot be told, by stratum."""
    sizes = np.array([size for _, size in labels.design.strata] or [int((~scores.is_declared_bot).sum())])
    n_rows = np.bincount(strata, minlength=len(sizes))
    unknown = _shared_out(labels, sizes, strata, n_rows)
    if labels.design.list_digest:
        is_foreign = np.ones(len(labels), dtype=np.bool_)
        is_foreign[known] = False
        is_met = ~np.isnan(labels.suspicious) | labels.is_undecided
        unknown = unknown + np.bincount(strata[is_foreign & is_met], minlength=len(sizes))
    # No stratum holds more accounts than it has, whatever the sheet says.
    n_known = np.bincount(strata[known], minlength=len(sizes))
    result: NDArray[np.int64] = np.clip(unknown, 0, np.maximum(0, sizes - n_known)).astype(np.int64)
    return result


def _shared_out(
    labels: LabelTable, sizes: NDArray[np.int64], strata: NDArray[np.int64], n_rows: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the missing rows by stratum; where they cannot be told, they go where they would weigh most."""
    most = np.maximum(0, _drawn_of(labels, sizes, strata, n_rows) - n_rows)
    if labels.is_order_lost:  # nobody knows who was reached: all may have been
        return most
    left = labels.n_missing
    if len(sizes) == 1:
        return np.array([left])
    shared = np.zeros(len(sizes), dtype=np.int64)
    for number in np.argsort(-sizes / np.maximum(1, n_rows), kind="stable").tolist():
        shared[number] = min(left, int(most[number]))
        left -= int(shared[number])
    shared[int(np.argmax(sizes - n_rows - shared))] += left
    return shared


def _drawn_of(
    labels: LabelTable, sizes: NDArray[np.int64], strata: NDArray[np.int64], n_rows: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return how many accounts of each stratum were drawn, as the probabilities tell; the rows where they do not."""
    if labels.inclusion_probability is None:
        return n_rows
    probability = np.zeros(len(sizes))
    probability[strata] = labels.inclusion_probability
    return np.maximum(n_rows, np.rint(probability * sizes).astype(np.int64))


def _census_share(scores: Scores, labels: LabelTable, label_of_row: NDArray[np.int64]) -> float | None:
    """Return the suspicious part of all accounts that do not call themselves automated, where all are decided."""
    of_undeclared = label_of_row[~scores.is_declared_bot]
    if len(of_undeclared) == 0 or (of_undeclared < 0).any():
        return None
    suspicious = labels.suspicious[of_undeclared]
    return None if np.isnan(suspicious).any() else float(suspicious.mean())
