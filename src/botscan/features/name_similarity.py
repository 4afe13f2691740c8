"""How much of the shown name the handle holds: people often write their name into their handle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from botscan.arrow_text import TextColumn
from botscan.features.columns import Columns
from botscan.features.feature import Feature

#: Most processor time of the family, microseconds an account (benchmarks/feature_effects.py checks it).
CPU_BUDGET = 1.0

_N_PAIRS = 26 * 26
#: Rows marked at a time: their table of pairs stays in the processor's cache.
_ROWS = 1_024


def name_share(handle: TextColumn, name: TextColumn) -> NDArray[np.float64]:
    """Share of the letter pairs of the name that also stand in the handle.

    Only the letters A to Z count, in lower case and with everything between them left out, so that ``Ana Maria`` and
    ``ana_maria7`` hold the same pairs. A pair that stands twice in the name counts twice.

    Parameters
    ----------
    handle, name
        Texts of n rows each.

    Returns
    -------
    share
        Between 0 and 1, shape (n,); NaN where either is null or has fewer than two letters.

    Examples
    --------
    >>> import pyarrow as pa
    >>> handles = TextColumn.from_arrow(pa.array(["ana_maria7", "kopisenja", "x91"]))
    >>> names = TextColumn.from_arrow(pa.array(["Ana Maria", "Senja Putri", "Lia"]))
    >>> name_share(handles, names).tolist()
    [1.0, 0.4444444444444444, nan]
    """
    handle_rows, handle_pairs = _letter_pairs(handle)
    name_rows, name_pairs = _letter_pairs(name)
    n = len(handle)
    shared = np.bincount(name_rows[_stand_in(handle_rows, handle_pairs, name_rows, name_pairs, n)], minlength=n)
    in_name, in_handle = np.bincount(name_rows, minlength=n), np.bincount(handle_rows, minlength=n)
    return np.where((in_name > 0) & (in_handle > 0), shared / np.maximum(in_name, 1), np.nan)


def _letter_pairs(text: TextColumn) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and pair (26 times the first letter plus the second) of all neighbouring letters, in order."""
    letters = (text.data | 0x20) - np.uint8(ord("a"))
    positions = np.flatnonzero(letters < 26)
    # Most bytes are letters: a row number for every byte is cheaper than a search for every letter.
    rows = np.repeat(np.arange(len(text)), np.diff(text.offsets))[positions]
    letters = letters[positions].astype(np.int64)
    in_one_row = rows[:-1] == rows[1:]
    return rows[:-1][in_one_row], (26 * letters[:-1] + letters[1:])[in_one_row]


def _stand_in(
    rows: NDArray[np.int64],
    pairs: NDArray[np.int64],
    asked_rows: NDArray[np.int64],
    asked_pairs: NDArray[np.int64],
    n: int,
) -> NDArray[np.bool_]:
    """Whether each asked pair stands among the pairs of its row; rows rise."""
    found = np.empty(len(asked_rows), dtype=np.bool_)
    starts = np.arange(0, n + _ROWS, _ROWS)
    here, asked = np.searchsorted(rows, starts), np.searchsorted(asked_rows, starts)
    marks = np.zeros(_ROWS * _N_PAIRS, dtype=np.bool_)
    for block, start in enumerate(starts[:-1]):
        part, wanted = slice(here[block], here[block + 1]), slice(asked[block], asked[block + 1])
        cells = (rows[part] - start) * _N_PAIRS + pairs[part]
        marks[cells] = True
        found[wanted] = marks[(asked_rows[wanted] - start) * _N_PAIRS + asked_pairs[wanted]]
        marks[cells] = False
    return found


def _share(columns: Columns) -> NDArray[np.float32]:
    return name_share(columns.text("handle"), columns.text("display_name")).astype(np.float32)


FEATURES: tuple[Feature, ...] = (
    Feature(
        name="handle_name_share",
        family="name_similarity",
        group="handle",
        unit="share",
        meaning="share of the letter pairs of the shown name that the handle holds",
        needs=("handle", "display_name"),
        compute=_share,
        cost_to_fake="cheap",
        reference="own",
        example=({"handle": "dewi_kopi", "display_name": "Dewi Ayu"}, 0.5),
    ),
)
