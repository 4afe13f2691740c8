r"""Pseudonyms: accounts under a name that only the holder of a key can make again.

A pseudonym is HMAC-SHA256 [1]_ of platform and id under a secret key, cut to 128 bits and written in base32. A plain
hash would be no protection, because there are few enough ids to try them all. With one key an account has the same
pseudonym everywhere; under another key nothing links the two.

References
----------
.. [1] Krawczyk, H., Bellare, M., Canetti, R. (1997). HMAC: keyed-hashing for message authentication. RFC 2104.
   https://doi.org/10.17487/RFC2104
"""

from __future__ import annotations

import base64
import hmac
import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from botscan.errors import BotscanError, FormatError, OutputError
from botscan.writing import StrPath, create_file

#: Bytes of a key.
KEY_BYTES = 32
#: Characters of a pseudonym: 128 bits, five in each.
PSEUDONYM_CHARACTERS = 26

_PSEUDONYM_BYTES = 16
_ALPHABET = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz234567", dtype=np.uint8)
_PSEUDONYM = re.compile(r"[a-z2-7]{25}[aeimquy4]")
_KEY_TEXT = re.compile(rb"[0-9a-fA-F]{64}")
#: A longer file is no key; not more of it is read.
_LONGEST_KEY_FILE = 1024
#: 32 random bytes hold fewer different ones about never.
_FEWEST_DIFFERENT = 16
_ROWS = 65_536
#: What is named by a pseudonym, so that an id and a handle that read alike have two.
_ACCOUNT, _HANDLE = b"account", b"handle"


@dataclass(frozen=True, repr=False)
class PseudonymKey:
    """Secret of a project; never shown.

    Attributes
    ----------
    secret
        32 random bytes.

    Examples
    --------
    >>> PseudonymKey(bytes(range(32)))
    PseudonymKey(...)
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise ValueError(f"a key is {KEY_BYTES} bytes")

    def __repr__(self) -> str:
        return "PseudonymKey(...)"


def make_key(path: StrPath) -> PseudonymKey:
    """Make a new key and write it to a file that only its owner can read.

    Keep the file apart from what is named with it, and keep a copy: without the key nobody can find an account again.

    Parameters
    ----------
    path
        File to write: 64 hexadecimal digits. It appears whole or not at all.

    Returns
    -------
    key
        The key; it never shows itself.

    Raises
    ------
    OutputError
        The file is there already, or cannot be written. A key is never replaced: what was named with the old one
        would be lost.
    """
    shown = os.fsdecode(os.fspath(path))
    if not shown:
        raise OutputError("The name of the key file is empty.", remedy="Give a file name.")
    key = PseudonymKey(secrets.token_bytes(KEY_BYTES))
    try:
        create_file(shown, f"{key.secret.hex()}\n".encode(), mode=0o600)
    except FileExistsError:
        raise OutputError(
            "This file is there already; a key is never written over.",
            source=shown,
            remedy="Use the key that is there, or choose another name.",
        ) from None
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        raise OutputError(
            f"The key could not be written: {reason}.",
            source=shown,
            remedy="Choose a folder on a local disk that you may write to.",
        ) from error
    return key


def read_key(path: StrPath) -> PseudonymKey:
    """Read the key that `make_key` wrote.

    Parameters
    ----------
    path
        File of 64 hexadecimal digits.

    Returns
    -------
    key
        The key; it never shows itself.

    Raises
    ------
    FormatError
        The file is missing, is no regular file, or holds no key; what it holds is never shown.
    """
    shown = os.fsdecode(os.fspath(path))
    try:
        target = Path(shown)
        if not target.is_file():  # a pipe or device would hang
            raise FormatError(
                "There is no such key file." if not target.exists() else "This is no regular file.",
                source=shown,
                remedy="Give the path of the file that holds the key.",
            )
        with target.open("rb") as file:
            text = file.read(_LONGEST_KEY_FILE + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
        raise FormatError(
            f"The key could not be read: {reason}.", source=shown, remedy="Check the path and its permissions."
        ) from error
    digits = text.strip()
    if not _KEY_TEXT.fullmatch(digits):
        raise FormatError(
            "The file is empty." if not digits else f"Found no key, but {_what(text)}; wanted 64 hexadecimal digits.",
            source=shown,
            remedy="Give the file as it was made, or make a new key for new data.",
        )
    secret = bytes.fromhex(digits.decode("ascii"))
    if len(set(secret)) < _FEWEST_DIFFERENT:
        raise FormatError(
            "These digits were not drawn at random, so anybody could guess them.",
            source=shown,
            remedy="Have a key made.",
        )
    return PseudonymKey(secret)


def account_pseudonym(key: PseudonymKey, platform: str, account_id: str) -> str:
    """Return the pseudonym of an account.

    Examples
    --------
    >>> account_pseudonym(PseudonymKey(bytes(range(32))), "twitter", "12")
    'fds6dnomtwvpyfsigpdbdnfc5y'
    """
    name: str = account_pseudonyms(key, platform, pa.array([account_id], pa.large_string()))[0].as_py()
    return name


def handle_pseudonym(key: PseudonymKey, platform: str, handle: str) -> str:
    """Return the pseudonym of a handle, in whatever case and with or without @ it is written.

    Examples
    --------
    >>> key = PseudonymKey(bytes(range(32)))
    >>> handle_pseudonym(key, "twitter", "@Budi_17") == handle_pseudonym(key, "twitter", "budi_17")
    True
    """
    name: str = handle_pseudonyms(key, platform, pa.array([handle], pa.large_string()))[0].as_py()
    return name


def account_pseudonyms(key: PseudonymKey, platform: str, account_ids: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the pseudonyms of a column of account ids, large_string, null where an id is null.

    Parameters
    ----------
    key
        Secret of the project.
    platform
        Platform of the accounts, not empty.
    account_ids
        Text, shape (n,).
    """
    return _pseudonyms(key, _ACCOUNT, platform, account_ids)


