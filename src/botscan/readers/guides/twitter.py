"""X (Twitter): the API, the archive of an account, recordings of the web page, and files from earlier years."""

from __future__ import annotations

from botscan.readers.guides.any_table import any_table
from botscan.readers.guides.guide import PlatformGuide, Way, recalled, shown, stated

_PRICING = "https://docs.x.com/x-api/getting-started/pricing"
_FIELDS = "https://docs.x.com/x-api/fundamentals/fields"
_PAGES = "https://docs.x.com/x-api/users/follows/migrate/overview"
_FOLLOWS = "https://developer.x.com/en/docs/x-api/users/follows"
_ARCHIVE = "https://blog.mozilla.org/internet-culture/how-to-delete-twitter"
_TERMS = "https://techcrunch.com/2023/09/08/x-updates-its-terms-to-ban-crawling-and-scraping"
_TWARC_CSV = "https://github.com/DocNow/twarc-csv"

_NEWEST_FIRST = recalled("Newest follower first.")
_RANKED = shown("Pages of the list are counted from the end, so that follow_rank 0 is the oldest follower.")
_STAYED = shown("Whoever left or was deleted before the day of the list is not in it.")
_NO_FOLLOW_TIME = shown("When somebody followed: only the order is known.")
_SCRAPING = stated(
    "X's terms forbid crawling and scraping in any form without written consent since 29 September 2023; ask your"
    " legal office first.",
    _TERMS,
)

_API_V2 = Way(
    name="api_v2",
    title="X API v2, directly or through twarc2",
    gives="list",
    formats=("twitter_v2",),
    steps=(
        stated("Open a developer account and buy credits in the Developer Console of X.", _PRICING),
        stated("Request /2/users/ID/followers with the fields below: by default X returns minimal data.", _FIELDS),
        shown("An answer without extra fields holds id, name and username only: that is level 1 and has no score."),
        recalled("twarc2 asks for every field by itself: twarc2 followers NAME followers.jsonl."),
        shown("Save every page. botscan joins pages that are given together, or that lie in one folder."),
    ),
    cost=(
        stated(
            "0.010 US dollars a follower; 0.001 where the followers are those of the account that owns the developer"
            " app (Owned Reads). So 10,000 followers cost 100 dollars, or 10 for your own account.",
            _PRICING,
        ),
        stated("X may change prices; the Developer Console has those of today.", _PRICING),
    ),
    limits=(
        stated("1,000 followers a request and 15 requests in 15 minutes: at most 60,000 followers an hour.", _PAGES),
        stated(
            "An older page of X says that lists of followers need Enterprise access: see what your plan allows before"
            " you pay.",
            _FOLLOWS,
        ),
    ),
    bias=(_STAYED, recalled("Suspended accounts are left out.")),
    list_order="newest_first",
    order=(_NEWEST_FIRST, _RANKED),
    absent=(
        _NO_FOLLOW_TIME,
        shown("The day of the list, unless twarc2 wrote the file: give --observed-at, or ages stay unknown."),
    ),
    ask=(
        "user.fields=created_at,description,entities,location,profile_image_url,protected,public_metrics,url,verified,"
        "verified_type&max_results=1000"
    ),
    command="botscan audit followers.jsonl --observed-at 2026-06-30",
)

_TWARC_TABLE = Way(
    name="twarc_csv",
    title="The same as a table, made by twarc-csv",
    gives="list",
    formats=("twarc_csv",),
    steps=(
        stated("Make the table with twarc2 csv --input-data-type users followers.jsonl out.csv.", _TWARC_CSV),
        shown("Better keep the JSON and give that: it says where the list ends and in which order it stands."),
    ),
    cost=(shown("As above."),),
    limits=(shown("As above."),),
    bias=(_STAYED,),
    order=(shown("Unknown in a table: no follow_rank."),),
    absent=(shown("When somebody followed, and in which order."),),
    command="botscan audit followers.csv",
)

_ARCHIVE_WAY = Way(
    name="archive",
    title="The data archive of your own account",
    gives="list",
    formats=("x_archive_follower",),
    steps=(
        stated(
            "In X: Settings and privacy > Your account > Download an archive of your data. X asks for the password and"
            " a code.",
            _ARCHIVE,
        ),
        recalled("In Indonesian: Pengaturan dan privasi > Akun Anda > Unduh arsip data Anda."),
        shown(
            "Give botscan the ZIP as it came: it opens the lists of followers and the date of the archive, no messages."
        ),
    ),
    cost=(recalled("Free of charge."),),
    limits=(
        stated("Can take 24 hours until it is ready.", _ARCHIVE),
        stated("Only for an account whose password you have.", _ARCHIVE),
    ),
    bias=(_STAYED,),
    order=(shown("Unknown: no follow_rank."),),
    absent=(
        shown("Names, counts and everything else: the list holds ids only."),
        stated(
            "The X API looks up the profiles of such ids for 0.010 US dollars each.",
            _PRICING,
        ),
        shown("Give archive and profiles together, and the list has the level of the profiles."),
    ),
    command="botscan audit archive.zip",
)

