"""Every feature, in one fixed order."""

from __future__ import annotations

from botscan.features import (
    activity,
    age,
    character_pairs,
    emoji,
    follow_delay,
    handle,
    name_similarity,
    profile,
    ratios,
    scripts,
)
from botscan.features.feature import Feature

#: All features, family after family. A new feature is declared in the file of its family and appears here.
FEATURES: tuple[Feature, ...] = (
    *age.FEATURES,
    *activity.FEATURES,
    *ratios.FEATURES,
    *profile.FEATURES,
    *handle.FEATURES,
    *follow_delay.FEATURES,
    *character_pairs.FEATURES,
    *name_similarity.FEATURES,
    *scripts.FEATURES,
    *emoji.FEATURES,
)

#: The same by name.
FEATURE: dict[str, Feature] = {feature.name: feature for feature in FEATURES}
