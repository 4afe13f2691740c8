"""Error and coverage of inferred follow times, on a list with true ones and on simulated histories, and their speed.

    OMP_NUM_THREADS=1 python benchmarks/follow_times.py [--accounts 1000000] [--repeats 3]

The list is an organic viral week with true follow times in the data folder (BOTSCAN_DATA, default ../shared/data); it
is skipped where there is none, and only aggregates are printed. Per tenth of the follow order: how far the lower bound
lies before the follow time, and how far the lower bound and half its slack lie off it (median, 90 % quantile); the
share of followers between their bounds, and of those before the lower bound and its slack.
"""

from __future__ import annotations

import argparse
import itertools
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from botscan.accounts import AccountTable
from botscan.follow_times import UNKNOWN_TIME, FollowTimeBounds, bound_follow_times, infer_follow_times
from botscan.follow_times.times import last_moment

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("BOTSCAN_DATA", ROOT.parent / "shared" / "data"))
LIST = DATA / "audiences" / "github_viral_organic.parquet"
HOUR = 3_600_000_000
DAY = 24 * HOUR
START = 1_300_000_000_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

FRESH = (0.003, 0.01, 0.03, 0.1, 0.3)
DELAY_DAYS = (0.1, 1.0, 5.0)
ARRIVALS = ("steady", "growing", "wave")
VIRAL_DAYS = (0, 6)
SIZES = (1_000, 20_000)
DECILES = 10

Times = NDArray[np.int64]


@dataclass(frozen=True)
class History:
    """A list whose follow times are known, in follow order."""

    created_at: Times
    followed_at: Times
    observed_at: int


def simulate(
    rng: np.random.Generator,
    n: int,
    *,
    fresh: float = 0.03,
    delay_days: float = 1.0,
    arrivals: str = "steady",
    n_viral: int = 0,
    years: float = 5.0,
    mean_age_days: float = 900.0,
) -> History:
    """Draw a history: so many accounts newly made when they follow, the others of any age up to the platform's.

    Newly made accounts follow an exponential delay after they were made. Arrivals are spread evenly, grow, or go in
    waves (a random walk of the weekly rate); on a viral day 3 % of all followers come at once.
    """
    span = years * 365
    at = np.sort(_arrivals(rng, n, span, arrivals))
    for _ in range(n_viral):
        some = rng.choice(n, int(0.03 * n), replace=False)
        at[some] = rng.uniform(0, span) + rng.exponential(2.0, len(some))
    at = np.sort(np.minimum(at, span))
    ages = np.where(rng.random(n) < fresh, rng.exponential(delay_days, n), rng.exponential(mean_age_days, n))
    first_day = -6 * 365.0
    made = np.maximum(at - ages, first_day + rng.random(n) * np.minimum(at - first_day, 3 * 365))
    return History(_times(np.minimum(made, at)), _times(at), START + int(span * DAY))


def _times(days: NDArray[np.float64]) -> NDArray[np.int64]:
    return START + (days * DAY).astype(np.int64)


