from hypothesis import given
from hypothesis import strategies as st

from botscan.readers.format import Format, RecordMap, at, changed, first_of, objects_of, opposite

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=10,
)


def test_a_path_ends_where_the_value_is_of_another_type():
    records = [{"a": [{"b": 0}]}, {"a": [5]}, {"a": {"0": 1}}, {"a": []}, {"a": "text"}, {}]
    assert at("a", 0, "b")(records) == [0, None, None, None, None, None]
    assert at("a")([{"a": False}, {"a": ""}, {"a": None}]) == [False, "", None]


def test_the_first_value_that_is_there_counts_and_zero_is_one():
    assert first_of(at("a"), at("b"))([{"a": 0, "b": 1}, {"a": None, "b": ""}, {"a": "", "b": 1}, {}]) == [
        0,
        "",
        "",
        None,
    ]


def test_only_what_is_there_is_changed_and_only_flags_have_an_opposite():
    assert changed(at("a"), str)([{"a": 0}, {}]) == ["0", None]
    assert list(map(opposite, (True, False, 1, 0, "true", None, []))) == [False, True, *[None] * 5]


def test_objects_stand_in_the_first_list_or_are_the_values_themselves():
    values = [{"users": [{"a": 1}, None, [2]], "data": [{"b": 1}]}, {"users": 5, "c": 1}, {"data": []}]
    assert objects_of(values, "users", "data") == [{"a": 1}, {"users": 5, "c": 1}]


def test_a_format_gives_the_map_of_each_kind():
    accounts, posts = RecordMap(list_keys=("a",)), RecordMap(list_keys=("b",))
    form = Format("x", "an x", accounts=accounts, posts=posts)
    assert form.record_map("accounts") is accounts
    assert form.record_map("posts") is posts
    assert form.record_map("series") is None
    assert accounts.unpack({"anything": 1}) is None


@given(st.lists(st.dictionaries(st.sampled_from("abc"), json_values, max_size=3), max_size=4))
def test_any_objects_give_one_value_each(records):
    for take in (at("a", "b", 0), first_of(at("a", 0), at("b"), at("c", "a")), changed(at("a"), opposite)):
        assert len(take(records)) == len(records)
    assert all(isinstance(one, dict) for one in objects_of(records, "a", "b"))
