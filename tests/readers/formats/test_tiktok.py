import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.formats.tiktok import (
    TIKTOK_FOLLOWERS,
    TIKTOK_FOLLOWING,
    TIKTOK_FORMATS,
    TIKTOK_SCRAPER,
    TIKTOK_SCRAPER_TABLE,
    TIKTOK_USER_INFO,
    TIKTOK_VIDEOS,
)
from botscan.schema import COLUMNS_OF

SAMPLES = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
FINE = {"code": "ok", "message": "ok", "log_id": "1"}
FOLLOWERS = {
    "data": {
        "cursor": 1700000000,
        "has_more": True,
        "user_followers": [
            {"display_name": "Wati Jamu", "username": "wati.jamu"},
            {"username": "Toko Rujak 9", "display_name": "toko_rujak9"},
            {"username": "dua kata", "display_name": "tiga kata juga"},
        ],
    },
    "error": FINE,
}
INFO = {
    "data": {
        "display_name": "Wati", "bio_description": "", "is_verified": True, "follower_count": 8, "following_count": 3,
        "likes_count": 41, "video_count": 6, "bio_url": "",
    },
    "error": FINE,
}  # fmt: skip
FAILED = {"data": {}, "error": {"code": "rate_limit_exceeded", "message": "x", "log_id": "2"}}
SCRAPED = {
    "uid": "6812345678901234567", "unique_id": "wati.jamu", "nickname": "Wati", "signature": "jamu", "sec_uid": "MS4w",
    "follower_count": 8, "following_count": 3, "aweme_count": 6, "total_favorited": 41, "favoriting_count": 77,
    "secret": 0, "create_time": 1600000000,
}  # fmt: skip
WEB = {
    "user": {"id": "7", "uniqueId": "sari", "nickname": "Sari", "secUid": "MS4w", "privateAccount": True,
             "bioLink": {"link": "https://sari.example"}},
    "stats": {"followerCount": 5, "followingCount": 2, "heart": -3, "heartCount": 9, "diggCount": 4, "videoCount": 1},
}  # fmt: skip
VIDEO = {
    "id": 7123456789012345678, "create_time": 1700000123, "username": "Wati.Jamu", "region_code": "ID",
    "video_description": "resep", "like_count": 5, "comment_count": 1, "share_count": 2, "view_count": 90,
}  # fmt: skip


def test_swapped_names_are_put_back_only_where_the_other_can_be_a_handle(take):
    taken = take(TIKTOK_FOLLOWERS, [FOLLOWERS])
    assert taken["handle"] == ["wati.jamu", "toko_rujak9", "dua kata"]
    assert taken["display_name"] == ["Wati Jamu", "Toko Rujak 9", "tiga kata juga"]
    (page,) = taken.pages
    assert (page.counts, page.complete, page.newest_first) == ({"names_swapped": 1}, False, True)
    assert FOLLOWERS["data"]["user_followers"][1]["username"] == "Toko Rujak 9"


def test_the_last_page_says_so():
    page = {**FOLLOWERS, "data": {**FOLLOWERS["data"], "has_more": False}}
    assert TIKTOK_FOLLOWERS.accounts.unpack(page).complete is True
    assert TIKTOK_FOLLOWERS.accounts.unpack({**page, "error": FAILED["error"]}).complete is False
    assert TIKTOK_FOLLOWERS.accounts.unpack({"user_followers": []}).complete is None


def test_a_failed_reply_is_no_record_and_leaves_a_hole(take):
    taken = take(TIKTOK_FOLLOWERS, [FOLLOWERS, FAILED])
    assert len(taken.reasons) == 3
    assert (taken.pages[1].counts, taken.pages[1].complete) == ({"page_failed": 1}, False)
    assert [form.name for form in TIKTOK_FORMATS if form.evidence and form.evidence([FAILED])] == ["tiktok_followers"]
    assert TIKTOK_FOLLOWERS.evidence([{"error": {"code": "ok", "log_id": "1"}, "data": {}}]) == 0


def test_a_profile_without_a_handle_names_nobody(take):
    taken = take(TIKTOK_USER_INFO, [INFO, {"username": "wati.jamu", **INFO}, {**INFO["data"], "username": "sari"}])
    assert taken.reasons == ["no_identity", None, None]
    assert taken["handle"] == [None, "wati.jamu", "sari"]
    assert (taken["likes_received_count"], taken["posts_count"]) == ([41] * 3, [6] * 3)
    assert (taken["bio"], taken["website"]) == ([""] * 3, [""] * 3)
    assert "account_id" not in taken.columns
    assert take(TIKTOK_USER_INFO, [FAILED]).reasons == []


def test_likes_received_and_likes_given_are_told_apart(take):
    taken = take(TIKTOK_SCRAPER, [{"followers": [SCRAPED], "has_more": False}, {"userInfo": WEB}, WEB])
    assert taken["account_id"] == ["6812345678901234567", "7", "7"]
    assert taken["likes_received_count"] == [41, 9, 9]
    assert taken["likes_given_count"] == [77, 4, 4]
    assert taken["posts_count"] == [6, 1, 1]
    assert taken["website"] == [None, "https://sari.example", "https://sari.example"]
    assert taken["is_private"] == [0, True, True]
    assert taken["created_at"] == [1600000000, None, None]
    assert taken.pages[0].complete is True


