"""Allow lists opened: whom they take off the lists of suspects of one list."""

from __future__ import annotations

import os
from typing import Any

from botscan.accounts.table import AccountTable
from botscan.errors import SchemaError
from botscan.evidence.scores import Scores
from botscan.labels.allow_list import read_allow_list
from botscan.labels.allowed_accounts import AllowOutcome, apply_allow_list, match_allow_list
from botscan.pseudonyms import PseudonymKey, read_key

KeyLike = PseudonymKey | str | os.PathLike[str] | None


def with_allow_list(
    accounts: AccountTable, scores: Scores, allow: Any, key: KeyLike
) -> tuple[Scores, AllowOutcome | None]:
    """Return the scores with the accounts of an allow list taken off the lists of suspects, and what that changed.

    Parameters
    ----------
    accounts, scores
        The list, and its scores in the same order.
    allow
        Whatever `read_allow_list` takes; None for no such list.
    key
        Key, or key file, of the pseudonyms in it.

    Raises
    ------
    SchemaError
        A key was given without an allow list.
    """
    if allow is None:
        if key is not None:
            raise SchemaError(
                "A key was given without an allow list.", source="key", remedy="Give the allow list as well: allow=..."
            )
        return scores, None
    opened = key if isinstance(key, PseudonymKey) or key is None else read_key(key)
    return apply_allow_list(scores, match_allow_list(accounts, read_allow_list(allow), opened), accounts)
