"""FeatureReferences: what an audience is compared with, and how far left-out audiences are from the rest.

Made from the committed bin table, so that it holds counts and nothing else. Lines are measured on sources of ordinary
people, each left out in turn. People who train lightly were not gathered as followers: an audience may contain them,
but how far they are from ordinary people says nothing about how far audiences may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.feature_counts import FeatureCounts
from botscan.evidence.feature_reference import KINDS, DriftLines, Family, FeatureReference
from botscan.features.grid import GRID_VERSION, n_bins
from botscan.prevalence.drift import Drift, measure_drift
from botscan.scoring.card import features_of
from botscan.scoring.patterns import PATTERNS, Pattern
from botscan.training.bin_table import BinTable
from botscan.training.fit import balanced_weights
from botscan.training.folds import is_light, sample_rows, validation_folds
from botscan.training.rarity_tree import fit_rarity_tree
from botscan.training.recipes import LIGHT_WEIGHT, SEED, Recipe

#: Share of left-out people that count as rare.
RARE_SHARE = 0.01

#: Decimals of the lines.
_DECIMALS = 4


@dataclass(frozen=True, eq=False)
class LeftOutAudience:
    """Accounts of one left-out source, as an audience might be made of them.

    Attributes
    ----------
    source
        What was left out.
    kind
        ``people``, or ``half_suspicious``: as many of its suspicious accounts as of its people.
    rows
        The accounts.
    reference
        Of all other sources, without lines.
    """

    source: str
    kind: str
    rows: BinTable
    reference: FeatureReference


def make_reference(table: BinTable, recipe: Recipe) -> FeatureReference:
    """Count all training rows of a platform, fit the tree, and measure the lines on what is left out.

    Parameters
    ----------
    table
        Rows of one platform with the features of the recipe.
    recipe
        Features, and whether whole sources can be left out.

    Returns
    -------
    reference
        With lines for every evidence pattern of the platform. Where there is only one source its halves tell which
        combinations are rare, and no line is known.
    """
    everything = sample_rows(table, np.ones(len(table), dtype=np.bool_))
    reference = fit_reference(table.take(everything), recipe.features)
    audiences = left_out_audiences(table, recipe)
    lines = {pattern.name: measure_lines(audiences, pattern, recipe) for pattern in PATTERNS[recipe.platform]}
    return replace(reference, lines=lines)


def fit_reference(rows: BinTable, features: Sequence[str]) -> FeatureReference:
    """Count rows per data set and kind, and fit the tree with the weights that training gives them; no lines."""
    keys = sorted({(str(dataset), int(label)) for dataset, label in zip(rows.dataset, rows.label, strict=True)})
    members = [(rows.dataset == dataset) & (rows.label == label) for dataset, label in keys]
    counts = {}
    for name in features:
        per_code = np.stack([np.bincount(rows.bins[name][member], minlength=256) for member in members])
        counts[name] = np.column_stack([per_code[:, : n_bins(name)], per_code[:, -1]]).astype(np.uint64)
    weights = balanced_weights(rows.source, rows.label, np.where(is_light(rows), LIGHT_WEIGHT, 1.0))
    tree = fit_rarity_tree(
        {name: rows.bins[name] for name in features},
        weights,
        {name: n_bins(name) for name in features},
        # Kish's effective size: what rows of unequal weight are worth.
        n_rows=float(weights.sum() ** 2 / (weights**2).sum()),
    )
    families = tuple(
        Family(dataset, KINDS[label], int(member.sum())) for (dataset, label), member in zip(keys, members, strict=True)
    )
    return FeatureReference(families, counts, tree, {}, model="", grid_version=GRID_VERSION)


def left_out_audiences(table: BinTable, recipe: Recipe) -> list[LeftOutAudience]:
    """Return audiences of every source of ordinary people, each with a reference of the rest."""
    audiences = []
    for fold in validation_folds(table, recipe):
        rows = table.take(sample_rows(table, fold.test))
        people = np.flatnonzero((rows.label == 0) & ~is_light(rows))
        if len(people):
            reference = fit_reference(table.take(fold.train), recipe.features)
            for kind, some in _audiences(rows, people):
                audiences.append(LeftOutAudience(fold.name, kind, rows.take(some), reference))
    return audiences


def count_rows(rows: BinTable, reference: FeatureReference, pattern: Pattern) -> FeatureCounts:
    """Count labelled rows as an audience that is judged under an evidence pattern."""
    names = features_of(pattern, reference.features)
    codes = np.column_stack([rows.bins[name] for name in names])
    return FeatureCounts.from_codes(
        codes, names, reference.tree, model=reference.model, pattern=pattern.id, grid_version=GRID_VERSION
    )


def measure_lines(audiences: Sequence[LeftOutAudience], pattern: Pattern, recipe: Recipe) -> DriftLines:
    """Return from where on a combination is rare, and the largest figures of left-out audiences under a pattern."""
    counts = [count_rows(item.rows, item.reference, pattern) for item in audiences]
    people = [of_list for of_list, item in zip(counts, audiences, strict=True) if item.kind == "people"]
    lines = DriftLines(rare_from=rare_from([of_list.rarity for of_list in people]))
    if recipe.folds == "halves":
        return lines
    drifts = [
        measure_drift(of_list, replace(item.reference, lines={pattern.name: lines}))
        for of_list, item in zip(counts, audiences, strict=True)
    ]
    return DriftLines(
        lines.rare_from,
        tuple(dict.fromkeys(item.source for item in audiences)),
        joint=round(max(drift.joint_distance.value for drift in drifts if drift.joint_distance), _DECIMALS),
        rare_share=round(max(drift.rare_share.value for drift in drifts if drift.rare_share), _DECIMALS),
        excess=_largest_excess(drifts, [item.source for item in audiences]),
        features=_largest_by_feature(drifts),
    )


def rare_from(rarities: Sequence[NDArray[np.uint64]], share: float = RARE_SHARE) -> int:
    """Return the first bin of rarity that at most a share of people lie in or beyond, each source counted alike.

    Examples
    --------
    >>> counts = np.zeros(512, dtype=np.uint64)
    >>> counts[[128, 140, 200]] = 980, 15, 5
    >>> rare_from([counts])
    141
    """
    pooled = np.mean([counts / counts.sum() for counts in rarities], axis=0)
    beyond = np.round(np.append(np.cumsum(pooled[::-1])[::-1], 0.0), 12)
    return int(np.argmax(beyond <= share))


def reference_entry(prefix: str, reference: FeatureReference) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the card's entry of a reference and the arrays it names; `reference_from` reads both back.

    Parameters
    ----------
    prefix
        Start of the names of the arrays, for instance the platform.
    reference
        With lines.
    """
    names = {what: f"{prefix}_{what}.npy" for what in ("bins", "rarity")}
    counts = np.concatenate(list(reference.counts.values()), axis=1)
    arrays: dict[str, NDArray[Any]] = {
        names["bins"]: counts.astype(np.uint16 if counts.max() < 2**16 else np.uint32),
        names["rarity"]: np.concatenate([table.ravel() for table in reference.tree.tables]),
    }
    features = reference.features
    entry = {
        "bins": names["bins"],
        "families": [{"kind": family.kind, "n": family.n, "name": family.name} for family in reference.families],
        "features": [
            {"depends_on": features[parent] if parent >= 0 else None, "name": name}
            for name, parent in zip(features, reference.tree.parents, strict=True)
        ],
        "lines": [_lines_entry(name, lines) for name, lines in reference.lines.items()],
        "rarity": names["rarity"],
    }
    return entry, arrays


