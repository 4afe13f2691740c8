import csv
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.formats.instagram_scraper import INSTAGRAM_SCRAPER, INSTAGRAM_SCRAPER_FOLLOWING
from botscan.readers.formats.instagram_scraper_posts import INSTAGRAM_SCRAPER_POSTS
from botscan.readers.words.headers import normalise

FORMATS = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
ALL = (INSTAGRAM_SCRAPER, INSTAGRAM_SCRAPER_FOLLOWING)

SNAKE = {
    "username": "made_one", "full_name": "Made One", "id": "00071", "is_private": False, "is_verified": True,
    "profile_pic_url": "https://cdn.example/made.jpg",
}  # fmt: skip
CAMEL = {
    "userName": "made_one", "fullName": "Made One", "userId": "00071", "isPrivate": False, "isVerified": True,
    "profilePicUrl": "https://cdn.example/made.jpg",
}  # fmt: skip
LOWER = {key.replace("_", ""): value for key, value in SNAKE.items()}
SPACED = {key.replace("_", " ").title(): value for key, value in SNAKE.items()}
RICH = {
    **CAMEL, "followersCount": 15, "followsCount": 8, "postsCount": 0, "biography": "", "externalUrl": None,
    "isBusinessAccount": True,
}  # fmt: skip
PHANTOM = """"profileUrl","username","fullName","imgUrl","id","isPrivate","isVerified","query","timestamp"
"https://www.instagram.com/made_one","","Made One","","00071","","TRUE","https://www.instagram.com/the.ministry","2024-05-02T08:15:30.123Z"
"https://www.instagram.com/made_two/","made_two","","https://cdn.example/x.jpg","72","TRUE","","https://www.instagram.com/the.ministry","2024-05-02T08:15:30.123Z"
"""


def claims(values):
    return {one.name for one in (*ALL, INSTAGRAM_SCRAPER_POSTS) if one.evidence(values)}


def header_claims(words):
    return {one.name for one in (INSTAGRAM_SCRAPER, INSTAGRAM_SCRAPER_POSTS) if one.header_evidence(words)}


@pytest.mark.parametrize("record", [CAMEL, LOWER, SPACED])
def test_spellings_of_keys_make_no_difference(take, record):
    assert take(INSTAGRAM_SCRAPER, [record]).columns == take(INSTAGRAM_SCRAPER, [SNAKE]).columns
    assert claims([record]) == {"instagram_scraper"}
    assert header_claims([normalise(key) for key in record]) == {"instagram_scraper"}


def test_a_follower(take):
    taken = take(INSTAGRAM_SCRAPER, [SNAKE])
    assert taken["account_id"] == ["00071"]
    assert (taken["handle"], taken["display_name"]) == (["made_one"], ["Made One"])
    assert (taken["is_private"], taken["is_verified"], taken["has_avatar"]) == ([False], [True], [True])
    for column in ("bio", "website", "followers_count", "following_count", "posts_count", "is_business", "observed_at"):
        assert taken[column] == [None]


