"""The choice among formats: the most distinctive keys win, a tie is said, what holds no such records is refused."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import FormatError
from botscan.readers import choose
from botscan.readers.choose import Wishes, choose_for_headers, choose_for_objects, keys_of
from botscan.readers.formats import FORMAT, GENERIC

V1_USER = {"id_str": "1", "screen_name": "ani", "friends_count": 2}
V2_USER = {"id": "1", "username": "ani", "public_metrics": {"followers_count": 2}}
ACCOUNTS = Wishes()
POSTS = Wishes("posts")
SERIES = Wishes("series")


def refused(call, *arguments):
    with pytest.raises(FormatError) as caught:
        call(*arguments)
    error = caught.value
    assert str(error).startswith("made.x: ")
    assert error.remedy
    assert "\n" not in str(error)
    return str(error)


def test_distinctive_keys_choose_and_no_keys_choose_the_generic_format():
    assert choose_for_objects([V1_USER], ACCOUNTS, "made.x").name == "twitter_v1"
    assert choose_for_objects([V2_USER], ACCOUNTS, "made.x").name == "twitter_v2"
    assert choose_for_objects([{"username": "ani", "followers": 2}], ACCOUNTS, "made.x") is GENERIC
    assert choose_for_headers(["username", "followers"], ACCOUNTS, "made.x") is GENERIC
    assert (
        choose_for_headers(
            ["username", "public_metrics.followers_count", "__twarc.retrieved_at"], ACCOUNTS, "made.x"
        ).name
        == "twarc_csv"
    )


def test_the_place_of_a_format_in_the_list_and_of_keys_in_an_object_plays_no_part(monkeypatch):
    samples = ([V1_USER], [dict(reversed(V1_USER.items()))], [V2_USER], [{"username": "a"}])
    found = [choose_for_objects(sample, ACCOUNTS, "made.x") for sample in samples]
    monkeypatch.setattr(choose, "FORMATS", tuple(reversed(choose.FORMATS)))
    assert [choose_for_objects(sample, ACCOUNTS, "made.x") for sample in samples] == found


def test_two_formats_that_fit_equally_well_are_both_named(monkeypatch):
    twin = replace(FORMAT["twitter_v1"], name="twin", title="a twin")
    monkeypatch.setattr(choose, "FORMATS", (*choose.FORMATS, twin))
    monkeypatch.setitem(FORMAT, "twin", twin)
    text = refused(choose_for_objects, [V1_USER], ACCOUNTS, "made.x")
    assert "twitter_v1 or twin" in text
    assert "--format" in text
    assert choose_for_objects([V1_USER], Wishes(format="twin"), "made.x") is twin


def test_a_format_that_was_named_must_fit_and_exist():
    assert choose_for_objects([V1_USER], Wishes(format="generic"), "made.x") is GENERIC
    assert "does not look like" in refused(choose_for_objects, [V1_USER], Wishes(format="twitter_v2"), "made.x")
    assert "'nosuch' is not known" in refused(choose_for_objects, [V1_USER], Wishes(format="nosuch"), "made.x")
    text = refused(choose_for_headers, ["username"], Wishes(format="twitter_v1"), "made.x")
    assert "This is a table, and twitter_v1 is" in text


def test_lists_of_followed_accounts_are_refused_unless_asked_for():
    entry = {"title": "ani", "string_list_data": [{"href": "https://www.instagram.com/_u/ani", "timestamp": 5}]}
    page = {"relationships_following": [entry]}
    text = refused(choose_for_objects, [page], ACCOUNTS, "made.x")
    assert "not the followers" in text
    assert "--format instagram_following" in text
    assert choose_for_objects([page], Wishes(format="instagram_following"), "made.x").name == "instagram_following"


def test_records_of_another_kind_say_what_they_are_good_for():
    assert "read_posts" in refused(choose_for_headers, ["text", "tweet id", "likes"], ACCOUNTS, "made.x")
    assert "read_series" in refused(choose_for_headers, ["date", "followers"], ACCOUNTS, "made.x")
    assert "read_series" in refused(
        choose_for_objects, [{"data": [{"date": "2024-01-01", "followers": "5"}]}], ACCOUNTS, "made.x"
    )
    assert "read_accounts" in refused(
        choose_for_objects, [{"data": [], "ids": [5], "next_cursor": 0}], SERIES, "made.x"
    )
    assert choose_for_headers(["text", "tweet id", "likes"], POSTS, "made.x") is GENERIC
    assert choose_for_headers(["date", "followers"], SERIES, "made.x") is GENERIC


def test_headers_that_a_column_map_names_are_believed():
    headers = ["date", "x"]
    assert "no column" in refused(choose_for_headers, ["x", "y"], ACCOUNTS, "made.x")
    assert choose_for_headers(headers, Wishes(column_map={"handle": "x"}), "made.x") is GENERIC
    assert "is not in the header" in refused(choose_for_headers, headers, Wishes(column_map={"handle": "z"}), "made.x")
    assert choose_for_objects([{"a": {"b": "ani"}}], Wishes(column_map={"handle": "a.b"}), "made.x") is GENERIC


def test_wrapping_is_no_cell_and_empty_objects_say_nothing_against_a_list():
    assert "no key that botscan knows" in refused(choose_for_objects, [{"name": {"a": 1}, "x": 1}], ACCOUNTS, "made.x")
    assert choose_for_objects([{}], ACCOUNTS, "made.x") is GENERIC


def test_keys_of_a_sample_stand_in_the_order_of_their_first_place():
    assert keys_of(GENERIC, [{"b": 1, "a": 2}, {"c": 3, "a": 4}, {}], "accounts") == ("b", "a", "c")
    page = {"users": [{"screen_name": "a"}, 5, {"id": 1}], "next_cursor": 0}
    assert keys_of(FORMAT["twitter_v1"], [page], "accounts") == ("screen_name", "id")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    "users ids data meta errors username id screen_name public_metrics followers items kind snippet string_list_data "
    "relationships_following node entries log did acct _ statistics window tweet follower query date"
)
known_keys = st.sampled_from(KEYS.split())


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.dictionaries(known_keys, json_values, max_size=5), max_size=3),
    st.sampled_from([ACCOUNTS, POSTS, SERIES]),
)
def test_any_objects_are_of_a_format_or_refused(sample, wishes):
    try:
        chosen = choose_for_objects(sample, wishes, "made.x")
    except FormatError as error:
        assert error.remedy  # noqa: PT017
        return
    assert chosen.record_map(wishes.kind) is not None
    assert wishes.kind != "accounts" or not chosen.refusal


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        known_keys | st.text(max_size=8) | st.sampled_from(["text", "Pengikut", "profileUrl", "author.id"]), max_size=5
    ),
    st.sampled_from([ACCOUNTS, POSTS, SERIES]),
)
def test_any_headers_are_of_a_format_or_refused(headers, wishes):
    try:
        chosen = choose_for_headers(headers, wishes, "made.x")
    except FormatError as error:
        assert error.remedy  # noqa: PT017
        return
    assert chosen.record_map(wishes.kind) is not None


def test_a_format_of_tables_alone_is_none_of_json():
    objects = [{"id_str": "7", "screen_name": "ani", "followers_count": 3, "default_profile": True}]
    assert "This is JSON" in refused(choose_for_objects, objects, Wishes(format="twitter_csv"), "made.x")
    assert choose_for_objects([{"username": "ani"}], Wishes(format="generic"), "a.json") is GENERIC