def test_a_table_is_known_by_its_unique_id_and_its_hearts(table):
    words, _ = table("id,unique_id,sec_uid,heart_count,digg_count\n")
    assert TIKTOK_SCRAPER_TABLE.header_evidence(words) == 4
    assert TIKTOK_SCRAPER_TABLE.header_evidence(["user unique id", "stats digg count"]) == 2
    assert TIKTOK_SCRAPER_TABLE.header_evidence(["unique id", "followers"]) == 0
    assert TIKTOK_SCRAPER_TABLE.header_evidence(["username", "heart count"]) == 0
    headers = TIKTOK_SCRAPER_TABLE.accounts.headers
    assert set(headers) <= set(COLUMNS_OF["accounts"])
    assert "digg count" in headers["likes_given_count"]
    assert "heart count" in headers["likes_received_count"]
    assert "sec uid" in TIKTOK_SCRAPER_TABLE.accounts.not_headers


@pytest.mark.parametrize(
    "page",
    [{"data": {"user_following": [{"username": "a", "display_name": "A"}], "cursor": 1}}, {"followings": [SCRAPED]}],
)
def test_a_list_of_followed_accounts_is_refused(take, page):
    assert TIKTOK_FOLLOWING.evidence([page]) > 0
    assert TIKTOK_FOLLOWERS.evidence([page]) == TIKTOK_SCRAPER.evidence([page]) == 0
    assert "not followers" in TIKTOK_FOLLOWING.refusal
    assert take(TIKTOK_FOLLOWING, [page])["handle"][0] in ("a", "wati.jamu")


def test_videos_are_posts_of_accounts_named_by_their_handle(take, table):
    page = {"data": {"videos": [VIDEO], "cursor": 1, "has_more": False, "search_id": "7"}, "error": FINE}
    taken = take(TIKTOK_VIDEOS, [page], "posts")
    row = {column: values[0] for column, values in taken.columns.items()}
    assert row == {
        "account_id": "@wati.jamu", "post_id": 7123456789012345678, "posted_at": 1700000123, "text": "resep",
        "likes_count": 5, "comments_count": 1, "reposts_count": 2, "views_count": 90,
    }  # fmt: skip
    assert TIKTOK_VIDEOS.accounts is None
    words, rows = table("id,username,video_description,view_count,like_count\n7,ani,halo,3,1\n")
    assert TIKTOK_VIDEOS.header_evidence(words) == 4
    assert take(TIKTOK_VIDEOS, rows, "posts")["views_count"] == ["3"]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (FOLLOWERS, "tiktok_followers"),
        (INFO, "tiktok_user_info"),
        (SCRAPED, "tiktok_scraper"),
        ({"userInfo": WEB}, "tiktok_scraper"),
        (VIDEO, "tiktok_videos"),
        ({"data": {"videos": [], "cursor": 0}}, "tiktok_videos"),
        ({"unique_id": "a", "followers": 5}, None),
        ({"data": {"follower_count": 1, "full_name": "A"}}, None),
        ({"username": "a", "follower_count": 4, "video_count": 1}, None),
    ],
)
def test_each_kind_is_claimed_once(value, name):
    claims = [form.name for form in TIKTOK_FORMATS if form.evidence is not None and form.evidence([value])]
    assert claims == ([] if name is None else [name])


def test_secrets_are_known_and_taken_by_no_column(take):
    taken = take(TIKTOK_SCRAPER, [{**SCRAPED, "phone": "0812", "email": "a@b.example"}])
    assert not any(value in ("0812", "a@b.example", "MS4w") for values in taken.columns.values() for value in values)
    assert {"phone", "email", "sec_uid"} <= TIKTOK_SCRAPER.accounts.known_keys


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not there")
def test_the_samples_read_as_stated(take, table):
    page = json.loads((SAMPLES / "tiktok_research_user_followers.json").read_text())
    taken = take(TIKTOK_FOLLOWERS, [page])
    assert (taken["handle"], taken.pages[0].counts) == (["test_username", "test_username2"], {"names_swapped": 1})
    info = json.loads((SAMPLES / "tiktok_research_user_info.made.json").read_text())
    assert take(TIKTOK_USER_INFO, [info]).reasons == ["no_identity"]
    words, rows = table((SAMPLES / "tiktok_scraper_followers.made.csv").read_text())
    assert (TIKTOK_SCRAPER_TABLE.header_evidence(words), len(rows)) == (3, 4)


KEYS = "data user_followers user_following followings followers userList cursor has_more error code log_id username display_name unique_id uniqueId sec_uid user stats userInfo bioLink link heart follower_count video_count bio_description videos video_description create_time"
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["ok", "two words", "@a", "https://a.example"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=6),
    max_leaves=20,
)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS.split()), VALUES, max_size=8), max_size=3))
def test_no_json_of_these_keys_raises(values):
    for form in TIKTOK_FORMATS:
        if form.evidence is not None:
            assert form.evidence(values) >= 0
        for records_of in filter(None, (form.accounts, form.posts)):
            for value in values:
                page = records_of.unpack(value)
                records = [value] if page is None else list(page.records)
                assert page is None or len(page.reasons) in (0, len(records))
                objects = [record for record in records if isinstance(record, dict)]
                assert all(len(one.values(objects)) == len(objects) for one in records_of.fields)
