"""Facebook: no list of followers is read from the platform itself; tables of CrowdTangle and tables from elsewhere."""

from __future__ import annotations

from botscan.readers.guides.any_table import any_table
from botscan.readers.guides.crowdtangle import counts_over_time, page_posts
from botscan.readers.guides.guide import PlatformGuide, recalled, shown
from botscan.readers.guides.meta_insights import followers_gained

FACEBOOK = PlatformGuide(
    platform="facebook",
    title="Facebook",
    summary=(
        recalled("Facebook offers no download of the followers of a page."),
        shown(
            "botscan reads no export of Facebook that holds followers; it reads counts over time, and any table that"
            " you have by other means."
        ),
    ),
    ways=(
        any_table("facebook"),
        followers_gained(),
        counts_over_time("crowdtangle_facebook"),
        page_posts("crowdtangle_facebook"),
    ),
    id_dates=(shown("Ids of Facebook do not say when an account was made; botscan derives nothing from them."),),
)
