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
_SEPARATORS = re.compile(r"[\s_.\-]+")


def normalise(header: str) -> str:
    """Return a header as plain lower-case words.

    Unicode NFKC, quotes and byte order marks off, units in brackets off, camelCase and ``_ - .`` to spaces.

    Examples
    --------
    >>> normalise("followersCount"), normalise(" Jumlah_Pengikut (akun) "), normalise("userID")
    ('followers count', 'jumlah pengikut', 'user id')
    """
    return _normalised(header[:_MOST_HEADER_CHARACTERS])


@lru_cache(maxsize=4096)
def _normalised(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).strip(AROUND)
    text = _BRACKETS.sub(" ", text)
    text = _LOWER_UPPER.sub(" ", text)
    return _SEPARATORS.sub(" ", text.casefold()).strip(AROUND)
