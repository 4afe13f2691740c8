"""Survey: what a whole pass over raw cells shows, from which the plan is settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from botscan.accounts.settings import count_platforms, one_platform
from botscan.cells.instants import DateOrderVotes, date_order_votes
from botscan.errors import FormatError
from botscan.notes import Note
from botscan.readers.formats import FORMAT, GENERIC
from botscan.readers.headers import HeaderMap, ignored_notes, kind_of_header, map_headers, normalise
from botscan.readers.plan import ReadingPlan
from botscan.readers.raw import RawBatch
from botscan.readers.stream import RawStream
from botscan.schema import ACCOUNT_COLUMN, PLATFORMS

#: Reasons of records that could not even be parsed; a source of nothing else is refused.
_UNPARSED = frozenset({"bad_json", "not_an_object", "too_deep", "too_long", "truncated", "wrong_cell_count"})
_MOST_IGNORED = 100


@dataclass
class Survey:
    """Running account of a pass over raw cells; `add` counts one batch more."""

    column_map: Mapping[str, str]
    rows: int = 0
    is_newest_first: bool = True
    _reasons: Counter[str] = field(default_factory=Counter)
    _counts: Counter[str] = field(default_factory=Counter)
    _platforms: Counter[str] = field(default_factory=Counter)
    _votes: dict[str, DateOrderVotes] = field(default_factory=dict)
    _present: dict[str, None] = field(default_factory=dict)

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
            if kind == "instant":
                self._votes[name] = self._votes.get(name, DateOrderVotes()) + date_order_votes(cells)
            elif self._is_platform(name):
                self._platforms.update(count_platforms(cells))

    def _kind(self, name: str) -> str | None:
        asked = next((column for column, source in self.column_map.items() if source.strip() == name.strip()), None)
        return kind_of_header(name) if asked is None else ACCOUNT_COLUMN[asked].kind

    def _is_platform(self, name: str) -> bool:
        asked = self.column_map.get("platform")
        return normalise(name) == "platform" if asked is None else name.strip() == asked.strip()

    def settle(self, draft: ReadingPlan, stream: RawStream) -> ReadingPlan:
        """Return the plan: platform, mapping, date orders, order of the list, notes.

        Raises
        ------
        FormatError
            No record could be parsed, or nothing tells the platform.
        SchemaError
            The rows name several platforms and none was chosen.
        """
        self._refuse_unparsed(draft.source)
        platform = self._platform(draft)
        mapped = self._mapping(draft, stream, platform)
        instants = [column for column in mapped.columns if ACCOUNT_COLUMN[column].kind == "instant"]
        orders = dict(draft.date_orders)
        for column in instants:
            decision = self._votes.get(mapped.columns[column], DateOrderVotes()).decision
            if decision is not None:
                orders.setdefault(column, decision)
        newest_first = self.is_newest_first and self.rows > 0 and "follow_rank" not in mapped.columns
        counts = [Note(code, count=n) for code, n in sorted(self._counts.items())]
        return replace(
            draft,
            columns=mapped.columns,
            negated=mapped.negated,
            platform=platform,
            date_orders={column: orders[column] for column in instants if column in orders},
            list_order="newest_first" if newest_first else "unknown",
            complete=stream.complete,
            rows=self.rows,
            ignored_columns=mapped.ignored[:_MOST_IGNORED],
            notes=(*draft.notes, *mapped.notes, *counts, *stream.notes),
        )

    def _refuse_unparsed(self, source: str) -> None:
        unparsed = {reason: n for reason, n in self._reasons.items() if reason in _UNPARSED}
        if self.rows and sum(unparsed.values()) == self.rows:
            listed = ", ".join(f"{reason} {n:,}" for reason, n in sorted(unparsed.items()))
            raise FormatError(
                f"None of the {self.rows:,} records could be read ({listed}).",
                source=source,
                remedy="Check that the file is whole and that every row has as many cells as the header.",
            )

    def _platform(self, draft: ReadingPlan) -> str:
        signature = FORMAT[draft.format].platform
        if signature is not None:
            return signature
        platform = one_platform(self._platforms, draft.platform, source=draft.source, n_rows=self.rows)
        if platform is None:
            raise FormatError(
                "Nothing in the file tells which platform the accounts are of.",
                source=draft.source,
                remedy=f"Name it: --platform {next(iter(PLATFORMS))}, in Python platform={next(iter(PLATFORMS))!r};"
                f" known are {', '.join(PLATFORMS)}.",
            )
        return platform

    def _mapping(self, draft: ReadingPlan, stream: RawStream, platform: str) -> HeaderMap:
        if draft.holds == "json":
            return self._mapping_of_keys(draft, stream, platform)
        return map_headers(draft.headers, platform=platform, column_map=self.column_map, source=draft.source)

    def _mapping_of_keys(self, draft: ReadingPlan, stream: RawStream, platform: str) -> HeaderMap:
        if draft.format == GENERIC.name:
            paths = [path for path in self.column_map.values() if path not in stream.keys]
            return map_headers(
                [*stream.keys, *paths],
                platform=platform,
                column_map=self.column_map,
                source=draft.source,
                refuse_repeats=False,
            )
        records = FORMAT[draft.format].accounts
        assert records is not None
        found = {one.column for one in records.fields if one.column in self._present}
        columns = {
            column: self.column_map.get(column, column)
            for column in ACCOUNT_COLUMN
            if column in found | {"account_id"} or column in self.column_map
        }
        ignored = tuple(key for key in draft.headers if key not in records.known_keys)
        return HeaderMap(columns, (), ignored, ignored_notes(ignored))
