"""Counts and ratios from cells.

A count is a whole number from 0 to 10**12. The first form that fits decides; what fits none is null with a code, never
infinite, never a fraction, never a silent 0.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.cells.blanks import NULL_VALUES, trim
from botscan.cells.parsed import (
    Mask,
    Parsed,
    add_fault,
    as_floats,
    as_mask,
    faults_of,
    flatten,
    is_known,
    is_number,
    is_text,
    nothing_known,
    read_distinct,
)
from botscan.schema import MAX_COUNT

_SPACE = " \u00a0\u2009\u202f"
_MINUS = "-\u2212"
_SUFFIX_POWER: dict[str, int] = {
    **dict.fromkeys(("k", "rb", "ribu"), 3),
    **dict.fromkeys(("m", "jt", "juta"), 6),
    **dict.fromkeys(("b", "mlr", "miliar"), 9),
}
_SUFFIX = "|".join(sorted(_SUFFIX_POWER, key=len, reverse=True))
_GROUPED = re.compile(rf"[1-9][0-9]{{0,2}}([.,'\u2019{_SPACE}])[0-9]{{3}}(?:\1[0-9]{{3}})*")
#: The same with decimals behind another sign: nothing, or nothing of a hundredth. Three zeros could be a group.
_GROUPED_DECIMAL = re.compile(
    rf"([1-9][0-9]{{0,2}}(?:\.[0-9]{{3}}(?:\.[0-9]{{3}})*,|,[0-9]{{3}}(?:,[0-9]{{3}})*\."
    rf"|([{_SPACE}'\u2019])[0-9]{{3}}(?:\2[0-9]{{3}})*[.,]))0{{1,2}}"
)
_WHOLE_DECIMAL = re.compile(r"([0-9]+)[.,]0+")
_SCIENTIFIC = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?e([+-]?[0-9]+)")
_SUFFIXED = re.compile(rf"([0-9]+)(?:[.,]([0-9]+))?[{_SPACE}]*({_SUFFIX})")
_NUMBER_SHAPE = re.compile(rf"[0-9][0-9.,'\u2019{_SPACE}]*(?:e[+-]?[0-9]+)?[{_SPACE}]*(?:{_SUFFIX})?")
_INFINITE = frozenset({"inf", "infinity", "∞"})
#: Digits of the largest count; longer numbers, leading zeros apart, are out of range.
_MOST_DIGITS = len(str(MAX_COUNT))


@dataclass(frozen=True)
class CountCell:
    """One count read from text.

    Attributes
    ----------
    value
        The count, or None.
    code
        ``negative_count``, ``count_out_of_range``, ``not_a_count``, ``count_rounded`` (with a value), or None.
    half_width
        Half a last digit of a rounded count: ``7,5 jt`` is 7,500,000 give or take 50,000.
    """

    value: int | None = None
    code: str | None = None
    half_width: int = 0


@dataclass(frozen=True, eq=False)
class ParsedCounts(Parsed):
    """A column of counts; `half_widths` is int64, shape (n,), 0 where the count is exact."""

    half_widths: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def widest_rounding(self) -> int:
        """Largest half-width of the column, 0 when every count is exact."""
        return int(self.half_widths.max(initial=0))


_NOT_A_COUNT = CountCell(code="not_a_count")
_OUT_OF_RANGE = CountCell(code="count_out_of_range")


def read_count(text: str) -> CountCell:
    """Read one count.

    Examples
    --------
    >>> read_count("4.567").value, read_count("7,5 jt").value, read_count("37.0").value
    (4567, 7500000, 37)
    >>> read_count("12.5").code, read_count("-3").code, read_count("n/a").code
    ('not_a_count', 'negative_count', None)
    """
    text = _fold_digits(trim(text)).lower()
    if text in NULL_VALUES:
        return CountCell()
    if text.lstrip("+" + _MINUS) in _INFINITE:
        return _OUT_OF_RANGE
    if text[0] in _MINUS:
        is_numeric = _NUMBER_SHAPE.fullmatch(text[1:].lstrip(_SPACE)) is not None
        return CountCell(code="negative_count") if is_numeric else _NOT_A_COUNT
    return _read_unsigned(text.removeprefix("+"))


def _read_unsigned(text: str) -> CountCell:
    if text.isascii() and text.isdigit():
        return _exact(text)
    if _GROUPED.fullmatch(text):
        return _exact("".join(character for character in text if character.isdigit()))
    if found := _GROUPED_DECIMAL.fullmatch(text):
        return _exact("".join(character for character in found[1] if character.isdigit()))
    if found := _WHOLE_DECIMAL.fullmatch(text):
        return _exact(found[1])
    if found := _SCIENTIFIC.fullmatch(text):
        return _rounded(found[1], found[2] or "", found[3])
    if found := _SUFFIXED.fullmatch(text):
        return _rounded(found[1], found[2] or "", str(_SUFFIX_POWER[found[3]]))
    return _NOT_A_COUNT


def _exact(digits: str) -> CountCell:
    digits = digits.lstrip("0") or "0"
    # Length first: int() of thousands of digits raises.
    if len(digits) > _MOST_DIGITS or int(digits) > MAX_COUNT:
        return _OUT_OF_RANGE
    return CountCell(int(digits))


def _rounded(whole: str, fraction: str, exponent: str) -> CountCell:
    """Return ``whole.fraction x 10**exponent`` where that is a whole number."""
    digits = (whole + fraction).lstrip("0")
    if len(exponent.lstrip("+-0")) > 5:  # no int() of thousands of digits
        if not digits:
            return CountCell(0, "count_rounded", 1)
        return _NOT_A_COUNT if exponent.startswith("-") else _OUT_OF_RANGE
    power = int(exponent) - len(fraction)
    half_width = 5 * 10 ** (power - 1) if 1 <= power <= _MOST_DIGITS else 1  # half of one is one, in whole numbers
    if not digits:
        return CountCell(0, "count_rounded", half_width)
    if power < 0:
        if len(digits) <= -power or digits[power:].strip("0"):
            return _NOT_A_COUNT
        digits = digits[:power]
        power = 0
    if len(digits) + power > _MOST_DIGITS or int(digits) * 10**power > MAX_COUNT:
        return _OUT_OF_RANGE
    return CountCell(int(digits) * 10**power, "count_rounded", half_width)


def _fold_digits(text: str) -> str:
    """Write decimal digits of every script in ASCII; superscripts and fractions are no decimal digits."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character for character in text)


