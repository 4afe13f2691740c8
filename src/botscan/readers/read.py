"""The way in: a path becomes a plan, batches of records, or a table of accounts."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts import AccountRecords, AccountTable, make_records
from botscan.accounts.coverage import measure_coverage
from botscan.accounts.settings import check_platform
from botscan.cells.dates import DateOrder
from botscan.cells.flags import parse_flags
from botscan.cells.parsed import Mask
from botscan.cells.zones import zone_named
from botscan.errors import FormatError
from botscan.notes import Note
from botscan.readers.files import DEFAULT_LIMITS, Limits, Source, open_source
from botscan.readers.formats import FORMAT, GENERIC
from botscan.readers.headers import map_headers
from botscan.readers.plan import ReadingPlan
from botscan.readers.raw import BATCH_ROWS, RawBatch, table_of
from botscan.readers.recognise import Recognised, Wishes, recognise
from botscan.readers.stream import RawStream
from botscan.readers.survey import Survey
from botscan.schema import ACCOUNT_COLUMN, ACCOUNT_COLUMNS

#: A path, ``-`` for standard input, or an opened source.
SourceLike: TypeAlias = str | os.PathLike[str] | Source


@dataclass(frozen=True)
class ReadingOptions:
    """What the caller knows better than the source; see `read_accounts`."""

    platform: str | None = None
    format: str | None = None
    observed_at: datetime | None = None
    column_map: Mapping[str, str] | None = None
    encoding: str | None = None
    date_order: str | None = None
    tz: str | None = None


def read_accounts(
    source: SourceLike,
    *,
    platform: str | None = None,
    format: str | None = None,  # noqa: A002  the word of the command line
    observed_at: datetime | None = None,
    column_map: Mapping[str, str] | None = None,
    encoding: str | None = None,
    date_order: str | None = None,
    tz: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> AccountTable:
    """Read a list of accounts from a file.

    Parameters
    ----------
    source
        Path of a delimited table, JSON, JSON Lines or Parquet, plain or gzip; ``-`` for standard input. What it is, is
        told by its content, never by its name.
    platform
        Platform of the list, where the source does not tell.
    format
        Name of a format, to be sure that it is this one.
    observed_at
        When the list was seen; fills rows that do not say it. Without zone: UTC.
    column_map
        Canonical column to header, key or path (``public_metrics.followers_count``); goes before everything else.
    encoding
        Codec of the text; bad bytes are an error then. None: UTF-8, or what a byte order mark says, bad bytes replaced
        and counted.
    date_order
        ``dmy`` or ``mdy``, for dates such as 3/4/2020; None: settled column by column where a date decides.
    tz
        Zone of date-times that name none, for instance ``Asia/Jakarta``; None: UTC, counted.
    limits
        What is refused as too large.

    Returns
    -------
    accounts
        Every account once, and the report of what was read, merged and rejected.

    Raises
    ------
    FormatError
        The source cannot be read as a whole.
    SchemaError
        A platform or zone is not known, or the rows are of several platforms and none was chosen.

    Examples
    --------
    >>> accounts = read_accounts("followers.csv", platform="twitter")  # doctest: +SKIP
    """
    options = ReadingOptions(platform, format, observed_at, column_map, encoding, date_order, tz)
    with _opened(source, limits) as opened:
        draft, recognised = _draft(opened, options, limits)
        stream = RawStream(opened, recognised, column_map=draft.column_map, limits=limits)
        survey = Survey(draft.column_map)
        batches = []
        for raw in stream:
            survey.add(raw)
            batches.append(raw)
        plan = survey.settle(draft, stream)
        batches.reverse()
        records = (_typed(batches.pop(), plan) for _ in range(len(batches)))
        return _table_of_accounts(records, plan)


def plan_reading(
    source: SourceLike,
    *,
    platform: str | None = None,
    format: str | None = None,  # noqa: A002  the word of the command line
    observed_at: datetime | None = None,
    column_map: Mapping[str, str] | None = None,
    encoding: str | None = None,
    date_order: str | None = None,
    tz: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> ReadingPlan:
    """Pass over a whole source and settle how it is read.

    Parameters, errors: as `read_accounts`.

    Returns
    -------
    plan
        What `read_batches` needs, and what the source holds: coverage, number of records.

    Examples
    --------
    >>> plan = plan_reading("followers.csv", platform="twitter")  # doctest: +SKIP
    """
    options = ReadingOptions(platform, format, observed_at, column_map, encoding, date_order, tz)
    with _opened(source, limits) as opened:
        draft, recognised = _draft(opened, options, limits)
        stream = RawStream(opened, recognised, column_map=draft.column_map, limits=limits)
        survey = Survey(draft.column_map)
        guess = _guess(draft)
        known = _Known()
        for raw in stream:
            survey.add(raw)
            if guess is not None:
                known.add(_typed(raw, _guess_for(raw, guess)))
        plan = survey.settle(draft, stream)
        if guess is None or not _was_right(guess, plan):
            known = _Known()
            for records in _batches(opened, plan, BATCH_ROWS, limits):
                known.add(records)
        return replace(plan, coverage=known.coverage(plan))


def read_batches(
    source: SourceLike, plan: ReadingPlan, batch_rows: int = BATCH_ROWS, *, limits: Limits = DEFAULT_LIMITS
) -> Iterator[AccountRecords]:
    """Read a source by its plan, in flat memory.

    Parameters
    ----------
    source
        The source that was planned. Standard input can be read only once: open it with `open_source` and give the
        opened source to both `plan_reading` and this function.
    plan
        From `plan_reading`.
    batch_rows
        Records a batch; the last batch may be smaller. Results do not depend on it.
    limits
        As in `plan_reading`.

    Yields
    ------
    records
        One row a record in order, rejected ones included, duplicates not merged.

    Raises
    ------
    FormatError
        The source is not the one that was planned, or changes while it is read.

    Examples
    --------
    >>> for records in read_batches("followers.csv", plan):  # doctest: +SKIP
    ...     print(len(records))
    """
    with _opened(source, limits) as opened:
        yield from _batches(opened, plan, batch_rows, limits)


@contextmanager
def _opened(source: SourceLike, limits: Limits) -> Iterator[Source]:
    opened = open_source(source, limits=limits)
    try:
        yield opened
    except MemoryError as error:
        raise FormatError(
            "There is not enough memory for this list.",
            source=opened.name,
            remedy="Score it with `botscan score`, which reads piece by piece, or split it.",
        ) from error
    finally:
        if opened is not source:
            opened.close()


def _draft(source: Source, options: ReadingOptions, limits: Limits) -> tuple[ReadingPlan, Recognised]:
    """Check the options, recognise the source, and write down what both say."""
    if options.tz is not None:
        zone_named(options.tz)
    platform = None if options.platform is None else check_platform(options.platform, source=source.name)
    column_map = dict(options.column_map or {})
    observed_at = options.observed_at
    if observed_at is not None and observed_at.tzinfo is None:
        observed_at = observed_at.replace(tzinfo=UTC)
    recognised = recognise(source, Wishes(options.format, options.encoding, column_map), limits=limits)
    notes = []
    signature = recognised.format.platform
    if None not in (platform, signature) and platform != signature:
        notes.append(Note("platform_option_ignored", numbers={"named": str(platform), "found": str(signature)}))
    draft = ReadingPlan(
        source=source.name,
        format=recognised.format.name,
        holds=recognised.holds,
        encoding=None if recognised.encoding is None else recognised.encoding.name,
        named_encoding=options.encoding,
        delimiter=recognised.delimiter,
        framing=recognised.framing,
        headers=recognised.headers,
        column_map=column_map,
        platform=platform,
        observed_at=observed_at,
        date_orders=_date_orders(options.date_order, source.name),
        tz=options.tz,
        notes=tuple(notes),
    )
    return draft, recognised


def _date_orders(named: str | None, source: str) -> dict[str, DateOrder]:
    """Return the order that the caller named, for every column of dates."""
    if named is None:
        return {}
    orders: dict[str, DateOrder] = {"dmy": "dmy", "mdy": "mdy"}
    if named not in orders:
        raise FormatError(f"The date order {named!r} is not known.", source=source, remedy="Use dmy or mdy.")
    return {one.name: orders[named] for one in ACCOUNT_COLUMNS if one.kind == "instant"}


def _batches(source: Source, plan: ReadingPlan, batch_rows: int, limits: Limits) -> Iterator[AccountRecords]:
    recognised = recognise(source, Wishes(plan.format, plan.named_encoding, plan.column_map), limits=limits)
    found = (recognised.holds, recognised.delimiter, recognised.framing, recognised.headers)
    if found != (plan.holds, plan.delimiter, plan.framing, plan.headers):
        raise _not_as_planned(source)
    stream = RawStream(
        source,
        recognised,
        column_map=plan.column_map,
        wanted=None if plan.holds == "json" else list(plan.columns.values()),
        limits=limits,
        batch_rows=batch_rows,
    )
    rows = 0
    for raw in stream:
        rows += len(raw)
        if rows > plan.rows:
            raise _not_as_planned(source)
        if len(raw):
            yield _typed(raw, plan)
    if rows != plan.rows or any(note.code == "input_changed" for note in stream.notes):
        raise _not_as_planned(source)


def _not_as_planned(source: Source) -> FormatError:
    return FormatError(
        "The file is not the one that was looked through before, or it changed since.",
        source=source.name,
        remedy="Wait until it is written, then start again.",
    )


def _typed(raw: RawBatch, plan: ReadingPlan) -> AccountRecords:
    """Give raw columns their canonical names and type them."""
    n = len(raw)
    arrays: dict[str, pa.Array] = {}
    faults: dict[tuple[str, str], int | Mask] = {}
    present = set(raw.table.column_names)
    for column, name in plan.columns.items():
        cells = raw.table[name] if name in present else pa.nulls(n, pa.large_string())
        if column in plan.negated:
            parsed = parse_flags(cells)
            cells = pc.invert(parsed.values)
            faults.update({(column, code): rows for code, rows in parsed.faults.items()})
        arrays[column] = cells
        faults.update({(column, code): count for (of, code), count in raw.faults.items() if of == name})
    if plan.list_order == "newest_first":
        arrays["follow_rank"] = pa.array(plan.rows - raw.row_numbers)
    return make_records(
        table_of(arrays, n),
        row_numbers=raw.row_numbers,
        settings=plan.settings,
        reject_reasons=raw.reasons,
        faults=faults,
        lines=raw.lines,
    )


def _table_of_accounts(records: Iterator[AccountRecords], plan: ReadingPlan) -> AccountTable:
    return AccountTable.from_records(
        records,
        source=plan.source,
        format=plan.format,
        platform=plan.platform,
        observed_at=plan.observed_at,
        notes=plan.notes,
        encoding=plan.encoding,
        delimiter=plan.delimiter,
        ignored_columns=plan.ignored_columns,
        list_order=plan.list_order,
        complete=plan.complete,
    )


class _Known:
    """Running count of living records, and of those for which each column is known."""

    def __init__(self) -> None:
        self._n = 0
        self._known: Counter[str] = Counter()

    def add(self, records: AccountRecords) -> None:
        living = records.table.filter(records.reject_reasons.is_null())
        self._n += living.num_rows
        for column, share in measure_coverage(living).items():
            self._known[column] += round(share * living.num_rows)

    def coverage(self, plan: ReadingPlan) -> dict[str, float]:
        """Return shares in schema order, 0 without records."""
        if plan.list_order == "newest_first":
            self._known["follow_rank"] = self._n
        return {column: self._known[column] / max(self._n, 1) for column in ACCOUNT_COLUMN if column in self._known}


def _guess(draft: ReadingPlan) -> ReadingPlan | None:
    """Guess the plan before the first pass, so that most sources need only one; None where that makes no sense."""
    platform = FORMAT[draft.format].platform or draft.platform
    if platform is None:
        return None
    if draft.holds != "json":
        mapped = map_headers(draft.headers, platform=platform, column_map=draft.column_map, source=draft.source)
        orders = {column: order for column, order in draft.date_orders.items() if column in mapped.columns}
        return replace(draft, platform=platform, columns=mapped.columns, negated=mapped.negated, date_orders=orders)
    return None if draft.format == GENERIC.name else replace(draft, platform=platform)


def _guess_for(raw: RawBatch, guess: ReadingPlan) -> ReadingPlan:
    """Complete a guess by the columns that a batch holds, for formats with columns of their own."""
    if guess.holds != "json":
        return guess
    asked = {path: column for column, path in guess.column_map.items()}
    names = {asked.get(name, name): name for name in raw.table.column_names if name not in guess.column_map}
    columns = {name: names.get(name, name) for name in ACCOUNT_COLUMN if name in names or name == "account_id"}
    return replace(guess, columns=columns)


def _was_right(guess: ReadingPlan, plan: ReadingPlan) -> bool:
    if guess.platform != plan.platform:
        return False
    if guess.holds != "json":
        return (guess.columns, guess.date_orders) == (plan.columns, plan.date_orders)
    return all(guess.date_orders.get(column) == order for column, order in plan.date_orders.items())
