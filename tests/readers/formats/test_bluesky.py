import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.formats.bluesky import (
    BLUESKY_FEED,
    BLUESKY_FOLLOWERS,
    BLUESKY_FOLLOWS,
    BLUESKY_FORMATS,
    BLUESKY_PROFILES,
)

SAMPLES = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
PROFILE = {
    "did": "did:plc:lila", "handle": "lila.example", "displayName": "Lila", "description": "kopi",
    "avatar": "https://cdn.example/a", "indexedAt": "2024-03-01T00:00:00.000Z", "createdAt": "2023-07-01T10:11:12.123Z",
    "labels": [], "verification": {"verifications": [], "verifiedStatus": "none", "trustedVerifierStatus": "none"},
}  # fmt: skip
DETAILED = {**PROFILE, "followersCount": 5, "followsCount": 6, "postsCount": 7, "website": "https://lila.example"}
SUBJECT = {"did": "did:plc:radio", "handle": "radio.example"}
PAGE = {"subject": SUBJECT, "cursor": "x", "followers": [PROFILE]}
POST = {
    "uri": "at://did:plc:lila/app.bsky.feed.post/3k", "cid": "b", "author": SUBJECT,
    "record": {"text": "halo", "createdAt": "2024-03-02T00:00:00Z", "langs": ["id", "en"], "reply": {}},
    "likeCount": 3, "repostCount": 2, "replyCount": 1, "indexedAt": "2024-03-02T00:00:01Z",
}  # fmt: skip
REASON = {"$type": "app.bsky.feed.defs#reasonRepost", "by": PROFILE, "indexedAt": "2024-03-05T00:00:00Z"}


def without(profile, *keys):
    return {key: value for key, value in profile.items() if key not in keys}


def label(value, source="did:plc:moderator", **more):
    return {"src": source, "uri": "did:plc:lila", "val": value, **more}


def test_a_profile_gives_its_columns(take):
    row = {column: values[0] for column, values in take(BLUESKY_PROFILES, [{"profiles": [DETAILED]}]).columns.items()}
    assert row == {
        "account_id": "did:plc:lila", "handle": "lila.example", "display_name": "Lila", "bio": "kopi",
        "website": "https://lila.example", "created_at": "2023-07-01T10:11:12.123Z", "created_at_precision": "second",
        "followers_count": 5, "following_count": 6, "posts_count": 7, "is_verified": False, "is_declared_bot": None,
        "has_avatar": True,
    }  # fmt: skip
    assert BLUESKY_PROFILES.is_lookup


def test_a_page_tells_whose_followers_and_whether_more_follow(take):
    (page,) = take(BLUESKY_FOLLOWERS, [PAGE]).pages
    assert (page.subject, page.complete, page.newest_first) == ("did:plc:radio", False, True)
    assert BLUESKY_FOLLOWERS.accounts.unpack(without(PAGE, "cursor")).complete is True
    piece = BLUESKY_FOLLOWERS.accounts.unpack({"followers": [PROFILE]})
    assert (piece.complete, piece.subject) == (None, None)


def test_what_is_absent_from_a_whole_view_is_empty_and_elsewhere_unknown(take):
    cut = without(PROFILE, "avatar", "description")
    bare = {"did": "did:plc:x", "handle": "x.example"}
    taken = take(BLUESKY_PROFILES, [PROFILE, cut, bare, {**bare, "followersCount": 1, "avatar": None}])
    assert taken["has_avatar"] == [True, False, None, False]
    assert taken["bio"] == ["kopi", "", None, ""]
    assert taken["followers_count"] == [None, None, None, 1]


def test_a_broken_handle_is_none(take):
    assert take(BLUESKY_PROFILES, [{**PROFILE, "handle": "handle.invalid"}])["handle"] == [None]


@pytest.mark.parametrize(
    ("created", "indexed", "expected"),
    [
        ("2023-07-01T10:11:12.123Z", "2024-03-01T00:00:00Z", ("2023-07-01T10:11:12.123Z", "second")),
        ("2023-07-01T10:11:12.1234567Z", None, ("2023-07-01T10:11:12.1234567Z", "second")),
        ("2024-03-01T23:00:00Z", "2024-03-01T00:00:00Z", ("2024-03-01T23:00:00Z", "second")),
        ("2024-03-02T00:00:01Z", "2024-03-01T00:00:00Z", ("2024-03-02T00:00:01Z", "unknown")),
        ("2021-12-31T23:59:59Z", "2024-03-01T00:00:00Z", ("2021-12-31T23:59:59Z", "unknown")),
        ("1970-01-01T00:00:00.000Z", "2024-03-01T00:00:00Z", (None, "unknown")),
        (None, "2024-03-01T00:00:00Z", (None, None)),
        ("kapan", "2024-03-01T00:00:00Z", ("kapan", None)),
        (5, 5, (5, None)),
    ],
)
def test_dates_that_clients_set_wrong_are_doubted(take, created, indexed, expected):
    taken = take(BLUESKY_PROFILES, [{**PROFILE, "createdAt": created, "indexedAt": indexed}])
    assert (taken["created_at"][0], taken["created_at_precision"][0]) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"verifiedStatus": "valid", "trustedVerifierStatus": "none"}, True),
        ({"verifiedStatus": "none", "trustedVerifierStatus": "valid"}, True),
        ({"verifiedStatus": "invalid"}, False),
        ({}, None),
        (None, None),
    ],
)
def test_a_check_by_a_verifier(take, state, expected):
    assert take(BLUESKY_PROFILES, [{**PROFILE, "verification": state}])["is_verified"] == [expected]