def parse_counts(cells: pa.Array | pa.ChunkedArray) -> ParsedCounts:
    """Read a column of counts.

    Parameters
    ----------
    cells
        Text (any kind, dictionary included), whole numbers, floating numbers (whole ones are counts, NaN is
        missing), or anything else, which is ``not_a_count``.

    Returns
    -------
    ParsedCounts
        int64 values, shape (n,), in [0, 10**12] or null.

    Examples
    --------
    >>> parse_counts(pa.array(["12", "1,2 rb", "many", None])).values.to_pylist()
    [12, 1200, None, None]
    """
    array = flatten(cells)
    if is_text(array.type):
        return _counts_from_text(array)
    if pa.types.is_integer(array.type):
        return _counts_from_integers(array)
    if is_number(array.type):
        return _counts_from_floats(array)
    bare = nothing_known(len(array), pa.int64(), "not_a_count", is_known(array))
    return ParsedCounts(bare.values, bare.faults, np.zeros(len(array), dtype=np.int64))


def _counts_from_text(texts: pa.Array) -> ParsedCounts:
    n = len(texts)
    # Twelve plain digits are always in range.
    is_plain = as_mask(pc.and_(pc.ascii_is_decimal(texts), pc.less_equal(pc.binary_length(texts), 12)))
    rest = is_known(texts) & ~is_plain
    plain = texts if not rest.any() else pc.if_else(pa.array(is_plain), texts, pa.scalar(None, pa.large_string()))
    values = np.array(pc.fill_null(pc.cast(plain, pa.int64()), 0).to_numpy(zero_copy_only=False))
    known = is_plain
    half_widths = np.zeros(n, dtype=np.int64)
    found, which, positions = read_distinct(texts, rest, read_count)
    if found:
        values[positions] = np.array([cell.value or 0 for cell in found], dtype=np.int64)[which]
        known[positions] = np.array([cell.value is not None for cell in found])[which]
        half_widths[positions] = np.array([cell.half_width for cell in found], dtype=np.int64)[which]
    return ParsedCounts(pa.array(values, mask=~known), faults_of(found, which, positions, n), half_widths)


