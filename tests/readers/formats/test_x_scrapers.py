import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.formats.x_scrapers import SNSCRAPE_OTHER, X_SCRAPERS

SAMPLES = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
COUNTS = ("followers_count", "following_count", "posts_count", "likes_given_count", "listed_count")

SNSCRAPE = {
    "_type": "snscrape.modules.twitter.User", "username": "warung_senja", "id": 501234567,
    "displayname": "Warung &amp; Senja", "rawDescription": "satu\ndua", "renderedDescription": "satu\ndua",
    "verified": False, "created": "2012-02-29T23:59:59+00:00", "followersCount": 41, "friendsCount": 38,
    "statusesCount": 0, "favouritesCount": 22, "listedCount": 0, "mediaCount": 7, "location": "Malang",
    "protected": False, "link": {"text": "senja.example", "url": "http://senja.example", "tcourl": "https://t.co/a"},
    "linkUrl": "http://senja.example", "description": "satu\ndua", "descriptionLinks": None,
    "profileImageUrl": "https://pbs.twimg.com/profile_images/1/a_normal.jpg",
}  # fmt: skip
TWSCRAPE = {
    "id": 1200000000000000007, "id_str": "1200000000000000007", "url": "https://x.com/lampu_kota",
    "username": "lampu_kota", "displayname": "Lampu", "rawDescription": "lihat https://t.co/bio saja",
    "created": "2019-11-28 05:01:08+00:00", "followersCount": 0, "friendsCount": 38, "statusesCount": 11,
    "favouritesCount": 0, "listedCount": 0, "mediaCount": 0, "location": "",
    "profileImageUrl": "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
    "protected": True, "verified": False, "blue": True, "blueType": None,
    "descriptionLinks": [
        {"url": "http://bio.example", "text": "bio.example", "tcourl": "https://t.co/bio"},
        {"url": "http://situs.example", "text": "situs.example", "tcourl": "https://t.co/site"},
    ],
    "pinnedIds": [], "_type": "snscrape.modules.twitter.User",
}  # fmt: skip
UNKNOWN = {
    **TWSCRAPE, "created": "1970-01-01 00:00:00+00:00", "friendsCount": 0, "statusesCount": 0, "rawDescription": "",
    "descriptionLinks": [], "profileImageUrl": "", "protected": None, "verified": None, "blue": None,
}  # fmt: skip
POST = {
    "_type": "snscrape.modules.twitter.Tweet", "id": 1600000000000000001, "id_str": "1600000000000000001",
    "date": "2022-12-06 05:00:01+00:00", "user": TWSCRAPE, "lang": "in", "rawContent": "halo &amp; apa kabar",
    "replyCount": 1, "retweetCount": 2, "likeCount": 3, "viewCount": 40, "retweetedTweet": None,
    "inReplyToTweetId": None, "sourceLabel": "App Contoh", "source": '<a href="x">App Contoh</a>',
}  # fmt: skip


def test_a_user_of_snscrape_gives_its_columns(take):
    taken = take(X_SCRAPERS, [SNSCRAPE])
    assert {name: values[0] for name, values in taken.columns.items()} == {
        "account_id": 501234567, "handle": "warung_senja", "display_name": "Warung & Senja", "bio": "satu\ndua",
        "location": "Malang", "website": "http://senja.example", "created_at": "2012-02-29T23:59:59+00:00",
        "followers_count": 41, "following_count": 38, "posts_count": 0, "likes_given_count": 22, "listed_count": 0,
        "is_verified": False, "is_private": False, "has_avatar": True,
    }  # fmt: skip
    assert set(SNSCRAPE) <= X_SCRAPERS.accounts.known_keys


def test_a_user_of_twscrape_gives_its_columns(take):
    taken = take(X_SCRAPERS, [TWSCRAPE])
    assert [taken[name][0] for name in COUNTS] == [0, 38, 11, 0, None]
    assert (taken["account_id"], taken["is_private"], taken["has_avatar"]) == (["1200000000000000007"], [True], [False])
    assert set(TWSCRAPE) <= X_SCRAPERS.accounts.known_keys


def test_a_paid_badge_is_no_check(take):
    users = [TWSCRAPE, {**TWSCRAPE, "blueType": "Business"}, {**TWSCRAPE, "verified": True}]
    assert take(X_SCRAPERS, users)["is_verified"] == [False, True, True]


def test_zeros_for_unknown_are_unknown(take):
    taken = take(X_SCRAPERS, [UNKNOWN])
    assert [taken[name][0] for name in COUNTS] == [None] * 5
    names = ("created_at", "bio", "website", "location", "is_private", "is_verified", "has_avatar")
    assert [taken[name][0] for name in names] == [None] * 7
    assert (taken["account_id"], taken["handle"]) == (["1200000000000000007"], ["lampu_kota"])
    assert taken.pages[0].counts == {"zeros_unknown": 1}


