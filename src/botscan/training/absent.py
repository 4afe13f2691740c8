"""What the score is worth when an export lacks a column: LOSO-5 without lists, dates, text, posts, avatar, place.

A list without a column is scored under the richest pattern whose columns it has, and thereby may lose other columns
that it does have. So each absence is measured twice: under that pattern, and from everything that is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from botscan.features.registry import FEATURE
from botscan.scoring.card import features_of
from botscan.scoring.patterns import PATTERNS, Pattern, choose_pattern
from botscan.training.bin_table import BinTable
from botscan.training.loso_models import LosoModel
from botscan.training.recipes import Recipe
from botscan.training.scoreboard import Ranking, rank

#: What an export may lack -> columns.
ABSENCES: Mapping[str, tuple[str, ...]] = {
    "nothing": (),
    "lists": ("listed_count",),
    "dates": ("created_at", "observed_at"),
    "text": ("bio", "bio_length"),
    "post count": ("posts_count",),
    "avatar": ("has_avatar",),
    "place": ("has_geo",),
}


def features_without(features: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    """Return the features that need none of some columns, in their order.

    Examples
    --------
    >>> features_without(["has_geo", "posts_per_day", "posts_count"], ["created_at", "observed_at"])
    ('has_geo', 'posts_count')
    """
    return tuple(name for name in features if not set(FEATURE[name].needs) & set(columns))


def pattern_without(pattern: Pattern, columns: Sequence[str]) -> Pattern | None:
    """Return the pattern of a list that has the columns of a pattern but for some; None where it is not scored.

    Examples
    --------
    >>> pattern_without(PATTERNS["twitter"][0], ["has_avatar"]).name
    'no_text'
    >>> pattern_without(PATTERNS["twitter"][0], ["posts_count"]) is None
    True
    """
    coverage = {column: 1.0 for column in pattern.columns if column not in columns}
    return choose_pattern(PATTERNS, pattern.platform, coverage)


def absent_entry(table: BinTable, recipe: Recipe, models: Sequence[LosoModel]) -> list[dict[str, Any]]:
    """Return the card's entry of absent columns, rounded to four digits.

    Parameters
    ----------
    table
        Twitter rows with the features of the recipe.
    recipe
        The recipe behind `models`.
    models
        LOSO-5; lines are not needed.

    Returns
    -------
    entry
        Per absence the pattern under which such a list is scored, and AUC and recall at 5 % false alarms, mean and
        worst of five folds: ``as_scored`` under it (None where it is not scored), ``from_all`` from all that is left.
    """
    full = PATTERNS[recipe.platform][0]
    folds = [_FoldRows(one, table) for one in models]
    entry = []
    for name, columns in ABSENCES.items():
        pattern = pattern_without(full, columns)
        known = features_without(features_of(full, recipe.features), columns)
        entry.append(
            {
                "absent": name,
                "as_scored": _figures(folds, features_of(pattern, recipe.features)) if pattern else None,
                "from_all": _figures(folds, known),
                "pattern": pattern.name if pattern else None,
            }
        )
    return entry


class _FoldRows:
    """One fold of LOSO-5 with the rows left out."""

    def __init__(self, one: LosoModel, table: BinTable) -> None:
        self._model = one.model
        self._test = table.take(one.fold.test)

    def rank(self, features: Sequence[str]) -> Ranking:
        return rank(self._test.label, self._model.score(self._test.bins, features))


def _figures(folds: Sequence[_FoldRows], features: Sequence[str]) -> dict[str, float]:
    rankings = [fold.rank(features) for fold in folds]
    aucs, recalls = [one.auc for one in rankings], [one.recall_at_5 for one in rankings]
    figures: dict[str, float] = {
        "auc": sum(aucs) / len(aucs),
        "recall_at_5": sum(recalls) / len(recalls),
        "worst_auc": min(aucs),
        "worst_recall_at_5": min(recalls),
    }
    return {name: round(value, 4) for name, value in figures.items()}
