import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom

from botscan.prevalence.from_labels.rare_strata import chances_of_point


def enumerated(in_list, n, sizes, each, observed):
    below = up_to = 0.0
    for counts in itertools.product(*(range(drawn + 1) for drawn in n)):
        chance = math.prod(
            binom.pmf(k, drawn, share) if math.isinf(size) else hypergeom.pmf(k, size, round(share * size), drawn)
            for k, drawn, share, size in zip(counts, n, in_list, sizes, strict=True)
        )
        point = float(np.dot(counts, each))
        below += chance * (point < observed - 1e-9)
        up_to += chance * (point <= observed + 1e-9)
    return below, up_to


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=3),
    st.booleans(),
    st.data(),
)
def test_tails_are_those_of_all_counts_together(drawn, is_endless, data):
    n = np.array([one[0] for one in drawn])
    sizes = n + np.array([one[1] for one in drawn])
    events = np.minimum(sizes, [one[2] for one in drawn])
    shares = events / sizes
    # Weights far enough apart that no two sums fall into one step.
    each = np.array([1.0, 3.0, 10.0])[: len(n)]
    observed = float(each @ np.array([data.draw(st.integers(0, int(most))) for most in n]))
    populations = np.full(len(n), np.inf) if is_endless else sizes.astype(float)
    found = chances_of_point(shares, n, populations, each, observed)
    assert found == pytest.approx(enumerated(shares, n, populations, each, observed), abs=1e-9)


def test_between_two_whole_numbers_of_events_the_chances_are_mixed():
    n, size, each = np.array([5]), np.array([20.0]), np.array([0.2])
    low, middle, high = (chances_of_point(np.array([k / 20]), n, size, each, 0.2)[1] for k in (4, 4.5, 5))
    assert middle == pytest.approx((low + high) / 2)
    assert low > middle > high
