import json
import os
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.errors import FormatError
from botscan.readers import read_accounts
from botscan.readers.formats.instagram_export import (
    INSTAGRAM_EXPORT,
    INSTAGRAM_FOLLOWING,
    INSTAGRAM_OTHER_LIST,
    INSTAGRAM_POSTS,
    months_asked_for,
    number_of_part,
    undo_mojibake,
)

FORMATS = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
ALL = (INSTAGRAM_EXPORT, INSTAGRAM_FOLLOWING, INSTAGRAM_OTHER_LIST, INSTAGRAM_POSTS)
DAY = 86_400


def entry(handle="made_one", timestamp=1_714_554_061, title="", **first):
    first = first or {"href": f"https://www.instagram.com/{handle}", "value": handle, "timestamp": timestamp}
    return {"title": title, "media_list_data": [], "string_list_data": [first]}


def new_entry(title, link, timestamp=1_760_000_000):
    return {"title": title, "string_list_data": [{"href": link, "timestamp": timestamp}]}


def claims(values):
    return {one.name for one in ALL if one.evidence(values)}


def test_a_bare_list_and_its_wrappers_are_the_same_followers(take):
    entries = [entry("made_one", 5), entry("made_two", 0), entry("null", "1609459200")]
    bare = take(INSTAGRAM_EXPORT, entries)
    assert bare["handle"] == ["made_one", "made_two", "null"]
    assert bare["followed_at"] == [5, None, "1609459200"]
    assert bare["display_name"] == [None, None, None]
    for key in ("relationships_followers", "some_followers"):
        wrapped = take(INSTAGRAM_EXPORT, [{key: entries}])
        assert wrapped.columns == bare.columns
        assert claims([{key: entries}]) == {"instagram_export"}
    assert claims(entries) == {"instagram_export"}


@pytest.mark.parametrize(
    ("record", "handle", "name"),
    [
        (new_entry("made_one", "https://www.instagram.com/_u/made_one"), "made_one", None),
        (new_entry("Made One", "https://www.instagram.com/_u/made_one/"), "made_one", "Made One"),
        (new_entry("", "https://instagram.com/_u/made.one?x=1"), "made.one", None),
        (new_entry("made_one", None), "made_one", None),
        (new_entry("made_one", "https://www.instagram.com/p/Cabc/"), "made_one", None),
        (new_entry("Made", "https://www.instagram.com/_u/made_77"), "made_77", "Made"),
        (entry("made_one", title="Warung Made"), "made_one", "Warung Made"),
        (entry("Made_One", title="made_one"), "Made_One", None),
        (entry(value=7007, href="x", timestamp=3), 7007, None),
        ({"title": "made_one"}, "made_one", None),
    ],
)
def test_the_handle_is_the_value_or_the_title_or_the_end_of_the_link(take, record, handle, name):
    taken = take(INSTAGRAM_EXPORT, [{"relationships_followers": [record]}])
    assert (taken["handle"], taken["display_name"], taken.reasons) == ([handle], [name], [None])


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"title": "", "string_list_data": []}, "deleted"),
        ({"title": "made_one", "string_list_data": []}, "deleted"),
        ({"title": "", "string_list_data": [{}]}, "no_identity"),
        ({"title": "Two Words", "string_list_data": [{"href": "https://www.instagram.com/p/abc"}]}, "no_identity"),
        ({"title": "", "string_list_data": None}, "no_identity"),
        ({}, "no_identity"),
        ("text", None),
    ],
)
def test_entries_that_name_nobody_are_rejected(take, record, reason):
    taken = take(INSTAGRAM_EXPORT, [{"relationships_followers": [record, entry()]}])
    assert taken.reasons == [reason, None]


@pytest.mark.parametrize("timestamp", [0, "0", False, True, None])
def test_a_time_that_is_none_is_not_known(take, timestamp):
    assert take(INSTAGRAM_EXPORT, [entry(timestamp=timestamp)])["followed_at"] == [None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kopi \u00e2\u0098\u0095 Senja", "Kopi ☕ Senja"),
        ("\u00f0\u009f\u008c\u00b8", "🌸"),
        ("Caf\u00e9", "Caf\u00e9"),
        ("\u00c3\u00a9 ☕", "\u00c3\u00a9 ☕"),
        ("plain", "plain"),
        ("", ""),
        ("\ud83d", "\ud83d"),
    ],
)
def test_mojibake_is_undone_only_where_it_is_some(text, expected):
    assert undo_mojibake(text) == expected


