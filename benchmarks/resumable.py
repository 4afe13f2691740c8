"""Blocks of seeded runs on two cores, one JSON line a block; an interrupted benchmark goes on where it stopped.

A line is used again only while the code and the data behind it are the same: an old figure never passes for a new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
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
