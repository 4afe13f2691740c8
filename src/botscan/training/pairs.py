"""The pair tables of a model: all pairs of some features on few levels, under a strong ridge.

References
----------
.. [1] Lou, Y., Caruana, R., Gehrke, J., Hooker, G. (2013). Accurate intelligible models with pairwise interactions.
   KDD '13, 623-631. https://doi.org/10.1145/2487575.2487579
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.features.grid import MISSING, n_bins
from botscan.scoring.memory import Memory, PairTable
from botscan.training.fit import FitSettings, fit_points

#: Pairs of levels are fitted as bins of one byte, and one value of it stands for unknown.
MOST_LEVELS = 15


@dataclass(frozen=True)
class MemorySettings:
    """What is remembered of the training sources, and how loudly it may speak.

    Attributes
    ----------
    features
        Features of which all pairs are taken.
    n_levels
        Levels of a feature, 1 to 15; cut so that each holds like mass of the training rows.
    weight
        Factor on all points of the pairs.
    quantile
        Share of training people whose pairs must not sum to more than 0, so that they add nothing to a score.
    fit
        Penalties and drop-out of the pairs.
    """

    features: tuple[str, ...]
    n_levels: int = 8
    weight: float = 1.0
    quantile: float = 0.85
    fit: FitSettings = field(
        default_factory=lambda: FitSettings(step_penalty=1e-3, ridge=3e-4, n_copies=2, drop_probability=0.2)
    )

    def __post_init__(self) -> None:
        if not 1 <= self.n_levels <= MOST_LEVELS:
            raise ValueError(f"n_levels must be from 1 to {MOST_LEVELS}, found {self.n_levels}")


def fit_memory(
    bins: Mapping[str, NDArray[np.uint8]],
    labels: NDArray[Any],
    weights: NDArray[np.float64],
    settings: MemorySettings,
    *,
    random_state: int,
) -> Memory:
    """Fit one table per pair of features.

    Parameters
    ----------
    bins
        Feature -> bin codes of the grid, uint8, shape (n,); 255 where the field is missing.
    labels
        1 suspicious, 0 organic, shape (n,).
    weights
        Positive, sum 1, shape (n,).
    settings
        Features, levels, penalties.
    random_state
        Seed of the dropped fields.

    Returns
    -------
    memory
        Pairs in whole steps of 0.05 log-odds; where either field is missing a pair adds 0.
    """
    levels = {name: cut_levels(bins[name], weights, n_bins(name), settings.n_levels) for name in settings.features}
    counts = {name: int(cut[-1]) + 1 for name, cut in levels.items()}
    pairs = tuple(combinations(settings.features, 2))
    points = fit_points(
        {_name(pair): _pair_codes(bins, levels, counts, pair) for pair in pairs},
        labels,
        weights,
        monotone={},
        random_state=random_state,
        settings=settings.fit,
        sizes={_name(pair): counts[pair[0]] * counts[pair[1]] for pair in pairs},
    )
    people = labels == 0
    codes = {pair: _pair_codes(bins, levels, counts, pair)[people] for pair in pairs}
    tables = {pair: points.tables[_name(pair)] * settings.weight for pair in pairs}
    tables = _quiet_for_people(tables, codes, weights[people], settings.quantile)
    steps = {pair: np.rint(table * STEPS_PER_LOG_ODDS).astype(np.int32) for pair, table in tables.items()}
    return Memory(
        levels, tuple(PairTable(pair, steps[pair].reshape(counts[pair[0]], counts[pair[1]])) for pair in pairs)
    )


def _quiet_for_people(
    tables: Mapping[tuple[str, str], NDArray[np.float64]],
    codes: Mapping[tuple[str, str], NDArray[np.uint8]],
    weights: NDArray[np.float64],
    quantile: float,
) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Shift every table down until the sums of most people are not positive, whatever is known of them.

    First to mean 0 over people, then by a line that the pairs share in the measure in which each of them moves. So a
    pair that is not known takes its part of the line with it, and an account of which nothing is known has a sum of 0.
    """
    centred, spreads = {}, {}
    excess, shares = np.zeros(len(weights)), np.zeros(len(weights))
    for pair, table in tables.items():
        known = codes[pair] != MISSING
        entries, mass = table[codes[pair][known]], weights[known]
        mean = float((mass * entries).sum() / mass.sum()) if len(mass) else 0.0
        centred[pair] = table - mean
        spreads[pair] = float(np.sqrt((mass * (entries - mean) ** 2).sum() / mass.sum())) if len(mass) else 0.0
        excess[known] += entries - mean
        shares[known] += spreads[pair]
    ratios = excess[shares > 0] / shares[shares > 0]
    line = max(float(np.quantile(ratios, quantile)), 0.0) if len(ratios) else 0.0
    return {pair: table - line * spreads[pair] for pair, table in centred.items()}


def cut_levels(
    codes: NDArray[np.uint8], weights: NDArray[np.float64], n_codes: int, n_levels: int
) -> NDArray[np.uint8]:
    """Merge neighbouring bins into few levels of like mass.

    Parameters
    ----------
    codes
        Bins of the training rows, uint8, shape (n,); 255 where missing.
    weights
        Weight of each row, shape (n,).
    n_codes
        Bins of the grid.
    n_levels
        Levels, at most.

    Returns
    -------
    levels
        Level of each bin, uint8, shape (n_codes,), rising from 0 without gaps.

    Examples
    --------
    >>> cut_levels(np.array([0, 0, 1, 3], dtype=np.uint8), np.full(4, 0.25), 5, 2).tolist()
    [0, 1, 1, 1, 1]
    """
    known = codes != MISSING
    mass = np.bincount(codes[known], weights=weights[known], minlength=n_codes)
    if not mass.sum():
        return np.zeros(n_codes, dtype=np.uint8)
    below = np.concatenate([[0.0], np.cumsum(mass)[:-1]]) / mass.sum()
    # A bin belongs to the level in which it begins; rounding guards exact ties.
    wanted = np.minimum(np.floor(np.round(below * n_levels, 9)), n_levels - 1)
    return np.unique(wanted, return_inverse=True)[1].astype(np.uint8)


def _name(pair: tuple[str, str]) -> str:
    return f"{pair[0]} x {pair[1]}"


def _pair_codes(
    bins: Mapping[str, NDArray[np.uint8]],
    levels: Mapping[str, NDArray[np.uint8]],
    counts: Mapping[str, int],
    pair: tuple[str, str],
) -> NDArray[np.uint8]:
    first, second = (bins[name] for name in pair)
    is_known = (first != MISSING) & (second != MISSING)
    codes = levels[pair[0]][np.where(is_known, first, 0)].astype(np.int64) * counts[pair[1]]
    codes += levels[pair[1]][np.where(is_known, second, 0)]
    return np.where(is_known, codes, MISSING).astype(np.uint8)
