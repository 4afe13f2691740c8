"""Headers: which canonical column each header of a table, or each key of a JSON object, stands for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from botscan.errors import FormatError
from botscan.notes import Note
from botscan.readers.format import RecordMap
from botscan.readers.words.header_words import AROUND, normalise
from botscan.readers.words.synonyms import FOLLOWED, IDENTITIES, LIKES, LIKES_COLUMN, NEGATED, SYNONYMS_OF
from botscan.schema import COLUMNS_OF, Column, Kind, RecordKind

_SHOWN_HEADERS = 20
_SHOWN_CHARACTERS = 40
#: A header that is safe to print: words, not the data of a table without a header line.
_PLAIN_HEADER = re.compile(r"[^\W\d][\w .\-/()]*")


#: A sign that a first line is a row of data: a digit, an address, a link.
_LIKE_DATA = re.compile(r"[0-9@/]")


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The header words of one kind of records.

    Attributes
    ----------
    kind
        ``accounts``, ``posts`` or ``series``.
    words
        Header word to canonical column and precedence; the smallest wins.
    negated
        Header words that say the opposite of a flag.
    """

    kind: RecordKind
    words: Mapping[str, tuple[str, int]]
    negated: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> Mapping[str, Column]:
        """Canonical columns by name, in schema order."""
        return COLUMNS_OF[self.kind]

    def kind_of(self, header: str) -> Kind | None:
        """Return the kind of cells under a header that some canonical column may stand for, else None."""
        word = normalise(header)
        if self.kind == "accounts" and (word in LIKES or word == FOLLOWED):
            return "count"
        if word in self.negated:
            return "flag"
        found = self.words.get(word)
        return None if found is None else self.columns[found[0]].kind

    def count_known(self, headers: Iterable[str]) -> int:
        """Count the headers that are known."""
        return sum(self.kind_of(header) is not None for header in headers)


def make_vocabulary(kind: RecordKind, records: RecordMap | None = None) -> Vocabulary:
    """Return the header words of a kind of records, those of a format before the synonyms.

    Examples
    --------
    >>> make_vocabulary("posts", RecordMap(headers={"text": ("post message",)})).words["post message"]
    ('text', -1)
    """
    if records is None:
        return _vocabulary(kind, (), frozenset())
    return _vocabulary(kind, tuple(records.headers.items()), records.not_headers)


@lru_cache(maxsize=256)
def _vocabulary(
    kind: RecordKind, headers: tuple[tuple[str, tuple[str, ...]], ...], not_headers: frozenset[str]
) -> Vocabulary:
    words = {
        word: (column, rank)
        for column, synonyms in SYNONYMS_OF[kind].items()
        for rank, word in enumerate((normalise(column), *synonyms))
    }
    for column, own in headers:
        words.update({word: (column, rank - len(own)) for rank, word in enumerate(own)})
    words = {word: found for word, found in words.items() if word not in not_headers}
    negated = NEGATED if kind == "accounts" else {}
    own_words = {word for _, own in headers for word in own}
    negated = {word: column for word, column in negated.items() if word not in own_words}
    return Vocabulary(kind, MappingProxyType(words), MappingProxyType(negated))


ACCOUNT_WORDS = make_vocabulary("accounts")


def kind_of_header(header: str) -> Kind | None:
    """Return the kind of cells under a header of accounts, None for one that is not known."""
    return ACCOUNT_WORDS.kind_of(header)


def count_known(headers: Iterable[str]) -> int:
    """Count the headers that are known of accounts."""
    return ACCOUNT_WORDS.count_known(headers)


