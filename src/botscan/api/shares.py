"""Answers out: organic share, what it means for each account, label sheets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from botscan.api.lists import read_accounts, refuse_given
from botscan.api.scores import ModelLike, as_scorer, score_accounts
from botscan.errors import NotEnoughAccounts, SchemaError
from botscan.evidence.profile import ScoreProfile
from botscan.evidence.scores import Scores
from botscan.labels import LabelSheet, read_labels
from botscan.labels import make_label_sheet as _make_label_sheet
from botscan.prevalence.bot_probability import BotProbabilities
from botscan.prevalence.bot_probability import estimate_bot_probability as _estimate_bot_probability
from botscan.prevalence.error_correction import ErrorRates, check_rates
from botscan.prevalence.from_labels.audit_sample import estimate_from_labels
from botscan.prevalence.share import OrganicShare, cannot_say
from botscan.prevalence.without_labels.new_audience import check_bound, estimate_without_labels
from botscan.prevalence.without_labels.quantifiers import estimate_from_profile


def estimate_organic_share(
    scores: Any,
    labels: Any = None,
    profile: ScoreProfile | None = None,
    *,
    frame: str = "unknown",
    population: int | None = None,
    confidence_level: float = 0.95,
    rater_errors: ErrorRates | None = None,
    suspicious_share_lower_bound: float | None = None,
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
        Number of followers of the audience, where it is known.
    confidence_level
        Of the interval, in (0, 1).
    rater_errors
        How often these raters err on accounts of known truth; the share is then corrected for it. Only for labels.
    suspicious_share_lower_bound
        Part of the list, in [0, 1], that other evidence than the scores shows to be suspicious; only for an estimate
        without labels.
    model
        Model folder or loaded model; None for the one that ships inside. It scores a list that is not scored yet, and
        holds the sources of known truth that a list without labels is compared with.
    **reading
        Options of `read_accounts`, when `scores` are not made yet.

    Returns
    -------
    share
        A share with its interval; or None with the reason and the number of labels that would give it to +-5 points.
        Without labels the interval is wide, never validated, and its measured coverage stands among the notes.

    Raises
    ------
    SchemaError
        An option is of another type or would have no effect, labels and profile were given together, or the labels
        belong to another list.
    ModelError
        The profile is of another model or evidence pattern.

    Examples
    --------
    >>> import botscan as bs
    >>> share = bs.estimate_organic_share(bs.make_audience(n=20).accounts)
    >>> print(share.organic_share, share.n_labels_needed)
    None 20
    """
    _check_types("estimate_organic_share", profile, rater_errors, suspicious_share_lower_bound)
    if labels is not None and profile is not None:
        raise SchemaError(
            "Both labels and a profile were given.", source="estimate_organic_share", remedy="Leave one of them out."
        )
    if labels is not None or profile is not None:
        refuse_given(
            {"suspicious_share_lower_bound": suspicious_share_lower_bound},
            "would have no effect beside labels or a profile.",
            "Leave it out.",
        )
    if isinstance(scores, Scores):
        refuse_given(
            reading,
            "would have no effect: these accounts are scored already.",
            "Leave it out, or give the list instead of its scores.",
        )
        scored = scores
    else:
        scored = score_accounts(scores, model=model, **reading)
    if labels is not None:
        return estimate_from_labels(
            scored,
            read_labels(labels),
            frame=frame,
            population=population,
            confidence_level=confidence_level,
            rater_errors=rater_errors,
        )
    refuse_given({"rater_errors": rater_errors}, "would have no effect without labels.", "Leave it out.")
    how: dict[str, Any] = {"frame": frame, "population": population, "confidence_level": confidence_level}
    if profile is not None:
        return estimate_from_profile(scored.histogram(), profile, **how)
    known = _known_sources(scored, model)
    if known is None:
        none = cannot_say(scored.histogram(), **how)
        return replace(none, suspicious_share_lower_bound=suspicious_share_lower_bound)
    return estimate_without_labels(
        scored.histogram(), known, suspicious_share_lower_bound=suspicious_share_lower_bound, **how
    )


