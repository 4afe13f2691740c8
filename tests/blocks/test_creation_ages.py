"""What the ages of neighbours predict for a band of creation dates."""

import numpy as np
import pytest

from botscan.blocks.creation_ages import FRESH_DAYS, predicted_by_ages
from botscan.cells.dates import MICROSECONDS_PER_DAY

N, STRETCH = 1_200, (500, 600)
INSIDE = np.arange(*STRETCH)
PLACES = np.concatenate([np.arange(400), np.arange(700, N)])


def band(first, last):
    return int(first * MICROSECONDS_PER_DAY), int(last * MICROSECONDS_PER_DAY)


@pytest.fixture
def steady(evidence_of):
    """Neighbours aged 100.5 to 199.5 days, a hundred steps; the stretch follows on day 3000, its ages are 50."""
    ages = 100.5 + np.arange(N) % 100
    followed = np.full(N, 3_000.0)
    ages[slice(*STRETCH)] = 50.0
    return evidence_of(N, created=followed - ages, followed=followed)


@pytest.mark.parametrize(
    ("first", "last", "share"),
    [(2_850, 2_860, 0.1), (2_800, 2_900, 1.0), (2_899, 2_999, 0.01), (2_900, 3_000, 0.0), (2_700, 2_800, 0.0)],
)
def test_a_band_holds_as_many_as_have_the_ages_that_fall_into_it(steady, first, last, share):
    assert predicted_by_ages(steady, PLACES, INSIDE, band(first, last)) == pytest.approx(share)


def test_bands_side_by_side_share_out_everybody(steady):
    parts = [predicted_by_ages(steady, PLACES, INSIDE, band(day, day + 8)) for day in range(2_700, 3_000, 8)]
    assert sum(parts) == pytest.approx(1.0)


def test_a_stretch_that_lasts_spreads_the_ages_over_its_days(evidence_of):
    followed = np.full(N, 3_000.0)
    followed[slice(*STRETCH)] = np.linspace(3_000, 3_100, 100)
    evidence = evidence_of(N, created=followed - 50.5, followed=followed)
    # Everybody was 50 days old: bands of ten days hold a tenth each along a hundred days.
    shares = [predicted_by_ages(evidence, PLACES, INSIDE, band(day, day + 10)) for day in range(2_940, 3_060, 10)]
    assert sum(shares) == pytest.approx(1.0)
    assert max(shares) <= 0.2


def test_where_there_are_more_newcomers_more_of_the_young_are_granted_up_to_a_limit(evidence_of):
    rng = np.random.default_rng(1)
    followed = np.full(N, 3_000.0)

    def predicted(n_newcomers):
        ages = np.where(rng.random(N) < 0.1, 10.0, 150.0)
        ages[slice(*STRETCH)] = np.where(np.arange(100) < n_newcomers, FRESH_DAYS - 1.0, 150.0)
        return predicted_by_ages(
            evidence_of(N, created=followed - ages, followed=followed), PLACES, INSIDE, band(2_985, 2_995)
        )

    none, some, many = (predicted(count) for count in (0, 30, 100))
    assert none == pytest.approx(0.1, abs=0.03)
    assert some == pytest.approx(0.3, abs=0.05)
    assert many == pytest.approx(0.5, abs=0.15)
    assert many < 0.75


def test_without_dates_or_follow_times_nothing_is_predicted(evidence_of):
    days = np.full(N, 1_000.0)
    nobody = evidence_of(N)
    undated = evidence_of(N, followed=days)
    assert predicted_by_ages(nobody, PLACES, INSIDE, band(0, 9_000)) == 0.0
    assert predicted_by_ages(undated, PLACES, INSIDE, band(0, 9_000)) == 0.0
    known = evidence_of(N, created=days, followed=days)
    known.followed_after[slice(*STRETCH)] = nobody.followed_after[0]
    assert predicted_by_ages(known, PLACES, INSIDE, band(0, 9_000)) == 0.0
    assert predicted_by_ages(known, np.zeros(0, dtype=np.int64), INSIDE, band(0, 9_000)) == 0.0
