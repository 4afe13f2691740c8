"""BotClassifier: the additive tables as a scikit-learn estimator, for other tables and for comparison with others.

A score is an intercept plus one table entry per feature, so that every prediction is explained by a sum. Only whole
numbers of steps of 0.05 log-odds are added, and a missing value (NaN) adds exactly 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.features.grid import EDGES, MISSING, bin_codes
from botscan.training.fit import Direction, FitSettings, fit_tables

if TYPE_CHECKING:
    import pandas as pd

#: Codes of bins are uint8, and the last is that of a missing value.
MAX_BINS = MISSING


class BotClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn carries no types
    """Additive smooth tables on bins, for two classes.

    Columns of a DataFrame that bear the name of a feature of botscan are cut on the fixed edges of the grid; every
    other column is cut on quantiles of the training rows. Rows weigh so that both classes count alike and, where
    `sources` are given, so that sources count alike within a class: a score of 0 is where both kinds weigh alike, and
    a probability is that of a balanced mix.

    Parameters
    ----------
    step_penalty
        Weight of the squared steps between neighbouring bins, >= 0, against a loss averaged to total weight 1.
    ridge
        Weight of the squared entries, > 0.
    n_copies
        Copies of every row, >= 1; the first is whole, in the others values are dropped.
    drop_probability
        Probability of a value to be dropped from a copy, in [0, 1).
    monotone
        Column -> ``rising`` or ``falling``: tables that may only rise or only fall. Columns without names are called
        x0, x1, ...
    random_state
        Seed of the dropped values, or a `numpy.random.RandomState`.
    max_bins
        Bins of a column that is cut on quantiles, at most; 2 to 255.

    Attributes
    ----------
    classes_
        Both labels, sorted; the second one is what a high score speaks for, shape (2,).
    n_features_in_
        Number of columns seen by `fit`, f.
    feature_names_in_
        Their names, shape (f,); only where all of them are texts.
    edges_
        Column -> inner edges of its bins, rising; code i of a value x means ``edges[i - 1] <= x < edges[i]``.
    tables_
        Column -> points of its bins in steps of 0.05 log-odds, int32, shape (len(edges) + 1,).
    intercept_
        Steps that every score starts from.

    Notes
    -----
    Equal rows are put together before the fit, and the order of rows and columns is forgotten: a row of weight 2 is
    the same as two rows, and neither the order of rows nor that of named columns changes a bit. More than two classes
    are refused.

    References
    ----------
    .. [1] Hastie, T., Tibshirani, R. (1986). Generalized additive models. Statistical Science 1(3), 297-310.
       https://doi.org/10.1214/ss/1177013604
    .. [2] Eilers, P., Marx, B. (1996). Flexible smoothing with B-splines and penalties. Statistical Science 11(2),
       89-121. https://doi.org/10.1214/ss/1038425655

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0], [np.nan]])
    >>> model = BotClassifier(n_copies=1).fit(X, ["person", "person", "seller", "seller", "person"])
    >>> model.predict([[0.5], [2.5]]).tolist()
    ['person', 'seller']
    >>> model.explain([[2.5], [np.nan]])["x0"].tolist()[1]
    0
    """

    def __init__(
        self,
        *,
        step_penalty: float = 3e-3,
        ridge: float = 1e-3,
        n_copies: int = 3,
        drop_probability: float = 0.3,
        monotone: Mapping[str, Direction] | None = None,
        random_state: int | np.random.RandomState | None = 0,
        max_bins: int = 32,
    ) -> None:
        self.step_penalty = step_penalty
        self.ridge = ridge
        self.n_copies = n_copies
        self.drop_probability = drop_probability
        self.monotone = monotone
        self.random_state = random_state
        self.max_bins = max_bins

    def fit(
        self,
        X: Any,  # noqa: N803  scikit-learn's name
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        sources: ArrayLike | None = None,
    ) -> Self:
        """Fit an intercept and one table per column.

        Parameters
        ----------
        X
            Frame or array of numbers, shape (n, f), NaN = missing. Features of botscan stand in raw units, as
            `botscan.extract_features` gives them.
        y
            One of two labels per row, shape (n,).
        sample_weight
            >= 0, shape (n,); a row of weight 0 is as good as absent. All alike when not given.
        sources
            Where each row is from, shape (n,); sources count alike within a class.

        Returns
        -------
        self
            The fitted estimator.

        Raises
        ------
        ValueError
            There are not exactly two classes, or a parameter, weight or value is out of range.
        """
        settings = self._settings()
        values, labels = _checked(self, X, y=y, reset=True)
        self.classes_, is_second = _two_classes(labels)
        weights, origin = _checked_weights(sample_weight, values), _checked_sources(sources, values)
        kept = weights > 0
        if len(np.unique(is_second[kept])) < 2:
            raise ValueError("The classifier needs rows of two classes with a weight above 0, found one class.")
        values, is_second, weights, origin = values[kept], is_second[kept], weights[kept], origin[kept]
        names = self._column_names()
        _check_monotone(self.monotone, names)
        self.edges_ = {
            name: EDGES[name] if self._is_on_grid(name) else _quantile_edges(column, weights, int(self.max_bins))
            for name, column in zip(names, values.T, strict=True)
        }
        # Sorted by name: a frame with its columns in another order is the same frame.
        ordered = sorted(names)
        codes, is_second, origin, weights = _grouped(self._codes(values, ordered), is_second, origin, weights)
        model = fit_tables(
            dict(zip(ordered, codes.T, strict=True)),
            is_second,
            _balanced(weights, origin, is_second),
            monotone=self.monotone or {},
            random_state=_seed(self.random_state),
            settings=settings,
            sizes={name: len(self.edges_[name]) + 1 for name in ordered},
        )
        self.intercept_ = model.intercept
        self.tables_ = {name: model.tables[name] for name in names}
        return self

    def decision_function(self, X: Any) -> NDArray[np.float64]:  # noqa: N803
        """Score rows in log-odds, whole multiples of 0.05, shape (n,); above 0 the second class is predicted."""
        steps = self._steps(X)
        return (self.intercept_ + steps.sum(axis=1, dtype=np.int64)) / STEPS_PER_LOG_ODDS

    def predict_proba(self, X: Any) -> NDArray[np.float64]:  # noqa: N803
        """Return the probability of each class in a mix of both in equal parts, shape (n, 2)."""
        from scipy.special import expit

        log_odds = self.decision_function(X)
        return np.column_stack([expit(-log_odds), expit(log_odds)])

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """Return the more probable label of each row, the first one where both are alike, shape (n,)."""
        is_second = self.decision_function(X) > 0
        labels: NDArray[Any] = self.classes_[is_second.astype(np.intp)]
        return labels

    def explain(self, X: Any) -> pd.DataFrame:  # noqa: N803
        """Take scores apart.

        Parameters
        ----------
        X
            As in `fit`, shape (n, f).

        Returns
        -------
        contributions
            int32, one row a row of `X`, in steps of 0.05 log-odds: a column ``intercept``, then one a column of `X`.
            A row sums to 20 times its `decision_function`, exactly.
        """
        import pandas as pd

        steps = self._steps(X)
        intercept = np.full((len(steps), 1), self.intercept_, dtype=np.int32)
        return pd.DataFrame(
            np.hstack([intercept, steps]),
            index=X.index if isinstance(X, pd.DataFrame) else None,
            columns=["intercept", *self.tables_],
        )

    def __sklearn_tags__(self) -> Any:
        """Say that values may be missing and classes are two (scikit-learn 1.6 and later)."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.classifier_tags.multi_class = False
        return tags

    def _more_tags(self) -> dict[str, bool]:
        """Say the same to scikit-learn 1.5."""
        return {"allow_nan": True, "binary_only": True}

    def _settings(self) -> FitSettings:
        """Check the parameters."""
        _check("step_penalty", self.step_penalty, Real, lambda value: 0 <= value < np.inf, ">= 0")
        _check("ridge", self.ridge, Real, lambda value: 0 < value < np.inf, "> 0")
        _check("drop_probability", self.drop_probability, Real, lambda value: 0 <= value < 1, "in [0, 1)")
        _check("n_copies", self.n_copies, Integral, lambda value: value >= 1, "a whole number >= 1")
        _check("max_bins", self.max_bins, Integral, lambda value: 2 <= value <= MAX_BINS, f"2 to {MAX_BINS}")
        return FitSettings(
            step_penalty=float(self.step_penalty),
            ridge=float(self.ridge),
            n_copies=int(self.n_copies),
            drop_probability=float(self.drop_probability),
        )

    def _column_names(self) -> list[str]:
        if hasattr(self, "feature_names_in_"):
            return [str(name) for name in self.feature_names_in_]
        return [f"x{position}" for position in range(self.n_features_in_)]

    def _is_on_grid(self, name: str) -> bool:
        return hasattr(self, "feature_names_in_") and name in EDGES

    def _codes(self, values: NDArray[np.float64], names: list[str]) -> NDArray[np.uint8]:
        """Cut rows into bins; columns of the result in the order of `names`, shape (n, f)."""
        columns = dict(zip(self._column_names(), values.T, strict=True))
        codes = np.empty(values.shape, dtype=np.uint8, order="F")
        for position, name in enumerate(names):
            if self._is_on_grid(name):
                with np.errstate(over="ignore"):  # beyond float32 is beyond the last edge of any grid
                    column = np.nan_to_num(columns[name].astype(np.float32)[:, None], nan=np.nan)
                codes[:, position] = bin_codes(column, [name])[:, 0]
            else:
                codes[:, position] = _codes_of(columns[name], np.asarray(self.edges_[name], dtype=np.float64))
        return codes

    def _steps(self, X: Any) -> NDArray[np.int32]:  # noqa: N803
        """Return what each column adds to each score, shape (n, f)."""
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(self)
        values = _checked(self, X, reset=False)
        codes = self._codes(values, list(self.tables_))
        steps = np.empty(codes.shape, dtype=np.int32, order="F")
        for position, table in enumerate(self.tables_.values()):
            padded = np.zeros(MISSING + 1, dtype=np.int32)
            padded[: len(table)] = table
            steps[:, position] = padded[codes[:, position]]
        return steps


