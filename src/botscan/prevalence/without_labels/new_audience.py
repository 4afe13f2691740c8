"""Organic share of a new audience without labels: an interval as wide as sources differ, or the reason for none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from botscan.display import DIGITS
from botscan.errors import BotscanError, ModelError
from botscan.evidence.histogram import ScoreHistogram
from botscan.evidence.profile import ScoreProfile
from botscan.notes import Note
from botscan.prevalence.intervals import highest_density_interval, normal_quantile, product_interval
from botscan.prevalence.mixture import Posterior, population_posterior
from botscan.prevalence.share import (
    MARGIN,
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
from botscan.prevalence.without_labels.new_audience_figures import (
    PatternFigures,
    measured_sources,
    new_audience_figures,
)
from botscan.prevalence.without_labels.new_audience_model import share_above_line, source_effects_posterior, source_of

#: Sources of suspicious accounts that were not sold or gathered as followers: campaigns that spread an app, a product
#: or a hashtag, and look like people so as to be read. Bought followers need not be read. They stand in no reference:
#: with them nothing could be told of any list.
OTHER_BOTS = ("cresci-2017",)

#: Fewer families and sources than these do not show how far others may differ.
FEWEST_SUSPICIOUS_FAMILIES, FEWEST_SUSPICIOUS_SOURCES, FEWEST_PEOPLE_SOURCES = 5, 3, 5
#: Shorter lists are labelled as a whole sooner than they are estimated.
SHORTEST_LIST = 30
#: A 95 % interval wider than this says too little to be given.
WIDEST = 0.7
#: Part of the stated error that the posterior is asked for. The model takes its two lines for independent, which they
#: are not quite: on the remaining sources, each left out once more, plain intervals held 90 % of the time, these 94 %.
ERROR_PART = 0.4
_LEVEL_OF_WIDEST = 0.95
#: Posterior probability beyond a lower bound under which the bound contradicts the scores.
_CONTRADICTION = 1e-3


def estimate_without_labels(
    histogram: ScoreHistogram,
    profile: ScoreProfile,
    *,
    suspicious_share_lower_bound: float | None = None,
    confidence_level: float = 0.95,
    frame: str = "unknown",
    population: int | None = None,
) -> OrganicShare:
    """Estimate the organic share of the scored accounts of an audience that nothing was learned from.

    The list is compared with known sources of bought and inauthentic followers and of people, and taken to differ
    from them as they differ from one another. The interval is wide. It is given only for evidence patterns on which
    it was measured to hold, on sources left out, and only where it is not too wide to be of use. A list that looks
    more suspicious than every known source of people gets none: followers who only read look so, and no labelled
    source holds such people. No random numbers.

    Parameters
    ----------
    histogram
        Scores of the list.
    profile
        How families of known truth score under models that saw none of their source. What stands before the slash of
        a family's name is its source.
    suspicious_share_lower_bound
        Part of the list, in [0, 1], that other evidence shows to be suspicious, such as blocks that followed at once.
    confidence_level
        In (0, 1).
    frame, population
        Which part of the followers the list holds, and how many followers there are. For a random sample the interval
        speaks of all followers.

    Returns
    -------
    share
        Share of the scored accounts, never validated, with the measured coverage among its notes; None with the
        reason where it cannot be said.

    Raises
    ------
    ModelError
        Histogram and profile come from different models or evidence patterns.
    BotscanError
        The lower bound is no share.

    Notes
    -----
    See `new_audience_model` beside this file for the model. Accounts that are unlike any known source may pass as
    organic.

    Examples
    --------
    >>> profile = ScoreProfile({"shop": np.ones(1024)}, {"people": np.ones(1024)}, (512,), "m", "tiktok/full")
    >>> scores = ScoreHistogram(np.full(1024, 5), 0, "m", "tiktok/full")
    >>> share = estimate_without_labels(scores, profile)
    >>> share.organic_share is None, share.notes[0].code
    (True, 'new_audience_not_measured')
    """
    check_bound(suspicious_share_lower_bound)
    figures = new_audience_figures(histogram.pattern)
    sources = {source_of(family) for family, counts in profile.suspicious.items() if counts.sum() > 0}
    if figures is None or not measured_sources() <= sources:
        reason = "new_audience_not_measured"
    elif not figures.keeps_its_word:
        reason = "new_audience_unreliable"
    else:
        reason = ""
    return estimate_from_sources(
        histogram,
        profile,
        figures=figures,
        reason=reason or _thin_reference(profile),
        suspicious_share_lower_bound=suspicious_share_lower_bound,
        confidence_level=confidence_level,
        frame=frame,
        population=population,
    )


def estimate_from_sources(
    histogram: ScoreHistogram,
    profile: ScoreProfile,
    *,
    figures: PatternFigures | None = None,
    reason: str = "",
    widest: float = WIDEST,
    people_are_like_known: bool = False,
    suspicious_share_lower_bound: float | None = None,
    confidence_level: float = 0.95,
    frame: str = "unknown",
    population: int | None = None,
) -> OrganicShare:
    """Estimate as `estimate_without_labels` does, whether the method was measured on the profile or not.

    Parameters
    ----------
    histogram, profile
        As there.
    figures
        What to say of the method.
    reason
        Code of the reason why nothing is to be estimated, if any.
    widest
        Width of a 95 % interval beyond which none is given.
    people_are_like_known
        Whether the people of the list are taken to be no quieter than the known ones, so that whatever is beyond
        these is suspicious.
    suspicious_share_lower_bound, confidence_level, frame, population
        As there.
    """
    normal_quantile(confidence_level)
    check_frame(frame, population, histogram.n_accounts)

    def abstain(*reasons: Note) -> OrganicShare:
        none = cannot_say(
            histogram, confidence_level=confidence_level, frame=frame, population=population, reasons=reasons
        )
        return replace(none, suspicious_share_lower_bound=suspicious_share_lower_bound)

    plain = abstain()
    if histogram.n_scored == 0 or plain.n_labels_needed == histogram.n_accounts - histogram.n_declared_bots:
        return plain
    _check_same(histogram, profile)
    advice = {"n_labels": plain.n_labels_needed or 0, "margin": MARGIN}
    if histogram.n_scored < SHORTEST_LIST:
        return abstain(Note("new_audience_few_scored", count=histogram.n_scored, numbers=advice))
    above = share_above_line(histogram.counts, profile.organic)
    if reason or above is None:
        return abstain(Note(reason or "new_audience_no_reference", numbers=advice))
    if not people_are_like_known and above[0] > above[1]:
        numbers = advice | {"share": round(above[0], DIGITS), "of_people": round(above[1], DIGITS)}
        return abstain(Note("new_audience_beyond_people", numbers=numbers))
    posterior = source_effects_posterior(histogram.counts, bought_families(profile), profile.organic)
    posterior, beyond = _truncated(posterior, _bound_of_scored(histogram, suspicious_share_lower_bound))
    if beyond < _CONTRADICTION:
        return abstain(Note("new_audience_bound_contradicts", numbers=advice))
    unseen = unseen_share(frame, population, histogram.n_accounts)
    posterior = population_posterior(posterior, histogram.n_scored, unseen)
    _, lowest, highest = _interval(posterior, histogram, unseen, _LEVEL_OF_WIDEST)
    if highest - lowest > widest:
        return abstain(Note("new_audience_too_wide", numbers=advice | {"lower": lowest, "upper": highest}))
    interval = _interval(posterior, histogram, unseen, confidence_level)
    return OrganicShare(
        *interval,
        confidence_level=confidence_level,
        method="source_random_effects",
        validated=False,
        estimand="unlike_known_suspicious",
        share_of="scored",
        frame=frame,
        population=population,
        n_accounts=histogram.n_accounts,
        n_scored=n_judged(histogram),
        n_labeled=0,
        suspicious_share_lower_bound=suspicious_share_lower_bound,
        notes=(
            *_measured_notes(figures, advice),
            Note("includes_dormant"),
            *list_notes(histogram, share_of="scored"),
            *frame_notes(frame, population, interval, n_accounts=histogram.n_accounts, n_judged=n_judged(histogram)),
        ),
    )


def bought_families(profile: ScoreProfile) -> Mapping[str, NDArray[np.uint64]]:
    """Return the suspicious families of a profile that a bought follower may be like: all but those of other bots."""
    return {name: counts for name, counts in profile.suspicious.items() if source_of(name) not in OTHER_BOTS}


def _thin_reference(profile: ScoreProfile) -> str:
    """Return why the profile cannot serve as reference; empty where it can."""
    suspicious = [name for name, counts in bought_families(profile).items() if counts.sum() > 0]
    people = [name for name, counts in profile.organic.items() if counts.sum() > 0]
    is_enough = (
        len(suspicious) >= FEWEST_SUSPICIOUS_FAMILIES
        and len({source_of(name) for name in suspicious}) >= FEWEST_SUSPICIOUS_SOURCES
        and len({source_of(name) for name in people}) >= FEWEST_PEOPLE_SOURCES
    )
    return "" if is_enough else "new_audience_no_reference"


def _interval(
    posterior: Posterior, histogram: ScoreHistogram, unseen: float, confidence_level: float
) -> tuple[float, float, float]:
    """Return the organic share of the judged accounts with lower and upper end, rounded."""
    level = 1.0 - ERROR_PART * (1.0 - confidence_level)
    lower, upper = highest_density_interval(posterior.suspicious_share, posterior.mass, level)
    undeclared = undeclared_share(histogram.n_scored, n_judged(histogram), unseen, confidence_level)
    return rounded_interval(*product_interval((1.0 - posterior.mode, 1.0 - upper, 1.0 - lower), undeclared))


def _bound_of_scored(histogram: ScoreHistogram, bound: float | None) -> float:
    """Return the least share of the scored accounts that must be suspicious if so much of the list is.

    The accounts behind the bound may be among those without a score, and among those that call themselves automated.
    """
    others = histogram.n_unscored + histogram.n_declared_bots
    return min(1.0, max(0.0, ((bound or 0.0) * histogram.n_accounts - others) / histogram.n_scored))


def _truncated(posterior: Posterior, bound: float) -> tuple[Posterior, float]:
    """Return the posterior given that the share is at least the bound, and how probable that was."""
    if bound <= 0.0:
        return posterior, 1.0
    share = np.concatenate([[bound], posterior.suspicious_share[posterior.suspicious_share > bound]])
    mass = np.interp(share, posterior.suspicious_share, posterior.mass)
    # A point of the grid stands for half a step to either side, the first for what is left before the next.
    steps = (share[1] - bound) * (len(posterior.mass) - 1) if len(share) > 1 else 1.0
    mass[0] *= max(0.0, steps - 0.5)
    total = float(mass.sum())
    return (Posterior(share, mass / total) if total > 0 else posterior), total


def check_bound(bound: float | None) -> None:
    """Raise BotscanError when a lower bound of the suspicious share is no share."""
    if bound is None:
        return
    given: object = bound  # whatever a caller in Python wrote
    if isinstance(given, bool) or not isinstance(given, Real) or not 0.0 <= bound <= 1.0:
        raise BotscanError(
            f"Found a lower bound of the suspicious share of {str(bound)[:40]}, wanted a share from 0 to 1.",
            remedy="Divide the number of accounts by the length of the list.",
        )


def _check_same(histogram: ScoreHistogram, profile: ScoreProfile) -> None:
    if (histogram.model, histogram.pattern) != (profile.model, profile.pattern):
        raise ModelError(
            f"The scores come from {histogram.model[:12]!r} and {histogram.pattern!r}, the profile from"
            f" {profile.model[:12]!r} and {profile.pattern!r}.",
            remedy="Take the profile of the model and the columns that score this list.",
        )


def _measured_notes(figures: PatternFigures | None, advice: Mapping[str, float]) -> tuple[Note, ...]:
    told = Note("new_audience_labels", numbers=advice)
    if figures is None:
        return (told,)
    measured = {
        "answered": figures.answered,
        "coverage": figures.coverage,
        "coverage_worst": figures.coverage_worst,
        "n_runs": figures.n_runs,
        "width": figures.width,
    }
    other = {"coverage": figures.coverage_other_bots}
    return Note("new_audience_measured", numbers=measured), Note("new_audience_other_bots", numbers=other), told
