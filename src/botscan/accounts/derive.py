"""Columns that follow from other columns: lengths, digits, words, and whether there is a website."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from botscan.arrow_text import TextColumn, code_points, count_digits, count_words
from botscan.cells.parsed import Mask, as_mask

#: A stored ratio that is off by more than this was not rounded, it is of another text.
_RATIO_TOLERANCE = 0.01


def derive_columns(columns: dict[str, pa.Array]) -> dict[str, Mask]:
    """Fill the derived columns of a batch from its texts; then empty texts become null.

    Parameters
    ----------
    columns
        Typed columns by name, changed in place. Texts come in with the empty text still standing for "known to be
        empty". A derived column that the source carries is kept where its text is not known.

    Returns
    -------
    Mapping
        Derived column to the rows in which the source said something else than its own text does.
    """
    differs: dict[str, Mask] = {}
    if "handle" in columns:
        handle = TextColumn.from_arrow(columns["handle"])
        lengths, digits = code_points(handle), count_digits(handle)
        _put(columns, differs, "handle_length", pa.array(lengths, mask=~handle.is_valid))
        _put(columns, differs, "handle_digits", pa.array(digits, mask=~handle.is_valid))
    _derive_digit_ratio(columns, differs)
    if "bio" in columns:
        bio = TextColumn.from_arrow(columns["bio"])
        _put(columns, differs, "bio_length", pa.array(code_points(bio), mask=~bio.is_valid))
    if "display_name" in columns:
        columns["display_name"] = _without_empty(columns["display_name"])
        name = TextColumn.from_arrow(columns["display_name"])
        _put(columns, differs, "display_name_words", pa.array(count_words(name), mask=~name.is_valid))
    if "website" in columns:
        _put(columns, differs, "has_website", pc.not_equal(columns["website"], ""))
    for name_of_text in ("bio", "location", "website"):
        if name_of_text in columns:
            columns[name_of_text] = _without_empty(columns[name_of_text])
    return differs


def _derive_digit_ratio(columns: dict[str, pa.Array], differs: dict[str, Mask]) -> None:
    if "handle_length" not in columns or "handle_digits" not in columns:
        return
    lengths = pc.cast(columns["handle_length"], pa.float64())
    is_usable = pc.greater(lengths, 0.0)
    ratio = pc.divide(pc.cast(columns["handle_digits"], pa.float64()), pc.if_else(is_usable, lengths, 1.0))
    ratio = pc.if_else(pc.and_(is_usable, pc.less_equal(ratio, 1.0)), ratio, pa.scalar(None, pa.float64()))
    _put(columns, differs, "handle_digit_ratio", ratio)


def _put(columns: dict[str, pa.Array], differs: dict[str, Mask], name: str, derived: pa.Array) -> None:
    """Set a derived column: the text wins over what the source stored beside it."""
    if name not in columns:
        columns[name] = derived
        return
    stored = columns[name]
    if pa.types.is_floating(stored.type):
        is_other = as_mask(pc.greater(pc.abs(pc.subtract(stored, derived)), _RATIO_TOLERANCE))
    else:
        is_other = as_mask(pc.not_equal(stored, derived))
    if is_other.any():
        differs[name] = is_other
    columns[name] = pc.coalesce(derived, stored)


def _without_empty(texts: pa.Array) -> pa.Array:
    is_empty = as_mask(pc.equal(texts, ""))
    if not is_empty.any():
        return texts
    return pc.if_else(pa.array(is_empty), pa.scalar(None, texts.type), texts)
