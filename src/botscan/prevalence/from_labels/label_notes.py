"""What a reader must know about the labels that a share rests on: who said what, and what was left out."""

from __future__ import annotations

import numpy as np

from botscan.display import DIGITS
from botscan.evidence.labels import NO, NOTHING, UNSURE, YES, LabelDesign, LabelTable
from botscan.notes import Note
from botscan.prevalence.from_labels.agreement import measure_agreement
from botscan.prevalence.from_labels.matched_labels import MatchedLabels

_OF_DESIGN = {"assumed_simple_random": "labels_assumed_random", "systematic": "labels_systematic"}
#: What is of no matter where all accounts are labelled.
_OF_THE_DRAW = frozenset({"labels_rows_missing", "labels_order_lost", "labels_reordered"})


def label_notes(labels: LabelTable, matched: MatchedLabels) -> list[Note]:
    """Say what was found in reading, how the labels were drawn, which were not used, and what each rater said.

    A systematic sample is taken as a simple random one. Along the follow order neighbours are alike, so equal steps
    spread a sample more evenly than chance does, and the interval is rather too wide. It would be too narrow only if
    the list repeated itself at the very step, which an order of arrival does not.
    """
    is_census = matched.census_share is not None
    # Where all accounts are labelled, nothing depends on how they were picked.
    notes = [Note(_OF_DESIGN[labels.design.kind])] if labels.design.kind in _OF_DESIGN and not is_census else []
    notes = [note for note in labels.notes if not (is_census and note.code in _OF_THE_DRAW)] + notes
    n_half = int(((matched.suspicious > 0.0) & (matched.suspicious < 1.0)).sum())
    for code, count in (
        ("labels_ids_damaged" if matched.are_ids_damaged else "labels_foreign", matched.n_foreign),
        ("labels_of_declared_bots", matched.n_declared),
        ("labels_unanswered", matched.n_unanswered),
        ("labels_half", n_half),
    ):
        if count:
            notes.append(Note(code, count=count))
    return notes + (_rater_notes(labels.raters, labels.design, matched) if len(labels.raters) > 1 else [])


def why_none(matched: MatchedLabels) -> Note:
    """Say why the labels give no share."""
    n_decided = int(matched.is_decided.sum())
    if n_decided:
        return Note("labels_too_few", count=n_decided)
    n_undecided = int(matched.is_undecided.sum())
    # Where the order of the draw is lost, rows without an answer count as undecided, but nobody said so.
    if n_undecided and (matched.answers != NOTHING).any():
        return Note("labels_all_unsure", count=n_undecided)
    return Note("labels_none")


def _rater_notes(raters: tuple[str, ...], design: LabelDesign, matched: MatchedLabels) -> list[Note]:
    notes = []
    is_weighted = design.kind == "stratified"
    for rater, given in zip(raters, matched.answers.T, strict=True):
        is_decided = (given == YES) | (given == NO)
        numbers: dict[str, float] = {"n_unsure": int((given == UNSURE).sum())}
        if is_decided.any():
            numbers["suspicious_share"] = round(_share_of_rater(given == YES, is_decided, matched), DIGITS)
            notes.append(Note("rater_share", column=rater, count=int(is_decided.sum()), numbers=numbers))
    if notes and is_weighted:
        notes.append(Note("rater_shares_weighted"))
    agreement = measure_agreement(matched.answers)
    if agreement is not None:
        numbers = {"agreement": round(agreement.agreement, DIGITS)}
        if agreement.kappa is None:
            notes.append(Note("rater_agreement_one_answer", count=agreement.n_accounts, numbers=numbers))
        else:
            numbers["kappa"] = round(agreement.kappa, DIGITS)
            notes.append(Note("rater_agreement", count=agreement.n_accounts, numbers=numbers))
    return notes


def _share_of_rater(says_yes: np.ndarray, is_decided: np.ndarray, matched: MatchedLabels) -> float:
    """Return what one rater alone calls suspicious, of the whole list where the sample is stratified."""
    if not len(matched.stratum_sizes):
        return int(says_yes.sum()) / int(is_decided.sum())
    n_strata = len(matched.stratum_sizes)
    n_decided = np.bincount(matched.stratum[is_decided], minlength=n_strata)
    n_yes = np.bincount(matched.stratum[says_yes], minlength=n_strata)
    # Strata where this rater decided nothing count as the others.
    weights = np.where(n_decided > 0, matched.stratum_sizes, 0)
    return float(weights @ (n_yes / np.maximum(1, n_decided)) / weights.sum())
