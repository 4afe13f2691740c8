import base64
import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.cells.instants import parse_instants
from botscan.readers.formats.x_graphql import (
    HAR_OTHER,
    X_GRAPHQL,
    X_GRAPHQL_FOLLOWING,
    X_GRAPHQL_POSTS,
    X_GRAPHQL_USER,
)
from botscan.readers.formats.x_graphql_pages import har_entries, read_answer
from botscan.readers.formats.x_scrapers import X_SCRAPERS

FORMATS = (X_GRAPHQL, X_GRAPHQL_FOLLOWING, X_GRAPHQL_USER, X_GRAPHQL_POSTS, HAR_OTHER)
SAMPLES = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
DEFAULT_PICTURE = "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png"

NEW = {
    "__typename": "User", "rest_id": "1200000000000000007", "id": "VXNlcjo3", "is_blue_verified": True,
    "core": {"screen_name": "lampu_kota", "name": "Lampu &amp; Kota", "created_at": "Thu Nov 28 05:01:08 +0000 2019"},
    "relationship_counts": {"followers": 0, "following": 38}, "tweet_counts": {"tweets": 11, "media_tweets": 2},
    "action_counts": {"favorites_count": 5}, "profile_bio": {"description": "", "entities": {"description": {}}},
    "location": {"location": "Ambon"}, "website": {"url": ""}, "privacy": {"protected": True},
    "verification": {"verified": False}, "avatar": {"image_url": DEFAULT_PICTURE}, "profile_description_language": "in",
    "tipjar_settings": {"venmo_handle": "rahasia"}, "relationship_perspectives": {"following": True},
}  # fmt: skip
OLD = {
    "__typename": "User", "rest_id": "501234567", "is_blue_verified": True,
    "legacy": {
        "screen_name": "bu_guru", "name": "Bu Guru", "created_at": "Tue Aug 13 10:00:01 +0000 2013",
        "followers_count": 120, "friends_count": 301, "statuses_count": 640, "favourites_count": 88, "listed_count": 1,
        "description": "Guru", "location": "Kupang", "verified": False, "protected": False, "default_profile": True,
        "default_profile_image": False, "entities": {"description": {"urls": []}},
    },
}  # fmt: skip
POST = {
    "__typename": "Tweet", "rest_id": "1600000000000000001", "core": {"user_results": {"result": OLD}},
    "source": '<a href="x">App Contoh</a>', "views": {"count": "40", "state": "EnabledWithCount"},
    "legacy": {
        "full_text": "halo &amp; apa kabar", "created_at": "Tue Dec 06 05:00:01 +0000 2022", "lang": "in",
        "favorite_count": 3, "reply_count": 1, "retweet_count": 2, "user_id_str": "501234567",
    },
}  # fmt: skip
BOTTOM = {"content": {"cursorType": "Bottom", "value": "2605|2085"}, "sortIndex": "1"}
END = {"content": {"cursorType": "Bottom", "value": "0|2085"}, "sortIndex": "1"}


def entry(result, place, component="FollowersSgs", key="user_results"):
    holder = {} if result is None else {"result": result}
    content = {"itemContent": {"itemType": "TimelineUser", key: holder}}
    if component:
        content["clientEventInfo"] = {"component": component, "element": "user"}
    return {"entryId": "user-1", "sortIndex": str(place), "content": content}


def page(*entries, **more):
    instructions = [{"type": "TimelineClearCache"}, {"type": "TimelineAddEntries", "entries": list(entries)}]
    timeline = {"timeline": {"timeline": {"instructions": instructions}}}
    return {"data": {"user": {"result": {"__typename": "User", **timeline, **more}}}}


def har(*bodies, **content):
    entries = [
        {
            "request": {"headers": [{"name": "cookie", "value": "auth_token=rahasia"}], "url": "https://x.com/"},
            "response": {"content": {"mimeType": "application/json", "text": body, **content}},
        }
        for body in bodies
    ]
    return {"log": {"version": "1.2", "creator": {"name": "b"}, "entries": entries}}


def user(number, **more):
    return {**NEW, "rest_id": str(number), **more}


def of(*values):
    return [form.name for form in FORMATS if form.evidence(list(values))]


