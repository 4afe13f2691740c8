"""PostFeature: the declaration that every number about the posts of an account is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from botscan.features.grouped_posts import GroupedPosts

CHU_2012 = "Chu, Gianvecchio, Wang, Jajodia 2012, 10.1109/TDSC.2012.75"
GOH_2008 = "Goh, Barabási 2008, 10.1209/0295-5075/81/48002"
MAZZA_2019 = "Mazza, Cresci, Avvenuti, Quattrociocchi, Tesconi 2019, 10.1145/3292522.3326015"

#: Gaps and shares of fewer posts than this say nothing.
MIN_POSTS = 10


@dataclass(frozen=True)
class PostFeature:
    """One number about the posts of one account.

    Attributes
    ----------
    name
        Canonical name; ``*_count``, ``*_hours``, ``*_share``, ``n_*`` as everywhere.
    unit
        Unit of the value; empty for a pure number.
    meaning
        One line for a person.
    needs
        Canonical post columns it reads, beside ``account_id``.
    min_posts
        Posts of the account that must know these columns; with fewer the value is NaN.
    compute
        From the posts grouped by account to float64, shape (n_accounts,). Pure, independent of the order of rows;
        NaN where unknown.
    cost_to_fake
        ``cheap`` where the owner can change it in a minute (one line in a script counts), else ``costly``.
    reference
        Where it was published, or ``own``.
    example
        A worked example, the posts of one account and the value; checked by a test.
    """

    name: str
    unit: str
    meaning: str
    needs: tuple[str, ...]
    min_posts: int
    compute: Callable[[GroupedPosts], NDArray[np.float64]]
    cost_to_fake: Literal["cheap", "costly"]
    reference: str
    example: tuple[tuple[Mapping[str, object], ...], float]
