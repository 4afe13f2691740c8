"""An invented tree of three features and lists of bins drawn at random."""

import numpy as np
import pytest

from botscan.evidence.feature_counts import FeatureCounts
from botscan.evidence.rarity import RarityTree

NAMES = ("followers_count", "posts_count", "has_avatar")
SIZES = (6, 4, 2)


@pytest.fixture(scope="session")
def tree():
    rng = np.random.Generator(np.random.Philox(5))
    shapes = ((1, 7), (7, 5), (5, 3))
    tables = [rng.integers(-40, 120, shape).astype(np.int16) for shape in shapes]
    for table in tables:
        table[:, 0] = 0
    return RarityTree(NAMES, (-1, 0, 1), tuple(tables))


@pytest.fixture(scope="session")
def codes_of():
    """Make n rows of bins, a tenth of the fields not known."""

    def make(n, seed=0, unknown=0.1):
        rng = np.random.Generator(np.random.Philox(seed))
        codes = np.column_stack([rng.integers(0, size, n) for size in SIZES]).astype(np.uint8)
        codes[rng.random(codes.shape) < unknown] = 255
        return codes

    return make


@pytest.fixture(scope="session")
def counts_of(tree):
    def make(codes, names=NAMES, **changes):
        given = {"model": "m", "pattern": "twitter/full", "grid_version": 1} | changes
        return FeatureCounts.from_codes(np.asfortranarray(codes), names, tree, **given)

    return make