def test_the_new_schema_gives_its_columns(take):
    taken = take(X_GRAPHQL, [page(entry(NEW, 9))])
    assert {name: values[0] for name, values in taken.columns.items()} == {
        "account_id": "1200000000000000007", "handle": "lampu_kota", "display_name": "Lampu & Kota", "bio": "",
        "location": "Ambon", "website": "", "created_at": "Thu Nov 28 05:01:08 +0000 2019", "followers_count": 0,
        "following_count": 38, "posts_count": 11, "likes_given_count": 5, "listed_count": None, "is_verified": False,
        "is_private": True, "has_default_theme": None, "has_avatar": False,
    }  # fmt: skip
    assert set(NEW) <= X_GRAPHQL.accounts.known_keys


def test_the_old_schema_gives_its_columns(take):
    taken = take(X_GRAPHQL, [page(entry(OLD, 9))])
    assert {name: values[0] for name, values in taken.columns.items()} == {
        "account_id": "501234567", "handle": "bu_guru", "display_name": "Bu Guru", "bio": "Guru", "location": "Kupang",
        "website": "", "created_at": "Tue Aug 13 10:00:01 +0000 2013", "followers_count": 120, "following_count": 301,
        "posts_count": 640, "likes_given_count": 88, "listed_count": 1, "is_verified": False, "is_private": False,
        "has_default_theme": True, "has_avatar": True,
    }  # fmt: skip


def test_mixed_schemas_are_read_field_by_field(take):
    mixed = {**OLD, "core": NEW["core"], "tweet_counts": {"tweets": 641}, "avatar": {}}
    taken = take(X_GRAPHQL, [page(entry(mixed, 9), entry({**NEW, "legacy": None}, 8))])
    assert taken["handle"] == ["lampu_kota", "lampu_kota"]
    assert taken["posts_count"] == [641, 11]
    assert taken["followers_count"] == [120, 0]
    assert taken["listed_count"] == [1, None]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, False),
        ({"verification": {"verified": True}}, True),
        ({"verification": {"verified": False, "verified_type": "Business"}}, True),
        ({"verification": {"verified_type": "Government"}}, True),
        ({"verification": {"verified_type": "Blue"}}, None),
        ({"verification": None}, None),
    ],
)
def test_a_paid_badge_is_no_check(take, change, expected):
    assert take(X_GRAPHQL, [page(entry({**NEW, **change}, 1))])["is_verified"] == [expected]


def test_the_link_is_the_one_written_out(take):
    urls = {"urls": [{"expanded_url": "http://situs.example"}]}
    users = [
        {"rest_id": "1", "profile_bio": {"entities": {"url": urls}}, "website": {"url": "https://t.co/a"}},
        {"rest_id": "2", "website": {"url": "https://t.co/a"}},
        {"rest_id": "3", "legacy": {"entities": {"url": urls}}},
        {"rest_id": "4", "legacy": {"entities": {"url": {"urls": []}}}},
        {"rest_id": "5"},
    ]
    taken = take(X_GRAPHQL, [page(*(entry(one, 9) for one in users))])
    assert taken["website"] == ["http://situs.example", "https://t.co/a", "http://situs.example", None, None]


def test_the_id_can_come_from_the_node(take):
    users = [{"id": base64.b64encode(text).decode()} for text in (b"User:77", b"Tweet:77", b"User:x", b"\xff")]
    taken = take(X_GRAPHQL, [page(*(entry(one, 9) for one in [*users, {"id": "*"}, {"id": 7}]))])
    assert taken["account_id"] == ["77", None, None, None, None, None]


def test_entries_are_ordered_by_their_place(take):
    taken = take(X_GRAPHQL, [page(entry(user(1), 5), entry(user(2), 20), BOTTOM, entry(user(3), 7))])
    assert taken["account_id"] == ["2", "3", "1"]
    (unpacked,) = taken.pages
    assert (unpacked.newest_first, unpacked.complete) == (True, False)
    without = entry(user(2), "x")
    assert take(X_GRAPHQL, [page(entry(user(1), 5), without)])["account_id"] == ["1", "2"]


@pytest.mark.parametrize(
    ("entries", "complete"), [([END], True), ([BOTTOM], False), ([], None), ([entry(NEW, 1), END], True)]
)
def test_the_last_cursor_tells_the_end(take, entries, complete):
    top = {"content": {"cursorType": "Top", "value": "0|1"}}
    (unpacked,) = take(X_GRAPHQL, [page(*entries, top)]).pages
    assert unpacked.complete is complete


