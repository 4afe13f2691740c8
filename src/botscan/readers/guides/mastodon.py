"""Mastodon and the servers that answer like it: the API, and the lists it exports."""

from __future__ import annotations

from botscan.readers.guides.any_table import any_table
from botscan.readers.guides.guide import PlatformGuide, Way, recalled, shown, stated

_ACCOUNTS = "https://docs.joinmastodon.org/methods/accounts/"
_RATES = "https://docs.joinmastodon.org/api/rate-limits/"

_FREE = recalled("Free of charge.")
_STAYED = shown("Only who still follows is in it.")

_API = Way(
    name="api",
    title="API of the server of the account",
    gives="list",
    formats=("mastodon",),
    steps=(
        recalled("Request /api/v1/accounts/ID/followers?limit=80 at the server of the account, page by page."),
        shown("Save every page, and give them together."),
    ),
    cost=(_FREE,),
    limits=(
        recalled("40 followers a request, 80 when asked for."),
        stated("300 requests in 5 minutes; a server may set other limits.", _RATES),
    ),
    bias=(
        _STAYED,
        recalled("An account can hide its lists; then the answer is empty, which does not mean that nobody follows."),
    ),
    order=(
        recalled("Newest first."),
        shown("The pages do not say where in the list they stand, so botscan gives no follow_rank."),
    ),
    absent=(
        shown("When somebody followed."),
        recalled("Of accounts on other servers the counts are what this server knows: a lower bound."),
        recalled("Newer servers give the day of creation only, older ones the second."),
    ),
    command="botscan audit followers.json --observed-at 2026-06-30",
)

_CSV = Way(
    name="export",
    title="The list of followers that your account exports (CSV)",
    gives="list",
    formats=("mastodon_followers",),
    steps=(recalled("Preferences (Preferensi) > Import and export > Data export: followers, CSV."),),
    cost=(_FREE,),
    limits=(recalled("Only for an account that you can log in to."),),
    bias=(_STAYED,),
    order=(shown("Unknown: no follow_rank."),),
    absent=(shown("Everything but the address of each follower."),),
    command="botscan audit followers.csv",
)

_POSTS = Way(
    name="posts",
    title="Posts of the followers, from the API",
    gives="posts",
    formats=("mastodon_statuses",),
    steps=(
        stated("Request /api/v1/accounts/ID/statuses for each follower; at most 40 posts a request.", _ACCOUNTS),
        shown("Read them with bs.read_posts; no verb needs them yet."),
    ),
    cost=(_FREE,),
    limits=(stated("300 requests in 5 minutes; a server may set other limits.", _RATES),),
)

MASTODON = PlatformGuide(
    platform="mastodon",
    title="Mastodon",
    summary=(
        shown("The API gives all that the score reads, and costs nothing."),
        shown("The score of Mastodon is the general one, made from other platforms, with a stricter line."),
        shown("Ids belong to the server that was asked: compare lists by handle, always user@server."),
    ),
    ways=(_API, _CSV, _POSTS, any_table("mastodon")),
    id_dates=(shown("Ids of Mastodon are those of one server; botscan derives no date from them."),),
)
