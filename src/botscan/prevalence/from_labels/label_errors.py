"""Stated errors of raters: which labels can be corrected for them."""

from __future__ import annotations

from botscan.errors import BotscanError
from botscan.evidence.labels import LabelTable
from botscan.prevalence.from_labels.matched_labels import MatchedLabels


def refuse_uncorrectable(labels: LabelTable, matched: MatchedLabels) -> None:
    """Raise BotscanError unless the labels are whole answers about a sample drawn with equal probabilities.

    The errors of raters belong to answers; a share weighted by strata is not a number of answers, and half a yes, from
    two raters who disagree, has errors that neither of them has.
    """
    if labels.design.kind == "stratified":
        raise BotscanError(
            "The labels were drawn within strata; shares are corrected for errors of raters only from simple random or"
            " systematic samples.",
            remedy="Leave the error rates out, or draw a sheet with the design simple_random.",
        )
    n_half = int(((matched.suspicious > 0.0) & (matched.suspicious < 1.0)).sum())
    if n_half:
        raise BotscanError(
            f"Raters disagree on {n_half} accounts; the errors of one rater do not tell how often half a yes is wrong.",
            remedy="Give the answers of one rater, or let the raters settle on one answer.",
        )