def test_an_empty_list_is_a_list():
    assert of(page(END)) == ["x_graphql"]
    assert of({"data": {"user": {}}}) == []


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (None, "no_identity"),
        ({}, "no_identity"),
        ({"__typename": "UserUnavailable"}, "no_identity"),
        ({"__typename": "UserUnavailable", "reason": "Suspended"}, "suspended"),
        ({"__typename": "UserUnavailable", "unavailable_reason": "Suspended", "rest_id": "7"}, "suspended"),
        ({"__typename": "UserUnavailable", "message": "User not found"}, "not_found"),
        ({"__typename": "UserUnavailable", "message": "This account doesn't exist"}, "not_found"),
        ({"__typename": "UserUnavailable", "reason": "Deactivated"}, "deleted"),
        ({"__typename": "UserUnavailable", "reason": ["Suspended"]}, "no_identity"),
    ],
)
def test_what_is_no_account_says_why(take, result, reason):
    taken = take(X_GRAPHQL, [page(entry(result, 9), entry(NEW, 8))])
    assert taken.reasons == [reason, None]
    assert taken["account_id"][1] == "1200000000000000007"


def test_results_of_a_wrong_type_stay_for_the_reader_to_reject(take):
    odd = page(entry(NEW, 9), entry([1], 8), {"sortIndex": "7", "content": {"itemContent": {"user_results": 5}}})
    (unpacked,) = take(X_GRAPHQL, [odd]).pages
    assert list(unpacked.records) == [NEW, [1], 5]


def test_accounts_of_limited_visibility_stand_deeper(take):
    hidden = {"__typename": "UserWithVisibilityResults", "user": NEW}
    assert take(X_GRAPHQL, [page(entry(hidden, 9))])["handle"] == ["lampu_kota"]


def test_paths_may_move(take):
    moved = {"anything": [[{"else": entry(NEW, 9)}]]}
    assert of(moved) == ["x_graphql"]
    assert take(X_GRAPHQL, [moved])["handle"] == ["lampu_kota"]
    assert of(entry(NEW, 9)) == ["x_graphql"]


def test_bare_accounts_are_records_themselves(take):
    assert of(NEW) == of(OLD) == ["x_graphql"]
    assert X_GRAPHQL.accounts.unpack(NEW) is None
    unavailable = {"__typename": "UserUnavailable", "reason": "Suspended"}
    assert take(X_GRAPHQL, [OLD, unavailable]).reasons == [None, "suspended"]


def test_nothing_of_x_is_one_record(take):
    assert X_GRAPHQL.accounts.unpack({"errors": [{"code": 88}], "data": {}}) is None
    assert X_GRAPHQL_USER.accounts.unpack({"a": 1}) is None
    assert X_GRAPHQL.posts.unpack({"a": 1}) is None


def test_followed_accounts_are_a_format_of_their_own(take):
    following = page(entry(user(1), 9, "FollowingSgs"), BOTTOM)
    assert of(following) == ["x_graphql_following"]
    assert X_GRAPHQL_FOLLOWING.refusal
    taken = take(X_GRAPHQL_FOLLOWING, [following])
    assert (taken["account_id"], taken.reasons) == (["1"], [None])
    assert taken.pages[0].newest_first is False


def test_followed_accounts_between_followers_are_rejected(take):
    pages = [page(entry(user(1), 9, "FollowingSgs")), page(entry(user(2), 8), entry(user(3), 7, "suggest_who"))]
    assert of(*pages) == ["x_graphql"]
    assert take(X_GRAPHQL, pages).reasons == ["not_in_list", None, "not_in_list"]


def test_a_list_without_a_name_is_one_of_followers(take):
    assert take(X_GRAPHQL, [page(entry(NEW, 9, ""))]).pages[0].newest_first is True
    other = {"data": {"retweeters_timeline": page(entry(NEW, 9, ""))["data"]["user"]["result"]}}
    assert take(X_GRAPHQL, [other]).pages[0].newest_first is False
    assert take(X_GRAPHQL, [other])["handle"] == ["lampu_kota"]


def test_the_subject_is_the_account_whose_list_it_is(take):
    (unpacked,) = take(X_GRAPHQL, [page(entry(NEW, 9), rest_id="77")]).pages
    assert unpacked.subject == "77"
    assert take(X_GRAPHQL, [page(entry(NEW, 9))]).pages[0].subject is None


