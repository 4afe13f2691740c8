import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.cells.values import cells_from_values
from botscan.readers.objects.json_cells import json_cells


def as_text(array):
    if pa.types.is_boolean(array.type):
        return [None if value is None else str(value).lower() for value in array.to_pylist()]
    return array.cast(pa.large_string()).to_pylist()


_VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just([1]) | st.just({})


@settings(deadline=None, max_examples=100)
@given(
    st.lists(_VALUES, max_size=6),
    st.sampled_from(["id", "handle", "text", "word", "instant", "count", "flag", "ratio"]),
)
def test_the_short_way_says_what_the_long_way_says(values, kind):
    cells = json_cells(values, kind)
    if all(value is None for value in values):
        assert cells is None
        return
    parsed = cells_from_values(values, kind)
    assert as_text(cells[0]) == parsed.values.to_pylist()
    assert cells[1] == {code: int(rows.sum()) for code, rows in parsed.faults.items()}


@pytest.mark.parametrize(
    ("values", "kind", "arrow_type"),
    [([1, None], "count", pa.int64()), ([True], "flag", pa.bool_()), (["a"], "id", pa.large_string())],
)
def test_plain_columns_stay_typed(values, kind, arrow_type):
    assert json_cells(values, kind)[0].type == arrow_type


def test_what_does_not_fit_the_short_way():
    assert json_cells([2**63, None], "count")[0].to_pylist() == [str(2**63), None]
    cells, faults = json_cells(["a\ud800"], "text")
    assert (cells.to_pylist(), faults) == (["a\ufffd"], {"text_repaired": 1})
