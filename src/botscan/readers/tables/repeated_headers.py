"""Rows that repeat the header, where files were put one behind the other: no records, and counted as such."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.cells.parsed import as_mask
from botscan.readers.raw import Piece


def without_headers(piece: Piece, n_columns: int) -> Piece:
    """Reject the rows of a text table whose cells are all the names of their columns.

    Parameters
    ----------
    piece
        Some columns of some rows.
    n_columns
        Columns of the whole table; where it has several, two must be at hand.

    Examples
    --------
    >>> from botscan.readers.raw import null_reasons, text_table
    >>> table = text_table({"username": ["ana", "username"], "bio": ["x", "bio"]}, 2)
    >>> without_headers(Piece(table, null_reasons(2), np.array([2, 3]), {}), 2).reasons.to_pylist()
    [None, 'header_repeated']
    """
    if piece.table.num_columns < min(2, n_columns):  # one name of many is not enough: people are called all sorts
        return piece
    rows = np.arange(piece.table.num_rows)
    for name in piece.table.column_names:
        if not len(rows):
            return piece
        cells = piece.table[name].take(pa.array(rows))
        rows = rows[as_mask(pc.equal(pc.utf8_trim_whitespace(cells), name.strip()))]
    if not len(rows) or not piece.table.num_columns:
        return piece
    is_header = np.zeros(piece.table.num_rows, dtype=np.bool_)
    is_header[rows] = True
    reasons = pc.if_else(pa.array(is_header), pa.scalar("header_repeated", piece.reasons.type), piece.reasons)
    return replace(piece, reasons=reasons)
