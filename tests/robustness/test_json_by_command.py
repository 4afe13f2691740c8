"""JSON and its relatives (robustness, 1c): each class of fault through the command line."""

import json

import pytest

ACCOUNT = {"account_id": "1", "handle": "ani", "followers_count": 5, "following_count": 6, "posts_count": 7}


def account(number, **changes):
    return {**ACCOUNT, "account_id": str(number), "handle": f"h{number}", **changes}


def lines(*objects):
    return "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in objects)


def test_every_framing_gives_the_same_audit(shell):
    three = [account(n) for n in (1, 2, 3)]
    framings = [
        lines(*three),
        json.dumps(three),
        json.dumps(three, indent=2),
        "".join(json.dumps(one) for one in three),
        "\n\n".join(json.dumps(one, indent=1) for one in three),
    ]
    found = [shell.audit(content) for content in framings]
    assert {outcome.code for outcome in found} == {0}
    assert all({**one.json, "source": ""} == {**found[0].json, "source": ""} for one in found)
    assert found[0].reading["accounts"] == 3


def test_one_object_alone_is_a_list_of_one(shell):
    assert shell.audit(json.dumps(ACCOUNT, indent=2)).reading["accounts"] == 1


def test_a_broken_line_is_rejected_and_reading_goes_on(shell):
    content = lines(account(1), '{"account_id": "2", ', account(3))
    outcome = shell.audit(content)
    assert outcome.reading["reject_reasons"] == {"bad_json": 1}
    assert outcome.reading["accounts"] == 2
    _, rows = shell.score(content)
    assert [row["reject_reason"] for row in rows] == [None, "bad_json", None]


def test_a_cut_at_the_end_keeps_what_was_whole_and_names_the_line(shell):
    outcome = shell.audit(lines(account(1), account(2)) + '{"account_id": "3", "foll')
    assert outcome.reading["reject_reasons"] == {"truncated": 1}
    assert outcome.reading["accounts"] == 2
    assert [one["text"] for one in outcome.json["warnings"] if "3" in one["text"] and "cut" in one["code"]]


@pytest.mark.parametrize("shape", ["[1, 2]", '"text"', "12", "null", "true"])
def test_a_wrong_shape_is_not_an_object(shell, shape):
    outcome = shell.audit(lines(account(1), shape, account(2)))
    assert outcome.reading["reject_reasons"] == {"not_an_object": 1}


def test_an_empty_object_has_no_identity(shell):
    outcome = shell.audit(lines(account(1), "{}"))
    assert outcome.reading["reject_reasons"] == {"no_identity": 1}


@pytest.mark.parametrize("value", [{"a": 1}, [1], True])
def test_an_id_of_the_wrong_type_is_blanked_and_the_handle_takes_over(shell, value):
    outcome, rows = shell.score(lines(account(1), account(2, account_id=value)))
    assert outcome.code == 0
    assert [row["account_id"] for row in rows] == ["1", "@h2"]


def test_fields_of_the_wrong_type_are_blanked_and_the_record_lives(shell):
    outcome = shell.audit(lines(account(1), account(2, followers_count=[5], handle=12, following_count="1.234")))
    assert outcome.reading["accounts"] == 2
    assert outcome.reading["coverage"]["followers_count"] == 0.5
    assert outcome.reading["coverage"]["following_count"] == 1


def test_whole_numbers_are_exact_at_any_size(shell):
    ids = [2**53 + 1, 2**63 + 1, 2**64 + 1, 10**20 - 1]
    content = "".join(f'{{"account_id": {one}, "followers_count": 1}}\n' for one in ids)
    _, rows = shell.score(content)
    assert [row["account_id"] for row in rows] == [str(one) for one in ids]


def test_numbers_too_long_are_blanked_without_an_error(shell):
    content = f'{{"account_id": "1", "followers_count": {"9" * 5_000}, "posts_count": 1}}\n'
    outcome = shell.audit(content)
    assert outcome.warnings["count_out_of_range", "followers_count"] == 1


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_words_for_no_number_are_blanked_with_a_warning(shell, word):
    outcome = shell.audit(f'{{"account_id": "1", "followers_count": {word}, "posts_count": 3}}\n')
    assert outcome.code == 0
    assert outcome.reading["coverage"]["followers_count"] == 0
    assert outcome.warnings["not_a_number"] == 1


