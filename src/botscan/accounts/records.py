"""AccountRecords: one batch of records, typed, one row a record, nothing merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts.creation_dates import settle_creation_dates
from botscan.accounts.derive import derive_columns
from botscan.accounts.identity import identity_reasons, name_accounts
from botscan.accounts.settings import CellSettings, count_platforms, platform_named
from botscan.accounts.zone_votes import ZoneVotes
from botscan.cells.flags import parse_flags
from botscan.cells.handles import parse_handles
from botscan.cells.ids import parse_ids
from botscan.cells.instants import ParsedInstants, parse_instants, to_microseconds
from botscan.cells.numbers import ParsedCounts, parse_counts, parse_ratios
from botscan.cells.parsed import Mask, Parsed, as_mask, is_known
from botscan.cells.texts import MOST_NAME_CHARACTERS, MOST_TEXT_CHARACTERS, parse_texts, parse_words
from botscan.errors import Fault, SchemaError
from botscan.schema import ACCOUNT_COLUMN, ACCOUNT_COLUMNS, CREATED_AT_PRECISIONS, Column

#: Words for the status of an account.
STATUS_WORDS: dict[str, str] = {
    **dict.fromkeys(("active", "aktif", "ok"), "active"),
    **dict.fromkeys(("not found", "tidak ditemukan"), "not_found"),
    **dict.fromkeys(("suspended", "ditangguhkan", "dibekukan"), "suspended"),
    **dict.fromkeys(("deleted", "deactivated", "dihapus"), "deleted"),
    **dict.fromkeys(("unknown", "tidak diketahui"), "unknown"),
}
#: An account with one of these is gone: its record is rejected and listed by status.
GONE: tuple[str, ...] = ("not_found", "suspended", "deleted")

#: Columns that depend on others or that others depend on.
_READ_APART = frozenset({"platform", "observed_at", "created_at_precision"})
#: Texts in which nobody gives a name to something, so that NULL is a missing value.
_NOT_NAMES = frozenset({"location", "website"})

_Masks = dict[tuple[str, str], Mask]


@dataclass(frozen=True, eq=False)
class AccountRecords:
    """One batch of records in canonical columns, in the order of the source.

    Attributes
    ----------
    table
        Typed canonical columns in schema order; a rejected record is a row of nulls.
    row_numbers
        Record number in the source, counted from 1, shape (n,).
    reject_reasons
        One of `botscan.reading_report.REJECT_REASONS`, or null where the record is an account; string, shape (n,).
    faults
        (column, code) to the number of cells of living records.
    platforms
        Rows per platform as the ``platform`` column says, before any row was rejected.
    widest_rounding
        Column to the largest half-width of a rounded count (``7,5 jt`` stands for 50,000 either way).
    lines
        Line of the file where each record begins, shape (n,); None when not known.
    platform
        Platform of the list, as the settings say.
    gone_ids
        Id, or ``@`` and the handle, of each record that was rejected because its account is gone; null for all
        others; large_string, shape (n,). None when there is no such record.
    zone_votes
        How the creation dates that the source states differ from those of the ids.
    zone_fault_hours
        As in the settings.
    is_lookup
        Whether these are profiles that were looked up for a list which other batches hold; an account that stands in
        no list is then none of it.
    """

    table: pa.Table
    row_numbers: NDArray[np.int64]
    reject_reasons: pa.Array
    faults: Mapping[tuple[str, str], int] = field(default_factory=dict)
    platforms: Mapping[str, int] = field(default_factory=dict)
    widest_rounding: Mapping[str, int] = field(default_factory=dict)
    lines: NDArray[np.int64] | None = None
    platform: str | None = None
    gone_ids: pa.Array | None = None
    zone_votes: ZoneVotes = field(default_factory=ZoneVotes)
    zone_fault_hours: int = 0
    is_lookup: bool = False

    def __post_init__(self) -> None:
        n = self.table.num_rows
        if not len(self.row_numbers) == len(self.reject_reasons) == n:
            raise ValueError(f"{n} records, {len(self.row_numbers)} row numbers, {len(self.reject_reasons)} reasons")

    def __len__(self) -> int:
        return int(self.table.num_rows)


def make_records(
    raw: pa.Table,
    *,
    row_numbers: NDArray[np.int64],
    settings: CellSettings,
    reject_reasons: pa.Array | None = None,
    faults: Mapping[tuple[str, str], int | Mask] | None = None,
    lines: NDArray[np.int64] | None = None,
    is_lookup: bool = False,
) -> AccountRecords:
    """Type the cells of one batch.

    Parameters
    ----------
    raw
        Canonical column names (others are refused); cells text or typed. Null = unknown, an empty text in ``bio``
        or ``website`` = known to be empty. A column that the source lacks is absent here too, in every batch.
    row_numbers
        Record number in the source, counted from 1, shape (n,).
    settings
        What the first pass decided.
    reject_reasons
        Why the reader already rejected a record (``bad_json``, ...); null = fine. Their cells are ignored.
    faults
        Faults that the reader saw itself, for instance ``("bio", "text_repaired"): 3``: a number of cells, or the
        rows (bool, shape (n,)), of which the living ones are counted.
    lines
        Line of the file where each record begins.
    is_lookup
        Whether these are profiles that were looked up for a list in another part of the source.

    Raises
    ------
    SchemaError
        A column of `raw` is not canonical.

    Examples
    --------
    >>> raw = pa.table({"account_id": ["7", "1.1E+18"], "followers_count": ["12,3 rb", "5"]})
    >>> records = make_records(raw, row_numbers=np.array([1, 2]), settings=CellSettings(platform="twitter"))
    >>> records.table["followers_count"].to_pylist(), records.reject_reasons.to_pylist()
    ([12300, None], [None, 'id_damaged'])
    """
    _refuse_other_columns(raw)
    n = raw.num_rows
    given = pa.nulls(n, pa.string()) if reject_reasons is None else reject_reasons.cast(pa.string())
    masks: _Masks = {}
    platforms, other_platform = _read_platforms(raw, settings, given, masks)
    columns, rounding = _read_columns(raw, settings, masks)
    votes = _settle_created_at(columns, settings, masks)
    for name, rows in derive_columns(columns).items():
        masks[name, "derived_differs"] = rows
    columns["account_id"] = name_accounts(columns, np.asarray(row_numbers), masks)

    reasons = pc.coalesce(given, other_platform, _gone(columns, n), identity_reasons(columns["account_id"], masks))
    alive = ~is_known(reasons)
    counted: dict[tuple[str, str], int] = {}
    seen: list[tuple[tuple[str, str], int | Mask]] = [*(faults or {}).items(), *masks.items()]
    for key, cells in seen:
        count = int(np.count_nonzero(cells & alive)) if isinstance(cells, np.ndarray) else cells
        if count:
            counted[key] = counted.get(key, 0) + count
    return AccountRecords(
        table=_living_rows(columns, platforms, settings.platform, alive),
        row_numbers=np.asarray(row_numbers, dtype=np.int64),
        reject_reasons=reasons,
        faults=counted,
        platforms={} if platforms is None else count_platforms(platforms.filter(pa.array(~is_known(given)))),
        widest_rounding={
            name: int(halves[alive].max(initial=0)) for name, halves in rounding.items() if halves[alive].any()
        },
        lines=lines,
        platform=settings.platform,
        gone_ids=_ids_of_gone(columns["account_id"], reasons),
        zone_votes=votes,
        zone_fault_hours=settings.zone_fault_hours,
        is_lookup=is_lookup,
    )


def _refuse_other_columns(raw: pa.Table) -> None:
    others = [name for name in raw.column_names if name not in ACCOUNT_COLUMN]
    if others:
        raise SchemaError(
            f"{len(others)} columns are not canonical.",
            faults=[Fault(name, "not_canonical", raw.num_rows, None, "a canonical column name") for name in others],
            remedy="`botscan columns` lists the canonical names.",
        )


def _read_platforms(
    raw: pa.Table, settings: CellSettings, given: pa.Array, masks: _Masks
) -> tuple[pa.Array | None, pa.Array]:
    """Return the platform that each row names, if there is such a column, and the reasons of rows of other ones."""
    n = raw.num_rows
    none = pa.nulls(n, pa.string())
    if "platform" not in raw.column_names:
        return None, none
    parsed = parse_words(raw["platform"])
    masks.update({("platform", code): rows for code, rows in parsed.faults.items()})
    words = parsed.values.dictionary_encode()
    names = pa.array([platform_named(word) for word in words.dictionary.to_pylist()], pa.large_string())
    platforms = names.take(words.indices)
    if settings.platform is None:
        return platforms, none
    is_other = as_mask(pc.not_equal(platforms, settings.platform)) & ~is_known(given)
    return platforms, pa.array(np.full(n, "other_platform"), pa.string(), mask=~is_other)


def _read_columns(
    raw: pa.Table, settings: CellSettings, masks: _Masks
) -> tuple[dict[str, pa.Array], dict[str, NDArray[np.int64]]]:
    """Type every column but the platform; return them with the half-widths of rounded counts."""
    columns: dict[str, pa.Array] = {}
    rounding: dict[str, NDArray[np.int64]] = {}
    observed_at = _read_observed_at(raw, settings, masks)
    if observed_at is not None:
        columns["observed_at"] = observed_at
    for column in ACCOUNT_COLUMNS:
        if column.name not in raw.column_names or column.name in _READ_APART:
            continue
        parsed = _parse(column, raw[column.name], settings, observed_at)
        masks.update({(column.name, code): rows for code, rows in parsed.faults.items()})
        columns[column.name] = parsed.values
        if isinstance(parsed, ParsedCounts) and parsed.widest_rounding:
            rounding[column.name] = parsed.half_widths
        if column.name == "created_at" and isinstance(parsed, ParsedInstants):
            columns["created_at_precision"] = _settle_precision(raw, parsed, settings, masks)
    return columns, rounding


def _read_observed_at(raw: pa.Table, settings: CellSettings, masks: _Masks) -> pa.Array | None:
    """Return when each row was seen: its own cell, else the argument; None when neither exists."""
    n = raw.num_rows
    argument = None
    if settings.observed_at is not None:
        moment = pa.scalar(to_microseconds(settings.observed_at), pa.int64())
        argument = moment.cast(pa.timestamp("us", tz="UTC"))
    if "observed_at" not in raw.column_names:
        return None if argument is None else pa.repeat(argument, n)
    parsed = parse_instants(
        raw["observed_at"],
        platform=settings.platform,
        date_order=settings.date_orders.get("observed_at"),
        tz=settings.tz,
    )
    masks.update({("observed_at", code): rows for code, rows in parsed.faults.items()})
    return parsed.values if argument is None else pc.fill_null(parsed.values, argument)


def _parse(column: Column, cells: pa.ChunkedArray, settings: CellSettings, observed_at: pa.Array | None) -> Parsed:
    if column.kind == "id":
        return parse_ids(cells, platform=settings.platform)
    if column.kind == "handle":
        return parse_handles(cells)
    if column.kind == "text":
        most = MOST_TEXT_CHARACTERS if column.name == "bio" else MOST_NAME_CHARACTERS
        return parse_texts(cells, most=most, is_name=column.name not in _NOT_NAMES)
    if column.kind == "count":
        return parse_counts(cells)
    if column.kind == "ratio":
        return parse_ratios(cells)
    if column.kind == "flag":
        return parse_flags(cells)
    if column.kind == "instant":
        return parse_instants(
            cells,
            platform=settings.platform,
            observed_at=observed_at,
            date_order=settings.date_orders.get(column.name),
            tz=settings.tz,
        )
    if column.name == "account_status":
        return parse_words(cells, STATUS_WORDS)
    return parse_words(cells)


def _settle_precision(raw: pa.Table, created_at: ParsedInstants, settings: CellSettings, masks: _Masks) -> pa.Array:
    """Return the precision of each creation date; what the source states wins: a day may be written as midnight."""
    read = created_at.precision
    if settings.has_creation_days:
        read = pc.if_else(read.is_valid(), pa.scalar("day", read.type), read)
    if "created_at_precision" not in raw.column_names:
        return read
    stated = parse_words(raw["created_at_precision"], {word: word for word in CREATED_AT_PRECISIONS})
    masks.update({("created_at_precision", code): rows for code, rows in stated.faults.items()})
    settled = pc.coalesce(stated.values, read)
    return pc.if_else(created_at.values.is_valid(), settled, pa.scalar(None, settled.type))


def _settle_created_at(columns: dict[str, pa.Array], settings: CellSettings, masks: _Masks) -> ZoneVotes:
    """Fill and mend the creation dates by the ids, where these say something."""
    settled = settle_creation_dates(columns, settings)
    if settled is None:
        return ZoneVotes()
    columns["created_at"], columns["created_at_precision"] = settled.values, settled.precision
    for code, rows in settled.faults.items():
        masks["created_at", code] = masks.get(("created_at", code), False) | rows
    return settled.votes


def _gone(columns: Mapping[str, pa.Array], n: int) -> pa.Array:
    """Return the status of accounts that are gone, as a reason; else null."""
    if "account_status" not in columns:
        return pa.nulls(n, pa.string())
    status = columns["account_status"]
    is_gone = pc.is_in(status, value_set=pa.array(GONE, pa.large_string()))
    return pc.if_else(is_gone, status, pa.scalar(None, status.type)).cast(pa.string())


def _ids_of_gone(ids: pa.Array, reasons: pa.Array) -> pa.Array | None:
    """Return the ids of accounts that are gone; None where there are none."""
    is_gone = pc.is_in(reasons, value_set=pa.array(GONE, reasons.type))
    return pc.if_else(is_gone, ids, pa.scalar(None, ids.type)) if as_mask(is_gone).any() else None


def _living_rows(
    columns: Mapping[str, pa.Array], platforms: pa.Array | None, platform: str | None, alive: Mask
) -> pa.Table:
    """Put the columns in schema order and blank the rows that were rejected."""
    everyone = bool(alive.all())
    keep = pa.array(alive)
    arrays: dict[str, pa.Array] = {}
    for column in ACCOUNT_COLUMNS:
        if column.name == "platform":
            named = _platform_column(platforms, platform, alive)
            if named is not None:
                arrays["platform"] = named
        elif column.name in columns:
            array = columns[column.name]
            arrays[column.name] = array if everyone else pc.if_else(keep, array, pa.scalar(None, array.type))
    return pa.table(arrays)


def _platform_column(platforms: pa.Array | None, platform: str | None, alive: Mask) -> pa.Array | None:
    """Return the platform of living rows as a dictionary column; None when nothing names a platform."""
    if platform is not None:
        names = pa.array([platform], pa.large_string())
        return pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(alive), np.int32), mask=~alive), names)
    if platforms is None:
        return None
    living = pc.if_else(pa.array(alive), platforms, pa.scalar(None, pa.large_string()))
    return living.dictionary_encode()
