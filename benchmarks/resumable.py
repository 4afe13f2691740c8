"""Blocks of seeded runs on two cores, one JSON line a block; an interrupted benchmark goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def run_blocks(name: str, blocks: Iterable[dict[str, Any]], run: Callable[..., Any], n_jobs: int = 2) -> list[Any]:
    """Run every block that has no line yet, and return ``{**block, "result": run(**block)}`` of all, in order."""
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
    wanted = list(blocks)
    missing = [block for block in wanted if _key(block) not in done]
    if missing:
        print(f"{name}: {len(missing)} of {len(wanted)} blocks to run", flush=True)
        results = Parallel(n_jobs=n_jobs, return_as="generator")(delayed(run)(**block) for block in missing)
        with path.open("a", encoding="utf-8") as file:
            for block, result in zip(missing, results, strict=True):
                record = {**block, "result": result}
                file.write(json.dumps(record) + "\n")
                file.flush()
                done[_key(record)] = record
    return [done[_key(block)] for block in wanted]


def _key(record: dict[str, Any]) -> str:
    return json.dumps({name: value for name, value in record.items() if name != "result"}, sort_keys=True)
