"""Entries of a card that are alike in every model: one feature with its table, rounded figures, when to abstain."""

from __future__ import annotations

from typing import Any

import numpy as np

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.features.grid import EDGES
from botscan.features.registry import FEATURE
from botscan.training.fit import TableModel
from botscan.training.recipes import Recipe

#: An account is not scored where less than this share of its pattern's spread lies on known fields.
ABSTAIN_BELOW = 0.5


def feature_entry(name: str, model: TableModel, recipe: Recipe) -> dict[str, Any]:
    """Return the entry of one feature: edges of its bins, and points per bin in log-odds."""
    return {
        "edges": [float(np.format_float_positional(edge, unique=True)) for edge in EDGES[name]],
        "group": FEATURE[name].group,
        "missing": 0,
        "monotone": recipe.monotone.get(name),
        "name": name,
        "points": [steps / STEPS_PER_LOG_ODDS for steps in model.tables[name].tolist()],
    }


def rounded(value: Any) -> Any:
    """Round every float in plain data to four digits.

    Examples
    --------
    >>> rounded({"auc": [0.123456, 1, None]})
    {'auc': [0.1235, 1, None]}
    """
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value