def _arrivals(rng: np.random.Generator, n: int, span: float, kind: str) -> NDArray[np.float64]:
    if kind == "steady":
        return rng.uniform(0, span, n)
    if kind == "growing":
        return span * rng.random(n) ** 0.4
    rates = np.exp(np.cumsum(rng.normal(0, 0.25, int(span // 7) + 1)))
    return (rng.choice(len(rates), n, p=rates / rates.sum()) + rng.random(n)) * 7


def true_history() -> History | None:
    """Return the list with true follow times, None where it is not at hand."""
    if not LIST.is_file():
        return None
    table = pq.read_table(LIST, columns=["created_at", "followed_at", "observed_at", "follow_rank"]).sort_by(
        "follow_rank"
    )
    instants = {
        name: np.asarray(table[name].combine_chunks().cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()))
        for name in ("created_at", "followed_at", "observed_at")
    }
    seen = last_moment(EPOCH + timedelta(microseconds=int(instants["observed_at"].max())))
    return History(instants["created_at"], instants["followed_at"], seen)


def bounds_of(history: History) -> FollowTimeBounds:
    unknown = np.full(len(history.created_at), UNKNOWN_TIME)
    return bound_follow_times(history.created_at, unknown, history.observed_at)


def errors(history: History, bounds: FollowTimeBounds) -> dict[str, NDArray[np.float64]]:
    """Return per follower: lag of the bound and error of bound + slack / 2 in hours, and both coverages."""
    lag = (history.followed_at - bounds.followed_after) / HOUR
    slack = bounds.slack_days * 24
    return {
        "lag": lag,
        "middle": np.abs(lag - slack / 2),
        "between": (lag >= 0) & (history.followed_at <= bounds.followed_before),
        "slack": lag <= slack,
    }


def print_deciles(name: str, found: dict[str, NDArray[np.float64]]) -> None:
    print(f"\n{name}\n")
    print("| follow order | bound: median h | 90 % h | bound + slack/2: median h | 90 % h | in bounds | below slack |")
    print("|---|---|---|---|---|---|---|")
    n = len(found["lag"])
    for tenth in range(DECILES):
        part = slice(tenth * n // DECILES, (tenth + 1) * n // DECILES)
        cells = [f"{np.quantile(found[key][part], q):.1f}" for key in ("lag", "middle") for q in (0.5, 0.9)]
        cells += [f"{100 * np.mean(found[key][part]):.1f} %" for key in ("between", "slack")]
        print(f"| {10 * tenth}-{10 * (tenth + 1)} % | " + " | ".join(cells) + " |")


def measure_true_list() -> None:
    history = true_history()
    if history is None:
        print(f"skipped: no list with true follow times at {LIST}; set BOTSCAN_DATA")
        return
    bounds = bounds_of(history)
    found = errors(history, bounds)
    print_deciles(f"An organic viral week, {len(history.created_at)} followers with true follow times", found)
    w = bounds.warm_up
    print(f"\nwarm-up ends at place {w}; behind it {100 * np.mean(found['slack'][w:]):.1f} % follow within the slack")
    print(
        f"median lag: first 1,000 {np.median(found['lag'][:1000]):.0f} h, behind place 2,000"
        f" {np.median(found['lag'][2000:]):.1f} h (expected 729 and 7.3), behind the warm-up"
        f" {np.median(found['lag'][w:]):.1f} h"
    )


def measure_simulated(repeats: int) -> None:
    """Print coverage over the grid of histories, and deciles of one usual kind."""
    rows = []
    grid = itertools.product(FRESH, DELAY_DAYS, ARRIVALS, VIRAL_DAYS, SIZES)
    for number, (fresh, delay, arrivals, n_viral, n) in enumerate(grid):
        for repeat in range(repeats):
            rng = np.random.default_rng([number, repeat])
            history = simulate(rng, n, fresh=fresh, delay_days=delay, arrivals=arrivals, n_viral=n_viral)
            bounds = bounds_of(history)
            found = errors(history, bounds)
            w = bounds.warm_up
            inside = found["slack"][w:].mean() if w < n else np.nan
            lag = found["lag"] / 24
            is_set_aside = bounds.is_impossible.any()
            rows.append(
                (
                    fresh,
                    found["between"].mean(),
                    inside,
                    w / n,
                    np.median(lag[w:]),
                    np.quantile(lag[w:], 0.9),
                    is_set_aside,
                )
            )
    table = np.array(rows, dtype=float)
    print(f"\n{len(table)} simulated histories\n")
    print("| newly made | in bounds | below slack: mean | worst | warm-up, share | lag behind it: median d | 90 % d |")
    print("|---|---|---|---|---|---|---|")
    for fresh in FRESH:
        part = table[table[:, 0] == fresh]
        print(
            f"| {100 * fresh:g} % | {100 * part[:, 1].mean():.1f} % | {100 * np.nanmean(part[:, 2]):.1f} %"
            f" | {100 * np.nanmin(part[:, 2]):.1f} % | {part[:, 3].mean():.4f} | {np.median(part[:, 4]):.2f}"
            f" | {np.median(part[:, 5]):.2f} |"
        )
    print(
        f"\nall: below slack {100 * np.nanmean(table[:, 2]):.1f} %, worst {100 * np.nanmin(table[:, 2]):.1f} %;"
        f" never caught up in {int(np.isnan(table[:, 2]).sum())}; an honest date set aside in {int(table[:, 6].sum())}"
    )
    history = simulate(np.random.default_rng(0), 20_000, fresh=0.03, arrivals="wave", n_viral=6)
    print_deciles(
        "One of them: 20,000 followers in waves, 3 % newly made, six viral days", errors(history, bounds_of(history))
    )


def measure_speed(n: int) -> None:
    history = simulate(np.random.default_rng(1), n, fresh=0.05, arrivals="wave", n_viral=5)
    place = np.random.default_rng(2).permutation(n)
    instants = pa.array(history.created_at[place]).cast(pa.timestamp("us", tz="UTC"))
    ids = pa.array(np.arange(1, n + 1)).cast(pa.large_string())
    frame = pa.table({"account_id": ids, "created_at": instants, "follow_rank": place})
    observed_at = EPOCH + timedelta(microseconds=history.observed_at)
    accounts = AccountTable.from_frame(frame, platform="github", observed_at=observed_at)
    bare = best(lambda: np.maximum.accumulate(history.created_at))
    print(f"\n{n} followers, processor time, best of five\n")
    for name, work in (
        ("np.maximum.accumulate", lambda: np.maximum.accumulate(history.created_at)),
        ("bound_follow_times", lambda: bounds_of(history)),
        ("infer_follow_times (rows shuffled)", lambda: infer_follow_times(accounts)),
    ):
        seconds = best(work)
        print(f"{name:36} {seconds * 1e3:8.1f} ms {seconds / bare:8.1f} x np.maximum.accumulate")


def best(work: Callable[[], Any]) -> float:
    """Return the least processor time of five runs, in seconds."""
    times = []
    for _ in range(5):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    measure_true_list()
    measure_simulated(arguments.repeats)
    measure_speed(arguments.accounts)


if __name__ == "__main__":
    main()
