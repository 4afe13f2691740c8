"""Bluesky: followers and profiles from its public API."""

from __future__ import annotations

from botscan.readers.guides.any_table import any_table
from botscan.readers.guides.guide import PlatformGuide, Way, recalled, shown, stated

_FOLLOWERS = "https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/graph/getFollowers.json"
_PROFILES = "https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/actor/getProfiles.json"
_RATES = "https://docs.bsky.app/docs/advanced-guides/rate-limits"

_FREE = recalled("Free of charge.")
_NO_LOGIN = stated(
    "public.api.bsky.app answers without a login, within generous limits that are not published.", _RATES
)
_STAYED = shown("Only who still follows is in it.")
_RANKED = shown("botscan counts the pages from the end, so that follow_rank 0 is the oldest follower.")
_NEWEST_FIRST = recalled("Newest first.")

_LIST = Way(
    name="followers",
    title="Public API: list of followers (getFollowers)",
    gives="list",
    formats=("bluesky_followers",),
    steps=(
        stated("Request app.bsky.graph.getFollowers with the handle and limit 100, page by page.", _FOLLOWERS),
        shown("Save every page, and give them together."),
    ),
    cost=(_FREE,),
    limits=(stated("100 followers a request.", _FOLLOWERS), _NO_LOGIN),
    bias=(_STAYED,),
    list_order="newest_first",
    order=(_NEWEST_FIRST, _RANKED),
    absent=(shown("The three counts, and so the score: ask for the profiles as well (above)."),),
    not_filled=frozenset({"followers_count", "following_count", "posts_count"}),
    ask="https://public.api.bsky.app/xrpc/app.bsky.graph.getFollowers?actor=NAME&limit=100",
    command="botscan audit followers.jsonl --observed-at 2026-06-30",
)

_WITH_PROFILES = Way(
    name="followers_and_profiles",
    title="Public API: list of followers and the profile of each (getProfiles)",
    gives="list",
    formats=("bluesky_followers", "bluesky_profiles"),
    steps=(
        shown("Get the list as below, then ask for the profiles of the dids in it."),
        shown("Give both files together."),
    ),
    cost=(_FREE,),
    limits=(
        stated("25 profiles a request: 10,000 followers take 400 requests.", _PROFILES),
        _NO_LOGIN,
    ),
    bias=(_STAYED,),
    list_order="newest_first",
    order=(_NEWEST_FIRST, _RANKED),
    absent=(
        shown("When somebody followed."),
        shown("Dates of creation are set by the app of the account and can be false; doubtful ones are marked."),
    ),
    ask="https://public.api.bsky.app/xrpc/app.bsky.actor.getProfiles?actors=DID&actors=DID",
    command="botscan audit followers.jsonl profiles.jsonl --observed-at 2026-06-30",
)

_POSTS = Way(
    name="posts",
    title="Posts of the followers, from the public API (getAuthorFeed)",
    gives="posts",
    formats=("bluesky_feed",),
    steps=(shown("One feed an account. Read them with bs.read_posts; no verb needs them yet."),),
    cost=(_FREE,),
    limits=(_NO_LOGIN,),
)

BLUESKY = PlatformGuide(
    platform="bluesky",
    title="Bluesky",
    summary=(
        shown("List and profiles together give all that the score reads, at no cost and without a login."),
        shown("The score of Bluesky is the general one, made from other platforms, with a stricter line."),
    ),
    ways=(_WITH_PROFILES, _LIST, _POSTS, any_table("bluesky")),
    id_dates=(shown("Ids of Bluesky (did:plc:...) do not say when an account was made; the profile does."),),
)
