"""Which characters standard output can show."""

from __future__ import annotations


def can_print(text: str, encoding: str | None) -> bool:
    """Tell whether an encoding has all characters of a text; one that is not known has none.

    Parameters
    ----------
    text
        The characters.
    encoding
        Name as a stream gives it; UTF-8 where it gives none.

    Examples
    --------
    >>> can_print("█", "utf-8"), can_print("█", "cp1252"), can_print("█", "no such encoding")
    (True, False, False)
    """
    try:
        text.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