def test_pages_are_sorted_by_their_newest_place():
    pages = [page(entry(NEW, 500), entry(NEW, 499)), page(entry(NEW, 480)), page(entry(NEW, 450))]
    numbers = [X_GRAPHQL.number_of_part("x.json", [one]) for one in pages]
    assert numbers == sorted(numbers) == [-500, -480, -450]
    assert X_GRAPHQL.number_of_part("x.json", [page(END)]) is None


ABOUT = {
    "data": {
        "user_result_by_screen_name": {
            "result": {
                "__typename": "User", "rest_id": "77", "core": NEW["core"], "privacy": {"protected": False},
                "about_profile": {"account_based_in": "Indonesia"}, "verification": {"verified_type": "Business"},
                "avatar": {"image_url": "https://pbs.twimg.com/profile_images/1/a.jpg"}, "verification_info": {},
            }
        }
    }
}  # fmt: skip


def test_an_about_reply_is_one_account(take):
    assert of(ABOUT) == ["x_graphql_user"]
    assert X_GRAPHQL_USER.is_lookup
    taken = take(X_GRAPHQL_USER, [ABOUT])
    assert {name: values[0] for name, values in taken.columns.items() if values[0] is not None} == {
        "account_id": "77", "handle": "lampu_kota", "display_name": "Lampu & Kota", "is_private": False,
        "created_at": "Thu Nov 28 05:01:08 +0000 2019", "is_verified": True, "has_avatar": True,
    }  # fmt: skip
    assert taken.pages[0].counts == {"about_facts_unused": 1}


def test_profiles_asked_for_one_by_one(take):
    one = {"data": {"user": {"result": OLD}}}
    many = {"data": {"users": [{"result": NEW}, {"result": {"__typename": "UserUnavailable", "reason": "Suspended"}}]}}
    assert of(one) == of(many) == ["x_graphql_user"]
    taken = take(X_GRAPHQL_USER, [one, many])
    assert taken["account_id"] == ["501234567", "1200000000000000007", None]
    assert taken.reasons == [None, None, "suspended"]
    assert taken.pages[0].counts == {}
    assert take(X_GRAPHQL, [one, page(entry(NEW, 9))]).reasons == ["not_in_list", None]


@pytest.mark.parametrize(("words", "reason"), [("Suspended", "suspended"), ("zq", "no_identity")])
def test_an_answer_that_only_says_why_there_is_no_profile_is_one_record(take, words, reason):
    value = {"data": {"user": {"result": {"__typename": "UserUnavailable", "reason": words}}}}
    assert of(value) == ["x_graphql_user"]
    assert take(X_GRAPHQL_USER, [value]).reasons == [reason]


def test_the_account_that_was_signed_in_is_nobody():
    viewer = {"data": {"viewer": {"user_results": {"result": NEW}}}}
    assert of(viewer) == []
    assert read_answer(viewer).users == []


def test_a_recording_gives_the_accounts_of_its_lists(take):
    lists = [page(entry(user(1), 9), BOTTOM), page(entry(user(2), 30), END)]
    suggestions = {"data": {"sidebar": [{"user_results": {"result": user(3)}}]}}
    others = [
        "<html>user_results</html>",
        'e.exports={"user_results":1}',
        "",
        json.dumps(suggestions),
        json.dumps(ABOUT),
    ]
    recording = har(*map(json.dumps, lists), *others)
    assert of(recording) == ["x_graphql"]
    taken = take(X_GRAPHQL, [recording])
    assert taken["account_id"] == ["2", "1"]
    (unpacked,) = taken.pages
    assert (unpacked.newest_first, unpacked.complete, dict(unpacked.counts)) == (True, True, {})
    assert "rahasia" not in repr(taken.columns)


def test_contents_in_base64(take):
    body = base64.b64encode(json.dumps(page(entry(NEW, 9))).encode()).decode()
    picture = base64.b64encode(b"\x89PNG user_results").decode()
    recording = har(body, picture, encoding="base64")
    assert of(recording) == ["x_graphql"]
    taken = take(X_GRAPHQL, [recording])
    assert taken["handle"] == ["lampu_kota"]
    assert taken.pages[0].counts == {}


def test_damaged_answers_are_counted(take):
    whole = json.dumps(page(entry(NEW, 9)))
    deep = '{"user_results":' + "[" * 5000 + "]" * 5000 + "}"
    recording = har(whole[:-9], deep, whole)
    taken = take(X_GRAPHQL, [recording])
    assert taken["handle"] == ["lampu_kota"]
    assert taken.pages[0].counts == {"har_answers_damaged": 2}
    broken = take(X_GRAPHQL, [har(base64.b64encode(whole.encode()).decode()[:-3], "é", encoding="base64")])
    assert broken.pages[0].counts == {"har_answers_damaged": 2}