@pytest.mark.parametrize("handle", ["null", "007", "NA", "true", "1e5"])
def test_handles_that_look_like_something_else_stay(take, table, handle):
    _, rows = table(f"username,full_name,is_private\n{handle},,false\n")
    assert take(INSTAGRAM_SCRAPER, rows)["handle"] == [handle]


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ({"pk": 71, "pk_id": "71"}, "71"),
        ({"pk": 71, "strong_id__": "71"}, "71"),
        ({"pk": 71, "id": "0071"}, "0071"),
        ({"pk": 71}, 71),
        ({"id": "", "pk": 71}, 71),
        ({"id": True, "pk": [7]}, None),
        ({}, None),
    ],
)
def test_ids_as_text_go_before_numbers(take, ids, expected):
    record = {key: value for key, value in SNAKE.items() if key != "id"}
    assert take(INSTAGRAM_SCRAPER, [{**record, **ids}])["account_id"] == [expected]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"has_anonymous_profile_picture": True}, False),
        ({"has_anonymous_profile_picture": False}, True),
        ({"has_anonymous_profile_picture": "true"}, False),
        ({"hasAnonymousProfilePicture": "", "profile_pic_url": "https://cdn.example/made.jpg"}, True),
        ({"profile_pic_url": "https://cdn.example/44884218_345707102882519_2_n.jpg?x"}, False),
        ({"profile_pic_url": "", "profilePicUrlHD": "https://cdn.example/made.jpg"}, True),
        ({"profile_pic_url": ""}, None),
        ({"profile_pic_url": None}, None),
        ({"profile_pic_url": 7}, None),
        ({"imgUrl": "https://cdn.example/made.jpg"}, True),
    ],
)
def test_pictures(take, keys, expected):
    assert take(INSTAGRAM_SCRAPER, [{"username": "a", "full_name": "", "is_private": True, **keys}])["has_avatar"] == [
        expected
    ]


def test_a_phantombuster_table(take, table):
    words, rows = table(PHANTOM)
    assert header_claims(words) == {"instagram_scraper"}
    assert header_claims(["profile url", "username", "query", "timestamp"]) == {"instagram_scraper"}
    taken = take(INSTAGRAM_SCRAPER, rows)
    assert taken["handle"] == ["made_one", "made_two"]
    assert taken["is_private"] == [None, "TRUE"]
    assert taken["is_verified"] == ["TRUE", None]
    assert taken["has_avatar"] == [None, True]
    assert taken["observed_at"] == ["2024-05-02T08:15:30.123Z"] * 2
    assert "followed_at" not in taken.columns
    assert [page.subject for page in taken.pages] == ["the.ministry"] * 2
    assert [page.counts for page in taken.pages] == [{"blank_flag_unknown": 1}] * 2


@pytest.mark.parametrize(
    ("keys", "subject"),
    [
        ({"target_username": "the.ministry"}, "the.ministry"),
        ({"query": "@the.ministry"}, "the.ministry"),
        ({"inputUrl": "https://www.instagram.com/the.ministry/"}, "the.ministry"),
        ({"inputUrl": "https://www.instagram.com/made_one"}, None),
        ({"query": ""}, None),
        ({"query": 7}, None),
        ({}, None),
    ],
)
def test_whose_followers_they_are(take, keys, subject):
    assert take(INSTAGRAM_SCRAPER, [{**SNAKE, **keys}]).pages[0].subject == subject


def test_rows_of_accounts_that_are_followed_are_rejected(take):
    relations = [
        {"relation": "follower"}, {"relation": "Following"}, {"type": "Followers"}, {"type": "followings"}, {"type": 7},
        {"relation": ""}, {"error": "not_found"}, {"error": "Not Found"}, {"error": ""},
    ]  # fmt: skip
    taken = take(INSTAGRAM_SCRAPER, [{**SNAKE, **relation} for relation in relations])
    assert taken.reasons == [None, "not_in_list", None, "not_in_list", None, None, "not_found", "not_found", None]


def test_profiles_that_were_opened_give_counts_and_what_they_leave_empty(take):
    taken = take(INSTAGRAM_SCRAPER, [RICH, {**SNAKE, "biography": "", "external_url": ""}])
    assert (taken["followers_count"], taken["following_count"], taken["posts_count"]) == (
        [15, None],
        [8, None],
        [0, None],
    )
    assert taken["bio"] == ["", None]
    assert taken["website"] == ["", None]
    assert taken["is_business"] == [True, None]
    raw = {**SNAKE, "edge_followed_by": {"count": 4}, "edge_follow": {"count": 5}, "biography": "Halo"}
    taken = take(INSTAGRAM_SCRAPER, [raw, {**SNAKE, "following": False}])
    assert (taken["followers_count"], taken["following_count"], taken["bio"]) == ([4, None], [5, None], ["Halo", None])


