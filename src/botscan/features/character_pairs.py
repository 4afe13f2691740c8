"""How unlike a person's handle the characters of a handle follow each other, from a table of pairs.

The table, ``character_pairs.csv``, holds -log2 of the chance of a character after another one, in sixteenths of a bit.
``tools/make_character_pairs.py`` makes it from counts over many handles of people and a list of first names. Handles
with any character outside A to Z, 0 to 9 and ``_ . -``, so all in other scripts, are unknown here. The people behind
the table write Italian and English, mostly: ordinary handles of another language look somewhat rarer than they are.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from botscan.arrow_text import TextColumn
from botscan.features.columns import Columns
from botscan.features.feature import Feature
from botscan.features.references import SHANNON_1951

#: Most processor time of the family, microseconds an account (benchmarks/feature_effects.py checks it).
CPU_BUDGET = 0.5

#: Rows and columns of the table: letters in either case are one symbol, all separators another, the border of the
#: handle (before its first and after its last character) the last.
SYMBOLS = "abcdefghijklmnopqrstuvwxyz0123456789_|"
STEPS_PER_BIT = 16

_BORDER = SYMBOLS.index("|")
_UNKNOWN = 255


def _symbol_table() -> NDArray[np.uint8]:
    table = np.full(256, _UNKNOWN, dtype=np.uint8)
    for code, symbol in enumerate(SYMBOLS[:_BORDER]):
        table[[ord(symbol), ord(symbol.upper())]] = code
    table[[ord("."), ord("-")]] = SYMBOLS.index("_")
    table.flags.writeable = False
    return table


_SYMBOL_OF = _symbol_table()


@cache
def pair_table() -> NDArray[np.uint8]:
    """Return the shipped table, uint8, shape (38, 38): steps of 1/16 bit for a symbol (column) after another (row)."""
    lines = (files("botscan") / "features" / "character_pairs.csv").read_text(encoding="ascii").splitlines()[1:]
    table = np.array([line.split(",")[1:] for line in lines]).astype(np.uint8)
    table.flags.writeable = False
    return table


def pair_codes(text: TextColumn) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return the symbol of each byte, shape (n_bytes,), and which rows hold symbols alone and at least one, (n,)."""
    codes = _SYMBOL_OF[text.data]
    is_covered = np.diff(text.offsets) > 0
    is_covered[text.rows_of(np.flatnonzero(codes == _UNKNOWN))] = False
    return codes, is_covered


def pair_surprise(text: TextColumn, table: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the mean surprise of the character pairs of each row, both borders included.

    Parameters
    ----------
    text
        Handles, n rows.
    table
        Steps of 1/16 bit, uint8, shape (38, 38), as `pair_table`.

    Returns
    -------
    surprise
        Bits per pair, >= 0, shape (n,): -log2 of the chance of the handle, over its length plus one. NaN where null,
        empty, or with a character that the table does not have.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = np.full((38, 38), 16, dtype=np.uint8)
    >>> table[0, 1] = 64  # b after a: 4 bits, all else 1 bit
    >>> pair_surprise(TextColumn.from_arrow(pa.array(["ab", "ba", "é", ""])), table).tolist()
    [2.0, 1.0, nan, nan]
    """
    codes, is_covered = pair_codes(text)
    first, end = text.offsets[:-1][is_covered], text.offsets[1:][is_covered]
    flat = table.ravel()
    symbols = np.minimum(codes, _BORDER).astype(np.int32)  # whatever stands in a row that is not covered
    steps = np.zeros(max(len(codes), 1), dtype=np.int64)
    np.cumsum(flat[symbols[:-1] * len(SYMBOLS) + symbols[1:]], dtype=np.int64, out=steps[1:])
    total = steps[end - 1] - steps[first]
    total += table[_BORDER, symbols[first]]
    total += table[symbols[end - 1], _BORDER]
    surprise = np.full(len(text), np.nan)
    surprise[is_covered] = total / (STEPS_PER_BIT * (end - first + 1))
    return surprise


def _surprise(columns: Columns) -> NDArray[np.float32]:
    return pair_surprise(columns.text("handle"), pair_table()).astype(np.float32)


FEATURES: tuple[Feature, ...] = (
    Feature(
        name="handle_pair_surprise",
        family="character_pairs",
        group="handle",
        unit="bits per pair",
        meaning="how rarely the characters of the handle follow each other in the handles of people",
        needs=("handle",),
        compute=_surprise,
        cost_to_fake="cheap",
        reference=SHANNON_1951,
        example=({"handle": "dewi_kopi"}, 4.30625),
    ),
)
