"""TikTok "Download your data" as JSON: the followers of the account, with the time at which each began to follow.

Source of the key names: public readers of the download, such as drkblog/tiktok-userdata (Apache-2.0); the sections
around the lists were renamed over the years, so a list is looked for by its own key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from botscan.readers.format import Field, Format, Json, RecordMap, Unpacked, at, first_of

_FOLLOWERS = "FansList"
_FOLLOWING = "Following"


def _lists(value: Json, key: str) -> Iterator[list[object]]:
    """Yield the lists under a key: inside ``Activity`` > ``Follower List``, or alone, as of a damaged download."""
    parts = [value, *(part for section in value.values() if isinstance(section, dict) for part in section.values())]
    for part in parts:
        found = part.get(key) if isinstance(part, dict) else None
        if isinstance(found, list):
            yield found


def _is_list_of_names(found: Sequence[object]) -> bool:
    return all(isinstance(one, dict) and "UserName" in one for one in found[:10])


def _evidence_of(key: str, without: str | None = None) -> Callable[[Sequence[Json]], int]:
    def evidence(values: Sequence[Json]) -> int:
        for value in values:
            if without is not None and any(True for _ in _lists(value, without)):
                return 0
            if any(_is_list_of_names(found) for found in _lists(value, key)):
                return 3
        return 0

    return evidence


def _unpack_of(key: str) -> Callable[[Json], Unpacked | None]:
    def unpack(value: Json) -> Unpacked | None:
        if "UserName" in value:
            return None
        return Unpacked([record for found in _lists(value, key) for record in found])

    return unpack


_FIELDS = (Field("handle", first_of(at("UserName"), at("userName"))), Field("followed_at", at("Date")))
_KNOWN = frozenset({"UserName", "userName", "Date"})

TIKTOK_EXPORT = Format(
    name="tiktok_export",
    title="TikTok's download of your data as JSON: followers",
    platform="tiktok",
    evidence=_evidence_of(_FOLLOWERS),
    accounts=RecordMap(unpack=_unpack_of(_FOLLOWERS), fields=_FIELDS, list_keys=(_FOLLOWERS,), known_keys=_KNOWN),
    members={"accounts": r"(?:^|/)user_data(?:_tiktok)?\.json$"},
    says=("survivors_only",),
)

TIKTOK_EXPORT_FOLLOWING = Format(
    name="tiktok_export_following",
    title="TikTok's download of your data as JSON: accounts that the owner follows",
    platform="tiktok",
    evidence=_evidence_of(_FOLLOWING, without=_FOLLOWERS),
    accounts=RecordMap(
        unpack=_unpack_of(_FOLLOWING),
        fields=tuple(one for one in _FIELDS if one.column == "handle"),
        list_keys=(_FOLLOWING,),
        known_keys=_KNOWN,
    ),
    refusal="These are the accounts that the owner of the download follows, not the followers.",
)
