from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.evidence.histogram import N_BINS
from botscan.evidence.profile import ScoreProfile, equal_mass_edges


def spread(low, high, count=1):
    counts = np.zeros(N_BINS, dtype=np.uint64)
    counts[low:high] = count
    return counts


def profile(edges):
    return ScoreProfile({"shop": spread(600, 900)}, {"people": spread(100, 500, 2)}, edges, "m", "p")


@settings(deadline=None)
@given(st.sets(st.integers(1, N_BINS - 1), min_size=1, max_size=20))
def test_fold_keeps_every_count_and_respects_the_edges(edges):
    edges = tuple(sorted(edges))
    made = profile(edges)
    folded = made.fold(made.suspicious["shop"])
    assert folded.shape == (made.n_bins,)
    bounds = [0, *edges, N_BINS]
    expected = [int(made.suspicious["shop"][a:b].sum()) for a, b in pairwise(bounds)]
    assert folded.tolist() == expected


@pytest.mark.parametrize("edges", [(5, 5), (9, 3), (0, 4), (4, N_BINS)])
def test_edges_that_do_not_rise_inside_are_refused(edges):
    with pytest.raises(ValueError, match="rise strictly"):
        profile(edges)


def test_a_profile_needs_both_sides():
    with pytest.raises(ValueError, match="at least one organic"):
        ScoreProfile({"shop": spread(0, 9)}, {}, (5,), "m", "p")


def test_equal_mass_edges_split_the_scaled_mass_evenly():
    edges = equal_mass_edges([spread(0, 512, 1), spread(512, 1024, 7)], n_bins=4)
    assert edges == (256, 512, 768)


def test_fewer_bins_where_all_mass_sits_in_one_place():
    assert len(equal_mass_edges([spread(10, 11)], n_bins=12)) < 11


def test_no_mass_is_refused():
    with pytest.raises(ValueError, match="no mass"):
        equal_mass_edges([np.zeros(N_BINS, dtype=np.uint64)])
