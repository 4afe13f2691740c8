"""Organic share from counts of flagged accounts and the known error rates of whoever flagged them, rater or tool."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from numbers import Integral

import numpy as np

from botscan.display import DIGITS
from botscan.errors import BotscanError, SchemaError
from botscan.notes import Note
from botscan.prevalence.frame import check_frame, frame_notes, unseen_share
from botscan.prevalence.intervals import highest_density_interval, normal_quantile
from botscan.prevalence.mixture import PRIOR, population_posterior, share_posterior
from botscan.prevalence.share import OrganicShare, rounded_interval


@dataclass(frozen=True)
class ErrorRates:
    """How often a rater or a tool flagged accounts of known truth.

    Attributes
    ----------
    n_suspicious_flagged, n_suspicious
        Of how many accounts known to be suspicious how many were flagged.
    n_organic_flagged, n_organic
        Of how many accounts known to be organic how many were flagged: false alarms.

    Examples
    --------
    >>> rates = ErrorRates(24, 31, 10, 270)
    >>> round(rates.sensitivity, 3), round(rates.false_alarm_rate, 3)
    (0.774, 0.037)
    """

    n_suspicious_flagged: int
    n_suspicious: int
    n_organic_flagged: int
    n_organic: int

    def __post_init__(self) -> None:
        _check_counts("suspicious accounts", self.n_suspicious_flagged, self.n_suspicious)
        _check_counts("organic accounts", self.n_organic_flagged, self.n_organic)
        for field in fields(self):
            object.__setattr__(self, field.name, int(getattr(self, field.name)))

    @property
    def sensitivity(self) -> float:
        """Share of suspicious accounts that are flagged."""
        return self.n_suspicious_flagged / self.n_suspicious

    @property
    def false_alarm_rate(self) -> float:
        """Share of organic accounts that are flagged."""
        return self.n_organic_flagged / self.n_organic


def correct_share(
    n_flagged: int,
    n: int,
    rates: ErrorRates,
    *,
    confidence_level: float = 0.95,
    frame: str = "unknown",
    population: int | None = None,
) -> OrganicShare:
    """Estimate the organic share from how many accounts were flagged, corrected for known errors.

    Whoever misses some suspicious accounts and flags some organic ones counts a wrong share, however many accounts are
    judged: the count cannot fall below the false alarms. Both rates were measured on few accounts and are uncertain
    themselves; the interval holds that. It reaches 0 and 1.

    Parameters
    ----------
    n_flagged, n
        Of n accounts, judged one by one, how many were flagged.
    rates
        Errors of the same rater or tool, measured on accounts like these.
    confidence_level
        In (0, 1).
    frame, population
        Which part of the followers the n accounts are, and how many followers there are. For a random sample the
        interval speaks of all followers.

    Returns
    -------
    share
        Share of the judged accounts; never validated, because the rates are taken on trust. None with the reason when
        nothing was judged, or when suspicious accounts are flagged no more often than organic ones.

    Raises
    ------
    BotscanError
        A count is negative, not whole, or larger than what it is a part of.
    SchemaError
        The rates are no `ErrorRates`.

    Notes
    -----
    Every number of suspicious accounts from 0 to n is equally probable beforehand, and both rates have Jeffreys'
    prior, Beta(1/2, 1/2); the posterior is exact, see `botscan.prevalence.mixture` for two bins. Its mode is the point,
    next to the estimate of [1]_, which is outside [0, 1] at times. Intervals that treat the rates as known are too
    narrow; [2]_ compare some that do not.

    References
    ----------
    .. [1] Rogan, W., Gladen, B. (1978). Estimating prevalence from the results of a screening test. American Journal
       of Epidemiology 107(1), 71-76. https://doi.org/10.1093/oxfordjournals.aje.a112510
    .. [2] Lang, Z., Reiczigel, J. (2014). Confidence limits for prevalence of disease adjusted for estimated
       sensitivity and specificity. Preventive Veterinary Medicine 113(1), 13-22.
       https://doi.org/10.1016/j.prevetmed.2013.09.015

    Examples
    --------
    A Swiss broadcaster had a tool judge millions of followers. Of accounts of known truth it had flagged 24 of 31 fake
    ones and 10 of 270 real ones; of the followers it flagged 25.8 %. The estimate of Rogan and Gladen is 30.0 %.

    >>> rates = ErrorRates(24, 31, 10, 270)
    >>> share = correct_share(258_000, 1_000_000, rates)
    >>> [round(1 - x, 2) for x in (share.organic_share, share.organic_share_ci_upper, share.organic_share_ci_lower)]
    [0.29, 0.24, 0.38]
    """
    normal_quantile(confidence_level)
    check_rates(rates, "rates")
    _check_counts("accounts", n_flagged, n, smallest=0)
    n_flagged, n = int(n_flagged), int(n)
    check_frame(frame, population, n)
    if n == 0 or rates.sensitivity <= rates.false_alarm_rate:
        return _cannot_correct(n, rates, confidence_level, frame, population)
    unseen = unseen_share(frame, population, n)
    size = n / (1.0 - unseen) if unseen < 1.0 else math.inf
    suspicious = corrected_suspicious_share(n_flagged, n, rates, size=size, confidence_level=confidence_level)
    share, upper, lower = (1.0 - value for value in suspicious)
    interval = rounded_interval(share, lower, upper)
    notes = [Note("includes_dormant"), note_of_errors(rates)]
    flagged = {"flagged_share": round(n_flagged / n, DIGITS)}
    if n_flagged / n <= rates.false_alarm_rate:
        notes.append(Note("error_rates_explain_all", count=n_flagged, numbers=flagged))
    elif n_flagged / n > rates.sensitivity:
        found = {"sensitivity": round(rates.sensitivity, DIGITS)}
        notes.append(Note("error_rates_exceeded", count=n_flagged, numbers=flagged | found))
    return OrganicShare(
        *interval,
        confidence_level=confidence_level,
        method="error_corrected",
        validated=False,
        estimand="not_suspicious_corrected",
        share_of="list",
        frame=frame,
        population=population,
        n_accounts=n,
        n_scored=0,
        n_labeled=n,
        notes=(*notes, *frame_notes(frame, population, interval, n_accounts=n, n_judged=n)),
    )


def corrected_suspicious_share(
    n_suspicious: int, n_decided: int, rates: ErrorRates, *, size: float, confidence_level: float = 0.95
) -> tuple[float, float, float]:
    """Return the suspicious share, its lower and its upper end, from the yes/no answers of a simple random sample.

    Parameters
    ----------
    n_suspicious, n_decided
        Answers yes; answers yes or no; whole numbers, `n_decided` >= 1. Answers of one rater, or of raters together as
        the rates were measured: where raters disagree, half a yes has no error rate.
    rates
        Errors of these answers. With a sensitivity that is not above the false-alarm rate they tell nothing.
    size
        Accounts that the sample was drawn from: those of the list, or of all followers if the list is itself a random
        sample of them; infinite when their number is not known. At least `n_decided`.
    confidence_level
        In (0, 1).

    Examples
    --------
    >>> perfect = ErrorRates(10_000, 10_000, 0, 10_000)
    >>> share, lower, upper = corrected_suspicious_share(30, 100, perfect, size=5000)
    >>> round(share, 2), round(lower, 2), round(upper, 2)
    (0.3, 0.22, 0.39)
    """
    audience = np.array([n_decided - n_suspicious, n_suspicious], dtype=np.float64)
    suspicious = np.array([rates.n_suspicious - rates.n_suspicious_flagged, rates.n_suspicious_flagged], np.float64)
    organic = np.array([rates.n_organic - rates.n_organic_flagged, rates.n_organic_flagged], np.float64)
    posterior = share_posterior(audience, suspicious, organic, strengths=(PRIOR,))
    posterior = population_posterior(posterior, n_decided, 1.0 - n_decided / size)
    lower, upper = highest_density_interval(posterior.suspicious_share, posterior.mass, confidence_level)
    return posterior.mode, lower, upper


def check_rates(rates: object, name: str) -> None:
    """Raise SchemaError when what stands for error rates is something else."""
    if not isinstance(rates, ErrorRates):
        raise SchemaError(
            f"{name} is of type {type(rates).__name__}, wanted ErrorRates.",
            remedy="Write ErrorRates(24, 31, 10, 270): of 31 suspicious accounts 24 were flagged, of 270 organic 10.",
        )


def _check_counts(what: str, part: int, whole: int, smallest: int = 1) -> None:
    found: tuple[object, object] = (part, whole)  # whatever a caller in Python wrote
    are_whole = all(isinstance(value, Integral) and not isinstance(value, bool) for value in found)
    if not are_whole or not (0 <= part <= whole and whole >= smallest):
        raise BotscanError(
            f"Found {str(part)[:40]} flagged of {str(whole)[:40]} {what}, wanted whole numbers, the first not larger.",
            remedy="Write how many were flagged, then of how many.",
        )


def note_of_errors(rates: ErrorRates) -> Note:
    """Say which errors were taken for granted, or that raters who err so much tell nothing."""
    tells_nothing = rates.sensitivity <= rates.false_alarm_rate
    numbers = {
        "sensitivity": round(rates.sensitivity, DIGITS),
        "false_alarm_rate": round(rates.false_alarm_rate, DIGITS),
        "n_suspicious": rates.n_suspicious,
        "n_organic": rates.n_organic,
    }
    return Note("error_rates_tell_nothing" if tells_nothing else "error_rates_stated", numbers=numbers)


def _cannot_correct(
    n: int, rates: ErrorRates, confidence_level: float, frame: str, population: int | None
) -> OrganicShare:
    reason = Note("no_accounts") if n == 0 else note_of_errors(rates)
    return OrganicShare(
        None,
        None,
        None,
        confidence_level=confidence_level,
        method="none",
        validated=False,
        estimand="none",
        share_of="list",
        frame=frame,
        population=population,
        n_accounts=n,
        n_scored=0,
        n_labeled=n,
        notes=(reason, *frame_notes(frame, population, n_accounts=n)),
    )
