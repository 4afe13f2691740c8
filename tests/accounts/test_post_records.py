"""PostRecords: one batch of posts, typed row by row, nothing merged."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts.post_records import make_posts
from botscan.accounts.settings import CellSettings
from botscan.errors import SchemaError
from botscan.schema import POST_COLUMNS

SEEN = datetime(2026, 6, 30, tzinfo=UTC)
#: By the rule of the platform 2018-05-25 13:05:53.758 UTC.
SNOWFLAKE = "1000000000000000000"


def posts(columns, *, platform="twitter", seen=SEEN, **more):
    raw = pa.table({name: pa.array(cells, pa.large_string()) for name, cells in columns.items()})
    numbers = np.arange(1, raw.num_rows + 1)
    return make_posts(raw, row_numbers=numbers, settings=CellSettings(platform, seen), **more)


def test_only_columns_of_the_source_and_the_two_ids_in_schema_order():
    found = posts({"text": ["halo"], "post_id": ["5"]})
    assert found.table.column_names == ["account_id", "post_id", "text"]
    assert found.table["account_id"].to_pylist() == [None]


def test_repeats_stay_and_nothing_is_sorted():
    found = posts({"post_id": ["9", "5", "9"], "likes_count": ["1", "2", "3"]})
    assert found.table["post_id"].to_pylist() == ["9", "5", "9"]
    assert found.table["likes_count"].to_pylist() == [1, 2, 3]


def test_a_post_is_told_by_its_id_its_date_or_its_words():
    found = posts(
        {
            "post_id": ["5", "", "", "", "1.1E+18", "1.1E+18"],
            "posted_at": ["", "2024-05-01", "", "", "", "2024-05-01"],
            "text": ["", "", "halo", "", "", ""],
        }
    )
    assert found.reject_reasons.to_pylist() == [None, None, None, "no_identity", "id_damaged", None]


def test_a_missing_date_comes_from_the_id_and_a_stated_one_stays():
    found = posts(
        {"post_id": [SNOWFLAKE, SNOWFLAKE, "5"], "posted_at": ["", "2024-05-01T00:00:00Z", ""], "text": ["a"] * 3}
    )
    dates = found.table["posted_at"].to_pylist()
    assert dates[0].isoformat(timespec="minutes") == "2018-05-25T13:05+00:00"
    assert dates[1:] == [datetime(2024, 5, 1, tzinfo=UTC), None]
    assert found.faults["posted_at", "posted_at_from_id"] == 1


@pytest.mark.parametrize(
    ("platform", "seen", "is_dated"),
    [
        ("twitter", SEEN, True),
        ("twitter", None, True),
        ("twitter", datetime(2018, 1, 1, tzinfo=UTC), False),
        ("instagram", SEEN, False),
        (None, SEEN, False),
    ],
)
def test_ids_date_posts_only_on_platforms_whose_ids_do_and_not_into_the_future(platform, seen, is_dated):
    found = posts({"post_id": [SNOWFLAKE]}, platform=platform, seen=seen)
    assert ("posted_at" in found.table.column_names) is is_dated


def test_an_owner_fills_only_the_rows_that_name_nobody():
    columns = {"post_id": ["1", "2", "3"], "account_id": ["7", "", "1.1E+18"]}
    found = posts(columns, account_id="99")
    assert found.table["account_id"].to_pylist() == ["7", "99", None]
    assert found.faults["account_id", "post_account_filled"] == 1
    assert found.faults["account_id", "post_account_unknown"] == 1
    assert posts({"post_id": ["1"]}, account_id="@Toko").table["account_id"].to_pylist() == ["@toko"]


def test_ids_of_posts_are_numbers_only_where_the_platform_counts_them():
    assert posts({"post_id": ["CxYz_-1"]}, platform="instagram").table["post_id"].to_pylist() == ["CxYz_-1"]
    assert posts({"post_id": ["CxYz_-1"], "text": ["a"]}).table["post_id"].to_pylist() == [None]


def test_unknown_stays_unknown_and_an_empty_text_is_a_post_without_words():
    found = posts({"post_id": ["1", "2"], "text": ["", None], "likes_count": ["", "0"], "is_repost": ["", "tidak"]})
    assert found.table["text"].to_pylist() == ["", None]
    assert found.table["likes_count"].to_pylist() == [None, 0]
    assert found.table["is_repost"].to_pylist() == [None, False]


def test_cells_of_rejected_posts_count_for_nothing():
    columns = {"post_id": ["1", "2"], "likes_count": ["x", "y"], "views_count": ["1,1 jt", "2"]}
    found = posts(columns, reject_reasons=pa.array(["bad_json", None], pa.string()), lines=np.array([3, 8]))
    assert found.reject_reasons.to_pylist() == ["bad_json", None]
    assert found.faults["likes_count", "not_a_count"] == 1
    assert not found.widest_rounding
    assert found.lines.tolist() == [3, 8]


def test_other_columns_are_refused_and_no_rows_are_fine():
    with pytest.raises(SchemaError, match="not canonical"):
        posts({"post_id": ["1"], "handle": ["x"]})
    assert len(posts({"post_id": []})) == 0


@settings(deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({column.name: st.none() | st.text(max_size=8) for column in POST_COLUMNS}), max_size=5
    ),
    st.sampled_from(["twitter", "tiktok", "instagram", None]),
)
def test_any_cells_are_a_post_or_rejected(rows, platform):
    found = posts({column.name: [row[column.name] for row in rows] for column in POST_COLUMNS}, platform=platform)
    assert len(found) == len(rows)
    for reason, post_id, moment, text in zip(
        found.reject_reasons.to_pylist(),
        *(found.table[name].to_pylist() for name in ("post_id", "posted_at", "text")),
        strict=True,
    ):
        assert (reason is None) == (post_id is not None or moment is not None or bool(text))
