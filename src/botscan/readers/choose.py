"""The choice among formats: by distinctive keys or headers, never by the name of a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from botscan.errors import FormatError
from botscan.readers.containers.archives import without_copy_mark
from botscan.readers.format import Json
from botscan.readers.formats import FORMAT, FORMATS, GENERIC, Format
from botscan.readers.unlike_json import is_comment_list, keys_to_show, refuse_unlike
from botscan.readers.words.header_words import normalise
from botscan.readers.words.headers import ACCOUNT_WORDS, Vocabulary, make_vocabulary, map_headers, refuse_unknown
from botscan.readers.words.synonyms import DATES_OF_A_SERIES, IDENTITIES, SIGNS_OF_POSTS
from botscan.schema import COLUMNS_OF, RecordKind

#: Points of a list that are looked at.
_FEW_POINTS = 10
_LEAVE_OUT = "Leave the format out to have it recognised."
_ABOUT: dict[RecordKind, tuple[str, str]] = {
    "accounts": ("a list of accounts", "Read it with read_accounts."),
    "posts": ("a table of posts, not of accounts", "Export the followers; in Python read posts with read_posts."),
    "series": (
        "a count over time, not a list of accounts",
        "It holds no followers; in Python read it with read_series.",
    ),
}


@dataclass(frozen=True)
class Wishes:
    """What is looked for, and what the caller named instead of having it recognised.

    Attributes
    ----------
    kind
        Kind of records that is wanted.
    format, encoding, column_map
        As in `botscan.readers.read.read_accounts`.
    """

    kind: RecordKind = "accounts"
    format: str | None = None
    encoding: str | None = None
    column_map: Mapping[str, str] = field(default_factory=dict)

    def vocabulary(self, chosen: Format) -> Vocabulary:
        """Return the header words that hold for a format."""
        return make_vocabulary(self.kind, chosen.record_map(self.kind))


@cache
def known_formats(kind: RecordKind) -> str:
    """Return the names of the formats that hold such records, as words for messages."""
    held = [one for one in FORMATS if one.record_map(kind) is not None]
    return ", ".join(one.name for one in held if kind != "accounts" or not one.refusal)


def asked_format(name: str | None, source: str) -> Format | None:
    """Return the format that the caller named.

    Raises
    ------
    FormatError
        There is none of this name.
    """
    if name is None:
        return None
    if name not in FORMAT:
        raise FormatError(
            f"The format {name!r} is not known. Known formats: {', '.join(FORMAT)}.", source=source, remedy=_LEAVE_OUT
        )
    return FORMAT[name]


def asked_json_format(name: str | None, source: str) -> Format | None:
    """Return the format that the caller named for a source that holds JSON.

    Raises
    ------
    FormatError
        There is none of this name, or it is a format of tables alone.
    """
    asked = asked_format(name, source)
    if asked is not None and asked.evidence is None and asked is not GENERIC:
        raise FormatError(f"This is JSON, and {asked.name} is {asked.title}.", source=source, remedy=_LEAVE_OUT)
    return asked


def check_map(wishes: Wishes, source: str) -> None:
    """Refuse a column map that names a column which records of the wanted kind do not have.

    Raises
    ------
    FormatError
        It does.
    """
    for column in wishes.column_map:
        if column not in COLUMNS_OF[wishes.kind]:
            raise FormatError(
                f"The column map names {column!r}, which is no canonical column of {wishes.kind}.",
                source=source,
                remedy=f"Use one of {', '.join(COLUMNS_OF[wishes.kind])}.",
            )


def has_a_signature(sample: Sequence[Json]) -> bool:
    """Whether JSON objects hold distinctive keys of any format."""
    return any(one.evidence(sample) for one in FORMATS if one.evidence is not None)


def choose_for_objects(sample: Sequence[Json], wishes: Wishes, source: str) -> Format:
    """Return the format with most distinctive keys in a sample of JSON objects.

    Raises
    ------
    FormatError
        Two formats fit equally well, the one that fits holds no such records, or nothing in the keys tells any.
    """
    asked = asked_json_format(wishes.format, source)
    found = {one.name: one.evidence(sample) for one in FORMATS if one.evidence is not None}
    chosen = _choose(found, asked, wishes, source)
    if chosen is not GENERIC:
        return chosen
    if wishes.kind == "accounts" and not wishes.column_map:
        _refuse_points(sample, source)
    keys = keys_of(GENERIC, sample, wishes.kind)
    # A key that only ever holds a list or an object names no cell: it is the wrapping of something else.
    plain = tuple(key for key in keys if any(_is_cell(value, key) for value in _records_of(GENERIC, sample, wishes)))
    paths = [path for path in wishes.column_map.values() if path not in plain]
    _check_columns([*plain, *paths], wishes, source, sample=sample)
    return GENERIC


def _refuse_points(sample: Sequence[Json], source: str) -> None:
    """Refuse objects that hold a list of points in time: they count, they name no followers."""
    assert GENERIC.series is not None
    points = [unpacked for value in sample if (unpacked := GENERIC.series.unpack(value)) is not None]
    words = {normalise(key) for page in points for point in page.records[:_FEW_POINTS] for key in point}
    if points and words & DATES_OF_A_SERIES and make_vocabulary("series").count_known(words) > 1:
        title, remedy = _ABOUT["series"]
        raise FormatError(f"This is {title}.", source=source, remedy=remedy)


def choose_for_headers(headers: Sequence[str], wishes: Wishes, source: str) -> Format:
    """Return the format with most distinctive headers in a table.

    Raises
    ------
    FormatError
        As `choose_for_objects`.
    """
    asked = asked_format(wishes.format, source)
    words = frozenset(normalise(header) for header in headers)
    found = {one.name: one.header_evidence(words) for one in FORMATS if one.header_evidence is not None}
    if asked is not None and asked.header_evidence is None and asked is not GENERIC:
        raise FormatError(f"This is a table, and {asked.name} is {asked.title}.", source=source, remedy=_LEAVE_OUT)
    chosen = _choose(found, asked, wishes, source)
    records = chosen.record_map(wishes.kind)
    if records is None or not records.fields:
        _check_columns(headers, wishes, source, chosen=chosen)
    return chosen


def _choose(found: Mapping[str, int], asked: Format | None, wishes: Wishes, source: str) -> Format:
    if asked is not None:
        if not found.get(asked.name, 1):
            raise FormatError(f"This does not look like {asked.title}.", source=source, remedy=_LEAVE_OUT)
        return check_holds(asked, wishes, source, is_asked=True)
    most = max(found.values(), default=0)
    best = [FORMAT[name] for name, n in found.items() if n == most]
    if not most:
        return GENERIC
    if len(best) > 1:
        raise FormatError(
            f"This can be {' or '.join(one.title for one in best)}.",
            source=source,
            remedy=f"Name the format: {' or '.join(one.name for one in best)} (--format).",
        )
    _refuse_by_name(best[0], wishes, source)
    return check_holds(best[0], wishes, source)


def _refuse_by_name(chosen: Format, wishes: Wishes, source: str) -> None:
    """Refuse another list of the same form, which only the exporter's own name for the file tells apart."""
    for pattern, what in chosen.by_name if wishes.kind == "accounts" else ():
        if re.search(pattern, without_copy_mark(source)):
            raise FormatError(
                f"By its name this is a list of {what}, not of followers.",
                source=source,
                remedy=f"Give the list of followers; to read it all the same, name it: --format {chosen.name}.",
            )


