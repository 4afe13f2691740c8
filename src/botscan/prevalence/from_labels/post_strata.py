"""Post-strata: accounts weighted by their place in the follow order, from strata of known size.

Purchases arrive in bursts, so followers that stand near each other are alike, and a sample that holds more of one part
of the order than of another gives a wrong share. Cut along the order, each stratum counts for its followers, not for
how many of them were fetched [1]_. `botscan.prevalence.from_labels.rank_coverage` says where a list can be cut.

References
----------
.. [1] Holt, D., Smith, T. M. F. (1979). Post stratification. JRSS A 142(1), 33-46. https://doi.org/10.2307/2344652
.. [2] Kish, L. (1965). Survey Sampling, section 5.4. Wiley.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botscan.prevalence.from_labels.prediction_powered import LabeledSample
from botscan.prevalence.from_labels.stratified import estimate_stratified, merge_unlabeled
from botscan.prevalence.intervals import product_interval, wilson_interval
from botscan.prevalence.share import rounded_interval

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Squared correlation of scores and labels that is taken at least: a few labels can show none by chance.
_LEAST_CORRELATION = 0.1


@dataclass(frozen=True, eq=False)
class PostStrata:
    """Strata of an audience along its follow order, and the accounts fetched from each.

    Attributes
    ----------
    stratum
        Stratum of each account of the list, 0 = the oldest; -1 for the few that stand in a part where too few were
        fetched; shape (n,).
    run
        Run of neighbours that each account stands in, shape (n,).
    sizes
        Followers in each stratum, fetched or not, shape (n_strata,).

    Examples
    --------
    >>> strata = PostStrata(np.array([0, 1, 1, 1]), np.arange(4), np.array([100, 100]))
    >>> round(strata.mean(np.array([1.0, 0.0, 0.0, 0.0])), 6), strata.weights.round(2).tolist()
    (0.5, [2.0, 0.67, 0.67, 0.67])
    """

    stratum: Integers
    run: Integers
    sizes: Integers

    @property
    def population(self) -> int:
        """Followers that the strata speak of."""
        return int(self.sizes.sum())

    @property
    def n_fetched(self) -> Integers:
        """Accounts of the list in each stratum, shape (n_strata,)."""
        return np.bincount(self.stratum[self.stratum >= 0], minlength=len(self.sizes))

    @property
    def weights(self) -> Floats:
        """What each account counts for, 1 on average and 0 outside the strata, shape (n,): for weighted counts."""
        of_stratum = self.sizes / self.n_fetched * (self.n_fetched.sum() / self.sizes.sum())
        return np.where(self.stratum >= 0, of_stratum[self.stratum], 0.0)

    @property
    def effective_size(self) -> float:
        """Accounts of a simple random sample that would be worth as much as these weighted ones [2]_."""
        weights = self.weights
        return float(weights.sum() ** 2 / (weights**2).sum())

    def mean(self, values: Floats) -> float:
        """Return the mean of a value over all followers of the strata, estimated from the accounts of the list.

        Parameters
        ----------
        values
            One a account of the list, shape (n,).
        """
        return float((self.weights * values).sum() / self.weights.sum())

    def design_effect(self, values: Floats) -> float:
        """Return how many times the variance of a mean grows because accounts were fetched in runs of neighbours.

        Neighbours are alike, so a page of 200 of them is worth less than 200 accounts drawn one by one. 1 where the
        accounts stand alone, and never less.

        Parameters
        ----------
        values
            What the runs are compared by, such as the scores, shape (n,).
        """
        is_inside = self.stratum >= 0
        stratum, run = self.stratum[is_inside], self.run[is_inside]
        inside = values[is_inside]
        apart = inside - (np.bincount(stratum, inside) / np.bincount(stratum))[stratum]
        summed = np.bincount(run, apart)[np.unique(run)]
        alone = float((apart**2).sum())
        if len(summed) < 2 or alone == 0.0:
            return 1.0
        return max(1.0, float((summed**2).sum()) * len(summed) / (len(summed) - 1) / alone)


def post_stratified_share(
    strata: PostStrata,
    rows: Integers,
    suspicious: Floats,
    prediction: Floats,
    is_undeclared: NDArray[np.bool_],
    *,
    confidence_level: float,
) -> tuple[float, float, float, str]:
    """Return the organic share of the followers that the strata speak of, its interval, and the method.

    Parameters
    ----------
    strata, rows, suspicious, prediction, is_undeclared
        As in `labeled_samples`; the labels are those of a simple random sample of the list, whose share within each
        stratum is then random too. Labels outside the strata are left aside.
    confidence_level
        In (0, 1).

    Returns
    -------
    share, lower, upper, method
        Rounded to 1e-6; the method of `botscan.prevalence.from_labels.stratified.estimate_stratified`.
    """
    samples = labeled_samples(strata, rows, suspicious, prediction, is_undeclared)
    merged = merge_unlabeled(samples)
    share, lower, upper, method = estimate_stratified(merged, confidence_level, are_means_known=True)
    excess = _excess(strata, rows, suspicious, prediction)
    lower, upper = _widened((share, lower, upper), strata, excess, confidence_level)
    undeclared = undeclared_share_of_strata(strata, is_undeclared, confidence_level)
    interval = product_interval((1.0 - share, 1.0 - upper, 1.0 - lower), undeclared)
    return *rounded_interval(*interval), method


def _excess(strata: PostStrata, rows: Integers, suspicious: Floats, prediction: Floats) -> float:
    """Return by how much the variance of the list's own share exceeds that of accounts drawn one by one, as a factor.

    It is seen in the scores of all accounts, because labels are too few in each run. Scores are less alike within a
    run than what they predict, by the squared correlation of both.
    """
    size = np.bincount(strata.run[strata.stratum >= 0])
    most = float((size**2).sum() / size.sum()) - 1.0
    excess = strata.design_effect(prediction) - 1.0
    told = prediction[rows]
    together = 0.0
    if len(rows) > 1 and np.ptp(told) > 0.0 and np.ptp(suspicious) > 0.0:
        together = float(np.corrcoef(told, suspicious)[0, 1] ** 2)
    return min(most, excess / max(together, _LEAST_CORRELATION))


def _widened(
    interval: tuple[float, float, float], strata: PostStrata, excess: float, confidence_level: float
) -> tuple[float, float]:
    """Return the ends of an interval when a list was fetched in runs of neighbours."""
    share, lower, upper = interval
    unseen = 1.0 - strata.n_fetched.sum() / strata.population
    if excess * unseen <= 0.0:
        return lower, upper
    ends = wilson_interval(share, strata.effective_size / (excess * unseen), confidence_level)
    below, above = math.hypot(share - lower, share - ends[0]), math.hypot(upper - share, ends[1] - share)
    return max(0.0, share - below), min(1.0, share + above)


def labeled_samples(
    strata: PostStrata, rows: Integers, suspicious: Floats, prediction: Floats, is_undeclared: NDArray[np.bool_]
) -> tuple[LabeledSample, ...]:
    """Return the labels of each stratum with what is known of the stratum, oldest first.

    The population of each is its number of followers that do not call themselves automated, estimated from those
    fetched. A stratum without such accounts has none.

    Parameters
    ----------
    strata
        Made with the labels known, so that every stratum holds some.
    rows
        Labelled accounts, as rows of the list, none of them self-declared, shape (m,).
    suspicious
        Their labels, 0 to 1, shape (m,).
    prediction, is_undeclared
        Score in [0, 1] of every account of the list, and whether it does not call itself automated, shape (n,).
    """
    samples = []
    for one, (size, n_fetched) in enumerate(zip(strata.sizes, strata.n_fetched, strict=True)):
        of_stratum = prediction[(strata.stratum == one) & is_undeclared]
        labeled = strata.stratum[rows] == one
        if len(of_stratum):
            samples.append(
                LabeledSample(
                    suspicious[labeled],
                    prediction[rows[labeled]],
                    float(of_stratum.mean()),
                    float((of_stratum**2).mean()),
                    len(of_stratum),
                    float(size * len(of_stratum) / n_fetched),
                )
            )
    return tuple(samples)


def undeclared_share_of_strata(
    strata: PostStrata, is_undeclared: NDArray[np.bool_], confidence_level: float
) -> tuple[float, float, float]:
    """Return which share of the followers do not call themselves automated, with an interval.

    Parameters
    ----------
    strata, is_undeclared
        As in `labeled_samples`.
    confidence_level
        In (0, 1).
    """
    share = min(1.0, strata.mean(is_undeclared.astype(np.float64)))
    unseen = 1.0 - strata.n_fetched.sum() / strata.population
    n_effective = strata.effective_size / unseen if unseen > 0.0 else math.inf
    return share, *wilson_interval(share, n_effective, confidence_level)
