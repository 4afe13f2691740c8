"""The area under the ROC curve with an interval."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.prevalence.intervals import normal_quantile, wilson_interval


def auc_interval(
    labels: NDArray[Any], scores: NDArray[Any], confidence_level: float = 0.95
) -> tuple[float, float, float]:
    """Return the area under the ROC curve and its interval by the method of DeLong, on the logit scale.

    Where all pairs are ordered alike there is no variance to estimate; the interval is then Wilson's of as many
    independent pairs as can be formed, which is wide enough.

    Parameters
    ----------
    labels
        1 suspicious, 0 organic, both occurring, shape (n,).
    scores
        Larger is more suspect, shape (n,); a tie counts one half.
    confidence_level
        In (0, 1).

    Returns
    -------
    auc, lower, upper
        0 <= lower <= auc <= upper <= 1.

    References
    ----------
    .. [1] DeLong, E., DeLong, D., Clarke-Pearson, D. (1988). Comparing the areas under two or more correlated receiver
       operating characteristic curves. Biometrics 44(3), 837-845. https://doi.org/10.2307/2531595
    .. [2] Sun, X., Xu, W. (2014). Fast implementation of DeLong's algorithm. IEEE Signal Processing Letters 21(11),
       1389-1393. https://doi.org/10.1109/LSP.2014.2337313

    Examples
    --------
    >>> auc, lower, upper = auc_interval(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))
    >>> auc, 0 < lower < auc < upper < 1
    (0.75, True)
    """
    from scipy.stats import rankdata

    suspicious, organic = scores[labels == 1], scores[labels == 0]
    n_suspicious, n_organic = len(suspicious), len(organic)
    ranks = rankdata(np.concatenate([suspicious, organic]))
    # For each account the share of the other kind that is on its right side.
    above = (ranks[:n_suspicious] - rankdata(suspicious)) / n_organic
    below = 1.0 - (ranks[n_suspicious:] - rankdata(organic)) / n_suspicious
    auc = float(above.mean())
    variance = _variance_of_mean(above) + _variance_of_mean(below)
    if variance <= 0 or auc in (0.0, 1.0):
        return (auc, *wilson_interval(auc, min(n_suspicious, n_organic), confidence_level))
    middle = math.log(auc / (1.0 - auc))
    reach = normal_quantile(confidence_level) * math.sqrt(variance) / (auc * (1.0 - auc))
    lower, upper = (1.0 / (1.0 + math.exp(-min(max(end, -700.0), 700.0))) for end in (middle - reach, middle + reach))
    return auc, min(lower, auc), max(upper, auc)


def _variance_of_mean(values: NDArray[np.float64]) -> float:
    return float(values.var(ddof=1)) / len(values) if len(values) > 1 else 0.25
