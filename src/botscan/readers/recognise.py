"""Recognition: what a source is, by its content alone, never by its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from botscan.errors import FormatError
from botscan.readers.choose import (
    Wishes,
    asked_format,
    asked_json_format,
    check_holds,
    check_map,
    choose_for_headers,
    choose_for_objects,
    has_a_signature,
    keys_of,
    known_formats,
    only_names,
)
from botscan.readers.containers.archives import without_copy_mark
from botscan.readers.containers.encodings import (
    Encoding,
    TextBlock,
    count_lines,
    find_encoding,
    skip_start,
    text_blocks,
)
from botscan.readers.containers.expand import Expanded
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits, Source
from botscan.readers.containers.signatures import PARQUET_MAGIC, ZIP_STARTS, refuse_binary, refuse_text
from botscan.readers.formats import FORMATS, GENERIC, Format
from botscan.readers.formats.label_file import LABEL_FILE, is_label_file
from botscan.readers.formats.meta_insights import META_INSIGHTS, insights_tables
from botscan.readers.formats.x_archive import format_of_script, script_head
from botscan.readers.objects.json_frames import code_behind, find_framing, is_json
from botscan.readers.objects.json_records import JsonReader
from botscan.readers.plan import Holds
from botscan.readers.tables.delimited import DELIMITERS, Inside, Scan, split_cells
from botscan.readers.tables.line_list import LineList, looks_like_lines, refuse_following
from botscan.readers.tables.parquet import ParquetReader
from botscan.readers.tables.tables import first_record, open_quote
from botscan.readers.tables.title_rows import KNOWN_OF_A_HEADER, find_header_below
from botscan.readers.tables.workbook import WorkbookReader
from botscan.readers.words.header_words import normalise
from botscan.readers.words.headers import shown
from botscan.schema import RecordKind

#: Text that is looked at to tell tables from JSON and to find the header.
_HEAD_BYTES = 1 << 20
#: JSON objects that are looked at to tell formats apart.
_SAMPLE_VALUES = 50
#: Columns that lines give: a link to a profile may hold an id instead of a name.
_LINE_COLUMNS = {"handle": ("account_id", "handle"), "account_id": ("account_id",)}
#: Rows that are looked at to tell a file of labels, which has no header.
_LABEL_ROWS = 20


@dataclass(frozen=True)
class Recognised:
    """What a source is.

    Attributes
    ----------
    format, holds
        As in the `ReadingPlan`.
    encoding
        Of the text; None for Parquet and workbooks.
    delimiter, framing
        Of a table; of JSON.
    headers
        Header of a table; keys of the sampled objects for JSON.
    skip_bytes
        Text before the first JSON value, which is no record.
    skip_lines
        Lines before the header.
    scalar_key
        Column that bare numbers or texts in JSON stand for.
    lines
        How a list of one handle or id a line is laid out.
    names_only
        Whether the accounts of JSON are names and ids without any count; None where no account was seen.
    is_1904
        Whether a workbook counts days from 1904.
    part
        Number of this file among the parts of one list; None when it has none.
    """

    format: Format
    holds: Holds
    encoding: Encoding | None = None
    delimiter: str | None = None
    framing: str | None = None
    headers: tuple[str, ...] = ()
    skip_bytes: int = 0
    skip_lines: int = 0
    scalar_key: str | None = None
    lines: LineList | None = None
    names_only: bool | None = None
    is_1904: bool = False
    part: int | None = None

    @property
    def layout(self) -> tuple[object, ...]:
        """What must be the same when the source is read again."""
        return (self.format.name, self.holds, self.delimiter, self.framing, self.headers)


def recognise(source: Source, wishes: Wishes, *, limits: Limits = DEFAULT_LIMITS) -> Recognised:
    """Look at the start of a source, and at as much of it as is needed to see some JSON objects.

    Raises
    ------
    FormatError
        The source is empty or of a kind that is not read, or holds no records of the wanted kind.
    """
    asked = asked_format(wishes.format, source.name)
    if asked is not None:
        check_holds(asked, wishes, source.name, is_asked=True)
    check_map(wishes, source.name)
    head = b""
    expanded = Expanded(source, limits=limits)
    for chunk in expanded:
        head += chunk
        if len(head) >= 4096:  # signatures and patterns of NUL bytes lie in the first bytes
            break
    if not head and expanded.cut_short:
        raise FormatError(
            "The compressed data are cut short before the first byte of text.",
            source=source.name,
            remedy="Fetch or pack the file again.",
        )
    if not head:
        raise _empty(source.name)
    if head.startswith(ZIP_STARTS) and expanded.compressed:
        raise FormatError(
            "Found a zip archive or an Excel workbook inside a compressed file.",
            source=source.name,
            remedy="Unpack the outer layer once and give what is inside.",
        )
    if head.startswith(ZIP_STARTS):
        return _recognise_workbook(source, wishes, limits)
    refuse_binary(head, source=source.name, known=known_formats(wishes.kind))
    if head.startswith(PARQUET_MAGIC):
        return _recognise_parquet(source, wishes, limits)
    encoding = find_encoding(head, wishes.encoding, source=source.name)
    text = _head_text(source, encoding, limits)
    script = script_head(text.data)
    if script is not None:
        return _recognise_json(source, wishes, encoding, text, limits, script=script)
    refuse_text(text.data, source=source.name, known=known_formats(wishes.kind))
    if is_json(text.data):
        return _recognise_json(source, wishes, encoding, text, limits)
    return _recognise_text(text, wishes, encoding, source.name)


@dataclass(frozen=True)
class _Text:
    """The start of a text from its first character that is not blank."""

    data: bytes
    n_blank: int
    n_lines: int
    is_all: bool


def _empty(source: str) -> FormatError:
    return FormatError("This is an empty file.", source=source, remedy="Fetch or export the list again.")


def _head_text(source: Source, encoding: Encoding, limits: Limits) -> _Text:
    text = b""
    n_blank = n_lines = 0
    for block in text_blocks(Expanded(source, limits=limits), encoding, source=source.name):
        if not text:
            text = block.data.lstrip()
            blank = block.data[: len(block.data) - len(text)]
            n_blank += len(blank)
            n_lines += count_lines(blank)
        else:
            text += block.data
        if len(text) >= _HEAD_BYTES:
            return _Text(text, n_blank, n_lines, is_all=False)
    if not text:
        raise _empty(source.name)
    return _Text(text, n_blank, n_lines, is_all=True)


def _recognise_parquet(source: Source, wishes: Wishes, limits: Limits) -> Recognised:
    reader = ParquetReader(source, limits=limits)
    reader.close()
    headers = tuple(reader.headers)
    return Recognised(choose_for_headers(headers, wishes, source.name), "parquet", headers=headers)


def _recognise_workbook(source: Source, wishes: Wishes, limits: Limits) -> Recognised:
    reader = WorkbookReader(source, limits=limits, count=lambda headers: count_headers(headers, wishes))
    reader.close()
    headers = tuple(reader.headers)
    chosen = choose_for_headers(headers, wishes, source.name)
    return Recognised(chosen, "workbook", headers=headers, is_1904=reader.is_1904)


def _recognise_json(
    source: Source,
    wishes: Wishes,
    encoding: Encoding,
    text: _Text,
    limits: Limits,
    *,
    script: tuple[str, int, int] | None = None,
) -> Recognised:
    skip = 0 if script is None else text.n_blank + script[2]
    framing = "script" if script is not None else find_framing(text.data)
    reader = JsonReader(framing, list_keys=_list_keys(wishes.kind), limits=limits)

    def blocks() -> Iterator[TextBlock]:
        return skip_start(text_blocks(Expanded(source, limits=limits), encoding, source=source.name), skip)

    sample = list(islice(reader.values(blocks()), _SAMPLE_VALUES))
    scalar_key = None
    if script is not None:
        _refuse_code(blocks(), source.name)
    if sample and (script is None or has_a_signature(sample)):
        chosen = choose_for_objects(sample, wishes, source.name)
    elif script is not None:
        chosen = _format_of_script(script[0], wishes, reader, source.name)
    else:
        chosen = asked_json_format(wishes.format, source.name) or GENERIC
        scalar_key = _scalar_key(reader, wishes, source.name)
    part = None if script is None else script[1]
    if part is None and chosen.number_of_part is not None:
        part = chosen.number_of_part(without_copy_mark(source.name), sample)
    return Recognised(
        chosen,
        "json",
        encoding,
        framing=framing,
        headers=keys_of(chosen, sample, wishes.kind),
        skip_bytes=skip,
        scalar_key=scalar_key,
        names_only=only_names(chosen, sample) if wishes.kind == "accounts" else None,
        part=part,
    )


def _refuse_code(blocks: Iterator[TextBlock], source: str) -> None:
    """Refuse a script that goes on behind its data: it is none that an archive holds, and nothing is ever run."""
    if code_behind(blocks):
        raise FormatError(
            "This is a script of an X data archive with something else behind its data.",
            source=source,
            remedy="Give the file as it stands in the archive; scripts are never run.",
        )


def _format_of_script(name: str, wishes: Wishes, reader: JsonReader, source: str) -> Format:
    """Return the format of a script of an archive that holds no object: by its name, when it is an empty list."""
    chosen = format_of_script(name)
    if chosen is None or reader.n_frames:
        raise FormatError(
            f"This is a part of an X data archive ({shown(name)}) that holds no followers and no posts that can be"
            " read.",
            source=source,
            remedy="Give data/follower.js of the archive, or the whole archive.",
        )
    return check_holds(chosen, wishes, source)


@cache
def _list_keys(kind: RecordKind) -> tuple[str, ...]:
    """Return the keys of lists in damaged pages of every format."""
    maps = [one.record_map(kind) for one in FORMATS]
    return tuple(dict.fromkeys(key for records in maps if records for key in records.list_keys))


def _scalar_key(reader: JsonReader, wishes: Wishes, source: str) -> str | None:
    """Return what bare numbers or texts stand for; JSON of nothing else that can be read is refused."""
    if wishes.kind == "accounts" and reader.n_frames:
        if reader.n_numbers == reader.n_frames:
            return "account_id"
        if reader.n_texts == reader.n_frames:
            return "account_id" if reader.n_ids == reader.n_texts else "handle"
    if reader.n_frames:
        raise FormatError(
            f"Found JSON, but none of its {reader.n_frames:,} records is an object that can be read.",
            source=source,
            remedy=f"Check that the file is whole. Known formats: {known_formats(wishes.kind)}.",
        )
    return None


def _recognise_text(text: _Text, wishes: Wishes, encoding: Encoding, source: str) -> Recognised:
    """Tell a list of lines, a file of labels, and a table, whose header may stand below a title."""
    insights = _insights(text, wishes, source)
    if insights is not None:
        return replace(insights, encoding=encoding)
    lines = (
        looks_like_lines(text.data, is_all=text.is_all) if wishes.kind == "accounts" and not wishes.column_map else None
    )
    refuse_following(lines, source)
    if lines is not None:
        return Recognised(GENERIC, "lines", encoding, headers=_LINE_COLUMNS[lines.kind], lines=lines)
    header = _find_header(text, wishes, source)
    if wishes.format is None and not header.n_known and _looks_like_labels(text.data):
        raise FormatError(f"This is {LABEL_FILE.title}. {LABEL_FILE.refusal}", source=source, remedy=_FOLLOWERS)
    chosen = choose_for_headers(header.headers, wishes, source)
    return Recognised(
        chosen,
        "table",
        encoding,
        header.delimiter,
        headers=tuple(header.headers),
        skip_lines=text.n_lines + header.n_lines if header.n_lines else 0,
    )


def _insights(text: _Text, wishes: Wishes, source: str) -> Recognised | None:
    """Recognise a table of Meta Insights by its title; None where a text is none."""
    tables = insights_tables(text.data) if wishes.format in (None, META_INSIGHTS.name) else []
    if not tables:
        return None
    check_holds(META_INSIGHTS, wishes, source)
    counted = [one for one in tables if one.counts_follows]
    titles = ", ".join(shown(one.title) for one in tables[:10])
    if len(tables) > 1 or not counted:
        what = "several tables" if len(tables) > 1 else "a table"
        raise FormatError(
            f"This is {what} of Meta Insights: {titles}.",
            source=source,
            remedy="Export the figure Followers (or Follows) alone"
            + (", or delete the other tables from the file." if counted else "."),
        )
    (one,) = counted
    return Recognised(
        META_INSIGHTS,
        "table",
        delimiter=one.delimiter,
        headers=one.headers,
        skip_lines=text.n_lines + one.n_lines,
    )


_FOLLOWERS = "Give the list of followers; labels go to --labels."


def _looks_like_labels(text: bytes) -> bool:
    lines = [line.decode("utf-8", "replace") for line in text[: 1 << 16].splitlines()[:_LABEL_ROWS]]
    return any(is_label_file([split_cells(line, delimiter) for line in lines]) for delimiter in DELIMITERS)


@dataclass(frozen=True)
class _Header:
    delimiter: str
    headers: list[str]
    n_known: int
    n_lines: int = 0


def _find_header(text: _Text, wishes: Wishes, source: str) -> _Header:
    """Return the header of a table: in its first line, else below title rows."""
    first, open_at = _first_line_header(text, wishes)
    if first is None or first.n_known < KNOWN_OF_A_HEADER:
        below = find_header_below(text.data, count=lambda headers: count_headers(headers, wishes))
        if below is not None:
            return _Header(below.delimiter, list(below.headers), KNOWN_OF_A_HEADER, below.n_lines)
    if first is None or (not first.n_known and open_at is not None):
        if open_at is not None:
            raise open_quote(text.data, open_at, text.n_lines + 1, source=source)
        raise FormatError(
            f"The first line is longer than {_HEAD_BYTES:,} bytes, so it is no header.",
            source=source,
            remedy="Give a table with a header line.",
        )
    return first


def _first_line_header(text: _Text, wishes: Wishes) -> tuple[_Header | None, Scan | None]:
    """Return the delimiter that makes most known headers of the first line, and where a quote stays open."""
    found: list[_Header] = []
    open_at: Scan | None = None
    for delimiter in DELIMITERS:
        record, scan = first_record(text.data, delimiter, is_all=text.is_all)
        if not record:
            open_at = scan if scan.inside is Inside.QUOTES and text.is_all else open_at
            continue
        headers = split_cells(record.decode(), delimiter)
        while len(headers) > 1 and not headers[-1].strip():
            headers.pop()
        found.append(_Header(delimiter, headers, count_headers(headers, wishes)))
    return max(found, key=lambda one: (one.n_known, len(one.headers)), default=None), open_at


def count_headers(headers: Sequence[str], wishes: Wishes) -> int:
    """Count the headers that are known, those that the caller named, and those that give a format away."""
    words = frozenset(normalise(header) for header in headers)
    evidence = max((one.header_evidence(words) for one in FORMATS if one.header_evidence is not None), default=0)
    n_named = sum(header in wishes.column_map.values() for header in headers)
    return wishes.vocabulary(GENERIC).count_known(headers) + n_named + evidence
