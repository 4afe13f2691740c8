"""Accounts that somebody names one by one, read and turned into pseudonyms for an allow list."""

from __future__ import annotations

import os
from collections.abc import Sequence

from botscan.accounts.settings import check_platform
from botscan.cells.handles import handle_key, read_handle
from botscan.cells.ids import has_numeric_ids, read_id
from botscan.errors import SchemaError
from botscan.pseudonyms import PseudonymKey, account_pseudonym, handle_pseudonym, read_key
from botscan.writing import StrPath

_MOST_LISTED = 10


def make_pseudonyms(
    accounts: str | Sequence[str], key: PseudonymKey | StrPath, platform: str = "twitter"
) -> tuple[str, ...]:
    """Make the pseudonyms under which an allow list can name accounts, so that no id is stored.

    Only whoever holds the key can find them in a list again. A pseudonym of an id is found where the list has the id,
    one of a handle where it has the handle; whoever changes the handle keeps the id.

    Parameters
    ----------
    accounts
        Ids, or handles with @, or links to profiles; or one of them. On a platform where ids are numbers a word
        without @ is a handle as well.
    key
        From `make_key` or `read_key`, or the path of the key file.
    platform
        Platform of the lists in which they are to be found.

    Returns
    -------
    pseudonyms
        One an account, in order, 26 characters each.

    Raises
    ------
    FormatError
        The file holds no key.
    SchemaError
        Something names no account, or the platform is not known; the message shows no name.

    Examples
    --------
    >>> make_pseudonyms(["12", "@Budi_17"], PseudonymKey(bytes(range(32))))
    ('fds6dnomtwvpyfsigpdbdnfc5y', 'dkecqfz62z2kyi4ixkpzy6rufq')
    """
    where = check_platform(platform, source="make_pseudonyms")
    opened = key if isinstance(key, PseudonymKey) else read_key(_checked_path(key))
    words = _checked_words(accounts)
    read = [_read_name(word, where) for word in words]
    wrong = [str(number) for number, found in enumerate(read, start=1) if found is None]
    if wrong:
        listed = ", ".join(wrong[:_MOST_LISTED]) + (", ..." if len(wrong) > _MOST_LISTED else "")
        raise SchemaError(
            f"{len(wrong)} of {len(words)} names no account; counted from 1: {listed}.",
            source="accounts",
            remedy="Write an id with all its digits, or a handle with @.",
        )
    return tuple(
        handle_pseudonym(opened, where, name) if is_handle else account_pseudonym(opened, where, name)
        for name, is_handle in (found for found in read if found is not None)
    )


def _checked_path(key: object) -> StrPath:
    if not isinstance(key, str | os.PathLike):
        raise SchemaError(
            f"key is of type {type(key).__name__}, wanted a key or the path of its file.",
            source="make_pseudonyms",
            remedy="Make one with make_key, or read one with read_key.",
        )
    return key


def _checked_words(accounts: object) -> list[str]:
    words = [accounts] if isinstance(accounts, str) else accounts
    # A set has no order, so nobody could tell which pseudonym is whose.
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise SchemaError(
            "Wanted a list of texts: ids, or handles with @.",
            source="accounts",
            remedy="Write ids as text, so that they keep all their digits.",
        )
    return list(words)


def _read_name(word: str, platform: str) -> tuple[str, bool] | None:
    """Return the id or handle that somebody typed, and whether it is a handle; None where it is neither."""
    text = word.strip()
    is_numeric = has_numeric_ids(platform)
    if not (text.startswith("@") or "/" in text):
        found = read_id(text, is_numeric=is_numeric)
        if found.value is not None and found.code is None:
            return found.value, False
        # What was meant as a number is no handle: it has lost digits.
        if not is_numeric or found.value is not None or found.code != "bad_id" or not text.strip("+-.,0123456789"):
            return None
    handle = handle_key(read_handle(text).value)
    return None if handle is None else (handle, True)
