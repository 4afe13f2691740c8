"""Organic share inside a known domain: an audience whose suspicious and organic accounts were measured to score so."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from botscan.errors import ModelError
from botscan.evidence.histogram import ScoreHistogram
from botscan.evidence.profile import ScoreProfile
from botscan.notes import Note
from botscan.prevalence.intervals import highest_density_interval, normal_quantile, product_interval
from botscan.prevalence.mixture import PRIOR, population_posterior, share_posterior
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

#: A fit this improbable means that the profile does not describe the audience.
MISFIT_P_VALUE = 1e-4
#: A profile whose AUC is not for certain (three standard errors below what it shows) above this tells next to nothing:
#: at AUC .6 to .7 from 300 accounts intervals held the truth in 62-93 % of the runs; at .7 from 2,000, beyond this
#: line, in 87-97 %.
LEAST_CERTAIN_AUC = 0.65


def estimate_from_profile(
    histogram: ScoreHistogram,
    profile: ScoreProfile,
    *,
    confidence_level: float = 0.95,
    frame: str = "unknown",
    population: int | None = None,
) -> OrganicShare:
    """Estimate the organic share of the scored accounts from a profile that was measured on this audience.

    The scores are folded into the profile's bins. Both profiles have a Pólya tree prior whose strength is learned, and
    every number of suspicious accounts is equally probable beforehand. The posterior of the finite list gives the point
    (its mode) and a highest-density interval, which can reach 0 and 1. No random numbers are used.

    Parameters
    ----------
    histogram
        Scores of the list.
    profile
        How suspicious and organic accounts of this audience score. A profile of other audiences gives an interval
        that looks just as narrow and is wrong.
    confidence_level
        In (0, 1).
    frame, population
        Which part of the followers the list holds, and how many followers there are. For a random sample the interval
        speaks of all followers.

    Returns
    -------
    share
        Share of the scored accounts, never validated; None when none could be scored, or when the profile hardly tells
        its two kinds apart: its intervals would not hold.

    Raises
    ------
    ModelError
        Histogram and profile come from different models or evidence patterns, or the profile lacks one of the kinds.

    Notes
    -----
    The model is that of [1]_ and [2]_; see `botscan.prevalence.mixture`.

    References
    ----------
    .. [1] Ziegler, A., Czyż, P. (2024). Bayesian quantification with black-box estimators. TMLR.
       https://arxiv.org/abs/2302.09159
    .. [2] Keith, K., O'Connor, B. (2018). Uncertainty-aware generative models for inferring document class
       prevalence. EMNLP, 4575-4585. https://doi.org/10.18653/v1/D18-1487

    Examples
    --------
    >>> counts = lambda low, high: np.bincount([400] * low + [600] * high, minlength=1024)
    >>> profile = ScoreProfile({"shop": counts(20, 480)}, {"people": counts(490, 10)}, (512,), "m", "twitter/full")
    >>> share = estimate_from_profile(ScoreHistogram(counts(700, 300), 0, "m", "twitter/full"), profile, frame="full")
    >>> share.organic_share, share.organic_share_ci_lower, share.organic_share_ci_upper
    (0.702, 0.688, 0.718)
    """
    normal_quantile(confidence_level)
    check_frame(frame, population, histogram.n_accounts)
    if histogram.n_scored == 0:
        return cannot_say(histogram, confidence_level=confidence_level, frame=frame, population=population)
    suspicious, organic = _checked_profile(histogram, profile)
    auc, error = separation_of(suspicious, organic)
    if max(auc, 1.0 - auc) - 3.0 * error < LEAST_CERTAIN_AUC:
        weak = Note("profile_tells_little", numbers={"auc": round(auc, 3)})
        return cannot_say(
            histogram, confidence_level=confidence_level, frame=frame, population=population, reasons=(weak,)
        )
    audience = profile.fold(histogram.counts)
    posterior = share_posterior(audience, suspicious, organic)
    unseen = unseen_share(frame, population, histogram.n_accounts)
    posterior = population_posterior(posterior, histogram.n_scored, unseen)
    lower, upper = highest_density_interval(posterior.suspicious_share, posterior.mass, confidence_level)
    # Accounts that call themselves automated are known not to be organic.
    undeclared = undeclared_share(histogram.n_scored, n_judged(histogram), unseen, confidence_level)
    of_undeclared = (1.0 - posterior.mode, 1.0 - upper, 1.0 - lower)
    interval = rounded_interval(*product_interval(of_undeclared, undeclared))
    p_value = _fit(audience, suspicious, organic, posterior.mode)
    notes = [Note("includes_dormant"), Note("profile_assumed_same_audience")]
    if p_value < MISFIT_P_VALUE:
        notes.insert(0, Note("profile_misfit", numbers={"p_value": float(f"{p_value:.2g}")}))
    return OrganicShare(
        *interval,
        confidence_level=confidence_level,
        method="binned_posterior",
        validated=False,  # that the profile is of this audience is the caller's word, and a good fit proves nothing
        estimand="unlike_suspicious_profile",
        share_of="scored",
        frame=frame,
        population=population,
        n_accounts=histogram.n_accounts,
        n_scored=n_judged(histogram),
        n_labeled=0,
        notes=(
            *notes,
            *list_notes(histogram, share_of="scored"),
            *frame_notes(frame, population, interval, n_accounts=histogram.n_accounts, n_judged=n_judged(histogram)),
        ),
    )


def _checked_profile(
    histogram: ScoreHistogram, profile: ScoreProfile
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    for what, of_list, of_profile in (
        ("model", histogram.model, profile.model),
        ("evidence pattern", histogram.pattern, profile.pattern),
    ):
        if of_list != of_profile:
            raise ModelError(
                f"The scores come from the {what} {of_list[:24]!r}, the profile from {of_profile[:24]!r}.",
                remedy="Measure the profile with the model and the columns that score this list.",
            )
    suspicious, organic = profile.pooled()
    for what, counts in (("suspicious", suspicious), ("organic", organic)):
        if counts.sum() == 0:
            raise ModelError(
                f"The profile holds no {what} accounts.", remedy="A profile needs validation accounts of both kinds."
            )
    return suspicious, organic


def separation_of(suspicious: NDArray[np.float64], organic: NDArray[np.float64]) -> tuple[float, float]:
    """Return the AUC of binned scores and its standard error by Hanley and McNeil [1]_.

    References
    ----------
    .. [1] Hanley, J. A., McNeil, B. J. (1982). The meaning and use of the area under a receiver operating
       characteristic (ROC) curve. Radiology 143(1), 29-36. https://doi.org/10.1148/radiology.143.1.7063747

    Examples
    --------
    >>> auc, error = separation_of(np.array([40.0, 60.0]), np.array([60.0, 40.0]))
    >>> round(auc, 3), round(error, 3)
    (0.6, 0.04)
    """
    n_suspicious, n_organic = suspicious.sum(), organic.sum()
    below = np.cumsum(organic) - organic / 2  # half of those in the same bin
    auc = float((suspicious * below).sum() / (n_suspicious * n_organic))
    lead = max(auc, 1.0 - auc)
    two_suspicious, two_organic = lead / (2.0 - lead), 2.0 * lead**2 / (1.0 + lead)
    variance = lead * (1.0 - lead)
    variance += (n_suspicious - 1.0) * (two_suspicious - lead**2) + (n_organic - 1.0) * (two_organic - lead**2)
    return auc, float(np.sqrt(max(variance, 0.0) / (n_suspicious * n_organic)))


def _fit(
    audience: NDArray[np.float64], suspicious: NDArray[np.float64], organic: NDArray[np.float64], share: float
) -> float:
    """Return the p-value of Pearson's test that the audience is a mixture of the two profiles at this share.

    The variance of both profiles is inside. A good fit proves nothing: an audience of other people can fit too.
    """
    from scipy.special import gammaincc

    n, k = audience.sum(), len(audience)
    if k < 3:
        return 1.0
    expected, variance = np.zeros(k), np.zeros(k)
    for weight, counts in ((share, suspicious), (1.0 - share, organic)):
        total = counts.sum() + k * PRIOR
        probability = (counts + PRIOR) / total
        expected += n * weight * probability
        variance += (n * weight) ** 2 * probability * (1.0 - probability) / total
    chi_square = float(((audience - expected) ** 2 / (expected + variance)).sum())
    return float(gammaincc((k - 2) / 2, chi_square / 2))
