"""The smooth table model: one small table of points per feature, all fitted at once.

A score is an intercept plus one table entry per feature. The tables are piecewise constant on the bins of the grid.
They are fitted by weighted logistic regression with three penalties: squared steps between neighbouring bins keep a
table smooth, squared changes of these steps keep it near a line, squared entries keep it small. A missing field
contributes nothing; copies of the training rows with fields dropped at random teach the remaining fields to stand
alone.

References
----------
.. [1] Hastie, T., Tibshirani, R. (1986). Generalized additive models. Statistical Science 1(3), 297-310.
   https://doi.org/10.1214/ss/1177013604
.. [2] Eilers, P., Marx, B. (1996). Flexible smoothing with B-splines and penalties. Statistical Science 11(2), 89-121.
   https://doi.org/10.1214/ss/1038425655
.. [3] Byrd, R., Lu, P., Nocedal, J., Zhu, C. (1995). A limited memory algorithm for bound constrained optimization.
   SIAM J. Sci. Comput. 16(5), 1190-1208. https://doi.org/10.1137/0916069
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.features.grid import MISSING, n_bins

Direction = Literal["rising", "falling"]


@dataclass(frozen=True)
class FitSettings:
    """How strongly the tables are smoothed, and how missing fields are practised.

    Attributes
    ----------
    step_penalty
        Weight of the squared steps between neighbouring bins, against a loss averaged to total weight 1.
    curvature_penalty
        Weight of the squared changes of neighbouring steps.
    ridge
        Weight of the squared entries.
    n_copies
        Copies of every row; the first is whole, in the others fields are dropped.
    drop_probability
        Probability of a field to be dropped from a copy, in [0, 1).
    """

    step_penalty: float = 3e-3
    curvature_penalty: float = 0.0
    ridge: float = 1e-3
    n_copies: int = 3
    drop_probability: float = 0.3


@dataclass(frozen=True, eq=False)
class PointTables:
    """Fitted tables before they are rounded.

    Attributes
    ----------
    intercept
        Log-odds every score starts from.
    tables
        Feature -> log-odds per bin, float64, shape (n_bins,); weighted mean 0 where the field exists.
    """

    intercept: float
    tables: Mapping[str, NDArray[np.float64]]

    def rounded(self) -> TableModel:
        """Round every point to whole steps of 0.05."""
        return TableModel(
            int(np.rint(self.intercept * STEPS_PER_LOG_ODDS)),
            {name: np.rint(table * STEPS_PER_LOG_ODDS).astype(np.int32) for name, table in self.tables.items()},
        )

    def mixed_with(self, other: PointTables, share: float) -> PointTables:
        """Return the weighted mean of two models of the same features; `share`, in [0, 1], is that of the other."""
        return PointTables(
            (1.0 - share) * self.intercept + share * other.intercept,
            {name: (1.0 - share) * table + share * other.tables[name] for name, table in self.tables.items()},
        )


@dataclass(frozen=True, eq=False)
class TableModel:
    """Fitted tables, in whole steps of 0.05 log-odds.

    Attributes
    ----------
    intercept
        Steps every score starts from.
    tables
        Feature -> steps per bin, int32, shape (n_bins,); a missing field adds 0.
    """

    intercept: int
    tables: Mapping[str, NDArray[np.int32]]

    def score(self, bins: Mapping[str, NDArray[np.uint8]], features: Sequence[str] | None = None) -> NDArray[np.int32]:
        """Score rows of bins in steps of 0.05 log-odds, from all features or from some, shape (n,)."""
        names = tuple(self.tables) if features is None else tuple(features)
        total = np.full(len(bins[names[0]]), self.intercept, dtype=np.int32)
        for name in names:
            padded = np.zeros(MISSING + 1, dtype=np.int32)
            padded[: len(self.tables[name])] = self.tables[name]
            total += padded[bins[name]]
        return total


def balanced_weights(
    sources: NDArray[Any], labels: NDArray[Any], emphasis: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Weigh rows so that sources count alike within a class and both classes count alike.

    Parameters
    ----------
    sources
        Source of each row, shape (n,).
    labels
        0 or 1, shape (n,).
    emphasis
        Positive factor per row, shape (n,), for sources that shall count less than others of their class.

    Returns
    -------
    weights
        Positive, shape (n,), sum 1; a row weighs 1 / (rows of its source and label), each class scaled to one half.

    Examples
    --------
    >>> balanced_weights(np.array(["a", "a", "b", "a"]), np.array([1, 1, 1, 0])).tolist()
    [0.125, 0.125, 0.25, 0.5]
    """
    weights = np.zeros(len(labels))
    for label in np.unique(labels):
        of_class = labels == label
        for source in np.unique(sources[of_class]):
            rows = of_class & (sources == source)
            weights[rows] = 1.0 / rows.sum()
        if emphasis is not None:
            weights[of_class] *= emphasis[of_class]
        weights[of_class] /= weights[of_class].sum()
    return weights / weights.sum()


