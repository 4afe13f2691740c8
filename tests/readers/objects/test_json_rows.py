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
