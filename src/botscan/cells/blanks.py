"""What counts as no value, and which characters around a value are no part of it."""

from __future__ import annotations

#: White space as ``str.isspace`` sees it.
_WHITE_SPACE = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)
_WIDE_SPACE = "\u2028\u2029\u202f\u205f\u3000"
#: Zero-width space, joiners, direction marks, word joiner, byte order mark: they stick to text that was copied.
_ZERO_WIDTH = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_AROUND = _WHITE_SPACE + _WIDE_SPACE + _ZERO_WIDTH

#: What databases write for a missing value; never a name that somebody chose.
NULL_MARK = "\\N"

#: What databases write for a missing value where nobody is called so: a place, a link, a language, never a name or bio.
NULL_WORD = "NULL"

#: Words that stand for a missing id, in lower case. Never applied to handles and names: people are called "null".
NULL_IDS = frozenset({"", "nan", "none", "null", "na", "n/a", "<na>", "\\n", "-"})

#: Words that stand for a missing count, ratio or flag, in lower case.
NULL_VALUES = NULL_IDS | {"–", "—", "tidak ada", "kosong"}  # noqa: RUF001  the dashes are what people type

#: Words that stand for a missing date, in lower case.
NULL_DATES = NULL_VALUES | {"nat"}


def trim(text: str) -> str:
    r"""Remove white space, zero-width characters and byte order marks from both ends.

    Examples
    --------
    >>> trim("\ufeff 12\u00a0\u200b")
    '12'
    """
    return text.strip(_AROUND)


def has_control(text: str) -> bool:
    r"""Whether a C0 or C1 control character or DEL is inside.

    Examples
    --------
    >>> has_control("12\x0034"), has_control("1234")
    (True, False)
    """
    return any(character < " " or "\x7f" <= character <= "\x9f" for character in text)
