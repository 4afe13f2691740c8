"""Scoring: look-up tables from accounts to log-odds, reasons for and against, verdicts about signs."""

from botscan.scoring.explain import Explanation, FeaturePoints, GroupPoints
from botscan.scoring.model import Thresholds
from botscan.scoring.patterns import Pattern
from botscan.scoring.scorer import Scorer, load_model

__all__ = ["Explanation", "FeaturePoints", "GroupPoints", "Pattern", "Scorer", "Thresholds", "load_model"]
