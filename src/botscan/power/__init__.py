"""What a list could show: how often a purchase of a given size would be seen in it."""

from botscan.power.purchase_power import PurchasePower, SizePower
from botscan.power.simulate import simulate_purchase

__all__ = ["PurchasePower", "SizePower", "simulate_purchase"]
