"""Packed files and archives, whole and damaged: compressed data, zip archives, folders as names and contents."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import warnings
import zipfile
from collections.abc import Callable, Sequence
from random import Random

import pyarrow as pa

from .byte_changes import change_bytes

#: Codec to how it packs.
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": lambda data: gzip.compress(data, 1, mtime=0),
    "xz": lambda data: lzma.compress(data, preset=0),
    "bz2": lambda data: bz2.compress(data, 1),
    "zst": lambda data: pa.Codec("zstd").compress(data, asbytes=True),
}
_GARBAGE = (b"\0" * 20, b"zq", b"\x1f\x8b", b"BZh9zq", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\0", b"\n")

#: Names under which members are put into an archive.
MEMBERS = (
    "data/follower.js", "data/follower-part1.js", "data/account.js", "data/manifest.js", "data/following.js",
    "data/tweets.js", "connections/followers_and_following/followers_1.json",
    "connections/followers_and_following/followers_2.json", "connections/followers_and_following/following.json",
    "content/posts_1.json", "a.csv", "b.csv", "c.jsonl", "d.json", "e.txt", "f.csv.gz", "g.tsv", "h.xlsx", "i.parquet",
    "akun_904171.json", "akun_904171.json.xz", "2024-01-02_03-04-05_UTC.json", "readme.md", ".hidden.csv",
    "__MACOSX/a.csv", "x/y/z/w.csv",
)  # fmt: skip
_BAD_NAMES = (
    "/a.csv", "../a.csv", "a/../../b.csv", "C:/a.csv", "C:a.csv", "a\\b.csv", "..\\b.csv", "", ".", "a//b.csv", "a/",
    "a\0b.csv", "a\nb.csv", "\u202eb.csv", "zq" * 150 + ".csv", "\U0001f600.csv", "CON.csv", " .csv", "a.csv ", "A.CSV",
    "~/a.csv", "a.csv/b.csv",
)  # fmt: skip

Member = tuple[str, bytes]


def change_packed(rng: Random, codec: str, data: bytes) -> bytes:
    """Return data packed by a codec, mostly damaged."""
    pack = PACK[codec]
    draw = rng.random()
    if draw < 0.25:
        return pack(data)
    if draw < 0.35:
        at = int(rng.random() * (len(data) + 1))
        return pack(data[:at]) + pack(data[at:])
    if draw < 0.45:
        return pack(data) + rng.choice(_GARBAGE)
    if draw < 0.5:
        return PACK[rng.choice(list(PACK))](pack(data))
    if draw < 0.505:
        return pack(data + rng.choice((b"\n", b" ", b"0", b"[")) * 2_000_000)
    if draw < 0.65:
        packed = pack(data)
        return packed[: int(rng.random() * (len(packed) + 1))]
    return change_bytes(rng, pack(data))


def archive(members: Sequence[Member], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of names and contents."""
    packed = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(packed, "w", method, compresslevel=1) as made:
        warnings.simplefilter("ignore", UserWarning)  # two members of one name
        for name, data in members:
            # A time and a mode of their own: the same members are the same bytes.
            info = zipfile.ZipInfo(name or " ", (2024, 1, 2, 3, 4, 4))
            info.compress_type = method
            if not name:
                info.filename = name
            made.writestr(info, data)
    return packed.getvalue()


def change_archive(rng: Random, members: Sequence[Member]) -> bytes:
    """Return a zip archive, mostly one that no honest tool makes."""
    members = list(members)
    draw = rng.random()
    if members and draw < 0.15:
        at = int(rng.random() * len(members))
        members[at] = (rng.choice(_BAD_NAMES), members[at][1])
    elif members and draw < 0.2:
        name, data = rng.choice(members)
        members.append((rng.choice((name, name.upper(), f"x/{name}")), data))
    elif draw < 0.25:
        members.append((rng.choice(("in.zip", "in.csv", "in.json")), archive(members)))
    elif draw < 0.255:
        members.append((rng.choice(("a.csv", "d.json")), rng.choice((b"0", b" ", b"[")) * 2_000_000))
    elif draw < 0.28:
        members = [(f"f{place}.csv", b"") for place in range(rng.choice((0, 0, 20, 300)))]
    method = rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    if rng.random() < 0.03:
        method = rng.choice((zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    data = archive(members, method=method)
    draw = rng.random()
    if draw < 0.4:
        return data
    if draw < 0.7:
        return _change_entry(rng, data)
    if draw < 0.75:
        return rng.choice((b"zq", b"MZ", b"#!/bin/sh\n", b"PK\x03\x04")) + data
    if draw < 0.8:
        return data + rng.choice(_GARBAGE)
    return change_bytes(rng, data)


def _change_entry(rng: Random, data: bytes) -> bytes:
    """Change a number in the header of a member, in the list of members, or at the end of the archive."""
    changed = bytearray(data)
    signature, fields = rng.choice(
        (
            (b"PK\x03\x04", ((4, "H"), (6, "H"), (8, "H"), (14, "I"), (18, "I"), (22, "I"), (26, "H"), (28, "H"))),
            (
                b"PK\x01\x02",
                ((6, "H"), (8, "H"), (10, "H"), (16, "I"), (20, "I"), (24, "I"), (28, "H"), (30, "H"), (32, "H"),
                 (34, "H"), (38, "I"), (42, "I")),
            ),
            (b"PK\x05\x06", ((4, "H"), (8, "H"), (10, "H"), (12, "I"), (16, "I"), (20, "H"))),
        )
    )  # fmt: skip
    starts = []
    at = data.find(signature)
    while at >= 0 and len(starts) < 50:
        starts.append(at)
        at = data.find(signature, at + 4)
    if starts:
        offset, kind = rng.choice(fields)
        place = rng.choice(starts) + offset
        most = 0xFFFF if kind == "H" else 0xFFFFFFFF
        values = (0, 1, 2, 8, 12, 14, 99, 0x41, 0x800, 0x2000, most, most - 1, most // 2, 0xA1FF0000 & most, 1 << 20)
        if place + struct.calcsize(f"<{kind}") <= len(data):
            struct.pack_into(f"<{kind}", changed, place, rng.choice(values) & most)
    return bytes(changed)
