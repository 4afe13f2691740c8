"""Audit every unlabelled list of the data folder and every Twitter sample file: what the road says about real lists.

Prints aggregates only: lists are numbered, never named. Needs the data folder (BOTSCAN_DATA, default ../shared/data)
and, for the samples, the folder of sample exports beside it.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import botscan as bs
from botscan.schema import ACCOUNT_COLUMNS

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("BOTSCAN_DATA", ROOT.parent / "shared" / "data"))
EVENTS = "github_suspected_follow_events"
CANONICAL = [column.name for column in ACCOUNT_COLUMNS]


def lists() -> Iterator[tuple[str, pa.Table | Path]]:
    for path in sorted((DATA / "audiences").glob("*.parquet")):
        if path.stem == EVENTS:
            continue
        table = pq.read_table(path)
        if "audience_id" not in table.column_names:
            yield path.stem, canonical(table)
            continue
        audiences = pc.unique(table["audience_id"])
        for number, audience in enumerate(audiences, start=1):
            part = table.filter(pc.equal(table["audience_id"], audience))
            yield f"{path.stem} {number}/{len(audiences)}", canonical(part)
    samples = DATA.parent / "formats"
    for pattern in ("twitter_v1_*", "twitter_v2_*", "twarc2_users_*"):
        yield from ((path.name, path) for path in sorted(samples.glob(pattern)))


def canonical(table: pa.Table) -> pa.Table:
    return table.select([column for column in table.column_names if column in CANONICAL])


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    if not DATA.is_dir():
        print(f"skipped: no data folder at {DATA}; set BOTSCAN_DATA")
        return
    print(
        "| list | accounts | rejected | merged | level | pattern | share, or why none | " + " | ".join(VERDICTS), end=""
    )
    print(" | seconds |")
    print("|---|" + "---|" * (len(VERDICTS) + 7))
    for name, source in lists():
        begun = time.perf_counter()
        report = bs.audit(source)
        seconds = time.perf_counter() - begun
        share = report.share.organic_share
        reasons = [
            note.code for note in report.share.notes if note.code in REASONS or note.code.startswith("new_audience")
        ]
        said = f"{share:.3f}" if share is not None else "none: " + ", ".join(reasons)
        segments = " | ".join(str(report.segments[verdict]) for verdict in VERDICTS)
        reading = report.reading
        print(
            f"| {name} | {reading.accounts} | {reading.rows_rejected} | {reading.duplicates_merged} "
            f"| {report.evidence_level} | {report.pattern} | {said} | {segments} | {seconds:.1f} |"
        )


REASONS = {"not_enough_evidence", "no_accounts"}
VERDICTS = ("active", "dormant", "mass_follower", "suspicious", "declared_bot", "unknown")

if __name__ == "__main__":
    main()