def estimate_bot_probability(
    scores: Any,
    share: OrganicShare | None = None,
    labels: Any = None,
    profile: ScoreProfile | None = None,
    *,
    model: ModelLike = None,
    **options: Any,
) -> BotProbabilities:
    """Estimate how probable it is of each account to be suspicious, under the share that was estimated for the list.

    Parameters
    ----------
    scores
        Scores, or whatever `read_accounts` takes.
    share
        What `estimate_organic_share` returned for this list; made when not given.
    labels, profile
        As given for the share. Labels also correct how steeply the probability rises with the score.
    model
        As in `estimate_organic_share`.
    **options
        Options of `estimate_organic_share`, when the share is not made yet.

    Returns
    -------
    probabilities
        One row an account, in order, with the values at both ends of the share's interval. All unknown where the list
        has no share.

    Examples
    --------
    >>> import botscan as bs
    >>> audience = bs.make_audience(n=300)
    >>> ids = audience.accounts.table["account_id"].to_pylist()
    >>> labels = [{"account_id": ids[i], "is_suspicious": audience.is_suspicious[i]} for i in range(0, 300, 3)]
    >>> found = bs.estimate_bot_probability(audience.accounts, labels=labels)
    >>> len(found), float(found.bot_probability.min()) >= 0.0
    (300, True)
    """
    if not isinstance(share, OrganicShare | None):
        raise SchemaError(
            f"share is of type {type(share).__name__}, wanted what estimate_organic_share returns.",
            source="estimate_bot_probability",
            remedy="Leave share out to have it made, or give labels as labels=...",
        )
    _check_types("estimate_bot_probability", profile)
    scored, options = _scored(scores, model, options)
    answers = None if labels is None else read_labels(labels)
    if share is None:
        share = estimate_organic_share(scored, answers, profile, model=model, **options)
    else:
        refuse_given(options, "would have no effect: the share is made already.", "Leave it out.")
    return _estimate_bot_probability(scored, share, profile or _known_sources(scored, model), answers)


def _check_types(
    source: str,
    profile: ScoreProfile | None,
    rater_errors: ErrorRates | None = None,
    suspicious_share_lower_bound: float | None = None,
) -> None:
    """Raise SchemaError or BotscanError when an option is not of its type."""
    if not isinstance(profile, ScoreProfile | None):
        raise SchemaError(
            f"profile is of type {type(profile).__name__}, wanted a ScoreProfile.",
            source=source,
            remedy="Leave it out where none was measured on this audience; labels are given as labels=...",
        )
    if rater_errors is not None:
        check_rates(rater_errors, "rater_errors")
    check_bound(suspicious_share_lower_bound)


def _scored(scores: Any, model: ModelLike, options: dict[str, Any]) -> tuple[Scores, dict[str, Any]]:
    """Return scores, made where they are not, and the options that are not about reading."""
    if isinstance(scores, Scores):
        return scores, options
    of_share = {"frame", "population", "confidence_level", "rater_errors", "suspicious_share_lower_bound"}
    reading = {name: value for name, value in options.items() if name not in of_share}
    return score_accounts(scores, model=model, **reading), {
        name: value for name, value in options.items() if name in of_share
    }


def _known_sources(scores: Scores, model: ModelLike) -> ScoreProfile | None:
    """Return the sources of known truth under the model that made these scores; None where another one made them."""
    scorer = as_scorer(model)
    return scorer.profile(scores.pattern) if scores.pattern and scorer.sha256 == scores.model_sha256 else None


def make_label_sheet(
    accounts: Any,
    scores: Scores | None = None,
    n: int = 100,
    random_state: int = 0,
    *,
    design: str = "simple_random",
    **reading: Any,
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
    design
        ``simple_random``; ``systematic``, evenly along the follow order; ``stratified``, more of those about whom the
        scores are least sure.
    **reading
        Options of `read_accounts`.

    Returns
    -------
    sheet
        ``sheet.save("sheet.xlsx")`` writes it; raters fill it in, `read_labels` takes it back.

    Raises
    ------
    NotEnoughAccounts
        The list is empty, or all of its accounts call themselves automated.
    SchemaError
        The scores are none, or of another list.

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
    if table.n_accounts == 0:
        raise NotEnoughAccounts(
            "The list holds no accounts, so there is nothing to label.",
            source=table.source,
            remedy="Give a list with accounts.",
        )
    scored = score_accounts(table) if scores is None else scores
    return _make_label_sheet(table, scored, n=n, random_state=random_state, design=design)
