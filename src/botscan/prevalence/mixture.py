r"""Posterior of how many of a finite list are suspicious, given two profiles of known truth.

The list holds ``a[k]`` accounts in bin k of the score, of which an unknown ``m[k]`` are suspicious. Suspicious and
organic accounts fall into the bins with unknown probabilities p and q, each with a Dirichlet prior. Validation
accounts of known truth fell into the bins ``s[k]`` and ``o[k]`` times. With A = s + prior and B = o + prior,
integrating p and q out leaves two Dirichlet-multinomials. Given their totals those are products over bins:

.. math:: P(a \mid M) = \frac{1}{w(\sum A, M)\, w(\sum B, n - M)} \sum_{m: \sum m = M} \prod_k w(A_k, m_k)\,
          w(B_k, a_k - m_k), \qquad w(A, m) = \frac{\Gamma(A + m)}{\Gamma(A)\, m!}

The sum is a convolution over twelve bins, so the posterior of M is computed exactly, without random numbers
(`exact_log_likelihood`). For long lists it is computed by a saddlepoint approximation (`smooth_log_likelihood`).
Scores enter only by the bin they fall into: a monotone distortion that hits audience, validation accounts and bin
edges alike changes nothing.

References
----------
.. [1] Ziegler, A., Czyż, P. (2024). Bayesian quantification with black-box estimators. TMLR.
   https://arxiv.org/abs/2302.09159
.. [2] Keith, K., O'Connor, B. (2018). Uncertainty-aware generative models for inferring document class prevalence.
   EMNLP, 4575-4585. https://doi.org/10.18653/v1/D18-1487
.. [3] Daniels, H. E. (1954). Saddlepoint approximations in statistics. Annals of Mathematical Statistics 25(4),
   631-650. https://doi.org/10.1214/aoms/1177728652
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Dirichlet prior of each bin of either profile: Jeffreys' prior of a multinomial.
PRIOR = 0.5

#: Lists up to this length are computed exactly.
LONGEST_EXACT = 4096

#: A profile of more validation accounts counts as this many: more sharpen nothing that is visible.
LARGEST_PROFILE = 1e6

_N_TILTS = 200
_N_ZOOMS = 2
#: Counts at either end of a bin that are summed one by one.
_N_WHOLE = 64
_N_POINTS = 4001
#: Points less likely than exp(-NEGLIGIBLE) times the best are not looked at.
_NEGLIGIBLE = 16.0


@dataclass(frozen=True, eq=False)
class Posterior:
    """Probability of each share of suspicious accounts.

    Attributes
    ----------
    suspicious_share
        Rising, in [0, 1], shape (n,).
    mass
        Probability of each, sum 1, shape (n,).
    """

    suspicious_share: Floats
    mass: Floats

    @property
    def mode(self) -> float:
        """The most probable share."""
        return float(self.suspicious_share[int(np.argmax(self.mass))])


def share_posterior(audience: Floats, suspicious: Floats, organic: Floats) -> Posterior:
    """Return the posterior of the share of suspicious accounts in a finite list.

    Every number of suspicious accounts from 0 to n is equally probable beforehand.

    Parameters
    ----------
    audience
        Accounts of the list per bin, whole numbers, shape (k,), sum >= 1.
    suspicious, organic
        Validation accounts of known truth per bin, shape (k,).

    Examples
    --------
    >>> separate = share_posterior(np.array([30.0, 10.0]), np.array([0.0, 500.0]), np.array([500.0, 0.0]))
    >>> separate.mode
    0.25
    """
    a = _with_prior(suspicious)
    b = _with_prior(organic)
    n = float(audience.sum())
    if n <= LONGEST_EXACT:
        log_likelihood = exact_log_likelihood(audience, a, b)
        return Posterior(np.arange(len(log_likelihood)) / n, _normalised(log_likelihood))
    shares, log_likelihood = smooth_log_likelihood(audience, a, b)
    return Posterior(shares, _normalised(log_likelihood))


def population_posterior(posterior: Posterior, n: float, unseen: float) -> Posterior:
    """Carry the posterior of a list over to the larger population it is a simple random sample of.

    Parameters
    ----------
    posterior
        Of the list.
    n
        Accounts in the list.
    unseen
        Part of the population that is outside the list, in [0, 1]; 1 when the list is next to none of it.

    Examples
    --------
    >>> exact = Posterior(np.array([0.25, 0.5, 0.75]), np.array([0.0, 1.0, 0.0]))
    >>> population_posterior(exact, 4, 0.0) is exact
    True
    """
    if unseen == 0.0:
        return posterior
    from scipy.special import betaln

    seen = posterior.mass > posterior.mass.max() * np.exp(-_NEGLIGIBLE)
    share, mass = posterior.suspicious_share[seen], posterior.mass[seen]
    # Given the list, the population's share is a Beta of the list's counts, narrower the more of it was seen.
    yes, no = share * n / unseen + 1.0, (1.0 - share) * n / unseen + 1.0
    points = _points_around(share, float(np.sqrt(0.25 * unseen / n)))
    with np.errstate(divide="ignore", invalid="ignore"):
        log_density = _times_log(yes - 1.0, points) + _times_log(no - 1.0, 1.0 - points)
    density = np.exp(log_density - betaln(yes, no)) @ mass
    return Posterior(points, density / density.sum())


def _points_around(share: Floats, spread: float) -> Floats:
    lowest, highest = max(0.0, share[0] - 8 * spread), min(1.0, share[-1] + 8 * spread)
    return np.linspace(lowest, highest, _N_POINTS // 2)


def _times_log(exponents: Floats, points: Floats) -> Floats:
    """Return exponent * log(point), shape (n_points, n_exponents); 0 * log(0) is 0."""
    product: Floats = exponents[None, :] * np.log(points)[:, None]
    return np.where(exponents[None, :] == 0.0, 0.0, product)


def exact_log_likelihood(audience: Floats, a: Floats, b: Floats) -> Floats:
    """Return log P(audience | M) up to a constant for M = 0..n, shape (n + 1,); the module says the formula."""
    total = np.zeros(1)
    for n_k, a_k, b_k in zip(audience, a, b, strict=True):
        of_bin = _log_rising(a_k, int(n_k)) + _log_rising(b_k, int(n_k))[::-1]
        total = _log_convolve(total, of_bin)
    n = len(total) - 1
    return total - _log_rising(float(a.sum()), n) - _log_rising(float(b.sum()), n)[::-1]


def _log_rising(a: float, n: int) -> Floats:
    """Return log w(a, m) for m = 0..n, shape (n + 1,)."""
    m = np.arange(n)
    return np.concatenate([[0.0], np.cumsum(np.log((a + m) / (m + 1.0)))])


def _log_convolve(left: Floats, right: Floats) -> Floats:
    """Convolve two sequences given by their logarithms: log of sum of exp(left[i] + right[j]) over i + j."""
    long, short = (left, right) if len(left) >= len(right) else (right, left)
    result = np.full(len(left) + len(right) - 1, -np.inf)
    for shift, value in enumerate(short):
        part = result[shift : shift + len(long)]
        np.logaddexp(part, long + value, out=part)
    return result


def smooth_log_likelihood(audience: Floats, a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return suspicious shares around the peak and log P(audience | share) up to a constant, each shape (4001,).

    Under a tilt exp(t * m) the counts m[k] are independent, and the probability of their sum M at its own mean is
    close to a normal density there. Sweeping t moves the mean over all of [0, n].
    """
    bins = [_bin_nodes(float(n_k), a_k, b_k) for n_k, a_k, b_k in zip(audience, a, b, strict=True) if n_k > 0]
    n, a_sum, b_sum = float(audience.sum()), float(a.sum()), float(b.sum())
    # The tilt at which either profile alone would put the mean at this share.
    share = 1.0 / (1.0 + np.exp(-np.linspace(-np.log(4 * n), np.log(4 * n), _N_TILTS)))
    tilts = np.log(share / (a_sum / n + share)) - np.log((1 - share) / (b_sum / n + 1 - share))
    mean, log_likelihood = _saddlepoint(bins, tilts, n, a_sum, b_sum)
    for _ in range(_N_ZOOMS):  # over the peak alone, at even steps of the mean
        near = np.flatnonzero(log_likelihood > log_likelihood.max() - _NEGLIGIBLE)
        first, last = max(near[0] - 1, 0), min(near[-1] + 1, _N_TILTS - 1)
        tilts = np.interp(np.linspace(mean[first], mean[last], _N_TILTS), mean, tilts)
        mean, log_likelihood = _saddlepoint(bins, tilts, n, a_sum, b_sum)
    # At 0 and at n there is nothing to sum, and the probability is known; within one account of them no sum is normal.
    inner = (mean >= 1.0) & (mean <= n - 1.0)
    none = sum(log_weight[0] for _, log_weight in bins) - _log_rising_to(b_sum, n)
    every = sum(log_weight[-1] for _, log_weight in bins) - _log_rising_to(a_sum, n)
    mean = np.concatenate([[0.0], mean[inner], [n]])
    log_likelihood = np.concatenate([[none], log_likelihood[inner], [every]])
    near = np.flatnonzero(log_likelihood > log_likelihood.max() - _NEGLIGIBLE)
    shares = np.linspace(mean[near[0]], mean[near[-1]], _N_POINTS) / n
    return shares, np.interp(shares * n, mean, log_likelihood)


