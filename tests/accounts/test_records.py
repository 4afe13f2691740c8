"""Typing a batch: one row out a record in, every fault counted, nothing merged."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts.records import make_records
from botscan.accounts.settings import CellSettings
from botscan.cells.instants import parse_instants
from botscan.errors import SchemaError
from botscan.reading_report import REJECT_REASONS
from botscan.schema import ACCOUNT_COLUMN, ACCOUNT_COLUMNS, MAX_COUNT, PLATFORMS

SEEN = datetime(2024, 6, 1, tzinfo=UTC)
TWITTER = CellSettings(platform="twitter", observed_at=SEEN)


def make(columns, cell_settings=TWITTER, **more):
    raw = pa.table(columns)
    return make_records(raw, row_numbers=np.arange(1, raw.num_rows + 1), settings=cell_settings, **more)


def test_every_column_is_typed_and_in_schema_order():
    raw = {column.name: pa.array([""], pa.string()) for column in reversed(ACCOUNT_COLUMNS)}
    table = make(raw | {"account_id": ["7"]}).table
    assert table.column_names == [column.name for column in ACCOUNT_COLUMNS]
    assert table.schema.types == [column.arrow_type for column in ACCOUNT_COLUMNS]


def test_one_record_in_every_column():
    records = make(
        {
            "account_id": [" 00071 "], "handle": ["@Ana_17"], "display_name": ["Ana  Maria"], "bio": ["Halo"],
            "location": [""], "website": ["https://example.org"], "language": [" id "],
            "created_at": ["8 Agustus 2019"], "last_post_at": ["Thu Aug 08 02:16:23 +0000 2019"],
            "followed_at": ["2020-01-01T00:00:00+07:00"], "follow_rank": ["3"], "followers_count": ["12,3 rb"],
            "following_count": ["1.234"], "posts_count": ["5"], "likes_given_count": ["-1"], "listed_count": ["x"],
            "is_verified": ["tidak"], "has_avatar": ["ya"], "account_status": ["Aktif"],
        }
    )  # fmt: skip
    assert records.table.to_pylist() == [
        {
            "account_id": "00071", "platform": "twitter", "handle": "Ana_17", "display_name": "Ana  Maria", "bio": "Halo",
            "location": None, "website": "https://example.org", "language": "id",
            "created_at": datetime(2019, 8, 8, tzinfo=UTC), "created_at_precision": "day", "observed_at": SEEN,
            "last_post_at": datetime(2019, 8, 8, 2, 16, 23, tzinfo=UTC),
            "followed_at": datetime(2019, 12, 31, 17, tzinfo=UTC), "follow_rank": 3, "followers_count": 12_300,
            "following_count": 1234, "posts_count": 5, "likes_given_count": None, "listed_count": None,
            "is_verified": False, "has_avatar": True, "has_website": True, "account_status": "active",
            "handle_length": 6, "handle_digits": 2, "handle_digit_ratio": 2 / 6, "bio_length": 4, "display_name_words": 2,
        }
    ]  # fmt: skip
    assert records.faults == {
        ("likes_given_count", "negative_count"): 1,
        ("listed_count", "not_a_count"): 1,
        ("followers_count", "count_rounded"): 1,
    }
    assert records.widest_rounding == {"followers_count": 50}


def test_only_columns_that_the_source_carries():
    table = make({"account_id": ["7"]}, CellSettings()).table
    assert table.column_names == ["account_id"]
    settled = CellSettings(platform="instagram", observed_at=SEEN)
    assert make({"account_id": ["7"]}, settled).table.column_names == ["account_id", "platform", "observed_at"]


def test_empty_and_unknown_texts():
    table = make({"account_id": ["1", "2", "3"], "bio": ["", None, "\\N"], "website": ["", None, "x"]}).table
    assert table["bio"].to_pylist() == [None, None, None]
    assert table["bio_length"].to_pylist() == [0, None, None]
    assert table["has_website"].to_pylist() == [False, None, True]


def test_the_word_null_is_a_name_and_no_place():
    names = ("handle", "display_name", "bio")
    others = ("location", "website", "language", "account_status")
    table = make({name: ["NULL"] for name in ("account_id", *names, *others)})
    assert [table.table[name][0].as_py() for name in names] == ["NULL"] * 3
    assert [table.table[name][0].as_py() for name in others] == [None] * 4
    assert table.table["has_website"].to_pylist() == [None]
    assert table.faults == {}


REASONS = {
    "fine": (None, "7", "Ana", "active", "twitter"),
    "by handle": (None, None, "Ana", None, None),
    "nobody": ("no_identity", "", "", "active", "twitter"),
    "damaged": ("id_damaged", "1.1E+18", None, "active", "twitter"),
    "damaged with handle": (None, "1.1E+18", "Ana", "active", "twitter"),
    "bad id": ("no_identity", "-5", None, "active", "twitter"),
    "gone": ("not_found", "7", "Ana", "not found", "twitter"),
    "gone without id": ("not_found", None, None, "not_found", "twitter"),
    "suspended": ("suspended", "7", "Ana", "Suspended", "twitter"),
    "deleted": ("deleted", "7", "Ana", "dihapus", "twitter"),
    "elsewhere": ("other_platform", "7", "Ana", "suspended", "tiktok"),
    "elsewhere without id": ("other_platform", None, None, None, "tiktok"),
}


def test_reasons_to_reject():
    rows = list(REASONS.values())
    records = make(
        {
            "account_id": pa.array([row[1] for row in rows]),
            "handle": pa.array([row[2] for row in rows]),
            "account_status": pa.array([row[3] for row in rows]),
            "platform": pa.array([row[4] for row in rows]),
            "bio": pa.array(["halo"] * len(rows)),
        }
    )
    assert records.reject_reasons.to_pylist() == [row[0] for row in rows]
    for row, record in zip(rows, records.table.to_pylist(), strict=True):
        assert (row[0] is None) == (record["account_id"] is not None)
        if row[0] is not None:
            assert set(record.values()) == {None}
    assert records.table["account_id"].to_pylist()[:5] == ["7", "@ana", None, None, "@ana"]
    assert records.platforms == {"twitter": 9, "tiktok": 2}
    assert records.faults == {("account_id", "id_damaged"): 1}
    assert records.gone_ids.to_pylist() == [
        {"gone": "7", "suspended": "7", "deleted": "7"}.get(name) for name in REASONS
    ]


def test_rows_that_the_reader_rejected_count_for_nothing():
    given = pa.array(["bad_json", None], pa.string())
    rows = {("bio", "text_repaired"): np.array([True, True])}
    records = make({"account_id": ["x", "y"], "posts_count": ["-1", "-1"]}, reject_reasons=given, faults=rows)
    assert records.reject_reasons.to_pylist() == ["bad_json", "no_identity"]
    assert records.faults == {}
    living = make({"account_id": ["1", "2"], "posts_count": ["-1", "-1"]}, reject_reasons=given, faults=rows)
    assert living.faults == {
        ("posts_count", "negative_count"): 1,
        ("bio", "text_repaired"): 1,
    }
    counted = make({"account_id": ["1", "2"]}, faults={("bio", "text_repaired"): 7})
    assert counted.faults["bio", "text_repaired"] == 7


def test_bad_rows_change_nothing_for_good_ones():
    good = {"account_id": ["1", "2", "3"], "created_at": ["2020-01-01"] * 3, "followers_count": ["1", "2 rb", "1.234"]}
    mixed = {
        "account_id": ["1", "1E9", "2", "", "3"],
        "created_at": ["2020-01-01", "soon", "2020-01-01", "1/2/2020", "2020-01-01"],
        "followers_count": ["1", "\x00", "2 rb", "inf", "1.234"],
    }
    clean, dirty = make(good), make(mixed)
    assert dirty.table.filter(dirty.reject_reasons.is_null()).equals(clean.table)
    assert dirty.faults == clean.faults


def test_rows_without_identity_are_named_by_number():
    raw = pa.table({"followers_count": ["1", "2"]})
    records = make_records(raw, row_numbers=np.array([41, 42]), settings=TWITTER)
    assert records.table["account_id"].to_pylist() == ["row-41", "row-42"]
    assert records.faults == {("account_id", "ids_made"): 2}


def test_the_moment_a_row_was_seen():
    columns = {"account_id": ["@1", "@2"], "observed_at": ["2024-01-01", ""], "created_at": ["2024-03-01"] * 2}
    table = make(columns).table
    assert table["observed_at"].to_pylist() == [datetime(2024, 1, 1, tzinfo=UTC), SEEN]
    assert table["created_at"].is_valid().to_pylist() == [False, True]
    without = make(columns, CellSettings(platform="twitter"))
    assert without.table["observed_at"].to_pylist() == [datetime(2024, 1, 1, tzinfo=UTC), None]


def test_precision_is_what_the_source_says_else_what_the_form_shows():
    columns = {
        "account_id": ["@1", "@2", "@3", "@4", "@5"],
        "created_at": ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2020-01-01", "soon", "2020-01-01"],
        "created_at_precision": ["day", "", "unknown", "day", "eon"],
    }
    records = make(columns)
    assert records.table["created_at_precision"].to_pylist() == ["day", "second", "unknown", None, "day"]
    assert records.faults == {("created_at", "bad_date"): 1, ("created_at_precision", "unknown_word"): 1}
    alone = make({"handle": ["ani"], "created_at_precision": ["day"]})
    assert "created_at_precision" not in alone.table.column_names


def test_settings_reach_the_dates():
    columns = {"account_id": ["1"], "created_at": ["3/4/2020"], "followed_at": ["2020-01-01 07:00:00"]}
    settled = CellSettings(platform="twitter", date_orders={"created_at": "mdy"}, tz="WIB")
    table = make(columns, settled).table
    assert table["created_at"].to_pylist() == [datetime(2020, 3, 4, tzinfo=UTC)]
    assert table["followed_at"].to_pylist() == [datetime(2020, 1, 1, tzinfo=UTC)]
    open_question = make(columns)
    assert open_question.faults == {
        ("created_at", "date_order_unknown"): 1,
        ("followed_at", "timezone_assumed"): 1,
    }


def test_several_platforms_without_a_choice():
    columns = {"account_id": ["1", "UCabc", "x"], "platform": ["X", "youtube", None]}
    records = make(columns, CellSettings())
    assert records.table["platform"].to_pylist() == ["twitter", "youtube", None]
    assert records.reject_reasons.null_count == 3
    assert records.platforms == {"twitter": 1, "youtube": 1}


def test_other_columns_are_refused():
    with pytest.raises(SchemaError, match="username: not_canonical"):
        make({"account_id": ["1"], "username": ["x"]})


def test_no_rows():
    records = make(
        {
            "account_id": pa.array([], pa.string()),
            "bio": pa.array([], pa.string()),
            "platform": pa.array([], pa.string()),
        }
    )
    assert len(records) == 0
    assert records.faults == {}
    assert records.platforms == {}


CELL = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.sampled_from(["7", "1.1E+18", "12,3 rb", "2020-01-01", "ya", "not_found", "x", "tiktok"]),
)
NAMES = [column.name for column in ACCOUNT_COLUMNS]


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=8).flatmap(
        lambda names: st.lists(st.fixed_dictionaries(dict.fromkeys(names, CELL)), max_size=6)
    ),
    st.sampled_from([*PLATFORMS, None]),
)
def test_any_cells(rows, platform):
    names = list(rows[0]) if rows else ["account_id"]
    columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in names}
    records = make(columns, CellSettings(platform=platform, observed_at=SEEN))
    assert len(records) == len(rows)
    assert set(records.reject_reasons.drop_null().to_pylist()) <= set(REJECT_REASONS)
    assert records.table["account_id"].is_valid().to_pylist() == records.reject_reasons.is_null().to_pylist()
    for name in records.table.column_names:
        column = ACCOUNT_COLUMN[name]
        assert records.table[name].type == column.arrow_type
        values = [value for value in records.table[name].to_pylist() if value is not None]
        if column.kind == "count":
            assert all(0 <= value <= MAX_COUNT for value in values)
        if column.kind == "ratio":
            assert all(0 <= value <= 1 for value in values)
    again = make_records(
        records.table, row_numbers=records.row_numbers, settings=CellSettings(platform=platform, observed_at=SEEN)
    )
    living = pa.compute.is_null(records.reject_reasons)
    for name in records.table.column_names:
        if name == "handle" or name.startswith("handle_"):
            continue  # "@@x" is shown as "@x", and read again as "x"
        assert again.table[name].filter(living).equals(records.table[name].filter(living)), name


def test_typed_columns_equal_their_text():
    texts = {
        "account_id": pa.array(["1", "2", None]),
        "handle": pa.array(["a", "b", "c"]),
        "created_at": pa.array(["2020-01-01T00:00:00Z", None, "2021-01-01T05:00:00Z"]),
        "followers_count": pa.array(["1", None, "3"]),
        "has_avatar": pa.array(["true", "false", None]),
    }
    typed = {
        **texts,
        "account_id": pa.array([1, 2, None], pa.int64()),
        "created_at": parse_instants(texts["created_at"]).values,
        "followers_count": pa.array([1.0, float("nan"), 3.0]),
        "has_avatar": pa.array([True, False, None]),
    }
    assert make(typed).table.equals(make(texts).table)
