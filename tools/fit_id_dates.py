"""Fit the table that dates early Twitter ids: ``python tools/fit_id_dates.py``; ``--check`` prints what it is worth.

Needs the labelled accounts (BOTSCAN_DATA, default ../shared/data). Only fitted dates at round ids leave them: each is
drawn from the medians of at least eleven accounts, and no round id is the id of one of the accounts.
"""

from __future__ import annotations

import heapq
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from botscan.schema import PLATFORMS
from botscan.writing import write_file

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "src" / "botscan" / "accounts" / "twitter_id_dates.csv"
DATA = Path(os.environ.get("BOTSCAN_DATA", ROOT.parent / "shared" / "data")) / "labelled" / "twitter.parquet"

#: Ids above this are snowflakes, which carry their own date.
LAST_SEQUENTIAL = 10**15
#: Accounts whose median date and median id make one point of the curve.
WINDOW = 11
MOST_KNOTS = 800
MILLION = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTES_PER_DAY = 1_440

_Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Accounts:
    """Ids in rising order and the day each account was made, days since 1970; shape (n,)."""

    ids: _Numbers
    days: _Numbers

    def half(self, number: int) -> Accounts:
        """Return one of two halves that are drawn the same way every time."""
        chosen = np.random.Generator(np.random.Philox(0)).integers(0, 2, len(self.ids)) == number
        return Accounts(self.ids[chosen], self.days[chosen])


@dataclass(frozen=True, eq=False)
class Knots:
    """Round ids and the day of each, days since 1970; shape (k,)."""

    ids: _Numbers
    days: _Numbers

    def errors(self, accounts: Accounts) -> _Numbers:
        """Return by how many days the dates of accounts are missed; accounts beyond the last knot are left out."""
        is_within = accounts.ids <= self.ids[-1]
        return np.abs(np.interp(accounts.ids[is_within], self.ids, self.days) - accounts.days[is_within])

    def to_csv(self) -> bytes:
        """Return the table: id in millions, date to the minute."""
        minutes = np.round(self.days * MINUTES_PER_DAY).astype(np.int64).tolist()
        lines = ["id_millions,created_at\n"]
        for one, minute in zip(self.ids.tolist(), minutes, strict=True):
            lines.append(f"{one / MILLION:g},{EPOCH + timedelta(minutes=minute):%Y-%m-%dT%H:%MZ}\n")
        return "".join(lines).encode()


def read_accounts() -> Accounts:
    """Read the accounts with sequential ids, each id once."""
    table = pq.read_table(DATA, columns=["account_id", "created_at"])
    ids = np.asarray(table["account_id"].cast(pa.uint64()).to_numpy())
    seconds = np.asarray(table["created_at"].cast(pa.timestamp("s", tz="UTC"), safe=False).cast(pa.int64()).to_numpy())
    is_sequential = ids <= LAST_SEQUENTIAL
    distinct, places = np.unique(ids[is_sequential], return_index=True)
    return Accounts(distinct.astype(np.float64), seconds[is_sequential][places] / (MINUTES_PER_DAY * 60))


def fit(accounts: Accounts, most: int = MOST_KNOTS) -> Knots:
    """Fit a rising curve through medians of neighbouring accounts and keep the round ids where it bends most."""
    windows = np.array_split(np.arange(len(accounts.ids)), len(accounts.ids) // WINDOW)
    ids = np.array([np.median(accounts.ids[window]) for window in windows])
    days = np.array([np.median(accounts.days[window]) for window in windows])
    days = IsotonicRegression().fit(ids, days).predict(ids)
    first_day = (PLATFORMS["twitter"].first_day - EPOCH) / timedelta(days=1)
    ids, days = np.append(0, ids), np.append(first_day, np.maximum(days, first_day))
    grid = _round_ids(ids[-1])
    grid = grid[~np.isin(grid, accounts.ids)]
    return _bends(grid, np.interp(grid, ids, days), most)


def _round_ids(last: float) -> _Numbers:
    """Return every tenth of a million where ids were few a day, every half million later."""
    fine, coarse = np.arange(0, 20 * MILLION, MILLION // 10), np.arange(20 * MILLION, last, MILLION // 2)
    return np.concatenate([fine, coarse]).astype(np.float64)


def _bends(ids: _Numbers, days: _Numbers, most: int) -> Knots:
    """Keep both ends, then again and again the point that lies farthest from the line through its neighbours."""
    kept = [0, len(ids) - 1]
    waiting: list[tuple[float, int, int, int]] = []

    def look_between(start: int, stop: int) -> None:
        if stop - start > 1:
            inner = np.arange(start + 1, stop)
            gaps = np.abs(days[inner] - np.interp(ids[inner], ids[[start, stop]], days[[start, stop]]))
            farthest = int(gaps.argmax())
            heapq.heappush(waiting, (-float(gaps[farthest]), start, int(inner[farthest]), stop))

    look_between(*kept)
    while len(kept) < most and waiting:
        _, start, farthest, stop = heapq.heappop(waiting)
        kept.append(farthest)
        look_between(start, farthest)
        look_between(farthest, stop)
    kept.sort()
    return Knots(ids[kept], days[kept])


def check(accounts: Accounts) -> list[str]:
    """Return what a table fitted on one half of the accounts is worth on the other half, and whether ours is new."""
    held_out = accounts.half(1)
    errors = fit(accounts.half(0)).errors(held_out)
    median, most, nearly_all = np.quantile(errors, (0.5, 0.9, 0.99)).tolist()
    is_current = TABLE.exists() and TABLE.read_bytes() == fit(accounts).to_csv()
    return [
        f"{len(held_out.ids):,} accounts held out, {len(held_out.ids) - len(errors):,} beyond the last knot; in days:",
        f"median error {median:.2f}, 90 % within {most:.2f}, 99 % within {nearly_all:.1f}, worst {errors.max():.0f}",
        f"{TABLE.name} is {'the table that these accounts give' if is_current else 'another table: make it again'}",
    ]


@click.command()
@click.option("--check", "is_check", is_flag=True, help="Print the errors on held-out accounts and write nothing.")
def main(is_check: bool) -> None:
    """Write the table of knots."""
    if not DATA.exists():
        click.echo(f"skipped: {DATA} is not here; set BOTSCAN_DATA")
    elif is_check:
        click.echo("\n".join(check(read_accounts())))
    else:
        write_file(TABLE, fit(read_accounts()).to_csv())


if __name__ == "__main__":
    main()
