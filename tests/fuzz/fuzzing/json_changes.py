"""Changes of JSON by its structure, and the ways in which values may be put into a file."""

from __future__ import annotations

from random import Random
from typing import Any

import orjson

from botscan.readers.formats import FORMAT

from .hostile import Raw, hostile_text, hostile_value
from .seeds import Seed, all_seeds

_MOST_STEPS = 14


def change_json(rng: Random, seed: Seed) -> bytes:
    """Return the text of a seed of JSON after some changes, in the framing of the seed or in another."""
    values: list[Any] = [orjson.loads(value) for value in seed.values]
    raw = Raw()
    if rng.random() < 0.2:
        _repeat(rng, values)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3, 5, 8))):
        _CHANGES[int(rng.random() * len(_CHANGES))](rng, values, raw, seed)
    return seed.head + raw.fill(_framed(rng, values, seed))


def _repeat(rng: Random, values: list[Any]) -> None:
    """Repeat the values, or the items of the longest way down, so that more than a few records are read."""
    times = rng.choice((2, 3, 10))
    holder: Any = values
    for _ in range(_MOST_STEPS):
        if isinstance(holder, list) and holder and (rng.random() < 0.7 or not isinstance(holder[0], list | dict)):
            holder[:] = [orjson.loads(orjson.dumps(item)) for _ in range(times) for item in holder][:40]
            return
        inner = holder.values() if isinstance(holder, dict) else holder
        inside = [item for item in inner if isinstance(item, list | dict)]
        if not inside:
            return
        holder = rng.choice(inside)


def _place(rng: Random, values: list[Any]) -> tuple[Any, Any]:
    """Return a container and a key or place in it, reached from outside by chance."""
    holder: Any = values
    for _ in range(_MOST_STEPS):
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        if not keys:
            return holder, None
        key = keys[int(rng.random() * len(keys))]
        inner = holder[key]
        if not isinstance(inner, list | dict) or rng.random() < 0.12:
            return holder, key
        holder = inner
    return holder, None


def _put(holder: Any, key: Any, value: Any) -> None:
    if key is not None:
        holder[key] = value
    elif isinstance(holder, list):
        holder.append(value)
    else:
        holder["id"] = value


def _replace(rng: Random, values: list[Any], raw: Raw, _: Seed) -> None:
    _put(*_place(rng, values), hostile_value(rng, raw))


def _delete(rng: Random, values: list[Any], _: Raw, __: Seed) -> None:
    holder, key = _place(rng, values)
    if key is not None:
        del holder[key]


def _double(rng: Random, values: list[Any], raw: Raw, _: Seed) -> None:
    """Repeat an item of a list, or write a key twice."""
    holder, key = _place(rng, values)
    if isinstance(holder, list) and key is not None:
        holder.insert(key, holder[key])
    elif key is not None:
        again = orjson.dumps(key)[1:-1]
        holder[raw.mark(b'"%b":%b,"%b"' % (again, rng.choice((b"null", b'"zq"', b"[]", b"1")), again))] = holder[key]


def _wrap(rng: Random, values: list[Any], _: Raw, __: Seed) -> None:
    holder, key = _place(rng, values)
    if key is not None:
        inner = holder[key]
        holder[key] = rng.choice(
            ([inner], {"data": inner}, [[inner]], {"node": inner}, {"users": [inner]}, [inner] * 3)
        )


def _unwrap(rng: Random, values: list[Any], _: Raw, __: Seed) -> None:
    holder, key = _place(rng, values)
    inner = None if key is None else holder[key]
    if isinstance(inner, list | dict) and inner:
        holder[key] = rng.choice(list(inner.values()) if isinstance(inner, dict) else inner)


def _swap(rng: Random, values: list[Any], _: Raw, __: Seed) -> None:
    """Put a copy of one value where another stands."""
    holder, key = _place(rng, values)
    other, at = _place(rng, values)
    if key is not None and at is not None:
        copy = orjson.dumps(other[at], option=orjson.OPT_NON_STR_KEYS)
        if len(copy) < 20_000:
            holder[key] = orjson.loads(copy)


def _rename(rng: Random, values: list[Any], _: Raw, __: Seed) -> None:
    holder, key = _place(rng, values)
    if isinstance(holder, dict) and key is not None:
        words = (key.upper(), key + "_", key.replace("_", ""), "", "id", "a.b", key[:-1], f"{key}.x", f" {key}")
        holder[rng.choice(words)] = holder.pop(key)


def _add_known(rng: Random, values: list[Any], raw: Raw, seed: Seed) -> None:
    """Put any value under a key that the format knows."""
    form = FORMAT.get(seed.format)
    maps = [] if form is None else [one for one in (form.accounts, form.posts, form.series) if one is not None]
    keys = sorted({key for one in maps for key in (*one.known_keys, *one.list_keys)})
    holder, _ = _place(rng, values)
    if isinstance(holder, dict) and keys:
        holder[rng.choice(keys)] = hostile_value(rng, raw)


def _from_elsewhere(rng: Random, values: list[Any], _: Raw, __: Seed) -> None:
    """Put a value of another seed somewhere."""
    other = rng.choice(all_seeds())
    if other.values:
        holder, key = _place(rng, values)
        _put(holder, key, orjson.loads(rng.choice(other.values)))


def _long_list(rng: Random, values: list[Any], _: Raw, __: Seed) -> None:
    holder, key = _place(rng, values)
    if key is not None and not isinstance(holder[key], list | dict):
        holder[key] = [holder[key]] * rng.choice((20, 300))


def _text(rng: Random, values: list[Any], _: Raw, __: Seed) -> None:
    """Put more text into a text."""
    holder, key = _place(rng, values)
    if key is not None and isinstance(holder[key], str):
        text = holder[key]
        at = int(rng.random() * (len(text) + 1))
        holder[key] = text[:at] + hostile_text(rng) + text[at:]


_CHANGES = (
    _replace, _replace, _replace, _replace, _delete, _delete, _double, _wrap, _unwrap, _swap, _rename, _add_known,
    _add_known, _from_elsewhere, _long_list, _text, _text,
)  # fmt: skip


def _written(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)


def _framed(rng: Random, values: list[Any], seed: Seed) -> bytes:
    """Write values in the framing of the seed, or in any other one."""
    draw = rng.random()
    if draw < 0.6:
        return b"\n".join(map(_written, values)) + b"\n"
    if len(values) == 1 and isinstance(values[0], list) and draw < 0.8 and not seed.head:
        values = values[0]
    if draw < 0.7:
        return _written(values)
    if draw < 0.75:
        return b"".join(map(_written, values))
    if draw < 0.8:
        return b"\n".join(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS) for value in values)
    if draw < 0.85:
        return b"\r\n\r\n".join(map(_written, values))
    if draw < 0.9:
        return b" \n\t" + b"\r".join(map(_written, values)) + b"\n "
    if draw < 0.95:
        return _written({rng.choice(("data", "users", "items", "followers", "log", "response")): values})
    return b",\n".join(map(_written, values))
