"""Feature: the declaration that every feature of an account is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from botscan.features.columns import Columns


@dataclass(frozen=True)
class Feature:
    """One number about one account.

    Attributes
    ----------
    name
        Canonical name; ``*_count``, ``*_days``, ``*_per_day``, ``*_ratio``, ``is_*``/``has_*`` as everywhere.
    family
        File it lives in, as age, activity, ratios, handle or profile.
    group
        Story it belongs to when reasons are told: audience, following, posting, balance, age, bio, avatar, place,
        handle. Contributions of one group are summed before they are shown.
    unit
        Unit of the value.
    meaning
        One line for a person.
    needs
        Canonical columns it reads; a list that lacks one of them does not know the feature.
    compute
        From a view of one batch to float32, shape (n,). Pure and row by row: null in, NaN out.
    cost_to_fake
        ``cheap`` where the owner of an account can set it in a minute, else ``costly``.
    reference
        Where the feature was published, or ``own``.
    example
        A worked example, canonical columns in and the value out; checked by a test.
    """

    name: str
    family: str
    group: str
    unit: str
    meaning: str
    needs: tuple[str, ...]
    compute: Callable[[Columns], NDArray[np.float32]]
    cost_to_fake: Literal["cheap", "costly"]
    reference: str
    example: tuple[dict[str, object], float]
