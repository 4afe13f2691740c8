"""What owners of suspicious accounts gain by faking what is cheap to fake.

Features declare what they cost to fake. Here every cheap one of accounts that the model never saw is set to what is
usual among people, and the accounts are scored again. What hangs on a changed field changes with it:

- marks of the bio, the avatar and the place stand alone: they are set;
- ``has_no_posts`` and its like follow from a count, so the count goes from none to one. Ratios are of counts plus one,
  so each ratio of that count doubles or halves: exactly one bin of the grid. The rate becomes one in the life of the
  account, taken as the middle of its bin of age;
- ``is_near_follow_limit``: the account unfollows until it follows 1,899. Its ratios and its rate change by at most a
  twentieth and are left as they are.

Counts beyond that, ages and ratios cost money or time and are left alone. A field that is not known stays unknown.
Owners adapt: the figures are floors on known tricks.

References
----------
.. [1] Kulynych, B., Hayes, J., Samarin, N., Troncoso, C. (2018). Evading classifiers in discrete domains with provable
   optimality guarantees. https://arxiv.org/abs/1810.10939
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.features.activity import FOLLOW_LIMIT, MIN_AGE_DAYS
from botscan.features.grid import EDGES, MISSING, n_bins
from botscan.features.registry import FEATURE
from botscan.scoring.card import features_of
from botscan.scoring.patterns import PATTERNS
from botscan.training.bin_table import BinTable
from botscan.training.card_entries import rounded
from botscan.training.fit import balanced_weights
from botscan.training.fitted import fit_recipe
from botscan.training.folds import is_light, known_folds
from botscan.training.loso_models import LosoModel
from botscan.training.recipes import LIGHT_WEIGHT, Recipe
from botscan.training.thresholds import Fitted, line_quantile, quantile_line

#: Share of suspicious accounts in the audiences that are counted.
MIX = 0.2
NEAR_LIMIT = "is_near_follow_limit"

Bins = Mapping[str, NDArray[np.uint8]]


def cheap_features(features: Sequence[str]) -> tuple[str, ...]:
    """Return those features that an owner can set in a minute, by their own declaration.

    Examples
    --------
    >>> cheap_features(["age_days", "has_avatar", "has_no_posts", "posts_following_ratio"])
    ('has_avatar', 'has_no_posts')
    """
    return tuple(name for name in features if FEATURE[name].cost_to_fake == "cheap")


def usual_bins(training: BinTable, features: Sequence[str]) -> dict[str, int]:
    """Return the weighted median bin of each feature among the people of some training rows."""
    weights = balanced_weights(training.source, training.label, np.where(is_light(training), LIGHT_WEIGHT, 1.0))
    usual = {}
    for name in features:
        rows = (training.label == 0) & (training.bins[name] != MISSING)
        mass = np.cumsum(np.bincount(training.bins[name][rows], weights[rows], minlength=n_bins(name)))
        usual[name] = int(np.searchsorted(mass, mass[-1] / 2))
    return usual


def disguise(bins: Bins, feature: str, value: int) -> dict[str, NDArray[np.uint8]]:
    """Set one cheap field of all rows, and whatever hangs on it.

    Parameters
    ----------
    bins
        Feature -> uint8 codes, shape (n,); not written to.
    feature
        A cheap feature among them.
    value
        Wanted bin. A flag that follows from a count can only be lost: any other wish leaves the rows as they are.

    Examples
    --------
    >>> rows = {"posts_count": np.array([0, 4], np.uint8), "has_no_posts": np.array([1, 0], np.uint8)}
    >>> {name: codes.tolist() for name, codes in disguise(rows, "has_no_posts", 0).items()}
    {'posts_count': [1, 4], 'has_no_posts': [0, 0]}
    """
    changed = dict(bins)
    if FEATURE[feature].family != "activity":
        changed[feature] = np.where(bins[feature] == MISSING, MISSING, value).astype(np.uint8)
    elif value == 0:
        moved = bins[feature] == 1
        changed[feature] = np.where(moved, 0, bins[feature]).astype(np.uint8)
        changed |= _below_limit(bins, moved) if feature == NEAR_LIMIT else _one_instead_of_none(bins, feature, moved)
    return changed


def _below_limit(bins: Bins, moved: NDArray[np.bool_]) -> dict[str, NDArray[np.uint8]]:
    if "following_count" not in bins:
        return {}
    below = _code("following_count", FOLLOW_LIMIT[0] - 1)
    return {"following_count": np.where(moved, below, bins["following_count"]).astype(np.uint8)}


def _one_instead_of_none(bins: Bins, flag: str, moved: NDArray[np.bool_]) -> dict[str, NDArray[np.uint8]]:
    count = FEATURE[flag].needs[0]
    changed = {}
    for name, codes in bins.items():
        feature = FEATURE[name]
        new: NDArray[Any]
        if name == count:
            new = np.full(len(codes), _code(count, 1.0))
        elif feature.family == "ratios" and count in feature.needs:
            octave = 1 if feature.needs[0] == count else -1
            new = np.clip(codes.astype(np.int64) + octave, 0, n_bins(name) - 1)
        elif feature.family == "activity" and feature.needs == (count, "created_at", "observed_at"):
            new = _codes_of_one_by_age(name)[bins["age_days"]]
        else:
            continue
        is_known = (codes != MISSING) & (new != MISSING)
        changed[name] = np.where(moved & is_known, new, codes).astype(np.uint8)
    return changed


def _codes_of_one_by_age(rate: str) -> NDArray[np.uint8]:
    """Return the bin of one thing in the life of an account per bin of its age, shape (256,)."""
    ends = np.concatenate([[MIN_AGE_DAYS], EDGES["age_days"], EDGES["age_days"][-1:]])
    codes = np.full(MISSING + 1, MISSING, dtype=np.uint8)
    for bin_of_age, age in enumerate(np.sqrt(ends[:-1] * ends[1:])):
        codes[bin_of_age] = _code(rate, 1.0 / age)
    return codes


def _code(name: str, value: float) -> int:
    return int(np.searchsorted(EDGES[name], np.float32(value), side="right"))


def disguise_all(bins: Bins, usual: Mapping[str, int]) -> dict[str, NDArray[np.uint8]]:
    """Set every cheap field to what is usual among people."""
    changed = dict(bins)
    for feature, value in usual.items():
        changed = disguise(changed, feature, value)
    return changed


def disguise_knowingly(
    model: Fitted, bins: Bins, features: Sequence[str], cheap: Sequence[str]
) -> dict[str, NDArray[np.uint8]]:
    """Set each cheap field of each account to whichever value scores lowest, field after field.

    The owner who reads the card can do this; one pass is no full search, so it is a floor too.
    """
    best = dict(bins)
    lowest = model.score(best, features)
    for feature in cheap:
        for value in range(n_bins(feature)):
            tried = disguise(best, feature, value)
            steps = model.score(tried, features)
            is_lower = steps < lowest
            best = {name: np.where(is_lower, tried[name], codes) for name, codes in best.items()}
            lowest = np.minimum(lowest, steps)
    return best


def measure_steps(
    before: NDArray[np.int32], after: NDArray[np.int32], people: NDArray[np.int32], line: int
) -> dict[str, Any]:
    """Measure suspicious accounts before and after a change, beside people who did not change.

    Parameters
    ----------
    before, after
        Scores of the same suspicious accounts, in steps, shape (n,).
    people
        Scores of people the model never saw, shape (m,).
    line
        Line of suspicious, in steps.

    Returns
    -------
    figures
        ``before`` and ``after``: share of the accounts at the line and at 1 % and 5 % false alarms, and the share of
        accounts at the line in an audience of which a fifth is suspicious; ``mean_drop`` in log-odds.
    """
    lines = {
        "recall_at_1": quantile_line(people, 0.99),
        "recall_at_5": quantile_line(people, 0.95),
        "recall_at_line": line,
    }
    false_alarms = float((people >= line).mean())
    figures: dict[str, Any] = {}
    for name, steps in (("before", before), ("after", after)):
        found = {key: float((steps >= value).mean()) for key, value in lines.items()}
        counted = MIX * found["recall_at_line"] + (1.0 - MIX) * false_alarms
        figures[name] = {**found, "counted_share": counted}
    return {**figures, "mean_drop": float((before - after).mean()) / STEPS_PER_LOG_ODDS}


def evasion_entry(table: BinTable, recipe: Recipe, models: Sequence[LosoModel], line: int) -> dict[str, Any]:
    """Return the card's entry of evasion under the richest pattern, rounded to four digits.

    Parameters
    ----------
    table
        Twitter rows with the features of the recipe.
    recipe
        The recipe behind `models`; it is fitted nine times more, for sources that were seen.
    models
        LOSO-5 with lines.
    line
        Line of suspicious that ships, in steps, for sources that were seen.

    Returns
    -------
    entry
        ``fields``: what each cheap field alone is worth on LOSO-5. ``unseen``: LOSO-5, per fold and on average;
        ``seen``: KNOWN-45, on average; each for an owner who does what is usual and for one who knows the card.
    """
    pattern = PATTERNS[recipe.platform][0]
    features = features_of(pattern, recipe.features)
    cheap = cheap_features(features)
    fields: dict[str, list[dict[str, Any]]] = {name: [] for name in cheap}
    unseen: dict[str, list[dict[str, Any]]] = {"usual": [], "knowing": []}
    for one in models:
        usual = usual_bins(table.take(one.fold.train), cheap)
        rows = table.take(one.fold.test)
        source = np.unique(rows.source[rows.label == 1])[0]
        ask = _Question(one.model, rows, features, one.line(features, line_quantile(pattern)))
        bots = (rows.label == 1) & (rows.source == source)
        for name in cheap:
            fields[name].append(ask.measure(bots, disguise(ask.bins(bots), name, usual[name])))
        for way, bins in ask.both_ways(bots, usual):
            head = {"left_out": one.fold.name, "n_suspicious": int(bots.sum())}
            unseen[way].append({**head, **ask.measure(bots, bins)})
    seen = _seen(table, recipe, features, line)
    return rounded(
        {
            "fields": [_field_entry(name, measures) for name, measures in fields.items()],
            "mix": MIX,
            "seen": {way: {"n_cells": len(measures), **_mean(measures)} for way, measures in seen.items()},
            "unseen": {way: {"folds": measures, "mean": _mean(measures)} for way, measures in unseen.items()},
        }
    )


class _Question:
    """One model, the rows it never saw, and the line to hold them against."""

    def __init__(self, model: Fitted, rows: BinTable, features: Sequence[str], line: int) -> None:
        self._model, self._rows, self._features, self._line = model, rows, features, line
        self._steps = model.score(rows.bins, features)

    def bins(self, some: NDArray[np.bool_]) -> dict[str, NDArray[np.uint8]]:
        return {name: codes[some] for name, codes in self._rows.bins.items()}

    def both_ways(
        self, some: NDArray[np.bool_], usual: Mapping[str, int]
    ) -> tuple[tuple[str, dict[str, NDArray[np.uint8]]], ...]:
        bins = self.bins(some)
        return (
            ("usual", disguise_all(bins, usual)),
            ("knowing", disguise_knowingly(self._model, bins, self._features, tuple(usual))),
        )

    def measure(self, some: NDArray[np.bool_], changed: Bins) -> dict[str, Any]:
        after = self._model.score(changed, self._features)
        return measure_steps(self._steps[some], after, self._steps[self._rows.label == 0], self._line)


def _seen(table: BinTable, recipe: Recipe, features: Sequence[str], line: int) -> dict[str, list[dict[str, Any]]]:
    cheap = cheap_features(features)
    measures: dict[str, list[dict[str, Any]]] = {"usual": [], "knowing": []}
    for fold in known_folds(table):
        usual = usual_bins(table.take(fold.train), cheap)
        rows = table.take(fold.test)
        ask = _Question(fit_recipe(table, fold.train, recipe), rows, features, line)
        for source in np.unique(rows.source[rows.label == 1]):
            bots = (rows.label == 1) & (rows.source == source)
            for way, bins in ask.both_ways(bots, usual):
                measures[way].append(ask.measure(bots, bins))
    return measures


def _field_entry(name: str, measures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    mean = _mean(measures)
    lost = {key: mean["before"][key] - mean["after"][key] for key in ("recall_at_1", "recall_at_5", "recall_at_line")}
    return {"feature": name, "lost": lost, "mean_drop": mean["mean_drop"]}


def _mean(measures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    def of(numbers: Sequence[float]) -> float:
        return float(np.mean(numbers))

    mean: dict[str, Any] = {"mean_drop": of([one["mean_drop"] for one in measures])}
    for side in ("before", "after"):
        mean[side] = {key: of([one[side][key] for one in measures]) for key in measures[0][side]}
    return mean
