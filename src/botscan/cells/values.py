"""Cells from Python and JSON values: one kind of text for every column, so that one set of rules reads all sources."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from botscan.cells.parsed import Mask, Parsed, add_fault, flatten, is_text
from botscan.schema import Kind

#: More digits than any id or count has; a longer number is out of range in both.
_MOST_DIGITS = 20
#: A number that every parser finds too large.
_TOO_LARGE = "1e99"


def cells_from_values(values: Iterable[object], kind: Kind) -> Parsed:
    """Write Python or JSON values as cells that the parser of a kind of column reads without loss.

    Parameters
    ----------
    values
        str, int, float, Decimal, bool, None, datetime, date, numpy scalars, or anything else.
    kind
        Kind of the canonical column (`botscan.schema.Kind`).

    Returns
    -------
    Parsed
        large_string cells, shape (n,), null = missing. Faults: ``wrong_type`` (a list, an object, true as an id;
        null now), ``text_repaired`` (half of a surrogate pair, which no file can hold, became U+FFFD).

    Examples
    --------
    >>> cells_from_values([12345678901234567890, None, "7", True], "id").values.to_pylist()
    ['12345678901234567890', None, '7', None]
    >>> cells_from_values([4.567], "count").values.to_pylist()
    ['4.567e0']
    """
    texts: list[str | None] = []
    wrong_type: list[bool] = []
    repaired: list[bool] = []
    for value in values:
        text = value if isinstance(value, str) else _cell(value, kind)
        clean = text if text is None or text.isascii() else _without_lone_surrogates(text)
        texts.append(clean)
        repaired.append(clean is not text and clean != text)
        wrong_type.append(clean is None and not _is_missing(value))
    faults: dict[str, Mask] = {}
    add_fault(faults, "wrong_type", np.array(wrong_type, dtype=np.bool_))
    add_fault(faults, "text_repaired", np.array(repaired, dtype=np.bool_))
    return Parsed(pa.array(texts, pa.large_string()), faults)


def repair_text(cells: pa.Array | pa.ChunkedArray) -> Parsed:
    r"""Make sure that a column of text is text: bytes that are no UTF-8 become U+FFFD.

    Arrow does not look at the bytes of text that comes from a file or another library; the first reader of a broken
    one would stop with an error.

    Parameters
    ----------
    cells
        Any array; what is no text is returned as it is.

    Returns
    -------
    Parsed
        Plain array, shape (n,), and the rows with the fault ``text_repaired``.

    Examples
    --------
    >>> repair_text(pa.array(["Ana", None])).values.to_pylist()
    ['Ana', None]
    """
    array = flatten(cells)
    if not is_text(array.type):
        return Parsed(array)
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        return _decoded(array.cast(pa.large_binary()).to_pylist())
    return Parsed(array)


def _decoded(cells: Iterable[bytes | None]) -> Parsed:
    texts: list[str | None] = []
    repaired: list[bool] = []
    for cell in cells:
        text = None if cell is None else cell.decode("utf-8", "replace")
        texts.append(text)
        repaired.append(text is not None and text.encode() != cell)
    faults: dict[str, Mask] = {}
    add_fault(faults, "text_repaired", np.array(repaired, dtype=np.bool_))
    return Parsed(pa.array(texts, pa.large_string()), faults)


def _without_lone_surrogates(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _cell(value: object, kind: Kind) -> str | None:
    if _is_missing(value):
        return None
    if isinstance(value, np.generic):
        value = _plain(value)
    if isinstance(value, bool):
        return str(value).lower() if kind in {"flag", "count", "change", "ratio"} else None
    if isinstance(value, int):
        return _whole_number(value, kind)
    if isinstance(value, Decimal):
        return _decimal(value, kind)
    if isinstance(value, float):
        return _number(value, kind)
    if isinstance(value, date) and kind == "instant":  # a datetime is a date
        return _instant(value)
    return None


def _plain(value: np.generic) -> Any:
    if isinstance(value, np.datetime64):
        return value.astype("datetime64[us]").item()
    return value.item()


def _is_missing(value: object) -> bool:
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    if isinstance(value, Decimal):
        return value.is_nan()
    return isinstance(value, (float, np.floating, np.datetime64)) and bool(np.isnan(value))


def _instant(value: date) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is not None:
        try:
            value = value.astimezone(UTC)
        except OverflowError:  # the first or last hours that Python can hold
            value = value.replace(tzinfo=UTC)
    return value.isoformat(" ")


def _whole_number(value: int, kind: Kind) -> str | None:
    # bit_length first: str() of an int of more than 4,300 digits raises.
    if value.bit_length() > 70 or len(str(abs(value))) > _MOST_DIGITS:
        return _TOO_LARGE if kind in {"count", "change", "ratio", "id"} else None
    return str(value)


def _decimal(value: Decimal, kind: Kind) -> str | None:
    if value.is_finite() and value.adjusted() < _MOST_DIGITS and value == value.to_integral_value():
        return _whole_number(int(value), kind)
    return _number(float(value), kind)


def _number(value: float, kind: Kind) -> str | None:
    if math.isinf(value):
        return {"id": _TOO_LARGE, "count": "inf", "change": "inf", "ratio": _TOO_LARGE}.get(kind)
    if value == math.floor(value) and abs(value) < 10**15:
        return f"{value:.0f}" if kind in {"handle", "text"} else f"{value:.1f}"
    if kind in {"count", "change"}:
        # As scientific notation: as a decimal, 4.567 could be taken for four thousand.
        mantissa, _, exponent = repr(value).partition("e")
        return f"{mantissa}e{exponent or 0}"
    return repr(value)
