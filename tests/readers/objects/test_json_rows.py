from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.readers.objects.json_rows import JsonRows


def all_keys(records):
    return {
        key: [record.get(key) for record in records]
        for key in dict.fromkeys(key for record in records for key in record)
    }


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.dictionaries(st.sampled_from("abc"), st.integers()) | st.just(None) | st.just("bad_json"), max_size=20),
    st.integers(1, 7),
    st.integers(1, 3),
)
def test_rows_come_out_as_they_went_in(items, take, repeat):
    items = items * repeat * 20  # more than are kept as objects
    rows = JsonRows(all_keys)
    out = []

    def drain(n):
        part = rows.take(n)
        reasons = [None] * len(part) if part.reasons is None else part.reasons.to_pylist()
        for at in range(len(part)):
            record = {name: values[at] for name, values in part.columns.items() if values[at] is not None}
            out.append((record, part.lines[at], reasons[at]))

    for line, item in enumerate(items):
        if isinstance(item, str):
            rows.reject(item, line)
        else:
            rows.add(item, line)
        if len(rows) > 100:
            drain(take)
    while len(rows):
        drain(take * 50)
    expected = [
        (item, line, None) if isinstance(item, dict) else ({}, line, item or "not_an_object")
        for line, item in enumerate(items)
    ]
    assert out == expected


def test_columns_stand_in_the_order_of_their_first_place():
    rows = JsonRows(all_keys)
    for at in range(300):
        rows.add({"g": 1, "a": 2} if at < 150 else {"f": 1, "e": 2, "a": 3, "d": 4, "c": 5, "b": 6}, at)
    assert list(rows.columns) == ["g", "a", "f", "e", "d", "c", "b"]


def test_what_stands_in_one_line_keeps_it_and_what_is_no_object_is_rejected():
    rows = JsonRows(all_keys)
    rows.add_all([{"a": 1}, {"a": 2}], 4)
    rows.add_all([{"a": 3}, 7, None], 5)
    rows.add_all([], 6)
    rows.add_all([True], 7)
    assert (rows.columns, rows.lines) == ({"a": [1, 2, 3, None, None, None]}, [4, 4, 5, 5, 5, 7])
    assert rows.reasons.to_pylist() == [None, None, None, *["not_an_object"] * 3]
