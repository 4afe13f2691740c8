"""Strata of a list by score and follow order, and how many accounts of each are looked at.

The scores need not be right: within each stratum the accounts are drawn at random, so wrong scores cost precision and
nothing else. Three quarters of the sample are shared out by size alone, which keeps every stratum near its fair share:
labels of a stratum that was drawn thinly weigh so much that they cost more precision than the others bring.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

#: Accounts drawn from every stratum that has them, before anything else is shared out.
LEAST = 2
#: Strata by score, and parts of each along the follow order.
_SCORE_STRATA, _FEWER_SCORE_STRATA = 5, 3
_RANK_PARTS = 3
#: Sizes of a sample from which there are more strata; labels that each stratum should get.
_FOR_MORE_SCORE_STRATA, _FOR_RANK_PARTS, _FOR_BOTH = 40, 100, 200
_LABELS_PER_STRATUM = 5
#: Part of the sample that is shared out by size alone.
_PROPORTIONAL = 0.75
#: Added to p (1 - p): where the model is sure, strata are wide but not without end.
_FLOOR_OF_VARIANCE = 0.01


@dataclass(frozen=True, eq=False)
class Cells:
    """Accounts in strata.

    Attributes
    ----------
    stratum
        Stratum of each account, 0, 1, ..., shape (n_accounts,); none is empty.
    weights
        Share of the sample that each stratum should get, shape (n_strata,); the sum is 1.
    """

    stratum: Integers
    weights: NDArray[np.float64]


def cut_strata(bot_score: NDArray[np.float64], follow_rank: Integers, n: int) -> Cells:
    """Cut a list into strata by score, and each of them into parts along the follow order.

    Score strata hold equal sums of sqrt(p (1 - p) + 0.01), where p is the bot score: the rule of Dalenius and Hodges
    on the variance that the model itself expects. Accounts of equal score stay together. Accounts without a score are
    a stratum of their own, taken to score like the average. There are fewer strata where the sample is small.

    Three quarters of a weight are the share of accounts, one quarter is the allocation of Neyman with the standard
    deviation sqrt(m (1 - m)) of the mean bot score m of the stratum.

    Parameters
    ----------
    bot_score
        In [0, 1], NaN where not scored, shape (n_accounts,), n_accounts > 0.
    follow_rank
        0 = oldest follower, -1 where not known, shape (n_accounts,).
    n
        Accounts to be drawn.

    References
    ----------
    .. [1] Dalenius, T., Hodges, J. L. (1959). Minimum variance stratification. JASA 54(285), 88-101.
       https://doi.org/10.1080/01621459.1959.10501501
    .. [2] Neyman, J. (1934). On the two different aspects of the representative method. Journal of the Royal
       Statistical Society 97(4), 558-625. https://doi.org/10.2307/2342192

    Examples
    --------
    >>> cells = cut_strata(np.repeat([0.1, 0.5, 0.9], 50), np.full(150, -1), n=30)
    >>> np.bincount(cells.stratum), cells.weights.round(3)
    (array([50, 50, 50]), array([0.318, 0.364, 0.318]))
    """
    has_ranks = bool((follow_rank >= 0).any())
    n_score_strata, n_parts = _numbers_of_strata(n, has_ranks=has_ranks)
    is_scored = ~np.isnan(bot_score)
    stratum = np.full(len(bot_score), n_score_strata, dtype=np.int64)
    stratum[is_scored] = _by_score(bot_score[is_scored], n_score_strata)
    average = _mean(bot_score[is_scored], np.zeros(int(is_scored.sum()), dtype=np.int64)) if is_scored.any() else 0.5
    known = np.where(is_scored, bot_score, average)
    stratum = _numbered(stratum)
    if n_parts > 1:
        stratum = _numbered(stratum * n_parts + _parts_along(follow_rank, stratum, n_parts, is_scored))
    if n < LEAST * (int(stratum.max()) + 1):
        stratum = np.zeros_like(stratum)
    share = np.bincount(stratum) / len(stratum)
    mean = _mean(known, stratum)
    spread = share * np.sqrt(np.clip(mean * (1.0 - mean), 0.0, None))
    if spread.sum() > 0.0:
        share = _PROPORTIONAL * share + (1.0 - _PROPORTIONAL) * spread / spread.sum()
    return Cells(stratum, share)


def share_out(sizes: Integers, weights: NDArray[np.float64], n: int) -> Integers:
    """Say from which stratum the first account of a sample comes, from which the second, and so on.

    Every stratum has its turn until it has given two; from then on each turn goes to the stratum that is furthest
    behind its weight (the method of Webster). So the first accounts of a sample are shared out like a smaller sample.

    Parameters
    ----------
    sizes
        Accounts of each stratum, at least 1, shape (n_strata,).
    weights
        Share of the sample that each should get, above 0, shape (n_strata,).
    n
        Accounts to draw, up to the sum of sizes.

    Returns
    -------
    turns
        Stratum of each account drawn, shape (n,); none comes more often than it has accounts.

    References
    ----------
    .. [1] Balinski, M. L., Young, H. P. (1982). Fair Representation: Meeting the Ideal of One Man, One Vote. Yale
       University Press. ISBN 978-0-300-02724-2.

    Examples
    --------
    >>> share_out(np.array([2, 90, 8]), np.array([0.1, 0.6, 0.3]), 12)
    array([0, 1, 2, 0, 1, 2, 1, 1, 1, 2, 1, 1])
    """
    given, strata, waited = [], [], []
    for number, (size, weight) in enumerate(zip(sizes.tolist(), weights.tolist(), strict=True)):
        before = np.arange(min(size, n))
        given.append(np.minimum(before, LEAST))
        strata.append(np.full(len(before), number, dtype=np.int64))
        waited.append(np.where(before < LEAST, 0.0, (before + 0.5) / weight))
    stratum = np.concatenate(strata)
    order = np.lexsort((stratum, np.concatenate(waited), np.concatenate(given)))
    turns: Integers = stratum[order[:n]]
    return turns


def _numbers_of_strata(n: int, *, has_ranks: bool) -> tuple[int, int]:
    """Return how many strata there are by score, and into how many parts each is cut along the follow order."""
    if has_ranks and n >= _FOR_RANK_PARTS:
        return (_SCORE_STRATA if n >= _FOR_BOTH else _FEWER_SCORE_STRATA), _RANK_PARTS
    most = _SCORE_STRATA if n >= _FOR_MORE_SCORE_STRATA else _FEWER_SCORE_STRATA
    return max(1, min(most, n // _LABELS_PER_STRATUM)), 1


def _by_score(score: NDArray[np.float64], n_strata: int) -> Integers:
    """Return the score stratum of each account, from 0 = lowest."""
    values, which, counts = np.unique(score, return_inverse=True, return_counts=True)
    mass = counts * np.sqrt(values * (1.0 - values) + _FLOOR_OF_VARIANCE)
    middle = np.cumsum(mass) - 0.5 * mass
    of_value = np.minimum(n_strata * middle // max(float(mass.sum()), 1e-300), n_strata - 1).astype(np.int64)
    result: Integers = of_value[which]
    return result


def _parts_along(follow_rank: Integers, stratum: Integers, n_parts: int, is_scored: NDArray[np.bool_]) -> Integers:
    """Return the part of each account: its stratum, in follow order, cut into equal parts; small ones are not cut."""
    part = np.zeros(len(stratum), dtype=np.int64)
    rank = np.where(follow_rank >= 0, follow_rank, np.iinfo(np.int64).max)
    for number in range(int(stratum.max()) + 1):
        its = np.flatnonzero((stratum == number) & is_scored)
        its = its[np.argsort(rank[its], kind="stable")]
        n_its_parts = max(1, min(n_parts, len(its) // (2 * LEAST)))
        part[its] = np.arange(len(its)) * n_its_parts // max(1, len(its))
    return part


def _mean(values: NDArray[np.float64], groups: Integers) -> NDArray[np.float64]:
    """Return the mean of each group; added one by one, so that every machine finds the same."""
    result: NDArray[np.float64] = np.bincount(groups, weights=values) / np.bincount(groups)
    return result


def _numbered(groups: Integers) -> Integers:
    """Return groups numbered 0, 1, ... without gaps."""
    return np.asarray(np.unique(groups, return_inverse=True)[1], dtype=np.int64)
