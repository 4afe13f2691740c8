r"""Posterior of the suspicious share of a list whose sources are like none, and unlike none, of the known ones.

Known sources differ from one another, and a new audience differs from them as they do. Two lines cut the scores; with
v the suspicious share, a share x of the suspicious and a share y of the organic accounts is above a line, so that

.. math:: r = v\,x + (1 - v)\,y

of the list is. What is seen is r. The rates x and y of a new audience are drawn from the laws that the known families
were drawn from: Beta distributions whose mean and concentration are unknown and integrated out. The second line cuts
what is above the first in the same way, with the share of suspicious accounts that is left there. All integrals are
sums over fixed grids: no random numbers.

Scores enter by their rank among those of known people alone, so a monotone distortion that hits list and reference
alike changes nothing.

References
----------
.. [1] Gelman, A. et al. (2013). Bayesian Data Analysis, 3rd ed., section 5.3: exchangeable rates of groups.
   https://doi.org/10.1201/b16018
.. [2] Gustafson, P. (2015). Bayesian Inference for Partially Identified Models.
   https://doi.org/10.1201/b18308
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from botscan.prevalence.mixture import Posterior

Floats = NDArray[np.float64]

#: Lines stand where these shares of known people are below, every source of them counted alike.
LINE_QUANTILES = (0.7, 0.9)
#: Bounds of the concentration of a Beta law, even in its logarithm. Below 2 a law may have a heap at either end and
#: nothing between, which is no family of rates; above 100 families differ by less than the sampling error.
LEAST_CONCENTRATION, LARGEST_CONCENTRATION = 2.0, 100.0
#: More accounts of one family tell nothing more about the next family.
LARGEST_FAMILY = 300

_N_SHARES = 201
_N_RATES = 60
_N_MEANS = 50
_N_CONCENTRATIONS = 12
_SMALLEST = 1e-300

_SHARES = np.linspace(0.0, 1.0, _N_SHARES)
_RATE_EDGES = np.linspace(0.0, 1.0, _N_RATES + 1)
_RATES = (_RATE_EDGES[1:] + _RATE_EDGES[:-1]) / 2


def source_of(family: str) -> str:
    """Return the source of a family: what stands before the slash.

    Examples
    --------
    >>> source_of("shops/first"), source_of("volunteers")
    ('shops', 'volunteers')
    """
    return family.split("/", maxsplit=1)[0]


def source_effects_posterior(
    audience: NDArray[np.uint64],
    suspicious: Mapping[str, NDArray[np.uint64]],
    organic: Mapping[str, NDArray[np.uint64]],
) -> Posterior:
    """Return the posterior of the share of suspicious accounts, every share being equally probable beforehand.

    Parameters
    ----------
    audience
        Counts of the list on the bins of the score, shape (n_bins,), sum >= 1.
    suspicious, organic
        Family -> counts of accounts of known truth on the same bins, shape (n_bins,). Families of one source count
        as one together.

    Examples
    --------
    >>> low, high = np.array([900, 100]), np.array([100, 900])
    >>> people, shops = {f"p{i}": low for i in range(5)}, {f"s{i}": high for i in range(5)}
    >>> posterior = source_effects_posterior(np.array([500, 500]), shops, people)
    >>> round(posterior.mode, 2)
    0.5
    """
    known = [_Families(suspicious), _Families(organic)]
    likelihood = _likelihood(audience.astype(np.float64), known[0], known[1], people_lines(organic))
    return Posterior(_SHARES, likelihood / likelihood.sum())


def people_lines(organic: Mapping[str, NDArray[np.uint64]]) -> tuple[int, ...]:
    """Return the first bin above each line, rising; fewer lines where people are too much alike.

    Examples
    --------
    >>> people_lines({"people": np.array([50, 30, 15, 5])})
    (2, 3)
    >>> people_lines({"people": np.array([0, 7, 0, 0])})
    (2,)
    """
    people = _Families(organic)
    counts = people.counts / people.counts.sum(axis=1, keepdims=True)
    cumulated = np.round(np.cumsum(people.weights @ counts / people.weights.sum()), 12)
    lines = {int(np.searchsorted(cumulated, quantile)) + 1 for quantile in LINE_QUANTILES}
    return tuple(sorted(line for line in lines if line < len(cumulated)))


def share_above_line(
    audience: NDArray[np.uint64], organic: Mapping[str, NDArray[np.uint64]]
) -> tuple[float, float] | None:
    """Return the share of the list above the first line, and the largest that any source of people has there.

    Returns
    -------
    shares
        Both in [0, 1]; None where people leave no line.

    Examples
    --------
    >>> share_above_line(np.array([20, 30, 50]), {"a": np.array([80, 15, 5]), "b": np.array([70, 20, 10])})
    (0.8, 0.3)
    """
    lines = people_lines(organic)
    if not lines:
        return None
    counts: dict[str, Floats] = {}
    for family, array in organic.items():
        counts[source_of(family)] = counts.get(source_of(family), 0.0) + array.astype(np.float64)
    of_people = [float(array[lines[0] :].sum() / array.sum()) for array in counts.values() if array.sum() > 0]
    return float(audience[lines[0] :].sum() / audience.sum()), max(of_people)


class _Families:
    """Counts per family, shape (n_families, n_bins), and how much each weighs: 1 for all of one source."""

    def __init__(self, families: Mapping[str, NDArray[np.uint64]]) -> None:
        known = {name: counts for name, counts in sorted(families.items()) if counts.sum() > 0}
        sources = [source_of(name) for name in known]
        self.counts: Floats = np.stack([counts.astype(np.float64) for counts in known.values()])
        self.weights: Floats = np.array([1.0 / sources.count(source) for source in sources])

    def rate_law(self, low: int, line: int) -> Floats:
        """Return the distribution function, on `_RATE_EDGES`, of a new family's rate above a line among bins >= low."""
        return _predictive(self.counts[:, line:].sum(axis=1), self.counts[:, low:line].sum(axis=1), self.weights)


