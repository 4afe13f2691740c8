"""The way in for lists of any size: one pass settles a plan, a second yields batches by it, in flat memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Unpack

from botscan.accounts import AccountRecords
from botscan.accounts.coverage import measure_coverage
from botscan.errors import FormatError
from botscan.readers.choose import Wishes
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits, Source
from botscan.readers.drafts import ReadingOptions, ReadingWords, make_draft, reading_list
from botscan.readers.formats import FORMAT
from botscan.readers.opening import Group, OpenedList, SourceLike, opened_list
from botscan.readers.plan import ReadingPlan
from botscan.readers.raw import BATCH_ROWS, RawBatch
from botscan.readers.stream import RawStream
from botscan.readers.survey import Survey
from botscan.readers.typed import account_records
from botscan.readers.words.headers import make_vocabulary, map_headers
from botscan.schema import ACCOUNT_COLUMN


def plan_reading(
    source: SourceLike,
    *,
    limits: Limits = DEFAULT_LIMITS,
    **options: Unpack[ReadingWords],
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
    named = ReadingOptions(**options)
    with reading_list(source, named, "accounts", limits) as opened:
        group = _one_group(opened)
        draft = make_draft(group, named, "accounts")
        stream = RawStream(group.parts, column_map=draft.column_map, limits=limits)
        survey = Survey(draft)
        guess = _guess(draft)
        known = _Known()
        for raw in stream:
            survey.add(raw)
            if guess is not None:
                known.add(account_records(raw, _guess_for(raw, guess)))
        plan = survey.settle(stream)
        if guess is None or not _was_right(guess, plan):
            known = _Known()
            for records in _batches(group, plan, BATCH_ROWS, limits):
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
    wishes = Wishes("accounts", plan.named_format, plan.named_encoding, plan.column_map)
    with opened_list(source, wishes, limits=limits) as opened:
        yield from _batches(_one_group(opened), plan, batch_rows, limits)


def _one_group(opened: OpenedList) -> Group:
    if len(opened.groups) > 1:
        kinds = ", ".join(f"{group.format.name} ({group.name})" for group in opened.groups[:5])
        raise FormatError(
            f"Found files of {len(opened.groups)} kinds: {kinds}. They are joined into one list in memory only.",
            source=opened.name,
            remedy="Give each kind by itself, or read them together with read_accounts or botscan audit.",
        )
    return opened.groups[0]


def _batches(group: Group, plan: ReadingPlan, batch_rows: int, limits: Limits) -> Iterator[AccountRecords]:
    source, recognised = group.parts[0]
    found = (recognised.format.name, recognised.holds, recognised.delimiter, recognised.framing, recognised.headers)
    if found != (plan.format, plan.holds, plan.delimiter, plan.framing, plan.headers):
        raise _not_as_planned(source)
    stream = RawStream(
        group.parts,
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
            yield account_records(raw, plan)
    if rows != plan.rows or any(note.code == "input_changed" for note in stream.notes):
        raise _not_as_planned(source)


def _not_as_planned(source: Source) -> FormatError:
    return FormatError(
        "The file is not the one that was looked through before, or it changed since.",
        source=source.name,
        remedy="Wait until it is written, then start again.",
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
        if plan.list_order != "unknown":
            self._known["follow_rank"] = self._n
        return {column: self._known[column] / max(self._n, 1) for column in ACCOUNT_COLUMN if column in self._known}


def _guess(draft: ReadingPlan) -> ReadingPlan | None:
    """Guess the plan before the first pass, so that most sources need only one; None where that makes no sense."""
    platform = FORMAT[draft.format].platform or draft.platform
    records = FORMAT[draft.format].accounts
    if platform is None or records is None:
        return None
    if records.fields:
        return replace(draft, platform=platform)
    if draft.holds == "json":
        return None
    mapped = map_headers(
        draft.headers,
        platform=platform,
        column_map=draft.column_map,
        source=draft.source,
        vocabulary=make_vocabulary("accounts", records),
    )
    orders = {column: order for column, order in draft.date_orders.items() if column in mapped.columns}
    return replace(draft, platform=platform, columns=mapped.columns, negated=mapped.negated, date_orders=orders)


def _guess_for(raw: RawBatch, guess: ReadingPlan) -> ReadingPlan:
    """Complete a guess by the columns that a batch holds, for formats with columns of their own."""
    if not _has_fields(guess):
        return guess
    there = set(raw.table.column_names)
    names = {column: guess.column_map.get(column, column) for column in ACCOUNT_COLUMN}
    columns = {column: name for column, name in names.items() if name in there or column == "account_id"}
    return replace(guess, columns=columns)


def _was_right(guess: ReadingPlan, plan: ReadingPlan) -> bool:
    if _decided(guess) != _decided(plan):
        return False
    if not _has_fields(guess):
        return (guess.columns, guess.date_orders) == (plan.columns, plan.date_orders)
    return all(guess.date_orders.get(column) == order for column, order in plan.date_orders.items())


def _decided(plan: ReadingPlan) -> tuple[object, ...]:
    """Return what the cells of all columns depend on."""
    return (plan.platform, plan.zone_fault_hours, plan.blank_is_false)


def _has_fields(plan: ReadingPlan) -> bool:
    records = FORMAT[plan.format].accounts
    return records is not None and bool(records.fields)
