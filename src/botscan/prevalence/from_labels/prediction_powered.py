r"""A share from few labels and many scores: the point of PPI++, with an interval that inverts its score test.

n accounts drawn at random have labels y, and all N accounts of the list have a prediction f in [0, 1]. PPI++ [1]_ takes

.. math:: \hat\theta = \bar y + \lambda (\bar f_{list} - \bar f_{labelled}),

which is right on average whatever f is, and precise when f predicts y. The published normal interval covers far too
little when one class is rare. Here the test of every hypothetical share t is inverted, with the variance that the
rectifier y - lambda f would have at t, as Wilson's interval [2]_ does for y alone (lambda = 0 gives it exactly):

.. math:: (\hat\theta - t)^2 \le z^2 \left[\tfrac{1 - n/N}{n} V(t) + \tfrac{1 - N/P}{N} t (1 - t)\right]

V(t) follows from the first two moments of f among suspicious and among organic labelled accounts. Each class also
counts two imaginary accounts that score like the whole list, so predictions earn trust only by labels. The last term
is there when the list itself is a random sample of P followers.

References
----------
.. [1] Angelopoulos, A., Duchi, J., Zrnic, T. (2023). PPI++: efficient prediction-powered inference.
   https://arxiv.org/abs/2311.01453
.. [2] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. JASA 22(158),
   209-212. https://doi.org/10.1080/01621459.1927.10502953
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from botscan.prevalence.intervals import exact_interval, normal_quantile

Floats = NDArray[np.float64]
#: One number, or one a stratum.
Shares = TypeVar("Shares", float, NDArray[np.float64])

#: With fewer of either class among the labelled, or among what is left to label, nothing is near normal: the
#: predictions are left aside and the exact interval of the labels is given (hypergeometric when the list is finite).
FEWEST_PER_CLASS = 4
#: Imaginary accounts per class that score like the whole list.
PSEUDO_ACCOUNTS = 2.0
#: A label never counts for more than this many, however well the scores predict.
LARGEST_GAIN = 4.0

_HALVINGS = 60


@dataclass(frozen=True, eq=False)
class LabeledSample:
    """A simple random sample of a list, with predictions for the sample and for the list.

    Attributes
    ----------
    suspicious
        Labels, 0 to 1 (between where raters disagree), shape (n,).
    prediction
        Of the labelled accounts, in [0, 1], shape (n,).
    list_mean, list_mean_square
        Of the predictions of the whole list.
    list_size
        Accounts in the list, >= n.
    population
        Followers the list was drawn from at random; the list itself when that is what the share is about.
    """

    suspicious: Floats
    prediction: Floats
    list_mean: float
    list_mean_square: float
    list_size: int
    population: float


def sampling_variance(n: Shares, list_size: Shares, population: Shares, of_labels: Shares, of_shares: Shares) -> Shares:
    """Return the variance of a share whose labels were drawn from a list, and the list from all followers.

    Scores tell about the accounts of the list that have no label, and nothing about followers who were not fetched:
    only the first part, which falls with every label, shrinks to the variance of the rectifier.

    Parameters
    ----------
    n, list_size, population
        Accounts labelled, in the list, and in all, n <= list_size <= population; one number each, or one a stratum.
    of_labels
        Variance of a label, less its prediction.
    of_shares
        Variance of a label alone: share * (1 - share).

    Examples
    --------
    >>> sampling_variance(100.0, 100.0, 400.0, 0.05, 0.2)  # all labelled: 0.2 * (1 - 100/400) / 100
    0.0015
    """
    return (1.0 - n / list_size) / n * of_labels + (1.0 - list_size / population) / list_size * of_shares


def estimate_suspicious_share(sample: LabeledSample, confidence_level: float) -> tuple[float, float, float, str]:
    """Return the suspicious share, the ends of its interval, and the method: ``ppi_wilson`` or ``exact``.

    Examples
    --------
    >>> y = np.array([0.0] * 60 + [1.0] * 40)
    >>> useless = LabeledSample(y, np.full(100, 0.5), 0.5, 0.25, 10_000_000, 10_000_000)
    >>> share, lower, upper, method = estimate_suspicious_share(useless, 0.95)
    >>> share, round(lower, 3), round(upper, 3), method  # Wilson's interval of 40 in 100
    (0.4, 0.309, 0.498, 'ppi_wilson')
    """
    y = sample.suspicious
    n, n_suspicious = len(y), float(y.sum())
    rarer = min(n_suspicious, n - n_suspicious)
    if min(rarer, rarer * (sample.population - n) / n) < FEWEST_PER_CLASS:
        return n_suspicious / n, *exact_interval(n_suspicious, n, sample.population, confidence_level), "exact"
    # What was labelled is known: no share can contradict it.
    lowest, highest = n_suspicious / sample.population, 1.0 - (n - n_suspicious) / sample.population
    moments = ClassMoments.of(sample)
    weight = moments.best_weight((n_suspicious + 0.5) / (n + 1.0))
    share = float(y.mean()) + weight * (sample.list_mean - float(sample.prediction.mean()))
    share = min(highest, max(lowest, share))
    z2 = normal_quantile(confidence_level) ** 2

    def is_accepted(hypothesis: float) -> bool:
        rectifier = float(moments.rectifier_variance(hypothesis, weight))
        variance = sampling_variance(
            float(n), sample.list_size, sample.population, rectifier, hypothesis * (1.0 - hypothesis)
        )
        return (share - hypothesis) ** 2 <= z2 * variance

    lower, upper = (_last_accepted(is_accepted, share, end) for end in (lowest, highest))
    return share, lower, upper, "ppi_wilson"


@dataclass(frozen=True)
class ClassMoments:
    """Mean and mean square of the predictions of suspicious and of organic labelled accounts."""

    suspicious_mean: float
    suspicious_square: float
    organic_mean: float
    organic_square: float

    @classmethod
    def of(cls, sample: LabeledSample) -> ClassMoments:
        """Return the moments of the labelled accounts, each class with its imaginary accounts."""
        found = []
        for membership in (sample.suspicious, 1.0 - sample.suspicious):
            total = float(membership.sum()) + PSEUDO_ACCOUNTS
            for power, of_list in ((1, sample.list_mean), (2, sample.list_mean_square)):
                summed = float((membership * sample.prediction**power).sum())
                found.append((summed + PSEUDO_ACCOUNTS * of_list) / total)
        return cls(*found)

    def best_weight(self, share: float) -> float:
        """Return the lambda of least variance at this share; 0 when the predictions point the wrong way."""
        covariance = share * (1.0 - share) * (self.suspicious_mean - self.organic_mean)
        mean = share * self.suspicious_mean + (1.0 - share) * self.organic_mean
        variance = share * self.suspicious_square + (1.0 - share) * self.organic_square - mean**2
        return covariance / variance if covariance > 0.0 and variance > 1e-12 else 0.0

    def rectifier_variance(self, share: Shares, weight: float) -> Shares:
        """Return the variance of y - weight * f if this were the share: never above that of y, nor far below it.

        Parameters
        ----------
        share
            One hypothetical share, or several.
        weight
            As `best_weight` gives.
        """
        binomial = share * (1.0 - share)
        return np.clip(self._variance(share, weight), binomial / LARGEST_GAIN, binomial)

    def _variance(self, share: Shares, weight: float) -> Shares:
        of_suspicious = 1.0 - 2.0 * weight * self.suspicious_mean + weight**2 * self.suspicious_square
        of_organic = weight**2 * self.organic_square
        mean = share - weight * (share * self.suspicious_mean + (1.0 - share) * self.organic_mean)
        return share * of_suspicious + (1.0 - share) * of_organic - mean**2


def _last_accepted(is_accepted: Callable[[float], bool], inside: float, end: float) -> float:
    """Return the accepted value farthest towards an end; the accepted values are one interval around `inside`."""
    if is_accepted(end):
        return end
    outside = end
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2.0
        if is_accepted(middle):
            inside = middle
        else:
            outside = middle
    return inside
