import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.formats.mastodon import (
    MASTODON,
    MASTODON_FOLLOWERS,
    MASTODON_FOLLOWING,
    MASTODON_FORMATS,
    MASTODON_STATUSES,
    is_own_picture,
    text_of_html,
)

SAMPLES = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
ACCOUNT = {
    "id": "110000000000000001", "username": "lila", "acct": "lila", "display_name": "Lila", "locked": True,
    "bot": False, "created_at": "2021-03-04T05:06:07.890Z", "note": "<p>Kopi &amp; kucing</p>",
    "url": "https://Kota.example/@lila", "avatar": "https://kota.example/a.png", "fields": [],
    "followers_count": 5, "following_count": 6, "statuses_count": 7, "last_status_at": "2024-02-03",
}  # fmt: skip
STATUS = {
    "id": "9", "account": {"id": "1", "acct": "lila", "statuses_count": 7}, "created_at": "2024-02-03T01:02:03Z",
    "content": "<p>halo<br>dunia</p>", "language": "id", "application": {"name": "Web"}, "favourites_count": 3,
    "reblogs_count": 2, "replies_count": 1, "reblog": None, "in_reply_to_id": "8",
}  # fmt: skip


def link(address, text="x", kind="nofollow"):
    return f'<a href="{address}" rel="{kind}"><span class="invisible">https://</span>{text}</a>'


def test_an_account_gives_its_columns(take):
    taken = take(MASTODON, [ACCOUNT])
    row = {column: values[0] for column, values in taken.columns.items()}
    assert row == {
        "account_id": "110000000000000001", "handle": "lila@kota.example", "display_name": "Lila",
        "bio": "Kopi & kucing", "website": "", "created_at": "2021-03-04T05:06:07.890Z", "created_at_precision": None,
        "last_post_at": "2024-02-03", "followers_count": 5, "following_count": 6, "posts_count": 7, "is_private": True,
        "is_declared_bot": False, "has_avatar": True,
    }  # fmt: skip
    assert "is_verified" not in taken.columns


@pytest.mark.parametrize(
    ("acct", "url", "handle"),
    [
        ("lila@desa.example", "https://kota.example/@lila", "lila@desa.example"),
        ("lila", "https://kota.example:3000/@lila?x", "lila@kota.example:3000"),
        ("lila", "javascript:alert(1)", "lila"),
        ("lila", "https://a@b.example/@lila", "lila"),
        ("lila", None, "lila"),
        (None, "https://kota.example/@lila", "lila@kota.example"),
        (7, "https://kota.example", 7),
    ],
)
def test_a_local_handle_is_completed_with_the_server(take, acct, url, handle):
    assert take(MASTODON, [{**ACCOUNT, "acct": acct, "url": url}])["handle"] == [handle]


def test_all_framings_give_the_same_accounts(take):
    bare = take(MASTODON, [ACCOUNT, ACCOUNT]).columns
    assert take(MASTODON, [{"accounts": [ACCOUNT, ACCOUNT]}]).columns == bare


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("<p></p>", ""),
        ("satu<br>dua<br />tiga", "satu\ndua\ntiga"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("I <3 U & V", "I <3 U & V"),
        ("&lt;b&gt;", "<b>"),
        (link("https://a.example/b", "a.example/b"), "https://a.example/b"),
        ("<p>cut <a href='x", "cut <a href='x"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("&#" + "9" * 5000 + ";", "&#" + "9" * 5000 + ";"),
        (None, None),
        (7, None),
    ],
)
def test_notes_become_plain_text(markup, text):
    assert text_of_html(markup) == text


@pytest.mark.parametrize(
    "piece", ["<", "<a", "< ", "<!--", "</", "&", "&lt", "<p>", "<br", '<a href="', "\n", "<a class="]
)
def test_hostile_html_takes_time_in_proportion_to_its_length(take, piece):
    took = []
    for size in (40_000, 400_000):
        text = piece * (size // len(piece))
        start = time.perf_counter()
        take(MASTODON, [{**ACCOUNT, "note": text, "fields": [{"value": text}, {"value": text + ">"}]}])
        took.append(time.perf_counter() - start)
    assert took[1] < 40 * took[0] + 0.2


def test_the_verified_link_goes_before_the_first(take):
    fields = [
        {"name": "Kota", "value": "Antah", "verified_at": None},
        {"name": "Alt", "value": '<a href="https://lain.example/@lila" class="u-url mention">@lila</a>'},
        {"name": "Blog", "value": link("https://blog.example/?a=1&amp;b=2"), "verified_at": None},
        {"name": "Toko", "value": link("https://toko.example"), "verified_at": "2024-01-01T00:00:00Z"},
    ]
    accounts = [
        {**ACCOUNT, "fields": fields},
        {**ACCOUNT, "fields": fields[:3]},
        {**ACCOUNT, "fields": fields[:2]},
        {**ACCOUNT, "fields": [{"value": "https://polos.example"}, {"value": "javascript:x"}, 5]},
        {**ACCOUNT, "fields": None},
    ]
    assert take(MASTODON, accounts)["website"] == [
        "https://toko.example", "https://blog.example/?a=1&b=2", "", "https://polos.example", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("created_at", "precision"),
    [
        ("2022-11-06T00:00:00.000Z", "day"),
        ("2022-11-06 00:00:00+00:00", "day"),
        ("2022-11-06T00:00:00.001Z", None),
        ("2022-11-06T10:00:00.000Z", None),
        ("2022-11-06", None),
        (5, None),
        (None, None),
    ],
)
def test_midnight_is_a_day(take, created_at, precision):
    assert take(MASTODON, [{**ACCOUNT, "created_at": created_at}])["created_at_precision"] == [precision]


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("https://kota.example/avatars/original/missing.png", False),
        ("https://kota.example/images/avi.png?x", False),
        ("https://kota.example/missing.png/a.png", True),
        ("", None),
        (5, None),
    ],
)
def test_default_pictures_are_known_by_their_address(address, own):
    assert is_own_picture(address) is own


