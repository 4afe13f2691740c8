"""Headers: which canonical column each header of a table, or each key of a JSON object, stands for."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from botscan.errors import FormatError
from botscan.notes import Note
from botscan.readers.synonyms import FOLLOWED, IDENTITIES, LIKES, LIKES_COLUMN, NEGATED, SYNONYMS
from botscan.schema import ACCOUNT_COLUMN, Kind

_MOST_HEADER_CHARACTERS = 200
_SHOWN_HEADERS = 20
_SHOWN_CHARACTERS = 40
_AROUND = " \t\r\n\v\f\x00\"'\u00a0\u200b\u200c\u200d\u2060\ufeff"
_LOWER_UPPER = re.compile(r"(?<=[^\W_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SEPARATORS = re.compile(r"[\s_.\-]+")
#: A header that is safe to print: words, not the data of a table without a header line.
_PLAIN_HEADER = re.compile(r"[^\W\d][\w .\-/()]*")


def normalise(header: str) -> str:
    """Return a header as plain lower-case words.

    Unicode NFKC, quotes and byte order marks off, units in brackets off, camelCase and ``_ - .`` to spaces.

    Examples
    --------
    >>> normalise("followersCount"), normalise(" Jumlah_Pengikut (akun) "), normalise("userID")
    ('followers count', 'jumlah pengikut', 'user id')
    """
    text = unicodedata.normalize("NFKC", header[:_MOST_HEADER_CHARACTERS]).strip(_AROUND)
    text = _BRACKETS.sub(" ", text)
    text = _LOWER_UPPER.sub(" ", text)
    return _SEPARATORS.sub(" ", text.casefold()).strip(_AROUND)


#: Header word to canonical column and precedence; 0 is the canonical name.
_WORDS: dict[str, tuple[str, int]] = {
    word: (column, rank) for column, words in SYNONYMS.items() for rank, word in enumerate((normalise(column), *words))
}


@dataclass(frozen=True)
class HeaderMap:
    """Which source column gives which canonical column.

    Attributes
    ----------
    columns
        Canonical column to source name.
    negated
        Canonical flags whose source says the opposite.
    ignored
        Source names that no canonical column stands for, in order.
    notes
        What a reader of the result should know about the choice.
    """

    columns: Mapping[str, str]
    negated: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    notes: tuple[Note, ...] = field(default=())

    @property
    def is_a_list(self) -> bool:
        """Whether the columns can tell accounts apart or count something of them."""
        return any(column in IDENTITIES or ACCOUNT_COLUMN[column].kind == "count" for column in self.columns)


def kind_of_header(header: str) -> Kind | None:
    """Return the kind of cells under a header that some canonical column may stand for, else None."""
    word = normalise(header)
    if word in LIKES or word == FOLLOWED:
        return "count"
    if word in NEGATED:
        return "flag"
    found = _WORDS.get(word)
    return None if found is None else ACCOUNT_COLUMN[found[0]].kind


def count_known(headers: Iterable[str]) -> int:
    """Count the headers that botscan knows."""
    return sum(kind_of_header(header) is not None for header in headers)


def map_headers(
    headers: Sequence[str],
    *,
    platform: str | None,
    column_map: Mapping[str, str] | None = None,
    source: str,
    refuse_repeats: bool = True,
) -> HeaderMap:
    """Settle which header stands for which canonical column.

    Parameters
    ----------
    headers
        As they stand in the source.
    platform
        Decides what "likes" means.
    column_map
        Canonical column to header, named by the caller; goes before everything else.
    source
        Name for messages.
    refuse_repeats
        Whether a known header that stands twice is refused (a table) or its first place taken (keys of JSON).

    Raises
    ------
    FormatError
        A known header stands twice, or `column_map` names a column or header that does not exist.
    """
    asked = _asked(headers, column_map or {}, source)
    words = [normalise(header) for header in headers]
    free = [position for position in range(len(headers)) if position not in asked.values()]
    if refuse_repeats:
        _refuse_repeats(headers, words, free, source)
    candidates: dict[str, list[tuple[int, int]]] = {}
    negated = set()
    notes = []
    for position in free:
        column, rank = _column_of(words[position], words, platform)
        if column is None:
            if words[position] in (*LIKES, FOLLOWED):
                notes.append(Note("header_ambiguous", numbers={"header": shown(headers[position])}))
            continue
        if column not in asked:
            candidates.setdefault(column, []).append((rank, position))
    columns = {column: headers[position] for column, position in asked.items()}
    used = set(asked.values())
    for column, ranked in candidates.items():
        (_, position), *others = sorted(ranked)
        columns[column] = headers[position]
        used.add(position)
        if words[position] in NEGATED:
            negated.add(column)
        notes += [
            Note("synonym_ignored", column, numbers={"used": shown(headers[position]), "ignored": shown(headers[at])})
            for _, at in others
        ]
    ignored = tuple(headers[position] for position in range(len(headers)) if position not in used)
    ordered = {column: columns[column] for column in ACCOUNT_COLUMN if column in columns}
    return HeaderMap(ordered, tuple(sorted(negated)), ignored, (*notes, *ignored_notes(ignored, ordered)))


def _asked(headers: Sequence[str], column_map: Mapping[str, str], source: str) -> dict[str, int]:
    """Find the headers that the caller named: by exact text, else by normalised text."""
    asked: dict[str, int] = {}
    for column, header in column_map.items():
        if column not in ACCOUNT_COLUMN:
            raise FormatError(
                f"The column map names {column!r}, which is no canonical column.",
                source=source,
                remedy=f"Use one of {', '.join(ACCOUNT_COLUMN)}.",
            )
        places = [at for at, text in enumerate(headers) if text.strip(_AROUND) == header.strip(_AROUND)]
        places = places or [at for at, text in enumerate(headers) if normalise(text) == normalise(header)]
        if len(places) != 1:
            what = "stands in the header more than once" if places else "is not in the header"
            raise FormatError(
                f"The column map wants {column} from {shown(header)!r}, which {what}. {_seen(headers)}",
                source=source,
                remedy="Name one of these.",
            )
        asked[column] = places[0]
    return asked


def _column_of(word: str, words: Sequence[str], platform: str | None) -> tuple[str | None, int]:
    if word in LIKES:
        return LIKES_COLUMN.get(platform or ""), len(SYNONYMS["likes_given_count"]) + 1
    if word == FOLLOWED:
        has_followers = any(_WORDS.get(other, ("",))[0] == "followers_count" for other in words)
        return ("following_count" if has_followers else None), len(SYNONYMS["following_count"]) + 1
    if word in NEGATED:
        return NEGATED[word], len(SYNONYMS[NEGATED[word]]) + 1
    return _WORDS.get(word, (None, 0))


def _refuse_repeats(headers: Sequence[str], words: Sequence[str], free: Sequence[int], source: str) -> None:
    first_at: dict[str, int] = {}
    for position in free:
        word = words[position]
        if kind_of_header(headers[position]) is None:
            continue
        if word in first_at:
            raise FormatError(
                f"The column {shown(headers[position])!r} stands twice in the header:"
                f" at positions {first_at[word] + 1} and {position + 1}.",
                source=source,
                remedy="Rename or remove one of them.",
            )
        first_at[word] = position


def ignored_notes(ignored: Sequence[str], columns: Mapping[str, str] = MappingProxyType({})) -> tuple[Note, ...]:
    """Return the notes about headers that are not used, with guesses at what was meant."""
    if not ignored:
        return ()
    first = ", ".join(shown(header) for header in ignored[:10])
    notes = [Note("columns_ignored", count=len(ignored), numbers={"names": first})]
    for header in ignored[:_SHOWN_HEADERS]:
        suggestion = suggest(header)
        if suggestion is not None and suggestion not in columns:
            notes.append(Note("header_suggestion", suggestion, numbers={"header": shown(header)}))
    return tuple(notes)


def suggest(header: str) -> str | None:
    """Return the canonical column whose words are within two letters of a header, if there is one.

    Examples
    --------
    >>> suggest("folowers"), suggest("pengikutt"), suggest("colour")
    ('followers_count', 'followers_count', None)
    """
    word = normalise(header)[:_SHOWN_CHARACTERS]
    if len(word) < 5 or kind_of_header(header) is not None:
        return None
    for near in difflib.get_close_matches(word, _WORDS, n=3, cutoff=0.8):
        if _edits(word, near) <= 2:
            return _WORDS[near][0]
    return None


def _edits(left: str, right: str) -> int:
    """Edit distance: letters to insert, remove or replace."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def refuse_unknown(
    headers: Sequence[str], *, what: str, source: str, known_formats: str, is_json: bool = False
) -> FormatError:
    """Return the error for headers or keys that make no list of accounts, nearest known columns first."""
    first = "Save the list of accounts alone" if is_json else "Give the file a header line with such names"
    near = [suggestion for header in headers[:_SHOWN_HEADERS] if (suggestion := suggest(header)) is not None]
    known = list(dict.fromkeys([*near, *(column for column in ACCOUNT_COLUMN)]))
    return FormatError(
        f"{what} {_seen(headers)} Known columns: {', '.join(known)}. Known formats: {known_formats}.",
        source=source,
        remedy=f"{first}, or name the columns with a column map (--map followers_count=HEADER).",
    )


def _seen(headers: Sequence[str]) -> str:
    names = ", ".join(shown(header) for header in headers[:_SHOWN_HEADERS])
    more = f" and {len(headers) - _SHOWN_HEADERS} more" if len(headers) > _SHOWN_HEADERS else ""
    return f"Seen: {names}{more}."


def shown(header: str) -> str:
    """Return a header as it may be printed.

    A file without a header line has somebody's data in its first line: what does not look like a header is described,
    not shown.

    Examples
    --------
    >>> shown("Followers"), shown("a@b.example"), shown("")
    ('Followers', 'text of 11 characters', 'text of 0 characters')
    """
    text = header.strip(_AROUND)
    digits = sum(char.isdecimal() for char in text)
    if len(text) <= _SHOWN_CHARACTERS and digits <= 3 and _PLAIN_HEADER.fullmatch(text) and text.isprintable():
        return text
    return f"text of {len(header)} characters"