def test_a_piece_of_a_damaged_recording(take):
    piece = {"entries": har(json.dumps(page(entry(NEW, 9))))["log"]["entries"]}
    assert take(X_GRAPHQL, [piece])["handle"] == ["lampu_kota"]
    assert har_entries({"entries": [entry(NEW, 9)]}) is None
    assert take(X_GRAPHQL, [{"entries": [entry(NEW, 9)]}])["handle"] == ["lampu_kota"]
    assert X_GRAPHQL.accounts.list_keys == ("entries",)


def test_a_recording_of_something_else_is_refused():
    for bodies in ([], ["{}"], [json.dumps({"data": {"x": [{"user_results": {"result": NEW}}]}})]):
        assert of(har(*bodies)) == ["har_other"]
    assert HAR_OTHER.accounts is None
    assert HAR_OTHER.refusal
    assert of(har(json.dumps(page(entry(NEW, 9, "FollowingSgs"))))) == ["x_graphql_following"]
    assert of({"log": {"entries": [1]}}) == of({"log": "x"}) == of({"log": {"version": "1", "entries": {}}}) == []


def test_posts_and_their_authors(take):
    hidden = {"__typename": "TweetWithVisibilityResults", "tweet": {**POST, "rest_id": "2"}}
    results = (POST, hidden, {"__typename": "TweetTombstone"}, None)
    posts = page(*(entry(post, 9, "", "tweet_results") for post in results))
    assert of(posts) == ["x_graphql_posts"]
    assert X_GRAPHQL_POSTS.refusal
    taken = take(X_GRAPHQL_POSTS, [posts], "posts")
    assert {name: values[0] for name, values in taken.columns.items()} == {
        "account_id": "501234567", "post_id": "1600000000000000001", "posted_at": "Tue Dec 06 05:00:01 +0000 2022",
        "text": "halo & apa kabar", "language": "in", "source_app": "App Contoh", "likes_count": 3,
        "comments_count": 1, "reposts_count": 2, "views_count": "40", "is_repost": False, "is_reply": False,
    }  # fmt: skip
    assert taken["post_id"][1] == "2"
    assert taken.reasons == [None, None, "no_identity", "no_identity"]
    assert take(X_GRAPHQL_POSTS, [posts])["handle"] == ["bu_guru", "bu_guru", None, None]
    assert take(X_GRAPHQL, [posts, page(entry(NEW, 9))])["handle"] == ["lampu_kota"]
    assert of(POST) == ["x_graphql_posts"]


def test_reposts_and_replies(take):
    changes = [
        {"retweeted_status_result": {"result": {}}},
        {"full_text": "RT @a: b"},
        {"in_reply_to_status_id_str": "5"},
    ]
    posts = [{**POST, "legacy": {**POST["legacy"], **change}} for change in changes]
    taken = take(X_GRAPHQL_POSTS, posts, "posts")
    assert taken["is_repost"] == [True, True, False]
    assert taken["is_reply"] == [False, False, True]


def test_suggestions_beside_posts_are_no_followers():
    mixed = page(entry(POST, 9, "", "tweet_results"), entry(NEW, 8, "suggest_who_to_follow"))
    assert of(mixed) == ["x_graphql_posts"]


@pytest.mark.parametrize(
    "value",
    [
        {"data": [{"id": "1", "username": "a"}], "meta": {"result_count": 1}},
        {"users": [{"id_str": "1", "screen_name": "a", "friends_count": 3}], "next_cursor": 0},
        {"user": {"id": 1, "username": "a"}, "user_results": "none"},
        {"rest_id": "1"},
        {"user": {"result": {"name": "a"}}},
        {"data": {"users": [{"pk": 1}]}},
    ],
)
def test_other_json_is_not_claimed(value):
    assert of(value) == []


def test_depth_and_width_cost_linear_time():
    deep = {"user_results": {"result": NEW}}
    for _ in range(50_000):
        deep = {"user": [deep]}
    assert len(read_answer(deep).users) == 1
    began = time.perf_counter()
    read_answer({"data": [[{"sortIndex": "1"}] * 200_000]})
    read_answer(page(*[entry(NEW, 9)] * 20_000))
    assert time.perf_counter() - began < 10


