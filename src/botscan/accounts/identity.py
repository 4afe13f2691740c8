"""Who a record is about: by id, without one by handle, in a list with neither by its row number."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.cells.handles import handle_keys
from botscan.cells.parsed import Mask, as_mask, is_known
from botscan.schema import ACCOUNT_COLUMNS

#: Stands before the handle of an account that has no id, so that handles and ids never meet.
BY_HANDLE = "@"

#: Columns of which a list without ids and handles must have one.
COUNT_COLUMNS: tuple[str, ...] = tuple(column.name for column in ACCOUNT_COLUMNS if column.name.endswith("_count"))


def name_accounts(
    columns: Mapping[str, pa.Array], row_numbers: NDArray[np.int64], faults: dict[tuple[str, str], Mask]
) -> pa.Array:
    """Return the account id of each record, shape (n,), null where a record has no identity.

    Parameters
    ----------
    columns
        Typed columns of the batch.
    row_numbers
        Record numbers, shape (n,).
    faults
        Rows by column and code; ``ids_made`` is added.
    """
    n = len(row_numbers)
    ids = columns.get("account_id", pa.nulls(n, pa.large_string()))
    if "handle" in columns:
        by_handle = pc.binary_join_element_wise(
            pa.scalar(BY_HANDLE, pa.large_string()), handle_keys(columns["handle"]), pa.scalar("", pa.large_string())
        )
        return pc.coalesce(ids, by_handle)
    if "account_id" in columns or not any(name in columns for name in COUNT_COLUMNS):
        return ids
    faults["account_id", "ids_made"] = np.ones(n, dtype=np.bool_)
    return pa.array([f"row-{row}" for row in row_numbers.tolist()], pa.large_string())


def identity_reasons(ids: pa.Array, faults: Mapping[tuple[str, str], Mask]) -> pa.Array:
    """Return why each record without an id cannot be an account: ``id_damaged`` or ``no_identity``; else null."""
    is_damaged = faults.get(("account_id", "id_damaged"), np.zeros(len(ids), dtype=np.bool_))
    reasons = np.where(is_damaged, "id_damaged", "no_identity")
    return pa.array(reasons, pa.string(), mask=is_known(ids))


def is_by_handle(ids: pa.Array) -> Mask:
    """Return the accounts known by their handle only, shape (n,)."""
    return as_mask(pc.starts_with(ids, BY_HANDLE))


def count_look_alikes(table: pa.Table) -> dict[str, int]:
    """Count accounts whose handle another account has too.

    Returns
    -------
    Mapping
        ``handle_shared``: accounts with an id of their own and the handle of another. ``possible_same_account``:
        accounts without an id whose handle an account with an id has. Only what occurs.
    """
    if "handle" not in table.column_names or table.num_rows == 0:
        return {}
    keys = handle_keys(table["handle"].combine_chunks()).dictionary_encode()
    known = is_known(keys)
    which = np.asarray(pc.fill_null(keys.indices, 0).to_numpy(zero_copy_only=False))
    by_handle = is_by_handle(table["account_id"].combine_chunks())
    n_with_id = np.bincount(which[known & ~by_handle], minlength=len(keys.dictionary) + 1)[which]
    counts = {
        "handle_shared": int(np.count_nonzero(known & ~by_handle & (n_with_id > 1))),
        "possible_same_account": int(np.count_nonzero(known & by_handle & (n_with_id > 0))),
    }
    return {code: count for code, count in counts.items() if count}
