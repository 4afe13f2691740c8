"""Rows of a table as objects, for formats whose columns need more than a new name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from botscan.readers.format import Json
from botscan.readers.words.header_words import AROUND


def rows_as_objects(headers: Sequence[str], rows: Iterable[Sequence[str | None]]) -> list[Json]:
    """Return each row as an object; ``a.b`` in the header is the key ``b`` inside ``a``.

    A header under which another one nests keeps its own cell under the key ``""`` of that object. Cells that are None
    are left out; empty texts stay.

    Examples
    --------
    >>> rows_as_objects(["id", "public_metrics.like_count"], [["7", "12"], ["8", None]])
    [{'id': '7', 'public_metrics': {'like_count': '12'}}, {'id': '8'}]
    """
    paths = [_steps(header) for header in headers]
    if all(len(path) == 1 for path in paths) and len(set(paths)) == len(paths):
        return _flat_objects([path[0] for path in paths], rows)
    inner = {path[:depth] for path in paths for depth in range(1, len(path))}
    paths = [(*path, "") if path in inner else path for path in paths]
    places = [(path[:-1], path[-1]) for path in paths]
    return [_object(places, row) for row in rows]


def _flat_objects(keys: Sequence[str], rows: Iterable[Sequence[str | None]]) -> list[Json]:
    """Return the objects where no key nests and none stands twice."""
    return [
        {key: cell for key, cell in zip(keys, row, strict=True) if cell is not None}
        if None in row
        else dict(zip(keys, row, strict=True))
        for row in rows
    ]


def _steps(header: str) -> tuple[str, ...]:
    text = header.strip(AROUND)
    steps = tuple(text.split("."))
    return steps if all(steps) else (text,)


def _object(places: Sequence[tuple[tuple[str, ...], str]], row: Sequence[str | None]) -> Json:
    result: Json = {}
    for (steps, last), cell in zip(places, row, strict=True):
        if cell is None:
            continue
        holder: dict[str, Any] = result
        for step in steps:
            holder = holder.setdefault(step, {})
        holder.setdefault(last, cell)
    return result
