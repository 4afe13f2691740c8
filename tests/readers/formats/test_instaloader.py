import json
import lzma
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.formats.instagram_scraper import INSTAGRAM_SCRAPER
from botscan.readers.formats.instaloader import INSTALOADER, INSTALOADER_OTHER, INSTALOADER_POSTS

FORMATS = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
ALL = (INSTALOADER, INSTALOADER_POSTS, INSTALOADER_OTHER)

WEB = {
    "id": "40011122233", "username": "made_one", "full_name": "Made One", "biography": "", "external_url": None,
    "edge_followed_by": {"count": 15}, "edge_follow": {"count": 8}, "edge_owner_to_timeline_media": {"count": 0},
    "is_private": False, "is_verified": True, "is_business_account": False,
    "profile_pic_url": "https://cdn.example/44884218_345707102882519_2446069589734326272_n.jpg",
}  # fmt: skip
MOBILE = {
    "pk": 40011122233, "username": "made_one", "full_name": "Made One", "follower_count": 15, "following_count": 8,
    "media_count": 0, "is_private": False, "is_verified": True, "is_business": False,
    "has_anonymous_profile_picture": True, "profile_pic_url": "https://cdn.example/anonymous.jpg",
}  # fmt: skip
WEB_POST = {
    "shortcode": "CmadeAAA111", "id": "3001", "owner": {"id": "40011122233", "username": "made_one"},
    "taken_at_timestamp": 1_700_000_000, "is_video": False, "video_view_count": 0,
    "edge_media_to_caption": {"edges": [{"node": {"text": "Halo\nsemua"}}]},
    "edge_media_preview_like": {"count": 12}, "edge_media_to_comment": {"count": 3},
}  # fmt: skip
MOBILE_POST = {
    "code": "CmadeAAA111", "pk": 3001, "user": {"username": "made_one"}, "taken_at": 1_700_000_000,
    "caption": {"text": "Halo"}, "like_count": -1, "comment_count": 3, "play_count": 40, "product_type": "clips",
}  # fmt: skip


def saved(node, kind="Profile"):
    return {"node": node, "instaloader": {"version": "4.15", "node_type": kind}}


def claims(values):
    return {one.name for one in ALL if one.evidence(values)}


def test_keys_of_the_web_and_the_mobile_client_give_the_same_account(take):
    taken = take(INSTALOADER, [saved(WEB), saved(MOBILE)])
    assert claims([saved(WEB), saved(MOBILE)]) == {"instaloader"}
    assert taken["account_id"] == ["40011122233", 40011122233]
    for column in ("handle", "display_name", "followers_count", "following_count", "posts_count", "is_private",
                   "is_verified", "is_business", "has_avatar"):  # fmt: skip
        web, mobile = taken[column]
        assert web == mobile
        assert web is not None
    assert taken["posts_count"][0] == 0
    assert taken["has_avatar"] == [False, False]
    assert INSTALOADER.is_lookup


def test_what_is_not_there_is_not_known_and_null_links_are_none(take):
    taken = take(INSTALOADER, [saved(WEB), saved({"username": "made_two"})])
    assert (taken["website"], taken["bio"]) == (["", None], ["", None])
    for column in ("account_id", "followers_count", "is_private", "is_business", "has_avatar"):
        assert taken[column][1] is None


@pytest.mark.parametrize("kind", ["StoryItem", "Hashtag", "FrozenNodeIterator", "TopSearchResults"])
def test_what_is_no_profile_is_refused(take, kind):
    assert claims([saved({"id": "1"}, kind)]) == {"instaloader_other"}
    assert INSTALOADER_OTHER.refusal
    assert take(INSTALOADER, [saved(WEB), saved({"id": "1"}, kind)]).reasons == [None, "not_in_list"]


def test_posts(take):
    values = [saved(WEB_POST, "Post"), saved(MOBILE_POST, "Post")]
    assert claims(values) == {"instaloader_posts"}
    taken = take(INSTALOADER_POSTS, values, "posts")
    assert taken["account_id"] == ["40011122233", "@made_one"]
    assert taken["post_id"] == ["CmadeAAA111"] * 2
    assert taken["posted_at"] == [1_700_000_000] * 2
    assert taken["text"] == ["Halo\nsemua", "Halo"]
    assert (taken["likes_count"], taken["comments_count"]) == ([12, None], [3, 3])
    assert taken["views_count"] == [None, 40]


def test_members_of_a_folder():
    profile, post = (re.compile(INSTALOADER.members[kind]) for kind in ("accounts", "posts"))
    assert profile.search("made_one/made_one_40011122233.json.xz")
    assert profile.search("made.one_40011122233.json")
    assert post.search("made_one/2023-05-01_09-00-00_UTC.json.xz")
    for name in ("made_one/2023-05-01_09-00-00_UTC.json.xz", "made_one/iterator_12345678.json.xz", "followers_1.json"):
        assert not profile.search(name), name
    assert not post.search("made_one/made_one_40011122233.json.xz")


@pytest.mark.parametrize(
    "value",
    [
        {"node": {}}, {"instaloader": {"node_type": "Profile"}}, {"node": [], "instaloader": {"node_type": "Profile"}},
        {"node": {}, "instaloader": "x"}, {"node": {}, "instaloader": {"node_type": 7}}, {},
    ],
)  # fmt: skip
def test_what_instaloader_did_not_write(value):
    assert claims([value]) == set()


KEYS = st.sampled_from([*WEB, *MOBILE, *WEB_POST, *MOBILE_POST, "node", "instaloader", "node_type", "count", "edges"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["Profile", "Post", "", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=15,
)


@given(
    st.lists(st.builds(saved, st.dictionaries(KEYS, JSON, max_size=8), JSON) | st.dictionaries(KEYS, JSON), max_size=4)
)
def test_nothing_in_json_raises(values):
    assert len(claims(values)) <= 1
    for records_of in (INSTALOADER.accounts, INSTALOADER.posts):
        for value in values:
            page = records_of.unpack(value)
            records = [value] if page is None else list(page.records)
            for field in records_of.fields:
                assert len(field.values(records)) == len(records)


@pytest.mark.skipif(not FORMATS.is_dir(), reason="the folder of sample files is not here")
def test_samples(take):
    texts = [(FORMATS / f"instaloader_profile_{kind}.made.json").read_bytes() for kind in ("web", "mobile")]
    texts.append(lzma.decompress((FORMATS / "instaloader_profile_web.made.json.xz").read_bytes()))
    values = [json.loads(text) for text in texts]
    for value in values:
        assert claims([value]) == {"instaloader"}
        assert INSTAGRAM_SCRAPER.evidence([value]) == 0
    taken = take(INSTALOADER, values)
    assert [str(one) for one in taken["account_id"]] == ["40218873315"] * 3
    assert taken["website"] == ["https://rina.example/", "", "https://rina.example/"]
    assert (taken["followers_count"], taken["following_count"], taken["posts_count"]) == (
        [1520] * 3,
        [892] * 3,
        [456] * 3,
    )
    assert taken["is_business"] == [True] * 3
    assert taken["has_avatar"] == [True] * 3
