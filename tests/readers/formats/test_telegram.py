import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.formats.telegram import TELEGRAM, TELEGRAM_CHAT, TELEGRAM_FORMATS, TELEGRAM_MEMBERS
from botscan.schema import COLUMNS_OF

SAMPLES = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
USER = {
    "_": "User", "id": 5510000001, "deleted": False, "bot": False, "verified": True, "premium": True, "scam": False,
    "access_hash": -77, "first_name": "Lila", "last_name": "Sari", "username": "lila_s", "phone": "62812000",
    "photo": None, "status": {"_": "UserStatusOffline", "was_online": "2024-02-03T04:05:06+00:00"}, "lang_code": "id",
}  # fmt: skip
BOT_API = {"id": 7, "is_bot": True, "first_name": "Cuaca", "username": "cuaca_bot", "language_code": "en"}
PYROGRAM = {
    "_": "User",
    "id": 8,
    "is_bot": False,
    "is_deleted": False,
    "first_name": "Tono",
    "status": "UserStatus.RECENTLY",
}
MESSAGES = [
    {"id": 1, "type": "service", "date": "2024-01-01T00:00:00", "action": "invite_members", "text": ""},
    {"id": 2, "type": "message", "date": "2024-01-02T00:00:00", "date_unixtime": "1704153600", "from": "Lila",
     "from_id": "user5510000001", "text": ["halo ", {"type": "bold", "text": "semua"}], "text_entities": [],
     "reactions": [{"type": "emoji", "count": 2}, {"count": True}, {"count": 3}], "reply_to_message_id": 1},
    {"id": 3, "type": "message", "date": "2024-01-03T00:00:00", "from_id": "channel1500000001", "text": "siaran",
     "forwarded_from": "Radio"},
]  # fmt: skip
CHAT = {"name": "Grup", "type": "private_supergroup", "id": 15, "messages": MESSAGES}


def test_a_user_gives_its_columns_and_no_secret(take):
    row = {column: values[0] for column, values in take(TELEGRAM, [USER]).columns.items()}
    assert row == {
        "account_id": 5510000001, "handle": "lila_s", "display_name": "Lila Sari", "language": "id",
        "followed_at": None, "is_verified": True, "is_declared_bot": False,
    }  # fmt: skip
    assert {"phone", "access_hash", "phone_number", "status", "photo", "premium"} <= TELEGRAM.accounts.known_keys


def test_the_forms_of_client_libraries(take):
    taken = take(TELEGRAM, [BOT_API, PYROGRAM, {**PYROGRAM, "usernames": [{"username": "tono", "active": True}]}])
    assert taken["is_declared_bot"] == [True, False, False]
    assert taken["handle"] == ["cuaca_bot", None, "tono"]
    assert taken["display_name"] == ["Cuaca", "Tono", "Tono"]


def test_deleted_accounts_are_rejected(take):
    gone = [
        {**USER, "deleted": True, "first_name": None, "last_name": None},
        {**PYROGRAM, "is_deleted": True},
        {"_": "UserEmpty", "id": 5},
    ]
    assert take(TELEGRAM, gone).reasons == ["not_found"] * 3
    taken = take(TELEGRAM, [{"users": [USER, gone[0]]}])
    assert (taken.reasons, taken["display_name"]) == ([None, "not_found"], ["Lila Sari", None])


def test_members_bring_the_day_of_joining_and_those_who_left_are_no_members(take):
    members = [
        {
            "_": "ChatMember",
            "user": PYROGRAM,
            "status": "ChatMemberStatus.MEMBER",
            "joined_date": "2023-01-02 03:04:05",
        },
        {"user": BOT_API, "status": "left"},
        {"user": BOT_API, "status": "administrator"},
    ]
    taken = take(TELEGRAM, members)
    assert taken.reasons == [None, "not_in_list", None]
    assert taken["followed_at"] == ["2023-01-02 03:04:05", None, None]
    assert taken["account_id"] == [8, 7, 7]


