"""Telegram: members of groups and channels, and exports of chats."""

from __future__ import annotations

from botscan.readers.guides.any_table import any_table
from botscan.readers.guides.guide import PlatformGuide, Way, recalled, shown, stated

_PARTICIPANTS = "https://core.telegram.org/method/channels.getParticipants"

_SECRETS = shown("Telephone numbers and access hashes in such files are dropped at the door; best do not collect them.")

_MEMBERS = Way(
    name="members",
    title="Members, through a client library (Telethon and others) or a script that writes CSV",
    gives="list",
    formats=("telegram", "telegram_members"),
    steps=(
        recalled("Register an application at my.telegram.org; the library logs in with your telephone number."),
        stated(
            "It asks channels.getParticipants, which may answer that only an administrator can do this.", _PARTICIPANTS
        ),
        shown("Save the members as JSON, one a line, or as CSV with the headers username, user id and name."),
    ),
    cost=(recalled("Free of charge."),),
    limits=(
        stated(
            "The group or channel must be one that you have joined; some lists are for administrators only.",
            _PARTICIPANTS,
        ),
        recalled("Telegram cuts the lists of large groups; to how many is not known here."),
    ),
    bias=(shown("A list that was cut is no random part of the members."),),
    order=(shown("By the day of joining where the file has it, else unknown."),),
    absent=(
        shown("Counts and creation dates: Telegram has neither, so no list of Telegram has a score."),
        recalled("Most members have no username."),
        _SECRETS,
    ),
    command="botscan audit members.jsonl",
)

_CHAT = Way(
    name="chat",
    title="Messages of a chat, exported by Telegram Desktop",
    gives="posts",
    formats=("telegram_chat",),
    steps=(
        recalled("In Telegram Desktop: menu of the chat > Export chat history, format JSON."),
        shown("Read them with bs.read_posts; no verb needs them yet."),
    ),
    cost=(recalled("Free of charge."),),
    absent=(shown("Members who wrote nothing."),),
)

TELEGRAM = PlatformGuide(
    platform="telegram",
    title="Telegram",
    summary=(
        shown(
            "A list of Telegram is level 1: good for looking through, for usernames of one pattern, for accounts that"
            " declare themselves bots, and for labels. It has no score."
        ),
    ),
    ways=(_MEMBERS, _CHAT, any_table("telegram")),
    id_dates=(
        recalled("Ids of Telegram grow roughly with time."),
        shown("botscan derives no date from them."),
    ),
)
