"""Writers of score tables: Parquet, CSV and JSON Lines, batch by batch into one open file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import IO, Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.errors import OutputError
from botscan.evidence.scores import SCORE_SCHEMA
from botscan.wording import csv_line

#: Columns of the output: those of Scores with plain texts, and why a record is no account.
OUTPUT_SCHEMA = pa.schema(
    [
        *(
            field.with_type(
                pa.list_(pa.string())
                if pa.types.is_list(field.type)
                else pa.string()
                if pa.types.is_dictionary(field.type)
                else field.type
            )
            for field in SCORE_SCHEMA
        ),
        pa.field("reject_reason", pa.string()),
    ]
)

# What needs no quotes and no escape: an id of letters, digits and a few signs that does not begin a formula.
_PLAIN_CSV = r"^[0-9A-Za-z_][0-9A-Za-z_.:-]*$"
_PLAIN_JSON = r"^[ !#-\[\]-~]*$"


class Writer(Protocol):
    """Something that takes tables in `OUTPUT_SCHEMA`."""

    def write(self, table: pa.Table) -> None:
        """Append one batch."""

    def close(self) -> None:
        """Write what belongs at the end; the file stays open."""


class ParquetOutput:
    """Parquet with the model and the schema version in the metadata of the file."""

    def __init__(self, file: IO[bytes], metadata: Mapping[str, str]) -> None:
        import pyarrow.parquet as pq

        self._writer = pq.ParquetWriter(file, OUTPUT_SCHEMA.with_metadata(dict(metadata)), compression="zstd")

    def write(self, table: pa.Table) -> None:
        """Append one batch as a row group."""
        self._writer.write_table(table.replace_schema_metadata(self._writer.schema.metadata))

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()


class CsvOutput:
    """CSV that a spreadsheet may open: text cells that look like formulas carry an apostrophe."""

    def __init__(self, file: IO[bytes], metadata: Mapping[str, str]) -> None:
        del metadata  # a CSV file has no place for it; the histogram beside it carries the model
        self._file = file
        file.write(csv_line(OUTPUT_SCHEMA.names).encode())

    def write(self, table: pa.Table) -> None:
        """Append one line a record."""
        cells = [
            pc.fill_null(_quoted(table[name], _PLAIN_CSV, _csv_cell) if name == "account_id" else _texts(column), "")
            for name, column in zip(table.column_names, table.columns, strict=True)
        ]
        _write_lines(self._file, pc.binary_join_element_wise(*cells, _text(",")))

    def close(self) -> None:
        """Nothing belongs at the end."""


class JsonLinesOutput:
    """JSON Lines: one strict object a record, ASCII only."""

    def __init__(self, file: IO[bytes], metadata: Mapping[str, str]) -> None:
        del metadata
        self._file = file

    def write(self, table: pa.Table) -> None:
        """Append one line a record."""
        pieces = []
        for name, column in zip(table.column_names, table.columns, strict=True):
            value = _quoted(column, _PLAIN_JSON, json.dumps, '"') if name == "account_id" else _json_values(column)
            pieces.append(pc.binary_join_element_wise(_text(f'"{name}": '), pc.fill_null(value, "null"), _text("")))
        joined = pc.binary_join_element_wise(*pieces, _text(", "))
        _write_lines(self._file, pc.binary_join_element_wise(_text("{"), joined, _text("}"), _text("")))

    def close(self) -> None:
        """Nothing belongs at the end."""


#: Makes a writer from an open file and the metadata of the output.
MakeWriter = Callable[[IO[bytes], Mapping[str, str]], Writer]

#: Extension of the output file -> writer.
OUTPUT_KINDS: Mapping[str, MakeWriter] = {
    ".parquet": ParquetOutput,
    ".csv": CsvOutput,
    ".jsonl": JsonLinesOutput,
}


def choose_writer(path: str) -> MakeWriter:
    """Choose the writer by the extension of the output, or raise OutputError with the list."""
    writer = OUTPUT_KINDS.get(PurePath(path).suffix.lower())
    if writer is None:
        raise OutputError(
            f"The name of the output must end in one of {', '.join(OUTPUT_KINDS)}.",
            source=path,
            remedy="Add one of these endings.",
        )
    return writer


def output_table(scores: pa.Table, reject_reasons: pa.Array) -> pa.Table:
    """Put scores (in `SCORE_SCHEMA`) and reject reasons of one batch together in `OUTPUT_SCHEMA`."""
    columns = [*scores.columns, reject_reasons]
    return pa.table(
        [pc.cast(column, field.type) for column, field in zip(columns, OUTPUT_SCHEMA, strict=True)],
        schema=OUTPUT_SCHEMA,
    )


def _text(value: str) -> pa.Scalar:
    return pa.scalar(value, pa.large_string())


def _texts(column: pa.ChunkedArray) -> pa.Array:
    """Write numbers, flags, codes and lists of codes as text; codes are ours and need no quotes."""
    if pa.types.is_list(column.type):
        column = pc.binary_join(column, " ")
    return pc.cast(column, pa.large_string())


def _json_values(column: pa.ChunkedArray) -> pa.Array:
    """Write numbers, flags, codes and lists of codes as JSON."""
    if pa.types.is_list(column.type):
        inner = pc.cast(pc.binary_join(column, '", "'), pa.large_string())
        full = pc.binary_join_element_wise(_text('["'), inner, _text('"]'), _text(""))
        return pc.if_else(pc.equal(inner, ""), _text("[]"), full)
    if pa.types.is_string(column.type):
        return pc.binary_join_element_wise(_text('"'), pc.cast(column, pa.large_string()), _text('"'), _text(""))
    return pc.cast(column, pa.large_string())


def _quoted(column: pa.ChunkedArray, plain: str, quote: Callable[[str], str], around: str = "") -> pa.Array:
    """Put plain texts between `around`, and every other text through `quote`."""
    texts = pc.cast(column, pa.large_string()).combine_chunks()
    shown = pc.binary_join_element_wise(_text(around), texts, _text(around), _text(""))
    odd = np.flatnonzero(~pc.fill_null(pc.match_substring_regex(texts, plain), True).to_numpy(zero_copy_only=False))
    if len(odd) == 0:
        return shown
    replaced: list[Any] = shown.to_pylist()
    for row in odd:
        replaced[row] = quote(texts[int(row)].as_py())
    return pa.array(replaced, pa.large_string())


def _csv_cell(text: str) -> str:
    return csv_line([text])[:-1]


def _write_lines(file: IO[bytes], lines: pa.ChunkedArray | pa.Array) -> None:
    """Write texts as lines, without a Python object a line."""
    chunks = lines.chunks if isinstance(lines, pa.ChunkedArray) else [lines]
    for chunk in chunks:
        ended = pc.binary_join_element_wise(chunk, _text("\n"), _text(""))
        _, offsets, data = ended.buffers()
        if data is not None:
            ends = np.frombuffer(offsets, dtype=np.int64)[ended.offset : ended.offset + len(ended) + 1]
            file.write(memoryview(data)[int(ends[0]) : int(ends[-1])])