@pytest.mark.parametrize(
    "change",
    [{"created": "2019-11-28 05:01:08+00:00"}, {"followersCount": 1}, {"mediaCount": 1}],
)
def test_zeros_beside_anything_known_are_zeros(take, change):
    taken = take(X_SCRAPERS, [{**UNKNOWN, **change}])
    assert taken["posts_count"] == [0]
    assert taken.pages == []


def test_the_rules_of_twscrape_do_not_hit_snscrape(take):
    zeros = dict.fromkeys(("followersCount", "friendsCount", "statusesCount", "favouritesCount", "mediaCount"), 0)
    taken = take(X_SCRAPERS, [{**SNSCRAPE, **zeros, "created": None}])
    assert [taken[name][0] for name in COUNTS] == [0] * 5
    nothing = {key: None for key in SNSCRAPE if key not in ("_type", "username", "id")}
    taken = take(X_SCRAPERS, [{**SNSCRAPE, **nothing}])
    assert {name for name, values in taken.columns.items() if values != [None]} == {"account_id", "handle"}


def test_zeros_in_a_table_are_unknown_too(take, table):
    keys = [key for key in UNKNOWN if key not in ("descriptionLinks", "pinnedIds")]
    cells = ["" if UNKNOWN[key] is None else str(UNKNOWN[key]) for key in keys]
    words, rows = table(",".join(keys) + "\n" + ",".join(cells) + "\n")
    assert X_SCRAPERS.header_evidence(words) >= 5
    taken = take(X_SCRAPERS, rows)
    assert [taken[name][0] for name in COUNTS] == [None] * 5
    assert taken["handle"] == ["lampu_kota"]


def test_an_empty_cell_of_snscrape_is_no_empty_bio(take, table):
    words, rows = table("username,id,rawDescription,followersCount,friendsCount\na,1,,5,0\nb,2,halo,5,0\n")
    assert X_SCRAPERS.header_evidence(words) == 3
    taken = take(X_SCRAPERS, rows)
    assert (taken["bio"], taken["following_count"]) == ([None, "halo"], ["0", "0"])


def test_other_tables_are_not_claimed(table):
    for header in ("username,followers count,friends count", "username,bio,followersCount", "rawContent,id"):
        assert X_SCRAPERS.header_evidence(table(header + "\n")[0]) == 0


@pytest.mark.parametrize(
    ("change", "site"),
    [
        ({}, "http://situs.example"),
        ({"descriptionLinks": TWSCRAPE["descriptionLinks"][:1]}, ""),
        ({"descriptionLinks": []}, ""),
        ({"descriptionLinks": None}, None),
        ({"descriptionLinks": [5, {"url": "http://a.example"}]}, "http://a.example"),
    ],
)
def test_the_site_is_not_a_link_of_the_bio(take, change, site):
    assert take(X_SCRAPERS, [{**TWSCRAPE, **change}])["website"] == [site]


def test_a_whole_profile_without_a_link_has_none(take):
    without = {key: value for key, value in SNSCRAPE.items() if key not in ("link", "linkUrl")}
    users = [{**without, "link": None}, {**without, "link": None, "followersCount": None}, without]
    assert take(X_SCRAPERS, users)["website"] == ["", None, None]


@pytest.mark.parametrize(
    ("count", "granularity", "expected"),
    [
        (12300, 100, "12.3K"), (12000, 1000, "12K"), (1230, 10, "1.23K"), (1_200_000, 100_000, "1.2M"),
        (5_000_000, 1_000_000, "5M"), (1_020_000_000, 10_000_000, "1.02B"), (41, 1, 41), (12345, 100, 12345),
        (0, 100, 0), (12300, True, 12300), (12300, "100", 12300), (12300, None, 12300), (12300, 250, 12300),
    ],
)  # fmt: skip
def test_rounded_counts_say_so(take, count, granularity, expected):
    user = {**SNSCRAPE, "followersCount": count, "followersCount.granularity": granularity}
    assert take(X_SCRAPERS, [user])["followers_count"] == [expected]
    assert "followersCount.granularity" in X_SCRAPERS.accounts.known_keys


def test_ids_for_careless_readers(take):
    assert take(X_SCRAPERS, [{**SNSCRAPE, "id.str": "501234567"}])["account_id"] == ["501234567"]


