"""Make the list and the filled label sheet of ``botscan demo``: ``python tools/make_demo.py``.

Everything in them is invented. The same bytes come out again; a test checks that.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import botscan as bs
from botscan.api import SimulatedAudience
from botscan.schema import DERIVED_COLUMNS
from botscan.wording import csv_line
from botscan.writing import write_file

FOLDER = Path(__file__).resolve().parents[1] / "src" / "botscan" / "demo"
N_ACCOUNTS = 3_000
N_LABELS = 150
ORGANIC_SHARE = 0.76
SEED = 20_260_630
#: What the reader derives again, and what says nothing here.
LEFT_OUT = (*DERIVED_COLUMNS, "created_at_precision", "has_website")


def list_bytes(audience: SimulatedAudience) -> bytes:
    """Return the follower list as CSV."""
    table = audience.accounts.table.drop_columns([n for n in audience.accounts.table.column_names if n in LEFT_OUT])
    columns = [_cells(column) for column in table.columns]
    lines = [csv_line(table.column_names), *(csv_line(row) for row in zip(*columns, strict=True))]
    return "".join(lines).encode()


def _cells(column: pa.ChunkedArray) -> list[object]:
    if pa.types.is_timestamp(column.type):
        column = pc.strftime(pc.cast(column, pa.timestamp("s", tz="UTC")), format="%Y-%m-%dT%H:%M:%SZ")
    return column.to_pylist()


def sheet_bytes(audience: SimulatedAudience, folder: Path) -> bytes:
    """Return the label sheet, filled in by two raters who mostly, but not always, see the truth."""
    path = folder / "sheet.csv"
    bs.make_label_sheet(audience.accounts, n=N_LABELS, random_state=SEED).save(path)
    header, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    names = header.split(",")
    ids = audience.accounts.table["account_id"].to_pylist()
    truth = dict(zip(ids, audience.is_suspicious.tolist(), strict=True))
    random = np.random.Generator(np.random.Philox(SEED))
    lines = ["\ufeff" + header]
    for number, row in enumerate(rows):
        cells = row.split(",")
        is_suspicious = truth[cells[names.index("account_id")].removeprefix("'")]
        cells[names.index("rater_1")] = _answer(is_suspicious, *random.random(2))
        # The second rater looked at the first hundred only.
        second = _answer(is_suspicious, *random.random(2))
        cells[names.index("rater_2")] = second if number < 100 else ""
        lines.append(",".join(cells))
    return ("\n".join(lines) + "\n").encode()


def _answer(is_suspicious: bool, doubt: float, error: float) -> str:
    """Say what a rater writes: unsure now and then, wrong about a tenth of the bought and a fiftieth of the others."""
    if doubt < 0.05:
        return "unsure"
    is_wrong = error < (0.10 if is_suspicious else 0.02)
    return "yes" if is_suspicious != is_wrong else "no"


def make(folder: Path) -> None:
    """Write both files into a folder."""
    folder.mkdir(exist_ok=True)
    audience = bs.make_audience(N_ACCOUNTS, ORGANIC_SHARE, random_state=SEED)
    write_file(folder / "followers.csv", list_bytes(audience))
    labels = sheet_bytes(audience, folder)
    (folder / "sheet.csv").unlink()
    write_file(folder / "labels.csv", labels)


if __name__ == "__main__":
    make(FOLDER)
