"""How a list of posts shows itself; skipped where the catalogues do not hold its sentences."""

from datetime import UTC, datetime

import pytest

from botscan.accounts.posts import PostTable
from botscan.wording import has_words

pytestmark = pytest.mark.skipif(not has_words("posts_title"), reason="the catalogues lack the sentences of posts")

SEEN = datetime(2024, 6, 1, tzinfo=UTC)
ROWS = [
    {"account_id": "7", "post_id": "1", "posted_at": "2024-05-01", "text": "<b>rahasia</b>", "likes_count": "1,2 rb"},
    {"account_id": "7", "post_id": "1", "posted_at": "2024-05-01", "text": "<b>rahasia</b>", "likes_count": "5"},
    {"account_id": "8", "post_id": "2", "posted_at": "2024-05-03", "text": "lain", "likes_count": ""},
    {"account_id": "", "post_id": "3", "posted_at": "", "text": "", "likes_count": ""},
    {"account_id": "9", "post_id": "", "posted_at": "", "text": "", "likes_count": ""},
    {"account_id": "9", "post_id": "1.1E+18", "posted_at": "", "text": "ada", "likes_count": ""},
]


def posts():
    return PostTable.from_frame(ROWS, platform="instagram", observed_at=SEEN, source="unggahan.csv")


def test_text_in_english():
    shown = str(posts())
    assert shown.startswith("List of posts\n")
    for line in (
        "List                        unggahan.csv", "Posts                       4", "Accounts that posted        3",
        "First post                  1 May 2024", "Last post                   3 May 2024",
        "no id, no date and no text  1",
    ):  # fmt: skip
        assert line in shown
    assert "1 record repeated a post" in shown
    assert "post_id: 1 id lost digits" in shown
    assert "For 1 post it is not known which account made it." in shown
    assert "rahasia" not in shown


def test_text_in_indonesian():
    shown = posts().to_text("id")
    assert shown.startswith("Daftar unggahan\n")
    assert "1 catatan mengulang unggahan" in shown
    assert "tanpa id, tanpa tanggal, dan tanpa teks  1" in shown


def test_dates_from_ids_are_told():
    found = PostTable.from_frame([{"post_id": "1000000000000000000"}], platform="twitter", account_id="7")
    assert "posted_at: 1 date was missing and was read off the id of the post." in str(found)
    assert "1 post names no account and was taken as one of the account" in str(found)


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_surface_shows_every_row(language):
    found = posts()
    for surface in (found.to_markdown(language), found._repr_html_()):
        assert "unggahan" in surface
    assert found.__rich__().row_count == len(found._rows(language))
    empty = PostTable.from_frame([])
    assert "not known" in str(empty)


def test_coverage_shows_itself():
    assert str(posts().coverage()).startswith("How many of the posts each column is known for\n  account_id   75 %")
