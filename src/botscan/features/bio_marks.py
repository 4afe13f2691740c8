"""Links, hashtags, mentions and emoji in text, found in the bytes of a whole batch at once.

Each function looks at the few places where a mark can stand, never at one row at a time. Character classes are the
fixed tables below, the same on every machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from botscan.arrow_text import CodePointRanges, TextColumn

Mask = NDArray[np.bool_]
Positions = NDArray[np.int64]

#: Characters that can be part of a word: ASCII letters, digits and the underscore, and beyond ASCII all but the
#: punctuation, spaces, signs, pictures and private characters of the gaps between these ranges.
WORD_CHARACTERS = CodePointRanges(
    [
        (0x30, 0x39),
        (0x41, 0x5A),
        (0x5F, 0x5F),
        (0x61, 0x7A),
        (0xAA, 0xAA),
        (0xB5, 0xB5),
        (0xBA, 0xBA),
        (0xC0, 0xD6),
        (0xD8, 0xF6),
        (0xF8, 0x060B),  # Latin to Arabic
        (0x060E, 0x061A),
        (0x0620, 0x0669),
        (0x066E, 0x06D3),
        (0x06D5, 0x0963),
        (0x0966, 0x167F),  # Devanagari to Canadian Syllabics
        (0x1681, 0x1FFF),  # Ogham to Greek Extended
        (0x2C00, 0x2DFF),
        (0x2E80, 0x2FFF),
        (0x3005, 0x3007),
        (0x3021, 0x302F),
        (0x3031, 0x303C),
        (0x3040, 0x30FA),  # Hiragana, Katakana
        (0x30FC, 0xD7FF),  # to Hangul
        (0xF900, 0xFDFF),
        (0xFE20, 0xFE2F),
        (0xFE70, 0xFEFE),
        (0xFF10, 0xFF19),  # full-width digits, letters, underscore
        (0xFF21, 0xFF3A),
        (0xFF3F, 0xFF3F),
        (0xFF41, 0xFF5A),
        (0xFF66, 0xFFDC),
        (0x10000, 0x1EFFF),
        (0x1FBF0, 0x1FBF9),
        (0x20000, 0x3FFFF),
    ]
)

#: Characters that show as a picture: enough of Unicode's emoji that a bio with one is found. Left out on purpose:
#: digits, #, *, (c), (R), TM and arrows, which are emoji only with a selector after them.
EMOJI = CodePointRanges(
    [
        (0x20E3, 0x20E3),  # keycap around a digit
        (0x231A, 0x231B),
        (0x23E9, 0x23FA),
        (0x25FB, 0x25FE),
        (0x2600, 0x27BF),  # Miscellaneous Symbols, Dingbats
        (0x2B05, 0x2B07),
        (0x2B1B, 0x2B1C),
        (0x2B50, 0x2B50),
        (0x2B55, 0x2B55),
        (0x1F004, 0x1F004),
        (0x1F0CF, 0x1F0CF),
        (0x1F170, 0x1F19A),
        (0x1F1E6, 0x1F1FF),  # flags
        (0x1F201, 0x1F251),
        (0x1F300, 0x1F64F),
        (0x1F680, 0x1F6FF),
        (0x1F7E0, 0x1F7F0),
        (0x1F90C, 0x1F9FF),
        (0x1FA70, 0x1FAFF),
    ]
)


#: What can follow the @ of a mention.
_HANDLE_CHARACTERS = CodePointRanges([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])


def count_by_row(text: TextColumn, positions: Positions) -> NDArray[np.int64]:
    """Count the byte positions that lie in each row; shape (n,).

    Examples
    --------
    >>> import pyarrow as pa
    >>> text = TextColumn.from_arrow(pa.array(["#a #b", None, "#c"]))
    >>> count_by_row(text, find_hashtags(text)).tolist()
    [2, 0, 1]
    """
    return np.bincount(text.rows_of(positions), minlength=len(text))


def has_link(text: TextColumn) -> Mask:
    """Whether each row holds a link as `find_links` sees it; shape (n,).

    Examples
    --------
    >>> import pyarrow as pa
    >>> has_link(TextColumn.from_arrow(pa.array(["see HTTPS://a.id", "http:/a", "www.a.id"]))).tolist()
    [True, False, True]
    """
    return text.rows_with(find_links(text))


def find_links(text: TextColumn) -> Positions:
    """Byte position of each ``http://``, ``https://`` or ``www.``, in either case; ``http://www.`` is one.

    Examples
    --------
    >>> import pyarrow as pa
    >>> text = TextColumn.from_arrow(pa.array(["http://www.a.id www.b.id", "www.c.id"]))
    >>> count_by_row(text, find_links(text)).tolist()
    [2, 1]
    """
    scheme_ends = _begins_of(text, b"://")
    schemes = np.concatenate(
        [_directly_after(text, b"http", scheme_ends), _directly_after(text, b"https", scheme_ends)]
    )
    hosts = _directly_after(text, b"www", _begins_of(text, b"."))
    first = hosts - 3
    follows_scheme = np.isin(first - 3, schemes) & _in_one_row(text, first - 3, first)
    return np.concatenate([schemes, hosts[~follows_scheme]])


def has_hashtag(text: TextColumn) -> Mask:
    """Whether each row holds a hashtag as `find_hashtags` sees it; shape (n,).

    Examples
    --------
    >>> import pyarrow as pa
    >>> has_hashtag(TextColumn.from_arrow(pa.array(["#kopi", "# kopi", "we're #1", "#ñ", "C#"]))).tolist()
    [True, False, True, True, False]
    """
    return text.rows_with(find_hashtags(text))


def find_hashtags(text: TextColumn) -> Positions:
    """Byte position behind each ``#`` or its full-width form that a word character directly follows."""
    narrow = _begins_of(text, b"#")
    wide = _begins_of(text, "\uff03".encode())
    marks, after = np.concatenate([narrow, wide]), np.concatenate([narrow + 1, wide + 3])
    after = after[after < text.offsets[text.rows_of(marks) + 1]]
    return after[WORD_CHARACTERS.contains(text.code_point_at(after))]


