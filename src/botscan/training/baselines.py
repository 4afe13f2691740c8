"""Models to be compared with, fitted on the same rows, weights and bins as a recipe; and one ratio, not fitted at all.

Their settings are plain and were not searched. A missing field is filled with the median of the training rows: a tree
that sees a gap reads the source from it.

References
----------
.. [1] Yang, K.-C., Varol, O., Hui, P.-M., Menczer, F. (2020). Scalable and generalizable social bot detection through
   data selection. AAAI 34(1), 1096-1103. https://arxiv.org/abs/1911.09179
.. [2] Breiman, L. (2001). Random forests. Machine Learning 45, 5-32. https://doi.org/10.1023/A:1010933404324
.. [3] Friedman, J. (2001). Greedy function approximation: a gradient boosting machine. Annals of Statistics 29(5),
   1189-1232. https://doi.org/10.1214/aos/1013203451
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.features.grid import EDGES, MISSING
from botscan.training.bin_table import BinTable
from botscan.training.fit import balanced_weights
from botscan.training.folds import is_light
from botscan.training.recipes import LIGHT_WEIGHT, SEED, Recipe

#: What the committed bins hold of the twenty features of Yang et al. 2020 [1]: counts, growth rates, the ratio.
METADATA_FEATURES = (
    "posts_count",
    "followers_count",
    "following_count",
    "listed_count",
    "posts_per_day",
    "followers_per_day",
    "following_per_day",
    "listed_per_day",
    "followers_following_ratio",
)
#: What they do not hold of them, as the paper names it.
METADATA_ABSENT = (
    "favourites_count",
    "favourites_growth_rate",
    "default_profile",
    "profile_use_background_image",
    "verified",
    "screen_name_length",
    "num_digits_in_screen_name",
    "name_length",
    "num_digits_in_name",
    "description_length",
    "screen_name_likelihood",
)

#: Whole numbers per unit of a score; 0 is where both kinds weigh alike.
_STEPS = 1_000


@dataclass(frozen=True, eq=False)
class FilledClassifier:
    """A scikit-learn classifier on bins whose missing fields are filled.

    Attributes
    ----------
    classifier
        Fitted.
    medians
        Feature -> median bin of the training rows.
    """

    classifier: Any
    medians: Mapping[str, int]

    def score(self, bins: Mapping[str, NDArray[np.uint8]], features: Sequence[str]) -> NDArray[np.int32]:
        """Score rows in thousandths of log-odds, a forest of probability above one half; shape (n,).

        Features that are not given count as missing.
        """
        n_rows = len(next(iter(bins.values())))
        columns = np.column_stack(
            [
                _filled(bins[name] if name in features else np.full(n_rows, MISSING, dtype=np.uint8), median)
                for name, median in self.medians.items()
            ]
        )
        if hasattr(self.classifier, "decision_function"):
            found = self.classifier.decision_function(columns)
        else:
            found = self.classifier.predict_proba(columns)[:, 1] - 0.5
        return np.rint(found * _STEPS).astype(np.int32)


def fit_logistic(table: BinTable, rows: NDArray[np.int64], recipe: Recipe) -> FilledClassifier:
    """Fit a linear logistic regression on the bins of all features of a recipe; bins are even in the logarithm."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2_000))
    return _fit(classifier, table.take(rows), recipe.features, weights_for="logisticregression__sample_weight")


def fit_forest(table: BinTable, rows: NDArray[np.int64], recipe: Recipe) -> FilledClassifier:
    """Fit a forest of 200 trees, leaves of at least 5 rows, on all features of a recipe [2]."""
    from sklearn.ensemble import RandomForestClassifier

    forest = RandomForestClassifier(n_estimators=200, min_samples_leaf=5, random_state=SEED, n_jobs=1)
    return _fit(forest, table.take(rows), recipe.features)


def fit_metadata_forest(table: BinTable, rows: NDArray[np.int64], recipe: Recipe) -> FilledClassifier:
    """Fit a forest of 100 full trees on the profile numbers of Yang et al. 2020 [1], as far as bins hold them."""
    from sklearn.ensemble import RandomForestClassifier

    forest = RandomForestClassifier(n_estimators=100, random_state=SEED, n_jobs=1)
    features = tuple(name for name in METADATA_FEATURES if name in recipe.features)
    return _fit(forest, table.take(rows), features)


def fit_boosting(table: BinTable, rows: NDArray[np.int64], recipe: Recipe) -> FilledClassifier:
    """Fit gradient boosting with interactions: 200 small trees, slow steps, large leaves [3]."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    boosting = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=200,
        max_leaf_nodes=15,
        min_samples_leaf=50,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=SEED,
    )
    return _fit(boosting, table.take(rows), recipe.features)


def _fit(
    classifier: Any, training: BinTable, features: Sequence[str], weights_for: str = "sample_weight"
) -> FilledClassifier:
    medians = {}
    for name in features:
        known = training.bins[name][training.bins[name] != MISSING]
        medians[name] = int(np.median(known)) if len(known) else 0
    columns = np.column_stack([_filled(training.bins[name], median) for name, median in medians.items()])
    # The weights of a recipe, so that sources and classes count as they do there; of mean 1, as penalties expect.
    weights = balanced_weights(training.source, training.label, np.where(is_light(training), LIGHT_WEIGHT, 1.0))
    classifier.fit(columns, training.label, **{weights_for: weights * len(training)})
    return FilledClassifier(classifier, medians)


@dataclass(frozen=True)
class LowRatio:
    """One ratio and nothing fitted: the lower it is, the more suspect.

    Attributes
    ----------
    name
        Feature whose bin is the score.
    """

    name: str

    def score(self, bins: Mapping[str, NDArray[np.uint8]], features: Sequence[str]) -> NDArray[np.int32]:  # noqa: ARG002  the ratio is all it knows
        """Score rows by their bin, highest where the ratio is lowest; a missing ratio stands in the middle."""
        codes = bins[self.name].astype(np.int32)
        n_bins = len(EDGES[self.name]) + 1
        return np.where(codes == MISSING, n_bins // 2, n_bins - codes).astype(np.int32)


def fit_follow_ratio(table: BinTable, rows: NDArray[np.int64], recipe: Recipe) -> LowRatio:  # noqa: ARG001  nothing to fit
    """Return the ratio of followers to accounts followed; high is the share of following to followers."""
    return LowRatio("followers_following_ratio")


def fit_post_ratio(table: BinTable, rows: NDArray[np.int64], recipe: Recipe) -> LowRatio:  # noqa: ARG001  nothing to fit
    """Return the ratio of posts to accounts followed."""
    return LowRatio("posts_following_ratio")


def _filled(codes: NDArray[np.uint8], median: int) -> NDArray[np.uint8]:
    return np.where(codes == MISSING, np.uint8(median), codes)
