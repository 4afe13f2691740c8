import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.formats.github import (
    GITHUB_FORMATS,
    GITHUB_PROFILES,
    GITHUB_STARGAZERS,
    GITHUB_STARGAZERS_TABLE,
    GITHUB_USERS,
)
from botscan.schema import COLUMNS_OF

FILES = Path(__file__).parent / "files"
USER = {
    "login": "lila-sari", "id": 910001, "node_id": "U_kgDOAAA", "avatar_url": "https://avatars.example/u/910001",
    "gravatar_id": "", "html_url": "https://github.com/lila-sari", "type": "User", "site_admin": False,
}  # fmt: skip
STAR = {"starred_at": "2023-04-05T06:07:08Z", "user": USER}
PROFILE = {
    **USER, "name": "Lila", "company": "@contoh", "blog": "", "location": "Solo", "email": "lila@a.example",
    "hireable": None, "bio": None, "twitter_username": None, "public_repos": 4, "public_gists": 1, "followers": 12,
    "following": 34, "created_at": "2016-07-08T09:10:11Z", "updated_at": "2024-01-01T00:00:00Z",
}  # fmt: skip
GRAPHQL = {
    "data": {
        "repository": {
            "nameWithOwner": "contoh/alat",
            "stargazers": {
                "totalCount": 2,
                "pageInfo": {"hasNextPage": True, "endCursor": "x"},
                "edges": [
                    {"starredAt": "2023-04-05T06:07:08Z", "node": {
                        "login": "lila-sari", "databaseId": 910001, "id": "U_kgDOAAA", "createdAt": "2016-07-08T09:10:11Z",
                        "bio": "", "websiteUrl": None, "followers": {"totalCount": 12}, "following": {"totalCount": 34}}},
                    {"starredAt": "2023-04-06T06:07:08Z", "node": None},
                ],
            },
        }
    }
}  # fmt: skip


def test_a_star_gives_the_user_and_its_time(take):
    row = {column: values[0] for column, values in take(GITHUB_STARGAZERS, [STAR]).columns.items()}
    assert row == {
        "account_id": 910001, "handle": "lila-sari", "display_name": None, "bio": None, "location": None,
        "website": None, "created_at": None, "followed_at": "2023-04-05T06:07:08Z", "followers_count": None,
        "following_count": None, "is_declared_bot": False,
    }  # fmt: skip
    assert take(GITHUB_STARGAZERS, [{**USER, "starred_at": "2023-01-01T00:00:00Z"}])["followed_at"] == [
        "2023-01-01T00:00:00Z"
    ]


def test_a_full_profile_gives_counts_and_empty_texts_and_no_posts(take):
    taken = take(GITHUB_PROFILES, [PROFILE])
    values = ("followers_count", "following_count", "created_at", "bio", "website", "location", "display_name")
    assert [taken[name][0] for name in values] == [12, 34, "2016-07-08T09:10:11Z", "", "", "Solo", "Lila"]
    assert not {"posts_count", "has_avatar", "is_business", "is_verified"} & set(taken.columns)
    assert "email" in GITHUB_PROFILES.accounts.known_keys
    assert GITHUB_PROFILES.is_lookup


def test_a_graphql_page_is_read_alike(take):
    taken = take(GITHUB_STARGAZERS, [GRAPHQL])
    assert taken.reasons == [None, "no_identity"]
    values = (
        "account_id",
        "handle",
        "followed_at",
        "created_at",
        "followers_count",
        "following_count",
        "bio",
        "website",
    )
    assert [taken[name][0] for name in values] == [
        910001, "lila-sari", "2023-04-05T06:07:08Z", "2016-07-08T09:10:11Z", 12, 34, "", "",
    ]  # fmt: skip
    (page,) = taken.pages
    assert (page.subject, page.complete) == ("contoh/alat", False)


def test_the_opaque_id_is_not_the_number_of_a_user(take):
    users = {
        "data": {"user": {"login": "radio", "followers": {"nodes": [{"login": "a", "id": "U_kg", "avatarUrl": "x"}]}}}
    }
    taken = take(GITHUB_USERS, [users])
    assert (taken["account_id"], taken["handle"], taken.pages[0].subject) == ([None], ["a"], "radio")


@pytest.mark.parametrize(
    ("kind", "expected"), [("Bot", True), ("User", False), ("Organization", False), ("Mannequin", None), ([], None)]
)
def test_only_bots_are_declared_bots(take, kind, expected):
    assert take(GITHUB_USERS, [{**USER, "type": kind}])["is_declared_bot"] == [expected]


def test_stars_without_a_user_and_suspended_users_are_rejected(take):
    taken = take(GITHUB_STARGAZERS, [{**STAR, "user": None}, {**PROFILE, "suspended_at": "2024-01-01T00:00:00Z"}, STAR])
    assert taken.reasons == ["no_identity", "suspended", None]


def test_a_table_of_stargazers(table):
    words, _ = table("login,id,starred_at\n")
    assert GITHUB_STARGAZERS_TABLE.header_evidence(words) == 2
    assert GITHUB_STARGAZERS_TABLE.header_evidence(["login", "id"]) == 0
    headers = GITHUB_STARGAZERS_TABLE.accounts.headers
    assert set(headers) <= set(COLUMNS_OF["accounts"])
    assert "starred at" in headers["followed_at"]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (STAR, "github_stargazers"),
        ({**USER, "starred_at": "x"}, "github_stargazers"),
        (GRAPHQL, "github_stargazers"),
        (USER, "github_users"),
        ({"data": {"user": {"followers": {"nodes": [{"login": "a", "databaseId": 1}]}}}}, "github_users"),
        (PROFILE, "github_profiles"),
        ({"login": "a", "name": "A"}, None),
        ({"starred_at": "x", "repo": {"id": 1}}, None),
        ({"id": 1, "node_id": "x", "name": "alat", "owner": USER}, None),
    ],
)
def test_each_kind_is_claimed_once(value, name):
    claims = [form.name for form in GITHUB_FORMATS if form.evidence is not None and form.evidence([value])]
    assert claims == ([] if name is None else [name])


def test_the_sample_file_follows_the_documented_schema(take):
    stars = json.loads((FILES / "github_stargazers.made.json").read_text())
    assert [form.name for form in GITHUB_FORMATS if form.evidence is not None and form.evidence(stars)] == [
        "github_stargazers"
    ]
    taken = take(GITHUB_STARGAZERS, stars)
    assert taken["account_id"] == [9100001, 9100002, 9100003]
    assert taken["followed_at"] == sorted(taken["followed_at"])
    assert taken["is_declared_bot"] == [False, False, True]
    assert {key for star in stars for key in star["user"]} <= GITHUB_STARGAZERS.accounts.known_keys


KEYS = "login id databaseId node_id user node edges nodes data repository stargazers followers following totalCount pageInfo hasNextPage starred_at starredAt suspended_at type bio blog websiteUrl public_repos nameWithOwner site_admin"
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["Bot", "U_x", "7", "2024-01-01T00:00:00Z"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=6),
    max_leaves=20,
)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS.split()), VALUES, max_size=8), max_size=3))
def test_no_json_of_these_keys_raises(values):
    for form in GITHUB_FORMATS:
        if form.evidence is not None:
            assert form.evidence(values) >= 0
        for records_of in filter(None, (form.accounts, form.posts)):
            for value in values:
                page = records_of.unpack(value)
                records = [value] if page is None else list(page.records)
                assert page is None or len(page.reasons) in (0, len(records))
                objects = [record for record in records if isinstance(record, dict)]
                assert all(len(one.values(objects)) == len(objects) for one in records_of.fields)
