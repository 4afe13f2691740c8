"""The way in: a path becomes a plan, batches of records, or a table of accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, TypeVar, Unpack

import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts import AccountRecords, AccountTable
from botscan.accounts.coverage import measure_coverage
from botscan.accounts.posts import PostTable
from botscan.accounts.series import CountSeries
from botscan.errors import SchemaError
from botscan.notes import Note, once_each
from botscan.readers.drafts import ReadingOptions, ReadingWords, make_draft, reading_list
from botscan.readers.files import DEFAULT_LIMITS, Limits
from botscan.readers.formats import FORMAT
from botscan.readers.opening import Group, SourceLike
from botscan.readers.plan import ReadingPlan
from botscan.readers.raw import RawBatch
from botscan.readers.stream import RawStream
from botscan.readers.survey import Survey
from botscan.readers.typed import account_records, point_records, post_records
from botscan.schema import RecordKind

T = TypeVar("T")

#: Evidence level up to which a list holds names and nothing to score.
_NAMES_ONLY = 1


def read_accounts(
    source: SourceLike,
    *,
    limits: Limits = DEFAULT_LIMITS,
    **options: Unpack[ReadingWords],
) -> AccountTable:
    """Read a list of accounts from a file.

    Parameters
    ----------
    source
        Path of a file, archive or folder, ``-`` for standard input, or several paths of files of one list. What it is,
        is told by its content, never by its name.
    limits
        What is refused as too large.
    **options
        What the caller knows better than the source; see `ReadingWords`.

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
    named = ReadingOptions(**options)
    with reading_list(source, named, "accounts", limits) as opened:
        groups = [_read_group(group, named, "accounts", limits) for group in opened.groups]
        return _accounts_of(groups, opened.name)


def read_posts(
    source: SourceLike,
    *,
    limits: Limits = DEFAULT_LIMITS,
    **options: Unpack[ReadingWords],
) -> PostTable:
    """Read posts from a file.

    Parameters, errors: as `read_accounts`; the platform may stay unknown.

    Returns
    -------
    posts
        Every post once, and the report of what was read, merged and rejected.

    Examples
    --------
    >>> posts = read_posts("tweets.jsonl")  # doctest: +SKIP
    """
    named = ReadingOptions(**options)
    with reading_list(source, named, "posts", limits) as opened:
        groups = [_read_group(group, named, "posts", limits) for group in opened.groups]
        return _posts_of(groups, opened.name)


def read_series(
    source: SourceLike,
    *,
    limits: Limits = DEFAULT_LIMITS,
    **options: Unpack[ReadingWords],
) -> CountSeries:
    """Read follower counts over time from a file.

    Parameters, errors: as `read_accounts`; the platform may stay unknown.

    Returns
    -------
    series
        Points in order of time, and what was noticed about them.

    Examples
    --------
    >>> series = read_series("daily.csv")  # doctest: +SKIP
    """
    named = ReadingOptions(**options)
    with reading_list(source, named, "series", limits) as opened:
        groups = [_read_group(group, named, "series", limits) for group in opened.groups]
        return _series_of(groups, opened.name)


@dataclass(frozen=True)
class _GroupRead:
    """A group of parts, read: its plan, and its raw batches, which are typed one after the other."""

    plan: ReadingPlan
    batches: list[RawBatch]
    parts: tuple[tuple[int, str], ...]

    def behind(self, offset: int) -> _GroupRead:
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


def _read_group(group: Group, options: ReadingOptions, kind: RecordKind, limits: Limits) -> _GroupRead:
    draft = make_draft(group, options, kind)
    stream = RawStream(group.parts, kind=kind, column_map=draft.column_map, limits=limits)
    survey = Survey(draft)
    batches = []
    for raw in stream:
        survey.add(raw)
        batches.append(raw)
    return _GroupRead(survey.settle(stream), batches, tuple(stream.parts))


def _accounts_of(groups: Sequence[_GroupRead], name: str) -> AccountTable:
    """Merge what was read into one list of accounts; profiles that were looked up complete the list."""
    parts = _joined(groups)
    records = [list(group.typed(account_records)) for group in parts]
    if len(parts) > 1:
        records = _with_lookups(parts, records)
    lists = [group.plan for group, batches in zip(parts, records, strict=True) if not _is_lookup(batches)]
    told = _telling([group.plan for group in parts], lists, name)
    told["notes"] = (*told["notes"], *chain.from_iterable(map(_asked_range, parts, records)))
    return AccountTable.from_records(chain.from_iterable(records), **told, parts=_files(parts))


def _asked_range(group: _GroupRead, batches: Sequence[AccountRecords]) -> list[Note]:
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


def _posts_of(groups: Sequence[_GroupRead], name: str) -> PostTable:
    parts = _joined(groups)
    plans = [group.plan for group in parts]
    records = chain.from_iterable(group.typed(post_records) for group in parts)
    return PostTable.from_records(records, **_telling(plans, plans, name), parts=_files(parts))


def _series_of(groups: Sequence[_GroupRead], name: str) -> CountSeries:
    parts = _joined(groups)
    plans = [group.plan for group in parts]
    records = chain.from_iterable(group.typed(point_records) for group in parts)
    told = _telling(plans, plans, name)
    return CountSeries.from_records(
        records, **{key: told[key] for key in told if key not in ("observed_at", "list_order")}, parts=_files(parts)
    )


def _joined(groups: Sequence[_GroupRead]) -> list[_GroupRead]:
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


def _with_lookups(groups: Sequence[_GroupRead], records: Sequence[list[AccountRecords]]) -> list[list[AccountRecords]]:
    """Mark the groups that only complete the others: what was looked up, or profiles beside bare names."""
    levels = [_level(batches) for batches in records]
    is_lookup = [FORMAT[group.plan.format].is_lookup for group in groups]
    if not any(is_lookup) and min(levels) <= _NAMES_ONLY < max(levels):
        is_lookup = [level > _NAMES_ONLY for level in levels]
    if all(is_lookup):
        return list(records)
    return [
        [replace(one, is_lookup=True) for one in batches] if looked_up else batches
        for batches, looked_up in zip(records, is_lookup, strict=True)
    ]


def _level(batches: Sequence[AccountRecords]) -> int:
    living = [one.table.filter(one.reject_reasons.is_null()) for one in batches]
    if not living:
        return 0
    return measure_coverage(pa.concat_tables(living, promote_options="default")).evidence_level


def _is_lookup(batches: Sequence[AccountRecords]) -> bool:
    return any(one.is_lookup for one in batches)


def _files(groups: Sequence[_GroupRead]) -> tuple[tuple[int, str], ...]:
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
