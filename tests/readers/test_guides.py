"""Guides: what a way is said to give is what its formats declare and what its files hold."""

import json
import os
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from botscan.readers import read_accounts
from botscan.readers.formats import FORMAT, FORMATS
from botscan.readers.guides import GUIDES, LEVELS, NOT_CHECKED, PlatformGuide, Way
from botscan.readers.guides.guide import PARTS, declared_columns, recalled, shown, stated
from botscan.schema import COLUMNS_OF, DERIVED_COLUMNS, PLATFORMS

SAMPLES = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[3] / "shared" / "formats"))

WAYS = [pytest.param(guide, way, id=f"{name}-{way.name}") for name, guide in GUIDES.items() for way in guide.ways]


def claims(guide):
    yield from (*guide.summary, *guide.id_dates)
    for way in guide.ways:
        for part in PARTS:
            yield from getattr(way, part)


def way_of(platform, name):
    return next(way for way in GUIDES[platform].ways if way.name == name)


def columns(platform, name):
    return GUIDES[platform].columns_of(way_of(platform, name))


def level(platform, name):
    return GUIDES[platform].level_of(way_of(platform, name))


def test_every_platform_has_its_guide():
    assert set(GUIDES) == set(PLATFORMS)
    assert all(name == guide.platform for name, guide in GUIDES.items())


@pytest.mark.parametrize("guide", GUIDES.values(), ids=GUIDES)
def test_every_way_has_a_name_of_its_own(guide):
    names = [way.name for way in guide.ways]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name.islower() for name in names)


@pytest.mark.parametrize(("guide", "way"), WAYS)
def test_the_formats_of_a_way_exist_belong_to_the_platform_and_hold_what_it_gives(guide, way):
    assert way.formats
    for name in way.formats:
        assert FORMAT[name].platform in (guide.platform, None)
        assert FORMAT[name].record_map(way.kind) is not None
        assert way.kind != "accounts" or not FORMAT[name].refusal


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)
def test_every_format_that_gives_something_is_on_a_way(one):
    named = {name for guide in GUIDES.values() for way in guide.ways for name in way.formats}
    is_only_refused = bool(one.refusal) and one.posts is None and one.series is None
    assert (one.name in named) is not is_only_refused


@pytest.mark.parametrize(("guide", "way"), WAYS)
def test_a_way_leaves_out_only_what_its_formats_declare(guide, way):
    declared = {column for name in way.formats for column in declared_columns(FORMAT[name], way.kind)}
    assert way.not_filled <= declared
    assert not way.not_filled & set(guide.columns_of(way))


@pytest.mark.parametrize(("guide", "way"), WAYS)
def test_a_way_says_how_and_at_what_cost(guide, way):
    assert way.title
    assert way.steps
    assert way.cost
    if way.gives in ("list", "profiles"):
        assert way.order, "say whether the list is ordered"
        assert way.absent
        assert way.command.startswith("botscan audit ")
    assert set(guide.columns_of(way)) <= set(COLUMNS_OF[way.kind])


@pytest.mark.parametrize("guide", GUIDES.values(), ids=GUIDES)
def test_every_sentence_says_what_stands_behind_it(guide):
    for claim in claims(guide):
        assert claim.text.endswith("."), claim.text
        assert NOT_CHECKED not in claim.text
        assert bool(claim.source) == (claim.basis == "page"), claim.text
        if claim.source:
            assert urlsplit(claim.source).scheme == "https"
            assert urlsplit(claim.source).hostname


def test_a_sentence_from_memory_is_marked_where_it_is_shown():
    assert str(recalled("A.")).endswith(NOT_CHECKED)
    assert str(shown("A.")) == str(stated("A.", "https://a.example")) == "A."


def test_levels_are_those_of_the_reports():
    assert [one.name for one in LEVELS] == ["0", "1", "2", "3", "4", "series"]
    assert all(one.holds and one.supports and one.does_not_support for one in LEVELS)


def test_levels_beyond_profiles_need_posts_or_counts():
    assert GUIDES["facebook"].level_names() == ("0", "1", "2", "3", "series")
    assert GUIDES["bluesky"].level_names() == ("0", "1", "2", "3", "4")