def _predictive(above: Floats, below: Floats, weights: Floats) -> Floats:
    from scipy.special import betaln

    a, b, cumulated = _beta_laws()
    of_family = np.minimum(1.0, LARGEST_FAMILY / np.maximum(1.0, above + below))
    log_weight = np.zeros_like(a)
    for yes, no, weight in zip(above * of_family, below * of_family, weights, strict=True):
        log_weight += weight * (betaln(a + yes, b + no) - betaln(a, b))
    weight_of_law = np.exp(log_weight - log_weight.max())
    law: Floats = np.tensordot(weight_of_law / weight_of_law.sum(), cumulated, axes=2)
    return law


@cache
def _beta_laws() -> tuple[Floats, Floats, Floats]:
    """Return both parameters of every law, shape (n_means, n_concentrations), and its distribution function."""
    from scipy.special import betainc

    mean = (np.arange(_N_MEANS) + 0.5) / _N_MEANS
    steps = (np.arange(_N_CONCENTRATIONS) + 0.5) / _N_CONCENTRATIONS
    concentration = LEAST_CONCENTRATION * (LARGEST_CONCENTRATION / LEAST_CONCENTRATION) ** steps
    a, b = np.outer(mean, concentration), np.outer(1.0 - mean, concentration)
    return a, b, betainc(a[..., None], b[..., None], _RATE_EDGES)


def _likelihood(
    audience: Floats, suspicious: _Families, organic: _Families, lines: Sequence[int], low: int = 0
) -> Floats:
    """Return the probability of what is seen from bin `low` on, for every share on the grid, shape (n_shares,)."""
    n = audience[low:].sum()
    if not lines or n == 0:
        return np.ones(_N_SHARES)
    line, *stricter = lines
    above = audience[line:].sum()
    rate = above / n
    smoothed = (above + 1.0) / (n + 2.0)
    # A flat window as wide as the sampling error of the rate, never finer than the grid.
    window = max(np.sqrt(3.0 * smoothed * (1.0 - smoothed) / n), 0.5 / _N_RATES)
    x, y, weight = _explanations(
        float(rate), float(window), suspicious.rate_law(low, line), organic.rate_law(low, line)
    )
    if stricter:
        share, total = _SHARES[:, None] * x, _SHARES[:, None] * x + (1.0 - _SHARES[:, None]) * y
        left = np.divide(share, total, out=np.zeros_like(share), where=total > 0)
        weight = weight * np.interp(left, _SHARES, _likelihood(audience, suspicious, organic, stricter, line))
    likelihood: Floats = np.maximum(weight.sum(axis=1), _SMALLEST)
    return likelihood / likelihood.max()


def _explanations(rate: float, window: float, x_law: Floats, y_law: Floats) -> tuple[Floats, Floats, Floats]:
    """Return for every share the pairs of rates that give the rate seen, and how probable each is.

    Returns
    -------
    x, y, weight
        Rates of suspicious and of organic accounts, and the probability of the pair, each shape (n_shares, n_rates).
        No pair has organic accounts above the line more often than suspicious ones.
    """
    x, y, weight = np.empty((3, _N_SHARES, _N_RATES))
    is_more = _SHARES >= 0.5  # the rate of the larger part is solved for: it is the better known
    v = _SHARES[is_more, None]
    low, high = (np.maximum((rate + side - (1.0 - v) * _RATES) / v, _RATES) for side in (-window, window))
    x[is_more], y[is_more] = np.clip((low + high) / 2, 0.0, 1.0), _RATES
    weight[is_more] = np.diff(y_law) * (_at(x_law, high) - _at(x_law, low))
    v = _SHARES[~is_more, None]
    low, high = (np.minimum((rate + side - v * _RATES) / (1.0 - v), _RATES) for side in (-window, window))
    y[~is_more], x[~is_more] = np.clip((low + high) / 2, 0.0, 1.0), _RATES
    weight[~is_more] = np.diff(x_law) * (_at(y_law, high) - _at(y_law, low))
    return x, y, weight


def _at(law: Floats, rates: Floats) -> Floats:
    # Outside [0, 1] the end values hold: nothing is below 0, everything below 1.
    return np.interp(rates, _RATE_EDGES, law)
