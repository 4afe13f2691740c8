"""Profile links: which platform they are of, and the account id that some hold in place of a handle."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qs

import pyarrow as pa
import pyarrow.compute as pc

from botscan.cells.blanks import trim
from botscan.cells.parsed import flatten, is_text
from botscan.cells.profile_hosts import FACEBOOK_HOSTS, PROFILE_HOSTS, TWITTER_HOSTS, YOUTUBE_HOSTS

_LONGEST_LINK = 4_096
CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
DID = re.compile(r"did:(?:plc|web):[A-Za-z0-9.:%_-]{1,300}")
_LINK = re.compile(r"(?:https?://)?(?:www\.)?([a-z0-9.-]+\.[a-z]{2,})/([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.IGNORECASE)
#: Servers of e-mail: name@server of these is an address, no account of the Fediverse.
MAIL_SERVERS = frozenset(
    {
        "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.id", "ymail.com", "hotmail.com", "outlook.com",
        "live.com", "icloud.com", "me.com", "aol.com", "proton.me", "protonmail.com", "gmx.com", "gmx.de", "mail.com",
    }
)  # fmt: skip

#: Hosts whose ``/@name`` is not of the Fediverse.
_NO_PLATFORM = frozenset({"medium.com", "threads.net", "threads.com", "substack.com"})
_PLACE = r"^\s*(?:https?://)?(?:www\.)?(?P<place>[A-Za-z0-9.-]+\.[A-Za-z]{2,}/@?)"
_SERVER = r"^\s*@?[^@/\s,;|]+@(?P<server>[^@/\s,;|]+\.[^@/\s,;|.]{2,})\s*$"
_BLUESKY = r"^\s*@?[^@/\s]+(?P<server>\.bsky\.social)\s*$"


def id_of_link(text: str) -> str | None:
    """Return the account id that a profile link holds in place of a handle, None when it holds none.

    Examples
    --------
    >>> id_of_link("https://www.facebook.com/profile.php?id=100004471"), id_of_link("https://x.com/ana")
    ('100004471', None)
    """
    if "/" not in text or len(text) > _LONGEST_LINK:
        return None
    found = _LINK.fullmatch(trim(text))
    if found is None:
        return None
    host, path, query = found[1].lower(), found[2].strip("/"), found[3] or ""
    if host in FACEBOOK_HOSTS:
        return _number(query, "id") if path == "profile.php" else None
    if host in TWITTER_HOSTS:
        if path in {"intent/user", "intent/follow"}:
            return _number(query, "user_id")
        number = path.removeprefix("i/user/")
        return number if number != path and _is_number(number) else None
    if host in YOUTUBE_HOSTS:
        channel = path.removeprefix("channel/").partition("/")[0]
        return channel if path.startswith("channel/") and CHANNEL.fullmatch(channel) else None
    if host == "bsky.app":
        did = path.removeprefix("profile/")
        return did if did != path and DID.fullmatch(did) else None
    return None


def _number(query: str, name: str) -> str | None:
    """Return the number that a query gives a name, None unless it is given once."""
    try:
        values = parse_qs(query, max_num_fields=100).get(name, [])
    except ValueError:
        return None
    return values[0] if len(values) == 1 and _is_number(values[0]) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 20


def platform_votes(cells: pa.Array | pa.ChunkedArray) -> dict[str, int]:
    """Count the cells that say by a link or a server which platform they are of, most votes first.

    Examples
    --------
    >>> platform_votes(pa.array(["https://instagram.com/ana", "instagram.com/budi", "@citra@ruang.example", "dewi"]))
    {'instagram': 2, 'mastodon': 1}
    """
    array = flatten(cells)
    votes: Counter[str] = Counter()
    if not is_text(array.type):
        return {}
    for place, n in _counted(array, _PLACE):
        host, _, name = place.lower().partition("/")
        platform, _ = PROFILE_HOSTS.get(host, (None, ""))
        if platform is None and name and host not in _NO_PLATFORM:
            platform = "mastodon"
        if platform is not None:
            votes[platform] += n
    votes["mastodon"] += sum(n for server, n in _counted(array, _SERVER) if server.lower() not in MAIL_SERVERS)
    votes["bluesky"] += sum(n for _, n in _counted(array, _BLUESKY))
    return {platform: n for platform, n in sorted(votes.items(), key=lambda pair: (-pair[1], pair[0])) if n}


def _counted(texts: pa.Array, pattern: str) -> list[tuple[str, int]]:
    """Return the texts that the one group of a pattern takes, and how often each."""
    found = pc.struct_field(pc.extract_regex(texts, pattern), [0]).drop_null()
    return [(item["values"], int(item["counts"])) for item in found.value_counts().to_pylist()]
