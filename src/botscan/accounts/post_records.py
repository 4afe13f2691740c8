"""PostRecords: one batch of posts, typed, one row a record, nothing merged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from botscan.accounts.id_dates import post_dates_from_ids
from botscan.accounts.rows import Faults, RowRecords, TypedCells, fill_owner, name_owner, type_cells
from botscan.accounts.settings import CellSettings
from botscan.cells.instants import to_microseconds
from botscan.cells.parsed import Mask, as_mask, is_known
from botscan.schema import POST_COLUMNS


@dataclass(frozen=True, eq=False)
class PostRecords(RowRecords):
    """One batch of posts in canonical columns, in the order of the source; ``account_id`` and ``post_id`` always."""


def make_posts(
    raw: pa.Table,
    *,
    row_numbers: NDArray[np.int64],
    settings: CellSettings,
    reject_reasons: pa.Array | None = None,
    faults: Faults | None = None,
    lines: NDArray[np.int64] | None = None,
    account_id: str | None = None,
) -> PostRecords:
    """Type the cells of one batch of posts.

    A post without a date gets the one that its id carries (X and TikTok). A record with neither id, date nor text is
    rejected as ``no_identity``, or as ``id_damaged`` where it had an id that was broken.

    Parameters
    ----------
    raw
        Canonical post columns (others are refused); cells text or typed. Null = unknown, an empty text = a post
        without words.
    row_numbers
        Record number in the source, counted from 1, shape (n,).
    settings
        What the first pass decided; posts dated more than a day after its ``observed_at`` lose their date.
    reject_reasons
        Why the reader already rejected a record; null = fine.
    faults
        Faults that the reader saw itself: a number of cells, or the rows (bool, shape (n,)).
    lines
        Line of the file where each record begins.
    account_id
        Account whose archive it is, id or handle: it made the posts that name no account.

    Raises
    ------
    SchemaError
        A column of `raw` is not canonical.

    Examples
    --------
    >>> raw = pa.table({"post_id": ["1000000000000000000", ""], "likes_count": ["1,2 rb", "5"]})
    >>> posts = make_posts(raw, row_numbers=np.array([1, 2]), settings=CellSettings(platform="twitter"), account_id="7")
    >>> posts.table["posted_at"].to_pylist()[0].isoformat(timespec="minutes"), posts.reject_reasons.to_pylist()
    ('2018-05-25T13:05+00:00', [None, 'no_identity'])
    """
    n = raw.num_rows
    typed = type_cells(raw, "posts", settings)
    columns, masks = typed.columns, typed.masks
    columns.setdefault("post_id", pa.nulls(n, pa.large_string()))
    is_filled = fill_owner(typed, n, name_owner(account_id, settings.platform), faults)
    columns.setdefault("account_id", pa.nulls(n, pa.large_string()))
    is_dated = _date_by_ids(columns, settings, n)
    given = pa.nulls(n, pa.string()) if reject_reasons is None else reject_reasons.cast(pa.string())
    reasons = pc.coalesce(given, _no_post(typed, n))
    masks["account_id", "post_account_filled"] = is_filled
    masks["account_id", "post_account_unknown"] = ~is_known(columns["account_id"])
    masks["posted_at", "posted_at_from_id"] = is_dated
    for name in ("account_id", "post_id"):
        if (name, "id_damaged") in masks:
            # Posts have no handle beside their ids, as the sentence for accounts says.
            masks[name, "id_left_empty"] = masks.pop((name, "id_damaged"))
    alive = ~is_known(reasons)
    return PostRecords(
        table=pa.table({column.name: columns[column.name] for column in POST_COLUMNS if column.name in columns}),
        row_numbers=np.asarray(row_numbers, dtype=np.int64),
        reject_reasons=reasons,
        faults=typed.count_faults(alive, faults),
        widest_rounding=typed.widest_rounding(alive),
        lines=lines,
        platform=settings.platform,
    )


def _date_by_ids(columns: dict[str, pa.Array], settings: CellSettings, n: int) -> Mask:
    """Fill missing dates from post ids where they carry one, and return the rows that got one."""
    seen = None
    if settings.observed_at is not None:
        seen = pa.repeat(pa.scalar(to_microseconds(settings.observed_at), pa.int64()), n).cast(
            pa.timestamp("us", "UTC")
        )
    from_ids = post_dates_from_ids(columns["post_id"], settings.platform, seen).values
    if "posted_at" not in columns and from_ids.null_count == n:
        return np.zeros(n, dtype=np.bool_)
    stated = columns.get("posted_at", pa.nulls(n, from_ids.type))
    columns["posted_at"] = pc.coalesce(stated, from_ids)
    return is_known(from_ids) & ~is_known(stated)


def _no_post(typed: TypedCells, n: int) -> pa.Array:
    """Return why a record is no post: nothing in it tells it from any other; else null."""
    columns = typed.columns
    is_something = is_known(columns["post_id"])
    if "posted_at" in columns:
        is_something |= is_known(columns["posted_at"])
    if "text" in columns:
        is_something |= as_mask(pc.not_equal(columns["text"], ""))
    is_damaged = typed.masks.get(("post_id", "id_damaged"), np.zeros(n, dtype=np.bool_))
    return pa.array(np.where(is_damaged, "id_damaged", "no_identity"), pa.string(), mask=is_something)
