"""A column of dates: typed, believable, and read in one day-and-month order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.cells.date_layouts import read_layouts
from botscan.cells.dates import MICROSECONDS_PER_DAY, DateOrder, offset_at, read_instant
from botscan.cells.parsed import (
    Mask,
    Parsed,
    add_fault,
    as_floats,
    as_mask,
    faults_of,
    flatten,
    is_known,
    is_number,
    is_text,
    read_distinct,
)
from botscan.cells.zones import fixed_minutes, zone_named
from botscan.schema import PLATFORMS

_INSTANT = pa.timestamp("us", tz="UTC")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
#: Without a platform only the zero of computer clocks, 1970-01-01, is too early to be true.
_FIRST_DAY = datetime(1970, 1, 2, tzinfo=UTC)
#: Without observed_at nothing is believed after the year 2100.
_LAST_INSTANT = datetime(2101, 1, 1, tzinfo=UTC)
#: A date may lie this much after observed_at: clocks and zones differ.
_TOLERANCE = MICROSECONDS_PER_DAY
#: Stands for instants beyond the range of int64 microseconds.
_FAR = 2**62


def to_microseconds(instant: datetime) -> int:
    """Return microseconds since 1970-01-01 UTC; a datetime without a zone is UTC.

    Examples
    --------
    >>> to_microseconds(datetime(1970, 1, 2))
    86400000000
    """
    aware = instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
    return (aware - _EPOCH) // _MICROSECOND


@dataclass(frozen=True, eq=False)
class ParsedInstants(Parsed):
    """A column of instants; `precision` is text, shape (n,): ``second``, ``day``, or null where the instant is."""

    precision: pa.Array = field(default_factory=lambda: pa.nulls(0, pa.large_string()))


@dataclass(frozen=True, eq=False)
class _Raw:
    """Instants before anybody asked whether they can be true."""

    microseconds: NDArray[np.int64]
    known: Mask
    is_day: Mask
    faults: dict[str, Mask]


@dataclass(frozen=True)
class DateOrderVotes:
    """How many dates of a column can be read day first only, month first only, or both ways.

    Votes of parts of a column add up to the votes of the column.
    """

    day_first: int = 0
    month_first: int = 0
    either: int = 0

    def __add__(self, other: DateOrderVotes) -> DateOrderVotes:
        return DateOrderVotes(
            self.day_first + other.day_first, self.month_first + other.month_first, self.either + other.either
        )

    @property
    def decision(self) -> DateOrder | None:
        """``dmy`` or ``mdy`` where some date decides and none speaks against it, else None.

        Examples
        --------
        >>> DateOrderVotes(day_first=2, either=9).decision
        'dmy'
        """
        if self.day_first and not self.month_first:
            return "dmy"
        return "mdy" if self.month_first and not self.day_first else None


def date_order_votes(cells: pa.Array | pa.ChunkedArray) -> DateOrderVotes:
    """Count the dates of a column that decide between day first and month first.

    Examples
    --------
    >>> date_order_votes(pa.array(["3/4/2020", "25/12/2019", "2020-01-31"]))
    DateOrderVotes(day_first=1, month_first=0, either=1)
    """
    array = flatten(cells)
    if not is_text(array.type):
        return DateOrderVotes()
    rows = as_mask(pc.match_substring_regex(array, r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}"))
    positions = np.flatnonzero(rows)
    votes = [0, 0, 0]
    for item in array.take(pa.array(positions)).value_counts().to_pylist():
        is_dmy = read_instant(item["values"], date_order="dmy").microseconds is not None
        is_mdy = read_instant(item["values"], date_order="mdy").microseconds is not None
        is_open = read_instant(item["values"]).code == "date_order_unknown"
        if is_open:
            votes[2 if is_dmy and is_mdy else 0 if is_dmy else 1] += int(item["counts"])
    return DateOrderVotes(*votes)


def parse_instants(
    cells: pa.Array | pa.ChunkedArray,
    *,
    platform: str | None = None,
    observed_at: datetime | pa.Array | None = None,
    date_order: DateOrder | None = None,
    tz: str | None = None,
) -> ParsedInstants:
    """Read a column of dates and date-times.

    Parameters
    ----------
    cells
        Text, whole numbers (days as YYYYMMDD, seconds to nanoseconds since 1970, by length), timestamps or dates.
    platform
        Dates before its first day are ``date_before_platform``.
    observed_at
        Dates more than 24 hours later are ``date_in_future``; one instant, or an Arrow array of timestamps in
        microseconds with one a row, null = not known.
    date_order
        What 3/4/2020 means in this column (`date_order_votes`); None: such dates are ``date_order_unknown``.
    tz
        Zone of date-times that name none; None: UTC, counted ``timezone_assumed``.

    Returns
    -------
    ParsedInstants
        timestamp[us, UTC] values and precision, shape (n,).

    Examples
    --------
    >>> parse_instants(pa.array(["2019-08-08T10:00:00+07:00"])).values.to_pylist()[0].isoformat()
    '2019-08-08T03:00:00+00:00'
    """
    zone = None if tz is None else zone_named(tz)
    raw = _read(flatten(cells), date_order, zone)
    too_early = raw.known & (raw.microseconds < _first_microsecond(platform))
    too_late = raw.known & (raw.microseconds > _last_microseconds(observed_at, len(raw.known)))
    faults = {code: rows & ~too_early & ~too_late for code, rows in raw.faults.items()}
    faults = {code: rows for code, rows in faults.items() if rows.any()}
    add_fault(faults, "date_before_platform", too_early)
    add_fault(faults, "date_in_future", too_late)
    missing = ~raw.known | too_early | too_late
    values = pa.array(np.where(missing, 0, raw.microseconds), mask=missing).cast(_INSTANT)
    words = pa.array(["second", "day"], pa.large_string())
    precision = words.take(pa.array(raw.is_day.astype(np.int8), mask=missing))
    return ParsedInstants(values, faults, precision)


def _first_microsecond(platform: str | None) -> int:
    known = PLATFORMS.get(platform) if platform is not None else None
    return to_microseconds(_FIRST_DAY if known is None else known.first_day)


def _last_microseconds(observed_at: datetime | pa.Array | None, n: int) -> NDArray[np.int64]:
    last = to_microseconds(_LAST_INSTANT) - 1
    if observed_at is None:
        return np.full(n, last)
    if isinstance(observed_at, datetime):
        return np.full(n, to_microseconds(observed_at) + _TOLERANCE)
    seen = np.asarray(pc.fill_null(pc.cast(observed_at, pa.int64()), _FAR).to_numpy(zero_copy_only=False))
    return np.where(seen == _FAR, last, seen + _TOLERANCE)


def _read(array: pa.Array, date_order: DateOrder | None, zone: tzinfo | None) -> _Raw:
    n = len(array)
    if pa.types.is_timestamp(array.type):
        return _read_timestamps(array, zone)
    if pa.types.is_date(array.type):
        known = is_known(array)
        days = np.asarray(pc.fill_null(array.cast(pa.date32()).cast(pa.int32()), 0).to_numpy(zero_copy_only=False))
        return _Raw(days.astype(np.int64) * MICROSECONDS_PER_DAY, known, np.ones(n, np.bool_), {})
    if pa.types.is_integer(array.type):
        array = array.cast(pa.large_string())
    elif is_number(array.type):
        return _read_floats(array, date_order, zone)
    if is_text(array.type):
        return _read_texts(array, date_order, zone)
    faults: dict[str, Mask] = {}
    add_fault(faults, "bad_date", is_known(array))
    return _Raw(np.zeros(n, np.int64), np.zeros(n, np.bool_), np.zeros(n, np.bool_), faults)


def _read_floats(numbers: pa.Array, date_order: DateOrder | None, zone: tzinfo | None) -> _Raw:
    """Whole numbers are read as whole numbers; whoever wrote a fraction meant something else."""
    floats = as_floats(numbers)
    known = ~np.isnan(floats)
    is_whole = known & (np.abs(floats) < 2**62) & (floats == np.floor(floats))
    whole = pa.array(np.where(is_whole, floats, 0).astype(np.int64), mask=~is_whole)
    raw = _read_texts(whole.cast(pa.large_string()), date_order, zone)
    add_fault(raw.faults, "bad_date", known & ~is_whole)
    return raw


def _read_timestamps(array: pa.Array, zone: tzinfo | None) -> _Raw:
    known = is_known(array)
    ticks = np.asarray(pc.fill_null(array.cast(pa.int64()), 0).to_numpy(zero_copy_only=False))
    per_microsecond = {"s": 1_000_000, "ms": 1_000, "us": 1}.get(array.type.unit)
    if per_microsecond is None:
        microseconds = ticks // 1000
    else:
        limit = _FAR // per_microsecond
        microseconds = np.clip(ticks, -limit, limit) * per_microsecond
    faults: dict[str, Mask] = {}
    if array.type.tz is None:
        microseconds = _to_utc(microseconds, known, zone, faults)
    return _Raw(microseconds, known, np.zeros(len(array), np.bool_), faults)


def _to_utc(local: NDArray[np.int64], rows: Mask, zone: tzinfo | None, faults: dict[str, Mask]) -> NDArray[np.int64]:
    """Take local times of the given rows to UTC; without a zone they are taken as UTC and counted."""
    if zone is None:
        add_fault(faults, "timezone_assumed", rows)
        return local
    minutes = fixed_minutes(zone)
    if minutes is not None:
        return np.where(rows, local - minutes * 60_000_000, local)
    distinct, which = np.unique(local, return_inverse=True)
    offsets = np.array([offset_at(zone, int(instant)) for instant in distinct], dtype=np.int64)
    return np.where(rows, local - offsets[which], local) if distinct.size else local


def _read_texts(texts: pa.Array, date_order: DateOrder | None, zone: tzinfo | None) -> _Raw:
    n = len(texts)
    layouts = read_layouts(texts)
    faults: dict[str, Mask] = {}
    microseconds = _to_utc(layouts.microseconds, layouts.is_naive, zone, faults)
    known, is_day = layouts.is_read, layouts.is_day
    rest = is_known(texts) & ~known & ~_read_epochs(texts, microseconds, known)
    found, which, positions = read_distinct(
        texts, rest, lambda text: read_instant(text, date_order=date_order, zone=zone)
    )
    if found:
        microseconds[positions] = np.array([cell.microseconds or 0 for cell in found], dtype=np.int64)[which]
        known[positions] = np.array([cell.microseconds is not None for cell in found])[which]
        is_day[positions] = np.array([cell.precision == "day" for cell in found])[which]
    for code, rows in faults_of(found, which, positions, n).items():
        add_fault(faults, code, rows)
    return _Raw(microseconds, known, is_day, faults)


def _read_epochs(texts: pa.Array, microseconds: NDArray[np.int64], known: Mask) -> Mask:
    """Read numbers of 10, 13, 16 and 19 digits into the arrays; return their rows."""
    lengths = np.asarray(pc.fill_null(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False))
    is_epoch = as_mask(pc.ascii_is_decimal(texts)) & np.isin(lengths, (10, 13, 16, 19))
    positions = np.flatnonzero(is_epoch)
    if positions.size:
        numbers = np.asarray(texts.take(pa.array(positions)).cast(pa.uint64()).to_numpy())
        digits = lengths[positions]
        scaled = np.where(digits == 19, numbers // 1000, numbers).astype(np.int64)
        microseconds[positions] = scaled * 10 ** np.where(digits == 10, 6, np.where(digits == 13, 3, 0))
        known[positions] = True
    return is_epoch
