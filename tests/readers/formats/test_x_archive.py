import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.formats.x_archive import (
    X_ARCHIVE_FOLLOWER,
    X_ARCHIVE_FOLLOWING,
    X_ARCHIVE_TWEETS,
    app_of,
    config_head,
    format_of_script,
    script_head,
    without_escapes,
)

FORMATS = (X_ARCHIVE_FOLLOWER, X_ARCHIVE_FOLLOWING, X_ARCHIVE_TWEETS)
SAMPLES = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))

FOLLOWER = {
    "follower": {
        "accountId": "1200000000000000007",
        "userLink": "https://twitter.com/intent/user?user_id=1200000000000000007",
    }
}
TWEET = {
    "tweet": {
        "id": "1600000000000000001", "id_str": "1600000000000000001", "retweeted": False,
        "created_at": "Tue Dec 06 05:00:01 +0000 2022", "full_text": "Beli &lt;dua&gt; &amp; hemat", "lang": "in",
        "source": '<a href="http://app.example/" rel="nofollow">App Contoh</a>', "favorite_count": "12",
        "retweet_count": "3",
    }
}  # fmt: skip


def of(values):
    return [form.name for form in FORMATS if form.evidence(values)]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"window.YTD.follower.part0 = [", ("follower", 0, 27)),
        (b"window.YTD.follower.part0=[", ("follower", 0, 26)),
        (b"\xef\xbb\xbf \r\n\twindow.YTD.direct_messages.part12\n=\n[", ("direct_messages", 12, 42)),
        (b"window.YTD.follower.part0 ", None),
        (b"window.YTD.follower.part = [", None),
        (b"window.YTD.follower.part0.x = [", None),
        (b"window.YTD.follower.part1234567 = [", None),
        (b";window.YTD.follower.part0 = [", None),
        (b"/* */ window.YTD.follower.part0 = [", None),
        (b"Window.YTD.follower.part0 = [", None),
        (b"window.YTD.fol-lower.part0 = [", None),
        (b'{"window.YTD.follower.part0 = ": 1}', None),
        (b"", None),
    ],
)
def test_only_the_head_of_an_archive_script_is_one(head, expected):
    assert script_head(head) == expected
    if expected is not None:
        assert head[expected[2] - 1 : expected[2]] == b"="


def test_the_head_of_the_manifest():
    head = b'\xef\xbb\xbfwindow.__THAR_CONFIG = {"archiveInfo": {}}'
    assert json.loads(head[config_head(head) :]) == {"archiveInfo": {}}
    assert config_head(b"window.__THAR_CONFIG_2 = {}") is None
    assert config_head(b"window.YTD.follower.part0 = []") is None


def test_a_head_of_blanks_costs_no_time():
    assert script_head(b" " * 5_000_000) is None
    assert script_head(b"window.YTD." + b"a" * 5_000_000) is None


def test_an_id_comes_from_its_key_or_from_the_link(take):
    other = {"follower": {"userLink": "https://x.com/intent/user?x=1&user_id=00045"}}
    broken = {"follower": {"userLink": "https://[x/?user_id=1"}}
    taken = take(X_ARCHIVE_FOLLOWER, [FOLLOWER, other, broken, {"follower": {}}])
    assert taken["account_id"] == ["1200000000000000007", "00045", None, None]
    assert taken.reasons == [None] * 4
    assert not any(page.newest_first for page in taken.pages)


def test_what_is_no_object_stays_for_the_reader_to_reject(take):
    (page,) = take(X_ARCHIVE_FOLLOWER, [{"follower": 5}]).pages
    assert list(page.records) == [5]


def test_each_direction_is_a_format_of_its_own():
    following = {"following": FOLLOWER["follower"]}
    assert of([FOLLOWER]) == ["x_archive_follower"]
    assert of([following]) == ["x_archive_following"]
    assert of([TWEET]) == ["x_archive_tweets"]
    assert of([{"like": {"tweetId": "1"}}, {"follower": True}, {"tweet": {"x": 1}}, {}]) == []
    assert X_ARCHIVE_FOLLOWING.refusal
    assert not X_ARCHIVE_FOLLOWER.refusal
    assert X_ARCHIVE_TWEETS.accounts is None
    assert X_ARCHIVE_TWEETS.refusal


def test_a_post_gives_its_columns(take):
    taken = take(X_ARCHIVE_TWEETS, [TWEET], "posts")
    assert {name: values[0] for name, values in taken.columns.items()} == {
        "post_id": "1600000000000000001",
        "posted_at": "Tue Dec 06 05:00:01 +0000 2022",
        "text": "Beli <dua> & hemat",
        "language": "in",
        "source_app": "App Contoh",
        "likes_count": "12",
        "reposts_count": "3",
        "is_repost": False,
        "is_reply": False,
    }


def test_reposts_and_replies(take):
    posts = [
        {"full_text": "RT @contoh: halo"},
        {"full_text": "@contoh halo", "in_reply_to_status_id_str": "5"},
        {"full_text": "tentang RT @contoh"},
        {},
    ]
    taken = take(X_ARCHIVE_TWEETS, [{"tweet": post} for post in posts], "posts")
    assert taken["is_repost"] == [True, False, False, None]
    assert taken["is_reply"] == [False, True, False, None]


def test_old_archives_wrap_nothing(take):
    bare = {**TWEET["tweet"]}
    assert of([bare]) == ["x_archive_tweets"]
    assert take(X_ARCHIVE_TWEETS, [bare], "posts")["post_id"] == ["1600000000000000001"]
    assert of([{**bare, "user": {"screen_name": "contoh"}}]) == []
    assert of([{**bare, "favorite_count": 12}]) == []


