"""A small model, made by hand, so that what a card means can be worked out on paper."""

import numpy as np
import pytest

from botscan.features.grid import EDGES, GRID_VERSION
from botscan.features.registry import FEATURE
from botscan.scoring.card import features_of, threshold_entry
from botscan.scoring.model_files import write_bundle
from botscan.scoring.patterns import PATTERNS

NAMES = ("followers_count", "has_no_followers", "following_count", "posts_count", "followers_following_ratio")

#: Follows nobody and never posted: 9 steps; follows few and never posted: 3; follows many and posts: -2.
MEMORY = {
    "levels": [{"feature": "following_count", "first_bins": [1, 10]}, {"feature": "posts_count", "first_bins": [1]}],
    "pairs": [{"features": ["following_count", "posts_count"], "steps": [[9, 0], [3, 0], [0, -2]]}],
}


def _points(name):
    n_points = len(EDGES[name]) + 1
    if name == "followers_following_ratio":
        return [round(1.0 - 0.05 * index, 2) for index in range(n_points)]
    return [round(((index * 7) % 11 - 5) * 0.05, 2) for index in range(n_points)]


def _feature(name):
    return {
        "edges": [float(np.format_float_positional(edge, unique=True)) for edge in EDGES[name]],
        "group": FEATURE[name].group,
        "missing": 0,
        "monotone": "falling" if name == "followers_following_ratio" else None,
        "name": name,
        "points": _points(name),
    }


@pytest.fixture
def small_arrays():
    rng = np.random.Generator(np.random.Philox(3))
    return {
        f"{platform}_{kind}.npy": rng.integers(0, 5, size=(2, 1024)).astype(np.uint16)
        for platform in ("twitter", "general")
        for kind in ("suspicious", "organic")
    }


@pytest.fixture
def small_card(small_arrays):
    def profile(platform):
        kinds = {
            kind: {
                "array": f"{platform}_{kind}.npy",
                "families": [
                    {"n": int(row.sum()), "name": f"family_{index}"}
                    for index, row in enumerate(small_arrays[f"{platform}_{kind}.npy"])
                ],
            }
            for kind in ("suspicious", "organic")
        }
        return {"bin_edges": [100, 500, 900], **kinds}

    def section(platform):
        pattern = PATTERNS[platform][-1]
        return {
            "abstain_below": 0.5,
            "features": [_feature(name) for name in NAMES],
            "intercept": -0.2,
            "memory": MEMORY if platform == "twitter" else None,
            "patterns": [
                {
                    "columns": list(pattern.columns),
                    "features": list(features_of(pattern, NAMES)),
                    "left_out": {},
                    "name": pattern.name,
                    "profile": profile(platform),
                    "thresholds": {"review": threshold_entry(6), "suspicious": threshold_entry(14)},
                }
            ],
            "reference": None,
            "training": {},
            "validation": "left_out_sources",
        }

    return {
        "about": {"limits": ["made by hand"]},
        "format": "botscan-model",
        "format_version": 2,
        "grid_version": GRID_VERSION,
        "name": "small",
        "needs_botscan": "0.1.0",
        "platforms": {platform: section(platform) for platform in ("twitter", "general")},
    }


@pytest.fixture
def small_folder(tmp_path, small_card, small_arrays):
    folder = tmp_path / "small"
    write_bundle(folder, small_card, small_arrays)
    return folder
