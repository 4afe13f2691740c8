"""Blank cells of text tables: known to be empty, or never looked at? A table has one sign for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.cells.parsed import Mask, as_mask, is_known, is_text

#: Texts that may be known to be empty, and the column that tells so by itself.
_MAY_BE_EMPTY = {"bio": "bio_length", "website": "has_website"}
#: Columns that are known of an account whose profile nobody has looked at.
_NOT_OF_THE_PROFILE = frozenset(
    {
        *("account_id", "platform", "handle", "handle_length", "handle_digits", "handle_digit_ratio", "created_at"),
        *("created_at_precision", "observed_at", "followed_at", "follow_rank", "account_status"),
    }
)


def forget_unseen(cells: Mapping[str, pa.ChunkedArray], n: int) -> dict[str, pa.ChunkedArray]:
    """Make blank texts unknown where nobody looked at the profile, or where the column that would tell is blank too.

    Parameters
    ----------
    cells
        Canonical column to its cells, each of length `n`.
    n
        Number of rows.

    Returns
    -------
    cells
        The same columns. A blank ``bio`` or ``website`` is null in rows whose other cells of the profile are all
        blank, and where ``bio_length`` or ``has_website`` stands in the table and is blank.

    Examples
    --------
    >>> cells = {"handle": ["ana", "budi"], "bio": ["", ""], "followers_count": ["", "5"]}
    >>> forget_unseen({name: pa.chunked_array([texts]) for name, texts in cells.items()}, 2)["bio"].to_pylist()
    [None, '']
    """
    changed = dict(cells)
    others = [name for name in cells if name not in _NOT_OF_THE_PROFILE | set(_MAY_BE_EMPTY)]
    for name, told_by in _MAY_BE_EMPTY.items():
        if name not in cells or not is_text(cells[name].type):
            continue
        blank = np.flatnonzero(~_holds_something(cells[name]))
        is_unknown = np.zeros(n, dtype=np.bool_)
        if others:
            is_unknown[_all_blank(cells, [*others, *_MAY_BE_EMPTY], blank)] = True
        if told_by in cells:
            is_unknown[_all_blank(cells, [told_by], blank)] = True
        if is_unknown.any():
            changed[name] = pc.if_else(pa.array(is_unknown), pa.scalar(None, cells[name].type), cells[name])
    return changed


def _all_blank(
    cells: Mapping[str, pa.ChunkedArray], names: Sequence[str], rows: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return those of some rows in which all of some columns are blank."""
    for name in names:
        if name in cells and len(rows):
            rows = rows[~_holds_something(cells[name].take(pa.array(rows)))]
    return rows


def _holds_something(column: pa.ChunkedArray) -> Mask:
    if not is_text(column.type):
        return is_known(column)
    return as_mask(pc.not_equal(pc.utf8_trim_whitespace(column), ""))