def _checked(estimator: Any, X: Any, **given: Any) -> Any:  # noqa: N803
    """Check rows as scikit-learn does, and labels where there are some; NaN may stand among the values."""
    try:
        from sklearn.utils.validation import validate_data
    except ImportError:  # scikit-learn 1.5
        return estimator._validate_data(X, force_all_finite="allow-nan", dtype=np.float64, **given)  # noqa: SLF001
    return validate_data(estimator, X, ensure_all_finite="allow-nan", dtype=np.float64, **given)


def _two_classes(y: Any) -> tuple[NDArray[Any], NDArray[np.int8]]:
    """Return the labels there are, sorted, and whether each row has the second one."""
    from sklearn.utils.multiclass import check_classification_targets, type_of_target

    check_classification_targets(y)
    kind = type_of_target(y, input_name="y", raise_unknown=True)
    if kind != "binary":
        raise ValueError(f"Only binary classification is supported. The type of the target is {kind}.")
    classes, which = np.unique(y, return_inverse=True)
    return classes, which.astype(np.int8)


def _checked_weights(sample_weight: ArrayLike | None, values: NDArray[np.float64]) -> NDArray[np.float64]:
    from sklearn.utils.validation import _check_sample_weight

    weights: NDArray[np.float64] = _check_sample_weight(sample_weight, values, dtype=np.float64)
    if (weights < 0).any():
        raise ValueError("sample_weight holds negative values, wanted >= 0.")
    return weights


