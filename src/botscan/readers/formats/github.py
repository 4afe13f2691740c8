"""GitHub: stargazers of a repository with the time of the star, and lists of users such as followers.

Source of the field names: the schemas of the REST API (stargazer, simple user, public user) and of the GraphQL API
(StargazerConnection, User). The order of these lists is not documented: stargazers are ordered by their time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked, at, changed, first_of, objects_of

_USER_KEYS = ("login", "node_id", "gravatar_id", "site_admin", "gists_url", "starred_url", "received_events_url")
_GRAPHQL_KEYS = ("login", "databaseId", "websiteUrl", "avatarUrl", "bioHTML", "createdAt")
_LISTS = ("edges", "nodes")
_CONNECTIONS = ("stargazers", "followers")
_IS_BOT = {"Bot": True, "User": False, "Organization": False, "Mannequin": None}


def _connection(value: Json) -> Json | None:
    """Return the list inside a GraphQL reply, which stands in a repository or a user."""
    data = value.get("data")
    inner = data if isinstance(data, dict) else value
    holders = [inner, *(inner.get(key) for key in ("repository", "user", "organization", "viewer", "node"))]
    for holder in holders:
        for key in _CONNECTIONS:
            found = holder.get(key) if isinstance(holder, dict) else None
            if isinstance(found, dict) and any(isinstance(found.get(name), list) for name in _LISTS):
                return found
    return value if any(isinstance(value.get(name), list) for name in _LISTS) else None


def _listed(connection: Json) -> list[Any]:
    return next((connection[key] for key in _LISTS if isinstance(connection.get(key), list)), [])


def _stars(values: Sequence[Json]) -> list[Json]:
    """Entries that say when somebody gave a star."""
    entries: list[Any] = []
    for value in values:
        connection = _connection(value)
        entries += [value] if connection is None else _listed(connection)
    return [one for one in entries if isinstance(one, dict) and ("starred_at" in one or "starredAt" in one)]


def _stargazers_evidence(values: Sequence[Json]) -> int:
    stars = _stars(values)
    users = [user for user in map(_user, stars) if user is not None and "login" in user]
    keys = {key for user in users for key in user}
    return 1 + sum(key in keys for key in dict.fromkeys((*_USER_KEYS, *_GRAPHQL_KEYS))) if users else 0


def _users_evidence(values: Sequence[Json]) -> int:
    if _stars(values):
        return 0
    users: list[Any] = []
    for value in values:
        connection = _connection(value)
        users += objects_of([value]) if connection is None else [_inside(one) for one in _listed(connection)]
    users = [user for user in users if isinstance(user, dict) and "login" in user]
    n_rest = sum(any(key in user for user in users) for key in _USER_KEYS)
    n_graphql = sum(any(key in user for user in users) for key in _GRAPHQL_KEYS)
    return max(n_rest if n_rest >= 2 else 0, n_graphql if n_graphql >= 2 else 0)


def _is_profiles(values: Sequence[Json]) -> bool:
    """Whether every user comes with the counts that only a look-up of one user gives."""
    return bool(values) and all("login" in value and "public_repos" in value for value in values)


def _inside(entry: Any) -> Any:
    """Return the user in an edge of a GraphQL list."""
    return entry["node"] if isinstance(entry, dict) and "node" in entry and "login" not in entry else entry


def _user(entry: Json) -> Json | None:
    """Return the user of a star, with its time; None where the account is gone and only the star is left."""
    user = entry if "login" in entry else next((entry[key] for key in ("user", "node") if key in entry), None)
    if not isinstance(user, dict):
        return None
    starred_at = entry.get("starred_at", entry.get("starredAt"))
    return user if user is entry else {**user, "starred_at": starred_at}


def _unpack(value: Json) -> Unpacked | None:
    connection = _connection(value)
    if connection is None:
        is_entry = "login" not in value and ("starred_at" in value or "starredAt" in value or "node" in value)
        return _taken([value]) if is_entry or _is_suspended(value) else None
    info = connection.get("pageInfo")
    has_more = info.get("hasNextPage") if isinstance(info, dict) else None
    page = _taken(_listed(connection))
    return Unpacked(
        page.records,
        page.reasons,
        complete=not has_more if isinstance(has_more, bool) else None,
        subject=_subject(value),
    )


def _taken(entries: Sequence[Any]) -> Unpacked:
    """Take the users of entries; a star whose user is null names nobody."""
    records: list[Any] = []
    reasons: list[str | None] = []
    for entry in entries:
        user = _user(entry) if isinstance(entry, dict) else entry
        reasons.append("no_identity" if user is None else "suspended" if _is_suspended(user) else None)
        records.append({} if user is None else user)
    return Unpacked(records, reasons if any(reasons) else ())


def _is_suspended(user: Any) -> bool:
    """Servers of companies tell administrators when an account was suspended."""
    return isinstance(user, dict) and isinstance(user.get("suspended_at"), str) and bool(user["suspended_at"].strip())


def _subject(value: Json) -> str | None:
    paths = [("repository", "nameWithOwner"), ("user", "login"), ("organization", "login")]
    found = [at("data", *path)([value])[0] for path in paths]
    return next((name for name in found if isinstance(name, str) and name), None)


def _known_empty(*keys: str) -> Callable[[Sequence[Json]], list[Any]]:
    """Take a text of the profile; full profiles write null for an empty one, short ones leave it out."""

    def values(records: Sequence[Json]) -> list[Any]:
        texts = first_of(*map(at, keys))(records)
        return [
            "" if text is None and any(key in record for key in keys) else text
            for text, record in zip(texts, records, strict=True)
        ]

    return values


def _is_bot(kind: Any) -> bool | None:
    return _IS_BOT.get(kind) if isinstance(kind, str) else None


def _counts(key: str) -> Callable[[Sequence[Json]], list[Any]]:
    """Take a count, which GraphQL puts into the list it counts."""

    def values(records: Sequence[Json]) -> list[Any]:
        plain = at(key)(records)
        totals = at(key, "totalCount")(records)
        return [total if isinstance(count, dict) else count for count, total in zip(plain, totals, strict=True)]

    return values


def _number(value: Any) -> Any:
    """Keep the number of a user; the opaque id that GraphQL gives under the same name is another one."""
    if isinstance(value, str):
        return value if value.strip().isdecimal() else None
    return value


_FIELDS = (
    Field("account_id", first_of(at("databaseId"), changed(at("id"), _number))),
    Field("handle", at("login")),
    Field("display_name", at("name")),
    Field("bio", _known_empty("bio")),
    Field("location", at("location")),
    Field("website", _known_empty("blog", "websiteUrl")),
    Field("created_at", first_of(at("created_at"), at("createdAt"))),
    Field("followed_at", first_of(at("starred_at"), at("starredAt"))),
    Field("followers_count", _counts("followers")),
    Field("following_count", _counts("following")),
    Field("is_declared_bot", changed(first_of(at("type"), at("__typename")), _is_bot)),
)
_KNOWN = (
    "login id databaseId node_id name bio location blog websiteUrl created_at createdAt updated_at updatedAt"
    " starred_at starredAt followers following type __typename user_view_type site_admin isSiteAdmin avatar_url"
    " avatarUrl gravatar_id url html_url followers_url following_url gists_url starred_url subscriptions_url"
    " organizations_url repos_url events_url received_events_url company companyHTML bioHTML email hireable isHireable"
    " notification_email twitter_username twitterUsername public_repos public_gists private_gists total_private_repos"
    " owned_private_repos disk_usage collaborators two_factor_authentication plan ldap_dn suspended_at repositories"
    " contributions user node cursor text_matches score permissions role_name"
)
_RECORDS = RecordMap(unpack=_unpack, fields=_FIELDS, list_keys=_LISTS, known_keys=frozenset(_KNOWN.split()))


def _table_evidence(words: Collection[str]) -> int:
    found = sum(word in words for word in ("login", "user login", "node id", "site admin", "html url"))
    return 1 + found if found and "starred at" in words else 0


GITHUB_STARGAZERS = Format(
    name="github_stargazers",
    title="JSON of the GitHub API: stargazers of a repository, with starred_at",
    platform="github",
    evidence=_stargazers_evidence,
    accounts=_RECORDS,
)

GITHUB_STARGAZERS_TABLE = Format(
    name="github_stargazers_table",
    title="CSV of GitHub stargazers, with the headers login and starred_at",
    platform="github",
    header_evidence=_table_evidence,
    accounts=RecordMap(
        headers={
            "account_id": ("id", "user id", "database id"),
            "handle": ("login", "user login"),
            "display_name": ("name", "user name"),
            "bio": ("bio", "user bio"),
            "location": ("location", "user location"),
            "website": ("blog", "user blog", "website url"),
            "created_at": ("created at", "user created at"),
            "followed_at": ("starred at",),
            "followers_count": ("followers", "user followers", "followers count"),
            "following_count": ("following", "user following", "following count"),
        },
        not_headers=frozenset(("email", "user email", "avatar url", "url", "html url", "company", "updated at")),
    ),
)

GITHUB_USERS = Format(
    name="github_users",
    title="JSON of the GitHub API: lists of users, such as the followers of an account",
    platform="github",
    evidence=lambda values: 0 if _is_profiles(values) else _users_evidence(values),
    accounts=_RECORDS,
)

GITHUB_PROFILES = Format(
    name="github_profiles",
    title="JSON of the GitHub API: profiles that were asked for, with their counts",
    platform="github",
    evidence=lambda values: _users_evidence(values) if _is_profiles(values) else 0,
    accounts=_RECORDS,
    is_lookup=True,
)

GITHUB_FORMATS: tuple[Format, ...] = (GITHUB_STARGAZERS, GITHUB_STARGAZERS_TABLE, GITHUB_USERS, GITHUB_PROFILES)
