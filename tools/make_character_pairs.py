"""Make the table of character pairs in handles: ``python tools/make_character_pairs.py``; ``--check`` tests it.

Needs the labelled accounts (BOTSCAN_DATA, default ../shared/data). Only counts of pairs over thousands of people leave
them: a pair that fewer than five people have in their handle counts as never seen. A list of first names adds what
these people, mostly Italian and English, do not write: that of the simulated audiences, and with ``--faker`` the
Indonesian names of that package, which must then be installed. The shipped table is made without.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable
from pathlib import Path

import click
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from botscan.arrow_text import TextColumn
from botscan.features.character_pairs import STEPS_PER_BIT, SYMBOLS, pair_codes, pair_surprise
from botscan.simulate.texts import FIRST_NAMES
from botscan.training.sources import training_sets
from botscan.writing import write_file

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "src" / "botscan" / "features" / "character_pairs.csv"
DATA = Path(os.environ.get("BOTSCAN_DATA", ROOT.parent / "shared" / "data")) / "labelled" / "twitter.parquet"

#: A pair in the handles of fewer people than this is dropped, so that nobody's handle shows in the table.
LEAST_PEOPLE = 5
#: What all listed names weigh together, against the people.
SHARE_OF_NAMES = 0.1
FAKER_NAMES = "faker.providers.person.id_ID"

_Counts = NDArray[np.float64]


def read_handles(left_out: Iterable[str] = ()) -> pa.Array:
    """Read the handles of people that may train, each once, without those of some data sets."""
    datasets = {item.dataset for item in training_sets("twitter") if item.organic == "train"} - set(left_out)
    table = pq.read_table(DATA, columns=["dataset", "label", "handle"])
    is_wanted = pc.and_(pc.equal(table["label"], 0), pc.is_in(table["dataset"], pa.array(sorted(datasets))))
    handles = pc.utf8_lower(table.filter(is_wanted)["handle"].drop_null())
    return pc.unique(handles).cast(pa.large_string()).sort()


def read_names(*, with_faker: bool = False) -> pa.Array:
    """Return the listed names, each once, in lower case and without spaces."""
    names = set(FIRST_NAMES)
    if with_faker:
        provider = importlib.import_module(FAKER_NAMES).Provider
        lists = [getattr(provider, name) for name in dir(provider) if name.startswith(("first_names", "last_names"))]
        names.update(name for one in lists for name in one)
    return pa.array(sorted({name.lower().replace(" ", "") for name in names}), pa.large_string())


def count_pairs(texts: pa.Array) -> tuple[_Counts, NDArray[np.int64]]:
    """Count every pair over all texts, borders included, and the texts that hold it; both of shape (38, 38)."""
    column = TextColumn.from_arrow(texts)
    codes, is_covered = pair_codes(column)
    n = len(SYMBOLS)
    counts, holders = np.zeros(n * n), np.zeros(n * n, dtype=np.int64)
    for row in np.flatnonzero(is_covered):
        inner = codes[column.offsets[row] : column.offsets[row + 1]].astype(np.int64)
        bordered = np.concatenate([[n - 1], inner, [n - 1]])
        pairs = bordered[:-1] * n + bordered[1:]
        np.add.at(counts, pairs, 1.0)
        holders[np.unique(pairs)] += 1
    return counts.reshape(n, n), holders.reshape(n, n)


def make_table(handles: pa.Array, names: pa.Array) -> NDArray[np.uint8]:
    """Turn counts into steps of 1/16 bit: -log2 of (count + 1) / (count of all pairs of the row + 38).

    Parameters
    ----------
    handles
        Handles of people, each once.
    names
        Listed names; together they weigh `SHARE_OF_NAMES`.

    Returns
    -------
    table
        uint8, shape (38, 38).
    """
    counts, holders = count_pairs(handles)
    counts[holders < LEAST_PEOPLE] = 0.0
    listed, _ = count_pairs(names)
    weight = SHARE_OF_NAMES / (1.0 - SHARE_OF_NAMES) * counts.sum() / listed.sum()
    counts += weight * listed
    chances = (counts + 1.0) / (counts.sum(axis=1, keepdims=True) + len(SYMBOLS))
    return np.rint(-np.log2(chances) * STEPS_PER_BIT).clip(0, 255).astype(np.uint8)


def to_csv(table: NDArray[np.uint8]) -> bytes:
    """Return the table as text: a line a symbol, a column a symbol that may follow it."""
    lines = [",".join(["before", *SYMBOLS])]
    lines += [",".join([symbol, *map(str, row)]) for symbol, row in zip(SYMBOLS, table.tolist(), strict=True)]
    return ("\n".join(lines) + "\n").encode("ascii")


def check(names: pa.Array) -> list[str]:
    """Return what a table of one half of the people says of the other half, of random handles and of the names."""
    handles = read_handles()
    rng = np.random.Generator(np.random.Philox(0))
    is_held_out = rng.random(len(handles)) < 0.5
    table = make_table(handles.filter(pa.array(~is_held_out)), names)
    held_out = handles.filter(pa.array(is_held_out))
    random = pa.array(["".join(SYMBOLS[code] for code in row) for row in rng.integers(0, 36, (1_000, 10))])
    lines = [f"{len(handles):,} people, {len(names):,} names; bits per pair, median (5 % to 95 %):"]
    for title, texts in (("people held out", held_out), ("listed names", names), ("random handles", random)):
        low, median, high = np.nanquantile(pair_surprise(TextColumn.from_arrow(texts), table), (0.05, 0.5, 0.95))
        lines.append(f"{title:18}{median:.2f} ({low:.2f} to {high:.2f})")
    is_current = TABLE.exists() and TABLE.read_bytes() == to_csv(make_table(handles, names))
    lines.append(f"{TABLE.name} is {'the table that these give' if is_current else 'another table: make it again'}")
    return lines


@click.command()
@click.option("--check", "is_check", is_flag=True, help="Print what the table is worth and write nothing.")
@click.option("--faker", "with_faker", is_flag=True, help="Add the Indonesian names of Faker.")
def main(is_check: bool, with_faker: bool) -> None:
    """Write the table of pairs."""
    if not DATA.exists():
        click.echo(f"skipped: {DATA} is not here; set BOTSCAN_DATA")
        return
    names = read_names(with_faker=with_faker)
    if is_check:
        click.echo("\n".join(check(names)))
    else:
        write_file(TABLE, to_csv(make_table(read_handles(), names)))


if __name__ == "__main__":
    main()
