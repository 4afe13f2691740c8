"""Creation dates of a batch, settled between what the source states and what the ids carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts.id_dates import IdDates, dates_from_ids, has_datable_ids
from botscan.accounts.settings import CellSettings
from botscan.accounts.zone_votes import ZoneVotes, count_differences
from botscan.cells.dates import MICROSECONDS_PER_DAY, DateOrder
from botscan.cells.instants import parse_instants, to_microseconds
from botscan.cells.parsed import Mask, as_mask, flatten, is_known, is_text

_HOUR = 3_600_000_000
#: The longest id that is no snowflake, 10**15, has so many digits; every longer id may be one.
_MOST_SEQUENTIAL_DIGITS = 15
_INSTANT = pa.timestamp("us", tz="UTC")
#: Share of the times of a column that are midnight where the column holds days.
_MIDNIGHTS_OF_DAYS = 0.9
#: Midnight as text, in whatever zone stands behind it.
_MIDNIGHT = r"(?:^|[^0-9:+\-.])00[:.]00(?:[:.]00(?:[.,]0+)?)?(?:[^0-9:.]|$)"


@dataclass(frozen=True, eq=False)
class CreationDates:
    """Creation dates of a batch.

    Attributes
    ----------
    values, precision
        As the columns ``created_at`` and ``created_at_precision``, shape (n,).
    faults
        Code to the rows it is about, bool, shape (n,): ``created_at_from_id``, ``created_at_differs_from_id``,
        ``timezone_fault`` and what is wrong with dates in another zone.
    votes
        How the stated dates differ from those of the ids.
    """

    values: pa.Array
    precision: pa.Array
    faults: Mapping[str, Mask]
    votes: ZoneVotes


@dataclass(frozen=True)
class MidnightVotes:
    """How many times of a column of dates are midnight, which is what stands where nobody wrote a time.

    Votes of parts of a list add up to the votes of the list.
    """

    midnights: int = 0
    times: int = 0

    def __add__(self, other: MidnightVotes) -> MidnightVotes:
        return MidnightVotes(self.midnights + other.midnights, self.times + other.times)

    @property
    def says_days(self) -> bool:
        """Whether the column holds days: more than nine in ten of its times are midnight."""
        return self.midnights > _MIDNIGHTS_OF_DAYS * self.times


def midnight_votes(
    cells: pa.Array | pa.ChunkedArray, *, platform: str | None, date_order: DateOrder | None = None
) -> MidnightVotes:
    """Count the times of a column of dates, and those that are midnight in UTC or as they are written.

    Parameters
    ----------
    cells
        As the source has them.
    platform, date_order
        As in `parse_instants`.

    Examples
    --------
    >>> midnight_votes(pa.array(["2020-01-01T00:00:00+07:00", "2020-02-03 10:30:00", "2020-02-04"]), platform=None)
    MidnightVotes(midnights=1, times=2)
    """
    array = flatten(cells)
    parsed = parse_instants(array, platform=platform, date_order=date_order)
    is_time = as_mask(pc.equal(parsed.precision, "second"))
    microseconds = np.asarray(pc.fill_null(parsed.values.cast(pa.int64()), 0).to_numpy(zero_copy_only=False))
    is_midnight = microseconds % MICROSECONDS_PER_DAY == 0
    if is_text(array.type):
        is_midnight |= as_mask(pc.match_substring_regex(array, _MIDNIGHT))
    return MidnightVotes(int(np.count_nonzero(is_time & is_midnight)), int(np.count_nonzero(is_time)))


def settle_creation_dates(columns: Mapping[str, pa.Array], settings: CellSettings) -> CreationDates | None:
    """Fill creation dates from ids where they are missing, and mend those that are local times.

    A stated date stands, also where the id says another; only in a list whose dates are known to be local times
    (`CellSettings.zone_fault_hours`) does the exact date of an id go before it.

    Parameters
    ----------
    columns
        Typed columns of a batch.
    settings
        Platform, and what the first pass found out about the zone.

    Returns
    -------
    CreationDates
        None where ids have nothing to add.
    """
    if "account_id" not in columns or not has_datable_ids(settings.platform):
        return None
    n = len(columns["account_id"])
    if not settings.zone_fault_hours and not _may_help(columns):
        return None
    found = dates_from_ids(columns["account_id"], settings.platform, columns.get("observed_at"))
    stated = IdDates(
        columns.get("created_at", pa.nulls(n, _INSTANT)),
        columns.get("created_at_precision", pa.nulls(n, pa.large_string())),
    )
    is_exact = as_mask(pc.equal(found.precision, "second"))
    votes = count_differences(stated.values, found.values, is_exact & as_mask(pc.equal(stated.precision, "second")))
    faults: dict[str, Mask] = {}
    if settings.zone_fault_hours:
        stated = _in_utc(stated, settings, columns.get("observed_at"), faults)
    faults["created_at_differs_from_id"] = is_exact & _differ(stated, found)
    faults["created_at_from_id"] = is_known(found.values) & ~is_known(stated.values)
    from_id = faults["created_at_from_id"]
    if settings.zone_fault_hours:
        is_mended = is_exact & is_known(stated.values)
        faults["timezone_fault"] = faults.get("timezone_fault", np.zeros(n, np.bool_)) | is_mended
        from_id = from_id | is_mended
    if from_id.any():
        keep = pa.array(~from_id)
        values = pc.if_else(keep, stated.values, found.values)
        stated = IdDates(values, pc.if_else(keep, stated.precision, found.precision))
    return CreationDates(
        stated.values, stated.precision, {code: rows for code, rows in faults.items() if rows.any()}, votes
    )


def forget_later_dates(table: pa.Table, platform: str | None, seen: datetime | None) -> tuple[pa.Table, int]:
    """Empty the creation dates that ids gave to accounts of an unknown day, where they lie after the list was seen.

    A batch knows only its own rows; when the list as a whole was seen is known at its end.

    Parameters
    ----------
    table
        Accounts.
    platform
        Platform of the list.
    seen
        When the list was seen, None = not known.

    Returns
    -------
    table, n_forgotten
        The table, and in how many rows the date was emptied.
    """
    names = table.column_names
    if seen is None or "observed_at" not in names or "created_at" not in names or not has_datable_ids(platform):
        return table, 0
    created = table["created_at"].combine_chunks()
    last = pa.scalar(to_microseconds(seen) + MICROSECONDS_PER_DAY, pa.int64()).cast(_INSTANT)
    rows = as_mask(pc.greater(created, last)) & ~is_known(table["observed_at"].combine_chunks())
    if not rows.any():
        return table, 0
    rows &= as_mask(pc.equal(dates_from_ids(table["account_id"].combine_chunks(), platform).values, created))
    for name in ("created_at", "created_at_precision"):
        if name in names:
            column = table[name].combine_chunks()
            kept = pc.if_else(pa.array(rows), pa.scalar(None, column.type), column)
            table = table.set_column(names.index(name), table.schema.field(name), kept)
    return table, int(np.count_nonzero(rows))


def _may_help(columns: Mapping[str, pa.Array]) -> bool:
    """Whether some date is missing, or some id is long enough to hold an exact one."""
    if "created_at" not in columns or columns["created_at"].null_count:
        return True
    return bool(pc.any(pc.greater(pc.binary_length(columns["account_id"]), _MOST_SEQUENTIAL_DIGITS)).as_py())


def _in_utc(stated: IdDates, settings: CellSettings, observed_at: pa.Array | None, faults: dict[str, Mask]) -> IdDates:
    """Take local times to UTC. Days stay: nobody knows at which hour of it an account was made."""
    is_time = as_mask(pc.equal(stated.precision, "second"))
    shift = pa.array(np.where(is_time, settings.zone_fault_hours * _HOUR, 0))
    shifted = pc.subtract(stated.values.cast(pa.int64()), shift).cast(_INSTANT)
    believed = parse_instants(shifted, platform=settings.platform, observed_at=observed_at)
    faults.update(believed.faults)
    faults["timezone_fault"] = is_time & is_known(believed.values)
    precision = pc.if_else(believed.values.is_valid(), stated.precision, pa.scalar(None, stated.precision.type))
    return IdDates(believed.values, precision)


def _differ(stated: IdDates, found: IdDates) -> Mask:
    """Return the rows in which two dates lie more than a day apart, where only the day is stated more than two."""
    gaps = pc.abs(pc.subtract(stated.values.cast(pa.int64()), found.values.cast(pa.int64())))
    days = pc.if_else(pc.equal(stated.precision, "second"), 1, 2)
    is_known_to_day = pc.is_in(stated.precision, value_set=pa.array(["second", "day"], stated.precision.type))
    return as_mask(pc.and_(is_known_to_day, pc.greater(gaps, pc.multiply(days, MICROSECONDS_PER_DAY))))
