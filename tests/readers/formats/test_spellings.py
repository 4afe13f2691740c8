import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.formats.spellings import (
    counts,
    filled,
    first_filled,
    is_blank,
    is_id,
    is_zero,
    names_of,
    renamed,
    squeezed,
)

NAMES = names_of({"full_name": ["real name"]})
OTHER_NAMES = names_of({"name": ["full name"]})
VALUES = st.none() | st.sampled_from(["", " \t", "\u2003", "a"]) | st.booleans() | st.integers() | st.just([])
KEYS = st.sampled_from(["full_name", "fullName", "real name", "name", "x"]) | st.text(max_size=3)


@pytest.mark.parametrize("key", ["full_name", "fullName", "FULL NAME", "Full-Name", "fullname", "realName"])
def test_every_spelling_has_one_name(key):
    assert renamed({key: 1}, NAMES) == {"full_name": 1}


def test_the_first_value_that_is_there_holds_and_empty_stays_empty():
    assert renamed({"fullName": None, "full_name": "a", "real_name": "b"}, NAMES) == {"full_name": "a"}
    assert renamed({"fullName": "", "full_name": None}, NAMES) == {"full_name": ""}
    assert renamed({"x" * 1_000: 1}, NAMES) == {"x" * 1_000: 1}


def test_values_that_are_none():
    taken = counts(filled("a"), filled("b"))(
        [{"a": True, "b": 3}, {"a": -1}, {"a": [], "b": "1,234"}, {"a": 0, "b": 9}]
    )
    assert taken == [3, None, "1,234", 0]
    assert [is_id(value) for value in ("07", 7, " ", None, False, {})] == [True, True, False, False, False, False]
    assert [is_zero(value) for value in (0, " 0 ", "00", None, "")] == [True, True, False, False, False]


@pytest.mark.parametrize("names", [NAMES, OTHER_NAMES])
@given(st.dictionaries(KEYS, VALUES, max_size=6), st.sampled_from([0, 5_000]))
def test_names_are_the_same_whether_keys_were_seen_before_or_not(names, record, n_more):
    record |= {"y" * n_more: 1} if n_more else {}
    expected = {}
    for key, value in record.items():
        name = names.get(key) or names.get(squeezed(key), key)
        if name not in expected or (is_blank(expected[name]) and not is_blank(value)):
            expected[name] = value
    for _ in range(2):
        found = renamed(record, names)
        assert list(found.items()) == list(expected.items())
        assert found is not record


@given(st.lists(st.dictionaries(st.sampled_from("abc"), VALUES), max_size=5))
def test_columns_are_filled_as_single_records_are(records):
    for keys in ("a", "ab", "abc"):
        expected = [next((one[key] for key in keys if not is_blank(one.get(key))), None) for one in records]
        assert filled(*keys)(records) == expected
        assert [first_filled(one, *keys) for one in records] == expected
