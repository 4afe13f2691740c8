"""Processor time and memory of `find_follow_blocks`, each size in a process of its own.

    python benchmarks/blocks_speed.py [--accounts 1000000] [--profile]

Lists are simulated, with a purchase, eight viral bursts, and everything that an export holds. The ratio is to np.sort
of the same creation dates, measured in the same process. Peak memory is what the search adds to its input (Linux only).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

SIZES = (20_000, 100_000, 1_000_000)
#: Seconds that the largest list may take, on two cores.
GOAL = 20.0
MEGABYTE = 1e6
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, help="measure one size in this process, and print JSON")
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    options = parser.parse_args()
    if options.profile:
        profile(options.accounts or SIZES[-1])
    elif options.accounts:
        print(json.dumps(measure(options.accounts)))
    else:
        for line in tables():
            print(line, flush=True)


def tables() -> Iterator[str]:
    titles = ["followers", "seconds of processor", "seconds", "x np.sort", "seconds of processor without scores"]
    yield f"| {' | '.join(titles)} | MB added at most | blocks |"
    yield "|---|---|---|---|---|---|---|"
    slowest = 0.0
    for n in SIZES:
        found = measured_apart(n)
        slowest = found["cpu"]
        memory = "-" if found["megabytes"] is None else f"{found['megabytes']:,.0f}"
        yield (
            f"| {found['n']:,} | {found['cpu']:.2f} | {found['seconds']:.2f} | {found['cpu'] / found['sort']:,.0f}"
            f" | {found['cpu_without']:.2f} | {memory} | {found['n_blocks']} |"
        )
    told = "reached" if slowest < GOAL else "**falls short**"
    yield ""
    yield f"- Goal: 1,000,000 followers in less than {GOAL:.0f} seconds on two cores. {told}: {slowest:.1f} of"
    yield "  processor time, nearly all of it on one core."


def measured_apart(n: int) -> dict[str, Any]:
    command = [sys.executable, str(Path(__file__).resolve()), "--accounts", str(n)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def measure(n: int) -> dict[str, Any]:
    from botscan.blocks import find_follow_blocks
    from botscan.follow_times.dates import to_times

    accounts, scores = scored_list(n)
    small = scored_list(2_000)
    find_follow_blocks(*small)  # imports are no part of it
    before = reset_peak()
    begun = time.perf_counter()
    cpu, found = timed(lambda: find_follow_blocks(accounts, scores))
    seconds = time.perf_counter() - begun
    peak = kilobytes("VmHWM")
    dates = to_times(accounts.table["created_at"])
    return {
        "n": len(accounts),
        "cpu": cpu,
        "seconds": seconds,
        "cpu_without": timed(lambda: find_follow_blocks(accounts))[0],
        "sort": min(timed(lambda: np.sort(dates))[0] for _ in range(5)),
        "megabytes": None if before is None or peak is None else (peak - before) * 1024 / MEGABYTE,
        "n_blocks": len(found.blocks),
    }


def scored_list(n: int) -> Any:
    """Return a simulated list of about n followers, and its scores."""
    import botscan as bs
    from botscan.simulate import Purchase, ViralBurst
    from botscan.simulate.history import make_follow_history

    bursts = [ViralBurst(max(1, n // 50), 100.0 + 150.0 * number) for number in range(8)]
    made = make_follow_history(n * 5 // 6, [Purchase(max(1, n // 100), 600.0, spread_days=90.0)], bursts)
    table = made.accounts.table
    # Numbers that keep the handles of a large simulated list apart run along it; by chance they stand like real ones.
    rows = np.flatnonzero(~made.is_bought)
    place = np.arange(len(table))
    place[rows] = np.random.Generator(np.random.Philox(0)).permutation(rows)
    at, handle = table.column_names.index("handle"), table["handle"].take(place).combine_chunks()
    table = table.set_column(at, table.schema.field(at), pa.chunked_array([handle]))
    accounts = replace(made.accounts, table=table)
    return accounts, bs.score_accounts(accounts)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def reset_peak() -> int | None:
    """Make the peak of memory that of now; return what is held now, in kilobytes, None where that cannot be known."""
    try:
        _CLEAR.write_text("5", encoding="ascii")
    except OSError:
        return None
    return kilobytes("VmRSS")


def kilobytes(name: str) -> int | None:
    if not _STATUS.exists():
        return None
    status = dict(line.split(":", 1) for line in _STATUS.read_text(encoding="utf-8").splitlines() if ":" in line)
    return int(status[name].split()[0])


def profile(n: int) -> None:
    import cProfile
    import pstats

    from botscan.blocks import find_follow_blocks

    accounts, scores = scored_list(n)
    find_follow_blocks(*scored_list(2_000))
    profiler = cProfile.Profile()
    profiler.runcall(find_follow_blocks, accounts, scores)
    for order in ("tottime", "cumtime"):
        pstats.Stats(profiler).sort_stats(order).print_stats(30)


if __name__ == "__main__":
    main()
