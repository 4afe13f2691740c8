"""Coverage and evidence level."""

import pickle

import pyarrow as pa
import pytest

from botscan.accounts.coverage import Coverage, measure_coverage


@pytest.mark.parametrize(
    ("shares", "level"),
    [
        ({"account_id": 1.0}, 0),
        ({"account_id": 1.0, "created_at": 1.0}, 0),
        ({"account_id": 1.0, "handle": 0.5}, 1),
        ({"account_id": 1.0, "handle": 0.49}, 0),
        ({"account_id": 1.0, "handle": 1.0, "followers_count": 0.49}, 1),
        ({"account_id": 1.0, "posts_count": 0.5}, 2),
        ({"followers_count": 0.5, "created_at": 0.5}, 3),
        ({"followers_count": 0.2, "created_at": 1.0}, 0),
        ({"handle_digit_ratio": 1.0}, 1),
        ({}, 0),
    ],
)
def test_levels(shares, level):
    assert Coverage(shares).evidence_level == level


def test_it_is_a_mapping_that_shows_itself():
    coverage = Coverage({"account_id": 1.0, "bio": 1 / 3})
    assert dict(coverage) == {"account_id": 1.0, "bio": 1 / 3}
    assert coverage == {"account_id": 1.0, "bio": 1 / 3}
    assert coverage.to_dict() == {"account_id": 1.0, "bio": 0.333333}
    assert "bio" in str(coverage)
    assert "33" in str(coverage)
    assert "<table" in coverage._repr_html_()
    assert dict(pickle.loads(pickle.dumps(coverage))) == dict(coverage)
    with pytest.raises(TypeError):
        coverage.shares["bio"] = 1.0


def test_measured():
    table = pa.table(
        {
            "account_id": ["1", "2", "3", "4"],
            "bio": ["x", None, None, None],
            "website": [None] * 4,
            "has_website": [True, False, False, None],
            "bio_length": [1, 0, None, None],
            "posts_count": [None, 1, None, None],
        }
    )
    assert dict(measure_coverage(table)) == {
        "account_id": 1.0, "bio": 0.5, "website": 0.75, "has_website": 0.75, "bio_length": 0.5, "posts_count": 0.25,
    }  # fmt: skip
    assert set(measure_coverage(table.slice(0, 0)).values()) == {0.0}
    assert measure_coverage(table.select(["bio"]))["bio"] == 0.25
