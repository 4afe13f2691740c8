"""Ids, counts and dates (robustness, 1d-1f): each class of fault through the command line."""

import pytest

OBSERVED = ("--observed-at", "2026-06-30")


def table(header, *rows):
    return "\n".join([header, *rows]) + "\n"


def ids_of(shell, *cells, platform="twitter", header="account_id,handle,followers_count"):
    _, rows = shell.score(table(header, *cells), platform=platform)
    return [row["account_id"] for row in rows]


# 1d: ids, handles, duplicates


def test_ids_are_text_from_the_first_byte_to_the_last(shell):
    assert ids_of(shell, "007,a,1", "7,b,1", " 8 ,c,1", "9007199254740993,d,1") == ["007", "7", "8", "9007199254740993"]
    assert shell.audit(table("account_id,followers_count", "007,1", "7,1")).reading["accounts"] == 2


@pytest.mark.parametrize("damaged", ["1.23E+18", "1234567890123456.0", "12.5"])
def test_an_id_that_a_spreadsheet_damaged_never_merges(shell, damaged):
    content = table("account_id,handle,followers_count", f"{damaged},ani,1", f"{damaged},budi,1", "12,citra,1")
    outcome = shell.audit(content)
    assert outcome.reading["accounts"] == 3
    assert outcome.warnings["id_damaged", "account_id"] == 2
    assert damaged not in outcome.out


def test_a_damaged_id_without_a_handle_rejects_the_row(shell):
    outcome = shell.audit(table("account_id,followers_count", "1.23E+18,1", "12,1"))
    assert outcome.reading["reject_reasons"] == {"id_damaged": 1}


def test_a_short_id_with_a_zero_fraction_is_mended_with_a_warning(shell):
    content = table("account_id,followers_count", "12345.0,1")
    assert shell.audit(content).warnings["id_was_number", "account_id"] == 1
    assert ids_of(shell, "12345.0,a,1") == ["12345"]


@pytest.mark.parametrize("missing", ["", "nan", "None", "NULL", "n/a", r"\N", "-"])
def test_null_like_ids_are_missing(shell, missing):
    assert ids_of(shell, f"{missing},ani,1", "5,budi,1") == ["@ani", "5"]
    outcome = shell.audit(table("account_id,followers_count", f"{missing},1", "5,1"))
    assert outcome.reading["reject_reasons"] == {"no_identity": 1}


@pytest.mark.parametrize("bad", ["-5", "0", "abc"])
def test_ids_that_the_platform_cannot_have_are_blanked(shell, bad):
    outcome = shell.audit(table("account_id,handle,followers_count", f"{bad},ani,1", "5,budi,1"))
    assert outcome.warnings["bad_id", "account_id"] == 1
    assert outcome.reading["accounts"] == 2


def test_handles_are_compared_in_lower_case_without_the_at_sign(shell):
    outcome = shell.audit(table("handle,followers_count", "@Ani,1", "ani ,1", "аni,1"))  # the third is Cyrillic
    assert outcome.reading["accounts"] == 2
    assert outcome.reading["duplicates_merged"] == 1


def test_a_table_of_counts_alone_gets_made_ids_and_merges_nothing(shell):
    outcome = shell.audit(table("followers_count,following_count,posts_count", "1,2,3", "1,2,3"))
    assert outcome.reading["accounts"] == 2
    assert outcome.warnings["ids_made", "account_id"] == 2
    _, rows = shell.score(table("followers_count,posts_count", "1,2", "1,2"))
    assert [row["account_id"] for row in rows] == ["row-1", "row-2"]


def test_repeated_accounts_merge_and_conflicts_are_counted(shell):
    content = table("account_id,followers_count,bio", "1,5,x", "1,5,", "2,7,y", "2,8,y", "3,9,z")
    outcome = shell.audit(content)
    assert (outcome.reading["accounts"], outcome.reading["duplicates_merged"]) == (3, 2)
    assert outcome.warnings["duplicates_in_conflict"] == 2
    _, rows = shell.score(content)
    assert len(rows) == 5  # scoring is row by row


def test_the_order_of_rows_never_matters(shell):
    rows = ["1,a,5,6,7", "1,a,9,6,7", "2,b,1,2,3", "2,b,1,2,", "3,c,8,8,8"]
    header = "account_id,handle,followers_count,following_count,posts_count"
    one, other = shell.audit(table(header, *rows)), shell.audit(table(header, *reversed(rows)))
    assert {**one.json, "source": ""} == {**other.json, "source": ""}


def test_one_handle_under_two_ids_is_two_accounts_and_counted(shell):
    outcome = shell.audit(table("account_id,handle,followers_count", "1,ani,1", "2,ANI,1", ",ani,1"))
    assert outcome.reading["accounts"] == 3
    assert outcome.warnings["handle_shared"] == 2
    assert outcome.warnings["possible_same_account"] == 1


# 1e: counts

