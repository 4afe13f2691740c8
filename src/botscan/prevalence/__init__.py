"""Organic share with an interval; sees evidence and labels, never accounts."""

from botscan.prevalence.from_labels.audit_sample import estimate_from_labels
from botscan.prevalence.planning.sample_size import SampleSizePlan, plan_sample_size
from botscan.prevalence.share import OrganicShare, cannot_say
from botscan.prevalence.without_labels.quantifiers import estimate_from_profile

__all__ = [
    "OrganicShare",
    "SampleSizePlan",
    "cannot_say",
    "estimate_from_labels",
    "estimate_from_profile",
    "plan_sample_size",
]
