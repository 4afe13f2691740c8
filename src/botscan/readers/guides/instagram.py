"""Instagram: the download of an account, tools that copy pages, profiles of Instaloader, CrowdTangle."""

from __future__ import annotations

from botscan.readers.guides.any_table import any_table
from botscan.readers.guides.crowdtangle import counts_over_time, page_posts
from botscan.readers.guides.guide import PlatformGuide, Way, recalled, shown, stated
from botscan.readers.guides.meta_insights import followers_gained

_DOWNLOAD_JOB = "https://hooleft.me/blog/how-instagram-data-download-actually-works"
_INSTALOADER = "https://instaloader.github.io/cli-options.html"

_TERMS = recalled("Meta's terms forbid automated collection without permission; ask your legal office first.")

_DOWNLOAD = Way(
    name="download",
    title="Download your information, from your own account",
    gives="list",
    formats=("instagram_export",),
    steps=(
        recalled(
            "Accounts Centre (Pusat Akun) > Your information and permissions (Informasi dan izin Anda) > Download your"
            " information (Unduh informasi Anda); newer menus say Export instead of Download."
        ),
        shown(
            "Choose followers only, the format JSON, and the whole time: HTML is refused, and a date range leaves older"
            " followers out."
        ),
        shown("Give botscan the ZIP as it came. Lists split into followers_1.json, followers_2.json are joined."),
    ),
    cost=(recalled("Free of charge."),),
    limits=(
        stated(
            "A third party describes it so: most downloads are ready within four hours, all within 48; the link works"
            " for about four days.",
            _DOWNLOAD_JOB,
        ),
        recalled("Only for an account that you can log in to."),
    ),
    bias=(shown("Only who still follows is in it, so the dates of following show who stayed, not how many came."),),
    list_order="by_followed_at",
    order=(shown("By the time of following, which each follower has; follow_rank 0 is the oldest."),),
    absent=(
        shown("Ids, counts, bios, pictures and creation dates; Instagram shows no creation date anywhere."),
        shown("With the profiles of these handles in a second file (below) the list reaches level 2 and a score."),
    ),
    command="botscan audit download.zip --observed-at 2026-06-30",
)

_SCRAPER = Way(
    name="scraper",
    title="A table or JSON of a tool that copies pages (Apify, PhantomBuster and others)",
    gives="list",
    formats=("instagram_scraper",),
    steps=(
        shown("Order the followers with details: only then are the three counts and the bio in it."),
        shown("Give the file as the tool wrote it; one spelling or another of the headers does not matter."),
    ),
    cost=(shown("The vendor sets the price; it is not known here."),),
    limits=(_TERMS, recalled("Instagram shows no more than a part of a long list to such tools.")),
    bias=(shown("Ask the vendor how many of the followers the file holds; a part is no random part."),),
    order=(shown("Unknown after a tool, so no follow_rank; the time in the file is when it was copied."),),
    absent=(
        shown("A plain list without details is level 1: handle, name, whether private, verified, with a picture."),
        shown("When somebody followed, and when the account was made."),
    ),
    command="botscan audit followers.csv",
)

_PROFILES = Way(
    name="instaloader",
    title="Profiles saved by Instaloader, to complete a list of handles",
    gives="profiles",
    formats=("instaloader",),
    steps=(
        stated("Run instaloader with the handles; private profiles need a login.", _INSTALOADER),
        recalled("The options --no-posts --no-profile-pic leave only the file about the profile."),
        shown("Put the files (one a profile, also .json.xz) into a folder and give it beside the list."),
    ),
    cost=(recalled("The tool is free."),),
    limits=(_TERMS, recalled("Instagram slows the tool down after a few hundred profiles.")),
    order=(shown("None of its own: the order is that of the list it completes."),),
    absent=(shown("The creation date; Instagram shows none."),),
    command="botscan audit download.zip profiles --observed-at 2026-06-30",
)

_POSTS = Way(
    name="posts",
    title="Posts of accounts",
    gives="posts",
    formats=("instagram_scraper_posts", "instaloader", "instaloader_posts"),
    steps=(shown("Files of the same tools about posts. Read them with bs.read_posts; no verb needs them yet."),),
    cost=(shown("As the tool."),),
    limits=(_TERMS,),
)

_OWN_POSTS = Way(
    name="own_posts",
    title="Posts of your own account, from the download",
    gives="own_posts",
    formats=("instagram_posts",),
    steps=(shown("They lie in the download when posts were chosen too. Read them with bs.read_posts."),),
    cost=(recalled("Free of charge."),),
    absent=(shown("Likes and comments: only the time and the text are in it."),),
)

INSTAGRAM = PlatformGuide(
    platform="instagram",
    title="Instagram",
    summary=(
        shown(
            "Your own download is complete and dated, and has no score by itself: it names handles and the time of"
            " following. Profiles with counts lift it to level 2; Instagram shows no creation dates, so not higher."
        ),
        recalled("Instagram's official interface gives businesses the number of followers, not their list."),
    ),
    ways=(
        _DOWNLOAD,
        _PROFILES,
        _SCRAPER,
        followers_gained(),
        counts_over_time("crowdtangle_instagram"),
        page_posts("crowdtangle_instagram"),
        _POSTS,
        _OWN_POSTS,
        any_table("instagram"),
    ),
    id_dates=(shown("Ids of Instagram do not say when an account was made; botscan derives nothing from them."),),
)
