"""FeatureReference: how the accounts that a model was trained on fall into the bins of each feature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.rarity import N_RARITY_BINS, RarityTree

Kind = Literal["organic", "suspicious"]
KINDS: tuple[Kind, ...] = ("organic", "suspicious")


@dataclass(frozen=True)
class Family:
    """Accounts of one data set and one kind.

    Attributes
    ----------
    name
        Data set.
    kind
        ``organic`` or ``suspicious``.
    n
        Accounts of it that were counted.
    """

    name: str
    kind: Kind
    n: int


@dataclass(frozen=True)
class DriftLines:
    """How far known audiences lie from all others, each left out in turn, under one evidence pattern.

    Attributes
    ----------
    rare_from
        Bin of rarity from which on at most 1 % of left-out people lie.
    sources
        Sources that were left out; empty where there is only one, and then no line is known.
    joint, rare_share
        The largest joint distance and the largest share of rare accounts of any left-out audience, in [0, 1]; None
        where no line is known.
    features
        Feature -> the largest distance of a left-out audience in it.
    excess
        How far a left-out audience was, in the feature where it was furthest, beyond all audiences of other sources.
    """

    rare_from: int
    sources: tuple[str, ...] = ()
    joint: float | None = None
    rare_share: float | None = None
    excess: float | None = None
    features: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 <= self.rare_from <= N_RARITY_BINS:
            raise ValueError(f"rare_from is {self.rare_from}, wanted 0 to {N_RARITY_BINS}")
        lines = (self.joint, self.rare_share, self.excess)
        if any((line is None) is bool(self.sources) for line in lines) or (self.features and not self.sources):
            raise ValueError("lines stand with the sources they come from, or not at all")
        if not all(0.0 <= line <= 1.0 for line in (*lines, *self.features.values()) if line is not None):
            raise ValueError("a line is outside [0, 1]")
        object.__setattr__(self, "features", MappingProxyType(dict(self.features)))


@dataclass(frozen=True, eq=False)
class FeatureReference:
    """What an audience is compared with: histograms of every training family, a tree, and lines.

    Attributes
    ----------
    families
        Data sets and kinds that trained.
    counts
        Feature -> counts per family and bin, uint64, shape (n_families, n_bins + 1); the last column counts accounts
        for which the feature is not known.
    tree
        Rarity of combinations, of the same features.
    lines
        Name of an evidence pattern -> its lines.
    model
        SHA-256 of the model it belongs to.
    grid_version
        Grid of the bins.
    """

    families: tuple[Family, ...]
    counts: Mapping[str, NDArray[np.uint64]]
    tree: RarityTree
    lines: Mapping[str, DriftLines]
    model: str
    grid_version: int

    def __post_init__(self) -> None:
        if not self.families:
            raise ValueError("a reference needs at least one family")
        if tuple(self.counts) != self.tree.features:
            raise ValueError("the tree has other features than the counts")
        sizes = [family.n for family in self.families]
        counts = {}
        for name, found in self.counts.items():
            array = np.array(found, dtype=np.uint64)
            wanted = (len(self.families), self.tree.sizes[name] + 1)
            if array.shape != wanted:
                raise ValueError(f"counts of {name!r} have shape {array.shape}, wanted {wanted}")
            # Python integers: a forged array cannot make the sum wrap around.
            if [sum(row) for row in array.tolist()] != sizes:
                raise ValueError(f"counts of {name!r} do not sum to the accounts of each family")
            array.flags.writeable = False
            counts[name] = array
        object.__setattr__(self, "counts", MappingProxyType(counts))
        object.__setattr__(self, "lines", MappingProxyType(dict(self.lines)))

    @property
    def features(self) -> tuple[str, ...]:
        """Features that can be compared."""
        return self.tree.features

    def shares(self, feature: str) -> NDArray[np.float64] | None:
        """Return which share of each family's known accounts falls into each bin of a feature.

        A family that does not know the feature is taken to be like the mean of those of its kind that do, or of all:
        what is not known tells nothing against it.

        Parameters
        ----------
        feature
            One of `features`.

        Returns
        -------
        shares
            Shape (n_families, n_bins), each row of sum 1; None where no family knows the feature.
        """
        known = self.counts[feature][:, :-1].astype(np.float64)
        totals = known.sum(axis=1)
        if not totals.any():
            return None
        shares = known / np.maximum(totals, 1.0)[:, None]
        for kind in KINDS:
            of_kind = np.array([family.kind == kind for family in self.families])
            informed = of_kind & (totals > 0)
            shares[of_kind & (totals == 0)] = shares[informed if informed.any() else totals > 0].mean(axis=0)
        return shares
