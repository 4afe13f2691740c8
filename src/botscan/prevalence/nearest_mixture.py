r"""The mixture of known families that an audience is nearest to, and how far it still is.

An audience is people and suspicious accounts in unknown proportion, so it is compared with the best mixture of known
families and not with their sum. Distance in one feature is Hellinger's [1]_, from 0 (the same) to 1 (nothing in
common); jointly it is the root of the mean of its squares:

.. math:: H_f^2(w) = 1 - \sum_b \sqrt{a_{fb}\, m_{fb}(w)}, \qquad m_{fb}(w) = \sum_k w_k h_{kfb}

with one set of weights for all features. It needs no floor under empty bins, its squares average over features, and
the noise of a sample has a closed form. The mean of H_f^2 is convex in the weights. Each step replaces the root of a
sum by its bound from below that touches it at the present weights (Jensen), which gives
:math:`w_k \propto w_k g_k^2` with :math:`g_k = \sum_{fb} h_{kfb} \sqrt{a_{fb} / m_{fb}}`; no step makes it worse [2]_.

References
----------
.. [1] Hellinger, E. (1909). Neue Begründung der Theorie quadratischer Formen von unendlichvielen Veränderlichen.
   Journal für die reine und angewandte Mathematik 136, 210-271. https://doi.org/10.1515/crll.1909.136.210
.. [2] Hunter, D., Lange, K. (2004). A tutorial on MM algorithms. The American Statistician 58(1), 30-37.
   https://doi.org/10.1198/0003130042836
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: The mean of the squares is within this of its least value when the search ends.
_TOLERANCE = 1e-6
_MOST_STEPS = 5_000
#: Shares of a bin that no sample shows.
_NEGLIGIBLE = 1e-15
#: From this expected count on, the noise of a bin is that of a normal count to four digits.
_MANY = 64.0
_N_POISSON = 160


def nearest_mixture(audience: Sequence[Floats], families: Sequence[Floats]) -> Floats:
    """Return the weights of the mixture nearest to an audience.

    Parameters
    ----------
    audience
        Per feature the share of accounts in each bin, shape (n_bins,), sum 1.
    families
        Per feature the same of each family, shape (n_families, n_bins).

    Returns
    -------
    weights
        Shape (n_families,), not below 0, sum 1.

    Examples
    --------
    >>> people, batch = [0.8, 0.2, 0.0], [0.0, 0.2, 0.8]
    >>> nearest_mixture([np.array([0.6, 0.2, 0.2])], [np.array([people, batch])]).round(3).tolist()
    [0.75, 0.25]
    """
    roots = np.sqrt(np.concatenate(list(audience)))
    table = np.concatenate(list(families), axis=1)
    # Bins without accounts are no part of the sum.
    table, roots = np.ascontiguousarray(table[:, roots > 0]), roots[roots > 0]
    weights = np.full(len(table), 1.0 / len(table))
    for _ in range(_MOST_STEPS):
        mixture = weights @ table
        ratio = np.divide(roots, np.sqrt(mixture), out=np.zeros_like(mixture), where=mixture > 0)
        slopes = table @ ratio
        # What the concave sum of roots could still gain is bounded by its steepest slope.
        if slopes.max() - weights @ slopes < 2.0 * _TOLERANCE * len(audience):
            break
        weights = weights * slopes**2
        total = weights.sum()
        if total <= 0:  # nothing in common with any family
            return np.full(len(table), 1.0 / len(table))
        weights = weights / total
    return weights


def squared_distance(audience: Floats, mixture: Floats) -> float:
    """Return the squared Hellinger distance of two sets of shares, in [0, 1].

    Examples
    --------
    >>> squared_distance(np.array([1.0, 0.0]), np.array([0.25, 0.75]))
    0.5
    """
    return min(1.0, max(0.0, 1.0 - float(np.sqrt(audience * mixture).sum())))


def expected_noise(mixture: Floats, n: int) -> float:
    r"""Return the squared distance that a sample of n accounts has on average from the mixture it was drawn from.

    For many accounts it is (n_bins - 1) / 8n, as 8n times it is then chi-square distributed. Bins that expect only few
    are summed by their Poisson probabilities.

    Parameters
    ----------
    mixture
        Shares of the bins, sum 1, shape (n_bins,).
    n
        Accounts in the sample, >= 1.

    Examples
    --------
    >>> round(expected_noise(np.full(4, 0.25), 10_000) * 8 * 10_000, 2)
    3.0
    """
    share = mixture[mixture > _NEGLIGIBLE]
    expected = n * share
    shortfall = (1.0 + 7.0 / (16.0 * expected)) / (8.0 * expected)
    few = expected < _MANY
    shortfall[few] = _poisson_shortfall(expected[few])
    # A bin that holds nearly all accounts varies less than its count tells.
    return float((share * (1.0 - share) * shortfall).sum())


def sampling_error(audience: Floats, mixture: Floats, n: int) -> float:
    """Return the standard error of a squared distance of a sample of n accounts, by the delta method.

    The shares a of a multinomial sample enter as the sum of roots of a times m, whose variance is at most
    (1 - sum^2) / 4n.

    Examples
    --------
    >>> round(sampling_error(np.array([1.0, 0.0]), np.array([0.25, 0.75]), 100), 4)
    0.0433
    """
    affinity = 1.0 - squared_distance(audience, mixture)
    return math.sqrt(max(0.0, 1.0 - affinity**2) / (4.0 * n))


def _poisson_shortfall(expected: Floats) -> Floats:
    """Return 1 - E[sqrt(X)] / sqrt(expected) of Poisson counts, shape (n,)."""
    counts = np.arange(1, _N_POISSON)
    log_factorial = np.cumsum(np.log(counts))
    rate = expected[:, None]
    probability = np.exp(counts * np.log(rate) - rate - log_factorial)
    shortfall: Floats = 1.0 - (probability * np.sqrt(counts)).sum(axis=1) / np.sqrt(expected)
    return shortfall
