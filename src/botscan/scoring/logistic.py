"""From a score in whole steps to a number between 0 and 1, the same bits on every machine."""

from __future__ import annotations

from decimal import Context, Decimal

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS

# Wide enough that rounding to the nearest double is always the rounding of the true value.
_CONTEXT = Context(prec=40)


def logistic_table(lowest: int, highest: int) -> NDArray[np.float64]:
    """Return 1 / (1 + exp(-steps / 20)) for every whole number of steps in a range.

    The exponential of the processor's mathematics library differs in the last bit between machines; decimal
    arithmetic does not.

    Parameters
    ----------
    lowest, highest
        First and last score, in steps of 0.05 log-odds.

    Returns
    -------
    table
        Entry i belongs to ``lowest + i`` steps, shape (highest - lowest + 1,), in (0, 1).

    Examples
    --------
    >>> logistic_table(-20, 20)[[0, 20, 40]].round(6).tolist()
    [0.268941, 0.5, 0.731059]
    """
    steps = range(lowest, highest + 1)
    return np.array([_logistic(step) for step in steps], dtype=np.float64)


def _logistic(steps: int) -> float:
    log_odds = _CONTEXT.divide(Decimal(steps), Decimal(STEPS_PER_LOG_ODDS))
    odds = _CONTEXT.exp(-log_odds)
    return float(_CONTEXT.divide(Decimal(1), _CONTEXT.add(Decimal(1), odds)))