def handle_pseudonyms(key: PseudonymKey, platform: str, handles: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the pseudonyms of a column of handles, large_string, null where a handle is null.

    Parameters
    ----------
    key
        Secret of the project.
    platform
        Platform of the accounts, not empty.
    handles
        Text, compared in lower case without a leading @, shape (n,).
    """
    return _pseudonyms(key, _HANDLE, platform, handles)


def read_pseudonym(text: str) -> str | None:
    """Return a pseudonym as it is compared, from base32 in any case or from 32 hexadecimal digits; None if it is none.

    Examples
    --------
    >>> read_pseudonym("00112233445566778899AABBCCDDEEFF"), read_pseudonym("budi_17")
    ('aaisem2ekvthpcezvk54zxpo74', None)
    """
    name = text.strip().lower()
    if len(name) == 2 * _PSEUDONYM_BYTES and re.fullmatch(r"[0-9a-f]+", name):
        return base64.b32encode(bytes.fromhex(name)).decode("ascii").rstrip("=").lower()
    return name if _PSEUDONYM.fullmatch(name) else None


def _pseudonyms(key: PseudonymKey, kind: bytes, platform: str, texts: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    if not platform or "\0" in platform:
        raise BotscanError(
            "A pseudonym is of an account on a platform, and no platform was named.",
            remedy="Name the platform of the list.",
        )
    # No platform holds a NUL, so no two pairs of platform and id read alike.
    begin = b"botscan-1\0" + kind + b"\0" + platform.encode("utf-8") + b"\0"
    begun = hmac.new(key.secret, begin, "sha256")
    chunks = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
    parts = [
        _batch(begun, chunk.slice(start, _ROWS).to_pylist(), is_handle=kind == _HANDLE)
        for chunk in chunks
        for start in range(0, len(chunk), _ROWS)
    ]
    return pa.chunked_array(parts, pa.large_string())


def _batch(begun: hmac.HMAC, texts: list[str | None], *, is_handle: bool) -> pa.Array:
    names = [text for text in texts if text is not None]
    if is_handle:
        names = [name.removeprefix("@").lower() for name in names]
    digests = bytearray()
    for name in names:
        one = begun.copy()
        one.update(name.encode("utf-8", "surrogatepass"))
        digests += one.digest()[:_PSEUDONYM_BYTES]
    written = _base32(bytes(digests))
    if len(names) == len(texts):
        return written
    is_known = np.array([text is not None for text in texts])
    return written.take(pa.array(np.cumsum(is_known) - 1, mask=~is_known))


def _base32(digests: bytes) -> pa.Array:
    """Write each 16 bytes as 26 characters of base32 without padding, in lower case."""
    rows = np.frombuffer(digests, dtype=np.uint8).reshape(-1, _PSEUDONYM_BYTES)
    bits = np.unpackbits(rows, axis=1)
    bits = np.pad(bits, ((0, 0), (0, 5 * PSEUDONYM_CHARACTERS - bits.shape[1])))
    values = bits.reshape(len(rows), PSEUDONYM_CHARACTERS, 5) @ np.array([16, 8, 4, 2, 1], dtype=np.uint8)
    ends = np.arange(len(rows) + 1, dtype=np.int64) * PSEUDONYM_CHARACTERS
    text = np.ascontiguousarray(_ALPHABET[values])
    return pa.LargeStringArray.from_buffers(len(rows), pa.py_buffer(ends), pa.py_buffer(text))


def _what(text: bytes) -> str:
    """Describe what stands in a file that holds no key, without showing any of it."""
    if len(text) > _LONGEST_KEY_FILE:
        return f"more than {_LONGEST_KEY_FILE} bytes"
    is_hex = re.fullmatch(rb"[0-9a-fA-F\s]+", text) is not None
    return f"{len(text.strip())} {'hexadecimal digits' if is_hex else 'characters'}"