USERS = [{**SNAKE, "pk_id": "71"}, {**SNAKE, "username": "made_two", "pk_id": "72"}]


@pytest.mark.parametrize(
    ("page", "complete"),
    [
        ({"users": USERS, "big_list": True, "next_max_id": "QVFD", "status": "ok"}, False),
        ({"users": USERS, "big_list": False, "status": "ok"}, True),
        ({"users": USERS, "next_max_id": ""}, True),
        ({"users": USERS}, None),
        ({"edge_followed_by": {"count": 9, "page_info": {"has_next_page": True}, "edges": [{"node": one} for one in USERS]}}, False),
        ({"data": {"user": {"edge_followed_by": {"page_info": {"has_next_page": False}, "edges": [{"node": one} for one in USERS]}}}}, True),
        ({"data": {"items": USERS}, "pagination_token": "x"}, None),
        ({"username": "the.ministry", "followers": USERS}, None),
    ],
)  # fmt: skip
def test_pages(take, page, complete):
    taken = take(INSTAGRAM_SCRAPER, [page])
    assert taken["handle"] == ["made_one", "made_two"]
    assert taken["account_id"] == ["71", "72"]
    assert taken.pages[0].complete is complete
    assert taken.pages[0].newest_first is False
    assert claims([page]) == {"instagram_scraper"}


def test_one_profile_as_the_web_client_gets_it(take):
    page = {"data": {"user": {**SNAKE, "edge_followed_by": {"count": 4}}}, "status": "ok"}
    assert claims([page]) == {"instagram_scraper"}
    assert take(INSTAGRAM_SCRAPER, [page, {"node": SNAKE}])["followers_count"] == [4, None]


def test_accounts_that_somebody_follows_are_refused(take):
    page = {
        "data": {
            "user": {"edge_follow": {"count": 1, "page_info": {"has_next_page": False}, "edges": [{"node": SNAKE}]}}
        }
    }
    rows = [{**SNAKE, "relation": "following"}] * 3
    for values in ([page], rows):
        assert claims(values) == {"instagram_scraper_following"}
        assert set(take(INSTAGRAM_SCRAPER_FOLLOWING, values)["handle"]) == {"made_one"}
        assert set(take(INSTAGRAM_SCRAPER_FOLLOWING, values).reasons) == {None}
    assert INSTAGRAM_SCRAPER_FOLLOWING.refusal
    assert claims([*rows, SNAKE]) == {"instagram_scraper"}


@pytest.mark.parametrize(
    "value",
    [
        {"username": "a", "full_name": "A"},
        {"username": "a", "is_private": True, "profile_pic_url": ""},
        {**SNAKE, "screen_name": "a"},
        {**SNAKE, "nickname": "a"},
        {**SNAKE, "profile_url": "https://www.tiktok.com/@a"},
        {"profileUrl": "https://www.linkedin.com/in/a", "query": "x", "fullName": "A", "firstName": "A"},
        {"users": [{"screen_name": "a", "id_str": "1"}], "next_cursor": 0},
        {"data": [{"id": "1", "username": "a", "name": "A"}]},
    ],
)
def test_profiles_of_other_platforms_are_not_claimed(value):
    assert claims([value]) == set()
    assert header_claims(["username", "user id", "access hash", "name", "group"]) == set()


def test_an_empty_page():
    assert claims([{"users": [], "big_list": False, "status": "ok"}]) == {"instagram_scraper"}
    assert claims([{"users": []}]) == set()


def test_mail_and_phone_numbers_are_no_columns(take):
    taken = take(INSTAGRAM_SCRAPER, [{**RICH, "public_email": "a@b.example", "contact_phone_number": "+62811"}])
    assert "a@b.example" not in str(taken.columns)
    assert "+62811" not in str(taken.columns)
    assert {"public_email", "contact_phone_number", "businessEmail"} <= INSTAGRAM_SCRAPER.accounts.known_keys


