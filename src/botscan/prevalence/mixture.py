r"""Posterior of how many of a finite list are suspicious, given two profiles of known truth.

The list holds ``a[k]`` accounts in bin k of the score, of which an unknown ``m[k]`` are suspicious. Suspicious and
organic accounts fall into the bins with unknown probabilities p and q. Validation accounts of known truth fell into the
bins ``s[k]`` and ``o[k]`` times. Both p and q are Pólya trees: the bins are split in two halves, these again, and how
the accounts of one half divide has a prior Beta(c, c). A tree borrows strength within a tail: where 3 suspicious
accounts in 1,000 stand in six bins together, it does not take the bins without one for proof of an organic account.
Integrating p and q out, the probability of a list whose halves L and R hold M suspicious accounts of n is

.. math:: P(a \mid M) = \frac{1}{w(S_L + S_R + 2c, M)\, w(O_L + O_R + 2c, n - M)} \sum_{M_L + M_R = M}
          \prod_{H = L, R} w(S_H + c, M_H)\, w(O_H + c, n_H - M_H)\, P(a_H \mid M_H),
          \qquad w(A, m) = \frac{\Gamma(A + m)}{\Gamma(A)\, m!}

where S and O count the validation accounts of a half. The sums are convolutions, so the posterior of M is computed
exactly, without random numbers. How much the bins differ is not known beforehand: `STRENGTHS` of c are averaged, each
with the weight that the validation accounts and the list give it. One strength for all is not enough: a Dirichlet prior
of 1/2 in every bin holds the truth where scores are far apart, and in as few as half of the runs where they overlap,
the validation accounts are 300 and the share is near 0 or 1.

Scores enter only by the bin they fall into: a monotone distortion that hits audience, validation accounts and bin
edges alike changes nothing.

References
----------
.. [1] Ziegler, A., Czyż, P. (2024). Bayesian quantification with black-box estimators. TMLR.
   https://arxiv.org/abs/2302.09159
.. [2] Keith, K., O'Connor, B. (2018). Uncertainty-aware generative models for inferring document class prevalence.
   EMNLP, 4575-4585. https://doi.org/10.18653/v1/D18-1487
.. [3] Lavine, M. (1992). Some aspects of Pólya tree distributions for statistical modelling. Annals of Statistics
   20(3), 1222-1235. https://doi.org/10.1214/aos/1176348767
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Dirichlet prior of each bin of a profile where one number must do: Jeffreys' prior of a multinomial.
PRIOR = 0.5

#: Priors Beta(c, c) of a split that are averaged.
STRENGTHS: tuple[float, ...] = (0.25, 0.5, 1.0, 2.0, 4.0)

#: A profile of more validation accounts counts as this many: more sharpen nothing that is visible.
LARGEST_PROFILE = 1e6

#: A longer list counts as one of this many accounts in the same proportions: what is left of its own spread is small
#: beside that of the profiles.
LONGEST_LIST = 16_384

_N_POINTS = 2001
_MOST_SHARES = 2000
#: Shares less likely than exp(-NEGLIGIBLE) times the best are not looked at.
_NEGLIGIBLE = 16.0
#: Exponents below the largest at which a double still has all its digits.
_DEEPEST = 690.0


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


def share_posterior(
    audience: Floats, suspicious: Floats, organic: Floats, strengths: Sequence[float] = STRENGTHS
) -> Posterior:
    """Return the posterior of the share of suspicious accounts in a finite list.

    Every number of suspicious accounts from 0 to n is equally probable beforehand.

    Parameters
    ----------
    audience
        Accounts of the list per bin, whole numbers, bins in the order of the score, shape (k,), sum >= 1.
    suspicious, organic
        Validation accounts of known truth per bin, shape (k,).
    strengths
        Priors of a split, each > 0; equally probable beforehand.

    Examples
    --------
    >>> separate = share_posterior(np.array([30.0, 10.0]), np.array([0.0, 500.0]), np.array([500.0, 0.0]))
    >>> separate.mode
    0.25
    """
    suspicious, organic = _capped(suspicious), _capped(organic)
    audience = _at_most(audience, LONGEST_LIST)
    log_mass, start = np.array([-np.inf]), 0.5
    for strength in strengths:
        found = log_likelihood(audience, suspicious, organic, strength, start)
        start = float(np.argmax(found)) / audience.sum()
        evidence = log_evidence(suspicious, strength) + log_evidence(organic, strength)
        log_mass = np.logaddexp(log_mass, found + evidence)
    mass = np.exp(log_mass - log_mass.max())
    return Posterior(np.arange(len(mass)) / (len(mass) - 1), mass / mass.sum())


def _capped(counts: Floats) -> Floats:
    return counts * min(1.0, LARGEST_PROFILE / max(1.0, float(counts.sum())))


def _at_most(counts: Floats, longest: int) -> Floats:
    """Return whole counts in the same proportions, at most so many in all."""
    total = counts.sum()
    if total <= longest:
        return counts
    return np.diff(np.rint(np.cumsum(counts) * (longest / total)), prepend=0.0)


def log_likelihood(
    audience: Floats, suspicious: Floats, organic: Floats, strength: float, start: float = 0.5
) -> Floats:
    """Return log P(audience | M) for M = 0..n under one prior, shape (n + 1,); -inf where it is negligible.

    Convolutions of plain numbers span the range of a double, not more. So each is made under a tilt exp(t * m), which
    puts the largest numbers near a share; where the range ends before the likelihood does, a further tilt goes on.

    Parameters
    ----------
    audience, suspicious, organic
        As for `share_posterior`.
    strength
        Prior Beta(c, c) of every split.
    start
        A share near the peak, where one is known.
    """
    n = int(audience.sum())
    s, o = float(suspicious.sum()), float(organic.sum())
    result = np.full(n + 1, -np.inf)
    tried: set[int] = set()
    m = round(start * n)
    while m not in tried:
        tried.add(m)
        share = min(max(m, 0.5), n - 0.5) / n
        # The tilt at which either profile alone would put the mean at this share.
        tilt = np.log(share / ((s + 1.0) / n + share)) - np.log((1.0 - share) / ((o + 1.0) / n + 1.0 - share))
        found = _tree(audience, suspicious, organic, strength, float(tilt))
        np.copyto(result, found, where=np.isneginf(result))
        m = _next_start(result, m)
    return result


def _next_start(result: Floats, m: int) -> int:
    """Return the peak, or an end of what is known where the likelihood is not yet negligible; else `m` again."""
    known = np.flatnonzero(~np.isneginf(result))
    floor = result[known].max() - _NEGLIGIBLE
    first, last = int(known[0]), int(known[-1])
    if first > 0 and result[first] > floor:
        return first
    if last < len(result) - 1 and result[last] > floor:
        return last
    return m


def _tree(
    audience: Floats, suspicious: Floats, organic: Floats, strength: float, tilt: float, *, is_upper: bool | None = None
) -> Floats:
    """Return log P(a | M) of a run of bins, M = 0..n; the module says the formula."""
    n = int(audience.sum())
    if len(audience) == 1 or n == 0:
        return np.zeros(n + 1)
    halves = []
    for part, side in _halves(len(audience), is_upper):
        of_half = _tree(audience[part], suspicious[part], organic[part], strength, tilt, is_upper=side)
        weight = _log_weights(suspicious[part].sum() + strength, organic[part].sum() + strength, len(of_half) - 1)
        halves.append(of_half + weight + tilt * np.arange(len(of_half)))
    both = _log_weights(suspicious.sum() + 2 * strength, organic.sum() + 2 * strength, n)
    result: Floats = _log_convolve(*halves) - tilt * np.arange(n + 1) - both
    return result


def _halves(n_bins: int, is_upper: bool | None) -> tuple[tuple[slice, bool], tuple[slice, bool]]:
    """Return both halves of a run of bins, and whether each lies in the upper half of all.

    Of an odd number the outer half has one more, on either side: the two kinds mirror each other, and it is the thin
    ends of the profiles that need their neighbours.
    """
    middle = -(-n_bins // 2) if is_upper is False else n_bins // 2
    sides = (False, True) if is_upper is None else (is_upper, is_upper)
    return (slice(None, middle), sides[0]), (slice(middle, None), sides[1])


def log_evidence(counts: Floats, strength: float, *, is_upper: bool | None = None) -> float:
    """Return the log-probability of the validation accounts of one kind, given their number, up to a constant.

    Parameters
    ----------
    counts
        Validation accounts per bin, shape (k,).
    strength
        Prior Beta(c, c) of every split.
    is_upper
        Whether these bins are a part of the upper half of all; None for all.

    Examples
    --------
    >>> together, apart = np.array([9.0, 9.0]), np.array([18.0, 0.0])
    >>> [log_evidence(counts, 4.0) > log_evidence(counts, 0.25) for counts in (together, apart)]
    [True, False]
    """
    if len(counts) == 1:
        return 0.0
    from scipy.special import betaln

    halves = [(counts[part], side) for part, side in _halves(len(counts), is_upper)]
    lower, upper = (float(half.sum()) + strength for half, _ in halves)
    of_split = float(betaln(lower, upper) - betaln(strength, strength))
    return of_split + sum(log_evidence(half, strength, is_upper=side) for half, side in halves)


def _log_weights(a: float, b: float, n: int) -> Floats:
    """Return log w(a, m) + log w(b, n - m) for m = 0..n, shape (n + 1,)."""
    result: Floats = _log_rising(a, n) + _log_rising(b, n)[::-1]
    return result


def _log_rising(a: float, n: int) -> Floats:
    """Return log w(a, m) for m = 0..n, shape (n + 1,)."""
    m = np.arange(n)
    return np.concatenate([[0.0], np.cumsum(np.log((a + m) / (m + 1.0)))])


def _log_convolve(left: Floats, right: Floats) -> Floats:
    """Convolve two sequences given by their logarithms; -inf where the result leaves the range of a double."""
    largest = left.max(), right.max()
    total = np.convolve(np.exp(left - largest[0]), np.exp(right - largest[1]))
    total[total < total.max() * np.exp(-_DEEPEST)] = 0.0
    with np.errstate(divide="ignore"):
        result: Floats = np.log(total) + sum(largest)
    return result


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
    seen = posterior.mass > posterior.mass.max() * np.exp(-_NEGLIGIBLE)
    share, mass = _thinned(posterior.suspicious_share[seen], posterior.mass[seen])
    points = _points_around(share, float(np.sqrt(0.25 * unseen / n)))
    # Given the list, the population's share is a Beta of the list's counts, narrower the more of it was seen, but here
    # never narrower than the points lie apart.
    apart, variance = points[1] - points[0], posterior.mode * (1.0 - posterior.mode)
    n_effective = min(n / unseen, (variance + np.hypot(variance, 2 * apart)) / (2 * apart**2))
    log_density = _times_log(share * n_effective, points) + _times_log((1.0 - share) * n_effective, 1.0 - points)
    density = np.exp(log_density - log_density.max(axis=0))
    return Posterior(points, (density / density.sum(axis=0)) @ mass)


def _thinned(share: Floats, mass: Floats) -> tuple[Floats, Floats]:
    """Sum neighbours where there are very many; the two ends, which may be 0 and 1, stay by themselves."""
    step = -(-len(share) // _MOST_SHARES)
    starts = np.unique(np.concatenate([[0], np.arange(1, len(share), step), [len(share) - 1]]))
    total = np.add.reduceat(mass, starts)
    middle = np.add.reduceat(mass * share, starts) / total
    return middle, total / total.sum()


def _points_around(share: Floats, spread: float) -> Floats:
    lowest, highest = max(0.0, share[0] - 8 * spread), min(1.0, share[-1] + 8 * spread)
    return np.linspace(lowest, highest, _N_POINTS)


def _times_log(exponents: Floats, points: Floats) -> Floats:
    """Return exponent * log(point), shape (n_points, n_exponents); 0 * log(0) is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        product: Floats = exponents[None, :] * np.log(points)[:, None]
    return np.where(exponents[None, :] == 0.0, 0.0, product)