@given(st.text())
def test_undoing_gives_back_what_was_written_as_bytes(text):
    try:
        written = text.encode("utf-8").decode("latin-1")
    except UnicodeEncodeError:
        return
    assert undo_mojibake(written) == text


def test_repaired_records_are_counted(take):
    records = [entry("a", title="Caf\u00c3\u00a9"), entry("b", title="Caf\u00e9"), entry("c")]
    taken = take(INSTAGRAM_EXPORT, [{"relationships_followers": records}])
    assert taken["display_name"] == ["Café", "Café", None]
    assert taken.pages[0].counts == {"mojibake_undone": 1}
    assert take(INSTAGRAM_EXPORT, [records[2]]).pages[0].counts == {}


def test_other_lists_of_the_download_are_refused_by_name(take):
    following = {"relationships_following": [new_entry("made_one", "https://www.instagram.com/_u/made_one")]}
    assert claims([following]) == {"instagram_following"}
    assert "follows" in INSTAGRAM_FOLLOWING.refusal
    assert take(INSTAGRAM_FOLLOWING, [following])["handle"] == ["made_one"]
    assert take(INSTAGRAM_FOLLOWING, [following]).reasons == [None]
    others = [
        {"relationships_close_friends": [entry()]},
        {"relationships_blocked_users": []},
        {"relationships_follow_requests_sent": [entry()]},
        {"likes_media_likes": [{**entry(), "title": "made_one"}]},
        {"story_activities_polls": [{"title": "made_one", "string_list_data": [{"value": "yes", "timestamp": 4}]}]},
        {"liked": [entry(href="https://www.instagram.com/p/Cabc/", value="👍", timestamp=4)]},
        entry(href="https://www.instagram.com/reel/Cabc/", value="👍", timestamp=4),
    ]
    for other in others:
        assert claims([other]) == {"instagram_other_list"}, other
    assert INSTAGRAM_OTHER_LIST.refusal


def test_a_following_list_beside_the_followers_adds_no_followers(take):
    both = {"relationships_followers": [entry("made_one")], "relationships_following": [entry("made_two")]}
    taken = take(INSTAGRAM_EXPORT, [both])
    assert claims([both]) == {"instagram_export"}
    assert taken.reasons == [None, "not_in_list"]


def labelled(handle="made_one", name="", timestamp=1_760_000_000, link=None, labels=("URL", "Name", "Username")):
    """Return an entry of the newer shape: what is known of the account, each with a label."""
    link = f"https://www.instagram.com/_u/{handle}" if link is None else link
    values = [{"label": labels[0], "value": link, "href": link}, {"label": labels[1], "value": name}]
    if len(labels) > 2:
        values.append({"label": labels[2], "value": handle})
    return {"timestamp": timestamp, "media": [], "label_values": values, "fbid": "1789"}


def test_labels_and_values_under_the_name_of_the_list_are_followers(take):
    entries = [
        labelled("made_one", "Caf\u00c3\u00a9"),
        labelled("made.two", "made.two", 0),
        labelled("made_three", "Made", labels=("URL", "Nama", "Nama pengguna")),
        labelled(
            "made_four",
            "Made",
            labels=("URL", "T\u00c3\u00aan", "T\u00c3\u00aan ng\u00c6\u00b0\u00e1\u00bb\u009di d\u00c3\u00b9ng"),
        ),
        labelled("made_five", "budi", labels=("URL", "Name")),
        labelled("", "budi", link="https://www.instagram.com/p/Cabc/", labels=("URL", "Name")),
        {"timestamp": 5, "label_values": [{"title": "Owner", "dict": []}, {"label": "Username", "value": "made_six"}]},
        {"timestamp": 5, "label_values": [{"label": "Username", "value": ""}]},
    ]
    value = {"relationships_followers": entries}
    assert claims([value]) == {"instagram_export"}
    taken = take(INSTAGRAM_EXPORT, [value])
    assert taken["handle"] == [
        "made_one", "made.two", "made_three", "made_four", "made_five", None, "made_six", None,
    ]  # fmt: skip
    assert taken["display_name"] == ["Café", None, "Made", None, "budi", "budi", None, None]
    assert taken["followed_at"] == [1_760_000_000, None, *[1_760_000_000] * 4, 5, 5]
    assert taken.reasons == [None] * 5 + ["no_identity", None, "no_identity"]
    assert taken.pages[0].counts == {"mojibake_undone": 1}
    assert not any(set(entry) - INSTAGRAM_EXPORT.accounts.known_keys for entry in entries)
    assert claims([{"relationships_following": entries}]) == {"instagram_following"}


