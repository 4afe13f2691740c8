"""ReadingPlan: everything that a first pass over a source settles, so that batches decide nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Self

from botscan.accounts import CellSettings
from botscan.cells.dates import DateOrder
from botscan.notes import Note
from botscan.schema import RecordKind

PLAN_VERSION = 3

Holds = Literal["table", "json", "parquet", "workbook", "lines"]


@dataclass(frozen=True)
class ReadingPlan:
    """How one source is read, and what it holds.

    Attributes
    ----------
    source
        Name of the source, as the caller gave it.
    format
        Name of the format declaration.
    holds
        ``table`` (delimited text), ``json``, ``parquet``, ``workbook`` (Excel) or ``lines`` (one handle or id a line).
    encoding
        Codec of the text; None for Parquet.
    named_encoding
        Codec that the caller named, which makes bad bytes an error; None when they are repaired.
    delimiter
        Of a delimited table.
    framing
        Of JSON: ``lines``, ``values`` or ``script``.
    headers
        Header of a table, as it stands in the file; empty for JSON.
    columns
        Canonical column to header or key, in schema order.
    column_map
        What the caller named: canonical column to header, key or path.
    negated
        Canonical flags whose source says the opposite.
    platform
        Platform of the list.
    observed_at
        When the list was seen, from the caller; fills rows that do not say it.
    date_orders
        Canonical column to ``dmy`` or ``mdy`` for dates such as 3/4/2020.
    tz
        Zone of date-times that name none.
    list_order
        ``newest_first``, ``oldest_first`` or ``unknown``; in a draft, what the caller named.
    complete
        Whether the source says that the list is whole; None when it does not tell.
    rows
        Records in the source.
    coverage
        Share of records that are not rejected for which each canonical column is known, in schema order.
    ignored_columns
        Header names or keys that no canonical column stands for; the first 100.
    notes
        What a reader of the result should know.
    kind
        Kind of the records.
    subject
        Account whose followers these are, or whose posts, when the source tells.
    is_lookup
        Whether these are profiles that were looked up for a list in another part of the source.
    zone_fault_hours
        Hours by which creation dates run ahead of UTC although they pass for it; 0 where nothing shows that.
    has_creation_days
        Whether creation dates are days, although midnight stands beside them.
    is_1904
        Whether a workbook counts days from 1904.
    blank_is_false
        Flags in whose column a blank means no.
    named_format
        Format that the caller named; None where it was recognised.

    Examples
    --------
    >>> plan = ReadingPlan("list.csv", "generic", "table", columns={"handle": "Username"}, platform="twitter", rows=2)
    >>> ReadingPlan.from_dict(plan.to_dict()) == plan
    True
    """

    source: str
    format: str
    holds: Holds
    encoding: str | None = None
    named_encoding: str | None = None
    delimiter: str | None = None
    framing: str | None = None
    headers: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    column_map: Mapping[str, str] = field(default_factory=dict)
    negated: tuple[str, ...] = ()
    platform: str | None = None
    observed_at: datetime | None = None
    date_orders: Mapping[str, DateOrder] = field(default_factory=dict)
    tz: str | None = None
    list_order: str = "unknown"
    complete: bool | None = None
    rows: int = 0
    coverage: Mapping[str, float] = field(default_factory=dict)
    ignored_columns: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    kind: RecordKind = "accounts"
    subject: str | None = None
    is_lookup: bool = False
    zone_fault_hours: int = 0
    has_creation_days: bool = False
    is_1904: bool = False
    blank_is_false: tuple[str, ...] = ()
    named_format: str | None = None

    @property
    def settings(self) -> CellSettings:
        """How cells are typed."""
        return CellSettings(
            self.platform,
            self.observed_at,
            dict(self.date_orders),
            self.tz,
            zone_fault_hours=self.zone_fault_hours,
            has_creation_days=self.has_creation_days,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        values: dict[str, Any] = {"plan_version": PLAN_VERSION}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if isinstance(value, tuple):
                value = [item.to_dict() if isinstance(item, Note) else item for item in value]
            elif isinstance(value, Mapping):
                value = dict(value)
            elif isinstance(value, datetime):
                value = value.astimezone(UTC).isoformat()
            values[name] = value
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the plan that `to_dict` wrote.

        Raises
        ------
        ValueError
            The values are of another version, or are no plan.
        """
        known = dict(values)
        if known.pop("plan_version", None) != PLAN_VERSION or set(known) != set(cls.__dataclass_fields__):
            raise ValueError(f"these values are no reading plan of version {PLAN_VERSION}")
        for name in ("headers", "negated", "ignored_columns", "blank_is_false"):
            known[name] = tuple(known[name])
        known["notes"] = tuple(Note(**note) for note in known["notes"])
        if known["observed_at"] is not None:
            known["observed_at"] = datetime.fromisoformat(known["observed_at"])
        return cls(**known)
