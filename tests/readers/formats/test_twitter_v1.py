import copy
import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.readers.formats.twitter_v1 import TWITTER_V1, count_rounded, is_own_picture
from botscan.schema import POST_COLUMNS

FORMATS = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
needs_samples = pytest.mark.skipif(not FORMATS.is_dir(), reason="the folder of sample files is not here")

USER = {
    "id": 1135441326322264531, "id_str": "1135441326322264531", "name": "Kopi &amp; Buku", "screen_name": "kopi_buku",
    "location": "Malang", "description": "satu\ndua &lt;3", "url": None, "entities": {"description": {"urls": []}},
    "protected": False, "followers_count": 3, "friends_count": 1874, "listed_count": 0, "statuses_count": 12,
    "created_at": "Mon Jun 03 07:01:22 +0000 2019", "favourites_count": 5, "verified": False, "geo_enabled": True,
    "default_profile": True, "default_profile_image": True, "lang": "id",
    "status": {"created_at": "Tue Feb 09 05:28:35 +0000 2021", "text": "halo"},
}  # fmt: skip

POST = {
    "created_at": "Tue Feb 09 05:28:35 +0000 2021", "id": 1359011291499637109, "id_str": "1359011291499637109",
    "full_text": "satu &amp; dua", "user": {key: value for key, value in USER.items() if key != "status"},
    "source": '<a href="https://a.example" rel="nofollow">Kopi &amp; App</a>', "in_reply_to_status_id": None,
    "in_reply_to_status_id_str": None, "retweet_count": 4, "favorite_count": 3, "lang": "in",
}  # fmt: skip


def test_a_user_object_gives_its_columns(read):
    (row,) = read(json.dumps(USER).encode(), platform=None).table.to_pylist()
    assert {name: row[name] for name in ("account_id", "handle", "display_name", "bio", "location", "language")} == {
        "account_id": "1135441326322264531",
        "handle": "kopi_buku",
        "display_name": "Kopi & Buku",
        "bio": "satu\ndua <3",
        "location": "Malang",
        "language": "id",
    }
    counts = ("followers_count", "following_count", "posts_count", "likes_given_count", "listed_count")
    assert [row[name] for name in counts] == [3, 1874, 12, 5, 0]
    flags = ("is_verified", "is_private", "has_avatar", "has_website", "has_default_theme", "has_geo")
    assert [row[name] for name in flags] == [False, False, False, False, True, True]
    assert row["created_at"].isoformat() == "2019-06-03T07:01:22+00:00"
    assert row["last_post_at"].isoformat() == "2021-02-09T05:28:35+00:00"
    assert row["created_at_precision"] == "second"


def test_the_link_is_the_one_written_out(read):
    entities = {"url": {"urls": [{"expanded_url": "http://kopi.example"}]}}
    users = [
        {**USER, "id_str": "1", "url": "https://t.co/x", "entities": entities},
        {**USER, "id_str": "2", "url": "https://t.co/y"},
    ]
    missing = {key: value for key, value in USER.items() if key != "url"}
    table = read(json.dumps([*users, {**missing, "id_str": "3"}]).encode()).table
    assert table["website"].to_pylist() == ["http://kopi.example", "https://t.co/y", None]
    assert table["has_website"].to_pylist() == [True, True, None]


def test_a_page_of_followers_is_ranked_from_its_end(read):
    page = {"users": [{**USER, "id_str": str(at)} for at in (9, 8, 7)], "next_cursor": 15}
    accounts = read(json.dumps(page).encode())
    assert accounts.table["follow_rank"].to_pylist() == [2, 1, 0]
    assert (accounts.report.list_order, accounts.report.complete) == ("newest_first", False)
    alone = read(json.dumps(USER).encode())
    assert "follow_rank" not in alone.table.column_names


def test_ranks_run_over_all_pages_and_rejected_rows_have_none(read):
    pages = [
        {"users": [{**USER, "id_str": "1"}, 5, {**USER, "id_str": "2"}], "next_cursor": 7},
        {"users": [{**USER, "id_str": "3"}], "next_cursor": 0},
    ]
    accounts = read("".join(json.dumps(page) + "\n" for page in pages).encode())
    assert accounts.table["follow_rank"].to_pylist() == [3, 1, 0]
    assert accounts.report.complete is True


@pytest.mark.parametrize("ids", [[15875153, 145579735], ["15875153", "145579735"]])
def test_pages_of_ids_are_accounts_with_nothing_but_ids(read, ids):
    accounts = read(json.dumps({"ids": ids, "next_cursor": 0}).encode(), platform=None)
    assert accounts.table.select(["account_id", "follow_rank"]).to_pylist() == [
        {"account_id": "15875153", "follow_rank": 1},
        {"account_id": "145579735", "follow_rank": 0},
    ]
    assert accounts.evidence_level == 0
    assert read(json.dumps({"ids": ids}).encode(), platform=None).report.list_order == "unknown"


