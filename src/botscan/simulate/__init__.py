"""Follower lists and follow histories with known truth, for examples and tests."""

from botscan.simulate.audience import MAX_ACCOUNTS, SimulatedAudience, make_audience
from botscan.simulate.follow_order import Purchase, ViralBurst
from botscan.simulate.history import SimulatedHistory, make_follow_history

__all__ = [
    "MAX_ACCOUNTS",
    "Purchase",
    "SimulatedAudience",
    "SimulatedHistory",
    "ViralBurst",
    "make_audience",
    "make_follow_history",
]
