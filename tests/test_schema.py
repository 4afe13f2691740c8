import re

import pyarrow as pa
import pytest

from botscan.schema import ACCOUNT_COLUMNS, DERIVED_COLUMNS, PLATFORMS, POST_COLUMNS

#: The canonical account columns of the contract, in no particular order.
CONTRACT = [
    "account_id",
    "platform",
    "handle",
    "display_name",
    "bio",
    "location",
    "website",
    "language",
    "created_at",
    "created_at_precision",
    "observed_at",
    "last_post_at",
    "followed_at",
    "follow_rank",
    "followers_count",
    "following_count",
    "posts_count",
    "likes_given_count",
    "likes_received_count",
    "listed_count",
    "is_verified",
    "is_private",
    "is_business",
    "is_declared_bot",
    "has_avatar",
    "has_website",
    "has_default_theme",
    "has_geo",
    "account_status",
    "handle_length",
    "handle_digits",
    "handle_digit_ratio",
    "bio_length",
    "display_name_words",
]


def test_columns_are_those_of_the_contract():
    assert sorted(column.name for column in ACCOUNT_COLUMNS) == sorted(CONTRACT)


@pytest.mark.parametrize("column", ACCOUNT_COLUMNS + POST_COLUMNS, ids=lambda column: column.name)
def test_names_tell_kinds(column):
    expected = {"_count": "count", "_at": "instant", "_ratio": "ratio", "_id": "id"}
    for ending, kind in expected.items():
        if column.name.endswith(ending):
            assert column.kind == kind
    assert (column.kind == "flag") == bool(re.match("(is|has)_", column.name))
    assert column.meaning
    assert isinstance(column.arrow_type, pa.DataType)


def test_derived_columns_are_columns():
    assert set(DERIVED_COLUMNS) <= {column.name for column in ACCOUNT_COLUMNS}


def test_platforms_have_a_first_day_in_utc():
    for name, platform in PLATFORMS.items():
        assert name == platform.name == name.lower()
        assert platform.first_day.utcoffset().total_seconds() == 0
