"""Changes of bytes: flipped, put in, taken out, doubled, moved, cut."""

from __future__ import annotations

from random import Random

_PIECES = (
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\r", b"\n", b"\r\n", b'"',
    b"'", b"\\", b"{", b"}", b"[", b"]", b",", b";", b"\t", b":", b"|", b"\x1a", b"\x1b", b"\x85", b"\xe2\x80\xa8", b" ",
    b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9", b"PAR1", b"<?xml", b"SQLite format 3\0", b"%PDF", b"9" * 30, b"\0" * 64,
    b"\n" * 40, b'"' * 7, b"[" * 90, b"zq",
)  # fmt: skip


def change_bytes(rng: Random, data: bytes) -> bytes:
    """Return bytes with one to six changes."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        data = _CHANGES[int(rng.random() * len(_CHANGES))](rng, data)
    return data


def _stretch(rng: Random, data: bytes, most: int = 40) -> tuple[int, int]:
    start = int(rng.random() * (len(data) + 1))
    length = int(rng.random() ** 3 * max(1, len(data) if rng.random() < 0.1 else most)) + 1
    return start, min(start + length, len(data))


def _flip(rng: Random, data: bytes) -> bytes:
    if not data:
        return b"\xff"
    at = int(rng.random() * len(data))
    return data[:at] + bytes((data[at] ^ 1 << int(rng.random() * 8),)) + data[at + 1 :]


def _overwrite(rng: Random, data: bytes) -> bytes:
    if not data:
        return b"\0"
    at = int(rng.random() * len(data))
    return data[:at] + bytes((int(rng.random() * 256),)) + data[at + 1 :]


def _insert(rng: Random, data: bytes) -> bytes:
    at = int(rng.random() * (len(data) + 1))
    return data[:at] + rng.choice(_PIECES) + data[at:]


def _delete(rng: Random, data: bytes) -> bytes:
    start, end = _stretch(rng, data)
    return data[:start] + data[end:]


def _double(rng: Random, data: bytes) -> bytes:
    start, end = _stretch(rng, data, 200)
    times = rng.choice((2, 2, 2, 5, 30)) if end - start < 2_000 else 2
    return data[:start] + data[start:end] * times + data[end:]


def _swap(rng: Random, data: bytes) -> bytes:
    (a, b), (c, d) = sorted((_stretch(rng, data), _stretch(rng, data)))
    b = min(b, c)
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _cut(rng: Random, data: bytes) -> bytes:
    return data[: int(rng.random() * (len(data) + 1))]


def _cut_front(rng: Random, data: bytes) -> bytes:
    return data[int(rng.random() ** 2 * (len(data) + 1)) :]


def _replace_each(rng: Random, data: bytes) -> bytes:
    """Replace a piece wherever it stands."""
    start, end = _stretch(rng, data, 3)
    piece = data[start:end]
    return data.replace(piece, rng.choice(_PIECES), 200) if piece else data


_CHANGES = (
    _flip,
    _flip,
    _overwrite,
    _insert,
    _insert,
    _delete,
    _delete,
    _double,
    _swap,
    _cut,
    _cut_front,
    _replace_each,
)
