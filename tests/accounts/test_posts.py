"""PostTable: every post once, every row accounted for, dates from ids only where the source has none."""

import copy
import pickle
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts.posts import PostTable, make_posts
from botscan.accounts.settings import CellSettings
from botscan.errors import SchemaError
from botscan.reading_report import ReadingReport, RejectedRow
from botscan.schema import COLUMNS_OF

SEEN = datetime(2024, 6, 1, tzinfo=UTC)
#: 2018-05-25 13:05:53.758 UTC, by the rule of the platform.
SNOWFLAKE = "1000000000000000000"


def batch(rows, start=1, *, platform="twitter", **more):
    raw = pa.Table.from_pylist(rows)
    return make_posts(
        raw,
        row_numbers=np.arange(start, start + raw.num_rows),
        settings=CellSettings(platform=platform, observed_at=SEEN),
        **more,
    )


def codes(report):
    return {(note.code, note.column): note.count for note in report.warnings}


def test_every_column_is_typed():
    posts = PostTable.from_records(
        [
            batch(
                [
                    {
                        "account_id": " 18446744073709551617 ", "post_id": "1790000000000000001", "posted_at": "17 Mei 2024 pukul 09.01 WIB",
                        "text": "Halo\x00 semua", "language": "id", "source_app": "Aplikasi Contoh", "likes_count": "1,2 rb",
                        "comments_count": "4.567", "reposts_count": "0", "views_count": "-", "is_repost": "tidak", "is_reply": "",
                    }
                ]
            )
        ],
        source="list",
        format="test",
    )  # fmt: skip
    assert posts.table.to_pylist() == [
        {
            "account_id": "18446744073709551617", "post_id": "1790000000000000001",
            "posted_at": datetime(2024, 5, 17, 2, 1, tzinfo=UTC), "text": "Halo semua", "language": "id",
            "source_app": "Aplikasi Contoh", "likes_count": 1200, "comments_count": 4567, "reposts_count": 0,
            "views_count": None, "is_repost": False, "is_reply": None,
        }
    ]  # fmt: skip
    assert list(posts.table.column_names) == list(COLUMNS_OF["posts"])
    assert codes(posts.report) == {("nul_removed", "text"): 1, ("count_rounded", "likes_count"): 1}
    assert posts.report.warnings[-1].numbers == {"half_width": 50}
    assert posts.report.rounded == {"likes_count": 50}


def test_long_texts_are_cut_at_a_hundred_thousand():
    posts = PostTable.from_frame([{"post_id": "1", "text": "a" * 100_001}, {"post_id": "2", "text": "b" * 100_000}])
    assert [len(text) for text in posts.table["text"].to_pylist()] == [100_000, 100_000]
    assert codes(posts.report)["text_cut", "text"] == 1


@pytest.mark.parametrize(
    ("platform", "post_id", "posted_at"),
    [
        ("twitter", SNOWFLAKE, datetime(2018, 5, 25, 13, 5, 53, 758000, tzinfo=UTC)),
        ("twitter", "20", None),
        ("tiktok", "7000000000000000000", datetime(2021, 8, 24, 14, 15, 5, tzinfo=UTC)),
        ("instagram", "7000000000000000000", None),
        (None, SNOWFLAKE, None),
        ("twitter", str((1_800_000_000_000 - 1_288_834_974_657) << 22), None),  # in 2027, after the list was seen
    ],
)
def test_dates_come_from_ids_where_they_are_missing(platform, post_id, posted_at):
    posts = PostTable.from_records(
        [batch([{"post_id": post_id, "posted_at": ""}], platform=platform)], source="list", format="test"
    )
    assert posts.table["posted_at"].to_pylist() == [posted_at]
    assert codes(posts.report).get(("posted_at_from_id", "posted_at"), 0) == (posted_at is not None)


def test_a_stated_date_stays_and_a_column_of_dates_is_made_where_there_was_none():
    stated = PostTable.from_frame([{"post_id": SNOWFLAKE, "posted_at": "2020-01-01"}], platform="twitter")
    assert stated.table["posted_at"].to_pylist() == [datetime(2020, 1, 1, tzinfo=UTC)]
    made = PostTable.from_frame(
        [{"post_id": SNOWFLAKE, "text": "a"}, {"post_id": "20", "text": "b"}], platform="twitter"
    )
    assert [at and at.year for at in made.table["posted_at"].to_pylist()] == [2018, None]
    none = PostTable.from_frame([{"post_id": "20", "text": "b"}], platform="twitter")
    assert "posted_at" not in none.table.column_names


