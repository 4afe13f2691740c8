"""FeatureCounts: how the scored accounts of one list fall into the bins of each feature; small and mergeable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.rarity import N_RARITY_BINS, UNKNOWN, RarityTree, rarity_bins

_N_CODES = 256


@dataclass(frozen=True, eq=False)
class FeatureCounts:
    """Counts per bin and feature of the scored accounts of one list, and counts of how unusual they are.

    The joint part is one number an account, its rarity under a tree of features, counted on 512 bins: tables of all
    pairs would be larger, and would have to be compared pair by pair.

    Attributes
    ----------
    features
        Feature -> counts, uint64, shape (n_bins + 1,); the last counts accounts for which it is not known.
    rarity
        Counts per bin of rarity, uint64, shape (512,).
    model
        SHA-256 of the model whose tree told the rarity.
    pattern
        Evidence pattern, ``platform/name``.
    grid_version
        Grid of the bins.

    Examples
    --------
    >>> tree = RarityTree(("has_geo",), (-1,), (np.array([[0, -2, 9]], np.int16),))
    >>> codes = np.array([[0], [0], [1], [255]], dtype=np.uint8)
    >>> a = FeatureCounts.from_codes(codes, ("has_geo",), tree, model="m", pattern="twitter/full", grid_version=1)
    >>> a.features["has_geo"].tolist(), (a + a).n_accounts
    ([2, 1, 1], 8)
    """

    features: Mapping[str, NDArray[np.uint64]]
    rarity: NDArray[np.uint64]
    model: str
    pattern: str
    grid_version: int

    def __post_init__(self) -> None:
        rarity = _frozen(self.rarity)
        if rarity.shape != (N_RARITY_BINS,):
            raise ValueError(f"rarity has shape {rarity.shape}, wanted ({N_RARITY_BINS},)")
        features = {name: _frozen(counts) for name, counts in self.features.items()}
        n_accounts = int(rarity.sum())
        for name, counts in features.items():
            if counts.ndim != 1 or not 3 <= len(counts) <= _N_CODES:
                raise ValueError(f"counts of {name!r} have shape {counts.shape}, wanted one a bin and one for unknown")
            if int(counts.sum()) != n_accounts:
                raise ValueError(f"{int(counts.sum())} accounts are counted in {name!r}, {n_accounts} by rarity")
        object.__setattr__(self, "features", MappingProxyType(features))
        object.__setattr__(self, "rarity", rarity)

    @classmethod
    def from_codes(
        cls,
        codes: NDArray[np.uint8],
        names: Sequence[str],
        tree: RarityTree,
        *,
        model: str,
        pattern: str,
        grid_version: int,
    ) -> FeatureCounts:
        """Count rows of bins.

        Parameters
        ----------
        codes
            Bins of the grid, uint8, shape (n, f), column by column in memory for speed; 255 = not known. Only rows of
            accounts that were scored.
        names
            Feature of each column, length f, each in the tree.
        tree
            Of the model's reference.
        model, pattern, grid_version
            What the bins are of.

        Raises
        ------
        ValueError
            The codes have another shape or type, or name a bin that a feature does not have.
        """
        if codes.ndim != 2 or codes.shape[1] != len(names) or codes.dtype != np.uint8 or len(set(names)) != len(names):
            raise ValueError(f"wanted uint8 of shape (n, {len(names)}), found {codes.dtype} of shape {codes.shape}")
        sizes = tree.sizes
        features = {}
        for position, name in enumerate(names):
            counts = np.bincount(codes[:, position], minlength=_N_CODES)
            if counts[sizes[name] : UNKNOWN].any():
                raise ValueError(f"{name!r} has {sizes[name]} bins, found a code beyond")
            features[name] = np.append(counts[: sizes[name]], counts[UNKNOWN])
        # After the codes were checked: the look-up trusts them.
        rarity = np.bincount(rarity_bins(tree.rarities(codes, names)), minlength=N_RARITY_BINS)
        return cls(features, rarity.astype(np.uint64), model, pattern, grid_version)

    @property
    def n_accounts(self) -> int:
        """Number of accounts that were counted."""
        return int(self.rarity.sum())

    def n_rare(self, rare_from: int) -> int:
        """Return how many accounts lie in a bin of rarity or beyond it."""
        return int(self.rarity[rare_from:].sum())

    def __add__(self, other: object) -> FeatureCounts:
        if not isinstance(other, FeatureCounts):
            return NotImplemented
        if self._identity != other._identity:
            raise ValueError(
                "counts of different models, patterns or grids cannot be added: "
                f"{self.model[:12]}/{self.pattern}/{self.grid_version} and "
                f"{other.model[:12]}/{other.pattern}/{other.grid_version}"
            )
        return FeatureCounts(
            {name: counts + other.features[name] for name, counts in self.features.items()},
            self.rarity + other.rarity,
            self.model,
            self.pattern,
            self.grid_version,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FeatureCounts):
            return NotImplemented
        return (
            self._identity == other._identity
            and bool(np.array_equal(self.rarity, other.rarity))
            and all(np.array_equal(counts, other.features[name]) for name, counts in self.features.items())
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def _identity(self) -> tuple[object, ...]:
        """What two counts must share to be added."""
        sizes = tuple((name, len(counts)) for name, counts in self.features.items())
        return self.model, self.pattern, self.grid_version, sizes

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers, ready for JSON; `from_dict` reads them back."""
        return {
            "features": {name: counts.tolist() for name, counts in self.features.items()},
            "rarity": self.rarity.tolist(),
            "model": self.model,
            "pattern": self.pattern,
            "grid_version": self.grid_version,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> FeatureCounts:
        """Read what `to_dict` wrote."""
        return cls(
            {str(name): np.array(counts, dtype=np.uint64) for name, counts in data["features"].items()},
            np.array(data["rarity"], dtype=np.uint64),
            str(data["model"]),
            str(data["pattern"]),
            int(data["grid_version"]),
        )


def _frozen(counts: NDArray[Any]) -> NDArray[np.uint64]:
    array = np.array(counts, dtype=np.uint64)
    array.flags.writeable = False
    return array
