"""The sample files that stand beside the project: what each must give, and which must be refused and why."""

import contextlib
import os
from pathlib import Path

import pytest

from botscan.errors import FormatError
from botscan.readers import read_accounts, read_posts, read_series
from botscan.readers.formats import FORMATS

FOLDER = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[3] / "shared" / "formats"))

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder of sample files is not here")

INSTAGRAM = {"platform": "instagram"}
#: Name, options, format, accounts, rejected rows, evidence level, order, complete.
ACCOUNTS = [
    ("bluesky_getfollowers.made.json", {}, "bluesky_followers", 2, {}, 1, "newest_first", False),
    ("bluesky_getprofiles.made.json", {}, "bluesky_profiles", 2, {}, 3, "unknown", None),
    ("cresci_users_latin1.made.csv", {"encoding": "latin-1"}, "cresci_csv", 1, {}, 3, "unknown", None),
    ("generic_en.made.tsv", INSTAGRAM, "generic", 3, {}, 3, "unknown", None),
    ("generic_id.made.csv", INSTAGRAM, "generic", 3, {}, 3, "unknown", None),
    ("generic_id.made.xlsx", INSTAGRAM, "generic", 3, {}, 3, "unknown", None),
    ("generic_id_utf16.made.csv", INSTAGRAM, "generic", 1, {}, 2, "unknown", None),
    ("handles.made.txt", INSTAGRAM, "generic", 3, {}, 1, "unknown", None),
    ("instagram_followers_1.json", {}, "instagram_export", 1, {}, 1, "by_followed_at", None),
    ("instagram_followers_2.made.json", {}, "instagram_export", 4, {}, 1, "by_followed_at", None),
    ("instagram_followers_legacy_wrapper.made.json", {}, "instagram_export", 1, {"deleted": 1}, 1, "by_followed_at", None),
    ("instagram_following_2025.made.json", {"format": "instagram_following"}, "instagram_following", 2, {}, 1,
     "by_followed_at", None),
    ("instagram_mojibake.made.json", {}, "instagram_export", 1, {}, 1, "by_followed_at", None),
    ("instagram_private_api_page.made.json", {}, "instagram_scraper", 2, {}, 1, "unknown", False),
    ("instagram_scraper_camel.made.json", {}, "instagram_scraper", 1, {}, 1, "unknown", None),
    ("instagram_scraper_snake.made.csv", {}, "instagram_scraper", 3, {}, 1, "unknown", None),
    ("instaloader_profile_mobile.made.json", {}, "instaloader", 1, {}, 2, "unknown", None),
    ("instaloader_profile_web.made.json", {}, "instaloader", 1, {}, 2, "unknown", None),
    ("instaloader_profile_web.made.json.xz", {}, "instaloader", 1, {}, 2, "unknown", None),
    ("kaggle_v1_users.made.csv", {}, "twitter_csv", 3, {}, 3, "unknown", None),
    ("mastodon_account.json", {}, "mastodon", 1, {}, 3, "unknown", None),
    ("mastodon_followers.made.csv", {}, "mastodon_followers", 2, {}, 1, "unknown", None),
    ("mastodon_followers_page.made.json", {}, "mastodon", 2, {"suspended": 1}, 3, "unknown", None),
    ("mastodon_takahe_followers_bug.csv", {}, "mastodon_followers", 1, {}, 1, "unknown", None),
    ("mastodon_utf8-followers.txt", {}, "generic", 1, {}, 1, "unknown", None),
    ("phantombuster_instagram_followers.made.csv", {}, "instagram_scraper", 2, {}, 1, "unknown", None),
    ("snscrape_users.made.jsonl", {}, "x_scrapers", 2, {}, 3, "unknown", None),
    ("telegram_members.made.csv", {}, "telegram_members", 2, {}, 1, "unknown", None),
    ("telegram_participants.made.jsonl", {}, "telegram", 3, {"not_found": 1}, 1, "unknown", None),
    ("tiktok_research_user_followers.json", {}, "tiktok_followers", 2, {}, 1, "newest_first", False),
    ("tiktok_research_user_info.made.json", {}, "tiktok_user_info", 0, {"no_identity": 1}, 0, "unknown", None),
    ("tiktok_scraper_followers.made.csv", {}, "tiktok_scraper_table", 4, {}, 3, "unknown", None),
    ("twarc2_tweets_flat.jsonl", {}, "twitter_v2", 2, {}, 3, "unknown", None),
    ("twarc2_users_flat.made.jsonl", {}, "twitter_v2", 3, {}, 3, "unknown", None),
    ("twarc2_users_page.jsonl", {}, "twitter_v2", 3, {"not_found": 1}, 3, "unknown", None),
    ("twarc_csv_tweets.made.csv", {}, "twarc_csv", 1, {}, 3, "unknown", None),
    ("twarc_csv_users.made.csv", {}, "twarc_csv", 3, {}, 3, "unknown", None),
    ("twitter_v1_followers_ids.json", {}, "twitter_v1", 2, {}, 0, "newest_first", True),
    ("twitter_v1_followers_list_page.json", {}, "twitter_v1", 2, {}, 3, "newest_first", True),
    ("twitter_v1_users.made.jsonl", {}, "twitter_v1", 2, {}, 3, "unknown", None),
    ("twitter_v2_followers_default_fields.json", {}, "twitter_v2", 3, {}, 1, "newest_first", False),
    ("twscrape_users.jsonl", {}, "x_scrapers", 3, {}, 3, "unknown", None),
    ("twscrape_users_unknown.made.jsonl", {}, "x_scrapers", 1, {}, 1, "unknown", None),
    ("x_archive_follower.js", {}, "x_archive_follower", 1, {}, 0, "unknown", None),
    ("x_archive_follower_part1.made.js", {}, "x_archive_follower", 2, {}, 0, "unknown", None),
    ("x_graphql_followers_2026.json", {}, "x_graphql", 3, {}, 3, "newest_first", False),
    ("x_graphql_followers_legacy.made.json", {}, "x_graphql", 2, {"no_identity": 1}, 3, "newest_first", True),
    ("x_graphql_user_about_2026.json", {}, "x_graphql_user", 1, {}, 1, "unknown", None),
    ("youtube_channels_list.made.json", {}, "youtube_channels", 2, {}, 3, "unknown", None),
    ("youtube_subscriptions_list.made.json", {}, "youtube_subscriptions", 3, {}, 1, "by_followed_at", False),
]  # fmt: skip
#: Name, what the refusal says.
REFUSED = [
    ("cresci_labels.made.tsv", "a label file, not an audience"),
    ("crowdtangle_facebook.made.csv", "read_posts or read_series"),
    ("crowdtangle_instagram_header.made.csv", "read_posts or read_series"),
    ("instagram_followers_1.made.html", "JSON"),
    ("instagram_following_2025.made.json", "--format instagram_following"),
    ("mastodon_following_accounts.csv", "--format mastodon_following"),
    ("series_date_count.made.csv", "read_series"),
    ("series_id.made.csv", "read_series"),
    ("series_socialblade_like.made.csv", "read_series"),
    ("series_strings.made.json", "read_series"),
    ("x_archive_tweets.made.js", "read_posts"),
]
#: Name, posts.
POSTS = [
    ("crowdtangle_facebook.made.csv", 3),
    ("crowdtangle_instagram_header.made.csv", 1),
    ("twarc2_tweets_flat.jsonl", 2),
    ("twarc_csv_tweets.made.csv", 2),
    ("twitter_v1_followers_list_page.json", 2),
    ("x_archive_tweets.made.js", 1),
]
#: Name, points, rejected rows.
SERIES = [
    ("crowdtangle_facebook.made.csv", 3, {}),
    ("crowdtangle_instagram_header.made.csv", 1, {}),
    ("series_date_count.made.csv", 3, {"no_count": 1}),
    ("series_id.made.csv", 3, {}),
    ("series_socialblade_like.made.csv", 4, {}),
    ("series_strings.made.json", 3, {}),
]