@pytest.mark.parametrize("wrap", [lambda entries: entries, lambda entries: [{"ig_list": entries}]], ids=["bare", "key"])
def test_labels_and_values_without_the_name_of_the_list_are_read_where_the_format_is_named(tmp_path, wrap):
    path = tmp_path / "followers_1.json"
    values = wrap([labelled("made_one", "Made"), labelled("made_two")])
    path.write_text(json.dumps(values if len(values) > 1 else values[0]))
    with pytest.raises(FormatError, match="name the format instagram_export"):
        read_accounts(path)
    accounts = read_accounts(path, format="instagram_export")
    assert accounts.table["handle"].to_pylist() == ["made_one", "made_two"]
    assert accounts.table["followed_at"].null_count == 0
    assert accounts.report.ignored_columns == ()
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        archive.write(path, "connections/followers_and_following/followers_1.json")
        archive.writestr(
            "connections/followers_and_following/pending_follow_requests.json", json.dumps([labelled("no")])
        )
    assert read_accounts(tmp_path / "download.zip", format="instagram_export").table.equals(accounts.table)


def test_labels_and_values_about_something_else_are_no_accounts():
    saved = labelled("made_one", link="https://www.instagram.com/reel/Cabc/")
    assert claims([saved]) == {"instagram_other_list"}
    assert claims([{"saved_saved_media": [labelled()]}]) == {"instagram_other_list"}
    others = [
        {"media": [], "label_values": [{"label": "Comments", "value": "True"}]},
        {"timestamp": 7, "label_values": [{"label": "URL", "href": "https://www.facebook.com/made"}], "fbid": "1"},
        {"label_values": ["a", {"label": 5}, {"title": "x"}]},
        {"label_values": {"label": "Username"}},
        {"metrics": [{"label_values": ["list", "get"]}]},
    ]
    for other in others:
        assert claims([other]) == set(), other


def test_an_empty_list_is_recognised(take):
    assert claims([{"relationships_followers": []}]) == {"instagram_export"}
    assert take(INSTAGRAM_EXPORT, [{"relationships_followers": []}])["handle"] == []


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("followers_1.json", 1),
        ("x/connections/followers_and_following/followers_12.json", 12),
        ("content/posts_2.json.gz", 2),
        ("followers.json", None),
        ("my_followers_2024.json", None),
        ("followers_1.html", None),
    ],
)
def test_numbers_of_parts(name, number):
    assert number_of_part(name, []) == number


def test_members_of_the_download():
    accounts, posts = (
        re.compile(one.members[kind]) for one, kind in ((INSTAGRAM_EXPORT, "accounts"), (INSTAGRAM_POSTS, "posts"))
    )
    folder = "connections/followers_and_following"
    for name in ("followers_and_following/followers.json", f"{folder}/followers_1.json", f"me/{folder}/followers_22.json",
                 "followers_1.json"):  # fmt: skip
        assert accounts.search(name), name
    for name in ("following.json", "recently_unfollowed_accounts.json", "followers_1.html", "close_friends.json",
                 "recently_unfollowed_followers.json"):  # fmt: skip
        assert not accounts.search(f"{folder}/{name}"), name
    assert posts.search("your_instagram_activity/content/posts_1.json")
    assert posts.search("content/posts_1.json")
    assert not posts.search("content/stories.json")