def _checked_sources(sources: ArrayLike | None, values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the number of each row's source; all rows are of one where none are given."""
    if sources is None:
        return np.zeros(len(values), dtype=np.int64)
    names = np.asarray(sources)
    if names.shape != (len(values),):
        raise ValueError(f"sources has shape {names.shape}, wanted {(len(values),)}.")
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _check_monotone(monotone: Mapping[str, str] | None, names: list[str]) -> None:
    for name, direction in (monotone or {}).items():
        if name not in names or direction not in ("rising", "falling"):
            raise ValueError(f"monotone says {name!r}: {direction!r}, wanted a column: 'rising' or 'falling'.")


def _check(name: str, value: Any, kind: type, is_fine: Callable[[Any], bool], wanted: str) -> None:
    if not isinstance(value, kind) or not is_fine(value):
        raise ValueError(f"{name} is {value!r}, wanted {wanted}.")


def _seed(random_state: Any) -> int:
    from sklearn.utils import check_random_state

    if isinstance(random_state, Integral):
        return int(random_state)
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))


def _quantile_edges(values: NDArray[np.float64], weights: NDArray[np.float64], max_bins: int) -> NDArray[np.float64]:
    """Cut a column where its rows are split into equal parts, midway between two values that occur.

    Examples
    --------
    >>> _quantile_edges(np.array([1.0, 2.0, 2.0, 10.0, np.nan]), np.ones(5), 32).tolist()
    [1.5, 6.0]
    """
    known = ~np.isnan(values)
    distinct, which = np.unique(values[known], return_inverse=True)
    if len(distinct) < 2:
        return np.zeros(0)
    mass = np.cumsum(np.bincount(which, weights[known]))
    last = np.arange(len(distinct) - 1)
    if len(distinct) > max_bins:
        last = np.unique(np.searchsorted(mass, mass[-1] * np.arange(1, max_bins) / max_bins))
        last = last[last < len(distinct) - 1]
    low, high = distinct[last], distinct[last + 1]
    middle = low / 2 + high / 2
    # Between two neighbouring floats there is nothing.
    return np.where(middle > low, middle, high)


def _codes_of(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.uint8]:
    codes = np.searchsorted(edges, values, side="right")
    return np.where(np.isnan(values), MISSING, codes).astype(np.uint8)


def _grouped(
    codes: NDArray[np.uint8], labels: NDArray[np.int8], origin: NDArray[np.int64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.uint8], NDArray[np.int8], NDArray[np.int64], NDArray[np.float64]]:
    """Put equal rows together and sort them; their weights are added."""
    rows = np.column_stack([codes.astype(np.int64), labels, origin])
    distinct, which = np.unique(rows, axis=0, return_inverse=True)
    return (
        distinct[:, :-2].astype(np.uint8),
        distinct[:, -2].astype(np.int8),
        distinct[:, -1],
        np.bincount(which.ravel(), weights).astype(np.float64),
    )


def _balanced(weights: NDArray[np.float64], origin: NDArray[np.int64], labels: NDArray[np.int8]) -> NDArray[np.float64]:
    """Scale weights so that sources count alike within a class and both classes count one half, shape (n,)."""
    cells = 2 * origin + labels
    mass = np.bincount(cells, weights)
    n_sources = np.array([(mass[label::2] > 0).sum() for label in (0, 1)])
    return weights / mass[cells] / n_sources[labels] / 2
