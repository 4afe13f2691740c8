"""Delimited tables (robustness, 1b): each class of fault through the command line, with message and exit code."""

import pytest

HEADER = "account_id,handle,followers_count,following_count,posts_count"
ROWS = ["1,ani,5,6,7", "2,budi,15,16,17", "3,citra,25,26,27"]
GOOD = "\n".join([HEADER, *ROWS]) + "\n"


def test_a_good_table_is_the_yardstick(shell):
    outcome = shell.audit(GOOD)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.reading["accounts"] == 3


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_every_delimiter_gives_the_same_audit(shell, delimiter):
    found, expected = shell.audit(GOOD.replace(",", delimiter)), shell.audit(GOOD)
    assert found.code == 0
    assert {**found.json, "source": ""} == {**expected.json, "source": ""}


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_every_line_end_gives_the_same_audit(shell, ending):
    found, expected = shell.audit(GOOD.replace("\n", ending)), shell.audit(GOOD)
    assert {**found.json, "source": ""} == {**expected.json, "source": ""}


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(shell, codec):
    assert shell.audit(GOOD.encode(codec)).reading["accounts"] == 3


def test_utf_16_without_its_mark_is_refused_with_the_option(shell):
    outcome = shell.audit(GOOD.encode("utf-16-le"))
    assert outcome.code == 2
    assert "--encoding" in outcome.err


def test_bytes_that_are_no_utf_8_are_repaired_and_the_option_is_offered(shell):
    content = f"{HEADER},display_name\n1,ani,5,6,7,Andr\xe9\n".encode("latin-1")
    outcome = shell.audit(content)
    assert (outcome.code, outcome.reading["accounts"]) == (0, 1)
    repaired = [one for one in outcome.json["warnings"] if one["code"] == "text_repaired"]
    assert [one["count"] for one in repaired] == [1]
    assert "cp1252" in repaired[0]["text"]
    assert "text_repaired" not in str(shell.audit(content, "--encoding", "latin-1").json["warnings"])


def test_a_named_encoding_is_strict_and_must_exist(shell):
    strict = shell.audit(f"{HEADER},bio\n1,a,1,1,1,\xff\n".encode("latin-1"), "--encoding", "utf-8")
    assert strict.code == 2
    unknown = shell.audit(GOOD, "--encoding", "klingon")
    assert unknown.code == 2
    assert "encoding" in unknown.err.lower()


@pytest.mark.parametrize("content", ["", "\ufeff", " \n\n  \n"])
def test_an_empty_file_is_refused(shell, content):
    outcome = shell.audit(content)
    assert outcome.code == 2
    assert "empty" in outcome.err


def test_a_header_without_rows_is_a_fact(shell):
    outcome = shell.audit(HEADER + "\n")
    assert (outcome.code, outcome.reading["accounts"]) == (0, 0)
    assert outcome.json["organic_share"]["organic_share"] is None
    assert outcome.json["organic_share"]["notes"][0]["code"] == "no_accounts"


def test_no_known_column_is_refused_with_what_was_seen_and_the_nearest(shell):
    outcome = shell.audit("akuun,folowers_count\nx,1\n")
    assert outcome.code == 2
    assert "folowers_count" in outcome.err
    assert "followers_count" in outcome.err


def test_no_header_is_refused(shell):
    assert shell.audit("\n".join(ROWS)).code == 2


def test_a_column_twice_is_refused_with_both_positions(shell):
    outcome = shell.audit("account_id,followers_count, Followers_Count \n1,2,3\n")
    assert outcome.code == 2
    assert "2" in outcome.err
    assert "3" in outcome.err
    assert "followers_count" in outcome.err.lower()


def test_of_two_synonyms_the_better_one_is_taken_and_the_other_named(shell):
    outcome = shell.audit("id,id_str,followers_count\n1.2E+18,1234567890123456789,4\n")
    assert (outcome.code, outcome.reading["accounts"]) == (0, 1)
    assert [one["code"] for one in outcome.json["warnings"]].count("synonym_ignored") == 1
    assert "id_damaged" not in str(outcome.json["warnings"])


def test_unknown_columns_are_reported_once_however_many(shell):
    extra = [f"strange_{n}" for n in range(1_000)]
    content = ",".join([HEADER, *extra]) + "\n" + ",".join([ROWS[0], *("x" for _ in extra)]) + "\n"
    outcome = shell.audit(content)
    assert outcome.code == 0
    assert outcome.warnings["columns_ignored"] == 1_000
    assert len(outcome.err) == 0


def test_a_quote_left_open_is_refused_at_the_line_where_it_opened(shell):
    outcome = shell.audit(f'{HEADER},bio\n1,a,1,1,1,fine\n2,b,1,1,1,"secret words\n3,c,1,1,1,x\n')
    assert outcome.code == 2
    assert "line 3" in outcome.err or "row 2" in outcome.err
    assert "secret words" not in outcome.err


def test_content_inside_quotes_stays_content(shell):
    outcome, rows = shell.score(f'{HEADER},bio\n1,a,1,1,1,"two\nlines, ""quoted"" ; here"\n2,b,1,1,1,x\n')
    assert (outcome.code, len(rows)) == (0, 2)


