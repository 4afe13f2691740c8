"""Organic share with an interval; sees evidence and labels, never accounts."""

from botscan.prevalence.audit_sample import estimate_from_labels
from botscan.prevalence.quantifiers import estimate_from_profile
from botscan.prevalence.sample_size import SampleSizePlan, plan_sample_size
from botscan.prevalence.share import OrganicShare, cannot_say

__all__ = [
    "OrganicShare",
    "SampleSizePlan",
    "cannot_say",
    "estimate_from_labels",
    "estimate_from_profile",
    "plan_sample_size",
]
