r"""A share from labels within strata: score test at the share in question, summed tails where a class is rare.

A stratum of weight W_h has n_h labels of which a share p_h says yes. The point is the sum of W_h p_h, right on average
whatever the scores that cut the strata. The published normal interval covers 78-94 % of what it promises, because the
variance of a stratum where nobody was suspicious is not zero. Here the test of every hypothetical share t is inverted,
as Wilson's interval [1]_ does for one stratum and Miettinen and Nurminen's [2]_ for two: with the variance that the
point would have at the most likely shares of the strata that add up to t,

.. math:: (\hat\theta - t)^2 \le z^2 \frac{n}{n - H + 1} \sum_h W_h^2 v_h \tilde p_h(t) (1 - \tilde p_h(t)),
   \quad v_h = \frac{1 - n_h / N_h}{n_h}

The most likely shares solve a quadratic in one multiplier, so t runs along one line. Every stratum also counts one
imaginary account that is what its scores predict: a stratum without a yes is not taken to hold none.

Where a class has fewer than eight labels of equal weight, nothing is near normal; then the tails of the distribution
that the point would have (hypergeometric where the list is finite) are added up. That promises less than the interval
of Clopper and Pearson: theirs holds whatever the truth is, while these tails are taken at the most likely shares alone,
not at every way to make t of shares of strata, and given how many labels each stratum got. Elsewhere the interval
rests on near normality. How often either holds is measured, not proved.

References
----------
.. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. JASA 22(158),
   209-212. https://doi.org/10.1080/01621459.1927.10502953
.. [2] Miettinen, O., Nurminen, M. (1985). Comparative analysis of two rates. Statistics in Medicine 4(2), 213-226.
   https://doi.org/10.1002/sim.4780040211
.. [3] Yan, X., Su, X. G. (2010). Stratified Wilson and Newcombe confidence intervals for multiple binomial
   proportions. Statistics in Biopharmaceutical Research 2(3), 329-335. https://doi.org/10.1198/sbr.2009.0049
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from botscan.prevalence.from_labels.prediction_powered import (
    ClassMoments,
    LabeledSample,
    estimate_suspicious_share,
    sampling_variance,
)
from botscan.prevalence.from_labels.rare_strata import chances_of_point
from botscan.prevalence.intervals import normal_quantile, wilson_interval

Floats = NDArray[np.float64]

#: With fewer events of either class, counted as labels of equal weight, the tails are added up; with four, as in a
#: simple random sample, too many heavy labels would pass for near normal.
FEWEST_EVENTS = 8
#: Imaginary accounts per stratum that are what their scores predict.
PSEUDO_ACCOUNTS = 1.0
#: No stratum is predicted to be all of one kind.
SUREST_PREDICTION = 0.95

_HALVINGS = 30
#: Multipliers are tried up to sinh of this: far beyond what any sample asks for.
_FARTHEST = 16.0


def estimate_stratified(
    strata: Sequence[LabeledSample],
    confidence_level: float,
    *,
    sizes_from: float = math.inf,
    are_means_known: bool = False,
) -> tuple[float, float, float, str]:
    """Return the suspicious share, the ends of its interval, and the method ``stratified``.

    Parameters
    ----------
    strata
        Labels of a simple random sample of each stratum, at least one label each (see `merge_unlabeled`).
        ``population`` is what the stratum stands for: its accounts in the list, or among all followers where their
        number is known (post-stratification), infinite for all or for none. A single stratum is left to
        `estimate_suspicious_share`.
    confidence_level
        In (0, 1).
    sizes_from
        When the strata are parts of a random sample of the followers, and their sizes therefore estimates: how many
        accounts of an endless population would tell the sizes as precisely; infinite when the sizes are known.
    are_means_known
        Whether ``list_mean`` is of all accounts of each stratum, not only of those drawn. Then the scores sharpen the
        share within strata as well, with one weight for all, as in `estimate_suspicious_share`: for strata that were
        not cut by score. What the list does not hold they cannot tell.

    Returns
    -------
    share, lower, upper, method
        0 <= lower <= share <= upper <= 1.

    Raises
    ------
    ValueError
        There is no stratum, one has no label, or some populations alone are infinite.

    Examples
    --------
    >>> low = LabeledSample(np.arange(60) < 3, np.full(60, 0.1), 0.1, 0.01, 3_000, 3_000)
    >>> high = LabeledSample(np.arange(40) < 30, np.full(40, 0.8), 0.8, 0.64, 1_000, 1_000)
    >>> [round(value, 3) for value in estimate_stratified([low, high], 0.95)[:3]]  # .75 * .05 + .25 * .75
    [0.225, 0.178, 0.294]
    """
    if len(strata) == 1:
        return estimate_suspicious_share(strata[0], confidence_level)
    joint = _Strata.of(strata)
    # Eight events are eight for either class, whatever rounding makes of them.
    if joint.rarer_events() >= FEWEST_EVENTS * (1.0 - 1e-9):
        rectifier = _Rectifier.of(strata, joint.weights) if are_means_known else _Rectifier()
        return *joint.score_interval(normal_quantile(confidence_level), sizes_from, rectifier), "stratified"
    mirrored = joint.events(1.0 - joint.shares) < joint.events(joint.shares)
    rare = joint.mirrored() if mirrored else joint
    share, lower, upper = rare.tail_interval(confidence_level)
    if not math.isinf(sizes_from):
        # Wilson's interval of all that differs in the list holds what differs between strata.
        of_sizes = wilson_interval(share, sizes_from, confidence_level)
        lower = share - math.hypot(share - lower, share - of_sizes[0])
        upper = share + math.hypot(upper - share, of_sizes[1] - share)
    ends = (max(0.0, lower), min(1.0, upper))
    if mirrored:
        return 1.0 - share, 1.0 - ends[1], 1.0 - ends[0], "stratified"
    return share, *ends, "stratified"


def merge_unlabeled(strata: Sequence[LabeledSample]) -> tuple[LabeledSample, ...]:
    """Put every stratum without a label together with the one of most similar mean prediction.

    The labels of that one then stand for both, which is right only where they are alike; it has to be said.

    Examples
    --------
    >>> low, high = (LabeledSample(np.ones(n), np.full(n, f), f, f**2, 100, 100) for n, f in ((5, 0.1), (0, 0.9)))
    >>> [(len(one.suspicious), one.list_size) for one in merge_unlabeled([low, high])]
    [(5, 200)]
    """
    merged = [one for one in strata if len(one.suspicious)]
    for empty in (one for one in strata if not len(one.suspicious)):
        if merged:
            nearest = min(range(len(merged)), key=lambda at: abs(merged[at].list_mean - empty.list_mean))
            merged[nearest] = _together(merged[nearest], empty)
    return tuple(merged)


def _together(labeled: LabeledSample, empty: LabeledSample) -> LabeledSample:
    size = labeled.list_size + empty.list_size
    of_empty = empty.list_size / size
    return replace(
        labeled,
        list_mean=(1.0 - of_empty) * labeled.list_mean + of_empty * empty.list_mean,
        list_mean_square=(1.0 - of_empty) * labeled.list_mean_square + of_empty * empty.list_mean_square,
        list_size=size,
        population=labeled.population + empty.population,
    )


@dataclass(frozen=True)
class _Rectifier:
    """What predictions take away from the labels: nothing, unless the means of the strata are known."""

    correction: float = 0.0  # of the point
    weight: float = 0.0
    moments: ClassMoments | None = None

    @classmethod
    def of(cls, strata: Sequence[LabeledSample], weights: Floats) -> _Rectifier:
        means = [np.array([one.list_mean, one.list_mean_square]) for one in strata]
        mean, mean_square = np.average(means, axis=0, weights=weights).tolist()
        pooled = replace(
            strata[0],
            suspicious=np.concatenate([one.suspicious for one in strata]),
            prediction=np.concatenate([one.prediction for one in strata]),
            list_mean=mean,
            list_mean_square=mean_square,
        )
        moments = ClassMoments.of(pooled)
        weight = moments.best_weight((float(pooled.suspicious.sum()) + 0.5) / (len(pooled.suspicious) + 1.0))
        above = np.array([one.list_mean - float(one.prediction.mean()) for one in strata])
        return cls(weight * float(weights @ above), weight, moments)

    def variance(self, shares: Floats) -> Floats:
        """Return the variance of a label, less its prediction, at these shares."""
        if self.moments is None:
            return shares * (1.0 - shares)
        return self.moments.rectifier_variance(shares, self.weight)


@dataclass(frozen=True, eq=False)
class _Strata:
    """Strata as arrays, shape (n_strata,) each."""

    weights: Floats  # part of the population, sum 1
    n: Floats  # labels
    suspicious: Floats  # sum of labels
    list_sizes: Floats
    populations: Floats
    predicted: Floats

    @classmethod
    def of(cls, strata: Sequence[LabeledSample]) -> _Strata:
        if not strata or any(len(one.suspicious) == 0 for one in strata):
            raise ValueError("wanted at least one stratum, and a label in each")
        populations = np.array([one.population for one in strata], dtype=float)
        if np.isinf(populations).any() and not np.isinf(populations).all():
            raise ValueError("wanted finite populations of all strata, or of none")
        list_sizes = np.array([one.list_size for one in strata], dtype=float)
        sizes = list_sizes if np.isinf(populations).any() else populations
        return cls(
            sizes / sizes.sum(),
            np.array([len(one.suspicious) for one in strata], dtype=float),
            np.array([float(one.suspicious.sum()) for one in strata]),
            list_sizes,
            populations,
            np.clip([one.list_mean for one in strata], 1.0 - SUREST_PREDICTION, SUREST_PREDICTION),
        )

    def mirrored(self) -> _Strata:
        """Return the same with suspicious and organic swapped."""
        return replace(self, suspicious=self.n - self.suspicious, predicted=1.0 - self.predicted)

    @property
    def shares(self) -> Floats:
        result: Floats = self.suspicious / self.n
        return result

    @property
    def share(self) -> float:
        return float(self.weights @ self.shares)

    @property
    def variance_factors(self) -> Floats:
        """Variance of the share of each stratum, as a part of p (1 - p): (1 - n/N) / n."""
        result: Floats = (1.0 - self.n / self.populations) / self.n
        return result

    def events(self, shares: Floats) -> float:
        """Return how many labels of equal weight say as much about a class as those found."""
        each = self.weights / self.n
        found = shares * self.n
        return 0.0 if not found.any() else float((each @ found) ** 2 / (each**2 @ found))

    def rarer_events(self) -> float:
        """Return the events of the rarer class, among the labels or among what is left to label."""
        rarer = min(self.events(self.shares), self.events(1.0 - self.shares))
        left = float(self.populations.sum()) / float(self.n.sum()) - 1.0
        return min(rarer, rarer * left)

    def at(self, multiplier: float) -> Floats:
        """Return the most likely shares of the strata; their weighted sum falls as the multiplier rises.

        They solve (x + k m) / p - (n - x + k (1 - m)) / (1 - p) = multiplier * W, where n and x are those of a sample
        of an endless stratum that would be as precise; so a stratum that was labelled to the last account stays as it
        is.
        """
        factors = self.variance_factors
        tilt = multiplier * self.weights * factors
        weight = 1.0 + PSEUDO_ACCOUNTS * factors
        known = self.shares + PSEUDO_ACCOUNTS * factors * self.predicted
        linear = tilt + weight
        root = np.sqrt(np.maximum(linear**2 - 4.0 * tilt * known, 0.0))
        # Two forms of one root, each where it does not subtract alike numbers.
        is_plain = linear >= 0.0
        shares = np.where(
            is_plain,
            2.0 * known / np.where(is_plain, linear + root, 1.0),
            (linear - root) / np.where(is_plain, 1.0, 2.0 * tilt),
        )
        result: Floats = np.clip(shares, self._fewest, self._most)
        return result

    @property
    def _fewest(self) -> Floats:
        """What was labelled is known: no share can contradict it."""
        result: Floats = self.suspicious / self.populations
        return result

    @property
    def _most(self) -> Floats:
        result: Floats = 1.0 - (self.n - self.suspicious) / self.populations
        return result

    def score_interval(self, z: float, sizes_from: float, rectifier: _Rectifier) -> tuple[float, float, float]:
        """Return share, lower and upper end of the shares that the score test does not reject."""
        lowest, highest = float(self.weights @ self._fewest), float(self.weights @ self._most)
        point = min(highest, max(lowest, self.share + rectifier.correction))
        # The shares of all strata but one are free, which makes them look more certain than they are.
        freed = float(self.n.sum()) / (float(self.n.sum()) - len(self.n) + 1.0)
        factors = freed * self.weights**2

        def is_accepted(shares: Floats) -> bool:
            hypothesis = float(self.weights @ shares)
            between = float(self.weights @ (shares - hypothesis) ** 2) / sizes_from
            of_strata = sampling_variance(
                self.n, self.list_sizes, self.populations, rectifier.variance(shares), shares * (1.0 - shares)
            )
            return (point - hypothesis) ** 2 <= z**2 * (float(factors @ of_strata) + between)

        lower, upper = (self._last_accepted(is_accepted, point, side) for side in (1.0, -1.0))
        return point, min(point, lower), max(point, upper)

    def tail_interval(self, confidence_level: float) -> tuple[float, float, float]:
        """Return share, lower and upper end of the shares at which the point is no rarer than the tail.

        The tails are those at the shares that `at` gives and for these numbers of labels; they bound no others.
        """
        tail = (1.0 - confidence_level) / 2.0
        counts = self.n.astype(np.int64)
        each = self.weights / self.n
        ends = []
        for side, rounded in ((1.0, np.floor(self.suspicious)), (-1.0, np.ceil(self.suspicious))):
            observed = float(each @ rounded)
            at_most = side < 0.0

            def is_accepted(shares: Floats, observed: float = observed, at_most: bool = at_most) -> bool:
                below, up_to = chances_of_point(shares, counts, self.populations, each, observed)
                return (up_to if at_most else 1.0 - below) > tail

            ends.append(self._last_accepted(is_accepted, self.share, side))
        return self.share, min(self.share, ends[0]), max(self.share, ends[1])

    def _last_accepted(self, is_accepted: Callable[[Floats], bool], point: float, side: float) -> float:
        """Return the accepted share farthest from the point, below it (side 1) or above it (side -1)."""

        def is_inside(at: float) -> bool:
            shares = self.at(side * math.sinh(at))
            return side * (point - float(self.weights @ shares)) <= 0.0 or is_accepted(shares)

        inside, outside = -_FARTHEST, _FARTHEST
        if is_inside(outside):
            return float(self.weights @ (self._fewest if side > 0.0 else self._most))
        for _ in range(_HALVINGS):
            middle = (inside + outside) / 2.0
            if is_inside(middle):
                inside = middle
            else:
                outside = middle
        return float(self.weights @ self.at(side * math.sinh(inside)))