@pytest.mark.parametrize(
    "value",
    [
        {"username": "a", "friends_count": 1},
        {"screen_name": "a"},
        {"users": [{"pk": 1, "username": "a"}]},
        {"pk": 1, "text": "x", "user_id": 2, "user": {"pk": 2, "username": "a"}},
        {"id": 1, "idstr": "1", "text": "x", "reposts_count": 2, "user": {"screen_name": "a"}},
        {"text": "x", "id_str": "1", "user": {"id": 2}},
        {"full_text": "x", "id_str": "1", "favorite_count": 0, "retweet_count": 0},
        {"ids": ["a b"]},
        {"ids": 5},
    ],
)
def test_what_is_no_v1_object_is_not_taken_for_one(value):
    assert TWITTER_V1.evidence([value]) == 0


def test_unknown_fields_are_reported(read):
    assert read(json.dumps({**USER, "brand_new": 1}).encode()).report.ignored_columns == ("brand_new",)


def test_the_default_picture_is_known_by_its_address():
    assert is_own_picture("https://pbs.twimg.com/profile_images/1/x_normal.jpg") is True
    assert is_own_picture("") is None
    assert is_own_picture(7) is None


def test_a_post_gives_its_columns(take):
    taken = take(TWITTER_V1, [POST], "posts")
    assert {column: values[0] for column, values in taken.columns.items()} == {
        "account_id": "1135441326322264531",
        "post_id": "1359011291499637109",
        "posted_at": "Tue Feb 09 05:28:35 +0000 2021",
        "text": "satu & dua",
        "language": "in",
        "source_app": "Kopi & App",
        "likes_count": 3,
        "comments_count": None,
        "reposts_count": 4,
        "is_repost": False,
        "is_reply": False,
    }
    assert {column.name for column in POST_COLUMNS} - set(taken.columns) == {"views_count"}


@pytest.mark.parametrize(
    ("change", "is_repost", "is_reply"),
    [
        ({"retweeted_status": {"id": 1, "text": "lain"}}, True, False),
        ({"full_text": "RT @ani_x: lain"}, True, False),
        ({"in_reply_to_status_id_str": "5"}, False, True),
        ({"in_reply_to_status_id": 5}, False, True),
        ({"in_reply_to_status_id": ["5"]}, False, None),
    ],
)
def test_reposts_and_replies(take, change, is_repost, is_reply):
    taken = take(TWITTER_V1, [{**POST, **change}], "posts")
    assert (taken["is_repost"], taken["is_reply"]) == ([is_repost], [is_reply])


def test_a_post_cut_down_to_its_text_leaves_open_what_it_is(take):
    taken = take(TWITTER_V1, [{"id_str": "1", "text": "halo", "lang": "und", "user": {"id_str": "2"}}], "posts")
    assert (taken["is_repost"], taken["is_reply"], taken["language"], taken["source_app"]) == ([None],) * 4


def test_the_whole_text_goes_before_the_cut_one(take):
    post = {**POST, "text": "sat…", "extended_tweet": {"full_text": "satu dua tiga"}}
    del post["full_text"]
    assert take(TWITTER_V1, [post], "posts")["text"] == ["satu dua tiga"]


def test_the_framings_of_posts_give_the_same_rows(take):
    second = {**POST, "id_str": "7", "user": {**POST["user"], "id_str": "8"}}
    pages = ([POST, second], [{"statuses": [POST, second], "search_metadata": {"count": 2}}])
    for kind in ("accounts", "posts"):
        alone, page = (take(TWITTER_V1, values, kind).columns for values in pages)
        assert alone == page
    assert take(TWITTER_V1, pages[1])["account_id"] == ["1135441326322264531", "8"]
    assert TWITTER_V1.evidence(pages[0]) == TWITTER_V1.evidence(pages[1]) > 3


def test_an_author_is_an_account_and_the_original_of_a_repost_is_none(take):
    repost = {**POST, "retweeted_status": {**POST, "user": {**USER, "id_str": "9"}}}
    taken = take(TWITTER_V1, [repost])
    assert (taken["account_id"], taken["followers_count"]) == (["1135441326322264531"], [3])
    broken = take(TWITTER_V1, [{"statuses": [5, {"id_str": "1", "text": "x"}]}])
    assert broken["account_id"] == [None, None]
    assert broken.pages[0].records == [5, {}]


