"""YouTube: the subscribers that show themselves, and the channels of these."""

from __future__ import annotations

from botscan.readers.guides.any_table import any_table
from botscan.readers.guides.guide import PlatformGuide, Way, recalled, shown, stated

_SUBSCRIPTIONS = "https://developers.google.com/youtube/v3/docs/subscriptions/list"
_CHANNELS = "https://developers.google.com/youtube/v3/docs/channels/list"
_QUOTA = "https://developers.google.com/youtube/data/determine_quota_cost"

_UNITS = stated("1 unit of quota a request; a project has 10,000 units a day.", _QUOTA)
_FREE = recalled("Free of charge within the quota.")
_PUBLIC = recalled("Subscribers who keep their subscriptions private are not listed, and that is most people.")
_NO_RANDOM_PART = shown("So the list is a part of the subscribers, and not a random one.")
_CAPPED = stated("The number of subscribers returned may be limited; YouTube does not say to how many.", _SUBSCRIPTIONS)
_ORDER = (
    stated(
        "With myRecentSubscribers newest first, with mySubscribers in no particular order; each has the time of"
        " subscribing.",
        _SUBSCRIPTIONS,
    ),
    shown("botscan orders them by that time."),
)

_LIST = Way(
    name="subscriptions",
    title="YouTube Data API: subscribers of your own channel",
    gives="list",
    formats=("youtube_subscriptions",),
    steps=(
        stated(
            "Log in as the owner of the channel (OAuth): the request works for your own channel only.", _SUBSCRIPTIONS
        ),
        shown("Request the parts below; without subscriberSnippet the file lists what somebody subscribes to."),
        shown("Save every page of the answer."),
    ),
    cost=(_FREE,),
    limits=(_UNITS, stated("At most 50 subscribers a request.", _SUBSCRIPTIONS), _CAPPED),
    bias=(_PUBLIC, _NO_RANDOM_PART),
    list_order="by_followed_at",
    order=_ORDER,
    absent=(shown("Handles, counts and creation dates: ask for the channels as well (above)."),),
    ask="part=snippet,subscriberSnippet&mySubscribers=true&maxResults=50",
    command="botscan audit subscriptions.json",
)

_WITH_CHANNELS = Way(
    name="subscriptions_and_channels",
    title="YouTube Data API: subscribers of your own channel and the channel of each",
    gives="list",
    formats=("youtube_subscriptions", "youtube_channels"),
    steps=(
        shown("Get the list as below, then request the channels by the ids in it."),
        shown("Give both files together: they are joined by the id of the channel."),
    ),
    cost=(_FREE,),
    limits=(_UNITS, recalled("50 channels a request."), _CAPPED),
    bias=(_PUBLIC, _NO_RANDOM_PART),
    list_order="by_followed_at",
    order=_ORDER,
    absent=(
        shown("How many channels a subscriber follows: neither file says it, so such a list has no score."),
        shown("Hidden numbers of subscribers are unknown, not zero."),
        recalled("Large numbers of subscribers are rounded down to three figures."),
    ),
    ask="part=snippet,statistics&id=ID,ID,ID&maxResults=50",
    command="botscan audit subscriptions.json channels.json --observed-at 2026-06-30",
)

YOUTUBE = PlatformGuide(
    platform="youtube",
    title="YouTube",
    summary=(
        shown(
            "A list of YouTube is a part of the subscribers and has no score: the number of followed channels is not in"
            " it. It is good for looking through, for dates of subscribing and of channels, and for labels."
        ),
    ),
    ways=(_WITH_CHANNELS, _LIST, any_table("youtube")),
    id_dates=(shown("Ids of YouTube do not say when a channel was made; the channels themselves do."),),
)
