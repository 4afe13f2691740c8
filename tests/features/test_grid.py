"""The grid: what its edges promise, and codes against a binary search."""

from __future__ import annotations

import bisect
import hashlib
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from botscan.features.activity import FOLLOW_LIMIT
from botscan.features.grid import EDGES, GRID_VERSION, MISSING, bin_codes, bin_limits, n_bins
from botscan.features.registry import FEATURES

NAMES = [feature.name for feature in FEATURES]
COUNTS = [name for name in NAMES if name.endswith("_count") or name in ("bio_length", "handle_digits")]
RATES = [name for name in NAMES if name.endswith("_per_day")]
RATIOS = [name for name in NAMES if name.endswith("_ratio") and name != "handle_digit_ratio"]
FLAGS = [name for name in NAMES if name.startswith(("is_", "has_", "bio_has_"))]


def code_of(name, value):
    return int(bin_codes(np.array([[value]], dtype=np.float32), [name])[0, 0])


def test_every_feature_has_edges_and_every_edge_a_feature():
    assert sorted(EDGES) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_edges_rise_and_are_few_and_single_precision(name):
    edges = EDGES[name]
    assert edges.dtype == np.float32
    assert 1 <= len(edges) <= 199
    assert all(low < high for low, high in pairwise(edges.tolist()))
    assert np.isfinite(edges).all()
    assert edges[0] > 0
    assert n_bins(name) == len(edges) + 1


def test_edges_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        EDGES["posts_count"][0] = 7


def test_version_1_of_the_grid_never_changes():
    # Stored codes outlive the program that made them: a changed edge needs a new GRID_VERSION. New features come after
    # these 36 and get a digest of their own here.
    assert GRID_VERSION == 1
    lines = [f"{name} {EDGES[name].astype('<f4').tobytes().hex()}\n" for name in list(EDGES)[:36]]
    assert (
        hashlib.sha256("".join(lines).encode()).hexdigest()
        == "3e0527be4a74471b98366fc7d3a88c408824939f08c65172dfbe1829466198b9"
    )


TEXT_NAMES = [name for name in NAMES if name.startswith(("handle_", "display_name_", "bio_"))]


def test_edges_of_the_features_of_text_never_change():
    later = [name for name in TEXT_NAMES if name not in list(EDGES)[:36]]
    lines = [f"{name} {EDGES[name].astype('<f4').tobytes().hex()}\n" for name in sorted(later)]
    assert len(lines) == 13
    assert (
        hashlib.sha256("".join(lines).encode()).hexdigest()
        == "189355011ad846e35eaffcebe6ee077d64039a7d949006aed95f53d68d97703e"
    )


def test_edges_of_the_delay_of_following_never_change():
    edges = EDGES["follow_delay_days"].astype("<f4").tobytes()
    assert hashlib.sha256(edges).hexdigest() == "b951c855a09aeb65112c5324d3d7e94de9a5eb68a3076334791f001893e2934e"


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_codes_equal_a_binary_search(data):
    names = data.draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4))
    on_edges = st.sampled_from([float(edge) for name in names for edge in EDGES[name]])
    values = st.floats(width=32) | on_edges | st.sampled_from([0.0, -0.0, math.nan, math.inf, -math.inf])
    shape = (data.draw(st.integers(0, 9)), len(names))
    matrix = data.draw(hnp.arrays(np.float32, shape, elements=values))
    codes = bin_codes(matrix, names)
    assert codes.dtype == np.uint8
    assert codes.shape == shape
    for row, column in np.ndindex(*shape):
        value = float(matrix[row, column])
        edges = EDGES[names[column]].tolist()
        assert codes[row, column] == (bisect.bisect_right(edges, value) if math.isfinite(value) else MISSING)


@pytest.mark.parametrize("name", NAMES)
def test_a_value_on_an_edge_belongs_above_it(name):
    for position, edge in enumerate(EDGES[name]):
        assert code_of(name, edge) == position + 1
        assert code_of(name, np.nextafter(edge, np.float32(-np.inf))) == position
        assert np.searchsorted(EDGES[name], edge, side="right") == position + 1


