"""From a card's entry of a reference to a FeatureReference: every field is checked, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.errors import ModelError
from botscan.evidence.feature_reference import KINDS, DriftLines, Family, FeatureReference
from botscan.evidence.rarity import N_RARITY_BINS, RarityTree
from botscan.features.grid import EDGES, GRID_VERSION, n_bins
from botscan.scoring.canonical_json import GET_AGAIN

_ENTRY_KEYS = {"bins", "families", "features", "lines", "rarity"}
_FAMILY_KEYS = {"kind", "n", "name"}
_FEATURE_KEYS = {"depends_on", "name"}
_LINES_KEYS = {"excess", "features", "joint", "left_out", "pattern", "rare_from", "rare_share"}


def reference_from(
    entry: object,
    arrays: Mapping[str, NDArray[Any]],
    *,
    model: str,
    features: Sequence[str],
    patterns: Sequence[str],
    source: str,
    path: str = "reference",
) -> FeatureReference:
    """Read what `botscan.training.reference.reference_entry` wrote.

    Parameters
    ----------
    entry
        Plain data of the card.
    arrays
        Arrays of the model folder.
    model
        SHA-256 of the card.
    features
        Features that the section reads, in any order; the reference must know exactly these.
    patterns
        Names of the section's evidence patterns; each must have lines.
    source, path
        File and place in the card, for messages.

    Raises
    ------
    ModelError
        Any field is not what it must be; the message names it.
    """
    root = _Checked(source, path)
    fields = root.with_keys(entry, _ENTRY_KEYS)
    families = _families(root.at("families"), fields["families"])
    names, parents = _features(root.at("features"), fields["features"], features)
    tree = _tree(root.at("rarity"), arrays, fields["rarity"], names, parents)
    counts = _counts(root.at("bins"), arrays, fields["bins"], families, names)
    lines = dict(_lines(root.at(f"lines[{i}]"), one, names) for i, one in root.at("lines").items(fields["lines"]))
    if set(lines) != set(patterns) or len(lines) != len(fields["lines"]):
        raise root.at("lines").fail("one entry for every pattern")
    try:
        return FeatureReference(families, counts, tree, lines, model, GRID_VERSION)
    except ValueError as error:
        raise root.at("bins").fail("counts that sum to n in every feature") from error


@dataclass(frozen=True)
class _Checked:
    """A place in the card, for messages and for typed access."""

    source: str
    path: str

    def at(self, key: str) -> _Checked:
        return _Checked(self.source, f"{self.path}.{key}")

    def fail(self, wanted: str) -> ModelError:
        return ModelError(f"At {self.path}: wanted {wanted}.", source=self.source, remedy=GET_AGAIN)

    def with_keys(self, value: object, keys: set[str]) -> dict[str, Any]:
        if not isinstance(value, dict) or set(value) != keys:
            raise self.fail(f"exactly {', '.join(sorted(keys))}")
        return value

    def items(self, value: object) -> list[tuple[int, Any]]:
        if not isinstance(value, list) or not value:
            raise self.fail("a list that is not empty")
        return list(enumerate(value))

    def word(self, value: object) -> str:
        if not isinstance(value, str) or not 0 < len(value) <= 100:
            raise self.fail("a word")
        return value

    def whole(self, value: object, low: int, high: int) -> int:
        # `type` and not isinstance: True is an int.
        if type(value) is not int or not low <= value <= high:
            raise self.fail(f"a whole number from {low} to {high}")
        return value

    def share(self, value: object) -> float:
        if type(value) not in (int, float) or not 0.0 <= value <= 1.0:  # type: ignore[operator]
            raise self.fail("a number from 0 to 1")
        return float(value)  # type: ignore[arg-type]

    def array(self, arrays: Mapping[str, NDArray[Any]], name: object, kind: str, shape: tuple[int, ...]) -> Any:
        found = arrays.get(self.word(name))
        if found is None or found.dtype.kind != kind or found.shape != shape:
            raise self.fail(f"the name of an array of whole numbers of shape {shape}")
        return found


def _families(place: _Checked, entries: object) -> tuple[Family, ...]:
    families = []
    for i, entry in place.items(entries):
        at = _Checked(place.source, f"{place.path}[{i}]")
        fields = at.with_keys(entry, _FAMILY_KEYS)
        if fields["kind"] not in KINDS:
            raise at.at("kind").fail(" or ".join(KINDS))
        n = at.at("n").whole(fields["n"], 1, 10**12)
        families.append(Family(at.at("name").word(fields["name"]), fields["kind"], n))
    if len({(family.name, family.kind) for family in families}) != len(families):
        raise place.fail("every family once")
    return tuple(families)


def _features(place: _Checked, entries: object, wanted: Sequence[str]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    fields = [
        _Checked(place.source, f"{place.path}[{i}]").with_keys(entry, _FEATURE_KEYS)
        for i, entry in place.items(entries)
    ]
    names = tuple(place.word(field["name"]) for field in fields)
    if sorted(names) != sorted(wanted) or not set(names) <= set(EDGES):
        raise place.fail("the features of the section, each once")
    depends_on = [field["depends_on"] for field in fields]
    if any(parent is not None and parent not in names for parent in depends_on):
        raise place.fail("features that depend on each other or on none")
    return names, tuple(-1 if parent is None else names.index(parent) for parent in depends_on)


def _tree(
    place: _Checked, arrays: Mapping[str, NDArray[Any]], name: object, names: Sequence[str], parents: Sequence[int]
) -> RarityTree:
    shapes = [
        (1 if parent < 0 else 1 + n_bins(names[parent]), 1 + n_bins(feature))
        for feature, parent in zip(names, parents, strict=True)
    ]
    ends = list(accumulate((prod(shape) for shape in shapes), initial=0))
    flat = place.array(arrays, name, "i", (ends[-1],))
    tables = [flat[start:end].reshape(shape) for (start, end), shape in zip(pairwise(ends), shapes, strict=True)]
    if flat.dtype.itemsize != np.dtype(np.int16).itemsize or any(table[:, 0].any() for table in tables):
        raise place.fail("16 bits a cell, and 0 for what is not known")
    return RarityTree(tuple(names), tuple(parents), tuple(tables))


def _counts(
    place: _Checked,
    arrays: Mapping[str, NDArray[Any]],
    name: object,
    families: Sequence[Family],
    names: Sequence[str],
) -> dict[str, NDArray[np.uint64]]:
    ends = list(accumulate((1 + n_bins(feature) for feature in names), initial=0))
    table = place.array(arrays, name, "u", (len(families), ends[-1])).astype(np.uint64)
    return {feature: table[:, start:end] for feature, (start, end) in zip(names, pairwise(ends), strict=True)}


def _lines(place: _Checked, entry: object, names: Sequence[str]) -> tuple[str, DriftLines]:
    fields = place.with_keys(entry, _LINES_KEYS)
    left_out = fields["left_out"]
    if not isinstance(left_out, list) or not isinstance(fields["features"], dict):
        raise place.fail("a list of sources and an object of features")
    if not set(fields["features"]) <= set(names):
        raise place.at("features").fail("features of the reference")
    figures: dict[str, Any] = {key: fields[key] for key in ("joint", "rare_share", "excess")}
    if left_out:
        figures = {key: place.at(key).share(value) for key, value in figures.items()}
    elif any(value is not None for value in figures.values()) or fields["features"]:
        raise place.fail("no line where no source was left out")
    lines = DriftLines(
        rare_from=place.at("rare_from").whole(fields["rare_from"], 0, N_RARITY_BINS),
        sources=tuple(place.at("left_out").word(one) for one in left_out),
        features={name: place.at(f"features.{name}").share(value) for name, value in fields["features"].items()},
        **figures,
    )
    return place.at("pattern").word(fields["pattern"]), lines
