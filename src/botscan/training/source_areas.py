"""How well two sets of features tell sources apart, each source against all others.

Sources are told apart by a function of the same form as the score: one smooth table per feature, all summed, fitted
by penalised least squares on the indicator of each source (flexible discriminant analysis [1]_). It needs one matrix
of products per fold, so that ten fits of nine sources take a second.

References
----------
.. [1] Hastie, T., Tibshirani, R., Buja, A. (1994). Flexible discriminant analysis by optimal scoring. JASA 89(428),
   1255-1270. https://doi.org/10.1080/01621459.1994.10476866
.. [2] DeLong, E., DeLong, D., Clarke-Pearson, D. (1988). Comparing the areas under two or more correlated receiver
   operating characteristic curves. Biometrics 44(3), 837-845. https://doi.org/10.2307/2531595
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from botscan.features.grid import MISSING

_N_FOLDS = 5
#: Times all rows are dealt to folds anew.
N_REPEATS = 2
#: Weights of squared entries and of squared steps between neighbours, against a loss of total weight 1.
_RIDGE = 1e-3
_STEP_PENALTY = 3e-3
#: Added tables are fitted under these multiples of the penalties, and a source is given the one that tells it best:
#: columns of noise are then shrunk away instead of hiding a leak that stands beside them.
_ADDED_PENALTIES = (1.0, 10.0, 100.0, 1000.0)
#: Scores equal to this are ties.
_DIGITS = 9


def deal_folds(sources: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Deal the rows of every source to the folds in turn, shuffled, shape (n,)."""
    folds = np.empty(len(sources), dtype=np.int64)
    for source in range(sources.max() + 1):
        rows = rng.permutation(np.flatnonzero(sources == source))
        folds[rows] = np.arange(len(rows)) % _N_FOLDS
    return folds


