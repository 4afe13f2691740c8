"""The grid: fixed, readable bin edges in raw units, one set a feature, versioned apart from any model.

An account is a row of uint8 codes on this grid, and any later model can score it again from these alone. A version
of the grid never changes; new features may be appended.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

#: Version of the edges; a change of any edge needs a new one.
GRID_VERSION = 1

#: Code of a value that is not known.
MISSING = 255


def _edges(values: Iterable[float]) -> NDArray[np.float32]:
    edges = np.array(list(values), dtype=np.float32)
    edges.flags.writeable = False
    return edges


_FLAG = _edges([0.5])
# Bin 0 is exactly zero.
_COUNT = _edges([1, 2, 3, *(step * 10**power for power in range(8) for step in (5, 10, 20))][:-1])
# Known steps: Twitter stops at 2,000 or 2,001 and at 5,000 or 5,001 followings, Instagram at 7,500; bought followers
# pile up just below them.
_FOLLOWING = _edges(
    [
        *(1, 2, 3, 5, 10, 20, 50, 100, 200, 300, 500, 700, 1_000, 1_500, 1_900, 2_001, 2_002, 3_000, 4_500),
        *(5_000, 5_002, 6_500, 7_500, 7_502, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000),
    ]
)
_AGE = _edges([1, 7, 30, 90, 180, *(365 * year for year in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20))])
# The first edge lies below any rate of one thing in the life of a network, so that bin 0 is exactly zero.
_RATE = _edges([1e-6, *(step * 10.0**power for power in range(-3, 3) for step in (1, 2, 5)), 1_000])
# Half octaves are irrational: no ratio of two counts falls on an edge.
_RATIO = _edges(math.ldexp(math.sqrt(2.0), octave) for octave in range(-14, 15))
# Half a hundredth off the tenths, so that a ratio rounded to two decimals stays in its bin.
_SHARE = _edges([0.005, *(tenth / 10 + 0.005 for tenth in range(1, 10))])
# The same with a last bin for all of it.
_SHARE_TO_ALL = _edges([*_SHARE, 0.995])
_FEW = _edges([1, 2, 3, 4, 5, 6, 8, 10, 15, 20])
_SCRIPTS = _edges([1, 2, 3, 4])

#: Feature name -> edges, float32, strictly rising, at most 200. Code i of a value x means
#: ``edges[i - 1] <= x < edges[i]``.
EDGES: dict[str, NDArray[np.float32]] = {
    "age_days": _AGE,
    "followers_count": _COUNT,
    "has_no_followers": _FLAG,
    "followers_per_day": _RATE,
    "following_count": _FOLLOWING,
    "has_no_following": _FLAG,
    "following_per_day": _RATE,
    "posts_count": _COUNT,
    "has_no_posts": _FLAG,
    "posts_per_day": _RATE,
    "listed_count": _COUNT,
    "has_no_lists": _FLAG,
    "listed_per_day": _RATE,
    "is_near_follow_limit": _FLAG,
    "likes_received_count": _COUNT,
    "has_no_likes_received": _FLAG,
    "followers_following_ratio": _RATIO,
    "posts_following_ratio": _RATIO,
    "followers_posts_ratio": _RATIO,
    "listed_followers_ratio": _RATIO,
    "likes_received_per_post_ratio": _RATIO,
    "bio_has_link": _FLAG,
    "bio_has_emoji": _FLAG,
    "bio_has_hashtag": _FLAG,
    "bio_has_mention": _FLAG,
    "has_avatar": _FLAG,
    "has_geo": _FLAG,
    "bio_length": _edges([1, 5, 10, 20, 30, 40, 60, 80, 100, 120, 140, 150, 160, 200]),
    "is_bio_empty": _FLAG,
    "has_website": _FLAG,
    "handle_length": _edges([*range(3, 17), 18, 20, 25, 30]),
    "handle_digits": _edges([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]),
    "handle_digit_ratio": _SHARE,
    "handle_trailing_digits": _edges([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]),
    "display_name_words": _edges([1, 2, 3, 4, 5, 6]),
    "display_name_length": _edges([1, 2, 3, 5, 8, 10, 12, 15, 20, 25, 30, 40, 50]),
    # About an hour, a quarter of a day, then days.
    "follow_delay_days": _edges(
        [0.04, 0.25, 1, 3, 7, 14, 30, 90, 180, *(365 * year for year in (1, 2, 3, 5, 8, 12, 16))]
    ),
    "handle_upper_case_share": _SHARE_TO_ALL,
    "handle_separator_count": _edges([1, 2, 3, 4, 5, 6]),
    "bio_link_count": _FEW,
    "bio_hashtag_count": _FEW,
    "bio_mention_count": _FEW,
    # The handles of people lie around 4 bits, random ones around 6.7.
    "handle_pair_surprise": _edges([2.5, *(3 + quarter / 4 for quarter in range(17)), 7.5, 8, 9]),
    "handle_name_share": _SHARE_TO_ALL,
    "display_name_script_count": _SCRIPTS,
    "display_name_non_latin_share": _SHARE,
    "bio_script_count": _SCRIPTS,
    "bio_non_latin_share": _SHARE,
    "display_name_emoji_count": _FEW,
    "bio_emoji_count": _FEW,
}


def n_bins(name: str) -> int:
    """Return the number of bins of a feature; codes run from 0 to one less."""
    return len(_edges_of(name)) + 1


def bin_codes(matrix: NDArray[np.float32], names: Sequence[str]) -> NDArray[np.uint8]:
    """Put every value in its bin.

    Parameters
    ----------
    matrix
        float32, shape (n, f), raw units, as `extract_matrix` gives it.
    names
        Feature of each column, length f.

    Returns
    -------
    codes
        uint8, shape (n, f): code i where ``edges[i - 1] <= x < edges[i]``, `MISSING` where x is NaN or infinite.

    Examples
    --------
    >>> bin_codes(np.array([[0.0], [4.0], [np.nan]], dtype=np.float32), ["followers_count"]).ravel().tolist()
    [0, 3, 255]
    """
    if matrix.ndim != 2 or matrix.shape[1] != len(names) or matrix.dtype != np.float32:
        raise ValueError(f"wanted float32 of shape (n, {len(names)}), found {matrix.dtype} of shape {matrix.shape}")
    codes = np.empty(matrix.shape, dtype=np.uint8, order="F")
    for position, name in enumerate(names):
        codes[:, position] = _codes_of(matrix[:, position], _edges_of(name))
    return codes


def bin_limits(name: str, code: int) -> tuple[float | None, float | None]:
    """Return the limits of a bin in raw units: low <= x < high, None where there is no limit.

    Raises
    ------
    ValueError
        The feature or the bin does not exist; `MISSING` has no limits.

    Examples
    --------
    >>> bin_limits("following_count", 0), bin_limits("following_count", 15)
    ((None, 1.0), (1900.0, 2001.0))
    """
    edges = _edges_of(name)
    if not 0 <= code <= len(edges):
        raise ValueError(f"{name} has bins 0 to {len(edges)}, found {code}")
    low = float(edges[code - 1]) if code > 0 else None
    high = float(edges[code]) if code < len(edges) else None
    return low, high


def _codes_of(values: NDArray[np.float32], edges: NDArray[np.float32]) -> NDArray[np.uint8]:
    # One comparison of all values an edge: four times faster than a binary search a value for our 1 to 31 edges.
    codes = np.zeros(len(values), dtype=np.uint8)
    passed = np.empty(len(values), dtype=np.bool_)
    for edge in edges:
        np.greater_equal(values, edge, out=passed)
        codes += passed.view(np.uint8)
    codes[~np.isfinite(values)] = MISSING
    return codes


def _edges_of(name: str) -> NDArray[np.float32]:
    if name not in EDGES:
        raise ValueError(f"the grid has no feature {name!r}; it has {', '.join(EDGES)}")
    return EDGES[name]