def fit_tables(
    bins: Mapping[str, NDArray[np.uint8]],
    labels: NDArray[Any],
    weights: NDArray[np.float64],
    *,
    monotone: Mapping[str, Direction],
    random_state: int,
    settings: FitSettings | None = None,
    sizes: Mapping[str, int] | None = None,
) -> TableModel:
    """Fit an intercept and one table per feature, rounded to steps of 0.05; parameters as of `fit_points`."""
    return fit_points(
        bins, labels, weights, monotone=monotone, random_state=random_state, settings=settings, sizes=sizes
    ).rounded()


def fit_points(
    bins: Mapping[str, NDArray[np.uint8]],
    labels: NDArray[Any],
    weights: NDArray[np.float64],
    *,
    monotone: Mapping[str, Direction],
    random_state: int,
    settings: FitSettings | None = None,
    sizes: Mapping[str, int] | None = None,
) -> PointTables:
    """Fit an intercept and one table per feature.

    Parameters
    ----------
    bins
        Feature -> bin codes of the grid, uint8, shape (n,); 255 where the field is missing.
    labels
        1 suspicious, 0 organic, shape (n,).
    weights
        Positive, sum 1, shape (n,).
    monotone
        Features whose table may only rise or only fall.
    random_state
        Seed of the dropped fields.
    settings
        Penalties and drop-out.
    sizes
        Feature -> number of its bins; those of the grid when not given.

    Returns
    -------
    model
        Tables centred to weighted mean 0 on the rows where the field exists.
    """
    settings = settings or FitSettings()
    names = tuple(bins)
    codes = np.column_stack([bins[name] for name in names])
    layout = _Layout.of([sizes[name] if sizes else n_bins(name) for name in names], names, monotone)
    copies = _drop_fields(codes, settings, np.random.Generator(np.random.Philox(random_state)))
    points, intercept = _minimise(
        layout,
        layout.one_hot(copies),
        np.tile(np.where(labels == 1, 1.0, -1.0), settings.n_copies),
        np.tile(weights / settings.n_copies, settings.n_copies),
        settings,
    )
    tables = {}
    for feature, name in enumerate(names):
        table = points[layout.slice(feature)]
        known = codes[:, feature] != MISSING
        if known.any():
            mean = float(np.average(table[codes[known, feature]], weights=weights[known]))
            table = table - mean
            intercept += mean
        tables[name] = table
    return PointTables(intercept, tables)


def _drop_fields(codes: NDArray[np.uint8], settings: FitSettings, rng: np.random.Generator) -> NDArray[np.uint8]:
    copies = [codes]
    for _ in range(settings.n_copies - 1):
        dropped = rng.random(codes.shape) < settings.drop_probability
        copies.append(np.where(dropped, np.uint8(MISSING), codes))
    return np.concatenate(copies)


