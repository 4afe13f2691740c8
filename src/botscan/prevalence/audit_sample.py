"""Organic share of a whole list from labels of a random few, sharpened by the scores of all."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.display import DIGITS
from botscan.errors import SchemaError
from botscan.evidence.labels import UNSURE, YES, LabelTable
from botscan.evidence.scores import Scores
from botscan.notes import Note
from botscan.prevalence.agreement import measure_agreement
from botscan.prevalence.intervals import normal_quantile, product_interval
from botscan.prevalence.prediction_powered import LabeledSample, estimate_suspicious_share
from botscan.prevalence.share import (
    OrganicShare,
    cannot_say,
    check_frame,
    frame_notes,
    list_notes,
    n_judged,
    rounded_interval,
    undeclared_share,
    unseen_share,
)

#: Fewer labels than this say nothing about a spread.
FEWEST_LABELS = 2
#: When more of the accounts looked at stay undecided, the decided ones no longer stand for all.
MOST_UNDECIDED = 0.1


def estimate_from_labels(
    scores: Scores,
    labels: LabelTable,
    *,
    confidence_level: float = 0.95,
    frame: str = "unknown",
    population: int | None = None,
) -> OrganicShare:
    """Estimate the organic share of a whole list from labels of a simple random sample of it.

    The share is about what these raters call suspicious, and the interval holds for that even where the model is
    wrong: the scores only make it narrower. Unscored accounts are part of the list and all count as average. Accounts
    that call themselves automated are known and need no label. An account whose raters disagree counts half; one that
    nobody could decide, or that was passed over, is left out, and a note says how far the answer could move if all
    such accounts were of one kind. Accounts after the last one answered were not reached: they bias nothing, because
    a sheet stands in random order.

    Parameters
    ----------
    scores
        Scores of the list, one row an account.
    labels
        What raters said.
    confidence_level
        In (0, 1).
    frame, population
        Which part of the followers the list holds, and how many followers there are. For a random sample the interval
        speaks of all followers.

    Returns
    -------
    share
        Share of the list; None with the reason when nothing was decided.

    Raises
    ------
    SchemaError
        The labels were drawn from another list, none of their accounts is in this one, or they were not drawn with
        equal probabilities.

    Notes
    -----
    See `botscan.prevalence.prediction_powered` for the method and its references.
    """
    normal_quantile(confidence_level)
    check_frame(frame, population, scores.n_accounts)
    _check_design(scores, labels)
    matched = _Matched.of(scores, labels)
    histogram = scores.histogram()
    notes = [*labels.notes, *_label_notes(labels, matched)]
    n_decided = int(matched.is_decided.sum())
    if n_decided < FEWEST_LABELS:
        return cannot_say(
            histogram,
            confidence_level=confidence_level,
            frame=frame,
            population=population,
            reasons=(_why_none(matched, n_decided), *notes),
            n_labeled=n_decided,
        )
    estimator = _Estimator.of(scores, frame, population, confidence_level)
    share, lower, upper, method = estimator.organic_share(matched, matched.is_decided, matched.suspicious)
    if matched.is_undecided.any():
        notes.append(_unsure_band(estimator, matched, lower, upper))
    return OrganicShare(
        share,
        lower,
        upper,
        confidence_level=confidence_level,
        method=method,
        validated=labels.design.kind == "simple_random" and matched.undecided_share <= MOST_UNDECIDED,
        estimand="not_suspicious_to_raters",
        share_of="list",
        frame=frame,
        n_accounts=scores.n_accounts,
        n_scored=n_judged(histogram),
        n_labeled=n_decided,
        notes=(
            Note("includes_dormant"),
            Note("raters_not_purchases"),
            *notes,
            *list_notes(histogram, share_of="list"),
            *frame_notes(frame, population, (share, lower, upper)),
        ),
    )


@dataclass(frozen=True, eq=False)
class _Matched:
    """Labels of accounts that are in the list and do not call themselves automated, shape (n,) each."""

    positions: NDArray[np.int64]  # row in the scores
    answers: NDArray[np.int8]
    suspicious: NDArray[np.float64]  # NaN where nobody decided
    is_undecided: NDArray[np.bool_]
    n_foreign: int
    n_declared: int

    @classmethod
    def of(cls, scores: Scores, labels: LabelTable) -> _Matched:
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
                remedy="Give the labels of this list; ids that passed through a spreadsheet may have lost digits.",
            )
        positions = rows[first]
        declared = scores.is_declared_bot[positions]
        kept = known[~declared]
        return cls(
            positions[~declared],
            labels.answers[kept],
            labels.suspicious[kept],
            labels.is_undecided[kept],
            n_foreign=len(labels.account_ids) - len(known),
            n_declared=int(declared.sum()),
        )

    @property
    def is_decided(self) -> NDArray[np.bool_]:
        result: NDArray[np.bool_] = ~np.isnan(self.suspicious)
        return result

    @property
    def undecided_share(self) -> float:
        n_undecided = int(self.is_undecided.sum())
        return n_undecided / max(1, n_undecided + int(self.is_decided.sum()))


@dataclass(frozen=True, eq=False)
class _Estimator:
    """Everything about the list that labels are put into."""

    prediction: NDArray[np.float64]  # of every account of the list, in [0, 1]
    mean: float
    mean_square: float
    n_undeclared: int
    n_accounts: int
    unseen: float  # part of what the interval speaks of that is outside the list
    confidence_level: float

    @classmethod
    def of(cls, scores: Scores, frame: str, population: int | None, confidence_level: float) -> _Estimator:
        prediction = np.asarray(scores.table["bot_score"].to_numpy(), dtype=np.float64)
        undeclared = ~scores.is_declared_bot
        scored = ~np.isnan(prediction)
        # An account without a score counts as average: any constant is right, this one costs least.
        average = float(prediction[scored & undeclared].mean()) if (scored & undeclared).any() else 0.5
        prediction = np.where(scored, prediction, average)
        return cls(
            prediction,
            float(prediction[undeclared].mean()),
            float((prediction[undeclared] ** 2).mean()),
            int(undeclared.sum()),
            scores.n_accounts,
            unseen_share(frame, population, scores.n_accounts),
            confidence_level,
        )

    def organic_share(
        self, matched: _Matched, rows: NDArray[np.bool_], suspicious: NDArray[np.float64]
    ) -> tuple[float, float, float, str]:
        """Return share, lower and upper end, and method, from some of the matched labels."""
        sample = LabeledSample(
            suspicious[rows],
            self.prediction[matched.positions[rows]],
            self.mean,
            self.mean_square,
            self.n_undeclared,
            self.n_undeclared / (1.0 - self.unseen) if self.unseen < 1.0 else math.inf,
        )
        share, lower, upper, method = estimate_suspicious_share(sample, self.confidence_level)
        undeclared = undeclared_share(self.n_undeclared, self.n_accounts, self.unseen, self.confidence_level)
        of_undeclared = (1.0 - share, 1.0 - upper, 1.0 - lower)
        return *rounded_interval(*product_interval(of_undeclared, undeclared)), method


def _check_design(scores: Scores, labels: LabelTable) -> None:
    if labels.design.list_digest and labels.design.list_digest != scores.list_digest:
        raise SchemaError(
            "This label sheet was drawn from another list.",
            source=labels.source,
            column="list_digest",
            remedy="Give the list that the sheet was made for, unchanged, or draw a new sheet from this list.",
        )
    probability = labels.inclusion_probability
    if probability is not None and len(probability) and not np.allclose(probability, probability[0], rtol=1e-3):
        raise SchemaError(
            "The accounts were drawn with unequal probabilities; wanted a simple random sample.",
            source=labels.source,
            column="inclusion_probability",
            remedy="Draw the accounts with `botscan labels sheet`.",
        )


def _why_none(matched: _Matched, n_decided: int) -> Note:
    if n_decided:
        return Note("labels_too_few", count=n_decided)
    if matched.is_undecided.any():
        return Note("labels_all_unsure", count=int(matched.is_undecided.sum()))
    return Note("labels_none")


def _unsure_band(estimator: _Estimator, matched: _Matched, lower: float, upper: float) -> Note:
    """Say how far the interval reaches when all undecided accounts are suspicious, and when none is."""
    rows = matched.is_decided | matched.is_undecided
    worst, best = (
        estimator.organic_share(matched, rows, np.where(matched.is_undecided, answer, matched.suspicious))
        for answer in (1.0, 0.0)
    )
    band = {"ci_lower": min(worst[1], lower), "ci_upper": max(best[2], upper)}
    return Note("labels_unsure_band", count=int(matched.is_undecided.sum()), numbers=band)


def _label_notes(labels: LabelTable, matched: _Matched) -> list[Note]:
    notes = []
    if labels.design.kind != "simple_random":
        notes.append(Note("labels_assumed_random"))
    n_unanswered = int((~matched.is_decided & ~matched.is_undecided).sum())
    n_half = int(((matched.suspicious > 0.0) & (matched.suspicious < 1.0)).sum())
    for code, count in (
        ("labels_foreign", matched.n_foreign),
        ("labels_of_declared_bots", matched.n_declared),
        ("labels_unanswered", n_unanswered),
        ("labels_half", n_half),
    ):
        if count:
            notes.append(Note(code, count=count))
    return notes + (_rater_notes(labels.raters, matched.answers) if len(labels.raters) > 1 else [])


def _rater_notes(raters: tuple[str, ...], answers: NDArray[np.int8]) -> list[Note]:
    notes = []
    for rater, given in zip(raters, answers.T, strict=True):
        n_decided = int((given >= 0).sum())
        numbers: dict[str, float] = {"n_unsure": int((given == UNSURE).sum())}
        if n_decided:
            numbers["suspicious_share"] = round(int((given == YES).sum()) / n_decided, DIGITS)
            notes.append(Note("rater_share", column=rater, count=n_decided, numbers=numbers))
    agreement = measure_agreement(answers)
    if agreement is not None:
        numbers = {"agreement": round(agreement.agreement, DIGITS)}
        if agreement.kappa is None:
            notes.append(Note("rater_agreement_one_answer", count=agreement.n_accounts, numbers=numbers))
        else:
            numbers["kappa"] = round(agreement.kappa, DIGITS)
            notes.append(Note("rater_agreement", count=agreement.n_accounts, numbers=numbers))
    return notes