WORDS = (
    "data user users result rest_id user_results user_result user_result_by_screen_name tweet_results timeline core"
    " legacy entries content itemContent clientEventInfo component sortIndex cursorType value __typename reason message"
    " screen_name full_text profile_bio entities url urls expanded_url verification verified verified_type id avatar"
    " image_url log response text encoding version tweet about_profile viewer retweeted_status_result website source"
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
    | st.sampled_from(["", "7", "²", "Bottom", "0|1", "FollowersSgs", "FollowingSgs", "User", "UserUnavailable", "base64"])
    | st.sampled_from(['{"user_results": 1}', '{"rest_id"', "eyJ1c2VyX3Jlc3VsdCI6MX0=", "eyJ", "é", "\ud800{"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS.split()), inner, max_size=5),
    max_leaves=25,
)  # fmt: skip


@given(st.lists(json_values.filter(lambda value: isinstance(value, dict)), max_size=3))
def test_no_json_is_too_odd(values):
    assert len(of(*values)) <= 1
    for form in FORMATS:
        if form.number_of_part is not None:
            assert isinstance(form.number_of_part("x", values), int | None)
        for records_of in filter(None, (form.accounts, form.posts)):
            for value in values:
                unpacked = records_of.unpack(value)
                records = [value] if unpacked is None else list(unpacked.records)
                assert unpacked is None or not unpacked.reasons or len(unpacked.reasons) == len(records)
                objects = [record for record in records if isinstance(record, dict)]
                assert all(len(one.values(objects)) == len(objects) for one in records_of.fields)


def sample(name):
    return json.loads((SAMPLES / name).read_bytes())


needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of sample exports is not there")


@needs_samples
def test_the_samples(take):
    new = take(X_GRAPHQL, [sample("x_graphql_followers_2026.json")])
    assert new["handle"] == ["lintangbaskara", "dapursantap", "mikocahya"]
    assert new["listed_count"] == [None] * 3
    assert (new.pages[0].complete, new.pages[0].newest_first) == (False, True)
    old = take(X_GRAPHQL, [sample("x_graphql_followers_legacy.made.json")])
    assert old["handle"] == ["user_kxq48213907", "burini_k", None]
    assert old.reasons == [None, None, "no_identity"]
    assert old["followers_count"] == [0, 120, None]
    assert old["has_avatar"] == [False, True, None]
    assert old.pages[0].complete is True
    about = take(X_GRAPHQL_USER, [sample("x_graphql_user_about_2026.json")])
    assert (about["handle"], about["is_verified"]) == (["ContohDevs"], [True])
    assert about["followers_count"] == [None]
    for name in ("x_graphql_followers_2026.json", "x_graphql_followers_legacy.made.json"):
        assert of(sample(name)) == ["x_graphql"]
    assert of(sample("x_graphql_user_about_2026.json")) == ["x_graphql_user"]


@needs_samples
def test_the_page_and_the_scraper_tell_the_same(take):
    scraped = [json.loads(line) for line in (SAMPLES / "twscrape_users.jsonl").read_text(encoding="utf-8").splitlines()]
    page_, rows = take(X_GRAPHQL, [sample("x_graphql_followers_2026.json")]), take(X_SCRAPERS, scraped)
    for name, values in rows.columns.items():
        if name == "created_at":
            expected, found = (parse_instants(_cells(one[name])).values.to_pylist() for one in (page_, rows))
            assert found == expected
            assert None not in found
        else:
            assert values == page_[name], name
    assert {name for name in page_.columns if name not in rows.columns} == {"has_default_theme"}
    assert page_["has_default_theme"] == [None] * 3


def _cells(texts):
    import pyarrow as pa

    return pa.array(texts, pa.large_string())


@needs_samples
def test_no_other_sample_is_claimed():
    for path in SAMPLES.glob("*.json*"):
        if path.suffix == ".xz" or path.name.startswith("x_graphql"):
            continue
        text = path.read_text(encoding="utf-8")
        try:
            values = [json.loads(text)]
        except ValueError:
            values = [json.loads(line) for line in text.splitlines()]
        values = values[0] if isinstance(values[0], list) else values
        assert of(*[value for value in values if isinstance(value, dict)]) == [], path.name
        is_scraper = path.name.startswith(("twscrape", "snscrape"))
        assert bool(X_SCRAPERS.evidence([value for value in values if isinstance(value, dict)])) is is_scraper
