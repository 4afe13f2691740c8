"""Delimited text, fast: blocks in which nothing is unusual go to Arrow's own parser.

A block is clean when every quote stands where RFC 4180 puts it, no line end is a lone CR, and every line has as many
cells as the header. Then Arrow's reading is the exact one; anything else is left to `botscan.readers.tables.delimited`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

_LF, _CR, _QUOTE = 10, 13, 34
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, eq=False)
class CleanBlock:
    """Records at the start of some data, read by Arrow.

    Attributes
    ----------
    table
        The wanted columns as large_string, one row a record.
    length
        Bytes that were read; a record may begin behind them.
    starts
        Offset where each record begins, shape (n,).
    line_of_row
        Lines before each record, shape (n,).
    """

    table: pa.Table
    length: int
    starts: NDArray[np.int64]
    line_of_row: NDArray[np.int64]


def read_clean_block(
    data: bytes, delimiter: bytes, n_columns: int, wanted: Sequence[tuple[str, int]], *, longest: int
) -> CleanBlock | None:
    """Read all whole records at the start of `data`, or return None when something is unusual.

    Parameters
    ----------
    data
        Valid UTF-8 that begins where a record begins.
    delimiter
        One ASCII character.
    n_columns
        Cells of the header.
    wanted
        Name and position of the columns to return.
    longest
        Bytes of the longest record that is read.
    """
    if n_columns < 2 or data.startswith(_BYTE_ORDER_MARK):  # Arrow would drop the mark, blank lines are cells
        return None
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n") + data.endswith(b"\r"):
        return None
    codes = np.frombuffer(data, dtype=np.uint8)
    newlines = np.flatnonzero(codes == _LF)
    line_ends = newlines
    has_quotes = b'"' in data
    if has_quotes:
        quotes = np.flatnonzero(codes == _QUOTE)
        line_ends = newlines[np.searchsorted(quotes, newlines) % 2 == 0]
    if line_ends.size == 0:
        return None
    length = int(line_ends[-1]) + 1
    codes = codes[:length]
    if has_quotes and not _quotes_are_regular(codes, quotes[quotes < length], delimiter[0]):
        return None
    starts = _record_starts(codes, line_ends)
    if np.diff(starts, append=length).max(initial=0) > longest:
        return None
    table = _arrow_table(data[:length], delimiter, n_columns, wanted, has_quotes=has_quotes)
    if table is None or table.num_rows != starts.size:
        return None
    return CleanBlock(table, length, starts, np.searchsorted(newlines, starts))


def _quotes_are_regular(codes: NDArray[np.uint8], quotes: NDArray[np.int64], delimiter: int) -> bool:
    """Whether quotes open behind a delimiter or line end and close before one; doubled quotes do both at once."""
    opening, closing = quotes[0::2], quotes[1::2]
    if opening.size != closing.size:
        return False
    before = codes[opening - 1]
    before[opening == 0] = _LF
    after = codes[closing + 1]  # the last byte is a line end, so there is one
    is_regular_before = (before == delimiter) | (before == _LF) | (before == _QUOTE)
    is_regular_after = (after == delimiter) | (after == _LF) | (after == _CR) | (after == _QUOTE)
    return bool(is_regular_before.all() and is_regular_after.all())


def _record_starts(codes: NDArray[np.uint8], line_ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Offsets of the records: behind each line end, blank lines left out."""
    starts = np.concatenate(([0], line_ends[:-1] + 1))
    first = codes[starts]
    is_blank = (first == _LF) | ((first == _CR) & (starts + 1 == line_ends))
    return starts[~is_blank]


def _arrow_table(
    data: bytes, delimiter: bytes, n_columns: int, wanted: Sequence[tuple[str, int]], *, has_quotes: bool
) -> pa.Table | None:
    names = [str(position) for position in range(n_columns)]
    kept = [names[position] for _, position in wanted]
    try:
        table = arrow_csv.read_csv(
            pa.py_buffer(data),
            read_options=arrow_csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter.decode(), quote_char='"' if has_quotes else False, newlines_in_values=has_quotes
            ),
            convert_options=arrow_csv.ConvertOptions(
                check_utf8=False,  # it is valid: encodings.py
                column_types=dict.fromkeys(kept, pa.large_string()),
                strings_can_be_null=False,
                include_columns=kept,
            ),
        )
    except pa.ArrowInvalid:  # a line with another number of cells
        return None
    return table.rename_columns([name for name, _ in wanted])
