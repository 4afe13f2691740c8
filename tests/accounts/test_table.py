"""AccountTable: every account once, every row accounted for, and nothing that hangs on the order of rows."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts.records import make_records
from botscan.accounts.settings import CellSettings
from botscan.accounts.table import AccountTable
from botscan.errors import SchemaError
from botscan.notes import Note
from botscan.reading_report import ReadingReport

SEEN = datetime(2024, 6, 1, tzinfo=UTC)
BY_ID = [("account_id", "ascending")]


def batch(rows, start=1, platform="twitter"):
    raw = pa.Table.from_pylist(rows)
    return make_records(
        raw,
        row_numbers=np.arange(start, start + raw.num_rows),
        settings=CellSettings(platform=platform, observed_at=SEEN),
    )


def noisy_rows(random):
    """Invented accounts, each repeated one to five times with noise in case, @ and spaces, and other counts."""
    rows = []
    for number in range(30):
        handle = f"orang_{number}"
        for copy in range(int(random.integers(1, 6))):
            shown = str(random.choice([handle, handle.upper(), f"@{handle}", f" @{handle.title()} "]))
            has_id = number % 3 != 0
            rows.append(
                {
                    "account_id": f" {10**17 + number} " if has_id else None,
                    "handle": shown,
                    "followers_count": str(int(random.integers(0, 3))) if copy else "",
                    "observed_at": (SEEN - timedelta(days=int(random.integers(0, 2)))).isoformat(),
                    "follow_rank": str(len(rows)),
                }
            )
    return rows


def test_a_thousand_shuffles_give_the_same_accounts():
    random = np.random.default_rng(7)
    rows = noisy_rows(random)
    raw = pa.Table.from_pylist(rows)
    wanted = AccountTable.from_frame(raw, platform="twitter")
    table = wanted.table.sort_by(BY_ID)
    assert wanted.n_accounts == 30
    assert wanted.report.duplicates_merged == len(rows) - 30 > 30
    for _ in range(1000):
        found = AccountTable.from_frame(raw.take(random.permutation(len(rows))), platform="twitter")
        assert found.table.sort_by(BY_ID).equals(table)
        assert found.digest == wanted.digest
        assert found.report == wanted.report


@pytest.mark.parametrize(
    "noise",
    [
        ("7", " 7 ", "\ufeff7", "7\u200b", "7.0"),
        ("@Budi", "@budi", " @BUDI", "@ Budi"),
    ],
)
def test_noise_forms_of_one_id_are_one_account(noise):
    accounts = AccountTable.from_frame([{"account_id": text} for text in noise], platform="twitter")
    assert accounts.n_accounts == 1
    assert accounts.report.duplicates_merged == len(noise) - 1


def test_noise_forms_of_one_handle_are_one_account():
    noise = ["Budi", "@budi", " BUDI ", "@ Budi", "https://x.com/budi", "budi\u200b"]
    accounts = AccountTable.from_frame([{"handle": text, "posts_count": 3} for text in noise], platform="twitter")
    assert accounts.table["account_id"].to_pylist() == ["@budi"]
    assert [(note.code, note.count) for note in accounts.report.warnings] == [
        ("duplicates_merged", 5),
        ("one_account_repeated", 6),
    ]


def test_ids_that_differ_stay_apart():
    ids = [2**53, 2**53 + 1, 2**63, 2**64, 2**64 + 1, 10**20, 10**20 + 1]
    texts = [*map(str, ids), "007", "7", "07"]
    accounts = AccountTable.from_frame([{"account_id": text} for text in texts], platform="twitter")
    assert accounts.table["account_id"].to_pylist() == texts
    assert accounts.report.duplicates_merged == 0


def test_a_damaged_id_is_never_merged_with_an_account_that_has_one():
    rows = [
        {"account_id": "1100000000000000000", "handle": "Ana"},
        {"account_id": "1.1E+18", "handle": "ana"},
        {"account_id": "1.1E+18", "handle": "Budi"},
        {"account_id": "1.1E+18", "handle": ""},
        {"account_id": "5", "handle": "BUDI"},
        {"account_id": "6", "handle": "budi"},
    ]
    accounts = AccountTable.from_frame(rows, platform="twitter")
    assert accounts.table["account_id"].to_pylist() == ["1100000000000000000", "@ana", "@budi", "5", "6"]
    assert accounts.report.reject_reasons == {"id_damaged": 1}
    assert accounts.report.warnings == (
        Note("id_damaged", column="account_id", count=2),
        Note("created_at_from_id", column="created_at", count=1),
        Note("handle_shared", count=2),
        Note("possible_same_account", count=2),
    )


def test_conflicts_are_counted():
    rows = [
        {"account_id": "7", "followers_count": 1, "follow_rank": 0},
        {"account_id": "7", "followers_count": 1, "follow_rank": 1},
        {"account_id": "7", "followers_count": 2, "follow_rank": 2},
        {"account_id": "8", "followers_count": 1, "follow_rank": 3},
        {"account_id": "9", "followers_count": 1, "follow_rank": 4},
        {"account_id": "10", "followers_count": 1, "follow_rank": 5},
    ]
    accounts = AccountTable.from_frame(rows, platform="instagram")
    assert accounts.table["followers_count"].to_pylist()[0] == 1
    assert accounts.report.warnings == (Note("duplicates_merged", count=2), Note("duplicates_in_conflict", count=1))


def test_batches_of_a_source_with_everything_accounted_for():
    batches = [
        batch([{"account_id": "1", "bio": "a"}, {"account_id": "1.1E+18", "bio": "b"}]),
        batch([{"account_id": "1", "bio": "a"}, {"account_id": "2", "bio": "b\x00"}], 3),
        batch([{"account_id": "3"}], 5),
    ]
    accounts = AccountTable.from_records(
        iter(batches), source="list.jsonl", format="jsonl", notes=[Note("first")], encoding="utf-8", delimiter=None,
        ignored_columns=["x"], list_order="newest_first", complete=False, subject="me",
    )  # fmt: skip
    report = accounts.report
    assert (report.rows_in, report.accounts, report.duplicates_merged, report.rows_rejected) == (5, 3, 1, 1)
    assert (report.format, report.encoding, report.ignored_columns, report.complete, report.subject) == (
        "jsonl",
        "utf-8",
        ("x",),
        False,
        "me",
    )
    assert [note.code for note in report.warnings] == [
        "first",
        "nul_removed",
        "duplicates_merged",
    ]
    assert accounts.table["bio"].to_pylist() == ["a", "b", None]
    assert accounts.platform == "twitter"
    assert accounts.table["platform"].to_pylist() == ["twitter"] * 3
    assert accounts.observed_at == SEEN


def test_platform_of_records():
    one = make_records(
        pa.table({"account_id": ["1", "2"], "platform": ["x", None]}),
        row_numbers=np.array([1, 2]),
        settings=CellSettings(),
    )
    accounts = AccountTable.from_records([one], source="s", format="f")
    assert accounts.platform == "twitter"
    assert accounts.table["platform"].to_pylist() == ["twitter", "twitter"]
    other = make_records(
        pa.table({"account_id": ["3"], "platform": ["tiktok"]}), row_numbers=np.array([3]), settings=CellSettings()
    )
    with pytest.raises(SchemaError, match=r"twitter \(1 rows\), tiktok \(1 rows\)"):
        AccountTable.from_records([one, other], source="s", format="f")


def test_nothing_at_all():
    accounts = AccountTable.from_records([], source="s", format="f", platform="tiktok", observed_at=SEEN)
    assert (len(accounts), accounts.observed_at, accounts.evidence_level) == (0, SEEN, 0)
    assert accounts.table.column_names == ["account_id", "platform"]
    assert accounts.digest == hashlib.sha256(b"tiktok\n").hexdigest()
    assert accounts.to_frame().empty


def test_all_rows_rejected():
    accounts = AccountTable.from_frame([{"account_id": "7", "account_status": "suspended"}], platform="twitter")
    assert accounts.n_accounts == 0
    assert accounts.report.reject_reasons == {"suspended": 1}


def test_digest_is_of_platform_and_sorted_ids():
    rows = [{"account_id": text} for text in ("10", "9", "é", "a")]
    accounts = AccountTable.from_frame(rows, platform="youtube")
    assert accounts.digest == hashlib.sha256("youtube\n10\n9\na\né\n".encode()).hexdigest()
    assert AccountTable.from_frame(rows[::-1], platform="youtube").digest == accounts.digest
    assert AccountTable.from_frame(rows, platform="bluesky").digest != accounts.digest
    assert AccountTable.from_frame(rows[1:], platform="youtube").digest != accounts.digest


def test_latest_moment_and_repr():
    rows = [{"account_id": "1", "observed_at": "2024-01-01"}, {"account_id": "2", "observed_at": "2024-02-01"}]
    assert AccountTable.from_frame(rows, platform="twitter").observed_at == datetime(2024, 2, 1, tzinfo=UTC)
    assert AccountTable.from_frame(rows[:1], platform="twitter", observed_at=SEEN).observed_at == datetime(
        2024, 1, 1, tzinfo=UTC
    )
    assert AccountTable.from_frame([{"account_id": "1"}], platform="twitter").observed_at is None
    assert (
        repr(AccountTable.from_frame(rows, platform="twitter"))
        == "AccountTable(2 accounts, platform='twitter', source='frame')"
    )


def test_a_table_that_breaks_its_promises_cannot_be_made():
    good = AccountTable.from_frame([{"account_id": "1", "bio": "x"}], platform="twitter")
    report = ReadingReport("frame", 1, 1)
    for table in (
        good.table.select(["bio", "account_id"]),
        good.table.select(["bio"]),
        good.table.append_column("username", pa.array(["x"])),
        good.table.set_column(0, "account_id", pa.array([1])),
        good.table.set_column(0, "account_id", pa.nulls(1, pa.large_string())),
    ):
        with pytest.raises(ValueError, match="AccountTable wants"):
            AccountTable(table, "twitter", None, "s", report)
    with pytest.raises(ValueError, match="the report says 2"):
        AccountTable(good.table, "twitter", None, "s", ReadingReport("frame", 2, 2))


CELL = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(max_size=6),
    st.sampled_from(["7", "8", "@ana", "2020-01-01", "suspended", "1.1E+18"]),
)
COLUMNS = (
    "account_id",
    "handle",
    "bio",
    "website",
    "created_at",
    "followers_count",
    "follow_rank",
    "is_private",
    "account_status",
    "handle_digit_ratio",
    "display_name",
)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.one_of(st.none(), st.dictionaries(st.sampled_from(COLUMNS), CELL, min_size=1)), max_size=10))
def test_any_list_of_dicts_is_accounted_for_and_goes_round(rows):
    rows = [*rows, {"account_id": "7", "followers_count": 1}]
    accounts = AccountTable.from_frame(rows, platform="twitter", observed_at=SEEN)
    report = accounts.report
    assert report.rows_in == len(rows) == report.accounts + report.duplicates_merged + report.rows_rejected
    assert accounts.table["account_id"].null_count == 0
    assert len(set(accounts.table["account_id"].to_pylist())) == len(accounts)
    accounts.table.validate(full=True)
    for again in (AccountTable.from_frame(accounts.to_frame()), AccountTable.from_frame(accounts.table)):
        assert again.report.duplicates_merged == again.report.rows_rejected == 0
        same = [name for name in accounts.table.column_names if not name.startswith("handle")]
        assert again.table.select(same).equals(accounts.table.select(same))
        assert again.digest == accounts.digest


def test_to_frame_keeps_unknown_unknown():
    rows = [{"account_id": "1", "followers_count": 3, "has_avatar": True}, {"account_id": "2"}]
    frame = AccountTable.from_frame(rows, platform="twitter").to_frame()
    assert frame["followers_count"].dtype == "Int64"
    assert frame["followers_count"].isna().tolist() == [False, True]
    assert frame["has_avatar"].isna().tolist() == [False, True]
    assert frame["platform"].tolist() == ["twitter", "twitter"]


def test_accounts_that_are_gone_are_kept_for_the_caller_only():
    rows = [
        {"account_id": "4711", "account_status": "suspended"},
        {"account_id": None, "handle": "Kanari", "account_status": "not found"},
        {"account_id": "1"},
    ]
    accounts = AccountTable.from_frame(rows, platform="instagram")
    assert accounts.report.gone == {"not_found": ("@kanari",), "suspended": ("4711",)}
    for text in (repr(accounts.report), json.dumps(accounts.to_dict()), str(accounts), repr(accounts)):
        assert "4711" not in text
        assert "kanari" not in text


def test_rounding_is_in_the_report():
    accounts = AccountTable.from_frame([{"account_id": "1", "followers_count": "7,5 jt"}], platform="instagram")
    assert accounts.report.rounded == {"followers_count": 50_000}


def test_levels_of_single_accounts():
    rows = [
        {"account_id": "1"},
        {"account_id": "2", "handle": "ani"},
        {"account_id": "3", "display_name": "Budi"},
        {"account_id": "4", "posts_count": 0},
        {"account_id": "5", "posts_count": 0, "created_at": "2020-01-01", "handle": "cici"},
        {"account_id": "6", "created_at": "2020-01-01"},
        {"account_id": "7", "bio": "halo"},
        {"account_id": "8", "followers_count": 1, "created_at": "soon"},
    ]
    accounts = AccountTable.from_frame(rows, platform="instagram")
    assert accounts.evidence_levels() == {0: 3 / 8, 1: 2 / 8, 2: 2 / 8, 3: 1 / 8}
    for row, level in zip(rows, (0, 1, 1, 2, 3, 0, 0, 2), strict=True):
        alone = AccountTable.from_frame([row], platform="instagram")
        assert alone.evidence_levels()[level] == 1
        assert alone.evidence_level == level
    assert "(0: 38 %, 1: 25 %, 2: 25 %, 3: 12 %)" in str(accounts)
    nobody = AccountTable.from_records([], source="s", format="f", platform="instagram")
    assert nobody.evidence_levels() == {0: 0.0, 1: 0.0, 2: 0.0, 3: 0.0}


def test_follow_times_give_ranks_where_the_list_has_none():
    rows = [
        {"account_id": "1", "followed_at": "2024-01-03", "followers_count": 1},
        {"account_id": "2", "followed_at": "2024-01-02", "followers_count": 1},
        {"account_id": "1", "followed_at": "2024-01-01", "followers_count": 1},
    ]
    accounts = AccountTable.from_frame(rows, platform="instagram")
    assert accounts.report.list_order == "by_followed_at"
    assert accounts.table["follow_rank"].to_pylist() == [0, 1]
    ranked = AccountTable.from_frame([row | {"follow_rank": 5} for row in rows], platform="instagram")
    assert ranked.report.list_order == "unknown"
    assert ranked.table["follow_rank"].to_pylist() == [5, 5]


@pytest.mark.parametrize("rows", [[], [{"handle": "ani"}]])
def test_a_moment_without_a_zone_is_taken_as_utc(rows):
    seen = AccountTable.from_frame(rows, platform="twitter", observed_at=datetime(2024, 5, 1)).observed_at  # noqa: DTZ001
    assert seen == datetime(2024, 5, 1, tzinfo=UTC)
