"""Recognition: what a source is, by its content alone, never by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from botscan.errors import FormatError
from botscan.readers.delimited import DELIMITERS, Inside, Scan, count_lines, split_cells
from botscan.readers.encodings import Encoding, find_encoding, text_blocks
from botscan.readers.files import DEFAULT_LIMITS, Limits, Source
from botscan.readers.formats import FORMAT, FORMATS, GENERIC, Format
from botscan.readers.formats.foreign import SERIES, foreign_headers, foreign_objects, is_series
from botscan.readers.formats.format import Json, RecordMap
from botscan.readers.gzip_stream import Expanded
from botscan.readers.headers import count_known, map_headers, refuse_unknown
from botscan.readers.json_frames import find_framing, is_json
from botscan.readers.json_records import JsonLayout, JsonReader
from botscan.readers.parquet import ParquetReader
from botscan.readers.plan import Holds
from botscan.readers.signatures import PARQUET_MAGIC, refuse_binary, refuse_text
from botscan.readers.synonyms import IDENTITIES
from botscan.readers.tables import first_record, open_quote

#: Text that is looked at to tell tables from JSON and to find the header.
_HEAD_BYTES = 1 << 20
#: Lines, and their bytes, in which a header is looked for that does not stand first; known names that make one.
_TITLE_LINES = 20
_TITLE_BYTES = 1 << 16
_KNOWN_OF_A_HEADER = 2
#: JSON objects that are looked at to tell formats apart.
_SAMPLE_VALUES = 50

#: The formats that are read, as words for messages.
KNOWN_FORMATS = "; ".join(f"{one.name} ({one.title})" for one in FORMATS)


@dataclass(frozen=True)
class Recognised:
    """What a source is.

    Attributes
    ----------
    format, holds
        As in the `ReadingPlan`.
    encoding
        Of the text; None for Parquet.
    delimiter, framing
        Of a table; of JSON.
    headers
        Header of a table; keys of the sampled objects for JSON.
    """

    format: Format
    holds: Holds
    encoding: Encoding | None = None
    delimiter: str | None = None
    framing: str | None = None
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wishes:
    """What the caller named instead of having it recognised."""

    format: str | None = None
    encoding: str | None = None
    column_map: Mapping[str, str] = field(default_factory=dict)


def recognise(source: Source, wishes: Wishes, *, limits: Limits = DEFAULT_LIMITS) -> Recognised:
    """Look at the start of a source, and at as much of it as is needed to see some JSON objects.

    Raises
    ------
    FormatError
        The source is empty or of a kind that is not read.
    """
    asked = _asked_format(wishes.format, source.name)
    head = b""
    for chunk in Expanded(source, limits=limits):
        head += chunk
        if len(head) >= 4096:  # signatures and patterns of NUL bytes lie in the first bytes
            break
    if not head:
        raise _empty(source.name)
    refuse_binary(head, source=source.name, known=KNOWN_FORMATS)
    if head.startswith(PARQUET_MAGIC):
        return _recognise_parquet(source, asked, wishes, limits)
    encoding = find_encoding(head, wishes.encoding, source=source.name)
    text, first_line, is_all = _head_text(source, encoding, limits)
    refuse_text(text, source=source.name, known=KNOWN_FORMATS)
    if is_json(text):
        reader = JsonReader(JsonLayout(_ANY_LIST, find_framing(text)), limits=limits)
        blocks = text_blocks(Expanded(source, limits=limits), encoding, source=source.name)
        sample = list(islice(reader.values(blocks), _SAMPLE_VALUES))
        chosen = _choose(sample, asked, source.name, wishes) if sample else _without_sample(reader, asked, source.name)
        return Recognised(chosen, "json", encoding, framing=find_framing(text), headers=_keys(chosen, sample))
    delimiter, headers = _find_header(text, wishes, source.name, first_line=first_line, is_all=is_all)
    _check_headers(headers, source.name, asked, wishes)
    return Recognised(GENERIC, "table", encoding, delimiter, headers=tuple(headers))


def _asked_format(name: str | None, source: str) -> Format | None:
    if name is None:
        return None
    if name not in FORMAT:
        raise FormatError(
            f"The format {name!r} is not known. Known formats: {KNOWN_FORMATS}.",
            source=source,
            remedy="Leave the format out to have it recognised.",
        )
    return FORMAT[name]


def _empty(source: str) -> FormatError:
    return FormatError("This is an empty file.", source=source, remedy="Fetch or export the list again.")


def _head_text(source: Source, encoding: Encoding, limits: Limits) -> tuple[bytes, int, bool]:
    """Return the start of the text from its first character that is not blank, its line, and whether that is all."""
    text = b""
    line = 1
    for block in text_blocks(Expanded(source, limits=limits), encoding, source=source.name):
        if not text:
            text = block.data.lstrip()
            line += count_lines(block.data[: len(block.data) - len(text)])
        else:
            text += block.data
        if len(text) >= _HEAD_BYTES:
            return text, line, False
    if not text:
        raise _empty(source.name)
    return text, line, True


def _recognise_parquet(source: Source, asked: Format | None, wishes: Wishes, limits: Limits) -> Recognised:
    reader = ParquetReader(source, limits=limits)
    reader.close()
    headers = tuple(reader.headers)
    _check_headers(headers, source.name, asked, wishes)
    return Recognised(GENERIC, "parquet", headers=headers)


def _find_header(text: bytes, wishes: Wishes, source: str, *, first_line: int, is_all: bool) -> tuple[str, list[str]]:
    """Return the delimiter that makes most known headers of the first line, and these headers."""
    found: list[tuple[int, int, str, list[str]]] = []
    open_at: Scan | None = None
    for delimiter in DELIMITERS:
        record, scan = first_record(text, delimiter, is_all=is_all)
        if not record:
            open_at = scan if scan.inside is Inside.QUOTES and is_all else open_at
            continue
        headers = split_cells(record.decode(), delimiter)
        while len(headers) > 1 and not headers[-1].strip():
            headers.pop()
        n_known = count_known(headers) + sum(header in wishes.column_map.values() for header in headers)
        found.append((n_known, len(headers), delimiter, headers))
    n_known, _, delimiter, headers = max(found, key=lambda one: one[:2], default=(0, 0, "", []))
    if not n_known and open_at is not None:
        raise open_quote(text, open_at, first_line, source=source)
    if not n_known and (below := _header_below(text)) is not None:
        raise FormatError(
            f"The first line is no header, but line {first_line + below} looks like the header.",
            source=source,
            remedy="Delete the lines above it and save the file again.",
        )
    if not found:
        raise FormatError(
            f"The first line is longer than {_HEAD_BYTES:,} bytes, so it is no header.",
            source=source,
            remedy="Give a table with a header line.",
        )
    return delimiter, headers


def _header_below(text: bytes) -> int | None:
    """Return how many lines below the first a header stands, as under a title or a spreadsheet's ``sep=;``."""
    lines = text[:_TITLE_BYTES].splitlines()[: _TITLE_LINES + 1]
    for below, line in enumerate(lines[1:], start=1):
        record = line.decode("utf-8", "replace")
        if max(count_known(split_cells(record, delimiter)) for delimiter in DELIMITERS) >= _KNOWN_OF_A_HEADER:
            return below
    return None


