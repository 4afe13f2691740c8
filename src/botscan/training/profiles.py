"""ScoreProfiles: how accounts of known truth score under a model that never saw their source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.histogram import N_BINS, histogram_bins
from botscan.evidence.profile import equal_mass_edges
from botscan.training.thresholds import LeftOut

N_SHARE_BINS = 12


def left_out_histograms(
    left_out: Sequence[LeftOut], features: Sequence[str]
) -> dict[str, dict[str, NDArray[np.uint64]]]:
    """Count left-out scores per kind and data set.

    Parameters
    ----------
    left_out
        Fitted folds.
    features
        Features of the evidence pattern.

    Returns
    -------
    histograms
        ``suspicious`` and ``organic`` -> data set -> counts on the 1,024 bins, uint64.
    """
    histograms: dict[str, dict[str, NDArray[np.uint64]]] = {"organic": {}, "suspicious": {}}
    for item in left_out:
        bins = histogram_bins(item.steps(features))
        for label, kind in ((0, "organic"), (1, "suspicious")):
            for dataset in np.unique(item.rows.dataset[item.rows.label == label]):
                rows = (item.rows.dataset == dataset) & (item.rows.label == label)
                counts = np.bincount(bins[rows], minlength=N_BINS).astype(np.uint64)
                # Halves of one data set make one family.
                name = str(dataset)
                histograms[kind][name] = histograms[kind].get(name, np.zeros(N_BINS, dtype=np.uint64)) + counts
    return {kind: dict(sorted(families.items())) for kind, families in histograms.items()}


def profile_entry(
    prefix: str, histograms: dict[str, dict[str, NDArray[np.uint64]]]
) -> tuple[dict[str, Any], dict[str, NDArray[np.uint16]]]:
    """Return the card's entry of a profile and the arrays it names.

    The twelve bins hold equal mass of the two kinds, each pooled over its families and scaled to mass 1.
    """
    pooled = [np.sum(list(families.values()), axis=0) for families in histograms.values()]
    entry: dict[str, Any] = {"bin_edges": list(equal_mass_edges(pooled, N_SHARE_BINS))}
    arrays = {}
    for kind, families in histograms.items():
        name = f"{prefix}_{kind}.npy"
        arrays[name] = np.stack(list(families.values())).astype(np.uint16)
        entry[kind] = {
            "array": name,
            "families": [{"n": int(counts.sum()), "name": family} for family, counts in families.items()],
        }
    return entry, arrays
