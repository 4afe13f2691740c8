"""An allow list held against a list of accounts: whom it takes off the lists of suspects, and how that is told.

Nothing is scored anew. Scores, and with them every share, stay what they are: an allow list says whom a person has
looked at, not that the model was wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts.identity import is_by_handle
from botscan.accounts.table import AccountTable
from botscan.cells.handles import handle_keys
from botscan.cells.parsed import as_mask
from botscan.display import Displayed, plain
from botscan.errors import SchemaError
from botscan.evidence.scores import VERDICTS, Scores
from botscan.features.columns import Columns
from botscan.labels.allow_list import REASONS, AllowEntry, AllowList
from botscan.notes import Note
from botscan.pseudonyms import PseudonymKey, account_pseudonyms, handle_pseudonyms
from botscan.scoring.rules import verdict_conditions
from botscan.scoring.verdicts import assign_verdicts
from botscan.wording import number, say, say_note

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, repr=False)
class AllowMatch:
    """Which accounts of a list are on an allow list.

    Attributes
    ----------
    is_allowed
        Whether each account is, shape (n_accounts,).
    n_listed
        Entries of the allow list: found, not found and expired ones together.
    n_found
        Entries that name an account of the list.
    n_not_found
        Entries that name none.
    n_expired
        Entries that no longer held when the list was seen; they are not looked for.
    n_by_reason
        Reason -> number of entries found, most frequent first.
    notes
        What a reader must know.
    """

    is_allowed: Mask
    n_listed: int
    n_found: int
    n_not_found: int
    n_expired: int
    n_by_reason: Mapping[str, int]
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        if self.n_listed != self.n_found + self.n_not_found + self.n_expired:
            raise ValueError("every entry is found, not found or expired")

    def __repr__(self) -> str:
        return f"AllowMatch({self.n_found} of {self.n_listed} entries found)"


@dataclass(frozen=True)
class AllowOutcome(Displayed):
    """What an allow list has changed.

    Attributes
    ----------
    n_listed, n_found, n_not_found, n_expired, n_by_reason
        As in `AllowMatch`.
    n_accounts
        Accounts of the list that are on it.
    n_removed
        Of these, accounts that no longer count as suspicious.
    n_review_removed
        Of these, accounts that are no longer among those worth a look, the suspicious ones among them.
    notes
        What a reader must know.
    """

    n_listed: int
    n_found: int
    n_not_found: int
    n_expired: int
    n_by_reason: Mapping[str, int]
    n_accounts: int
    n_removed: int
    n_review_removed: int
    notes: tuple[Note, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as plain data, never an account."""
        return {**super().to_dict(), "n_by_reason": plain(dict(self.n_by_reason))}

    def _title(self, language: str) -> str:
        return say("allow_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        rows = [
            ("allow_n_listed", self.n_listed),
            ("allow_n_found", self.n_found),
            *((f"allow_reason_{reason}", count) for reason, count in self.n_by_reason.items()),
            ("allow_n_removed", self.n_removed),
            ("allow_n_review_removed", self.n_review_removed),
        ]
        shown = [(say(label, language), number(value, language)) for label, value in rows]
        return shown + [(say("share_note", language), say_note(note, language)) for note in self.notes]


def match_allow_list(accounts: AccountTable, allow: AllowList, key: PseudonymKey | None = None) -> AllowMatch:
    """Find the accounts of a list that are on an allow list.

    An entry with an id means the account of that id, and an account without one that has its handle, written out or as
    a pseudonym. An account whose own id differs is somebody else, even where a handle was taken over. Of an entry whose
    names are those of several accounts all are allowed, and a note counts such entries. An entry holds to the end of
    its last day, held against the day when the list was seen and never against today; where that day is not known it
    holds.

    Parameters
    ----------
    accounts
        The list.
    allow
        The allow list.
    key
        Key of the pseudonyms on it.

    Raises
    ------
    SchemaError
        The allow list holds pseudonyms and no key was given, or the platform of the accounts is not known.

    Examples
    --------
    >>> from botscan.labels.allow_list import read_allow_list
    >>> accounts = AccountTable.from_frame([{"account_id": 7, "handle": "Ani"}, {"account_id": 8}], platform="twitter")
    >>> match_allow_list(accounts, read_allow_list(["@ani", "9"])).is_allowed.tolist()
    [True, False]
    """
    seen_on = None if accounts.observed_at is None else accounts.observed_at.date()
    holding = [entry for entry in allow.entries if entry.until is None or seen_on is None or entry.until >= seen_on]
    is_allowed = np.zeros(len(accounts), dtype=np.bool_)
    rows_of: dict[int, set[int]] = {}
    for row, position in _named(accounts, holding, allow.source, key):
        is_allowed[row] = True
        rows_of.setdefault(position, set()).add(row)
    is_found = np.zeros(len(holding), dtype=np.bool_)
    is_found[list(rows_of)] = True
    reasons = Counter(entry.reason for entry, found in zip(holding, is_found.tolist(), strict=True) if found)
    n_expired = len(allow.entries) - len(holding)
    n_not_found = int((~is_found).sum())
    notes = list(allow.notes)
    if seen_on is None and (n_dated := sum(entry.until is not None for entry in allow.entries)):
        notes.append(Note("allow_list_until_not_compared", count=n_dated))
    if n_expired:
        notes.append(Note("allow_list_expired", count=n_expired))
    if n_not_found:
        notes.append(Note("allow_list_not_found", count=n_not_found))
    if n_several := sum(len(rows) > 1 for rows in rows_of.values()):
        notes.append(Note("allow_list_names_several", count=n_several))
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], REASONS.index(item[0])))
    n_found = int(is_found.sum())
    return AllowMatch(is_allowed, len(allow), n_found, n_not_found, n_expired, dict(ordered), tuple(notes))


