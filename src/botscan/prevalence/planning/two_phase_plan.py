r"""The cheapest plan of two phases: fetch some followers at random, label a random part of them.

N of P followers are fetched and scored, n of these are labelled, and one label is worth r plain ones. The share is then
as uncertain as if it came from a simple random sample of :math:`n_e` of endlessly many followers [1]_:

.. math:: \frac{1}{n_e} = \frac{1 - n/N}{n r} + \frac{1}{N} - \frac{1}{P}

The first part falls with every label, the rest only with more followers fetched. Without costs of whole accounts in
mind the best N / n is :math:`\sqrt{(r - 1) c_{label} / c_{fetch}}` [1]_: scores that help are worth fetching for.

References
----------
.. [1] Cochran, W. G. (1977). Sampling Techniques, 3rd edition, sections 12.1 to 12.6 (double sampling). Wiley.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botscan.prevalence.intervals import normal_quantile, wilson_half_width

Floats = NDArray[np.float64]

#: Rounding of floats that must not cost an account.
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class TwoPhases:
    """What the precision of a plan depends on, beside its two numbers.

    Attributes
    ----------
    share
        Share expected, in [0, 1].
    confidence_level
        Of the interval, in (0, 1).
    variance_ratio
        How many plain labels a label is worth, >= 1.
    population
        Followers in all; infinite when large or unknown.

    Examples
    --------
    >>> design = TwoPhases(0.5, 0.95, variance_ratio=2.0)
    >>> round(design.effective_size(200, 1_000), 1), round(design.half_width(200, 1_000), 4)
    (333.3, 0.0534)
    """

    share: float
    confidence_level: float
    variance_ratio: float = 1.0
    population: float = math.inf

    def effective_size(self, n_labels: float, n_fetched: float) -> float:
        """Return the size of the sample from an endless list that would be as precise."""
        variance = (1.0 - n_labels / n_fetched) / (n_labels * self.variance_ratio)
        variance += 1.0 / n_fetched - 1.0 / self.population
        return 1.0 / variance if variance > 1e-15 else math.inf

    def half_width(self, n_labels: float, n_fetched: float) -> float:
        """Return the half-width that so many labels give."""
        return wilson_half_width(self.share, self.effective_size(n_labels, n_fetched), self.confidence_level)


def size_needed(margin: float, share: float, confidence_level: float) -> float:
    """Return the size, not whole, at which Wilson's half-width equals the margin; at least 1.

    Examples
    --------
    >>> round(size_needed(0.05, 0.5, 0.95), 1)
    380.3
    """
    z2 = normal_quantile(confidence_level) ** 2
    # margin^2 (n + z^2)^2 = z^2 (n share (1 - share) + z^2 / 4), a parabola in n with one positive root.
    half = z2 * (margin**2 - share * (1.0 - share) / 2.0)
    rest = z2**2 * (margin**2 - 0.25)
    return max(1.0, (-half + math.sqrt(half**2 - margin**2 * rest)) / margin**2)


def fewest_labels(design: TwoPhases, margin: float, n_fetched: float) -> int | None:
    """Return the fewest labels that keep the margin when so many are fetched; None when all do not."""

    def is_narrow(n: int) -> bool:
        return design.half_width(n, n_fetched) <= margin

    if not (math.isinf(n_fetched) or is_narrow(int(n_fetched))):
        return None
    enough = 1
    while not is_narrow(enough):
        enough = int(min(2 * enough, n_fetched))
    return first_that_holds(is_narrow, enough // 2, enough) if enough > 1 else 1


def cheapest_split(
    design: TwoPhases, margin: float, cost_per_fetch: float, cost_per_label: float
) -> tuple[int, float] | None:
    """Return labels and followers to fetch that keep the margin at the least cost; None when nothing does.

    Parameters
    ----------
    design
        The share, the population, and what scores are worth.
    margin
        Half-width wanted, in (0, 0.5).
    cost_per_fetch, cost_per_label
        Of one follower fetched and of one account labelled, >= 0, not both 0. Where fetching is free,
        everybody is fetched if that saves labels.

    Returns
    -------
    n_labels, n_fetched
        Of equal costs the one with fewest labels; n_fetched is infinite for everybody of an endless population.

    Examples
    --------
    >>> design = TwoPhases(0.3, 0.95, variance_ratio=2.5)
    >>> cheapest_split(design, 0.03, cost_per_fetch=1, cost_per_label=50)
    (419, 3640)
    >>> cheapest_split(design, 0.03, cost_per_fetch=0, cost_per_label=50)
    (358, inf)
    """
    fewest = fewest_labels(design, margin, design.population)
    if fewest is None:
        return None
    if design.variance_ratio == 1.0:  # what is fetched beyond the labelled tells nothing
        return fewest, fewest
    if cost_per_fetch == 0.0:
        return fewest, design.population
    most = _labels_when_all_fetched_are_labelled(design, margin, fewest)

    def fetched(n: Floats) -> Floats:
        return np.ceil(_fetched_at_least(design, margin, n) - _TOLERANCE)

    def cost(n: Floats, fetched_by: Callable[[Floats], Floats]) -> Floats:
        return cost_per_label * n + cost_per_fetch * np.maximum(fetched_by(n), n)

    def relaxed(n: int) -> float:
        return float(cost(np.array([float(n)]), lambda some: _fetched_at_least(design, margin, some))[0])

    # Without rounding the cost is convex in the labels, and never above the true cost: whatever is dearer even so than
    # the true cost near the minimum is no candidate.
    near = first_that_holds(lambda n: relaxed(n + 1) >= relaxed(n), fewest - 1, most)
    bar = float(cost(np.array([float(near)]), fetched)[0])
    first = first_that_holds(lambda n: relaxed(n) <= bar, fewest - 1, near)
    last = first_that_holds(lambda n: n >= most or relaxed(n + 1) > bar, near - 1, most)
    candidates = np.arange(first, last + 1, dtype=np.float64)
    candidates = candidates[np.maximum(fetched(candidates), candidates) <= design.population]
    costs = cost(candidates, fetched)
    n_labels = int(candidates[int(np.argmax(costs <= costs.min() * (1.0 + 1e-12)))])
    return n_labels, max(int(fetched(np.array([float(n_labels)]))[0]), n_labels)


def _fetched_at_least(design: TwoPhases, margin: float, n_labels: Floats) -> Floats:
    """Return how many must be fetched, not whole, for each number of labels; infinite when no number is enough."""
    wanted = 1.0 / size_needed(margin, design.share, design.confidence_level) + 1.0 / design.population
    ratio = design.variance_ratio
    left = wanted - 1.0 / (n_labels * ratio)
    with np.errstate(divide="ignore", invalid="ignore"):
        needed: Floats = np.where(left > 0.0, (1.0 - 1.0 / ratio) / left, np.inf)
    # Rounding must not ask for one more than there are.
    return np.where(needed <= design.population * (1.0 + _TOLERANCE), np.minimum(needed, design.population), np.inf)


def _labels_when_all_fetched_are_labelled(design: TwoPhases, margin: float, fewest: int) -> int:
    """Return the number of labels beyond which each further one only costs."""

    def is_enough(n: int) -> bool:
        return float(_fetched_at_least(design, margin, np.array([float(n)]))[0]) <= n

    enough = fewest
    while enough < design.population and not is_enough(enough):
        enough = int(min(2 * enough, design.population))
    return first_that_holds(is_enough, fewest - 1, enough)


def first_that_holds(holds: Callable[[int], bool], below: int, last: int) -> int:
    """Return the first whole number above `below` for which it holds, or `last`; it goes on holding from there."""
    while last - below > 1:
        middle = (below + last) // 2
        if holds(middle):
            last = middle
        else:
            below = middle
    return last
