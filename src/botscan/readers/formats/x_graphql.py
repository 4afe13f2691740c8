"""X's web interface (GraphQL): lists of followers in the schema since 2026-05 and the one before, also from a HAR.

Source of the field names: shapes as in vladkens/twscrape test data (MIT).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any

from botscan.readers.format import (
    Field,
    Format,
    Json,
    RecordMap,
    Unpacked,
    at,
    changed,
    first_of,
    opposite,
)
from botscan.readers.formats.twitter_v1 import is_own_picture
from botscan.readers.formats.x_archive import app_of, is_repost_text, without_escapes
from botscan.readers.formats.x_graphql_pages import (
    Answer,
    Listed,
    answers_in,
    har_entries,
    is_account,
    is_followers,
    is_following,
)

#: What a file is, by the first of these that occurs in it.
_KINDS = ("followers", "following", "users", "posts", "user", "har")
#: Values that are looked through whole: an answer is large, and a file of answers shows itself at once.
_MOST_VALUES = 10
_CHECKED_TYPES = ("Business", "Government")
_LONGEST_NODE_ID = 64
_END_OF_LIST = "0|"
_UNAVAILABLE = "UserUnavailable"


def _kind_and_marks(values: Sequence[Json]) -> tuple[str | None, int]:
    """Return what a sample is, and the number of distinctive keys in it."""
    found: set[str] = set()
    marks: set[str] = set()
    for value in values[:_MOST_VALUES]:
        is_har = har_entries(value) is not None
        found |= {"har"} if is_har else set()
        for answer in answers_in(value):
            kind = None if answer is None else "users" if is_account(value) else _kind_of(answer, is_har=is_har)
            if answer is None or kind is None:
                continue
            found.add(kind)
            marks |= answer.marks
            if kind == _KINDS[0]:
                return kind, max(1, len(marks))
    return next((kind for kind in _KINDS if kind in found), None), max(1, len(marks))


def _kind_of(answer: Answer, *, is_har: bool) -> str | None:
    """Return what an answer is; in a recording, lists that are not known are suggestions beside the page."""
    kind = answer.kind
    if kind == "users" and (is_har or not any(map(_looks_like_account, answer.users))):
        return None
    return kind


def _looks_like_account(user: Listed) -> bool:
    return user.sort_index is not None or (isinstance(user.result, dict) and "rest_id" in user.result)


def _evidence_of(*kinds: str) -> Callable[[Sequence[Json]], int]:
    def evidence(values: Sequence[Json]) -> int:
        kind, n_marks = _kind_and_marks(values)
        return n_marks if kind in kinds else 0

    return evidence


def _unpack_lists(
    wanted_kinds: tuple[str, ...], is_wanted: Callable[[str], bool], *, newest_first: bool
) -> Callable[[Json], Unpacked | None]:
    """Return how the accounts of a list are taken from a page or a whole recording.

    Parameters
    ----------
    wanted_kinds
        Kinds of answers that hold them.
    is_wanted
        Whether a list is the wanted one, by its name; accounts shown in another one are rejected.
    newest_first
        Whether the list is one of followers.
    """

    def unpack(value: Json) -> Unpacked | None:
        is_har = har_entries(value) is not None
        answers = list(answers_in(value))
        if is_account(value) or (not is_har and _is_nothing(answers)):
            return _alone(value)
        users: list[tuple[Listed, bool]] = []
        lists: list[Answer] = []
        for answer in answers:
            kind = None if answer is None else _kind_of(answer, is_har=is_har)
            if answer is None or kind is None:
                continue
            if kind in ("followers", "following", "users"):
                lists.append(answer)
                users += [
                    (
                        user,
                        kind in wanted_kinds and (kind == "users" or not user.component or is_wanted(user.component)),
                    )
                    for user in answer.users
                ]
            elif kind == "user" and not is_har:
                users += [(user, False) for user in answer.asked_for]
        users = _newest_first(users)
        reasons = [_reason(user.result) if is_in_list else "not_in_list" for user, is_in_list in users]
        return Unpacked(
            [_account(user.result) for user, _ in users],
            reasons if any(reasons) else (),
            newest_first=newest_first and all(answer.kind != "users" for answer in lists),
            complete=_is_complete(lists),
            subject=_only({answer.subject for answer in lists if answer.subject is not None}),
            counts=_damaged(answers),
        )

    return unpack


def _alone(value: Json) -> Unpacked | None:
    """Take a value that is one account itself, or says why there is none."""
    return Unpacked((value,), (_reason(value),)) if value.get("__typename") == _UNAVAILABLE else None


def _is_nothing(answers: Sequence[Answer | None]) -> bool:
    """Whether a value holds nothing at all that X's web interface writes."""
    return not any(
        answer is not None and (answer.marks or answer.is_list_of_user or answer.asked_for) for answer in answers
    )