@pytest.mark.parametrize(
    ("platform", "way", "expected"),
    [
        ("twitter", "api_v2", 3),
        ("twitter", "archive", 0),
        ("twitter", "own_posts", None),
        ("instagram", "download", 1),
        ("instagram", "instaloader", 2),
        ("instagram", "crowdtangle", None),
        ("tiktok", "research_followers", 1),
        ("tiktok", "research_profiles", 2),
        ("tiktok", "scraper", 3),
        ("youtube", "subscriptions", 1),
        ("youtube", "subscriptions_and_channels", 3),
        ("mastodon", "api", 3),
        ("mastodon", "export", 1),
        ("bluesky", "followers", 1),
        ("bluesky", "followers_and_profiles", 3),
        ("telegram", "members", 1),
        ("github", "stargazers", 1),
        ("github", "stargazers_and_profiles", 3),
    ],
)
def test_levels_that_ways_reach(platform, way, expected):
    assert level(platform, way) == expected


def test_columns_are_the_declared_ones_and_what_botscan_makes_of_them():
    assert columns("instagram", "download") == (
        "platform",
        "handle",
        "display_name",
        "followed_at",
        "follow_rank",
        "handle_length",
        "handle_digits",
        "handle_digit_ratio",
        "display_name_words",
    )
    assert columns("mastodon", "export") == ("platform", "handle", *DERIVED_COLUMNS[:3])
    assert "has_website" in columns("mastodon", "api")


def test_ids_give_dates_only_where_ids_hold_them():
    for platform, expected in (("twitter", True), ("tiktok", True), ("instagram", False)):
        way = Way("x", "X", "list", ("generic",), steps=(), cost=(), not_filled=frozenset({"created_at"}))
        assert ("created_at" in PlatformGuide(platform, "X", (), (), ()).columns_of(way)) is expected


def test_the_order_gives_ranks():
    api = way_of("bluesky", "followers")
    guide = GUIDES["bluesky"]
    assert "follow_rank" in guide.columns_of(api)
    assert "follow_rank" not in guide.columns_of(replace(api, list_order="none"))
    assert "follow_rank" in columns("telegram", "members")  # where the day of joining is there


def test_a_table_may_hold_every_column():
    assert columns("facebook", "any_table") == tuple(COLUMNS_OF["accounts"])


def test_following_lists_are_named_as_refused():
    assert "instagram_following" in {one.name for one in GUIDES["instagram"].refused_formats()}
    assert not {one.name for one in GUIDES["mastodon"].refused_formats()} & {"mastodon", "mastodon_followers"}


def test_a_way_as_data_is_plain_json():
    data = GUIDES["twitter"].describe(way_of("twitter", "api_v2"))
    assert json.loads(json.dumps(data)) == data
    assert data["cost"][0]["basis"] == "page"
    assert data["columns"] == list(columns("twitter", "api_v2"))


def asked_fields():
    wanted = way_of("twitter", "api_v2").ask.split("&")[0].removeprefix("user.fields=").split(",")
    return [*wanted, "id", "name", "username"]


def test_the_fields_to_ask_x_for_are_all_read():
    assert set(asked_fields()) <= FORMAT["twitter_v2"].accounts.known_keys


def test_an_answer_with_the_fields_to_ask_for_knows_what_the_score_reads(tmp_path):
    values = {
        "id": "1000000000000000000",
        "name": "Ani Wijaya",
        "username": "ani_contoh",
        "created_at": "2018-05-25T13:05:00.000Z",
        "description": "Guru di Malang.",
        "entities": {"url": {"urls": [{"expanded_url": "https://ani.example"}]}},
        "location": "Malang",
        "profile_image_url": "https://pbs.twimg.com/profile_images/1/a_normal.jpg",
        "protected": False,
        "public_metrics": {"followers_count": 4, "following_count": 9, "tweet_count": 7, "listed_count": 0},
        "url": "https://t.co/a",
        "verified": False,
        "verified_type": "none",
    }
    page = {"data": [{field: values[field] for field in asked_fields()}], "meta": {"result_count": 1}}
    path = tmp_path / "page.json"
    path.write_text(json.dumps(page), encoding="utf-8")
    known = set(read_accounts(path, observed_at=None).coverage())
    wanted = {"followers_count", "following_count", "posts_count", "listed_count", "created_at", "bio", "has_avatar"}
    assert wanted <= known <= set(columns("twitter", "api_v2"))


