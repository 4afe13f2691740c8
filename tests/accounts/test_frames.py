"""Frames of every library give the same records; what cannot be used is refused with all faults at once."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from botscan.accounts.frames import read_frame, whole_days
from botscan.accounts.table import AccountTable
from botscan.errors import SchemaError

SEEN = datetime(2024, 6, 1, tzinfo=UTC)

ROWS = [
    {"account_id": "9007199254740993", "handle": "Ana", "bio": "halo", "created_at": "2020-01-01T00:00:00Z", "followers_count": 5, "has_avatar": True, "platform": "twitter", "note": 1},
    {"account_id": "18446744073709551617", "handle": "null", "bio": "", "created_at": None, "followers_count": None, "has_avatar": None, "platform": "twitter", "note": 2},
    {"account_id": None, "handle": "NaN", "bio": None, "created_at": "2021-05-05T10:00:00Z", "followers_count": 0, "has_avatar": False, "platform": "twitter", "note": 3},
]  # fmt: skip


def texts(name):
    return [None if row[name] is None else str(row[name]) for row in ROWS]


def pandas_frame():
    return pd.DataFrame(
        {
            "account_id": pd.Series([row["account_id"] for row in ROWS], dtype=object),
            "handle": [row["handle"] for row in ROWS],
            "bio": [row["bio"] for row in ROWS],
            "created_at": pd.to_datetime([row["created_at"] for row in ROWS], utc=True),
            "followers_count": pd.array([row["followers_count"] for row in ROWS], dtype="Int64"),
            "has_avatar": pd.array([row["has_avatar"] for row in ROWS], dtype="boolean"),
            "platform": pd.Categorical([row["platform"] for row in ROWS]),
            "note": [1, 2, 3],
        }
    )


def variants():
    frame = pandas_frame()
    arrow = pa.Table.from_pylist(ROWS)
    polars = pl.DataFrame(ROWS)
    return {
        "list of dicts": ROWS,
        "tuple of dicts": tuple(ROWS),
        "dicts with keys left out": [{key: value for key, value in row.items() if value is not None} for row in ROWS],
        "pandas": frame,
        "pandas shouting": frame.rename(columns=str.upper).rename(columns=lambda name: f" {name} "),
        "pandas object": frame.astype(object),
        "pandas object with None": frame.astype(object).where(frame.notna(), None),
        "pandas strings": pd.DataFrame({name: pd.Series(texts(name), dtype="string") for name in ROWS[0]}),
        "pandas categorical": pd.DataFrame({name: pd.Categorical(texts(name)) for name in ROWS[0]}),
        "pandas float": frame.assign(followers_count=frame["followers_count"].astype("float64"), has_avatar=[1.0, np.nan, 0.0]),
        "pandas arrow": pd.DataFrame(frame).convert_dtypes(dtype_backend="pyarrow"),
        "pandas index": frame.set_index("account_id"),
        "pandas odd index": frame.set_axis([5, 5, 7]),
        "polars": polars,
        "polars dates": polars.with_columns(pl.col("created_at").str.to_datetime(time_zone="UTC")),
        "polars categorical": polars.with_columns(pl.col("platform").cast(pl.Categorical), pl.col("handle").cast(pl.Categorical)),
        "polars object": polars.with_columns(pl.Series("followers_count", [5, None, 0], dtype=pl.Object)),
        "arrow": arrow,
        "arrow batch": arrow.to_batches()[0],
        "arrow reader": arrow.to_reader(max_chunksize=2),
        "arrow chunks": pa.concat_tables([arrow.slice(0, 1), arrow.slice(1)]),
        "arrow dictionaries": pa.table({name: arrow[name].cast(pa.string()).dictionary_encode() for name in arrow.column_names}),
        "arrow doubles": arrow.set_column(4, "followers_count", pa.array([5.0, float("nan"), 0.0])),
        "stream": type("Stream", (), {"__arrow_c_stream__": lambda _, requested_schema=None: arrow.__arrow_c_stream__(requested_schema)})(),
    }  # fmt: skip


@pytest.mark.parametrize("name", variants())
def test_every_kind_of_frame_gives_the_same_accounts(name):
    wanted = AccountTable.from_frame(pa.Table.from_pylist(ROWS), observed_at=SEEN)
    found = AccountTable.from_frame(variants()[name], observed_at=SEEN)
    assert found.table.equals(wanted.table)
    assert found.platform == "twitter"
    assert [one.strip().lower() for one in found.report.ignored_columns] == ["note"]
    assert wanted.table["account_id"].to_pylist() == ["9007199254740993", "18446744073709551617", "@nan"]
    assert wanted.table["followers_count"].to_pylist() == [5, None, 0]
    assert wanted.table["bio_length"].to_pylist() == [4, 0, None]


@pytest.mark.parametrize(
    ("frame", "found"),
    [
        ("followers.csv", "builtins.str"),
        (None, "NoneType"),
        (42, "int"),
        ({"account_id": ["1"]}, "dict"),
        (pd.Series([1]), "Series"),
        (iter([{}]), "iterator"),
    ],
)
def test_what_is_no_frame_is_refused(frame, found):
    with pytest.raises(
        SchemaError, match=f"Wanted a pandas, polars or Arrow table, or a list of dicts, found .*{found}"
    ):
        read_frame(frame, platform="twitter", observed_at=None, source="mine")


def test_a_lazy_frame_says_what_to_call():
    with pytest.raises(SchemaError, match=r"\.collect\(\)"):
        read_frame(pl.DataFrame(ROWS).lazy(), platform=None, observed_at=None, source="mine")


def test_all_faults_at_once():
    frame = pa.table(
        [["x"], ["y"], [["z"]], [b"b"], [{"a": 1}]], names=["Bio", " bio", "location", "handle_length", "language"]
    )
    with pytest.raises(SchemaError) as caught:
        read_frame(frame, platform=None, observed_at=None, source="mine")
    assert {(fault.column, fault.code) for fault in caught.value.faults} == {
        ("bio", "column_twice"),
        ("location", "wrong_type"),
        ("handle_length", "wrong_type"),
        ("language", "wrong_type"),
        ("account_id", "no_identity"),
        ("platform", "platform_missing"),
    }
    text = str(caught.value)
    assert text.startswith("mine: 6 things keep this frame from being read")
    assert 'platform="twitter"' in text
    assert "instagram" in text


def test_one_fault_names_what_is_wanted():
    with pytest.raises(SchemaError, match=r"(?s)1 thing keeps.*platform: platform_missing; wanted one of twitter"):
        read_frame([{"account_id": "1"}], platform=None, observed_at=None, source="mine")


def test_no_canonical_name():
    frame = pd.DataFrame({**{f"column {i}": [1] for i in range(30)}, "folowers_count": [1], 5: [1]})
    with pytest.raises(
        SchemaError,
        match=r"None of the 32 columns has a canonical name. Found 'folowers_count'.* and 12 more.*botscan columns",
    ):
        read_frame(frame, platform="twitter", observed_at=None, source="mine")
    with pytest.raises(SchemaError, match="The frame of 2 rows has no columns"):
        read_frame(["1", "2"], platform="twitter", observed_at=None, source="mine")


def test_messages_hold_no_cell():
    canary = "Budi Kanari 3174000000000000"
    for frame in ([{"name": canary}], [canary], [{"account_id": [canary]}, {"bio": {"x": canary}}], [{"bio": canary}]):
        with pytest.raises(SchemaError) as caught:
            AccountTable.from_frame(frame)
        assert canary not in str(caught.value)


def test_platforms():
    rows = [
        {"account_id": str(i), "platform": name}
        for i, name in enumerate(["twitter"] * 3 + ["tiktok"] + [None], start=1)
    ]
    with pytest.raises(SchemaError, match=r"twitter \(3 rows\), tiktok \(1 rows\)"):
        AccountTable.from_frame(rows)
    kept = AccountTable.from_frame(rows, platform="X")
    assert kept.table["account_id"].to_pylist() == ["1", "2", "3", "5"]
    assert kept.table["platform"].to_pylist() == ["twitter"] * 4
    assert kept.report.reject_reasons == {"other_platform": 1}
    with pytest.raises(SchemaError, match="Wanted instagram"):
        AccountTable.from_frame(rows, platform="instagram")
    with pytest.raises(SchemaError, match="Did you mean tiktok"):
        AccountTable.from_frame(rows, platform="tiktk")
    assert AccountTable.from_frame([{"account_id": "1", "platform": "threads"}]).platform == "threads"
    with pytest.raises(SchemaError, match="platform_missing"):
        AccountTable.from_frame([{"account_id": "1", "platform": None}])


def test_items_that_are_no_records_are_rejected():
    accounts = AccountTable.from_frame(
        [{"account_id": 7}, None, "x", [1], {}, {"account_id": True}], platform="twitter"
    )
    assert accounts.report.reject_reasons == {"no_identity": 2, "not_an_object": 3}
    assert [one.row for one in accounts.report.rejected] == [2, 3, 4, 5, 6]


def test_values_of_the_wrong_type_are_blanked_and_counted():
    rows = [
        {"account_id": "1", "followers_count": [1], "bio": {"a": 1}, "created_at": True},
        {"account_id": "2", "followers_count": 4.567, "bio": 5, "created_at": "2020-01-01"},
        {"account_id": "3", "followers_count": "4.567", "bio": "\ud800", "created_at": 1565230583},
    ]
    accounts = AccountTable.from_frame(rows, platform="twitter")
    assert accounts.table["followers_count"].to_pylist() == [None, None, 4567]
    assert accounts.table["bio"].to_pylist() == [None, "5", "\ufffd"]
    assert {(note.column, note.code, note.count) for note in accounts.report.warnings} == {
        ("followers_count", "wrong_type", 1),
        ("followers_count", "not_a_count", 1),
        ("bio", "wrong_type", 1),
        ("bio", "text_repaired", 1),
        ("created_at", "wrong_type", 1),
    }


def test_date_order_is_decided_over_the_whole_column():
    rows = [{"account_id": str(i), "created_at": text} for i, text in enumerate(["3/4/2020", "25/12/2019"], start=1)]
    accounts = AccountTable.from_frame(rows, platform="twitter")
    assert accounts.table["created_at"].to_pylist()[0] == datetime(2020, 4, 3, tzinfo=UTC)
    undecided = AccountTable.from_frame(rows[:1], platform="twitter")
    assert [(note.code, note.count) for note in undecided.report.warnings] == [("date_order_unknown", 1)]


@pytest.mark.parametrize(
    "frame", [[], pd.DataFrame({"account_id": []}), pa.table({"account_id": pa.nulls(0)}), pl.DataFrame({"handle": []})]
)
def test_lists_without_rows_are_lists(frame):
    accounts = AccountTable.from_frame(frame, platform="tiktok", observed_at=SEEN)
    assert (accounts.n_accounts, accounts.platform, accounts.observed_at, accounts.report.rows_in) == (
        0,
        "tiktok",
        SEEN,
        0,
    )
    assert set(accounts.coverage().values()) == {0.0}
    assert accounts.evidence_level == 0


def test_observed_at_must_be_a_moment():
    with pytest.raises(SchemaError, match=r"observed_at wants a datetime, found str.*datetime\(2026"):
        AccountTable.from_frame(ROWS, observed_at="2024-06-01")


def test_many_rows_are_read_in_batches(monkeypatch):
    monkeypatch.setattr("botscan.accounts.frames._BATCH_ROWS", 2)
    rows = [{"followers_count": str(i)} for i in range(5)]
    accounts = AccountTable.from_frame(rows, platform="twitter")
    assert accounts.table["account_id"].to_pylist() == [f"row-{i}" for i in range(1, 6)]
    assert [(note.code, note.count) for note in accounts.report.warnings] == [("ids_made", 5)]


def test_bytes_that_are_no_text_are_repaired():
    raw = pa.array([b"a\xff", b"b"], pa.large_binary())
    broken = pa.Array.from_buffers(pa.large_string(), 2, raw.buffers())
    table = pa.table({"account_id": ["1", "2"], "bio": broken, "handle": broken})
    accounts = AccountTable.from_frame(table, platform="twitter")
    assert accounts.table["bio"].to_pylist() == ["a\ufffd", "b"]
    assert [(note.column, note.code, note.count) for note in accounts.report.warnings] == [
        ("handle", "text_repaired", 1),
        ("bio", "text_repaired", 1),
    ]


def test_numbers_that_arrow_does_not_know_keep_their_digits():
    frame = pl.DataFrame({"account_id": pl.Series([2**64 + 1, None], dtype=pl.Int128), "handle": ["a", "b"]})
    accounts = AccountTable.from_frame(frame, platform="instagram")
    assert set(accounts.table["account_id"].to_pylist()) == {"18446744073709551617", "@b"}


def test_a_platform_that_is_no_text_is_refused():
    with pytest.raises(SchemaError, match="platform is of type int, wanted text"):
        AccountTable.from_frame([{"account_id": "1"}], platform=5)


def test_days_beyond_all_calendars_do_not_wrap_round_to_days_that_can_be():
    for cells in (
        pa.array([2**31 - 1, -(2**31)], pa.date32()),
        pa.array([2**62, -(2**62)], pa.date64()),
        pa.array([2**62, -(2**62)], pa.date64()).dictionary_encode(),
    ):
        table = pa.table({"handle": ["a", "b"], "created_at": cells})
        accounts = AccountTable.from_frame(table, platform="instagram")
        assert accounts.table["created_at"].to_pylist() == [None, None]
        codes = {note.code for note in accounts.report.warnings}
        assert {"date_in_future", "date_before_platform"} <= codes


def test_the_last_millisecond_before_1970_is_of_the_day_before():
    assert whole_days(pa.array([-1, 0], pa.date64())).cast(pa.int32()).to_pylist() == [-1, 0]