def _equal_weights(groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """Weigh rows so that all groups count alike, sum 1, shape (n,)."""
    sizes = np.bincount(groups)
    return 1.0 / (sizes[groups] * len(sizes))


@dataclass(frozen=True, eq=False)
class Tables:
    """All features as columns whose weights are the entries of tables.

    Attributes
    ----------
    columns
        Shape (n, p); the first is 1 and carries the intercept.
    penalty
        Quadratic form of the entries, shape (p, p).
    places
        Feature -> its columns; a feature that says nothing has none.
    """

    columns: NDArray[np.float64]
    penalty: NDArray[np.float64]
    places: Mapping[str, slice]

    @classmethod
    def of(cls, blocks: Mapping[str, NDArray[np.float64]], n_rows: int) -> Tables:
        """Set blocks of columns side by side; neighbours in a block are neighbours in a table."""
        places, start = {}, 1
        for name, block in blocks.items():
            places[name] = slice(start, start + block.shape[1])
            start += block.shape[1]
        penalty = np.zeros((start, start))
        for place in places.values():
            steps = np.diff(np.eye(place.stop - place.start), axis=0)
            penalty[place, place] = _STEP_PENALTY * steps.T @ steps
        penalty[np.arange(1, start), np.arange(1, start)] += _RIDGE
        return cls(np.hstack([np.ones((n_rows, 1)), *blocks.values()]), penalty, places)

    def positions(self, features: Sequence[str]) -> NDArray[np.int64]:
        """Return the columns of some features, the intercept first."""
        every = np.arange(len(self.penalty))
        return np.concatenate([every[:1], *(every[self.places[name]] for name in features if name in self.places)])

    def shrunk(self, features: Sequence[str], factor: float) -> NDArray[np.float64]:
        """Return the penalty with that of some features multiplied."""
        scale = np.ones(len(self.penalty))
        scale[self.positions(features)[1:]] = factor**0.5
        return self.penalty * np.outer(scale, scale)


def value_tables(bins: Mapping[str, NDArray[np.uint8]], sources: NDArray[np.int64]) -> Tables:
    """One column per code that occurs: 1 where the row has it, its expected value where the row knows no value.

    Features are filled in the order in which they come, each from those before it.
    """
    weights, n_rows = _equal_weights(sources), len(sources)
    blocks: dict[str, NDArray[np.float64]] = {}
    for name, codes in bins.items():
        known = codes != MISSING
        levels = np.unique(codes[known])
        if len(levels) > 1:
            block = (codes[:, None] == levels).astype(np.float64)
            if not known.all():
                earlier = Tables.of(blocks, n_rows)
                weighted = (earlier.columns * weights[:, None])[known] / weights[known].sum()
                product = weighted.T @ earlier.columns[known] + earlier.penalty
                block[~known] = earlier.columns[~known] @ np.linalg.solve(product, weighted.T @ block[known])
            blocks[name] = block
    return Tables.of(blocks, n_rows)


def gap_tables(bins: Mapping[str, NDArray[np.uint8]], n_rows: int) -> Tables:
    """One column per feature that is known in some rows only: whether it is known."""
    known = {name: (codes != MISSING).astype(np.float64)[:, None] for name, codes in bins.items()}
    return Tables.of({name: flag - flag.mean() for name, flag in known.items() if 0 < flag.sum() < n_rows}, n_rows)


@dataclass(frozen=True)
class Comparison:
    """AUC of one source by two sets of features, and the standard error of the difference."""

    before: float
    after: float
    se: float


def compare_areas(
    tables: Tables,
    sources: NDArray[np.int64],
    folds: Sequence[NDArray[np.int64]],
    reference: Sequence[str],
    candidate: Sequence[str],
) -> Iterator[Comparison]:
    """Yield the comparison of each source, on the same rows and folds."""
    added = [name for name in candidate if name not in reference]
    plans = [(tables.positions(reference), tables.penalty)]
    plans += [(tables.positions(candidate), tables.shrunk(added, factor)) for factor in _ADDED_PENALTIES]
    scores = _out_of_fold(tables.columns, sources, folds, plans)
    for source in range(sources.max() + 1):
        is_source = sources == source
        before, *others = (_Area.of(score[:, source], is_source) for score in scores)
        after = max(others, key=lambda area: area.auc)
        yield Comparison(before.auc, after.auc, after.se_of_difference(before))


def _out_of_fold(
    columns: NDArray[np.float64],
    sources: NDArray[np.int64],
    folds: Sequence[NDArray[np.int64]],
    plans: Sequence[tuple[NDArray[np.int64], NDArray[np.float64]]],
) -> list[NDArray[np.float64]]:
    """Score every row for every source by fits that never saw it, shape (n, n_sources) for each plan.

    Rows weigh so that every source counts alike in every fold: the intercept then says nothing about the fold.
    """
    targets = np.eye(sources.max() + 1)[sources]
    totals = [np.zeros(targets.shape) for _ in plans]
    for fold in folds:
        weighted = columns * _equal_weights(sources * _N_FOLDS + fold)[:, None]
        parts = [fold == index for index in range(_N_FOLDS)]
        products = np.stack([weighted[part].T @ columns[part] for part in parts])
        moments = np.stack([weighted[part].T @ targets[part] for part in parts])
        for index, part in enumerate(parts):
            product, moment = (np.delete(stack, index, axis=0).sum(axis=0) for stack in (products, moments))
            for total, (chosen, penalty) in zip(totals, plans, strict=True):
                square = np.ix_(chosen, chosen)
                entries = np.linalg.solve(product[square] + penalty[square], moment[chosen])
                total[part] += columns[np.ix_(part, chosen)] @ entries
    return [np.round(total / len(folds), _DIGITS) for total in totals]


@dataclass(frozen=True, eq=False)
class _Area:
    """An area under the ROC curve and the share each row has in it, for the covariance of two areas.

    Attributes
    ----------
    auc
        The area.
    of_source, of_others
        Per row of the source the share of others below it, and per other row the share of the source above it.
    """

    auc: float
    of_source: NDArray[np.float64]
    of_others: NDArray[np.float64]

    @classmethod
    def of(cls, scores: NDArray[np.float64], is_source: NDArray[np.bool_]) -> _Area:
        from scipy.stats import rankdata

        ranks = rankdata(scores)
        inside, outside = scores[is_source], scores[~is_source]
        of_source = (ranks[is_source] - rankdata(inside)) / len(outside)
        of_others = 1.0 - (ranks[~is_source] - rankdata(outside)) / len(inside)
        return cls(float(of_source.mean()), of_source, of_others)

    def se_of_difference(self, other: _Area) -> float:
        parts = [(self.of_source - other.of_source), (self.of_others - other.of_others)]
        return float(np.sqrt(sum(part.var(ddof=1) / len(part) for part in parts)))