def test_rows_of_the_wrong_length_are_rejected_and_nothing_shifts(shell):
    content = "\n".join([HEADER, ROWS[0], "2,short,1", "3,long,1,2,3,4,5", ROWS[1]])
    outcome = shell.audit(content)
    assert (outcome.code, outcome.reading["reject_reasons"]) == (0, {"wrong_cell_count": 2})
    assert shell.audit(content, "--strict").code == 3
    _, rows = shell.score(content)
    assert [row["reject_reason"] for row in rows] == [None, "wrong_cell_count", "wrong_cell_count", None]
    assert [row["account_id"] for row in rows] == ["1", None, None, "2"]
    _, good = shell.score("\n".join([HEADER, ROWS[0], ROWS[1]]))
    assert [row["log_odds"] for row in rows if row["account_id"]] == [row["log_odds"] for row in good]


def test_strict_prints_the_result_and_says_why_it_leaves_with_3(shell):
    outcome = shell.audit("\n".join([HEADER, ROWS[0], "2,short"]), "--strict")
    assert outcome.code == 3
    assert outcome.reading["accounts"] == 1
    assert "--strict: 1 row" in outcome.err


def test_trailing_empty_cells_are_dropped(shell):
    assert shell.audit("\n".join([HEADER, ROWS[0] + ",,,"])).reading["accounts"] == 1


def test_long_texts_are_cut_and_long_keys_blanked(shell):
    header = "account_id,handle,bio,followers_count"
    content = f"{header}\n1,a,{'x' * 100_001},1\n{'9' * 2_049},b,short,1\n3,{'h' * 257},short,1\n"
    outcome = shell.audit(content)
    assert outcome.reading["accounts"] == 3
    assert outcome.warnings["text_cut", "bio"] == 1
    assert outcome.warnings["key_too_long", "account_id"] == 1
    assert outcome.warnings["key_too_long", "handle"] == 1


def test_words_that_other_readers_take_for_missing_are_names(shell):
    outcome = shell.audit("handle,display_name,followers_count\nnull,NaN,1\nNA,None,2\nnan,NA,3\n", "--strict")
    assert (outcome.code, outcome.reading["accounts"]) == (0, 3)
    assert outcome.reading["coverage"]["display_name"] == 1


def test_a_nul_is_removed_and_counted(shell):
    outcome = shell.audit(f"{HEADER},bio\n1,a,1,1,1,x\0y\n")
    assert outcome.reading["accounts"] == 1
    assert any(one["code"] == "nul_removed" for one in outcome.json["warnings"])


def test_indonesian_headers_are_known(shell):
    outcome = shell.audit("id;pengikut;mengikuti;bio\n1;5;6;halo\n")
    assert outcome.reading["accounts"] == 1
    assert {"followers_count", "following_count"} <= outcome.reading["coverage"].keys()


def test_a_header_can_be_named(shell):
    outcome = shell.audit("id,fans\n1,5\n", "--map", "followers_count=fans")
    assert outcome.reading["coverage"]["followers_count"] == 1


@pytest.mark.parametrize("pair", ["followers_count", "=x", "followers_count=", "no_such_column=fans"])
def test_a_map_that_says_nothing_is_refused(shell, pair):
    outcome = shell("audit", shell.file("id,fans\n1,5\n"), "--platform", "twitter", "--map", pair)
    assert outcome.code == 2
    assert outcome.out == ""


def test_a_table_without_platform_is_refused_with_the_list(shell):
    outcome = shell.audit(GOOD, platform=None)
    assert outcome.code == 2
    assert "--platform" in outcome.err
    assert "instagram" in outcome.err


def test_two_platforms_in_one_table_are_refused_with_counts_and_one_can_be_chosen(shell):
    content = "account_id,platform,followers_count\n1,twitter,5\n2,twitter,5\n3,tiktok,5\n"
    refused = shell.audit(content, platform=None)
    assert refused.code == 2
    assert "twitter" in refused.err
    assert "tiktok" in refused.err
    chosen = shell.audit(content, platform="twitter")
    assert chosen.reading["reject_reasons"] == {"other_platform": 1}


@pytest.mark.parametrize(
    "content", ["<?xml version='1.0'?><a/>", "%PDF-1.7 x", "SQLite format 3\0abc", "---\na: [1]\n"]
)
def test_unknown_content_is_refused(shell, content):
    outcome = shell.audit(content)
    assert outcome.code == 2
    assert len(outcome.err) > 60


@pytest.mark.parametrize("name", ["https://example.invalid/list.csv", "no_such_file.csv", ".", "/dev/null"])
def test_what_is_no_file_is_refused_at_once_and_named(shell, name):
    outcome = shell("audit", name, "--platform", "twitter")
    assert outcome.code == 2
    assert name in outcome.err


def test_file_names_are_printed_escaped(shell):
    path = shell.file(GOOD, "a\nb\x1b[31m.csv")
    outcome = shell("audit", path, "--platform", "twitter")
    assert outcome.code == 0
    assert "\x1b" not in outcome.out
    refused = shell("audit", path.with_name("x\ny\x1b[31m.csv"))
    assert refused.code == 2
    assert "\x1b" not in refused.err
    assert refused.err.count("\n") == 1