def test_labels_of_others_are_counted_and_never_become_a_column(take):
    spam = {**PROFILE, "labels": [label("spam"), label("rude")]}
    withdrawn = {**PROFILE, "labels": [label("spam", neg=True)]}
    own = {**PROFILE, "labels": [label("bot", "did:plc:lila")]}
    others = {**PROFILE, "labels": [label("bot")]}
    taken = take(BLUESKY_FOLLOWERS, [{**PAGE, "followers": [spam, withdrawn, own, others]}])
    assert taken.pages[0].counts == {"moderation_labels": 2}
    assert taken["is_declared_bot"] == [None, None, True, None]
    assert not any("spam" in values for values in taken.columns.values())
    assert take(BLUESKY_PROFILES, [spam, PROFILE]).pages[0].counts == {"moderation_labels": 1}


def test_a_list_of_followed_accounts_is_refused(take):
    page = {"subject": SUBJECT, "follows": [PROFILE]}
    assert [form.name for form in BLUESKY_FORMATS if form.evidence([page])] == ["bluesky_follows"]
    assert "not followers" in BLUESKY_FOLLOWS.refusal
    assert take(BLUESKY_FOLLOWS, [page])["handle"] == ["lila.example"]


def test_posts_and_reposts(take):
    feed = {"feed": [{"post": POST}, {"post": POST, "reason": REASON}, {"post": POST, "reason": {"$type": "pin"}}]}
    taken = take(BLUESKY_FEED, [feed, {**POST, "record": {"text": "dua"}}], "posts")
    assert taken["account_id"] == ["did:plc:radio", "did:plc:lila", "did:plc:radio", "did:plc:radio"]
    assert taken["posted_at"] == [
        "2024-03-02T00:00:00Z", "2024-03-05T00:00:00Z", "2024-03-02T00:00:00Z", "2024-03-02T00:00:01Z",
    ]  # fmt: skip
    assert taken["is_repost"] == [False, True, False, False]
    assert taken["is_reply"] == [True, True, True, False]
    assert taken["text"] == ["halo", "halo", "halo", "dua"]
    counts = ("likes_count", "reposts_count", "comments_count", "language")
    assert [taken[name][0] for name in counts] == [3, 2, 1, "id"]
    assert (taken.pages[0].complete, BLUESKY_FEED.accounts) == (True, None)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (PAGE, "bluesky_followers"),
        ({"subject": SUBJECT, "followers": []}, "bluesky_followers"),
        ({"profiles": [DETAILED]}, "bluesky_profiles"),
        (PROFILE, "bluesky_profiles"),
        ({"feed": [{"post": POST}]}, "bluesky_feed"),
        (POST, "bluesky_feed"),
        ({"followers": [{"unique_id": "a"}]}, None),
        ({"did": 5, "handle": "a"}, None),
        ({"profiles": []}, None),
    ],
)
def test_each_kind_is_claimed_once(value, name):
    assert [form.name for form in BLUESKY_FORMATS if form.evidence([value])] == ([] if name is None else [name])


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not there")
def test_the_samples_read_as_stated(take):
    page = json.loads((SAMPLES / "bluesky_getfollowers.made.json").read_text())
    assert [form.name for form in BLUESKY_FORMATS if form.evidence([page])] == ["bluesky_followers"]
    taken = take(BLUESKY_FOLLOWERS, [page])
    assert (taken["handle"], taken["has_avatar"]) == (["budi.example", None], [True, False])
    assert taken["created_at"] == ["2023-12-01T00:00:00.000Z", None]
    assert taken.pages[0].counts == {"moderation_labels": 1}
    page = json.loads((SAMPLES / "bluesky_getprofiles.made.json").read_text())
    assert [form.name for form in BLUESKY_FORMATS if form.evidence([page])] == ["bluesky_profiles"]
    assert take(BLUESKY_PROFILES, [page])["followers_count"] == [210, None]


KEYS = "did handle followers follows profiles subject cursor labels src val neg createdAt indexedAt avatar description verification verifiedStatus feed post posts author record reason by langs text uri followersCount"
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["did:plc:x", "1970-01-01T00:00:00Z", "2024-03-01T00:00:00Z", "valid", "bot"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=6),
    max_leaves=20,
)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS.split()), VALUES, max_size=8), max_size=3))
def test_no_json_of_these_keys_raises(values):
    for form in BLUESKY_FORMATS:
        if form.evidence is not None:
            assert form.evidence(values) >= 0
        for records_of in filter(None, (form.accounts, form.posts)):
            for value in values:
                page = records_of.unpack(value)
                records = [value] if page is None else list(page.records)
                assert page is None or len(page.reasons) in (0, len(records))
                objects = [record for record in records if isinstance(record, dict)]
                assert all(len(one.values(objects)) == len(objects) for one in records_of.fields)
