import copy
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.readers.formats.twitter_v1 import TWITTER_V1
from botscan.readers.formats.twitter_v2 import TWITTER_V2
from botscan.schema import POST_COLUMNS

FORMATS = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
needs_samples = pytest.mark.skipif(not FORMATS.is_dir(), reason="the folder of sample files is not here")

USER = {
    "id": "119277318", "username": "made_user", "name": "Made", "description": "", "location": "JT", "url": "",
    "created_at": "2010-03-03T12:31:06.000Z", "protected": False, "verified": False,
    "public_metrics": {"followers_count": 580, "following_count": 518, "tweet_count": 55186, "listed_count": 12},
    "profile_image_url": "https://pbs.twimg.com/profile_images/1/x_normal.jpg",
}  # fmt: skip
TWARC = {"url": "https://api.twitter.com/2/users?ids=1", "retrieved_at": "2021-10-23T19:36:18+00:00"}
PINNED = {"resource_type": "tweet", "title": "Not Found Error", "parameter": "pinned_tweet_id", "value": "5"}

POST = {
    "id": "1380236973040172816", "author_id": "119277318", "text": "satu &amp; dua",
    "created_at": "2021-04-08T19:11:52.000Z", "lang": "in", "source": "Made App", "conversation_id": "1",
    "public_metrics": {"retweet_count": 4, "reply_count": 1, "like_count": 2, "quote_count": 0, "impression_count": 90},
}  # fmt: skip
ASKED = {**TWARC, "url": "https://api.twitter.com/2/tweets/search/recent?tweet.fields=in_reply_to_user_id%2Ctext"}


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


def test_fields_that_were_not_asked_for_are_absent(take):
    page = {"data": [{"id": "1", "name": "A", "username": "a"}], "meta": {"result_count": 1, "next_token": "X"}}
    taken = take(TWITTER_V2, [page])
    assert {column for column, values in taken.columns.items() if values != [None]} == {
        "account_id", "handle", "display_name",
    }  # fmt: skip
    assert taken.pages[0].complete is False
    assert take(TWITTER_V2, [{**page, "meta": {"result_count": 1}}]).pages[0].complete is True


@pytest.mark.parametrize(
    ("value", "n"),
    [
        ({"data": [{"id": "1", "name": "A", "username": "a"}, USER], "meta": {"result_count": 2}}, 1),
        ({"id": "1", "name": "A", "username": "a", "__twarc": TWARC}, 1),
        ({"id": "1", "author_id": "2", "text": "x", "author": {"id": "2", "name": "B", "username": "b"}}, 1),
        ({"data": [USER], "meta": {"result_count": 1}}, 0),
        ({"id": "1", "name": "A", "username": "a", "created_at": "2020-01-01T00:00:00Z"}, 0),
    ],
)
def test_accounts_with_the_default_fields_alone_are_counted(take, value, n):
    pages = take(TWITTER_V2, [value]).pages
    assert sum(page.counts.get("only_default_fields", 0) for page in pages) == n


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
        {"id": "1", "author_id": "2", "text": "x"},
        {"id": "1", "author_id": "2", "author": "A name", "text": "x", "public_metrics": {}},
        {"data": [{"id": "1", "text": "x"}], "meta": {}},
        {"data": [{"id": "1", "author_id": "2", "text": "x"}], "meta": {"total": 5}},
        {"data": {"display_name": "x"}},
    ],
)
def test_what_is_no_v2_object_is_not_taken_for_one(value):
    assert TWITTER_V2.evidence([value]) == 0
    assert TWITTER_V2.evidence([{"meta": {"result_count": 0}}]) == 1


def test_a_post_gives_its_columns(take):
    taken = take(TWITTER_V2, [{**POST, "__twarc": ASKED}], "posts")
    assert {column: values[0] for column, values in taken.columns.items()} == {
        "account_id": "119277318",
        "post_id": "1380236973040172816",
        "posted_at": "2021-04-08T19:11:52.000Z",
        "text": "satu & dua",
        "language": "in",
        "source_app": "Made App",
        "likes_count": 2,
        "comments_count": 1,
        "reposts_count": 4,
        "views_count": 90,
        "is_repost": False,
        "is_reply": False,
    }
    assert set(taken.columns) == {column.name for column in POST_COLUMNS}


