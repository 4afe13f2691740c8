"""JSON that is no list: what a refusal says of it, and that no key or message names a person."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.errors import FormatError
from botscan.readers import read_accounts
from botscan.readers.unlike_json import is_comment_list, keys_to_show, refuse_unlike


def refusal(*values):
    with pytest.raises(FormatError) as caught:
        refuse_unlike(values, "made.json")
    return str(caught.value)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"errors": [{"message": "Rate limit exceeded", "code": 88}]}, "Rate limit exceeded (code 88)."),
        ({"error": {"message": "Invalid OAuth access token.", "code": 190}}, "Invalid OAuth access token (code 190)."),
        ({"title": "Unauthorized", "type": "about:blank", "status": 401}, "Unauthorized (code 401)."),
        ({"message": "API rate limit exceeded for 1.2.3.4", "documentation_url": "x"}, "API rate limit exceeded for."),
        ({"ok": False, "error_code": 401, "description": "Unauthorized"}, "Unauthorized (code 401)."),
        ({"error": "invalid_token", "error_description": "x"}, "invalid."),
        ({"errors": [{"message": "Could not find user kopi_susu"}]}, "Could not find user."),
        ({"errors": [{"message": "[ana] 5"}]}, "an error without words."),
    ],
)
def test_an_answer_that_is_an_error_is_said_in_its_words(answer, said):
    text = refusal(answer)
    assert f"answered an error instead of a list: {said}" in text
    assert "kopi" not in text


@pytest.mark.parametrize(
    "value",
    [
        {"errors": [{"message": "x"}], "data": {"id": 1}},
        {"title": "Kopi", "description": "halo"},
        {"name": "Ana", "status": 200, "title": "Kopi"},
        {"errors": [], "message": 5},
        {},
    ],
)
def test_what_is_no_error_is_not_called_one(value):
    refuse_unlike([value], "made.json")


def test_lists_of_facebook_hold_names_only():
    entry = {"name": "Ana", "timestamp": 1}
    for value in ({"followers_v3": [entry]}, {"followers_v2": []}, {"followers": [entry]}):
        text = refusal(value)
        assert "Facebook's download" in text
        assert "Ana" not in text
    refuse_unlike([{"followers": [{"username": "ana"}]}], "made.json")


@pytest.mark.parametrize(
    "value",
    [
        {"username": {"0": "a", "1": "b"}, "followers_count": {"0": 5, "1": 6}},
        {"0": {"username": "a"}, "1": {"username": "b"}},
        {"columns": ["username"], "index": [0], "data": [["a"]]},
    ],
)
def test_a_table_as_pandas_writes_it_is_told_how_to_write_it(value):
    assert 'orient="records", lines=True' in refusal(value)


def test_several_lists_in_one_object_are_named():
    assert "2 lists: followers, following" in refusal({"followers": [{"username": "a"}], "following": ["b"]})


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ({"stuff": {"things": [1]}}, "Seen: stuff."),
        ({"users": {"ana": {"followers": 3}}}, "Seen: users."),
        ({"ana_1": {"x": 1}, "budi": {"x": 2}}, "Seen: text of 5 characters, text of 4 characters."),
        ({"ana": {"followers": 3}}, "Seen: text of 3 characters."),
        ({"ana": ["budi"], "citra": ["dewi"]}, "Seen: text of 3 characters, text of 5 characters."),
        ({"1234567": {"x": [1]}, "meta": {"y": 2}}, "Seen: text of 7 characters, meta."),
    ],
)
def test_a_refusal_names_keys_that_are_not_people(tmp_path, value, seen):
    path = tmp_path / "made.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        read_accounts(path, platform="twitter")
    assert seen in str(caught.value)


def test_other_scripts_of_an_archive_are_named(tmp_path):
    path = tmp_path / "account.js"
    path.write_text('window.YTD.account.part0 = [{"account": {"email": "a@b.example", "accountId": "5"}}]')
    with pytest.raises(FormatError, match=r"X data archive \(account\) that holds no followers.*data/follower\.js"):
        read_accounts(path)


def test_only_words_for_comments_make_a_list_of_comments():
    assert is_comment_list(["commentId", "ownerUsername"])
    assert not is_comment_list(["username", "comments", "date", "likes"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["errors", "error", "message", "code", "status", "data", "columns", "followers", "0", "name"])
        | st.text(max_size=5), inner, max_size=4
    ),
    max_leaves=20,
)  # fmt: skip


@given(
    st.lists(st.dictionaries(st.sampled_from(["errors", "error", "data", "columns", "followers_v3", "0", "1"]), JSON))
)
def test_any_json_is_looked_at_without_a_fault(values):
    with contextlib.suppress(FormatError):
        refuse_unlike(values, "made.json")
    assert all(isinstance(key, str) for key in keys_to_show(values, {"code"}.__contains__))
