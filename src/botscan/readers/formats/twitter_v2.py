"""X API v2: pages of users or posts as the API or twarc2 write them, and users and posts flattened by twarc2.

Source of the field names: the user and post objects of the API's reference; shapes as in DocNow/twarc-csv test data
(MIT).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked, at, changed, first_of, objects_of
from botscan.readers.formats.twitter_v1 import is_own_picture, language_of_post, starts_as_repost, without_entities

_PAGE_KEYS = ("meta", "includes", "errors", "__twarc")
#: One of these tells a post from records of other services that have an ``author_id`` and a ``text``.
_OF_POSTS = ("public_metrics", "author", "__twarc", "referenced_tweets", "conversation_id", "edit_history_tweet_ids")
#: What the API gives when no other field is asked for, and what twarc2 adds to it.
_DEFAULT_FIELDS = frozenset({"id", "name", "username", "__twarc"})
#: Paid badges came in this month; before it a badge was a check of identity.
_PAID_BADGES_FROM = "2023-04"


def _evidence(values: Sequence[Json]) -> int:
    objects = objects_of([_with_list(value) for value in values], "data")
    users = [user for user in objects if "username" in user and not _has_text_of_author(user)]
    page_keys = {key for value in values if "data" in value for key in _PAGE_KEYS if key in value}
    keys = {key for user in users for key in user}
    n_flat = sum(key in keys for key in ("public_metrics", "__twarc"))
    n_of_posts = _evidence_of_posts([item for item in objects if _has_text_of_author(item)], values)
    if users and (page_keys or n_flat):
        return max(n_of_posts, 1 + n_flat + len(page_keys))
    if n_of_posts:
        return n_of_posts
    if users and any(isinstance(value.get("data"), dict) for value in values):
        return 1
    is_empty_page = any(_says_no_results(value) or _missing_users(value) for value in values)
    return 1 if is_empty_page else 0


def _evidence_of_posts(posts: Sequence[Mapping[str, Any]], values: Sequence[Json]) -> int:
    keys = {key for post in posts for key in post}
    # The author as a name: comments of another service.
    if not posts or any(isinstance(post.get("author"), str) for post in posts):
        return 0
    page_keys = {key for value in values if "data" in value for key in _PAGE_KEYS if key in value}
    if not any(_counts_results(value) for value in values):
        page_keys.discard("meta")  # pages of many services have one
    n_found = len(page_keys) + sum(key in keys for key in _OF_POSTS)
    return 2 + n_found if n_found else 0


def _has_text_of_author(value: Mapping[str, Any]) -> bool:
    return "author_id" in value and "text" in value


def _is_post(value: Any) -> bool:
    return isinstance(value, dict) and "text" in value and ("author_id" in value or "username" not in value)


def _counts_results(value: Json) -> bool:
    meta = value.get("meta")
    return isinstance(meta, dict) and "result_count" in meta


def _with_list(value: Json) -> Json:
    """Put the object with which a look-up of one user answers into a list, as pages have it."""
    data = value.get("data")
    return {**value, "data": [data]} if isinstance(data, dict) else value


def _says_no_results(value: Json) -> bool:
    meta = value.get("meta")
    return isinstance(meta, dict) and meta.get("result_count") == 0 and not value.get("data")


def _accounts_in(value: Json) -> Unpacked | None:
    if _is_post(value):
        return _page_of_authors([_author_of(value, value.get("__twarc"))])
    if "username" in value or not _is_page(value):
        return _page_of_authors([value]) if _has_only_defaults(value) else None
    data = _listed(value)
    return _authors_of_page(value, data) if any(map(_is_post, data)) else _users_of_page(value, data)


def _is_page(value: Json) -> bool:
    return "data" in value or any(isinstance(value.get(key), dict | list) for key in ("meta", "errors"))


def _listed(page: Json) -> list[Any]:
    data = _with_list(page).get("data")
    return data if isinstance(data, list) else []


def _users_of_page(page: Json, data: Sequence[Any]) -> Unpacked:
    twarc = page.get("__twarc")
    users = [_with_twarc(user, twarc) for user in data]
    missing = _missing_users(page)
    reasons = [None] * len(users) + [_reason(entry) for entry in missing]
    is_list_page = _counts_results(page)
    return Unpacked(
        [*users, *(_named_in(entry) for entry in missing)],
        reasons if missing else (),
        newest_first=is_list_page or _is_follower_request(twarc),
        complete="next_token" not in page["meta"] if is_list_page else None,
        subject=_subject(twarc),
        counts=_count_defaults(users),
    )


def _authors_of_page(page: Json, posts: Sequence[Any]) -> Unpacked:
    """Return who wrote the posts of a page, each once; people who are only mentioned in them are left out."""
    twarc = page.get("__twarc")
    includes = page.get("includes")
    listed = includes.get("users") if isinstance(includes, dict) else None
    known = {
        user["id"]: user
        for user in (listed if isinstance(listed, list) else [])
        if isinstance(user, dict) and isinstance(user.get("id"), str | int)
    }
    missing = [entry for entry in _missing_users(page) if entry.get("parameter") == "author_id"]
    gone = {entry["value"] for entry in missing if isinstance(entry.get("value"), str | int)}
    authors: dict[str | int, Json] = {}
    others: list[Any] = []
    for post in posts:
        author_id = post.get("author_id") if isinstance(post, dict) else None
        if not isinstance(author_id, str | int):
            others.append(_author_of(post, twarc))
        elif author_id not in authors and author_id not in gone:
            user = known.get(author_id)
            authors[author_id] = _author_of(post, twarc) if user is None else _with_twarc(user, twarc)
    records = [*authors.values(), *others]
    reasons = [None] * len(records) + [_reason(entry) for entry in missing]
    records += [_named_in(entry) for entry in missing]
    return Unpacked(records, reasons if missing else (), counts=_count_defaults(records))


def _author_of(post: Any, twarc: Any) -> Any:
    """Return who wrote a post; where only the id is told, without the time, so that it never replaces a profile."""
    if not isinstance(post, dict):
        return post
    author = post.get("author")
    author_id = post.get("author_id")
    return _with_twarc({"id": author_id, **author}, twarc) if isinstance(author, dict) else {"id": author_id}


def _with_twarc(user: Any, twarc: Any) -> Any:
    """Give a user of a page what twarc2 wrote about the page; the page itself stays as it is."""
    return {"__twarc": twarc, **user} if isinstance(user, dict) and isinstance(twarc, dict) else user


def _page_of_authors(authors: Sequence[Any]) -> Unpacked:
    return Unpacked(authors, counts=_count_defaults(authors))


def _count_defaults(users: Sequence[Any]) -> dict[str, int]:
    n = sum(_has_only_defaults(user) for user in users)
    return {"only_default_fields": n} if n else {}


def _has_only_defaults(user: Any) -> bool:
    if not isinstance(user, dict) or len(user) > len(_DEFAULT_FIELDS):
        return False
    return "username" in user and _DEFAULT_FIELDS.issuperset(user)


def _posts_in(value: Json) -> Unpacked | None:
    if _is_post(value):
        return None
    if "username" in value:
        return Unpacked(())
    if not _is_page(value):
        return None
    twarc = value.get("__twarc")
    posts = [item for item in _listed(value) if not (isinstance(item, dict) and "username" in item)]
    return Unpacked([_with_twarc(post, twarc) for post in posts])


def _is_follower_request(twarc: Any) -> bool:
    return _path_asked(twarc)[-1:] == ["followers"]


def _subject(twarc: Any) -> str | None:
    """Return whose followers were asked for: ``.../2/users/5/followers``."""
    path = _path_asked(twarc)
    return path[-2] or None if path[-3::2] == ["users", "followers"] else None


def _path_asked(twarc: Any) -> list[str]:
    url = twarc.get("url") if isinstance(twarc, dict) else None
    return url.partition("?")[0].split("/") if isinstance(url, str) else []


def _missing_users(page: Json) -> list[Json]:
    """Entries of ``errors`` about users; most entries are about pinned posts."""
    errors = page.get("errors")
    if not isinstance(errors, list):
        return []
    return [entry for entry in errors if isinstance(entry, dict) and entry.get("resource_type") == "user"]


def _reason(entry: Json) -> str | None:
    words = f"{entry.get('title')} {entry.get('detail')}".lower()
    if "suspended" in words:
        return "suspended"
    return "not_found" if "not found" in words or "could not find" in words else None


def _named_in(entry: Json) -> Json:
    """Return the account an error speaks of; nothing else is known of it."""
    parameter = str(entry.get("parameter"))
    value = entry.get("value", entry.get("resource_id"))
    key = "username" if "username" in parameter else "id"
    return {key: value, "account_status": "unknown"}


def _verified(records: Sequence[Json]) -> list[Any]:
    """Tell checks of identity from paid badges; a badge without its kind tells nothing once badges were for sale."""
    badges = zip(
        at("verified")(records), at("verified_type")(records), at("__twarc", "retrieved_at")(records), strict=True
    )
    return [_is_checked(verified, kind, seen) for verified, kind, seen in badges]


def _is_checked(verified: Any, kind: Any, seen: Any) -> bool | None:
    if kind in ("business", "government"):
        return True
    if kind in ("blue", "none") or verified is False:
        return False
    was_free = isinstance(seen, str) and seen[: len(_PAID_BADGES_FROM)] < _PAID_BADGES_FROM
    return True if verified is True and was_free else None


def _is_repost(records: Sequence[Json]) -> list[Any]:
    """Tell reposts by what they refer to, else by their text: the API begins every repost with ``RT @``."""
    answers: list[bool | None] = []
    for post in records:
        kinds, text = _kinds_referred_to(post), post.get("text")
        if "retweeted" in (kinds or ()) or starts_as_repost(text):
            answers.append(True)
        else:
            answers.append(False if kinds is not None or (isinstance(text, str) and text) else None)
    return answers


def _is_reply(records: Sequence[Json]) -> list[Any]:
    """Tell replies; a post that refers to nothing is surely none only where such fields were asked for."""
    answers: list[bool | None] = []
    for post in records:
        kinds, user = _kinds_referred_to(post), post.get("in_reply_to_user_id")
        if "replied_to" in (kinds or ()) or (isinstance(user, str) and user):
            answers.append(True)
        else:
            was_asked = kinds is not None or "in_reply_to_user_id" in post or _were_replies_asked_for(post)
            answers.append(False if was_asked and user is None else None)
    return answers


def _kinds_referred_to(post: Json) -> list[Any] | None:
    """Return how a post refers to others; None when it does not list that."""
    referred = post.get("referenced_tweets")
    if not isinstance(referred, list):
        return None
    return [entry.get("type") for entry in referred if isinstance(entry, dict)]


def _were_replies_asked_for(post: Json) -> bool:
    twarc = post.get("__twarc")
    url = twarc.get("url") if isinstance(twarc, dict) else None
    return isinstance(url, str) and "in_reply_to_user_id" in url


def _without_zero(value: Any) -> Any:
    """Make no views unknown: until the end of 2022 they were not counted, and the API says 0 for such posts."""
    return None if value in (0, "0") else value


ACCOUNT_FIELDS = (
    Field("account_id", at("id")),
    Field("handle", at("username")),
    Field("display_name", changed(at("name"), without_entities)),
    Field("bio", changed(at("description"), without_entities)),
    Field("location", changed(at("location"), without_entities)),
    Field("website", first_of(at("entities", "url", "urls", 0, "expanded_url"), at("url"))),
    Field("created_at", at("created_at")),
    Field("observed_at", at("__twarc", "retrieved_at")),
    Field("followers_count", at("public_metrics", "followers_count")),
    Field("following_count", at("public_metrics", "following_count")),
    Field("posts_count", at("public_metrics", "tweet_count")),
    Field("likes_given_count", at("public_metrics", "like_count")),
    Field("listed_count", at("public_metrics", "listed_count")),
    Field("is_verified", _verified),
    Field("is_private", at("protected")),
    Field("has_avatar", changed(at("profile_image_url"), is_own_picture)),
    Field("account_status", at("account_status")),
)

POST_FIELDS = (
    Field("account_id", first_of(at("author_id"), at("author", "id"))),
    Field("post_id", at("id")),
    Field("posted_at", at("created_at")),
    Field("text", changed(first_of(at("note_tweet", "text"), at("text")), without_entities)),
    Field("language", changed(at("lang"), language_of_post)),
    Field("source_app", at("source")),
    Field("likes_count", at("public_metrics", "like_count")),
    Field("comments_count", at("public_metrics", "reply_count")),
    Field("reposts_count", at("public_metrics", "retweet_count")),
    Field("views_count", changed(at("public_metrics", "impression_count"), _without_zero)),
    Field("is_repost", _is_repost),
    Field("is_reply", _is_reply),
)

_OF_ACCOUNTS = (
    "id username name description location url entities created_at __twarc public_metrics verified verified_type"
    " protected profile_image_url pinned_tweet_id pinned_tweet withheld account_status most_recent_tweet_id"
    " profile_banner_url affiliation connection_status is_identity_verified parody receives_your_dm subscription"
    " subscription_type verified_followers_count confirmed_email"
)
_OF_A_POST = (
    "id author_id author created_at text lang source public_metrics referenced_tweets in_reply_to_user_id"
    " in_reply_to_user __twarc conversation_id edit_history_tweet_ids edit_controls entities context_annotations"
    " attachments geo possibly_sensitive reply_settings withheld matching_rules non_public_metrics"
    " organic_metrics promoted_metrics note_tweet display_text_range article card_uri community_id"
    " media_metadata scopes suggested_source_links"
)
KNOWN_OF_ACCOUNTS = frozenset(_OF_ACCOUNTS.split())
KNOWN_OF_POSTS = frozenset(_OF_A_POST.split())

TWITTER_V2 = Format(
    name="twitter_v2",
    title="JSON of the X API v2 or twarc2: pages of users or posts, or these flattened",
    platform="twitter",
    evidence=_evidence,
    accounts=RecordMap(
        unpack=_accounts_in,
        fields=ACCOUNT_FIELDS,
        list_keys=("data",),
        known_keys=KNOWN_OF_ACCOUNTS,
    ),
    posts=RecordMap(
        unpack=_posts_in,
        fields=POST_FIELDS,
        list_keys=("data",),
        known_keys=KNOWN_OF_POSTS,
    ),
)
