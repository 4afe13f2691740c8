"""How strongly the log-odds of a list speak, according to labels: a model may be too sure of itself, or not enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.evidence.labels import LabelTable
from botscan.evidence.scores import Scores
from botscan.prevalence.from_labels.matched_labels import MatchedLabels

Floats = NDArray[np.float64]

#: With fewer labels of either class the slope is not told.
FEWEST_OF_CLASS = 8
#: Standard deviation of the slope around 1 before labels are seen.
SLOPE_SPREAD = 0.5

_NEWTON_STEPS = 50


def slope_from_labels(scores: Scores, labels: LabelTable) -> tuple[float, int] | None:
    """Return how strongly the log-odds of a list speak, and how many labels say so; None where there are too few.

    Parameters
    ----------
    scores
        Scores of the list.
    labels
        What raters said about some of its accounts; those without a score or a decision tell nothing here.

    Raises
    ------
    SchemaError
        The labels do not belong to the list, as `MatchedLabels.of` says.
    """
    matched = MatchedLabels.of(scores, labels)
    used = matched.is_decided & scores.is_scored[matched.positions]
    rows, answers = matched.positions[used], matched.suspicious[used]
    n_suspicious = float(answers.sum())
    if min(n_suspicious, len(answers) - n_suspicious) < FEWEST_OF_CLASS:
        return None
    return fit_slope(scores.steps[rows] / STEPS_PER_LOG_ODDS, answers), len(answers)


def fit_slope(log_odds: Floats, suspicious: Floats) -> float:
    """Fit the slope of a logistic regression of labels on log-odds, drawn towards 1 by a normal prior; never negative.

    Parameters
    ----------
    log_odds
        Scores of labelled accounts, shape (n,).
    suspicious
        Labels, 0 to 1, both classes present, shape (n,).

    Examples
    --------
    >>> round(fit_slope(np.array([-1.0, 1.0] * 50), np.array([0.5] * 100)), 2)  # scores that say nothing
    0.14
    """
    share = float(suspicious.mean())
    slope, intercept = 1.0, float(np.log(share / (1.0 - share)) - log_odds.mean())
    loss = _loss(slope, intercept, log_odds, suspicious)
    for _ in range(_NEWTON_STEPS):
        expected = logistic(slope * log_odds + intercept)
        spread = expected * (1.0 - expected)
        missed = expected - suspicious
        gradient = np.array([missed @ log_odds + (slope - 1.0) / SLOPE_SPREAD**2, missed.sum()])
        cross = float(spread @ log_odds)
        curvature = np.array(
            [[float(spread @ log_odds**2) + 1.0 / SLOPE_SPREAD**2, cross], [cross, float(spread.sum()) + 1e-9]]
        )
        step = np.linalg.solve(curvature, gradient)
        length = 1.0
        # A whole step may overshoot where the curve is flat; half of some step always descends.
        while (ahead := _loss(slope - length * step[0], intercept - length * step[1], log_odds, suspicious)) > loss:
            length /= 2.0
            if length < 1e-9:
                return max(0.0, slope)
        slope, intercept = float(slope - length * step[0]), float(intercept - length * step[1])
        if loss - ahead < 1e-12:
            break
        loss = ahead
    return max(0.0, slope)


def _loss(slope: float, intercept: float, log_odds: Floats, suspicious: Floats) -> float:
    odds = slope * log_odds + intercept
    fit = float((np.logaddexp(0.0, odds) - suspicious * odds).sum())
    return fit + (slope - 1.0) ** 2 / (2.0 * SLOPE_SPREAD**2)


def logistic(odds: Floats) -> Floats:
    """Return probabilities from log-odds, shape (n,)."""
    result: Floats = 1.0 / (1.0 + np.exp(-np.clip(odds, -700.0, 700.0)))
    return result
