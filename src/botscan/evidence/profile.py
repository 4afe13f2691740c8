"""ScoreProfile: how suspicious and organic accounts of known truth score, per source family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.histogram import N_BINS


@dataclass(frozen=True, eq=False)
class ScoreProfile:
    """Histograms of validation accounts that the model never saw.

    Attributes
    ----------
    suspicious, organic
        Source family -> counts on the 1,024 bins of `ScoreHistogram`, uint64, shape (1024,).
    bin_edges
        The inner edges of the twelve bins of the share estimate, as indices into the 1,024 bins, rising,
        shape (11,); cut in the model card, never on the audience.
    model, pattern
        Which scores these are; must equal those of the histogram they are compared with.
    """

    suspicious: Mapping[str, NDArray[np.uint64]]
    organic: Mapping[str, NDArray[np.uint64]]
    bin_edges: tuple[int, ...]
    model: str
    pattern: str

    def __post_init__(self) -> None:
        for name in ("suspicious", "organic"):
            families = {}
            for family, counts in getattr(self, name).items():
                array = np.array(counts, dtype=np.uint64)
                if array.shape != (N_BINS,):
                    raise ValueError(f"{name} family {family!r} has shape {array.shape}, wanted ({N_BINS},)")
                array.flags.writeable = False
                families[family] = array
            if not families:
                raise ValueError(f"a profile needs at least one {name} family")
            object.__setattr__(self, name, MappingProxyType(families))
        edges = tuple(int(edge) for edge in self.bin_edges)
        rising = all(low < high for low, high in pairwise(edges))
        if not rising or (edges and (edges[0] <= 0 or edges[-1] >= N_BINS)):
            raise ValueError(f"bin_edges must rise strictly inside 0..{N_BINS}, found {edges}")
        object.__setattr__(self, "bin_edges", edges)

    @property
    def n_bins(self) -> int:
        """Number of share bins."""
        return len(self.bin_edges) + 1

    def fold(self, counts: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Sum 1,024 counts into the share bins; returns shape (n_bins,)."""
        starts = np.array((0, *self.bin_edges), dtype=np.int64)
        return np.add.reduceat(counts.astype(np.float64), starts)

    def pooled(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return folded counts of all suspicious and of all organic families, each shape (n_bins,)."""
        suspicious = np.sum([self.fold(counts) for counts in self.suspicious.values()], axis=0)
        organic = np.sum([self.fold(counts) for counts in self.organic.values()], axis=0)
        return suspicious, organic


def equal_mass_edges(histograms: Sequence[NDArray[np.uint64]], n_bins: int = 12) -> tuple[int, ...]:
    """Cut bins that hold equal mass of the pooled histograms, each first scaled to mass 1.

    Parameters
    ----------
    histograms
        Counts on the 1,024 bins, each shape (1024,).
    n_bins
        Number of bins wanted; fewer come out where the mass is too concentrated.

    Returns
    -------
    edges
        Inner edges as indices, strictly rising.

    Examples
    --------
    >>> equal_mass_edges([np.ones(1024, dtype=np.uint64)], n_bins=4)
    (256, 512, 768)
    """
    pooled = np.zeros(N_BINS)
    for counts in histograms:
        total = float(counts.sum())
        if total > 0:
            pooled += counts / total
    cumulative = np.cumsum(pooled)
    if cumulative[-1] <= 0:
        raise ValueError("no mass to cut")
    targets = cumulative[-1] * np.arange(1, n_bins) / n_bins
    # A bin ends where the cumulated mass first reaches the target; rounding guards exact ties.
    edges = np.searchsorted(np.round(cumulative, 12), np.round(targets, 12), side="left") + 1
    return tuple(int(edge) for edge in np.unique(edges) if 0 < edge < N_BINS)
