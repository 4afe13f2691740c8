import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.prevalence.intervals import highest_density_interval
from botscan.prevalence.without_labels.new_audience_model import people_lines, source_effects_posterior

N_BINS = 40
LOW = np.r_[np.full(20, 45), np.full(20, 5)]
HIGH = LOW[::-1]
PEOPLE = {f"people_{number}": LOW for number in range(6)}
SHOPS = {f"shop_{number}": HIGH for number in range(6)}


def interval(audience, suspicious=SHOPS, organic=PEOPLE, level=0.95):
    posterior = source_effects_posterior(np.asarray(audience), suspicious, organic)
    lower, upper = highest_density_interval(posterior.suspicious_share, posterior.mass, level)
    return lower, posterior.mode, upper


def test_the_mode_is_the_share_of_a_plain_mixture():
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        lower, mode, upper = interval(np.rint(10 * (share * HIGH + (1 - share) * LOW)).astype(int))
        assert mode == pytest.approx(share, abs=0.06)
        assert lower <= share <= upper


def test_families_that_differ_more_give_a_wider_interval():
    def width(spread):
        shops = {f"shop_{i}": np.r_[np.full(20, 5 + i * spread), np.full(20, 45 - i * spread)] for i in range(6)}
        lower, _, upper = interval(20 * (LOW + HIGH) // 2, shops)
        return upper - lower

    assert width(0) < width(4) - 0.05 < width(7) - 0.1


def test_more_sources_give_a_narrower_interval():
    def width(n):
        known = [{f"{name}_{i}": counts for i in range(n)} for name, counts in (("shop", HIGH), ("people", LOW))]
        lower, _, upper = interval(20 * (LOW + HIGH) // 2, *known)
        return upper - lower

    assert width(2) > width(6) + 0.02 > width(20) + 0.04


def test_families_of_one_source_are_one_voice():
    many = {f"shop_0/{i}": HIGH for i in range(6)}
    one = {"shop_0": HIGH}
    assert interval(20 * (LOW + HIGH), many) == pytest.approx(interval(20 * (LOW + HIGH), one), abs=1e-9)
    assert interval(20 * (LOW + HIGH), many) != interval(20 * (LOW + HIGH), SHOPS)


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 1023), min_size=N_BINS, max_size=N_BINS), st.integers(0, 10))
def test_a_monotone_distortion_changes_nothing(positions, tenths):
    places = sorted(positions)

    def moved(counts):
        result = np.zeros(1024, dtype=np.uint64)
        result[places] = counts
        return result

    audience = 3 * (tenths * HIGH + (10 - tenths) * LOW)
    shops, people = ({name: moved(counts) for name, counts in part.items()} for part in (SHOPS, PEOPLE))
    expected = source_effects_posterior(audience, SHOPS, PEOPLE)
    found = source_effects_posterior(moved(audience), shops, people)
    np.testing.assert_array_equal(found.mass, expected.mass)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=N_BINS, max_size=N_BINS).filter(any))
def test_the_posterior_is_one_whatever_the_list(counts):
    posterior = source_effects_posterior(np.array(counts), SHOPS, PEOPLE)
    assert np.isfinite(posterior.mass).all()
    assert (posterior.mass >= 0).all()
    assert posterior.mass.sum() == pytest.approx(1.0)


def test_it_is_the_same_each_time():
    first, second = (source_effects_posterior(7 * LOW + HIGH, SHOPS, PEOPLE).mass for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_lines_count_every_source_of_people_alike():
    low, high = np.r_[[100] * 9, 0], np.r_[[0] * 9, 100]
    # The second source holds more accounts in more families, and is one of two all the same.
    known = {"a": low, "b/1": 50 * high, "b/2": 50 * high, "b/3": 50 * high}
    assert people_lines(known) == ()
    assert people_lines({"a": low}) == (7, 9)


def test_people_that_are_all_alike_leave_one_line():
    assert people_lines({"a": np.array([0, 5, 0]), "empty": np.zeros(3)}) == (2,)


def test_a_world_of_many_families_is_covered():
    """Families and audiences of one law: an interval of 90 % holds no less often, by a binomial bound at 99.9 %."""
    rng = np.random.Generator(np.random.Philox(11))

    def family(mean):
        rate = rng.beta(10 * mean, 10 * (1 - mean))
        upper = rng.beta(6 * mean, 6 * (1 - mean))
        return np.array([1 - rate, rate * (1 - upper), rate * upper])

    n_runs, held = 300, 0
    for _ in range(n_runs):
        shops = {f"s{i}": rng.multinomial(1000, family(0.8)) for i in range(6)}
        people = {f"p{i}": rng.multinomial(1000, family(0.25)) for i in range(8)}
        share = rng.integers(0, 2001) / 2000
        counts = rng.multinomial(round(2000 * share), family(0.8))
        counts = counts + rng.multinomial(2000 - round(2000 * share), family(0.25))
        lower, _, upper = interval(counts, shops, people, level=0.9)
        held += lower - 0.005 <= share <= upper + 0.005  # the grid of shares is that fine
    # 300 runs at 90 %: fewer than 253 have a probability below one in a thousand.
    assert held >= 253
    assert held < n_runs  # and no interval that is never wrong
