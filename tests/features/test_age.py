from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from botscan.features.extract import extract_matrix

SEEN = datetime(2020, 3, 1, tzinfo=UTC)


def test_leap_days_and_hours_count():
    created = [
        datetime(2020, 2, 28, tzinfo=UTC),
        datetime(2019, 2, 28, tzinfo=UTC),
        SEEN - timedelta(hours=36),
        SEEN + timedelta(hours=23),
        None,
    ]
    table = pa.table(
        {
            "created_at": pa.array(created, pa.timestamp("us", tz="UTC")),
            "observed_at": pa.array([SEEN] * 5, pa.timestamp("us", tz="UTC")),
        }
    )
    np.testing.assert_array_equal(extract_matrix(table, ["age_days"])[:, 0], np.float32([2, 367, 1.5, 0, np.nan]))


def test_without_the_day_it_was_seen_no_age_is_made_up():
    table = pa.table({"created_at": pa.array([SEEN], pa.timestamp("us", tz="UTC"))})
    assert np.isnan(extract_matrix(table, ["age_days", "posts_per_day"])).all()
