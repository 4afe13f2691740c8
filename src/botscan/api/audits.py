"""One audience, everything: lists opened, scored and judged, in one value."""

from __future__ import annotations

from dataclasses import replace
from numbers import Integral
from typing import Any

from botscan.accounts.table import AccountTable
from botscan.api.allowing import KeyLike, with_allow_list
from botscan.api.lists import read_accounts
from botscan.api.scores import ModelLike, as_scorer
from botscan.api.shares import estimate_organic_share
from botscan.audit import Audit
from botscan.audit import audit as _put_together
from botscan.blocks import find_follow_blocks, make_follow_map
from botscan.errors import BotscanError
from botscan.evidence.profile import ScoreProfile
from botscan.labels import read_labels
from botscan.list_frame import find_frame_signs
from botscan.prevalence.error_correction import ErrorRates
from botscan.prevalence.frame import check_frame
from botscan.prevalence.segments import measure_segments


def audit(
    accounts: Any,
    labels: Any = None,
    profile: ScoreProfile | None = None,
    *,
    frame: str = "unknown",
    population: int | None = None,
    confidence_level: float = 0.95,
    rater_errors: ErrorRates | None = None,
    allow: Any = None,
    key: KeyLike = None,
    model: ModelLike = None,
    n_review_rows: int = 0,
    **reading: Any,
) -> Audit:
    """Examine one audience: organic share, segments, what was read, what is not known.

    Parameters
    ----------
    accounts
        Whatever `read_accounts` takes.
    labels, profile, frame, population, confidence_level, rater_errors
        As in `estimate_organic_share`.
    allow, key
        As in `score_accounts`: accounts that a person has looked at are taken off the lists of suspects, and the
        warnings say how many. The share stays what it is.
    model
        Model folder or loaded model; None for the one that ships inside.
    n_review_rows
        Number of accounts with the highest scores to keep, with names and handles, as a list to be checked by a
        person; 0 keeps none, so that a report cannot show any.
    **reading
        Options of `read_accounts`.

    Returns
    -------
    audit
        Everything in one value; `write_report` makes a page of it.

    Raises
    ------
    BotscanError
        An option is of another type or outside its range, or contradicts the list.

    Examples
    --------
    >>> import botscan as bs
    >>> result = bs.audit(bs.make_audience(n=300).accounts)
    >>> result.to_dict()["reading"]["accounts"]
    300
    """
    _check_n_review_rows(n_review_rows)
    table = read_accounts(accounts, **reading)
    _check_frame_of(table, frame, population)
    scorer = as_scorer(model)
    scores, outcome = with_allow_list(table, scorer.score(table), allow, key)
    answers = None if labels is None else read_labels(labels)
    blocks = find_follow_blocks(table, scores)
    share = estimate_organic_share(
        scores,
        answers,
        profile,
        frame=frame,
        population=population,
        confidence_level=confidence_level,
        rater_errors=rater_errors,
        model=scorer,
    )
    # Blocks stand beside the share, and never move it.
    share = replace(share, suspicious_share_lower_bound=blocks.suspicious_share_lower_bound)
    segments = measure_segments(scores, answers, frame=frame, population=population, confidence_level=confidence_level)
    return _put_together(
        table,
        scores,
        share,
        scorer,
        n_review_rows,
        segment_shares=segments,
        allow=outcome,
        frame_signs=find_frame_signs(table, population).warnings(frame),
        blocks=blocks,
        follow_map=make_follow_map(table, blocks),
    )


def _check_n_review_rows(n_review_rows: int) -> None:
    given: object = n_review_rows  # whatever a caller in Python wrote
    if isinstance(given, bool) or not isinstance(given, Integral) or n_review_rows < 0:
        raise BotscanError(
            f"Found n_review_rows {str(given)[:40]!r}, wanted a whole number from 0.",
            remedy="Use 50 for a list to be checked by a person, 0 for none.",
        )


def _check_frame_of(table: AccountTable, frame: str, population: int | None) -> None:
    """Check the frame here, where the name of the list is known."""
    try:
        check_frame(frame, population, table.n_accounts)
    except BotscanError as error:
        raise BotscanError(error.problem, source=table.source, remedy=error.remedy) from error
