"""The straight-line model: the same tables, but every one a line over its bins.

Bins stand evenly on the logarithm of a count, a rate or a ratio, so a line over the bins is a line in the logarithm. It
is the stiffest table there is: the further an audience is from the training sources, the more it is worth.

References
----------
.. [1] Cox, D. R. (1958). The regression analysis of binary sequences. J. R. Stat. Soc. B 20(2), 215-242.
   https://doi.org/10.1111/j.2517-6161.1958.tb00292.x
.. [2] Hoerl, A., Kennard, R. (1970). Ridge regression: biased estimation for nonorthogonal problems. Technometrics
   12(1), 55-67. https://doi.org/10.1080/00401706.1970.10488634
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.features.grid import MISSING, n_bins
from botscan.training.fit import Direction, PointTables

#: The ridge counts slopes per standard deviation. Held away from zero, so that a few rows with a rare flag get no
#: slope that nothing shrinks.
_LEAST_SPREAD = 0.1


def fit_line(
    bins: Mapping[str, NDArray[np.uint8]],
    labels: NDArray[Any],
    weights: NDArray[np.float64],
    *,
    monotone: Mapping[str, Direction],
    ridge: float,
) -> PointTables:
    """Fit an intercept and one slope per feature by weighted logistic regression.

    Parameters
    ----------
    bins
        Feature -> bin codes of the grid, uint8, shape (n,); 255 where the field is missing.
    labels
        1 suspicious, 0 organic, shape (n,).
    weights
        Positive, sum 1, shape (n,).
    monotone
        Features whose line may only rise or only fall.
    ridge
        Weight of the squared slopes (per standard deviation), against a loss averaged to total weight 1.

    Returns
    -------
    model
        Tables that are lines of weighted mean 0 on the rows where the field exists; a missing field adds 0.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    names = tuple(bins)
    means, spreads = _moments(bins, weights)
    columns = np.column_stack(
        [np.where(bins[name] == MISSING, 0.0, (bins[name] - means[name]) / spreads[name]) for name in names]
    )
    signs = np.where(labels == 1, 1.0, -1.0)

    def loss_and_gradient(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        slopes = parameters[1:]
        # Plain sums instead of a matrix product, which may be split over threads.
        margins = signs * (parameters[0] + np.einsum("ij,j->i", columns, slopes))
        residuals = -weights * signs * expit(-margins)
        loss = (weights * np.logaddexp(0.0, -margins)).sum() + ridge * (slopes @ slopes)
        gradient = np.einsum("ij,i->j", columns, residuals) + 2.0 * ridge * slopes
        return float(loss), np.concatenate([[residuals.sum()], gradient])

    found = minimize(
        loss_and_gradient,
        np.zeros(len(names) + 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None), *(_bound(monotone.get(name)) for name in names)],
        options={"maxiter": 5_000, "maxfun": 10_000, "ftol": 1e-13, "gtol": 1e-8},
    )
    if not found.success:
        raise RuntimeError(f"the fit did not converge: {found.message}")
    tables = {
        name: slope * (np.arange(n_bins(name)) - means[name]) / spreads[name]
        for name, slope in zip(names, found.x[1:], strict=True)
    }
    return PointTables(float(found.x[0]), tables)


def _moments(
    bins: Mapping[str, NDArray[np.uint8]], weights: NDArray[np.float64]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the weighted mean and standard deviation of the bins of each feature where it is known."""
    means, spreads = {}, {}
    for name, codes in bins.items():
        known = codes != MISSING
        share = weights[known] / weights[known].sum() if known.any() else np.zeros(0)
        means[name] = float((share * codes[known]).sum())
        spread = float(np.sqrt((share * (codes[known] - means[name]) ** 2).sum()))
        spreads[name] = max(spread, _LEAST_SPREAD)
    return means, spreads


def _bound(direction: Direction | None) -> tuple[float | None, float | None]:
    if direction is None:
        return None, None
    return (0.0, None) if direction == "rising" else (None, 0.0)
