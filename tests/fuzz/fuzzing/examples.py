"""Examples: a target and a number to a file, how it is read, and what is compared; the same ones every time."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any

from botscan.readers import Limits
from botscan.readers.formats import FORMAT, FORMATS
from botscan.schema import RecordKind

from .byte_changes import change_bytes
from .containers import MEMBERS, PACK, Member, change_archive, change_packed
from .json_changes import change_json
from .parquets import change_parquet
from .seeds import Seed, all_seeds, seeds_of
from .table_changes import change_table
from .workbooks import change_workbook

CONTAINERS = (*PACK, "zip", "folder", "workbook", "parquet")
#: What is read: every format, and everything that lists come in.
TARGETS = (*(one.name for one in FORMATS), *CONTAINERS)

_PLATFORMS = ("twitter", "instagram", "tiktok", "mastodon", "facebook")
_ENCODINGS = ("utf-8", "latin-1", "cp1252", "utf-16", "ascii", "utf-7")
_ZONES = ("Asia/Jakarta", "UTC", "+07:00", "America/New_York")
_TIGHT = Limits(expanded_bytes=3_000, expansion_ratio=5, ratio_from_bytes=1_000, record_bytes=300, members=3)


@dataclass(frozen=True)
class Example:
    """One mutated file and how it is read.

    Attributes
    ----------
    target, number
        What it was made from.
    kind
        What is looked for.
    name
        Of the file.
    data
        Its bytes; empty for a folder.
    files
        Of a folder: names and contents.
    options
        Of the reading function.
    is_compared, is_scored
        Whether the reading in batches is compared with it, and whether what is read is scored.
    """

    target: str
    number: int
    kind: RecordKind
    name: str
    data: bytes
    files: tuple[Member, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    is_compared: bool = False
    is_scored: bool = False


def make_example(target: str, number: int) -> Example:
    """Return an example; nothing but the target and the number has a say in it."""
    rng = Random((zlib.crc32(target.encode()) << 64) | number)
    name, data, kinds, files = _MAKERS.get(target, _of_format)(rng, target)
    kind = kinds[int(rng.random() * len(kinds))] if rng.random() < 0.97 else rng.choice(_KINDS)
    return Example(
        target,
        number,
        kind,
        name,
        data,
        files,
        _options(rng, target, kind),
        is_compared=rng.random() < 0.06,
        is_scored=rng.random() < 0.04,
    )


_KINDS: tuple[RecordKind, ...] = ("accounts", "posts", "series")
_Made = tuple[str, bytes, tuple[RecordKind, ...], tuple[Member, ...]]


@cache
def _kinds_of(seed: Seed) -> tuple[RecordKind, ...]:
    """Return what is looked for in a file: what its format holds, accounts first."""
    if seed.format == "generic":
        return tuple(kind for kind in _KINDS if kind in seed.name) or ("accounts",)
    form = FORMAT[seed.format]
    kinds = [kind for kind in _KINDS if form.record_map(kind) is not None]
    return ("accounts", *kinds)


def changed_text(rng: Random, seed: Seed) -> bytes:
    """Return the text of a seed with changes of its structure, of its bytes, of both, or rarely of nothing."""
    draw = rng.random()
    if draw < 0.02:
        return seed.data
    if draw < 0.3:
        return change_bytes(rng, seed.data)
    data = change_json(rng, seed) if seed.values else change_table(rng, seed)
    if draw > 0.93:
        data = change_bytes(rng, data)
    elif draw > 0.91:
        data = _in_another_encoding(rng, data)
    return data


def _in_another_encoding(rng: Random, data: bytes) -> bytes:
    encoding = rng.choice(("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-16-be"))
    return data.decode("utf-8", "replace").encode(encoding, "replace")


def _of_format(rng: Random, target: str) -> _Made:
    seed = rng.choice(seeds_of(target))
    return seed.name, changed_text(rng, seed), _kinds_of(seed), ()


def _packed(rng: Random, target: str) -> _Made:
    seed = rng.choice(all_seeds())
    data = changed_text(rng, seed) if rng.random() < 0.3 else seed.data
    return f"{seed.name}.{target}", change_packed(rng, target, data), _kinds_of(seed), ()


def _members(rng: Random) -> list[Member]:
    """Return members that belong together, or any."""
    draw = rng.random()
    pick = rng.choice
    if draw < 0.25:
        names = [("data/follower.js", "x_archive_follower"), ("data/tweets.js", "x_archive_tweets")]
        names += [("data/follower-part1.js", "x_archive_follower"), ("data/following.js", "x_archive_following")]
        about = rng.choice((b'"904170001"', b"5", b"null", b"[]", b'""'))
        members = [(name, _content(rng, pick(seeds_of(form)))) for name, form in names if rng.random() < 0.7]
        members.append(("data/account.js", b'window.YTD.account.part0 = [{"account":{"accountId":%b}}]' % about))
        date = rng.choice(
            (b'"2023-01-02T03:04:05Z"', b"1", b'"zq"', b"{}", b'"9999-12-31"', b"1e9", b'"' + b"9" * 30 + b'"')
        )
        members.append(("data/manifest.js", b'window.__THAR_CONFIG = {"archiveInfo":{"generationDate":%b}}' % date))
        return members
    if draw < 0.45:
        folder = "connections/followers_and_following/"
        names = [(f"{folder}followers_{n}.json", "instagram_export") for n in rng.sample(range(1, 9), 3)]
        names += [(f"{folder}following.json", "instagram_following"), ("media/posts_1.json", "instagram_posts")]
        return [(name, _content(rng, pick(seeds_of(form)))) for name, form in names if rng.random() < 0.7]
    if draw < 0.6:
        # A list and the profiles that were looked up for it.
        lists, profiles = pick(
            (
                ("youtube_subscriptions", "youtube_channels"), ("bluesky_followers", "bluesky_profiles"),
                ("github_stargazers", "github_profiles"), ("x_graphql", "x_graphql_user"),
                ("instagram_scraper", "instaloader"), ("tiktok_followers", "tiktok_user_info"),
                ("github_users", "github_users"), ("generic", "generic"),
            )
        )  # fmt: skip
        return [(f"{n}.json", _content(rng, pick(seeds_of(form)))) for n, form in enumerate((lists, profiles, lists))]
    return [(pick(MEMBERS), _content(rng, pick(all_seeds()))) for _ in range(rng.choice((0, 1, 1, 2, 3, 5)))]


def _content(rng: Random, seed: Seed) -> bytes:
    return changed_text(rng, seed) if rng.random() < 0.4 else seed.data


def _zip(rng: Random, _: str) -> _Made:
    return "arsip.zip", change_archive(rng, _members(rng)), _KINDS_OF_ARCHIVES, ()


def _folder(rng: Random, _: str) -> _Made:
    return "berkas", b"", _KINDS_OF_ARCHIVES, tuple(dict(_members(rng)).items())


_KINDS_OF_ARCHIVES: tuple[RecordKind, ...] = ("accounts", "accounts", "accounts", "posts", "series")


@cache
def _tables() -> tuple[Seed, ...]:
    return tuple(seed for seed in all_seeds() if seed.rows and seed.ending != "txt")


def _workbook(rng: Random, _: str) -> _Made:
    seed = rng.choice(_tables())
    rows = [list(row) for row in seed.rows]
    if rng.random() < 0.3:
        rows = _split(change_table(rng, seed), seed.delimiter)
    return "lembar.xlsx", change_workbook(rng, rows), _kinds_of(seed), ()


def _split(data: bytes, delimiter: str) -> list[list[str]]:
    return [line.split(delimiter)[:60] for line in data.decode("utf-8", "replace").splitlines()[:60]]


def _parquet(rng: Random, _: str) -> _Made:
    return "tabel.parquet", change_parquet(rng), _KINDS_OF_ARCHIVES, ()


_MAKERS: dict[str, Callable[[Random, str], _Made]] = {
    **dict.fromkeys(PACK, _packed),
    "zip": _zip,
    "folder": _folder,
    "workbook": _workbook,
    "parquet": _parquet,
}


def _options(rng: Random, target: str, kind: RecordKind) -> dict[str, Any]:
    options: dict[str, Any] = {}
    is_told = target in FORMAT and FORMAT[target].platform is not None
    if rng.random() < (0.4 if is_told else 0.85):
        options["platform"] = rng.choice(_PLATFORMS)
    # A list of others than followers is read only when its format is named.
    is_refused = target in FORMAT and bool(FORMAT[target].refusal)
    draw = rng.random()
    if draw < (0.6 if is_refused else 0.08):
        options["format"] = target if target in FORMAT else rng.choice(FORMATS).name
    elif draw < (0.62 if is_refused else 0.1):
        options["format"] = rng.choice(FORMATS).name
    if rng.random() < 0.5:
        return options
    if rng.random() < 0.2:
        options["date_order"] = rng.choice(("dmy", "mdy"))
    if rng.random() < 0.2:
        options["tz"] = rng.choice(_ZONES)
    if rng.random() < 0.1:
        options["encoding"] = rng.choice(_ENCODINGS)
    if rng.random() < 0.1 and kind != "series":
        options["observed_at"] = datetime(rng.choice((1999, 2021, 2024)), 5, 6, tzinfo=UTC)
    if rng.random() < 0.1:
        names = {"accounts": ("handle", "followers_count", "created_at"), "posts": ("text", "posted_at", "post_id")}
        columns = names.get(kind, ("counted_at", "followers_count"))
        paths = (
            "username",
            "name",
            "id",
            "user.id",
            "core.name",
            "legacy.screen_name",
            "created_at",
            "text",
            "date",
            "",
        )
        options["column_map"] = {rng.choice(columns): rng.choice(paths) for _ in range(rng.choice((1, 2)))}
    if rng.random() < 0.1:
        options["limits"] = _TIGHT
    return options