def test_a_raw_reply_keeps_the_day_of_joining_beside_the_users(take):
    reply = {
        "participants": [{"_": "ChannelParticipant", "user_id": 5510000001, "date": 1700000000}, 5],
        "users": [USER, 7],
    }
    taken = take(TELEGRAM, [reply])
    assert taken["followed_at"] == [1700000000, None]
    entries = {
        "participants": [{"_": "ChannelParticipant", "user_id": 9, "date": 1}, {"_": "ChannelParticipantBanned"}]
    }
    taken = take(TELEGRAM, [entries])
    assert (taken["account_id"], taken["followed_at"]) == ([9, None], [1, None])
    assert taken.reasons == [None, "not_in_list"]


def test_a_member_list_is_known_by_its_access_hash(table):
    words, _ = table("username,user id,access hash,name,group,group id\n")
    assert TELEGRAM_MEMBERS.header_evidence(words) == 4
    assert TELEGRAM_MEMBERS.header_evidence(["username", "user id"]) == 0
    records_of = TELEGRAM_MEMBERS.accounts
    assert set(records_of.headers) <= set(COLUMNS_OF["accounts"])
    assert {"access hash", "phone", "group id"} <= records_of.not_headers
    assert not any("access hash" in names or "phone" in names for names in records_of.headers.values())


def test_messages_are_posts_and_notices_are_counted(take):
    taken = take(TELEGRAM_CHAT, [CHAT], "posts")
    assert taken.pages[0].counts == {"service_messages": 1}
    assert taken["account_id"] == ["5510000001", None]
    assert taken["text"] == ["halo semua", "siaran"]
    assert taken["posted_at"] == ["1704153600", "2024-01-03T00:00:00"]
    assert (taken["likes_count"], taken["is_reply"], taken["is_repost"]) == ([5, None], [True, False], [False, True])
    assert TELEGRAM_CHAT.accounts is None
    assert "not its members" in TELEGRAM_CHAT.refusal


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (USER, "telegram"),
        (BOT_API, "telegram"),
        ({"user": BOT_API, "status": "member"}, "telegram"),
        ({"users": [USER]}, "telegram"),
        (CHAT, "telegram_chat"),
        (MESSAGES[1], "telegram_chat"),
        ({"first_name": "A", "username": "a"}, None),
        ({"messages": [{"text": "a", "date": "b"}]}, None),
        ({"users": [{"pk": 1, "username": "a"}]}, None),
    ],
)
def test_each_kind_is_claimed_once(value, name):
    claims = [form.name for form in TELEGRAM_FORMATS if form.evidence is not None and form.evidence([value])]
    assert claims == ([] if name is None else [name])


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not there")
def test_the_samples_read_as_stated(take, table):
    users = [json.loads(line) for line in (SAMPLES / "telegram_participants.made.jsonl").read_text().splitlines()]
    assert TELEGRAM.evidence(users) > 0
    taken = take(TELEGRAM, users)
    assert taken.reasons == [None, "not_found", None, None]
    assert taken["is_declared_bot"] == [False, False, True, False]
    assert taken["display_name"] == ["Rini", None, "Cuaca", "Tono S"]
    words, rows = table((SAMPLES / "telegram_members.made.csv").read_text())
    assert (TELEGRAM_MEMBERS.header_evidence(words), len(rows)) == (4, 2)


KEYS = "_ id user users members participants user_id date joined_date status deleted is_deleted first_name last_name username usernames is_bot bot access_hash messages from_id date_unixtime text text_entities reactions count type forwarded_from"
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["User", "UserEmpty", "ChannelParticipant", "left", "user5", "service", "true"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=6),
    max_leaves=20,
)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS.split()), VALUES, max_size=8), max_size=3))
def test_no_json_of_these_keys_raises(values):
    for form in TELEGRAM_FORMATS:
        if form.evidence is not None:
            assert form.evidence(values) >= 0
        for records_of in filter(None, (form.accounts, form.posts)):
            for value in values:
                page = records_of.unpack(value)
                records = [value] if page is None else list(page.records)
                assert page is None or len(page.reasons) in (0, len(records))
                objects = [record for record in records if isinstance(record, dict)]
                assert all(len(one.values(objects)) == len(objects) for one in records_of.fields)