def apply_allow_list(scores: Scores, match: AllowMatch, accounts: AccountTable) -> tuple[Scores, AllowOutcome]:
    """Take the accounts of an allow list off the lists of suspects.

    They are no longer worth a look, and one called suspicious gets the verdict it would have without its score:
    dormant, follows very many, or active. Scores and log-odds stay, and so does every share made from them.

    Parameters
    ----------
    scores
        Scores of the list.
    match
        From `match_allow_list`, of the same list.
    accounts
        The list, in the same order.

    Returns
    -------
    scores, outcome
        Scores with other verdicts, and what was changed.

    Raises
    ------
    SchemaError
        Scores, match and accounts are not of one list.
    """
    is_one_list = len(match.is_allowed) == len(scores) == len(accounts)
    if not is_one_list or not scores.account_ids.equals(accounts.table["account_id"]):
        raise SchemaError(
            "Scores, allow list and accounts are not of one list.",
            source=scores.source,
            remedy="Give the scores of the list that the allow list was held against.",
        )
    codes = pc.index_in(pc.cast(scores.table["verdict"], pa.string()), value_set=pa.array(VERDICTS, pa.string()))
    verdicts = np.array(codes.to_numpy(), dtype=np.int8)
    removed = np.flatnonzero(match.is_allowed & (verdicts == VERDICTS.index("suspicious")))
    verdicts[removed] = _verdicts_of_rules(accounts.table.take(removed))
    review = scores.table["review"]
    was_review = np.asarray(pc.fill_null(review, False).to_numpy())
    allowed = pa.array(match.is_allowed)
    columns = {
        "verdict": pa.DictionaryArray.from_arrays(pa.array(verdicts), pa.array(VERDICTS, pa.string())),
        # An account without a score stays unknown: it was never worth a look.
        "review": pc.if_else(pc.and_(allowed, pc.is_valid(review)), False, review),
    }
    table = scores.table
    for name, column in columns.items():
        position = table.schema.get_field_index(name)
        table = table.set_column(position, table.schema.field(position), column)
    n_review = int((match.is_allowed & was_review).sum())
    outcome = AllowOutcome(
        match.n_listed,
        match.n_found,
        match.n_not_found,
        match.n_expired,
        match.n_by_reason,
        n_accounts=int(match.is_allowed.sum()),
        n_removed=len(removed),
        n_review_removed=n_review,
        notes=(
            Note(
                "allow_list_applied",
                count=len(removed),
                numbers={"n_listed": match.n_listed, "n_found": match.n_found, "n_review": n_review},
            ),
            *match.notes,
        ),
    )
    return replace(scores, table=table), outcome


def _verdicts_of_rules(table: pa.Table) -> NDArray[np.int8]:
    """Return the verdict of each scored account as if its score showed nothing, as positions in `VERDICTS`."""
    no_row = np.zeros(table.num_rows, dtype=np.bool_)
    conditions = {**verdict_conditions(Columns(table)), "unknown": no_row, "suspicious": no_row}
    return np.asarray(assign_verdicts(conditions).indices.to_numpy(zero_copy_only=False), dtype=np.int8)


def _named(
    accounts: AccountTable, entries: Sequence[AllowEntry], source: str, key: PseudonymKey | None
) -> Iterator[tuple[int, int]]:
    """Yield (row of the list, position of an entry that names its account)."""
    ids = accounts.table["account_id"].combine_chunks()
    handles = pa.nulls(len(ids), pa.large_string())
    if "handle" in accounts.table.column_names:
        handles = handle_keys(accounts.table["handle"].combine_chunks())
    yield from _alike(ids, [entry.account_id for entry in entries])
    has_own_id = ~is_by_handle(ids)

    def by_handle(names: pa.Array, wanted: Sequence[str | None]) -> Iterator[tuple[int, int]]:
        for row, position in _alike(names, wanted):
            entry = entries[position]
            if entry.account_id is None or entry.is_bare or not has_own_id[row]:
                yield row, position

    yield from by_handle(handles, [entry.handle for entry in entries])
    pseudonyms = [entry.pseudonym for entry in entries]
    if any(pseudonyms):
        if key is None:
            raise SchemaError(
                "The allow list holds pseudonyms, which only their key can find in a list.",
                source=source,
                column="pseudonym",
                remedy="Give the key file as well (--key FILE, in Python key=...).",
            )
        platform = accounts.platform or ""
        yield from _alike(account_pseudonyms(key, platform, ids).combine_chunks(), pseudonyms)
        yield from by_handle(handle_pseudonyms(key, platform, handles).combine_chunks(), pseudonyms)


def _alike(names: pa.Array, wanted: Sequence[str | None]) -> Iterator[tuple[int, int]]:
    """Yield (row, position) of equal names; null is equal to nothing."""
    positions: dict[str, list[int]] = {}
    for position, name in enumerate(wanted):
        if name is not None:
            positions.setdefault(name, []).append(position)
    rows = np.flatnonzero(as_mask(pc.is_in(names, value_set=pa.array(list(positions), pa.large_string()))))
    for row, name in zip(rows.tolist(), names.take(pa.array(rows)).to_pylist(), strict=True):
        yield from ((row, position) for position in positions[name])