def _check_headers(headers: Sequence[str], source: str, asked: Format | None, wishes: Wishes) -> None:
    """Refuse a table that is not a list of accounts, or one that is known under another name."""
    if asked is not None and asked is not GENERIC:
        raise FormatError(f"This is a table, and {asked.name} is {asked.title}.", source=source, remedy=_LEAVE_OUT)
    foreign = foreign_headers(headers)
    mapped = map_headers(headers, platform=None, column_map=wishes.column_map, source=source)
    if foreign is None and not any(name in mapped.columns for name in IDENTITIES) and is_series(headers):
        foreign = SERIES
    if foreign is not None and not wishes.column_map:
        raise _foreign(foreign, source)
    if not mapped.columns:
        what = "Found no column that botscan knows, or no header line."
        raise refuse_unknown(headers, what=what, source=source, known_formats=KNOWN_FORMATS)
    if not mapped.is_a_list:
        what = "Found no column that tells accounts apart or counts something of them."
        raise refuse_unknown(headers, what=what, source=source, known_formats=KNOWN_FORMATS)


_LEAVE_OUT = "Leave the format out to have it recognised."


def _foreign(what: str, source: str) -> FormatError:
    return FormatError(
        f"This is {what}; this version does not read it. Known formats: {KNOWN_FORMATS}.",
        source=source,
        remedy="Export the followers in one of these.",
    )