@dataclass(frozen=True)
class _Layout:
    """Where the entries of each table stand in one long vector."""

    starts: NDArray[np.int64]  # shape (n_features + 1,)
    directions: tuple[Direction | None, ...]

    @classmethod
    def of(cls, sizes: Sequence[int], names: Sequence[str], monotone: Mapping[str, Direction]) -> _Layout:
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return cls(starts, tuple(monotone.get(name) for name in names))

    @property
    def n_points(self) -> int:
        return int(self.starts[-1])

    def slice(self, feature: int) -> slice:
        return slice(int(self.starts[feature]), int(self.starts[feature + 1]))

    def one_hot(self, codes: NDArray[np.uint8]) -> Any:
        """Return a sparse matrix with a 1 for every known field, shape (n_rows, n_points)."""
        from scipy.sparse import csr_matrix

        known = codes != MISSING
        columns = (codes + self.starts[:-1])[known]
        row_starts = np.concatenate([[0], np.cumsum(known.sum(axis=1))])
        return csr_matrix((np.ones(len(columns)), columns, row_starts), shape=(len(codes), self.n_points))

    # A monotone table is searched as a first entry and its steps, so that its bound is a bound on each step.
    def to_points(self, searched: NDArray[np.float64]) -> NDArray[np.float64]:
        points = searched.copy()
        for feature, direction in enumerate(self.directions):
            if direction:
                part = self.slice(feature)
                points[part] = np.cumsum(searched[part])
        return points

    def to_searched_gradient(self, gradient: NDArray[np.float64]) -> NDArray[np.float64]:
        searched = gradient.copy()
        for feature, direction in enumerate(self.directions):
            if direction:
                part = self.slice(feature)
                searched[part] = np.cumsum(gradient[part][::-1])[::-1]
        return searched

    def bounds(self) -> list[tuple[float | None, float | None]]:
        result: list[tuple[float | None, float | None]] = [(None, None)] * self.n_points
        for feature, direction in enumerate(self.directions):
            if direction:
                part = self.slice(feature)
                step = (0.0, None) if direction == "rising" else (None, 0.0)
                result[part.start + 1 : part.stop] = [step] * (part.stop - part.start - 1)
        return result

    def step_mask(self) -> NDArray[np.float64]:
        """Return 1 where two neighbours belong to one table, shape (n_points - 1,)."""
        mask = np.ones(self.n_points - 1)
        mask[self.starts[1:-1] - 1] = 0.0
        return mask


def _minimise(
    layout: _Layout,
    rows: Any,
    signs: NDArray[np.float64],
    weights: NDArray[np.float64],
    settings: FitSettings,
) -> tuple[NDArray[np.float64], float]:
    from scipy.optimize import minimize
    from scipy.special import expit

    columns = rows.T.tocsr()
    mask = layout.step_mask()

    def loss_and_gradient(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        points = layout.to_points(parameters[1:])
        margins = signs * (parameters[0] + rows @ points)
        residuals = -weights * signs * expit(-margins)
        steps = np.diff(points) * mask
        # A plain sum: a dot product of this length may be split over threads.
        loss = (weights * np.logaddexp(0.0, -margins)).sum()
        # A change of steps belongs to one table where both of its steps do.
        bends = np.diff(steps) * mask[:-1] * mask[1:]
        loss += settings.step_penalty * (steps @ steps) + settings.ridge * (points @ points)
        loss += settings.curvature_penalty * (bends @ bends)
        gradient = columns @ residuals + 2.0 * settings.ridge * points
        slopes = settings.step_penalty * steps
        slopes[1:] += settings.curvature_penalty * bends
        slopes[:-1] -= settings.curvature_penalty * bends
        gradient[1:] += 2.0 * slopes
        gradient[:-1] -= 2.0 * slopes
        return float(loss), np.concatenate([[residuals.sum()], layout.to_searched_gradient(gradient)])

    found = minimize(
        loss_and_gradient,
        np.zeros(layout.n_points + 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None), *layout.bounds()],
        options={"maxiter": 5_000, "maxfun": 10_000, "maxcor": 30, "ftol": 1e-13, "gtol": 1e-8},
    )
    if not found.success:
        raise RuntimeError(f"the fit did not converge: {found.message}")
    return layout.to_points(found.x[1:]), float(found.x[0])