KEYS = st.sampled_from(
    [*SNAKE, *RICH, "users", "data", "user", "edges", "node", "edge_followed_by", "edge_follow", "count", "page_info",
     "has_next_page", "next_max_id", "pk", "pk_id", "relation", "type", "query", "profileUrl", "timestamp", "error",
     "has_anonymous_profile_picture", "followers", "shortCode", "ownerUsername", "caption", "likesCount", "owner"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.just("https://[/x"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=15,
)


@given(st.lists(st.dictionaries(KEYS, JSON, max_size=10), max_size=4))
def test_nothing_in_json_raises(values):
    assert len(claims(values) - {"instagram_scraper_posts"}) <= 1
    for records_of in (*(one.accounts for one in ALL), INSTAGRAM_SCRAPER_POSTS.posts):
        for value in values:
            page = records_of.unpack(value)
            records = [value] if page is None else list(page.records)
            assert page is None or len(page.reasons) in (0, len(records))
            objects = [record if isinstance(record, dict) else {} for record in records]
            for field in records_of.fields:
                assert len(field.values(objects)) == len(objects)


needs_samples = pytest.mark.skipif(not FORMATS.is_dir(), reason="the folder of sample files is not here")


@needs_samples
@pytest.mark.parametrize("name", ["instagram_private_api_page.made.json", "instagram_scraper_camel.made.json"])
def test_samples_of_json(take, name):
    value = json.loads((FORMATS / name).read_text(encoding="utf-8"))
    values = value if isinstance(value, list) else [value]
    assert claims(values) == {"instagram_scraper"}
    taken = take(INSTAGRAM_SCRAPER, values)
    if "page" in name:
        assert taken["account_id"] == ["40218873315", "59120044718"]
        assert taken["has_avatar"] == [True, False]
        assert taken["is_private"] == [False, True]
        assert taken.pages[0].complete is False
    else:
        assert taken["handle"] == ["rina.kartika_"]
        assert taken.pages[0].subject == "kementerian.contoh"


@needs_samples
def test_samples_of_tables(take, table):
    words, rows = table((FORMATS / "instagram_scraper_snake.made.csv").read_text(encoding="utf-8"))
    assert header_claims(words) == {"instagram_scraper"}
    taken = take(INSTAGRAM_SCRAPER, rows)
    assert taken["handle"] == ["rina.kartika_", "null", "007"]
    assert taken["account_id"] == ["40218873315", "59120044718", "00071"]
    assert taken["has_avatar"] == [True, False, None]
    words, rows = table((FORMATS / "phantombuster_instagram_followers.made.csv").read_text(encoding="utf-8"))
    assert header_claims(words) == {"instagram_scraper"}
    taken = take(INSTAGRAM_SCRAPER, rows)
    assert (len(rows), taken["is_private"], taken["is_verified"]) == (2, [None, "TRUE"], [None, None])
    assert [page.subject for page in taken.pages] == ["kementerian.contoh"] * 2


OF_THIS_FILE = ("instagram_private_api_page", "instagram_scraper_", "phantombuster_")


@needs_samples
def test_no_other_sample_is_claimed():
    n = 0
    for path in sorted(FORMATS.iterdir()):
        if path.name.startswith(OF_THIS_FILE) or path.suffix not in {".json", ".jsonl", ".csv", ".tsv"}:
            continue
        if path.suffix in {".csv", ".tsv"}:
            text = path.read_bytes().decode("utf-16" if "utf16" in path.name else "latin-1")
            header = text.splitlines()[0]
            delimiter = max(",;\t", key=header.count)
            words = [normalise(word) for word in next(csv.reader([header], delimiter=delimiter))]
            assert header_claims(words) == set(), path.name
        else:
            text = path.read_text(encoding="utf-8-sig")
            try:
                value = json.loads(text)
            except ValueError:
                value = [json.loads(line) for line in text.splitlines() if line.strip()]
            values = value if isinstance(value, list) else [value]
            assert claims([one for one in values if isinstance(one, dict)]) == set(), path.name
        n += 1
    assert n > 30
