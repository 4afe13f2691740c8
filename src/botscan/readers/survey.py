"""Survey: what a whole pass over raw cells shows, from which the plan is settled."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts.creation_dates import MidnightVotes, midnight_votes
from botscan.accounts.id_dates import has_datable_ids
from botscan.accounts.points import holds_changes
from botscan.accounts.settings import count_platforms, one_platform
from botscan.accounts.zone_votes import ZoneVotes, zone_votes
from botscan.cells.instants import DateOrderVotes, date_order_votes
from botscan.cells.parsed import is_text
from botscan.errors import FormatError
from botscan.notes import Note
from botscan.readers.format import Format, RecordMap
from botscan.readers.formats import FORMAT
from botscan.readers.plan import ReadingPlan
from botscan.readers.raw import RawBatch
from botscan.readers.stream import RawStream
from botscan.readers.tables.line_list import platform_votes
from botscan.readers.tables.workbook_cells import dates_from_day_counts
from botscan.readers.words.header_words import normalise
from botscan.readers.words.headers import HeaderMap, Vocabulary, ignored_notes, make_vocabulary, map_headers, shown
from botscan.schema import PLATFORMS

#: Reasons of records that could not even be parsed; a source of nothing else is refused.
_UNPARSED = frozenset({"bad_json", "not_an_object", "too_deep", "too_long", "truncated", "wrong_cell_count"})
_MOST_IGNORED = 100
#: Keys that a message names.
_MOST_SHOWN = 20


#: Records whose dates are compared with their ids; whole batches, so a few more.
_MOST_DATED = 50_000
#: Share of the records that must be links to profiles of one platform to tell the platform of the list.
_LINKED_SHARE = 0.5


@dataclass
class Survey:
    """Running account of a pass over raw cells; `add` counts one batch more.

    Attributes
    ----------
    draft
        What recognition and the caller have settled before.
    rows
        Records so far.
    is_newest_first
        Whether all of them stand in pages that begin with the newest follower.
    """

    draft: ReadingPlan
    rows: int = 0
    is_newest_first: bool = True
    _reasons: Counter[str] = field(default_factory=Counter)
    _counts: Counter[str] = field(default_factory=Counter)
    _platforms: Counter[str] = field(default_factory=Counter)
    _links: Counter[str] = field(default_factory=Counter)
    _votes: dict[str, DateOrderVotes] = field(default_factory=dict)
    _present: dict[str, None] = field(default_factory=dict)
    _dated: list[pa.Table] = field(default_factory=list)
    _marked: set[str] = field(default_factory=set)
    _points: list[pa.Table] = field(default_factory=list)

    @property
    def format(self) -> Format:
        """The format that reads the source."""
        return FORMAT[self.draft.format]

    @property
    def records(self) -> RecordMap:
        """How the format takes the records."""
        records = self.format.record_map(self.draft.kind)
        assert records is not None
        return records

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The header words that hold."""
        return make_vocabulary(self.draft.kind, self.records)

    def add(self, raw: RawBatch) -> None:
        """Count one batch."""
        self.rows += len(raw)
        self.is_newest_first &= raw.newest_first
        self._counts.update(raw.counts)
        if raw.reasons is not None:
            for item in raw.reasons.drop_null().value_counts().to_pylist():
                self._reasons[item["values"]] += int(item["counts"])
        for name in raw.table.column_names:
            cells = raw.table[name]
            if cells.null_count < len(cells):
                self._present.setdefault(name)
            kind = self._kind(name)
            if kind == "flag" and self.records.blank_is_false and name not in self._marked and _has_text(cells):
                self._marked.add(name)
            if kind == "instant":
                self._votes[name] = self._votes.get(name, DateOrderVotes()) + date_order_votes(cells)
            elif kind == "handle" and self.format.platform is None:
                self._links.update(platform_votes(cells))
            elif self._is_platform(name):
                self._platforms.update(count_platforms(cells))
        if self.draft.kind == "accounts" and sum(part.num_rows for part in self._dated) < _MOST_DATED:
            self._dated.append(self._datable(raw.table))
        if self.draft.kind == "series":
            self._points.append(raw.table)

    def _datable(self, table: pa.Table) -> pa.Table:
        """Return the columns that tell of creation dates, so that no other cell is kept: dates, and ids that date."""
        platform = self.format.platform or self.draft.platform
        kinds = {"instant", "id"} if platform is None or has_datable_ids(platform) else {"instant"}
        return table.select([name for name in table.column_names if self._kind(name) in kinds])

    def _has_creation_days(self, plan: ReadingPlan) -> bool:
        """Whether the creation dates of the first records are days, written as midnight."""
        name = plan.columns.get("created_at")
        votes = MidnightVotes()
        for part in self._dated:
            if name in part.column_names:
                cells = part[name]
                if plan.holds == "workbook":
                    cells = dates_from_day_counts(cells, is_1904=plan.is_1904)
                order = plan.date_orders.get("created_at")
                votes += midnight_votes(cells, platform=plan.platform, date_order=order)
        return votes.says_days

    def _changes(self, mapped: HeaderMap) -> HeaderMap:
        """Take a column of totals for one of changes, where its numbers show that it cannot be totals."""
        name, dates = mapped.columns.get("followers_count"), mapped.columns.get("counted_at")
        is_open = "followers_gained" not in mapped.columns and "followers_count" not in self.draft.column_map
        parts = [part for part in self._points if name in part.column_names]
        self._points.clear()
        if (
            name is None
            or not is_open
            or not holds_changes((_cells(part, name), _cells(part, dates)) for part in parts)
        ):
            return mapped
        renamed = {
            "followers_gained" if column == "followers_count" else column: of for column, of in mapped.columns.items()
        }
        note = Note("series_column_is_changes", numbers={"header": shown(name)})
        return replace(mapped, columns=renamed, notes=(*mapped.notes, note))

    def _zone_fault_hours(self, plan: ReadingPlan) -> int:
        """Return by how many hours the creation dates differ from those in the ids, in the first records."""
        id_name, date_name = plan.columns.get("account_id"), plan.columns.get("created_at")
        votes = ZoneVotes()
        for part in self._dated:
            if id_name in part.column_names and date_name in part.column_names:
                votes += zone_votes(
                    part[id_name],
                    part[date_name],
                    platform=plan.platform,
                    date_order=plan.date_orders.get("created_at"),
                    tz=plan.tz,
                )
        self._dated.clear()
        return votes.decision or 0

    def _kind(self, name: str) -> str | None:
        asked = next((column for column, path in self.draft.column_map.items() if path.strip() == name.strip()), None)
        return self.vocabulary.kind_of(name) if asked is None else self.vocabulary.columns[asked].kind

    def _is_platform(self, name: str) -> bool:
        asked = self.draft.column_map.get("platform")
        return normalise(name) == "platform" if asked is None else name.strip() == asked.strip()

    def settle(self, stream: RawStream) -> ReadingPlan:
        """Return the plan: platform, mapping, date orders, order of the list, notes.

        Raises
        ------
        FormatError
            No record could be parsed, nothing tells the platform, or the followers are of several accounts.
        SchemaError
            The rows name several platforms and none was chosen.
        """
        draft = self.draft
        self._refuse_unparsed()
        platform, told = self._platform()
        mapped = self._mapping(stream, platform)
        if draft.kind == "series":
            mapped = self._changes(mapped)
        instants = [column for column in mapped.columns if self.vocabulary.columns[column].kind == "instant"]
        orders = dict(draft.date_orders)
        for column in instants:
            decision = self._votes.get(mapped.columns[column], DateOrderVotes()).decision
            if decision is not None:
                orders.setdefault(column, decision)
        list_order = self._list_order(mapped)
        counts = [Note(code, count=n) for code, n in sorted(self._counts.items())]
        plan = replace(
            draft,
            columns=mapped.columns,
            negated=mapped.negated,
            platform=platform,
            date_orders={column: orders[column] for column in instants if column in orders},
            list_order=list_order,
            complete=stream.complete,
            rows=self.rows,
            ignored_columns=mapped.ignored[:_MOST_IGNORED],
            notes=(*draft.notes, *told, *mapped.notes, *counts, *stream.notes, *self._of_list(list_order, stream)),
            subject=self._subject(stream),
            blank_is_false=tuple(
                column
                for column in mapped.columns
                if column in self.records.blank_is_false and self._blank_tells(column, mapped)
            ),
        )
        if draft.kind != "accounts":
            return plan
        plan = replace(plan, has_creation_days=self._has_creation_days(plan))
        return replace(plan, zone_fault_hours=self._zone_fault_hours(plan))

    def _blank_tells(self, column: str, mapped: HeaderMap) -> bool:
        """Whether a blank means no. Where the source says the opposite, a wholly blank column was never filled in."""
        return column not in mapped.negated or mapped.columns[column] in self._marked

    def _refuse_unparsed(self) -> None:
        unparsed = {reason: n for reason, n in self._reasons.items() if reason in _UNPARSED}
        if self.rows and sum(unparsed.values()) == self.rows:
            listed = ", ".join(f"{reason} {n:,}" for reason, n in sorted(unparsed.items()))
            raise FormatError(
                f"None of the {self.rows:,} records could be read ({listed}).",
                source=self.draft.source,
                remedy="Check that the file is whole and that every row has as many cells as the header.",
            )

    def _platform(self) -> tuple[str | None, list[Note]]:
        draft = self.draft
        signature = self.format.platform
        if signature is not None:
            return one_platform(self._platforms, signature, source=draft.source, n_rows=self.rows), []
        platform = one_platform(self._platforms, draft.platform, source=draft.source, n_rows=self.rows)
        self._refuse_links_elsewhere(platform)
        if platform is None and len(self._links) == 1:
            ((linked, n),) = self._links.items()
            if n >= _LINKED_SHARE * self.rows:
                return linked, [Note("platform_from_links", count=n, numbers={"platform": linked})]
        if platform is None and draft.kind == "accounts":
            raise FormatError(
                "Nothing in the file tells which platform the accounts are of.",
                source=draft.source,
                remedy=f"Name it: --platform {next(iter(PLATFORMS))}, in Python platform={next(iter(PLATFORMS))!r};"
                f" known are {', '.join(PLATFORMS)}.",
            )
        return platform, []

    def _refuse_links_elsewhere(self, platform: str | None) -> None:
        """Refuse a list of links to profiles of one platform that was named as one of another."""
        is_told = bool(self._platforms)  # a column says it row by row
        if platform is None or is_told or platform in self._links or self.draft.kind != "accounts":
            return
        for linked, n in self._links.most_common(1):
            if n >= _LINKED_SHARE * self.rows:
                raise FormatError(
                    f"{n:,} of {self.rows:,} records are links to profiles on {linked}, not on {platform}.",
                    source=self.draft.source,
                    remedy=f"Leave the platform out, or name it: --platform {linked}, in Python platform={linked!r}.",
                )

    def _list_order(self, mapped: HeaderMap) -> str:
        """Return the order that the list says, else the one that the caller named."""
        if self.draft.kind != "accounts" or not self.rows:
            return "unknown"
        has_ranks = "follow_rank" in mapped.columns
        own = "newest_first" if self.is_newest_first else self.format.list_order
        named = None if self.draft.list_order == "unknown" else self.draft.list_order
        if named is not None and (has_ranks or own not in (None, named)):
            said = (
                "has a column follow_rank" if has_ranks else f"stands {str(own).replace('_', ' ')}, as its format says"
            )
            raise FormatError(
                f"A follow order was given (--order), but the list {said}.",
                source=self.draft.source,
                remedy="Leave the order out: the list's own is used.",
            )
        return "unknown" if has_ranks else own or named or "unknown"

    def _of_list(self, list_order: str, stream: RawStream) -> list[Note]:
        """Return what holds for lists of the format, and whether this one is probably only a part."""
        if self.draft.kind != "accounts":
            return []
        notes = [Note(code) for code in self.format.says]
        if list_order == "newest_first" and stream.complete is False:
            notes.append(Note("newest_followers_only", count=self.rows))
        if self.format.cap is not None and self.rows >= self.format.cap:
            notes.append(Note("list_at_cap", count=self.rows, numbers={"cap": self.format.cap}))
        return notes

    def _subject(self, stream: RawStream) -> str | None:
        if self.draft.kind == "accounts" and len(stream.subjects) > 1:
            raise FormatError(
                f"These are the followers of {len(stream.subjects)} or more different accounts.",
                source=self.draft.source,
                remedy="Give the followers of one account at a time.",
            )
        return next(iter(stream.subjects), self.draft.subject)

    def _mapping(self, stream: RawStream, platform: str | None) -> HeaderMap:
        draft = self.draft
        if self.records.fields:
            return self._mapping_of_fields(stream)
        headers: list[str] = list(draft.headers)
        if draft.holds == "json":
            headers = [*stream.keys, *(path for path in draft.column_map.values() if path not in stream.keys)]
        return map_headers(
            headers,
            platform=platform,
            column_map=draft.column_map,
            source=draft.source,
            refuse_repeats=draft.holds != "json",
            vocabulary=self.vocabulary,
        )

    def _mapping_of_fields(self, stream: RawStream) -> HeaderMap:
        draft = self.draft
        self._refuse_unknown_paths(stream)
        found = {one.column for one in self.records.fields if one.column in self._present}
        first = next(iter(self.vocabulary.columns))
        columns = {
            column: draft.column_map.get(column, column)
            for column in self.vocabulary.columns
            if column in found | {first} or column in draft.column_map
        }
        asked = {part for path in draft.column_map.values() for part in (path, path.partition(".")[0])}
        ignored = tuple(key for key in stream.keys if key not in self.records.known_keys and key not in asked)
        return HeaderMap(columns, (), ignored, ignored_notes(ignored), draft.kind)

    def _refuse_unknown_paths(self, stream: RawStream) -> None:
        """Refuse a column map that leads to a key which no record has."""
        for column, path in self.draft.column_map.items():
            if not stream.keys or path in stream.keys or path in self._present:
                continue
            keys = ", ".join(map(shown, stream.keys[:_MOST_SHOWN]))
            more = f" and {len(stream.keys) - _MOST_SHOWN} more" if len(stream.keys) > _MOST_SHOWN else ""
            raise FormatError(
                f"The column map wants {column} from {shown(path)!r}, which no record holds. Seen: {keys}{more}.",
                source=self.draft.source,
                remedy="Name one of these, or a path inside one, such as user.followers.",
            )


def _cells(part: pa.Table, name: str | None) -> pa.ChunkedArray | None:
    return part[name] if name in part.column_names else None


def _has_text(cells: pa.ChunkedArray) -> bool:
    """Whether some cell is more than blanks."""
    texts = cells.drop_null()
    if not is_text(texts.type):
        return len(texts) > 0
    return bool(pc.any(pc.not_equal(pc.utf8_trim_whitespace(texts), "")).as_py())