def test_the_status_of_a_user_is_a_post_of_that_user(take):
    silent = {key: value for key, value in USER.items() if key != "status"}
    page = {"users": [USER, silent, 5], "next_cursor": 0}
    before = copy.deepcopy(page)
    for values in ([page], [USER, silent], [USER]):
        taken = take(TWITTER_V1, values, "posts")
        assert (taken["account_id"], taken["text"]) == (["1135441326322264531"], ["halo"])
    assert page == before
    assert take(TWITTER_V1, [{"ids": [1, 2], "next_cursor": 0}], "posts")["post_id"] == []


def test_an_empty_search_is_known():
    assert TWITTER_V1.evidence([{"statuses": [], "search_metadata": {"count": 0}}]) == 2
    assert TWITTER_V1.evidence([{"statuses": []}]) == 0


ROUNDED = [1359011291499637200, 1345479047499712500, 1250486177753067600, 1135441326322264600]


def test_ids_that_lost_digits_are_counted(take):
    for values in (ROUNDED, [str(one) for one in ROUNDED], [*ROUNDED, 15875153, 145579735, 20]):
        (page,) = take(TWITTER_V1, [{"ids": values, "next_cursor": 0}]).pages
        assert page.counts == {"ids_maybe_rounded": 4}
    users = [{**USER, "id": one} for one in ROUNDED]
    (page,) = take(TWITTER_V1, [{"users": users, "next_cursor": 0}]).pages
    assert not page.counts  # the text beside the number is whole
    without_text = [{key: value for key, value in user.items() if key != "id_str"} for user in users]
    (page,) = take(TWITTER_V1, [{"users": without_text}]).pages
    assert page.counts == {"ids_maybe_rounded": 4}


@pytest.mark.parametrize(
    "ids",
    [
        [],
        ROUNDED[:2],
        [*ROUNDED, *(one + 1 for one in ROUNDED)],
        [100, 200, 300, 400],
        [True, None, "x", "9" * 5000, "\u0661" * 19, [1], 10**40, 10**5000],
    ],
    ids=["none", "too few", "half", "short ids", "no ids"],
)
def test_a_few_round_ids_are_chance(ids):
    assert count_rounded(ids) == 0


def test_every_id_that_a_float_printed_looks_rounded():
    whole = [1359011291499637109 + 7919 * 65537 * step for step in range(200)]
    printed = [int(Decimal(repr(float(one)))) for one in whole]  # the shortest digits, as JavaScript has them
    assert count_rounded(printed) == 200
    assert count_rounded(whole) == 0


@needs_samples
def test_samples_give_what_they_hold(take):
    page = json.loads((FORMATS / "twitter_v1_followers_list_page.json").read_bytes())
    accounts, posts = take(TWITTER_V1, [page]), take(TWITTER_V1, [page], "posts")
    assert len(accounts["account_id"]) == 2
    assert accounts.pages[0].complete is True
    assert sum(accounts["is_private"]) == 1
    assert posts["account_id"] == accounts["account_id"]
    assert (posts["is_reply"], posts["is_repost"]) == ([True, False], [False, True])
    assert posts["source_app"] == ["Twitter Web App", "Twitter Web App"]
    lines = (FORMATS / "twitter_v1_users.made.jsonl").read_bytes().splitlines()
    users = take(TWITTER_V1, [json.loads(line) for line in lines])
    assert (len(users["account_id"]), users["has_avatar"].count(False), users["posts_count"].count(0)) == (2, 1, 1)
    assert sum("&" in (bio or "") and "&amp;" not in bio for bio in users["bio"]) == 1
    ids = json.loads((FORMATS / "twitter_v1_followers_ids.json").read_bytes())
    assert len(take(TWITTER_V1, [ids])["account_id"]) == 2


KEYS = (
    "users", "ids", "statuses", "next_cursor", "search_metadata", "screen_name", "friends_count", "user", "text",
    "full_text", "id", "id_str", "status", "source", "entities", "url", "urls", "retweeted_status", "extended_tweet",
    "in_reply_to_status_id", "in_reply_to_status_id_str", "name", "description", "lang", "profile_image_url",
    "default_profile_image",
)  # fmt: skip
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["<a>", "&lt;"])
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=8), max_size=3))
def test_no_json_makes_it_stumble(values):
    assert TWITTER_V1.evidence(values) >= 0
    for records_of in (TWITTER_V1.accounts, TWITTER_V1.posts):
        for value in values:
            page = records_of.unpack(value)
            found = [value] if page is None else page.records
            records = [record for record in found if isinstance(record, dict)]
            for field in records_of.fields:
                assert len(field.values(records)) == len(records)
