"""The apostrophe that keeps a cell text in a spreadsheet: put before an id, taken away again."""

from __future__ import annotations

from botscan.wording import for_csv

#: A spreadsheet rounds longer whole numbers; an apostrophe keeps them text.
MOST_SAFE_DIGITS = 15

#: Largest whole number that a cell of a sheet holds.
LARGEST_NUMBER = 2**63 - 1


def with_guard(account_id: str) -> str:
    """Put an apostrophe before an id whose digits a spreadsheet would not keep.

    Examples
    --------
    >>> with_guard("1234567890123456789"), with_guard("0071"), with_guard("71")
    ("'1234567890123456789", "'0071", '71')
    """
    return f"'{account_id}" if _loses_digits(account_id) else account_id


def number_cell(value: int) -> str | int:
    """Return a whole number as a cell: text where a spreadsheet would not keep all its digits.

    Examples
    --------
    >>> number_cell(2**63 - 1), number_cell(7)
    ("'9223372036854775807", 7)
    """
    text = str(value)
    return with_guard(text) if _loses_digits(text) else value


def without_guard(cell: str) -> str:
    """Take away the apostrophe that keeps a cell text in a spreadsheet.

    Examples
    --------
    >>> without_guard("'@ani"), without_guard("'1234567890123456789"), without_guard("'ani"), without_guard("ani")
    ('@ani', '1234567890123456789', "'ani", 'ani')
    """
    bare = cell.strip().removeprefix("'")
    is_guarded = _loses_digits(bare) or for_csv(bare) == f"'{bare}"
    return bare if cell.strip() == f"'{bare}" and is_guarded else cell


def _loses_digits(text: str) -> bool:
    """Return whether a spreadsheet takes a text for a number and drops its zeros in front or its last digits."""
    return text.isdigit() and (len(text) > MOST_SAFE_DIGITS or (len(text) > 1 and text.startswith("0")))
