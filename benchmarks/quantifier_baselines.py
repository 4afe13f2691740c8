"""Published ways from scores to a share of suspicious accounts, in a few lines each: what ours is compared with.

Every function takes the probabilities of being suspicious that a model gives, shape (k,), and how many accounts have
each: of the audience, and of the suspicious and the organic validation accounts, shape (k,) each. With counts of 1
these are single accounts; with the counts of a histogram a million accounts cost what a thousand do.
"""

from __future__ import annotations

from typing import Any

import numpy as np

#: Of the kernel, on probabilities: the usual one, see `kernel_density`.
BANDWIDTH = 0.1
_N_HALVINGS = 50


def classify_and_count(probability: Any, audience: Any) -> float:
    """Share of accounts that are more probably suspicious than not."""
    return float(audience[probability > 0.5].sum() / audience.sum())


def mean_probability(probability: Any, audience: Any) -> float:
    """Bella et al. (2010), https://doi.org/10.1109/ICDM.2010.75, "PCC"."""
    return float(audience @ probability / audience.sum())


def adjusted_count(probability: Any, audience: Any, suspicious: Any, organic: Any) -> float:
    """Rogan and Gladen (1978), https://doi.org/10.1093/oxfordjournals.aje.a112510; "ACC"."""
    return _adjusted(*(classify_and_count(probability, counts) for counts in (audience, suspicious, organic)))


def adjusted_probability(probability: Any, audience: Any, suspicious: Any, organic: Any) -> float:
    """Bella et al. (2010), https://doi.org/10.1109/ICDM.2010.75, "PACC"."""
    return _adjusted(*(mean_probability(probability, counts) for counts in (audience, suspicious, organic)))


def _adjusted(found: Any, of_suspicious: Any, of_organic: Any) -> Any:
    """Return the share at which a mixture has this mean, inside [0, 1]; where the kinds do not differ, the mean."""
    difference = np.asarray(of_suspicious - of_organic)
    is_apart = difference > 0
    share = np.where(is_apart, (found - of_organic) / np.where(is_apart, difference, 1.0), found)
    return np.clip(share, 0.0, 1.0)[()]


def expectation_maximisation(probability: Any, audience: Any, validation_share: float) -> float:
    """Saerens, Latinne, Decaestecker (2002), https://doi.org/10.1162/089976602753284446; "EMQ", also "SLD".

    The probabilities have to be calibrated where a share of `validation_share` is suspicious. Their steps climb to the
    maximum of a concave likelihood; here it is found by halving.
    """
    return most_likely_share(probability / validation_share, (1.0 - probability) / (1.0 - validation_share), audience)


def kernel_density(
    probability: Any, audience: Any, suspicious: Any, organic: Any, bandwidth: float = BANDWIDTH
) -> float:
    """Moreo, González, del Coz (2025), https://doi.org/10.1007/s10994-024-06726-5, "KDEy-ML".

    Their kernel lies on both probabilities of an account; these add up to 1, so two accounts are sqrt(2) times as far
    apart as their probabilities of being suspicious.
    """
    known = (suspicious + organic) > 0
    distance = (probability[:, None] - probability[None, known]) / bandwidth
    kernel = np.exp(-distance * distance)
    return most_likely_share(*(kernel @ (counts[known] / counts.sum()) for counts in (suspicious, organic)), audience)


def most_likely_share(of_suspicious: Any, of_organic: Any, audience: Any) -> float:
    """Return the share of a mixture of two known densities that makes the audience most probable."""
    seen = (audience > 0) & (of_suspicious + of_organic > 0)
    difference, base, counts = (of_suspicious - of_organic)[seen], of_organic[seen], audience[seen]
    lower, upper = 0.0, 1.0
    for _ in range(_N_HALVINGS):
        middle = (lower + upper) / 2
        if (counts * difference / (base + middle * difference)).sum() > 0:
            lower = middle
        else:
            upper = middle
    return (lower + upper) / 2


def calibrated(probability: Any, suspicious: Any, organic: Any) -> Any:
    """Return the share of suspicious validation accounts as a rising step function of the probability, shape (k,).

    Pools adjacent violators, as in Zadrozny and Elkan (2002), https://doi.org/10.1145/775047.775151. Where there are no
    validation accounts, it lies on a line between the neighbours.
    """
    order = np.argsort(probability, kind="stable")
    order = order[(suspicious + organic)[order] > 0]
    blocks: list[list[float]] = []  # suspicious accounts, accounts, number of scores
    for found, weight in zip(suspicious[order], (suspicious + organic)[order], strict=True):
        blocks.append([float(found), float(weight), 1])
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] >= blocks[-1][0] * blocks[-2][1]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    steps = np.concatenate([np.full(int(n), found / weight) for found, weight, n in blocks])
    return np.interp(probability, probability[order], steps)


def bootstrap_interval(
    probability: Any,
    audience: Any,
    suspicious: Any,
    organic: Any,
    rng: np.random.Generator,
    *,
    n_draws: int = 200,
    validation_too: bool,
    confidence_level: float = 0.95,
) -> tuple[float, float]:
    """Percentile interval of `adjusted_probability`: of the audience alone (the common default), or of all three."""
    of_audience = _resampled_means(probability, audience, rng, n_draws)
    known: list[Any] = [mean_probability(probability, counts) for counts in (suspicious, organic)]
    if validation_too:
        known = [_resampled_means(probability, counts, rng, n_draws) for counts in (suspicious, organic)]
    tail = (1.0 - confidence_level) / 2
    lower, upper = np.quantile(_adjusted(of_audience, *known), [tail, 1.0 - tail])
    return float(lower), float(upper)


def _resampled_means(probability: Any, counts: Any, rng: np.random.Generator, n_draws: int) -> Any:
    each = np.repeat(probability, counts.astype(np.int64))
    return each[rng.integers(0, len(each), (n_draws, len(each)))].mean(axis=1)
