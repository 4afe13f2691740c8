"""Seeds: one small invented file a format and kind, parsed once so that mutations need not parse it again."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "seeds"
#: What stands in every name, text, handle and id of a seed, and in no message, header or key.
CANARIES = ("zq", "90417", "kanari")


@dataclass(frozen=True)
class Seed:
    """One file.

    Attributes
    ----------
    name
        Of the file: ``<format>.<what it shows>.<ending>``.
    data
        Its bytes.
    values
        Of JSON: the bytes of each of its values.
    head
        Of a script: what stands before the value.
    rows
        Of a table or a list of lines: its cells.
    delimiter, encoding
        Of a table.
    """

    name: str
    data: bytes
    values: tuple[bytes, ...] = ()
    head: bytes = b""
    rows: tuple[tuple[str, ...], ...] = ()
    delimiter: str = ","
    encoding: str = "utf-8"

    @property
    def format(self) -> str:
        """Name of the format that the file is of."""
        return self.name.partition(".")[0]

    @property
    def ending(self) -> str:
        """Ending of the name, without the dot."""
        return self.name.rpartition(".")[2]


@cache
def all_seeds() -> tuple[Seed, ...]:
    """Read every seed, in the order of the names."""
    return tuple(_seed(path.name, path.read_bytes()) for path in sorted(FOLDER.iterdir()))


@cache
def seeds_of(name: str) -> tuple[Seed, ...]:
    """Return the seeds of a format."""
    return tuple(seed for seed in all_seeds() if seed.format == name)


def _seed(name: str, data: bytes) -> Seed:
    ending = name.rpartition(".")[2]
    if ending == "js":
        head, _, value = data.partition(b"=")
        return Seed(name, data, (value.strip(),), head=head + b"= ")
    if ending == "json":
        return Seed(name, data, (data.strip(),))
    if ending == "jsonl":
        return Seed(name, data, tuple(data.splitlines()))
    encoding = "utf-16" if data.startswith(b"\xff\xfe") else _eight_bits(data)
    text = data.decode(encoding)
    if ending == "txt":
        return Seed(name, data, rows=tuple((line,) for line in text.splitlines()), encoding=encoding)
    delimiter = max(",;\t", key=text.splitlines()[-1].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return Seed(name, data, rows=tuple(map(tuple, rows)), delimiter=delimiter, encoding=encoding)


def _eight_bits(data: bytes) -> str:
    try:
        data.decode()
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"