#: Precedence of words that need more than themselves to be understood.
_LAST = 1_000


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
    kind: RecordKind = "accounts"

    @property
    def is_a_list(self) -> bool:
        """Whether the columns tell records apart: accounts by identity or counts, posts by id, time or text, ..."""
        known = set(self.columns)
        if self.kind == "posts":
            is_counted = any(column.endswith("_count") for column in known)
            return bool(known & {"post_id", "text"}) or ("posted_at" in known and is_counted)
        if self.kind == "series":
            return "counted_at" in known and bool(known & {"followers_count", "followers_gained"})
        return any(column in IDENTITIES or COLUMNS_OF["accounts"][column].kind == "count" for column in known)


def map_headers(
    headers: Sequence[str],
    *,
    platform: str | None,
    column_map: Mapping[str, str] | None = None,
    source: str,
    refuse_repeats: bool = True,
    vocabulary: Vocabulary = ACCOUNT_WORDS,
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
    vocabulary
        What headers are known.

    Raises
    ------
    FormatError
        A known header stands twice, or `column_map` names a column or header that does not exist.
    """
    asked = _asked(headers, column_map or {}, source, vocabulary)
    words = [normalise(header) for header in headers]
    free = [position for position in range(len(headers)) if position not in asked.values()]
    if refuse_repeats:
        _refuse_repeats(headers, words, free, source, vocabulary)
    candidates: dict[str, list[tuple[int, int]]] = {}
    negated = set()
    notes = []
    for position in free:
        column, rank = _column_of(words[position], words, platform, vocabulary)
        if column is None:
            if vocabulary.kind == "accounts" and words[position] in (*LIKES, FOLLOWED):
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
        if words[position] in vocabulary.negated:
            negated.add(column)
        notes += [
            Note("synonym_ignored", column, numbers={"used": shown(headers[position]), "ignored": shown(headers[at])})
            for _, at in others
        ]
    ignored = tuple(headers[position] for position in range(len(headers)) if position not in used)
    ordered = {column: columns[column] for column in vocabulary.columns if column in columns}
    told = (*notes, *ignored_notes(ignored, ordered, vocabulary))
    return HeaderMap(ordered, tuple(sorted(negated)), ignored, told, vocabulary.kind)


def _asked(
    headers: Sequence[str], column_map: Mapping[str, str], source: str, vocabulary: Vocabulary
) -> dict[str, int]:
    """Find the headers that the caller named: by exact text, else by normalised text."""
    asked: dict[str, int] = {}
    for column, header in column_map.items():
        if column not in vocabulary.columns:
            raise FormatError(
                f"The column map names {column!r}, which is no canonical column of {vocabulary.kind}.",
                source=source,
                remedy=f"Use one of {', '.join(vocabulary.columns)}.",
            )
        places = [at for at, text in enumerate(headers) if text.strip(AROUND) == header.strip(AROUND)]
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


def _column_of(word: str, words: Sequence[str], platform: str | None, vocabulary: Vocabulary) -> tuple[str | None, int]:
    if word in vocabulary.words and vocabulary.words[word][1] < 0:  # the format says so itself
        return vocabulary.words[word]
    if vocabulary.kind == "accounts":
        if word in LIKES:
            return LIKES_COLUMN.get(platform or ""), _LAST
        if word == FOLLOWED:
            has_followers = any(vocabulary.words.get(other, ("",))[0] == "followers_count" for other in words)
            return ("following_count" if has_followers else None), _LAST
    if word in vocabulary.negated:
        return vocabulary.negated[word], _LAST
    return vocabulary.words.get(word, (None, 0))


def _refuse_repeats(
    headers: Sequence[str], words: Sequence[str], free: Sequence[int], source: str, vocabulary: Vocabulary
) -> None:
    first_at: dict[str, int] = {}
    for position in free:
        word = words[position]
        if vocabulary.kind_of(headers[position]) is None:
            continue
        if word in first_at:
            raise FormatError(
                f"The column {shown(headers[position])!r} stands twice in the header:"
                f" at positions {first_at[word] + 1} and {position + 1}.",
                source=source,
                remedy="Rename or remove one of them.",
            )
        first_at[word] = position


def ignored_notes(
    ignored: Sequence[str],
    columns: Mapping[str, str] = MappingProxyType({}),
    vocabulary: Vocabulary = ACCOUNT_WORDS,
) -> tuple[Note, ...]:
    """Return the notes about headers that are not used, with guesses at what was meant."""
    if not ignored:
        return ()
    first = ", ".join(shown(header) for header in ignored[:10])
    notes = [Note("columns_ignored", count=len(ignored), numbers={"names": first})]
    for header in ignored[:_SHOWN_HEADERS]:
        suggestion = suggest(header, vocabulary)
        if suggestion is not None and suggestion not in columns:
            notes.append(Note("header_suggestion", suggestion, numbers={"header": shown(header)}))
    return tuple(notes)


def suggest(header: str, vocabulary: Vocabulary = ACCOUNT_WORDS) -> str | None:
    """Return the canonical column whose words are within two letters of a header, if there is one.

    Examples
    --------
    >>> suggest("folowers"), suggest("pengikutt"), suggest("colour")
    ('followers_count', 'followers_count', None)
    """
    word = normalise(header)[:_SHOWN_CHARACTERS]
    if len(word) < 5 or vocabulary.kind_of(header) is not None:
        return None
    return _nearest(word, vocabulary)


@lru_cache(maxsize=1024)
def _nearest(word: str, vocabulary: Vocabulary) -> str | None:
    for near in difflib.get_close_matches(word, vocabulary.words, n=3, cutoff=0.8):
        if _edits(word, near) <= 2:
            return vocabulary.words[near][0]
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
    headers: Sequence[str],
    *,
    what: str,
    source: str,
    known_formats: str,
    is_json: bool = False,
    vocabulary: Vocabulary = ACCOUNT_WORDS,
) -> FormatError:
    """Return the error for headers or keys that make no list of records, nearest known columns first."""
    first = f"Save the list of {vocabulary.kind} alone" if is_json else "Give the file a header line with such names"
    shown_first = headers[:_SHOWN_HEADERS]
    near = [suggestion for header in shown_first if (suggestion := suggest(header, vocabulary)) is not None]
    known = list(dict.fromkeys([*near, *vocabulary.columns]))
    seen = _seen(headers, None if is_json else vocabulary)
    return FormatError(
        f"{what} {seen} Known columns: {', '.join(known)}. Known formats: {known_formats}.",
        source=source,
        remedy=f"{first}, or name the columns with a column map (--map followers_count=HEADER).",
    )


def _seen(headers: Sequence[str], vocabulary: Vocabulary | None = None) -> str:
    """Say what headers there are; with a vocabulary, of a first line that may be somebody's row, the known ones."""
    is_row = vocabulary is not None and any(_LIKE_DATA.search(header) for header in headers)
    names = ", ".join(
        f"text of {len(header)} characters" if is_row and not _is_like_a_header(header, vocabulary) else shown(header)
        for header in headers[:_SHOWN_HEADERS]
    )
    more = f" and {len(headers) - _SHOWN_HEADERS} more" if len(headers) > _SHOWN_HEADERS else ""
    return f"Seen: {names}{more}."


def _is_like_a_header(header: str, vocabulary: Vocabulary | None) -> bool:
    return vocabulary is not None and (
        vocabulary.kind_of(header) is not None or suggest(header, vocabulary) is not None
    )


def shown(header: str) -> str:
    """Return a header as it may be printed.

    A file without a header line has somebody's data in its first line: what does not look like a header is described,
    not shown.

    Examples
    --------
    >>> shown("Followers"), shown("a@b.example"), shown("")
    ('Followers', 'text of 11 characters', 'text of 0 characters')
    """
    text = header.strip(AROUND)
    digits = sum(char.isdecimal() for char in text)
    if len(text) <= _SHOWN_CHARACTERS and digits <= 3 and _PLAIN_HEADER.fullmatch(text) and text.isprintable():
        return text
    return f"text of {len(header)} characters"
