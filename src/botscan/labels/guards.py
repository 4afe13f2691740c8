"""The apostrophe that keeps a cell text in a spreadsheet: put before an id, taken away again."""

from __future__ import annotations

from botscan.wording import for_csv

#: A spreadsheet rounds longer whole numbers; an apostrophe keeps them text.
MOST_SAFE_DIGITS = 15


def with_guard(account_id: str) -> str:
    """Put an apostrophe before an id whose digits a spreadsheet would not keep.

    Examples
    --------
    >>> with_guard("1234567890123456789"), with_guard("71")
    ("'1234567890123456789", '71')
    """
    is_long = account_id.isdigit() and len(account_id) > MOST_SAFE_DIGITS
    return f"'{account_id}" if is_long else account_id


def without_guard(cell: str) -> str:
    """Take away the apostrophe that keeps a cell text in a spreadsheet.

    Examples
    --------
    >>> without_guard("'@ani"), without_guard("'1234567890123456789"), without_guard("'ani"), without_guard("ani")
    ('@ani', '1234567890123456789', "'ani", 'ani')
    """
    bare = cell.strip().removeprefix("'")
    is_long = bare.isdigit() and len(bare) > MOST_SAFE_DIGITS
    return bare if cell.strip() == f"'{bare}" and (is_long or for_csv(bare) == f"'{bare}") else cell