def test_posts_of_the_owner(take):
    single = {"media": [{"uri": "media/posts/1.jpg", "creation_timestamp": 1_700_000_000, "title": "Caf\u00c3\u00a9"}]}
    several = {
        "media": [
            {"uri": "media/posts/2.jpg", "creation_timestamp": 1_700_000_001, "title": ""},
            {"uri": "media/posts/3.jpg", "creation_timestamp": 1_700_000_002, "title": "of the picture"},
        ],
        "title": "of the post",
        "creation_timestamp": 1_700_000_009,
    }
    bare = {"media": [{"uri": "media/posts/4.jpg", "creation_timestamp": 1_700_000_003}]}
    posts = [single, several, bare]
    assert claims(posts) == {"instagram_posts"}
    taken = take(INSTAGRAM_POSTS, posts, "posts")
    assert taken["posted_at"] == [1_700_000_000, 1_700_000_009, 1_700_000_003]
    assert taken["text"] == ["Café", "of the post", None]
    assert [page.counts for page in taken.pages] == [{"mojibake_undone": 1}]


@pytest.mark.parametrize(
    ("days", "n", "months"),
    [
        (30.9, 500, 1),
        (91, 500, 3),
        (365.2, 5_000, 12),
        (364.5, 5_000, 12),
        (1_095, 5_000, 36),
        (363, 5_000, None),
        (357, 200, 12),
        (350, 200, None),
        (330, 60, None),
        (500, 5_000, None),
        (2_000, 5_000, None),
        (365, 49, None),
        (0, 500, None),
        (-5, 500, None),
    ],
)
def test_a_span_just_below_a_range_that_can_be_asked_for(days, n, months):
    assert months_asked_for(1_600_000_000, 1_600_000_000 + days * DAY, n) == months


def test_lists_of_whole_lives_are_seldom_taken_for_cut_ones():
    spans = [days / 10 for days in range(100, 40_000)]  # every age from 10 days to 11 years
    taken = sum(months_asked_for(0, days * DAY, 3_000) is not None for days in spans)
    assert taken / len(spans) < 0.01


NAMES = (
    "string_list_data relationships_followers relationships_following relationships_x likes_y title value href"
    " timestamp media uri creation_timestamp other label_values label dict Username URL"
)
KEYS = st.sampled_from(NAMES.split()) | st.text(max_size=3)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["https://[/_u/", "Username", "https://www.instagram.com/made"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(KEYS, JSON, max_size=5), max_size=4))
def test_nothing_in_json_raises(values):
    for one in ALL:
        assert one.evidence(values) >= 0
        for records_of in filter(None, (one.accounts, one.posts)):
            for value in values:
                page = records_of.unpack(value)
                records = [value] if page is None else page.records
                assert page is None or len(page.reasons) in (0, len(page.records))
                objects = [record for record in records if isinstance(record, dict)]
                for field in records_of.fields:
                    assert len(field.values(objects)) == len(objects)
    # A list of labels and values goes to the format that refuses it, and to the followers where they are named.
    evidence = {one.name: one.evidence(values) for one in ALL if one.evidence(values) and one is not INSTAGRAM_POSTS}
    assert sum(n == max(evidence.values()) for n in evidence.values()) <= 1


SAMPLES = [
    ("instagram_followers_1.json", "instagram_export", 1, 0),
    ("instagram_followers_2.made.json", "instagram_export", 4, 0),
    ("instagram_followers_legacy_wrapper.made.json", "instagram_export", 1, 1),
    ("instagram_following_2025.made.json", "instagram_following", 2, 0),
    ("instagram_mojibake.made.json", "instagram_export", 1, 0),
]


@pytest.mark.skipif(not FORMATS.is_dir(), reason="the folder of sample files is not here")
@pytest.mark.parametrize(("name", "form", "n", "n_rejected"), SAMPLES)
def test_samples(take, name, form, n, n_rejected):
    value = json.loads((FORMATS / name).read_text(encoding="utf-8"))
    values = value if isinstance(value, list) else [value]
    assert claims(values) == {form}
    taken = take(next(one for one in ALL if one.name == form), values)
    fine = [reason is None for reason in taken.reasons]
    assert (sum(fine), len(fine) - sum(fine)) == (n, n_rejected)
    assert all(handle is not None for handle, is_fine in zip(taken["handle"], fine, strict=True) if is_fine)
    if "mojibake" in name:
        assert taken["display_name"] == ["Café Senja ☕ — “enak”"]
    if "following" in name:
        assert taken["followed_at"] == [1_749_860_021, None]
