from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from botscan.features.extract import extract_matrix

RATIOS = {
    "followers_following_ratio": ("followers_count", "following_count"),
    "posts_following_ratio": ("posts_count", "following_count"),
    "followers_posts_ratio": ("followers_count", "posts_count"),
    "listed_followers_ratio": ("listed_count", "followers_count"),
    "likes_received_per_post_ratio": ("likes_received_count", "posts_count"),
}


@pytest.mark.parametrize(("name", "columns"), RATIOS.items())
def test_ratios_by_hand(name, columns):
    above, below = columns
    table = pa.table({above: [0, 7, 0, 10**12, 0, None, 1], below: [0, 0, 7, 0, 10**12, 1, None]})
    wanted = np.float32([1, 8, 0.125, 10**12 + 1, 1 / (10**12 + 1), np.nan, np.nan])
    np.testing.assert_array_equal(extract_matrix(table, [name])[:, 0], wanted)


def test_a_ratio_turned_round_is_its_inverse():
    there = pa.table({"followers_count": [3, 99, 0], "posts_count": [15, 4, 0], "following_count": [15, 4, 0]})
    back = there.rename_columns(["following_count", "posts_count", "followers_count"])
    products = extract_matrix(there, ["followers_following_ratio"]) * extract_matrix(
        back, ["followers_following_ratio"]
    )
    np.testing.assert_allclose(products, 1, rtol=1e-6)
