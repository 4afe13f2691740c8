"""A stretch of the follow order against its flanks: how many of a category there are, and how many neighbours predict.

Under the null hypothesis the accounts of a stretch and of its flanks are exchangeable. Given how many of a category
both hold together, the number inside the stretch is hypergeometric; the binomial law that is used here has the same
mean and a wider spread (Hoeffding 1963), so that its tail from one above the mean on is an upper bound. Real lists vary
more than that; see `inflation_of`.

References
----------
.. [1] Hoeffding, W. (1963). Probability inequalities for sums of bounded random variables. Journal of the American
   Statistical Association 58(301), 13-30. https://doi.org/10.1080/01621459.1963.10500830
.. [2] Efron, B. (2004). Large-scale simultaneous hypothesis testing: the choice of a null hypothesis. Journal of the
   American Statistical Association 99(465), 96-104. https://doi.org/10.1198/016214504000000089
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botscan.blocks.marks import MarkColumn

Positions = NDArray[np.int64]
#: Each flank is so many times as long as the stretch, where the list reaches so far.
FLANK_LENGTH = 2.0
#: Between stretch and flank so much of the stretch's length is left out: edges are not known yet.
GUARD_LENGTH = 0.5
#: Neighbours whose ages and scores are looked at; more tell nothing new.
_MOST_PLACES = 10_000


@dataclass(frozen=True, eq=False)
class Flanks:
    """The neighbours of stretches: places [left, left_end) and [right, right_end), each of shape (n,)."""

    left: Positions
    left_end: Positions
    right: Positions
    right_end: Positions

    @classmethod
    def around(
        cls, start: Positions, stop: Positions, n: int, *, length: float = FLANK_LENGTH, guard: float = GUARD_LENGTH
    ) -> Flanks:
        """Return the flanks of stretches [start, stop) of a list of n; one side has the length of both at an end."""
        size = stop - start
        gap, whole = (guard * size).astype(np.int64), (2 * length * size).astype(np.int64)
        left_end, right = np.maximum(start - gap, 0), np.minimum(stop + gap, n)
        # What one side lacks is taken from the other.
        half = whole // 2
        n_left, n_right = np.minimum(left_end, half), np.minimum(n - right, half)
        n_left, n_right = (
            np.minimum(left_end, np.maximum(half, whole - n_right)),
            np.minimum(n - right, np.maximum(half, whole - n_left)),
        )
        return cls(left_end - n_left, left_end, right, right + n_right)

    def places(self) -> Positions:
        """Return places of the flanks of a single stretch, every one or evenly as many as matter."""
        ends = ((int(self.left[0]), int(self.left_end[0])), (int(self.right[0]), int(self.right_end[0])))
        step = max(1, sum(stop - start for start, stop in ends) // _MOST_PLACES)
        return np.concatenate([np.arange(start, stop, step) for start, stop in ends])

    def n_known(self, column: MarkColumn) -> Positions:
        """Return how many accounts of the flanks a column knows."""
        return column.n_known(self.left, self.left_end) + column.n_known(self.right, self.right_end)

    def count(self, column: MarkColumn, category: Positions | int) -> Positions:
        """Return how many accounts of the flanks are of the category."""
        left = column.count(category, self.left, self.left_end)
        return left + column.count(category, self.right, self.right_end)


def tail(inside: Positions, outside: Positions, n_inside: Positions, n_outside: Positions) -> NDArray[np.float64]:
    """Return the probability of at least so many inside, given how many there are inside and outside together.

    Examples
    --------
    >>> tail(np.array([5]), np.array([0]), np.array([10]), np.array([10]))
    array([0.03125])
    """
    from scipy.special import betainc

    share = n_inside / np.maximum(n_inside + n_outside, 1)
    with np.errstate(invalid="ignore"):
        found = betainc(np.maximum(inside, 1), outside + 1.0, share)
    return np.asarray(np.where((inside > 0) & (n_outside > 0), found, 1.0))


def z_values(inside: Positions, outside: Positions, n_inside: Positions, n_outside: Positions) -> NDArray[np.float64]:
    """Return the standardised excess inside, by the mean and the variance of the hypergeometric law."""
    total, size = inside + outside, n_inside + n_outside
    share = n_inside / np.maximum(size, 1)
    variance = total * share * (1 - share) * (size - total) / np.maximum(size - 1, 1)
    return np.asarray((inside - total * share) / np.sqrt(np.maximum(variance, 1e-9)))


def inflation_of(z: NDArray[np.float64]) -> float:
    """Return by how much the middle half of z-values is wider than that of a normal law, at least 1 (Efron's null)."""
    low, high = np.quantile(z, [0.25, 0.75])
    return max(1.0, float(high - low) / 1.349)


def inflated(p_values: NDArray[np.float64], inflation: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return p-values after their normal scores are divided by the inflation."""
    from scipy.special import ndtr, ndtri

    scores = -ndtri(np.maximum(p_values, 1e-300))
    return np.asarray(np.where(p_values < 0.5, ndtr(-scores / inflation), p_values))
