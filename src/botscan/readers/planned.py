"""The way in for lists of any size: one pass settles a plan, a second yields batches by it, in flat memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Unpack

from botscan.accounts import AccountRecords
from botscan.accounts.coverage import measure_coverage
from botscan.accounts.identity import COUNT_COLUMNS
from botscan.accounts.settings import count_platforms
from botscan.cells.dates import DateOrder
from botscan.cells.instants import date_order_votes
from botscan.errors import FormatError
from botscan.readers.choose import Wishes
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits, Source
from botscan.readers.drafts import ReadingOptions, ReadingWords, make_draft, reading_list
from botscan.readers.formats import FORMAT
from botscan.readers.opening import Group, OpenedList, SourceLike, opened_list
from botscan.readers.plan import ReadingPlan
from botscan.readers.raw import BATCH_ROWS, RawBatch, table_of
from botscan.readers.stream import RawStream
from botscan.readers.survey import Survey
from botscan.readers.tables.profile_links import platform_votes
from botscan.readers.typed import account_records
from botscan.readers.words.headers import make_vocabulary, map_headers
from botscan.readers.words.synonyms import IDENTITIES
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
        guess = _Guess(draft)
        known = _Known()
        for raw in stream:
            survey.add(raw)
            guessed = guess.plan_for(raw)
            if guessed is not None:
                known.add(account_records(raw, guessed))
        plan = survey.settle(stream)
        if guess.was_right(plan):
            known.add_columns_of(plan)
        else:
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


#: Columns that are read, from what, and whether turned round; those whose blanks mean no; whether rows are numbered.
_Decided = tuple[frozenset[tuple[str, str, bool]], tuple[str, ...], bool]
#: Records whose dates are looked at to guess which part of them is the day.
_DATED = 1_000


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

    def add_columns_of(self, plan: ReadingPlan) -> None:
        """Add columns of the plan that no batch has a cell of, as known of nobody; without batches nothing is known."""
        if self._known:
            self.add(account_records(RawBatch(table_of({}, 0), 1), plan))

    def coverage(self, plan: ReadingPlan) -> dict[str, float]:
        """Return shares in schema order, 0 without records."""
        if plan.list_order != "unknown":
            self._known["follow_rank"] = self._n
        return {column: self._known[column] / max(self._n, 1) for column in ACCOUNT_COLUMN if column in self._known}


class _Guess:
    """The plan as it will probably be, from the draft and the records so far; where it proves right one pass is enough.

    It is right when each batch was typed from the cells that the plan names, and in the way that the plan says.
    """

    def __init__(self, draft: ReadingPlan) -> None:
        form = FORMAT[draft.format]
        records = form.accounts
        assert records is not None
        # Ranks count from the end of the list, which nobody knows yet.
        self._draft = replace(draft, platform=form.platform or draft.platform, list_order="unknown")
        self._records = records
        self._vocabulary = make_vocabulary("accounts", records)
        self._headers = dict.fromkeys(draft.headers)
        self._used: set[tuple[frozenset[str], _Decided]] = set()
        self._orders: dict[str, DateOrder] | None = None
        self._is_lost = False
        self._plan: ReadingPlan | None = None
        if self._draft.platform is not None and not records.fields and draft.holds != "json":
            self._plan = self._mapped(self._draft)  # what is wrong with the header is said before the first record

    def plan_for(self, raw: RawBatch) -> ReadingPlan | None:
        """Return what a batch is typed by; None when nothing can be guessed."""
        plan = None if self._is_lost else self._next_plan(raw)
        if plan is None:
            self._is_lost |= len(raw) > 0
            return None
        if self._orders is None and len(raw):
            self._orders = _date_orders(raw, plan)
        plan = replace(plan, date_orders=plan.date_orders if self._orders is None else self._orders)
        there = frozenset(raw.table.column_names)
        self._used.add((there, self._decided(plan, there)))
        return plan

    def _next_plan(self, raw: RawBatch) -> ReadingPlan | None:
        if self._records.fields:
            return None if self._draft.platform is None else _of_fields(self._draft, raw)
        news = dict.fromkeys(raw.table.column_names) if self._draft.holds == "json" else {}
        if self._plan is not None and news.keys() <= self._headers.keys():
            return self._plan
        if not len(raw):
            return None
        self._headers |= news
        try:
            self._plan = self._mapped(self._draft)
            if self._plan.platform is None:
                platform = _platform_in(raw, self._plan)
                self._draft = replace(self._draft, platform=platform)
                self._plan = None if platform is None else self._mapped(self._draft)
        except FormatError:  # said at the end, when all keys are known and nothing else was wrong
            self._plan = None
        return self._plan

    def _mapped(self, draft: ReadingPlan) -> ReadingPlan:
        is_json = draft.holds == "json"
        asked = draft.column_map.values() if is_json else ()
        mapped = map_headers(
            [*self._headers, *(path for path in asked if path not in self._headers)] if is_json else draft.headers,
            platform=draft.platform,
            column_map=draft.column_map,
            source=draft.source,
            refuse_repeats=not is_json,
            vocabulary=self._vocabulary,
        )
        blank_is_false = tuple(column for column in mapped.columns if column in self._records.blank_is_false)
        return replace(draft, columns=mapped.columns, negated=mapped.negated, blank_is_false=blank_is_false)

    def _decided(self, plan: ReadingPlan, there: frozenset[str]) -> _Decided:
        """Return what the cells of a batch with certain source columns are typed by; formats name their own columns.

        A column without a cell is left out where it changes no other one.
        """
        columns = {} if self._records.fields else plan.columns
        read = frozenset(
            (column, name, column in plan.negated)
            for column, name in columns.items()
            if name in there or column in plan.blank_is_false or column in IDENTITIES
        )
        is_numbered = columns.keys().isdisjoint(IDENTITIES) and not columns.keys().isdisjoint(COUNT_COLUMNS)
        return read, plan.blank_is_false, is_numbered

    def was_right(self, plan: ReadingPlan) -> bool:
        """Whether the plan would have typed every batch the same; that dates are days makes none of them unknown."""
        if self._is_lost or (plan.platform, plan.zone_fault_hours) != (self._draft.platform, 0):
            return False
        guessed = self._draft.date_orders if self._orders is None else self._orders
        orders = {column: order for column, order in guessed.items() if column in plan.columns}
        return plan.date_orders == orders and all(
            decided == self._decided(plan, there) for there, decided in self._used
        )


def _of_fields(draft: ReadingPlan, raw: RawBatch) -> ReadingPlan:
    """Complete a guess by the columns that a batch holds, for formats with columns of their own."""
    there = set(raw.table.column_names)
    names = {column: draft.column_map.get(column, column) for column in ACCOUNT_COLUMN}
    columns = {column: name for column, name in names.items() if name in there or column == "account_id"}
    return replace(draft, columns=columns)


def _platform_in(raw: RawBatch, plan: ReadingPlan) -> str | None:
    """Return the platform that most rows of a batch name, or that their links lead to."""
    there = raw.table.column_names
    for column, votes_of in (("platform", count_platforms), ("handle", platform_votes)):
        name = plan.columns.get(column)
        votes = votes_of(raw.table[name]) if name in there else {}
        if votes:
            return next(iter(votes))
    return None


def _date_orders(raw: RawBatch, plan: ReadingPlan) -> dict[str, DateOrder]:
    """Return the order of the dates, from the caller or from those of a batch."""
    orders = dict(plan.date_orders)
    for column, name in plan.columns.items():
        if ACCOUNT_COLUMN[column].kind == "instant" and name in raw.table.column_names:
            decision = date_order_votes(raw.table[name].slice(0, _DATED)).decision
            if decision is not None:
                orders.setdefault(column, decision)
    return orders