def _counts_from_integers(numbers: pa.Array) -> ParsedCounts:
    known = is_known(numbers)
    plain = np.asarray(pc.fill_null(numbers, 0).to_numpy(zero_copy_only=False))
    is_negative = plain < 0
    is_large = plain > MAX_COUNT
    return _counts_from_masks(plain, known, {"negative_count": is_negative, "count_out_of_range": is_large})


def _counts_from_floats(numbers: pa.Array) -> ParsedCounts:
    floats = as_floats(numbers)
    known = ~np.isnan(floats)
    finite = np.isfinite(floats)
    is_negative = np.signbit(floats) & finite
    is_large = known & ~is_negative & (~finite | (floats > MAX_COUNT))
    is_broken = finite & ~is_negative & ~is_large & (floats != np.floor(floats))
    faults = {"negative_count": is_negative, "count_out_of_range": is_large, "not_a_count": is_broken}
    bad = is_negative | is_large | is_broken | ~known
    return _counts_from_masks(np.where(bad, 0.0, floats), known, faults)


def _counts_from_masks(numbers: NDArray[np.generic], known: Mask, masks: Mapping[str, Mask]) -> ParsedCounts:
    faults: dict[str, Mask] = {}
    bad = ~known
    for code, mask in masks.items():
        add_fault(faults, code, mask)
        bad = bad | mask
    values = np.where(bad, 0, numbers).astype(np.int64)
    return ParsedCounts(pa.array(values, mask=bad), faults, np.zeros(len(values), dtype=np.int64))


@dataclass(frozen=True)
class RatioCell:
    """One share in [0, 1] read from text, or None; `code` is ``not_a_ratio`` or None."""

    value: float | None = None
    code: str | None = None


_RATIO = re.compile(r"\+?([0-9]{0,20})(?:[.,]([0-9]{1,40}))?(?:e-?[0-9]{1,3})?")


def read_ratio(text: str) -> RatioCell:
    """Read one share in [0, 1], with a point or a comma.

    Examples
    --------
    >>> read_ratio("0,25").value, read_ratio("25 %").code
    (0.25, 'not_a_ratio')
    """
    text = _fold_digits(trim(text)).lower()
    if text in NULL_VALUES:
        return RatioCell()
    if not any(character.isdigit() for character in text) or not _RATIO.fullmatch(text):
        return RatioCell(code="not_a_ratio")
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return RatioCell(code="not_a_ratio")
    return RatioCell(value) if 0 <= value <= 1 else RatioCell(code="not_a_ratio")


def parse_ratios(cells: pa.Array | pa.ChunkedArray) -> Parsed:
    """Read a column of shares; float64 in [0, 1] or null, shape (n,).

    Examples
    --------
    >>> parse_ratios(pa.array([0.5, 2.0, None])).values.to_pylist()
    [0.5, None, None]
    """
    array = flatten(cells)
    n = len(array)
    if is_text(array.type):
        found, which, positions = read_distinct(array, is_known(array), read_ratio)
        values = np.full(n, np.nan)
        if found:
            values[positions] = np.array([np.nan if cell.value is None else cell.value for cell in found])[which]
        return Parsed(pa.array(values, mask=np.isnan(values)), faults_of(found, which, positions, n))
    if not (is_number(array.type) or pa.types.is_integer(array.type)):
        return nothing_known(n, pa.float64(), "not_a_ratio", is_known(array))
    floats = as_floats(array)
    is_bad = ~np.isnan(floats) & (np.signbit(floats) | ~(floats <= 1))
    faults: dict[str, Mask] = {}
    add_fault(faults, "not_a_ratio", is_bad)
    return Parsed(pa.array(floats, mask=is_bad | np.isnan(floats)), faults)
