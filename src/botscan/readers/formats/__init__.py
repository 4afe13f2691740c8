"""Export formats: one declaration a file, and the list of those that are known."""

from botscan.readers.format import Field, Format, RecordMap, Unpacked
from botscan.readers.formats.bluesky import BLUESKY_FEED, BLUESKY_FOLLOWERS, BLUESKY_FOLLOWS, BLUESKY_PROFILES
from botscan.readers.formats.crowdtangle import CROWDTANGLE_FACEBOOK, CROWDTANGLE_INSTAGRAM
from botscan.readers.formats.generic import GENERIC
from botscan.readers.formats.github import (
    GITHUB_PROFILES,
    GITHUB_STARGAZERS,
    GITHUB_STARGAZERS_TABLE,
    GITHUB_USERS,
)
from botscan.readers.formats.instagram_export import (
    INSTAGRAM_EXPORT,
    INSTAGRAM_FOLLOWING,
    INSTAGRAM_OTHER_LIST,
    INSTAGRAM_POSTS,
)
from botscan.readers.formats.instagram_scraper import INSTAGRAM_SCRAPER, INSTAGRAM_SCRAPER_FOLLOWING
from botscan.readers.formats.instagram_scraper_posts import INSTAGRAM_SCRAPER_POSTS
from botscan.readers.formats.instaloader import INSTALOADER, INSTALOADER_OTHER, INSTALOADER_POSTS
from botscan.readers.formats.label_file import LABEL_FILE
from botscan.readers.formats.mastodon import (
    MASTODON,
    MASTODON_FOLLOWERS,
    MASTODON_FOLLOWING,
    MASTODON_MUTED,
    MASTODON_STATUSES,
)
from botscan.readers.formats.meta_insights import META_INSIGHTS
from botscan.readers.formats.own_files import HISTOGRAM_FILE, LABEL_SHEET, SCORE_FILE
from botscan.readers.formats.telegram import TELEGRAM, TELEGRAM_CHAT, TELEGRAM_MEMBERS
from botscan.readers.formats.tiktok import (
    TIKTOK_FOLLOWERS,
    TIKTOK_FOLLOWING,
    TIKTOK_SCRAPER,
    TIKTOK_SCRAPER_TABLE,
    TIKTOK_USER_INFO,
    TIKTOK_VIDEOS,
)
from botscan.readers.formats.tiktok_export import TIKTOK_EXPORT, TIKTOK_EXPORT_FOLLOWING
from botscan.readers.formats.twarc_csv import TWARC_CSV, TWARC_CSV_COMPLIANCE, TWARC_CSV_COUNTS, TWARC_CSV_LISTS
from botscan.readers.formats.twitter_csv import CRESCI_CSV, TWITTER_CSV
from botscan.readers.formats.twitter_v1 import TWITTER_V1
from botscan.readers.formats.twitter_v2 import TWITTER_V2
from botscan.readers.formats.x_archive import X_ARCHIVE_FOLLOWER, X_ARCHIVE_FOLLOWING, X_ARCHIVE_TWEETS
from botscan.readers.formats.x_graphql import (
    HAR_OTHER,
    X_GRAPHQL,
    X_GRAPHQL_FOLLOWING,
    X_GRAPHQL_POSTS,
    X_GRAPHQL_USER,
)
from botscan.readers.formats.x_scrapers import SNSCRAPE_OTHER, X_SCRAPERS
from botscan.readers.formats.youtube import (
    YOUTUBE_CHANNELS,
    YOUTUBE_SUBSCRIPTIONS,
    YOUTUBE_SUBSCRIPTIONS_MADE,
    YOUTUBE_TAKEOUT,
)

#: Every format that is known, by platform; the generic one, which has no signature, last.
FORMATS: tuple[Format, ...] = (
    TWITTER_V1,
    TWITTER_V2,
    TWARC_CSV,
    TWARC_CSV_COUNTS,
    TWARC_CSV_LISTS,
    TWARC_CSV_COMPLIANCE,
    TWITTER_CSV,
    CRESCI_CSV,
    X_GRAPHQL,
    X_GRAPHQL_USER,
    X_GRAPHQL_FOLLOWING,
    X_GRAPHQL_POSTS,
    HAR_OTHER,
    X_SCRAPERS,
    SNSCRAPE_OTHER,
    X_ARCHIVE_FOLLOWER,
    X_ARCHIVE_FOLLOWING,
    X_ARCHIVE_TWEETS,
    INSTAGRAM_EXPORT,
    INSTAGRAM_FOLLOWING,
    INSTAGRAM_OTHER_LIST,
    INSTAGRAM_POSTS,
    INSTALOADER,
    INSTALOADER_POSTS,
    INSTALOADER_OTHER,
    INSTAGRAM_SCRAPER,
    INSTAGRAM_SCRAPER_FOLLOWING,
    INSTAGRAM_SCRAPER_POSTS,
    CROWDTANGLE_FACEBOOK,
    CROWDTANGLE_INSTAGRAM,
    META_INSIGHTS,
    TIKTOK_EXPORT,
    TIKTOK_EXPORT_FOLLOWING,
    TIKTOK_FOLLOWERS,
    TIKTOK_FOLLOWING,
    TIKTOK_USER_INFO,
    TIKTOK_SCRAPER,
    TIKTOK_SCRAPER_TABLE,
    TIKTOK_VIDEOS,
    YOUTUBE_SUBSCRIPTIONS,
    YOUTUBE_SUBSCRIPTIONS_MADE,
    YOUTUBE_CHANNELS,
    YOUTUBE_TAKEOUT,
    MASTODON,
    MASTODON_FOLLOWERS,
    MASTODON_FOLLOWING,
    MASTODON_MUTED,
    MASTODON_STATUSES,
    BLUESKY_FOLLOWERS,
    BLUESKY_FOLLOWS,
    BLUESKY_PROFILES,
    BLUESKY_FEED,
    TELEGRAM,
    TELEGRAM_MEMBERS,
    TELEGRAM_CHAT,
    GITHUB_STARGAZERS,
    GITHUB_STARGAZERS_TABLE,
    GITHUB_USERS,
    GITHUB_PROFILES,
    LABEL_FILE,
    LABEL_SHEET,
    SCORE_FILE,
    HISTOGRAM_FILE,
    GENERIC,
)
FORMAT: dict[str, Format] = {one.name: one for one in FORMATS}

__all__ = ["FORMAT", "FORMATS", "GENERIC", "Field", "Format", "RecordMap", "Unpacked"]