def _without_sample(reader: JsonReader, asked: Format | None, source: str) -> Format:
    """Return the format of JSON without any object: an empty list is fine, a list of broken records is not."""
    if reader.n_frames:
        raise FormatError(
            f"Found JSON, but none of its {reader.n_frames:,} records is an object that can be read.",
            source=source,
            remedy=f"Check that the file is whole. Known formats: {KNOWN_FORMATS}.",
        )
    return asked or GENERIC


def _choose(sample: Sequence[Json], asked: Format | None, source: str, wishes: Wishes) -> Format:
    """Return the format with most distinctive keys in the sample."""
    found = [(one.evidence(sample), one) for one in FORMATS if one.evidence is not None]
    if asked is not None:
        evidence = next((n for n, one in found if one is asked), 1)
        if not evidence:
            raise FormatError(f"This does not look like {asked.title}.", source=source, remedy=_LEAVE_OUT)
        return asked
    most = max(n for n, _ in found)
    best = [one for n, one in found if n == most]
    if most and len(best) > 1:
        raise FormatError(
            f"This can be {' or '.join(one.title for one in best)}.",
            source=source,
            remedy=f"Name the format: {' or '.join(one.name for one in best)} (--format).",
        )
    if most:
        return best[0]
    foreign = foreign_objects(sample)
    if foreign is not None and not wishes.column_map:
        raise _foreign(foreign, source)
    # A key that only ever holds a list or an object names no cell: it is the wrapping of something else.
    keys = tuple(key for key in _keys(GENERIC, sample) if any(_is_cell(value, key) for value in sample))
    mapped = map_headers(
        [*keys, *(path for path in wishes.column_map.values() if path not in keys)],
        platform=None,
        column_map=wishes.column_map,
        source=source,
        refuse_repeats=False,
    )
    if not any(name in mapped.columns for name in IDENTITIES) and is_series(keys):
        raise _foreign(SERIES, source)
    if not mapped.is_a_list and any(sample):
        keys = _keys(GENERIC, sample)
        what = "Found JSON whose objects hold no key that botscan knows accounts by."
        raise refuse_unknown(keys, what=what, source=source, known_formats=KNOWN_FORMATS, is_json=True)
    return GENERIC


def _is_cell(record: Json, key: str) -> bool:
    return not isinstance(record.get(key, []), list | dict)


def _keys(chosen: Format, sample: Sequence[Json]) -> tuple[str, ...]:
    """Return the keys of the account objects in a sample, in order of their first place."""
    keys: dict[str, None] = {}
    for value in sample:
        unpacked = None if chosen.accounts is None else chosen.accounts.unpack(value)
        for record in [value] if unpacked is None else unpacked.records:
            if isinstance(record, dict):
                keys.update(dict.fromkeys(record))
    return tuple(keys)


#: Finds the lists of damaged pages of every format.
_ANY_LIST = RecordMap(
    list_keys=tuple(dict.fromkeys(key for one in FORMATS if one.accounts for key in one.accounts.list_keys))
)