@pytest.mark.parametrize(
    ("change", "is_repost", "is_reply"),
    [
        ({"referenced_tweets": [{"type": "retweeted", "id": "5"}]}, True, False),
        ({"referenced_tweets": [{"type": "quoted"}, {"type": "replied_to", "id": "5"}]}, False, True),
        ({"referenced_tweets": [5]}, False, False),
        ({"in_reply_to_user_id": "7"}, False, True),
        ({"in_reply_to_user_id": None}, False, False),
        ({"text": "RT @ani_x: halo"}, True, None),
        ({"in_reply_to_user_id": ["7"]}, False, None),
        ({}, False, None),
        ({"text": None}, None, None),
    ],
)
def test_reposts_and_replies(take, change, is_repost, is_reply):
    taken = take(TWITTER_V2, [{**POST, **change}], "posts")
    assert (taken["is_repost"], taken["is_reply"]) == ([is_repost], [is_reply])


def test_no_views_at_all_are_not_known(take):
    old = {**POST, "public_metrics": {"impression_count": 0, "like_count": 0}}
    taken = take(TWITTER_V2, [old], "posts")
    assert (taken["views_count"], taken["likes_count"]) == ([None], [0])


def test_a_long_post_is_whole(take):
    post = {**POST, "note_tweet": {"text": "satu dua tiga"}, "text": "satu…"}
    assert take(TWITTER_V2, [post], "posts")["text"] == ["satu dua tiga"]


def test_a_page_of_posts_and_its_flat_posts_are_the_same(take):
    other = {**USER, "id": "5", "username": "other", "name": "Kopi &amp; Buku"}
    mentioned = {**USER, "id": "6", "username": "only_mentioned"}
    posts = [POST, {**POST, "id": "2", "author_id": "5"}, {**POST, "id": "3"}]
    page = {"data": posts, "includes": {"users": [mentioned, other, USER]}, "__twarc": ASKED}
    before = copy.deepcopy(page)
    authors = {"119277318": USER, "5": other}
    flat = [{**post, "author": authors[post["author_id"]], "__twarc": ASKED} for post in posts]
    accounts = take(TWITTER_V2, [page])
    assert accounts["handle"] == ["made_user", "other"]
    assert accounts["display_name"] == ["Made", "Kopi & Buku"]
    assert accounts["observed_at"] == [ASKED["retrieved_at"]] * 2
    assert take(TWITTER_V2, flat)["handle"] == ["made_user", "other", "made_user"]
    assert take(TWITTER_V2, [page], "posts").columns == take(TWITTER_V2, flat, "posts").columns
    assert page == before
    assert TWITTER_V2.evidence([page]) > 3
    assert TWITTER_V2.evidence(flat) > 3


def test_one_post_of_a_stream(take):
    line = {"data": POST, "includes": {"users": [USER]}, "matching_rules": [{"id": "1"}]}
    assert TWITTER_V2.evidence([line]) > 1
    assert take(TWITTER_V2, [line])["handle"] == ["made_user"]
    assert take(TWITTER_V2, [line], "posts")["post_id"] == ["1380236973040172816"]


def test_an_author_of_whom_only_the_id_is_told(take):
    page = {"data": [POST, {"id": "2", "text": "x"}, 5], "__twarc": ASKED}
    taken = take(TWITTER_V2, [page])
    assert (taken["account_id"], taken["observed_at"]) == (["119277318", None, None], [None] * 3)
    assert take(TWITTER_V2, [POST])["account_id"] == ["119277318"]


def test_errors_of_a_page_of_posts_are_rows_where_they_are_about_authors(take):
    errors = [
        {"resource_type": "user", "parameter": "author_id", "value": "9", "title": "Forbidden",
         "detail": "User has been suspended: [9]."},
        {"resource_type": "user", "parameter": "entities.mentions.username", "value": "x", "title": "Not Found Error"},
        {"resource_type": "tweet", "parameter": "referenced_tweets.id", "value": "3", "title": "Not Found Error"},
    ]  # fmt: skip
    page = {"data": [POST, {**POST, "author_id": "9"}], "includes": {"users": [USER]}, "errors": errors}
    taken = take(TWITTER_V2, [page])
    assert (taken["account_id"], taken.reasons) == (["119277318", "9"], [None, "suspended"])
    assert take(TWITTER_V2, [page], "posts").reasons == [None, None]


