"""Tables and JSON with canonical headers or their synonyms in English and Indonesian."""

from __future__ import annotations

from botscan.readers.format import Format, Json, RecordMap, Unpacked


def _points(value: Json) -> Unpacked | None:
    """Return the points of a series that stand in a list beside what they are about."""
    lists = [key for key, inner in value.items() if isinstance(inner, list) and inner and _is_all_objects(inner)]
    if len(lists) != 1:
        return None
    around = {key: inner for key, inner in value.items() if not isinstance(inner, dict | list)}
    return Unpacked([{**around, **point} for point in value[lists[0]]])


def _is_all_objects(values: list[object]) -> bool:
    return all(isinstance(value, dict) for value in values)


GENERIC = Format(
    name="generic",
    title="a table or JSON with headers such as handle and followers_count",
    accounts=RecordMap(),
    posts=RecordMap(),
    series=RecordMap(unpack=_points),
)
