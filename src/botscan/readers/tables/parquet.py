"""Parquet: only the columns that are needed, batch by batch, cells typed as the file has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from botscan.errors import FormatError
from botscan.readers.containers.expand import seekable
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits, Source
from botscan.readers.raw import BATCH_ROWS, RawBatch, table_of

#: Bytes of a column that are read at a time.
_BUFFER_BYTES = 1 << 18


class ParquetReader:
    """One Parquet source, read as often as wanted; close it when done.

    Raises
    ------
    FormatError
        The file is damaged.
    """

    def __init__(self, source: Source, *, limits: Limits = DEFAULT_LIMITS) -> None:
        self._source = source
        self._n_repaired = 0
        self._file = seekable(source, limits=limits)
        try:
            # Without these two the whole file, or a whole column of a row group, would be held as it is read.
            self._parquet = pq.ParquetFile(
                pa.PythonFile(self._file, mode="r"), pre_buffer=False, buffer_size=_BUFFER_BYTES
            )
            self._schema = self._parquet.schema_arrow
        except (pa.ArrowException, OSError, ValueError) as error:
            self._file.close()
            raise self._damaged(error) from error

    @property
    def headers(self) -> list[str]:
        """Names of the columns."""
        return list(self._schema.names)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _type_of(self, name: str) -> pa.DataType:
        """Return the type of a column; of several that share a name the first counts."""
        return self._schema.types[self._schema.names.index(name)]

    def unreadable(self, names: Sequence[str]) -> list[str]:
        """Return the columns whose type holds no cells, such as lists and structures."""
        return [name for name in names if not _is_readable(self._type_of(name))]

    def batches(self, wanted: Sequence[str], batch_rows: int = BATCH_ROWS) -> Iterator[RawBatch]:
        """Yield all rows, `batch_rows` at a time; a column that holds no cells is null."""
        readable = [name for name in wanted if _is_readable(self._type_of(name))]
        next_row = 1
        waiting: list[pa.Table] = []
        n_waiting = 0
        try:
            for batch in self._parquet.iter_batches(batch_size=batch_rows, columns=readable, use_threads=False):
                table = _with_all(batch, wanted)
                if not _is_valid(table):
                    table, n_repaired = _repaired(table)
                    self._n_repaired += n_repaired
                waiting.append(table)
                n_waiting += batch.num_rows
                # Batches end where row groups end; join them so that sizes do not depend on the writer.
                while n_waiting >= batch_rows:
                    joined = pa.concat_tables(waiting)
                    yield RawBatch(joined.slice(0, batch_rows), next_row, counts=self._take_counts())
                    next_row += batch_rows
                    n_waiting -= batch_rows
                    waiting = [joined.slice(batch_rows)] if n_waiting else []
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._damaged(error) from error
        if n_waiting:
            yield RawBatch(pa.concat_tables(waiting), next_row, counts=self._take_counts())

    def _take_counts(self) -> dict[str, int]:
        counts = {"text_repaired": self._n_repaired} if self._n_repaired else {}
        self._n_repaired = 0
        return counts

    def _damaged(self, error: Exception) -> FormatError:
        return FormatError(
            f"The Parquet file is damaged or of an unknown kind ({type(error).__name__}).",
            source=self._source.name,
            remedy="Write or fetch it again.",
        )


def _is_readable(arrow_type: pa.DataType) -> bool:
    inner = arrow_type.value_type if pa.types.is_dictionary(arrow_type) else arrow_type
    return bool(
        pa.types.is_string(inner)
        or pa.types.is_large_string(inner)
        or pa.types.is_string_view(inner)
        or pa.types.is_binary(inner)
        or pa.types.is_large_binary(inner)
        or pa.types.is_integer(inner)
        or pa.types.is_floating(inner)
        or pa.types.is_decimal(inner)
        or pa.types.is_boolean(inner)
        or pa.types.is_timestamp(inner)
        or pa.types.is_date(inner)
        or pa.types.is_null(inner)
    )


def _with_all(batch: pa.RecordBatch, wanted: Sequence[str]) -> pa.Table:
    """Return the wanted columns, all text as large_string, those that hold no cells as nulls."""
    arrays = {
        name: _plain(batch.column(batch.schema.names.index(name)))
        if name in batch.schema.names
        else pa.nulls(batch.num_rows)
        for name in wanted
    }
    return table_of(arrays, batch.num_rows)


def _plain(array: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type):
        # Many writers leave text as bytes. Whether it is UTF-8 is looked at afterwards, as with any text.
        return array.cast(pa.large_binary()).view(pa.large_string())
    is_text = pa.types.is_string(array.type) or pa.types.is_string_view(array.type)
    return array.cast(pa.large_string()) if is_text else array


def _is_valid(table: pa.Table) -> bool:
    """Whether every text is UTF-8, as the format promises and not every writer keeps."""
    try:
        table.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _repaired(table: pa.Table) -> tuple[pa.Table, int]:
    """Replace bytes that are not UTF-8 by U+FFFD; count the rows."""
    rows = np.zeros(table.num_rows, dtype=np.bool_)
    arrays = {}
    for name in table.column_names:
        array = table[name].combine_chunks()
        if pa.types.is_large_string(array.type):
            raw = array.cast(pa.large_binary()).to_pylist()
            texts = [None if cell is None else cell.decode("utf-8", "replace") for cell in raw]
            rows |= np.array(
                [text is not None and text.encode() != cell for text, cell in zip(texts, raw, strict=True)]
            )
            array = pa.array(texts, pa.large_string())
        arrays[name] = array
    repaired = table_of(arrays, table.num_rows)
    repaired.validate(full=True)
    return repaired, int(rows.sum())