def test_files_of_users_hold_no_posts(take):
    page = {"data": [USER], "includes": {"tweets": [POST]}, "meta": {"result_count": 1}}
    for value in (page, {**USER, "__twarc": TWARC, "pinned_tweet": POST}, {"errors": []}):
        assert take(TWITTER_V2, [value], "posts")["post_id"] == []
    assert "last_post_at" not in take(TWITTER_V2, [page]).columns


@pytest.mark.parametrize(
    ("url", "subject"),
    [
        ("https://api.twitter.com/2/users/5/followers?max=1", "5"),
        ("https://api.twitter.com/2/users/5/following", None),
        ("https://api.twitter.com/2/users//followers", None),
        ("followers", None),
        (7, None),
    ],
)
def test_whose_followers_they_are(take, url, subject):
    page = {"data": [USER], "__twarc": {**TWARC, "url": url}}
    assert take(TWITTER_V2, [page]).pages[0].subject == subject


@needs_samples
def test_samples_give_what_they_hold(take):
    def values(name):
        return [json.loads(line) for line in (FORMATS / name).read_bytes().splitlines()]

    flat = values("twarc2_tweets_flat.jsonl")
    accounts, posts = take(TWITTER_V2, flat), take(TWITTER_V2, flat, "posts")
    assert len(set(accounts["account_id"])) == 2
    assert sorted(accounts["has_avatar"]) == [False, True]
    assert (posts["account_id"], posts["is_repost"]) == (accounts["account_id"], [True, False])
    assert posts["is_reply"] == [False, False]
    assert TWITTER_V2.evidence(flat) > 3
    page = values("twarc2_users_page.jsonl")
    users = take(TWITTER_V2, page)
    assert (users.reasons.count(None), users.reasons.count("not_found")) == (3, 1)
    flat_users = take(TWITTER_V2, values("twarc2_users_flat.made.jsonl"))
    assert len(flat_users["account_id"]) == 3
    assert not any(take(TWITTER_V2, values(name), "posts")["post_id"] for name in (
        "twarc2_users_page.jsonl", "twarc2_users_flat.made.jsonl"))  # fmt: skip
    default = json.loads((FORMATS / "twitter_v2_followers_default_fields.json").read_bytes())
    (unpacked,) = take(TWITTER_V2, [default]).pages
    assert (len(unpacked.records), unpacked.complete, unpacked.counts) == (3, False, {"only_default_fields": 3})


@needs_samples
def test_no_other_sample_is_taken_for_one_of_the_api():
    claimed = set()
    for path in FORMATS.glob("*.json*"):
        if path.suffix == ".xz":
            continue
        text = path.read_bytes()
        values = json.loads(text) if path.suffix == ".json" else [json.loads(line) for line in text.splitlines()]
        values = [value for value in (values if isinstance(values, list) else [values]) if isinstance(value, dict)]
        claimed |= {(path.name.partition("_")[0], one.name) for one in (TWITTER_V1, TWITTER_V2) if one.evidence(values)}
        if one_too_many := TWITTER_V1.evidence(values) and TWITTER_V2.evidence(values):
            pytest.fail(f"{path.name} is claimed twice: {one_too_many}")
    assert claimed == {("twitter", "twitter_v1"), ("twitter", "twitter_v2"), ("twarc2", "twitter_v2")}


KEYS = (
    "data", "meta", "includes", "errors", "users", "tweets", "__twarc", "url", "retrieved_at", "username", "id", "text",
    "author_id", "author", "public_metrics", "referenced_tweets", "type", "in_reply_to_user_id", "result_count",
    "resource_type", "parameter", "value", "title", "verified", "verified_type", "note_tweet", "impression_count",
    "entities", "urls", "profile_image_url", "lang",
)  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["user", "/"])
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=8), max_size=3))
def test_no_json_makes_it_stumble(values):
    assert TWITTER_V2.evidence(values) >= 0
    for records_of in (TWITTER_V2.accounts, TWITTER_V2.posts):
        for value in values:
            page = records_of.unpack(value)
            found = [value] if page is None else page.records
            assert page is None or not page.reasons or len(page.reasons) == len(page.records)
            records = [record for record in found if isinstance(record, dict)]
            for field in records_of.fields:
                assert len(field.values(records)) == len(records)
