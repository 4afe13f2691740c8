"""AccountTable: a whole list, every account once, with the accounting of how it was read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts.coverage import Coverage, measure_coverage
from botscan.accounts.creation_dates import forget_later_dates
from botscan.accounts.follow_order import BY_FOLLOWED_AT, add_ranks
from botscan.accounts.frames import read_frame
from botscan.accounts.identity import count_look_alikes
from botscan.accounts.join import join_lists
from botscan.accounts.merge import Merged, merge_duplicates
from botscan.accounts.records import AccountRecords
from botscan.accounts.settings import check_observed_at, one_platform
from botscan.accounts.tally import Tally
from botscan.cells.parsed import as_mask
from botscan.display import Displayed, plain
from botscan.notes import Note
from botscan.reading_report import ReadingReport
from botscan.schema import ACCOUNT_COLUMNS
from botscan.wording import date, number, percent, say, say_note

if TYPE_CHECKING:
    import pandas as pd

#: One account on more than this share of the records, and on so many, was repeated by a faulty export.
_MOST_REPEATED_SHARE = 0.5
_FEWEST_REPEATS = 3


@dataclass(frozen=True, eq=False, repr=False)
class AccountTable(Displayed):
    """One list of accounts in canonical columns; every account stands once.

    Attributes
    ----------
    table
        Arrow table, typed as in `botscan.schema`, columns in schema order; exactly the columns that the source
        carries and those derived from them. ``account_id`` is never null and unique; an account known by its handle
        only has ``@`` and the handle in lower case as its id; accounts of a list with neither have ``row-N``.
    platform
        Platform of all accounts.
    observed_at
        When the list was seen (its latest row), if known.
    source
        Name of the file or frame, as the caller gave it.
    report
        What was read, merged and rejected.

    Examples
    --------
    >>> accounts = AccountTable.from_frame([{"account_id": 7, "followers_count": "12,3 rb"}], platform="instagram")
    >>> accounts.n_accounts, accounts.table["followers_count"].to_pylist(), accounts.evidence_level
    (1, [12300], 2)
    """

    table: pa.Table
    platform: str | None
    observed_at: datetime | None
    source: str
    report: ReadingReport

    def __post_init__(self) -> None:
        names = self.table.column_names
        wanted = [(column.name, column.arrow_type) for column in ACCOUNT_COLUMNS if column.name in names]
        found = list(zip(names, self.table.schema.types, strict=True))
        if found != wanted or "account_id" not in names:
            raise ValueError(f"AccountTable wants canonical columns in schema order, found {found}")
        if self.table["account_id"].null_count:
            raise ValueError("AccountTable wants an id in every row")
        if self.report.accounts != self.table.num_rows:
            raise ValueError(f"{self.table.num_rows} accounts, but the report says {self.report.accounts}")

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __repr__(self) -> str:
        return f"AccountTable({self.n_accounts} accounts, platform={self.platform!r}, source={self.source!r})"

    @property
    def n_accounts(self) -> int:
        """Number of accounts."""
        return len(self)

    @classmethod
    def from_records(
        cls,
        batches: Iterable[AccountRecords],
        *,
        source: str,
        format: str,  # noqa: A002  the word that the report and the command line use
        platform: str | None = None,
        observed_at: datetime | None = None,
        notes: Sequence[Note] = (),
        encoding: str | None = None,
        delimiter: str | None = None,
        ignored_columns: Sequence[str] = (),
        list_order: str = "unknown",
        complete: bool | None = None,
        subject: str | None = None,
        parts: Sequence[tuple[int, str]] = (),
    ) -> Self:
        """Merge the records of a whole source into accounts and write the accounting.

        Where some batches are profiles that were looked up (`AccountRecords.is_lookup`), they are joined with the
        list that the others hold, and rejected as ``not_in_list`` where it does not hold them. Where accounts know
        when they followed and have no rank, that gives the follow order.

        Parameters
        ----------
        batches
            Records of the source, in order; those of a list in several files one file after the other.
        source, format
            Name of the source; name of the format that read it.
        platform
            Platform of the list; None takes what the records were read as, else the only one that they name.
        observed_at
            When the list was seen, for a list without rows; otherwise the rows know.
        notes
            What the reader has to say; stands before the notes made here.
        encoding, delimiter, ignored_columns, list_order, complete, subject
            For the `ReadingReport`.
        parts
            First record number and name of each file, for a list in several files.

        Raises
        ------
        SchemaError
            The records name several platforms and none was chosen, or none of them is of the chosen one.
        """
        tally = Tally(parts=tuple(parts))
        living, lookups = [], _Lookups()
        for batch in batches:
            rows = tally.add(batch)
            if batch.is_lookup:
                lookups.add(batch, rows)
            else:
                living.append(rows)
        platform = one_platform(tally.platforms, platform or tally.platform, source=source, n_rows=tally.rows_in)
        listed = _joined(living, platform)
        merged = _merged_with(listed, lookups, platform, tally) if lookups.tables else _merged(listed)
        table = merged.table
        ranked = add_ranks(table)
        if ranked is not None:
            table, list_order = ranked, BY_FOLLOWED_AT
        seen = _latest(table) or check_observed_at(observed_at, source=source)
        table, n_later = forget_later_dates(table, platform, seen)
        tally.rename_faults("created_at", "created_at_from_id", "date_in_future", n_later)
        report = ReadingReport(
            format=format,
            rows_in=tally.rows_in,
            accounts=table.num_rows,
            duplicates_merged=merged.n_merged,
            rows_rejected=tally.rows_rejected,
            reject_reasons=tally.reject_reasons,
            rejected=tuple(tally.rejected),
            warnings=(*notes, *tally.notes(), *merged.notes),
            encoding=encoding,
            delimiter=delimiter,
            ignored_columns=tuple(ignored_columns),
            list_order=list_order,
            complete=complete,
            subject=subject,
            gone={status: tuple(ids) for status, ids in tally.gone.items()},
            rounded=tally.widest_rounding,
        )
        return cls(table, platform, seen, source, report)

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        platform: str | None = None,
        observed_at: datetime | None = None,
        source: str = "frame",
    ) -> Self:
        """Read a pandas, polars or Arrow table, or a list of dicts, in canonical columns.

        Parameters
        ----------
        frame
            Column names are canonical (`botscan columns` lists them), in any case; other columns are ignored and
            named in the report. Null = unknown; an empty text in ``bio`` or ``website`` = known to be empty.
        platform
            Platform of the list; needed where no ``platform`` column says it. Where that names several, the rows
            of this one are kept and the rest rejected as ``other_platform``.
        observed_at
            When the list was seen, in UTC unless it names a zone; fills rows without an ``observed_at`` of their own.
        source
            Name for messages and the report.

        Raises
        ------
        SchemaError
            The frame cannot be used as a whole; lists every fault at once.
        """
        reading = read_frame(frame, platform=platform, observed_at=observed_at, source=source)
        return cls.from_records(
            reading.batches,
            source=source,
            format="frame",
            platform=reading.platform,
            observed_at=observed_at,
            notes=reading.notes,
            ignored_columns=reading.ignored_columns,
        )

    def coverage(self) -> Coverage:
        """Measure for which share of accounts each column is known; a mapping that shows itself as a table."""
        return measure_coverage(self.table)

    @property
    def evidence_level(self) -> int:
        """0 ids only, 1 handles, 2 counts, 3 counts and creation dates; by columns known in half of the rows."""
        return self.coverage().evidence_level

    def evidence_levels(self) -> dict[int, float]:
        """Return the share of accounts at each level of evidence, 0 to 3: `evidence_level` of each account alone.

        Examples
        --------
        >>> rows = [{"handle": "ani", "posts_count": 3}, {"handle": "budi"}]
        >>> AccountTable.from_frame(rows, platform="instagram").evidence_levels()
        {0: 0.0, 1: 0.5, 2: 0.5, 3: 0.0}
        """
        counts = np.bincount(_levels(self.table), minlength=4) / max(len(self), 1)
        return dict(enumerate(counts.tolist()))

    @property
    def digest(self) -> str:
        """SHA-256 of the platform and the sorted account ids, one a line, in hexadecimal digits."""
        ids = self.table["account_id"].combine_chunks()
        ordered = ids.take(pc.sort_indices(ids))
        digest = hashlib.sha256(f"{self.platform or ''}\n".encode())
        for start in range(0, len(ordered), 65_536):
            digest.update("".join(f"{one}\n" for one in ordered[start : start + 65_536].to_pylist()).encode())
        return digest.hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Return what is known about the list as plain data: counts and shares, never an account of it."""
        return {
            "source": self.source,
            "platform": self.platform,
            "observed_at": plain(self.observed_at),
            "reading": {
                **self.report.to_dict(),
                "evidence_level": self.evidence_level,
                "coverage": self.coverage().to_dict(),
            },
        }

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame, one row an account, in order; unknown cells are missing, never 0 or False."""
        import pandas as pd

        nullable = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype(), pa.large_string(): pd.StringDtype()}
        return self.table.to_pandas(types_mapper=nullable.get)

    def _completeness(self, language: str) -> list[tuple[str, str]]:
        """Return whether the list is whole, where the source says so."""
        if self.report.complete is None:
            return []
        return [
            (say("accounts_complete", language), say("answer_yes" if self.report.complete else "answer_no", language))
        ]

    def _levels_said(self, language: str) -> str:
        """Return the level of the list; where accounts differ, the share at each level as well."""
        shares = {level: share for level, share in self.evidence_levels().items() if share}
        words = say(f"report_level_{self.evidence_level}", language)
        if len(shares) <= 1:
            return words
        each = ", ".join(f"{level}: {percent(share, language)}" for level, share in shares.items())
        return f"{words} ({each})"

    def _title(self, language: str) -> str:
        return say("accounts_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        unknown = say("unknown", language)
        return [
            (say("audit_source", language), self.source),
            (say("audit_platform", language), self.platform or unknown),
            (say("audit_observed_at", language), date(self.observed_at, language) if self.observed_at else unknown),
            (say("report_format", language), self.report.format),
            (say("audit_accounts", language), number(self.n_accounts, language)),
            (say("report_list_order", language), say(f"report_order_{self.report.list_order}", language)),
            *self._completeness(language),
            (say("report_evidence_level", language), self._levels_said(language)),
            *(
                (say(f"reject_{reason}", language), number(count, language))
                for reason, count in self.report.reject_reasons.items()
            ),
            *((say("share_note", language), say_note(note, language)) for note in self.report.warnings),
        ]


def _joined(tables: Sequence[pa.Table], platform: str | None) -> pa.Table:
    """Put the batches together, in schema order, with what a list without rows needs."""
    fields = {field.name for table in tables for field in table.schema} | {"account_id"}
    if platform is not None:
        fields.add("platform")
    columns = [column for column in ACCOUNT_COLUMNS if column.name in fields]
    schema = pa.schema([pa.field(column.name, column.arrow_type) for column in columns])
    joined = pa.concat_tables([schema.empty_table(), *tables], promote_options="default").select(schema.names)
    if platform is not None:
        # One dictionary for all batches; a row that does not name its platform is of the list's.
        names = pa.DictionaryArray.from_arrays(
            pa.array(np.zeros(joined.num_rows, np.int32)), pa.array([platform], pa.large_string())
        )
        joined = joined.set_column(schema.names.index("platform"), schema.field("platform"), names)
    return joined.combine_chunks()


def _latest(table: pa.Table) -> datetime | None:
    if "observed_at" not in table.column_names:
        return None
    latest: datetime | None = pc.max(table["observed_at"]).as_py()
    return latest


@dataclass
class _Lookups:
    """Profiles that were looked up for a list, with where they stand in the source."""

    tables: list[pa.Table] = field(default_factory=list)
    row_numbers: list[NDArray[np.int64]] = field(default_factory=list)
    lines: list[NDArray[np.int64]] = field(default_factory=list)

    def add(self, records: AccountRecords, living: pa.Table) -> None:
        is_alive = as_mask(records.reject_reasons.is_null())
        lines = np.zeros(len(records), np.int64) if records.lines is None else records.lines
        self.tables.append(living)
        self.row_numbers.append(records.row_numbers[is_alive])
        self.lines.append(lines[is_alive])


@dataclass(frozen=True, eq=False)
class _Accounts:
    """Every account once, the records that repeated one, and what there is to say about it."""

    table: pa.Table
    n_merged: int
    notes: tuple[Note, ...]


def _merged(listed: pa.Table) -> _Accounts:
    merged = merge_duplicates(listed)
    return _Accounts(merged.table, merged.n_merged, _merge_notes([merged], merged.table))


def _merged_with(listed: pa.Table, lookups: _Lookups, platform: str | None, tally: Tally) -> _Accounts:
    """Join a list with its profiles; those of other accounts are rejected."""
    joined = join_lists([listed], [_joined(lookups.tables, platform)])
    is_other = ~joined.is_in_list
    row_numbers, lines = np.concatenate(lookups.row_numbers), np.concatenate(lookups.lines)
    tally.reject("not_in_list", row_numbers[is_other], lines[is_other])
    numbers: dict[str, int | float | str] = {
        "without_profile": joined.n_without_profile,
        "not_in_list": joined.n_not_in_list,
    }
    return _Accounts(
        joined.table,
        sum(merged.n_merged for merged in joined.merged) + joined.n_joined,
        (Note("files_joined", count=joined.n_joined, numbers=numbers), *_merge_notes(joined.merged, joined.table)),
    )


def _merge_notes(merges: Sequence[Merged], table: pa.Table) -> tuple[Note, ...]:
    counts = {
        "duplicates_merged": sum(merged.n_merged for merged in merges),
        "duplicates_in_conflict": sum(merged.n_in_conflict for merged in merges),
        "one_account_repeated": max(merged.largest_group if _is_one_repeated(merged) else 0 for merged in merges),
        **count_look_alikes(table),
    }
    return tuple(Note(code, count=count) for code, count in counts.items() if count)


def _levels(table: pa.Table) -> NDArray[np.int64]:
    """Return the level of evidence of each account, shape (n,)."""
    names = [name for name in table.column_names if name != "account_id"]
    known = np.zeros(table.num_rows, dtype=np.int64)  # one bit a column
    for place, name in enumerate(names):
        known |= as_mask(table[name].combine_chunks().is_valid()).astype(np.int64) << place
    distinct, which = np.unique(known, return_inverse=True)
    levels = [
        Coverage({name: float(one >> place & 1) for place, name in enumerate(names)}).evidence_level
        for one in distinct.tolist()
    ]
    return np.array(levels, dtype=np.int64)[which]


def _is_one_repeated(merged: Merged) -> bool:
    n_records = merged.table.num_rows + merged.n_merged
    return merged.largest_group >= _FEWEST_REPEATS and merged.largest_group > _MOST_REPEATED_SHARE * n_records