def _damaged(answers: Sequence[Answer | None]) -> dict[str, int]:
    n_damaged = sum(answer is None for answer in answers)
    return {"har_answers_damaged": n_damaged} if n_damaged else {}


def _only(subjects: set[str]) -> str | None:
    return next(iter(subjects)) if len(subjects) == 1 else None


def _newest_first(users: list[tuple[Listed, bool]]) -> list[tuple[Listed, bool]]:
    """Put accounts in the order of the list; without a place for each of them they stay as they stand."""
    places = [user.sort_index for user, _ in users]
    if None in places:
        return users
    return sorted(users, key=lambda pair: -(pair[0].sort_index or 0))


def _is_complete(lists: Sequence[Answer]) -> bool | None:
    bottoms = [cursor for answer in lists for cursor in answer.bottoms]
    return any(cursor.startswith(_END_OF_LIST) for cursor in bottoms) if bottoms else None


def _account(result: Any) -> Any:
    """Return the account object; accounts of limited visibility stand one level deeper."""
    if result is None:
        return {}
    inner = result.get("user") if isinstance(result, dict) and "rest_id" not in result else None
    return inner if isinstance(inner, dict) else result


def _reason(result: Any) -> str | None:
    """Return why there is no account, as far as the page says it."""
    if result is None or result == {}:
        return "no_identity"
    if not isinstance(result, dict) or result.get("__typename") != _UNAVAILABLE:
        return None
    words = " ".join(
        word.lower() for key in ("reason", "unavailable_reason", "message") if isinstance(word := result.get(key), str)
    )
    if "suspend" in words:
        return "suspended"
    if "deactivated" in words or "deleted" in words:
        return "deleted"
    is_missing = any(said in words for said in ("not found", "notfound", "not exist", "n't exist"))
    return "not_found" if is_missing else "no_identity"


def _unpack_asked_for(value: Json) -> Unpacked | None:
    """Take accounts that were asked for one by one."""
    answers = list(answers_in(value))
    if is_account(value) or _is_nothing(answers):
        return _alone(value)
    users = [user.result for answer in answers if answer is not None for user in answer.asked_for]
    n_about = sum(isinstance(user, dict) and isinstance(user.get("about_profile"), dict) for user in users)
    reasons = [_reason(user) for user in users]
    return Unpacked(
        [_account(user) for user in users],
        reasons if any(reasons) else (),
        counts=_damaged(answers) | ({"about_facts_unused": n_about} if n_about else {}),
    )


def _unpack_posts(value: Json) -> Unpacked | None:
    answers = list(answers_in(value))
    if har_entries(value) is None and _is_nothing(answers):
        return None
    posts = [_post(post.result) for answer in answers if answer is not None for post in answer.posts]
    reasons = [None if _is_whole(post) else "no_identity" for post in posts]
    return Unpacked(posts, reasons if any(reasons) else (), counts=_damaged(answers))


def _unpack_authors(value: Json) -> Unpacked | None:
    """Take the authors of posts."""
    unpacked = _unpack_posts(value)
    if unpacked is None:
        return None
    objects = [post if isinstance(post, dict) else {} for post in unpacked.records]
    authors = at("core", "user_results", "result")(objects)
    reasons = [_reason(author) for author in authors]
    return Unpacked([_account(author) for author in authors], reasons if any(reasons) else (), counts=unpacked.counts)


def _post(result: Any) -> Any:
    """Return the post object; posts of limited visibility stand one level deeper."""
    inner = result.get("tweet") if isinstance(result, dict) else None
    return inner if isinstance(inner, dict) else {} if result is None else result


def _is_whole(post: Any) -> bool:
    return not isinstance(post, dict) or isinstance(post.get("legacy"), dict)


