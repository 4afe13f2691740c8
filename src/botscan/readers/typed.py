"""From raw cells to canonical columns: the plan's names, flags turned round, blanks that mean no."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from botscan.accounts import AccountRecords, make_records
from botscan.accounts.follow_order import rank_from_position
from botscan.accounts.points import PointRecords, make_points
from botscan.accounts.post_records import PostRecords, make_posts
from botscan.cells.flags import parse_flags
from botscan.cells.parsed import Mask, is_text
from botscan.readers.blank_cells import forget_unseen
from botscan.readers.plan import ReadingPlan
from botscan.readers.raw import RawBatch, table_of
from botscan.readers.tables.workbook_cells import dates_from_day_counts
from botscan.schema import COLUMNS_OF

_BLANK = r"^\s*$"


def account_records(raw: RawBatch, plan: ReadingPlan) -> AccountRecords:
    """Give raw cells of accounts their canonical names and type them."""
    cells, faults = canonical_cells(raw, plan)
    ranks = rank_from_position(plan.rows, raw.row_numbers, plan.list_order)
    if ranks is not None:
        cells = cells.append_column("follow_rank", pa.array(ranks))
    return make_records(
        cells,
        row_numbers=raw.row_numbers,
        settings=plan.settings,
        reject_reasons=raw.reasons,
        faults=faults,
        lines=raw.lines,
        is_lookup=plan.is_lookup,
    )


def post_records(raw: RawBatch, plan: ReadingPlan) -> PostRecords:
    """Give raw cells of posts their canonical names and type them."""
    cells, faults = canonical_cells(raw, plan)
    return make_posts(
        cells,
        row_numbers=raw.row_numbers,
        settings=plan.settings,
        reject_reasons=raw.reasons,
        faults=faults,
        lines=raw.lines,
        account_id=plan.subject,
    )


def point_records(raw: RawBatch, plan: ReadingPlan) -> PointRecords:
    """Give raw cells of counts over time their canonical names and type them."""
    cells, faults = canonical_cells(raw, plan)
    return make_points(
        cells,
        row_numbers=raw.row_numbers,
        settings=plan.settings,
        reject_reasons=raw.reasons,
        faults=faults,
        lines=raw.lines,
        account_id=plan.subject,
    )


def canonical_cells(raw: RawBatch, plan: ReadingPlan) -> tuple[pa.Table, dict[tuple[str, str], int | Mask]]:
    """Return the cells of a batch under canonical names, and the faults that reading them has shown."""
    n = len(raw)
    arrays: dict[str, pa.Array] = {}
    faults: dict[tuple[str, str], int | Mask] = {}
    present = set(raw.table.column_names)
    for column, name in plan.columns.items():
        cells = raw.table[name] if name in present else pa.nulls(n, pa.large_string())
        if column in plan.blank_is_false:
            cells = _blank_as_false(cells)
        if column in plan.negated:
            parsed = parse_flags(cells)
            cells = pc.invert(parsed.values)
            faults.update({(column, code): rows for code, rows in parsed.faults.items()})
        if plan.holds == "workbook" and COLUMNS_OF[plan.kind][column].kind == "instant":
            cells = dates_from_day_counts(cells, is_1904=plan.is_1904)
        arrays[column] = cells
        faults.update({(column, code): count for (of, code), count in raw.faults.items() if of == name})
    if plan.holds in ("table", "workbook") and plan.kind == "accounts":
        arrays = forget_unseen(arrays, n)
    return table_of(arrays, n), faults


def _blank_as_false(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    if not is_text(cells.type):
        return cells
    is_blank = pc.fill_null(pc.match_substring_regex(cells, _BLANK), True)
    return pc.if_else(is_blank, pa.scalar("false", cells.type), cells)