@settings(deadline=None, max_examples=50)
@given(hnp.arrays(np.float32, (11, 3), elements=st.floats(width=32)))
def test_codes_do_not_hang_on_batches_or_memory_order(matrix):
    names = ["followers_count", "posts_per_day", "has_geo"]
    wanted = bin_codes(matrix, names)
    assert bin_codes(np.asfortranarray(matrix), names).tobytes() == wanted.tobytes()
    assert np.concatenate([bin_codes(matrix[:4], names), bin_codes(matrix[4:], names)]).tobytes() == wanted.tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_limits_and_codes_tell_the_same(name):
    for code in range(n_bins(name)):
        low, high = bin_limits(name, code)
        assert (low is None) == (code == 0)
        assert (high is None) == (code == n_bins(name) - 1)
        if low is not None:
            assert code_of(name, low) == code
        if high is not None:
            assert code_of(name, high) == code + 1
            assert code_of(name, np.nextafter(np.float32(high), np.float32(-np.inf))) == code


@pytest.mark.parametrize("code", [-1, 27, MISSING])
def test_a_bin_that_does_not_exist_has_no_limits(code):
    with pytest.raises(ValueError, match="posts_count has bins 0 to 26, found"):
        bin_limits("posts_count", code)


@pytest.mark.parametrize(
    "call",
    [
        lambda: bin_limits("shoe_size", 0),
        lambda: n_bins("shoe_size"),
        lambda: bin_codes(np.zeros((1, 1), np.float32), ["shoe_size"]),
    ],
)
def test_an_unknown_feature_is_named(call):
    with pytest.raises(ValueError, match="the grid has no feature 'shoe_size'"):
        call()


@pytest.mark.parametrize(
    "matrix", [np.zeros((2, 2), np.float32), np.zeros(2, np.float32), np.zeros((2, 1), np.float64)]
)
def test_a_matrix_of_another_shape_or_precision_is_refused(matrix):
    with pytest.raises(ValueError, match=r"wanted float32 of shape \(n, 1\), found"):
        bin_codes(matrix, ["posts_count"])


@pytest.mark.parametrize("name", COUNTS)
def test_none_at_all_has_a_bin_of_its_own(name):
    assert code_of(name, 0) == 0
    assert code_of(name, 1) == 1


@pytest.mark.parametrize("name", RATES)
def test_a_rate_of_zero_has_a_bin_of_its_own(name):
    one_in_fifty_years = 1 / (50 * 365.25)
    assert code_of(name, 0) == 0
    assert code_of(name, one_in_fifty_years) == 1


@pytest.mark.parametrize("name", FLAGS)
def test_flags_have_two_bins(name):
    assert [code_of(name, 0), code_of(name, 1), n_bins(name)] == [0, 1, 2]


def test_the_window_below_the_follow_limit_is_made_of_whole_bins():
    low, high = FOLLOW_LIMIT
    edges = EDGES["following_count"].tolist()
    assert low in edges
    assert high + 1 in edges


@pytest.mark.parametrize("name", RATIOS)
def test_no_ratio_of_two_counts_falls_on_an_edge(name):
    above, below = np.meshgrid(np.arange(1, 1_001), np.arange(1, 1_001))
    ratios = (above / below).astype(np.float32)
    assert not np.isin(ratios, EDGES[name]).any()
    # The nearest float32 neighbours of an edge are free as well: no rounding moves a ratio across.
    for towards in (np.float32(0), np.float32(np.inf)):
        assert not np.isin(ratios, np.nextafter(EDGES[name], towards)).any()


@pytest.mark.parametrize("name", RATIOS)
def test_ratio_edges_are_half_octaves(name):
    octaves = [2 ** (octave + 0.5) for octave in range(-14, 15)]
    np.testing.assert_allclose(EDGES[name], octaves, rtol=1e-7)


def test_a_digit_ratio_rounded_to_two_decimals_stays_in_its_bin():
    for length in range(1, 31):
        for digits in range(length + 1):
            ratio = digits / length
            assert code_of("handle_digit_ratio", round(ratio, 2)) == code_of("handle_digit_ratio", ratio), (
                digits,
                length,
            )
    assert code_of("handle_digit_ratio", 0) == 0
    assert code_of("handle_digit_ratio", 1 / 30) == 1