#: Sample, options, platform and way.
HELD = [
    ("bluesky_getfollowers.made.json", {}, "bluesky", "followers"),
    ("cresci_users_latin1.made.csv", {"encoding": "latin-1"}, "twitter", "data_sets"),
    ("generic_id.made.csv", {"platform": "instagram"}, "instagram", "any_table"),
    ("instagram_followers_2.made.json", {}, "instagram", "download"),
    ("instagram_private_api_page.made.json", {}, "instagram", "scraper"),
    ("instagram_scraper_snake.made.csv", {}, "instagram", "scraper"),
    ("instaloader_profile_web.made.json", {}, "instagram", "instaloader"),
    ("kaggle_v1_users.made.csv", {}, "twitter", "data_sets"),
    ("mastodon_followers.made.csv", {}, "mastodon", "export"),
    ("mastodon_followers_page.made.json", {}, "mastodon", "api"),
    ("phantombuster_instagram_followers.made.csv", {}, "instagram", "scraper"),
    ("snscrape_users.made.jsonl", {}, "twitter", "scrapers"),
    ("telegram_members.made.csv", {}, "telegram", "members"),
    ("telegram_participants.made.jsonl", {}, "telegram", "members"),
    ("tiktok_research_user_followers.json", {}, "tiktok", "research_followers"),
    ("tiktok_scraper_followers.made.csv", {}, "tiktok", "scraper"),
    ("twarc2_users_flat.made.jsonl", {}, "twitter", "api_v2"),
    ("twarc_csv_users.made.csv", {}, "twitter", "twarc_csv"),
    ("twitter_v1_followers_ids.json", {}, "twitter", "api_v1_files"),
    ("twitter_v1_followers_list_page.json", {}, "twitter", "api_v1_files"),
    ("twitter_v2_followers_default_fields.json", {}, "twitter", "api_v2"),
    ("twscrape_users.jsonl", {}, "twitter", "scrapers"),
    ("x_archive_follower.js", {}, "twitter", "archive"),
    ("x_graphql_followers_2026.json", {}, "twitter", "web_recording"),
    ("x_graphql_followers_legacy.made.json", {}, "twitter", "web_recording"),
    ("youtube_subscriptions_list.made.json", {}, "youtube", "subscriptions"),
]
JOINED = [
    (("bluesky_getfollowers.made.json", "bluesky_getprofiles.made.json"), "bluesky", "followers_and_profiles"),
    (
        ("youtube_subscriptions_list.made.json", "youtube_channels_list.made.json"),
        "youtube",
        "subscriptions_and_channels",
    ),
]
#: What a report says of a list whose pages do not tell their order.
UNKNOWN_ORDER = "unknown"


def held_by(accounts):
    """Return the columns of which a list knows a cell; ids that botscan made of handles are no column of the file."""
    known = {column for column, share in accounts.coverage().items() if share}
    is_made = all(one.startswith("@") for one in accounts.table["account_id"].to_pylist())
    return known - {"account_id"} if is_made else known


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of sample files is not here")
@pytest.mark.parametrize(("name", "options", "platform", "way"), HELD, ids=lambda value: str(value)[:40])
def test_samples_hold_no_more_than_their_way_says(name, options, platform, way):
    accounts = read_accounts(SAMPLES / name, **options)
    known = held_by(accounts)
    assert accounts.report.format in way_of(platform, way).formats
    assert known <= set(columns(platform, way)), known - set(columns(platform, way))
    assert accounts.evidence_level <= level(platform, way)
    assert accounts.report.list_order in (way_of(platform, way).list_order, UNKNOWN_ORDER)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of sample files is not here")
@pytest.mark.parametrize(("names", "platform", "way"), JOINED)
def test_samples_given_together_reach_the_level_of_their_way(names, platform, way):
    accounts = read_accounts([SAMPLES / name for name in names])
    assert held_by(accounts) <= set(columns(platform, way))
    assert accounts.evidence_level == level(platform, way)