_WEB = Way(
    name="web_recording",
    title="A recording of X's web page in your browser (HAR)",
    gives="list",
    formats=("x_graphql", "x_graphql_user"),
    steps=(
        recalled(
            "Log in, open the list of followers, open the developer tools (F12), tab Network, scroll to the end of the"
            " list, and choose Save all as HAR with content."
        ),
        shown(
            "The recording also holds the cookies of your login: whoever has the file can act as you. Never send it on;"
            " delete it afterwards. botscan takes the accounts out of it and nothing else."
        ),
    ),
    cost=(recalled("Free of charge."),),
    limits=(
        _SCRAPING,
        recalled("Long lists load slowly and may stop before the end; how far X lets one scroll is not known here."),
    ),
    bias=(
        _STAYED,
        shown("A list that stopped early holds the newest followers only; the reading report says whether it ended."),
    ),
    list_order="newest_first",
    order=(_NEWEST_FIRST, _RANKED),
    absent=(
        _NO_FOLLOW_TIME,
        shown("Pages since May 2026 have no listed_count and no has_default_theme; earlier ones have them."),
        shown("The day of the list: give --observed-at, or ages stay unknown."),
    ),
    command="botscan audit recording.har --observed-at 2026-06-30",
)

_SCRAPERS = Way(
    name="scrapers",
    title="Files of twscrape or snscrape",
    gives="list",
    formats=("x_scrapers",),
    steps=(shown("Give the file as the tool wrote it, one JSON object a line; nothing has to be renamed."),),
    cost=(recalled("The tools are free; twscrape needs accounts on X that it logs in with."),),
    limits=(_SCRAPING, recalled("snscrape has not worked on X since 2023; older files can still be read.")),
    bias=(_STAYED, recalled("X stops such tools early on large accounts.")),
    order=(shown("Unknown: a file does not say where in the list it began."),),
    absent=(
        shown(
            "twscrape writes zeros and 1970 for what it does not know; botscan takes those for unknown, not for zero."
        ),
        shown("The day of the list: give --observed-at, or ages stay unknown."),
    ),
    command="botscan audit followers.jsonl --observed-at 2026-06-30",
)

_EARLIER = Way(
    name="api_v1_files",
    title="Files of the Twitter API v1.1, from earlier years",
    gives="list",
    formats=("twitter_v1",),
    steps=(shown("For files that you already hold: profiles, pages of followers or of ids; give all pages together."),),
    cost=(shown("Nothing, where you hold the files."),),
    limits=(
        stated(
            "200 profiles or 5,000 ids a page, 15 requests in 15 minutes; the API v2 replaces these requests.", _PAGES
        ),
    ),
    bias=(_STAYED,),
    list_order="newest_first",
    order=(
        _NEWEST_FIRST,
        shown("Only pages with a cursor say where they stand in the list; single users do not."),
    ),
    absent=(
        shown("A file of bare ids is level 0: no names, no counts."),
        shown("The day of the list: give --observed-at, or ages stay unknown."),
    ),
    command="botscan audit followers.json --observed-at 2014-06-30",
)

_TABLES = Way(
    name="data_sets",
    title="Tables of research data sets, with the column names of the Twitter API v1.1",
    gives="list",
    formats=("twitter_csv", "cresci_csv"),
    steps=(shown("For files that you already hold; Latin-1 text needs --encoding latin-1."),),
    cost=(shown("Nothing, where you hold the files."),),
    limits=(shown("Each data set has its own terms of use."),),
    bias=(shown("A research data set is no audience: its accounts were chosen for a purpose."),),
    order=(shown("Unknown: no follow_rank."),),
    absent=(
        shown("The day of the list, in many tables: give --observed-at, or ages stay unknown."),
        shown("In the tables of Cresci et al. an empty flag means no; everywhere else it means unknown."),
    ),
    command="botscan audit users.csv --observed-at 2014-06-30",
)

_POSTS = Way(
    name="posts",
    title="Posts of the followers",
    gives="posts",
    formats=("twitter_v2", "twarc_csv", "twitter_v1", "x_graphql_posts", "x_scrapers"),
    steps=(
        shown("Any of the ways above, asked for posts. Read them with bs.read_posts; no verb needs them yet."),
        shown("Posts count as evidence beside a list of level 3."),
    ),
    cost=(stated("0.005 US dollars a post through the X API.", _PRICING),),
    absent=(shown("Of a repost, text and counts are those of the original."),),
)

_OWN_POSTS = Way(
    name="own_posts",
    title="Posts of your own account, from its archive",
    gives="own_posts",
    formats=("x_archive_tweets",),
    steps=(shown("They lie in the same archive as the followers (tweets.js). Read them with bs.read_posts."),),
    cost=(recalled("Free of charge."),),
)

TWITTER = PlatformGuide(
    platform="twitter",
    title="X (Twitter)",
    summary=(
        shown("The X API gives what the score reads, for money; ask it for the fields below."),
        shown("The archive of your own account holds ids only: good for counting, comparing and dates of creation."),
    ),
    ways=(
        _API_V2,
        _TWARC_TABLE,
        _ARCHIVE_WAY,
        _WEB,
        _SCRAPERS,
        _EARLIER,
        _TABLES,
        _POSTS,
        _OWN_POSTS,
        any_table("twitter"),
    ),
    id_dates=(
        shown(
            "Ids above 10^15, given to accounts since February 2016, hold the moment at which the account was made."
            " Measured on 5,686 accounts: half within 0.35 seconds of the stated date, 94 % within one second, the"
            " largest difference 486 seconds. Such dates have the precision second."
        ),
        shown(
            "Older ids only count upwards; their date is drawn from a table of round ids. Measured on 45,742 accounts"
            " that a table of the same kind had not seen: half within 0.06 days, 90 % within 0.3 days, 99 % within 15"
            " days, the worst 448 days off. Such dates have the precision unknown."
        ),
        shown("A stated date stands; ids fill in where it is missing. The report says how many dates came from ids."),
    ),
)