def _lines_entry(name: str, lines: DriftLines) -> dict[str, Any]:
    return {
        "excess": lines.excess,
        "features": dict(lines.features),
        "joint": lines.joint,
        "left_out": list(lines.sources),
        "pattern": name,
        "rare_from": lines.rare_from,
        "rare_share": lines.rare_share,
    }


def _audiences(rows: BinTable, people: NDArray[np.int64]) -> list[tuple[str, NDArray[np.int64]]]:
    """Return the people of a source, and where it has suspicious accounts the two in equal parts."""
    suspicious = np.flatnonzero(rows.label == 1)
    each = min(len(people), len(suspicious))
    if not each:
        return [("people", people)]
    rng = np.random.Generator(np.random.Philox(SEED))
    half = [rng.choice(of_kind, size=each, replace=False) for of_kind in (people, suspicious)]
    return [("people", people), ("half_suspicious", np.concatenate(half))]


def _largest_excess(drifts: Sequence[Drift], sources: Sequence[str]) -> float:
    """Return how far an audience is beyond those of all other sources, in the feature where it is furthest."""
    largest = 0.0
    for drift, source in zip(drifts, sources, strict=True):
        others = _largest_by_feature([one for one, other in zip(drifts, sources, strict=True) if other != source])
        largest = max(largest, *(item.distance.value - others.get(item.name, 0.0) for item in drift.features))
    return round(largest, _DECIMALS)


def _largest_by_feature(drifts: Sequence[Drift]) -> dict[str, float]:
    largest: dict[str, float] = {}
    for drift in drifts:
        for item in drift.features:
            largest[item.name] = round(max(largest.get(item.name, 0.0), item.distance.value), _DECIMALS)
    return dict(sorted(largest.items()))
