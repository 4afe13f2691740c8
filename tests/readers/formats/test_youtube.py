import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.formats.youtube import (
    YOUTUBE_CHANNELS,
    YOUTUBE_FORMATS,
    YOUTUBE_SUBSCRIPTIONS,
    YOUTUBE_SUBSCRIPTIONS_MADE,
)

SAMPLES = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
SNIPPET = {
    "publishedAt": "2022-05-06T07:08:09.5Z", "title": "Radio Contoh", "description": "siaran",
    "resourceId": {"kind": "youtube#channel", "channelId": "UCradio"}, "channelId": "UCpendengar",
}  # fmt: skip
SUBSCRIBER = {"title": "Pendengar", "description": "", "channelId": "UCpendengar"}
ITEM = {"kind": "youtube#subscription", "id": "x", "snippet": SNIPPET, "subscriberSnippet": SUBSCRIBER}
PAGE = {"kind": "youtube#subscriptionListResponse", "pageInfo": {"totalResults": 1}, "items": [ITEM]}
MADE = {"kind": "youtube#subscription", "id": "x", "snippet": SNIPPET}
CHANNEL = {
    "kind": "youtube#channel",
    "id": "UCpendengar",
    "snippet": {"title": "Pendengar", "description": "", "customUrl": "@pendengar-1", "country": "ID",
                "publishedAt": "2015-01-02T03:04:05Z"},
    "statistics": {"viewCount": "9", "subscriberCount": "120", "hiddenSubscriberCount": False, "videoCount": "4"},
}  # fmt: skip


def test_the_two_dates_and_the_two_channels_are_not_mixed_up(take):
    taken = take(YOUTUBE_SUBSCRIPTIONS, [PAGE])
    assert (taken["account_id"], taken["display_name"], taken["bio"]) == (["UCpendengar"], ["Pendengar"], [""])
    assert taken["followed_at"] == ["2022-05-06T07:08:09.5Z"]
    assert "created_at" not in taken.columns
    assert taken.pages[0].subject == "UCradio"
    channels = take(YOUTUBE_CHANNELS, [{"kind": "youtube#channelListResponse", "items": [CHANNEL]}])
    assert channels["created_at"] == ["2015-01-02T03:04:05Z"]
    assert "followed_at" not in channels.columns
    assert (channels["handle"], channels["location"]) == (["@pendengar-1"], ["ID"])
    assert (channels["followers_count"], channels["posts_count"]) == (["120"], ["4"])


def test_the_last_page_names_no_next_one():
    unpack = YOUTUBE_SUBSCRIPTIONS.accounts.unpack
    assert unpack(PAGE).complete is True
    assert unpack({**PAGE, "nextPageToken": "CAUQAA"}).complete is False
    assert unpack({"items": [ITEM]}).complete is None
    assert unpack(ITEM) is None
    assert unpack(PAGE).newest_first is False


def test_without_a_snippet_of_the_subscriber_its_id_stands_in_the_other_one(take):
    taken = take(YOUTUBE_SUBSCRIPTIONS, [{**PAGE, "items": [ITEM, MADE]}])
    assert taken["account_id"] == ["UCpendengar", "UCpendengar"]
    assert taken["display_name"] == ["Pendengar", None]


def test_a_list_of_followed_channels_is_refused(take):
    page = {**PAGE, "items": [MADE]}
    claims = [form.name for form in YOUTUBE_FORMATS if form.evidence([page])]
    assert claims == ["youtube_subscriptions_made"]
    assert "subscriberSnippet" in YOUTUBE_SUBSCRIPTIONS_MADE.refusal
    taken = take(YOUTUBE_SUBSCRIPTIONS_MADE, [page])
    assert (taken["account_id"], taken["display_name"]) == (["UCradio"], ["Radio Contoh"])
    assert taken.pages[0].subject == "UCpendengar"


@pytest.mark.parametrize("hidden", [True, "true"])
def test_a_hidden_count_is_not_known(take, hidden):
    channel = {
        **CHANNEL,
        "statistics": {**CHANNEL["statistics"], "subscriberCount": "0", "hiddenSubscriberCount": hidden},
    }
    assert take(YOUTUBE_CHANNELS, [channel])["followers_count"] == [None]


def test_the_list_is_said_to_be_a_part():
    assert YOUTUBE_SUBSCRIPTIONS.says == ("public_followers_only",)
    assert (YOUTUBE_CHANNELS.is_lookup, YOUTUBE_SUBSCRIPTIONS.is_lookup) == (True, False)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (PAGE, "youtube_subscriptions"),
        (ITEM, "youtube_subscriptions"),
        ({**PAGE, "items": []}, "youtube_subscriptions"),
        (MADE, "youtube_subscriptions_made"),
        (CHANNEL, "youtube_channels"),
        ({"kind": "youtube#channelListResponse", "pageInfo": {"totalResults": 0}}, "youtube_channels"),
        ({"kind": "youtube#video", "id": "v", "snippet": {"title": "t", "channelId": "UC"}}, None),
        ({"items": [{"snippet": {"resourceId": {"videoId": "v"}, "publishedAt": "x"}}]}, None),
    ],
)
def test_each_kind_is_claimed_once(value, name):
    assert [form.name for form in YOUTUBE_FORMATS if form.evidence([value])] == ([] if name is None else [name])


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not there")
def test_the_samples_read_as_stated(take):
    page = json.loads((SAMPLES / "youtube_subscriptions_list.made.json").read_text())
    assert [form.name for form in YOUTUBE_FORMATS if form.evidence([page])] == ["youtube_subscriptions"]
    taken = take(YOUTUBE_SUBSCRIPTIONS, [page])
    assert len(set(taken["account_id"])) == 3
    assert (taken.pages[0].complete, taken.pages[0].subject) == (False, "UCkontohkontohkontohkont")
    page = json.loads((SAMPLES / "youtube_channels_list.made.json").read_text())
    assert [form.name for form in YOUTUBE_FORMATS if form.evidence([page])] == ["youtube_channels"]
    assert take(YOUTUBE_CHANNELS, [page])["followers_count"] == ["2", None]


KEYS = "kind items snippet subscriberSnippet resourceId channelId publishedAt title description statistics hiddenSubscriberCount subscriberCount customUrl nextPageToken pageInfo id"
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["youtube#subscriptionListResponse", "youtube#channelListResponse", "UCx", "true"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=6),
    max_leaves=20,
)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS.split()), VALUES, max_size=8), max_size=3))
def test_no_json_of_these_keys_raises(values):
    for form in YOUTUBE_FORMATS:
        if form.evidence is not None:
            assert form.evidence(values) >= 0
        for records_of in filter(None, (form.accounts, form.posts)):
            for value in values:
                page = records_of.unpack(value)
                records = [value] if page is None else list(page.records)
                assert page is None or len(page.reasons) in (0, len(records))
                objects = [record for record in records if isinstance(record, dict)]
                assert all(len(one.values(objects)) == len(objects) for one in records_of.fields)
