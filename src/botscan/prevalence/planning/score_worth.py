r"""What scores are worth: how many plain labels a label counts for, and how well scores alone tell a share.

Nothing is measured here: scores of organic and of suspicious accounts are taken as two normal distributions of equal
spread, as far apart as an AUC says, or as the two histograms of a profile.

Alone, scores in bins with probabilities p (suspicious) and q (organic) tell the share t of a list of N accounts with
the variance of generalised least squares, which is that of maximum likelihood [1]_:

.. math:: V = \left[(p - q)^T C^{-} (p - q)\right]^{-1}, \quad
          C = \left(\tfrac{t}{N} + \tfrac{t^2}{n_p}\right) \Sigma_p
            + \left(\tfrac{1 - t}{N} + \tfrac{(1 - t)^2}{n_q}\right) \Sigma_q,

with the multinomial covariances :math:`\Sigma_p = diag(p) - p p^T`, and n_p and n_q accounts of known truth behind the
profile. More accounts in the list take the first part of each weight away, never the second.

References
----------
.. [1] Cox, D. R., Snell, E. J. (1989). Analysis of Binary Data, 2nd edition. Chapman and Hall.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from botscan.prevalence.from_labels.prediction_powered import LARGEST_GAIN, PSEUDO_ACCOUNTS
from botscan.prevalence.intervals import normal_quantile, wilson_half_width

Floats = NDArray[np.float64]

N_BINS = 12
#: How far rates of true and of false alarms differ between audiences (standard deviations).
TRUE_RATE_SPREAD, FALSE_RATE_SPREAD = 0.05, 0.03

_GRID_STEPS = 4_001
_BEYOND = 9.0
#: No bin is quite empty.
_LEAST = 1e-12


@dataclass(frozen=True, eq=False)
class KnownDomain:
    """A profile of the audience: what scores look like there.

    Attributes
    ----------
    suspicious, organic
        Probability of each bin, sum 1, shape (k,).
    n_suspicious, n_organic
        Accounts of known truth that they rest on; infinite when they are known.

    Examples
    --------
    >>> round(KnownDomain.of_auc(0.95, 2_000).half_width(0.3, 1_430), 4)
    0.0338
    """

    suspicious: Floats
    organic: Floats
    n_suspicious: float = math.inf
    n_organic: float = math.inf

    @property
    def n_validation(self) -> float:
        """Accounts of known truth of both kinds."""
        return self.n_suspicious + self.n_organic

    @classmethod
    def of_auc(cls, auc: float, n_validation: float = math.inf) -> KnownDomain:
        """Return the profile of two normals in twelve bins of equal mass, from so many accounts, half of each kind."""
        suspicious, organic, _ = _two_normals(auc)
        middle = (np.cumsum(suspicious + organic) - (suspicious + organic) / 2.0) / 2.0
        bins = np.minimum((N_BINS * middle).astype(np.int64), N_BINS - 1)
        p, q = (np.maximum(np.bincount(bins, part, N_BINS), _LEAST) for part in (suspicious, organic))
        return cls(p / p.sum(), q / q.sum(), n_validation / 2.0, n_validation / 2.0)

    @classmethod
    def of_counts(cls, suspicious: Floats, organic: Floats, prior: float) -> KnownDomain:
        """Return the profile of counted accounts, with so many imaginary ones in each bin."""
        p, q = suspicious + prior, organic + prior
        return cls(p / p.sum(), q / q.sum(), float(suspicious.sum()), float(organic.sum()))

    def variance(self, share: float, n: float) -> float:
        """Return the variance of the suspicious share of a list of n accounts, sampling of the list left out."""
        of_suspicious = share / n + share**2 / self.n_suspicious
        of_organic = (1.0 - share) / n + (1.0 - share) ** 2 / self.n_organic
        covariance = of_suspicious * _multinomial(self.suspicious) + of_organic * _multinomial(self.organic)
        difference = self.suspicious - self.organic
        # Bins sum to one, so the last one tells nothing that the others do not.
        information = float(difference[:-1] @ np.linalg.solve(covariance[:-1, :-1], difference[:-1]))
        return 1.0 / information if information > _LEAST else math.inf

    def half_width(self, share: float, n: float, population: float = math.inf, confidence_level: float = 0.95) -> float:
        """Return the half-width for a population of which n accounts are scored; n itself for the list alone.

        Parameters
        ----------
        share
            Suspicious share expected, in [0, 1].
        n
            Accounts scored, >= 1.
        population
            Followers in all, >= n.
        confidence_level
            In (0, 1).
        """
        z2 = normal_quantile(confidence_level) ** 2
        # Near the ends the interval reaches inwards, to where the scores tell less: Wilson's middle stands for that.
        inside = (n * share + z2 / 2.0) / (n + z2)
        outside_seen = 1.0 / n - 1.0 / population
        sampling = wilson_half_width(share, 1.0 / outside_seen, confidence_level) if outside_seen > 0.0 else 0.0
        return math.sqrt(z2 * self.variance(inside, n) + sampling**2)

    def domain_floor(self, share: float, confidence_level: float = 0.95) -> float:
        """Return the half-width that stays with a profile of other audiences, however many accounts are scored.

        Rates of true and of false alarms differ between audiences; counting above a line cannot know by how much.

        Examples
        --------
        >>> round(KnownDomain.of_auc(0.95).domain_floor(0.3), 2)
        0.07
        """
        rates = (np.cumsum(part[::-1])[:-1] for part in (self.suspicious, self.organic))
        difference = float(np.max(np.subtract(*rates)))
        spread = math.hypot(share * TRUE_RATE_SPREAD, (1.0 - share) * FALSE_RATE_SPREAD)
        return min(0.5, normal_quantile(confidence_level) * spread / difference) if difference > 0.0 else 0.5


def variance_ratio_of(auc: float, share: float, n_labels: float = math.inf) -> float:
    """Return how many plain labels a label is worth in `prediction_powered`, thanks to scores of this AUC.

    Parameters
    ----------
    auc
        Probability that a suspicious account of this audience scores higher than an organic one, in [0.5, 1).
    share
        Suspicious share, in [0, 1].
    n_labels
        Answers; the fewer there are, the less the scores are trusted.

    Examples
    --------
    >>> round(variance_ratio_of(0.95, 0.3), 2), round(variance_ratio_of(0.95, 0.3, 100), 2), variance_ratio_of(0.5, 0.3)
    (2.54, 2.22, 1.0)
    """
    (suspicious, suspicious_square), (organic, organic_square) = _prediction_moments(auc)
    mean, square = (
        share * of_suspicious + (1.0 - share) * of_organic
        for of_suspicious, of_organic in ((suspicious, organic), (suspicious_square, organic_square))
    )
    trust_suspicious, trust_organic = (
        1.0 if math.isinf(n_labels) else of_kind * n_labels / (of_kind * n_labels + PSEUDO_ACCOUNTS)
        for of_kind in (share, 1.0 - share)
    )
    suspicious, suspicious_square, organic, organic_square = (
        of_list + trust * (of_kind - of_list)
        for of_kind, of_list, trust in (
            (suspicious, mean, trust_suspicious),
            (suspicious_square, square, trust_suspicious),
            (organic, mean, trust_organic),
            (organic_square, square, trust_organic),
        )
    )
    binomial = share * (1.0 - share)
    variance = share * suspicious_square + (1.0 - share) * organic_square
    variance -= (share * suspicious + (1.0 - share) * organic) ** 2
    if binomial == 0.0 or variance < _LEAST:
        return 1.0
    explained = binomial * (suspicious - organic) ** 2 / variance
    return max(1.0, min(LARGEST_GAIN, 1.0 / max(_LEAST, 1.0 - explained)))


def _multinomial(probability: Floats) -> Floats:
    return np.diag(probability) - np.outer(probability, probability)


@cache
def _two_normals(auc: float) -> tuple[Floats, Floats, Floats]:
    """Return the mass of suspicious and of organic scores on a fine grid, and the log-odds there."""
    distance = math.sqrt(2.0) * NormalDist().inv_cdf(auc)
    score = np.linspace(-_BEYOND, distance + _BEYOND, _GRID_STEPS)
    masses = [np.exp(-0.5 * (score - centre) ** 2) for centre in (distance, 0.0)]
    suspicious, organic = (mass / mass.sum() for mass in masses)
    return suspicious, organic, distance * (score - distance / 2.0)


def _prediction_moments(auc: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return mean and mean square of the prediction of suspicious and of organic accounts."""
    suspicious, organic, log_odds = _two_normals(auc)
    prediction = 1.0 / (1.0 + np.exp(-log_odds))
    found = [(float(mass @ prediction), float(mass @ prediction**2)) for mass in (suspicious, organic)]
    return found[0], found[1]
