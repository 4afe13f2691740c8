"""Records of twscrape and snscrape: accounts and posts of X, in the envelope that both tools share.

Source of the field names: the record classes of JustAnotherArchivist/snscrape and vladkens/twscrape (MIT).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked, at, changed, first_of
from botscan.readers.formats.twitter_v1 import is_own_picture
from botscan.readers.formats.x_archive import app_of, is_repost_text, without_escapes

_ENVELOPE = "snscrape.modules."
_OF_X = "snscrape.modules.twitter"
#: Only twscrape writes these keys.
_OF_TWSCRAPE = ("id_str", "pinnedIds")
_COUNTS = ("followersCount", "friendsCount", "statusesCount", "favouritesCount", "listedCount", "mediaCount")
#: What twscrape fills with zeros and empty texts when it knows nothing but the identity.
_FILLED = frozenset((*_COUNTS, "created", "rawDescription", "location", "descriptionLinks"))
_ZEROS = ("0", "0.0")
_UNIX_START = "1970-01-01"
#: Links of a profile that are looked at.
_MOST_LINKS = 10
#: Units to which counts are rounded, and the zeros of each; how such counts are written.
_ZEROS_CUT = {10**n: n for n in range(1, 10)}
_SUFFIXES = ((3, "K"), (6, "M"), (9, "B"))
_CHECKED_TYPES = ("Business", "Government")

_USER_KEYS = ("rawDescription", "displayname", "followersCount", "friendsCount", "statusesCount", "favouritesCount")
_POST_KEYS = ("rawContent", "likeCount", "retweetCount", "replyCount", "inReplyToTweetId", "conversationId")


def _type_of(value: Json) -> str:
    kind = value.get("_type")
    return kind if isinstance(kind, str) else ""


def _is_of_x(value: Json) -> bool:
    kind = _type_of(value)
    if kind.startswith(_ENVELOPE):
        return kind.startswith(_OF_X)
    return "rawDescription" in value and "followersCount" in value


def _evidence(values: Sequence[Json]) -> int:
    keys = {key for value in values if _is_of_x(value) for key in value}
    return sum(key in keys for key in ("_type", *_USER_KEYS, *_POST_KEYS))


def _header_evidence(words: Collection[str]) -> int:
    found = set(words)
    users = {"raw description", "displayname", "followers count", "friends count", "statuses count", "favourites count"}
    posts = {"raw content", "like count", "retweet count", "reply count", "in reply to tweet id", "conversation id"}
    if {"raw description", "followers count"} <= found:
        return len(users & found)
    return len(posts & found) if {"raw content", "like count"} <= found else 0


def _other_evidence(values: Sequence[Json]) -> int:
    kinds = [kind for value in values if (kind := _type_of(value)).startswith(_ENVELOPE)]
    return 1 if kinds and not any(map(_is_of_x, values)) else 0


def _is_post(value: Json) -> bool:
    kind = _type_of(value)
    return "rawContent" in value or (kind.startswith(_OF_X) and kind.endswith("Tweet"))


def _unpack(value: Json) -> Unpacked | None:
    """Take the account itself, or the author of a post."""
    if not _is_post(value):
        return _without_fillers(value)
    author = value.get("user")
    if not isinstance(author, dict):
        return Unpacked(({},), ("no_identity",))
    return _without_fillers(author) or Unpacked((author,))


def _without_fillers(user: Json) -> Unpacked | None:
    """Drop the zeros of an account of which twscrape knows nothing; None when there are none to drop."""
    if not _is_without_date(user.get("created")) or not _is_of_twscrape(user):
        return None
    counts = [user[key] for key in _COUNTS if user.get(key) is not None]
    if not counts or not all(map(_is_zero, counts)):
        return None
    known = {key: value for key, value in user.items() if key not in _FILLED or not _is_filler(value)}
    return Unpacked((known,), counts={"zeros_unknown": 1})


def _is_of_twscrape(user: Json) -> bool:
    return any(key in user for key in _OF_TWSCRAPE)


def _is_without_date(created: Any) -> bool:
    if isinstance(created, str) and created.startswith(_UNIX_START):
        return True
    return created is None or created == "" or _is_zero(created)


def _is_zero(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip() in _ZEROS
    return isinstance(value, int | float) and not isinstance(value, bool) and value == 0


def _is_filler(value: Any) -> bool:
    return value in ("", []) or _is_without_date(value)


def _listed(records: Sequence[Json]) -> list[Any]:
    """Take the lists that hold an account; X no longer tells twscrape, which then writes 0."""
    counts = _count("listedCount")(records)
    return [
        None if _is_zero(count) and _is_of_twscrape(record) else count
        for count, record in zip(counts, records, strict=True)
    ]


def _count(key: str) -> Callable[[Sequence[Json]], list[Any]]:
    """Return a function that takes counts, those that the source rounded as text that says so."""
    rounding = f"{key}.granularity"

    def values(records: Sequence[Json]) -> list[Any]:
        return [_as_rounded(record.get(key), record.get(rounding)) for record in records]

    return values


def _as_rounded(count: Any, granularity: Any) -> Any:
    """Write a count that is rounded to tens, hundreds, ... with the digits that are known: 12300, 100 as 12.3K."""
    if type(granularity) is not int or type(count) is not int or granularity not in _ZEROS_CUT:
        return count
    if count <= 0 or count % granularity:
        return count
    n_cut = _ZEROS_CUT[granularity]
    n_suffix, suffix = next(pair for pair in _SUFFIXES if pair[0] >= n_cut)
    whole, rest = divmod(count // granularity, 10 ** (n_suffix - n_cut))
    fraction = f".{rest:0{n_suffix - n_cut}d}" if n_suffix > n_cut else ""
    return f"{whole}{fraction}{suffix}"


def _bios(records: Sequence[Json]) -> list[Any]:
    """Take bios; an empty cell in a table of snscrape can stand for an unknown one."""
    bios = changed(at("rawDescription"), without_escapes)(records)
    return [
        None if bio == "" and _is_row(record) and not _is_of_twscrape(record) else bio
        for bio, record in zip(bios, records, strict=True)
    ]


def _is_row(user: Json) -> bool:
    """Whether the record was a row of a table, in which numbers are text."""
    return isinstance(user.get("followersCount"), str)


def _websites(records: Sequence[Json]) -> list[Any]:
    links = first_of(at("link", "url"), at("linkUrl"))(records)
    return [_website(record) if link is None else link for link, record in zip(links, records, strict=True)]


def _website(user: Json) -> Any:
    """Take the site from the links of twscrape, which begin with those of the bio; "" where there is known to be none.

    snscrape lists links of the bio apart, and gives ``"link": null`` for a whole profile without a site.
    """
    if not _is_of_twscrape(user):
        is_without = "link" in user and user["link"] is None
        return "" if is_without and type(user.get("followersCount")) is int else None
    links, bio = user.get("descriptionLinks"), user.get("rawDescription")
    if not isinstance(links, list):
        return None
    for link in links[:_MOST_LINKS]:
        short = link.get("tcourl") if isinstance(link, dict) else None
        if isinstance(link, dict) and not (isinstance(short, str) and isinstance(bio, str) and short in bio):
            return link.get("url")
    return ""


def _verified(records: Sequence[Json]) -> list[Any]:
    """Take checks of identity; ``blue`` is paid for and tells nothing."""
    badges = zip(at("verified")(records), at("blueType")(records), strict=True)
    return [True if kind in _CHECKED_TYPES else verified for verified, kind in badges]


_FIELDS = (
    Field("account_id", first_of(at("id_str"), at("id.str"), at("id"))),
    Field("handle", at("username")),
    Field("display_name", changed(at("displayname"), without_escapes)),
    Field("bio", _bios),
    Field("location", changed(at("location"), without_escapes)),
    Field("website", _websites),
    Field("created_at", at("created")),
    Field("followers_count", _count("followersCount")),
    Field("following_count", _count("friendsCount")),
    Field("posts_count", _count("statusesCount")),
    Field("likes_given_count", _count("favouritesCount")),
    Field("listed_count", _listed),
    Field("is_verified", _verified),
    Field("is_private", at("protected")),
    Field("has_avatar", changed(at("profileImageUrl"), is_own_picture)),
)

_KNOWN = (
    "_type id id_str id.str url username displayname rawDescription renderedDescription description descriptionLinks"
    " descriptionUrls verified blue blueType created location protected link linkUrl linkTcourl profileImageUrl"
    " profileBannerUrl label pinnedIds affiliation"
)


def _unpack_post(value: Json) -> Unpacked | None:
    """Take posts as they are; accounts between them are none."""
    return None if _is_post(value) else Unpacked(())


def _reposted(records: Sequence[Json]) -> list[Any]:
    """Tell reposts by the post inside, or by the way their text begins."""
    inner = at("retweetedTweet")(records)
    texts = map(is_repost_text, _TEXTS(records))
    return [True if isinstance(post, dict) or is_text else is_text for post, is_text in zip(inner, texts, strict=True)]


def _replied(records: Sequence[Json]) -> list[Any]:
    answered = first_of(at("inReplyToTweetIdStr"), at("inReplyToTweetId"))(records)
    return [
        post not in (None, "") if "inReplyToTweetId" in record else None
        for post, record in zip(answered, records, strict=True)
    ]


_TEXTS = changed(first_of(at("rawContent"), at("content")), without_escapes)

_KNOWN_OF_POSTS = (
    "_type id id_str id.str url date user lang rawContent content renderedContent replyCount retweetCount"
    " likeCount quoteCount bookmarkCount bookmarkedCount viewCount conversationId conversationIdStr hashtags"
    " cashtags mentionedUsers links outlinks tcooutlinks media card retweetedTweet quotedTweet place"
    " coordinates inReplyToTweetId inReplyToTweetIdStr inReplyToUser inReplyToScreenName source sourceUrl"
    " sourceLabel possibly_sensitive isQuoteStatus isTranslatable displayTextRange editControl voiceInfo vibe"
    " editState"
)
_POSTS = RecordMap(
    unpack=_unpack_post,
    fields=(
        Field("account_id", first_of(at("user", "id_str"), at("user", "id.str"), at("user", "id"))),
        Field("post_id", first_of(at("id_str"), at("id.str"), at("id"))),
        Field("posted_at", at("date")),
        Field("text", _TEXTS),
        Field("language", at("lang")),
        Field("source_app", first_of(at("sourceLabel"), changed(at("source"), app_of))),
        Field("likes_count", _count("likeCount")),
        Field("comments_count", _count("replyCount")),
        Field("reposts_count", _count("retweetCount")),
        Field("views_count", _count("viewCount")),
        Field("is_repost", _reposted),
        Field("is_reply", _replied),
    ),
    known_keys=frozenset(_KNOWN_OF_POSTS.split()),
)

X_SCRAPERS = Format(
    name="x_scrapers",
    title="records of twscrape or snscrape: accounts or posts of X",
    platform="twitter",
    evidence=_evidence,
    header_evidence=_header_evidence,
    accounts=RecordMap(
        unpack=_unpack,
        fields=_FIELDS,
        known_keys=frozenset((*_KNOWN.split(), *_COUNTS, *(f"{key}.granularity" for key in _COUNTS))),
    ),
    posts=_POSTS,
)

SNSCRAPE_OTHER = Format(
    name="snscrape_other",
    title="records of snscrape from another platform than X",
    evidence=_other_evidence,
    refusal=(
        "These are records of snscrape from Instagram, Mastodon, Telegram or another platform than X; of this tool only"
        " accounts and posts of X are read."
    ),
)