def _bin_nodes(n: float, a: float, b: float) -> tuple[Floats, Floats]:
    """Return counts m of one bin and log of w(a, m) w(b, n - m) times the number of counts each stands for."""
    if n < 16 * _N_WHOLE:
        m, log_width = np.arange(n + 1), np.zeros(int(n) + 1)
    else:
        # Either end one by one; between them midpoints of equal steps of the logit. A step is at most about one
        # standard deviation of m in logits, which sums a bell to many digits.
        ends, first = np.arange(_N_WHOLE), _N_WHOLE - 0.5
        widest = np.log((n - first) / first)
        n_nodes = int(widest * np.sqrt(min(a + b, n))) + 64
        step = 2 * widest / n_nodes
        share = 1.0 / (1.0 + np.exp(widest - (np.arange(n_nodes) + 0.5) * step))
        m = np.concatenate([ends, n * share, n - ends[::-1]])
        log_width = np.pad(np.log(n * share * (1.0 - share) * step), _N_WHOLE)
    return m, _log_rising_to(a, m) + _log_rising_to(b, n - m) + log_width


def _saddlepoint(
    bins: list[tuple[Floats, Floats]], tilts: Floats, n: float, a_sum: float, b_sum: float
) -> tuple[Floats, Floats]:
    """Return the mean of M under each tilt and log P(audience | that M), each shape (n_tilts,)."""
    cumulant, mean, variance, third, fourth = np.zeros((5, len(tilts)))
    for m, log_weight in bins:
        exponent = log_weight[:, None] + m[:, None] * tilts[None, :]
        top = exponent.max(axis=0)
        weight = np.exp(exponent - top)
        norm = weight.sum(axis=0)
        weight /= norm
        of_bin = m @ weight
        distance = m[:, None] - of_bin
        squares = distance * distance
        weight *= squares
        of_variance = weight.sum(axis=0)
        cumulant += top + np.log(norm)
        mean += of_bin
        variance += of_variance
        third += np.einsum("ij,ij->j", weight, distance)
        fourth += np.einsum("ij,ij->j", weight, squares) - 3 * of_variance**2
    # The second-order term: how far the sum is from normal.
    correction = fourth / variance**2 / 8 - 5 * third**2 / variance**3 / 24
    log_sum = cumulant - tilts * mean - 0.5 * np.log(2.0 * np.pi * variance) + correction
    return mean, log_sum - _log_rising_to(a_sum, mean) - _log_rising_to(b_sum, n - mean)


def _log_rising_to(a: float, m: Floats | float) -> Floats:
    """Return log w(a, m) at any m >= 0, whole or not."""
    from scipy.special import betaln

    # w(a, m) = 1 / ((a + m) B(a, m + 1)); the Beta function keeps its digits where Gamma functions lose them.
    result: Floats = -betaln(a, np.asarray(m) + 1.0) - np.log(a + m)
    return result


def _with_prior(counts: Floats) -> Floats:
    return counts * min(1.0, LARGEST_PROFILE / max(1.0, counts.sum())) + PRIOR


def _normalised(log_mass: Floats) -> Floats:
    mass = np.exp(log_mass - log_mass.max())
    return mass / mass.sum()