def check_holds(chosen: Format, wishes: Wishes, source: str, *, is_asked: bool = False) -> Format:
    """Return the format when it holds the wanted records, and when they are followers or were asked for.

    Raises
    ------
    FormatError
        It does not.
    """
    refusal = chosen.refusal or f"It holds no {wishes.kind}."
    if chosen.record_map(wishes.kind) is None:
        kinds = [kind for kind in _ABOUT if chosen.record_map(kind) is not None]
        remedy = f"Read it with {' or '.join(f'read_{kind}' for kind in kinds)}." if kinds else "Export the followers."
        raise FormatError(f"This is {chosen.title}. {refusal}", source=source, remedy=remedy)
    if wishes.kind == "accounts" and chosen.refusal and not is_asked:
        raise FormatError(
            f"This is {chosen.title}. {refusal}",
            source=source,
            remedy=f"Export the followers; to read it all the same, name it: --format {chosen.name}.",
        )
    return chosen


def _check_columns(
    headers: Sequence[str],
    wishes: Wishes,
    source: str,
    *,
    chosen: Format = GENERIC,
    sample: Sequence[Json] | None = None,
) -> None:
    """Refuse headers, or keys of a sample of objects, that make no list of the wanted records."""
    is_json = sample is not None
    if chosen is GENERIC and wishes.kind == "accounts" and not wishes.column_map and is_comment_list(headers):
        raise FormatError(
            "This is a list of comments: it holds who commented, not who follows.",
            source=source,
            remedy="Export the followers; to read those who commented all the same, name their column:"
            " --map handle=HEADER.",
        )
    vocabulary = wishes.vocabulary(chosen)
    mapped = map_headers(
        headers,
        platform=None,
        column_map=wishes.column_map,
        source=source,
        refuse_repeats=not is_json,
        vocabulary=vocabulary,
    )
    other = _other_kind(headers, mapped.columns, wishes.kind) if chosen is GENERIC else None
    if other is not None and not wishes.column_map:
        title, remedy = _ABOUT[other]
        raise FormatError(f"This is {title}.", source=source, remedy=remedy)
    if mapped.is_a_list or (sample is not None and not any(sample)):
        return
    if sample is not None:
        refuse_unlike(sample, source)
        headers = keys_to_show(sample, lambda key: vocabulary.kind_of(key) is not None)
        what = f"Found JSON whose objects hold no key that botscan knows {wishes.kind} by."
    elif mapped.columns:
        what = f"Found no column that tells {wishes.kind} apart or counts something of them."
    else:
        what = "Found no column that botscan knows, or no header line."
    raise refuse_unknown(
        headers,
        what=what,
        source=source,
        known_formats=known_formats(wishes.kind),
        is_json=is_json,
        vocabulary=vocabulary,
    )


