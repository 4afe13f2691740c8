"""Lists joined with profiles, cell by cell and with every row accounted for."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts.join import join_lists
from botscan.accounts.records import make_records
from botscan.accounts.settings import CellSettings
from botscan.accounts.table import AccountTable
from botscan.notes import Note
from botscan.reading_report import RejectedRow

FOLLOWED = datetime(2024, 3, 1, tzinfo=UTC)
MADE = datetime(2015, 1, 1, tzinfo=UTC)


def records(rows, start=1, *, is_lookup=False, platform="instagram", **more):
    names = dict.fromkeys(name for row in rows for name in row)
    raw = pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})
    numbers = np.arange(start, start + len(rows))
    return make_records(raw, row_numbers=numbers, settings=CellSettings(platform=platform), is_lookup=is_lookup, **more)


def living(rows):
    made = records(rows)
    return made.table.filter(made.reject_reasons.is_null())


def join(listed, profiles):
    return join_lists([living(listed)], [living(profiles)])


def cells(joined, *names):
    return joined.table.select(names).to_pylist()


def test_by_id():
    joined = join(
        [{"account_id": "7"}, {"account_id": "8"}], [{"account_id": "9", "bio": "x"}, {"account_id": "7", "bio": "y"}]
    )
    assert cells(joined, "account_id", "bio", "bio_length") == [
        {"account_id": "7", "bio": "y", "bio_length": 1},
        {"account_id": "8", "bio": None, "bio_length": None},
    ]
    assert (joined.n_joined, joined.n_without_profile, joined.n_not_in_list) == (1, 1, 1)
    assert joined.is_in_list.tolist() == [False, True]


def test_ids_are_text():
    joined = join([{"account_id": "7"}], [{"account_id": "07", "posts_count": "1"}])
    assert (joined.n_joined, joined.n_not_in_list) == (0, 1)


def test_by_handle_an_account_takes_its_id():
    joined = join(
        [{"handle": "@ANI", "followed_at": "2024-03-01"}], [{"account_id": "7", "handle": "Ani", "posts_count": "3"}]
    )
    assert cells(joined, "account_id", "handle", "followed_at", "posts_count") == [
        {"account_id": "7", "handle": "Ani", "followed_at": FOLLOWED, "posts_count": 3}
    ]


def test_a_handle_of_two_ids_joins_neither():
    profiles = [{"account_id": "7", "handle": "ani"}, {"account_id": "8", "handle": "Ani"}]
    joined = join([{"handle": "ani"}], profiles)
    assert joined.table["account_id"].to_pylist() == ["@ani"]
    assert (joined.n_joined, joined.n_not_in_list) == (0, 2)


def test_two_profiles_of_one_id_are_one():
    profiles = [{"account_id": "7", "handle": "ani"}, {"account_id": "7", "handle": "Ani", "posts_count": "3"}]
    joined = join([{"handle": "ani"}], profiles)
    assert cells(joined, "account_id", "posts_count") == [{"account_id": "7", "posts_count": 3}]
    assert joined.merged[1].n_merged == 1


def test_a_profile_without_id_finds_its_account():
    joined = join(
        [{"account_id": "7", "handle": "ani"}, {"account_id": "8", "handle": "budi"}],
        [{"handle": "BUDI", "posts_count": "3"}],
    )
    assert cells(joined, "account_id", "posts_count") == [
        {"account_id": "7", "posts_count": None},
        {"account_id": "8", "posts_count": 3},
    ]


def test_handles_that_name_nobody_join_nobody():
    joined = join([{"account_id": "7", "handle": "an\ufffd"}], [{"account_id": "8", "handle": "an\ufffd"}])
    assert joined.n_joined == 0


def test_what_the_profile_knows_goes_first_and_follow_order_is_the_list_s():
    listed = [
        {"account_id": "7", "followers_count": "1", "posts_count": "2", "follow_rank": "5", "observed_at": "2024-03-05",
         "followed_at": "2024-03-01", "is_private": "true", "location": "Bogor"},
    ]  # fmt: skip
    profiles = [
        {"account_id": "7", "followers_count": "10", "posts_count": "", "follow_rank": "0", "observed_at": "2024-04-01",
         "followed_at": "2020-01-01", "is_private": "false", "display_name": "Ani"},
    ]  # fmt: skip
    assert cells(join(listed, profiles), "followers_count", "posts_count", "follow_rank", "observed_at", "followed_at") == [
        {"followers_count": 10, "posts_count": 2, "follow_rank": 5, "observed_at": datetime(2024, 4, 1, tzinfo=UTC),
         "followed_at": FOLLOWED}
    ]  # fmt: skip
    assert cells(join(listed, profiles), "is_private", "location", "display_name", "display_name_words") == [
        {"is_private": False, "location": "Bogor", "display_name": "Ani", "display_name_words": 1}
    ]
    alone = join([{"account_id": "7"}], profiles).table
    assert not {"follow_rank", "followed_at"} & set(alone.column_names)


def test_cells_that_belong_together_come_from_one_source():
    listed = [
        {"account_id": str(row), "bio": "Halo", "website": "x", "created_at": "2015-01-01T05:00:00Z"}
        for row in (1, 2, 3)
    ]
    profiles = [
        {"account_id": "1", "bio": "", "website": "", "created_at": "2015-01-01"},
        {"account_id": "2", "bio": None, "website": None, "created_at": None},
    ]
    found = cells(join(listed, profiles), "bio", "bio_length", "website", "has_website", "created_at_precision")
    empty = {"bio": None, "bio_length": 0, "website": None, "has_website": False, "created_at_precision": "day"}
    full = {"bio": "Halo", "bio_length": 4, "website": "x", "has_website": True, "created_at_precision": "second"}
    assert found == [empty, full, full]


def test_derived_columns_follow_the_handle():
    listed = [{"account_id": "7", "handle": "a1"}, {"account_id": "8", "handle_length": "9"}, {"account_id": "9"}]
    profiles = [{"account_id": "7", "handle": "abc"}, {"account_id": "8"}, {"account_id": "9", "handle_length": "4"}]
    assert cells(join(listed, profiles), "handle", "handle_length", "handle_digits") == [
        {"handle": "abc", "handle_length": 3, "handle_digits": 0},
        {"handle": None, "handle_length": 9, "handle_digits": None},
        {"handle": None, "handle_length": 4, "handle_digits": None},
    ]


def test_nothing_to_join():
    assert join_lists([], []).table.num_rows == 0
    profiles = living([{"account_id": "7", "handle": "ani"}])
    nobody = join_lists([], [profiles])
    assert (nobody.table.num_rows, nobody.n_not_in_list) == (0, 1)
    alone = join_lists([profiles, profiles], [])
    assert (alone.table["account_id"].to_pylist(), alone.n_without_profile, alone.merged[0].n_merged) == (["7"], 1, 1)


def table_of(*batches, **more):
    return AccountTable.from_records(batches, source="s", format="f", **more)


def test_a_table_of_several_files_with_everything_accounted_for():
    accounts = table_of(
        records([{"account_id": "7"}, {"account_id": "8"}, {"account_id": "7"}]),
        records([{"account_id": "9"}, {"account_id": "1.1E+18"}], 4),
        records(
            [
                {"account_id": "8", "posts_count": "3"},
                {"account_id": "8", "posts_count": "4"},
                {"account_id": "5", "posts_count": "1"},
                {"account_id": "5", "posts_count": "1"},
                {"account_id": "7", "posts_count": "1", "account_status": "suspended"},
            ],
            6,
            is_lookup=True,
            lines=np.array([2, 3, 4, 5, 6]),
        ),
        parts=[(1, "one.json"), (4, "two.json"), (6, "profiles.csv")],
    )
    report = accounts.report
    assert accounts.table["account_id"].to_pylist() == ["7", "8", "9"]
    assert accounts.table["posts_count"].to_pylist() == [None, 3, None]
    assert (report.rows_in, report.accounts, report.duplicates_merged, report.rows_rejected) == (10, 3, 3, 4)
    assert report.reject_reasons == {"id_damaged": 1, "suspended": 1, "not_in_list": 2}
    assert report.rejected == (
        RejectedRow(5, "id_damaged", None, "account_id", "two.json"),
        RejectedRow(8, "not_in_list", 4, "account_id", "profiles.csv"),
        RejectedRow(9, "not_in_list", 5, "account_id", "profiles.csv"),
        RejectedRow(10, "suspended", 6, "account_status", "profiles.csv"),
    )
    assert report.gone == {"suspended": ("7",)}
    assert report.warnings == (
        Note("files_joined", count=1, numbers={"without_profile": 2, "not_in_list": 2}),
        Note("duplicates_merged", count=2),
        Note("duplicates_in_conflict", count=1),
    )


def test_lists_after_profiles_and_profiles_alone():
    looked_up = records([{"account_id": "7", "posts_count": "3"}], is_lookup=True)
    accounts = table_of(looked_up, records([{"account_id": "7"}], 2))
    assert accounts.table["posts_count"].to_pylist() == [3]
    assert accounts.report.duplicates_merged == 1
    alone = table_of(looked_up)
    assert (alone.n_accounts, alone.report.reject_reasons) == (0, {"not_in_list": 1})


def test_follow_times_of_the_list_give_the_ranks():
    listed = [{"handle": "ani", "followed_at": "2024-03-02"}, {"handle": "budi", "followed_at": "2024-03-01"}]
    accounts = table_of(
        records(listed), records([{"account_id": "7", "handle": "budi"}], 3, is_lookup=True), list_order="newest_first"
    )
    assert accounts.table["account_id"].to_pylist() == ["@ani", "7"]
    assert accounts.table["follow_rank"].to_pylist() == [1, 0]
    assert accounts.report.list_order == "by_followed_at"


KEY = st.fixed_dictionaries(
    {},
    optional={
        "account_id": st.sampled_from(["1", "2", "3", "1.1E+18", "@ani"]),
        "handle": st.sampled_from(["ani", "ANI", "budi", "cici", ""]),
        "posts_count": st.sampled_from(["0", "5", "x"]),
        "bio": st.sampled_from(["", "halo"]),
        "account_status": st.sampled_from(["active", "suspended"]),
        "followed_at": st.sampled_from(["2024-03-01", "2024-03-02", ""]),
    },
)


@settings(deadline=None, max_examples=150)
@given(st.lists(KEY, min_size=1, max_size=8), st.lists(KEY, min_size=1, max_size=8), st.integers(0, 8))
def test_any_rows_are_accounted_for(listed, profiles, cut):
    listed, profiles = [{"account_id": None, **row} for row in listed], [{"handle": None, **row} for row in profiles]
    whole = table_of(records(listed), records(profiles, len(listed) + 1, is_lookup=True))
    report = whole.report
    assert (
        report.rows_in
        == len(listed) + len(profiles)
        == report.accounts + report.duplicates_merged + report.rows_rejected
    )
    whole.table.validate(full=True)
    ids = whole.table["account_id"].to_pylist()
    assert len(set(ids)) == len(ids)
    alone = table_of(records(listed))
    assert len(ids) <= alone.n_accounts
    # Where the files are cut makes no difference.
    parts = [records(part, start, is_lookup=is_lookup) for part, start, is_lookup in (
        (listed[:cut], 1, False), (profiles[:cut], len(listed) + 1, True),
        (listed[cut:], cut + 1, False), (profiles[cut:], len(listed) + cut + 1, True),
    ) if part]  # fmt: skip
    again = table_of(*parts)
    assert again.report.reject_reasons == report.reject_reasons
    assert sorted(again.table["account_id"].to_pylist()) == sorted(ids)
