import numpy as np
import pyarrow as pa

from botscan.readers.raw import Piece, null_reasons, regroup, table_of, text_table


def piece(*cells, reasons=None, counts=None):
    n = len(cells)
    return Piece(
        text_table({"c": list(cells)}, n),
        null_reasons(n) if reasons is None else pa.array(reasons, pa.string()),
        np.arange(n),
        counts or {},
    )


def test_counts_are_given_once_and_never_lost():
    pieces = [piece("a", "b", counts={"x": 1}), piece("c"), piece("d", "e", "f", counts={"x": 2, "y": 1})]
    batches = list(regroup(pieces, 2))
    assert [batch.table["c"].to_pylist() for batch in batches] == [["a", "b"], ["c", "d"], ["e", "f"]]
    assert [dict(batch.counts) for batch in batches] == [{"x": 1}, {"x": 2, "y": 1}, {}]
    assert list(regroup([], 2)) == []


def test_reasons_are_none_where_all_is_fine():
    batches = list(regroup([piece("a", None, reasons=[None, "bad_json"]), piece("b", "c")], 2))
    assert [None if batch.reasons is None else batch.reasons.to_pylist() for batch in batches] == [
        [None, "bad_json"],
        None,
    ]
    assert batches[1].row_numbers.tolist() == [3, 4]


def test_a_table_without_columns_keeps_its_rows():
    assert table_of({}, 3).num_rows == 3
