"""Surroundings: which files lie beside a list in a platform's download and are known to be about something else.

Source of the names: folders and files that public readers of the downloads of Instagram, X, TikTok and of Instaloader
name. A file that is not known is told; so a name missing here costs a line in the report, and none costs a list.
"""

from __future__ import annotations

import re

_INSTAGRAM_FOLDERS = (
    "account_information|ads_and_businesses|ads_and_content|ads_and_topics|ads_information|apps_and_websites"
    "|apps_and_websites_off_of_instagram|autofill_information|avatars_store|comments|comments_settings|connections"
    "|contacts|content|device_information|digital_wallets|events|files|followers_and_following|fundraisers|guides"
    "|information_about_you|instagram_ads_and_businesses|likes|logged_information|login_and_account_creation"
    "|loyalty_accounts|media|messages|monetization|other_activity|past_instagram_insights|personal_information"
    "|preferences|profile_updates|recent_searches|reels|reports|saved|security_and_login_information|settings|shopping"
    "|story_interactions|story_sticker_interactions|subscriptions|surveys|threads|your_instagram_activity|your_topics"
)
#: Lists beside the followers, also where somebody took them out of their folder.
_INSTAGRAM_LISTS = (
    "blocked_(?:profiles|accounts)|close_friends|follow_requests_[^/]*|following(?:_hashtags)?|hide_story_from"
    "|pending_follow_requests|recent_follow_requests|recently_unfollowed_(?:profiles|accounts)|removed_suggestions"
    "|restricted_(?:profiles|accounts)|(?:profiles|accounts)_you've_favorited"
)
_BESIDE = {
    "instagram_export": rf"(?:^|/)(?:{_INSTAGRAM_FOLDERS})/(?:.*/)?[^/]*\.(?:json|txt)$"
    rf"|(?:^|/)(?:{_INSTAGRAM_LISTS})\.json$",
    "x_archive_follower": r"\.js$|(?:^|/)README\.txt$",
    "tiktok_export": r"(?:^|/)[A-Z][^/]*\.txt$",
    "instaloader": r"_UTC(?:_[0-9]+)?\.(?:txt|json)(?:\.xz)?$|(?:^|/)(?:iterator_[^/]*|id)(?:\.json)?(?:\.xz)?$",
}
_SAME_EXPORT = {
    **dict.fromkeys(("instagram_following", "instagram_posts"), "instagram_export"),
    **dict.fromkeys(("x_archive_following", "x_archive_tweets"), "x_archive_follower"),
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _BESIDE.items()}


def is_about_something_else(name: str, form: str) -> bool:
    """Whether a file beside a list of a format is, by its name, another file of the same download.

    Parameters
    ----------
    name
        With ``/`` between folders.
    form
        Name of the format of the list.

    Examples
    --------
    >>> [is_about_something_else(name, "x_archive_follower") for name in ("data/ad-engagements.js", "profiles.csv")]
    [True, False]
    """
    pattern = _PATTERNS.get(_SAME_EXPORT.get(form, form))
    return pattern is not None and pattern.search(name) is not None