def test_a_record_that_nothing_tells_from_others_is_rejected():
    rows = [
        {"post_id": "", "posted_at": "", "text": "", "likes_count": "5"},
        {"post_id": "", "posted_at": "2024-05-01", "text": None},
        {"post_id": None, "posted_at": None, "text": "Halo"},
        {"post_id": "1.1E+18", "posted_at": "", "text": ""},
        {"post_id": "1.1E+18", "posted_at": "", "text": "ada teks"},
        {"post_id": "abc", "posted_at": "kapan", "text": None},
        {"post_id": "7", "posted_at": "", "text": ""},
    ]
    posts = PostTable.from_records([batch(rows, lines=np.arange(2, 9))], source="list", format="test")
    assert posts.report.reject_reasons == {"no_identity": 2, "id_damaged": 1}
    assert posts.report.rejected == (
        RejectedRow(1, "no_identity", 2, "post_id"),
        RejectedRow(4, "id_damaged", 5, "post_id"),
        RejectedRow(6, "no_identity", 7, "post_id"),
    )
    assert posts.table["text"].to_pylist() == [None, "Halo", "ada teks", ""]
    assert codes(posts.report)["id_left_empty", "post_id"] == 1
    assert (posts.report.rows_in, posts.n_posts) == (7, 4)


def test_reasons_of_the_reader_come_first_and_their_cells_are_not_counted():
    rows = [{"post_id": "7", "likes_count": "viele"}, {"post_id": "8", "likes_count": "many"}]
    reasons = pa.array(["bad_json", None])
    posts = PostTable.from_records([batch(rows, reject_reasons=reasons)], source="list", format="test")
    assert posts.report.reject_reasons == {"bad_json": 1}
    assert codes(posts.report)["not_a_count", "likes_count"] == 1


def test_rejected_rows_name_their_file():
    rows = [{"post_id": ""}, {"post_id": "7"}, {"post_id": ""}]
    posts = PostTable.from_records([batch(rows)], source="list", format="test", parts=[(1, "a.json"), (3, "b.json")])
    assert [(one.row, one.file) for one in posts.report.rejected] == [(1, "a.json"), (3, "b.json")]


def test_post_ids_are_numbers_only_where_the_platform_makes_them_so():
    rows = [{"post_id": "CsAbC-_1xyz", "text": "a"}]
    assert PostTable.from_frame(rows, platform="instagram").table["post_id"].to_pylist() == ["CsAbC-_1xyz"]
    assert PostTable.from_frame(rows, platform="twitter").table["post_id"].to_pylist() == [None]


@pytest.mark.parametrize(
    ("owner", "wanted"),
    [("42", "42"), ("@Kementerian", "@kementerian"), ("Kementerian", "@kementerian"), (None, None), ("\ud800", None), ("1.1E+18", None)],
)  # fmt: skip
def test_posts_without_account_are_those_of_the_owner(owner, wanted):
    rows = [
        {"post_id": "1", "account_id": ""},
        {"post_id": "2", "account_id": "7"},
        {"post_id": "3", "account_id": "9.9E+17"},  # somebody, but who?
    ]
    posts = PostTable.from_records([batch(rows, account_id=owner)], source="list", format="test")
    assert posts.table["account_id"].to_pylist() == [wanted, "7", None]
    noted = codes(posts.report)
    assert noted.get(("post_account_filled", "account_id"), 0) == (wanted is not None)
    assert noted["post_account_unknown", "account_id"] == 1 + (wanted is None)
    assert noted["id_left_empty", "account_id"] == 1


def test_an_owner_fills_where_there_is_no_column_and_not_where_a_cell_was_no_id():
    posts = PostTable.from_frame([{"post_id": 1}, {"post_id": 2}], platform="twitter", account_id="42")
    assert posts.table["account_id"].to_pylist() == ["42", "42"]
    odd = PostTable.from_frame([{"post_id": 1, "account_id": ["a"]}], platform="twitter", account_id="42")
    assert odd.table["account_id"].to_pylist() == [None]
    assert odd.n_accounts == 0


REPEATED = [
    {"post_id": "1", "text": "a", "likes_count": "5", "views_count": ""},
    {"post_id": "1", "text": "a", "likes_count": "3", "views_count": "10"},
    {"post_id": "2", "text": "b", "likes_count": "1", "views_count": "1"},
    {"post_id": "1", "text": "a", "likes_count": "7", "views_count": "10"},
    {"post_id": "", "text": "a", "likes_count": "7", "views_count": "10"},
    {"post_id": "", "text": "a", "likes_count": "7", "views_count": "10"},
]


