"""Follower lists with known truth, for examples and tests."""

from botscan.simulate.audience import MAX_ACCOUNTS, SimulatedAudience, make_audience

__all__ = ["MAX_ACCOUNTS", "SimulatedAudience", "make_audience"]
