"""Parquet files of any types under headers that readers know, and with their bytes changed."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from botscan.readers.words.synonyms import ACCOUNT_SYNONYMS, POST_SYNONYMS, SERIES_SYNONYMS

from .byte_changes import change_bytes
from .hostile import hostile_text

_ANY_INSTANT = (0, 1, -1, 10**9, 1_700_000_000, 1_700_000_000_000, 2**62, -(2**62), 2**63 - 1, -(2**63))
_ANY_NUMBER = (0, 1, -1, 5, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 10**12 + 1, 904_170_555)


def _numbers(arrow_type: pa.DataType) -> Callable[[Random, int], pa.Array]:
    def make(rng: Random, n: int) -> pa.Array:
        integers = [rng.choice((None, *_ANY_NUMBER)) for _ in range(n)]
        return pa.array(integers, pa.int64()).cast(arrow_type, safe=False)

    return make


def _instants(arrow_type: pa.DataType) -> Callable[[Random, int], pa.Array]:
    def make(rng: Random, n: int) -> pa.Array:
        return pa.array([rng.choice((None, *_ANY_INSTANT)) for _ in range(n)], pa.int64()).cast(arrow_type)

    return make


def _texts(arrow_type: pa.DataType) -> Callable[[Random, int], pa.Array]:
    def make(rng: Random, n: int) -> pa.Array:
        return pa.array([None if rng.random() < 0.1 else hostile_text(rng) for _ in range(n)]).cast(arrow_type)

    return make


def _floats(rng: Random, n: int) -> pa.Array:
    values = (None, 0.0, -0.0, 1.0, 37.0, 1.5, -1.0, 1e12, 1e13, 1e18, 1e300, float("inf"), float("-inf"), float("nan"))
    return pa.array([rng.choice(values) for _ in range(n)], pa.float64())


def _bytes(rng: Random, n: int) -> pa.Array:
    return pa.array(
        [rng.choice((b"zq", b"\xff\xfe", b"\xed\xa0\x80", b"", b"\0", None)) for _ in range(n)], pa.binary()
    )


def _broken_texts(rng: Random, n: int) -> pa.Array:
    """Return text whose bytes are no UTF-8, as some writers leave it."""
    raw = _bytes(rng, n)
    return pa.Array.from_buffers(pa.string(), n, raw.buffers())


def _others(rng: Random, n: int) -> pa.Array:
    values: list[Any] = rng.choice(
        (
            [["zq"]] * n, [{"a": 1}] * n, [[]] * n, [None] * n, [True, None] * n, [{"username": "zq_satu"}] * n,
            [[[1]]] * n, [b"12345678"] * n,
        )
    )  # fmt: skip
    return pa.array(values[:n])


_MAKERS: tuple[Callable[[Random, int], pa.Array], ...] = (
    _texts(pa.string()), _texts(pa.string()), _texts(pa.large_string()), _texts(pa.dictionary(pa.int32(), pa.string())),
    _numbers(pa.int64()), _numbers(pa.int32()), _numbers(pa.uint64()), _numbers(pa.int8()), _floats, _floats,
    lambda rng, n: _floats(rng, n).cast(pa.float32(), safe=False), _instants(pa.timestamp("us")),
    _instants(pa.timestamp("ns", "Asia/Jakarta")), _instants(pa.timestamp("ms", "+07:00")), _instants(pa.time64("us")),
    _instants(pa.duration("us")), lambda rng, n: pa.array([rng.choice((0, 1, -1, 2**31 - 1)) for _ in range(n)]).cast(pa.int32()).view(pa.date32()),
    lambda rng, n: pa.array([rng.choice((None, 1, -1, 10**15)) for _ in range(n)]).cast(pa.decimal128(30, 2)),
    _bytes, _broken_texts, _others, _others,
)  # fmt: skip
_KINDS = (ACCOUNT_SYNONYMS, ACCOUNT_SYNONYMS, ACCOUNT_SYNONYMS, POST_SYNONYMS, SERIES_SYNONYMS)
_FIXED = (
    ("screen_name", "friends_count", "statuses_count", "followers_count", "id"),
    ("uid", "unique_id", "nickname", "heart_count", "digg_count"),
    ("pk", "username", "full_name", "is_private", "profile_pic_url"),
    ("id", "username", "public_metrics.followers_count", "__twarc.retrieved_at", "entities.url.urls"),
    ("User Name", "Facebook Id", "Followers at Posting", "Post Created", "Total Interactions"),
)


def change_parquet(rng: Random) -> bytes:
    """Return a Parquet file of some columns, most of them as readers know them; sometimes with damaged bytes."""
    data = _parquet(rng)
    draw = rng.random()
    if draw < 0.6:
        return data
    if draw < 0.8:
        return change_bytes(rng, data)
    # The end of the file says how to read the rest.
    at = max(4, len(data) - 2 - int(rng.random() * 700))
    return data[:at] + bytes((int(rng.random() * 256),)) + data[at + 1 :]


def _parquet(rng: Random) -> bytes:
    synonyms = rng.choice(_KINDS)
    names = list(rng.choice(_FIXED)) if rng.random() < 0.2 else []
    for column in rng.sample(sorted(synonyms), int(rng.random() * min(8, len(synonyms)))):
        names.append(rng.choice((column, *synonyms[column])))
    if rng.random() < 0.1 and names:
        names.append(rng.choice(("", names[0], names[0].upper(), "platform", "zq", "a.b")))
    if rng.random() < 0.7:
        names.append(rng.choice(("handle", "user id", "followers_count", "username")))
    n = rng.choice((0, 1, 2, 5, 40))
    arrays = [
        pa.array(["twitter"] * n) if name == "platform" and rng.random() < 0.8 else rng.choice(_MAKERS)(rng, n)
        for name in names
    ]
    table = pa.Table.from_arrays(arrays, names=names) if names else pa.table({"zq": pa.array([1] * n)})
    file = io.BytesIO()
    pq.write_table(
        table,
        file,
        compression=rng.choice(("snappy", "none", "gzip", "zstd")),
        row_group_size=rng.choice((1, 3, 1000)),
        use_dictionary=rng.random() < 0.5,
        store_schema=rng.random() < 0.7,
    )
    return file.getvalue()
