"""Text that accounts write, and words of closed vocabularies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from botscan.cells.blanks import NULL_MARK, NULL_WORD, has_control, trim
from botscan.cells.parsed import (
    Mask,
    Parsed,
    add_fault,
    as_mask,
    flatten,
    is_known,
    is_number,
    is_text,
    nothing_known,
    read_the_rest,
)

#: Longest name, place or link kept, in code points; the rest is cut.
MOST_NAME_CHARACTERS = 10_000
#: Longest bio or post kept, in code points.
MOST_TEXT_CHARACTERS = 100_000
#: Longest word of a closed vocabulary.
_MOST_WORD_CHARACTERS = 100


@dataclass(frozen=True)
class TextCell:
    """One text; `code` is ``text_cut``, ``nul_removed``, ``unknown_word`` or None."""

    value: str | None = None
    code: str | None = None


def read_text(text: str, *, most: int = MOST_NAME_CHARACTERS, is_name: bool = True) -> TextCell:
    r"""Read one text: NUL removed, cut at `most` code points; ``\N`` is missing, the empty text stays empty.

    What is no name, such as a place, is missing too where the cell is the word ``NULL``.

    Examples
    --------
    >>> read_text("Ana\x00").value, read_text("abc", most=2)
    ('Ana', TextCell(value='ab', code='text_cut'))
    >>> read_text("NULL").value, read_text("NULL", is_name=False).value
    ('NULL', None)
    """
    if text == NULL_MARK or (text == NULL_WORD and not is_name):
        return TextCell()
    clean = text.replace("\x00", "")
    if len(clean) > most:
        return TextCell(clean[:most], "text_cut")
    return TextCell(clean, None if len(clean) == len(text) else "nul_removed")


def parse_texts(cells: pa.Array | pa.ChunkedArray, *, most: int = MOST_NAME_CHARACTERS, is_name: bool = True) -> Parsed:
    """Read a column of texts; large_string or null, shape (n,).

    Empty texts stay empty: the caller knows what they mean. `is_name` is for all that people write of themselves: they
    may be called NULL; elsewhere that word is a missing value.

    Examples
    --------
    >>> parse_texts(pa.array(["Ana", "", None])).values.to_pylist()
    ['Ana', '', None]
    """
    array = flatten(cells)
    if pa.types.is_integer(array.type) or is_number(array.type):
        array = array.cast(pa.large_string())
    if not is_text(array.type):
        return nothing_known(len(array), pa.large_string(), "wrong_type", is_known(array))
    has_nul = as_mask(pc.match_substring(array, "\x00"))
    is_long = as_mask(pc.greater(pc.binary_length(array), most))
    is_missing = as_mask(pc.equal(array, NULL_MARK))
    if not is_name:
        is_missing = is_missing | as_mask(pc.equal(array, NULL_WORD))
    is_plain = ~(has_nul | is_long | is_missing)
    parsed = read_the_rest(array, is_plain, lambda text: read_text(text, most=most, is_name=is_name))
    # A text may have had both: the cut hides the NUL in the reading of one cell, not in the count.
    faults: dict[str, Mask] = dict(parsed.faults)
    add_fault(faults, "nul_removed", has_nul)
    return Parsed(parsed.values, faults)


def read_word(text: str, vocabulary: Mapping[str, str] | None = None) -> TextCell:
    """Read one word; with a vocabulary, its canonical form, ``unknown_word`` where it is in none.

    Examples
    --------
    >>> read_word(" id ").value, read_word("aktif", {"aktif": "active"}).value, read_word("x", {}).code
    ('id', 'active', 'unknown_word')
    """
    word = trim(text)
    if word in {"", NULL_MARK, NULL_WORD}:
        return TextCell()
    if vocabulary is not None:
        word = " ".join(word.lower().replace("_", " ").replace("-", " ").split())
        return TextCell(vocabulary[word]) if word in vocabulary else TextCell(code="unknown_word")
    if len(word) > _MOST_WORD_CHARACTERS or has_control(word):
        return TextCell(code="unknown_word")
    return TextCell(word)


def parse_words(cells: pa.Array | pa.ChunkedArray, vocabulary: Mapping[str, str] | None = None) -> Parsed:
    """Read a column of words, each distinct one once; large_string or null, shape (n,).

    Parameters
    ----------
    cells
        Text; anything else is ``unknown_word``.
    vocabulary
        Word in lower case, with spaces for ``_`` and ``-``, to its canonical form; None: any word stays as it is.
    """
    array = flatten(cells)
    if not is_text(array.type):
        return nothing_known(len(array), pa.large_string(), "unknown_word", is_known(array))
    none_plain = ~is_known(array)
    return read_the_rest(array, none_plain, lambda text: read_word(text, vocabulary))