def test_a_post_gives_its_columns(take):
    taken = take(X_SCRAPERS, [POST, SNSCRAPE], "posts")
    assert taken.columns == {
        "account_id": ["1200000000000000007"], "post_id": ["1600000000000000001"],
        "posted_at": ["2022-12-06 05:00:01+00:00"], "text": ["halo & apa kabar"], "language": ["in"],
        "source_app": ["App Contoh"], "likes_count": [3], "comments_count": [1], "reposts_count": [2],
        "views_count": [40], "is_repost": [False], "is_reply": [False],
    }  # fmt: skip


def test_reposts_and_replies(take):
    bare = {"_type": "snscrape.modules.twitter.Tweet", "id": 1}
    posts = [
        {**POST, "retweetedTweet": POST},
        {**POST, "rawContent": "RT @a: b"},
        {**POST, "inReplyToTweetId": 5},
        bare,
    ]
    taken = take(X_SCRAPERS, posts, "posts")
    assert taken["is_repost"] == [True, True, False, None]
    assert taken["is_reply"] == [False, False, True, None]


def test_authors_of_posts_are_accounts(take):
    taken = take(X_SCRAPERS, [POST, {**POST, "user": UNKNOWN}, {**POST, "user": None}])
    assert taken["account_id"] == ["1200000000000000007", "1200000000000000007", None]
    assert taken["posts_count"] == [11, None, None]
    assert taken.reasons == [None, None, "no_identity"]


def test_evidence():
    assert X_SCRAPERS.evidence([SNSCRAPE]) >= 6
    assert X_SCRAPERS.evidence([{"rawDescription": "", "followersCount": 1}]) == 2
    assert X_SCRAPERS.evidence([POST]) >= 4
    assert X_SCRAPERS.evidence([{"_type": "snscrape.modules.twitter.User"}]) == 1
    for other in ({"_type": 5}, {"_type": "Person", "rawDescription": ""}, {"followersCount": 1, "username": "a"}):
        assert X_SCRAPERS.evidence([other]) == 0


@pytest.mark.parametrize("module", ["instagram", "mastodon", "telegram", "vkontakte"])
def test_other_platforms_are_refused_by_name(module):
    value = {"_type": f"snscrape.modules.{module}.User", "rawDescription": "", "followersCount": 1}
    assert (X_SCRAPERS.evidence([value]), SNSCRAPE_OTHER.evidence([value])) == (0, 1)
    assert SNSCRAPE_OTHER.accounts is None
    assert "another platform than X" in SNSCRAPE_OTHER.refusal
    assert SNSCRAPE_OTHER.evidence([SNSCRAPE]) == 0
    assert SNSCRAPE_OTHER.evidence([value, SNSCRAPE]) == 0


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False)
    | st.sampled_from(["", "0", "1970-01-01", "RT @a", "snscrape.modules.twitter.Tweet", "snscrape.modules.twitter.User"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            [*SNSCRAPE, *TWSCRAPE, *POST, "followersCount.granularity", "tcourl", "content", "id.str", "url"]
        ),
        inner,
        max_size=8,
    ),
    max_leaves=20,
)  # fmt: skip


@given(st.lists(json_values.filter(lambda value: isinstance(value, dict)), max_size=4))
def test_no_json_is_too_odd(values):
    for form in (X_SCRAPERS, SNSCRAPE_OTHER):
        assert form.evidence(values) >= 0
    for records_of in (X_SCRAPERS.accounts, X_SCRAPERS.posts):
        for value in values:
            page = records_of.unpack(value)
            records = [value] if page is None else [record for record in page.records if isinstance(record, dict)]
            assert all(len(one.values(records)) == len(records) for one in records_of.fields)


def sample(name):
    return [json.loads(line) for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of sample exports is not there")
def test_the_samples(take):
    taken = take(X_SCRAPERS, sample("twscrape_users.jsonl"))
    assert taken["followers_count"] == [127315, 15010, 13289]
    assert taken["listed_count"] == [None] * 3
    assert taken["website"] == ["", "http://www.dapursantap.example/twitter", "http://blog.example/@mikocahya"]
    taken = take(X_SCRAPERS, sample("twscrape_users_unknown.made.jsonl"))
    assert [taken[name][0] for name in COUNTS] == [None] * 5
    taken = take(X_SCRAPERS, sample("snscrape_users.made.jsonl"))
    assert taken["followers_count"] == [412, None]
    assert {name for name, values in taken.columns.items() if values[1] is not None} == {"account_id", "handle"}
    for path in sorted([*SAMPLES.glob("twscrape*"), *SAMPLES.glob("snscrape*")]):
        assert X_SCRAPERS.evidence(sample(path.name)) >= 6
