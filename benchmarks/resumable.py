"""Blocks of seeded runs on two cores, one JSON line a block; an interrupted benchmark goes on where it stopped.

And the command line of a benchmark that makes a page of such runs.

A line is used again only while the code and the data behind it are the same: an old figure never passes for a new one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
#: What the figures depend on, from the root of the repository.
BEHIND = (
    "benchmarks/held_out.py",
    "benchmarks/share_*.py",
    "src/botscan/evidence/*.py",
    "src/botscan/features/grid.py",
    "src/botscan/prevalence/**/*.py",
    "src/botscan/training/*.py",
    "training_data/bins.parquet",
)


@cache
def digest_behind(patterns: tuple[str, ...] = BEHIND) -> str:
    """Return a digest of the code and the data that the figures depend on."""
    files = sorted(path for pattern in patterns for path in HERE.parent.glob(pattern))
    digest = hashlib.sha256()
    for path in files:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def run_blocks(
    name: str,
    blocks: Iterable[dict[str, Any]],
    run: Callable[..., Any],
    n_jobs: int = 2,
    behind: tuple[str, ...] | None = None,
) -> list[Any]:
    """Run every block that has no line yet, and return ``{**block, "result": run(**block)}`` of all, in order.

    `behind` names the files that the figures depend on, where they are others than `BEHIND`.
    """
    from joblib import Parallel, delayed

    path = RESULTS / f"{name}.jsonl"
    path.parent.mkdir(exist_ok=True)
    done = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                continue  # the line that was being written when the run was stopped
            done[_key(record)] = record
    digest = digest_behind() if behind is None else digest_behind(behind)
    wanted = [{**block, "behind": digest} for block in blocks]
    missing = [block for block in wanted if _key(block) not in done]
    if missing:
        print(f"{name}: {len(missing)} of {len(wanted)} blocks to run", flush=True)
        results = Parallel(n_jobs=n_jobs, return_as="generator")(delayed(run)(**_arguments(block)) for block in missing)
        with path.open("a", encoding="utf-8") as file:
            for block, result in zip(missing, results, strict=True):
                record = {**block, "result": result}
                file.write(json.dumps(record) + "\n")
                file.flush()
                done[_key(record)] = record
    return [done[_key(block)] for block in wanted]


def _arguments(block: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in block.items() if name != "behind"}


def _key(record: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in record.items() if name != "result"}, sort_keys=True)


def make_page(
    page: Path,
    parts: Collection[str],
    lines: Callable[[tuple[str, ...], Any, int], Iterator[str]],
    short: Callable[[int], str | None],
    *,
    what: str,
    amount: tuple[str, dict[str, Any]],
    short_help: str,
) -> None:
    """Do what the command line asks for: print a page, or one part of it, write it, or run the short version.

    Parameters
    ----------
    page
        The file that ``--write`` makes.
    parts
        Names for ``--only``.
    lines
        Yields the lines of some parts, given their names, the amount and a number of processes.
    short
        Runs the short version with a number of processes; returns what is wrong, None where nothing is.
    what
        First line of the help.
    amount
        The option that says how much to run, ``--runs`` for instance, and what argparse must know of it.
    short_help
        Help of ``--short``.
    """
    parser = argparse.ArgumentParser(description=what)
    option, settings = amount
    parser.add_argument(option, dest="amount", **settings)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", choices=parts, help="make this part alone")
    parser.add_argument("--short", action="store_true", help=short_help)
    parser.add_argument("--write", action="store_true", help=f"write docs/{page.name}")
    options = parser.parse_args()
    if options.write and (options.only or options.short):
        parser.error("--write makes the whole page; leave --only and --short out")
    if options.short:
        raise SystemExit(short(options.jobs))
    made = []
    for line in lines(tuple(parts) if options.only is None else (options.only,), options.amount, options.jobs):
        print(line, flush=True)  # as soon as it is known
        made.append(line)
    if options.write:
        page.write_text("\n".join(made) + "\n", encoding="utf-8", newline="\n")
