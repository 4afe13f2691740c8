"""Hosts of profile links: which platform each is of, and what stands before the handle in its paths."""

from __future__ import annotations

TWITTER_HOSTS = ("x.com", "twitter.com", "mobile.twitter.com", "mobile.x.com")
FACEBOOK_HOSTS = ("facebook.com", "m.facebook.com", "web.facebook.com", "mobile.facebook.com")
YOUTUBE_HOSTS = ("youtube.com", "m.youtube.com")

#: Host to platform and what stands before the handle, without ``www.``; what is not here may be a server of the
#: Fediverse.
PROFILE_HOSTS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(TWITTER_HOSTS, ("twitter", "")),
    **dict.fromkeys(FACEBOOK_HOSTS, ("facebook", "")),
    **dict.fromkeys(YOUTUBE_HOSTS, ("youtube", "@")),
    **dict.fromkeys(("tiktok.com", "m.tiktok.com"), ("tiktok", "@")),
    **dict.fromkeys(("t.me", "telegram.me"), ("telegram", "")),
    "instagram.com": ("instagram", ""),
    "bsky.app": ("bluesky", "profile/"),
    "github.com": ("github", ""),
}