GIVES = {
    "0": 1, "4.567": 1, "4,567": 1, "4 567 890": 1, "37.0": 1, "37,00": 1, "2.5e3": 1, "1,2 rb": 1, "7,5 jt": 1,
    "3K": 1, "+12": 1, "٣٤": 1, "1,5 miliar": 1,
}  # fmt: skip
BLANKS = {
    "-5": "negative_count", "10000000000000": "count_out_of_range", "1e999": "count_out_of_range",
    "inf": "count_out_of_range", "1.5": "not_a_count", "0x10": "not_a_count", "1_000": "not_a_count",
    "True": "not_a_count", "banyak": "not_a_count", "²": "not_a_count", "12e": "not_a_count",
}  # fmt: skip
NOTHING = ["", "-", "n/a", "null", "NaN", r"\N"]


@pytest.mark.parametrize("cell", GIVES)
def test_forms_of_a_count_that_are_read(shell, cell):
    outcome = shell.audit(table("account_id;followers_count", f"1;{cell}"))
    assert outcome.reading["coverage"]["followers_count"] == 1
    assert not [one for one in outcome.warnings if one in BLANKS.values()]


@pytest.mark.parametrize("cell", BLANKS)
def test_forms_of_a_count_that_are_blanked_with_their_code(shell, cell):
    outcome = shell.audit(table("account_id;followers_count", f"1;{cell}", "2;5"))
    assert outcome.code == 0
    assert outcome.reading["coverage"]["followers_count"] == 0.5
    assert outcome.warnings[BLANKS[cell], "followers_count"] == 1
    assert outcome.reading["accounts"] == 2


@pytest.mark.parametrize("cell", NOTHING)
def test_an_empty_count_is_unknown_and_no_fault(shell, cell):
    outcome = shell.audit(table("account_id;followers_count", f"1;{cell}", "2;5"))
    assert outcome.reading["coverage"]["followers_count"] == 0.5
    assert not [one for one in outcome.warnings if isinstance(one, tuple)]


def test_rounded_counts_say_so(shell):
    assert (
        shell.audit(table("account_id;followers_count", "1;7,5 jt")).warnings["count_rounded", "followers_count"] == 1
    )


# 1f: dates


@pytest.mark.parametrize(
    "cell",
    [
        "2019-08-08T02:16:23Z", "2019-08-08 02:16:23+07:00", "Thu Aug 08 02:16:23 +0000 2019", "8 Agustus 2019",
        "Aug 8, 2019", "20190808", "1565230583", "1565230583000", "2019-08-08T24:00:00Z", "2019-08-08 23:59:60 WIB",
    ],
)  # fmt: skip
def test_forms_of_a_date_that_are_read(shell, cell):
    outcome = shell.audit(table("account_id;created_at", f"1;{cell}"), *OBSERVED)
    assert outcome.reading["coverage"]["created_at"] == 1
    assert not [one for one in outcome.warnings if "date" in str(one)]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2019", "date_too_coarse"), ("2019-08", "date_too_coarse"), ("2 jam lalu", "relative_date"),
        ("last week", "relative_date"), ("2019-02-30", "bad_date"), ("soon", "bad_date"),
        ("2005-01-01", "date_before_platform"), ("1970-01-01", "date_before_platform"),
        ("2026-07-05", "date_in_future"), ("3/4/2020", "date_order_unknown"),
    ],
)  # fmt: skip
def test_forms_of_a_date_that_are_blanked_with_their_code(shell, cell, code):
    outcome = shell.audit(table("account_id;created_at", f"1;{cell}", "2;2019-08-08T00:00:00Z"), *OBSERVED)
    assert outcome.code == 0
    assert outcome.reading["coverage"]["created_at"] == 0.5
    assert outcome.warnings[code, "created_at"] == 1


def test_the_order_of_day_and_month_is_one_decision_a_column(shell):
    header = "account_id;created_at"
    day_first = shell.audit(table(header, "1;3/4/2020", "2;25/4/2020"), *OBSERVED)
    assert day_first.reading["coverage"]["created_at"] == 1
    both = shell.audit(table(header, "1;25/4/2020", "2;4/25/2020"), *OBSERVED)
    assert both.reading["coverage"]["created_at"] == 0
    named = shell.audit(table(header, "1;3/4/2020"), *OBSERVED, "--date-order", "dmy")
    assert named.reading["coverage"]["created_at"] == 1
    unknown = [one["text"] for one in both.json["warnings"] if one["code"] == "date_order_unknown"]
    assert "--date-order" in unknown[0]


def test_a_time_without_zone_is_taken_as_utc_and_counted_unless_named(shell):
    content = table("account_id;created_at", "1;2019-08-08 02:16:23")
    assert shell.audit(content, *OBSERVED).warnings["timezone_assumed", "created_at"] == 1
    assert "timezone_assumed" not in str(shell.audit(content, *OBSERVED, "--tz", "WIB").json["warnings"])
    assert shell.audit(content, *OBSERVED, "--tz", "Mars/Olympus").code == 2


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00"])
def test_an_instant_of_the_list_that_is_none_is_refused(shell, moment):
    outcome = shell.audit("account_id\n1\n", "--observed-at", moment)
    assert outcome.code == 2
    assert "2026-06-30" in outcome.err


def test_without_the_instant_of_the_list_ages_are_unknown_and_said(shell):
    outcome = shell.audit(table("account_id;created_at", "1;2019-08-08T00:00:00Z"))
    assert outcome.json["observed_at"] is None
    assert outcome.warnings["observed_at_missing", "observed_at"] is None