def test_the_fullest_and_then_largest_record_of_a_post_is_kept():
    posts = PostTable.from_frame(REPEATED, platform="twitter")
    assert posts.table["post_id"].to_pylist() == ["1", "2", None, None]
    assert posts.table["likes_count"].to_pylist() == [7, 1, 7, 7]
    assert (posts.report.rows_in, posts.report.accounts, posts.report.duplicates_merged) == (6, 4, 2)
    assert codes(posts.report)["posts_merged", None] == 2
    assert codes(posts.report)["posts_in_conflict", None] == 2


def test_the_order_of_rows_and_the_cut_into_batches_never_matter():
    random = np.random.default_rng(3)
    rows = [
        {"post_id": str(int(random.integers(1, 15))), "text": str(random.choice(["a", "b", ""])), "likes_count": str(random.choice(["", "1", "2"])), "account_id": str(random.choice(["7", "8", ""]))}
        for _ in range(60)
    ]  # fmt: skip
    by_id = [("post_id", "ascending")]
    wanted = PostTable.from_records([batch(rows)], source="list", format="test")
    assert wanted.report.duplicates_merged > 30
    for _ in range(100):
        order = random.permutation(60)
        cut = int(random.integers(1, 59))
        shuffled = [rows[place] for place in order]
        found = PostTable.from_records(
            [batch(shuffled[:cut]), batch(shuffled[cut:], cut + 1)], source="list", format="test"
        )
        assert found.table.sort_by(by_id).equals(wanted.table.sort_by(by_id))
        assert found.report.warnings == wanted.report.warnings


def test_ids_that_differ_as_text_are_never_one_post():
    ids = [str(number) for base in (2**53, 2**63, 2**64, 10**20) for number in range(base - 3, base + 4)]
    posts = PostTable.from_frame([{"post_id": one} for one in ids], platform="instagram")
    assert posts.table["post_id"].to_pylist() == ids


def variants():
    rows = [
        {"account_id": "7", "post_id": "9007199254740993", "posted_at": "2024-05-01T00:00:00Z", "text": "Halo", "likes_count": 5, "is_reply": True},
        {"account_id": "8", "post_id": "18446744073709551617", "posted_at": None, "text": "", "likes_count": None, "is_reply": None},
    ]  # fmt: skip
    frame = pd.DataFrame(rows).astype({"likes_count": "Int64", "is_reply": "boolean"})
    return {
        "dicts": rows,
        "keys left out": [{key: value for key, value in row.items() if value is not None} for row in rows],
        "arrow": pa.Table.from_pylist(rows),
        "polars": pl.DataFrame(rows),
        "pandas": frame,
        "pandas shouting": frame.rename(columns=str.upper),
        "pandas index": frame.set_index("post_id"),
        "pandas dates": frame.assign(posted_at=pd.to_datetime(frame["posted_at"], utc=True)),
    }


@pytest.mark.parametrize("name", variants())
def test_frames_of_every_library_give_the_same_posts(name):
    variant = PostTable.from_frame(variants()[name], platform="twitter", observed_at=SEEN)
    wanted = PostTable.from_frame(variants()["dicts"], platform="twitter", observed_at=SEEN)
    assert variant.table.equals(wanted.table)
    assert variant.table["text"].to_pylist() == ["Halo", ""]
    assert variant.observed_at == SEEN


def test_platform_column_and_other_columns():
    rows = [{"post_id": "1", "platform": "X", "note": "a"}, {"post_id": "2", "platform": "tiktok"}, 5]
    posts = PostTable.from_frame(rows, platform="twitter")
    assert posts.platform == "twitter"
    assert posts.report.reject_reasons == {"not_an_object": 1, "other_platform": 1}
    assert posts.report.ignored_columns == ("note",)
    assert PostTable.from_frame(rows[:1]).platform == "twitter"
    with pytest.raises(SchemaError, match="Wanted one platform"):
        PostTable.from_frame(rows)
    with pytest.raises(SchemaError, match="not known"):
        PostTable.from_frame(rows[:1], platform="friendster")


@pytest.mark.parametrize(
    "frame",
    [
        [{"likes_count": 5}],
        pd.DataFrame({"a": [1]}),
        pa.table({"post_id": [["1"]]}),
        pa.table({"post_id": [b"1"]}),
        pd.DataFrame([[1, 2]], columns=["post_id", "POST_ID"]),
        "posts.csv",
        {"post_id": "1"},
        None,
    ],
)
def test_frames_that_cannot_be_posts_are_refused(frame):
    with pytest.raises(SchemaError):
        PostTable.from_frame(frame)


def test_a_wrong_observed_at_is_refused():
    with pytest.raises(SchemaError, match="observed_at"):
        PostTable.from_frame([], observed_at="2024-01-01")


