from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from botscan.errors import SchemaError
from botscan.features.columns import Columns

SEEN = datetime(2024, 5, 1, tzinfo=UTC)
INSTANT = pa.timestamp("us", tz="UTC")


def ages(created, observed, kind=INSTANT):
    table = pa.table({"created_at": pa.array(created, kind), "observed_at": pa.array(observed, kind)})
    return Columns(table).age_days().tolist()


@pytest.mark.parametrize("kind", [pa.int64(), pa.int32(), pa.uint64(), pa.float64()])
def test_counts_are_float64_with_nan(kind):
    found = Columns(pa.table({"posts_count": pa.array([0, None, 7], kind)})).count("posts_count")
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, [0, np.nan, 7])


def test_counts_without_nulls_are_float64_too():
    found = Columns(pa.table({"posts_count": [10**12, 3]})).count("posts_count")
    assert found.dtype == np.float64
    assert found.tolist() == [1e12, 3]


def test_flags_are_one_zero_nan():
    found = Columns(pa.table({"has_geo": [True, False, None]})).flag("has_geo")
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, [1, 0, np.nan])


def test_an_absent_column_reads_like_one_of_nulls():
    absent, null = (
        Columns(pa.table({"x": [1, 2]})),
        Columns(pa.table({name: pa.nulls(2) for name in ("posts_count", "has_geo", "bio", "created_at")})),
    )
    for columns in (absent, null):
        assert np.isnan(columns.count("posts_count")).tolist() == [True, True]
        assert np.isnan(columns.flag("has_geo")).tolist() == [True, True]
        assert np.isnan(columns.age_days()).tolist() == [True, True]
        assert columns.text("bio").is_valid.tolist() == [False, False]


def test_slices_and_chunks_keep_their_rows():
    table = pa.concat_tables(
        [
            pa.table({"posts_count": [1, None], "has_geo": [True, None], "bio": ["a", None]}),
            pa.table({"posts_count": [3, 4], "has_geo": [None, False], "bio": ["é", "d"]}),
        ]
    )
    columns = Columns(table.slice(1, 2))
    np.testing.assert_array_equal(columns.count("posts_count"), [np.nan, 3])
    np.testing.assert_array_equal(columns.flag("has_geo"), [np.nan, np.nan])
    assert columns.text("bio").data.tobytes().decode() == "é"
    assert len(columns) == 2


def test_record_batches_are_read_like_tables():
    batch = pa.record_batch({"posts_count": [1, 2], "bio": ["a", "b"]})
    columns = Columns(batch.slice(1))
    assert columns.count("posts_count").tolist() == [2]
    assert columns.text("bio").data.tobytes() == b"b"


def test_text_may_be_chunks_of_different_dictionaries():
    chunks = pa.chunked_array([pa.array(["a", "b"]).dictionary_encode(), pa.array(["c"]).dictionary_encode()])
    assert Columns(pa.table({"bio": chunks})).text("bio").data.tobytes() == b"abc"


def test_age_in_days():
    created = [
        SEEN,
        SEEN - timedelta(days=1),
        SEEN - timedelta(hours=6),
        SEEN - timedelta(days=7000, microseconds=1),
        None,
        SEEN,
    ]
    observed = [SEEN, SEEN, SEEN, SEEN, SEEN, None]
    np.testing.assert_array_equal(ages(created, observed), [0, 1, 0.25, 7000 + 1 / 86_400_000_000, np.nan, np.nan])


def test_an_account_made_within_a_day_after_it_was_seen_is_new_and_later_is_not_believed():
    created = [SEEN + timedelta(hours=1), SEEN + timedelta(days=1), SEEN + timedelta(days=1, microseconds=1)]
    np.testing.assert_array_equal(ages(created, [SEEN] * 3), [0, 0, np.nan])


def test_an_age_needs_both_instants_even_before_1970():
    assert np.isnan(ages([datetime(1950, 1, 1, tzinfo=UTC), None], [None, SEEN])).all()


@pytest.mark.parametrize(
    "kind",
    [
        pa.timestamp("s", tz="UTC"),
        pa.timestamp("ms"),
        pa.timestamp("ns", tz="UTC"),
        pa.timestamp("us", tz="Asia/Jakarta"),
    ],
)
def test_age_does_not_hang_on_the_unit_or_zone_of_instants(kind):
    days = 10
    observed = pa.array([SEEN], INSTANT).cast(kind)
    created = pa.array([SEEN - timedelta(days=days)], INSTANT).cast(kind)
    assert Columns(pa.table({"created_at": created, "observed_at": observed})).age_days().tolist() == [days]


@pytest.mark.parametrize(
    ("read", "found", "wanted"),
    [
        (lambda columns: columns.count("x"), pa.array(["7"]), "a number"),
        (lambda columns: columns.count("x"), pa.array([True]), "a number"),
        (lambda columns: columns.flag("x"), pa.array([1]), "a flag"),
        (lambda columns: columns.flag("x"), pa.array(["true"]), "a flag"),
        (lambda columns: columns.text("x"), pa.array([7]), "text"),
    ],
)
def test_a_wrong_type_names_the_column_and_what_was_wanted(read, found, wanted):
    with pytest.raises(SchemaError, match=f"column 'x': The column holds {found.type}, wanted {wanted}.*read_accounts"):
        read(Columns(pa.table({"x": found})))


def test_an_instant_of_a_wrong_type_is_refused():
    with pytest.raises(SchemaError, match="column 'created_at': The column holds int64, wanted an instant"):
        Columns(pa.table({"created_at": [1]})).age_days()


def test_each_column_is_decoded_once():
    columns = Columns(pa.table({"posts_count": [1], "bio": ["a"], "has_geo": [True]}))
    assert columns.count("posts_count") is columns.count("posts_count")
    assert columns.text("bio") is columns.text("bio")
    assert columns.flag("has_geo") is columns.flag("has_geo")
    assert columns.age_days() is columns.age_days()