@pytest.mark.parametrize("wrap", [lambda one: [one], lambda one: [{"accounts": [one]}]])
def test_suspended_accounts_are_rejected_and_moved_ones_counted(take, wrap):
    assert take(MASTODON, wrap({**ACCOUNT, "suspended": True})).reasons == ["suspended"]
    assert take(MASTODON, wrap({**ACCOUNT, "suspended": False})).reasons == [None]
    moved = take(MASTODON, wrap({**ACCOUNT, "moved": ACCOUNT}))
    assert (moved.reasons, moved.pages[0].counts) == ([None], {"accounts_moved": 1})


def test_the_two_csv_exports_are_told_apart(table):
    followers, _ = table("Account address\n")
    following, _ = table("Account address,Show boosts,Notify on new posts,Languages\n")
    assert (MASTODON_FOLLOWERS.header_evidence(followers), MASTODON_FOLLOWING.header_evidence(followers)) == (1, 0)
    assert (MASTODON_FOLLOWERS.header_evidence(following), MASTODON_FOLLOWING.header_evidence(following)) == (0, 4)
    assert MASTODON_FOLLOWING.header_evidence(["languages"]) == 0
    assert "not followers" in MASTODON_FOLLOWING.refusal


def test_posts_give_their_columns(take):
    boost = {**STATUS, "content": "", "in_reply_to_id": None, "reblog": {"content": "<p>asli</p>"}}
    taken = take(
        MASTODON_STATUSES, [{"statuses": [STATUS]}, boost, {"id": "1", "account": {}, "content": "x"}], "posts"
    )
    assert taken["text"] == ["halo\ndunia", "asli", "x"]
    assert taken["is_repost"] == [False, True, None]
    assert taken["is_reply"] == [True, False, None]
    counts = ("likes_count", "comments_count", "reposts_count", "source_app", "account_id", "post_id")
    assert [taken[name][0] for name in counts] == [3, 1, 2, "Web", "1", "9"]
    assert MASTODON_STATUSES.accounts is None


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (ACCOUNT, "mastodon"),
        ({"accounts": [ACCOUNT]}, "mastodon"),
        (STATUS, "mastodon_statuses"),
        ({"screen_name": "a", "statuses_count": 5}, None),
        ({"acct": "a"}, None),
        ({"account": {"acct": "a"}, "content": "x"}, None),
    ],
)
def test_each_kind_is_claimed_once(value, name):
    claims = [form.name for form in MASTODON_FORMATS if form.evidence is not None and form.evidence([value])]
    assert claims == ([] if name is None else [name])


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not there")
def test_the_samples_read_as_stated(take, table):
    account = json.loads((SAMPLES / "mastodon_account.json").read_text())
    taken = take(MASTODON, [account])
    assert (taken["handle"], taken["website"]) == (["sutra@awan.example"], ["http://hiu.example"])
    assert "#awan.example #admin ~ #hujan" in taken["bio"][0]
    assert "<" not in taken["bio"][0]
    page = json.loads((SAMPLES / "mastodon_followers_page.made.json").read_text())
    assert MASTODON.evidence(page) > 0
    taken = take(MASTODON, page)
    assert taken.reasons == [None, None, "suspended"]
    assert taken["handle"][0] == "rini@awan.example"
    assert taken["is_declared_bot"] == [False, True, False]
    assert taken["created_at_precision"] == ["day"] * 3
    assert taken["has_avatar"] == [False, True, False]
    for name, form in (
        ("mastodon_following_accounts", MASTODON_FOLLOWING),
        ("mastodon_followers.made", MASTODON_FOLLOWERS),
    ):
        words, _ = table((SAMPLES / f"{name}.csv").read_text().partition("\n")[0])
        claims = [one for one in MASTODON_FORMATS if one.header_evidence is not None and one.header_evidence(words)]
        assert claims == [form]


KEYS = "acct username statuses_count url uri note fields value verified_at created_at avatar suspended moved accounts followers account content reblog favourites_count reblogs_count statuses id in_reply_to_id"
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["https://a.example/@b", '<a href="https://x.example">', "2022-11-06T00:00:00Z", "true", "https://["]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=6),
    max_leaves=20,
)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS.split()), VALUES, max_size=8), max_size=3))
def test_no_json_of_these_keys_raises(values):
    for form in MASTODON_FORMATS:
        if form.evidence is not None:
            assert form.evidence(values) >= 0
        for records_of in filter(None, (form.accounts, form.posts)):
            for value in values:
                page = records_of.unpack(value)
                records = [value] if page is None else list(page.records)
                assert page is None or len(page.reasons) in (0, len(records))
                objects = [record for record in records if isinstance(record, dict)]
                assert all(len(one.values(objects)) == len(objects) for one in records_of.fields)
