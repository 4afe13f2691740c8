"""Guides: for each platform how to get a list of followers, its cost and limits, and what it is good for."""

from botscan.readers.guides.bluesky import BLUESKY
from botscan.readers.guides.facebook import FACEBOOK
from botscan.readers.guides.github import GITHUB
from botscan.readers.guides.guide import NOT_CHECKED, Claim, PlatformGuide, Way
from botscan.readers.guides.instagram import INSTAGRAM
from botscan.readers.guides.levels import LEVELS, Level
from botscan.readers.guides.mastodon import MASTODON
from botscan.readers.guides.telegram import TELEGRAM
from botscan.readers.guides.tiktok import TIKTOK
from botscan.readers.guides.twitter import TWITTER
from botscan.readers.guides.youtube import YOUTUBE

#: Canonical name of a platform to its guide.
GUIDES: dict[str, PlatformGuide] = {
    guide.platform: guide
    for guide in (TWITTER, INSTAGRAM, TIKTOK, YOUTUBE, FACEBOOK, MASTODON, BLUESKY, TELEGRAM, GITHUB)
}

__all__ = ["GUIDES", "LEVELS", "NOT_CHECKED", "Claim", "Level", "PlatformGuide", "Way"]