def _other_kind(headers: Sequence[str], columns: Collection[str], wanted: RecordKind) -> RecordKind | None:
    """Return the kind of records that headers without a signature speak of, when it is not the wanted one."""
    words = {normalise(header) for header in headers}
    if wanted == "accounts":
        if words & SIGNS_OF_POSTS:
            return "posts"
        if words & DATES_OF_A_SERIES and not any(name in columns for name in IDENTITIES):
            return "series"
    return None


def keys_of(chosen: Format, sample: Sequence[Json], kind: RecordKind) -> tuple[str, ...]:
    """Return the keys of the records in a sample, in order of their first place."""
    keys: dict[str, None] = {}
    for record in _records_of(chosen, sample, Wishes(kind)):
        keys.update(dict.fromkeys(record))
    return tuple(keys)


def only_names(chosen: Format, sample: Sequence[Json]) -> bool | None:
    """Whether the accounts in a sample are names and ids without any count; None where there is no account."""
    records = _records_of(chosen, sample, Wishes())
    fields = () if chosen.accounts is None else chosen.accounts.fields
    if not records:
        return None
    if fields:
        counts = [one for one in fields if COLUMNS_OF["accounts"][one.column].kind == "count"]
        return all(value is None for one in counts for value in one.values(records))
    return all(ACCOUNT_WORDS.kind_of(key) != "count" for record in records for key in record)


def _records_of(chosen: Format, sample: Sequence[Json], wishes: Wishes) -> list[Json]:
    records = chosen.record_map(wishes.kind)
    found = []
    for value in sample:
        unpacked = None if records is None else records.unpack(value)
        found += [one for one in ([value] if unpacked is None else unpacked.records) if isinstance(one, dict)]
    return found


def _is_cell(record: Json, key: str) -> bool:
    return not isinstance(record.get(key, []), list | dict)
