"""Model: what a card means, checked once, and then never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.feature_reference import FeatureReference
from botscan.evidence.profile import ScoreProfile
from botscan.scoring.memory import Memory
from botscan.scoring.patterns import Pattern

FORMAT = "botscan-model"
FORMAT_VERSION = 2

#: Groups of features that tell one story, in the order in which ties are broken.
GROUPS: tuple[str, ...] = (
    "audience",
    "following",
    "posting",
    "balance",
    "age",
    "bio",
    "avatar",
    "place",
    "handle",
    "resemblance",
)

#: What the pairs of the second layer add: it belongs to no single feature.
RESEMBLANCE = "resemblance"

Monotone = Literal["rising", "falling"] | None
#: How thresholds and profiles were made: whole sources left out, or halves of the only source (no validation).
Validation = Literal["left_out_sources", "random_halves"]


@dataclass(frozen=True, eq=False)
class FeatureTable:
    """Points of one feature.

    Attributes
    ----------
    name
        Feature, as in `botscan.features.registry.FEATURE`.
    group
        Story it belongs to, one of `GROUPS`.
    steps
        Points per bin of the grid in whole steps of 0.05 log-odds, int32, shape (n_bins,); unknown adds 0.
    monotone
        Whether the points may only rise or only fall.
    """

    name: str
    group: str
    steps: NDArray[np.int32]
    monotone: Monotone = None

    @property
    def spread(self) -> int:
        """Largest minus smallest entry, in steps: how much this feature can say."""
        return int(self.steps.max() - self.steps.min())


@dataclass(frozen=True)
class Thresholds:
    """Scores from which on an account shows signs, in whole steps of 0.05 log-odds.

    Attributes
    ----------
    suspicious
        The strict line: a verdict.
    review
        The looser line: worth a look, no verdict. Never above `suspicious`.
    """

    suspicious: int
    review: int


@dataclass(frozen=True, eq=False)
class PatternSection:
    """What the card says about one evidence pattern.

    Attributes
    ----------
    pattern
        The columns.
    features
        Features that these columns suffice for, in summing order.
    thresholds
        Lines measured under this very pattern.
    profile
        How left-out accounts of known truth scored under this pattern.
    """

    pattern: Pattern
    features: tuple[str, ...]
    thresholds: Thresholds
    profile: ScoreProfile


@dataclass(frozen=True, eq=False)
class PlatformSection:
    """The model of one platform.

    Attributes
    ----------
    platform
        Platform, or ``general``.
    intercept
        Steps every score starts from.
    tables
        One per feature, in summing order.
    memory
        Pairs that resemble batches of known sellers; None where there are none.
    patterns
        Evidence patterns, richest first.
    reference
        What accounts the model learned from look like, to be compared with an audience; None where not known.
    abstain_below
        An account is not scored where less than this share of its pattern's spread lies on known fields.
    validation
        How its thresholds and profiles were made.
    """

    platform: str
    intercept: int
    tables: tuple[FeatureTable, ...]
    memory: Memory | None
    patterns: tuple[PatternSection, ...]
    reference: FeatureReference | None
    abstain_below: float
    validation: Validation

    @property
    def features(self) -> tuple[str, ...]:
        """All features it reads: those with a table, then those that only pairs use."""
        of_pairs = tuple(self.memory.levels) if self.memory else ()
        return tuple(dict.fromkeys((*(table.name for table in self.tables), *of_pairs)))


@dataclass(frozen=True, eq=False)
class Model:
    """A whole model: one section per platform.

    Attributes
    ----------
    name
        Name in results.
    sha256
        Digest of the card, which holds the digests of the arrays.
    grid_version
        Grid whose bins the tables stand on.
    sections
        Platform -> section.
    """

    name: str
    sha256: str
    grid_version: int
    sections: Mapping[str, PlatformSection] = field(repr=False)
