"""TikTok: the Research API, and lists of tools that copy pages."""

from __future__ import annotations

from botscan.readers.guides.any_table import any_table
from botscan.readers.guides.guide import PlatformGuide, Way, recalled, shown, stated

_FOLLOWERS = "https://developers.tiktok.com/doc/research-api-specs-query-user-followers"
_FAQ = "https://developers.tiktok.com/doc/research-api-faq"
_CAP = "https://rapidapi.com/scraptik-api-scraptik-api-default/api/scraptik/discussions/114916"

_ADMISSION = stated(
    "Open to approved researchers of non-profit academic institutions in the United States, the European Economic Area,"
    " the United Kingdom or Switzerland, and of not-for-profit research bodies in the European Union.",
    _FAQ,
)
_NOT_BUSINESS = stated("Creators, advertisers and businesses do not qualify.", _FAQ)
_FREE = recalled("Free of charge for those who were admitted.")
_QUOTA_OF_FOLLOWERS = stated(
    "100 followers a request; 20,000 requests and 2 million records a day for lists of followers.", _FAQ
)
_NEWEST_FIRST = shown("Newest first: each page goes back from a moment, which the reply names.")
_NAMES_ONLY = frozenset(
    {
        "bio",
        "website",
        "followers_count",
        "following_count",
        "posts_count",
        "likes_received_count",
        "is_verified",
    }
)

_DOWNLOAD = Way(
    name="download",
    title="Download your data, from your own account",
    gives="list",
    formats=("tiktok_export",),
    steps=(
        recalled("Settings and privacy > Account > Download your data (Unduh data Anda)."),
        shown("Choose the format JSON: the text variant is not read."),
        shown("Give botscan the ZIP as it came, or user_data_tiktok.json inside it."),
    ),
    cost=(recalled("Free of charge."),),
    limits=(recalled("Only for an account that you can log in to; it takes some days."),),
    bias=(shown("Only who still follows is in it, so the dates of following show who stayed, not how many came."),),
    list_order="by_followed_at",
    order=(shown("By the time of following, which each follower has; follow_rank 0 is the oldest."),),
    absent=(shown("Ids, counts, bios and creation dates: with profiles in a second file the list can be scored."),),
    command="botscan audit TikTok_Data.zip --observed-at 2026-06-30",
)

_RESEARCH = Way(
    name="research_followers",
    title="Research API: list of followers",
    gives="list",
    formats=("tiktok_followers",),
    steps=(
        _ADMISSION,
        stated("Request /v2/research/user/followers/ with the handle and max_count 100, page by page.", _FOLLOWERS),
        shown("Save every reply; a reply with an error is a hole in the list, and the report says so."),
    ),
    cost=(_FREE,),
    limits=(_QUOTA_OF_FOLLOWERS, _NOT_BUSINESS),
    bias=(shown("Only who still follows is in it."),),
    list_order="newest_first",
    order=(_NEWEST_FIRST, recalled("Within one page the order is not sure.")),
    absent=(stated("Everything but handle and name: no ids, no counts, no dates.", _FOLLOWERS),),
    not_filled=_NAMES_ONLY,
    ask='{"username": "NAME", "max_count": 100, "cursor": 1782777600}',
    command="botscan audit followers.jsonl",
)

_RESEARCH_WITH_PROFILES = Way(
    name="research_profiles",
    title="Research API: list of followers and the profile of each",
    gives="list",
    formats=("tiktok_followers", "tiktok_user_info"),
    steps=(
        shown("Get the list as below, then ask for the profile (user info) of each handle, or of a random part."),
        shown("The reply does not say whose profile it is: write the handle beside it, or botscan rejects it."),
        shown("Give both files together."),
    ),
    cost=(_FREE,),
    limits=(
        stated("1,000 requests a day for all but lists of followers.", _FAQ),
        recalled("One profile a request, so 1,000 profiles a day: take a random sample of a large list."),
        _NOT_BUSINESS,
    ),
    bias=(shown("Only who still follows is in it."),),
    list_order="newest_first",
    order=(_NEWEST_FIRST,),
    absent=(shown("Ids and creation dates."),),
    ask="fields=display_name,bio_description,bio_url,is_verified,follower_count,following_count,likes_count,video_count",
    command="botscan audit followers.jsonl profiles.jsonl --observed-at 2026-06-30",
)

_SCRAPER = Way(
    name="scraper",
    title="A table or JSON of a tool that copies pages",
    gives="list",
    formats=("tiktok_scraper", "tiktok_scraper_table"),
    steps=(
        shown("Order the followers with their profiles: id, unique_id, counts, hearts, bio (signature)."),
        shown("Keep ids as text; a spreadsheet cuts their 19 digits, and the creation date goes with them."),
    ),
    cost=(shown("The vendor sets the price; it is not known here."),),
    limits=(
        stated("A vendor of such a tool says that TikTok shows at most about 5,000 followers of a list.", _CAP),
        recalled("TikTok's terms forbid automated collection without permission; ask your legal office first."),
    ),
    bias=(shown("A list that was cut holds the newest followers: no random part, and a campaign fills it quickly."),),
    order=(shown("Unknown after a tool, so no follow_rank."),),
    absent=(
        shown("When somebody followed."),
        shown("The day of the list: give --observed-at, or ages stay unknown."),
    ),
    command="botscan audit followers.csv --observed-at 2026-06-30",
)

_POSTS = Way(
    name="posts",
    title="Videos, from the Research API",
    gives="posts",
    formats=("tiktok_videos",),
    steps=(_ADMISSION, shown("Read them with bs.read_posts; no verb needs them yet.")),
    cost=(_FREE,),
    limits=(stated("1,000 requests and 100,000 records a day.", _FAQ),),
)

TIKTOK = PlatformGuide(
    platform="tiktok",
    title="TikTok",
    summary=(
        shown(
            "The official list of followers holds handles and names only; a score needs the profile of each as well."
        ),
        shown("By the rules quoted below a ministry is not admitted to the Research API; a research partner may be."),
        shown(
            "TikTok's own download of your data holds the followers of your account, by handle and time of following."
        ),
    ),
    ways=(_DOWNLOAD, _RESEARCH_WITH_PROFILES, _RESEARCH, _SCRAPER, _POSTS, any_table("tiktok")),
    id_dates=(
        shown(
            "Ids of 19 digits hold a moment that is taken for the day the account was made: of 4,975 ids of followers"
            " 4,840 gave one between January 2018 and the evening before the file was made. There were no true dates to"
            " compare with, so such dates have the precision unknown."
        ),
        shown("Shorter ids decode to nonsense and give no date."),
    ),
)
