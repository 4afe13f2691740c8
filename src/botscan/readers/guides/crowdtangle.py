"""CrowdTangle: what its tables give for Facebook and Instagram, now that the service is closed."""

from __future__ import annotations

from botscan.readers.guides.guide import Way, recalled, shown, stated

_CLOSED = "https://www.business-standard.com/amp/technology/tech-news/meta-ignores-pleas-kills-off-misinformation-tracking-tool-crowdtangle-124081500064_1.html"

_SERVICE_CLOSED = stated(
    "Meta closed the service in August 2024. What took its place, the Meta Content Library, is open to academic and"
    " nonprofit researchers only.",
    _CLOSED,
)


def counts_over_time(format_name: str) -> Way:
    """Return the way of counts of followers at each post, in tables of CrowdTangle."""
    return Way(
        name="crowdtangle",
        title="Tables of CrowdTangle: followers at the time of each post",
        gives="series",
        formats=(format_name,),
        steps=(shown("For tables that you already hold. Read the counts with bs.read_series."),),
        cost=(recalled("Was free of charge."),),
        limits=(_SERVICE_CLOSED,),
        absent=(shown("The followers themselves: nothing in it can be scored."),),
    )


def page_posts(format_name: str) -> Way:
    """Return the way of posts of pages, in tables of CrowdTangle."""
    return Way(
        name="crowdtangle_posts",
        title="The same tables: posts of pages with their likes, comments and shares",
        gives="own_posts",
        formats=(format_name,),
        steps=(shown("The same files, read with bs.read_posts."),),
        cost=(recalled("Was free of charge."),),
        limits=(_SERVICE_CLOSED,),
        absent=(shown("Who liked, commented or shared."),),
    )