def test_every_sample_is_spoken_for():
    named = {name for name, *_ in (*ACCOUNTS, *REFUSED)}
    assert {path.name for path in FOLDER.iterdir()} - named == {"SOURCES.md"}


@pytest.mark.parametrize("expected", ACCOUNTS, ids=lambda expected: expected[0])
def test_samples_read_as_accounts(expected):
    name, options, found, n, rejected, level, order, complete = expected
    accounts = read_accounts(FOLDER / name, **options)
    report = accounts.report
    assert (report.format, accounts.n_accounts, dict(report.reject_reasons)) == (found, n, rejected)
    assert (accounts.evidence_level, report.list_order, report.complete) == (level, order, complete)
    if n and order != "unknown":
        ranks = [rank for rank in accounts.table["follow_rank"].to_pylist() if rank is not None]
        assert len(set(ranks)) == len(ranks)
        assert set(ranks) <= set(range(report.rows_in))


@pytest.mark.parametrize(("name", "words"), REFUSED)
def test_samples_that_are_no_audience_are_refused_with_what_they_are_good_for(name, words):
    with pytest.raises(FormatError) as caught:
        read_accounts(FOLDER / name)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "n"), POSTS)
def test_samples_read_as_posts(name, n):
    assert read_posts(FOLDER / name).n_posts == n


