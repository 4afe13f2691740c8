"""Fitting a RarityTree: which feature each feature depends on most, and how rare each pair of bins is.

The tree that is likeliest for the rows is the spanning tree of largest mutual information [1]_. It is found with
Prim's algorithm from the first feature on.

References
----------
.. [1] Chow, C., Liu, C. (1968). Approximating discrete probability distributions with dependence trees. IEEE
   Transactions on Information Theory 14(3), 462-467. https://doi.org/10.1109/TIT.1968.1054142
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.rarity import STEPS_PER_NAT, RarityTree
from botscan.features.grid import MISSING

Floats = NDArray[np.float64]

#: Imaginary rows added to every bin of a feature taken alone: Jeffreys' prior.
_ALONE = 0.5
#: Imaginary rows added to every bin of a parent; they fall as the feature does alone.
_GIVEN_PARENT = 1.0
#: Decimals kept of mutual information: ties are then broken by the order of the features, on every machine.
_DECIMALS = 9


def fit_rarity_tree(
    bins: Mapping[str, NDArray[np.uint8]], weights: Floats, sizes: Mapping[str, int], n_rows: float
) -> RarityTree:
    """Fit a tree to weighted rows of bins; fields that are not known are passed over.

    Parameters
    ----------
    bins
        Feature -> bin codes, uint8, shape (n,); 255 where the field is missing.
    weights
        Positive, shape (n,).
    sizes
        Feature -> number of its bins.
    n_rows
        Number of equally weighted rows that these weights are worth; the imaginary rows count against it.

    Returns
    -------
    tree
        With a mean rarity of 0 over the rows, feature by feature.
    """
    names = tuple(bins)
    scaled = weights * (n_rows / weights.sum())
    joint = {
        (one, other): _joint_counts(
            bins[names[one]], bins[names[other]], scaled, sizes[names[one]], sizes[names[other]]
        )
        for one in range(len(names))
        for other in range(one)
    }
    parents = _spanning_tree(len(names), {pair: mutual_information(counts) for pair, counts in joint.items()})
    tables = []
    for child, parent in enumerate(parents):
        name = names[child]
        known = bins[name] != MISSING
        alone = _counts(bins[name][known], scaled[known], sizes[name])
        given: Floats = np.zeros((0, sizes[name]))
        if parent >= 0:
            given = joint[child, parent].T if parent < child else joint[parent, child]
        tables.append(_table(alone, given))
    return RarityTree(names, parents, tuple(tables))


def mutual_information(joint: Floats) -> float:
    """Return the mutual information of two features in natural units, >= 0; 0 where no row knows both.

    Parameters
    ----------
    joint
        Counts per pair of bins, shape (k, l).

    Examples
    --------
    >>> mutual_information(np.array([[1.0, 1.0], [1.0, 1.0]])), mutual_information(np.array([[5.0, 0.0], [0.0, 5.0]]))
    (0.0, 0.693147181)
    """
    total = joint.sum()
    if total <= 0:
        return 0.0
    share = joint / total
    independent = share.sum(axis=1, keepdims=True) * share.sum(axis=0, keepdims=True)
    cells = share > 0
    return max(0.0, round(float((share[cells] * np.log(share[cells] / independent[cells])).sum()), _DECIMALS))


def _joint_counts(
    one: NDArray[np.uint8], other: NDArray[np.uint8], weights: Floats, n_one: int, n_other: int
) -> Floats:
    known = (one != MISSING) & (other != MISSING)
    cells = one[known].astype(np.int64) * n_other + other[known]
    return _counts(cells, weights[known], n_one * n_other).reshape(n_one, n_other)


def _counts(cells: NDArray[Any], weights: Floats, n_cells: int) -> Floats:
    return np.bincount(cells, weights=weights, minlength=n_cells).astype(np.float64)


def _spanning_tree(n_features: int, information: Mapping[tuple[int, int], float]) -> tuple[int, ...]:
    """Return the parent of each feature in the spanning tree of largest mutual information; -1 for a root."""
    parents = [-1] * n_features
    nearest = [(0.0, -1)] * n_features  # information shared with the tree, and with which of its features
    outside = set(range(n_features))
    while outside:
        # The least index among equals; a feature that shares nothing with the tree is a root of its own.
        child = min(outside, key=lambda feature: (-nearest[feature][0], feature))
        parents[child] = nearest[child][1]
        outside.remove(child)
        for feature in outside:
            shared = information[max(feature, child), min(feature, child)]
            if shared > nearest[feature][0]:
                nearest[feature] = (shared, child)
    return tuple(parents)


def _table(alone: Floats, given: Floats) -> NDArray[np.int16]:
    """Return minus the logarithm of each probability less its mean, in steps; row 0 and column 0 are for unknown."""
    own = (alone + _ALONE) / (alone + _ALONE).sum()
    conditional = (given + _GIVEN_PARENT * own) / (given.sum(axis=1, keepdims=True) + _GIVEN_PARENT)
    table = np.zeros((1 + len(given), 1 + len(alone)))
    table[0, 1:] = _centred(-np.log(own)[None, :], alone[None, :])
    table[1:, 1:] = _centred(-np.log(conditional), given)
    return np.rint(table * STEPS_PER_NAT).astype(np.int16)


def _centred(surprise: Floats, counts: Floats) -> Floats:
    total = counts.sum()
    return surprise - (surprise * counts).sum() / total if total > 0 else np.zeros_like(surprise)
