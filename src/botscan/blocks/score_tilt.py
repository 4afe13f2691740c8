"""How many high scores a crowd may hold that only leans a little more to suspicion, all of it together.

A post that goes round brings people who are younger on the platform and quieter than the regulars, and all of their
scores are somewhat higher. Such a crowd is the neighbours' distribution, tilted: ``exp(b * log_odds)`` times as many at
each score. A purchase puts a second group beside the organic followers, who stay as they are. So the tilt is read off
the lower half of the scores, which a second group hardly reaches, and what stands in the tail beyond it is no tilt.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: The strongest tilt that an organic crowd is granted.
STRONGEST_TILT = 0.3
#: Standard deviations that a crowd's share below the middle is granted.
_SURE = 3.0
_TILTS = np.linspace(0.0, STRONGEST_TILT, 13)


def predicted_by_tilt(inside: NDArray[np.float64], outside: NDArray[np.float64], threshold: float) -> float:
    """Return the share of scores above the threshold in the neighbours, tilted so that the lower half fits.

    Parameters
    ----------
    inside, outside
        Log-odds of the crowd and of its neighbours, NaN where unknown.
    threshold
        What counts as high.

    Examples
    --------
    >>> neighbours = np.linspace(-4, 4, 1_001)
    >>> round(predicted_by_tilt(neighbours, neighbours, 3.0), 3)
    0.125
    >>> round(predicted_by_tilt(neighbours + 1.0, neighbours, 3.0), 3)
    0.187
    >>> round(predicted_by_tilt(neighbours + 9.0, neighbours, 3.0), 3)
    0.011
    """
    inside, outside = inside[~np.isnan(inside)], outside[~np.isnan(outside)]
    if not len(inside) or not len(outside):
        return 0.0
    middle = float(np.median(outside))
    below = float((inside < middle).mean() + (inside == middle).mean() / 2)
    weights = np.exp(np.outer(_TILTS, outside - outside.max()))
    total = weights.sum(axis=1)
    tilted_below = (weights @ ((outside < middle) + (outside == middle) / 2.0)) / total
    tilted_high = (weights @ (outside > threshold).astype(float)) / total
    # The more tilted, the fewer below the middle.
    predicted = float(np.interp(-below, -tilted_below, tilted_high))
    # Where even the strongest tilt leaves more below, only a part of the crowd can be tilted organic followers.
    return predicted * min(1.0, _upper_share(below, len(inside)) / float(tilted_below[-1]))


def _upper_share(share: float, n: int) -> float:
    """Return the upper end of Wilson's interval of a share of n."""
    z = _SURE
    middle, spread = share * n + z * z / 2, z * np.sqrt(n) * np.sqrt(share * (1 - share) + z * z / 4 / n)
    return float((middle + spread) / (n + z * z))
