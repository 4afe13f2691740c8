import numpy as np
import pyarrow as pa
import pytest

from botscan.readers.raw import Piece, RawBatch, join_small, null_reasons, regroup, table_of, text_table


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


def batch(columns, first_row, *, reasons=None, lines=None, **options):
    n = len(next(iter(columns.values()), [])) or options.pop("n", 0)
    arrays = {name: cells if isinstance(cells, pa.Array) else pa.array(cells) for name, cells in columns.items()}
    reasons = None if reasons is None else pa.array(reasons, pa.string())
    lines = None if lines is None else np.array(lines, np.int64)
    return RawBatch(table_of(arrays, n), first_row, reasons, lines, **options)


def test_joined_batches_lose_nothing():
    first = batch({"a": ["x", "y"]}, 1, lines=[1, 2], counts={"c": 1}, faults={("a", "f"): 1}, newest_first=True)
    second = batch({"b": [7]}, 3, reasons=["bad_json"], lines=[1], counts={"c": 2, "d": 1}, newest_first=True)
    third = batch({"b": [None], "a": ["z"]}, 4, lines=[9], faults={("a", "f"): 2, ("b", "f"): 1})
    (joined,) = join_small([first, second, third], 4)
    assert joined.table.to_pydict() == {"a": ["x", "y", None, "z"], "b": [None, None, 7, None]}
    assert joined.table["a"].num_chunks == 1
    assert (joined.first_row, joined.lines.tolist()) == (1, [1, 2, 1, 9])
    assert joined.reasons.to_pylist() == [None, None, "bad_json", None]
    assert (joined.counts, joined.faults) == ({"c": 3, "d": 1}, {("a", "f"): 3, ("b", "f"): 1})
    assert not joined.newest_first
    (joined,) = join_small([first, second], 4)
    assert joined.newest_first


def test_full_batches_are_given_as_they_are_and_at_once():
    made = []

    def batches():
        for row in (1, 3, 5):
            made.append(row)
            yield batch({"a": ["x", "y"]}, row)

    one = next(join_small(batches(), 2))
    assert made == [1]
    assert (one.first_row, len(one), one.reasons, one.lines) == (1, 2, None, None)


@pytest.mark.parametrize(
    ("batches", "sizes"),
    [
        ([batch({"a": ["x"]}, 1), batch({"a": [5]}, 2), batch({"a": [6]}, 3)], [1, 2]),
        ([batch({"a": ["x"]}, 1), batch({"a": [None]}, 2), batch({"a": [6]}, 3)], [2, 1]),
        ([batch({"a": ["x"]}, 1), batch({"a": ["y"]}, 2, lines=[4])], [1, 1]),
        ([batch({"a": ["x"]}, 1), batch({"a": ["y", "z"]}, 2), batch({"a": ["w"]}, 4)], [3, 1]),
        ([batch({"a": ["x", "u"]}, 1), batch({"a": ["y", "z"]}, 3), batch({"a": ["w"]}, 5)], [2, 3]),
        ([batch({"a": ["x"]}, 1), batch({"a": ["y"] * 9}, 2), batch({"a": ["w"]}, 11)], [1, 9, 1]),
        ([batch({}, 1, n=2), batch({}, 3, n=1)], [3]),
        ([batch({}, 1, n=2), batch({"a": ["x"]}, 3)], [3]),
        ([batch({}, 1, counts={"c": 1}), batch({"a": ["x"]}, 1)], [1]),
        ([], []),
    ],
    ids=["types", "nulls", "lines", "full", "not cut", "large", "no columns", "columns later", "only counts", "none"],
)
def test_batches_that_do_not_fit_stay_apart(batches, sizes):
    joined = list(join_small(batches, 3))
    assert [len(one) for one in joined] == sizes
    cells = [row.get("a") for one in batches for row in one.table.to_pylist()]
    assert [row.get("a") for one in joined for row in one.table.to_pylist()] == cells
