import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from botscan.prevalence.from_labels.undecided import worst_case_interval
from botscan.prevalence.intervals import normal_quantile


def around(share, spread):
    return lambda level: (share, share - spread * normal_quantile(level), share + spread * normal_quantile(level))


@pytest.mark.parametrize("band", [0.0, 0.01, 0.05, 0.1, 0.4])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_ends_are_those_of_imbens_and_manski(band, level):
    lower, upper = worst_case_interval(around(0.3, 0.03), around(0.3 + band, 0.03), level)
    c = brentq(lambda c: norm.cdf(c + band / 0.03) - norm.cdf(-c) - level, 0.1, 4)
    assert (lower, upper) == pytest.approx((0.3 - c * 0.03, 0.3 + band + c * 0.03), abs=1e-6)


@given(st.floats(0, 0.5), st.floats(0, 0.1), st.sampled_from([0.3, 0.8, 0.95, 0.999]))
def test_the_band_is_inside_and_ends_are_between_one_sided_and_two_sided(band, spread, level):
    lower, upper = worst_case_interval(around(0.2, spread), around(0.2 + band, spread), level)
    assert lower <= 0.2 + 1e-9
    assert upper >= 0.2 + band - 1e-9
    assert 0.2 - lower <= normal_quantile(level) * spread + 1e-6
    assert 0.2 - lower >= max(0.0, norm.ppf(level)) * spread - 1e-6


@pytest.mark.parametrize("place", [0.0, 0.3, 1.0])
def test_the_share_is_covered_wherever_it_lies_in_the_band(place):
    # Both ends move with one error, as when the same labels give both.
    band, spread = 0.06, 0.03
    truth = 0.3 + place * band
    edge = worst_case_interval(around(0.3, spread), around(0.3 + band, spread), 0.95)
    below, above = truth - edge[0], edge[1] - truth
    assert norm.cdf(below / spread) - norm.cdf(-above / spread) >= 0.95 - 1e-6
