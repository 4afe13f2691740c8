"""GitHub: who gave a repository a star, who follows an account, and the profiles of these."""

from __future__ import annotations

from botscan.readers.guides.any_table import any_table
from botscan.readers.guides.guide import PlatformGuide, Way, recalled, shown, stated

_STARS = "https://docs.github.com/en/enterprise-server@3.14/rest/activity/starring"
_FOLLOWERS = "https://docs.github.com/en/enterprise-server@3.16/rest/users/followers"
_RATES = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"
_CAP = "https://github.com/jgehrcke/github-repo-stats/issues/76"
_GRAPHQL = "https://github.com/MeltanoLabs/tap-github/issues/120"

_FREE = recalled("Free of charge.")
_HOURLY = stated("60 requests an hour without a token, 5,000 with one.", _RATES)
_STAYED = shown("Only who still has the star, or still follows, is in it.")
_ONLY_NAMES = frozenset(
    {"display_name", "bio", "location", "website", "created_at", "followers_count", "following_count"}
)
_NO_POSTS = shown("A number of posts: GitHub has none, so no list of GitHub has a score.")

_STARGAZERS = Way(
    name="stargazers",
    title="REST API: who gave a star, and when",
    gives="list",
    formats=("github_stargazers", "github_stargazers_table"),
    steps=(
        stated("Request /repos/OWNER/NAME/stargazers with the header below: without it the times are missing.", _STARS),
        shown("Save every page, or a table with the headers login and starred_at."),
    ),
    cost=(_FREE,),
    limits=(
        stated("100 stars a request.", _STARS),
        _HOURLY,
        stated("The REST API stops after 400 pages: 40,000 stars.", _CAP),
        stated("The GraphQL API goes further.", _GRAPHQL),
    ),
    bias=(_STAYED,),
    list_order="by_followed_at",
    order=(shown("By the time of the star; follow_rank 0 is the oldest."),),
    absent=(shown("Names, bios, counts and creation dates: ask for the profiles as well (above)."),),
    not_filled=_ONLY_NAMES,
    ask="Accept: application/vnd.github.star+json",
    command="botscan audit stargazers.json",
)

_WITH_PROFILES = Way(
    name="stargazers_and_profiles",
    title="REST or GraphQL API: who gave a star and when, and the profile of each",
    gives="list",
    formats=("github_stargazers", "github_stargazers_table", "github_profiles"),
    steps=(
        recalled("Get the list as below, then request /users/NAME for each; GraphQL gives both in one answer."),
        shown("Give both files together."),
    ),
    cost=(_FREE,),
    limits=(_HOURLY, shown("One profile a request: 5,000 profiles an hour with a token.")),
    bias=(_STAYED,),
    list_order="by_followed_at",
    order=(shown("By the time of the star."),),
    absent=(_NO_POSTS,),
    command="botscan audit stargazers.json profiles.jsonl --observed-at 2026-06-30",
)

_USERS = Way(
    name="followers",
    title="REST API: followers of an account",
    gives="list",
    formats=("github_users",),
    steps=(stated("Request /users/NAME/followers, 100 a page, and save every page.", _FOLLOWERS),),
    cost=(_FREE,),
    limits=(_HOURLY,),
    bias=(_STAYED,),
    order=(shown("GitHub does not say, so there is no follow_rank."),),
    absent=(shown("When somebody followed; names, bios, counts and creation dates."),),
    not_filled=_ONLY_NAMES | {"followed_at"},
    command="botscan audit followers.json",
)

GITHUB = PlatformGuide(
    platform="github",
    title="GitHub",
    summary=(
        shown(
            "Stars have a time each, so that bursts of bought stars show; a list of GitHub has no score, because GitHub"
            " counts no posts."
        ),
    ),
    ways=(_WITH_PROFILES, _STARGAZERS, _USERS, any_table("github")),
    id_dates=(shown("Ids of GitHub only count upwards; botscan derives no date from them. Profiles state it."),),
)