def _number_of_part(_: str, values: Sequence[Json]) -> int | None:
    """Return a number that rises along a list that was saved page by page, for its places fall from the newest."""
    answers = [answer for value in values for answer in answers_in(value) if answer is not None]
    places = [user.sort_index for answer in answers for user in answer.users if user.sort_index is not None]
    return -max(places) if places else None


def _id_of_node(node_id: Any) -> str | None:
    """Take the id out of ``id``, which is ``User:<id>`` in base64."""
    if not isinstance(node_id, str) or len(node_id) > _LONGEST_NODE_ID:
        return None
    try:
        kind, _, digits = base64.b64decode(node_id, validate=True).decode("ascii").partition(":")
    except (binascii.Error, ValueError):
        return None
    return digits if kind == "User" and digits.isdigit() else None


def _websites(records: Sequence[Json]) -> list[Any]:
    """Take the link written out, else the short one; "" where links are listed and there is none."""
    links = first_of(
        at("profile_bio", "entities", "url", "urls", 0, "expanded_url"),
        at("website", "url"),
        at("legacy", "entities", "url", "urls", 0, "expanded_url"),
        at("legacy", "url"),
    )(records)
    entities = first_of(at("profile_bio", "entities"), at("legacy", "entities"))(records)
    return [
        "" if link is None and isinstance(listed, dict) and "url" not in listed else link
        for link, listed in zip(links, entities, strict=True)
    ]


def _verified(records: Sequence[Json]) -> list[Any]:
    """Take checks of identity; ``is_blue_verified`` is paid for and tells nothing."""
    flags = first_of(at("verification", "verified"), at("legacy", "verified"))(records)
    kinds = first_of(at("verification", "verified_type"), at("legacy", "verified_type"))(records)
    return [True if kind in _CHECKED_TYPES else flag for flag, kind in zip(flags, kinds, strict=True)]


def _text(*sources: Callable[[Sequence[Json]], list[Any]]) -> Callable[[Sequence[Json]], list[Any]]:
    return changed(first_of(*sources), without_escapes)


_FIELDS = (
    Field("account_id", first_of(at("rest_id"), at("legacy", "id_str"), changed(at("id"), _id_of_node))),
    Field("handle", first_of(at("core", "screen_name"), at("legacy", "screen_name"))),
    Field("display_name", _text(at("core", "name"), at("legacy", "name"))),
    Field("bio", _text(at("profile_bio", "description"), at("legacy", "description"))),
    Field("location", _text(at("location", "location"), at("legacy", "location"))),
    Field("website", _websites),
    Field("created_at", first_of(at("core", "created_at"), at("legacy", "created_at"))),
    Field("followers_count", first_of(at("relationship_counts", "followers"), at("legacy", "followers_count"))),
    Field("following_count", first_of(at("relationship_counts", "following"), at("legacy", "friends_count"))),
    Field("posts_count", first_of(at("tweet_counts", "tweets"), at("legacy", "statuses_count"))),
    Field("likes_given_count", first_of(at("action_counts", "favorites_count"), at("legacy", "favourites_count"))),
    Field("listed_count", at("legacy", "listed_count")),
    Field("is_verified", _verified),
    Field("is_private", first_of(at("privacy", "protected"), at("legacy", "protected"))),
    Field("has_default_theme", at("legacy", "default_profile")),
    Field(
        "has_avatar",
        first_of(
            changed(at("avatar", "image_url"), is_own_picture),
            changed(at("legacy", "default_profile_image"), opposite),
            changed(at("legacy", "profile_image_url_https"), is_own_picture),
        ),
    ),
)

_USED = (
    "__typename rest_id id core legacy profile_bio location website relationship_counts tweet_counts action_counts"
    " verification privacy avatar"
)
_OF_NO_USE = (
    "about_profile affiliates_highlighted_label banner business_account creator_subscriptions_count dm_permissions"
    " exclusive_tweet_following follow_request_sent has_custom_timelines has_graduated_access"
    " has_hidden_likes_on_profile has_hidden_subscriptions_on_profile has_nft_avatar highlights_info"
    " identity_profile_labels_highlighted_label is_blue_verified is_profile_translatable is_verified_phone_status"
    " legacy_extended_profile media_permissions notifications_settings parody_commentary_fan_label pinned_items"
    " possibly_sensitive premium_gifting_eligible professional profile_description_language profile_image_shape"
    " profile_metadata profile_translation reason message unavailable_reason relationship_perspectives"
    " smart_blocked_by smart_blocking super_follow_eligible super_followed_by super_following tipjar_settings"
    " user_seed_tweet_count verification_info verified_phone_status"
)
_ACCOUNT_KEYS = frozenset(f"{_USED} {_OF_NO_USE}".split())


