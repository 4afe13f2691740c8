"""Header words: the form in which headers of tables and keys of JSON are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_MOST_HEADER_CHARACTERS = 200
#: Blanks, quotes and byte order marks that scripts and spreadsheets leave around headers.
AROUND = " \t\r\n\v\f\x00\"'\u00a0\u200b\u200c\u200d\u2060\ufeff"
_LOWER_UPPER = re.compile(r"(?<=[^\W_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
#: What in brackets makes a column another one: thousands, shares, a span of days.
_OTHER_MEANING = re.compile(
    r"[(\[]\s*(?:(?:in|dalam|dlm|x|×)\s*)?(?:rb|ribu|ribuan|k|thousands?|1[.,]?000|jt|juta|jutaan|m|mio|millions?"  # noqa: RUF001  people type it
    r"|miliar|milyar|billions?|%|persen|percent|(?:\d{1,3}\s*)?(?:hari|days?|minggu|weeks?|bulan|months?))\s*[)\]]",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[\s_.\-]+")


def normalise(header: str) -> str:
    """Return a header as plain lower-case words.

    Unicode NFKC, quotes and byte order marks off, remarks in brackets off unless they change the numbers
    (thousands, percent, days), camelCase and ``_ - .`` to spaces.

    Examples
    --------
    >>> normalise("followersCount"), normalise(" Jumlah_Pengikut (akun) "), normalise("Pengikut (ribu)")
    ('followers count', 'jumlah pengikut', 'pengikut (ribu)')
    """
    return _normalised(header[:_MOST_HEADER_CHARACTERS])


@lru_cache(maxsize=4096)
def _normalised(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).strip(AROUND)
    text = _BRACKETS.sub(_without_remark, text)
    text = _LOWER_UPPER.sub(" ", text)
    return _SEPARATORS.sub(" ", text.casefold()).strip(AROUND)


def _without_remark(found: re.Match[str]) -> str:
    return found.group() if _OTHER_MEANING.fullmatch(found.group()) else " "
