"""Columns: a view of one batch of accounts as numpy arrays, decoded once and shared by all features."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.arrow_text import TextColumn
from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.errors import SchemaError

_INSTANT = pa.timestamp("us", tz="UTC")


class Columns:
    """One batch of accounts; each column is decoded when first asked for and kept.

    An absent column reads like one that is null in every row. Callers must not write into the arrays.

    Parameters
    ----------
    batch
        Table or record batch in canonical columns with the types of `botscan.schema`, n rows.

    Examples
    --------
    >>> columns = Columns(pa.table({"posts_count": [3, None], "has_avatar": [True, False]}))
    >>> columns.count("posts_count").tolist(), columns.flag("has_avatar").tolist()
    ([3.0, nan], [1.0, 0.0])
    """

    def __init__(self, batch: pa.Table | pa.RecordBatch) -> None:
        self._batch = batch
        self._names = frozenset(batch.schema.names)
        self._numbers: dict[str, NDArray[np.float64]] = {}
        self._texts: dict[str, TextColumn] = {}
        self._age_days: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return int(self._batch.num_rows)

    def count(self, name: str) -> NDArray[np.float64]:
        """Return a column of counts or ratios; float64, shape (n,), NaN where unknown."""
        return self._number(name, wanted="a number")

    def flag(self, name: str) -> NDArray[np.float64]:
        """Return a column of flags as 1.0 (true) and 0.0 (false); float64, shape (n,), NaN where unknown."""
        return self._number(name, wanted="a flag")

    def text(self, name: str) -> TextColumn:
        """Return the bytes of a text column, n rows."""
        if name not in self._texts:
            try:
                self._texts[name] = TextColumn.from_arrow(self._column(name))
            except TypeError as error:
                raise _wrong_type(name, self._column(name).type, "text") from error
        return self._texts[name]

    def is_bio_known(self) -> NDArray[np.bool_]:
        """Whether each bio is known, shape (n,): a bio known to be empty is null with length 0."""
        return self.text("bio").is_valid | (self.count("bio_length") == 0)

    def age_days(self) -> NDArray[np.float64]:
        """Return ``observed_at - created_at`` in days; float64, shape (n,), >= 0, NaN where unknown.

        An account may seem made up to 24 hours after it was seen (time zones, clocks): its age is 0. Later than
        that the date is not believed and the age is unknown.
        """
        if self._age_days is None:
            days = self._days_until_seen("created_at")
            self._age_days = np.where(days >= -1.0, np.maximum(days, 0.0), np.nan)
        return self._age_days

    def days_since_last_post(self) -> NDArray[np.float64]:
        """Return ``observed_at - last_post_at`` in days; float64, shape (n,), NaN where unknown."""
        return self._days_until_seen("last_post_at")

    def days_between(self, earlier: str, later: str) -> NDArray[np.float64]:
        """Return ``later - earlier`` of two instants in days; float64, shape (n,), NaN where one is unknown."""
        first, last = self._instant(earlier), self._instant(later)
        is_known = pc.and_(pc.is_valid(first), pc.is_valid(last)).to_numpy(zero_copy_only=False)
        return np.where(is_known, (_microseconds(last) - _microseconds(first)) / MICROSECONDS_PER_DAY, np.nan)

    def _days_until_seen(self, name: str) -> NDArray[np.float64]:
        return self.days_between(name, "observed_at")

    def _column(self, name: str) -> pa.Array | pa.ChunkedArray:
        return self._batch.column(name) if name in self._names else pa.nulls(len(self))

    def _array(self, name: str) -> pa.Array:
        column = self._column(name)
        return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column

    def _number(self, name: str, *, wanted: str) -> NDArray[np.float64]:
        if name not in self._numbers:
            column = self._array(name)
            kind = column.type
            is_flag, is_null = pa.types.is_boolean(kind), pa.types.is_null(kind)
            is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
            if not (is_null or (is_flag if wanted == "a flag" else is_number)):
                raise _wrong_type(name, kind, wanted)
            if not is_number:
                column = column.cast(pa.float64())
            # Arrow gives whole numbers as float64 with NaN where some are null, else as they are.
            numbers = column.to_numpy(zero_copy_only=False)
            self._numbers[name] = numbers.astype(np.float64, copy=False)
        return self._numbers[name]

    def _instant(self, name: str) -> pa.Array:
        column = self._array(name)
        kind = column.type
        if not (pa.types.is_timestamp(kind) or pa.types.is_null(kind)):
            raise _wrong_type(name, kind, "an instant")
        return column if kind == _INSTANT else column.cast(_INSTANT, safe=False)


def _microseconds(instants: pa.Array) -> NDArray[np.int64]:
    """Microseconds since 1970 of each instant; where null, any number."""
    return np.asarray(pc.fill_null(instants.cast(pa.int64()), 0).to_numpy(zero_copy_only=False))


def _wrong_type(name: str, found: pa.DataType, wanted: str) -> SchemaError:
    return SchemaError(
        f"The column holds {found}, wanted {wanted}.",
        column=name,
        remedy="Read the list with read_accounts, or make an AccountTable of the frame first.",
    )
