"""Drafts: what the caller and the recognition settle before the first record is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from botscan.accounts.settings import check_platform
from botscan.cells.dates import DateOrder, read_instant
from botscan.cells.zones import zone_named
from botscan.errors import FormatError, SchemaError
from botscan.notes import Note
from botscan.readers.choose import Wishes
from botscan.readers.containers.files import Limits
from botscan.readers.opening import Group, OpenedList, SourceLike, opened_list
from botscan.readers.plan import ReadingPlan
from botscan.schema import COLUMNS_OF, RecordKind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ReadingWords(TypedDict, total=False):
    """What the caller may know better than the source; None, or left out, is settled by the source.

    Attributes
    ----------
    platform
        Platform of the list, where the source does not tell.
    format
        Name of a format, to be sure that it is this one, or to read a list of another kind all the same.
    observed_at
        When the list was seen; fills rows that do not say it. Without zone: UTC.
    column_map
        Canonical column to header, key or path (``public_metrics.followers_count``); goes before everything else.
    encoding
        Codec of the text; bad bytes are an error then. None: UTF-8, or what a byte order mark says, bad bytes replaced
        and counted.
    date_order
        ``dmy`` or ``mdy``, for dates such as 3/4/2020; None: settled column by column where a date decides.
    tz
        Zone of date-times that name none, for instance ``Asia/Jakarta``; None: UTC, counted.
    follow_order
        ``newest`` or ``oldest``: the follower that a list of accounts begins with; its order is the follow order then,
        and goes before follow times. Refused for a list that has ranks or an order of its own.
    """

    platform: str | None
    format: str | None
    observed_at: datetime | None
    column_map: Mapping[str, str] | None
    encoding: str | None
    date_order: str | None
    tz: str | None
    follow_order: str | None


@dataclass(frozen=True)
class ReadingOptions:
    """`ReadingWords` as one value."""

    platform: str | None = None
    format: str | None = None
    observed_at: datetime | None = None
    column_map: Mapping[str, str] | None = None
    encoding: str | None = None
    date_order: str | None = None
    tz: str | None = None
    follow_order: str | None = None

    def __post_init__(self) -> None:
        for name, example in _EXAMPLES.items():
            value: object = getattr(self, name)
            if value is not None and not isinstance(value, str):
                raise SchemaError(
                    f"{name} is of type {type(value).__name__}, wanted text.", remedy=f"Write it as {example!r}."
                )
        _check_map(self.column_map)


#: Options that are words, with one that could stand there.
_EXAMPLES = {
    "format": "twitter_v2",
    "encoding": "cp1252",
    "date_order": "dmy",
    "tz": "Asia/Jakarta",
    "follow_order": "newest",
}


def _check_map(column_map: object) -> None:
    """Refuse what does not lead from names of columns to headers."""
    if column_map is None:
        return
    if not isinstance(column_map, Mapping):
        raise SchemaError(
            f"column_map is of type {type(column_map).__name__}, wanted a dict of canonical column and header.",
            remedy=_MAP_EXAMPLE,
        )
    for column, header in column_map.items():
        for part, value in (("a column", column), ("a header", header)):
            if not isinstance(value, str):
                raise SchemaError(
                    f"column_map holds {part} of type {type(value).__name__}, wanted text.", remedy=_MAP_EXAMPLE
                )


_MAP_EXAMPLE = "Write it as {'followers_count': 'Pengikut'}."


@contextmanager
def reading_list(source: SourceLike, options: ReadingOptions, kind: RecordKind, limits: Limits) -> Iterator[OpenedList]:
    """Open a list; where memory runs out, say what needs less of it."""
    if options.tz is not None:
        zone_named(options.tz)
    wishes = Wishes(kind, options.format, options.encoding, dict(options.column_map or {}))
    with opened_list(source, wishes, limits=limits) as opened:
        try:
            yield opened
        except MemoryError as error:
            raise FormatError(
                "There is not enough memory for this list.",
                source=opened.name,
                remedy="Score it with `botscan score`, which reads piece by piece, or split it.",
            ) from error


def make_draft(group: Group, options: ReadingOptions, kind: RecordKind) -> ReadingPlan:
    """Check the options, and write down what they and the recognition say."""
    source, recognised = group.parts[0]
    platform = None if options.platform is None else check_platform(options.platform, source=source.name)
    observed_at = options.observed_at or _moment(group.about.observed_at)
    if observed_at is not None and observed_at.tzinfo is None:
        observed_at = observed_at.replace(tzinfo=UTC)
    notes = list(group.notes)
    signature = recognised.format.platform
    if None not in (platform, signature) and platform != signature:
        notes.append(Note("platform_option_ignored", numbers={"named": str(platform), "found": str(signature)}))
    return ReadingPlan(
        source=source.name,
        format=recognised.format.name,
        holds=recognised.holds,
        encoding=None if recognised.encoding is None else recognised.encoding.name,
        named_encoding=options.encoding,
        delimiter=recognised.delimiter,
        framing=recognised.framing,
        headers=recognised.headers,
        column_map=dict(options.column_map or {}),
        platform=platform,
        observed_at=observed_at,
        date_orders=_date_orders(options.date_order, source.name, kind),
        tz=options.tz,
        list_order=_list_order(options.follow_order, source.name, kind),
        notes=tuple(notes),
        kind=kind,
        subject=group.about.subject,
        is_1904=recognised.is_1904,
        named_format=options.format,
    )


def _moment(said: str | int | None) -> datetime | None:
    """Read when an archive says that it was made."""
    cell = None if said is None else read_instant(str(said))
    return None if cell is None or cell.microseconds is None else _EPOCH + timedelta(microseconds=cell.microseconds)


def _list_order(named: str | None, source: str, kind: RecordKind) -> str:
    """Return the order of the list that the caller named."""
    if named is None:
        return "unknown"
    if named not in _LIST_ORDERS:
        raise FormatError(
            f"The follow order (--order) {named!r} is not known.", source=source, remedy="Use newest or oldest."
        )
    if kind != "accounts":
        raise FormatError("Only lists of accounts have a follow order.", source=source, remedy="Leave it out.")
    return _LIST_ORDERS[named]


_LIST_ORDERS = {"newest": "newest_first", "oldest": "oldest_first"}


def _date_orders(named: str | None, source: str, kind: RecordKind) -> dict[str, DateOrder]:
    """Return the order that the caller named, for every column of dates."""
    if named is None:
        return {}
    orders: dict[str, DateOrder] = {"dmy": "dmy", "mdy": "mdy"}
    if named not in orders:
        raise FormatError(f"The date order {named!r} is not known.", source=source, remedy="Use dmy or mdy.")
    return {one.name: orders[named] for one in COLUMNS_OF[kind].values() if one.kind == "instant"}