def has_mention(text: TextColumn) -> Mask:
    """Whether each row holds a mention as `find_mentions` sees it; shape (n,).

    Examples
    --------
    >>> import pyarrow as pa
    >>> has_mention(TextColumn.from_arrow(pa.array(["by @ana", "ana@mail.id", "@ home", ".@b"]))).tolist()
    [True, False, False, True]
    """
    return text.rows_with(find_mentions(text))


def find_mentions(text: TextColumn) -> Positions:
    """Byte position of each ``@`` before one of ``A-Z a-z 0-9 _`` and not behind a word character.

    An e-mail address is no mention.
    """
    at = _begins_of(text, b"@")
    rows = text.rows_of(at)
    is_last = at + 1 == text.offsets[rows + 1]
    is_first = at == text.offsets[rows]
    names_one = ~is_last & _HANDLE_CHARACTERS.contains(text.byte_at(at + 1).astype(np.uint32))
    # At the beginning of a row the @ stands in for the character before it: it is no word character.
    before = _starts_of(text, np.where(is_first, at, at - 1))
    inside_word = WORD_CHARACTERS.contains(text.code_point_at(before))
    return at[names_one & ~inside_word]


def has_emoji(text: TextColumn) -> Mask:
    """Whether each row holds a character of `EMOJI`; shape (n,).

    Examples
    --------
    >>> import pyarrow as pa
    >>> has_emoji(TextColumn.from_arrow(pa.array(["kopi ☕", "kopi :)", None]))).tolist()
    [True, False, False]
    """
    return text.rows_with(find_emoji(text))


def find_emoji(text: TextColumn) -> Positions:
    """Byte position of each character of `EMOJI`; one shown picture may be made of several (`features.emoji`)."""
    # Lead bytes of all of them: 0xE2 is U+2000 to U+2FFF, 0xF0 is U+10000 to U+3FFFF.
    candidates = np.flatnonzero((text.data == 0xE2) | (text.data == 0xF0))
    return candidates[EMOJI.contains(text.code_point_at(candidates))]


def _begins_of(text: TextColumn, mark: bytes) -> Positions:
    """Byte positions where the mark begins inside one row."""
    begins = np.flatnonzero(text.data == mark[0])
    for step in range(1, len(mark)):
        begins = begins[text.byte_at(begins + step) == mark[step]]
    return begins if len(mark) == 1 else begins[_in_one_row(text, begins, begins + len(mark) - 1)]


def _directly_after(text: TextColumn, word: bytes, positions: Positions) -> Positions:
    """Those positions that directly follow the word in their row; the word in lower case, the text in either."""
    for back, letter in enumerate(reversed(word), start=1):
        found = text.byte_at(positions - back)
        positions = positions[(found == letter) | (found == letter - 0x20)]
    return positions[_in_one_row(text, positions - len(word), positions)]


def _in_one_row(text: TextColumn, first: Positions, last: Positions) -> Mask:
    return text.rows_of(first) == text.rows_of(last)


def _starts_of(text: TextColumn, positions: Positions) -> Positions:
    """Position of the first byte of the character that each position lies in."""
    for _ in range(3):
        positions = positions - ((text.byte_at(positions) & 0xC0) == 0x80)
    return positions
