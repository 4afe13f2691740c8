import pytest

from botscan.readers.formats.instagram_scraper import INSTAGRAM_SCRAPER
from botscan.readers.formats.instagram_scraper_posts import INSTAGRAM_SCRAPER_POSTS

POST = {
    "id": "3001", "type": "Image", "shortCode": "CmadeAAA111", "caption": "Halo", "url": "https://www.instagram.com/p/x/",
    "commentsCount": 3, "likesCount": 12, "timestamp": "2024-05-02T08:15:30.000Z", "ownerUsername": "made_one",
    "ownerFullName": "Made One", "ownerId": "00071", "videoViewCount": 0,
}  # fmt: skip
SNAKE = {
    "shortcode": "CmadeAAA222", "caption": {"text": "Pagi"}, "comment_count": 0, "like_count": -1, "taken_at": 1_700_000_000,
    "owner_username": "@Made_Two", "type": "Video", "video_view_count": 0,
}  # fmt: skip


def test_posts_of_json(take):
    assert INSTAGRAM_SCRAPER_POSTS.evidence([POST, SNAKE]) > 0
    assert INSTAGRAM_SCRAPER.evidence([POST, SNAKE]) == 0
    taken = take(INSTAGRAM_SCRAPER_POSTS, [POST, SNAKE], "posts")
    assert taken.columns == {
        "account_id": ["00071", "@Made_Two"],
        "post_id": ["CmadeAAA111", "CmadeAAA222"],
        "posted_at": ["2024-05-02T08:15:30.000Z", 1_700_000_000],
        "text": ["Halo", "Pagi"],
        "likes_count": [12, None],
        "comments_count": [3, 0],
        "views_count": [None, 0],
    }


def test_a_table_of_posts(take, table):
    words, rows = table(
        "shortCode,ownerUsername,caption,likesCount,videoPlayCount,type\nCm1,made_one,Halo,-1,1204,Video\n"
    )
    assert INSTAGRAM_SCRAPER_POSTS.header_evidence(words) > 0
    assert INSTAGRAM_SCRAPER.header_evidence(words) == 0
    taken = take(INSTAGRAM_SCRAPER_POSTS, rows, "posts")
    assert (taken["likes_count"], taken["views_count"], taken["account_id"]) == ([None], ["1204"], ["@made_one"])


@pytest.mark.parametrize("missing", ["shortCode", "ownerUsername"])
def test_what_is_no_post_of_instagram_is_not_claimed(missing):
    record = {key: value for key, value in POST.items() if key not in (missing, "ownerId")}
    assert INSTAGRAM_SCRAPER_POSTS.evidence([record]) == 0
    assert INSTAGRAM_SCRAPER_POSTS.refusal
