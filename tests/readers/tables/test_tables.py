import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import FormatError
from botscan.readers.containers.encodings import TextBlock
from botscan.readers.containers.files import Limits
from botscan.readers.raw import regroup
from botscan.readers.tables.tables import TableLayout, read_table

_LIMITS = Limits(record_bytes=200)


def rows_of(data, *, size=None, allow_fast=True, cut=False, limits=_LIMITS, n_columns=3, delimiter=","):
    """Cells, reasons and lines of every record, whatever way they came."""
    size = size or max(len(data), 1)
    blocks = [TextBlock(data[at : at + size]) for at in range(0, len(data), size)]
    layout = TableLayout("made.csv", delimiter, n_columns, tuple((f"c{at}", at) for at in range(n_columns)))
    pieces = list(read_table(blocks, layout, is_cut=lambda: cut, limits=limits, allow_fast=allow_fast))
    rows = []
    for piece in pieces:
        columns = [piece.table[name].to_pylist() for name in piece.table.column_names]
        rows += zip(zip(*columns, strict=True), piece.reasons.to_pylist(), piece.lines.tolist(), strict=True)
    return rows


_CELLS = st.text(st.sampled_from('ab ",\n\r☕\0'), max_size=6)
_TABLES = st.lists(st.tuples(_CELLS, _CELLS, _CELLS), max_size=8)
_JUNK = st.lists(
    st.sampled_from(
        [b"a", b'"', b",", b"\n", b"\r\n", b"\r", b" ", b'""', b"x,y,z\n", b'"p","q","r"\n', b"\xef\xbb\xbf"]
    ),
    max_size=25,
).map(b"".join)


@settings(deadline=None, max_examples=100)
@given(_TABLES, st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 40))
def test_an_independent_writer_is_read_back_in_every_way(table, line_end, size):
    file = io.StringIO()
    for row in [("x", "y", "z"), *table]:
        # The csv module leaves CR or LF without quotes when lines end with the other.
        quoting = csv.QUOTE_ALL if any(char in cell for cell in row for char in "\r\n") else csv.QUOTE_MINIMAL
        csv.writer(file, lineterminator=line_end, quoting=quoting).writerow(row)
    data = file.getvalue().encode()
    whole = rows_of(data)
    assert [cells for cells, _, _ in whole] == table
    if not data.count(b"\r"):  # a block never ends between CR and LF: encodings.py
        assert rows_of(data, size=size) == whole
    assert rows_of(data, allow_fast=False) == whole


@settings(deadline=None, max_examples=100)
@given(_JUNK, st.booleans())
def test_the_fast_way_agrees_with_the_exact_one(junk, in_middle):
    good = b'1,"two, 2",3\n' * 3
    data = b"x,y,z\n" + (good + junk + b"\n" + good if in_middle else junk)
    results = []
    for allow_fast in (True, False):
        try:
            results.append(rows_of(data, allow_fast=allow_fast))
        except FormatError as error:
            results.append(str(error))
    assert results[0] == results[1]


def test_rows_with_a_wrong_number_of_cells_are_rejected_alone():
    data = b"x,y,z\n1,2,3\n1,2\n\n4,5,6,,,\n1,2,3,4\n   \n7,8,9\n"
    assert rows_of(data) == [
        (("1", "2", "3"), None, 2),
        ((None, None, None), "wrong_cell_count", 3),
        (("4", "5", "6"), None, 5),
        ((None, None, None), "wrong_cell_count", 6),
        (("7", "8", "9"), None, 8),
    ]


def test_a_last_line_without_a_line_end_counts():
    assert rows_of(b"x,y,z\n1,2,3") == [(("1", "2", "3"), None, 2)]
    assert rows_of(b"x,y,z\n1,2")[0][1] == "wrong_cell_count"
    assert rows_of(b"x,y,z") == []


def test_the_last_record_of_cut_data_is_truncated():
    assert [reason for _, reason, _ in rows_of(b"x,y,z\n1,2,3\n4,5,6", cut=True)] == [None, "truncated"]
    assert [reason for _, reason, _ in rows_of(b'x,y,z\n1,2,3\n4,"5', cut=True)] == [None, "truncated"]
    assert [reason for _, reason, _ in rows_of(b"x,y,z\n1,2,3\n", cut=True)] == [None]


@pytest.mark.parametrize("size", [3, None])
def test_an_open_quote_names_the_line_where_it_opened(size):
    with pytest.raises(FormatError, match=r"made\.csv: The quote \(\"\) that opens in line 4 is never closed"):
        rows_of(b'x,y,z\n1,"a\nb",3\n"open,2,3\n4,5,6\n', size=size)


@pytest.mark.parametrize("size", [7, 64, 500])
def test_a_record_that_is_too_long_is_skipped_and_the_rest_lives(size):
    long = b'1,"' + b'x""y\n,' * 100 + b'",3\n'
    data = b"x,y,z\n1,2,3\n" + long + b"4,5,6\n"
    expected = [(("1", "2", "3"), None, 2), ((None, None, None), "too_long", 3), (("4", "5", "6"), None, 104)]
    assert rows_of(data, size=size) == expected
    assert rows_of(data[: -len(b'",3\n4,5,6\n')], size=size)[-1] == ((None, None, None), "too_long", 3)


def test_repairs_are_counted_by_row():
    data = b"x,y,z\n1,2,3\n\xef\xbf\xbd,\xef\xbf\xbd,3\n4,5,\xef\xbf\xbd\n"
    repairs = (12, 16, 26)
    for allow_fast in (True, False):
        layout = TableLayout("made.csv", ",", 3, (("c0", 0),))
        pieces = list(read_table([TextBlock(data, repairs)], layout, allow_fast=allow_fast))
        assert sum(piece.counts["text_repaired"] for piece in pieces) == 2


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 30), st.integers(1, 9), st.integers(1, 40))
def test_batches_have_the_size_asked_for(n, batch_rows, size):
    data = b"x,y,z\n" + b"".join(b"%d,2,3\n" % at for at in range(n))
    blocks = [TextBlock(data[at : at + size]) for at in range(0, len(data), size)]
    layout = TableLayout("made.csv", ",", 3, (("c0", 0),))
    batches = list(regroup(read_table(blocks, layout), batch_rows))
    assert [len(batch) for batch in batches] == [batch_rows] * (n // batch_rows) + [n % batch_rows] * (
        n % batch_rows > 0
    )
    assert [number for batch in batches for number in batch.row_numbers] == list(range(1, n + 1))
    assert [cell for batch in batches for cell in batch.table["c0"].to_pylist()] == [str(at) for at in range(n)]
