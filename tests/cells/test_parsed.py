"""Any Arrow array in one piece; distinct texts read once."""

import numpy as np
import pyarrow as pa
import pytest

from botscan.cells.parsed import flatten, nothing_known, read_distinct, read_the_rest
from botscan.cells.texts import TextCell

PLAIN = ["a", None, "b", "a"]


@pytest.mark.parametrize(
    "array",
    [
        pa.array(PLAIN),
        pa.array(PLAIN, pa.large_string()),
        pa.array(PLAIN).cast(pa.string_view()),
        pa.array(PLAIN).dictionary_encode(),
        pa.array(["x", *PLAIN, "x"]).slice(1, 4),
        pa.chunked_array([["a", None], ["b"], ["a"]]),
        pa.chunked_array([pa.array(["a", None]).dictionary_encode(), pa.array(["b", "a"]).dictionary_encode()]),
        pa.DictionaryArray.from_arrays(pa.array([0, 1, 2, 0]), pa.array(["a", None, "b"])),
    ],
    ids=["string", "large", "view", "dictionary", "slice", "chunks", "dictionary chunks", "null in dictionary"],
)
def test_every_kind_of_text_becomes_one_array(array):
    flat = flatten(array)
    assert isinstance(flat, pa.Array)
    assert flat.type == pa.large_string()
    assert flat.to_pylist() == PLAIN


def test_numbers_stay_numbers():
    assert flatten(pa.chunked_array([[1], [2]])).equals(pa.array([1, 2]))
    assert flatten(pa.chunked_array([], pa.string())).type == pa.large_string()
    assert flatten(pa.array([1, 1]).dictionary_encode()).equals(pa.array([1, 1]))


def test_each_distinct_text_is_read_once():
    seen = []

    def read(text):
        seen.append(text)
        return TextCell(text.upper(), "shouted")

    texts = pa.array(["a", "b", "a", None, "c"], pa.large_string())
    parsed = read_the_rest(texts, np.array([False, False, False, False, True]), read)
    assert seen == ["a", "b"]
    assert parsed.values.to_pylist() == ["A", "B", "A", None, "c"]
    assert parsed.faults["shouted"].tolist() == [True, True, True, False, False]
    assert read_distinct(texts, np.zeros(5, dtype=bool), read)[0] == []


def test_nothing_known_has_no_fault_without_rows():
    assert nothing_known(2, pa.int64(), "x", np.zeros(2, dtype=bool)).faults == {}