@pytest.mark.parametrize(
    ("form", "kind", "name", "is_member"),
    [
        (X_ARCHIVE_FOLLOWER, "accounts", "data/follower.js", True),
        (X_ARCHIVE_FOLLOWER, "accounts", "twitter-2023/data/follower-part2.js", True),
        (X_ARCHIVE_FOLLOWER, "accounts", "follower.js", True),
        (X_ARCHIVE_FOLLOWER, "accounts", "data/not-follower.js", False),
        (X_ARCHIVE_FOLLOWER, "accounts", "data/follower.json", False),
        (X_ARCHIVE_FOLLOWER, "accounts", "data/following.js", False),
        (X_ARCHIVE_FOLLOWING, "accounts", "data/following.js", True),
        (X_ARCHIVE_TWEETS, "posts", "data/tweets-part1.js", True),
        (X_ARCHIVE_TWEETS, "posts", "data/tweet.js", True),
        (X_ARCHIVE_TWEETS, "posts", "data/deleted-tweets.js", False),
        (X_ARCHIVE_TWEETS, "posts", "data/tweet-headers.js", False),
    ],
)
def test_members_of_an_archive(form, kind, name, is_member):
    assert bool(re.search(form.members[kind], name)) is is_member


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("data/follower.js", 0), ("data/follower-part1.js", 1), ("data/tweets-part12.js", 12), ("follower.part0", 0),
        ("old/part3/follower-part2.js", 2), ("x_follower_part1.made.js", 1), ("anything.js", None),
        ("data/department9.js", None),
    ],
)  # fmt: skip
def test_parts_are_numbered_from_0(name, number):
    assert X_ARCHIVE_FOLLOWER.number_of_part(name, []) == number
    assert X_ARCHIVE_FOLLOWER.first_part == 0


def about(name, value):
    return [say(value) for pattern, say in X_ARCHIVE_TWEETS.about if re.search(pattern, name)]


def test_the_archive_names_its_owner_and_its_date():
    account = {"account": {"email": "a@b.example", "accountId": "77", "username": "contoh"}}
    (owner,) = about("data/account.js", account)
    assert (owner.subject, owner.observed_at) == ("77", None)
    manifest = {"userInfo": {"accountId": "77"}, "archiveInfo": {"generationDate": "2023-08-05T10:00:00.000Z"}}
    (whole,) = about("data/manifest.js", manifest)
    assert (whole.subject, whole.observed_at) == ("77", "2023-08-05T10:00:00.000Z")
    assert about("data/account-suspension.js", account) == []
    (nothing,) = about("data/manifest.js", {"archiveInfo": [], "userInfo": {"accountId": True}})
    assert (nothing.subject, nothing.observed_at) == (None, None)


def test_scripts_are_known_by_the_name_inside():
    names = {name: format_of_script(name) for name in ("follower", "following", "tweet", "tweets", "like")}
    assert [form and form.name for form in names.values()] == [
        "x_archive_follower", "x_archive_following", "x_archive_tweets", "x_archive_tweets", None,
    ]  # fmt: skip


def test_texts_lose_their_wrapping():
    assert app_of('<a href="x">A</a>') == "A"
    assert [app_of(value) for value in (7, "", "<", "Web")] == [7, "", "", "Web"]
    assert without_escapes("&amp;lt; &copy;") == "&lt; &copy;"


WORDS = (
    "follower following tweet accountId userLink id id_str full_text created_at favorite_count retweet_count source"
    " in_reply_to_status_id account archiveInfo generationDate userInfo"
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
    | st.sampled_from(["RT @a", "<a", "https://[x?user_id=1", "x?user_id=1"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            WORDS.split()
        ),
        inner,
        max_size=5,
    ),
    max_leaves=15,
)  # fmt: skip


@given(st.lists(json_values.filter(lambda value: isinstance(value, dict)), max_size=4))
def test_no_json_is_too_odd(values):
    for form in FORMATS:
        assert form.evidence(values) >= 0
        for _, say in form.about:
            for value in values:
                say(value)
        records_of = form.accounts or form.posts
        for value in values:
            page = records_of.unpack(value)
            records = [value] if page is None else [record for record in page.records if isinstance(record, dict)]
            assert all(len(one.values(records)) == len(records) for one in records_of.fields)


def sample(name):
    data = (SAMPLES / name).read_bytes()
    return script_head(data), json.loads(data[script_head(data)[2] :])


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the folder of sample exports is not there")
def test_the_samples(take):
    head, values = sample("x_archive_follower.js")
    assert (head[:2], of(values)) == (("follower", 0), ["x_archive_follower"])
    assert take(X_ARCHIVE_FOLLOWER, values)["account_id"] == ["1111111111111111111"]
    head, values = sample("x_archive_follower_part1.made.js")
    assert (head[:2], of(values)) == (("follower", 1), ["x_archive_follower"])
    assert take(X_ARCHIVE_FOLLOWER, values)["account_id"] == ["509316353", "1135441326322264531"]
    head, values = sample("x_archive_tweets.made.js")
    assert (head[:2], of(values)) == (("tweets", 0), ["x_archive_tweets"])
    taken = take(X_ARCHIVE_TWEETS, values, "posts")
    assert taken["source_app"] == ["Twitter for Android"]
    assert (taken["likes_count"], taken["reposts_count"]) == (["12"], ["3"])
