"""Changes of tables by their cells, and the ways in which cells may be put into a file."""

from __future__ import annotations

from random import Random

from botscan.readers.words.synonyms import ACCOUNT_SYNONYMS, POST_SYNONYMS, SERIES_SYNONYMS

from .hostile import hostile_text
from .seeds import Seed, all_seeds

_WORDS = tuple(
    dict.fromkeys(
        word
        for synonyms in (ACCOUNT_SYNONYMS, POST_SYNONYMS, SERIES_SYNONYMS)
        for column, words in synonyms.items()
        for word in (column, *words)
    )
)
_DELIMITERS = (",", ";", "\t", "|", " ", ":", "", "\0")
_ENDS = ("\n", "\r\n", "\r", "\n\n", "\n\r", "\u2028", "\x85", "\v")
_ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-7", "utf-8")

Rows = list[list[str]]


def change_table(rng: Random, seed: Seed) -> bytes:
    """Return the text of a seed of cells after some changes."""
    rows = [list(row) for row in seed.rows]
    if rng.random() < 0.2:
        rows += [list(rng.choice(seed.rows[1:] or seed.rows)) for _ in range(rng.choice((3, 12, 40)))]
    for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 5, 8))):
        _CHANGES[int(rng.random() * len(_CHANGES))](rng, rows, seed)
    return _written(rng, rows, seed)


def _cell(rng: Random, rows: Rows, _: Seed) -> None:
    row = _row(rng, rows)
    if row:
        row[int(rng.random() * len(row))] = hostile_text(rng)


def _row(rng: Random, rows: Rows) -> list[str]:
    return rows[int(rng.random() * len(rows))] if rows else []


def _column(rng: Random, rows: Rows, _: Seed) -> None:
    """Put values into every cell of a column."""
    if rows and rows[0]:
        at = int(rng.random() * len(rows[0]))
        texts = (hostile_text(rng), hostile_text(rng))
        for row in rows[1:]:
            if at < len(row):
                row[at] = rng.choice(texts)


def _header(rng: Random, rows: Rows, _: Seed) -> None:
    if rows and rows[0]:
        at = int(rng.random() * len(rows[0]))
        word = rows[0][at]
        words = ("", word.upper(), f" {word} ", word.replace("_", " "), rng.choice(_WORDS), rng.choice(rows[0]))
        rows[0][at] = rng.choice(words)


def _add_column(rng: Random, rows: Rows, _: Seed) -> None:
    at = int(rng.random() * 8)
    word = rng.choice(_WORDS)
    for place, row in enumerate(rows):
        row.insert(at, hostile_text(rng) if place else word)


def _drop_column(rng: Random, rows: Rows, _: Seed) -> None:
    if rows and rows[0]:
        at = int(rng.random() * len(rows[0]))
        for row in rows:
            del row[at : at + 1]


def _ragged(rng: Random, rows: Rows, _: Seed) -> None:
    row = _row(rng, rows)
    change = rng.random()
    if change < 0.4:
        row.append(hostile_text(rng))
    elif change < 0.8:
        del row[-1:]
    elif change < 0.9:
        row.extend([""] * rng.choice((1, 5, 200)))
    else:
        row.clear()


def _rows(rng: Random, rows: Rows, _: Seed) -> None:
    """Repeat, drop or move a row."""
    if not rows:
        return
    at, to = int(rng.random() * len(rows)), int(rng.random() * len(rows))
    change = rng.random()
    if change < 0.3:
        rows.insert(to, list(rows[at]))
    elif change < 0.6:
        del rows[at]
    else:
        rows[at], rows[to] = rows[to], rows[at]


def _title(rng: Random, rows: Rows, _: Seed) -> None:
    rows.insert(0, [rng.choice(("Zqjudul", "", "Daftar zq", "1", "a,b", '"'))])


def _from_elsewhere(rng: Random, rows: Rows, _: Seed) -> None:
    other = rng.choice(all_seeds())
    if other.rows:
        rows.extend(map(list, other.rows[:5]))


_CHANGES = (
    _cell, _cell, _cell, _cell, _cell, _column, _column, _header, _header, _add_column, _add_column, _drop_column,
    _ragged, _ragged, _rows, _title, _from_elsewhere,
)  # fmt: skip


def _written(rng: Random, rows: Rows, seed: Seed) -> bytes:
    delimiter, end, encoding = seed.delimiter, "\n", seed.encoding
    if rng.random() < 0.2:
        delimiter = rng.choice(_DELIMITERS[:4] if rng.random() < 0.7 else _DELIMITERS)
    if rng.random() < 0.15:
        end = rng.choice(_ENDS)
    if rng.random() < 0.1:
        encoding = rng.choice(_ENCODINGS)
    quoting = rng.random()
    if seed.ending == "txt":
        lines = ["".join(row) for row in rows]
    elif quoting < 0.7:
        lines = [delimiter.join(_quoted(cell, delimiter) for cell in row) for row in rows]
    elif quoting < 0.9:
        lines = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    else:
        lines = [delimiter.join(row) for row in rows]
    text = end.join(lines) + ("" if rng.random() < 0.2 else end)
    try:
        return text.encode(encoding, "surrogatepass" if encoding.startswith("utf-") else "replace")
    except UnicodeError:
        return text.encode("utf-8", "replace")


def _quoted(cell: str, delimiter: str) -> str:
    if '"' in cell or "\n" in cell or "\r" in cell or (delimiter and delimiter in cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell
