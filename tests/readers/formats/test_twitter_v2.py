import json

import pytest

from botscan.readers.formats.twitter_v2 import TWITTER_V2

USER = {
    "id": "119277318", "username": "made_user", "name": "Made", "description": "", "location": "JT", "url": "",
    "created_at": "2010-03-03T12:31:06.000Z", "protected": False, "verified": False,
    "public_metrics": {"followers_count": 580, "following_count": 518, "tweet_count": 55186, "listed_count": 12},
    "profile_image_url": "https://pbs.twimg.com/profile_images/1/x_normal.jpg",
}  # fmt: skip
TWARC = {"url": "https://api.twitter.com/2/users?ids=1", "retrieved_at": "2021-10-23T19:36:18+00:00"}
PINNED = {"resource_type": "tweet", "title": "Not Found Error", "parameter": "pinned_tweet_id", "value": "5"}


def test_a_flat_user_gives_its_columns(read):
    (row,) = read(json.dumps({**USER, "__twarc": TWARC}).encode(), platform=None).table.to_pylist()
    counts = ("followers_count", "following_count", "posts_count", "listed_count")
    assert [row[name] for name in counts] == [580, 518, 55186, 12]
    assert (row["account_id"], row["handle"], row["bio"], row["bio_length"]) == ("119277318", "made_user", None, 0)
    assert (row["has_website"], row["has_avatar"], row["is_verified"], row["is_private"]) == (False, True, False, False)
    assert row["observed_at"].isoformat() == "2021-10-23T19:36:18+00:00"
    assert row["created_at"].isoformat() == "2010-03-03T12:31:06+00:00"


def test_a_page_and_its_flat_users_are_the_same_accounts(read):
    users = [{**USER, "id": str(at)} for at in range(1, 4)]
    page = read(json.dumps({"data": users, "includes": {"tweets": []}, "__twarc": TWARC}).encode())
    flat = read("".join(json.dumps({**user, "__twarc": TWARC}) + "\n" for user in users).encode())
    assert page.table.equals(flat.table)


def test_errors_about_users_are_rows_with_their_reason(read):
    errors = [
        PINNED,
        {"resource_type": "user", "title": "Not Found Error", "parameter": "ids", "value": "7"},
        {
            "resource_type": "user",
            "title": "Forbidden",
            "detail": "User has been suspended: [8].",
            "parameter": "id",
            "value": "8",
        },
        {"resource_type": "user", "title": "Authorization Error", "parameter": "usernames", "value": "made_gone"},
    ]
    accounts = read(json.dumps({"data": [USER], "errors": errors}).encode())
    assert accounts.report.rows_in == 4
    assert accounts.report.reject_reasons == {"not_found": 1, "suspended": 1}
    assert accounts.table.select(["handle", "account_status"]).to_pylist() == [
        {"handle": "made_user", "account_status": None},
        {"handle": "made_gone", "account_status": "unknown"},
    ]
    only = read(json.dumps({"errors": errors[1:3]}).encode())
    assert (only.n_accounts, only.report.rows_rejected) == (0, 2)


@pytest.mark.parametrize(
    ("badge", "expected"),
    [
        ({"verified": True, "verified_type": "business"}, True),
        ({"verified": True, "verified_type": "government"}, True),
        ({"verified": True, "verified_type": "blue"}, False),
        ({"verified": False, "verified_type": "none"}, False),
        ({"verified": False}, False),
        ({"verified": True, "__twarc": TWARC}, True),
        ({"verified": True, "__twarc": {**TWARC, "retrieved_at": "2024-01-01T00:00:00Z"}}, None),
        ({"verified": True}, None),
    ],
)
def test_a_paid_badge_is_no_check(read, badge, expected):
    user = {key: value for key, value in USER.items() if key != "verified"}
    known = {**USER, "id": "2"}
    assert read(json.dumps([{**user, **badge}, known]).encode()).table["is_verified"].to_pylist()[0] is expected


def test_fields_that_were_not_asked_for_are_absent(read):
    page = {"data": [{"id": "1", "name": "A", "username": "a"}], "meta": {"result_count": 1, "next_token": "X"}}
    accounts = read(json.dumps(page).encode(), platform=None)
    assert accounts.report.complete is False
    assert set(accounts.table.column_names) == {
        "account_id", "platform", "handle", "display_name", "follow_rank", "handle_length", "handle_digits",
        "handle_digit_ratio", "display_name_words",
    }  # fmt: skip
    assert read(json.dumps({**page, "meta": {"result_count": 1}}).encode()).report.complete is True


@pytest.mark.parametrize(
    ("url", "order"),
    [("https://api.twitter.com/2/users/5/followers?max=1", "newest_first"), (TWARC["url"], "unknown"), (7, "unknown")],
)
def test_only_lists_of_followers_have_an_order(read, url, order):
    page = {"data": [USER], "__twarc": {**TWARC, "url": url}}
    assert read(json.dumps(page).encode()).report.list_order == order


def test_a_look_up_of_one_user(read):
    assert read(json.dumps({"data": USER}).encode(), platform=None).table["handle"].to_pylist() == ["made_user"]


@pytest.mark.parametrize(
    "value",
    [
        {"id": "1", "username": "a"},
        {"id": "1", "author_id": "2", "text": "x", "public_metrics": {}},
        {"data": [{"id": "1", "text": "x"}], "meta": {}},
        {"data": {"display_name": "x"}},
    ],
)
def test_what_is_no_v2_object_is_not_taken_for_one(value):
    assert TWITTER_V2.evidence([value]) == 0
    assert TWITTER_V2.evidence([{"meta": {"result_count": 0}}]) == 1
