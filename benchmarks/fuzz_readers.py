"""Mutated files through every reader, as many as wanted, over several sittings; prints target, examples and outcomes.

    python benchmarks/fuzz_readers.py [--examples 1000000] [--targets generic,zip] [--jobs 2] [--minutes 35] [--again]
    python benchmarks/fuzz_readers.py --targets generic --show 4711
    python benchmarks/fuzz_readers.py --table

Examples are numbered, and a number is the same file every time. What was run stands in results/fuzz_readers.jsonl, one
line a chunk; a run goes on behind it. Every example has some seconds of CPU time; one that takes more, or that ends the
process, is a broken promise like any other. With --again only what was run with the code as it is now counts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).resolve().parent / "results" / "fuzz_readers.jsonl"
HARNESS = ROOT / "tests" / "fuzz"
CHUNK = 1_000
#: Seconds of CPU time that one example may take, and of waiting for one that does not even notice that.
MOST_SECONDS = 20.0
MOST_WAITING = 300.0
_MOST_SHOWN = 20

sys.path.insert(0, str(HARNESS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=int, default=1_000_000, help="of each target, all sittings together")
    parser.add_argument("--targets", default="", help="formats and containers, with commas; all of them by default")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so long")
    parser.add_argument("--again", action="store_true", help="count only what was run with the code as it is now")
    parser.add_argument("--show", type=int, help="run one example, and show it")
    parser.add_argument("--table", action="store_true", help="only print what was run")
    options = parser.parse_args()
    targets = chosen(options.targets)
    if options.show is not None:
        show(targets[0], options.show)
        return
    if not options.table:
        deadline = time.monotonic() + 60 * options.minutes
        run(targets, options.examples, jobs=options.jobs, deadline=deadline, again=options.again)
    lines = list(table(targets))
    print("\n".join(lines))
    if any(one["broken"] for one in records()):
        sys.exit(1)


def chosen(names: str) -> list[str]:
    from fuzzing.examples import TARGETS

    targets = names.split(",") if names else list(TARGETS)
    unknown = [name for name in targets if name not in TARGETS]
    if unknown:
        sys.exit(f"not known: {', '.join(unknown)}; known are {', '.join(TARGETS)}")
    return targets


@cache
def digest(*patterns: str) -> str:
    """Return a digest of some files, by patterns from the root of the repository."""
    made = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()):
        made.update(path.relative_to(ROOT).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return made.hexdigest()[:16]


def behind() -> dict[str, str]:
    """Return what examples depend on (the mutations) and what their outcomes depend on (the code)."""
    return {
        "examples": digest("tests/fuzz/fuzzing/[!o]*.py", "tests/fuzz/seeds/*"),  # all but the oracle
        "code": digest("tests/fuzz/fuzzing/oracle.py", "src/botscan/**/*.py", "src/botscan/**/*.mo"),
    }


def records() -> list[dict[str, Any]]:
    """Return the chunks that were run, those of other mutations left out: their numbers mean other files."""
    if not RESULTS.exists():
        return []
    found = []
    for line in RESULTS.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue  # the line that was being written when the run was stopped
    return [one for one in found if one["behind"]["examples"] == behind()["examples"]]


def waiting_chunks(targets: Sequence[str], n: int, *, again: bool) -> Iterator[tuple[str, int]]:
    """Yield (target, first number) of what is to be run, every target in turn."""
    done = {(one["target"], one["first"]) for one in records() if not again or one["behind"] == behind()}
    for first in range(0, n, CHUNK):
        yield from ((target, first) for target in targets if (target, first) not in done)


@dataclass
class Worker:
    """A process that runs chunks, and the chunk that it is at."""

    process: Any
    pipe: Connection
    number: Any
    chunk: tuple[str, int]
    skipped: dict[int, str] = field(default_factory=dict)
    seen: tuple[int, float] = (-1, 0.0)

    @property
    def is_stuck(self) -> bool:
        """Whether it has been at one example for much too long."""
        now = time.monotonic()
        if self.number.value != self.seen[0]:
            self.seen = (self.number.value, now)
        return now - self.seen[1] > MOST_WAITING


def run(targets: Sequence[str], n: int, *, jobs: int, deadline: float, again: bool = False) -> None:
    """Run chunks until none is left or the time is up."""
    RESULTS.parent.mkdir(exist_ok=True)
    chunks = waiting_chunks(targets, n, again=again)
    workers: list[Worker] = []
    with RESULTS.open("a", encoding="utf-8") as file:
        try:
            while True:
                while len(workers) < jobs and time.monotonic() < deadline and (chunk := next(chunks, None)) is not None:
                    workers.append(_started(chunk, n))
                if not workers:
                    return
                wait([worker.pipe for worker in workers], timeout=1)
                for worker in list(workers):
                    result = _result(worker, n)
                    if result is None:
                        continue
                    file.write(json.dumps({**result, "behind": behind()}) + "\n")
                    file.flush()
                    chunk = next(chunks, None) if time.monotonic() < deadline else None
                    if chunk is None:
                        worker.pipe.send(None)
                        worker.process.join()
                        workers.remove(worker)
                    else:
                        _give(worker, chunk, n)
        finally:
            for worker in workers:
                worker.process.kill()


def _started(chunk: tuple[str, int], n: int, skipped: dict[int, str] | None = None) -> Worker:
    context = multiprocessing.get_context("spawn")
    number = context.Value("q", -1)
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, number), daemon=True)
    process.start()
    theirs.close()
    worker = Worker(process, ours, number, chunk, skipped or {})
    _give(worker, chunk, n)
    return worker


def _give(worker: Worker, chunk: tuple[str, int], n: int) -> None:
    if chunk != worker.chunk:
        worker.chunk, worker.skipped = chunk, {}
    worker.seen = (-1, time.monotonic())
    worker.number.value = -1
    worker.pipe.send((*chunk, min(chunk[1] + CHUNK, n), list(worker.skipped)))


def _result(worker: Worker, n: int) -> dict[str, Any] | None:
    """Return what a worker found; one that died starts anew behind the example that ended it."""
    try:
        if worker.pipe.poll():
            result: dict[str, Any] = worker.pipe.recv()
            result["broken"] += [[number, what] for number, what in worker.skipped.items()]
            return result
    except (EOFError, OSError):
        pass
    if not worker.process.is_alive() or worker.is_stuck:
        what = "the process did not come back" if worker.process.is_alive() else "the process ended"
        worker.process.kill()
        worker.process.join()
        worker.skipped[worker.number.value] = f"{worker.chunk[0]} {worker.number.value}: {what}"
        fresh = _started(worker.chunk, n, worker.skipped)
        worker.process, worker.pipe, worker.number = fresh.process, fresh.pipe, fresh.number
    return None


class TooLong(BaseException):
    """One example took more CPU time than any may."""


def work(pipe: Connection, number: Any) -> None:
    """Run chunks as they come; where the process stands is seen from outside."""
    from fuzzing.oracle import check

    def stop(*_: object) -> None:
        raise TooLong

    has_timer = hasattr(signal, "setitimer")
    if has_timer:
        signal.signal(signal.SIGPROF, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while (chunk := pipe.recv()) is not None:
        target, first, end, skipped = chunk
        outcomes: Counter[str] = Counter()
        broken: list[tuple[int, str]] = []
        rows = 0
        started = time.process_time()
        for one in range(first, end):
            if one in skipped:
                continue
            number.value = one
            if has_timer:
                signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
            try:
                outcome = check(target, one)
                outcomes[outcome.name] += 1
                rows += outcome.rows
            except AssertionError as error:
                broken.append((one, str(error)))
        if has_timer:
            signal.setitimer(signal.ITIMER_PROF, 0)
        pipe.send(
            {
                "target": target,
                "first": first,
                "end": end,
                "seconds": round(time.process_time() - started, 3),
                "rows": rows,
                "outcomes": dict(outcomes),
                "broken": broken,
            }
        )


def table(targets: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the table, and then what broke."""
    found = records()
    now = behind()
    # A chunk that was run twice holds the same examples; the last run is the one that holds.
    last = {(one["target"], one["first"]): one for one in found}
    yield "| read | examples | with this code | records read | outcomes | broken | examples a second |"
    yield "|---|---|---|---|---|---|---|"
    whole = [one for one in last.values() if one["target"] in targets]
    for target in targets:
        mine = [one for one in whole if one["target"] == target]
        if mine:
            yield _row(target, mine, now)
    if whole:
        yield _row("all", whole, now)
    broken = [what for one in whole for _, what in one["broken"]]
    yield from ("", *broken[:_MOST_SHOWN])


def _row(name: str, mine: Sequence[dict[str, Any]], now: dict[str, str]) -> str:
    n = sum(one["end"] - one["first"] for one in mine)
    n_now = sum(one["end"] - one["first"] for one in mine if one["behind"] == now)
    outcomes: Counter[str] = Counter()
    for one in mine:
        outcomes.update(one["outcomes"])
    said = ", ".join(f"{outcome} {count:,}" for outcome, count in outcomes.most_common())
    rate = n / max(sum(one["seconds"] for one in mine), 1e-9)
    n_broken = sum(len(one["broken"]) for one in mine)
    return f"| {name} | {n:,} | {n_now:,} | {sum(one['rows'] for one in mine):,} | {said} | {n_broken} | {rate:,.0f} |"


def show(target: str, number: int) -> None:
    """Print an example and read it; what breaks is raised as it is."""
    from fuzzing.examples import make_example
    from fuzzing.oracle import check_example

    example = make_example(target, number)
    print(f"{example.name}: {example.kind}, {dict(example.options)}")
    for name, data in example.files or ((example.name, example.data),):
        print(f"{name}: {len(data):,} bytes\n{data[:4000]!r}")
    print(check_example(example))


if __name__ == "__main__":
    main()
