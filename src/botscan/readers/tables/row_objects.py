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
    inner = {path[:depth] for path in paths for depth in range(1, len(path))}
    paths = [(*path, "") if path in inner else path for path in paths]
    return [_object(paths, row) for row in rows]


def _steps(header: str) -> tuple[str, ...]:
    text = header.strip(AROUND)
    steps = tuple(text.split("."))
    return steps if all(steps) else (text,)


def _object(paths: Sequence[tuple[str, ...]], row: Sequence[str | None]) -> Json:
    result: Json = {}
    for path, cell in zip(paths, row, strict=True):
        if cell is None:
            continue
        holder: dict[str, Any] = result
        for step in path[:-1]:
            holder = holder.setdefault(step, {})
        holder.setdefault(path[-1], cell)
    return result
