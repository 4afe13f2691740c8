"""Processor time of scores from features: our tables and pairs beside two models of scikit-learn, in one run.

    OMP_NUM_THREADS=1 python benchmarks/scoring_speed.py [--accounts 1000000]

Made-up accounts, one core, batches of 16,384, best of three. The digest of the scores is printed for several batch
sizes: it must be one and the same.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import botscan as bs
from botscan.features.extract import BATCH_ROWS, extract_matrix
from botscan.features.grid import bin_codes
from botscan.scoring import load_model

#: Rows for the slow models; their time is scaled.
FEW = 50_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=1_000_000)
    n = parser.parse_args().accounts
    lookup = load_model().lookups["twitter/full"]
    audience = bs.make_audience(n=min(n, 20_000), random_state=0)
    some = extract_matrix(audience.accounts.table, lookup.features)
    matrix = np.asfortranarray(np.tile(some, (-(-n // len(some)), 1))[:n])
    labels = np.tile(audience.is_suspicious, -(-n // len(some)))[:n]

    def ours(rows: int = BATCH_ROWS) -> Any:
        parts = [
            lookup.look_up(bin_codes(np.asfortranarray(matrix[start : start + rows]), lookup.features)).steps
            for start in range(0, n, rows)
        ]
        return np.concatenate(parts)

    def copy() -> Any:
        return [np.nan_to_num(matrix[start : start + BATCH_ROWS]) for start in range(0, n, BATCH_ROWS)]

    first = best(ours)
    rows = [("look-up tables and pairs", first), ("bare copy of the features", best(copy))]
    rows += [(name, best(predict) * n / min(n, FEW)) for name, predict in learned(matrix[:FEW], labels[:FEW])]
    for name, seconds in rows:
        print(f"{name:36} {seconds / n * 1e6:7.3f} s per million accounts {seconds / first:8.2f} x ours")
    digests = {size: hashlib.sha256(ours(size).tobytes()).hexdigest()[:16] for size in (1_000, 16_384, 65_537, n)}
    print("digest of all scores by batch size:", digests)
    if len(set(digests.values())) != 1:
        raise SystemExit("the scores depend on the batch size")


def learned(matrix: Any, labels: Any) -> list[tuple[str, Callable[[], Any]]]:
    """Return two models of scikit-learn, fitted on the same features."""
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

    filled = np.nan_to_num(matrix)
    boosting = HistGradientBoostingClassifier(random_state=0).fit(matrix, labels)
    forest = RandomForestClassifier(100, random_state=0, n_jobs=1).fit(filled, labels)
    return [
        ("gradient boosting", lambda: boosting.predict_proba(matrix)),
        ("random forest of 100 trees", lambda: forest.predict_proba(filled)),
    ]


def best(work: Callable[[], Any]) -> float:
    """Return the least processor time of three runs, in seconds."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    main()
