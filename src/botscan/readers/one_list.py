"""One list of what was read: groups numbered through, profiles told from the list that they complete."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts import AccountRecords, AccountTable
from botscan.accounts.coverage import measure_coverage
from botscan.accounts.identity import BY_HANDLE
from botscan.accounts.posts import PostTable
from botscan.accounts.series import CountSeries
from botscan.cells.handles import handle_keys
from botscan.errors import FormatError, SchemaError
from botscan.notes import Note, once_each
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits
from botscan.readers.drafts import ReadingOptions, make_draft
from botscan.readers.formats import FORMAT
from botscan.readers.opening import Group, OpenedList
from botscan.readers.plan import ReadingPlan
from botscan.readers.raw import RawBatch
from botscan.readers.stream import RawStream
from botscan.readers.survey import Survey
from botscan.readers.typed import account_records, point_records, post_records
from botscan.schema import RecordKind

T = TypeVar("T")

#: Evidence level up to which a list holds names and nothing to score.
_NAMES_ONLY = 1


@dataclass(frozen=True)
class GroupRead:
    """A group of parts, read: its plan, and its raw batches, which are typed one after the other."""

    plan: ReadingPlan
    batches: list[RawBatch]
    parts: tuple[tuple[int, str], ...]
    n_records: int

    def behind(self, offset: int) -> GroupRead:
        """Return the group with its records numbered behind those of others."""
        if not offset:
            return self
        batches = [replace(raw, first_row=raw.first_row + offset) for raw in self.batches]
        plan = replace(self.plan, rows=self.plan.rows + offset)
        return replace(self, plan=plan, batches=batches, parts=tuple((row + offset, name) for row, name in self.parts))

    def typed(self, make: Callable[[RawBatch, ReadingPlan], T]) -> Iterator[T]:
        """Yield typed batches; each raw one is let go of before the next."""
        self.batches.reverse()
        while self.batches:
            yield make(self.batches.pop(), self.plan)


def read_groups(
    opened: OpenedList, options: ReadingOptions, kind: RecordKind, limits: Limits = DEFAULT_LIMITS
) -> list[GroupRead]:
    """Read every group of a list; files without a signature are of the platform of those beside them."""
    platforms = {group.format.platform for group in opened.groups} - {None}
    if options.platform is None and len(platforms) == 1:
        options = replace(options, platform=next(iter(platforms)))
    return [_read_group(group, options, kind, limits) for group in opened.groups]


def _read_group(group: Group, options: ReadingOptions, kind: RecordKind, limits: Limits) -> GroupRead:
    draft = make_draft(group, options, kind)
    stream = RawStream(group.parts, kind=kind, column_map=draft.column_map, limits=limits)
    survey = Survey(draft)
    batches = []
    for raw in stream:
        survey.add(raw)
        batches.append(raw)
    return GroupRead(survey.settle(stream), batches, tuple(stream.parts), survey.rows)


def accounts_of(groups: Sequence[GroupRead], name: str) -> AccountTable:
    """Merge what was read into one list of accounts; profiles that were looked up complete the list."""
    parts = _numbered(groups)
    records = [list(group.typed(account_records)) for group in parts]
    is_lookup = _lookups(parts, records)
    lists = [group.plan for group, looked_up in zip(parts, is_lookup, strict=True) if not looked_up and group.n_records]
    _refuse_several_subjects(lists)
    if len(lists) > 1:  # each of them has an order of its own
        records = [
            _without_ranks(batches) if group.plan.list_order != "unknown" else batches
            for group, batches in zip(parts, records, strict=True)
        ]
    told = _telling([group.plan for group in parts], lists, name)
    told["notes"] = (*told["notes"], *chain.from_iterable(map(_asked_range, parts, records)))
    marked = (
        replace(one, is_lookup=True) if looked_up else one
        for batches, looked_up in zip(records, is_lookup, strict=True)
        for one in batches
    )
    return AccountTable.from_records(marked, **told, parts=_files(parts))


def _refuse_several_subjects(lists: Sequence[ReadingPlan]) -> None:
    subjects = {plan.subject for plan in lists} - {None}
    if len(subjects) > 1:
        raise FormatError(
            f"These are the followers of {len(subjects)} different accounts.",
            source=lists[0].source,
            remedy="Give the followers of one account at a time.",
        )


def _without_ranks(batches: Sequence[AccountRecords]) -> list[AccountRecords]:
    return [
        replace(one, table=one.table.drop_columns(["follow_rank"])) if "follow_rank" in one.table.column_names else one
        for one in batches
    ]


def _asked_range(group: GroupRead, batches: Sequence[AccountRecords]) -> list[Note]:
    """Tell when the follow times of an export span just the range for which such exports are asked."""
    months_asked_for = FORMAT[group.plan.format].months_asked_for
    times = [one.table["followed_at"] for one in batches if "followed_at" in one.table.column_names]
    n = sum(len(column) - column.null_count for column in times)
    if months_asked_for is None or not n:
        return []
    seconds = [pc.min_max(column.cast(pa.int64())).as_py() for column in times]
    oldest = min(one["min"] for one in seconds if one["min"] is not None) / 1e6
    newest = max(one["max"] for one in seconds if one["max"] is not None) / 1e6
    months = months_asked_for(oldest, newest, n)
    return [] if months is None else [Note("export_range_maybe_short", numbers={"months": months})]


def posts_of(groups: Sequence[GroupRead], name: str) -> PostTable:
    """Merge what was read into one table of posts."""
    parts = _numbered(groups)
    plans = [group.plan for group in parts]
    records = chain.from_iterable(group.typed(post_records) for group in parts)
    return PostTable.from_records(records, **_telling(plans, plans, name), parts=_files(parts))


def series_of(groups: Sequence[GroupRead], name: str) -> CountSeries:
    """Put what was read into one series, in order of time."""
    parts = _numbered(groups)
    plans = [group.plan for group in parts]
    records = chain.from_iterable(group.typed(point_records) for group in parts)
    told = _telling(plans, plans, name)
    return CountSeries.from_records(
        records, **{key: told[key] for key in told if key not in ("observed_at", "list_order")}, parts=_files(parts)
    )


def _numbered(groups: Sequence[GroupRead]) -> list[GroupRead]:
    """Give the records of all groups numbers in a row, and refuse groups of several platforms."""
    platforms = {group.plan.platform for group in groups} - {None}
    if len(platforms) > 1:
        raise SchemaError(
            f"The files are of different platforms: {', '.join(sorted(map(str, platforms)))}.",
            source=groups[0].plan.source,
            remedy="Give the files of one platform at a time.",
        )
    numbered, offset = [], 0
    for group in sorted(groups, key=lambda group: FORMAT[group.plan.format].is_lookup):
        numbered.append(group.behind(offset))
        offset += group.plan.rows
    return numbered


def _lookups(groups: Sequence[GroupRead], records: Sequence[Sequence[AccountRecords]]) -> list[bool]:
    """Tell the groups that only complete the others: what was looked up, or profiles beside bare names."""
    levels = [_level(batches) for batches in records]
    is_lookup = [FORMAT[group.plan.format].is_lookup for group in groups]
    known = [level for level in levels if level is not None]
    if not any(is_lookup) and known and min(known) <= _NAMES_ONLY < max(known):
        is_list = [level is not None and level <= _NAMES_ONLY for level in levels]
        listed = _names(chain.from_iterable(batches for batches, one in zip(records, is_list, strict=True) if one))
        is_lookup = [
            level is not None and level > _NAMES_ONLY and _is_about(_names(batches), listed)
            for level, batches in zip(levels, records, strict=True)
        ]
    return [False] * len(groups) if all(is_lookup) else is_lookup


def _is_about(names: pa.Array, listed: pa.Array) -> bool:
    """Whether profiles were looked up for a list: most of them stand in it, or most of the list among them.

    Else they are a page of the list of which more is known, that shares some accounts with the rest.
    """
    # An account has up to two names, an id and a handle, of which a list may hold one: a third of the names are most.
    n_met = pc.sum(pc.is_in(names.unique(), listed)).as_py() or 0
    n_found = pc.sum(pc.is_in(listed.unique(), names)).as_py() or 0
    return n_met > 0 and (3 * n_met >= len(names.unique()) or 2 * n_found >= len(listed.unique()))


def _names(batches: Iterable[AccountRecords]) -> pa.Array:
    """Return every id, and every handle as ``@handle`` in lower case, of the accounts in some batches."""
    names = [pa.nulls(0, pa.large_string())]
    for one in batches:
        names.append(one.table["account_id"].combine_chunks().drop_null())
        if "handle" in one.table.column_names:
            keys = handle_keys(one.table["handle"].combine_chunks()).drop_null()
            sign, empty = pa.scalar(BY_HANDLE, pa.large_string()), pa.scalar("", pa.large_string())
            names.append(pc.binary_join_element_wise(sign, keys, empty))
    return pa.concat_arrays(names)


def _level(batches: Sequence[AccountRecords]) -> int | None:
    """Return the evidence level of what was read; None without any account."""
    living = [one.table.filter(one.reject_reasons.is_null()) for one in batches]
    if not sum(one.num_rows for one in living):
        return None
    return measure_coverage(pa.concat_tables(living, promote_options="default")).evidence_level


def _files(groups: Sequence[GroupRead]) -> tuple[tuple[int, str], ...]:
    """Return the first record number and name of each file; nothing for a single one."""
    parts = tuple(part for group in groups for part in group.parts)
    return parts if len(parts) > 1 else ()


def _telling(plans: Sequence[ReadingPlan], lists: Sequence[ReadingPlan], name: str) -> dict[str, Any]:
    """Return what a table is to tell about how it was read; order and subject are those of the list alone."""
    main = lists[0] if lists else plans[0]
    return {
        "source": name,
        "format": " + ".join(dict.fromkeys(plan.format for plan in plans)),
        "platform": next((plan.platform for plan in plans if plan.platform is not None), None),
        "observed_at": next((plan.observed_at for plan in plans if plan.observed_at is not None), None),
        "notes": once_each(note for plan in plans for note in plan.notes),
        "encoding": main.encoding,
        "delimiter": main.delimiter,
        "ignored_columns": tuple(dict.fromkeys(header for plan in plans for header in plan.ignored_columns)),
        "list_order": main.list_order if len(lists) <= 1 else "unknown",
        "complete": main.complete if len(lists) <= 1 else None,
        "subject": next((plan.subject for plan in lists if plan.subject is not None), None),
    }
