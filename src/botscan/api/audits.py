"""One audience, everything: lists opened, scored and judged, in one value."""

from __future__ import annotations

from typing import Any

from botscan.api.allowing import KeyLike, with_allow_list
from botscan.api.lists import read_accounts
from botscan.api.scores import ModelLike, as_scorer
from botscan.api.shares import estimate_organic_share
from botscan.audit import Audit
from botscan.audit import audit as _put_together
from botscan.evidence.profile import ScoreProfile
from botscan.labels import read_labels
from botscan.list_frame import find_frame_signs
from botscan.prevalence.error_correction import ErrorRates
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

    Examples
    --------
    >>> import botscan as bs
    >>> result = bs.audit(bs.make_audience(n=300).accounts)
    >>> result.to_dict()["reading"]["accounts"]
    300
    """
    table = read_accounts(accounts, **reading)
    scorer = as_scorer(model)
    scores, outcome = with_allow_list(table, scorer.score(table), allow, key)
    answers = None if labels is None else read_labels(labels)
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
    )
