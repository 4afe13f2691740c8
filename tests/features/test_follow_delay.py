from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.features.columns import Columns
from botscan.features.extract import extract_matrix
from botscan.features.follow_delay import FEATURES
from botscan.features.grid import EDGES, bin_codes
from botscan.scoring.scorer import load_model
from botscan.training.recipes import RECIPES

FOLLOWED = datetime(2024, 3, 1, tzinfo=UTC)
INSTANT = pa.timestamp("us", tz="UTC")
(FEATURE,) = FEATURES


def delays(created, followed):
    table = pa.table({"created_at": pa.array(created, INSTANT), "followed_at": pa.array(followed, INSTANT)})
    found = FEATURE.compute(Columns(table))
    assert found.dtype == np.float32
    return found


def test_leap_days_and_hours_count():
    created = [datetime(2024, 2, 28, tzinfo=UTC), datetime(2023, 2, 28, tzinfo=UTC), FOLLOWED - timedelta(hours=36)]
    assert delays(created, [FOLLOWED] * 3).tolist() == [2, 367, 1.5]


@pytest.mark.parametrize(
    ("early", "wanted"),
    [
        (timedelta(hours=23), 0),
        (timedelta(days=1), 0),
        (timedelta(days=1, microseconds=1), np.nan),
        (timedelta(days=900), np.nan),
    ],
)
def test_following_before_the_making_is_believed_for_a_day(early, wanted):
    np.testing.assert_array_equal(delays([FOLLOWED], [FOLLOWED - early]), np.float32([wanted]))


def test_unknown_dates_give_no_delay():
    assert np.isnan(delays([None, FOLLOWED, None], [FOLLOWED, None, None])).all()


@pytest.mark.parametrize("column", FEATURE.needs)
def test_a_list_without_one_of_the_dates_does_not_know_it(column):
    table = pa.table({column: pa.array([FOLLOWED], INSTANT), "posts_count": [4]})
    assert np.isnan(extract_matrix(table, ["follow_delay_days"])).all()


@given(st.timedeltas(timedelta(0), timedelta(days=8_000)), st.timedeltas(timedelta(days=-2_000), timedelta(days=700)))
def test_it_knows_the_delay_and_never_the_calendar(delay, shift):
    created = FOLLOWED - timedelta(days=8_000) + shift
    found = delays([created], [created + delay])[0]
    assert found == np.float32(delay / timedelta(days=1))


def test_a_second_and_a_day_fall_in_different_bins():
    values = np.array([[0], [1 / 86_400], [0.9], [1], [400]], dtype=np.float32)
    codes = bin_codes(values, ["follow_delay_days"])[:, 0]
    assert codes[0] == codes[1] == 0
    assert codes[1] < codes[2] < codes[3] < codes[4] < len(EDGES["follow_delay_days"])


def test_it_is_no_part_of_any_score():
    assert not any("follow_delay_days" in recipe.features for recipe in RECIPES)
    assert not any("follow_delay_days" in lookup.features for lookup in load_model().lookups.values())
