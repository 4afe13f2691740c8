import json

import pytest

from botscan.readers.formats.twitter_v1 import TWITTER_V1, is_own_picture

USER = {
    "id": 1135441326322264531, "id_str": "1135441326322264531", "name": "Kopi &amp; Buku", "screen_name": "kopi_buku",
    "location": "Malang", "description": "satu\ndua &lt;3", "url": None, "entities": {"description": {"urls": []}},
    "protected": False, "followers_count": 3, "friends_count": 1874, "listed_count": 0, "statuses_count": 12,
    "created_at": "Mon Jun 03 07:01:22 +0000 2019", "favourites_count": 5, "verified": False, "geo_enabled": True,
    "default_profile": True, "default_profile_image": True, "lang": "id",
    "status": {"created_at": "Tue Feb 09 05:28:35 +0000 2021", "text": "halo"},
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