def _reposted(records: Sequence[Json]) -> list[Any]:
    """Tell reposts by the post inside, or by the way their text begins."""
    inner = at("legacy", "retweeted_status_result")(records)
    texts = map(is_repost_text, at("legacy", "full_text")(records))
    return [True if post is not None else is_text for post, is_text in zip(inner, texts, strict=True)]


def _replied(records: Sequence[Json]) -> list[Any]:
    """Tell replies by the post they answer; all others lack the key."""
    answered = at("legacy", "in_reply_to_status_id_str")(records)
    texts = at("legacy", "full_text")(records)
    return [None if text is None else post is not None for post, text in zip(answered, texts, strict=True)]


_POST_KEYS = (
    "__typename rest_id core legacy note_tweet source views edit_control is_translatable unmention_data"
    " unmention_info has_birdwatch_notes birdwatch_pivot card quoted_status_result quick_promote_eligibility"
    " post_image_description grok_analysis_button grok_annotations article place previous_counts tweet"
)
_POSTS = RecordMap(
    unpack=_unpack_posts,
    fields=(
        Field("account_id", first_of(at("legacy", "user_id_str"), at("core", "user_results", "result", "rest_id"))),
        Field("post_id", first_of(at("rest_id"), at("legacy", "id_str"))),
        Field("posted_at", at("legacy", "created_at")),
        Field("text", _text(at("note_tweet", "note_tweet_results", "result", "text"), at("legacy", "full_text"))),
        Field("language", at("legacy", "lang")),
        Field("source_app", changed(at("source"), app_of)),
        Field("likes_count", at("legacy", "favorite_count")),
        Field("comments_count", at("legacy", "reply_count")),
        Field("reposts_count", at("legacy", "retweet_count")),
        Field("views_count", at("views", "count")),
        Field("is_repost", _reposted),
        Field("is_reply", _replied),
    ),
    list_keys=("entries",),
    known_keys=frozenset(_POST_KEYS.split()),
)


def _accounts(unpack: Callable[[Json], Unpacked | None]) -> RecordMap:
    return RecordMap(unpack=unpack, fields=_FIELDS, list_keys=("entries",), known_keys=_ACCOUNT_KEYS)


X_GRAPHQL = Format(
    name="x_graphql",
    title="pages of followers from X's web interface (GraphQL), or a browser recording (HAR) of them",
    platform="twitter",
    evidence=_evidence_of("followers", "users"),
    accounts=_accounts(_unpack_lists(("followers", "users"), is_followers, newest_first=True)),
    posts=_POSTS,
    number_of_part=_number_of_part,
)

X_GRAPHQL_FOLLOWING = Format(
    name="x_graphql_following",
    title="pages of followed accounts from X's web interface (GraphQL)",
    platform="twitter",
    evidence=_evidence_of("following"),
    accounts=_accounts(_unpack_lists(("following",), is_following, newest_first=False)),
    refusal="These are accounts that somebody follows, not followers; save the pages of the list of followers instead.",
    number_of_part=_number_of_part,
)

X_GRAPHQL_USER = Format(
    name="x_graphql_user",
    title="single profiles from X's web interface (GraphQL)",
    platform="twitter",
    evidence=_evidence_of("user"),
    accounts=_accounts(_unpack_asked_for),
    is_lookup=True,
)

X_GRAPHQL_POSTS = Format(
    name="x_graphql_posts",
    title="pages of posts from X's web interface (GraphQL)",
    platform="twitter",
    evidence=_evidence_of("posts"),
    accounts=_accounts(_unpack_authors),
    posts=_POSTS,
    refusal="These are posts; the accounts in them are their authors, not followers.",
)

HAR_OTHER = Format(
    name="har_other",
    title="a browser recording (HAR) without a list of followers of X",
    evidence=_evidence_of("har"),
    refusal=(
        "This is a browser recording (HAR) without a list of followers of X, or one that was saved without contents;"
        " record while scrolling through the followers, and save it with contents."
    ),
)