def test_of_a_key_twice_the_last_wins(shell):
    content = '{"account_id": "1", "account_id": "2", "followers_count": 1}\n'
    _, rows = shell.score(content)
    assert [row["account_id"] for row in rows] == ["2"]


def test_a_record_nested_too_deep_is_rejected_and_refused_when_alone(shell):
    deep = '{"account_id": "9", "x": ' + "[" * 100_000 + "]" * 100_000 + "}"
    outcome = shell.audit(lines(account(1), deep, account(2)))
    assert outcome.reading["reject_reasons"] == {"too_deep": 1}
    assert shell.audit(deep).code == 2


def test_lone_surrogates_are_replaced_before_anything_is_written(shell):
    content = r'{"account_id": "1", "handle": "ani", "bio": "x\ud83d", "followers_count": 1}' + "\n"
    outcome, rows = shell.score(content)
    assert (outcome.code, len(rows)) == (0, 1)
    assert shell("audit", shell.file(content), "--platform", "twitter", "--html", shell.folder / "a.html").code == 0


def test_strange_keys_are_keys_that_nobody_knows(shell):
    strange = {"__class__": "x", "__proto__": {"a": 1}, "constructor": 1, "__init__": []}
    assert shell.audit(lines(account(1, **strange))).reading["accounts"] == 1


def test_an_api_page_gives_its_accounts_and_lists_what_was_not_found(shell):
    page = {
        "data": [{"id": "1", "username": "ani", "name": "A", "public_metrics": {"followers_count": 1}}],
        "errors": [
            {"resource_type": "user", "parameter": "ids", "value": "2", "title": "Not Found Error"},
            {"resource_type": "tweet", "parameter": "pinned_tweet_id", "value": "3", "title": "Not Found Error"},
        ],
        "meta": {"result_count": 1},
    }
    outcome = shell.audit(json.dumps(page), platform=None)
    assert outcome.json["platform"] == "twitter"
    assert outcome.reading["accounts"] == 1
    assert outcome.reading["reject_reasons"] == {"not_found": 1}


def test_a_page_of_errors_only_is_a_good_file(shell):
    error = {"resource_type": "user", "parameter": "ids", "value": "2", "title": "Not Found Error"}
    outcome = shell.audit(json.dumps({"data": [], "errors": [error], "meta": {}}), platform=None)
    assert (outcome.code, outcome.reading["accounts"]) == (0, 0)
    assert outcome.json["organic_share"]["organic_share"] is None


def test_pages_of_the_first_api_give_their_users(shell):
    user = {
        "id": 12, "id_str": "12", "screen_name": "ani", "name": "Ani", "followers_count": 1, "friends_count": 2,
        "statuses_count": 3, "created_at": "Fri Aug 08 02:16:23 +0000 2008", "listed_count": 0,
    }  # fmt: skip
    outcome = shell.audit(json.dumps({"users": [user], "next_cursor": 0}), platform=None)
    assert outcome.json["platform"] == "twitter"
    assert outcome.reading["evidence_level"] == 3


@pytest.mark.parametrize("content", ["alert(1)", "window.YTD.follower.part0 = [1]; alert(1)", "function x() {}"])
def test_script_is_never_run_and_refused(shell, content):
    outcome = shell.audit(content)
    assert outcome.code == 2


def test_a_list_of_bare_ids_is_never_scored(shell):
    outcome = shell.audit("account_id\n1\n2\n3\n")
    assert outcome.code == 0
    assert outcome.reading["evidence_level"] == 0
    assert outcome.json["segments"]["unknown"] == 3
    assert outcome.json["organic_share"]["organic_share"] is None
    assert outcome.json["model"]["pattern"] == ""
    _, rows = shell.score("account_id\n1\n2\n3\n")
    assert [row["bot_score"] for row in rows] == [None] * 3


def test_nothing_but_broken_records_is_refused_not_zero_accounts(shell):
    outcome = shell.audit('{"a": \n{"b": \n')
    assert outcome.code == 2


def test_one_account_on_most_rows_is_one_account_with_a_warning(shell):
    outcome = shell.audit(lines(*([ACCOUNT] * 9), account(2)))
    assert outcome.reading["accounts"] == 2
    assert outcome.reading["duplicates_merged"] == 8
    assert "one_account_repeated" in str(outcome.json["warnings"])