def test_columns_that_are_not_canonical_are_refused():
    with pytest.raises(SchemaError, match="not_canonical"):
        batch([{"post_id": "1", "handle": "a"}])


@pytest.mark.parametrize("frame", [[], pd.DataFrame(), pa.table({"post_id": pa.array([], pa.string())})])
def test_empty_sources_are_empty_tables(frame):
    posts = PostTable.from_frame(frame, platform="twitter")
    assert (posts.n_posts, posts.n_accounts, posts.report.rows_in) == (0, 0, 0)
    assert posts.table.column_names == ["account_id", "post_id"]
    assert (posts.first_posted_at, posts.last_posted_at) == (None, None)
    assert PostTable.from_records([], source="list", format="test").n_posts == 0
    assert len(posts.to_frame()) == 0


def test_what_is_known_about_posts():
    rows = [
        {"account_id": "7", "post_id": "1", "posted_at": "2024-05-01", "text": "rahasia"},
        {"account_id": "7", "post_id": "2", "posted_at": "2024-05-03", "text": None},
        {"account_id": "", "post_id": "3", "posted_at": "", "text": None},
    ]
    posts = PostTable.from_frame(rows, platform="instagram", observed_at=SEEN)
    assert (len(posts), posts.n_posts, posts.n_accounts) == (3, 3, 1)
    assert posts.first_posted_at == datetime(2024, 5, 1, tzinfo=UTC)
    assert posts.last_posted_at == datetime(2024, 5, 3, tzinfo=UTC)
    told = posts.to_dict()
    assert told["reading"]["posts"] == 3
    assert "accounts" not in told["reading"]
    assert told["last_posted_at"] == "2024-05-03T00:00:00Z"
    assert told["reading"]["coverage"] == {
        "account_id": 0.666667,
        "post_id": 1.0,
        "posted_at": 0.666667,
        "text": 0.333333,
    }
    assert "rahasia" not in posts.to_json() + repr(posts)
    coverage = posts.coverage()
    assert (coverage.has("posted_at"), coverage.has("text"), coverage.evidence_level) == (True, False, 4)
    assert pickle.loads(pickle.dumps(coverage)) == copy.deepcopy(coverage) == coverage
    assert type(pickle.loads(pickle.dumps(coverage))) is type(coverage)


def test_frames_out_keep_unknown_unknown():
    frame = PostTable.from_frame([{"post_id": "1", "likes_count": None, "is_reply": None, "text": None}]).to_frame()
    assert frame["likes_count"].isna().tolist() == [True]
    assert frame["is_reply"].isna().tolist() == [True]
    assert frame.loc[0, "post_id"] == "1"


def test_a_post_table_holds_what_it_says():
    report = ReadingReport("test", 1, 1)
    with pytest.raises(ValueError, match="canonical columns"):
        PostTable(pa.table({"post_id": pa.array(["1"], pa.large_string())}), None, None, "list", report)
    good = PostTable.from_frame([{"post_id": "1"}])
    with pytest.raises(ValueError, match="1 posts"):
        PostTable(good.table, None, None, "list", ReadingReport("test", 0, 0))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20) | st.datetimes(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=150, deadline=timedelta(seconds=2))
@given(
    st.lists(st.dictionaries(st.sampled_from(list(COLUMNS_OF["posts"])), ANYTHING, max_size=6), max_size=8),
    st.sampled_from([None, "twitter", "tiktok", "youtube"]),
)
def test_any_values_are_read_or_rejected(rows, platform):
    rows = [{"post_id": None, **row} for row in rows]
    posts = PostTable.from_frame(rows, platform=platform, observed_at=SEEN, account_id="7")
    report = posts.report
    assert report.rows_in == len(rows) == report.accounts + report.duplicates_merged + report.rows_rejected
    ids = [one for one in posts.table["post_id"].to_pylist() if one is not None]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("platform", "n"), [("telegram", 2), ("twitter", 1), (None, 2)])
def test_where_ids_are_counted_by_account_posts_of_two_accounts_are_two(platform, n):
    rows = [{"account_id": owner, "post_id": "1", "text": "hi"} for owner in ("555", "777")]
    posts = PostTable.from_frame(rows, platform=platform)
    assert (posts.n_posts, posts.report.duplicates_merged) == (n, 2 - n)


@pytest.mark.parametrize("rows", [[], [{"post_id": "1", "text": "hi"}]])
def test_a_moment_without_a_zone_is_taken_as_utc(rows):
    seen = PostTable.from_frame(rows, platform="twitter", observed_at=datetime(2024, 5, 1)).observed_at  # noqa: DTZ001
    assert seen == datetime(2024, 5, 1, tzinfo=UTC)
