"""The second layer of a score: tables of pairs of features that remember the batches known sellers have delivered.

The first layer says what holds for suspicious accounts everywhere. The pairs know more of the sources they have seen,
and nothing of others; so they may only add: the tables are shifted so that the sums of most people are not positive,
and a sum below 0 counts as 0.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import prod
from typing import Self

import numpy as np
from numpy.typing import NDArray

from botscan.features.grid import MISSING

#: Cells of one joint table, at most: it then stays in the first cache of a processor.
MAX_CELLS = 8_192


@dataclass(frozen=True, eq=False)
class PairTable:
    """Points of two features taken together.

    Attributes
    ----------
    features
        The two features.
    steps
        Points per pair of levels in whole steps of 0.05 log-odds, int32, shape (levels, levels); where either is not
        known the pair adds 0.
    """

    features: tuple[str, str]
    steps: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Memory:
    """All pairs, and how bins of the grid fall into the few levels the pairs stand on.

    Attributes
    ----------
    levels
        Feature -> level of each bin of the grid, uint8, shape (n_bins,), rising from 0 without gaps.
    pairs
        One table per pair.
    """

    levels: Mapping[str, NDArray[np.uint8]]
    pairs: tuple[PairTable, ...]

    def n_levels(self, feature: str) -> int:
        """Return the number of levels of a feature."""
        return int(self.levels[feature][-1]) + 1

    def known_from(self, features: Collection[str]) -> tuple[PairTable, ...]:
        """Return the pairs both of whose features are among `features`."""
        return tuple(pair for pair in self.pairs if set(pair.features) <= set(features))


@dataclass(frozen=True, eq=False)
class JointTable:
    """Several pair tables added up beforehand, so that one look-up serves them all.

    Attributes
    ----------
    features
        Index of each feature in `JointTables.features`.
    strides
        What one level of each feature is worth in the index.
    steps
        Sums of the pairs, int32, shape (product of levels,).
    """

    features: tuple[int, ...]
    strides: tuple[int, ...]
    steps: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class JointTables:
    """The memory laid out for whole batches.

    Attributes
    ----------
    features
        Features that the tables read, length m.
    level_of
        Level per feature and code of the grid, uint8, shape (m, 256); unknown is a level of its own that adds 0.
    tables
        Joint tables; each pair stands in exactly one.

    Examples
    --------
    >>> memory = Memory(
    ...     levels={"has_geo": np.array([0, 1], np.uint8), "has_avatar": np.array([0, 1], np.uint8)},
    ...     pairs=(PairTable(("has_geo", "has_avatar"), np.array([[5, 0], [0, -2]], np.int32)),),
    ... )
    >>> tables = JointTables.of(memory, ("has_geo", "has_avatar"))
    >>> tables.add_up([np.array([0, 1, 255], np.uint8), np.array([0, 1, 0], np.uint8)]).tolist()
    [5, -2, 0]
    """

    features: tuple[str, ...]
    level_of: NDArray[np.uint8]
    tables: tuple[JointTable, ...]

    @classmethod
    def of(cls, memory: Memory, features: Collection[str]) -> Self:
        """Lay out the pairs both of whose features are among `features`."""
        pairs = {pair.features: pair for pair in memory.known_from(features)}
        names = tuple(name for name in memory.levels if any(name in pair for pair in pairs))
        # One level more than the grid fills: unknown.
        sizes = {name: memory.n_levels(name) + 1 for name in names}
        level_of = np.empty((len(names), MISSING + 1), dtype=np.uint8)
        for position, name in enumerate(names):
            level_of[position] = sizes[name] - 1
            level_of[position, : len(memory.levels[name])] = memory.levels[name]
        tables = []
        while pairs:
            group = _group(tuple(pairs), sizes)
            members = [pairs.pop(pair) for pair in tuple(pairs) if set(pair) <= set(group)]
            tables.append(_joint(members, group, names, sizes))
        return cls(names, level_of, tuple(tables))

    @property
    def highest(self) -> int:
        """A sum that no account can exceed, in steps."""
        return sum(int(table.steps.max()) for table in self.tables)

    def add_up(self, codes: list[NDArray[np.uint8]]) -> NDArray[np.int32]:
        """Add up the pairs of a batch.

        Parameters
        ----------
        codes
            Codes of the grid per feature of `features`, each uint8, shape (n,).

        Returns
        -------
        steps
            Sums in steps of 0.05 log-odds, int32, shape (n,).
        """
        # Levels are few: products of their counts fit in 16 bits, and narrow numbers are quick.
        levels = [self.level_of[position].take(column).astype(np.uint16) for position, column in enumerate(codes)]
        total = np.zeros(len(levels[0]) if levels else 0, dtype=np.int32)
        for table in self.tables:
            index = levels[table.features[0]] * np.uint16(table.strides[0])
            for feature, stride in zip(table.features[1:], table.strides[1:], strict=True):
                index += levels[feature] * np.uint16(stride)
            total += table.steps.take(index)
        return total


def _group(pairs: tuple[tuple[str, str], ...], sizes: Mapping[str, int]) -> tuple[str, ...]:
    """Choose features for one joint table: start from the first pair, add what brings most further pairs."""
    group: tuple[str, ...] = pairs[0]
    while True:
        room = MAX_CELLS // prod(sizes[name] for name in group)
        gains = {
            name: sum(
                name in pair and (pair[0] in group or pair[1] in group) and not set(pair) <= set(group)
                for pair in pairs
            )
            for name in sizes
            if name not in group and sizes[name] <= room
        }
        best = max(gains, key=lambda name: gains[name], default=None)
        if best is None or gains[best] == 0:
            return group
        group = (*group, best)


def _joint(
    members: list[PairTable], group: tuple[str, ...], names: tuple[str, ...], sizes: Mapping[str, int]
) -> JointTable:
    shape = tuple(sizes[name] for name in group)
    steps = np.zeros(shape, dtype=np.int32)
    for pair in members:
        first, second = (group.index(name) for name in pair.features)
        padded = np.zeros((shape[first], shape[second]), dtype=np.int32)
        padded[:-1, :-1] = pair.steps
        if first > second:
            first, second, padded = second, first, padded.T
        axes = [1] * len(group)
        axes[first], axes[second] = padded.shape
        steps += padded.reshape(axes)
    steps = steps.ravel()
    steps.flags.writeable = False
    return JointTable(
        features=tuple(names.index(name) for name in group),
        strides=tuple(prod(shape[position + 1 :]) for position in range(len(group))),
        steps=steps,
    )
