"""CountSeries: followers counted over time, as the source says, with the accounting of how it was read."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts.identity import BY_HANDLE
from botscan.accounts.points import RECORD_SCHEMA, PointRecords, make_points
from botscan.accounts.row_frames import read_row_frame
from botscan.accounts.rows import RowRecords, account_for, join_records, rows_with_reason
from botscan.accounts.series_checks import (
    after_gaps,
    count_differing_changes,
    days_of,
    doubtful_zeros,
    gains_of_each_day,
    last_of_each_day,
    number_accounts,
    sorted_by_time,
    steps_in_days,
)
from botscan.cells.handles import handle_key, handle_keys, read_handle
from botscan.cells.parsed import Mask, as_mask, is_known
from botscan.cells.values import cells_from_values
from botscan.display import Displayed, plain
from botscan.errors import SchemaError
from botscan.notes import Note
from botscan.reading_report import ReadingReport
from botscan.schema import SERIES_COLUMNS
from botscan.wording import date, number, say, say_note

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CountSeries", "PointRecords", "make_points"]

_COLUMNS = [pa.field(column.name, column.arrow_type) for column in SERIES_COLUMNS]
#: Columns of `CountSeries.points`.
_POINTS = pa.schema([*_COLUMNS, pa.field("half_width", pa.int64())])
#: A frame of counts must have a date and one of the two counts.
_NEEDS = (("counted_at",), ("followers_count", "followers_gained"))


@dataclass(frozen=True, eq=False, repr=False)
class CountSeries(Displayed):
    """Followers of one account, or of several, counted over time: the counts of the source, none added or changed.

    Attributes
    ----------
    points
        Arrow table, one row a point, by account and then by time, at most one point an account and day: in the zone
        that was named for reading, else in UTC.
        ``account_id`` (``@handle`` for an account known by its handle only, null where the source names none),
        ``handle``, ``counted_at``, ``followers_count``, ``followers_gained`` (both as read; one of them is there), and
        ``half_width``: how far a rounded count may be off either way, 0 = exact.
    platform
        Platform; None when not known.
    source
        Name of the file or frame, as the caller gave it.
    report
        What was read and rejected. Its ``accounts`` is the number of points, its ``duplicates_merged`` the number of
        counts that a later one of the same day replaced: ``rows_in = points + duplicates_merged + rows_rejected``.
    local_days
        Day of each point in the zone that was named for reading, counted from 1970-01-01, shape (n_points,); None where
        they are the days in UTC.

    Examples
    --------
    >>> rows = [("2 Mei 2024", "25.180"), ("1 Mei 2024", 25110), ("4 Mei 2024", "27,9 rb")]
    >>> series = CountSeries.from_frame([{"counted_at": day, "followers_count": count} for day, count in rows])
    >>> series.points["followers_count"].to_pylist(), series.points["half_width"].to_pylist(), series.start.day
    ([25110, 25180, 27900], [0, 0, 50], 1)
    >>> series.is_after_gap.tolist()
    [False, False, True]
    """

    points: pa.Table
    platform: str | None
    source: str
    report: ReadingReport
    local_days: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        if self.points.schema != _POINTS:
            raise ValueError(f"CountSeries wants the columns {_POINTS.names}, found {self.points.schema}")
        if self.points["counted_at"].null_count:
            raise ValueError("CountSeries wants a date in every row")
        if self.report.accounts != self.points.num_rows:
            raise ValueError(f"{self.points.num_rows} points, but the report says {self.report.accounts}")
        if self.local_days is not None and len(self.local_days) != self.points.num_rows:
            raise ValueError(f"{self.points.num_rows} points, but {len(self.local_days)} days")

    def __len__(self) -> int:
        return int(self.points.num_rows)

    def __repr__(self) -> str:
        return f"CountSeries({self.n_points} points, platform={self.platform!r}, source={self.source!r})"

    @property
    def n_points(self) -> int:
        """Number of points."""
        return len(self)

    @property
    def accounts(self) -> tuple[str | None, ...]:
        """Ids of the accounts that are counted, in order; one None where the source names no account."""
        return tuple(self.points["account_id"].unique().to_pylist())

    @property
    def is_gain(self) -> bool:
        """Whether only changes are known and no total; of several accounts, whether that holds for all of them."""
        return self.n_points > 0 and self.points["followers_count"].null_count == self.n_points

    @property
    def start(self) -> datetime | None:
        """Time of the first point; None without points."""
        first: datetime | None = pc.min(self.points["counted_at"]).as_py()
        return first

    @property
    def end(self) -> datetime | None:
        """Time of the last point; None without points."""
        last: datetime | None = pc.max(self.points["counted_at"]).as_py()
        return last

    @property
    def is_doubtful_zero(self) -> Mask:
        """Totals of 0 between totals above 0, such as failed scrapes leave; bool, shape (n_points,)."""
        return doubtful_zeros(self.points)

    @property
    def is_after_gap(self) -> Mask:
        """Points before which counts are missing: their jump is not that of one step; bool, shape (n_points,)."""
        return after_gaps(self._dated)

    @property
    def _dated(self) -> pa.Table:
        """The points with the day of each, where that is not its day in UTC."""
        if self.local_days is None:
            return self.points
        return self.points.append_column("day", pa.array(self.local_days))

    @classmethod
    def from_records(
        cls,
        batches: Iterable[PointRecords],
        *,
        source: str,
        format: str,  # noqa: A002  the word that the report and the command line use
        platform: str | None = None,
        notes: Sequence[Note] = (),
        encoding: str | None = None,
        delimiter: str | None = None,
        ignored_columns: Sequence[str] = (),
        complete: bool | None = None,
        subject: str | None = None,
        parts: Sequence[tuple[int, str]] = (),
    ) -> Self:
        """Put the records of a whole source in order and write the accounting.

        Points are sorted by time. Of several counts of one day the last is kept;
        changes of one day add up. An account with totals is a series
        of totals, and its rows without one are rejected as ``no_count``; one without any total is a series of changes.
        In a source that names accounts a row that names none is rejected as ``no_identity``. What looks odd (zeros
        between positive counts, gaps, changes that are not the difference of the totals) is noted, never mended.

        Parameters
        ----------
        batches
            Records of the source, in order.
        source, format
            Name of the source; name of the format that read it.
        platform
            Platform of the accounts; None takes what the records were read as.
        notes
            What the reader has to say; stands before the notes made here.
        encoding, delimiter, ignored_columns, complete, subject
            For the `ReadingReport`.
        parts
            First record number and name of each file, for a source in several files.
        """
        records = join_records(batches, RECORD_SCHEMA)
        records = dataclasses.replace(records, table=_whole(records.table))
        records = _reject_rows_of_no_account(records)
        is_dated = pc.or_kleene(records.reject_reasons.is_null(), pc.equal(records.reject_reasons, "no_count"))
        dated = sorted_by_time(records.table.filter(is_dated))
        records = _reject_rows_without_total(records)
        accounting = account_for(records, "series", parts)
        counted = sorted_by_time(records.table.filter(records.reject_reasons.is_null()))
        place = counted.schema.get_field_index("followers_gained")
        counted = counted.set_column(place, counted.schema.field(place), gains_of_each_day(counted))
        days = counted.filter(pa.array(last_of_each_day(counted)))
        n_same_day = counted.num_rows - days.num_rows
        made = [
            *_counted_note("series_same_day", n_same_day),
            *_notes_of(days),
            *_counted_note("series_changes_differ", count_differing_changes(dated)),
            *_counted_note("series_days_in_utc", int(np.count_nonzero(as_mask(days["is_day"].combine_chunks())))),
        ]
        report = ReadingReport(
            format=format,
            rows_in=len(records),
            accounts=days.num_rows,
            duplicates_merged=n_same_day,
            rows_rejected=accounting.rows_rejected,
            reject_reasons=accounting.reject_reasons,
            rejected=accounting.rejected,
            warnings=(*notes, *accounting.notes, *made),
            encoding=encoding,
            delimiter=delimiter,
            ignored_columns=tuple(ignored_columns),
            complete=complete,
            subject=subject,
            rounded=dict(records.widest_rounding),
        )
        points = _as_points(days)
        local_days = days_of(days)
        is_utc = np.array_equal(local_days, days_of(points))
        return cls(points, platform or records.platform, source, report, None if is_utc else local_days)

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        platform: str | None = None,
        observed_at: datetime | None = None,
        source: str = "frame",
        account_id: str | None = None,
    ) -> Self:
        """Read a pandas, polars or Arrow table, or a list of dicts, in canonical columns.

        Parameters
        ----------
        frame
            ``counted_at`` and ``followers_count`` or ``followers_gained``, with ``account_id`` or ``handle`` where
            there are several accounts; names in any case, dates also as the index of a pandas frame. Other columns are
            ignored and named in the report.
        platform
            Platform of the accounts. Where a ``platform`` column names several, the rows of this one are kept and the
            rest rejected as ``other_platform``.
        observed_at
            When the series was taken; later dates are not believed.
        source
            Name for messages and the report.
        account_id
            Account that is counted where rows name none, id or handle.

        Raises
        ------
        SchemaError
            The frame cannot be used as a whole; lists every fault at once.
        """
        opened = read_row_frame(
            frame, "series", needs=_NEEDS, platform=platform, observed_at=observed_at, source=source
        )
        records = make_points(
            opened.raw,
            row_numbers=opened.row_numbers,
            settings=opened.settings,
            reject_reasons=opened.reject_reasons,
            faults=opened.faults,
            account_id=account_id,
        )
        return cls.from_records(
            [records], source=source, format="frame", notes=opened.notes, ignored_columns=opened.ignored_columns
        )

    def of(self, account: str | None) -> Self:
        """Return the series of one account.

        Its report counts the points that are here, with the notes that they give rise to.

        Parameters
        ----------
        account
            Id as in `accounts`, or handle in any case, with or without @; None for the account of a source that names
            none.

        Raises
        ------
        SchemaError
            No point is of this account.
        """
        rows = self._rows_of(account)
        if not rows.any():
            raise SchemaError(
                f"None of the {len(self.accounts)} accounts of this series is the one that was asked for.",
                source=self.source,
                remedy="The attribute accounts lists them.",
            )
        return self._part(self._dated.filter(pa.array(rows)))

    def split(self) -> tuple[Self, ...]:
        """Return one series an account, in order."""
        codes = number_accounts(self.points)
        starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])) if codes.size else codes
        sizes = np.diff(np.append(starts, len(codes)))
        return tuple(
            self._part(self._dated.slice(start, size))
            for start, size in zip(starts.tolist(), sizes.tolist(), strict=True)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what is known about the series as plain data; the points are in `points` and `to_frame`."""
        reading = self.report.to_dict()
        return {
            "source": self.source,
            "platform": self.platform,
            "n_points": self.n_points,
            "n_accounts": len(self.accounts),
            "start": plain(self.start),
            "end": plain(self.end),
            "is_gain": self.is_gain,
            "reading": {"points" if key == "accounts" else key: value for key, value in reading.items()},
        }

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame, one row a point, in order; unknown cells are missing, never 0."""
        import pandas as pd

        nullable = {pa.int64(): pd.Int64Dtype(), pa.large_string(): pd.StringDtype()}
        return self.points.to_pandas(types_mapper=nullable.get)

    def _rows_of(self, account: str | None) -> Mask:
        ids = self.points["account_id"].combine_chunks()
        if account is None:
            return ~is_known(ids)
        text = cells_from_values([account], "handle").values[0].as_py()  # half a surrogate pair becomes a mark
        if text is None:
            return np.zeros(len(ids), dtype=np.bool_)
        rows = as_mask(pc.equal(ids, text))
        key = handle_key(read_handle(text).value)
        if rows.any() or key is None:
            return rows
        by_handle = as_mask(pc.equal(ids, BY_HANDLE + key))
        return by_handle | as_mask(pc.equal(handle_keys(self.points["handle"].combine_chunks()), key))

    def _part(self, dated: pa.Table) -> Self:
        n = dated.num_rows
        report = ReadingReport(format=self.report.format, rows_in=n, accounts=n, warnings=tuple(_notes_of(dated)))
        local_days = None if self.local_days is None else days_of(dated)
        return type(self)(dated.select(_POINTS.names), self.platform, self.source, report, local_days)

    def _title(self, language: str) -> str:
        return say("series_title", language)

    def _rows(self, language: str) -> list[tuple[str, str]]:
        is_one = len(self.accounts) == 1
        return [
            (say("audit_source", language), self.source),
            (say("audit_platform", language), self.platform or say("unknown", language)),
            (say("audit_accounts", language), number(len(self.accounts), language)),
            (say("series_points", language), number(self.n_points, language)),
            (say("series_counted", language), say(f"series_counted_{self._counted()}", language)),
            (say("series_first", language), self._point(0, language) if is_one else date(self.start, language)),
            (say("series_last", language), self._point(-1, language) if is_one else date(self.end, language)),
            *(
                (say(f"reject_{reason}", language), number(count, language))
                for reason, count in self.report.reject_reasons.items()
            ),
            *((say("share_note", language), say_note(note, language)) for note in self.report.warnings),
        ]

    def _counted(self) -> str:
        n_totals = self.n_points - self.points["followers_count"].null_count
        return "totals" if n_totals == self.n_points else "both" if n_totals else "changes"

    def _point(self, place: int, language: str) -> str:
        """Write one point of a series of one account: its value and its day."""
        column = "followers_gained" if self.is_gain else "followers_count"
        value, at = (self.points[name].to_pylist()[place] for name in (column, "counted_at"))
        return say("series_value_on", language, value=value, day=at)


def _whole(table: pa.Table) -> pa.Table:
    """Return the table with every column, which a source without rows lacks."""
    return pa.concat_tables([RECORD_SCHEMA.empty_table(), table], promote_options="default").select(RECORD_SCHEMA.names)


def _reject_rows_of_no_account(records: RowRecords) -> RowRecords:
    """Where some rows name an account, a row that names none cannot be put anywhere."""
    alive = ~is_known(records.reject_reasons)
    is_named = is_known(records.table["account_id"].combine_chunks())
    if not (alive & is_named).any():
        return records
    reasons = pc.coalesce(records.reject_reasons, rows_with_reason("no_identity", alive & ~is_named))
    return dataclasses.replace(records, reject_reasons=reasons)


def _reject_rows_without_total(records: RowRecords) -> RowRecords:
    """Totals go before changes: an account that has any is a series of totals."""
    alive = ~is_known(records.reject_reasons)
    has_total = is_known(records.table["followers_count"].combine_chunks())
    codes = number_accounts(records.table)
    is_counted = np.bincount(codes, weights=alive & has_total)[codes] > 0 if codes.size else alive
    reasons = pc.coalesce(records.reject_reasons, rows_with_reason("no_count", alive & ~has_total & is_counted))
    return dataclasses.replace(records, reject_reasons=reasons)


def _as_points(table: pa.Table) -> pa.Table:
    total_or_change = pc.if_else(
        table["followers_count"].is_valid(), table["total_half_width"], table["change_half_width"]
    )
    return table.select([one.name for one in _COLUMNS]).append_column("half_width", total_or_change).cast(_POINTS)


def _counted_note(code: str, count: int) -> list[Note]:
    return [Note(code, count=count)] if count else []


def _notes_of(points: pa.Table) -> list[Note]:
    """Return what the points themselves show: gaps, doubtful zeros, and that only changes are known."""
    is_gap = after_gaps(points)
    n_gaps = int(np.count_nonzero(is_gap))
    longest = int(steps_in_days(points)[is_gap].max(initial=0))
    notes = [Note("series_gaps", count=n_gaps, numbers={"days": longest})] if n_gaps else []
    notes += _counted_note("series_zeros", int(np.count_nonzero(doubtful_zeros(points))))
    return notes + _counted_note("series_only_changes", points["followers_count"].null_count)
