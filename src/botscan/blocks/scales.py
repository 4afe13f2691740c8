"""Windows of the follow order: lengths, each twice the one before, and where they stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: The shortest window; half of it is the step.
SHORTEST = 50
#: The longest window as a share of the list: its flanks need room.
LONGEST_SHARE = 0.25


def half_lengths(n: int) -> list[int]:
    """Return half the length of the windows of each scale.

    Examples
    --------
    >>> half_lengths(1_000)
    [25, 50, 100]
    """
    halves, half = [], SHORTEST // 2
    while 2 * half <= LONGEST_SHARE * n:
        halves.append(half)
        half *= 2
    return halves


def starts_of(n: int, half: int) -> NDArray[np.int64]:
    """Return where the windows of one length begin: every half a window.

    Examples
    --------
    >>> starts_of(120, 25)
    array([ 0, 25, 50, 75])
    """
    return np.arange(max(-(-n // half) - 1, 0), dtype=np.int64) * half


def n_windows(n: int) -> int:
    """Return how many windows of all scales a list of n has."""
    return sum(len(starts_of(n, half)) for half in half_lengths(n))
