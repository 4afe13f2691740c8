"""What a rater may write into a cell, in English and Indonesian."""

from __future__ import annotations

from botscan.cells.flags import read_flag
from botscan.evidence.labels import NO, NOTHING, UNSURE, YES

_UNSURE_WORDS = frozenset(
    {
        "unsure",
        "not sure",
        "don't know",
        "dont know",
        "maybe",
        "?",
        "ragu",
        "ragu-ragu",
        "ragu ragu",
        "tidak yakin",
        "tidak tahu",
        "mungkin",
    }
)

#: For messages.
ACCEPTED = "yes, no, unsure or nothing (also ya, tidak, ragu; 1, 0; true, false)"


def read_answer(text: str) -> int | None:
    """Read one answer: `YES`, `NO`, `UNSURE`, `NOTHING`, or None when the word is not known.

    Examples
    --------
    >>> read_answer("Ya") == YES, read_answer("0") == NO, read_answer(" ragu-ragu ") == UNSURE
    (True, True, True)
    >>> read_answer("") == NOTHING, read_answer("robot")
    (True, None)
    """
    word = " ".join(text.casefold().split()).replace("\u2019", "'")
    if word in _UNSURE_WORDS:
        return UNSURE
    flag = read_flag(word)
    if flag.code is not None:
        return None
    return NOTHING if flag.value is None else YES if flag.value else NO