@pytest.mark.parametrize(("name", "n", "rejected"), SERIES)
def test_samples_read_as_series(name, n, rejected):
    series = read_series(FOLDER / name)
    assert (series.n_points, dict(series.report.reject_reasons)) == (n, rejected)


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()) if FOLDER.is_dir() else [], ids=lambda path: path.name)
def test_no_sample_is_claimed_by_two_formats(path, monkeypatch):
    claims = []

    def noted(one, call):
        def evidence(found):
            n = call(found)
            claims.append((n, one.name))
            return n

        return evidence

    for one in FORMATS:
        for name in ("evidence", "header_evidence"):
            if getattr(one, name) is not None:
                monkeypatch.setitem(one.__dict__, name, noted(one, getattr(one, name)))
    with contextlib.suppress(FormatError):
        read_accounts(path, platform="instagram")
    most = max((n for n, _ in claims), default=0)
    assert len({name for n, name in claims if n == most}) == 1 or not most


def test_cells_of_samples_are_read_as_meant():
    english = read_accounts(FOLDER / "generic_en.made.tsv", **INSTAGRAM).table
    assert english["handle"].to_pylist()[2] == "NA"
    assert english["followers_count"].to_pylist() == [12_300, 7, 1_100_000]
    assert english["created_at"].null_count == 0
    indonesian = read_accounts(FOLDER / "generic_id.made.csv", **INSTAGRAM).table
    assert indonesian["followers_count"].to_pylist() == [12_300, 7, 3_000_000]
    assert indonesian["following_count"].to_pylist() == [892, 3_120, 1_200]
    assert "likes_given_count" not in indonesian.column_names
    workbook = read_accounts(FOLDER / "generic_id.made.xlsx", **INSTAGRAM)
    assert {"007", "7"} <= set(workbook.table["handle"].to_pylist())
    assert ("account_id", "id_damaged", 1) in [(one.column, one.code, one.count) for one in workbook.report.warnings]
    kaggle = read_accounts(FOLDER / "kaggle_v1_users.made.csv").table
    assert kaggle["handle"].to_pylist()[2] == "nan"
    latin = read_accounts(FOLDER / "cresci_users_latin1.made.csv", encoding="latin-1").table
    assert latin["location"].to_pylist() == ["Málaga"]
    assert latin["is_private"].to_pylist() == [False]
    instagram = read_accounts(FOLDER / "instagram_scraper_snake.made.csv").table
    assert instagram["handle"].to_pylist() == ["rina.kartika_", "null", "007"]
    assert instagram["account_id"].to_pylist()[2] == "00071"
    mojibake = read_accounts(FOLDER / "instagram_mojibake.made.json").table
    assert mojibake["display_name"].to_pylist() == ["Café Senja ☕ — “enak”"]


def test_one_person_in_two_exports_of_x_is_read_alike():
    pages = read_accounts(FOLDER / "x_graphql_followers_2026.json").table
    scraped = read_accounts(FOLDER / "twscrape_users.jsonl").table
    for column in ("account_id", "handle", "display_name", "bio", "created_at", "followers_count", "posts_count"):
        assert pages[column].to_pylist() == scraped[column].to_pylist(), column
    assert "listed_count" not in pages.column_names
    assert "listed_count" not in scraped.column_names


def test_a_list_of_subscribers_is_joined_with_their_channels():
    files = [FOLDER / "youtube_channels_list.made.json", FOLDER / "youtube_subscriptions_list.made.json"]
    for order in (files, files[::-1]):
        accounts = read_accounts(order)
        assert accounts.n_accounts == 3
        assert accounts.table["created_at"].null_count == 1
        assert accounts.table["followed_at"].null_count == 0
        assert ("files_joined", 2) in [(note.code, note.count) for note in accounts.report.warnings]


def test_a_missing_part_of_an_archive_is_told():
    notes = read_accounts(FOLDER / "x_archive_follower_part1.made.js").report.warnings
    assert ("parts_missing", {"names": "0"}) in [(note.code, dict(note.numbers)) for note in notes]
    whole = read_accounts([FOLDER / "x_archive_follower.js", FOLDER / "x_archive_follower_part1.made.js"])
    assert whole.n_accounts == 3
    assert "parts_missing" not in [note.code for note in whole.report.warnings]
