"""Answers out: organic share, label sheets, audit."""

from __future__ import annotations

from functools import partial
from typing import Any

from botscan.api.lists import ModelLike, as_scorer, read_accounts, refuse_given, score_accounts
from botscan.audit import Audit
from botscan.audit import audit as _put_together
from botscan.errors import SchemaError
from botscan.evidence.profile import ScoreProfile
from botscan.evidence.scores import Scores
from botscan.labels import LabelSheet, read_labels
from botscan.labels import make_label_sheet as _make_label_sheet
from botscan.prevalence.audit_sample import estimate_from_labels
from botscan.prevalence.quantifiers import estimate_from_profile
from botscan.prevalence.share import OrganicShare, cannot_say


def estimate_organic_share(
    scores: Any,
    labels: Any = None,
    profile: ScoreProfile | None = None,
    *,
    frame: str = "unknown",
    population: int | None = None,
    confidence_level: float = 0.95,
    model: ModelLike = None,
    **reading: Any,
) -> OrganicShare:
    """Estimate which share of an audience is organic.

    Parameters
    ----------
    scores
        Scores, or whatever `read_accounts` takes.
    labels
        What raters said about some of the accounts: whatever `read_labels` takes. The interval then holds for what
        these raters call suspicious, even where the model is wrong.
    profile
        How suspicious and organic accounts of this very audience score; only a profile measured on the audience
        gives a valid interval without labels.
    frame
        Which part of the followers the list holds: ``full``, ``random``, ``newest`` or ``unknown``.
    population
        Number of followers of the audience, where the list holds only some of them.
    confidence_level
        Of the interval, in (0, 1).
    model, **reading
        As in `score_accounts`, when `scores` are not made yet.

    Returns
    -------
    share
        A share with its interval; or None with the reason and the number of labels that would give it to +-5 points.

    Raises
    ------
    SchemaError
        Labels and profile were given together, the labels belong to another list, or an option would have no effect.

    Examples
    --------
    >>> import botscan as bs
    >>> share = bs.estimate_organic_share(bs.make_audience(n=300).accounts)
    >>> print(share.organic_share)
    None
    """
    if labels is not None and profile is not None:
        raise SchemaError(
            "Both labels and a profile were given.", source="estimate_organic_share", remedy="Leave one of them out."
        )
    if isinstance(scores, Scores):
        refuse_given(
            {"model": model, **reading},
            "would have no effect: these accounts are scored already.",
            "Leave it out, or give the list instead of its scores.",
        )
        scored = scores
    else:
        scored = score_accounts(scores, model=model, **reading)
    if labels is not None:
        return estimate_from_labels(
            scored, read_labels(labels), frame=frame, population=population, confidence_level=confidence_level
        )
    estimate = cannot_say if profile is None else partial(estimate_from_profile, profile=profile)
    return estimate(scored.histogram(), frame=frame, population=population, confidence_level=confidence_level)


def make_label_sheet(
    accounts: Any, scores: Scores | None = None, n: int = 100, random_state: int = 0, **reading: Any
) -> LabelSheet:
    """Draw accounts to be labelled by people.

    Parameters
    ----------
    accounts
        Whatever `read_accounts` takes.
    scores
        Scores of the same list; made when not given.
    n
        Number of accounts to draw.
    random_state
        Seed of the draw.
    **reading
        Options of `read_accounts`.

    Returns
    -------
    sheet
        ``sheet.save("sheet.csv")`` writes it; raters fill it in, `read_labels` takes it back.

    Examples
    --------
    >>> import botscan as bs
    >>> sheet = bs.make_label_sheet(bs.make_audience(n=300).accounts, n=20)
    >>> len(sheet.to_frame())
    20
    """
    table = read_accounts(accounts, **reading)
    if not isinstance(scores, Scores | None):
        raise SchemaError(
            f"scores is of type {type(scores).__name__}, wanted what score_accounts returns.",
            source="make_label_sheet",
            remedy="Leave scores out to have them made; n=50 says how many accounts to draw.",
        )
    return _make_label_sheet(table, score_accounts(table) if scores is None else scores, n=n, random_state=random_state)


def audit(
    accounts: Any,
    labels: Any = None,
    profile: ScoreProfile | None = None,
    *,
    frame: str = "unknown",
    population: int | None = None,
    confidence_level: float = 0.95,
    model: ModelLike = None,
    n_review_rows: int = 0,
    **reading: Any,
) -> Audit:
    """Examine one audience: organic share, segments, what was read, what is not known.

    Parameters
    ----------
    accounts
        Whatever `read_accounts` takes.
    labels, profile, frame, population, confidence_level
        As in `estimate_organic_share`.
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
    scores = scorer.score(table)
    share = estimate_organic_share(
        scores,
        labels,
        profile,
        frame=frame,
        population=population,
        confidence_level=confidence_level,
    )
    return _put_together(table, scores, share, scorer, n_review_rows)
